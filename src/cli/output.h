/*
 * output.h - rows of data to standard output as csv, json or a table for people.
 *
 *     static const kz_col COLS[] = { { "key", KZ_COL_TEXT }, { "n", KZ_COL_INT }, { "value", KZ_COL_REAL } };
 *     kz_auto(kz_table_out) t;
 *     KZ_TRY(kz_table_begin(&t, call, COLS, 3));
 *     kz_put_text(&t, key);                  // the last column ends the row
 *     kz_put_int(&t, n);
 *     kz_put_real(&t, value);                // NaN: unknown, an empty field
 *     return kz_table_end(&t);               // one check: the disk, the pipe
 *
 * The form is the command's option `format` (csv when it has none):
 *   csv    UTF-8, comma, '.' decimals, header line, LF; reals are the shortest
 *          text that reads back as the same number; quoted only where needed
 *   json   an array of objects, a line each; unknown is null
 *   table  aligned, numbers as people in Germany (or England) write them
 * csv and json are written as they come; a table is kept until the end (at most
 * 64 MiB, then KZ_E_LIMIT).  Failures go to call->err.  One thread.
 */
#ifndef KZ_CLI_OUTPUT_H
#define KZ_CLI_OUTPUT_H

#include "base/arena.h"
#include "cli/command.h"

typedef enum kz_col_kind { KZ_COL_TEXT, KZ_COL_INT, KZ_COL_REAL } kz_col_kind;

typedef struct kz_col {
    const char *name;
    kz_col_kind kind;
} kz_col;

enum { KZ_MAX_COLS = 64 };

typedef struct kz_table_out {
    kz_call      *call;
    const kz_col *cols;
    size_t        n_cols, at; /* the next column                       */
    enum { KZ_OUT_CSV, KZ_OUT_JSON, KZ_OUT_TABLE } form;
    bool          any;        /* a row has been written                */
    kz_status     failed;
    kz_buf        bytes;      /* what is not yet written               */
    kz_arena      cells;      /* only for a table                      */
    struct kz_out_row *first, *last, *row;
    size_t        width[KZ_MAX_COLS];
} kz_table_out;

/* KZ_E_USAGE: --format is not one of the three.  kz_table_out_done is always harmless afterwards. */
KZ_MUST_USE kz_status kz_table_begin(kz_table_out *t, kz_call *call, const kz_col cols[], size_t n);
void kz_put_text(kz_table_out *t, const char *text);
void kz_put_view(kz_table_out *t, const char *p, size_t n);
void kz_put_int(kz_table_out *t, int64_t n);
void kz_put_real(kz_table_out *t, double x);
void kz_put_none(kz_table_out *t); /* unknown: empty, null */
KZ_MUST_USE kz_status kz_table_end(kz_table_out *t);
void kz_table_out_done(kz_table_out *t);

/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void kz_out_json(kz_buf *b, const char *p, size_t n);

/* Plain bytes to standard output.  KZ_E_IO "cli.stdout", or "cli.pipe" when nobody reads any more. */
KZ_MUST_USE kz_status kz_out_write(const void *p, size_t n, kz_err *err);
/* Everything is written: call once, at the end of the program. */
KZ_MUST_USE kz_status kz_out_finish(kz_err *err);

#endif
