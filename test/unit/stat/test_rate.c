#include "kz_numeric.h"

#include "base/rng.h"
#include "stat/rate.h"

static void agrees_with_published_intervals(void **state)
{
    (void)state;
    static const char *const COLUMN[] = { "numerator", "denominator", "value",  "lo",
                                          "hi",        "tolerance",   "source", NULL };
    kz_auto(kz_numeric) t;
    kz_numeric_open(&t, "wilson.tsv", COLUMN);
    for (int row = 0; row < t.table.n_rows; row++) {
        kz_rate r = kz_rate_wilson(kz_numeric_int(&t, row, 0), kz_numeric_int(&t, row, 1), KZ_Z95);
        kz_numeric_near(&t, row, 2, r.value);
        kz_numeric_near(&t, row, 3, r.lo);
        kz_numeric_near(&t, row, 4, r.hi);
    }
}

static void knows_nothing_without_a_denominator(void **state)
{
    (void)state;
    kz_rate r = kz_rate_wilson(0, 0, KZ_Z95);
    assert_true(isnan(r.value));
    assert_true(r.lo == 0 && r.hi == 1);
}

static void is_exact_at_the_ends(void **state)
{
    (void)state;
    for (int64_t n = 1; n < 2000; n++) {
        kz_rate none = kz_rate_wilson(0, n, KZ_Z95), all = kz_rate_wilson(n, n, KZ_Z95);
        assert_true(none.value == 0 && none.lo == 0 && none.hi > 0 && none.hi < 1);
        assert_true(all.value == 1 && all.hi == 1 && all.lo > 0 && all.lo < 1);
        assert_true(fabs(none.hi - (1 - all.lo)) < 1e-15);
    }
}

/* The defining property: an end of the interval is a share from which the observed one lies z errors away. */
static void solves_the_score_equation(void **state)
{
    (void)state;
    kz_rng rng = kz_rng_stream(3, 1);
    for (int i = 0; i < 20000; i++) {
        int64_t n = 1 + kz_rng_below(&rng, 1u << kz_rng_below(&rng, 24)),
                k = kz_rng_below(&rng, (uint32_t)n + 1);
        kz_rate r = kz_rate_wilson(k, n, KZ_Z95);
        assert_true(r.lo >= 0 && r.lo <= r.value && r.value <= r.hi && r.hi <= 1);
        for (int end = 0; end < 2; end++) {
            double t = end ? r.hi : r.lo;
            if (t == 0 || t == 1)
                continue;
            double z = fabs(r.value - t) / sqrt(t * (1 - t) / (double)n);
            assert_true(fabs(z - KZ_Z95) < 1e-6);
        }
    }
}

KZ_TEST_MAIN(KZ_TEST(agrees_with_published_intervals),
             KZ_TEST(knows_nothing_without_a_denominator),
             KZ_TEST(is_exact_at_the_ends),
             KZ_TEST(solves_the_score_equation))
