/* One geometry: checked, repaired with GEOS, projected with PROJ. */
#include "geo/worker/worker.h"

#include <gdal/cpl_conv.h>
#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static GEOSContextHandle_t geos;
static char geos_trouble[400];
static int64_t points_seen;

static void keep_words(const char *text, void *unused)
{
    (void)unused;
    snprintf(geos_trouble, sizeof geos_trouble, "%s", text);
}

void outline_init(void)
{
    geos = GEOS_init_r();
    if (!geos)
        worker_fail(KZ_GEO_SETUP, 0, "GEOS");
    GEOSContext_setErrorMessageHandler_r(geos, keep_words, NULL);
    GEOSContext_setNoticeMessageHandler_r(geos, keep_words, NULL);
}

static void check_points(OGRGeometryH g, uint32_t row, int depth)
{
    if (depth > 8)
        worker_fail(KZ_GEO_BAD_SHAPE, row, "");
    int n = OGR_G_GetPointCount(g), parts = OGR_G_GetGeometryCount(g);
    points_seen += n;
    if (points_seen > KZ_GEO_POINTS_MAX)
        worker_fail(KZ_GEO_MANY_POINTS, row, "");
    for (int i = 0; i < n; i++) {
        double x = OGR_G_GetX(g, i), y = OGR_G_GetY(g, i);
        if (!(fabs(x) <= 1e9) || !(fabs(y) <= 1e9)) {
            char place[80];
            snprintf(place, sizeof place, "%.6g / %.6g", x, y);
            worker_fail(KZ_GEO_NO_PLACE, row, place);
        }
    }
    for (int i = 0; i < parts; i++)
        check_points(OGR_G_GetGeometryRef(g, i), row, depth + 1);
}

static unsigned char *to_wkb(OGRGeometryH g, size_t *n)
{
    *n = OGR_G_WkbSizeEx(g);
    unsigned char *p = malloc(*n + 1);
    if (!p || OGR_G_ExportToIsoWkb(g, wkbNDR, p) != OGRERR_NONE)
        worker_fail(KZ_GEO_MEMORY, 0, "");
    return p;
}

static OGRGeometryH from_wkb(const unsigned char *p, size_t n)
{
    OGRGeometryH g = NULL;
    if (OGR_G_CreateFromWkbEx(p, NULL, &g, n) != OGRERR_NONE || !g)
        worker_fail(KZ_GEO_MEMORY, 0, "");
    return g;
}

/* Polygons of any collection, flat, as a list. */
static void collect(const GEOSGeometry *g, GEOSGeometry *list[], unsigned room, unsigned *n)
{
    int type = GEOSGeomTypeId_r(geos, g);
    double area = 0;
    if (type == GEOS_POLYGON) {
        if (GEOSArea_r(geos, g, &area) && area > 0 && *n < room)
            list[(*n)++] = GEOSGeom_clone_r(geos, g);
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        for (int i = 0; i < GEOSGetNumGeometries_r(geos, g); i++)
            collect(GEOSGetGeometryN_r(geos, g, i), list, room, n);
    }
}

static GEOSGeometry *polygons_only(const GEOSGeometry *g, uint32_t row)
{
    enum { ROOM = 100000 };
    GEOSGeometry **list = calloc(ROOM, sizeof *list);
    unsigned n = 0;
    if (!list)
        worker_fail(KZ_GEO_MEMORY, row, "");
    collect(g, list, ROOM, &n);
    if (n == 0)
        worker_fail(KZ_GEO_BAD_SHAPE, row, geos_trouble);
    GEOSGeometry *multi = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, list, n);
    free(list);
    if (!multi)
        worker_fail(KZ_GEO_BAD_SHAPE, row, geos_trouble);
    return multi;
}

static kz_geo_message reason_of(const char *words)
{
    static const struct {
        const char *words;
        kz_geo_message message;
    } KNOWN[] = {
        { "Ring Self-intersection", KZ_GEO_FIX_TOUCHES }, { "Self-intersection", KZ_GEO_FIX_CROSSED },
        { "Hole", KZ_GEO_FIX_HOLE },                      { "Holes", KZ_GEO_FIX_HOLE },
        { "Interior", KZ_GEO_FIX_HOLE },                  { "Nested", KZ_GEO_FIX_NESTED },
        { "Duplicate", KZ_GEO_FIX_NESTED },
    };
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (strncmp(words, KNOWN[i].words, strlen(KNOWN[i].words)) == 0)
            return KNOWN[i].message;
    return KZ_GEO_FIX_OTHER;
}

