/*
 * svgmap.h - outlines of one level as paths that fit together.
 *
 * Borders that two areas share are simplified once (arcs, Visvalingam), so
 * neighbours never gape.  Coordinates are in map units (pixels at the drawn
 * width of 620), y downwards, one decimal; paths use relative steps.
 * Method: Visvalingam & Whyatt 1993 by effective area; label point: pole of
 * inaccessibility, weighted for width.
 */
#ifndef KZ_GEO_SVGMAP_H
#define KZ_GEO_SVGMAP_H

#include "base/arena.h"
#include "geo/polygon.h"

typedef struct kz_map_area {
    const char *d;                /* SVG path of the area                     */
    double label_x, label_y;      /* middle of a name, both ways               */
    double label_width;           /* room for it, map units                   */
    double x0, y0, x1, y1;        /* bounding box                             */
    double surface;               /* in map units, for "largest first"        */
} kz_map_area;

typedef struct kz_map {
    double width, height;
    double km;                    /* map units per kilometre                  */
    int n;
    const kz_map_area *areas;
    const char *parent_borders;   /* SVG path of arcs between areas of different parents, "" if none */
} kz_map;

/* outlines: n multipolygons in metres of an equal-area or conformal plane
 * system (UTM); parent[i]: any number that is equal for areas of one parent, or
 * NULL; tolerance in square metres (4000 for a city).  Result lives in `a`.
 * KZ_E_INPUT: no area has an outline.  KZ_E_LIMIT: arena exhausted. */
KZ_MUST_USE kz_status kz_map_build(const kz_outline outlines[], int n, const int64_t parent[],
                                   double width, double tolerance, kz_arena *a, kz_map *ret, kz_err *err);

#endif
