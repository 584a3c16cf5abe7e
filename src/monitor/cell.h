/*
 * cell.h - the coin of the house: whoever shows a number shows a cell.
 *
 * A cell is one indicator in one area, period and group, with what it was made
 * of, how sure it is, and what may be done with it.  "Hidden" is a state of
 * its own: never NULL, never 0.
 */
#ifndef KZ_MONITOR_CELL_H
#define KZ_MONITOR_CELL_H

#include "base/status.h"

/* The official table signs (TRUST.md 1.2) as separate states. */
typedef enum kz_cell_state {
    KZ_CELL_SHOWN = 0,
    KZ_CELL_ZERO,        /* – exactly nothing                          */
    KZ_CELL_BELOW_UNIT,  /* 0 less than half of the unit               */
    KZ_CELL_HIDDEN,      /* . secret                                   */
    KZ_CELL_LATER,       /* … will come                                */
    KZ_CELL_MEANINGLESS, /* x cannot be computed (denominator 0)       */
    KZ_CELL_UNRELIABLE,  /* / too unsure                               */
    KZ_CELL_LIMITED,     /* () limited                                 */
    KZ_CELL_PRELIMINARY, /* p                                          */
    KZ_CELL_REVISED,     /* r                                          */
    KZ_CELL_ESTIMATED,   /* s                                          */
    KZ_N_CELL_STATES
} kz_cell_state;

/* Where a value should be and none is.  Values of measures may be negative, counts never are. */
#define KZ_NO_VALUE INT64_MIN

/* Numerator and denominator are -1 when unknown or hidden; value, lo, hi and
 * the smoothed ones are fractions of one (a change of +8 % is 0.08; for counts
 * the count itself) and NaN when unknown or hidden.  lo = hi = value: counted
 * completely, there is no range to show (counts and changes of counts).
 * Inside, lo and hi of a hidden cell are what its value surely is between
 * (reckon.h); the public never sees them. */
typedef struct kz_cell {
    uint32_t area, period, indicator, group;
    int64_t  numerator, denominator;
    double   value, lo, hi;
    double   smoothed, smoothed_lo, smoothed_hi;
    uint8_t  state; /* kz_cell_state */
} kz_cell;

/* "shown", "zero", "hidden" …: the words of the CSV column `state`. */
const char *kz_cell_state_name(kz_cell_state s);
/* "", "–", ".", "x" …: the sign in a table. */
const char *kz_cell_state_sign(kz_cell_state s);
/* Is there a value to print (possibly with a mark)? */
static inline bool kz_cell_has_value(const kz_cell *c)
{
    return c && (c->state == KZ_CELL_SHOWN || c->state == KZ_CELL_ZERO || c->state == KZ_CELL_LIMITED ||
                 c->state == KZ_CELL_PRELIMINARY || c->state == KZ_CELL_REVISED ||
                 c->state == KZ_CELL_ESTIMATED);
}

#endif
