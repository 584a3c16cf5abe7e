/* The system in parts that do not disturb each other: a period, and areas or one kind of institution. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "monitor/protect.h"

enum { AT_ONCE = 12 };

/* "" and the kinds of institutions that codes have, in order of their first code. */
static int find_units(const kz_protect_system *s, const char *unit[], int most)
{
    int n = 0;
    for (int c = 0; c < s->n_codes; c++) {
        bool seen = false;
        for (int k = 0; k < n && !seen; k++)
            seen = strcmp(unit[k], s->codes[c].unit) == 0;
        if (!seen && n < most)
            unit[n++] = s->codes[c].unit;
    }
    return n;
}

int kz_protect_parts(const kz_protect_system *s)
{
    const char *unit[KZ_PROTECT_UNITS];
    return find_units(s, unit, KZ_PROTECT_UNITS) * s->n_periods;
}

/* The next area above on a level of the release, on the period's day. */
static int parent_of(const kz_protect_system *s, int period, int area)
{
    int p = kz_counts_parent(&s->counts, period, area);
    while (p != KZ_NONE && !s->released[s->counts.level[p]])
        p = kz_counts_parent(&s->counts, period, p);
    return p;
}

static bool belongs(const kz_protect_system *s, const char *unit, int period, int area)
{
    int level = s->counts.level[area];
    if (!s->released[level] || !kz_counts_valid(&s->counts, period, area))
        return false;
    if (level == 0)
        return true;
    return unit[0] == '\0' ? !s->counts.institution[level]
                           : s->counts.institution[level] && strcmp(s->counts.level_codes[level], unit) == 0;
}

/* ---- codes of which nothing came in the period ------------------------------------------------ */

static bool is_silent(const kz_sdc_linked *l, int code)
{
    for (int a = 0; a < l->n_areas; a++) {
        const kz_sdc_count *c = &l->counts[code * l->n_areas + a];
        if (c->value >= 0 || c->flags)
            return false;
    }
    return true;
}

/* Relations with two codes of which nothing came say nothing: they are left out, in place, until none is left. */
static void drop_silent(kz_sdc_linked *l, size_t start[], int term[], const bool silent[])
{
    int kept = 0;
    size_t at = 0;
    for (int r = 0; r < l->n_relations; r++) {
        size_t from = start[r], to = start[r + 1];
        int n = 0;
        for (size_t i = from; i < to; i++)
            n += silent[term[i] >> 1];
        if (n > 1)
            continue;
        for (size_t i = from; i < to; i++)
            term[at++] = term[i];
        start[++kept] = at;
    }
    l->n_relations = kept;
}

/* The one count of a relation that did not come is what the others leave: everybody can reckon it. */
static bool imply(const kz_sdc_linked *l, kz_sdc_count counts[])
{
    bool changed = false;
    for (int r = 0; r < l->n_relations; r++)
        for (int a = 0; a < l->n_areas; a++) {
            int64_t sum = 0;
            int unknown = 0, code = KZ_NONE, sign = 1;
            for (size_t i = l->start[r]; i < l->start[r + 1]; i++) {
                int c = l->term[i] >> 1, by = l->term[i] & 1 ? -1 : 1;
                int64_t v = counts[c * l->n_areas + a].value;
                unknown += v < 0;
                if (v < 0) {
                    code = c;
                    sign = by;
                } else {
                    sum += by * v;
                }
            }
            if (unknown == 1 && -sign * sum >= 0) {
                counts[code * l->n_areas + a].value = -sign * sum;
                changed = true;
            }
        }
    return changed;
}

/* The same of areas: a whole that did not come is its parts, one part that did not come is what the others leave. */
static bool imply_areas(const kz_sdc_linked *l, kz_sdc_count counts[], int first[], int unknown[], int64_t sum[])
{
    bool changed = false;
    for (int c = 0; c < l->n_codes; c++) {
        kz_sdc_count *own = counts + c * l->n_areas;
        for (int a = 0; a < l->n_areas; a++) {
            first[a] = KZ_NONE;
            unknown[a] = 0;
            sum[a] = 0;
        }
        for (int a = 0; a < l->n_areas; a++) {
            int up = l->parent[a];
            if (up == KZ_NONE)
                continue;
            unknown[up] += own[a].value < 0;
            sum[up] += own[a].value < 0 ? 0 : own[a].value;
            if (first[up] == KZ_NONE || own[a].value < 0)
                first[up] = a;
        }
        for (int a = 0; a < l->n_areas; a++) {
            if (first[a] == KZ_NONE || unknown[a] + (own[a].value < 0) != 1)
                continue;
            kz_sdc_count *which = own[a].value < 0 ? &own[a] : &own[first[a]];
            int64_t value = own[a].value < 0 ? sum[a] : own[a].value - sum[a];
            if (value >= 0) {
                which->value = value;
                changed = true;
            }
        }
    }
    return changed;
}

