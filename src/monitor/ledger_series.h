/*
 * ledger_series.h - an indicator of all periods in the boundaries of one day.
 *
 *     const kz_series_order order = { .catalogue = &cat, .indicator = ind, .day = "2021-01-01",
 *                                     .basis = KZ_BASIS_POPULATION };
 *     KZ_TRY(kz_ledger_series(work, &order, take, me, &report, err));
 *
 * The computed cells (table `cell`) are read, numerators and denominators are carried from the state of
 * their period to the state of the day (ledger_convert.h), and the rates are computed anew.  An area that did
 * not change, or got another key only, has its cells as they are; so has every area of a level that
 * never changed, whatever the indicator.  Rows come by level, key, period, group.
 *
 * Different persons do not add up over areas (somebody may have been in both): a merger of such counts is
 * estimated, too.
 *
 * Nothing is stored.  Where boundaries did change, for counts, shares, ratios and changes of what adds up;
 * KZ_E_INPUT "ledger.kind" for indices, profiles, balances and for shares that a table brought as such.
 * KZ_E_MISSING: there are no cells, or no state on the day.  O(cells).
 */
#ifndef KZ_MONITOR_LEDGER_SERIES_H
#define KZ_MONITOR_LEDGER_SERIES_H

#include "monitor/indicator.h"
#include "monitor/ledger_convert.h"

typedef struct kz_series_order {
    const kz_catalogue *catalogue;
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
