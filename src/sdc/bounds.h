/*
 * bounds.h - what an attacker can know about each hidden count of a table.
 *
 *     double *lo, *hi;   // a value a cell
 *     KZ_TRY(kz_sdc_bounds(&t, hidden, &(kz_sdc_bounds_out){ lo, hi, determined }, &where, err));
 *     kz_sdc_verdict v = kz_sdc_judge(lo[c], hi[c], 3);
 *
 * The attacker has every published cell (t->n where hidden is false), knows
 * that all lines add up and that counts are not negative.  Hidden cells fall
 * into blocks that share no line; for each block the exact interval of each
 * cell by linear programming, and beside it a test without rounding errors:
 * a random vector of the null space modulo 2^61 - 1 tells which cells the
 * equations alone determine.  t->n is never read where hidden is true.
 *
 * lo, hi: of the linear programme; the counts are whole, so the attacker rounds
 * inwards.  hi is INFINITY where nothing bounds it.  Cells that are not
 * hidden get their count.  Memory: that of the largest block; time about
 * (cells of a block)^2 times the pivots, a few a cell.
 */
#ifndef KZ_SDC_BOUNDS_H
#define KZ_SDC_BOUNDS_H

#include "sdc/table.h"

typedef enum kz_sdc_verdict { KZ_SDC_SAFE = 0, KZ_SDC_EXACT, KZ_SDC_NARROW } kz_sdc_verdict;
/* "ok", "exact", "narrow" */
const char *kz_sdc_verdict_name(kz_sdc_verdict v);
kz_sdc_verdict kz_sdc_judge(double lo, double hi, int64_t width);

typedef struct kz_sdc_bounds_out {
    double *lo, *hi;
    bool *determined; /* by the equations alone; may be NULL */
    int64_t most;     /* entries of a block's matrix; 0: KZ_SIMPLEX_ENTRIES (simplex.h) */
    int blocks, largest;
    int skipped;      /* cells in blocks that are too large or too hard for the arithmetic: lo and hi NaN,
                         determined is right */
} kz_sdc_bounds_out;

/*
 * KZ_E_FINDING  published cells contradict each other; *where is the parent of a line or a
 *               cell of the block in which they do (message without the cell).
 * KZ_E_LIMIT    memory.
 */
KZ_MUST_USE kz_status kz_sdc_bounds(const kz_sdc_table *t, const bool hidden[], kz_sdc_bounds_out *out, int *where,
                                    kz_err *err);

#endif
