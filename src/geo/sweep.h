/*
 * sweep.h - many outlines at once, in strips in which no two edges cross.
 *
 *     static kz_status take(void *me, const kz_strip *s, kz_err *err)
 *     {
 *         for (int i = 0; i + 1 < s->n; i++)               // between edge i and the next one
 *             use(s->edge[i].owner, (s->edge[i + 1].x - s->edge[i].x) * (s->y1 - s->y0));
 *         return KZ_OK;
 *     }
 *     KZ_TRY(kz_sweep_run(outlines, n, take, me, err));
 *
 * The plane is cut into horizontal strips at every corner and at every crossing of two edges.  Inside a
 * strip the edges are ordered from left to right, so what lies between two of them is one trapezoid that
 * is inside the same outlines all over.  Areas of any combination (overlaps, gaps, common land of two
 * divisions) are sums of such trapezoids; edges that coincide make trapezoids of no width, so borders that
 * are drawn twice need no special care and rounding moves an area by about 1e-9 of the length of its border.
 *
 * Inside means even-odd, so holes are holes.  The strips come from the south to the north; their arrays
 * are valid during the call only.  O((corners + crossings) * edges in a strip) time, O(corners) memory.
 * Same input, same strips.  No locks, no globals.
 * Method: trapezoidal decomposition by a plane sweep, Bentley & Ottmann, "Algorithms for reporting and
 * counting geometric intersections", 1979; here crossings are found as inversions between the order at the
 * foot of a strip and at its top.
 */
#ifndef KZ_GEO_SWEEP_H
#define KZ_GEO_SWEEP_H

#include "geo/polygon.h"

typedef struct kz_strip_edge {
    int owner;         /* number of the outline                        */
    double x, x0, x1;  /* where it is in the middle, at the foot, at the top */
} kz_strip_edge;

typedef struct kz_strip {
    double y0, y1;
    int n;
    const kz_strip_edge *edge; /* by x */
} kz_strip;

/* A failure ends the sweep and is its result. */
typedef kz_status (*kz_strip_fn)(void *me, const kz_strip *s, kz_err *err);

/* Coordinates of the strips are the outlines' own.  KZ_E_LIMIT: no memory. */
KZ_MUST_USE kz_status kz_sweep_run(const kz_outline outlines[], int n, kz_strip_fn take, void *me, kz_err *err);

#endif
