#include "kz_test.h"

#include "base/rng.h"
#include "stat/ratio.h"

#include <math.h>

static void near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fabs(want)))
        fail_msg("%.12g instead of %.12g", got, want);
}

/* P(X <= k) for mean m, in logarithms so that large counts do not underflow. */
static double at_most(int64_t k, double m)
{
    double sum = 0;
    for (int64_t i = 0; i <= k; i++)
        sum += exp((double)i * log(m) - m - lgamma((double)i + 1));
    return sum;
}

static void limits_of_small_counts_are_exact(void **state)
{
    (void)state;
    kz_rate none = kz_ratio_poisson(0, 100);
    assert_true(none.value == 0 && none.lo == 0);
    near(none.hi * 100, -log(0.025), 1e-12); /* P(X = 0) = exp(-m) */
    near(kz_ratio_poisson(1, 1).lo, -log(0.975), 1e-12);
    for (int k = 1; k < 100; k++) {
        kz_rate r = kz_ratio_poisson(k, 1);
        near(1 - at_most(k - 1, r.lo), 0.025, 1e-9);
        near(at_most(k, r.hi), 0.025, 1e-9);
    }
}

static void limits_of_large_counts_are_near_the_distribution(void **state)
{
    (void)state;
    for (int64_t k = 100; k <= 2000; k += 19) {
        kz_rate r = kz_ratio_poisson(k, 10);
        near(1 - at_most(k - 1, r.lo * 10), 0.025, 3e-3);
        near(at_most(k, r.hi * 10), 0.025, 3e-3);
    }
    near(kz_ratio_poisson(99, 1).hi, kz_ratio_poisson(100, 1).hi - 1.03, 2e-3); /* no step between the two ways */
}

/* 95 % of counts have limits that hold the mean they were drawn with: never fewer. */
static void limits_hold_the_truth(void **state)
{
    (void)state;
    static const double MEANS[] = { 0.5, 3, 12.5, 99.5, 140 };
    for (size_t m = 0; m < sizeof MEANS / sizeof *MEANS; m++) {
        double held = 0;
        for (int64_t k = 0; k < 400; k++) {
            kz_rate r = kz_ratio_poisson(k, 1);
            if (r.lo <= MEANS[m] && MEANS[m] <= r.hi)
                held += exp((double)k * log(MEANS[m]) - MEANS[m] - lgamma((double)k + 1));
        }
        assert_true(held > 0.9499);
    }
}

static void nothing_to_divide_by_is_no_number(void **state)
{
    (void)state;
    kz_rate r = kz_ratio_poisson(3, 0);
    assert_true(isnan(r.value) && r.lo == 0 && isinf(r.hi));
    r = kz_ratio_balance(-3, 9, 0, KZ_Z95);
    assert_true(isnan(r.value) && isinf(r.lo) && isinf(r.hi));
}

static void a_balance_adds_the_variances(void **state)
{
    (void)state;
    kz_rate r = kz_ratio_balance(60 - 40, 60 + 40, 1000, KZ_Z95); /* 60 in, 40 out of 1,000 */
    near(r.value, 0.02, 1e-15);
    near(r.hi - r.value, KZ_Z95 * 10 / 1000, 1e-12);
    near(r.value - r.lo, KZ_Z95 * 10 / 1000, 1e-12);
}

KZ_TEST_MAIN(KZ_TEST(limits_of_small_counts_are_exact), KZ_TEST(limits_of_large_counts_are_near_the_distribution),
             KZ_TEST(limits_hold_the_truth), KZ_TEST(nothing_to_divide_by_is_no_number),
             KZ_TEST(a_balance_adds_the_variances))
