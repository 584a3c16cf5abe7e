/*
 * kekiz sdc check: are these witnesses true?  It adds and compares and solves
 * nothing, and shares no code with what made them but the reader of CSV files.
 *
 * A witness is two tables, given at some cells; everywhere else they are the
 * table itself.  True means: the cells are hidden, no count is negative, and
 * in every line both tables add up.  Then nobody who sees the published cells
 * can tell the two from the truth.  Where they differ by the width or more, the
 * cell is proven.  Every hidden cell must be.
 */
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "io/csv.h"
#include "io/csv_write.h"

enum { DIMS = 8, LONGEST = 1000 }; /* dimensions; bytes of a code */

typedef struct code {
    char *text, *above; /* above "": the root, or not known yet */
    int up;
    bool parts; /* some code has it as `up` */
} code;

typedef struct dim {
    char *name;
    code *codes; /* sorted by text */
    int n, cap;
    size_t column;
} dim;

typedef struct checker {
    kz_call *call;
    kz_arena arena;
    int n_dims, n_cells;
    dim dim[DIMS];
    int64_t *n, *first, *second; /* moves of the two tables against n */
    bool *there, *hidden, *proven;
    int findings;
    kz_csv_out out;
    kz_buf bytes;
} checker;

static kz_status no_memory(checker *k)
{
    return kz_fail(&k->call->err, KZ_E_LIMIT, "sdc.memory");
}

/* ---- codes ----------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(((const code *)a)->text, ((const code *)b)->text);
}

static code *find_code(const dim *d, const char *text)
{
    code key = { .text = (char *)text };
    return d->n ? bsearch(&key, d->codes, (size_t)d->n, sizeof key, by_text) : NULL;
}

static kz_status add_code(checker *k, dim *d, kz_view text, kz_view above)
{
    if (d->n == d->cap) {
        int cap = d->cap ? 2 * d->cap : 1024;
        code *grown = kz_arena_new(&k->arena, code, cap);
        if (!grown)
            return no_memory(k);
        if (d->n)
            memcpy(grown, d->codes, (size_t)d->n * sizeof *grown);
        d->codes = grown;
        d->cap = cap;
    }
    char *t = kz_arena_strndup(&k->arena, text.p, text.n), *a = kz_arena_strndup(&k->arena, above.p, above.n);
    if (!t || !a)
        return no_memory(k);
    d->codes[d->n++] = (code){ t, a, -1, false };
    return KZ_OK;
}

static kz_status read_codes(checker *k, dim *d, const char *path, const char *col, const char *above_col)
{
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    size_t text, above = 0;
    kz_err *err = &k->call->err;
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(kz_csv_column(&csv, col, &text, err));
    if (above_col)
        KZ_TRY(kz_csv_column(&csv, above_col, &above, err));
    while (kz_csv_next(&csv, &row)) {
        KZ_TRY(kz_csv_check(&csv, &row, err));
        kz_view t = kz_view_trim(row.field[text]);
        kz_view a = above_col ? kz_view_trim(row.field[above]) : kz_view_of(kz_view_is(t, "Total") ? "" : "Total");
        KZ_TRY(add_code(k, d, t, a));
    }
    KZ_TRY(kz_csv_end(&csv, err));
    return add_code(k, d, kz_view_of("Total"), (kz_view){ "", 0 });
}

static kz_status read_dim(checker *k, dim *d, const char *wish, const char *table)
{
    const char *is = strchr(wish, '=');
    d->name = kz_arena_strndup(&k->arena, wish, is ? (size_t)(is - wish) : strlen(wish));
    if (!d->name)
        return no_memory(k);
    KZ_TRY(is ? read_codes(k, d, is + 1, "code", "parent") : read_codes(k, d, table, d->name, NULL));
    qsort(d->codes, (size_t)d->n, sizeof *d->codes, by_text);
    int kept = 0;
    for (int i = 0; i < d->n; i++)
        if (i == 0 || strcmp(d->codes[kept - 1].text, d->codes[i].text) != 0)
            d->codes[kept++] = d->codes[i];
    d->n = kept;
    for (int i = 0; i < d->n; i++) {
        code *up = strcmp(d->codes[i].text, "Total") != 0 ? find_code(d, d->codes[i].above) : NULL;
        d->codes[i].up = up ? (int)(up - d->codes) : -1;
        if (up)
            up->parts = true;
    }
    return KZ_OK;
}

static int stride(const checker *k, int d)
{
    int s = 1;
    for (int i = d + 1; i < k->n_dims; i++)
        s *= k->dim[i].n;
    return s;
}

/* The cell one up in dimension d, -1 at the root. */
static int above(const checker *k, int cell, int d)
{
    int s = stride(k, d), at = cell / s % k->dim[d].n, up = k->dim[d].codes[at].up;
    return up < 0 ? -1 : cell + (up - at) * s;
}

