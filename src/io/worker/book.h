/*
 * book.h - kekiz-sheet: the one program that unpacks and reads spreadsheets of others.
 *
 *     kekiz-sheet < FILE
 *
 * XLSX, ODS and gzip come in, frames (io/sheetframe.h) go out and nothing else anywhere.  It
 * is a process of its own with next to no rights (io/sandbox.h), because three parsers on top of
 * each other (ZIP, XML, the sheet) read what a stranger wrote.
 *
 * zip.c finds the entries and checks them, xml.c gives marks with bounds, xlsx.c and ods.c know
 * what they mean, say.c makes frames.  Everything fails the same way: book_fail() keeps the first
 * failure and is false.  Memory: the arena (shared texts) and one row.  One thread.
 */
#ifndef KZ_IO_WORKER_BOOK_H
#define KZ_IO_WORKER_BOOK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/view.h"
#include "io/sheetframe.h"

struct xlsx;

typedef struct zip_entry {
    const char *name; /* in the arena */
    uint32_t packed, size, crc;
    uint16_t method;
    size_t   head, data; /* where the entry and its bytes begin */
} zip_entry;

typedef struct book {
    const unsigned char *p; /* the file */
    size_t n;
    void (*write)(void *to, const char *p, size_t n);
    void *to;

    kz_arena arena;
    kz_buf   frame, row; /* row: the cells of the row at hand */
    uint32_t row_at, row_n;
    bool     row_hidden;
    uint64_t unpacked;
    uint32_t cells, sheets, merges;
    char     sheet[128]; /* name, for messages */
    int        n_entries;
    zip_entry *entries;

    bool failed;
    kz_sheet_message message;
    char what[400];
} book;

/* Read the whole file and say its frames, the last one included. */
void book_read(book *b);
void book_done(book *b);

/* Keep the first failure; false. */
bool book_fail(book *b, kz_sheet_message m, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* zip.c */
bool zip_open(book *b);
const zip_entry *zip_find(const book *b, const char *name);
/* `take` may be called many times; false from it ends the unpacking. */
bool zip_unpack(book *b, const zip_entry *e, bool (*take)(void *me, const char *p, size_t n), void *me);
bool gzip_say(book *b);

/* xlsx.c, ods.c */
bool xlsx_read(book *b);
bool xlsx_sheet_read(book *b, const zip_entry *e, const struct xlsx *x);
bool ods_read(book *b);

/* say.c */
bool say_sheet(book *b, unsigned visibility, kz_view name);
/* Cells of a row in order; say_row ends it.  A row without cells is not said. */
void row_begin(book *b, uint32_t row, bool hidden);
bool row_cell(book *b, uint32_t column, kz_cell_kind kind, unsigned style, kz_view text);
bool row_end(book *b);
bool say_merged(book *b, uint32_t row, uint32_t column, uint32_t last_row, uint32_t last_column);
bool say_hidden(book *b, uint32_t first, uint32_t last);
bool say_data(book *b, const char *p, size_t n);
/* "B7" into `out` (16 bytes). */
const char *cell_name(uint32_t row, uint32_t column, char out[static 16]);

#endif
