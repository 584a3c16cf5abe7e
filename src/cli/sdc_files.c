#include "cli/sdc_files.h"

#include <stdlib.h>

#include "base/parse.h"

void kz_sdc_input_done(kz_sdc_input *in)
{
    if (in->open)
        kz_csv_done(&in->csv);
    in->open = false;
}

static kz_view copy(kz_arena *a, kz_view v)
{
    char *p = kz_arena_strndup(a, v.p, v.n);
    return p ? kz_view_from(p, v.n) : (kz_view){ 0 };
}

/* ---- trees ------------------------------------------------------------------------ */

typedef struct rows {
    kz_view *code, *parent;
    uint64_t *line;
    int n, cap;
} rows;

static bool rows_add(rows *r, kz_arena *a, kz_view code, kz_view parent, uint64_t line)
{
    if (r->n == r->cap) {
        int cap = r->cap ? 2 * r->cap : 1024;
        kz_view *c = realloc(r->code, (size_t)cap * sizeof *c);
        if (c)
            r->code = c;
        kz_view *p = realloc(r->parent, (size_t)cap * sizeof *p);
        if (p)
            r->parent = p;
        uint64_t *l = realloc(r->line, (size_t)cap * sizeof *l);
        if (l)
            r->line = l;
        if (!c || !p || !l)
            return false;
        r->cap = cap;
    }
    r->code[r->n] = copy(a, code);
    r->parent[r->n] = copy(a, parent);
    r->line[r->n++] = line;
    return r->code[r->n - 1].p && r->parent[r->n - 1].p;
}

static void rows_free(rows *r)
{
    free(r->code);
    free(r->parent);
    free(r->line);
}

static kz_status read_tree_rows(kz_csv *csv, kz_arena *a, rows *r, kz_err *err)
{
    size_t code, parent;
    kz_csv_row row;
    KZ_TRY(kz_csv_column(csv, "code", &code, err));
    KZ_TRY(kz_csv_column(csv, "parent", &parent, err));
    while (kz_csv_next(csv, &row)) {
        KZ_TRY(kz_csv_check(csv, &row, err));
        if (!rows_add(r, a, kz_view_trim(row.field[code]), kz_view_trim(row.field[parent]), row.line))
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    }
    return kz_csv_end(csv, err);
}

static kz_status read_tree(const char *path, kz_arena *a, kz_sdc_tree *ret, kz_err *err)
{
    kz_auto(kz_csv) csv;
    rows r = { 0 };
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    kz_status st = read_tree_rows(&csv, a, &r, err);
    if (st == KZ_OK)
        st = kz_sdc_tree_make(&(kz_sdc_tree_rows){ path, r.n, r.code, r.parent, r.line }, a, ret, err);
    rows_free(&r);
    return st;
}

/* The codes that stand in the column. */
static kz_status tree_of_column(kz_sdc_input *in, int k)
{
    kz_err *err = &in->call->err;
    kz_dict d;
    kz_csv_row row;
    KZ_TRY(kz_dict_init(&d, in->arena, KZ_SDC_CODES, err));
    kz_csv_rewind(&in->csv);
    while (kz_csv_next(&in->csv, &row)) {
        uint32_t id;
        bool fresh;
        kz_view code;
        KZ_TRY(kz_csv_check(&in->csv, &row, err));
        code = kz_view_trim(row.field[in->column[k]]);
        if (code.n == 0)
            return kz_csv_field_fail(&in->csv, &row, in->column[k], "sdc.code_empty", err);
        KZ_TRY(kz_dict_put(&d, code, &id, &fresh, err));
    }
    KZ_TRY(kz_csv_end(&in->csv, err));
    return kz_sdc_tree_flat(in->csv.file, (int)d.n, d.keys, in->arena, &in->tree[k], err);
}

/* ---- dimensions --------------------------------------------------------------------- */