static bool listen(kz_sdc_linked *l, size_t start[], int term[], kz_sdc_count counts[], kz_arena *a)
{
    bool *silent = kz_arena_new(a, bool, l->n_codes + 1);
    if (!silent)
        return false;
    for (int c = 0; c < l->n_codes; c++)
        silent[c] = is_silent(l, c);
    drop_silent(l, start, term, silent);
    int *first = kz_arena_new(a, int, l->n_areas + 1), *unknown = kz_arena_new(a, int, l->n_areas + 1);
    int64_t *sum = kz_arena_new(a, int64_t, l->n_areas + 1);
    if (!first || !unknown || !sum)
        return false;
    for (bool changed = true; changed;) {
        changed = imply(l, counts);
        changed |= imply_areas(l, counts, first, unknown, sum);
    }
    return true;
}

kz_status kz_protect_part_make(const kz_protect_system *s, int i, kz_arena *a, kz_protect_part *ret, kz_err *err)
{
    const char *units[KZ_PROTECT_UNITS];
    int n_units = find_units(s, units, KZ_PROTECT_UNITS), period = i / n_units, n = 0, codes = 0, city = KZ_NONE;
    const char *unit = units[i % n_units];
    int *area = kz_arena_new(a, int, s->n_areas + 1), *at = kz_arena_new(a, int, s->n_areas + 1);
    int *parent = kz_arena_new(a, int, s->n_areas + 1), *code = kz_arena_new(a, int, s->n_codes + 1);
    int *own = kz_arena_new(a, int, s->n_codes + 1), relations = 0;
    size_t *start = kz_arena_new(a, size_t, s->n_relations + 2), terms = 0;
    int *term = kz_arena_new(a, int, (s->n_relations > 0 ? s->start[s->n_relations] : 0) + 1);
    int64_t *widths = kz_arena_new(a, int64_t, s->n_codes + 1);
    if (!area || !at || !parent || !code || !own || !start || !term || !widths)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int k = 0; k < s->n_areas; k++) {
        at[k] = KZ_NONE;
        if (!belongs(s, unit, period, k))
            continue;
        if (s->counts.level[k] == 0)
            city = n;
        area[n] = k;
        at[k] = n++;
    }
    for (int k = 0; k < n; k++) {
        int up = unit[0] ? KZ_NONE : parent_of(s, period, area[k]);
        parent[k] = up != KZ_NONE ? at[up] : k == city ? KZ_NONE : city;
    }
    for (int c = 0; c < s->n_codes; c++) {
        own[c] = strcmp(s->codes[c].unit, unit) == 0 ? codes : KZ_NONE;
        if (own[c] != KZ_NONE) {
            widths[codes] = s->widths[c] > 0 ? s->widths[c] : 1;
            code[codes++] = c;
        }
    }
    for (int r = 0; r < s->n_relations; r++) {
        if (own[s->term[s->start[r]] >> 1] == KZ_NONE)
            continue;
        for (size_t k = s->start[r]; k < s->start[r + 1]; k++)
            term[terms++] = own[s->term[k] >> 1] * 2 + (s->term[k] & 1);
        start[++relations] = terms;
    }
    kz_sdc_count *count = kz_arena_new(a, kz_sdc_count, (size_t)codes * (size_t)n + 1);
    if (!count)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < codes; c++)
        for (int k = 0; k < n; k++)
            count[c * n + k] = s->count[kz_protect_at(s, code[c], period, area[k])];
    kz_sdc_linked linked = { .n_areas = n, .parent = parent, .n_codes = codes, .n_relations = relations,
                             .start = start, .term = term, .counts = count, .width = 1, .widths = widths };
    if (!listen(&linked, start, term, count, a))
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    *ret = (kz_protect_part){ .period = period, .unit = unit, .area = area, .code = code,
                              .linked = linked };
    return KZ_OK;
}

int kz_protect_part_count(const kz_protect_system *s, const kz_protect_part *p, int place)
{
    if (place < 0 || place >= p->linked.n_codes * p->linked.n_areas)
        return KZ_NONE;
    return kz_protect_at(s, p->code[place / p->linked.n_areas], p->period, p->area[place % p->linked.n_areas]);
}

