/*
 * counts.h - all counts of a workspace, with the tree of areas, and sums of them.
 *
 * An area without a count of its own gets the sum of the areas below it, when
 * all of them have one and the measure adds up (shares and marks do not); only areas that are valid on the
 * period's reference day take part (ledger_valid.h).  A form (indicator.h) is evaluated for one area and
 * period; what is missing in it shows in the state.
 *
 *     kz_counts n;
 *     KZ_TRY(kz_counts_load(work, codes, n_codes, &arena, &n, err));
 *     kz_count c = kz_counts_form(&n, &form, period, area);
 *     if (c.value >= 0) use(c.value);
 *
 * Belongs to the arena, read-only after loading.  O(cells) to load, O(terms log measures) to ask.
 */
#ifndef KZ_MONITOR_COUNTS_H
#define KZ_MONITOR_COUNTS_H

#include "monitor/indicator.h"
#include "monitor/ledger_valid.h"
#include "monitor/observation.h"

typedef struct kz_counts {
    kz_matrix m;
    int n_codes;
    const char **codes;   /* sorted */
    int n_levels;
    int64_t *level_ids;   /* from the whole municipality down (by rank) */
    int *level;           /* of an area: index in level_ids             */
    int *parent;          /* of an area: area index, KZ_NONE; today's   */
    kz_area_valid valid;  /* by period: is there the area, and its parent then */
    int *order;           /* areas, lowest level first                  */
    const char **names;   /* of areas                                   */
    bool *summed;         /* [as matrix]: a sum of areas below          */
} kz_counts;

/* A count with the state that its inputs give it; value KZ_NO_VALUE: there is none.
 * KZ_N_CELL_STATES: no input ever came. */
typedef struct kz_count {
    int64_t value;
    kz_cell_state state;
    int32_t import; /* newest of the inputs */
    int decimals;   /* value is a whole number of 10^-decimals; 0 of counts */
} kz_count;

/* The codes are copied and sorted; doubles are dropped. */
KZ_MUST_USE kz_status kz_counts_load(kz_db *work, const char *const codes[], int n, kz_arena *a, kz_counts *ret,
                                     kz_err *err);
/* Is there the area on the reference day of the period?  Others get no cells. */
static inline bool kz_counts_valid(const kz_counts *n, int period, int area)
{
    return n->valid.valid[kz_area_valid_at(&n->valid, period, area)];
}
/* What it lay in then, KZ_NONE. */
static inline int kz_counts_parent(const kz_counts *n, int period, int area)
{
    return n->valid.parent[kz_area_valid_at(&n->valid, period, area)];
}
/* KZ_NONE when it was not loaded. */
int kz_counts_measure(const kz_counts *n, const char *code);
kz_count kz_counts_form(const kz_counts *n, const kz_form *f, int period, int area);
/* The state that two inputs have together: the one that says more. */
kz_cell_state kz_cell_state_join(kz_cell_state a, kz_cell_state b);

/* All measure codes of a catalogue's forms, for kz_counts_load; NULL: memory. */
const char **kz_catalogue_measures(const kz_catalogue *cat, kz_arena *a, int *ret_n);

/* Counts of an area that differ from the sum of the areas below it. */
typedef struct kz_counts_check {
    int64_t compared, differing;
    const char *measure, *period, *area; /* the first that differs */
    int64_t own, sum;
} kz_counts_check;
KZ_MUST_USE kz_status kz_counts_compare(const kz_counts *n, kz_arena *a, kz_counts_check *ret, kz_err *err);

#endif
