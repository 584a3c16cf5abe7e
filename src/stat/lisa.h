/*
 * lisa.h - where do neighbours resemble each other?  Every area against its neighbours.
 *
 *     kz_lisa out[n];
 *     kz_spatial_how how = { .style = KZ_STYLE_W, .permutations = 999, .seed = 1, .threads = 2 };
 *     KZ_TRY(kz_lisa_make(x, &neighbours, &how, out, err));
 *     // out[i].local_i, .p, .quadrant KZ_HIGH_HIGH: a high area among high ones
 *
 * Local Moran  I_i = z_i / m2 · Σ_j w_ij z_j, m2 = Σ z² / n; with style W their mean is Moran's I.
 *
 * p comes from conditional permutations: x_i stays, its neighbours' values are drawn without replacement from all
 * other areas, `permutations` times; with r the smaller of the two ranks p = (r + 1) / (permutations + 1), doubled
 * for a two-sided test.  Without permutations p is normal with the exact mean and variance of the same draws (z is
 * always theirs).  Each area has its own stream of random numbers: the same bytes with any number of threads,
 * and an area's p does not depend on the order of the file's other areas' draws.
 *
 * An area without neighbours of its own has NaN and KZ_NO_QUADRANT; p of 10 areas below 0.05 is what chance makes of
 * 200: compare p with a smaller bound when many areas are tested.
 *
 * Errors as moran.h.  O(permutations · links); 10,000 areas × 999: bench/lisa.sh.
 * Sources: L. Anselin, Local indicators of spatial association, Geographical Analysis 27 (1995); moments:
 * sampling without replacement, as R. R. Sokal, N. L. Oden, B. A. Thomson, Geographical Analysis 30 (1998).
 * Getis-Ord: J. K. Ord, A. Getis, Geographical Analysis 27 (1995).
 */
#ifndef KZ_STAT_LISA_H
#define KZ_STAT_LISA_H

#include "stat/moran.h"

typedef enum kz_quadrant {
    KZ_NO_QUADRANT = 0,
    KZ_HIGH_HIGH, /* high beside high          */
    KZ_LOW_LOW,
    KZ_LOW_HIGH,  /* low among high: an outlier */
    KZ_HIGH_LOW,
} kz_quadrant;

typedef struct kz_lisa {
    double local_i, expected, variance, z, p;
    kz_quadrant quadrant;
} kz_lisa;

KZ_MUST_USE kz_status kz_lisa_make(const double x[], const kz_neighbours *g, const kz_spatial_how *how,
                                   kz_lisa out[], kz_err *err);

/* Getis-Ord G_i (without the area itself) or G*_i (with it, weight as a neighbour's; style W shares 1 among
 * the neighbours and itself) as z-scores.  NaN for areas without neighbours (G) or when the others are all equal. */
KZ_MUST_USE kz_status kz_local_g(const double x[], const kz_neighbours *g, kz_style style, bool star, double z[],
                                 kz_err *err);

const char *kz_quadrant_name(kz_quadrant q); /* "HH" "LL" "LH" "HL" "" */

#endif
