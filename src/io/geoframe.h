/*
 * geoframe.h - what kekiz and its worker kekiz-geo say to each other.
 *
 * The worker writes frames to stdout: one byte of type, four of length, then
 * the payload.  Numbers are little-endian; a text is four bytes of length and
 * UTF-8.  kekiz believes none of it (io/geofile.c).
 *
 *     'H' header   text layer, text crs, u32 n_fields, text × n_fields
 *     'F' feature  u32 row, u8 kind, f64 lon, f64 lat, f64 ground, text × n_fields,
 *                 text wkb
 *                 (ground: square metres on Earth for one in the plane)
 *     'N' notice   u8 message, u32 row, text what
 *     'E' error    u8 message, u32 row, text what      the last frame
 *     'Z' end      u32 n_features                      the last frame
 */
#ifndef KZ_IO_GEOFRAME_H
#define KZ_IO_GEOFRAME_H

enum { KZ_GEO_POLYGON = 1, KZ_GEO_POINT = 2 };

/* Names of messages; the texts stand in the catalogue as geofile.<name>. */
#define KZ_GEO_MESSAGES(X) \
    X(OPEN, open, KZ_E_IO)                      /* no such file, no right to read it     */ \
    X(FORMAT, format, KZ_E_INPUT)               /* none of the formats we read           */ \
    X(TOO_LARGE, too_large, KZ_E_LIMIT)         /* bytes                                 */ \
    X(MANY_FEATURES, many_features, KZ_E_LIMIT)                                             \
    X(MANY_POINTS, many_points, KZ_E_LIMIT)                                                 \
    X(MANY_FIELDS, many_fields, KZ_E_LIMIT)                                                 \
    X(LONG_TEXT, long_text, KZ_E_LIMIT)                                                     \
    X(ZIP, zip, KZ_E_INPUT)                     /* not exactly one layer file in the zip */ \
    X(NO_DBF, no_dbf, KZ_E_INPUT)                                                           \
    X(NO_SHX, no_shx, KZ_E_INPUT)                                                           \
    X(CUT, cut, KZ_E_INPUT)                     /* shorter than its head says            */ \
    X(LAYERS, layers, KZ_E_INPUT)               /* several, none chosen                  */ \
    X(NO_LAYER, no_layer, KZ_E_INPUT)           /* the chosen one is not there           */ \
    X(NO_CRS, no_crs, KZ_E_INPUT)               /* no .prj                               */ \
    X(BAD_CRS, bad_crs, KZ_E_INPUT)             /* --crs is not known to PROJ            */ \
    X(TRANSFORM, transform, KZ_E_INPUT)                                                     \
    X(ELSEWHERE, elsewhere, KZ_E_INPUT)         /* not in or near Germany                */ \
    X(EMPTY, empty, KZ_E_INPUT)                                                             \
    X(NO_SHAPE, no_shape, KZ_E_INPUT)           /* row without geometry                  */ \
    X(WRONG_SHAPE, wrong_shape, KZ_E_INPUT)     /* a line, for instance                  */ \
    X(NO_PLACE, no_place, KZ_E_INPUT)           /* NaN, infinite, far away               */ \
    X(BAD_SHAPE, bad_shape, KZ_E_INPUT)         /* not even repairable                   */ \
    X(READ, read, KZ_E_INPUT)                   /* GDAL stopped: its own words           */ \
    X(MEMORY, memory, KZ_E_LIMIT)                                                           \
    X(SETUP, setup, KZ_E_IO)                    /* GDAL or PROJ is not installed right   */ \
    X(READ_ROW, read_row, KZ_E_INPUT)           /* the same, and in which row            */ \
    X(LONG_NAME, long_name, KZ_E_LIMIT)         /* of a column                           */ \
    X(JSON, json, KZ_E_INPUT)                   /* not JSON; row: line of the text       */ \
    X(JSON_DEEP, json_deep, KZ_E_LIMIT)                                                     \
    X(JSON_NUMBER, json_number, KZ_E_INPUT)     /* what: the number                      */ \
    X(JSON_TWICE, json_twice, KZ_E_INPUT)       /* what: the key                         */ \
    X(JSON_TEXT, json_text, KZ_E_INPUT)         /* not UTF-8, a lone surrogate           */ \
    X(JSON_BOM, json_bom, KZ_E_INPUT)                                                       \
    X(JSON_COORDINATE, json_coordinate, KZ_E_INPUT) /* not a number; row: of the feature */ \
    X(JSON_LEVELS, json_levels, KZ_E_INPUT)     /* brackets do not fit; what: the type   */ \
    X(UNKNOWN_CRS, unknown_crs, KZ_E_INPUT)     /* the file names a system that is none  */ \
    X(SYSTEM, system, KZ_E_INPUT)               /* looks like another; what: EPSG:N      */ \
    X(SWAPPED, swapped, KZ_E_INPUT)             /* latitude before longitude             */ \
    X(DAMAGED, damaged, KZ_E_INPUT)             /* GeoPackage: quick_check               */ \
    X(WAL, wal, KZ_E_INPUT)                     /* GeoPackage: changes in a side file    */ \
    X(NO_TABLE, no_table, KZ_E_INPUT)           /* GeoPackage: the layer is a view       */ \
    X(FIX_CROSSED, fix_crossed, KZ_OK)          /* notices from here on: what was repaired */ \
    X(FIX_TOUCHES, fix_touches, KZ_OK)                                                      \
    X(FIX_HOLE, fix_hole, KZ_OK)                                                            \
    X(FIX_NESTED, fix_nested, KZ_OK)                                                        \
    X(FIX_OTHER, fix_other, KZ_OK)

#define KZ_GEO_MESSAGE_ENUM(NAME, name, status) KZ_GEO_##NAME,
typedef enum kz_geo_message { KZ_GEO_MESSAGES(KZ_GEO_MESSAGE_ENUM) KZ_N_GEO_MESSAGES } kz_geo_message;

/* Bounds that the worker keeps and kekiz checks again. */
enum {
    KZ_GEO_FEATURES_MAX = 100000,
    KZ_GEO_POINTS_MAX = 8000000,
    KZ_GEO_FIELDS_MAX = 256,
    KZ_GEO_TEXT_MAX = 64 * 1024,
    KZ_GEO_FILE_MAX = 512 << 20,
    KZ_GEO_FRAME_MAX = 192 << 20,
    KZ_GEO_CPU_SECONDS = 120,
};

#endif
