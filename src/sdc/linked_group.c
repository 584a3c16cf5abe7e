#include "sdc/linked_group.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MOST = 64 };

void kz_sdc_proof_done(kz_sdc_proof *p)
{
    free(p->start);
    free(p->cell);
    free(p->coef);
    free(p->owner);
    *p = (kz_sdc_proof){ 0 };
}

static const kz_sdc_count *count_at(const kz_sdc_linked *in, int code, int area)
{
    return &in->counts[(size_t)code * (size_t)in->n_areas + (size_t)area];
}

int kz_linked_place(const kz_linked_group *g, int cell)
{
    int area = g->area[cell / g->n_codes];
    return area < 0 ? -1 : g->code[cell % g->n_codes] * g->in->n_areas + area;
}

/* ---- groups ------------------------------------------------------------------------------ */

static int find(int up[], int c)
{
    while (up[c] != c)
        c = up[c] = up[up[c]];
    return c;
}

static void join_codes(const kz_sdc_linked *in, int up[])
{
    for (int c = 0; c < in->n_codes; c++)
        up[c] = c;
    for (int r = 0; r < in->n_relations; r++)
        for (size_t i = in->start[r] + 1; i < in->start[r + 1]; i++) {
            int a = find(up, in->term[i - 1] >> 1), b = find(up, in->term[i] >> 1);
            if (a != b)
                up[a > b ? a : b] = a > b ? b : a;
        }
}

/* ---- one table ---------------------------------------------------------------------------- */

/* Is more in the area than in its parts, or less?  Then something is missing from its parts. */
static bool is_whole(const kz_linked_group *g, int area, const int first[], const int child[])
{
    for (int k = 0; k < g->n_codes; k++) {
        int64_t own = count_at(g->in, g->code[k], area)->value, parts = 0;
        bool known = own >= 0;
        for (int i = first[area]; i < first[area + 1]; i++) {
            int64_t v = count_at(g->in, g->code[k], child[i])->value;
            known = known && v >= 0;
            parts += v < 0 ? 0 : v;
        }
        if (known && parts != own)
            return false;
    }
    return true;
}

static kz_view name_of(kz_linked_group *g, int area, const char *what)
{
    char text[32];
    snprintf(text, sizeof text, "%s%d", what, area);
    char *own = kz_arena_strdup(&g->arena, text);
    return kz_view_of(own ? own : "");
}

static kz_status make_areas(kz_linked_group *g, kz_err *err)
{
    const kz_sdc_linked *in = g->in;
    int n = in->n_areas, rows = 0, roots = 0, at = 0;
    int *first = kz_arena_new(&g->arena, int, n + 2), *child = kz_arena_new(&g->arena, int, n + 1);
    kz_view *code = kz_arena_new(&g->arena, kz_view, 2 * n + 1), *above = kz_arena_new(&g->arena, kz_view, 2 * n + 1);
    kz_view *name = kz_arena_new(&g->arena, kz_view, n + 1);
    if (!first || !child || !code || !above || !name)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int a = 0; a < n; a++)
        roots += in->parent[a] < 0;
    for (int a = 0; a < n; a++)
        if (in->parent[a] >= 0)
            first[in->parent[a] + 2]++;
    for (int a = 2; a <= n; a++)
        first[a] += first[a - 1];
    for (int a = 0; a < n; a++)
        if (in->parent[a] >= 0)
            child[first[in->parent[a] + 1]++] = a;
    for (int a = 0; a < n; a++)
        name[a] = in->parent[a] < 0 && roots == 1 ? kz_view_of(KZ_SDC_ROOT) : name_of(g, a, "a");
    for (int a = 0; a < n; a++) {
        if (in->parent[a] >= 0 || roots != 1) {
            code[rows] = name[a];
            above[rows++] = in->parent[a] >= 0 ? name[in->parent[a]] : kz_view_of(KZ_SDC_ROOT);
        }
        if (first[a] < first[a + 1] && !is_whole(g, a, first, child)) {
            code[rows] = name_of(g, a, "r");
            above[rows++] = name[a];
        }
    }
    KZ_TRY(kz_sdc_tree_make(&(kz_sdc_tree_rows){ .file = "", .n = rows, .code = code, .parent = above }, &g->arena,
                            &g->areas, err));
    g->area = kz_arena_new(&g->arena, int, g->areas.n + 1);
    if (!g->area)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int v = 0; v < g->areas.n; v++)
        g->area[v] = -1;
    for (int a = 0; a < n; a++)
        if (kz_sdc_tree_find(&g->areas, name[a], &at))
            g->area[at] = a;
    return KZ_OK;
}

