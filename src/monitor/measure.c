#include "monitor/measure.h"

#include "base/asset.h"
#include "base/parse.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static kz_arena        arena; /* lives as long as the program */
static kz_measures     loaded;
static kz_tsv          units;  /* data/units.tsv */
static bool            ready;

int64_t kz_pow10(int decimals)
{
    int64_t x = 1;
    KZ_ASSERT(decimals >= 0 && decimals <= 18);
    while (decimals-- > 0)
        x *= 10;
    return x;
}

static kz_status read_asset(const char *path, const char *const columns[], kz_tsv *t, kz_err *err)
{
    const kz_asset *asset = kz_asset_find(path);
    KZ_ASSERT(asset);
    return kz_tsv_parse(path, (const char *)asset->bytes, asset->n, columns, &arena, t, err);
}

bool kz_measure_percent(const kz_measure *m)
{
    return strcmp(m->unit, "Prozent") == 0 || strcmp(m->unit, "%") == 0;
}

/* What a unit implies.  One that is not in the list does not add up: a sum that should not be is worse than none. */
kz_measure kz_measure_make(const char *code, const char *label, const char *table, const char *unit, int decimals)
{
    int64_t most = decimals == 0 ? KZ_COUNT_MAX : KZ_VALUE_MAX, n;
    kz_measure m = { .code = code, .label = label, .table = table, .unit = unit, .decimals = decimals, .lo = -most,
                     .hi = most };
    for (int i = 0; i < units.n_rows; i++) {
        if (!kz_utf8_same(kz_view_of(unit), kz_view_of(kz_tsv_at(&units, i, 0))))
            continue;
        m.adds = strcmp(kz_tsv_at(&units, i, 1), "yes") == 0;
        if (kz_parse_plain(kz_view_of(kz_tsv_at(&units, i, 2)), 0, 1000, &n))
            m.lo = n * kz_pow10(decimals);
        if (kz_parse_plain(kz_view_of(kz_tsv_at(&units, i, 3)), 0, 1000, &n))
            m.hi = n * kz_pow10(decimals);
    }
    return m;
}

static const kz_measure *sorting; /* under the lock; qsort has no context */

static int by_code(const void *a, const void *b)
{
    return strcmp(sorting[*(const int *)a].code, sorting[*(const int *)b].code);
}

static kz_status load_list(kz_measures *ms, kz_err *err)
{
    static const char *const columns[] = { "code", "label", "table", "unit", "decimals", NULL };
    kz_tsv t;
    KZ_TRY(read_asset("data/measures.tsv", columns, &t, err));
    kz_measure *list = kz_arena_new(&arena, kz_measure, t.n_rows + 1);
    int *order = kz_arena_new(&arena, int, t.n_rows + 1);
    if (!list || !order)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (int i = 0; i < t.n_rows; i++) {
        int64_t decimals;
        if (!kz_parse_plain(kz_view_of(kz_tsv_at(&t, i, 4)), 0, KZ_DECIMALS_MOST, &decimals))
            return kz_fail(err, KZ_E_INPUT, "measure.decimals", kz_n("line", t.lines[i]),
                           kz_s("value", kz_tsv_at(&t, i, 4)));
        list[i] = kz_measure_make(kz_tsv_at(&t, i, 0), kz_tsv_at(&t, i, 1), kz_tsv_at(&t, i, 2), kz_tsv_at(&t, i, 3),
                                  (int)decimals);
        order[i] = i;
    }
    sorting = list;
    qsort(order, (size_t)t.n_rows, sizeof order[0], by_code);
    for (int i = 1; i < t.n_rows; i++)
        if (strcmp(list[order[i - 1]].code, list[order[i]].code) == 0)
            return kz_fail(err, KZ_E_INPUT, "measure.twice", kz_s("code", list[order[i]].code));
    ms->n = t.n_rows;
    ms->list = list;
    ms->by_code = order;
    return KZ_OK;
}

static kz_status unknown(int line, const char *code, size_t n, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, "measure.relation", kz_n("line", line), kz_v("code", code, n));
}

static int find_view(const kz_measures *ms, const char *p, size_t n)
{
    char code[64];
    if (n == 0 || n >= sizeof code)
        return -1;
    memcpy(code, p, n);
    code[n] = '\0';
    return kz_measure_find(ms, code);
}

