#include "kz_test.h"

#include "monitor/atlas.h"

#include <math.h>


enum { AREAS = 5 };

static kz_cell cell(int area, double value, double lo, double hi, kz_cell_state state)
{
    return (kz_cell){ .area = (uint32_t)area, .numerator = 1, .denominator = 1, .value = value, .lo = lo, .hi = hi,
                      .state = (uint8_t)state };
}

/* The city and four districts: 20 (18..22), 12 (10..14), 13 (11..19), one hidden. */
static void make(kz_atlas *a, kz_atlas_level levels[2], kz_atlas_area areas[AREAS], kz_atlas_indicator *ind,
                 kz_cell cells[AREAS], kz_kind kind)
{
    levels[0] = (kz_atlas_level){ .code = "stadt", .n_areas = 1 };
    levels[1] = (kz_atlas_level){ .code = "stadtteil", .first_area = 1, .n_areas = 4 };
    for (int i = 0; i < AREAS; i++)
        areas[i] = (kz_atlas_area){ .slug = i == 3 ? "stadtteil-3" : "x", .level = i > 0, .in_level = i > 0 ? i - 1 : 0 };
    cells[0] = cell(0, .15, .14, .16, KZ_CELL_SHOWN);
    cells[1] = cell(1, .20, .18, .22, KZ_CELL_SHOWN);
    cells[2] = cell(2, .12, .10, .14, KZ_CELL_SHOWN);
    cells[3] = cell(3, .13, .11, .19, KZ_CELL_REVISED);
    cells[4] = cell(4, NAN, NAN, NAN, KZ_CELL_HIDDEN);
    *ind = (kz_atlas_indicator){ .id = "anteil", .kind = kind, .n_groups = 1, .n_periods = 1, .cells = cells };
    *a = (kz_atlas){ .n_levels = 2, .n_areas = AREAS, .n_periods = 1, .n_indicators = 1, .levels = levels,
                     .areas = areas, .indicators = ind };
}

static void tells_areas_from_the_city_by_their_interval(void **state)
{
    (void)state;
    kz_atlas a;
    kz_atlas_level levels[2];
    kz_atlas_area areas[AREAS];
    kz_atlas_indicator ind;
    kz_cell c[AREAS];
    make(&a, levels, areas, &ind, c, KZ_KIND_SHARE);
    assert_int_equal(kz_atlas_against_city(&a, &c[1]), 1);
    assert_int_equal(kz_atlas_against_city(&a, &c[2]), -1);
    assert_int_equal(kz_atlas_against_city(&a, &c[3]), 0); /* 15 lies in 11..19 */
    assert_int_equal(kz_atlas_against_city(&a, &c[4]), 0);
    assert_int_equal(kz_atlas_against_city(&a, &c[0]), 0);
    make(&a, levels, areas, &ind, c, KZ_KIND_COUNT);
    assert_int_equal(kz_atlas_against_city(&a, &c[2]), 0);
}

static void ranks_are_ranges_where_intervals_overlap(void **state)
{
    (void)state;
    kz_atlas a;
    kz_atlas_level levels[2];
    kz_atlas_area areas[AREAS];
    kz_atlas_indicator ind;
    kz_cell c[AREAS];
    const int want[AREAS][3] = { { 1, 1, 1 }, { 1, 2, 3 }, { 2, 3, 3 }, { 1, 3, 3 }, { 0, 0, 0 } };
    make(&a, levels, areas, &ind, c, KZ_KIND_SHARE);
    for (int i = 0; i < AREAS; i++) {
        int best, worst, of;
        kz_atlas_rank(&a, &c[i], &best, &worst, &of);
        assert_int_equal(best, want[i][0]);
        assert_int_equal(worst, want[i][1]);
        assert_int_equal(of, want[i][2]);
    }
}

static void has_no_cell_outside_of_itself(void **state)
{
    (void)state;
    kz_atlas a;
    kz_atlas_level levels[2];
    kz_atlas_area areas[AREAS];
    kz_atlas_indicator ind;
    kz_cell c[AREAS];
    make(&a, levels, areas, &ind, c, KZ_KIND_SHARE);
    assert_ptr_equal(kz_atlas_cell(&a, 0, 0, 3, 0), &c[3]);
    assert_null(kz_atlas_cell(&a, 1, 0, 3, 0));
    assert_null(kz_atlas_cell(&a, 0, 1, 3, 0));
    assert_null(kz_atlas_cell(&a, 0, 0, AREAS, 0));
    assert_null(kz_atlas_cell(&a, 0, 0, 3, -1));
    c[2].state = KZ_N_CELL_STATES;
    assert_null(kz_atlas_cell(&a, 0, 0, 2, 0));
    assert_int_equal(kz_atlas_find_area(&a, "stadtteil-3"), 3);
    assert_int_equal(kz_atlas_find_area(&a, "mond-1"), KZ_NONE);
    assert_int_equal(kz_atlas_find_indicator(&a, "anteil"), 0);
}

static void refuses_a_file_that_is_not_there(void **state)
{
    (void)state;
    kz_atlas *a = NULL;
    kz_err err = { 0 };
    assert_int_equal(kz_atlas_load("/nonexistent/release.db", &a, &err), KZ_E_MISSING);
    assert_null(a);
}

KZ_TEST_MAIN(KZ_TEST(tells_areas_from_the_city_by_their_interval), KZ_TEST(ranks_are_ranges_where_intervals_overlap),
             KZ_TEST(has_no_cell_outside_of_itself), KZ_TEST(refuses_a_file_that_is_not_there))