/* The relations among the group's codes, in its own numbers. */
static kz_status make_codes(kz_linked_group *g, kz_err *err)
{
    const kz_sdc_linked *in = g->in;
    int *own = kz_arena_new(&g->arena, int, in->n_codes + 1), n = 0;
    size_t *start = kz_arena_new(&g->arena, size_t, in->n_relations + 2);
    int *term = kz_arena_new(&g->arena, int, in->n_relations > 0 ? in->start[in->n_relations] + 1 : 1);
    kz_view *name = kz_arena_new(&g->arena, kz_view, g->n_codes + 1);
    if (!own || !start || !term || !name)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < in->n_codes; c++)
        own[c] = -1;
    for (int k = 0; k < g->n_codes; k++) {
        own[g->code[k]] = k;
        name[k] = name_of(g, g->code[k], "c");
    }
    for (int r = 0; r < in->n_relations; r++) {
        size_t at = start[n];
        if (in->start[r] == in->start[r + 1] || own[in->term[in->start[r]] >> 1] < 0)
            continue;
        for (size_t i = in->start[r]; i < in->start[r + 1]; i++)
            term[at++] = own[in->term[i] >> 1] * 2 + (in->term[i] & 1);
        start[++n] = at;
    }
    KZ_TRY(kz_sdc_tree_loose(g->n_codes, name, &g->arena, &g->codes, err));
    return kz_sdc_relations_make(n, start, term, g->n_codes, &g->arena, &g->relations, err);
}

/* What nobody delivered below an area: its count minus its parts. */
static int64_t rest_of(const kz_linked_group *g, int node, int k)
{
    int up = g->areas.parent[node];
    int64_t rest = g->table.n[up * g->n_codes + k];
    for (int i = g->areas.first[up]; i < g->areas.first[up + 1]; i++)
        if (g->areas.child[i] != node)
            rest -= g->table.n[g->areas.child[i] * g->n_codes + k];
    return rest > 0 ? rest : 0;
}

/* Nobody knows the code in any part of the area above: it was never delivered so deep. */
static bool is_too_deep(const kz_linked_group *g, int node, int k)
{
    int up = g->areas.parent[node];
    for (int i = g->areas.first[up]; i < g->areas.first[up + 1]; i++)
        if (g->known[g->areas.child[i] * g->n_codes + k])
            return false;
    return true;
}

/* Where a count was never delivered for the parts of an area, all of it may lie in any one of them. */
static void fill_deep(kz_linked_group *g)
{
    for (int v = 1; v < g->areas.n; v++)
        for (int k = 0; k < g->n_codes && g->area[v] >= 0; k++)
            if (!g->known[v * g->n_codes + k] && is_too_deep(g, v, k))
                g->table.n[v * g->n_codes + k] = g->table.n[g->areas.parent[v] * g->n_codes + k];
}

/* Two counts that nobody knows can always make up for each other. */
static void find_off(kz_linked_group *g, bool off[])
{
    for (int v = 0; v < g->areas.n; v++)
        for (int r = 0; r < g->relations.n && g->area[v] >= 0; r++) {
            int unknown = 0;
            for (size_t i = g->relations.start[r]; i < g->relations.start[r + 1]; i++)
                unknown += !g->known[v * g->n_codes + (g->relations.term[i] >> 1)];
            off[(size_t)v * (size_t)g->relations.n + (size_t)r] = unknown > 1;
        }
}