static bool has_parts(const checker *k, int cell, int d)
{
    return k->dim[d].codes[cell / stride(k, d) % k->dim[d].n].parts;
}

static kz_status cell_of(checker *k, const kz_csv *csv, const kz_csv_row *row, int *cell)
{
    *cell = 0;
    for (int d = 0; d < k->n_dims; d++) {
        kz_view v = kz_view_trim(row->field[k->dim[d].column]);
        char text[LONGEST + 1];
        const code *c = NULL;
        if (v.n <= LONGEST) {
            memcpy(text, v.p, v.n);
            text[v.n] = '\0';
            c = find_code(&k->dim[d], text);
        }
        if (!c)
            return kz_csv_field_fail(csv, row, k->dim[d].column, "sdc.code_unknown", &k->call->err);
        *cell = *cell * k->dim[d].n + (int)(c - k->dim[d].codes);
    }
    return KZ_OK;
}

/* ---- findings ---------------------------------------------------------------------------- */

static void found(checker *k, int64_t witness, int cell, const char *what)
{
    k->findings++;
    if (witness)
        kz_csv_put_int(&k->out, witness);
    else
        kz_csv_put_str(&k->out, "");
    for (int d = 0; d < k->n_dims; d++)
        kz_csv_put_str(&k->out, k->dim[d].codes[cell / stride(k, d) % k->dim[d].n].text);
    kz_csv_put_str(&k->out, what);
    kz_csv_line(&k->out);
}

/* In every line of every dimension that meets the cells, the parts must add up to the whole. */
static void check_lines(checker *k, const int64_t v[], int64_t sum[], const int cells[], int n, int64_t witness)
{
    for (int d = 0; d < k->n_dims; d++)
        for (int turn = 0; turn < 3; turn++)
            for (int i = 0; i < n; i++) {
                int c = cells ? cells[i] : i, up = above(k, c, d);
                if (turn == 0 && up >= 0)
                    sum[up] += v[c];
                if (turn == 1)
                    for (int side = 0; side < 2; side++) {
                        int whole = side ? up : c;
                        if (whole < 0 || !has_parts(k, whole, d) || sum[whole] == v[whole])
                            continue;
                        found(k, witness, whole, "sum");
                        sum[whole] = v[whole]; /* once is enough */
                    }
                if (turn == 2) {
                    sum[c] = 0;
                    if (up >= 0)
                        sum[up] = 0;
                }
            }
}

/* ---- the table ------------------------------------------------------------------------------ */

static kz_status read_number(checker *k, const kz_csv *csv, const kz_csv_row *row, size_t col, int64_t *ret)
{
    if (kz_parse_plain(kz_view_trim(row->field[col]), INT64_MIN / 4, INT64_MAX / 4, ret))
        return KZ_OK;
    return kz_csv_field_fail(csv, row, col, "sdc.count", &k->call->err);
}

static kz_status columns_of(checker *k, kz_csv *csv)
{
    for (int d = 0; d < k->n_dims; d++)
        KZ_TRY(kz_csv_column(csv, k->dim[d].name, &k->dim[d].column, &k->call->err));
    return KZ_OK;
}

static kz_status read_table(checker *k, const char *path)
{
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    size_t n, shown;
    kz_err *err = &k->call->err;
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(columns_of(k, &csv));
    KZ_TRY(kz_csv_column(&csv, "n", &n, err));
    KZ_TRY(kz_csv_column(&csv, "shown", &shown, err));
    while (kz_csv_next(&csv, &row)) {
        int cell;
        int64_t value;
        KZ_TRY(kz_csv_check(&csv, &row, err));
        KZ_TRY(cell_of(k, &csv, &row, &cell));
        KZ_TRY(read_number(k, &csv, &row, n, &k->n[cell]));
        k->there[cell] = true;
        k->hidden[cell] = kz_view_trim(row.field[shown]).n == 0;
        if (!k->hidden[cell]) {
            KZ_TRY(read_number(k, &csv, &row, shown, &value));
            if (value != k->n[cell])
                found(k, 0, cell, "changed");
        }
        if (k->n[cell] < 0)
            found(k, 0, cell, "negative");
    }
    KZ_TRY(kz_csv_end(&csv, err));
    for (int c = 0; c < k->n_cells; c++)
        if (!k->there[c])
            found(k, 0, c, "missing");
    return KZ_OK;
}

/* ---- witnesses ---------------------------------------------------------------------------------- */

typedef struct now {
    int64_t witness;
    int *cells, n;
    int64_t *sum;
    int64_t width;
} now;

