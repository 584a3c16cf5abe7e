/*
 * linear.h - which unknowns do these equations determine?
 *
 * Sparse Gaussian elimination modulo the prime 2^61 - 1, shortest row first,
 * in it the rarest column; then two random vectors of the null space.  An
 * unknown that every null vector leaves at zero has one value only.  A chance
 * zero (2^-122) errs to the safe side: "determined".
 *
 * Method: Langsrud 2024, doi 10.1007/978-3-031-69651-0_6 (row space of the
 * published cells); random null vectors instead of a second elimination.
 */
#ifndef KZ_SDC_LINEAR_H
#define KZ_SDC_LINEAR_H

#include "base/arena.h"

typedef struct kz_linear_term {
    int column, coefficient;
} kz_linear_term;

/* n rows; row r is terms[start[r] .. start[r + 1]), columns 0 .. n_columns - 1.
 * Right-hand sides do not matter.  KZ_E_LIMIT: memory. */
KZ_MUST_USE kz_status kz_linear_determined(int n, const size_t start[], const kz_linear_term terms[], int n_columns,
                                           bool determined[], kz_err *err);

#endif
