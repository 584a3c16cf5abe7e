/* In which area does a point lie? */
#include "kz_test.h"

#include "base/rng.h"
#include "geo/locator.h"

#include <math.h>

/* Two squares side by side, a third lies over the second's right half; a gap; a square with a hole. */
static const kz_point LEFT[] = { { 0, 0 }, { 100, 0 }, { 100, 100 }, { 0, 100 }, { 0, 0 } },
                      RIGHT[] = { { 100, 0 }, { 200, 0 }, { 200, 100 }, { 100, 50 }, { 100, 0 } },
                      OVER[] = { { 150, 0 }, { 250, 0 }, { 250, 60 }, { 150, 60 }, { 150, 0 } },
                      SHELL[] = { { 0, 105 }, { 100, 105 }, { 100, 205 }, { 0, 205 }, { 0, 105 } },
                      HOLE[] = { { 40, 145 }, { 40, 165 }, { 60, 165 }, { 60, 145 }, { 40, 145 } };
static const kz_ring RINGS[] = { { 5, 0, LEFT }, { 5, 0, RIGHT }, { 5, 0, OVER }, { 5, 0, SHELL }, { 5, 0, HOLE } };
static const kz_outline TOWN[] = { { 1, RINGS }, { 1, RINGS + 1 }, { 1, RINGS + 2 }, { 2, RINGS + 3 } };

static int set_up(void **state)
{
    static kz_arena a;
    kz_arena_init(&a, 64 << 20);
    *state = &a;
    return 0;
}

static int tear_down(void **state)
{
    kz_arena_done(*state);
    return 0;
}

static void must_be(const kz_locator *l, double x, double y, int n, int first, bool border)
{
    kz_hit h;
    kz_locator_find(l, x, y, &h);
    if (h.n != n || (n > 0 && h.area[0] != first) || h.border != border)
        fail_msg("%g %g: %d areas, first %d%s", x, y, h.n, h.n ? h.area[0] : -1, h.border ? ", border" : "");
}

static void an_example_by_hand(void **state)
{
    kz_locator l;
    assert_int_equal(kz_locator_make(TOWN, 4, *state, &l, NULL), KZ_OK);
    must_be(&l, 50, 50, 1, 0, false);
    must_be(&l, 120, 10, 1, 1, false);
    must_be(&l, 240, 50, 1, 2, false);
    must_be(&l, 20, 120, 1, 3, false);
    must_be(&l, 50, 155, 0, 0, false);   /* the hole */
    must_be(&l, 50, 102, 0, 0, false);   /* the gap  */
    must_be(&l, 1e9, 50, 0, 0, false);
    must_be(&l, NAN, 50, 0, 0, false);
    must_be(&l, 160, 10, 2, 1, false);   /* two outlines, well inside both */
}

/* A point on a common border is of the first area; a centimetre beside it as well, two it is not. */
static void a_border_belongs_to_the_first(void **state)
{
    kz_locator l;
    assert_int_equal(kz_locator_make(TOWN, 4, *state, &l, NULL), KZ_OK);
    must_be(&l, 100, 25, 2, 0, true);
    must_be(&l, 100.009, 25, 2, 0, true);
    must_be(&l, 100.02, 25, 1, 1, false);
    must_be(&l, 99.98, 25, 1, 0, false);
    must_be(&l, 100, 75, 1, 0, false);
    must_be(&l, 0, 0, 1, 0, false);      /* the outer corner is inside */
    must_be(&l, 40, 155, 1, 3, false);   /* so is the border of a hole */
}

static void gaps_have_a_nearest_area(void **state)
{
    kz_locator l;
    assert_int_equal(kz_locator_make(TOWN, 4, *state, &l, NULL), KZ_OK);
    assert_int_equal(kz_locator_nearest(&l, 50, 102, 10), 0);
    assert_int_equal(kz_locator_nearest(&l, 50, 104, 10), 3);
    assert_int_equal(kz_locator_nearest(&l, 50, 102.5, 10), 0); /* as near: the first */
    assert_int_equal(kz_locator_nearest(&l, 50, 102, 1), -1);
    assert_int_equal(kz_locator_nearest(&l, 500, 500, 10), -1);
}

/* A star of many corners for each area: the answer is that of the slow way, for any point. */
static void says_what_the_slow_way_says(void **state)
{
    enum { AREAS = 40, CORNERS = 300, POINTS = 20000 };
    static kz_point corner[AREAS][CORNERS + 1];
    static kz_ring ring[AREAS];
    static kz_outline outline[AREAS];
    kz_rng rng = { 11 };
    kz_locator l;
    for (int i = 0; i < AREAS; i++) {
        double x = 1000 * kz_rng_unit(&rng), y = 1000 * kz_rng_unit(&rng);
        for (int k = 0; k < CORNERS; k++) {
            double r = 20 + 150 * kz_rng_unit(&rng), w = 2 * 3.14159265358979 * k / CORNERS;
            corner[i][k] = (kz_point){ x + r * cos(w), y + r * sin(w) };
        }
        corner[i][CORNERS] = corner[i][0];
        ring[i] = (kz_ring){ CORNERS + 1, 0, corner[i] };
        outline[i] = (kz_outline){ 1, &ring[i] };
    }
    assert_int_equal(kz_locator_make(outline, AREAS, *state, &l, NULL), KZ_OK);
    for (int round = 0; round < POINTS; round++) {
        double x = -200 + 1400 * kz_rng_unit(&rng), y = -200 + 1400 * kz_rng_unit(&rng);
        int want[AREAS], n = 0;
        for (int i = 0; i < AREAS; i++)
            if (kz_outline_contains(&outline[i], x, y))
                want[n++] = i;
        kz_hit h;
        kz_locator_find(&l, x, y, &h);
        if (h.border || h.n < n) /* within a centimetre of a border: both ways may differ */
            continue;
        int near = 0;
        for (int i = 0; i < h.n && i < KZ_HITS; i++)
            near += !kz_outline_contains(&outline[h.area[i]], x, y);
        assert_true(h.n - near <= n);
        if (near == 0 && (h.n != n || (n > 0 && h.area[0] != want[0])))
            fail_msg("%g %g: %d areas instead of %d", x, y, h.n, n);
    }
}

static void refuses_outlines_without_any(void **state)
{
    kz_locator l;
    kz_err err;
    kz_arena tiny;
    kz_outline none = { 0 };
    assert_int_equal(kz_locator_make(&none, 1, *state, &l, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "geo.no_outline");
    assert_int_equal(kz_locator_make(NULL, 0, *state, &l, &err), KZ_E_INPUT);
    kz_arena_init(&tiny, 2000);
    assert_int_equal(kz_locator_make(TOWN, 4, &tiny, &l, &err), KZ_E_LIMIT);
    kz_arena_done(&tiny);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TEST(an_example_by_hand), TEST(a_border_belongs_to_the_first), TEST(gaps_have_a_nearest_area),
             TEST(says_what_the_slow_way_says), TEST(refuses_outlines_without_any))
