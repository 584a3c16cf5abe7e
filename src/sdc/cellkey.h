/*
 * cellkey.h - counts that are changed a little, always alike.
 *
 *     kz_cellkey_rule rule = { .smallest = 3, .variance = 2 };    // no 1, no 2 is ever shown
 *     kz_cellkey_table d;
 *     KZ_TRY(kz_cellkey_make(&rule, &arena, &d, err));
 *     KZ_TRY(kz_cellkey_apply(&d, &table, secret, &arena, shown, err));
 *
 * Every inner cell has a key: a number made of its codes and the secret.  The
 * key of any other cell is the sum of the keys of the inner cells in it that
 * are not empty, so cells that hold the same people have the same key.  The
 * key picks a deviation from the distribution of the count.  So the same cell
 * is always changed alike, a margin with one part is changed like its part,
 * zeros stay zero, and no deviation exceeds `most`.  Margins are changed for
 * themselves: parts need not add up.
 *
 * The deviation table: for each count the distribution on -most .. most with
 * mean 0 (unbiased), without results below zero or in 1 .. smallest - 1, and of
 * all these the one of largest entropy with the variance that was asked for -
 * p(v) proportional to exp(a v + b v^2), a and b by Newton's method.  For small
 * counts the conditions may leave no such variance; then the nearest possible.
 * From `most + smallest - 1` on, all counts share one distribution.
 *
 * Reading is safe from any thread.  O(counts * most) to make, O(cells) to use.
 */
#ifndef KZ_SDC_CELLKEY_H
#define KZ_SDC_CELLKEY_H

#include "sdc/table.h"

enum { KZ_CELLKEY_MOST = 100 };

typedef struct kz_cellkey_rule {
    int64_t smallest; /* no result in 1 .. smallest - 1; 0, 1: no such bound      */
    int most;         /* largest deviation; 0: as small as the others allow, >= 4 */
    double variance;  /* > 0                                                      */
} kz_cellkey_rule;

typedef struct kz_cellkey_table {
    int smallest, most, rows; /* counts 1 .. rows; larger ones as `rows` */
    double *p;                /* rows x (2 * most + 1)                   */
} kz_cellkey_table;

/* KZ_E_USAGE  no unbiased table exists: `most` is below smallest - 1, or above KZ_CELLKEY_MOST. */
KZ_MUST_USE kz_status kz_cellkey_make(const kz_cellkey_rule *rule, kz_arena *a, kz_cellkey_table *ret, kz_err *err);
static inline const double *kz_cellkey_row(const kz_cellkey_table *t, int64_t n)
{
    return t->p + (n < t->rows ? n - 1 : t->rows - 1) * (2 * t->most + 1);
}
/* The deviation of a count with this key; 0 for 0. */
int kz_cellkey_deviation(const kz_cellkey_table *t, int64_t n, uint64_t key);
KZ_MUST_USE kz_status kz_cellkey_apply(const kz_cellkey_table *d, const kz_sdc_table *t, uint64_t secret, kz_arena *a,
                                       int64_t shown[], kz_err *err);

#endif
