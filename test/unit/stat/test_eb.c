#include "kz_numeric.h"

#include "base/rng.h"
#include "stat/eb.h"

/* Three areas by hand: b = 15/60 = 1/4; Σ n (p - b)² = 10·0.0225 + 20·0.0025 + 30·0.006944 = 29/60. */
static void three_areas_can_be_redone_on_paper(void **state)
{
    (void)state;
    const int64_t num[] = { 1, 4, 10 }, den[] = { 10, 20, 30 };
    kz_eb eb;
    assert_int_equal(kz_eb_fit(3, num, den, &eb, NULL), KZ_OK);
    assert_true(eb.areas == 3 && eb.mean == 0.25);
    /* 29/60 is less than 3 b (1 - b) = 9/16: chance alone explains it */
    assert_true(eb.variance == 0 && isinf(eb.strength));
    assert_true(kz_eb_area(&eb, 1, 10).value == 0.25);
    const int64_t wide[] = { 0, 8, 7 };
    double scatter = 10 * 0.0625 + 20 * 0.0225 + 30 * (7.0 / 30 - 0.25) * (7.0 / 30 - 0.25);
    assert_int_equal(kz_eb_fit(3, wide, den, &eb, NULL), KZ_OK);
    double a = (scatter - 3 * 0.1875) / 57, m = 0.1875 / a - 1;
    assert_true(fabs(eb.variance - a) < 1e-15 && fabs(eb.strength - m) < 1e-9);
    assert_true(fabs(kz_eb_area(&eb, 0, 10).value - m * 0.25 / (10 + m)) < 1e-15);
}

static void agrees_with_exact_values_of_the_beta_distribution(void **state)
{
    (void)state;
    static const char *const COLUMN[] = { "x", "a", "b", "p", "tolerance", "source", NULL };
    kz_auto(kz_numeric) t;
    kz_numeric_open(&t, "beta.tsv", COLUMN);
    for (int row = 0; row < t.table.n_rows; row++)
        kz_numeric_near(&t, row, 3,
                        kz_beta_cdf(kz_numeric_real(&t, row, 0), kz_numeric_real(&t, row, 1),
                                    kz_numeric_real(&t, row, 2)));
}

/* North Carolina, sudden infant deaths 1974-78 in 100 counties, values of spdep::EBest. */
static void marshall_agrees_with_spdep_on_north_carolina(void **state)
{
    (void)state;
    static const char *const COLUMN[] = { "county", "cases", "births", "tolerance", "source", NULL };
    double cases[100], births[100];
    kz_auto(kz_numeric) t;
    kz_numeric_open(&t, "nc_sids.tsv", COLUMN);
    assert_int_equal(t.table.n_rows, 100);
    for (int i = 0; i < 100; i++)
        cases[i] = kz_numeric_real(&t, i, 1), births[i] = kz_numeric_real(&t, i, 2);
    kz_marshall m;
    assert_int_equal(kz_eb_marshall(100, cases, births, &m, NULL), KZ_OK);
    assert_true(fabs(m.a - 7.6929e-07) < 5e-12);
    assert_true(fabs(m.b - 0.002021445) < 5e-10);
    assert_true(fabs(kz_eb_marshall_rate(&m, cases[0], births[0]) - 0.001697297) < 5e-10);
}

static void refuses_data_without_a_denominator(void **state)
{
    (void)state;
    const int64_t none[2] = { 0, 0 };
    kz_eb eb = { .areas = 7 };
    kz_err err = { 0 };
    assert_int_equal(kz_eb_fit(2, none, none, &eb, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "eb.no_data");
    assert_int_equal(eb.areas, 7);
}

/* Smoothing lies between the raw value and the city's, and more so for small areas. */
static void smoothed_values_lie_between_raw_and_city(void **state)
{
    (void)state;
    enum { N = 60 };
    kz_rng rng = kz_rng_stream(7, 1);
    for (int round = 0; round < 30; round++) {
        int64_t num[N], den[N];
        for (int i = 0; i < N; i++) {
            den[i] = kz_rng_below(&rng, 300);
            num[i] = kz_rng_below(&rng, (uint32_t)den[i] / (1 + (uint32_t)i % 5) + 1);
        }
        kz_eb eb;
        assert_int_equal(kz_eb_fit(N, num, den, &eb, NULL), KZ_OK);
        for (int i = 0; i < N; i++) {
            kz_rate r = kz_eb_area(&eb, num[i], den[i]);
            double raw = den[i] ? (double)num[i] / (double)den[i] : eb.mean;
            assert_true(r.value >= fmin(raw, eb.mean) - 1e-12 && r.value <= fmax(raw, eb.mean) + 1e-12);
            assert_true(r.lo >= 0 && r.lo <= r.value && r.value <= r.hi && r.hi <= 1);
        }
    }
}

/* The promise of the interval: also where the areas hardly differ, where a plug-in interval fails. */
static void intervals_cover_the_true_shares(void **state)
{
    (void)state;
    enum { N = 80, ROUNDS = 30 };
    static const double spread[] = { 0.005, 0.02, 0.08 };
    for (size_t s = 0; s < sizeof spread / sizeof *spread; s++) {
        kz_rng rng = kz_rng_stream(11, s);
        int inside = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int64_t num[N], den[N];
            double truth[N];
            for (int i = 0; i < N; i++) {
                double z = 0;
                for (int k = 0; k < 12; k++)
                    z += kz_rng_unit(&rng);
                truth[i] = fmin(0.9, fmax(0.001, 0.2 + spread[s] * (z - 6)));
                den[i] = 20 + kz_rng_below(&rng, 200);
                num[i] = 0;
                for (int64_t k = 0; k < den[i]; k++)
                    num[i] += kz_rng_unit(&rng) < truth[i];
            }
            kz_eb eb;
            assert_int_equal(kz_eb_fit(N, num, den, &eb, NULL), KZ_OK);
            for (int i = 0; i < N; i++) {
                kz_rate r = kz_eb_area(&eb, num[i], den[i]);
                inside += truth[i] >= r.lo && truth[i] <= r.hi;
            }
        }
        double share = (double)inside / (N * ROUNDS);
        if (share < 0.92 || share > 0.995)
            fail_msg("spread %g: %.4f of the intervals cover", spread[s], share);
    }
}

KZ_TEST_MAIN(KZ_TEST(three_areas_can_be_redone_on_paper),
             KZ_TEST(agrees_with_exact_values_of_the_beta_distribution),
             KZ_TEST(marshall_agrees_with_spdep_on_north_carolina),
             KZ_TEST(refuses_data_without_a_denominator),
             KZ_TEST(smoothed_values_lie_between_raw_and_city),
             KZ_TEST(intervals_cover_the_true_shares))
