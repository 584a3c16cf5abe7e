/*
 * sheet_table.h - find the table of a map in a spreadsheet: which sheet, which rows are its header.
 *
 *     kz_sheet_table t;
 *     KZ_TRY(kz_sheet_table_find(&book, &map, &arena, &t, err));
 *     switch (t.found) { case KZ_TABLE_ONE: open(t.sheet, t.columns, t.header, t.first_row); … }
 *
 * A header fits when it has every column that the map names, and a wide table at least one value column.
 * It may begin in one of the first 40 rows and be up to 5 rows high: labels one below the other become
 * one name ("Einwohner / männlich"), a merged cell counts for all its columns, and one that reaches
 * down makes the header as high as itself.  Of several the first and lowest is taken.  What stands above is a title.
 *
 * Sheets that are hidden are never taken unless the map names them (`blatt`).
 * Everything lives in the arena.  O(sheets × columns), no state.
 */
#ifndef KZ_MONITOR_SHEET_TABLE_H
#define KZ_MONITOR_SHEET_TABLE_H

#include "io/sheetfile.h"
#include "monitor/mapfile.h"

typedef enum kz_table_found {
    KZ_TABLE_NONE = 0,
    KZ_TABLE_ONE,
    KZ_TABLE_MANY,   /* several visible sheets fit: the map must say which */
    KZ_TABLE_HIDDEN, /* only a hidden one fits                             */
    KZ_TABLE_NO_SHEET, /* the map names a sheet that is not there          */
} kz_table_found;

typedef struct kz_sheet_table {
    kz_table_found found;
    const kz_sheet *sheet; /* with MANY and HIDDEN: the first of them */
    size_t n_columns;
    const uint32_t *columns;
    const kz_view *header;
    uint32_t head_row, first_row; /* first row of the header, of the data */
} kz_sheet_table;

/* KZ_E_LIMIT: the arena is full. */
KZ_MUST_USE kz_status kz_sheet_table_find(const kz_book *book, const kz_mapfile *m, kz_arena *a, kz_sheet_table *ret,
                                          kz_err *err);
/* The table whose header stands in these rows of the sheet, whatever its columns are called. */
KZ_MUST_USE kz_status kz_sheet_table_at(const kz_sheet *s, uint32_t first, uint32_t last, kz_arena *a,
                                        kz_sheet_table *ret, kz_err *err);
/* "Tabelle1, Tabelle2": all sheets, or the visible or hidden ones (-1, 0, 1). */
void kz_sheet_names(kz_buf *out, const kz_book *book, int hidden);

#endif
