#include "kz_test.h"

#include "base/apportion.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

static void shares_as_on_paper(void **state)
{
    (void)state;
    int64_t part[4];
    /* 10 : 3 = 3.33 each; one unit is left, remainders and weights are equal: the first gets it. */
    assert_true(kz_apportion(10, (const int64_t[]){ 1, 1, 1 }, 3, NULL, part));
    assert_true(part[0] == 4 && part[1] == 3 && part[2] == 3);
    /* 7 to 50, 30, 20: 3.5, 2.1, 1.4; down 3, 2, 1; the unit left goes to .5. */
    assert_true(kz_apportion(7, (const int64_t[]){ 50, 30, 20 }, 3, NULL, part));
    assert_true(part[0] == 4 && part[1] == 2 && part[2] == 1);
    /* Equal remainders .5: the larger weight first. */
    assert_true(kz_apportion(2, (const int64_t[]){ 1, 3 }, 2, NULL, part));
    assert_true(part[0] == 0 && part[1] == 2);
    assert_true(kz_apportion(0, (const int64_t[]){ 0, 0 }, 2, NULL, part));
    assert_true(part[0] == 0 && part[1] == 0);
}

static void the_paradox_is_real_and_caps_hold_it(void **state)
{
    (void)state;
    /* Alabama: with 10 units the small one gets 2, with 11 only 1. */
    const int64_t weight[] = { 6, 6, 2 };
    int64_t ten[3], eleven[3];
    assert_true(kz_apportion(10, weight, 3, NULL, ten));
    assert_true(ten[0] == 4 && ten[1] == 4 && ten[2] == 2);
    assert_true(kz_apportion(11, weight, 3, NULL, eleven));
    assert_true(eleven[0] == 5 && eleven[1] == 5 && eleven[2] == 1);
    /* 10 of the 11: nobody may have more than there are. */
    assert_true(kz_apportion(10, weight, 3, eleven, ten));
    assert_true(ten[0] == 5 && ten[1] == 4 && ten[2] == 1);
}

static void refuses_what_cannot_be(void **state)
{
    (void)state;
    int64_t part[2];
    const double nothing[] = { 0, 0 }, negative[] = { 1, -1 }, none[] = { 1, NAN };
    assert_false(kz_apportion(1, (const int64_t[]){ 0, 0 }, 2, NULL, part));
    assert_false(kz_apportion(5, (const int64_t[]){ 1, 1 }, 2, (const int64_t[]){ 2, 2 }, part));
    assert_false(kz_apportion(1, NULL, 0, NULL, part));
    assert_false(kz_apportion_weights(nothing, 2, part));
    assert_false(kz_apportion_weights(negative, 2, part));
    assert_false(kz_apportion_weights(none, 2, part));
}

static void real_weights_keep_their_proportions(void **state)
{
    (void)state;
    const double third[] = { 1e-3, 1e-3, 1e-3 }, wide[] = { 0x1p40, 1 };
    int64_t whole[3], part[3];
    assert_true(kz_apportion_weights(third, 3, whole));
    assert_true(kz_apportion(1000000, whole, 3, NULL, part));
    assert_true(part[0] == 333334 && part[1] == 333333 && part[2] == 333333);
    assert_true(kz_apportion_weights(wide, 2, whole));
    assert_true(whole[0] == INT64_C(1) << 40 && whole[1] == 1);
}

/* Sums are exact, parts within one unit of the quota, caps kept, zero weights get nothing. */
static void sums_are_exact_for_random_weights(void **state)
{
    (void)state;
    enum { MOST = 12 };
    kz_rng r = kz_rng_stream(8, 1);
    for (int round = 0; round < 20000; round++) {
        int64_t weight[MOST], cap[MOST], part[MOST], sum = 0, room = 0, got = 0;
        int n = 1 + (int)kz_rng_below(&r, MOST);
        int64_t total = kz_rng_below(&r, round % 2 ? 20 : 1000000);
        for (int i = 0; i < n; i++) {
            weight[i] = kz_rng_below(&r, 3) ? kz_rng_below(&r, 1000) : 0;
            cap[i] = kz_rng_below(&r, (uint32_t)total + 2);
            sum += weight[i];
            room += weight[i] > 0 ? cap[i] : 0;
        }
        assert_int_equal(kz_apportion(total, weight, n, NULL, part), sum > 0 || total == 0);
        if (sum > 0) {
            for (int i = 0; i < n; i++) {
                double exact = (double)total * (double)weight[i] / (double)sum;
                assert_true(fabs((double)part[i] - exact) < 1 && (weight[i] > 0 || part[i] == 0));
                got += part[i];
            }
            assert_true(got == total);
        }
        bool possible = kz_apportion(total, weight, n, cap, part);
        assert_int_equal(possible, room >= total);
        got = 0;
        for (int i = 0; possible && i < n; i++) {
            assert_true(part[i] >= 0 && part[i] <= cap[i] && (weight[i] > 0 || part[i] == 0));
            got += part[i];
        }
        assert_true(!possible || got == total);
    }
}

/* What is a part of something stays a part of it, however it is shared. */
static void a_part_of_a_whole_stays_one(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(8, 2);
    for (int round = 0; round < 20000; round++) {
        int64_t weight[8], whole[8], part[8];
        int n = 1 + (int)kz_rng_below(&r, 8);
        for (int i = 0; i < n; i++)
            weight[i] = 1 + kz_rng_below(&r, 50);
        int64_t all = kz_rng_below(&r, 60), some = kz_rng_below(&r, (uint32_t)all + 1);
        assert_true(kz_apportion(all, weight, n, NULL, whole));
        assert_true(kz_apportion(some, weight, n, whole, part));
        for (int i = 0; i < n; i++)
            assert_true(part[i] <= whole[i]);
    }
}

KZ_TEST_MAIN(KZ_TEST(shares_as_on_paper), KZ_TEST(the_paradox_is_real_and_caps_hold_it),
             KZ_TEST(refuses_what_cannot_be), KZ_TEST(real_weights_keep_their_proportions),
             KZ_TEST(sums_are_exact_for_random_weights), KZ_TEST(a_part_of_a_whole_stays_one))