static kz_status open_dim(kz_sdc_input *in, int k, const char *wish)
{
    kz_err *err = &in->call->err;
    const char *is = strchr(wish, '=');
    size_t n = is ? (size_t)(is - wish) : strlen(wish);
    in->name[k] = kz_arena_strndup(in->arena, wish, n);
    if (!in->name[k])
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    static const char *const TAKEN[] = { "n", "state", "shown", "lo", "hi", "verdict", "witness" };
    for (size_t i = 0; i < sizeof TAKEN / sizeof *TAKEN; i++)
        if (strcmp(in->name[k], TAKEN[i]) == 0)
            return kz_fail(err, KZ_E_USAGE, "sdc.dim_taken", kz_s("column", in->name[k]));
    KZ_TRY(kz_csv_column(&in->csv, in->name[k], &in->column[k], err));
    for (int o = 0; o < k; o++)
        if (in->column[o] == in->column[k])
            return kz_fail(err, KZ_E_USAGE, "sdc.dim_twice", kz_s("column", in->name[k]));
    return is ? read_tree(is + 1, in->arena, &in->tree[k], err) : tree_of_column(in, k);
}

kz_status kz_sdc_input_open(kz_sdc_input *in, kz_call *call, const char *path, kz_arena *a)
{
    int n = kz_opt_count(call, "dim");
    const kz_sdc_tree *dim[KZ_SDC_DIMS];
    *in = (kz_sdc_input){ .call = call, .arena = a };
    if (n > KZ_SDC_DIMS)
        return kz_fail(&call->err, KZ_E_LIMIT, "sdc.dims", kz_n("n", n), kz_n("most", KZ_SDC_DIMS));
    KZ_TRY(kz_csv_open(&in->csv, path, &(kz_csv_opts){ 0 }, &call->err));
    in->open = true;
    for (int k = 0; k < n; k++) {
        KZ_TRY(open_dim(in, k, kz_opt_nth(call, "dim", k)));
        dim[k] = &in->tree[k];
    }
    return kz_sdc_table_make(n, dim, a, &in->table, &call->err);
}

/* ---- cells ---------------------------------------------------------------------------- */

static kz_status find_cell(kz_sdc_input *in, const kz_csv_row *row, int *cell)
{
    kz_err *err = &in->call->err;
    int node[KZ_SDC_DIMS];
    for (int k = 0; k < in->table.n_dims; k++) {
        kz_view code = kz_view_trim(row->field[in->column[k]]);
        if (code.n == 0)
            return kz_csv_field_fail(&in->csv, row, in->column[k], "sdc.code_empty", err);
        if (!kz_sdc_tree_find(&in->tree[k], code, &node[k]))
            return kz_csv_field_fail(&in->csv, row, in->column[k], "sdc.code_unknown", err);
    }
    *cell = kz_sdc_cell_at(&in->table, node);
    return KZ_OK;
}

static kz_status fail_twice(const kz_sdc_input *in, const kz_csv_row *row, int cell)
{
    kz_auto(kz_buf) name = kz_buf_init(4096);
    kz_sdc_cell_name(&in->table, in->name, cell, &name);
    return kz_fail(&in->call->err, KZ_E_INPUT, "sdc.cell_twice", kz_s("file", in->csv.file),
                   kz_n("line", row->line), kz_s("cell", kz_buf_text(&name)));
}

static kz_status read_count(kz_sdc_input *in, const kz_csv_row *row, size_t column, int64_t *n)
{
    kz_view v = kz_view_trim(row->field[column]);
    if (kz_parse_plain(v, 0, INT64_C(1) << 53, n))
        return KZ_OK;
    return kz_csv_field_fail(&in->csv, row, column,
                             v.n > 1 && v.p[0] == '-' && v.p[1] >= '0' && v.p[1] <= '9' ? "sdc.negative" : "sdc.count",
                             &in->call->err);
}

