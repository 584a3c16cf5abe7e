#include "kz_test.h"

#include "base/date.h"

#include <stdlib.h>

static void reads_the_two_ways_to_write_a_day(void **state)
{
    (void)state;
    static const char *const GOOD[] = { "31.12.2012", "2012-12-31" };
    for (size_t i = 0; i < 2; i++) {
        kz_date d = { 0 };
        char iso[KZ_DATE_TEXT];
        assert_true(kz_date_parse(kz_view_of(GOOD[i]), &d));
        kz_date_iso(d, iso);
        assert_string_equal(iso, "2012-12-31");
    }
    kz_date d;
    assert_true(kz_date_parse(kz_view_of("1.2.2012"), &d));
    assert_int_equal(d.day, 1);
    assert_int_equal(d.month, 2);
    assert_true(kz_date_parse(kz_view_of("29.02.2000"), &d));
}

static void refuses_what_may_be_something_else(void **state)
{
    (void)state;
    static const char *const BAD[] = { "9.10",       "01.02.",     "Mrz 24",           "43891",
                                       "03/04/2020", "1.2.12",     "31.12.20219",      "30.02.2012",
                                       "29.02.1900", "2012-2-3",   "2012-13-01",       "00.01.2012",
                                       "",           ".",          "2012-12-31T00:00", " 31.12.2012",
                                       "31.12.1799", "31-12-2012", "001.1.2012" };
    kz_date d = { 1, 2, 3 };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (kz_date_parse(kz_view_of(BAD[i]), &d))
            fail_msg("%s was read as a date", BAD[i]);
    assert_int_equal(d.year, 1);
}

static void numbers_days_without_a_gap(void **state)
{
    (void)state;
    static const int8_t LAST[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    assert_int_equal(kz_date_number((kz_date){ 1970, 1, 1 }), 0);
    assert_int_equal(kz_date_number((kz_date){ 2000, 3, 1 }), 11017);
    int32_t want = kz_date_number((kz_date){ 1800, 1, 1 });
    assert_int_equal(want, -62091);
    for (int year = 1800; year < 2200; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 31; day++) {
                bool leap = year % 4 == 0 && (year % 100 != 0 || year == 2000);
                assert_int_equal(kz_date_ok(year, month, day), day <= LAST[month - 1] + (month == 2 && leap));
                if (kz_date_ok(year, month, day))
                    assert_int_equal(kz_date_number((kz_date){ (int16_t)year, (int8_t)month, (int8_t)day }),
                                     want++);
            }
}

static void takes_the_time_from_outside_for_tests(void **state)
{
    (void)state;
    char text[KZ_TIME_TEXT];
    setenv("SOURCE_DATE_EPOCH", "1356998399", 1);
    kz_time_iso(text);
    assert_string_equal(text, "2012-12-31T23:59:59Z");
    setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
    assert_true(kz_time_now() > 1700000000);
    unsetenv("SOURCE_DATE_EPOCH");
    assert_true(kz_time_now() > 1700000000);
}

KZ_TEST_MAIN(KZ_TEST(reads_the_two_ways_to_write_a_day),
             KZ_TEST(refuses_what_may_be_something_else),
             KZ_TEST(numbers_days_without_a_gap),
             KZ_TEST(takes_the_time_from_outside_for_tests))
