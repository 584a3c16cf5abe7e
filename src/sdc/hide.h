/*
 * hide.h - which cells of one table must stay hidden, with a proof for each of them.
 *
 *     kz_sdc_pattern p = { 0 };
 *     kz_sdc_order o = { .table = &t, .primary = primary, .width = 3, .starts = 4 };
 *     KZ_TRY(kz_sdc_hide(&o, &p, &where, err));
 *     // p.mask[c]: KZ_MASK_OPEN, KZ_MASK_PRIMARY, KZ_MASK_SECONDARY
 *     kz_sdc_pattern_done(&p);
 *
 * Every primary cell owns a *witness*: whole numbers on hidden cells, zero in
 * the sum of every line.  The true table plus `up` times and minus `down`
 * times the witness are two tables without negative counts that agree with
 * everything published; every cell of the witness differs between them by
 * `width` or more.  So the interval of every hidden cell, partners included,
 * is at least that wide, and anybody can check it by adding and comparing.
 *
 * Method (docs/methods/sdc.md): simulated annealing over product moves - in
 * each dimension a pair of leaves with their ways to the common ancestor, or one
 * leaf with its way to the root; their product is a null vector - with Gumbel
 * noise; then a clean-up that combines vectors so that needless partners open
 * again; several starts, of which each block of cells takes the best.
 * Costs are whole numbers, so every compiler and machine gives the same bytes;
 * starts run in parallel and do not see each other.
 *
 * Several tables that share counts are one table with relations (table.h): a product move is then one of the
 * areas times a circuit of the relations.
 *
 * Where no product move keeps the cells that must stay shown, a linear
 * programme over the neighbourhood finds a witness, or proves that there is none.
 * Time: starts * sweeps * primaries * moves through a cell; clean-up about
 * secondaries * witnesses through a cell * 40.  Memory: about 12 bytes a
 * (node of the longest dimension, product move of the others).
 */
#ifndef KZ_SDC_HIDE_H
#define KZ_SDC_HIDE_H

#include "sdc/rule.h"
#include "sdc/table.h"

#define KZ_SDC_COST_MOST (1 << 18)

/* Vectors that may be witnesses: vector v is cell[start[v] .. start[v + 1]) with coef, for owner[v]. */
typedef struct kz_sdc_hints {
    int n;
    const size_t *start;
    const int *cell, *coef, *owner;
} kz_sdc_hints;

typedef struct kz_sdc_order {
    const kz_sdc_table *table; /* with all margins                               */
    const bool *primary;       /* a cell each                                     */
    const bool *keep;          /* must stay shown; NULL: none                     */
    const bool *unprinted;     /* nobody prints it: a partner for nothing; NULL: none */
    const int32_t *cost;       /* of hiding a cell, 1 … KZ_SDC_COST_MOST; NULL: by its count */
    int64_t width;             /* >= 1                                            */
    const int64_t *widths;     /* of a cell, for its own witness; NULL: width for all */
    int starts, sweeps;        /* 0: by the size of the table                     */
    uint64_t seed;
    const kz_sdc_hints *hints; /* of an earlier publication: taken where they hold; NULL: none  */
    bool owner_only;           /* a witness found by linear programming need be wide for its owner only  */
    bool insider;              /* also against somebody who knows a count of 1 as their own */
    int threads;               /* 0 or 1: one                                     */
    const char *const *names;  /* of the dimensions, for messages                 */
    int *where;                /* gets the cell that a refusal is about; NULL     */
} kz_sdc_order;

/* Witness w: cell[start[w] .. start[w + 1]) with coef; it belongs to cell owner[w]. */
typedef struct kz_sdc_pattern {
    uint8_t *mask; /* kz_mask */
    int n_primary, n_secondary, n_witness;
    int64_t value_secondary;
    size_t *start;
    int *cell, *coef, *owner;
} kz_sdc_pattern;

/* How often the witness fits into the counts, upwards and downwards (capped at 2^30). */
void kz_sdc_steps(const kz_sdc_table *t, const int cell[], const int coef[], size_t n, int64_t *up, int64_t *down);

/*
 * KZ_E_INPUT  a primary cell must stay shown ("sdc.keep_primary"), or the wishes make it impossible
 *             to protect one ("sdc.keep_impossible", proven; "sdc.keep_hard", not found); names the cell.
 * KZ_E_LIMIT  memory, or more product moves than can be kept.
 */
KZ_MUST_USE kz_status kz_sdc_hide(const kz_sdc_order *o, kz_sdc_pattern *ret, kz_err *err);
void kz_sdc_pattern_done(kz_sdc_pattern *p);

#endif
