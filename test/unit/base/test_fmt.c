#include "kz_test.h"

#include "base/fmt.h"

#include <math.h>

#define MINUS "\xE2\x88\x92"
#define NBSP "\xC2\xA0"

static void writes_counts_with_points(void **state)
{
    (void)state;
    static const struct {
        int64_t     n;
        const char *de, *en;
    } CASE[] = {
        { 0, "0", "0" }, { 7, "7", "7" }, { 999, "999", "999" }, { 1000, "1.000", "1,000" },
        { 1044555, "1.044.555", "1,044,555" }, { -1204, MINUS "1.204", MINUS "1,204" },
        { INT64_MAX, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807" },
        { INT64_MIN, MINUS "9.223.372.036.854.775.808", MINUS "9,223,372,036,854,775,808" },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        kz_auto(kz_buf) b = kz_buf_init(100);
        kz_fmt_int(&b, KZ_LANG_DE, CASE[i].n);
        assert_string_equal(kz_buf_text(&b), CASE[i].de);
        kz_buf_clear(&b);
        kz_fmt_int(&b, KZ_LANG_EN, CASE[i].n);
        assert_string_equal(kz_buf_text(&b), CASE[i].en);
    }
}

static void rounds_half_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        double      x;
        int         digits;
        const char *de;
    } CASE[] = {
        { 0.0553, 1, "0,1" }, { 1234.5, 0, "1.235" }, { -1234.5, 0, MINUS "1.235" }, { 0.5, 0, "1" },
        { 999.95, 1, "1.000,0" }, { -0.04, 1, "0,0" }, { 12, 2, "12,00" }, { 1e6, 0, "1.000.000" },
        { 0.125, 2, "0,13" },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        kz_auto(kz_buf) b = kz_buf_init(100);
        kz_fmt_dec(&b, KZ_LANG_DE, CASE[i].x, CASE[i].digits);
        assert_string_equal(kz_buf_text(&b), CASE[i].de);
    }
}

static void writes_shares_and_changes(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(200);
    kz_fmt_percent(&b, KZ_LANG_DE, 0.0553, 1);
    kz_buf_char(&b, '|');
    kz_fmt_percent(&b, KZ_LANG_EN, 0.0553, 1);
    kz_buf_char(&b, '|');
    kz_fmt_signed(&b, KZ_LANG_DE, 3.21, 1);
    kz_buf_char(&b, '|');
    kz_fmt_signed(&b, KZ_LANG_DE, -3.21, 1);
    kz_buf_char(&b, '|');
    kz_fmt_signed(&b, KZ_LANG_DE, -0.04, 1);
    assert_string_equal(kz_buf_text(&b), "5,5" NBSP "%|5.5%|+3,2|" MINUS "3,2|\xC2\xB1" "0,0");
}

static void writes_days_and_leaves_what_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *iso, *de, *en;
    } CASE[] = {
        { "2012-12-31", "31.12.2012", "31 December 2012" }, { "2012-03-01", "1.3.2012", "1 March 2012" },
        { "2012-03", "M\xC3\xA4rz 2012", "March 2012" },    { "2012", "2012", "2012" },
        { "2012-13-01", "2012-13-01", "2012-13-01" },       { "2012/12/31", "2012/12/31", "2012/12/31" },
        { "", "", "" },                                     { "2012-12-31T", "2012-12-31T", "2012-12-31T" },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        kz_auto(kz_buf) b = kz_buf_init(100);
        kz_fmt_date(&b, KZ_LANG_DE, CASE[i].iso);
        assert_string_equal(kz_buf_text(&b), CASE[i].de);
        kz_buf_clear(&b);
        kz_fmt_date(&b, KZ_LANG_EN, CASE[i].iso);
        assert_string_equal(kz_buf_text(&b), CASE[i].en);
    }
}

KZ_TEST_MAIN(KZ_TEST(writes_counts_with_points),
             KZ_TEST(rounds_half_away_from_zero),
             KZ_TEST(writes_shares_and_changes),
             KZ_TEST(writes_days_and_leaves_what_is_none))
