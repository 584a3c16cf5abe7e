#include "kz_test.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

static void keeps_the_arguments_of_a_failure(void **state)
{
    (void)state;
    kz_err err = { 0 };
    char name[] = "liste.csv";
    assert_int_equal(kz_fail(&err, KZ_E_INPUT, "csv.ragged", kz_s("file", name), kz_n("line", 12345),
                             kz_n("fields", 3), kz_n("columns", 4)),
                     KZ_E_INPUT);
    memset(name, 'x', sizeof name - 1); /* copied, not kept */
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_err_say(&b, KZ_LANG_DE, &err);
    assert_string_equal(kz_buf_text(&b),
                        "liste.csv, Zeile 12.345: Die Zeile hat 3 statt 4 Felder. Bitte die "
                        "Zeile ergänzen oder das Trennzeichen prüfen.");
    assert_int_equal(kz_fail(NULL, KZ_E_IO, "csv.empty"), KZ_E_IO);
}

static void cuts_long_arguments_between_characters(void **state)
{
    (void)state;
    /* Every length around the limit, so that the cut would fall into each byte of a character. */
    static const char EURO[] = "\xE2\x82\xAC";
    for (size_t lead = 0; lead < 6; lead++) {
        char text[600];
        size_t n = 0;
        for (; n < lead; n++)
            text[n] = 'a';
        for (; n + 3 < sizeof text; n += 3)
            memcpy(text + n, EURO, 3);
        kz_err err = { 0 };
        kz_status st = kz_fail(&err, KZ_E_INPUT, "csv.column", kz_v("value", text, n), kz_s("file", "f"));
        assert_int_equal(st, KZ_E_INPUT);
        assert_true(err.arg[0].len <= 240 && err.arg[0].len > 230);
        assert_int_equal(kz_utf8_bad(err.bytes, err.arg[0].len), err.arg[0].len);
        assert_memory_equal(err.bytes + err.arg[0].len - 3, "\xE2\x80\xA6", 3);
    }
}

static void never_holds_more_than_its_arguments_and_bytes(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'x', sizeof text);
    kz_err err = { 0 };
    kz_status st = kz_fail(&err, KZ_E_INPUT, "csv.empty", kz_v("a", text, 300), kz_v("b", text, 300),
                           kz_v("c", text, 300), kz_v("d", text, 300), kz_v("e", text, 300), kz_n("f", 1),
                           kz_n("g", 2), kz_n("h", 3), kz_n("i", 4), kz_n("j", 5), kz_n("k", 6));
    assert_int_equal(st, KZ_E_INPUT);
    assert_int_equal(err.n_args, KZ_ERR_ARGS);
    assert_true(err.used <= KZ_ERR_BYTES);
}

static void adds_what_a_lower_room_did_not_know(void **state)
{
    (void)state;
    kz_err err = { 0 };
    kz_err_add(&err, kz_s("file", "too early"));
    assert_int_equal(err.n_args, 0);
    kz_status st = kz_fail(&err, KZ_E_INPUT, "csv.empty", kz_n("line", 3));
    kz_err_add(&err, kz_s("file", "first"));
    kz_err_add(&err, kz_s("file", "second"));
    kz_err_add(NULL, kz_s("file", "none"));
    assert_int_equal(st, KZ_E_INPUT);
    assert_int_equal(err.n_args, 2);
    assert_memory_equal(err.bytes + err.arg[1].at, "first", 5);
}

static void builds_a_failure_from_one_that_it_replaces(void **state)
{
    (void)state;
    kz_err err = { 0 };
    kz_status st = kz_fail(&err, KZ_E_INPUT, "csv.column", kz_s("column", "alt"), kz_s("file", "a.csv"));
    st = kz_fail(&err, st, "csv.empty", kz_v("file", err.bytes + err.arg[1].at, err.arg[1].len));
    assert_int_equal(st, KZ_E_INPUT);
    assert_int_equal(err.n_args, 1);
    assert_memory_equal(err.bytes, "a.csv", 5);
}

static void has_an_http_code_for_every_status(void **state)
{
    (void)state;
    static const int CODE[] = { 200, 422, 400, 422, 404, 403, 409, 413, 503 };
    for (int st = KZ_OK; st <= KZ_E_IO; st++)
        assert_int_equal(kz_status_http((kz_status)st), CODE[st]);
}

KZ_TEST_MAIN(KZ_TEST(keeps_the_arguments_of_a_failure),
             KZ_TEST(cuts_long_arguments_between_characters),
             KZ_TEST(never_holds_more_than_its_arguments_and_bytes),
             KZ_TEST(adds_what_a_lower_room_did_not_know),
             KZ_TEST(builds_a_failure_from_one_that_it_replaces),
             KZ_TEST(has_an_http_code_for_every_status))
