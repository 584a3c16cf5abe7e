/*
 * ratio.h - events per inhabitants, and how sure they are: limits of a Poisson count.
 *
 *     kz_rate r = kz_ratio_poisson(5, 1000);
 *     // r.value 0.005, r.lo 0.001623, r.hi 0.011668
 *
 * For events that are not a part of what they are divided by (help per 1,000 young people, births per 1,000
 * women): the numerator has no upper end, so no share and no Wilson interval.  The count k is taken as one
 * draw from a Poisson distribution; its 95 % limits are exact below 100 events:
 *
 *     P(X >= k | lo) = 0.025,   P(X <= k | hi) = 0.025     (lo = 0 for k = 0)
 *
 * and from 100 on by Byar's cube roots, which differ there by less than 1 in 10,000:
 *
 *     lo = k (1 - 1/9k - z/3 sqrt(k))^3,   hi the same with k + 1 and + z
 *
 * The exposure is taken as known.  Exposure 0: value NaN, limits 0 and infinite.
 * A negative count is a mistake of the caller and aborts.
 *
 * Source: the exact limits are Garwood's (Biometrika 28, 1936), Byar's are those of Breslow and Day
 * (Statistical Methods in Cancer Research II, 1987, p. 69); known, not re-read: the tests check both against the
 * distribution itself.  O(1); the table of exact limits is made at the first call, safe from any thread.
 */
#ifndef KZ_STAT_RATIO_H
#define KZ_STAT_RATIO_H

#include "stat/rate.h"

kz_rate kz_ratio_poisson(int64_t count, double exposure);

/* A sum of counts with whole factors (in minus out): value +- z sqrt(variance), variance the sum of factor² * count. */
kz_rate kz_ratio_balance(double value, double variance, double exposure, double z);

#endif
