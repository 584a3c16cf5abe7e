/*
 * compute.h - from deliveries to cells: every indicator, area, period and group.
 *
 *     kz_auto(kz_tx) tx = KZ_TX_INIT;
 *     KZ_TRY(kz_tx_begin(&tx, ws->work, err));
 *     KZ_TRY(kz_compute_all(ws->work, &report, err));   // table `cell` agrees with the data again
 *     KZ_TRY(kz_tx_commit(&tx, err));
 *
 * Called inside the transaction of an import, so cells and data agree.
 *
 * Person rows are counted where they have changed (counted.h); then every indicator gets new cells (reckon.h) in the
 * periods in which its inputs are others than those its cells were made of (compute_stamp.h): an import of Kita
 * children leaves alone what is made of residents, and one of 2024 what is made of 2023.
 *
 * - Cells are made for the levels and periods that the indicator has at all; there what is missing is "later".
 * - KZ_E_INPUT ("compute.over"): more people in the numerator than in the denominator of a share of one source, or
 *   less than none; indicator, area and period are named and nothing is stored.  Of two sources, whose days and
 *   registers differ, the share is kept as "limited" and counted in the report.
 *
 * Same data, same cells, for any number of threads.  O(rows that changed + cells).
 */
#ifndef KZ_MONITOR_COMPUTE_H
#define KZ_MONITOR_COMPUTE_H

#include "monitor/counted.h"

typedef struct kz_compute_report {
    int64_t cells, over;       /* over: shares above 1 of two sources */
    int indicators, periods;   /* that got new cells; periods of all of them together */
    kz_counted_report counted;
    kz_counts_check check;     /* own counts against the sums of the parts */
    char measure[64], period[32], area[128]; /* behind check's pointers */
} kz_compute_report;

typedef struct kz_compute_how {
    const kz_catalogue *cat;   /* NULL: the one built in               */
    const char *const *ids;    /* only these indicators; n_ids 0: all  */
    int n_ids;
    bool only_changed;         /* those whose inputs have not changed keep their cells */
    kz_counted_how counting;
} kz_compute_how;

/* KZ_E_MISSING: one of the ids is not in the catalogue. */
KZ_MUST_USE kz_status kz_compute(kz_db *work, const kz_compute_how *how, kz_compute_report *ret, kz_err *err);
/* What has changed, with all processors: for imports.  While it is held, nothing is done and the report is empty. */
KZ_MUST_USE kz_status kz_compute_all(kz_db *work, kz_compute_report *ret, kz_err *err);
/* Many deliveries, one after the other: imports do not compute until somebody lets go (setting compute_held).
 * Cells do not agree with the data meanwhile, so no release can be drafted. */
KZ_MUST_USE kz_status kz_compute_hold(kz_db *work, bool hold, kz_err *err);
KZ_MUST_USE kz_status kz_compute_held(kz_db *work, bool *ret, kz_err *err);

#endif
