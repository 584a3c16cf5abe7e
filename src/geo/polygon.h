/*
 * polygon.h - multipolygons in the plane: reading, measuring, asking.
 *
 * An outline is a list of rings; the first ring of a part is its shell, the
 * others are its holes.  Rings are closed (first point = last point).
 *
 *     kz_outline o;
 *     KZ_TRY(kz_outline_from_wkb(blob, n, &arena, &o, err));
 *     double km2 = kz_outline_area(&o) / 1e6;
 *
 * An outline lives as long as the arena it was read into; nothing here locks.
 * Reading, measuring and asking are O(points); the inner point is O(points)
 * for each cell it looks at, some hundred.  Its method (pole of inaccessibility):
 * V. Agafonkin, "A new algorithm for finding a visual center of a polygon", 2016.
 */
#ifndef KZ_GEO_POLYGON_H
#define KZ_GEO_POLYGON_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct kz_point {
    double x, y;
} kz_point;

typedef struct kz_ring {
    int n; /* points, first repeated at the end */
    int part; /* rings of one polygon share the number */
    const kz_point *p;
} kz_ring;

typedef struct kz_outline {
    int n;
    const kz_ring *rings;
} kz_outline;

/* Well-known binary Polygon or MultiPolygon (2D, either byte order) from a
 * worker or database: bounded, never trusted.  KZ_E_INPUT: not such a thing. */
KZ_MUST_USE kz_status kz_outline_from_wkb(const void *wkb, size_t n, kz_arena *a, kz_outline *ret,
                                          kz_err *err);

/* The same, written: a MultiPolygon in little-endian order, as work.db keeps it. */
void kz_outline_to_wkb(const kz_outline *o, kz_buf *out);

double kz_ring_area(const kz_ring *r);                     /* > 0: counter-clockwise, y upwards */
double kz_outline_area(const kz_outline *o);               /* square units, holes taken off */
bool   kz_outline_contains(const kz_outline *o, double x, double y); /* even-odd */
/* A point well inside: pole of inaccessibility of the largest part. */
void   kz_outline_inner_point(const kz_outline *o, double *x, double *y, double *radius);
/* The same for something `wide` times as wide as high, such as a name: the
 * centre of the largest lying ellipse; `radius` is its half width. */
void   kz_outline_inner_point_wide(const kz_outline *o, double wide, double *x, double *y, double *radius);

#endif
