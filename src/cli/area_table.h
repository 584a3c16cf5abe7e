/*
 * area_table.h - one line an area, columns of numbers that may have gaps.
 *
 *     kz_area_table t;
 *     KZ_TRY(kz_area_table_read(path, (const char *[]){ "numerator", "denominator" }, 2, &arena, &t, err));
 *     for (int i = 0; i < t.n; i++) use(t.area[i], t.value[0][i]);        // NaN: the field is empty
 *
 * The column `area` must be there, must be filled and is unique.  Decimal point or comma is
 * found for each column; where nothing proves it (1.234) it is the point, unless the file is
 * separated by `;`: then it is asked for.  Empty fields and the official signs for "nothing
 * to tell" (. … x / NA) are NaN; what else is not a number is refused with file, line, column.
 * Lives in the arena.  O(bytes).
 */
#ifndef KZ_CLI_AREA_TABLE_H
#define KZ_CLI_AREA_TABLE_H

#include "base/arena.h"
#include "base/dict.h"

typedef struct kz_area_table {
    const char *file;
    int n, n_columns;
    const char *const *column;
    const char *const *area;
    const uint64_t *line;
    double *const *value; /* by column, then row */
    kz_dict areas;        /* area → row          */
} kz_area_table;

KZ_MUST_USE kz_status kz_area_table_read(const char *path, const char *const columns[], int n_columns, kz_arena *a,
                                         kz_area_table *ret, kz_err *err);

/* Fail about one value: gives the message {file} {line} {column} {value} {area}.  Returns KZ_E_INPUT. */
kz_status kz_area_table_fail(const kz_area_table *t, int row, int column, const char *id, kz_err *err);

/* The column holds whole numbers from 0 on, or nothing. */
KZ_MUST_USE kz_status kz_area_table_counts(const kz_area_table *t, int column, kz_err *err);

/* How many areas have nothing in this column, and the first few of their names for a message. */
int kz_area_table_gaps(const kz_area_table *t, const bool gap[], char *names, size_t size);

#endif
