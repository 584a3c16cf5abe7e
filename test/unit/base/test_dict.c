#include "kz_test.h"

#include "base/dict.h"

#include <stdio.h>

static void the_same_text_has_the_same_number(void **state)
{
    (void)state;
    static const char *const words[] = { "501", "", "502", "501", "", "50" };
    static const uint32_t want[] = { 0, 1, 2, 0, 1, 3 };
    kz_arena a;
    kz_dict d;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_dict_init(&d, &a, 10, NULL), KZ_OK);
    for (size_t i = 0; i < 6; i++) {
        uint32_t id;
        bool fresh;
        assert_int_equal(kz_dict_put(&d, kz_view_of(words[i]), &id, &fresh, NULL), KZ_OK);
        assert_int_equal(id, want[i]);
        assert_int_equal(fresh, i != 3 && i != 4);
    }
    assert_true(kz_view_is(d.keys[2], "502"));
    uint32_t id;
    assert_false(kz_dict_find(&d, kz_view_of("fehlt"), &id));
    kz_arena_done(&a);
}

/* Property: numbers are dense and lead back to their text, through every growth. */
static void numbers_survive_growth(void **state)
{
    (void)state;
    enum { N = 50000 };
    kz_arena a;
    kz_dict d;
    char text[16];
    uint32_t id;
    bool fresh;
    kz_arena_init(&a, 64u << 20);
    assert_int_equal(kz_dict_init(&d, &a, N, NULL), KZ_OK);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < N; i++) {
            snprintf(text, sizeof text, "k%u", i * 7);
            assert_int_equal(kz_dict_put(&d, kz_view_of(text), &id, &fresh, NULL), KZ_OK);
            assert_int_equal(id, i);
            assert_int_equal(fresh, round == 0);
            assert_true(kz_view_is(d.keys[id], text));
        }
    kz_arena_done(&a);
}

static void refuses_more_than_agreed(void **state)
{
    (void)state;
    kz_arena a;
    kz_dict d;
    uint32_t id = 99;
    bool fresh;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_dict_init(&d, &a, 1, NULL), KZ_OK);
    assert_int_equal(kz_dict_put(&d, kz_view_of("a"), &id, &fresh, NULL), KZ_OK);
    assert_int_equal(kz_dict_put(&d, kz_view_of("b"), &id, &fresh, NULL), KZ_E_LIMIT);
    assert_int_equal(kz_dict_put(&d, kz_view_of("a"), &id, &fresh, NULL), KZ_OK);
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(the_same_text_has_the_same_number), KZ_TEST(numbers_survive_growth),
             KZ_TEST(refuses_more_than_agreed))
