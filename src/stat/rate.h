/*
 * rate.h - a share and how sure it is: the Wilson score interval.
 *
 *     kz_rate r = kz_rate_wilson(10, 100, KZ_Z95);
 *     // r.value 0.1, r.lo 0.0552, r.hi 0.1744
 *
 * For k of n with p = k/n and the normal quantile z:
 *
 *     centre = (p + z²/2n) / (1 + z²/n)
 *     half   = z / (1 + z²/n) * sqrt(p(1 - p)/n + z²/4n²)
 *
 * The interval stays inside [0, 1], is not empty for k = 0 and k = n (there one end is
 * exactly 0 or 1), and holds its level for small n better than p ± z·se.
 * n = 0: nothing is known: value NaN, interval [0, 1].
 * A count above its total, or a negative one, is a mistake of the caller and aborts.
 *
 * Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical
 * Inference, JASA 22 (1927) 209-212; R. G. Newcombe, Statistics in Medicine 17
 * (1998) 857-872, method 3; recommended for small n by Brown, Cai, DasGupta,
 * Statistical Science 16 (2001) 101-133.
 * No state, no allocation, O(1).
 */
#ifndef KZ_STAT_RATE_H
#define KZ_STAT_RATE_H

#include "base/status.h"

/* The 0.975 quantile of the standard normal distribution, rounded to double. */
#define KZ_Z95 1.95996398454005423552

typedef struct kz_rate {
    double value, lo, hi;
} kz_rate;

kz_rate kz_rate_wilson(int64_t numerator, int64_t denominator, double z);

#endif
