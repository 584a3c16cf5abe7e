/* Components, k-means, Ward, silhouette: R's figures for USArrests and iris, and what must hold for any points. */
#include "kz_numeric.h"

#include "base/rng.h"
#include "stat/cluster.h"
#include "stat/index.h"
#include "stat/pca.h"

#include <string.h>

enum { MOST = 150 };

static kz_arena arena;

/* Columns 1 … m of a table in test/numeric as points, standardised or not. */
static kz_points read_points(const char *file, const char *const columns[], int m, bool standard)
{
    kz_auto(kz_numeric) t;
    double **x = kz_arena_new(&arena, double *, m);
    kz_index_scale s;
    kz_numeric_open(&t, file, columns);
    for (int c = 0; c < m; c++) {
        x[c] = kz_arena_new(&arena, double, t.table.n_rows);
        for (int i = 0; i < t.table.n_rows; i++)
            x[c][i] = kz_numeric_real(&t, i, 1 + c);
        if (standard)
            assert_int_equal(kz_index_z(x[c], t.table.n_rows, NULL, NULL, x[c], &s, NULL), KZ_OK);
    }
    return (kz_points){ .n = t.table.n_rows, .n_columns = m, .column = (const double *const *)x };
}

static kz_points arrests(void)
{
    static const char *const COLUMN[] = { "state", "murder", "assault", "urban", "rape", NULL };
    return read_points("usarrests.tsv", COLUMN, 4, true);
}

static kz_points iris(void)
{
    static const char *const COLUMN[] = { "flower", "sepal_length", "sepal_width", "petal_length", "petal_width",
                                          NULL };
    return read_points("iris.tsv", COLUMN, 4, false);
}

/* 2 1 / 1 2 has the values 3 and 1 along the diagonals. */
static void a_matrix_of_two_can_be_redone_on_paper(void **state)
{
    (void)state;
    double a[] = { 2, 1, 1, 2 }, value[2], vector[4];
    kz_eigen_symmetric(a, 2, value, vector);
    assert_true(fabs(value[0] - 3) < 1e-15 && fabs(value[1] - 1) < 1e-15);
    assert_true(fabs(vector[0] - vector[1]) < 1e-15 && fabs(vector[2] + vector[3]) < 1e-15);
}

static void eigenvectors_are_what_they_are_called(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < 100; t++) {
        enum { M = 9 };
        double a[M * M], copy[M * M], value[M], v[M * M];
        kz_rng rng = kz_rng_stream(17, t);
        for (int i = 0; i < M; i++)
            for (int k = 0; k <= i; k++)
                a[i * M + k] = a[k * M + i] = kz_rng_unit(&rng) - (t % 2 ? 0.5 : 0);
        memcpy(copy, a, sizeof a);
        kz_eigen_symmetric(a, M, value, v);
        for (int k = 0; k < M; k++) {
            assert_true(k == 0 || value[k] <= value[k - 1]);
            for (int l = 0; l < M; l++) {
                double dot = 0, row = 0;
                for (int i = 0; i < M; i++) {
                    dot += v[k * M + i] * v[l * M + i];
                    row += copy[l * M + i] * v[k * M + i];
                }
                assert_true(fabs(dot - (k == l)) < 1e-13);
                assert_true(fabs(row - value[k] * v[k * M + l]) < 1e-12);
            }
        }
    }
}

static void components_of_usarrests_are_those_of_r(void **state)
{
    (void)state;
    const double sd[] = { 1.57487827, 0.99486942, 0.59712912, 0.41644938 },
                 first[] = { 0.535899474938, 0.583183634910, 0.278190874619, 0.543432091446 };
    kz_points x = arrests();
    kz_pca p;
    assert_int_equal(kz_pca_make(x.column, 4, x.n, &arena, &p, NULL), KZ_OK);
    for (int k = 0; k < 4; k++) {
        double squares = 0;
        assert_true(fabs(p.sd[k] - sd[k]) < 1e-8);
        assert_true(fabs(p.loading[k] - first[k]) < 1e-11);
        for (int i = 0; i < x.n; i++)
            squares += p.score[k][i] * p.score[k][i];
        assert_true(fabs(squares / x.n - p.sd[k] * p.sd[k]) < 1e-12);
    }
}

