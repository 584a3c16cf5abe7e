/*
 * bench_locate - points in polygons: the grid of geo/locator.h beside GEOS (prepared geometries in an STR tree).
 *
 *     bench_locate FILE POINTS
 *
 * Random points in the rectangle around the outlines of FILE.  Both must give each point the same area, but for
 * points within a centimetre of a border, which are counted.  Seconds of processor time to stdout:
 * make, find; GEOS make, find; points that differ, points on a border.
 */
#include "base/rng.h"
#include "geo/locator.h"
#include "io/geofile.h"

#include <geos_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct asked {
    GEOSContextHandle_t geos;
    const GEOSPreparedGeometry **prepared;
    const GEOSGeometry *point;
    int found;
} asked;

static void look(void *item, void *me)
{
    asked *a = me;
    int i = (int)(intptr_t)item - 1;
    if ((a->found < 0 || i < a->found) && GEOSPreparedIntersects_r(a->geos, a->prepared[i], a->point) == 1)
        a->found = i;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    kz_arena arena;
    kz_arena_init(&arena, (size_t)4 << 30);
    const kz_geofile_options how = { .crs = "auto", .target = 25832 };
    kz_geofile f;
    kz_locator l;
    kz_err err;
    int points = (int)strtol(argv[2], NULL, 10), *ours = calloc((size_t)points + 1, sizeof *ours);
    if (!ours || kz_geofile_read(argv[1], &how, &arena, &f, &err) != KZ_OK)
        return 1;
    kz_outline *outlines = kz_arena_new(&arena, kz_outline, f.n);
    for (int i = 0; i < f.n; i++)
        if (!outlines || kz_outline_from_wkb(f.features[i].wkb, f.features[i].n_wkb, &arena, &outlines[i], &err) != KZ_OK)
            return 1;
    double at = now();
    if (kz_locator_make(outlines, f.n, &arena, &l, &err) != KZ_OK)
        return 1;
    double make = now() - at;
    kz_rng rng = { 1 };
    int border = 0, differ = 0;
    at = now();
    for (int i = 0; i < points; i++) {
        kz_hit h;
        double x = l.x0 + (l.x1 - l.x0) * kz_rng_unit(&rng), y = l.y0 + (l.y1 - l.y0) * kz_rng_unit(&rng);
        kz_locator_find(&l, x, y, &h);
        ours[i] = h.n > 0 ? h.area[0] : -1;
        border += h.border;
    }
    double find = now() - at;

    GEOSContextHandle_t geos = GEOS_init_r();
    asked a = { .geos = geos, .prepared = calloc((size_t)f.n, sizeof *a.prepared) };
    at = now();
    GEOSSTRtree *tree = GEOSSTRtree_create_r(geos, 10);
    for (int i = 0; i < f.n; i++) {
        GEOSGeometry *g = GEOSGeomFromWKB_buf_r(geos, f.features[i].wkb, f.features[i].n_wkb);
        a.prepared[i] = GEOSPrepare_r(geos, g);
        GEOSSTRtree_insert_r(geos, tree, g, (void *)(intptr_t)(i + 1));
    }
    double geos_make = now() - at;
    rng = (kz_rng){ 1 };
    at = now();
    for (int i = 0; i < points; i++) {
        double x = l.x0 + (l.x1 - l.x0) * kz_rng_unit(&rng), y = l.y0 + (l.y1 - l.y0) * kz_rng_unit(&rng);
        GEOSGeometry *p = GEOSGeom_createPointFromXY_r(geos, x, y);
        a.point = p;
        a.found = -1;
        GEOSSTRtree_query_r(geos, tree, p, look, &a);
        differ += a.found != ours[i];
        GEOSGeom_destroy_r(geos, p);
    }
    double geos_find = now() - at;
    printf("%.3f %.3f %.3f %.3f %d %d\n", make, find, geos_make, geos_find, differ, border);
    return 0;
}
