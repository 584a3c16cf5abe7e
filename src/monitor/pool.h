/*
 * pool.h - a few cohorts together, where one year alone has too few children.
 *
 *     kz_pooled p = kz_pool(numerators, denominators, n_periods, 3, period);   // this one and the two before
 *     if (p.numerator.value >= 0) use(p.numerator.value, p.denominator.value, p.first);
 *
 * School-entry examinations of a quarter are some thirty children a year: two or three years pooled say
 * more than three years apart.  The pooled rate is the sum of the numerators by the sum of the
 * denominators, so large cohorts weigh more; it is not the mean of the rates.
 *
 * Rules: the window is the last k periods of the series, ending with `period`.  It must lie in the series
 * as a whole: before the k-th period there is no pooled value (state KZ_N_CELL_STATES).  A period without
 * a count in it makes the sum "later", a hidden one "hidden" with the bounds of the sum; other marks pass
 * on (tally.h).  A denominator of 0 in one period is a cohort of nobody; 0 in all of them is meaningless (x).
 *
 * Pure, allocates nothing.  O(k).  Method: ratio of sums (not a model; for that see stat/eb.h), as reports on
 * school-entry examinations usually do for small areas.
 */
#ifndef KZ_MONITOR_POOL_H
#define KZ_MONITOR_POOL_H

#include "monitor/tally.h"

enum { KZ_POOL_MOST = 10 };

typedef struct kz_pooled {
    kz_tally numerator, denominator;
    kz_cell_state state; /* of the rate: both joined, x for a denominator of 0; KZ_N_CELL_STATES: no window */
    int first;           /* period with which the window begins */
} kz_pooled;

/* The counts of one area and group by period, oldest first; denominator NULL: a plain count.
 * 1 <= k <= KZ_POOL_MOST; k 1 is the period itself. */
kz_pooled kz_pool(const kz_tally numerator[], const kz_tally denominator[], int n, int k, int period);

#endif
