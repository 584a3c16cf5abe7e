/*
 * institution.h - Kitas and schools: observed beside the areas, known by their keys.
 *
 *     kz_institution_options how = { .level = "kita", .key = "Schluessel", .name = "Name" };
 *     kz_institution_report report;
 *     KZ_TRY(kz_institutions_import(ws->work, "kitas.csv", &how, &report, err));
 *
 * An institution is a place on a level of its own (kita, schule), a point without outline.  It lies in no area:
 * the people who go there come from anywhere, so nothing is added up from it.  A key of the file
 * that is there already gets name and place of the file, others are added; none goes away, because deliveries of
 * earlier years name it.  The key is what the column of the deliveries says (data/sources, key:LEVEL).
 *
 * One transaction.  O(lines log institutions).
 */
#ifndef KZ_MONITOR_INSTITUTION_H
#define KZ_MONITOR_INSTITUTION_H

#include "store/db.h"

typedef struct kz_institution_options {
    const char *level;      /* as people write it             */
    const char *key, *name; /* columns of the file            */
    const char *lon, *lat;  /* degrees; both or none (NULL)   */
} kz_institution_options;

typedef struct kz_institution_report {
    int64_t added, changed, same;
} kz_institution_report;

/*
 * KZ_E_INPUT     the file, a column, a key or a coordinate is wrong: file, line, value; nothing is stored
 * KZ_E_CONFLICT  the level is one of areas
 */
KZ_MUST_USE kz_status kz_institutions_import(kz_db *work, const char *file, const kz_institution_options *how,
                                             kz_institution_report *ret, kz_err *err);

#endif
