#include "kz_test.h"

#include "base/buf.h"

static void escapes_every_text_in_markup(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_html(&b, "<td title=\"%s\">%d</td>", "<script>'\"&", 7);
    assert_string_equal(kz_buf_text(&b), "<td title=\"&lt;script&gt;&#39;&quot;&amp;\">7</td>");
}

static void stops_at_its_limit_and_stays_failed(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(4);
    kz_buf_str(&b, "abc");
    kz_buf_str(&b, "de");
    kz_buf_str(&b, "f");
    assert_int_equal(kz_buf_status(&b), KZ_E_LIMIT);
    assert_string_equal(kz_buf_text(&b), "abc");
}

static void writes_reals_that_read_back_the_same(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(100);
    kz_buf_real(&b, 0.1);
    assert_string_equal(kz_buf_text(&b), "0.1");
    kz_buf_clear(&b);
    kz_buf_fixed(&b, -0.04, 1);
    assert_string_equal(kz_buf_text(&b), "0.0");
    kz_buf_clear(&b);
    kz_buf_coord(&b, 12.50, 2);
    assert_string_equal(kz_buf_text(&b), "12.5");
}

static void writes_decimals_exactly(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        int decimals;
        const char *want;
    } CASE[] = { { 1250, 2, "12.50" }, { -5, 2, "-0.05" }, { 0, 3, "0.000" }, { 7, 0, "7" },
                 { INT64_MIN, 6, "-9223372036854.775808" }, { INT64_MAX, 18, "9.223372036854775807" } };
    for (size_t i = 0; i < sizeof CASE / sizeof CASE[0]; i++) {
        kz_auto(kz_buf) b = kz_buf_init(64);
        kz_buf_decimal(&b, CASE[i].n, CASE[i].decimals);
        assert_string_equal(kz_buf_text(&b), CASE[i].want);
    }
}

KZ_TEST_MAIN(KZ_TEST(writes_decimals_exactly), KZ_TEST(escapes_every_text_in_markup),
             KZ_TEST(stops_at_its_limit_and_stays_failed),
             KZ_TEST(writes_reals_that_read_back_the_same))
