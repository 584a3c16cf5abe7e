/* Moran, Geary, Getis-Ord: every order of six areas, the values of spdep, and what must not change. */
#include "kz_numeric.h"

#include "base/rng.h"
#include "stat/lisa.h"

#include <string.h>

enum { SIX = 6, ORDERS = 720, COLUMBUS = 49, GRID = 400 };

static kz_arena arena;

static int set_up(void **state)
{
    (void)state;
    kz_arena_init(&arena, 64u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

static kz_neighbours both_ways(int n, const int (*pair)[2], int n_pairs)
{
    int *from = kz_arena_new(&arena, int, 2 * n_pairs), *to = kz_arena_new(&arena, int, 2 * n_pairs);
    kz_neighbours g = { 0 };
    for (int l = 0; l < n_pairs; l++) {
        from[2 * l] = to[2 * l + 1] = pair[l][0];
        to[2 * l] = from[2 * l + 1] = pair[l][1];
    }
    assert_int_equal(kz_neighbours_make(n, from, to, 2 * n_pairs, &arena, &g, NULL), KZ_OK);
    return g;
}

static kz_neighbours grid(int side)
{
    static int pair[2 * GRID][2];
    int n = 0;
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            if (x + 1 < side)
                memcpy(pair[n++], (int[]){ y * side + x, y * side + x + 1 }, sizeof pair[0]);
            if (y + 1 < side)
                memcpy(pair[n++], (int[]){ y * side + x, y * side + side + x }, sizeof pair[0]);
        }
    return both_ways(side * side, pair, n);
}

/* Four areas in a row with 1 2 3 4: z -1.5 -0.5 0.5 1.5, Σz² 5, products 0.75 -0.25 0.75, both ways 2.5;
 * I = 4/6 · 2.5/5 = 1/3.  Geary: 3/(2·6) · (2·3)/5 = 0.3.  G: 2(2 + 6 + 12) / (100 - 30) = 4/7. */
static void a_row_of_four_can_be_redone_on_paper(void **state)
{
    (void)state;
    const int pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 } };
    const double x[] = { 1, 2, 3, 4 };
    kz_neighbours g = both_ways(4, pair, 3);
    kz_spatial_how how = { .style = KZ_STYLE_B };
    kz_spatial_test t;
    assert_int_equal(kz_moran(x, &g, &how, &t, NULL), KZ_OK);
    assert_true(fabs(t.statistic - 1.0 / 3) < 1e-15 && fabs(t.expected + 1.0 / 3) < 1e-15);
    assert_true(t.n == 4 && t.links == 6);
    assert_int_equal(kz_geary(x, &g, &how, &t, NULL), KZ_OK);
    assert_true(fabs(t.statistic - 0.3) < 1e-15);
    assert_int_equal(kz_global_g(x, &g, &how, &t, NULL), KZ_OK);
    assert_true(fabs(t.statistic - 4.0 / 7) < 1e-15);
    kz_lisa l[4];
    assert_int_equal(kz_lisa_make(x, &g, &how, l, NULL), KZ_OK);
    assert_true(fabs(l[0].local_i - 0.6) < 1e-15 && l[0].quadrant == KZ_LOW_LOW); /* -1.5 · -0.5 / 1.25 */
    assert_true(fabs(l[2].local_i - 0.4) < 1e-15 && l[2].quadrant == KZ_HIGH_HIGH); /* 0.5 · 1 / 1.25   */
}

