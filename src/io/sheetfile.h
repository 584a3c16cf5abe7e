/*
 * sheetfile.h - the cells of a spreadsheet that somebody sent.
 *
 *     kz_auto(kz_buf) plain = kz_buf_init(512u << 20);
 *     kz_book book;
 *     KZ_TRY(kz_book_read("Bestand.xlsx", bytes, n, &arena, &book, &plain, err));
 *     const kz_sheet *s = &book.sheets[0];
 *     const kz_sheet_cell *c = kz_sheet_at(s, 7, 1);          // B7; NULL: empty
 *     if (c && c->kind == KZ_CELL_NUMBER) use(c->text, c->n);
 *
 * XLSX and ODS, recognised by what is in them, not by the name.  kekiz-sheet (io/worker) reads the
 * bytes in a process of its own; what it says is checked here like any foreign input.  A gzip file
 * is no book: its content goes to `plain`.  Sheets, rows and columns are all there, hidden ones
 * with a mark; nothing is calculated: a formula has the value that was saved with it.
 *
 * Everything lives in the arena (about 24 bytes a cell and its text).  Rows count from 1,
 * columns from 0.  Reading O(bytes), kz_sheet_at O(log cells).  One worker a call; safe from any thread.
 * Errors name the file: KZ_E_INPUT (what is wrong, and which formats are read), KZ_E_LIMIT, KZ_E_IO.
 */
#ifndef KZ_IO_SHEETFILE_H
#define KZ_IO_SHEETFILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/view.h"
#include "io/sheetframe.h"

typedef struct kz_sheet_cell {
    const char *text;
    uint32_t n, column;
    uint8_t  kind, style; /* kz_cell_kind, KZ_STYLE_… */
} kz_sheet_cell;

typedef struct kz_sheet_row {
    uint32_t row, n;
    bool     hidden;
    const kz_sheet_cell *cells; /* by column */
} kz_sheet_row;

typedef struct kz_sheet_range {
    uint32_t row, column, last_row, last_column;
} kz_sheet_range;

typedef struct kz_sheet {
    const char *name;
    unsigned visibility; /* KZ_SHEET_VISIBLE … */
    uint32_t n_rows, n_merged, n_hidden, n_columns; /* n_columns: last used + 1 */
    const kz_sheet_row   *rows;
    const kz_sheet_range *merged;
    const kz_sheet_range *hidden; /* columns: column to last_column */
} kz_sheet;

typedef struct kz_book {
    int n_sheets;
    const kz_sheet *sheets;
} kz_book;

/* Do the bytes look like something that kekiz-sheet reads (or refuses with a reason)? */
bool kz_book_is(const void *p, size_t n);

KZ_MUST_USE kz_status kz_book_read(const char *file, const void *p, size_t n, kz_arena *a, kz_book *ret,
                                   kz_buf *plain, kz_err *err);
/* Frames that somebody wrote into memory: for tests and the fuzz target. */
KZ_MUST_USE kz_status kz_book_from_frames(const char *file, const void *p, size_t n, kz_arena *a, kz_book *ret,
                                          kz_buf *plain, kz_err *err);

const kz_sheet_cell *kz_sheet_at(const kz_sheet *s, uint32_t row, uint32_t column);
/* "B7"; row 0: only the letters. */
const char *kz_sheet_place(uint32_t row, uint32_t column, char out[static 16]);

#endif