/* Margins of the file wait in `given` (-1: none) until the parts are added up. */
static kz_status read_cells(kz_sdc_input *in, size_t column, int64_t given[], uint64_t line[], bool inner[])
{
    kz_csv_row row;
    kz_csv_rewind(&in->csv);
    while (kz_csv_next(&in->csv, &row)) {
        int cell;
        int64_t n;
        KZ_TRY(kz_csv_check(&in->csv, &row, &in->call->err));
        KZ_TRY(find_cell(in, &row, &cell));
        KZ_TRY(read_count(in, &row, column, &n));
        if (given[cell] >= 0)
            return fail_twice(in, &row, cell);
        given[cell] = n;
        line[cell] = row.line;
        if (inner[cell])
            in->table.n[cell] = n;
    }
    return kz_csv_end(&in->csv, &in->call->err);
}

kz_status kz_sdc_input_counts(kz_sdc_input *in, const char *count)
{
    size_t column, n = (size_t)in->table.n_cells;
    kz_err *err = &in->call->err;
    KZ_TRY(kz_csv_column(&in->csv, count, &column, err));
    for (int k = 0; k < in->table.n_dims; k++)
        if (in->column[k] == column)
            return kz_fail(err, KZ_E_USAGE, "sdc.dim_twice", kz_s("column", count));
    int64_t *given = kz_arena_new(in->arena, int64_t, n);
    uint64_t *line = kz_arena_new(in->arena, uint64_t, n);
    bool *inner = kz_arena_new(in->arena, bool, n);
    if (!given || !line || !inner)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < in->table.n_cells; c++) {
        given[c] = -1;
        inner[c] = kz_sdc_is_inner(&in->table, c);
    }
    KZ_TRY(read_cells(in, column, given, line, inner));
    KZ_TRY(kz_sdc_roll_up(&in->table, err));
    for (int c = 0; c < in->table.n_cells; c++)
        if (given[c] >= 0 && given[c] != in->table.n[c]) {
            kz_auto(kz_buf) name = kz_buf_init(4096);
            kz_sdc_cell_name(&in->table, in->name, c, &name);
            return kz_fail(err, KZ_E_INPUT, "sdc.margin", kz_s("file", in->csv.file), kz_n("line", line[c]),
                           kz_s("cell", kz_buf_text(&name)), kz_n("given", given[c]), kz_n("sum", in->table.n[c]));
        }
    return KZ_OK;
}

kz_status kz_sdc_input_shown(kz_sdc_input *in, bool hidden[])
{
    size_t column;
    kz_csv_row row;
    kz_err *err = &in->call->err;
    bool *seen = kz_arena_new(in->arena, bool, in->table.n_cells);
    KZ_TRY(kz_csv_column(&in->csv, "shown", &column, err));
    if (!seen)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < in->table.n_cells; c++)
        hidden[c] = true;
    kz_csv_rewind(&in->csv);
    while (kz_csv_next(&in->csv, &row)) {
        int cell;
        KZ_TRY(kz_csv_check(&in->csv, &row, err));
        KZ_TRY(find_cell(in, &row, &cell));
        if (seen[cell])
            return fail_twice(in, &row, cell);
        seen[cell] = true;
        if (kz_view_trim(row.field[column]).n == 0)
            continue;
        KZ_TRY(read_count(in, &row, column, &in->table.n[cell]));
        hidden[cell] = false;
    }
    return kz_csv_end(&in->csv, err);
}

kz_status kz_sdc_input_slice(const kz_sdc_input *in, const char *wish, int *dim, int *node)
{
    const char *is = strchr(wish, '=');
    for (int k = 0; is && k < in->table.n_dims; k++) {
        if (!kz_view_is(kz_view_from(wish, (size_t)(is - wish)), in->name[k]))
            continue;
        if (!kz_sdc_tree_find(&in->tree[k], kz_view_of(is + 1), node))
            return kz_fail(&in->call->err, KZ_E_INPUT, "sdc.keep_code", kz_s("wish", wish),
                           kz_s("column", in->name[k]), kz_s("code", is + 1));
        *dim = k;
        return KZ_OK;
    }
    return kz_fail(&in->call->err, KZ_E_USAGE, "sdc.keep_form", kz_s("wish", wish));
}
