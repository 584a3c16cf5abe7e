/*
 * ledger_rows.h - the table of changes, row by row, before anybody knows whether the areas exist.
 *
 * Used by ledger_change.c alone.  A row with several keys becomes one row a pair.  Rows are sorted by
 * day and keep the order of the file within it.  Lives in the arena.
 */
#ifndef KZ_MONITOR_LEDGER_ROWS_H
#define KZ_MONITOR_LEDGER_ROWS_H

#include "monitor/ledger.h"

typedef struct kz_change_row {
    kz_change kind;
    char day[11];
    const char *from, *to, *name; /* keys, "" none */
    double weight;                /* NaN: none     */
    int64_t line;
} kz_change_row;

typedef struct kz_change_rows {
    int n;
    kz_change_row *row;
} kz_change_rows;

KZ_MUST_USE kz_status kz_change_rows_read(const char *file, kz_arena *a, kz_change_rows *ret, kz_err *err);

#endif
