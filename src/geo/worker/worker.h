/*
 * worker.h - kekiz-geo: the one program that lets GDAL, GEOS and PROJ loose on
 * a foreign file.
 *
 *     kekiz-geo FILE SOURCE_CRS TARGET_EPSG LAYER
 *
 * SOURCE_CRS is "auto" or "EPSG:N", LAYER may be empty.  It reads FILE, writes
 * frames (io/geoframe.h) to stdout and nothing else anywhere.  It is a process
 * of its own because these libraries are large, slow to start, and have had
 * many bugs: a crash here is a message there.  limits.c takes away what it does
 * not need before the file is touched.
 *
 * Every failure says its one error frame and ends the process (worker_fail),
 * so the functions here have no status to hand up and nothing to free.
 */
#ifndef KZ_GEO_WORKER_H
#define KZ_GEO_WORKER_H

#include "io/geoframe.h"

#include <gdal/gdal.h>
#include <gdal/ogr_api.h>
#include <gdal/ogr_srs_api.h>
#include <stdbool.h>
#include <stdint.h>

/* limits.c */
void worker_limit(const char *file); /* memory, time, files, calls */

/* wire.c */
void wire_begin(char type);
void wire_u8(uint8_t v);
void wire_u32(uint32_t v);
void wire_f64(double v);
void wire_text(const char *s);              /* made UTF-8 if it is not */
void wire_bytes(const void *p, size_t n);
void wire_end(void);
void worker_note(kz_geo_message m, uint32_t row, const char *what);
_Noreturn void worker_fail(kz_geo_message m, uint32_t row, const char *what);

/* source.c */
const char *last_trouble(void);              /* GDAL's last words, "" if none */
void source_open(const char *file, const char *crs, const char *layer, GDALDatasetH *ds, OGRLayerH *ret);
/* From the file's own system (or the one given) to EPSG:target and to lon/lat; target 0: none, as drawn. */
void source_transforms(OGRLayerH layer, const char *crs, int target, char *found, size_t found_size,
                       OGRCoordinateTransformationH *to_target, OGRCoordinateTransformationH *to_lonlat);

/* outline.c */
typedef struct shape {
    int kind;               /* KZ_GEO_POLYGON, KZ_GEO_POINT */
    double lon, lat;        /* a point inside               */
    double ground;          /* square metres on Earth for one in the plane */
    unsigned char *wkb;     /* in the target system         */
    size_t n;
} shape;
void outline_init(void);
/* Check, repair, project; says a notice when something was repaired. */
void outline_make(OGRGeometryH g, uint32_t row, OGRCoordinateTransformationH to_target,
                  OGRCoordinateTransformationH to_lonlat, shape *ret);
void shape_done(shape *s);

#endif