/* `g` or, when it is invalid, what MakeValid makes of it; says so. */
static GEOSGeometry *repaired(GEOSGeometry *g, uint32_t row)
{
    char *reason = NULL;
    GEOSGeometry *where = NULL;
    char valid = GEOSisValidDetail_r(geos, g, 0, &reason, &where);
    if (valid == 1)
        return g;
    GEOSMakeValidParams *how = GEOSMakeValidParams_create_r(geos);
    GEOSMakeValidParams_setMethod_r(geos, how, GEOS_MAKE_VALID_STRUCTURE);
    GEOSMakeValidParams_setKeepCollapsed_r(geos, how, 0);
    GEOSGeometry *made = GEOSMakeValidWithParams_r(geos, g, how);
    if (!made)
        worker_fail(KZ_GEO_BAD_SHAPE, row, geos_trouble);
    worker_note(reason_of(reason ? reason : ""), row, "");
    GEOSMakeValidParams_destroy_r(geos, how);
    GEOSGeom_destroy_r(geos, g);
    if (where)
        GEOSGeom_destroy_r(geos, where);
    GEOSFree_r(geos, reason);
    GEOSGeometry *multi = polygons_only(made, row);
    GEOSGeom_destroy_r(geos, made);
    return multi;
}

/* A point well inside, in the target system. */
static void inner_point(const unsigned char *wkb, size_t n, uint32_t row, double *x, double *y)
{
    GEOSGeometry *g = GEOSGeomFromWKB_buf_r(geos, wkb, n), *point = NULL;
    double area = 0;
    if (g && GEOSArea_r(geos, g, &area) && area > 0) {
        GEOSGeometry *radius = GEOSMaximumInscribedCircle_r(geos, g, sqrt(area) / 100);
        if (radius) {
            point = GEOSGeomGetStartPoint_r(geos, radius);
            GEOSGeom_destroy_r(geos, radius);
        }
        if (!point)
            point = GEOSPointOnSurface_r(geos, g);
    }
    if (!point || !GEOSGeomGetX_r(geos, point, x) || !GEOSGeomGetY_r(geos, point, y))
        worker_fail(KZ_GEO_BAD_SHAPE, row, geos_trouble);
    GEOSGeom_destroy_r(geos, point);
    GEOSGeom_destroy_r(geos, g);
}

/* How large a square metre of the plane is on Earth at (x, y): UTM shrinks Köln
 * by 0.03 %.  Radii of curvature of the GRS 80 ellipsoid. */
static double ground_scale(double x, double y, uint32_t row, OGRCoordinateTransformationH to_lonlat)
{
    enum { STEP = 50 };
    double px[] = { x - STEP, x + STEP, x, x }, py[] = { y, y, y - STEP, y + STEP };
    if (!OCTTransform(to_lonlat, 4, px, py, NULL))
        worker_fail(KZ_GEO_TRANSFORM, row, last_trouble());
    const double a = 6378137, e2 = 0.00669438002290, radian = M_PI / 180;
    double phi = (py[0] + py[1]) / 2 * radian, w = 1 - e2 * sin(phi) * sin(phi);
    double north = a * (1 - e2) / (w * sqrt(w)) * radian, east = a / sqrt(w) * cos(phi) * radian;
    double cross = (px[1] - px[0]) * (py[3] - py[2]) - (px[3] - px[2]) * (py[1] - py[0]);
    return fabs(cross) * north * east / (4.0 * STEP * STEP);
}

/* The first corner of the feature at hand, as the file has it. */
static double first_x, first_y;

static void keep_first(OGRGeometryH g)
{
    while (OGR_G_GetPointCount(g) == 0 && OGR_G_GetGeometryCount(g) > 0)
        g = OGR_G_GetGeometryRef(g, 0);
    if (OGR_G_GetPointCount(g) > 0) {
        first_x = OGR_G_GetX(g, 0);
        first_y = OGR_G_GetY(g, 0);
    }
}

static bool within(double v, double lo, double hi)
{
    return v >= lo && v <= hi;
}

/* Coordinates that are nowhere in Germany: do they look like those of another system, or exchanged? */
static void suspect(uint32_t row)
{
    static const struct {
        double from, to;
        const char *what;
    } SYSTEMS[] = { { 200e3, 950e3, "EPSG:25832" },    { 2450e3, 2750e3, "EPSG:31466" },
                    { 3200e3, 3800e3, "EPSG:31467" },  { 4200e3, 4800e3, "EPSG:31468" },
                    { 32200e3, 32950e3, "EPSG:4647" }, { 33050e3, 33950e3, "EPSG:5650" } };
    char place[80];
    snprintf(place, sizeof place, "%.10g / %.10g", first_x, first_y);
    if (within(first_x, 47, 56) && within(first_y, 5, 16))
        worker_fail(KZ_GEO_SWAPPED, row, place);
    for (size_t i = 0; i < sizeof SYSTEMS / sizeof *SYSTEMS; i++) {
        if (within(first_y, 5200e3, 6150e3) && within(first_x, SYSTEMS[i].from, SYSTEMS[i].to))
            worker_fail(KZ_GEO_SYSTEM, row, SYSTEMS[i].what);
        if (within(first_x, 5200e3, 6150e3) && within(first_y, SYSTEMS[i].from, SYSTEMS[i].to))
            worker_fail(KZ_GEO_SWAPPED, row, place);
    }
    if (within(first_x, 5, 16) && within(first_y, 47, 56))
        worker_fail(KZ_GEO_SYSTEM, row, "EPSG:4326");
}

