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
 * error blocks the import, and so does a warning that nobody has accepted.  Cells that the workspace already
 * has with the same value are left as they are; values that change are kept for undo, and said.
 *
 * Memory: the file (at most 1 GiB), 32 bytes a row (at most 16 million) and the
 * distinct keys.  Time O(rows log rows).  A workspace belongs to one thread at a time.
 */
#ifndef KZ_MONITOR_TABLE_IMPORT_H
#define KZ_MONITOR_TABLE_IMPORT_H

#include "monitor/import.h"

/* Statuses: import.h. */
KZ_MUST_USE kz_status kz_table_import(kz_workspace *ws, const kz_import_order *order, kz_findings *found,
                                      kz_import_result *ret, kz_err *err);

#endif
