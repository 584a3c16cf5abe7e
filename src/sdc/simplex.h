/*
 * simplex.h - the smallest and the largest value of unknown counts that add up.
 *
 *     // x0 + x1 = 5, x1 + x2 = 4, all >= 0
 *     const size_t start[] = { 0, 2, 4 };
 *     const kz_linear_term terms[] = { { 0, 1 }, { 1, 1 }, { 1, 1 }, { 2, 1 } };
 *     const double right[] = { 5, 4 };
 *     kz_auto(kz_simplex) s = { 0 };
 *     KZ_TRY(kz_simplex_make(&s, 2, start, terms, right, 3, err));
 *     KZ_TRY(kz_simplex_range(&s, 0, &lo, &hi, err));    // 1 .. 5; hi may be INFINITY
 *
 * Primal simplex on a condensed tableau (rows: what is solved for, columns:
 * what is free), which one range after the other leaves near the next optimum.
 * Largest coefficient first, Bland's rule as soon as it stands still, so that
 * it ends.  Every point that gives a bound is checked against the equations
 * as they were given.  Memory and time about rows * columns, a pivot touches
 * non-zero entries only.  Not for sharing between threads.
 *
 * Method: G. B. Dantzig's simplex, R. G. Bland's rule; textbook knowledge.
 */
#ifndef KZ_SDC_SIMPLEX_H
#define KZ_SDC_SIMPLEX_H

#include "sdc/linear.h"

enum { KZ_SIMPLEX_ENTRIES = 48000000 }; /* of the first matrix: 384 MB */

typedef struct kz_simplex {
    int n, rows, cols;       /* unknowns; solved ones; free ones          */
    double *t, *beta;        /* rows x cols; values of the solved ones    */
    int *basic, *loose;      /* unknown of a row; of a column             */
    int *place;              /* of an unknown: row, or -1 - column        */
    bool *was_zero;          /* in some table that fits                   */
    int *hot;                /* room for columns of a pivot               */
    int64_t age;             /* pivots since it was made from the equations */
    /* As given: */
    int n_equations;
    const size_t *start;
    const kz_linear_term *terms;
    const double *right;
    double *x;
} kz_simplex;

/* `start`, `terms` and `right` must live as long as the simplex.
 * KZ_E_FINDING  ("sdc.infeasible") no counts >= 0 fit.
 * KZ_E_LIMIT    more than KZ_SIMPLEX_ENTRIES, no memory, or arithmetic came to its end. */
KZ_MUST_USE kz_status kz_simplex_make(kz_simplex *s, int n_equations, const size_t start[],
                                      const kz_linear_term terms[], const double right[], int n, kz_err *err);
KZ_MUST_USE kz_status kz_simplex_range(kz_simplex *s, int unknown, double *lo, double *hi, kz_err *err);
/* Only the upper end; then s->x is a table with it (not if it is INFINITY). */
KZ_MUST_USE kz_status kz_simplex_highest(kz_simplex *s, int unknown, double *hi, kz_err *err);
void kz_simplex_done(kz_simplex *s);

#endif
