#include "cli/area_table.h"

#include "base/parse.h"
#include "io/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { AREAS_MOST = 200000, COLUMNS_MOST = 64 };

/* Find the style of every column and the number of rows. */
static kz_status look(kz_csv *csv, const size_t at[], int n_columns, kz_number_column seen[], int *rows, kz_err *err)
{
    kz_csv_row row;
    int n = 0;
    while (kz_csv_next(csv, &row)) {
        KZ_TRY(kz_csv_check(csv, &row, err));
        if (++n > AREAS_MOST)
            return kz_fail(err, KZ_E_LIMIT, "bayes.too_many", kz_s("file", csv->file), kz_n("max", AREAS_MOST));
        for (int c = 0; c < n_columns; c++) {
            kz_view number;
            kz_sign_find(row.field[at[c]], &number);
            kz_number_see(&seen[c], number, row.line);
        }
    }
    KZ_TRY(kz_csv_end(csv, err));
    kz_csv_rewind(csv);
    *rows = n;
    return KZ_OK;
}

static kz_status read_value(const kz_csv *csv, const kz_csv_row *row, size_t at, kz_number_style style, double *ret,
                            kz_err *err)
{
    kz_view number, field = kz_view_trim(row->field[at]);
    switch (kz_sign_find(field, &number)) {
    case KZ_SIGN_EMPTY: case KZ_SIGN_HIDDEN: case KZ_SIGN_LATER: case KZ_SIGN_MEANINGLESS: case KZ_SIGN_UNRELIABLE:
    case KZ_SIGN_LESS:
    case KZ_SIGN_MISSING: /* "NA"; but NaN as a number is refused below */
        *ret = NAN;
        return KZ_OK;
    case KZ_SIGN_ZERO:
        *ret = 0;
        return KZ_OK;
    default:
        break;
    }
    if (style == KZ_NUM_CONFLICT || style == KZ_NUM_UNITS)
        return kz_csv_field_fail(csv, row, at, "bayes.mixed", err);
    if (style == KZ_NUM_ASK && csv->delimiter != ';')
        style = KZ_NUM_POINT;
    kz_parsed p = kz_parse_real(field, style, ret);
    return p == KZ_PARSED ? KZ_OK : kz_csv_field_fail(csv, row, at, kz_parsed_id(p), err);
}

kz_status kz_area_table_read(const char *path, const char *const columns[], int n_columns, kz_arena *a,
                             kz_area_table *ret, kz_err *err)
{
    kz_auto(kz_csv) csv = { 0 };
    size_t key, at[COLUMNS_MOST];
    kz_number_column seen[COLUMNS_MOST] = { 0 };
    kz_csv_row row;
    int n = 0, rows;
    if (n_columns > COLUMNS_MOST)
        return kz_fail(err, KZ_E_LIMIT, "bayes.columns", kz_n("max", COLUMNS_MOST));
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(kz_csv_column(&csv, "area", &key, err));
    for (int c = 0; c < n_columns; c++)
        KZ_TRY(kz_csv_column(&csv, columns[c], &at[c], err));
    KZ_TRY(look(&csv, at, n_columns, seen, &rows, err));
    const char **area = kz_arena_new(a, const char *, rows);
    uint64_t *line = kz_arena_new(a, uint64_t, rows);
    double **value = kz_arena_new(a, double *, n_columns + 1);
    char *file = kz_arena_strdup(a, path);
    if (!area || !line || !value || !file)
        return kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_s("file", path), kz_n("line", 1));
    for (int c = 0; c < n_columns; c++)
        if (!(value[c] = kz_arena_new(a, double, rows)))
            return kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_s("file", path), kz_n("line", 1));
    kz_area_table t = { .file = file, .n_columns = n_columns, .column = columns };
    KZ_TRY(kz_dict_init(&t.areas, a, AREAS_MOST, err));
    while (kz_csv_next(&csv, &row)) {
        uint32_t id;
        bool fresh;
        kz_view name = kz_view_trim(row.field[key]);
        if (name.n == 0)
            return kz_csv_field_fail(&csv, &row, key, "bayes.no_area", err);
        KZ_TRY(kz_dict_put(&t.areas, name, &id, &fresh, err));
        if (!fresh) {
            kz_csv_field_fail(&csv, &row, key, "bayes.area_twice", err);
            kz_err_add(err, kz_n("first", line[id]));
            return KZ_E_INPUT;
        }
        if (!(area[n] = kz_arena_strndup(a, name.p, name.n)))
            return kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_s("file", path), kz_n("line", row.line));
        line[n] = row.line;
        for (int c = 0; c < n_columns; c++)
            KZ_TRY(read_value(&csv, &row, at[c], kz_number_decide(&seen[c]), &value[c][n], err));
        n++;
    }
    KZ_TRY(kz_csv_end(&csv, err));
    t.n = n;
    t.area = area;
    t.line = line;
    t.value = value;
    *ret = t;
    return KZ_OK;
}

kz_status kz_area_table_fail(const kz_area_table *t, int row, int column, const char *id, kz_err *err)
{
    kz_auto(kz_buf) value = kz_buf_init(64);
    kz_buf_real(&value, t->value[column][row]);
    const kz_arg args[] = { kz_s("file", t->file), kz_n("line", t->line[row]), kz_s("column", t->column[column]),
                            kz_s("value", kz_buf_text(&value)), kz_s("area", t->area[row]), { 0 } };
    (void)kz_fail_(err, KZ_E_INPUT, id, args);
    return KZ_E_INPUT;
}

kz_status kz_area_table_counts(const kz_area_table *t, int column, kz_err *err)
{
    for (int i = 0; i < t->n; i++) {
        double x = t->value[column][i];
        if (isnan(x))
            continue;
        if (x < 0)
            return kz_area_table_fail(t, i, column, "bayes.negative", err);
        if (x != floor(x) || x > 1e15)
            return kz_area_table_fail(t, i, column, "bayes.no_count", err);
    }
    return KZ_OK;
}

int kz_area_table_gaps(const kz_area_table *t, const bool gap[], char *names, size_t size)
{
    enum { NAMED = 8 };
    size_t at = 0;
    int n = 0;
    names[0] = 0;
    for (int i = 0; i < t->n; i++)
        if (gap[i] && ++n <= NAMED + 1) {
            int add = snprintf(names + at, size - at, "%s%s", n > 1 ? ", " : "", n <= NAMED ? t->area[i] : "…");
            at = add < 0 || (size_t)add >= size - at ? size - 1 : at + (size_t)add;
        }
    return n;
}
