/*
 * interval.h - arithmetic with counts of which one only knows the bounds.
 *
 * A hidden count is not 0 and not missing: it is a number between two others.  A primary cell under the
 * rule "3, zero is secret" is 0, 1 or 2.  Everything that is computed from it is an interval again, and
 * the truth is always inside: ends are rounded outward, never to the nearest.
 *
 *     kz_span poor = kz_span_hidden(3, true);               // 0 … 2
 *     kz_span all = kz_span_add(kz_span_of(40), poor);       // 40 … 42
 *     kz_interval p = kz_span_share(poor, all);              // 0 … 2/42, outward
 *
 * A span holds counts: whole numbers up to 2^53, so that every one is a double; an end beyond is open.
 * An interval holds real numbers, its ends may be infinite.  Each knows whether its truth can be "x",
 * the state of what cannot be computed: dividing by a span that holds 0 gives the widest interval that is
 * true of all other divisors and x MAYBE; dividing by [0, 0] gives x SURE and no numbers (lo, hi NaN).
 * All operators are closed: they take what the others return.
 *
 * An operand that occurs twice is counted as two: a - a is not [0, 0].  So shares and growth have their
 * own functions, which know that the part is inside the whole.
 *
 * Outward rounding: the error of a sum is found by Knuth's TwoSum, of product and quotient by fma; the end
 * moves one double only when the error points outward, so exact results stay exact.  (T. J. Dekker,
 * Numerische Mathematik 18 (1971); the operators: R. E. Moore, Interval Analysis, 1966. Known, not re-read.)
 * No state, no allocation.  O(1); kz_span_change up to 4,096 combinations, see there.
 */
#ifndef KZ_MONITOR_INTERVAL_H
#define KZ_MONITOR_INTERVAL_H

#include <math.h>

#include "base/status.h"

typedef struct kz_span {
    int64_t lo, hi; /* both ends belong to it */
} kz_span;

/* An end that is not known. */
#define KZ_SPAN_OPEN (INT64_C(1) << 53)

typedef enum kz_x { KZ_X_NEVER, KZ_X_MAYBE, KZ_X_SURE } kz_x;

typedef struct kz_interval {
    double lo, hi;
    kz_x x; /* can the truth be "cannot be computed"? */
} kz_interval;

/* ---- counts ---------------------------------------------------------------- */

static inline kz_span kz_span_of(int64_t n)
{
    KZ_ASSERT(n > -KZ_SPAN_OPEN && n < KZ_SPAN_OPEN);
    return (kz_span){ n, n };
}
/* What a primary cell can be: 0 or 1 up to min_count - 1. */
static inline kz_span kz_span_hidden(int min_count, bool zero_secret)
{
    KZ_ASSERT(min_count >= 2);
    return (kz_span){ zero_secret ? 0 : 1, min_count - 1 };
}
/* Hidden as a partner, or not delivered: some number of people up to `most` (KZ_SPAN_OPEN: unknown). */
static inline kz_span kz_span_up_to(int64_t most)
{
    KZ_ASSERT(most >= 0 && most <= KZ_SPAN_OPEN);
    return (kz_span){ 0, most };
}
static inline bool kz_span_is_exact(kz_span a)
{
    return a.lo == a.hi;
}
static inline bool kz_span_holds(kz_span a, int64_t n)
{
    return a.lo <= n && n <= a.hi;
}

kz_span kz_span_add(kz_span a, kz_span b);
kz_span kz_span_sub(kz_span a, kz_span b);
kz_span kz_span_times(kz_span a, int64_t factor);
kz_span kz_span_min(kz_span a, kz_span b);
kz_span kz_span_max(kz_span a, kz_span b);
/* What one of the two allows. */
kz_span kz_span_hull(kz_span a, kz_span b);
/* What both allow ("the sum of the others says so"); false and untouched: they contradict each other. */
KZ_MUST_USE bool kz_span_meet(kz_span a, kz_span b, kz_span *ret);

/* ---- real numbers ------------------------------------------------------------ */

kz_interval kz_interval_of(kz_span a);
/* A number that is known exactly, for instance a weight. */
kz_interval kz_interval_exact(double v);
kz_interval kz_interval_none(void); /* x for sure */
kz_interval kz_interval_add(kz_interval a, kz_interval b);
kz_interval kz_interval_sub(kz_interval a, kz_interval b);
kz_interval kz_interval_mul(kz_interval a, kz_interval b);
kz_interval kz_interval_div(kz_interval a, kz_interval b);
kz_interval kz_interval_min(kz_interval a, kz_interval b);
kz_interval kz_interval_max(kz_interval a, kz_interval b);
kz_interval kz_interval_hull(kz_interval a, kz_interval b);
/* Sum of weight * value: an index of shares that needs no mean and no deviation over the areas. */
kz_interval kz_interval_weighted(int n, const double weight[], const kz_interval value[]);

/* The truth (NaN: x) is one that the interval allows. */
static inline bool kz_interval_holds(kz_interval a, double truth)
{
    return isnan(truth) ? a.x != KZ_X_NEVER : a.x != KZ_X_SURE && a.lo <= truth && truth <= a.hi;
}

/* ---- shares of counts ---------------------------------------------------------- */

/* part / whole, where the part is inside the whole: within [0, 1].  Contradicting spans: x for sure. */
kz_interval kz_span_share(kz_span part, kz_span whole);
/* (now - then) / then, as now / then - 1. */
kz_interval kz_span_growth(kz_span now, kz_span then);
/* Share now minus share then, in points. */
kz_interval kz_span_points(kz_span part1, kz_span whole1, kz_span part0, kz_span whole0);
/*
 * From the lowest lower to the highest upper end of the Wilson intervals of all counts that the spans
 * allow.  Both ends grow with the part and fall with the whole: the score statistic
 * (k - np) / sqrt(n p (1 - p)) does, for fixed p.  So two corners are enough.
 */
kz_interval kz_span_wilson(kz_span part, kz_span whole, double z);
/*
 * The same for the interval of a change in points (stat/difference.h, `phi` as there).  Up to 4,096
 * combinations are tried one by one; beyond, the ends are those of the two Wilson intervals
 * apart, which is wider and true.
 */
kz_interval kz_span_change(kz_span part1, kz_span whole1, kz_span part0, kz_span whole0, double phi, double z);

#endif
