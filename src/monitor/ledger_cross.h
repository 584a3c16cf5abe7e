/*
 * ledger_cross.h - the crosswalk: which part of an area of one day is in which area of another day.
 *
 *     kz_crosswalk x;
 *     KZ_TRY(kz_crosswalk_make(work, &level, "2015-12-31", "2021-01-01", KZ_BASIS_POPULATION, &arena, &x, err));
 *     for (int i = 0; i < x.n; i++)
 *         use(x.from[x.row[i].from].key, x.to[x.row[i].to].key, x.row[i].million);    // parts of a million
 *
 * Weights are whole parts of a million; those of one source area sum to a million exactly, unless a part
 * of its land left the municipality.  A weight of a million is certain: the area went on, got another key,
 * or is part of a merger.  All others are estimates from what is known nearest to the day of the change:
 *   stated      somebody gave the weights (ledger_change.h), forward in time only
 *   population  common land × people per land of the target, as counted in the next period on its side
 *   children    the same with children under 18
 *   area        common land alone
 * A basis that is not known for an area falls back to area, and is counted.  Several changes are followed one
 * by one; what was split and merged again is certain again.  A weight of 0 is told, too: the area is there.
 *
 * KZ_E_MISSING: no area of the level is valid on one of the days.  KZ_E_INPUT: for a split neither outlines
 * nor weights are known, the message names it.
 *
 * Lives in the arena.  O(states * (areas + flows)).  Method: areal weighting, Goodchild & Lam, "Areal
 * interpolation", 1980; with people as the target density, Flowerdew & Green, 1992; sums by largest
 * remainder (base/apportion.h).  (The two papers: known, not re-read.)
 */
#ifndef KZ_MONITOR_LEDGER_CROSS_H
#define KZ_MONITOR_LEDGER_CROSS_H

#include "monitor/ledger.h"

enum { KZ_MILLION = 1000000 };

typedef enum kz_basis { KZ_BASIS_AREA, KZ_BASIS_POPULATION, KZ_BASIS_CHILDREN, KZ_N_BASES } kz_basis;

/* "area", "population", "children"; KZ_N_BASES: none of them. */
kz_basis kz_basis_from_name(const char *name);

typedef struct kz_cross_area {
    int64_t id;
    const char *key, *name;
} kz_cross_area;

typedef struct kz_cross_row {
    int from, to;
    int64_t million;
} kz_cross_row;

typedef struct kz_crosswalk {
    int n_from, n_to, n;
    const kz_cross_area *from, *to; /* by key            */
    const kz_cross_row *row;        /* by from, then to  */
    int n_fallback; /* areas whose basis was not known   */
    int n_lost;     /* source areas with land that left  */
} kz_crosswalk;

KZ_MUST_USE kz_status kz_crosswalk_make(kz_db *work, const kz_area_level *level, const char *from_day,
                                        const char *to_day, kz_basis basis, kz_arena *a, kz_crosswalk *ret,
                                        kz_err *err);
/* Weights from a table key_from, key_to, weight (any numbers >= 0, made a sum of one). */
KZ_MUST_USE kz_status kz_crosswalk_read(kz_db *work, const kz_area_level *level, const char *from_day,
                                        const char *to_day, const char *file, kz_arena *a, kz_crosswalk *ret,
                                        kz_err *err);

#endif
