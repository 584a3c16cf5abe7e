#include "monitor/ledger_rows.h"

#include "base/date.h"
#include "base/parse.h"
#include "io/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 200000, KEYS_MOST = 200 };

typedef struct table {
    kz_csv csv;
    size_t kind, day, from, to, weight, name;
    bool has_weight, has_name;
    kz_arena *a;
    kz_change_rows rows;
    int room;
} table;

static void table_done(table *t)
{
    kz_csv_done(&t->csv);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

static bool has_column(const kz_csv *csv, const char *name, size_t *at)
{
    for (*at = 0; *at < csv->n_columns; ++*at)
        if (kz_view_is(csv->header[*at], name))
            return true;
    return false;
}

static kz_status open(table *t, const char *file, kz_err *err)
{
    KZ_TRY(kz_csv_open(&t->csv, file, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(kz_csv_column(&t->csv, "kind", &t->kind, err));
    KZ_TRY(kz_csv_column(&t->csv, "day", &t->day, err));
    KZ_TRY(kz_csv_column(&t->csv, "from", &t->from, err));
    KZ_TRY(kz_csv_column(&t->csv, "to", &t->to, err));
    t->has_weight = has_column(&t->csv, "weight", &t->weight);
    t->has_name = has_column(&t->csv, "name", &t->name);
    return KZ_OK;
}

static kz_status add(table *t, const kz_change_row *r, kz_err *err)
{
    if (t->rows.n == t->room) {
        int room = t->room ? 2 * t->room : 256;
        kz_change_row *grown = room <= ROWS_MOST ? kz_arena_new(t->a, kz_change_row, room) : NULL;
        if (!grown)
            return full(err);
        if (t->rows.n > 0)
            memcpy(grown, t->rows.row, (size_t)t->rows.n * sizeof *grown);
        t->rows.row = grown;
        t->room = room;
    }
    t->rows.row[t->rows.n++] = *r;
    return KZ_OK;
}

/* "a | b" as keys; an empty field is one empty key. */
static kz_status split(table *t, const kz_csv_row *row, size_t column, const char *keys[KEYS_MOST], int *n,
                       kz_err *err)
{
    kz_view v = row->field[column];
    *n = 0;
    for (size_t from = 0, i = 0; i <= v.n; i++) {
        if (i < v.n && v.p[i] != '|')
            continue;
        kz_view key = kz_view_trim(kz_view_from(v.p + from, i - from));
        if (*n == KEYS_MOST || (key.n == 0 && v.n > 0 && kz_view_trim(v).n > 0))
            return kz_csv_field_fail(&t->csv, row, column, "ledger.bad_keys", err);
        if (!(keys[(*n)++] = kz_arena_strndup(t->a, key.p, key.n)))
            return full(err);
        from = i + 1;
    }
    return KZ_OK;
}

/* Which sides a kind has. */
static bool fits(kz_change kind, bool from, bool to, bool same)
{
    switch (kind) {
    case KZ_CHANGE_NEW:    return !from && to;
    case KZ_CHANGE_END:    return from && !to;
    case KZ_CHANGE_RENAME: return from && same;
    default:               return from && to;
    }
}

static kz_status take_weight(table *t, const kz_csv_row *row, double *ret, kz_err *err)
{
    *ret = NAN;
    if (!t->has_weight || kz_view_trim(row->field[t->weight]).n == 0)
        return KZ_OK;
    kz_view v = row->field[t->weight];
    if (kz_parse_real(v, KZ_NUM_POINT, ret) != KZ_PARSED && kz_parse_real(v, KZ_NUM_COMMA, ret) != KZ_PARSED)
        return kz_csv_field_fail(&t->csv, row, t->weight, "ledger.bad_weight", err);
    return *ret >= 0 && *ret <= 1 ? KZ_OK : kz_csv_field_fail(&t->csv, row, t->weight, "ledger.bad_weight", err);
}

static kz_status take_row(table *t, const kz_csv_row *row, kz_err *err)
{
    const char *from[KEYS_MOST], *to[KEYS_MOST];
    int n_from, n_to;
    kz_change_row r = { .line = (int64_t)row->line, .name = "" };
    kz_view kind = kz_view_trim(row->field[t->kind]);
    char word[16] = "";
    kz_date day;
    if (kind.n < sizeof word)
        memcpy(word, kind.p, kind.n);
    r.kind = kz_change_from_name(word);
    if (r.kind == KZ_N_CHANGES)
        return kz_csv_field_fail(&t->csv, row, t->kind, "ledger.bad_kind", err);
    if (!kz_date_parse(kz_view_trim(row->field[t->day]), &day))
        return kz_csv_field_fail(&t->csv, row, t->day, "ledger.bad_day", err);
    kz_date_iso(day, r.day);
    KZ_TRY(split(t, row, t->from, from, &n_from, err));
    KZ_TRY(split(t, row, t->to, to, &n_to, err));
    KZ_TRY(take_weight(t, row, &r.weight, err));
    if (n_from > 1 && n_to > 1)
        return kz_csv_field_fail(&t->csv, row, t->to, "ledger.many_to_many", err);
    if (t->has_name) {
        kz_view name = kz_view_trim(row->field[t->name]);
        if (!(r.name = kz_arena_strndup(t->a, name.p, name.n)))
            return full(err);
    }
    for (int i = 0; i < n_from; i++)
        for (int k = 0; k < n_to; k++) {
            r.from = from[i];
            r.to = to[k];
            if (!fits(r.kind, r.from[0] != '\0', r.to[0] != '\0', strcmp(r.from, r.to) == 0))
                return kz_csv_field_fail(&t->csv, row, t->kind, "ledger.bad_sides", err);
            KZ_TRY(add(t, &r, err));
        }
    return KZ_OK;
}

static int by_day(const void *va, const void *vb)
{
    const kz_change_row *a = va, *b = vb;
    int cmp = strcmp(a->day, b->day);
    return cmp ? cmp : (a->line > b->line) - (a->line < b->line);
}

/* Stable for the rows that one line became. */
static void sort(kz_change_rows *r)
{
    bool sorted = true;
    for (int i = 1; i < r->n; i++)
        sorted &= by_day(&r->row[i - 1], &r->row[i]) <= 0;
    if (!sorted)
        qsort(r->row, (size_t)r->n, sizeof *r->row, by_day);
}

kz_status kz_change_rows_read(const char *file, kz_arena *a, kz_change_rows *ret, kz_err *err)
{
    __attribute__((cleanup(table_done))) table t = { .a = a };
    kz_csv_row row;
    KZ_TRY(open(&t, file, err));
    while (kz_csv_next(&t.csv, &row)) {
        KZ_TRY(kz_csv_check(&t.csv, &row, err));
        KZ_TRY(take_row(&t, &row, err));
    }
    KZ_TRY(kz_csv_end(&t.csv, err));
    sort(&t.rows);
    *ret = t.rows;
    return KZ_OK;
}
