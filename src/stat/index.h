/*
 * index.h - social indices of areas: what several indicators say together.
 *
 * High values mean high load, in every indicator.  Four published ways:
 *
 *   MSS       Berlin, Monitoring Soziale Stadtentwicklung 2013-2017: every indicator as z-score with the
 *             population standard deviation over the rated areas; their sum divided by its own standard
 *             deviation; status 1 hoch < -1 <= 2 mittel <= 1 < 3 niedrig <= 1.5 < 4 sehr niedrig;
 *             dynamics of the changes in the same way: + below -1, - above 1, else +/-.
 *   status    as in Münster: the mean of the z-scores, optionally with mean and deviation weighted by
 *             inhabitants (then the mean is the city's rate), classes at -1, 0 and 1 of its own deviations.
 *   quintile  as in Mülheim (Kurtenbach): 1 to 5 points an indicator, cut at its quintiles; the sum of
 *             four indicators is 4-8, 9-10, 11-13, 14 or 15-20.
 *   development  3/5 status and 2/5 dynamics, ranked: best 20 %, middle, next to worst 10 %, worst 10 %.
 *
 *     double z[434], sum[434], sd;
 *     KZ_TRY(kz_index_z(x[c], n, NULL, NULL, z, &scale, err));          // one indicator
 *     int class = kz_index_status_class(KZ_INDEX_MSS, sum[i] / sd);
 *
 * Areas that are not rated are marked in `out_of`; their results are NaN (points: 0).  Nothing is
 * allocated but the caller's arrays; O(n), quintiles and ranks O(n log n).  No state.
 *
 * Sources: Senatsverwaltung für Stadtentwicklung Berlin, Monitoring Soziale Stadtentwicklung 2013, 2015,
 * 2017 (classes reproduced area by area, test/unit/stat/test_index.c); S. Kurtenbach, index of Mülheim an
 * der Ruhr; cuts of `status` and ties of the points are conventions of ours (docs/methods/index.md).
 */
#ifndef KZ_STAT_INDEX_H
#define KZ_STAT_INDEX_H

#include "base/arena.h"

typedef enum kz_index_method {
    KZ_INDEX_MSS,
    KZ_INDEX_STATUS,
    KZ_INDEX_QUINTILE,
    KZ_INDEX_DEVELOPMENT,
} kz_index_method;

typedef struct kz_index_scale {
    int    n; /* rated areas                            */
    double mean, sd;
} kz_index_scale;

/*
 * z-scores of one indicator: (x - mean) / sd with the population standard deviation (divisor n) over the
 * areas that are not `out_of` (NULL: all); `weight` NULL: every area counts the same.
 * KZ_E_INPUT space.too_few (fewer than two rated areas), space.constant (all rated values equal), space.weight (a
 * weight that is negative or not a number, or all zero); both want {column} by kz_err_add.
 */
KZ_MUST_USE kz_status kz_index_z(const double x[], int n, const bool out_of[], const double weight[], double z[],
                                 kz_index_scale *scale, kz_err *err);

/* The same in place of a list: the sum over k columns of z, column-major. */
void kz_index_sum(const double *const z[], int k, int n, double sum[]);

/* 1 to 4; `v` in standard deviations of the index.  0 for NaN. */
int kz_index_status_class(kz_index_method method, double v);
/* +1 better, 0, -1 worse; printed as + +/- -.  2 for NaN. */
int kz_index_dynamic_class(double v);

/* 1 to 5 points: one more for each fifth of the rated areas that lies strictly below; equal values, equal points.
 * 0 for areas out of the rating.  KZ_E_INPUT as kz_index_z, KZ_E_LIMIT no memory for an order. */
KZ_MUST_USE kz_status kz_index_quintile(const double x[], int n, const bool out_of[], int points[], kz_err *err);
/* Class 1 to 5 of a sum of four indicators' points; 0 for other sums. */
int kz_index_points_class(int sum);

/* Class 1 (best 20 %) to 4 (worst 10 %) and rank (1: lowest load) of an index without NaN outside `out_of`;
 * equal values share the better rank.  KZ_E_LIMIT no memory. */
KZ_MUST_USE kz_status kz_index_rank(const double v[], int n, const bool out_of[], int rank[], int class[],
                                    kz_err *err);

#endif
