/*
 * ledger_people.h - how many people, or children, lived in the areas of a level, period by period.
 *
 *     kz_people p;
 *     KZ_TRY(kz_people_load(work, &level, KZ_BASIS_CHILDREN, &arena, &p, err));
 *     for (int t = 0; t < p.n_periods; t++)
 *         use(p.day[t], kz_people_of(&p, t, area_id));      // NaN: not known
 *
 * From the first of these that there is: the computed cells of an indicator that counts them, from tables or
 * person rows alike; the tables' own age bands.  For weights of a crosswalk: what is hidden is not known.
 *
 * Lives in the arena, read-only afterwards.  O(cells) to load, O(log areas) to ask.
 */
#ifndef KZ_MONITOR_LEDGER_PEOPLE_H
#define KZ_MONITOR_LEDGER_PEOPLE_H

#include "monitor/ledger_cross.h"

typedef struct kz_people {
    int n_periods, n_areas;
    const char **day;
    const int64_t *area; /* ids, ascending                      */
    double *value;       /* [period][area]; NaN: not known      */
} kz_people;

KZ_MUST_USE kz_status kz_people_load(kz_db *work, const kz_area_level *level, kz_basis basis, kz_arena *a,
                                     kz_people *ret, kz_err *err);
double kz_people_of(const kz_people *p, int period, int64_t area);

#endif
