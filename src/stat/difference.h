/*
 * difference.h - the difference of two shares, in points, and how sure it is.
 *
 *     // 120 of 400 two years ago, 150 of 410 today
 *     kz_difference d = kz_difference_shares(150, 410, 120, 400, 0, KZ_Z95);
 *     // d.value 0.0659, d.lo 0.0009, d.hi 0.1299: surely more
 *
 * Both shares get their Wilson interval (rate.h), [l1, u1] now and [l0, u0] then; the distances from the
 * shares to the ends that matter are squared and added, as errors are:
 *
 *     lo = d - sqrt((p1 - l1)² - 2 φ (p1 - l1)(u0 - p0) + (u0 - p0)²)
 *     hi = d + sqrt((u1 - p1)² - 2 φ (u1 - p1)(p0 - l0) + (p0 - l0)²)
 *
 * φ is the correlation of the two shares.  Independent people: φ = 0, which is Newcombe's method 10 for
 * two samples.  The same people twice: φ of the fourfold table, which is his square-and-add interval for
 * pairs.  In between, as in a register where most people are in both years, the covariance of two means
 * that have n10 people in common is n10 / (n1 n0) times the covariance within those people, so
 *
 *     φ = ρ n10 / sqrt(n1 n0)          kz_difference_overlap()
 *
 * People who are in both years mostly stay what they are, so φ > 0, and a positive φ only makes the
 * interval narrower.  Who does not know the overlap takes φ = 0 and errs on the wide side.
 *
 * Read: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, its summary; the formulas as R packages
 * have them (contingencytables: Newcombe_hybrid_score_CI_2x2 and ..._square_and_add_CI_paired_2x2;
 * biostatUZH: confIntPairedProportion after Altman 2000); Derrick and others, Test statistics for comparing
 * two proportions with partially overlapping samples, its beginning (the setting, not its proofs).
 * Measured (test/unit/stat/test_difference.c; shares of 5 and 20 % of 40 to 300 people): nobody the
 * same 95.1 to 95.6 %; four of five the same, overlap not known 99.8 %, known 95.0 to 96.7 %.
 * No state, no allocation, O(1).
 */
#ifndef KZ_STAT_DIFFERENCE_H
#define KZ_STAT_DIFFERENCE_H

#include "stat/rate.h"

typedef struct kz_difference {
    double value, lo, hi; /* share now minus share then, -1 to 1; value NaN when one has no denominator */
} kz_difference;

/* k1 of n1 now against k0 of n0 then; `phi` -1 to 1, 0 when the overlap is unknown.
 * A count above its total, or a negative one, is a mistake of the caller and aborts. */
kz_difference kz_difference_shares(int64_t k1, int64_t n1, int64_t k0, int64_t n0, double phi, double z);

/* φ for n1 people now, n0 then, of whom the same ones are: both (counted both times), only_now, only_then,
 * neither.  0 when nobody is the same, or all the same ones are alike. */
double kz_difference_overlap(int64_t n1, int64_t n0, int64_t both, int64_t only_now, int64_t only_then,
                             int64_t neither);

/* +1 surely more, -1 surely less, 0 cannot be told (the interval holds 0). */
static inline int kz_difference_verdict(kz_difference d)
{
    return d.lo > 0 ? 1 : d.hi < 0 ? -1 : 0;
}

#endif
