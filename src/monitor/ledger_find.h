/*
 * ledger_find.h - what became of which area, from two divisions of the same land.
 *
 *     kz_found f;
 *     KZ_TRY(kz_ledger_find(old, n_old, new, n_new, &arena, &f, err));
 *     for (int i = 0; i < n_new; i++)
 *         if (f.same[i] >= 0) ...                 // new area i is old area f.same[i]
 *
 * Two areas are the same when their keys are equal and each holds 99.5 % of the other's land: a border
 * that was only drawn again is no change.  Common land below 1 % of both areas is such a trace, too.
 * What remains hangs together in groups: one old and one new area with the same land are a renumbering,
 * one and several a split, several and one a merger, all else was redrawn.  An area that keeps its land but
 * gives 1 % of itself, or of the other, to an area that is not the same has changed.
 * Areas without outlines are the same when their keys are equal; else one ended and one is new.
 *
 * Lives in the arena.  Same input, same result.  One sweep (geo/overlay.h).
 */
#ifndef KZ_MONITOR_LEDGER_FIND_H
#define KZ_MONITOR_LEDGER_FIND_H

#include "monitor/ledger.h"

typedef struct kz_found {
    int *same; /* of each new area: the old one that it is, -1 */
    int n;
    kz_new_flow *flow; /* by old, then new area; renames among them */
} kz_found;

KZ_MUST_USE kz_status kz_ledger_find(const kz_new_area old[], int n_old, const kz_new_area new[], int n_new,
                                     kz_arena *a, kz_found *ret, kz_err *err);

#endif
