/*
 * adjacency.h - who is whose neighbour.
 *
 *     kz_adjacency g;
 *     KZ_TRY(kz_adjacency_make(&topology, KZ_QUEEN, &arena, &g, err));
 *     for (int i = g.start[area]; i < g.start[area + 1]; i++)
 *         use(g.neighbour[i]);
 *
 * Rook neighbours share a border, queen neighbours a corner or more; the
 * topology's snapping decides what is shared, so files that are drawn twice
 * along a border work (Köln).  Symmetric, no area is its own neighbour,
 * neighbours ascending.  Lives in the arena.  O(links log links).
 */
#ifndef KZ_GEO_ADJACENCY_H
#define KZ_GEO_ADJACENCY_H

#include "geo/topology.h"

typedef enum kz_contiguity { KZ_ROOK, KZ_QUEEN } kz_contiguity;

typedef struct kz_adjacency {
    int n;               /* areas                                     */
    int n_links;         /* entries of `neighbour`: both directions   */
    const int *start;    /* n + 1 positions in `neighbour`            */
    const int *neighbour;
} kz_adjacency;

KZ_MUST_USE kz_status kz_adjacency_make(const kz_topology *t, kz_contiguity rule, kz_arena *a,
                                        kz_adjacency *ret, kz_err *err);

#endif