static void k_means_of_iris_is_the_known_best(void **state)
{
    (void)state;
    kz_points x = iris();
    int type[MOST], again[MOST];
    double within, second, width[MOST], mean = 0;
    assert_int_equal(kz_kmeans(&x, 3, 50, 1, type, &within, NULL), KZ_OK);
    assert_true(fabs(within - 78.85144143) < 1e-8);
    for (uint64_t seed = 2; seed < 12; seed++) {
        double same;
        assert_int_equal(kz_kmeans(&x, 3, 50, seed, again, &second, NULL), KZ_OK);
        assert_int_equal(kz_adjusted_rand(type, 3, again, 3, x.n, &same, NULL), KZ_OK);
        assert_true(same == 1);
    }
    assert_int_equal(kz_silhouette(&x, type, 3, width, NULL), KZ_OK);
    for (int i = 0; i < x.n; i++)
        mean += width[i] / x.n;
    assert_true(fabs(mean - 0.552819012356) < 1e-11); /* R cluster */
}

static void ward_of_usarrests_is_that_of_r(void **state)
{
    (void)state;
    /* R scales with the divisor n - 1, ours is n: distances differ by √(50/49). */
    const double top[] = { 3.73411547835, 6.46186644160, 7.18818934640, 13.51624235069 };
    const int sizes[] = { 7, 12, 19, 12 }, begin[] = { 0, 1, 1, 2, 1, 1, 2, 2, 1, 0, 2, 3 };
    kz_points x = arrests();
    double height[MOST], width[MOST], mean = 0;
    int merge[2 * MOST], type[MOST], size[4] = { 0 };
    assert_int_equal(kz_ward(&x, height, merge, NULL), KZ_OK);
    for (int k = 0; k < 4; k++)
        assert_true(fabs(height[x.n - 5 + k] * sqrt(49.0 / 50) - top[k]) < 1e-10);
    assert_int_equal(kz_ward_cut(merge, x.n, 4, type, NULL), KZ_OK);
    assert_int_equal(kz_silhouette(&x, type, 4, width, NULL), KZ_OK);
    for (int i = 0; i < x.n; i++) {
        size[type[i]]++;
        mean += width[i] / x.n;
    }
    assert_memory_equal(size, sizes, sizeof size);
    assert_memory_equal(type, begin, sizeof begin);
    assert_true(fabs(mean - 0.337018718356) < 1e-11);
    assert_true(fabs(width[0] - 0.5090663799165) < 1e-11 && fabs(width[3] + 0.0846735197555) < 1e-11);
}

/* 1 2 3 | 10 11: within 2 + 0.5; the silhouette of 1: own 1.5, other 9.5. */
static void five_points_can_be_redone_on_paper(void **state)
{
    (void)state;
    const double v[] = { 1, 2, 3, 10, 11 }, *const column[] = { v };
    const kz_points x = { .n = 5, .n_columns = 1, .column = column };
    int type[5];
    double within, width[5], height[4];
    int merge[8];
    assert_int_equal(kz_kmeans(&x, 2, 5, 1, type, &within, NULL), KZ_OK);
    assert_true(within == 2.5 && type[0] == type[2] && type[3] == type[4] && type[0] != type[3]);
    assert_int_equal(kz_silhouette(&x, type, 2, width, NULL), KZ_OK);
    assert_true(fabs(width[0] - 8 / 9.5) < 1e-15);
    assert_int_equal(kz_ward(&x, height, merge, NULL), KZ_OK);
    assert_true(height[0] == 1 && height[1] == 1 && fabs(height[2] - sqrt(3)) < 1e-15);
}