/* Rectangle around Germany with room for its neighbours' border towns. */
static void check_place(double lon, double lat, uint32_t row)
{
    if (lon >= 5 && lon <= 16 && lat >= 47 && lat <= 56)
        return;
    suspect(row);
    char place[80];
    snprintf(place, sizeof place, "%.3f / %.3f", lon, lat);
    worker_fail(KZ_GEO_ELSEWHERE, row, place);
}

/* Nothing in Germany is as wide as this (metres); what is, is a slip or a trick, and slow to measure. */
static void check_size(OGRGeometryH g, uint32_t row)
{
    OGREnvelope e;
    OGR_G_GetEnvelope(g, &e);
    if (e.MaxX - e.MinX < 2e6 && e.MaxY - e.MinY < 2e6)
        return;
    suspect(row);
    char place[80];
    snprintf(place, sizeof place, "%.6g / %.6g", first_x, first_y);
    worker_fail(KZ_GEO_ELSEWHERE, row, place);
}

static OGRGeometryH project(OGRGeometryH g, uint32_t row, OGRCoordinateTransformationH how)
{
    if (!how) /* as drawn */
        return g;
    if (OGR_G_Transform(g, how) != OGRERR_NONE) {
        suspect(row);
        worker_fail(KZ_GEO_TRANSFORM, row, last_trouble());
    }
    check_points(g, row, 0);
    check_size(g, row);
    return g;
}

static OGRGeometryH made_valid(OGRGeometryH g, uint32_t row)
{
    size_t n;
    OGR_G_CloseRings(g);
    unsigned char *wkb = to_wkb(g, &n);
    GEOSGeometry *raw = GEOSGeomFromWKB_buf_r(geos, wkb, n);
    free(wkb);
    OGR_G_DestroyGeometry(g);
    if (!raw)
        worker_fail(KZ_GEO_BAD_SHAPE, row, geos_trouble);
    GEOSGeometry *good = repaired(raw, row);
    GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
    GEOSWKBWriter_setByteOrder_r(geos, writer, GEOS_WKB_NDR);
    unsigned char *bytes = GEOSWKBWriter_write_r(geos, writer, good, &n);
    if (!bytes)
        worker_fail(KZ_GEO_MEMORY, row, "");
    OGRGeometryH made = from_wkb(bytes, n);
    GEOSFree_r(geos, bytes);
    GEOSWKBWriter_destroy_r(geos, writer);
    GEOSGeom_destroy_r(geos, good);
    return made;
}

/* The first corner alone: what begins at the pole need not be repaired and measured first. */
static void check_first(uint32_t row, OGRCoordinateTransformationH to_target, OGRCoordinateTransformationH to_lonlat)
{
    double x = first_x, y = first_y;
    if (!to_target)
        return;
    if (!OCTTransform(to_target, 1, &x, &y, NULL) || !OCTTransform(to_lonlat, 1, &x, &y, NULL)) {
        suspect(row);
        worker_fail(KZ_GEO_TRANSFORM, row, last_trouble());
    }
    check_place(x, y, row);
}

void outline_make(OGRGeometryH given, uint32_t row, OGRCoordinateTransformationH to_target,
                  OGRCoordinateTransformationH to_lonlat, shape *ret)
{
    if (!given || OGR_G_IsEmpty(given))
        worker_fail(KZ_GEO_NO_SHAPE, row, "");
    OGRGeometryH g = OGR_G_GetLinearGeometry(given, 0, NULL);
    if (!g)
        worker_fail(KZ_GEO_BAD_SHAPE, row, "");
    OGR_G_FlattenTo2D(g);
    check_points(g, row, 0);
    keep_first(g);
    check_first(row, to_target, to_lonlat);
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(g));
    double x, y;
    if (type == wkbPoint) {
        ret->kind = KZ_GEO_POINT;
        g = project(g, row, to_target);
        x = OGR_G_GetX(g, 0);
        y = OGR_G_GetY(g, 0);
        ret->wkb = to_wkb(g, &ret->n);
    } else {
        if (type == wkbPolygon || type == wkbGeometryCollection)
            g = OGR_G_ForceToMultiPolygon(g);
        if (wkbFlatten(OGR_G_GetGeometryType(g)) != wkbMultiPolygon)
            worker_fail(KZ_GEO_WRONG_SHAPE, row, OGRGeometryTypeToName(type));
        ret->kind = KZ_GEO_POLYGON;
        g = project(made_valid(g, row), row, to_target);
        g = OGR_G_ForceToMultiPolygon(g);
        ret->wkb = to_wkb(g, &ret->n);
        inner_point(ret->wkb, ret->n, row, &x, &y);
    }
    OGR_G_DestroyGeometry(g);
    if (!to_lonlat) {
        ret->ground = 1;
        ret->lon = ret->lat = 0;
        return;
    }
    ret->ground = ground_scale(x, y, row, to_lonlat);
    if (!OCTTransform(to_lonlat, 1, &x, &y, NULL))
        worker_fail(KZ_GEO_TRANSFORM, row, last_trouble());
    check_place(x, y, row);
    ret->lon = x;
    ret->lat = y;
}

void shape_done(shape *s)
{
    free(s->wkb);
    *s = (shape){ 0 };
}
