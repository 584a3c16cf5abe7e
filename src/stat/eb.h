/*
 * eb.h - global empirical Bayes: pull uncertain shares towards the share of the whole city.
 *
 *     kz_eb eb;
 *     KZ_TRY(kz_eb_fit(n, numerator, denominator, &eb, err));
 *     kz_rate r = kz_eb_area(&eb, numerator[i], denominator[i]);   // r.value, r.lo, r.hi
 *
 * Model: numerator ~ Binomial(denominator, p), p ~ Beta with mean b and variance a over the
 * areas.  b is the city's own share Σnum/Σden; a is found by moments, so that the scatter of
 * the observed shares is what the model expects:
 *     Σ n_i (p_i − b)² = K b(1−b) + a (Σn_i − K)         K areas with n_i > 0
 * The smoothed value is the mean of p given the data, (num + Mb) / (den + M) with the
 * strength M = b(1−b)/a − 1: the prior counts as much as M children.  a <= 0 means that
 * chance alone explains the differences: then every area gets b (eb.strength is infinite).
 *
 * The interval does not take a for known (that would be much too narrow where a is near 0):
 * it comes from the mixture of the Beta posteriors over 24 values of the spread √κ,
 * κ = 1/(M + 1), weighted by the marginal likelihood with a flat prior on √κ.
 *
 * kz_eb_marshall() is the same for rates of rare events (Poisson).
 *
 * Areas with denominator 0 take no part and get the prior.  Counts are checked by the caller
 * (0 <= numerator <= denominator).  A plain value: nothing to free.  O(n).
 * Sources: R. J. Marshall, Mapping disease and mortality rates using empirical Bayes
 * estimators, Applied Statistics 40 (1991) 283-294, as spdep computes it; J. C. Kleinman,
 * JASA 68 (1973) 46-54 for moments of the beta-binomial.  docs/methods/eb.md.
 */
#ifndef KZ_STAT_EB_H
#define KZ_STAT_EB_H

#include "stat/rate.h"

enum { KZ_EB_NODES = 24 };

typedef struct kz_eb {
    double mean;     /* b: share of all areas together            */
    double variance; /* a: of the true shares, 0: none to be seen */
    double strength; /* M = alpha + beta; infinite when a = 0     */
    int    areas;    /* K                                         */
    int    nodes;    /* of the mixture behind the intervals       */
    double node_strength[KZ_EB_NODES], node_weight[KZ_EB_NODES];
} kz_eb;

/* KZ_E_INPUT "eb.no_data": no area with a denominator; *ret is left as it was. */
KZ_MUST_USE kz_status kz_eb_fit(int n, const int64_t numerator[], const int64_t denominator[], kz_eb *ret,
                                kz_err *err);

/* Smoothed share with the central 95 % interval. */
kz_rate kz_eb_area(const kz_eb *eb, int64_t numerator, int64_t denominator);

/* Marshall's global estimator: mean b and variance a (never below 0) of the true rates. */
typedef struct kz_marshall {
    double b, a;
} kz_marshall;
KZ_MUST_USE kz_status kz_eb_marshall(int n, const double cases[], const double exposure[], kz_marshall *ret,
                                     kz_err *err);
double kz_eb_marshall_rate(const kz_marshall *m, double cases, double exposure);

/* P(X <= x) for X ~ Beta(a, b). */
double kz_beta_cdf(double x, double a, double b);

#endif
