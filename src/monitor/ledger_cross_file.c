/* A crosswalk whose weights somebody else found out. */
#include "monitor/ledger_cross.h"

#include "base/apportion.h"
#include "base/parse.h"
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

typedef struct weighted {
    int from, to;
    double weight;
    int64_t line;
} weighted;

typedef struct reading {
    kz_csv csv;
    size_t from, to, weight;
    const kz_crosswalk *frame; /* the areas of both days */
    weighted *rows;
    int n, room;
} reading;

static void reading_done(reading *r)
{
    kz_csv_done(&r->csv);
    free(r->rows);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

static int find_key(const kz_cross_area list[], int n, kz_view key)
{
    for (int i = 0; i < n; i++)
        if (kz_view_is(key, list[i].key))
            return i;
    return -1;
}

static kz_status take(reading *r, const kz_csv_row *row, kz_err *err)
{
    weighted w = { .from = find_key(r->frame->from, r->frame->n_from, kz_view_trim(row->field[r->from])),
                   .to = find_key(r->frame->to, r->frame->n_to, kz_view_trim(row->field[r->to])),
                   .line = (int64_t)row->line };
    kz_view text = row->field[r->weight];
    if (w.from < 0)
        return kz_csv_field_fail(&r->csv, row, r->from, "ledger.not_on_day", err);
    if (w.to < 0)
        return kz_csv_field_fail(&r->csv, row, r->to, "ledger.not_on_day", err);
    if ((kz_parse_real(text, KZ_NUM_POINT, &w.weight) != KZ_PARSED &&
         kz_parse_real(text, KZ_NUM_COMMA, &w.weight) != KZ_PARSED) || w.weight < 0)
        return kz_csv_field_fail(&r->csv, row, r->weight, "ledger.no_number", err);
    if (r->n == r->room) {
        int room = r->room ? 2 * r->room : 1024;
        weighted *grown = room <= (1 << 22) ? realloc(r->rows, (size_t)room * sizeof *grown) : NULL;
        if (!grown)
            return full(err);
        r->rows = grown;
        r->room = room;
    }
    r->rows[r->n++] = w;
    return KZ_OK;
}

static int by_both(const void *va, const void *vb)
{
    const weighted *a = va, *b = vb;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* One source area: its rows, or itself when no row names it and it is there on both days. */
static kz_status settle(const reading *r, int from, int first, int n, kz_arena *a, kz_crosswalk *x,
                        kz_cross_row out[], const char *file, kz_err *err)
{
    const kz_cross_area *area = &x->from[from];
    if (n == 0) {
        for (int t = 0; t < x->n_to; t++)
            if (x->to[t].id == area->id) {
                out[x->n++] = (kz_cross_row){ from, t, KZ_MILLION };
                return KZ_OK;
            }
        return kz_fail(err, KZ_E_INPUT, "ledger.unlisted", kz_s("file", file), kz_s("key", area->key),
                       kz_s("name", area->name));
    }
    double *w = kz_arena_new(a, double, n);
    int64_t *whole = kz_arena_new(a, int64_t, n), *million = kz_arena_new(a, int64_t, n);
    if (!w || !whole || !million)
        return full(err);
    for (int i = 0; i < n; i++) {
        w[i] = r->rows[first + i].weight;
        if (i > 0 && r->rows[first + i].to == r->rows[first + i - 1].to)
            return kz_fail(err, KZ_E_INPUT, "ledger.row_twice", kz_s("file", file),
                           kz_n("line", r->rows[first + i].line), kz_s("key", area->key));
    }
    if (!kz_apportion_weights(w, n, whole))
        return kz_fail(err, KZ_E_INPUT, "ledger.only_zeros", kz_s("file", file),
                       kz_n("line", r->rows[first].line), kz_s("key", area->key));
    KZ_ASSERT(kz_apportion(KZ_MILLION, whole, n, NULL, million));
    for (int i = 0; i < n; i++)
        out[x->n++] = (kz_cross_row){ from, r->rows[first + i].to, million[i] };
    return KZ_OK;
}

kz_status kz_crosswalk_read(kz_db *work, const kz_area_level *level, const char *from_day, const char *to_day,
                            const char *file, kz_arena *a, kz_crosswalk *ret, kz_err *err)
{
    __attribute__((cleanup(reading_done))) reading r = { 0 };
    kz_crosswalk here, there, x = { 0 };
    kz_csv_row row;
    /* The areas of a day are what a crosswalk to the same day says. */
    KZ_TRY(kz_crosswalk_make(work, level, from_day, from_day, KZ_BASIS_AREA, a, &here, err));
    KZ_TRY(kz_crosswalk_make(work, level, to_day, to_day, KZ_BASIS_AREA, a, &there, err));
    x.n_from = here.n_from;
    x.from = here.from;
    x.n_to = there.n_to;
    x.to = there.to;
    r.frame = &x;
    KZ_TRY(kz_csv_open(&r.csv, file, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(kz_csv_column(&r.csv, "key_from", &r.from, err));
    KZ_TRY(kz_csv_column(&r.csv, "key_to", &r.to, err));
    KZ_TRY(kz_csv_column(&r.csv, "weight", &r.weight, err));
    while (kz_csv_next(&r.csv, &row)) {
        KZ_TRY(kz_csv_check(&r.csv, &row, err));
        KZ_TRY(take(&r, &row, err));
    }
    KZ_TRY(kz_csv_end(&r.csv, err));
    if (r.n > 1)
        qsort(r.rows, (size_t)r.n, sizeof *r.rows, by_both);
    kz_cross_row *out = kz_arena_new(a, kz_cross_row, r.n + x.n_from + 1);
    if (!out)
        return full(err);
    for (int from = 0, at = 0, n; from < x.n_from; from++, at += n) {
        for (n = 0; at + n < r.n && r.rows[at + n].from == from;)
            n++;
        KZ_TRY(settle(&r, from, at, n, a, &x, out, file, err));
    }
    x.row = out;
    *ret = x;
    return KZ_OK;
}