static kz_status no_partner(const kz_protect_system *s, const kz_protect_part *p, int where, const kz_err *why,
                            kz_err *err)
{
    kz_auto(kz_buf) cell = kz_buf_init(1000);
    int count = kz_protect_part_count(s, p, where);
    if (count == KZ_NONE) {
        if (err)
            *err = *why;
        return why->status;
    }
    kz_protect_name(s, count, &cell);
    return kz_fail(err, KZ_E_LIMIT, "release.no_partner", kz_s("cell", kz_buf_text(&cell)));
}

/* A part on its way: made by one thread, protected by any, stored by the first again. */
typedef struct job {
    kz_arena arena;
    kz_protect_part p;
    kz_sdc_proof proof, hints;
    uint8_t *mask;
    kz_err why;
    kz_status status;
    int where;
} job;

static kz_status begin_part(const kz_protect_system *s, int i, const kz_protect_hooks *hooks, job *j, kz_err *err)
{
    *j = (job){ .where = KZ_NONE };
    kz_arena_init(&j->arena, KZ_PROTECT_PART_BYTES);
    KZ_TRY(kz_protect_part_make(s, i, &j->arena, &j->p, err));
    j->mask = kz_arena_new(&j->arena, uint8_t, (size_t)j->p.linked.n_codes * (size_t)j->p.linked.n_areas + 1);
    if (!j->mask)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    KZ_TRY(hooks->hint(hooks->ctx, &j->p, &j->hints, err));
    j->p.linked.hints = j->hints.n_witness > 0 ? &j->hints : NULL;
    return KZ_OK;
}

typedef struct team {
    job *jobs;
    int n;
    atomic_int next;
} team;

/* Parts are of very different size: whoever is free takes the next one. */
static void hide_next(void *ctx, int thread, int threads)
{
    team *t = ctx;
    (void)thread;
    (void)threads;
    for (int i; (i = atomic_fetch_add(&t->next, 1)) < t->n;) {
        job *j = &t->jobs[i];
        j->status = kz_sdc_linked_protect(&j->p.linked, j->mask, &j->proof, &j->where, &j->why);
        j->p.linked.hints = NULL;
    }
}

static kz_status end_part(kz_protect_system *s, int i, const kz_protect_hooks *hooks, job *j, kz_err *err)
{
    size_t places = (size_t)j->p.linked.n_codes * (size_t)j->p.linked.n_areas;
    if (j->status != KZ_OK)
        return no_partner(s, &j->p, j->where, &j->why, err);
    for (size_t k = 0; k < places; k++)
        s->mask[kz_protect_part_count(s, &j->p, (int)k)] = j->mask[k];
    return hooks->take(hooks->ctx, i, &j->p, j->mask, &j->proof, err);
}

static void job_done(job *j)
{
    kz_sdc_proof_done(&j->proof);
    kz_sdc_proof_done(&j->hints);
    kz_arena_done(&j->arena);
}

/* `n` parts from `from` on, side by side. */
static kz_status hide_parts(kz_protect_system *s, int from, int n, int threads, const kz_protect_hooks *hooks,
                            kz_err *err)
{
    job jobs[AT_ONCE];
    team t = { .jobs = jobs, .n = n };
    kz_status st = KZ_OK;
    int begun = 0;
    for (; begun < n && st == KZ_OK; begun++)
        st = begin_part(s, from + begun, hooks, &jobs[begun], err);
    if (st == KZ_OK)
        kz_parallel(threads, hide_next, &t);
    for (int i = 0; i < n && st == KZ_OK; i++)
        st = end_part(s, from + i, hooks, &jobs[i], err);
    for (int i = 0; i < begun; i++)
        job_done(&jobs[i]);
    return st;
}

kz_status kz_protect_hide(kz_protect_system *s, int threads, kz_protect_watch watch, void *watch_ctx,
                          const kz_protect_hooks *hooks, kz_err *err)
{
    int n = kz_protect_parts(s), at_once = threads < 2 ? 1 : AT_ONCE;
    for (int i = 0; i < n; i += at_once) {
        if (watch && !watch(watch_ctx, i, n))
            return kz_fail(err, KZ_E_CONFLICT, "release.stopped");
        KZ_TRY(hide_parts(s, i, n - i < at_once ? n - i : at_once, threads, hooks, err));
    }
    return KZ_OK;
}
