/*
 * corner.h - a set of corners in which neighbours closer than `snap` are one.
 *
 * Used by topology.c alone.  A hash grid of cells eight times as wide as `snap`
 * finds near corners in O(1) and those on an edge in O(length / cell).
 */
#ifndef KZ_GEO_CORNER_H
#define KZ_GEO_CORNER_H

#include "geo/polygon.h"

typedef struct kz_corners {
    double snap, cell;
    int n, room;
    kz_point *p;
    int *next;       /* chain of corners in one grid cell, -1 ends it */
    int *heads;      /* hash of the cell to its first corner          */
    size_t mask;
    int *seen, stamp; /* which corners the current edge has looked at */
} kz_corners;

typedef struct kz_buf_ints {
    int n, room;
    int *v;
} kz_buf_ints;

KZ_MUST_USE kz_status kz_ints_add(kz_buf_ints *b, int v, kz_err *err);

KZ_MUST_USE kz_status kz_corners_init(kz_corners *c, size_t expected, double snap, kz_err *err);
void kz_corners_done(kz_corners *c);
/* The number of the nearest corner within `snap`, or of a new one. */
KZ_MUST_USE kz_status kz_corner_at(kz_corners *c, kz_point p, int *ret, kz_err *err);
/* A corner of its own that nothing snaps to. */
KZ_MUST_USE kz_status kz_corner_new(kz_corners *c, kz_point p, int *ret, kz_err *err);
/* Append the corners that lie within `snap` of the edge, in its direction. */
KZ_MUST_USE kz_status kz_corners_on_edge(kz_corners *c, int from, int to, kz_buf_ints *out, kz_err *err);

#endif
