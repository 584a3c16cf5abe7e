/*
 * gazetteer_import.h - bring a list of addresses into the workspace.
 *
 *     kz_gazetteer_order order = { .file = "adressen.csv", .by_user = user };
 *     kz_auto(kz_findings) found;
 *     kz_gazetteer_report r;
 *     kz_findings_init(&found, order.file);
 *     KZ_TRY(kz_gazetteer_import(&ws, &order, &found, &r, err));
 *
 * A CSV with one line a house, a range of numbers, or a whole street.  Columns are recognised by their
 * names, in any case and spelling (Straße, Hausnr., von, bis, Zusatz, Seite, PLZ); the area is a column
 * named as a level (Viertel, Stadtteil-Nr.) with keys or names, the finest of several; or, when no
 * column names an area, coordinates (lon and lat, Rechtswert and Hochwert), which are looked up in the
 * outlines (locate.h): houses outside of the municipality or in no area are left out with a warning.
 * Every other column is left out and named: an address list is about houses, nobody who lives there comes along.
 *
 * A new list takes the place of the one before, or (`add`) stands beside it.  All is checked first; errors
 * block, warnings block until accepted; one transaction.  It is an import like others, source "adressen", so
 * `kekiz import list` shows it and kz_import_undo() takes it back.
 *
 * O(n log n) for n lines, which are held in memory.
 */
#ifndef KZ_MONITOR_GAZETTEER_IMPORT_H
#define KZ_MONITOR_GAZETTEER_IMPORT_H

#include "monitor/area.h"
#include "monitor/finding.h"
#include "store/workspace.h"

#define KZ_GAZETTEER_SOURCE "adressen"

typedef struct kz_gazetteer_order {
    const char *file;    /* path, or "-"                                        */
    const char *level;   /* of the areas; NULL: the finest that a column names; by points the finest
                            that has outlines                                    */
    const char *area;    /* column with the area's key or name; NULL: by its name */
    const char *crs;     /* of coordinates; NULL: longitude and latitude        */
    const char *by_user;
    bool add;            /* beside the list that is there                        */
    bool dry_run, accept_warnings;
} kz_gazetteer_order;

typedef struct kz_gazetteer_report {
    int64_t id;          /* number of the import; 0: nothing was written        */
    char sha256[65];
    kz_area_level level;
    int64_t rows_read, addresses, streets, duplicates, ranges;
    int areas;           /* of the level, with at least one address             */
    bool by_points;
    char left_out[512];  /* names of columns that were not taken                */
} kz_gazetteer_report;

/*
 * KZ_E_INPUT     the file cannot be read, has no such columns, or `found` has errors
 * KZ_E_FINDING   `found` has warnings that nobody has accepted
 * KZ_E_CONFLICT  the very same file is in use already
 * KZ_E_MISSING   no such file, no such level
 */
KZ_MUST_USE kz_status kz_gazetteer_import(kz_workspace *ws, const kz_gazetteer_order *order, kz_findings *found,
                                          kz_gazetteer_report *ret, kz_err *err);

/* Is import `id` a list of addresses? */
KZ_MUST_USE kz_status kz_gazetteer_is(kz_db *work, int64_t id, bool *ret, kz_err *err);
/* Take it back, the list that it replaced is in use again; within the caller's transaction.
 * KZ_E_CONFLICT: a later list has replaced it. */
KZ_MUST_USE kz_status kz_gazetteer_undo(kz_db *work, int64_t id, kz_err *err);

#endif