static void judge(checker *k, now *w)
{
    int before = k->findings;
    for (int i = 0; i < w->n; i++) {
        int c = w->cells[i];
        if (!k->hidden[c])
            found(k, w->witness, c, "published");
        if (k->n[c] + k->first[c] < 0 || k->n[c] + k->second[c] < 0)
            found(k, w->witness, c, "negative");
    }
    check_lines(k, k->first, w->sum, w->cells, w->n, w->witness);
    check_lines(k, k->second, w->sum, w->cells, w->n, w->witness);
    for (int i = 0; i < w->n; i++) {
        int c = w->cells[i];
        int64_t apart = k->first[c] - k->second[c];
        if (k->findings == before && (apart >= w->width || -apart >= w->width))
            k->proven[c] = true;
    }
    for (int i = 0; i < w->n; i++)
        k->first[w->cells[i]] = k->second[w->cells[i]] = 0;
    w->n = 0;
}

static kz_status read_witnesses(checker *k, const char *path, now *w)
{
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    size_t id, first, second;
    kz_err *err = &k->call->err;
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(columns_of(k, &csv));
    KZ_TRY(kz_csv_column(&csv, "witness", &id, err));
    KZ_TRY(kz_csv_column(&csv, "first", &first, err));
    KZ_TRY(kz_csv_column(&csv, "second", &second, err));
    while (kz_csv_next(&csv, &row)) {
        int cell;
        int64_t number, a, b;
        KZ_TRY(kz_csv_check(&csv, &row, err));
        KZ_TRY(cell_of(k, &csv, &row, &cell));
        KZ_TRY(read_number(k, &csv, &row, id, &number));
        KZ_TRY(read_number(k, &csv, &row, first, &a));
        KZ_TRY(read_number(k, &csv, &row, second, &b));
        if (number != w->witness)
            judge(k, w);
        w->witness = number;
        for (int i = 0; i < w->n; i++)
            if (w->cells[i] == cell)
                found(k, number, cell, "twice");
        k->first[cell] = a - k->n[cell];
        k->second[cell] = b - k->n[cell];
        if (w->n < k->n_cells)
            w->cells[w->n++] = cell;
    }
    judge(k, w);
    return kz_csv_end(&csv, err);
}

static kz_status make_room(checker *k, now *w)
{
    int64_t cells = 1;
    for (int d = 0; d < k->n_dims; d++)
        if ((cells *= k->dim[d].n) > 50000000)
            return no_memory(k);
    k->n_cells = (int)cells;
    k->n = kz_arena_new(&k->arena, int64_t, cells);
    k->first = kz_arena_new(&k->arena, int64_t, cells);
    k->second = kz_arena_new(&k->arena, int64_t, cells);
    k->there = kz_arena_new(&k->arena, bool, cells);
    k->hidden = kz_arena_new(&k->arena, bool, cells);
    k->proven = kz_arena_new(&k->arena, bool, cells);
    w->cells = kz_arena_new(&k->arena, int, cells);
    w->sum = kz_arena_new(&k->arena, int64_t, cells);
    return k->n && k->first && k->second && k->there && k->hidden && k->proven && w->cells && w->sum ? KZ_OK
                                                                                                      : no_memory(k);
}

static kz_status check(checker *k)
{
    kz_call *call = k->call;
    now w = { .width = kz_opt_int(call, "width", 3) };
    k->n_dims = kz_opt_count(call, "dim");
    if (k->n_dims > DIMS || w.width < 1)
        return kz_fail(&call->err, KZ_E_USAGE, "sdc.check_usage", kz_n("most", DIMS));
    for (int d = 0; d < k->n_dims; d++)
        KZ_TRY(read_dim(k, &k->dim[d], kz_opt_nth(call, "dim", d), call->args[0]));
    KZ_TRY(make_room(k, &w));
    kz_csv_put_str(&k->out, "witness");
    for (int d = 0; d < k->n_dims; d++)
        kz_csv_put_str(&k->out, k->dim[d].name);
    kz_csv_put_str(&k->out, "finding");
    kz_csv_line(&k->out);
    KZ_TRY(read_table(k, call->args[0]));
    check_lines(k, k->n, w.sum, NULL, k->n_cells, 0);
    KZ_TRY(read_witnesses(k, call->args[1], &w));
    for (int c = 0; c < k->n_cells; c++)
        if (k->hidden[c] && !k->proven[c])
            found(k, 0, c, "unproven");
    KZ_TRY(kz_buf_status(&k->bytes));
    KZ_TRY(kz_out_write(kz_buf_text(&k->bytes), k->bytes.n, &call->err));
    return k->findings ? kz_fail(&call->err, KZ_E_FINDING, "sdc.check_found", kz_n("n", k->findings)) : KZ_OK;
}

kz_status kz_cmd_sdc_check(kz_call *call)
{
    checker k = { .call = call, .bytes = kz_buf_init((size_t)1 << 30) };
    kz_arena_init(&k.arena, (size_t)8 << 30);
    k.out.out = &k.bytes;
    kz_status st = check(&k);
    kz_arena_done(&k.arena);
    kz_buf_done(&k.bytes);
    return st;
}
