/* kekiz-geo FILE SOURCE_CRS TARGET_EPSG LAYER; see worker.h. */
#include "geo/worker/worker.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int say_header(OGRLayerH layer, const char *crs)
{
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer);
    int n = OGR_FD_GetFieldCount(defn);
    if (n > KZ_GEO_FIELDS_MAX)
        worker_fail(KZ_GEO_MANY_FIELDS, (uint32_t)n, "");
    for (int i = 0; i < n; i++)
        if (strlen(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i))) > KZ_GEO_TEXT_MAX / 2)
            worker_fail(KZ_GEO_LONG_NAME, 0, "");
    wire_begin('H');
    wire_text(OGR_L_GetName(layer));
    wire_text(crs);
    wire_u32((uint32_t)n);
    for (int i = 0; i < n; i++)
        wire_text(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i)));
    wire_end();
    return n;
}

static void say_feature(OGRFeatureH f, uint32_t row, int n_fields, const shape *s)
{
    wire_begin('F');
    wire_u32(row);
    wire_u8((uint8_t)s->kind);
    wire_f64(s->lon);
    wire_f64(s->lat);
    wire_f64(s->ground);
    for (int i = 0; i < n_fields; i++) {
        const char *text = OGR_F_GetFieldAsString(f, i);
        if (strlen(text) > KZ_GEO_TEXT_MAX / 2)
            worker_fail(KZ_GEO_LONG_TEXT, row, "");
        wire_text(text);
    }
    wire_bytes(s->wkb, s->n);
    wire_end();
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    worker_limit(argv[1]);
    outline_init();
    GDALDatasetH ds;
    OGRLayerH layer;
    OGRCoordinateTransformationH to_target, to_lonlat;
    char crs[300];
    source_open(argv[1], argv[2], argv[4], &ds, &layer);
    source_transforms(layer, argv[2], (int)strtol(argv[3], NULL, 10), crs, sizeof crs, &to_target, &to_lonlat);

    int n_fields = say_header(layer, crs);
    uint32_t row = 0;
    OGR_L_ResetReading(layer);
    for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer));) {
        if (++row > KZ_GEO_FEATURES_MAX)
            worker_fail(KZ_GEO_MANY_FEATURES, row, "");
        if (last_trouble()[0])
            worker_fail(KZ_GEO_READ_ROW, row, last_trouble());
        shape s = { 0 };
        outline_make(OGR_F_GetGeometryRef(f), row, to_target, to_lonlat, &s);
        say_feature(f, row, n_fields, &s);
        shape_done(&s);
        OGR_F_Destroy(f);
    }
    if (last_trouble()[0])
        worker_fail(KZ_GEO_READ_ROW, row + 1, last_trouble());
    if (row == 0)
        worker_fail(KZ_GEO_EMPTY, 0, argv[1]);
    wire_begin('Z');
    wire_u32(row);
    wire_end();
    /* Everything is said; the libraries need not tidy up what ends anyway. */
    _exit(0);
}
