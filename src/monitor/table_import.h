/*
 * table_import.h - bring a table of counts into the workspace, or say exactly why not.
 *
 *     kz_import_order order = { .file = "bevoelkerung.csv", .source = "einwohner-tabelle" };
 *     kz_auto(kz_findings) found;
 *     kz_import_result res;
 *     kz_findings_init(&found, order.file);
 *     kz_status st = kz_table_import(&ws, &order, &found, &res, &err);
 *
 * Read, decode, map, check, then write everything in one transaction or nothing.
 * Checks never stop at the first mistake: `found` has them all (finding.h).  One
 * error blocks the import, warnings do not.  Cells that the workspace already has with the same
 * value are left as they are; values that change are kept for undo.
 *
 * Memory: the file (at most 1 GiB), 32 bytes a row (at most 16 million) and the
 * distinct keys.  Time O(rows log rows).  A workspace belongs to one thread at a time.
 */
#ifndef KZ_MONITOR_TABLE_IMPORT_H
#define KZ_MONITOR_TABLE_IMPORT_H

#include "monitor/finding.h"
#include "store/workspace.h"

typedef struct kz_import_order {
    const char *file;    /* path, or "-"                                     */
    const char *source;  /* id in data/sources                               */
    const char *map;     /* name of a map, or path; NULL: recognise it       */
    const char *period;  /* NULL, or the only period to take                 */
    const char *by_user; /* who brings it in                                 */
    bool dry_run;        /* everything but the writing                       */
} kz_import_order;

typedef struct kz_import_result {
    int64_t id;          /* number of the import; 0: nothing was written     */
    char    sha256[65];
    char    map_name[256];
    bool    map_remembered;      /* recognised without being asked for       */
    const char *encoding;        /* "UTF-8"; "" of a spreadsheet             */
    char    sheet[128];          /* "" of a text                             */
    int64_t rows_read, rows_kept, rows_left_out, rows_other_period;
    int64_t cells_new, cells_changed, cells_same;
    int     areas, periods, measures;
} kz_import_result;

/*
 * KZ_E_INPUT     the file cannot be read as a table, or `found` has errors
 * KZ_E_CONFLICT  the very same file was imported before, in the same way
 * KZ_E_MISSING   no such file, source or map
 * KZ_E_USAGE     the map cannot be recognised; or a period is needed
 * In all these cases nothing was written; `found` and `ret` say what was seen.
 */
KZ_MUST_USE kz_status kz_table_import(kz_workspace *ws, const kz_import_order *order, kz_findings *found,
                                      kz_import_result *ret, kz_err *err);

/*
 * Take import `id` back: the workspace has the same observations, measures and periods as
 * before it (the journal keeps a line that it was there), and the original is gone.
 *
 * KZ_E_MISSING   no such import
 * KZ_E_CONFLICT  it was undone before, or a later import has replaced values of it
 *                (the message says which one to undo first)
 */
KZ_MUST_USE kz_status kz_import_undo(kz_workspace *ws, int64_t id, kz_err *err);

#endif
