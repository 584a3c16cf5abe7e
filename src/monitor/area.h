/*
 * area.h - the municipality's areas: levels, keys, names, outlines, parents.
 *
 *     kz_area_import_options how = { .level = "Stadtteil", .key = "STT_NR", .name = "STT_NAME", .crs = "auto" };
 *     kz_area_report report;
 *     KZ_TRY(kz_area_import(ws->work, "Stadtteil.shp", &how, &arena, &report, err));
 *
 * A level is one division of the municipality (all Stadtteile).  Levels are
 * ranked by their number of areas, the city itself is rank 0.  The parent of an
 * area is found, in this order: from the column that --parent names; from its
 * key, when every key of the level begins with the key of exactly one area of
 * the next coarser level (501 in 5) and most lie in it; from its place.  After
 * every import ranks and parents are made anew, so the order of imports does
 * not matter.  The city's outline is the union of the coarsest level.
 *
 * All texts live in the arena given.  One connection, one thread.
 */
#ifndef KZ_MONITOR_AREA_H
#define KZ_MONITOR_AREA_H

#include "base/arena.h"
#include "store/db.h"

enum { KZ_LEVEL_TEXT = 128 };

typedef struct kz_area_level {
    int64_t id;
    int rank, n_areas;
    bool institution; /* of Kitas or schools: points beside the areas, behind all other levels */
    char code[KZ_LEVEL_TEXT], one[KZ_LEVEL_TEXT], many[KZ_LEVEL_TEXT];
} kz_area_level;

typedef struct kz_area {
    int64_t id, level_id, parent; /* parent 0: none */
    const char *key, *name, *level, *parent_key; /* level: its code; parent_key "" if none */
    const char *valid_from, *valid_to;           /* "" or an ISO date */
    double lon, lat, area_m2;                    /* NaN: unknown      */
} kz_area;

/* Levels from the city to the smallest areas. */
KZ_MUST_USE kz_status kz_area_levels(kz_db *work, kz_arena *a, const kz_area_level **ret, int *n, kz_err *err);
/* By name in any case.  KZ_E_MISSING lists the levels that there are. */
KZ_MUST_USE kz_status kz_area_level_find(kz_db *work, const char *name, kz_area_level *ret, kz_err *err);
/* KZ_E_MISSING: no area of the level has this key. */
KZ_MUST_USE kz_status kz_area_find(kz_db *work, const kz_area_level *level, const char *key, int64_t *ret,
                                   kz_err *err);
/* Areas of one level (NULL: of all), by level and key. */
KZ_MUST_USE kz_status kz_area_list(kz_db *work, const kz_area_level *level, kz_arena *a, const kz_area **ret,
                                   int *n, kz_err *err);

/* ---- import ------------------------------------------------------------ */

typedef struct kz_area_import_options {
    const char *level, *key, *name; /* level as people write it; columns of the file */
    const char *parent;             /* column with the parent's key, or NULL         */
    const char *crs;                /* "auto" or "EPSG:N"                            */
    const char *layer;              /* NULL: the only one                            */
    const char *valid_from;         /* ISO date or ""                                */
    const char *by;                 /* who brings them in, or NULL                   */
} kz_area_import_options;

typedef enum kz_parent_how { KZ_PARENT_CITY, KZ_PARENT_FIELD, KZ_PARENT_KEY, KZ_PARENT_PLACE } kz_parent_how;

/* What people should know about one area of the file. */
typedef struct kz_area_note {
    const char *key, *name;
    const char *what; /* message id: why it was repaired, area.note_parts, area.note_no_parent */
} kz_area_note;

typedef struct kz_area_report {
    kz_area_level level;
    const char *crs; /* the system of coordinates that the file had */
    int n_rows, n_areas, n_notes, n_repaired;
    const kz_area_note *notes;
    bool unchanged;            /* the very same areas were there already */
    bool began;                /* the level had areas: these are a new boundary state (ledger.h) */
    int n_same, n_ended, n_begun;
    int64_t n_left;            /* counts from that day on that stand on areas which have ended */
    kz_parent_how how;
    kz_area_level parents;     /* level of the parents                   */
    int n_orphans;             /* areas in no parent: put under the city */
    double area_m2;            /* sum on the ground                      */
} kz_area_report;

/*
 * Bring in one level, in one transaction.  A level that has areas gets a new boundary state from
 * `valid_from` on: what became of which area is recognised (ledger_find.h).
 *
 * KZ_E_INPUT     the file, a column, a key or an outline is wrong
 * KZ_E_CONFLICT  the level has other areas already and no day is given, or none after its last one
 * and what kz_geofile_read() reports.
 */
KZ_MUST_USE kz_status kz_area_import(kz_db *work, const char *file, const kz_area_import_options *how,
                                     kz_arena *a, kz_area_report *ret, kz_err *err);

#endif
