/*
 * map_propose.h - a first map file for a table that nobody has described yet.
 *
 *     kz_auto(kz_buf) map = kz_buf_init(KZ_MAP_BYTES);
 *     kz_proposal said;
 *     KZ_TRY(kz_map_propose(&ws, &order, &map, &said, err));   // order.file, order.source
 *     write(kz_buf_text(&map));                                // staff edit it, then import with it
 *
 * What it finds: the column whose values are keys (or names) of areas that we have, and of which levels; the
 * column of the period, or years in the names of columns; long or wide; how numbers are written; and for
 * every label or column the measure that has this name, this band of ages, or a name that the source knows.
 * For the source `frei` it describes measures of its own, with unit and decimals as the values have them.
 * What it does not find stands there as a rule that leaves rows out, with "bitte zuordnen": the map is
 * always valid, and nothing is ever taken on a guess alone, because staff read it before they use it.
 *
 * Looks at 200,000 rows.  O(bytes).  A workspace belongs to one thread at a time; it is only read.
 */
#ifndef KZ_MONITOR_MAP_PROPOSE_H
#define KZ_MONITOR_MAP_PROPOSE_H

#include "monitor/import.h"

typedef struct kz_proposal {
    char area[128], period[128]; /* names of the columns, "" when there is none          */
    bool wide, period_in_names; /* "Einwohner 2012"                                      */
    int  found, open;            /* labels and columns with a measure, and without one   */
} kz_proposal;

/*
 * KZ_E_INPUT    the file cannot be read as a table
 * KZ_E_FINDING  no column has keys or names of our areas (the message says how areas come in)
 * KZ_E_MISSING  no such file or source
 */
KZ_MUST_USE kz_status kz_map_propose(kz_workspace *ws, const kz_import_order *order, kz_buf *map, kz_proposal *ret,
                                     kz_err *err);

#endif
