/*
 * table_rows.h - the rows of a delivered table, whether it is text or a sheet.
 *
 *     kz_rows rows = { 0 };
 *     KZ_TRY(kz_rows_open_text(&rows, name, bytes, n, &opts, err));
 *     size_t area;
 *     KZ_TRY(kz_rows_column(&rows, "raum_id", &area, err));
 *     kz_row row;
 *     while (kz_rows_next(&rows, &row))
 *         use(row.field[area], row.line);
 *     KZ_TRY(kz_rows_end(&rows, err));
 *
 * A sheet (io/sheetfile.h) becomes a table when somebody has said which of its rows are the header
 * (sheet_table.h): the labels of several header rows are one name, "Einwohner / männlich".  Cells are
 * texts like fields of a CSV; `cell` has them as the sheet keeps them.  Rows of a sheet count
 * as on the screen.  Fields are valid until the next kz_rows_next.
 * Not for sharing between threads.  O(bytes).
 */
#ifndef KZ_MONITOR_TABLE_ROWS_H
#define KZ_MONITOR_TABLE_ROWS_H

#include "io/csv.h"
#include "io/sheetfile.h"

typedef struct kz_row {
    const kz_view *field;
    const kz_sheet_cell *const *cell; /* NULL for a text; an entry is NULL for an empty cell */
    size_t n;
    uint64_t line;
    kz_csv_problem problem;
    bool hidden;
} kz_row;

typedef struct kz_rows {
    kz_csv csv;
    const kz_sheet *sheet;   /* NULL: a text                               */
    size_t n_columns;
    const kz_view *header;
    const uint32_t *columns; /* of a sheet: where ours are                 */
    uint32_t first_row;      /* of a sheet: below the header               */
    const char *file;
    uint32_t at;             /* next of sheet->rows                        */
    kz_view *field;
    const kz_sheet_cell **cell;
    kz_arena *arena;
    kz_buf padded;           /* numbers with leading zeros of the row      */
} kz_rows;

KZ_MUST_USE kz_status kz_rows_open_text(kz_rows *r, const char *name, const void *p, size_t n, const kz_csv_opts *opts,
                                        kz_err *err);
/* Columns `columns` of the sheet with the names `header`; both live in the arena. */
KZ_MUST_USE kz_status kz_rows_open_sheet(kz_rows *r, const char *name, const kz_sheet *s, size_t n_columns,
                                         const uint32_t *columns, const kz_view *header, uint32_t first_row,
                                         kz_arena *a, kz_err *err);
void kz_rows_done(kz_rows *r);

/* KZ_E_INPUT: no such column, or a sheet has two of that name. */
KZ_MUST_USE kz_status kz_rows_column(const kz_rows *r, const char *name, size_t *ret, kz_err *err);
bool kz_rows_next(kz_rows *r, kz_row *row);
KZ_MUST_USE kz_status kz_rows_end(const kz_rows *r, kz_err *err);
void kz_rows_rewind(kz_rows *r);

#endif
