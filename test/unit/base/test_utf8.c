#include "kz_test.h"

#include "base/utf8.h"

#include <string.h>

static void finds_the_first_bad_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t      bad;
    } CASE[] = {
        { "K\xC3\xB6ln \xE2\x80\x93 \xF0\x9F\x98\x80", 14 }, /* all good: the length */
        { "ab\xC0\xAF", 2 },             /* overlong slash          */
        { "\xE0\x80\xAF", 0 },           /* overlong, three bytes   */
        { "\xF0\x80\x80\xAF", 0 },       /* overlong, four          */
        { "abc\xED\xA0\x80", 3 },        /* half a surrogate pair   */
        { "a\xFE", 1 },                  /* never                   */
        { "\x80", 0 },                   /* without a first byte    */
        { "\xC3", 0 },                   /* cut off                 */
        { "0123456789abcdef\xE2\x82", 16 },
        { "\xF4\x90\x80\x80", 0 },       /* above U+10FFFF          */
        { "\xF5\x80\x80\x80", 0 },
        { "", 0 },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++)
        assert_int_equal(kz_utf8_bad(CASE[i].text, strlen(CASE[i].text)), CASE[i].bad);
}

static void walks_and_writes_every_character(void **state)
{
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char bytes[4];
        size_t n = kz_utf8_put(bytes, c);
        const char *p = bytes;
        assert_int_equal(kz_utf8_bad(bytes, n), n);
        assert_int_equal(kz_utf8_next(&p, bytes + n), c);
        assert_ptr_equal(p, bytes + n);
    }
    char bytes[4];
    assert_int_equal(kz_utf8_put(bytes, 0xD800), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
    const char *p = "\xE2\x82";
    assert_int_equal(kz_utf8_next(&p, p + 2), 0xFFFD);
}

static void fold_is(const char *text, const char *want)
{
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_utf8_fold(&b, kz_view_of(text));
    assert_string_equal(kz_buf_text(&b), want);
}

static void folds_names_to_one_form(void **state)
{
    (void)state;
    fold_is("K\xC3\x96LN", "k\xC3\xB6ln");
    fold_is("  Altstadt-\xC2\xA0 S\xC3\xBC" "d\t", "altstadt- s\xC3\xBC" "d");
    fold_is("Ko\xCC\x88ln", "k\xC3\xB6ln");          /* o and a combining diaeresis */
    fold_is("KO\xCC\x88LN", "k\xC3\xB6ln");
    fold_is("ne\xE2\x80\x8Bu", "neu");               /* zero-width space            */
    fold_is("\xE2\x80\xAE" "abc", "abc");            /* right-to-left override      */
    fold_is("STRA\xE1\xBA\x9E" "E", "stra\xC3\x9F" "e");
    fold_is("\xCE\x91\xD0\x96\xC5\xBB", "\xCE\xB1\xD0\xB6\xC5\xBC");
    fold_is(" \xC2\xA0 ", "");
    fold_is("a\xCC\x88\xCC\x88", "\xC3\xA4\xCC\x88"); /* the second one has no letter */
}

static void cleans_names_and_counts_what_it_drops(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    assert_int_equal(kz_utf8_clean(&b, kz_view_of("\xEF\xBB\xBF"
                                                  "Nip\xC2\xADpes\xE2\x80\x8F\x01 S\xCC\x8C")),
                     4);
    assert_string_equal(kz_buf_text(&b), "Nippes \xC5\xA0");
    kz_buf_clear(&b);
    assert_int_equal(kz_utf8_clean(&b, kz_view_of("Stra\xC3\x9F" "e 5")), 0);
    assert_string_equal(kz_buf_text(&b), "Stra\xC3\x9F" "e 5");
}

static void folding_twice_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t c = 1; c < 0x3100; c++) {
        char text[10] = "a";
        size_t n = 1 + kz_utf8_put(text + 1, c);
        text[n++] = 'B';
        kz_auto(kz_buf) once = kz_buf_init(100), twice = kz_buf_init(100);
        kz_utf8_fold(&once, (kz_view){ text, n });
        kz_utf8_fold(&twice, (kz_view){ kz_buf_text(&once), once.n });
        assert_string_equal(kz_buf_text(&once), kz_buf_text(&twice));
        assert_int_equal(kz_utf8_bad(kz_buf_text(&once), once.n), once.n);
    }
}

static void trims_the_spaces_of_tables(void **state)
{
    (void)state;
    assert_true(kz_view_is(kz_view_trim(kz_view_of("\t \xC2\xA0" "1 2\xE2\x80\xAF ")), "1 2"));
    assert_true(kz_view_is(kz_view_trim(kz_view_of(" ")), ""));
}

KZ_TEST_MAIN(KZ_TEST(finds_the_first_bad_byte),
             KZ_TEST(walks_and_writes_every_character),
             KZ_TEST(folds_names_to_one_form),
             KZ_TEST(cleans_names_and_counts_what_it_drops),
             KZ_TEST(folding_twice_changes_nothing),
             KZ_TEST(trims_the_spaces_of_tables))
