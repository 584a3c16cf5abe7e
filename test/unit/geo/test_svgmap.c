#include "kz_test.h"

#include "geo/svgmap.h"
#include "wkb_make.h"

#include <string.h>

static void draws_two_squares_by_hand(void **state)
{
    (void)state;
    /* 200 m wide, drawn 208 wide: one unit a metre and a margin of 4. */
    OUTLINE(west, { 1000, 5000 }, { 1100, 5000 }, { 1100, 5100 }, { 1000, 5100 }, { 1000, 5000 });
    OUTLINE(east, { 1100, 5000 }, { 1200, 5000 }, { 1200, 5100 }, { 1100, 5100 }, { 1100, 5000 });
    const kz_outline both[] = { west, east };
    const int64_t parent[] = { 1, 2 };
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 1u << 20);
    kz_map m;
    assert_int_equal(kz_map_build(both, 2, parent, 208, 4, &a, &m, NULL), KZ_OK);
    assert_true(m.height == 108 && m.km == 1000 && m.n == 2);
    assert_string_equal(m.areas[0].d, "M104 104l0-100-100 0 0 100z");
    assert_string_equal(m.areas[1].d, "M104 104l100 0 0-100-100 0z");
    assert_string_equal(m.parent_borders, "M104 104l0-100");
    assert_true(m.areas[0].surface == 10000);
    assert_true(m.areas[1].label_x == 154 && m.areas[1].label_width == 100);
    assert_true(m.areas[1].x0 == 104 && m.areas[1].x1 == 204);
}

static void same_parent_or_none_needs_no_border(void **state)
{
    (void)state;
    OUTLINE(west, { 0, 0 }, { 100, 0 }, { 100, 100 }, { 0, 100 }, { 0, 0 });
    OUTLINE(east, { 100, 0 }, { 200, 0 }, { 200, 100 }, { 100, 100 }, { 100, 0 });
    const kz_outline all[] = { west, { 0 }, east };
    const int64_t parent[] = { 1, 2, 1 };
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 1u << 20);
    kz_map m, again;
    assert_int_equal(kz_map_build(all, 3, parent, 620, 4, &a, &m, NULL), KZ_OK);
    assert_string_equal(m.parent_borders, "");
    assert_string_equal(m.areas[1].d, "");
    assert_int_equal(kz_map_build(all, 3, NULL, 620, 4, &a, &again, NULL), KZ_OK);
    assert_string_equal(again.parent_borders, "");
    assert_string_equal(m.areas[0].d, again.areas[0].d);
}

static void refuses_a_level_without_outlines(void **state)
{
    (void)state;
    const kz_outline none[2] = { 0 };
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 1u << 20);
    kz_map m = { .n = -7 };
    kz_err err;
    assert_int_equal(kz_map_build(none, 2, NULL, 620, 4, &a, &m, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "geo.no_outline");
    assert_int_equal(m.n, -7);
}

static void says_when_the_arena_is_too_small(void **state)
{
    (void)state;
    OUTLINE(one, { 0, 0 }, { 100, 0 }, { 100, 100 }, { 0, 100 }, { 0, 0 });
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 16);
    kz_map m;
    assert_int_equal(kz_map_build(&one, 1, NULL, 620, 4, &a, &m, NULL), KZ_E_LIMIT);
}

KZ_TEST_MAIN(KZ_TEST(draws_two_squares_by_hand), KZ_TEST(same_parent_or_none_needs_no_border),
             KZ_TEST(refuses_a_level_without_outlines), KZ_TEST(says_when_the_arena_is_too_small))
