/*
 * geofile.h - outlines and points from a file of a geographic information system.
 *
 *     kz_geofile_options how = { .crs = "auto", .target = 25832 };
 *     kz_geofile f;
 *     KZ_TRY(kz_geofile_read("Stadtteil.shp", &how, &arena, &f, err));
 *     for (int i = 0; i < f.n; i++)
 *         use(f.features[i].values[0], f.features[i].wkb, f.features[i].n_wkb);
 *
 * Shapefile (also zipped), GeoJSON, GeoPackage and KML.  The file is read by the
 * program kekiz-geo in a process of its own with bounds on memory and time
 * (geo/worker); what it says is checked here like any foreign input.  Everything
 * lives in the arena.  One worker a call; safe from any thread.  Polygons come
 * repaired and in the target system (metres), x to the east.
 *
 * Errors name the file: KZ_E_MISSING (not there), KZ_E_IO (closed to us, or the worker is missing),
 * KZ_E_INPUT (the file is wrong), KZ_E_LIMIT (too large, too slow).
 */
#ifndef KZ_IO_GEOFILE_H
#define KZ_IO_GEOFILE_H

#include "base/arena.h"
#include "io/geoframe.h"

typedef struct kz_geofile_options {
    const char *crs;   /* "auto" (what the file says) or "EPSG:N"    */
    int target;        /* EPSG number of a plane system in metres; 0: coordinates as drawn, anywhere on earth
                          and without any system; lon and lat are then 0, ground 1 */
    const char *layer; /* NULL: the only one                         */
} kz_geofile_options;

typedef struct kz_geo_feature {
    int row;           /* 1 is the first                             */
    int kind;          /* KZ_GEO_POLYGON, KZ_GEO_POINT               */
    double lon, lat;   /* of a point inside                          */
    double ground;     /* true square metres for one of the plane     */
    const char *const *values; /* one text a field, UTF-8, never NULL */
    const void *wkb;   /* MultiPolygon or Point; unchecked: kz_outline_from_wkb() */
    size_t n_wkb;
    const char *repair; /* message id of what was wrong with the outline, NULL: sound */
} kz_geo_feature;

typedef struct kz_geofile {
    const char *layer, *crs; /* name of the layer and of the system found */
    int n_fields, n;
    const char *const *fields;
    const kz_geo_feature *features;
} kz_geofile;

KZ_MUST_USE kz_status kz_geofile_read(const char *path, const kz_geofile_options *how, kz_arena *a,
                                      kz_geofile *ret, kz_err *err);

/* Number of a column: exactly, else without regard to case.  KZ_E_INPUT lists the columns that there are. */
KZ_MUST_USE kz_status kz_geofile_field(const kz_geofile *f, const char *path, const char *name, int *ret,
                                       kz_err *err);

/* Read frames that somebody wrote into memory: for tests and the fuzz target. */
KZ_MUST_USE kz_status kz_geofile_from_frames(const void *bytes, size_t n, const char *path, kz_arena *a,
                                             kz_geofile *ret, kz_err *err);

#endif
