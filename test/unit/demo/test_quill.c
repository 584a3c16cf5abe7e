#include "kz_test.h"

#include "base/buf.h"
#include "demo/life.h"
#include "demo/quill.h"
#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/kekiz-unit.XXXXXX";

static void is_written(const char *name, const char *want)
{
    char path[96];
    kz_auto(kz_buf) b = kz_buf_init(8u << 20);
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(kz_file_read(path, &b, NULL), KZ_OK);
    assert_string_equal(kz_buf_text(&b), want);
    unlink(path);
}

static void a_row_is_what_an_office_writes(void **state)
{
    (void)state;
    kz_quill *q;
    assert_int_equal(kz_quill_open(dir, "a.csv", KZ_QUILL_UTF8, &q, NULL), KZ_OK);
    kz_quill_digits(q, 17, 8);
    kz_quill_text(q, "Müller");
    kz_quill_date(q, kz_day(2012, 2, 29));
    kz_quill_month(q, kz_month(2021, 8));
    kz_quill_month(q, 0);
    kz_quill_int(q, -120);
    kz_quill_int(q, 0);
    kz_quill_real(q, 12.345, 2, ',');
    kz_quill_empty(q);
    kz_quill_line(q);
    kz_quill_fields(q, "Weg;5;a;05101", 13);
    kz_quill_line(q);
    assert_int_equal(kz_quill_close_take(q, NULL), KZ_OK);
    is_written("a.csv", "00000017;Müller;29.02.2012;08.2021;;-120;0;12,35;\nWeg;5;a;05101\n");
}

static void an_old_register_is_windows_1252_with_cr_lf(void **state)
{
    (void)state;
    kz_quill *q;
    assert_int_equal(kz_quill_open(dir, "b.csv", KZ_QUILL_CP1252, &q, NULL), KZ_OK);
    kz_quill_text(q, "Ähre § ß m²");
    kz_quill_line(q);
    assert_int_equal(kz_quill_close_take(q, NULL), KZ_OK);
    is_written("b.csv", "\xC4hre \xA7 \xDF m\xB2\r\n");
}

static void what_is_larger_than_the_buffer_comes_out_whole(void **state)
{
    (void)state;
    kz_quill *q;
    char path[96];
    enum { N = 300000 };
    assert_int_equal(kz_quill_open(dir, "c.csv", KZ_QUILL_UTF8, &q, NULL), KZ_OK);
    for (uint32_t i = 0; i < N; i++) {
        kz_quill_digits(q, i, 9);
        kz_quill_line(q);
    }
    assert_int_equal(kz_quill_close_take(q, NULL), KZ_OK);
    kz_auto(kz_buf) b = kz_buf_init(8u << 20);
    snprintf(path, sizeof path, "%s/c.csv", dir);
    assert_int_equal(kz_file_read(path, &b, NULL), KZ_OK);
    assert_int_equal(b.n, N * 10);
    for (int i = 0; i < N; i++)
        assert_int_equal(b.p[(size_t)i * 10 + 8], (char)(48 + i % 10));
    unlink(path);
}

static void refuses_a_folder_that_is_not_there_and_a_file_that_is(void **state)
{
    (void)state;
    kz_quill *q = NULL;
    assert_int_equal(kz_quill_open("/tmp/kekiz-not-there", "a.csv", KZ_QUILL_UTF8, &q, NULL), KZ_E_IO);
    assert_int_equal(kz_quill_open("/dev", "null", KZ_QUILL_UTF8, &q, NULL), KZ_E_IO);
    assert_null(q);
}

/* Birthdays: on the day itself a year more; 29 February becomes older on 1 March of other years. */
static void ages_change_on_the_birthday(void **state)
{
    (void)state;
    assert_int_equal(kz_age(kz_day(2010, 5, 17), kz_day(2016, 5, 16)), 5);
    assert_int_equal(kz_age(kz_day(2010, 5, 17), kz_day(2016, 5, 17)), 6);
    assert_int_equal(kz_age(kz_day(2012, 2, 29), kz_day(2013, 2, 28)), 0);
    assert_int_equal(kz_age(kz_day(2012, 2, 29), kz_day(2013, 3, 1)), 1);
    assert_int_equal(kz_age_months(kz_day(2018, 12, 2), kz_day(2020, 8, 1)), 19);
    assert_int_equal(kz_day(1970, 1, 1), 0);
    assert_int_equal(kz_day(2024, 12, 31), 20088);
    for (int32_t day = kz_day(1905, 1, 1); day < kz_day(2030, 1, 1); day++) {
        int y, m, d;
        kz_civil(day, &y, &m, &d);
        assert_int_equal(kz_day(y, m, d), day);
    }
}

static int make_folder(void **state)
{
    (void)state;
    memcpy(dir, "/tmp/kekiz-unit.XXXXXX", sizeof dir);
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(dir);
}

#define IN_FOLDER(test_)                                                                                     \
    {                                                                                                        \
#test_, test_, make_folder, remove_folder, NULL                                                      \
    }
KZ_TEST_MAIN(IN_FOLDER(a_row_is_what_an_office_writes), IN_FOLDER(an_old_register_is_windows_1252_with_cr_lf),
             IN_FOLDER(what_is_larger_than_the_buffer_comes_out_whole),
             KZ_TEST(refuses_a_folder_that_is_not_there_and_a_file_that_is),
             KZ_TEST(ages_change_on_the_birthday))
