/* "level:key" to the area that is valid in a period (counted.h). */
#include "monitor/counted.h"

#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 512 };

typedef struct entry {
    const char *text; /* "level:key" */
    int area;
} entry;

struct kz_place_index {
    int n;
    entry *p;         /* by text, then area */
    uint64_t version;
};

static uint64_t mix_text(uint64_t h, const char *s)
{
    for (; *s; s++)
        h = kz_rng_mix(h ^ (uint8_t)*s);
    return kz_rng_mix(h + 1);
}

static int by_text(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    int c = strcmp(x->text, y->text);
    return c ? c : x->area - y->area;
}

kz_status kz_place_index_make(kz_db *work, const kz_counts *n, kz_arena *a, const kz_place_index **ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, before = KZ_STMT_INIT;
    kz_place_index *x = kz_arena_new(a, kz_place_index, 1);
    entry *p = kz_arena_new(a, entry, n->m.n_areas + 1);
    kz_status st;
    bool row;
    if (!x || !p)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    x->p = p;
    KZ_TRY(kz_prepare(work, "SELECT a.id, l.code, a.\"key\", a.valid_from, a.valid_to, COALESCE(a.parent, 0), "
                            "l.institution FROM area a JOIN level l ON l.id = a.level ORDER BY a.id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        char text[TEXT_MOST];
        int area = kz_matrix_area(&n->m, kz_col_int(&q, 0));
        if (area == KZ_NONE || x->n == n->m.n_areas)
            continue;
        snprintf(text, sizeof text, "%s:%s", kz_col_text(&q, 1), kz_col_text(&q, 2));
        p[x->n].area = area;
        p[x->n].text = kz_arena_strdup(a, text);
        if (!p[x->n++].text)
            return kz_fail(err, KZ_E_LIMIT, "compute.memory");
        uint64_t h = kz_rng_mix(x->version ^ (uint64_t)kz_col_int(&q, 0));
        h = mix_text(mix_text(mix_text(h, text), kz_col_text(&q, 3)), kz_col_text(&q, 4));
        x->version = kz_rng_mix(h ^ (uint64_t)kz_col_int(&q, 5) * 2 ^ (uint64_t)kz_col_int(&q, 6));
    }
    KZ_TRY(st);
    /* Where an area lay before a coarser level got new boundaries is part of it. */
    KZ_TRY(kz_prepare(work, "SELECT b.area, COALESCE(b.parent, 0), s.day FROM area_before b JOIN area_state s ON "
                            "s.id = b.state ORDER BY b.area, s.day", &before, err));
    while ((st = kz_step(&before, &row, err)) == KZ_OK && row)
        x->version = mix_text(kz_rng_mix(x->version ^ (uint64_t)kz_col_int(&before, 0)) ^
                              (uint64_t)kz_col_int(&before, 1), kz_col_text(&before, 2));
    KZ_TRY(st);
    if (x->n > 1)
        qsort(p, (size_t)x->n, sizeof *p, by_text);
    *ret = x;
    return KZ_OK;
}

int kz_place_find(const kz_place_index *x, const kz_counts *n, const char *level, kz_view text, int period)
{
    char key[TEXT_MOST];
    int len = level ? snprintf(key, sizeof key, "%s:%.*s", level, (int)text.n, text.p)
                    : snprintf(key, sizeof key, "%.*s", (int)text.n, text.p);
    if (len < 0 || len >= (int)sizeof key)
        return KZ_NONE;
    int lo = 0, hi = x->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (strcmp(x->p[mid].text, key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < x->n && strcmp(x->p[lo].text, key) == 0; lo++)
        if (kz_counts_valid(n, period, x->p[lo].area))
            return x->p[lo].area;
    return KZ_NONE;
}

uint64_t kz_place_version(const kz_place_index *x)
{
    return x->version;
}