static kz_status load_relations(kz_measures *ms, kz_err *err)
{
    static const char *const columns[] = { "whole", "sign", "parts", NULL };
    kz_tsv t;
    KZ_TRY(read_asset("data/relations.tsv", columns, &t, err));
    kz_relation *list = kz_arena_new(&arena, kz_relation, t.n_rows + 1);
    if (!list)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (int i = 0; i < t.n_rows; i++) {
        const char *whole = kz_tsv_at(&t, i, 0), *sign = kz_tsv_at(&t, i, 1);
        kz_relation *r = &list[i];
        r->whole = kz_measure_find(ms, whole);
        if (r->whole < 0)
            return unknown(t.lines[i], whole, strlen(whole), err);
        r->at_least = strcmp(sign, ">=") == 0;
        if (!r->at_least && strcmp(sign, "=") != 0)
            return unknown(t.lines[i], sign, strlen(sign), err);
        for (const char *p = kz_tsv_at(&t, i, 2); *p;) {
            size_t n = strcspn(p, " ");
            int part = find_view(ms, p, n);
            if (part < 0 || r->n_parts == KZ_RELATION_PARTS)
                return unknown(t.lines[i], p, n, err);
            r->parts[r->n_parts++] = part;
            p += n;
            p += strspn(p, " ");
        }
    }
    ms->n_relations = t.n_rows;
    ms->relations = list;
    return KZ_OK;
}

kz_status kz_measures_get(const kz_measures **ret, kz_err *err)
{
    kz_status st = KZ_OK;
    pthread_mutex_lock(&lock);
    if (!ready) {
        kz_measures fresh = { 0 };
        static const char *const columns[] = { "unit", "adds", "least", "most", NULL };
        kz_arena_init(&arena, ARENA_BYTES);
        st = read_asset("data/units.tsv", columns, &units, err);
        if (st == KZ_OK)
            st = load_list(&fresh, err);
        if (st == KZ_OK)
            st = load_relations(&fresh, err);
        if (st == KZ_OK) {
            loaded = fresh;
            ready = true;
        } else {
            kz_arena_done(&arena);
        }
    }
    pthread_mutex_unlock(&lock);
    if (st == KZ_OK)
        *ret = &loaded;
    return st;
}

int kz_measure_find(const kz_measures *ms, const char *code)
{
    int lo = 0, hi = ms->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        int cmp = strcmp(ms->list[ms->by_code[mid]].code, code);
        if (cmp == 0)
            return ms->by_code[mid];
        if (cmp < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

kz_status kz_measures_with(const kz_measures *base, const kz_measure own[], int n, kz_arena *a, const kz_measures **ret,
                           kz_err *err)
{
    int all = base->n + n;
    kz_measures *ms = kz_arena_new(a, kz_measures, 1);
    kz_measure *list = kz_arena_new(a, kz_measure, all + 1);
    int *order = kz_arena_new(a, int, all + 1);
    if (!ms || !list || !order)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    memcpy(list, base->list, (size_t)base->n * sizeof *list);
    memcpy(order, base->by_code, (size_t)base->n * sizeof *order);
    for (int i = 0; i < n; i++) {
        int at = base->n + i;
        list[at] = own[i];
        for (; at > 0 && strcmp(list[order[at - 1]].code, own[i].code) > 0; at--)
            order[at] = order[at - 1];
        order[at] = base->n + i;
    }
    *ms = (kz_measures){ .n = all, .n_relations = base->n_relations, .list = list, .relations = base->relations,
                         .by_code = order };
    *ret = ms;
    return KZ_OK;
}

kz_status kz_measures_load(kz_db *work, kz_arena *a, const kz_measures **ret, kz_err *err)
{
    enum { MOST = 10000 };
    const kz_measures *base;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_measure *own = kz_arena_new(a, kz_measure, MOST);
    kz_status st;
    bool row;
    int n = 0;
    KZ_TRY(kz_measures_get(&base, err));
    if (!own)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    KZ_TRY(kz_prepare(work, "SELECT code, label, unit, decimals, adds FROM measure ORDER BY code", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row && n < MOST) {
        if (kz_measure_find(base, kz_col_text(&q, 0)) >= 0)
            continue;
        const char *code = kz_arena_strdup(a, kz_col_text(&q, 0)), *label = kz_arena_strdup(a, kz_col_text(&q, 1));
        const char *unit = kz_arena_strdup(a, kz_col_text(&q, 2));
        if (!code || !label || !unit)
            return kz_fail(err, KZ_E_LIMIT, "import.memory");
        own[n] = kz_measure_make(code, label, "", unit, (int)kz_col_int(&q, 3));
        own[n++].adds = kz_col_int(&q, 4) != 0;
    }
    KZ_TRY(st);
    return kz_measures_with(base, own, n, a, ret, err);
}
