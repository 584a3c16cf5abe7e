#include "kz_test.h"

#include "monitor/period_form.h"

#include <stdio.h>

static void what_offices_write_has_one_code_and_one_day(void **state)
{
    (void)state;
    static const struct {
        kz_period_form form;
        const char *text, *code, *day;
    } READ[] = {
        { KZ_FORM_YEAR, "2012", "2012", "2012-12-31" },
        { KZ_FORM_HALF, "2. Halbjahr 2012", "2012-H2", "2012-12-31" },
        { KZ_FORM_HALF, "2012h1", "2012-H1", "2012-06-30" },
        { KZ_FORM_QUARTER, "3. Quartal 2012", "2012-Q3", "2012-09-30" },
        { KZ_FORM_QUARTER, "q1/2012", "2012-Q1", "2012-03-31" },
        { KZ_FORM_QUARTER, "2012-Q4", "2012-Q4", "2012-12-31" },
        { KZ_FORM_MONTH, "02/2012", "2012-02", "2012-02-29" },
        { KZ_FORM_MONTH, "2.2013", "2013-02", "2013-02-28" },
        { KZ_FORM_MONTH, "März 2012", "2012-03", "2012-03-31" },
        { KZ_FORM_MONTH, "2012-07-01", "2012-07", "2012-07-31" },
        { KZ_FORM_SCHOOL_YEAR, "2012/2013", "2012/13", "2012-12-31" },
        { KZ_FORM_SCHOOL_YEAR, "1999/00", "1999/00", "1999-12-31" },
        { KZ_FORM_DAY, "15.10.2012", "2012-10-15", "2012-10-15" },
    };
    for (size_t i = 0; i < sizeof READ / sizeof *READ; i++) {
        kz_period p;
        assert_true(kz_period_read(READ[i].form, kz_view_of(READ[i].text), 12, 31, &p));
        assert_string_equal(p.code, READ[i].code);
        assert_string_equal(p.day, READ[i].day);
    }
}

static void a_code_reads_back_as_itself(void **state)
{
    (void)state;
    for (int year = 1900; year <= 2099; year += 13)
        for (int part = 1; part <= 12; part++) {
            char text[4][32];
            kz_period p, again;
            snprintf(text[KZ_FORM_YEAR], 32, "%d", year);
            snprintf(text[KZ_FORM_HALF], 32, "H%d %d", (part + 5) / 6, year);
            snprintf(text[KZ_FORM_QUARTER], 32, "Q%d %d", (part + 2) / 3, year);
            snprintf(text[KZ_FORM_MONTH], 32, "%d/%d", part, year);
            for (kz_period_form f = KZ_FORM_YEAR; f <= KZ_FORM_MONTH; f++) {
                assert_true(kz_period_read(f, kz_view_of(text[f]), 12, 31, &p));
                assert_true(kz_period_read(f, kz_view_of(p.code), 12, 31, &again));
                assert_string_equal(p.code, again.code);
                assert_string_equal(p.day, again.day);
            }
        }
}

static void what_is_unclear_is_no_period(void **state)
{
    (void)state;
    static const char *const BAD[] = { "", "Mrz 24", "43891", "01.02.", "20219", "1899", "2012-13", "Q5 2012", "3. Halbjahr 2012",
                                       "2012/14", "2012/2012", "03/04/2020", "13/2012", "2012-Q", "0/2012", "q3" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        for (kz_period_form f = 0; f < KZ_N_FORMS; f++) {
            kz_period p = { "same", "same" };
            assert_false(kz_period_read(f, kz_view_of(BAD[i]), 12, 31, &p));
            assert_string_equal(p.code, "same");
        }
}

KZ_TEST_MAIN(KZ_TEST(what_offices_write_has_one_code_and_one_day), KZ_TEST(a_code_reads_back_as_itself),
             KZ_TEST(what_is_unclear_is_no_period))
