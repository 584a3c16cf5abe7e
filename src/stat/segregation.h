/*
 * segregation.h - do two groups of people live in the same places?
 *
 *     kz_segregation s;
 *     KZ_TRY(kz_segregation_make(group, total, n_areas, &s, err));
 *     // s.dissimilarity 0.4: 40 % of the group would have to move to live as the others do
 *
 * For a_i members of the group and t_i inhabitants of area i, A and T their sums, b_i = t_i - a_i:
 *
 *   dissimilarity  D = ½ Σ |a_i/A - b_i/B|   (group against the rest; the index of segregation IS)
 *   isolation      P* = Σ a_i/A · a_i/t_i     share of the group where a member of it lives, on average
 *   exposure       1 - P*                     … of the others
 *   eta2           (P* - A/T) / (1 - A/T)     isolation without what the share of the city alone makes
 *
 * Areas without inhabitants count for nothing.  KZ_E_INPUT space.no_group (A = 0), space.no_rest (A = T).
 * Counts must be 0 <= a_i <= t_i: KZ_ASSERT, the reader of the file refuses others first.  O(n).
 *
 * Sources: O. D. Duncan, B. Duncan, A methodological analysis of segregation indexes, ASR 20 (1955); S. Lieberson 1981
 * (P*); H. Theil, A. J. Finizza 1971 (H), R. Mora, J. Ruiz-Castillo 2011 (M).
 */
#ifndef KZ_STAT_SEGREGATION_H
#define KZ_STAT_SEGREGATION_H

#include "base/status.h"

typedef struct kz_segregation {
    int    n; /* areas with inhabitants */
    double group, total, share, dissimilarity, isolation, exposure, eta2;
} kz_segregation;

KZ_MUST_USE kz_status kz_segregation_make(const double group[], const double total[], int n, kz_segregation *ret,
                                          kz_err *err);

/* D of any two groups.  NaN when one of them is empty. */
double kz_dissimilarity(const double a[], const double b[], int n);

/* Several groups at once, count[g][i]: mutual information M (natural logarithm) and H = M / entropy of the groups.
 * H is NaN when there is but one group. */
void kz_segregation_groups(const double *const count[], int n_groups, int n, double *m, double *h);

#endif
