/*
 * provenance.h - where a stored number comes from: file, sheet, cell, import, person, version of the map.
 *
 *     kz_provenance p;
 *     bool found;
 *     KZ_TRY(kz_provenance_find(work, "pop", period_id, area_id, &arena, &found, &p, err));
 *     if (found) use(p.file, p.sheet, p.line, p.column, p.map_version);
 *
 * Texts belong to the arena; "" where there is nothing to say (a CSV has no sheet; imports of an
 * earlier version of the program know no column).  One row by its key: O(log n).
 */
#ifndef KZ_MONITOR_PROVENANCE_H
#define KZ_MONITOR_PROVENANCE_H

#include "base/arena.h"
#include "base/text.h"
#include "monitor/cell.h"
#include "store/db.h"

typedef struct kz_provenance {
    int64_t value; /* KZ_NO_VALUE: a sign only */
    int     decimals;
    kz_cell_state state;
    int64_t import, line, map_version;
    const char *file, *sha256, *original, *sheet, *column, *cell; /* cell: "E5", of a sheet */
    const char *at, *by_user, *map_name, *map_sha256;
} kz_provenance;

KZ_MUST_USE kz_status kz_provenance_find(kz_db *work, const char *measure, int64_t period, int64_t area, kz_arena *a,
                                         bool *found, kz_provenance *ret, kz_err *err);
/* "Blatt Bestand, Zelle E5 (Anzahl)", "Zeile 12, Spalte zahl" */
void kz_provenance_place(kz_buf *out, kz_lang lang, const kz_provenance *p);

#endif
