#include "kz_test.h"

#include "base/tsv.h"

#include <string.h>

static const char *const columns[] = { "code", "label", NULL };

static kz_status parse(kz_arena *a, const char *text, kz_tsv *t, kz_err *err)
{
    kz_arena_init(a, 64 * 1024);
    return kz_tsv_parse("t.tsv", text, strlen(text), columns, a, t, err);
}

static void reads_rows_and_skips_comments_and_empty_lines(void **state)
{
    (void)state;
    kz_arena a;
    kz_tsv t;
    assert_int_equal(parse(&a, "# was\ncode\tlabel\r\n\npop\tEinwohner\n# mehr\nx\t", &t, NULL), KZ_OK);
    assert_int_equal(t.n_rows, 2);
    assert_string_equal(kz_tsv_at(&t, 0, 1), "Einwohner");
    assert_string_equal(kz_tsv_at(&t, 1, 0), "x");
    assert_string_equal(kz_tsv_at(&t, 1, 1), "");
    assert_int_equal(t.lines[1], 6);
    kz_arena_done(&a);
}

static void refuses_a_wrong_header_a_short_row_and_nothing_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id;
    } bad[] = {
        { "", "base.tsv_empty" },
        { "# nur ein Kommentar\n", "base.tsv_empty" },
        { "code\n", "base.tsv_header" },
        { "code\tlabel\tmore\n", "base.tsv_header" },
        { "code label\n", "base.tsv_header" },
        { "code\tlabel\nx\n", "base.tsv_fields" },
        { "code\tlabel\nx\ty\tz\n", "base.tsv_fields" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        kz_arena a;
        kz_tsv t = { .n_rows = 77 };
        kz_err err = { 0 };
        assert_int_equal(parse(&a, bad[i].text, &t, &err), KZ_E_INPUT);
        assert_string_equal(err.id, bad[i].id);
        assert_int_equal(t.n_rows, 77);
        kz_arena_done(&a);
    }
}

static void reports_a_full_arena(void **state)
{
    (void)state;
    kz_arena a;
    kz_tsv t;
    static char text[200000] = "code\tlabel\n";
    for (size_t n = strlen(text); n + 8 < sizeof text; n += 4)
        memcpy(text + n, "a\tb\n", 4);
    assert_int_equal(parse(&a, text, &t, NULL), KZ_E_LIMIT);
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(reads_rows_and_skips_comments_and_empty_lines),
             KZ_TEST(refuses_a_wrong_header_a_short_row_and_nothing_at_all),
             KZ_TEST(reports_a_full_arena))
