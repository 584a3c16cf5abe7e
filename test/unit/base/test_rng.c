#include "kz_test.h"

#include "base/rng.h"

#include <math.h>
#include <stdbool.h>

static void gives_the_published_numbers(void **state)
{
    (void)state;
    /* SplitMix64 from state 1234567: the reference of the Java and C authors. */
    kz_rng r = { 1234567 };
    assert_true(kz_rng_next(&r) == UINT64_C(6457827717110365317));
    assert_true(kz_rng_next(&r) == UINT64_C(3203168211198807973));
    assert_true(kz_rng_next(&r) == UINT64_C(9817491932198370423));
}

static void fills_its_range_evenly(void **state)
{
    (void)state;
    enum { N = 600000, SIDES = 6 };
    kz_rng r = kz_rng_stream(1, 2);
    double sum = 0, chi2 = 0;
    int count[SIDES] = { 0 };
    for (int i = 0; i < N; i++) {
        double u = kz_rng_unit(&r);
        assert_true(u >= 0 && u < 1);
        sum += u;
        count[kz_rng_below(&r, SIDES)]++;
    }
    assert_true(fabs(sum / N - 0.5) < 5 / sqrt(12.0 * N));
    for (int i = 0; i < SIDES; i++)
        chi2 += pow(count[i] - N / SIDES, 2) / (N / SIDES);
    assert_true(chi2 < 30); /* 5 degrees of freedom: one in 70,000 */
}

static void has_streams_that_differ_and_repeat(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 1000; s++) {
        kz_rng a = kz_rng_stream(42, s), again = kz_rng_stream(42, s), b = kz_rng_stream(42, s + 1),
               c = kz_rng_stream(43, s);
        uint64_t x = kz_rng_next(&a);
        assert_true(x == kz_rng_next(&again));
        assert_true(x != kz_rng_next(&b));
        assert_true(x != kz_rng_next(&c));
    }
}

KZ_TEST_MAIN(KZ_TEST(gives_the_published_numbers),
             KZ_TEST(fills_its_range_evenly),
             KZ_TEST(has_streams_that_differ_and_repeat))