/* What Ward reports is what the union adds: half the squared height is the growth of the sum of squares. */
static void heights_are_the_growth_of_the_sum_of_squares(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < 40; t++) {
        double v[2][40], height[39], sum = 0, all = 0;
        const double *const column[] = { v[0], v[1] };
        int merge[78], type[40];
        kz_rng rng = kz_rng_stream(23, t);
        const kz_points x = { .n = 40, .n_columns = 2, .column = column };
        for (int i = 0; i < 80; i++)
            v[i % 2][i / 2] = kz_rng_unit(&rng);
        assert_int_equal(kz_ward(&x, height, merge, NULL), KZ_OK);
        for (int s = 0; s < 39; s++) {
            assert_true(s == 0 || height[s] >= height[s - 1]);
            sum += height[s] * height[s] / 2;
        }
        assert_int_equal(kz_kmeans(&x, 1, 1, 1, type, &all, NULL), KZ_OK);
        assert_true(fabs(sum - all) < 1e-12 * 40);
        /* k-means never ends where moving one point would help. */
        double within;
        assert_int_equal(kz_kmeans(&x, 4, 3, t, type, &within, NULL), KZ_OK);
        double ward_within = all;
        for (int s = 38; s > 38 - 3; s--)
            ward_within -= height[s] * height[s] / 2;
        assert_true(within < ward_within * 1.2);
    }
}

static void rand_is_1_for_the_same_and_0_by_chance(void **state)
{
    (void)state;
    const int a[] = { 0, 0, 1, 1 }, renamed[] = { 1, 1, 0, 0 }, crossed[] = { 0, 1, 0, 1 };
    double r, sum = 0;
    assert_int_equal(kz_adjusted_rand(a, 2, renamed, 2, 4, &r, NULL), KZ_OK);
    assert_true(r == 1);
    assert_int_equal(kz_adjusted_rand(a, 2, crossed, 2, 4, &r, NULL), KZ_OK);
    assert_true(fabs(r + 0.5) < 1e-15); /* 0 pairs of both, by chance 2·2/6: (0 - 2/3) / (2 - 2/3) */
    kz_rng rng = kz_rng_stream(2, 2);
    for (int t = 0; t < 400; t++) {
        int p[60], q[60];
        for (int i = 0; i < 60; i++) {
            p[i] = (int)kz_rng_below(&rng, 3);
            q[i] = (int)kz_rng_below(&rng, 4);
        }
        assert_int_equal(kz_adjusted_rand(p, 3, q, 4, 60, &r, NULL), KZ_OK);
        sum += r / 400;
    }
    assert_true(fabs(sum) < 0.005);
}

static void refuses_more_groups_than_different_points(void **state)
{
    (void)state;
    const double v[] = { 1, 1, 1, 2 }, *const column[] = { v };
    const kz_points x = { .n = 4, .n_columns = 1, .column = column };
    int type[4] = { 7 };
    double within = -7;
    kz_err err = { 0 };
    assert_int_equal(kz_kmeans(&x, 3, 5, 1, type, &within, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.few_points");
    assert_int_equal(kz_kmeans(&x, 5, 5, 1, type, &within, &err), KZ_E_INPUT);
    assert_true(within == -7 && type[0] == 7);
    assert_int_equal(kz_kmeans(&x, 2, 5, 1, type, &within, &err), KZ_OK);
    assert_true(within == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KZ_TEST(a_matrix_of_two_can_be_redone_on_paper),
        KZ_TEST(eigenvectors_are_what_they_are_called),
        KZ_TEST(components_of_usarrests_are_those_of_r),
        KZ_TEST(k_means_of_iris_is_the_known_best),
        KZ_TEST(ward_of_usarrests_is_that_of_r),
        KZ_TEST(five_points_can_be_redone_on_paper),
        KZ_TEST(heights_are_the_growth_of_the_sum_of_squares),
        KZ_TEST(rand_is_1_for_the_same_and_0_by_chance),
        KZ_TEST(refuses_more_groups_than_different_points),
    };
    kz_arena_init(&arena, 64u << 20);
    cmocka_set_message_output(CM_OUTPUT_TAP);
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    kz_arena_done(&arena);
    return bad;
}
