/*
 * moran.h - do neighbours resemble each other?  One number for the whole city, and how surprising it is.
 *
 *     kz_spatial_how how = { .style = KZ_STYLE_W };                  // analytic, two-sided
 *     kz_spatial_test t;
 *     KZ_TRY(kz_moran(x, &neighbours, &how, &t, err));
 *     // t.statistic 0.511, t.expected -0.0208, t.variance 0.00891, t.z 5.63
 *
 * Moran's I   (n / S0) Σ w_ij z_i z_j / Σ z²       above its expectation: similar beside similar
 * Geary's C   (n-1) / (2 S0) Σ w_ij (x_i - x_j)² / Σ z²      below 1: similar beside similar
 * Getis–Ord G Σ w_ij x_i x_j / Σ_{i≠j} x_i x_j, x >= 0       above: high beside high
 *
 * The moments are those under randomisation: all orders of the values over the areas are equally likely.
 * With `permutations` (Moran only) that many random orders are drawn instead; expected, variance and z are
 * theirs, and p is (r + 1) / (permutations + 1) for the rank r, doubled for a two-sided test.
 * Random numbers are counters of (seed, replicate): the same bytes with any number of threads.
 *
 * Areas that are alone (neighbours.h) take no part: n counts the others.  links counts directed links.
 * KZ_E_INPUT space.constant (wants {column}), space.few_areas (fewer than 4 with neighbours),
 * space.negative (G of negative values).  O(links), with permutations O(permutations · (n + links)).
 *
 * Sources: P. A. P. Moran 1950; R. C. Geary 1954; A. Getis, J. K. Ord 1992; moments after A. D. Cliff,
 * J. K. Ord, Spatial Processes, 1981.  Checked against every order of six areas (test_moran.c) and the
 * values of R spdep for Anselin's Columbus.
 */
#ifndef KZ_STAT_MORAN_H
#define KZ_STAT_MORAN_H

#include "stat/neighbours.h"

typedef enum kz_alternative { KZ_TWO_SIDED, KZ_GREATER, KZ_LESS } kz_alternative;

typedef struct kz_spatial_how {
    kz_style       style;
    kz_alternative alternative;
    int            permutations; /* 0: analytic                */
    uint64_t       seed;
    int            threads;      /* 0 and 1: none beside this  */
} kz_spatial_how;

typedef struct kz_spatial_test {
    double statistic, expected, variance, z, p;
    int    n, links;
} kz_spatial_test;

KZ_MUST_USE kz_status kz_moran(const double x[], const kz_neighbours *g, const kz_spatial_how *how,
                               kz_spatial_test *ret, kz_err *err);
KZ_MUST_USE kz_status kz_geary(const double x[], const kz_neighbours *g, const kz_spatial_how *how,
                               kz_spatial_test *ret, kz_err *err);
KZ_MUST_USE kz_status kz_global_g(const double x[], const kz_neighbours *g, const kz_spatial_how *how,
                                  kz_spatial_test *ret, kz_err *err);

/* What lisa.c shares.  Differences from the mean of the areas with neighbours; 0 for the others. */
typedef struct kz_centred {
    int    n;       /* areas with neighbours                */
    double mean, m2, m4; /* moments about the mean, divisor n */
    double *z;
} kz_centred;
KZ_MUST_USE kz_status kz_centre(const double x[], const kz_neighbours *g, double z[], kz_centred *ret, kz_err *err);

/* Of the standard normal distribution. */
double kz_p_of_z(double z, kz_alternative alternative);
/* Of a rank among n random ones: how many were at least / at most as large. */
double kz_p_of_rank(int at_least, int at_most, int n, kz_alternative alternative);

#endif
