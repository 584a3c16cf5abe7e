#include "monitor/table_rows.h"

#include "base/utf8.h"

enum { LISTED = 200, PADDED_BYTES = 1 << 20 };

kz_status kz_rows_open_text(kz_rows *r, const char *name, const void *p, size_t n, const kz_csv_opts *opts, kz_err *err)
{
    kz_rows made = { .file = name };
    KZ_TRY(kz_csv_open_bytes(&made.csv, name, p, n, opts, err));
    made.n_columns = made.csv.n_columns;
    made.header = made.csv.header;
    *r = made;
    return KZ_OK;
}

kz_status kz_rows_open_sheet(kz_rows *r, const char *name, const kz_sheet *s, size_t n_columns, const uint32_t *columns,
                             const kz_view *header, uint32_t first_row, kz_arena *a, kz_err *err)
{
    kz_rows made = { .file = name, .sheet = s, .n_columns = n_columns, .header = header, .columns = columns,
                     .first_row = first_row, .arena = a, .padded = kz_buf_init(PADDED_BYTES) };
    made.field = kz_arena_new(a, kz_view, n_columns + 1);
    made.cell = kz_arena_new(a, const kz_sheet_cell *, n_columns + 1);
    if (!made.field || !made.cell)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    *r = made;
    kz_rows_rewind(r);
    return KZ_OK;
}

void kz_rows_done(kz_rows *r)
{
    kz_csv_done(&r->csv);
    kz_buf_done(&r->padded);
    *r = (kz_rows){ 0 };
}

kz_status kz_rows_column(const kz_rows *r, const char *name, size_t *ret, kz_err *err)
{
    kz_auto(kz_buf) want = kz_buf_init(KZ_CSV_FIELD_MAX), have = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    kz_auto(kz_buf) list = kz_buf_init(LISTED + KZ_SHEET_TEXT_MAX * 5);
    size_t found = SIZE_MAX;
    if (!r->sheet)
        return kz_csv_column(&r->csv, name, ret, err);
    kz_utf8_fold(&want, kz_view_of(name));
    for (size_t i = 0; i < r->n_columns; i++) {
        kz_buf_clear(&have);
        kz_utf8_fold(&have, r->header[i]);
        if (have.n != want.n || strcmp(kz_buf_text(&have), kz_buf_text(&want)) != 0)
            continue;
        if (found != SIZE_MAX) {
            char first[16], second[16];
            return kz_fail(err, KZ_E_INPUT, "import.sheet_twice", kz_s("file", r->file), kz_s("sheet", r->sheet->name),
                           kz_s("column", name), kz_s("first", kz_sheet_place(0, r->columns[found], first)),
                           kz_s("second", kz_sheet_place(0, r->columns[i], second)));
        }
        found = i;
    }
    if (found != SIZE_MAX) {
        *ret = found;
        return KZ_OK;
    }
    for (size_t i = 0; i < r->n_columns && list.n < LISTED; i++)
        kz_buf_fmt(&list, "%s%.*s", i ? ", " : "", (int)r->header[i].n, r->header[i].p);
    return kz_fail(err, KZ_E_INPUT, "csv.column", kz_s("file", r->file), kz_s("column", name),
                   kz_s("columns", kz_buf_text(&list)));
}

/* What stands in a cell; a number that is shown as 007 has its zeros. */
static kz_view text_of(kz_rows *r, const kz_sheet_cell *c)
{
    if (!c)
        return (kz_view){ "", 0 };
    if (c->kind != KZ_CELL_NUMBER || c->style <= KZ_STYLE_ZEROS || c->n == 0 || c->text[0] == '-' ||
        memchr(c->text, '.', c->n) || c->n >= (uint32_t)(c->style - KZ_STYLE_ZEROS))
        return (kz_view){ c->text, c->n };
    size_t from = r->padded.n, digits = (size_t)(c->style - KZ_STYLE_ZEROS);
    for (size_t i = c->n; i < digits; i++)
        kz_buf_char(&r->padded, '0');
    kz_buf_add(&r->padded, c->text, c->n);
    if (kz_buf_status(&r->padded) != KZ_OK)
        return (kz_view){ c->text, c->n };
    return (kz_view){ r->padded.p + from, digits };
}

static bool next_of_sheet(kz_rows *r, kz_row *row)
{
    const kz_sheet *s = r->sheet;
    for (; r->at < s->n_rows; r->at++) {
        const kz_sheet_row *from = &s->rows[r->at];
        uint32_t k = 0;
        bool some = false;
        /* Room first: fields point into the buffer. */
        kz_buf_clear(&r->padded);
        if (kz_buf_grow(&r->padded, 24 * r->n_columns + 1))
            r->padded.n = 0;
        for (size_t i = 0; i < r->n_columns; i++) {
            while (k < from->n && from->cells[k].column < r->columns[i])
                k++;
            r->cell[i] = k < from->n && from->cells[k].column == r->columns[i] ? &from->cells[k] : NULL;
            r->field[i] = text_of(r, r->cell[i]);
            some |= r->cell[i] != NULL;
        }
        if (!some)
            continue;
        r->at++;
        *row = (kz_row){ .field = r->field, .cell = r->cell, .n = r->n_columns, .line = from->row,
                         .hidden = from->hidden };
        return true;
    }
    return false;
}

bool kz_rows_next(kz_rows *r, kz_row *row)
{
    kz_csv_row line;
    if (r->sheet)
        return next_of_sheet(r, row);
    if (!kz_csv_next(&r->csv, &line))
        return false;
    *row = (kz_row){ .field = line.field, .n = line.n, .line = line.line, .problem = line.problem };
    return true;
}

kz_status kz_rows_end(const kz_rows *r, kz_err *err)
{
    return r->sheet ? KZ_OK : kz_csv_end(&r->csv, err);
}

void kz_rows_rewind(kz_rows *r)
{
    if (!r->sheet) {
        kz_csv_rewind(&r->csv);
        return;
    }
    r->at = 0;
    while (r->at < r->sheet->n_rows && r->sheet->rows[r->at].row < r->first_row)
        r->at++;
}
