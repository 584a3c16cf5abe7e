/*
 * compute.h - from observations to cells: every indicator, area, period and group.
 *
 *     kz_auto(kz_tx) tx = KZ_TX_INIT;
 *     KZ_TRY(kz_tx_begin(&tx, ws->work, err));
 *     KZ_TRY(kz_compute_all(ws->work, &report, err));   // replaces the table `cell`
 *     KZ_TRY(kz_tx_commit(&tx, err));
 *
 * Called inside the transaction of an import, so cells and observations agree.
 *
 * - A share gets Wilson's 95 % interval (stat/rate.h).  A count and a change
 *   are complete counts of a register: lo = hi = value, there is no range.  No
 *   interval formula is sound for a change here, because most people are in both counts.
 * - A change looks back to the first period in which any area has the count.
 * - Denominator 0: meaningless (x).  An input that is missing: later (…), as
 *   far as the level and the period have the indicator at all; an input that the source
 *   hides: hidden; unreliable, limited, estimated, preliminary and revised are passed on.
 * - An area has cells in the periods on whose reference day it is valid, and in no others.
 * - KZ_E_INPUT ("compute.over"): more people in the numerator than in the
 *   denominator, or less than none; nothing is stored.
 *
 * Same observations, same cells.  O(cells).
 */
#ifndef KZ_MONITOR_COMPUTE_H
#define KZ_MONITOR_COMPUTE_H

#include "monitor/counts.h"

typedef struct kz_compute_report {
    int64_t cells;
    kz_counts_check check; /* own counts against the sums of the parts */
    char measure[64], period[32], area[128]; /* behind check's pointers */
} kz_compute_report;

KZ_MUST_USE kz_status kz_compute_all(kz_db *work, kz_compute_report *ret, kz_err *err);
/* Only these indicators (n 0: all).  KZ_E_MISSING: one is not in the catalogue. */
KZ_MUST_USE kz_status kz_compute_some(kz_db *work, const char *const ids[], int n, kz_compute_report *ret,
                                      kz_err *err);

/* The cell of an indicator in the matrix of counts; false: no such cell.
 * `first`: the period that a change looks back to. */
KZ_MUST_USE bool kz_compute_cell(const kz_counts *n, const kz_indicator *ind, int group, int first, int period,
                                 int area, kz_cell *ret, int32_t *ret_import);
/* The first period in which any area has the whole's count; KZ_NONE: none has. */
int kz_compute_first_period(const kz_counts *n, const kz_indicator *ind);

#endif
