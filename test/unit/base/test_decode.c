#include "kz_test.h"

#include "base/decode.h"
#include "base/text.h"

#include <string.h>

#define BYTES(s) (s), sizeof(s) - 1

static void reads_as(const char *p, size_t n, kz_encoding want, kz_sureness how, const char *text)
{
    kz_encoding enc = KZ_ENC_FIND;
    kz_sureness sure = KZ_SURE_DECLARED;
    kz_err err = { 0 };
    kz_auto(kz_buf) out = kz_buf_init(1000);
    assert_int_equal(kz_encoding_find(p, n, &enc, &sure, &err), KZ_OK);
    assert_string_equal(kz_encoding_name(enc), kz_encoding_name(want));
    assert_int_equal(sure, how);
    assert_int_equal(kz_decode(p, n, enc, &out, &err), KZ_OK);
    assert_string_equal(kz_buf_text(&out), text);
}

static void reads_the_encodings_that_offices_send(void **state)
{
    (void)state;
    const char *want = "M\xC3\xBC" "lheim;Stra\xC3\x9F" "e\n";
    reads_as(BYTES("M\xC3\xBC" "lheim;Stra\xC3\x9F" "e\n"), KZ_ENC_UTF8, KZ_SURE_PROVEN, want);
    reads_as(BYTES("\xEF\xBB\xBFM\xC3\xBC" "lheim;Stra\xC3\x9F" "e\n"), KZ_ENC_UTF8, KZ_SURE_PROVEN, want);
    reads_as(BYTES("M\xFClheim;Stra\xDF" "e\n"), KZ_ENC_CP1252, KZ_SURE_LIKELY, want);
    reads_as(BYTES("M\x9Flheim;Stra\xA7" "e\n"), KZ_ENC_MACROMAN, KZ_SURE_LIKELY, want);
    reads_as(BYTES("\xFF\xFEM\0\xFC\0l\0"), KZ_ENC_UTF16LE, KZ_SURE_PROVEN, "M\xC3\xBCl");
    reads_as(BYTES("\xFE\xFF\0M\0\xFC\0l"), KZ_ENC_UTF16BE, KZ_SURE_PROVEN, "M\xC3\xBCl");
    reads_as(BYTES("\xFF\xFE\x3D\xD8\x00\xDE"), KZ_ENC_UTF16LE, KZ_SURE_PROVEN, "\xF0\x9F\x98\x80");
    reads_as(BYTES("Wert \x80 5 \x96 \x84" "gut\x93"), KZ_ENC_CP1252, KZ_SURE_LIKELY,
             "Wert \xE2\x82\xAC 5 \xE2\x80\x93 \xE2\x80\x9Egut\xE2\x80\x9C");
}

static void refuses(const char *p, size_t n, const char *id, int64_t offset, int64_t line)
{
    kz_encoding enc = KZ_ENC_MACROMAN;
    kz_sureness sure = KZ_SURE_DECLARED;
    kz_err err = { 0 };
    assert_int_equal(kz_encoding_find(p, n, &enc, &sure, &err), KZ_E_INPUT);
    assert_string_equal(err.id, id);
    assert_string_not_equal(kz_text(KZ_LANG_DE, id), id);
    assert_int_equal(enc, KZ_ENC_MACROMAN);
    for (int i = 0; i < err.n_args; i++) {
        if (strcmp(err.arg[i].name, "offset") == 0)
            assert_int_equal(err.arg[i].number, offset);
        if (strcmp(err.arg[i].name, "line") == 0)
            assert_int_equal(err.arg[i].number, line);
    }
    assert_true(offset < 0 || err.n_args >= 2);
}

static void refuses_broken_text_and_says_where(void **state)
{
    (void)state;
    refuses(BYTES("a;b\n1;\xC0\xAF\n"), "decode.bad_utf8", 6, 2);
    refuses(BYTES("a;b\r\n1;\xED\xA0\x80\r\n"), "decode.bad_utf8", 7, 2);
    refuses(BYTES("a;b\n1;\xFE\n"), "decode.unclear", 6, 2);
    refuses(BYTES("K\xC3\xB6ln;M\xC3\xBC" "lheim;\xFClk\n"), "decode.bad_utf8", 15, 1);
    refuses(BYTES("\xEF\xBB\xBFM\xFClheim"), "decode.bad_utf8", 4, 1);
    refuses(BYTES("a;b\n1\0;2\n"), "decode.nul", 5, 2);
}

static void names_the_format_it_found_instead_of_text(void **state)
{
    (void)state;
    refuses(BYTES("PK\3\4\x14\0\6\0\x08\0\0\0!\0....[Content_Types].xml"), "decode.is_xlsx", -1, 0);
    refuses(BYTES("PK\3\4....mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "decode.is_ods", -1,
            0);
    refuses(BYTES("PK\3\4....liste.csv"), "decode.is_zip", -1, 0);
    refuses(BYTES("\x1F\x8B\x08\0"), "decode.is_gzip", -1, 0);
    refuses(BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "decode.is_xls", -1, 0);
    refuses(BYTES("%PDF-1.7"), "decode.is_pdf", -1, 0);
    refuses(BYTES("SQLite format 3\0"), "decode.is_sqlite", -1, 0);
    refuses(BYTES("\x7F" "ELF\2\1\1\0"), "decode.is_program", -1, 0);
}

static void refuses_what_a_declared_encoding_does_not_know(void **state)
{
    (void)state;
    kz_err err = { 0 };
    kz_auto(kz_buf) out = kz_buf_init(20);
    kz_buf_str(&out, "before");
    assert_int_equal(kz_decode(BYTES("ab\x81"), KZ_ENC_CP1252, &out, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "decode.bad_byte");
    assert_int_equal(kz_decode(BYTES("ab\xFC"), KZ_ENC_UTF8, &out, &err), KZ_E_INPUT);
    assert_int_equal(kz_decode(BYTES("a\0b"), KZ_ENC_UTF16LE, &out, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "decode.utf16_odd");
    assert_int_equal(kz_decode(BYTES("a\0\0\xDC"), KZ_ENC_UTF16LE, &out, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "decode.utf16_half");
    assert_int_equal(kz_decode(BYTES("a\0\0\0"), KZ_ENC_UTF16LE, &out, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "decode.utf16_nul");
    assert_string_equal(kz_buf_text(&out), "before");
    assert_int_equal(kz_decode(BYTES("much more than twenty bytes"), KZ_ENC_CP1252, &out, &err), KZ_E_LIMIT);
    assert_string_equal(kz_buf_text(&out), "before");
}

static void knows_encodings_by_their_names(void **state)
{
    (void)state;
    assert_int_equal(kz_encoding_from_name("UTF-8"), KZ_ENC_UTF8);
    assert_int_equal(kz_encoding_from_name("latin1"), KZ_ENC_CP1252);
    assert_int_equal(kz_encoding_from_name("Windows-1252"), KZ_ENC_CP1252);
    assert_int_equal(kz_encoding_from_name("ebcdic"), KZ_N_ENCODINGS);
    assert_int_equal(kz_encoding_from_name(""), KZ_N_ENCODINGS);
}

KZ_TEST_MAIN(KZ_TEST(reads_the_encodings_that_offices_send),
             KZ_TEST(refuses_broken_text_and_says_where),
             KZ_TEST(names_the_format_it_found_instead_of_text),
             KZ_TEST(refuses_what_a_declared_encoding_does_not_know),
             KZ_TEST(knows_encodings_by_their_names))
