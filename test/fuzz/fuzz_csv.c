/* Any bytes: no read beyond them, and what was read, written and read again is the same. */
#include "io/csv.h"
#include "io/csv_write.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void put_row(kz_csv_out *w, const kz_view field[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        kz_csv_put(w, field[i]);
    kz_csv_line(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    kz_auto(kz_csv) csv;
    kz_csv_row row, again;
    kz_err err = { 0 };
    kz_auto(kz_buf) text = kz_buf_init(1u << 24);
    kz_csv_out w = { .out = &text };
    if (kz_csv_open_bytes(&csv, "fuzz", data, n, &(kz_csv_opts){ .max_bytes = 1 << 20 }, &err) != KZ_OK) {
        KZ_ASSERT(err.id != NULL);
        return 0;
    }
    w.delimiter = csv.delimiter;
    put_row(&w, csv.header, csv.n_columns);
    uint64_t rows = 0, line = 0;
    while (kz_csv_next(&csv, &row)) {
        KZ_ASSERT(row.line > line);
        KZ_ASSERT((row.n == csv.n_columns) || row.problem == KZ_CSV_RAGGED);
        line = row.line;
        put_row(&w, row.field, row.n);
        rows++;
    }
    KZ_ASSERT(kz_buf_status(&text) == KZ_OK);
    if (rows == 0)
        return 0;

    kz_auto(kz_csv) copy;
    kz_csv_opts declared = { .delimiter = csv.delimiter, .encoding = KZ_ENC_UTF8 };
    KZ_ASSERT(kz_csv_open_bytes(&copy, "copy", text.p, text.n, &declared, &err) == KZ_OK);
    KZ_ASSERT(copy.n_columns == csv.n_columns);
    for (size_t i = 0; i < csv.n_columns; i++)
        KZ_ASSERT(kz_view_eq(csv.header[i], copy.header[i]));
    kz_csv_rewind(&csv);
    while (kz_csv_next(&csv, &row)) {
        KZ_ASSERT(kz_csv_next(&copy, &again));
        KZ_ASSERT(row.n == again.n);
        KZ_ASSERT(again.problem != KZ_CSV_QUOTE);
        for (size_t i = 0; i < row.n; i++)
            KZ_ASSERT(kz_view_eq(row.field[i], again.field[i]));
        rows--;
    }
    KZ_ASSERT(rows == 0 && !kz_csv_next(&copy, &again));
    KZ_ASSERT(kz_csv_end(&copy, &err) == KZ_OK);
    return 0;
}
