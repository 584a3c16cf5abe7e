/*
 * pca.h - the few directions in which areas differ most.
 *
 *     kz_pca p;
 *     KZ_TRY(kz_pca_make(z, 4, n, &arena, &p, err));        // z: standardised columns, z[c][i] (index.h)
 *     // p.sd[0] 1.5749, p.loading[0 * 4 + c] how column c enters component 0, p.score[0][i]
 *
 * Components are the eigenvectors of the correlation matrix, largest eigenvalue first; sd are the roots of the
 * eigenvalues; their squares add up to the number of columns.  The sign is such that the loadings of a
 * component that is not balanced add up to more than 0.  Scores are z times loadings.
 *
 * kz_eigen_symmetric is Jacobi's method: sweeps of rotations until nothing is left beside the diagonal; exact to
 * rounding for any symmetric matrix, small ones in mind.  O(columns³ · sweeps + n · columns²).
 * KZ_E_LIMIT space.memory: the arena is full.
 *
 * Sources: K. Pearson 1901, H. Hotelling 1933; C. G. J. Jacobi 1846, in the form of H. Rutishauser 1966.
 */
#ifndef KZ_STAT_PCA_H
#define KZ_STAT_PCA_H

#include "base/arena.h"

typedef struct kz_pca {
    int     n_columns;
    double *sd;
    double *loading; /* component-major            */
    double *const *score;
} kz_pca;

KZ_MUST_USE kz_status kz_pca_make(const double *const z[], int n_columns, int n, kz_arena *a, kz_pca *ret, kz_err *err);

/* a (n × n, symmetric) is destroyed; value descending, vector[k * n + i] part i of vector k, orthonormal. */
void kz_eigen_symmetric(double a[], int n, double value[], double vector[]);

#endif
