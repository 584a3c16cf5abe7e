/*
 * person_import.h - rows of persons into a segment of facts/, without anything that says who they are.
 *
 *     kz_import_order order = { .file = "ewo_2024.csv", .source = "ewo", .period = "2024" };
 *     kz_status st = kz_person_import(&ws, &order, &found, &res, &err);       // as import.h says
 *
 * Read are texts in any dialect of io/csv.h, packed ones, spreadsheets.  Columns are found by a map file, by the
 * map of an earlier delivery with the same header, or by the names the source knows (person_map.h); everything else
 * is dropped and said.  Codes become our codes, numbers and days are checked, numbers of persons and households
 * become keyed pseudonyms (person_keys.c), a day of birth becomes completed months at the reference day, an address
 * becomes an area (gazetteer.h).  What identifies is in memory while it is read and nowhere else: no original, no
 * temporary file, no message.
 *
 * All checks come before anything is written.  Writing is one transaction of work.db, with the segment in facts/
 * that appears before the commit and goes away with a failure.  A later delivery of the same source and period
 * replaces the segment; undo brings the former one back.
 *
 * Time: O(bytes) on all processors, the file read once; memory: about 40 bytes a row of `ewo`, not the file.  A file
 * that is not UTF-8, packed or a sheet is taken into memory, at most 4 GiB.  At most 100 million lines.  Same
 * segment for any number of threads.
 */
#ifndef KZ_MONITOR_PERSON_IMPORT_H
#define KZ_MONITOR_PERSON_IMPORT_H

#include "monitor/import.h"

KZ_MUST_USE kz_status kz_person_import(kz_workspace *ws, const kz_import_order *order, kz_findings *found,
                                       kz_import_result *ret, kz_err *err);

/*
 * A map for staff to edit, appended to `map`: what was found, and as comments what is missing and which codes nobody
 * knows.  `found` says the same as a dry run.  No period is needed.  KZ_E_INPUT: the file cannot be read at all.
 */
KZ_MUST_USE kz_status kz_person_propose(kz_workspace *ws, const kz_import_order *order, kz_findings *found, kz_buf *map,
                                        kz_err *err);

/*
 * For import_undo.c, inside its transaction: the rows of an import in `segment` go, those it replaced are in use again.
 * Afterwards, when the transaction is committed, its files and a key that no segment needs go.
 */
typedef struct kz_person_undo {
    char files[8][64];
    int n;
    char source[64];
} kz_person_undo;
KZ_MUST_USE kz_status kz_person_undo_rows(kz_workspace *ws, int64_t id, kz_person_undo *ret, kz_err *err);
void kz_person_undo_files(kz_workspace *ws, const kz_person_undo *u);

#endif
