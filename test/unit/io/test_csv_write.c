#include "kz_test.h"

#include "io/csv_write.h"

#include <math.h>

static void quotes_only_what_needs_it(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_csv_out w = { .out = &b };
    static const char *const FIELD[] = { "Kalk", "a,b", "say \"ja\"", "two\nlines", " x", "", "a;b" };
    for (size_t i = 0; i < sizeof FIELD / sizeof *FIELD; i++)
        kz_csv_put_str(&w, FIELD[i]);
    kz_csv_line(&w);
    kz_csv_put_str(&w, NULL);
    kz_csv_line(&w);
    kz_csv_put_int(&w, -1204);
    kz_csv_put_real(&w, 0.1);
    kz_csv_put_real(&w, (double)NAN);
    kz_csv_line(&w);
    assert_string_equal(kz_buf_text(&b),
                        "Kalk,\"a,b\",\"say \"\"ja\"\"\",\"two\nlines\",\" x\",,a;b\n\"\"\n-1204,0.1,\n");
}

static void disarms_formulas_in_files_for_people(void **state)
{
    (void)state;
    static const struct {
        const char *text, *people, *machine;
    } CASE[] = {
        { "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0\n", "=cmd|' /C calc'!A0\n" },
        { "+1+1", "'+1+1\n", "+1+1\n" },
        { "-1", "'-1\n", "-1\n" },
        { "@SUM(1)", "'@SUM(1)\n", "@SUM(1)\n" },
        { "\t=1", "'\t=1\n", "\t=1\n" },
        { "\r=1", "\"'\r=1\"\n", "\"\r=1\"\n" },
        { "\xEF\xBC\x9D" "1+1", "'\xEF\xBC\x9D" "1+1\n", "\xEF\xBC\x9D" "1+1\n" },
        { "a=b", "a=b\n", "a=b\n" },
        { "\xE2\x80\x93", "\xE2\x80\x93\n", "\xE2\x80\x93\n" },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        for (int people = 0; people < 2; people++) {
            kz_auto(kz_buf) b = kz_buf_init(1000);
            kz_csv_out w = { .out = &b, .for_people = people };
            kz_csv_put_str(&w, CASE[i].text);
            kz_csv_line(&w);
            assert_string_equal(kz_buf_text(&b), people ? CASE[i].people : CASE[i].machine);
        }
    }
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_csv_out w = { .out = &b, .for_people = true, .delimiter = ';' };
    kz_csv_put_int(&w, -5);
    kz_csv_put_real(&w, -0.25);
    kz_csv_put_str(&w, "a;b");
    kz_csv_line(&w);
    assert_string_equal(kz_buf_text(&b), "-5;-0.25;\"a;b\"\n");
}

KZ_TEST_MAIN(KZ_TEST(quotes_only_what_needs_it),
             KZ_TEST(disarms_formulas_in_files_for_people))
