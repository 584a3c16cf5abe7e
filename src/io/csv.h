/*
 * csv.h - read tables as text: fast, strict, and exact about where.
 *
 *     kz_auto(kz_csv) csv;
 *     KZ_TRY(kz_csv_open(&csv, "bevoelkerung.csv", &(kz_csv_opts){ 0 }, err));
 *     size_t area, value;
 *     KZ_TRY(kz_csv_column(&csv, "raum_id", &area, err));     // unknown: lists what there is
 *     KZ_TRY(kz_csv_column(&csv, "zahl", &value, err));
 *     kz_csv_row row;
 *     while (kz_csv_next(&csv, &row)) {
 *         KZ_TRY(kz_csv_check(&csv, &row, err));               // or report it and go on
 *         use(row.field[area], row.field[value], row.line);
 *     }
 *     KZ_TRY(kz_csv_end(&csv, err));                           // why the loop ended
 *
 * Open reads the whole input (a file, or "-" for standard input) up to `max_bytes`,
 * finds encoding (decode.h) and delimiter, honours a first line `sep=;`, and reads
 * the header.  Line ends may be LF, CRLF and CR, mixed, and may stand inside quotes.
 * Lines with nothing in them are skipped when the table has two columns or more.
 *
 * Delimiter: the one of TAB ; | , that splits the header into two or more fields and
 * most of the first rows into as many; of equals the first in this order
 * (German decimals put commas into tables with `;`, hardly ever the other way round).
 * None: one column.  Then `delimiter_sure` is false when another one would fit too.
 *
 * A row with the wrong number of fields, or with a quote inside an unquoted
 * field (`ab"c`), is delivered with row.problem set; the caller decides to go on.
 * An unclosed quote, text after a closing quote, an over-long field or
 * too many columns end the reading: what follows could not be trusted.
 *
 * Fields are views, valid until the next kz_csv_next on the same reader.  Outer spaces
 * belong to a field (trim: view.h).  The reader owns its memory: the bytes
 * of the file plus one row.  Not for sharing between threads.  O(bytes), one pass,
 * 64 bytes a step.
 * Format: RFC 4180; `sep=` as Microsoft Excel reads it.
 */
#ifndef KZ_IO_CSV_H
#define KZ_IO_CSV_H

#include "base/decode.h"
#include "base/view.h"

enum { KZ_CSV_FIELD_MAX = 32 * 1024, KZ_CSV_COLUMNS_MAX = 4096 };

typedef struct kz_csv_opts {
    char        delimiter;  /* 0: find out; else ; , TAB or |            */
    kz_encoding encoding;   /* KZ_ENC_FIND: find out                     */
    uint32_t    skip_lines; /* physical lines above the header to ignore */
    size_t      max_bytes;  /* 0: 1 GiB                                  */
} kz_csv_opts;

typedef enum kz_csv_problem {
    KZ_CSV_FINE = 0,
    KZ_CSV_RAGGED, /* fewer or more fields than the header */
    KZ_CSV_QUOTE,  /* a quote inside an unquoted field     */
} kz_csv_problem;

typedef struct kz_csv_row {
    const kz_view *field;
    size_t         n;       /* fields in this row; with FINE: as many as the header */
    uint64_t       line;    /* where it begins, as an editor counts: from 1         */
    uint64_t       record;  /* row as a spreadsheet counts: quoted newlines do not
                               count, empty and skipped lines do                    */
    kz_csv_problem problem;
    size_t         column;  /* of the problem, from 0                               */
} kz_csv_row;

typedef struct kz_csv {
    const char   *file;       /* as given; for messages                     */
    kz_encoding   encoding;
    kz_sureness   encoding_sure;
    char          delimiter;
    bool          delimiter_sure;
    size_t        n_columns;
    const kz_view *header;    /* trimmed names, valid until done            */
    struct kz_csv_state *state;
} kz_csv;

/*
 * KZ_E_INPUT  no data (empty, only a byte order mark, only a header), not text, a header that is empty
 *             or there twice (compared folded: "Ä " is "ä"), a quote that never ends.
 * KZ_E_LIMIT  larger than max_bytes, too many columns, a field too long.
 * KZ_E_MISSING, KZ_E_IO  no such file; cannot be read.
 * On failure nothing is left to free (kz_csv_done is harmless).
 */
KZ_MUST_USE kz_status kz_csv_open(kz_csv *csv, const char *path, const kz_csv_opts *opts, kz_err *err);
/* The same over bytes in memory, which must live as long as the reader; `name` is for messages. */
KZ_MUST_USE kz_status kz_csv_open_bytes(kz_csv *csv, const char *name, const void *p, size_t n,
                                        const kz_csv_opts *opts, kz_err *err);
void kz_csv_done(kz_csv *csv);

/* Index of the column with this name (compared folded).
 * KZ_E_INPUT  not there; the message lists the header. */
KZ_MUST_USE kz_status kz_csv_column(const kz_csv *csv, const char *name, size_t *column, kz_err *err);

/* The next row; false at the end of the data and at a failure (kz_csv_end tells which). */
bool kz_csv_next(kz_csv *csv, kz_csv_row *row);
/* KZ_OK at the end of the data, else why the reading stopped. */
KZ_MUST_USE kz_status kz_csv_end(const kz_csv *csv, kz_err *err);
/* KZ_OK for a row without problem; else KZ_E_INPUT with the problem in words. */
KZ_MUST_USE kz_status kz_csv_check(const kz_csv *csv, const kz_csv_row *row, kz_err *err);
/* Back to the first row, to read the data once more. */
void kz_csv_rewind(kz_csv *csv);

/* All bytes below the header as UTF-8, and the line they begin at: for a reader of its own (monitor/person_text.c).
 * Valid until done. */
kz_view kz_csv_body(const kz_csv *csv, uint64_t *line);

/* Fail about one field of a row: adds file, line, column (name) and value to the arguments that a
 * message may use.  id must be a message with those names.  Returns KZ_E_INPUT. */
kz_status kz_csv_field_fail(const kz_csv *csv, const kz_csv_row *row, size_t column, const char *id,
                            kz_err *err);

#endif
