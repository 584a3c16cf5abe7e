/*
 * trend.h - does a series rise or fall, and how fast?
 *
 *     kz_trend r;
 *     KZ_TRY(kz_trend_make(year, value, n, &r, err));
 *     // r.slope a year, between r.lo and r.hi; r.p: would chance do that?  r.direction +1 0 -1
 *
 * Theil-Sen: the slope is the median of the slopes of all pairs of points; outliers hardly move it.
 * Mann-Kendall: S counts pairs that rise less pairs that fall.  p is two-sided: from the exact distribution of S
 * when no value occurs twice and n <= KZ_TREND_EXACT, else normal with correction for ties and continuity.
 * The interval (95 %) holds the slopes of those ranks that the same distribution of S gives.  With fewer than
 * five points no such interval exists: lo and hi are NaN.
 * A direction is named only when p < 0.05.  That says nothing about single steps, and neighbouring years that
 * depend on each other make p too small.
 *
 * Times must differ (KZ_ASSERT; the reader of the file refuses twins); any order, any distance.
 * KZ_E_INPUT space.short_series (fewer than 3 points), KZ_E_LIMIT space.long_series (more than KZ_TREND_MOST), no
 * memory.  O(n² log n).
 *
 * Sources: H. Theil 1950; P. K. Sen, JASA 63 (1968); H. B. Mann, Econometrica 13 (1945); M. G. Kendall, Rank
 * Correlation Methods; ranks of the interval as M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods.
 */
#ifndef KZ_STAT_TREND_H
#define KZ_STAT_TREND_H

#include "base/status.h"

enum { KZ_TREND_EXACT = 50, KZ_TREND_MOST = 3000 };

typedef struct kz_trend {
    int    n;
    double slope, lo, hi;
    double s, variance, tau, p; /* tau-b */
    bool   exact;
    int    direction;
} kz_trend;

KZ_MUST_USE kz_status kz_trend_make(const double time[], const double value[], int n, kz_trend *ret, kz_err *err);

#endif
