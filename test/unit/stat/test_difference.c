#include "kz_test.h"

#include <math.h>

#include "base/rng.h"
#include "stat/difference.h"

static void adds_the_squares_of_two_wilson_distances(void **state)
{
    (void)state;
    /* 56 of 70 against 48 of 80: Wilson 0.69183 … 0.87695 (p 0.8) and 0.49045 … 0.70038 (p 0.6), so
     * lo = 0.2 - sqrt(0.10817² + 0.10038²) = 0.0524, hi = 0.2 + sqrt(0.07695² + 0.10955²) = 0.3339. */
    kz_difference d = kz_difference_shares(56, 70, 48, 80, 0, KZ_Z95);
    assert_true(fabs(d.value - 0.2) < 1e-12);
    assert_true(fabs(d.lo - 0.0524) < 1e-4 && fabs(d.hi - 0.3339) < 1e-4);
    assert_int_equal(kz_difference_verdict(d), 1);
}

static void is_mirrored_when_the_periods_change_places(void **state)
{
    (void)state;
    kz_rng rng = kz_rng_stream(21, 1);
    for (int i = 0; i < 2000; i++) {
        int64_t n1 = 1 + kz_rng_below(&rng, 500), n0 = 1 + kz_rng_below(&rng, 500);
        int64_t k1 = kz_rng_below(&rng, (uint32_t)n1 + 1), k0 = kz_rng_below(&rng, (uint32_t)n0 + 1);
        double phi = kz_rng_unit(&rng);
        kz_difference a = kz_difference_shares(k1, n1, k0, n0, phi, KZ_Z95);
        kz_difference b = kz_difference_shares(k0, n0, k1, n1, phi, KZ_Z95);
        assert_true(fabs(a.lo + b.hi) < 1e-12 && fabs(a.hi + b.lo) < 1e-12);
        assert_true(a.lo <= a.value && a.value <= a.hi && a.lo >= -1 && a.hi <= 1);
        kz_difference wide = kz_difference_shares(k1, n1, k0, n0, 0, KZ_Z95);
        assert_true(wide.lo <= a.lo + 1e-12 && a.hi <= wide.hi + 1e-12);
    }
}

static void knows_nothing_without_people(void **state)
{
    (void)state;
    kz_difference d = kz_difference_shares(0, 0, 3, 10, 0, KZ_Z95);
    assert_true(isnan(d.value) && d.lo < 0 && d.hi > 0);
    assert_int_equal(kz_difference_verdict(d), 0);
}

static void counts_only_those_who_are_the_same(void **state)
{
    (void)state;
    /* 100 then, 100 now, all the same, 30 poor both times, 70 never: ρ = 1, φ = 1: nothing has changed. */
    double phi = kz_difference_overlap(100, 100, 30, 0, 0, 70);
    assert_true(fabs(phi - 1) < 1e-12);
    kz_difference d = kz_difference_shares(30, 100, 30, 100, phi, KZ_Z95);
    assert_true(d.value == 0 && d.hi - d.lo < 0.1);
    /* Half of them the same: half the correlation. */
    assert_true(fabs(kz_difference_overlap(100, 100, 15, 0, 0, 35) - 0.5) < 1e-12);
    assert_true(kz_difference_overlap(100, 100, 0, 0, 0, 0) == 0);
}

/* How often the interval of a change holds the true change, when `share_same` of the people are in both
 * years and four of five of them stay what they are. */
static double coverage(double p0, double p1, int n, double share_same, bool know_overlap)
{
    enum { ROUNDS = 4000 };
    int held = 0;
    for (int r = 0; r < ROUNDS; r++) {
        kz_rng rng = kz_rng_stream(22, (uint64_t)r);
        int same = (int)(share_same * n), k0 = 0, k1 = 0, both = 0, only_now = 0, only_then = 0, neither = 0;
        for (int i = 0; i < n; i++) {
            bool then = kz_rng_unit(&rng) < p0, now;
            if (i < same) {
                /* stays with chance s, else drawn anew so that the share now is p1 */
                double q = kz_rng_unit(&rng), s = 0.8;
                now = q < s ? then : kz_rng_unit(&rng) < (p1 - s * p0) / (1 - s);
                both += then && now;
                only_now += now && !then;
                only_then += then && !now;
                neither += !then && !now;
            } else {
                now = kz_rng_unit(&rng) < p1;
            }
            k0 += then;
            k1 += now;
        }
        double phi = know_overlap ? kz_difference_overlap(n, n, both, only_now, only_then, neither) : 0;
        kz_difference d = kz_difference_shares(k1, n, k0, n, phi, KZ_Z95);
        held += d.lo <= p1 - p0 && p1 - p0 <= d.hi;
    }
    return (double)held / ROUNDS;
}

static void holds_the_true_change_as_often_as_it_says(void **state)
{
    (void)state;
    /* 4,000 rounds: the standard error of 95 % is 0.35 points */
    const struct {
        double p0, p1;
        int n;
    } cases[] = { { 0.2, 0.22, 40 }, { 0.2, 0.22, 300 }, { 0.05, 0.06, 120 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double apart = coverage(cases[i].p0, cases[i].p1, cases[i].n, 0, false);
        double unknown = coverage(cases[i].p0, cases[i].p1, cases[i].n, 0.8, false);
        double known = coverage(cases[i].p0, cases[i].p1, cases[i].n, 0.8, true);
        print_message("# p %.2f n %d: nobody the same %.3f, 80 %% the same, not known %.3f, known %.3f\n",
                      cases[i].p0, cases[i].n, apart, unknown, known);
        assert_true(apart > 0.935 && apart < 0.985);
        assert_true(unknown > 0.97);
        assert_true(known > 0.93 && known < 0.985);
    }
}

KZ_TEST_MAIN(KZ_TEST(adds_the_squares_of_two_wilson_distances), KZ_TEST(is_mirrored_when_the_periods_change_places),
             KZ_TEST(knows_nothing_without_people), KZ_TEST(counts_only_those_who_are_the_same),
             KZ_TEST(holds_the_true_change_as_often_as_it_says))
