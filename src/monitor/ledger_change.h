/*
 * ledger_change.h - changes of boundaries as a table that people can read and edit.
 *
 *     kind,day,from,to,weight,name
 *     renumber,2021-01-01,01011101,01100101,,
 *     split,2021-01-01,01011201,01100205,0.62,Lützowstraße
 *     split,2021-01-01,01011201,01100206,0.38,Körnerstraße
 *     merge,2021-01-01,01011102|01011105,01100102,,Großer Tiergarten
 *     rename,2021-01-01,01011301,01011301,,Lützowplatz
 *
 *     kz_ledger_changes r;
 *     KZ_TRY(kz_ledger_change_file(work, &level, "aenderungen.csv", by, &arena, &r, err));
 *
 * One row a pair of areas; several keys in one field are parted by |.  `weight` is the part of the old area
 * (of its children, its people: whatever is counted) that went to the new one; for one old area all rows
 * have one and they sum to one, or none has.  `name` is needed for areas that the ledger does not know yet.
 * `kekiz area changes` writes the same table.
 *
 * A day with a boundary state that was imported: the rows replace what was recognised.  A day without:
 * the rows are the new state; areas that no row names go on.  An area made so has an outline only where it
 * follows from the old ones (renumbering, merger).
 *
 * All or nothing, in one transaction.  KZ_E_INPUT names file, line, value and remedy.
 */
#ifndef KZ_MONITOR_LEDGER_CHANGE_H
#define KZ_MONITOR_LEDGER_CHANGE_H

#include "monitor/ledger.h"

typedef struct kz_ledger_changes {
    int n_rows;     /* pairs of areas         */
    int n_begun;    /* states that are new    */
    int n_revised;  /* states with new flows  */
} kz_ledger_changes;

KZ_MUST_USE kz_status kz_ledger_change_file(kz_db *work, const kz_area_level *level, const char *file, const char *by,
                                            kz_arena *a, kz_ledger_changes *ret, kz_err *err);

#endif
