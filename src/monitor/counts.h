/*
 * counts.h - all counts of a workspace, with the tree of areas, and sums of them.
 *
 * What the catalogue's forms are made of, wherever it comes from: measures of tables
 * (table observation) and counts of person rows (table counted, counted.h).  Whoever asks sees no difference.
 *
 * An area without a measure of its own gets the sum of the areas below it, when
 * all of them have one and the measure adds up (shares and marks do not); only areas that are valid on the
 * period's reference day take part (ledger_valid.h).  A form (indicator.h) is evaluated for one area and
 * period; what is missing in it shows in the state.
 *
 * A count that the source hides is no 0 and not missing: it has bounds (counts_span.h), and so have sums with it.
 *
 * A term [-n] is that of n periods of the same form before.  An atom that never comes in
 * the form of the period is taken from its year: school year 2024/25 goes with year 2024, and back.
 *
 *     kz_counts n;
 *     KZ_TRY(kz_counts_load(work, &cat, &arena, &n, err));
 *     kz_count c = kz_counts_form(&n, &form, period, area);
 *     if (c.known) use(c.value);
 *
 * Belongs to the arena, read-only after loading; the catalogue must stay.  O(cells) to load, O(terms) to ask.
 */
#ifndef KZ_MONITOR_COUNTS_H
#define KZ_MONITOR_COUNTS_H

#include "monitor/indicator.h"
#include "monitor/interval.h"
#include "monitor/ledger_valid.h"
#include "monitor/observation.h"

/* Counts of an atom of person rows in a period. */
typedef struct kz_counted {
    int32_t import;       /* newest of the deliveries                   */
    const int64_t *value; /* of each area; -1: not counted on its level */
} kz_counted;

/* Where the people of institutions live: n of `institution` in `area`, both areas. */
typedef struct kz_crossed {
    int32_t import;
    int64_t n;
    const struct kz_cross_place {
        int institution, area;
        int64_t n;
    } *place; /* by institution, then area */
} kz_crossed;

/* Where the upper bound of a hidden count comes from. */
typedef enum kz_bound { KZ_BOUND_NONE, KZ_BOUND_ABOVE, KZ_BOUND_WHOLE, KZ_BOUND_SUM, KZ_N_BOUNDS } kz_bound;

typedef struct kz_counts {
    kz_matrix m;          /* of the measures; its areas and periods are those of all */
    int n_atoms;
    const kz_atom *atoms; /* those of the catalogue                     */
    int *row;             /* of an atom: its measure in m, KZ_NONE: person rows */
    const kz_counted **counted; /* [atom][period]; NULL: not counted    */
    const kz_crossed **crossed; /* the same of atoms "cross(source.column)" */
    int *stands;          /* [atom][period]: period of its value, KZ_NONE */
    int *form, *ordinal;  /* of a period: kz_period_form, and its place in the row of those */
    int n_codes;
    const char **codes;   /* of the measures, sorted                    */
    bool *is_count;       /* of a measure: a number of people or things */
    int n_levels;
    int64_t *level_ids;   /* from the whole municipality down (by rank) */
    const char **level_codes;
    bool *institution;    /* a level of Kitas or schools: not part of the tree */
    int *level;           /* of an area: index in level_ids             */
    int *parent;          /* of an area: area index, KZ_NONE; today's   */
    kz_area_valid valid;  /* by period: is there the area, and its parent then */
    int *order;           /* areas, lowest level first                  */
    int n_imports;
    const struct kz_counts_import {
        int64_t id;
        const char *source;
    } *imports;           /* by id                                      */
    const char **names;   /* of areas                                   */
    bool *summed;         /* [as matrix]: a sum of areas below          */
    kz_span *span;        /* [as matrix]: of hidden values; NULL: none is hidden */
    uint8_t *bound;       /* the same: kz_bound                         */
} kz_counts;

/* A count with the state that its inputs give it; value KZ_NO_VALUE: there is none (known false).
 * KZ_N_CELL_STATES: no input ever came. */
typedef struct kz_count {
    int64_t value;
    bool known;
    kz_cell_state state;
    int32_t import; /* newest of the inputs */
    int decimals;   /* value is a whole number of 10^-decimals; 0 of counts */
    kz_span span;   /* when state is hidden: what the value can be          */
    kz_bound bound; /* of an atom: why                                      */
} kz_count;

KZ_MUST_USE kz_status kz_counts_load(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_counts *ret, kz_err *err);
/* The same in two steps: areas, periods and measures; then, when counted.h has counted, the person rows. */
KZ_MUST_USE kz_status kz_counts_begin(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_counts *ret, kz_err *err);
KZ_MUST_USE kz_status kz_counts_finish(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_counts *counts,
                                       kz_err *err);
/* Where every atom has its value, when counted and crossed are there. */
KZ_MUST_USE kz_status kz_counts_settle(kz_counts *n, kz_arena *a, kz_err *err);
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
/* An atom of the catalogue in its own period. */
kz_count kz_counts_atom(const kz_counts *n, int atom, int period, int area);
/* The period in which a term is read; KZ_NONE: there is none. */
int kz_counts_term_period(const kz_counts *n, int atom, int shift, int period);
/* Do all terms of both forms come from one source (data/sources)?  Then a part cannot be more than its whole. */
bool kz_counts_one_source(const kz_counts *n, const kz_form *part, const kz_form *whole, int period, int area);
/* Has any term its value in this very period, in any area? */
bool kz_counts_native(const kz_counts *n, const kz_form *f, int period);
/* Was the atom added up from the areas below? */
bool kz_counts_summed(const kz_counts *n, int atom, int period, int area);
/* What a count can be: itself, its bounds, or anything. */
kz_span kz_count_span(const kz_count *c);
kz_count kz_counts_form(const kz_counts *n, const kz_form *f, int period, int area);
/* The state that two inputs have together: the one that says more. */
kz_cell_state kz_cell_state_join(kz_cell_state a, kz_cell_state b);

/* Counts of an area that differ from the sum of the areas below it. */
typedef struct kz_counts_check {
    int64_t compared, differing;
    const char *measure, *period, *area; /* the first that differs */
    int64_t own, sum;
} kz_counts_check;
KZ_MUST_USE kz_status kz_counts_compare(const kz_counts *n, kz_arena *a, kz_counts_check *ret, kz_err *err);

#endif
