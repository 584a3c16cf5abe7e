#include "kz_test.h"

#include "base/rng.h"
#include "stat/segregation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Three areas: group 10 20 10 of 100 50 50.  A 40, B 160; a/A .25 .5 .25, b/B 90/160 30/160 40/160:
 * D = ½ (.3125 + .3125 + 0) = .3125; P* = .25·.1 + .5·.4 + .25·.2 = .275; share .2; eta² = .075/.8. */
static void three_areas_can_be_redone_on_paper(void **state)
{
    (void)state;
    const double group[] = { 10, 20, 10, 0 }, total[] = { 100, 50, 50, 0 };
    kz_segregation s;
    assert_int_equal(kz_segregation_make(group, total, 4, &s, NULL), KZ_OK);
    assert_true(s.n == 3 && s.group == 40 && s.total == 200);
    assert_true(fabs(s.dissimilarity - 0.3125) < 1e-15 && fabs(s.isolation - 0.275) < 1e-15);
    assert_true(fabs(s.exposure - 0.725) < 1e-15 && fabs(s.eta2 - 0.09375) < 1e-15);
}

static void is_0_when_mixed_and_1_when_parted(void **state)
{
    (void)state;
    const double mixed[] = { 10, 20, 5 }, parted[] = { 40, 0, 0 }, total[] = { 40, 80, 20 };
    kz_segregation s;
    double m, h;
    assert_int_equal(kz_segregation_make(mixed, total, 3, &s, NULL), KZ_OK);
    assert_true(s.dissimilarity == 0 && fabs(s.isolation - 0.25) < 1e-15 && fabs(s.eta2) < 1e-15);
    assert_int_equal(kz_segregation_make(parted, total, 3, &s, NULL), KZ_OK);
    assert_true(s.dissimilarity == 1 && s.isolation == 1 && s.eta2 == 1);
    const double first[] = { 30, 0 }, second[] = { 0, 70 }, *both[] = { first, second };
    kz_segregation_groups(both, 2, 2, &m, &h);
    assert_true(fabs(m - (-0.3 * log(0.3) - 0.7 * log(0.7))) < 1e-15 && fabs(h - 1) < 1e-15);
}

static int by_share(const void *p, const void *q)
{
    const double *a = p, *b = q; /* group, rest */
    double d = a[0] * b[1] - b[0] * a[1];
    return (d > 0) - (d < 0);
}

/* Another way to the same number: the largest gap of the curve of shares, areas in order of the group's share. */
static void is_the_largest_gap_of_the_curve(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < 300; t++) {
        kz_rng rng = kz_rng_stream(4, t);
        int n = 2 + (int)kz_rng_below(&rng, 40);
        double group[42], total[42], pair[42][2], a = 0, b = 0, gap = 0, at = 0;
        for (int i = 0; i < n; i++) {
            total[i] = 1 + kz_rng_below(&rng, 100);
            group[i] = kz_rng_below(&rng, (uint32_t)total[i]) + (i == 0);
            pair[i][0] = group[i];
            pair[i][1] = total[i] - group[i];
            a += pair[i][0];
            b += pair[i][1];
        }
        kz_segregation s, half;
        if (a == 0 || b == 0)
            continue;
        assert_int_equal(kz_segregation_make(group, total, n, &s, NULL), KZ_OK);
        qsort(pair, (size_t)n, sizeof pair[0], by_share);
        for (int i = 0; i < n; i++) {
            at += pair[i][1] / b - pair[i][0] / a;
            gap = fmax(gap, fabs(at));
        }
        assert_true(fabs(gap - s.dissimilarity) < 1e-12);
        /* An area cut into two alike halves changes nothing. */
        group[n] = group[0] /= 2;
        total[n] = total[0] /= 2;
        assert_int_equal(kz_segregation_make(group, total, n + 1, &half, NULL), KZ_OK);
        assert_true(fabs(half.dissimilarity - s.dissimilarity) < 1e-12 && fabs(half.isolation - s.isolation) < 1e-12);
        assert_true(s.isolation >= s.share - 1e-12);
    }
}

static void refuses_a_group_without_others(void **state)
{
    (void)state;
    const double none[] = { 0, 0 }, total[] = { 5, 5 };
    kz_segregation s = { .n = -7 };
    kz_err err = { 0 };
    assert_int_equal(kz_segregation_make(none, total, 2, &s, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.no_group");
    assert_int_equal(kz_segregation_make(total, total, 2, &s, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.no_rest");
    assert_int_equal(s.n, -7);
}

KZ_TEST_MAIN(KZ_TEST(three_areas_can_be_redone_on_paper), KZ_TEST(is_0_when_mixed_and_1_when_parted),
             KZ_TEST(is_the_largest_gap_of_the_curve), KZ_TEST(refuses_a_group_without_others))