/* The moments are those of all 720 orders of six values: no formula is believed. */
static void moments_are_those_of_every_order(void **state)
{
    (void)state;
    const int pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 0, 3 }, { 3, 4 }, { 1, 4 }, { 4, 5 } };
    const double x[SIX] = { 3, 1, 4, 1.5, 9, 2.6 };
    kz_neighbours g = both_ways(SIX, pair, 7);
    kz_status (*const f[])(const double *, const kz_neighbours *, const kz_spatial_how *, kz_spatial_test *,
                           kz_err *) = { kz_moran, kz_geary, kz_global_g };
    for (int which = 0; which < 6; which++) {
        kz_spatial_how how = { .style = which % 2 ? KZ_STYLE_B : KZ_STYLE_W };
        double sum = 0, squares = 0;
        kz_spatial_test t;
        for (int order = 0; order < ORDERS; order++) {
            double y[SIX], left[SIX];
            memcpy(left, x, sizeof x);
            for (int i = 0, code = order; i < SIX; i++) {
                int pick = code % (SIX - i);
                code /= SIX - i;
                y[i] = left[pick];
                memmove(left + pick, left + pick + 1, (size_t)(SIX - 1 - pick) * sizeof left[0]);
            }
            assert_int_equal(f[which / 2](y, &g, &how, &t, NULL), KZ_OK);
            sum += t.statistic;
            squares += t.statistic * t.statistic;
        }
        double mean = sum / ORDERS;
        assert_true(fabs(mean - t.expected) < 1e-12);
        assert_true(fabs(squares / ORDERS - mean * mean - t.variance) < 1e-12);
    }
}

static kz_neighbours columbus(double crime[])
{
    static const char *const COLUMN[] = { "area", "crime", "neighbours", NULL };
    kz_auto(kz_numeric) t;
    int from[300], to[300], n = 0;
    kz_neighbours g = { 0 };
    kz_numeric_open(&t, "columbus_old.tsv", COLUMN);
    assert_int_equal(t.table.n_rows, COLUMBUS);
    for (int i = 0; i < COLUMBUS; i++) {
        char *at = (char *)(uintptr_t)kz_tsv_at(&t.table, i, 2);
        crime[i] = kz_numeric_real(&t, i, 1);
        while (*at) {
            from[n] = i;
            to[n++] = (int)strtol(at, &at, 10) - 1;
        }
    }
    assert_int_equal(kz_neighbours_make(COLUMBUS, from, to, n, &arena, &g, NULL), KZ_OK);
    return g;
}

static void agrees_with_spdep(void **state)
{
    (void)state;
    static const char *const COLUMN[] = { "statistic", "style", "value", "expected", "variance", "tolerance",
                                          "source", NULL };
    double crime[COLUMBUS];
    kz_neighbours g = columbus(crime);
    kz_auto(kz_numeric) t;
    kz_numeric_open(&t, "spatial.tsv", COLUMN);
    for (int row = 0; row < t.table.n_rows; row++) {
        const char *name = kz_tsv_at(&t.table, row, 0);
        kz_spatial_how how = { .style = kz_tsv_at(&t.table, row, 1)[0] == 'B' ? KZ_STYLE_B : KZ_STYLE_W };
        kz_spatial_test r;
        assert_int_equal((strcmp(name, "moran") == 0 ? kz_moran : strcmp(name, "geary") == 0 ? kz_geary : kz_global_g)(
                             crime, &g, &how, &r, NULL), KZ_OK);
        kz_numeric_near(&t, row, 2, r.statistic);
        kz_numeric_near(&t, row, 3, r.expected);
        kz_numeric_near(&t, row, 4, r.variance);
    }
    kz_spatial_test r;
    assert_int_equal(kz_moran(crime, &g, &(kz_spatial_how){ 0 }, &r, NULL), KZ_OK);
    assert_true(fabs(r.z - 5.6341329) < 1e-7 * 5.6 && r.n == 49 && r.links == 232);
}

