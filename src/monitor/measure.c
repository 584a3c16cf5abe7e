#include "monitor/measure.h"

#include "base/asset.h"
#include "base/tsv.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static kz_arena        arena; /* lives as long as the program */
static kz_measures     loaded;
static bool            ready;

static kz_status read_asset(const char *path, const char *const columns[], kz_tsv *t, kz_err *err)
{
    const kz_asset *asset = kz_asset_find(path);
    KZ_ASSERT(asset);
    return kz_tsv_parse(path, (const char *)asset->bytes, asset->n, columns, &arena, t, err);
}

static const kz_measure *sorting; /* under the lock; qsort has no context */

static int by_code(const void *a, const void *b)
{
    return strcmp(sorting[*(const int *)a].code, sorting[*(const int *)b].code);
}

static kz_status load_list(kz_measures *ms, kz_err *err)
{
    static const char *const columns[] = { "code", "label", "table", NULL };
    kz_tsv t;
    KZ_TRY(read_asset("data/measures.tsv", columns, &t, err));
    kz_measure *list = kz_arena_new(&arena, kz_measure, t.n_rows + 1);
    int *order = kz_arena_new(&arena, int, t.n_rows + 1);
    if (!list || !order)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (int i = 0; i < t.n_rows; i++) {
        list[i] = (kz_measure){ kz_tsv_at(&t, i, 0), kz_tsv_at(&t, i, 1), kz_tsv_at(&t, i, 2) };
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
        kz_arena_init(&arena, ARENA_BYTES);
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