static kz_status make_cells(kz_linked_group *g, kz_err *err)
{
    const kz_sdc_tree *dim[] = { &g->areas, &g->codes };
    KZ_TRY(kz_sdc_table_make(2, dim, &g->arena, &g->table, err));
    kz_sdc_table *t = &g->table;
    t->relations = &g->relations;
    g->primary = kz_arena_new(&g->arena, bool, t->n_cells);
    g->keep = kz_arena_new(&g->arena, bool, t->n_cells);
    g->unprinted = kz_arena_new(&g->arena, bool, t->n_cells);
    g->known = kz_arena_new(&g->arena, bool, t->n_cells);
    g->cost = kz_arena_new(&g->arena, int32_t, t->n_cells);
    g->widths = kz_arena_new(&g->arena, int64_t, t->n_cells);
    if (!g->primary || !g->keep || !g->unprinted || !g->known || !g->cost || !g->widths)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < t->n_cells; c++) {
        int at = kz_linked_place(g, c);
        g->cost[c] = 1;
        g->unprinted[c] = at < 0;
        if (at < 0)
            continue;
        const kz_sdc_count *n = &g->in->counts[at];
        t->n[c] = n->value < 0 ? 0 : n->value;
        g->known[c] = n->value >= 0;
        g->cost[c] = n->cost;
        g->widths[c] = g->in->widths ? g->in->widths[g->code[c % g->n_codes]] : g->in->width;
        g->primary[c] = (n->flags & KZ_SDC_SECRET) && !(n->flags & KZ_SDC_PUBLIC);
        g->keep[c] = n->flags & KZ_SDC_PUBLIC;
        g->unprinted[c] = !(n->flags & (KZ_SDC_PRINTED | KZ_SDC_PUBLIC)) || (n->flags & KZ_SDC_HELD);
        g->primaries += g->primary[c];
        g->open += (n->flags & KZ_SDC_PRINTED) && !(n->flags & (KZ_SDC_PUBLIC | KZ_SDC_HELD));
    }
    bool *off = kz_arena_new(&g->arena, bool, (size_t)g->areas.n * (size_t)g->relations.n + 1);
    if (!off)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    find_off(g, off);
    t->off = off;
    fill_deep(g);
    for (int v = g->areas.n - 1; v >= 0; v--)
        for (int k = 0; k < g->n_codes && g->area[v] < 0; k++)
            t->n[v * g->n_codes + k] = v > 0 ? rest_of(g, v, k) : 0;
    return KZ_OK;
}

static kz_status make_table(kz_linked_group *g, kz_err *err)
{
    KZ_TRY(make_areas(g, err));
    KZ_TRY(make_codes(g, err));
    return make_cells(g, err);
}

/* ---- every group ---------------------------------------------------------------------------- */

typedef struct team {
    const kz_sdc_linked *in;
    kz_linked_group *groups;
    int n;
    void (*work)(kz_linked_group *g, void *ctx);
    void *ctx;
    atomic_int next;
} team;

static void *work(void *arg)
{
    team *t = arg;
    for (int i; (i = atomic_fetch_add(&t->next, 1)) < t->n;) {
        kz_linked_group *g = &t->groups[i];
        kz_arena_init(&g->arena, SIZE_MAX);
        g->status = make_table(g, &g->err);
        if (g->status == KZ_OK)
            t->work(g, t->ctx);
        if (g->status != KZ_OK && g->where >= 0)
            g->where = kz_linked_place(g, g->where);
        kz_arena_done(&g->arena);
    }
    return NULL;
}

static void run(team *t, int threads)
{
    pthread_t helper[THREADS_MOST];
    int n = 0;
    threads = threads > t->n ? t->n : threads;
    while (n < threads - 1 && n < THREADS_MOST && pthread_create(&helper[n], NULL, work, t) == 0)
        n++;
    work(t);
    for (int i = 0; i < n; i++)
        pthread_join(helper[i], NULL);
}

