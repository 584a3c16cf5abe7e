#include "kz_test.h"

#include "base/rng.h"
#include "stat/typology.h"

#include <math.h>
#include <string.h>

enum { MOST = 240 };

static double column[2][MOST];
static const double *const COLUMNS[] = { column[0], column[1] };

static double normal(kz_rng *r)
{
    return sqrt(-2 * log(1 - kz_rng_unit(r))) * cos(2 * M_PI * kz_rng_unit(r));
}

/* `groups` clouds of points on a circle, far from each other when `far` is large. */
static kz_points clouds(int n, int groups, double far, uint64_t seed)
{
    kz_rng r = kz_rng_stream(31, seed);
    for (int i = 0; i < n; i++) {
        double turn = 2 * M_PI * (i % groups) / groups;
        column[0][i] = far * cos(turn) + normal(&r);
        column[1][i] = far * sin(turn) + normal(&r);
    }
    return (kz_points){ .n = n, .n_columns = 2, .column = COLUMNS };
}

static void finds_as_many_types_as_there_are(void **state)
{
    (void)state;
    for (int ward = 0; ward < 2; ward++)
        for (int groups = 2; groups < 6; groups++) {
            kz_points x = clouds(120, groups, 12, (uint64_t)groups);
            kz_typology_how how = { .ward = ward, .seed = 1, .threads = 2 };
            kz_typology t;
            int type[MOST];
            double width[MOST];
            assert_int_equal(kz_typology_make(&x, &how, type, width, &t, NULL), KZ_OK);
            assert_true(t.k == groups && t.stable && t.stability > 0.95 && t.silhouette > 0.5);
            for (int i = 0; i < 120; i++)
                assert_int_equal(type[i], type[i % groups]);
        }
}

static void does_not_sell_noise_as_types(void **state)
{
    (void)state;
    kz_points x = clouds(120, 1, 0, 9);
    kz_typology t;
    int type[MOST];
    double width[MOST];
    assert_int_equal(kz_typology_make(&x, &(kz_typology_how){ .k = 5, .seed = 1 }, type, width, &t, NULL), KZ_OK);
    assert_true(t.k == 5 && !t.stable && t.silhouette < 0.5);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    kz_points x = clouds(90, 3, 3, 4);
    kz_typology one = { 0 }, three = { 0 };
    int a[MOST], b[MOST];
    double u[MOST], v[MOST];
    assert_int_equal(kz_typology_make(&x, &(kz_typology_how){ .seed = 7, .threads = 1 }, a, u, &one, NULL), KZ_OK);
    assert_int_equal(kz_typology_make(&x, &(kz_typology_how){ .seed = 7, .threads = 3 }, b, v, &three, NULL), KZ_OK);
    assert_memory_equal(a, b, 90 * sizeof a[0]);
    assert_memory_equal(u, v, 90 * sizeof u[0]);
    for (int k = 0; k < one.n_tried; k++)
        assert_true(one.tried[k].stability == three.tried[k].stability);
}

static void types_are_numbered_by_their_load(void **state)
{
    (void)state;
    int type[] = { 0, 1, 2, 1, 0 };
    const double load[] = { 5, 1, 3, 2, 6 };
    const int want[] = { 2, 0, 1, 0, 2 };
    kz_types_sort(type, 5, 3, load);
    assert_memory_equal(type, want, sizeof want);
}

static void refuses_fewer_areas_than_types(void **state)
{
    (void)state;
    kz_points x = clouds(4, 2, 5, 1);
    for (int i = 0; i < 4; i++)
        column[0][i] = column[1][i] = 1;
    kz_typology t = { .k = -7 };
    int type[4];
    double width[4];
    kz_err err = { 0 };
    assert_int_equal(kz_typology_make(&x, &(kz_typology_how){ .seed = 1 }, type, width, &t, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.few_points");
    assert_int_equal(kz_typology_make(&x, &(kz_typology_how){ .k = 2, .ward = true }, type, width, &t, &err), KZ_E_INPUT);
    assert_int_equal(t.k, -7);
}

KZ_TEST_MAIN(KZ_TEST(finds_as_many_types_as_there_are), KZ_TEST(does_not_sell_noise_as_types),
             KZ_TEST(threads_change_no_bit), KZ_TEST(types_are_numbered_by_their_load),
             KZ_TEST(refuses_fewer_areas_than_types))
