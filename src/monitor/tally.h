/*
 * tally.h - a count with what is known of it, and sums of such counts.
 *
 *     kz_tally t = kz_tally_of(12, KZ_CELL_SHOWN);                // 12, certainly
 *     t = kz_tally_add(t, kz_tally_of(-1, KZ_CELL_HIDDEN));       // hidden; 12 or more
 *
 * A hidden count is an interval, never 0 and never nothing: what it is added to is hidden as well, and its
 * bounds are the sums of the bounds.  What never came is not added at all if nothing else came, else the
 * sum is still to come (later).  Other marks pass on, the one that says more wins (kz_cell_state_join).
 *
 * Plain values, O(1), no state.
 */
#ifndef KZ_MONITOR_TALLY_H
#define KZ_MONITOR_TALLY_H

#include "monitor/cell.h"
#include "monitor/interval.h"

typedef struct kz_tally {
    int64_t value;       /* -1: no number               */
    kz_span span;        /* what it can be (interval.h) */
    kz_cell_state state; /* KZ_N_CELL_STATES: none came  */
} kz_tally;

/* A count as it stands in an observation or a cell; value -1: no number, anything from 0 on. */
kz_tally kz_tally_of(int64_t value, kz_cell_state state);
/* The same with bounds that are known (a hidden count below 3: 0 to 2). */
kz_tally kz_tally_between(kz_span span, kz_cell_state state);
kz_tally kz_tally_add(kz_tally a, kz_tally b);

#endif