static void local_values_agree_with_formulas_in_r(void **state)
{
    (void)state;
    static const char *const COLUMN[] = { "area", "local_i", "g", "g_star", "tolerance", "source", NULL };
    double crime[COLUMBUS], plain[COLUMBUS], star[COLUMBUS];
    kz_lisa l[COLUMBUS];
    kz_neighbours g = columbus(crime);
    kz_auto(kz_numeric) t;
    kz_numeric_open(&t, "local.tsv", COLUMN);
    assert_int_equal(kz_lisa_make(crime, &g, &(kz_spatial_how){ 0 }, l, NULL), KZ_OK);
    assert_int_equal(kz_local_g(crime, &g, KZ_STYLE_B, false, plain, NULL), KZ_OK);
    assert_int_equal(kz_local_g(crime, &g, KZ_STYLE_B, true, star, NULL), KZ_OK);
    for (int i = 0; i < COLUMBUS; i++) {
        kz_numeric_near(&t, i, 1, l[i].local_i);
        kz_numeric_near(&t, i, 2, plain[i]);
        kz_numeric_near(&t, i, 3, star[i]);
    }
}

static void draws_have_the_moments_that_the_formula_says(void **state)
{
    (void)state;
    double crime[COLUMBUS];
    kz_lisa drawn[COLUMBUS], exact[COLUMBUS];
    kz_neighbours g = columbus(crime);
    kz_spatial_how how = { .permutations = 19999, .seed = 7 };
    assert_int_equal(kz_lisa_make(crime, &g, &how, drawn, NULL), KZ_OK);
    how.permutations = 0;
    assert_int_equal(kz_lisa_make(crime, &g, &how, exact, NULL), KZ_OK);
    double sum = 0;
    for (int i = 0; i < COLUMBUS; i++) {
        sum += drawn[i].local_i;
        assert_true(fabs(drawn[i].p - exact[i].p) < 0.1); /* normal against drawn: alike, not equal */
    }
    assert_true(fabs(sum / COLUMBUS - 0.51095126) < 1e-7); /* style W: their mean is Moran's I */
    kz_spatial_test t;
    how.permutations = 9999;
    assert_int_equal(kz_moran(crime, &g, &how, &t, NULL), KZ_OK);
    assert_true(fabs(t.expected + 1.0 / 48) < 0.004 && fabs(t.variance / 0.00890876 - 1) < 0.06);
    assert_true(t.p == 2.0 / 10000);
}

/* One area beside all others (a hub) draws by swapping; p of noise is uniform there as elsewhere. */
static void p_of_noise_is_uniform(void **state)
{
    (void)state;
    kz_neighbours g = grid(20);
    int below = 0, all = 0;
    for (uint64_t s = 0; s < 20; s++) {
        double x[GRID];
        kz_lisa l[GRID];
        kz_rng rng = kz_rng_stream(99, s);
        for (int i = 0; i < GRID; i++)
            x[i] = kz_rng_unit(&rng);
        assert_int_equal(kz_lisa_make(x, &g, &(kz_spatial_how){ .permutations = 99, .seed = s }, l, NULL), KZ_OK);
        for (int i = 0; i < GRID; i++, all++)
            below += l[i].p <= 0.2;
    }
    assert_true(fabs((double)below / all - 0.2) < 0.015);
}

