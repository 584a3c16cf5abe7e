/*
 * ledger_valid.h - which areas there are on the reference day of each period, and in what they lie.
 *
 *     kz_area_valid v;
 *     KZ_TRY(kz_area_valid_load(work, &matrix, &arena, &v, err));
 *     size_t at = kz_area_valid_at(&v, period, area);
 *     if (v.valid[at]) use(v.parent[at]);
 *
 * An area is valid from `valid_from` to `valid_to`, both days included; "" is open.  When a coarser level
 * got new boundaries, an area that went on may lie in another one since: the ledger (area_before) knows in
 * which it lay before.  A parent that is not valid on the day is none.
 *
 * Lives in the arena, read-only afterwards.  O(periods * areas).
 */
#ifndef KZ_MONITOR_LEDGER_VALID_H
#define KZ_MONITOR_LEDGER_VALID_H

#include "monitor/observation.h"

#include <string.h>

typedef struct kz_area_valid {
    int n_periods, n_areas;
    bool *valid;  /* [period][area]                                             */
    int  *parent; /* [period][area]: index of an area in the matrix, -1: none   */
} kz_area_valid;

KZ_MUST_USE kz_status kz_area_valid_load(kz_db *work, const kz_matrix *m, kz_arena *a, kz_area_valid *ret,
                                         kz_err *err);

static inline size_t kz_area_valid_at(const kz_area_valid *v, int period, int area)
{
    return (size_t)period * (size_t)v->n_areas + (size_t)area;
}

/* An area that names no parent lies in `parent`, whenever nothing else is known. */
static inline void kz_area_valid_orphan(kz_area_valid *v, int area, int parent)
{
    for (int p = 0; p < v->n_periods; p++)
        if (v->parent[kz_area_valid_at(v, p, area)] < 0)
            v->parent[kz_area_valid_at(v, p, area)] = parent;
}

/* ISO days compare as texts. */
static inline bool kz_day_within(const char *from, const char *to, const char *day)
{
    return (from[0] == '\0' || strcmp(from, day) <= 0) && (to[0] == '\0' || strcmp(day, to) <= 0);
}

#endif
