/*
 * peers.h - which areas are built like this one, and in which respect they differ.
 *
 *     kz_peer peer[6];
 *     kz_peers_find(z, n_columns, n_areas, area, 6, peer, share);
 *     // peer[0].area is the nearest; share[0 * n_columns + c]: part of column c in the squared distance
 *
 * z are standardised columns (index.h, kz_index_z), z[c][i].  The distance is Euclidean over the columns; the squared
 * differences of the columns are its parts, so the shares of a peer add up to 1 (all 0 when the distance is 0).
 * Equal distances keep the order of the areas.  O(n · (columns + wanted)) an area, nothing allocated.
 */
#ifndef KZ_STAT_PEERS_H
#define KZ_STAT_PEERS_H

typedef struct kz_peer {
    int    area;
    double distance;
} kz_peer;

/* `wanted` must be below n. */
void kz_peers_find(const double *const z[], int n_columns, int n, int area, int wanted, kz_peer peer[],
                   double share[]);

#endif
