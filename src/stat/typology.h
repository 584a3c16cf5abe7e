/*
 * typology.h - how many types of areas there are, and which area is of which.
 *
 *     const kz_typology_how how = { .seed = 1, .threads = 2 };          // k is chosen
 *     kz_typology t;
 *     KZ_TRY(kz_typology_make(&points, &how, type, width, &t, err));
 *     // t.k types, type[i] from 0; width[i] the silhouette; t.stability: do they come back?
 *
 * For each number of types k the areas are grouped (cluster.h).  Stability is the mean adjusted Rand index between
 * these groups and those that come out when the areas are drawn again with replacement, grouped, and every
 * area is given to the nearest centre.  Chosen is the k with the largest mean silhouette among those with a stability
 * of at least KZ_TYPES_STABLE; when there is none, the largest silhouette at all, and `stable` is false.
 *
 * Random numbers are counters of (seed, k, repetition): same result with any number of threads.
 * KZ_E_INPUT space.few_points: fewer different points than types.  O(k · repetitions · k-means + k · n²).
 *
 * Sources: P. J. Rousseeuw 1987 (silhouette); C. Hennig, Cluster-wise assessment of cluster stability, CSDA 52
 * (2007) for the idea of drawing again; L. Hubert, P. Arabie 1985.  The bound is a convention of ours.
 */
#ifndef KZ_STAT_TYPOLOGY_H
#define KZ_STAT_TYPOLOGY_H

#include "stat/cluster.h"

enum { KZ_TYPES_MOST = 20, KZ_TYPES_TRIED = 8, KZ_TYPES_STARTS = 50, KZ_TYPES_REPEATS = 50 };
#define KZ_TYPES_STABLE 0.75

typedef struct kz_typology_how {
    int      k;     /* 0: choose from 2 to KZ_TYPES_TRIED, as far as there are areas */
    bool     ward;  /* else k-means */
    uint64_t seed;
    int      threads;
} kz_typology_how;

typedef struct kz_tried {
    int    k;
    double silhouette, stability;
} kz_tried;

typedef struct kz_typology {
    int      k, n_tried;
    double   silhouette, stability;
    bool     stable;
    kz_tried tried[KZ_TYPES_TRIED];
} kz_typology;

KZ_MUST_USE kz_status kz_typology_make(const kz_points *x, const kz_typology_how *how, int type[], double width[],
                                       kz_typology *ret, kz_err *err);

/* Number the types by the mean of `load`, smallest first. */
void kz_types_sort(int type[], int n, int k, const double load[]);

#endif
