/*
 * topology.h - borders as arcs: every line between two areas exists once.
 *
 * Neighbours in real files do not share their corners exactly: the same border
 * was drawn twice, or one side has a corner more.  So corners closer than
 * `snap` become one, and a corner that lies on a neighbour's edge is put into
 * that edge.  Then rings are cut at junctions (corners where three or more
 * borders meet) into arcs that both neighbours refer to.
 *
 *     kz_topology t;
 *     KZ_TRY(kz_topology_build(outlines, n, 3.0, &arena, &t, err));
 *     kz_topology_simplify(&t, 4000.0, ...);             // simplify.c
 *
 * The result lives in the caller's arena.  Same input, same result.  No locks.
 * O(n log n) for n corners.  Arcs as in Esri's ArcInfo coverages and Bostock's
 * TopoJSON; snapping and splitting are our own.
 */
#ifndef KZ_GEO_TOPOLOGY_H
#define KZ_GEO_TOPOLOGY_H

#include "geo/polygon.h"

typedef struct kz_arc {
    int n;          /* corners; first and last are kept by every change  */
    kz_point *p;
    int from, to;   /* corner numbers of the ends, equal when closed     */
    int area[2];    /* areas beside it, -1: none                         */
    int uses;       /* rings that walk it: 1 outer border, 2 shared, more: outlines overlap */
} kz_arc;

typedef struct kz_topo_ring {
    int area, part;
    bool hole;
    int n_refs;
    const int *refs; /* arc, or ~arc when it is walked backwards */
} kz_topo_ring;

typedef struct kz_topology {
    int n_areas, n_arcs, n_rings, n_corners;
    kz_arc *arcs;
    kz_topo_ring *rings; /* by area, part; a shell before its holes */
} kz_topology;

/* Areas are numbered as the outlines.  A ring smaller than `snap` keeps its own
 * corners.  KZ_E_LIMIT: more than 8 million corners, or the arena is full. */
KZ_MUST_USE kz_status kz_topology_build(const kz_outline outlines[], int n, double snap, kz_arena *a,
                                        kz_topology *ret, kz_err *err);

/* Take corners out of arcs whose triangle with their neighbours is smaller than
 * `tolerance` (square units), smallest first: Visvalingam & Whyatt, "Line
 * generalisation by repeated elimination of points", 1993.  Ends stay, and no
 * ring gets fewer than three corners.  KZ_E_LIMIT: no memory. */
KZ_MUST_USE kz_status kz_topology_simplify(kz_topology *t, double tolerance, kz_err *err);

/* The outline of all areas together: arcs walked once, joined to rings with the
 * inside on the left.  Gaps and slivers thinner than `sliver` on average are
 * filled.  Build with the same `snap` in mind.  O(arcs).  Lives in the arena. */
KZ_MUST_USE kz_status kz_topology_union(const kz_topology *t, double sliver, kz_arena *a, kz_outline *ret,
                                        kz_err *err);

/* Points of a ring, first not repeated; `room` must hold kz_topo_ring_size(). */
int kz_topo_ring_size(const kz_topology *t, const kz_topo_ring *r);
int kz_topo_ring_points(const kz_topology *t, const kz_topo_ring *r, kz_point room[]);

#endif