static void a_hub_draws_like_the_formula(void **state)
{
    (void)state;
    int pair[60][2], n = 0;
    double x[61];
    for (int i = 1; i <= 30; i++)
        memcpy(pair[n++], (int[]){ 0, i }, sizeof pair[0]);
    for (int i = 31; i <= 60; i++)
        memcpy(pair[n++], (int[]){ i - 1, i }, sizeof pair[0]);
    kz_neighbours g = both_ways(61, pair, 60);
    kz_rng rng = kz_rng_stream(5, 5);
    for (int i = 0; i <= 60; i++)
        x[i] = kz_rng_unit(&rng) + (i > 0 && i <= 30 ? 0.2 : 0);
    kz_lisa drawn[61], exact[61];
    assert_int_equal(kz_lisa_make(x, &g, &(kz_spatial_how){ .permutations = 9999 }, drawn, NULL), KZ_OK);
    assert_int_equal(kz_lisa_make(x, &g, &(kz_spatial_how){ 0 }, exact, NULL), KZ_OK);
    assert_true(fabs(drawn[0].p - exact[0].p) < 0.02);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    kz_neighbours g = grid(20);
    double x[GRID];
    kz_lisa one[GRID], four[GRID];
    kz_rng rng = kz_rng_stream(1, 2);
    for (int i = 0; i < GRID; i++)
        x[i] = kz_rng_unit(&rng);
    memset(one, 0, sizeof one);
    memset(four, 0, sizeof four);
    kz_spatial_how how = { .permutations = 199, .seed = 3, .threads = 1 };
    kz_spatial_test a = { 0 }, b = { 0 };
    assert_int_equal(kz_lisa_make(x, &g, &how, one, NULL), KZ_OK);
    assert_int_equal(kz_moran(x, &g, &how, &a, NULL), KZ_OK);
    how.threads = 4;
    assert_int_equal(kz_lisa_make(x, &g, &how, four, NULL), KZ_OK);
    assert_int_equal(kz_moran(x, &g, &how, &b, NULL), KZ_OK);
    for (int i = 0; i < GRID; i++)
        assert_true(one[i].p == four[i].p && one[i].local_i == four[i].local_i);
    assert_true(a.p == b.p && a.variance == b.variance && a.expected == b.expected);
}

static void areas_without_neighbours_change_nothing(void **state)
{
    (void)state;
    const int pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 0, 2 } }, far[][2] = { { 0, 1 }, { 1, 2 }, { 2, 4 }, { 0, 2 } };
    const double x[] = { 3, 1, 4, 8 }, y[] = { 3, 1, 4, 1000, 8 };
    kz_neighbours g = both_ways(4, pair, 4), h = both_ways(5, far, 4);
    kz_spatial_test a, b;
    kz_lisa l[5];
    assert_int_equal(kz_moran(x, &g, &(kz_spatial_how){ 0 }, &a, NULL), KZ_OK);
    assert_int_equal(kz_moran(y, &h, &(kz_spatial_how){ 0 }, &b, NULL), KZ_OK);
    assert_true(h.n_alone == 1 && a.statistic == b.statistic && a.variance == b.variance && b.n == 4);
    assert_int_equal(kz_lisa_make(y, &h, &(kz_spatial_how){ .permutations = 9 }, l, NULL), KZ_OK);
    assert_true(isnan(l[3].local_i) && isnan(l[3].p) && l[3].quadrant == KZ_NO_QUADRANT);
}

static void refuses_what_says_nothing(void **state)
{
    (void)state;
    const int pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 } };
    const double same[] = { 2, 2, 2, 2 }, zero[] = { 0, 0, 0, 0 }, below[] = { 1, -1, 2, 3 };
    kz_neighbours g = both_ways(4, pair, 3), few = both_ways(4, pair, 2);
    kz_spatial_test t = { .n = -7 };
    kz_lisa l[4];
    kz_err err = { 0 };
    assert_int_equal(kz_moran(same, &g, &(kz_spatial_how){ 0 }, &t, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.constant");
    assert_int_equal(kz_lisa_make(zero, &g, &(kz_spatial_how){ 0 }, l, &err), KZ_E_INPUT);
    assert_int_equal(kz_moran(below, &few, &(kz_spatial_how){ 0 }, &t, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.few_areas");
    assert_int_equal(kz_global_g(below, &g, &(kz_spatial_how){ 0 }, &t, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.negative");
    assert_int_equal(t.n, -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KZ_TEST(a_row_of_four_can_be_redone_on_paper),
        KZ_TEST(moments_are_those_of_every_order),
        KZ_TEST(agrees_with_spdep),
        KZ_TEST(local_values_agree_with_formulas_in_r),
        KZ_TEST(draws_have_the_moments_that_the_formula_says),
        KZ_TEST(p_of_noise_is_uniform),
        KZ_TEST(a_hub_draws_like_the_formula),
        KZ_TEST(threads_change_no_bit),
        KZ_TEST(areas_without_neighbours_change_nothing),
        KZ_TEST(refuses_what_says_nothing),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
