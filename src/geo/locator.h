/*
 * locator.h - in which area does a point lie?  For millions of points.
 *
 *     kz_locator l;
 *     KZ_TRY(kz_locator_make(outlines, n, &arena, &l, err));
 *     kz_hit h;
 *     kz_locator_find(&l, x, y, &h);
 *     if (h.n == 1) use(h.area[0]);
 *
 * The rule for borders: an area has a point that lies inside of it or within KZ_ON_BORDER of its border.  A
 * point that several areas have only because it lies on their common border (`border`) belongs to the first of
 * them, so outlines are given in the order of their keys.  A point well inside two areas is reported as such:
 * the outlines overlap.  The same point has the same answer on every machine and in any order of points.
 *
 * Method: a grid over all outlines.  A cell that no border crosses knows its area at once; in others the edges
 * of the row of cells are walked (even-odd rule, half-open edges).  The result lives in the arena, is read-only
 * and safe from any thread.  Making: O(edges + cells * areas nearby); finding: O(1) inside, O(edges of an area
 * in one row) beside a border.
 */
#ifndef KZ_GEO_LOCATOR_H
#define KZ_GEO_LOCATOR_H

#include "geo/polygon.h"

/* Metres, or whatever the outlines are drawn in: one centimetre. */
#define KZ_ON_BORDER 0.01

enum { KZ_HITS = 8 };

typedef struct kz_hit {
    int n;              /* areas that have the point, at most KZ_HITS are named */
    int area[KZ_HITS];  /* ascending                                            */
    bool border;        /* of several: all but at most one only by the border   */
} kz_hit;

typedef struct kz_locator {
    int n, rows, cols;
    double x0, y0, wide, high; /* lower left corner, size of a cell             */
    double x1, y1;
    const int *cell;           /* rows * cols: area >= 0; -1 none; else -2 - i of `list` */
    const struct kz_locator_entry *list;
    const kz_point *edges;     /* two points an edge                            */
    const kz_outline *outlines;
    const double *box;         /* x0 y0 x1 y1 an area                           */
} kz_locator;

/* `outlines` must live as long as the locator.  KZ_E_INPUT: no outline; KZ_E_LIMIT: the arena is full. */
KZ_MUST_USE kz_status kz_locator_make(const kz_outline outlines[], int n, kz_arena *a, kz_locator *ret, kz_err *err);
void kz_locator_find(const kz_locator *l, double x, double y, kz_hit *ret);
/* The area whose border is nearest and not farther than `most`, for gaps between outlines; -1: none. */
int kz_locator_nearest(const kz_locator *l, double x, double y, double most);
/* Does the point lie in this one area, or at most so far from it?  O(points of the outline). */
bool kz_locator_within(const kz_locator *l, int area, double x, double y, double most);

#endif
