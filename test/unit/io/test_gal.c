#include "kz_test.h"

#include "io/gal.h"

#include <string.h>

static kz_arena arena;

static kz_status parse(const char *text, kz_gal *g, kz_err *err)
{
    return kz_gal_parse("x.gal", text, strlen(text), &arena, g, err);
}

static void reads_both_forms_of_the_first_line(void **state)
{
    (void)state;
    static const char *const TEXT[] = { "3\nA 1\nB\nB 2\nA C\nC 1\nB\n", "0 3 bezirke KEY\r\nA 1\r\nB\r\nB 2 A C\r\nC 1 B",
                                        "3\nA 1 B B 2 A C C 1 B" };
    for (int i = 0; i < 3; i++) {
        kz_gal g;
        assert_int_equal(parse(TEXT[i], &g, NULL), KZ_OK);
        assert_true(g.n == 3 && g.n_links == 4);
        assert_string_equal(g.key[1], "B");
        assert_true(g.from[1] == 1 && g.to[1] == 0 && g.from[2] == 1 && g.to[2] == 2);
    }
}

static void keeps_areas_without_neighbours(void **state)
{
    (void)state;
    kz_gal g;
    assert_int_equal(parse("3\n10 1\n30\n20 0\n\n30 1\n10\n", &g, NULL), KZ_OK);
    assert_true(g.n == 3 && g.n_links == 2 && g.from[1] == 2 && g.to[1] == 0);
    assert_string_equal(g.key[1], "20");
    assert_int_equal(parse("0\n", &g, NULL), KZ_OK);
    assert_int_equal(g.n, 0);
}

static void names_what_is_wrong_and_where(void **state)
{
    (void)state;
    static const struct { const char *text, *id; int line; } BAD[] = {
        { "", "gal.count", 1 },
        { "drei\n", "gal.count", 1 },
        { "2\nA 1\nB\nB x\nA\n", "gal.count", 4 },
        { "2\nA 2\nB C\nB 1\nA\n", "gal.count", 2 },
        { "2\nA 1\nB\nA 1\nB\n", "gal.twice", 4 },
        { "2\nA 1\nA\nB 0\n", "gal.self", 3 },
        { "3\nA 2\nB B\nB 0\nC 0\n", "gal.link_twice", 3 },
        { "2\nA 1\nB\n", "gal.unknown", 3 },
        { "2\nA 1\nB\nB 1\n", "gal.ends", 0 },
        { "2\nA 1\nB\nB 1\nA\nC 0\n", "gal.too_many", 6 },
        { "2\nA 1\nC\nB 1\nA\n", "gal.more_keys", 4 },
        { "3\nA 1\nB\nB 1\nA\n", "gal.too_few", 0 },
        { "99999999\n", "gal.count", 1 },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        kz_gal g = { .n = -7 };
        kz_err err = { 0 };
        assert_int_equal(parse(BAD[i].text, &g, &err), KZ_E_INPUT);
        assert_string_equal(err.id, BAD[i].id);
        for (int a = 0; a < err.n_args && BAD[i].line; a++)
            if (strcmp(err.arg[a].name, "line") == 0)
                assert_int_equal(err.arg[a].number, BAD[i].line);
        assert_int_equal(g.n, -7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { KZ_TEST(reads_both_forms_of_the_first_line),
                                        KZ_TEST(keeps_areas_without_neighbours),
                                        KZ_TEST(names_what_is_wrong_and_where) };
    kz_arena_init(&arena, 64u << 20);
    cmocka_set_message_output(CM_OUTPUT_TAP);
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    kz_arena_done(&arena);
    return bad;
}