/* All witnesses, group by group. */
static bool gather_proof(kz_linked_group groups[], int n, kz_sdc_proof *proof)
{
    size_t witnesses = 0, entries = 0, at = 0;
    for (int i = 0; i < n; i++) {
        const kz_sdc_pattern *p = &groups[i].pattern;
        witnesses += (size_t)p->n_witness;
        entries += p->n_witness > 0 ? p->start[p->n_witness] : 0;
    }
    proof->start = calloc(witnesses + 2, sizeof *proof->start);
    proof->cell = calloc(entries + 1, sizeof *proof->cell);
    proof->coef = calloc(entries + 1, sizeof *proof->coef);
    proof->owner = calloc(witnesses + 1, sizeof *proof->owner);
    if (!proof->start || !proof->cell || !proof->coef || !proof->owner)
        return false;
    for (int i = 0; i < n; i++) {
        const kz_sdc_pattern *p = &groups[i].pattern;
        proof->groups += p->n_primary > 0;
        proof->primaries += p->n_primary;
        proof->secondaries += p->n_secondary;
        for (int w = 0; w < p->n_witness; w++) {
            int longest = (int)(p->start[w + 1] - p->start[w]);
            for (size_t k = p->start[w]; k < p->start[w + 1]; k++)
                if (p->cell[k] >= 0) { /* the common root stands for no area */
                    proof->cell[at] = p->cell[k];
                    proof->coef[at++] = p->coef[k];
                }
            proof->owner[proof->n_witness] = p->owner[w];
            proof->start[++proof->n_witness] = at;
            proof->longest = longest > proof->longest ? longest : proof->longest;
        }
    }
    return true;
}

kz_status kz_linked_each(const kz_sdc_linked *in, void (*work_fn)(kz_linked_group *g, void *ctx), void *ctx,
                         kz_sdc_proof *proof, int *where, kz_err *err)
{
    int *up = calloc((size_t)in->n_codes + 1, sizeof *up), *of = calloc((size_t)in->n_codes + 1, sizeof *of);
    int *list = calloc((size_t)in->n_codes + 1, sizeof *list), n = 0, at = 0;
    kz_linked_group *groups = calloc((size_t)in->n_codes + 1, sizeof *groups);
    kz_status st = KZ_OK;
    if (!up || !of || !list || !groups) {
        st = kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    } else {
        join_codes(in, up);
        for (int c = 0; c < in->n_codes; c++)
            if (find(up, c) == c)
                of[c] = n++;
        for (int i = 0; i < n; i++)
            groups[i] = (kz_linked_group){ .in = in, .where = -1 };
        for (int c = 0; c < in->n_codes; c++)
            groups[of[find(up, c)]].n_codes++;
        for (int i = 0; i < n; at += groups[i++].n_codes)
            groups[i].code = list + at;
        for (int i = 0; i < n; i++)
            groups[i].n_codes = 0;
        for (int c = 0; c < in->n_codes; c++) {
            kz_linked_group *g = &groups[of[find(up, c)]];
            g->code[g->n_codes++] = c;
        }
        team t = { .in = in, .groups = groups, .n = n, .work = work_fn, .ctx = ctx };
        run(&t, in->threads);
    }
    for (int i = 0; i < n && st == KZ_OK; i++)
        if (groups[i].status != KZ_OK) {
            st = groups[i].status;
            if (err)
                *err = groups[i].err;
            if (where)
                *where = groups[i].where;
        }
    if (st == KZ_OK && proof && !gather_proof(groups, n, proof)) {
        kz_sdc_proof_done(proof);
        st = kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    }
    for (int i = 0; i < n; i++)
        kz_sdc_pattern_done(&groups[i].pattern);
    free(up);
    free(of);
    free(list);
    free(groups);
    return st;
}
