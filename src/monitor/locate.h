/*
 * locate.h - the rows of a file, each with its areas and a verdict.
 *
 *     kz_locate_order order = { .file = "schulen.csv", .lon = "longitude", .lat = "latitude" };
 *     kz_auto(kz_locate) l = { 0 };
 *     KZ_TRY(kz_locate_open(&l, ws->work, &order, err));
 *     kz_locate_row row;
 *     while (kz_locate_next(&l, &row))
 *         use(row.field, l.n_columns, row.at, row.verdict);
 *     KZ_TRY(kz_locate_end(&l, err));
 *     tell(l.count[KZ_LOCATED_OUTSIDE]);
 *
 * Points or addresses of a CSV; points of a GeoJSON, GeoPackage, Shapefile or KML file, which the worker reads
 * with whatever system of coordinates it has.  Without columns in the order they are recognised by their names.
 *
 * Coordinates may have a decimal point or a decimal comma (`comma` says so).  Before the first row is given
 * out all points are looked at: when most are not near the municipality, but would be with longitude and
 * latitude exchanged or in another system, the file is refused and the message says which.  Nothing is
 * exchanged or converted silently.
 *
 * `expect` names a column with the area that the row itself claims: its key, its name, a longer key that
 * begins with it, with or without leading zeros.  Where the point or address lies elsewhere the verdict is
 * mismatch, and the areas are those of the point.
 *
 * Memory: the file.  O(rows).  Not for sharing between threads.
 */
#ifndef KZ_MONITOR_LOCATE_H
#define KZ_MONITOR_LOCATE_H

#include "base/parse.h"
#include "io/csv.h"
#include "io/geofile.h"
#include "monitor/address_columns.h"
#include "monitor/area_keys.h"
#include "monitor/pointmap.h"

enum { KZ_LOCATE_COLUMNS = 8 };

typedef struct kz_locate_order {
    const char *file;      /* path, or "-" for a CSV                                   */
    const void *bytes;     /* of a CSV that is in memory already; NULL: read `file`    */
    size_t n_bytes;
    const char *lon, *lat; /* columns; both or none                                    */
    const char *address[KZ_LOCATE_COLUMNS]; /* columns: street, number, suffix, postcode; ends with NULL */
    const char *crs;       /* of lon and lat: NULL is EPSG:4326; of a geometry file: NULL is what it says */
    const char *layer;     /* of a geometry file                                       */
    const char *level;     /* the finest level that is asked for; NULL: the finest there is */
    const char *expect;    /* column with the area that the row claims; NULL: none     */
} kz_locate_order;

typedef struct kz_locate_row {
    const kz_view *field;  /* n_columns of the input              */
    uint64_t line;         /* of the file; of a geometry file: its number */
    int at[KZ_TREE_LEVELS]; /* by level of the tree: area, -1 none */
    kz_located_verdict verdict;
    kz_located_why why;
    int expected;          /* area that the row claims, -1        */
} kz_locate_row;

typedef struct kz_locate {
    const kz_locate_order *order;
    kz_arena arena;
    kz_area_tree tree;
    int target;            /* level: columns of areas are those of levels 0 … target */
    size_t n_columns;
    const kz_view *header;
    bool comma;            /* coordinates had a decimal comma     */
    bool rough;            /* their system is good to 3 metres only */
    int64_t count[KZ_N_LOCATED], whys[KZ_N_LOCATED_WHYS], zeros, rows;
    kz_csv csv;
    kz_geofile geo;
    bool is_geo, by_address;
    int at_feature;
    kz_view *geo_fields;
    kz_pointmap map;
    kz_crs crs;
    size_t x, y, expect, address[KZ_N_ADDRESS_ROLES];
    kz_number_style style[2];
    kz_gazetteer_ref gazetteer;
    kz_area_keys keys;
} kz_locate;

/*
 * KZ_E_USAGE    no columns to locate by
 * KZ_E_INPUT    not readable, no such column, or the coordinates are in another system or exchanged
 * KZ_E_MISSING  no such file or level; no list of addresses
 */
KZ_MUST_USE kz_status kz_locate_open(kz_locate *l, kz_db *work, const kz_locate_order *order, kz_err *err);
bool kz_locate_next(kz_locate *l, kz_locate_row *row);
KZ_MUST_USE kz_status kz_locate_end(const kz_locate *l, kz_err *err);
void kz_locate_done(kz_locate *l);

/* For messages: where the row says it is located, "Hauptstr. 12" or "7.12 51.03". */
void kz_locate_place(kz_buf *out, const kz_locate *l, const kz_locate_row *row);
/* A street of the list that may be meant; NULL. */
const char *kz_locate_propose(const kz_locate *l, const kz_locate_row *row);

#endif
