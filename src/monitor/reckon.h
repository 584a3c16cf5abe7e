/*
 * reckon.h - the cell of any indicator, whatever it is made of.
 *
 *     kz_reckoner r;
 *     KZ_TRY(kz_reckoner_begin(&cat, &counts, &arena, &r, err));
 *     kz_cell c;
 *     int32_t import;
 *     if (kz_reckon(&r, ind, group, period, area, &c, &import)) use(c);
 *
 * count       the numerator; a complete count of a register: lo = hi = value, there is no range
 * share       numerator / denominator, Wilson's interval (stat/rate.h); more than all (two sources that
 *             disagree): limited, without a range
 * ratio       numerator / denominator; events: Poisson limits; a balance (something is subtracted): the normal
 *             approximation of a sum of counts; amounts (sum, measures that are no counts): no range (stat/ratio.h)
 * change      (numerator - denominator) / denominator; @first: to the first period in which any area has the
 *             count.  No range: no interval formula is sound, because most people are in both counts.
 * difference  value - value; of two shares Newcombe's interval (stat/difference.h), else the two intervals'
 *             distances squared and added
 * index       sum of weight * z; z over the areas of the level that have a value, with the population's standard
 *             deviation (stat/index.h).  lo and hi: every part at its own lower or upper end at once
 * profile     of an institution j: sum of n_ij r_i / sum of n_ij, n_ij its children who live in area i, r_i the
 *             indicator there (DOMAIN.md 1.6 no. 9).  lo and hi: the same of the areas' ends.  A share that is too
 *             unsure for its area counts all the same, with its range: one small quarter does not silence a Kita
 *
 * Denominator 0: meaningless (x); below the indicator's minimum: unreliable (/).  An input that is missing:
 * later (…); one that the source hides: hidden, no value, but lo and hi are what it surely is between, if it is
 * at all (reckon_bounds.c; no range of chance; NaN: open); the other marks are passed on.  Indices of
 * fewer than two areas with values, or of equal values, are meaningless.
 *
 * Not for sharing between threads: inputs of index, difference and profile are kept once they are reckoned.
 * Memory comes from the arena.  O(terms) a cell; index and profile O(areas) once a part and period.
 */
#ifndef KZ_MONITOR_RECKON_H
#define KZ_MONITOR_RECKON_H

#include "monitor/counts.h"

typedef struct kz_reckoner {
    const kz_catalogue *cat;
    const kz_counts *n;
    kz_arena *a;
    int *first;               /* of an indicator: period that @first means, KZ_NONE */
    const kz_cell ***whole;   /* [indicator][period]: cells of all areas, group 0; NULL: not yet */
    const double ***z;        /* [indicator][period]: z-scores of all areas                      */
    double ***ends;           /* [indicator][period]: lo and hi as z-scores, two an area         */
    bool full;                /* the arena is exhausted: results are not to be used              */
} kz_reckoner;

KZ_MUST_USE kz_status kz_reckoner_begin(const kz_catalogue *cat, const kz_counts *n, kz_arena *a, kz_reckoner *ret,
                                        kz_err *err);
/* KZ_E_LIMIT: memory ran out on the way. */
KZ_MUST_USE kz_status kz_reckoner_end(const kz_reckoner *r, kz_err *err);

/* False: the indicator has no such cell. */
KZ_MUST_USE bool kz_reckon(kz_reckoner *r, const kz_indicator *ind, int group, int period, int area, kz_cell *ret,
                           int32_t *ret_import);
/* Cells of all areas, group 0 (state KZ_N_CELL_STATES: none); NULL: memory. */
const kz_cell *kz_reckon_whole(kz_reckoner *r, const kz_indicator *ind, int period);

/* The first period in which any area has the whole's count; KZ_NONE: none has. */
int kz_reckon_first(kz_reckoner *r, const kz_indicator *ind);
/* Has the indicator something of its own in the period, on the level? */
bool kz_reckon_in_period(kz_reckoner *r, const kz_indicator *ind, int period);

/* Period of a part; KZ_NONE. */
int kz_reckon_part_period(const kz_reckoner *r, const kz_expr *part, int period);
/* Where the children of an institution live (table counted, atom `cross(source.column)`); NULL: not counted. */
const kz_crossed *kz_reckon_crossed(const kz_reckoner *r, const kz_expr *profile, int period);
/* The level whose areas' values a profile takes; KZ_NONE. */
int kz_reckon_profile_level(kz_reckoner *r, const kz_expr *profile, int period);

/* Is what a form counts a number of events or people? */
bool kz_form_is_count(const kz_counts *n, const kz_form *f);

#endif
