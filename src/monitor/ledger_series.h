/*
 * ledger_series.h - an indicator of all periods in the boundaries of one day.
 *
 *     const kz_series_order order = { .indicator = ind, .day = "2021-01-01", .basis = KZ_BASIS_POPULATION };
 *     KZ_TRY(kz_ledger_series(work, &order, take, me, &report, err));
 *
 * The computed cells (table `cell`) are read, numerators and denominators are carried from the state of
 * their period to the state of the day (ledger_convert.h), and the rates are computed anew.  Levels whose
 * boundaries did not change give the cells as they are.  Rows come by level, key, period, group.
 *
 * Nothing is stored.  For counts, shares and changes; KZ_E_INPUT "ledger.kind" for what is not made of
 * counts.  KZ_E_MISSING: there are no cells, or no state on the day.  O(cells).
 */
#ifndef KZ_MONITOR_LEDGER_SERIES_H
#define KZ_MONITOR_LEDGER_SERIES_H

#include "monitor/indicator.h"
#include "monitor/ledger_convert.h"

typedef struct kz_series_order {
    const kz_indicator *indicator;
    const kz_area_level *level; /* NULL: all                   */
    const char *period, *group; /* codes; NULL: all            */
    const char *day;            /* ISO                         */
    kz_basis basis;
    const char *file;           /* a crosswalk, or NULL        */
} kz_series_order;

typedef struct kz_series_row {
    const char *key, *name, *period, *group;
    kz_cell cell; /* area, period, indicator, group are not set */
} kz_series_row;

typedef void (*kz_series_fn)(void *me, const kz_series_row *row);

typedef struct kz_series_report {
    int n_rows;
    int n_fallback; /* areas whose basis was not known: shared by land */
    int n_lost;     /* areas with land that left the municipality      */
} kz_series_report;

KZ_MUST_USE kz_status kz_ledger_series(kz_db *work, const kz_series_order *order, kz_series_fn take, void *me,
                                       kz_series_report *ret, kz_err *err);

#endif
