/*
 * import.h - bring a delivery into the workspace, whatever it is, or say exactly why not.
 *
 *     kz_import_order order = { .file = "bevoelkerung.csv", .source = "einwohner-tabelle" };
 *     kz_auto(kz_findings) found;
 *     kz_import_result res;
 *     kz_findings_init(&found, order.file);
 *     kz_status st = kz_import_run(&ws, &order, &found, &res, &err);
 *
 * The source (data/sources) says what its rows are: counts go the way of table_import.h,
 * persons that of person_import.h.  Both check everything before anything is written, and
 * write in one transaction or not at all.  Errors block.  Warnings block too, until somebody
 * has seen them and says so (`accept_warnings`); a dry run only shows them.
 *
 * A workspace belongs to one thread at a time.
 */
#ifndef KZ_MONITOR_IMPORT_H
#define KZ_MONITOR_IMPORT_H

#include "monitor/finding.h"
#include "store/workspace.h"

typedef struct kz_import_order {
    const char *file;    /* path, or "-"; what messages and the journal call it */
    const char *path;    /* where its bytes are when `file` is only its name; NULL: file */
    const char *source;  /* id in data/sources                               */
    const char *map;     /* name of a map, or path; NULL: recognise it       */
    const char *map_text; /* the map itself, called `map`; NULL: look `map` up */
    const char *period;  /* NULL, or the only period to take                 */
    const char *by_user; /* who brings it in                                 */
    bool dry_run;        /* everything but the writing                       */
    bool accept_warnings; /* somebody has read them                          */
    bool at_desk;        /* names of maps are paths here: say when one was edited since; never for the web */
    /* How far it is, now and then; false: stop, KZ_E_CONFLICT.  May be NULL. */
    bool (*watch)(void *ctx, uint64_t done, uint64_t of);
    void *watch_ctx;
} kz_import_order;

/* The file to read. */
static inline const char *kz_import_path(const kz_import_order *o)
{
    return o->path ? o->path : o->file;
}

typedef struct kz_import_result {
    int64_t id;          /* number of the import; 0: nothing was written     */
    char    sha256[65];
    char    map_name[256];
    const char *map_text;        /* with the findings; NULL: none was found  */
    bool    map_remembered;      /* recognised without being asked for       */
    char    map_sha256[65];
    int64_t map_version;         /* of the maps of this source, from 1       */
    const char *encoding;        /* "UTF-8"; "" of a spreadsheet             */
    char    sheet[128];          /* "" of a text                             */
    int64_t rows_read, rows_kept, rows_left_out, rows_other_period;
    int64_t cells_new, cells_changed, cells_same;
    int     areas, periods, measures; /* of persons: columns instead of measures */
    bool    persons;
} kz_import_result;

/*
 * KZ_E_INPUT     the file cannot be read as this source, or `found` has errors
 * KZ_E_FINDING   `found` has warnings that nobody has accepted
 * KZ_E_CONFLICT  the very same file was imported before, in the same way; or the watcher said stop
 * KZ_E_MISSING   no such file, source or map
 * KZ_E_USAGE     the map cannot be recognised; or a period is needed
 * In all these cases nothing was written; `found` and `ret` say what was seen.
 */
KZ_MUST_USE kz_status kz_import_run(kz_workspace *ws, const kz_import_order *order, kz_findings *found,
                                    kz_import_result *ret, kz_err *err);

/*
 * May the import be written, after all checks?  The same for tables and persons: KZ_E_INPUT when `found` has
 * errors, KZ_E_FINDING when it has warnings that nobody has accepted (never in a dry run).
 */
KZ_MUST_USE kz_status kz_import_gate(const kz_import_order *order, const kz_findings *found, kz_err *err);

/*
 * Take import `id` back: the workspace has the same content as before it (the journal keeps a
 * line that it was there), and the original is gone.
 *
 * KZ_E_MISSING   no such import
 * KZ_E_CONFLICT  it was undone before, or a later import has replaced values of it
 *                (the message says which one to undo first)
 */
KZ_MUST_USE kz_status kz_import_undo(kz_workspace *ws, int64_t id, kz_err *err);

#endif
