/*
 * cluster.h - areas in groups that are alike inside and unlike outside.
 *
 *     kz_points x = { .n = n, .n_columns = m, .column = score };
 *     KZ_TRY(kz_kmeans(&x, 3, 100, seed, type, &within, err));         // type[i] from 0
 *     KZ_TRY(kz_ward(&x, height, merge, err));
 *     KZ_TRY(kz_ward_cut(merge, n, 3, type, err));
 *     KZ_TRY(kz_silhouette(&x, type, 3, width, err));                  // width[i], -1 … 1
 *     double r = kz_adjusted_rand(a, 3, b, 4, n);                      // 1: the same groups
 *
 * k-means: the best of `starts` runs, each seeded by distance (k-means++), then Lloyd's steps, then single points that
 * go where the sum of squares falls (Hartigan), until nothing moves.  Random numbers are counters of (seed, start).
 * Ward: the pair whose union adds least to the sum of squares joins, heights as R's ward.D2 (nearest-neighbour
 * chains).  O(n²) time; Ward and the silhouette keep O(n²) and O(n) numbers: Ward refuses more than KZ_WARD_MOST.
 *
 * KZ_E_INPUT space.few_points: fewer different points than groups.  KZ_E_LIMIT: no memory, or too many points.
 *
 * Sources: S. P. Lloyd 1982; J. A. Hartigan 1975; D. Arthur, S. Vassilvitskii 2007; J. H. Ward 1963, F. Murtagh,
 * P. Legendre 2014; P. J. Rousseeuw 1987; L. Hubert, P. Arabie 1985.
 */
#ifndef KZ_STAT_CLUSTER_H
#define KZ_STAT_CLUSTER_H

#include "base/status.h"

enum { KZ_WARD_MOST = 8000 };

typedef struct kz_points {
    int n, n_columns;
    const double *const *column;
} kz_points;

KZ_MUST_USE kz_status kz_kmeans(const kz_points *x, int k, int starts, uint64_t seed, int type[], double *within,
                                kz_err *err);

/* height: n - 1, ascending; merge: 2 (n - 1), each step joins merge[2s] and merge[2s + 1], where i < n is a point and
 * n + s the group made in step s. */
KZ_MUST_USE kz_status kz_ward(const kz_points *x, double height[], int merge[], kz_err *err);
/* k groups, numbered by their first point. */
KZ_MUST_USE kz_status kz_ward_cut(const int merge[], int n, int k, int type[], kz_err *err);

/* 0 for a point that is alone in its group. */
KZ_MUST_USE kz_status kz_silhouette(const kz_points *x, const int type[], int k, double width[], kz_err *err);

/* 1 for equal partitions, 0 as by chance; 1 when both have one group. */
KZ_MUST_USE kz_status kz_adjusted_rand(const int a[], int n_a, const int b[], int n_b, int n, double *ret, kz_err *err);

#endif
