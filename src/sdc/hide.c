#include "sdc/hide.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sdc/run.h"

enum { MANY = 6000, STARTS = 4, SWEEPS = 100, STARTS_MANY = 1, SWEEPS_MANY = 40, THREADS_MOST = 64 };

void kz_sdc_pattern_done(kz_sdc_pattern *p)
{
    free(p->mask);
    free(p->start);
    free(p->cell);
    free(p->coef);
    free(p->owner);
    *p = (kz_sdc_pattern){ 0 };
}

/* ---- starts side by side ------------------------------------------------------------- */

typedef struct team {
    const kz_space *space;
    kz_run *runs;
    int n_runs, sweeps;
    uint64_t seed;
    atomic_int next;
} team;

static void *work(void *arg)
{
    team *t = arg;
    for (int i; (i = atomic_fetch_add(&t->next, 1)) < t->n_runs;)
        kz_run_go(&t->runs[i], t->space, kz_rng_mix(t->seed + 1) + (uint64_t)i, t->sweeps);
    return NULL;
}

static void run_all(team *t, int threads)
{
    pthread_t helper[THREADS_MOST];
    int n = 0;
    threads = threads > t->n_runs ? t->n_runs : threads;
    while (n < threads - 1 && n < THREADS_MOST && pthread_create(&helper[n], NULL, work, t) == 0)
        n++;
    work(t);
    for (int i = 0; i < n; i++)
        pthread_join(helper[i], NULL);
}

/* ---- the best start of each block ------------------------------------------------------ */

static int find(int up[], int c)
{
    while (up[c] != c)
        c = up[c] = up[up[c]];
    return c;
}

/* Cells that some witness of some start joins stay together. */
static void join_blocks(const team *t, int up[])
{
    for (int r = 0; r < t->n_runs; r++)
        for (int d = 0; d < t->space->n_demands; d++) {
            const kz_pool *p = &t->runs[r].pool;
            int v = t->runs[r].witness[d];
            for (size_t i = p->at[v] + 1; i < p->at[v + 1]; i++) {
                int a = find(up, p->cell[i - 1]), b = find(up, p->cell[i]);
                if (a != b)
                    up[a > b ? a : b] = a > b ? b : a;
            }
        }
}

/* best[root of a block]: the start that hides least there, the first of equals. */
static void judge_blocks(const team *t, int up[], int best[], int64_t cost[], int64_t least[])
{
    const kz_space *s = t->space;
    for (int r = 0; r < t->n_runs; r++) {
        memset(cost, 0, (size_t)s->t->n_cells * sizeof *cost);
        for (int c = 0; c < s->t->n_cells; c++)
            if (t->runs[r].hidden[c] && !s->o->primary[c] && !kz_space_unprinted(s, c))
                cost[find(up, c)] += s->cost[c] ? s->cost[c] : KZ_COST_ONE;
        for (int c = 0; c < s->t->n_cells; c++)
            if (up[c] == c && (r == 0 || cost[c] < least[c])) {
                least[c] = cost[c];
                best[c] = r;
            }
    }
}

static kz_status gather(const team *t, int up[], const int best[], kz_sdc_pattern *p, kz_err *err)
{
    const kz_space *s = t->space;
    size_t entries = 0;
    for (int d = 0; d < s->n_demands; d++) {
        const kz_run *r = &t->runs[best[find(up, kz_space_owner(s, d))]];
        entries += r->pool.at[r->witness[d] + 1] - r->pool.at[r->witness[d]];
    }
    p->mask = calloc((size_t)s->t->n_cells + 1, 1);
    p->start = calloc((size_t)s->n_demands + 2, sizeof *p->start);
    p->owner = calloc((size_t)s->n_demands + 1, sizeof *p->owner);
    p->cell = calloc(entries + 1, sizeof *p->cell);
    p->coef = calloc(entries + 1, sizeof *p->coef);
    if (!p->mask || !p->start || !p->owner || !p->cell || !p->coef)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < s->t->n_cells; c++)
        if (s->o->primary[c]) {
            p->mask[c] = KZ_MASK_PRIMARY;
            p->n_primary++;
        } else if (!kz_space_unprinted(s, c) && t->runs[best[find(up, c)]].hidden[c]) {
            p->mask[c] = KZ_MASK_SECONDARY;
            p->n_secondary++;
            p->value_secondary += s->t->n[c];
        }
    for (int d = 0; d < s->n_demands; d++) {
        const kz_run *r = &t->runs[best[find(up, kz_space_owner(s, d))]];
        size_t from = r->pool.at[r->witness[d]], len = r->pool.at[r->witness[d] + 1] - from;
        memcpy(p->cell + p->start[d], r->pool.cell + from, len * sizeof *p->cell);
        memcpy(p->coef + p->start[d], r->pool.coef + from, len * sizeof *p->coef);
        p->start[d + 1] = p->start[d] + len;
        p->owner[d] = kz_space_owner(s, d);
    }
    p->n_witness = s->n_demands;
    return KZ_OK;
}

static kz_status merge(const team *t, kz_sdc_pattern *p, kz_err *err)
{
    size_t n = (size_t)t->space->t->n_cells;
    int *up = calloc(n + 1, sizeof *up), *best = calloc(n + 1, sizeof *best);
    int64_t *cost = calloc(n + 1, sizeof *cost), *least = calloc(n + 1, sizeof *least);
    kz_status st = KZ_OK;
    if (!up || !best || !cost || !least) {
        st = kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    } else {
        for (size_t c = 0; c < n; c++)
            up[c] = (int)c;
        join_blocks(t, up);
        judge_blocks(t, up, best, cost, least);
        st = gather(t, up, best, p, err);
    }
    free(up);
    free(best);
    free(cost);
    free(least);
    return st;
}

/* ---- the proof, once more ---------------------------------------------------------------- */

static int64_t own_change(const kz_sdc_pattern *p, int w)
{
    for (size_t i = p->start[w]; i < p->start[w + 1]; i++)
        if (p->cell[i] == p->owner[w])
            return abs(p->coef[i]);
    return 0;
}

/* Every witness adds up to nothing in every line, lies on hidden cells and is wide enough, and every
 * partner is in one.  A failure here is ours, not the caller's. */
static kz_status prove(const kz_space *s, const kz_sdc_pattern *p, kz_err *err)
{
    const kz_sdc_table *t = s->t;
    int64_t *change_of = calloc((size_t)t->n_cells + 1, sizeof *change_of);
    bool *covered = calloc((size_t)t->n_cells + 1, sizeof *covered);
    if (!change_of || !covered) {
        free(change_of);
        free(covered);
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    }
    for (int w = 0; w < p->n_witness; w++) {
        const int *cell = p->cell + p->start[w], *coef = p->coef + p->start[w];
        size_t n = p->start[w + 1] - p->start[w];
        int64_t up, down;
        kz_sdc_steps(t, cell, coef, n, &up, &down);
        KZ_ASSERT((up + down) * (s->o->owner_only ? own_change(p, w) : 1) >= kz_space_width(s, p->owner[w]));
        for (size_t i = 0; i < n; i++) {
            KZ_ASSERT(p->mask[cell[i]] != KZ_MASK_OPEN || kz_space_unprinted(s, cell[i]));
            covered[cell[i]] = true;
        }
        for (size_t i = 0; i < n; i++)
            change_of[cell[i]] = coef[i];
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < t->n_dims; k++)
                for (int l = 0; l < kz_sdc_lines_through(t, cell[i], k); l++)
                    KZ_ASSERT(kz_sdc_line_holds(t, kz_sdc_line_through(t, cell[i], k, l), change_of));
        for (size_t i = 0; i < n; i++)
            change_of[cell[i]] = 0;
    }
    for (int c = 0; c < t->n_cells; c++)
        KZ_ASSERT(kz_space_unprinted(s, c) || covered[c] == (p->mask[c] != KZ_MASK_OPEN));
    free(change_of);
    free(covered);
    return KZ_OK;
}

static kz_status fail_cell(const kz_sdc_order *o, int cell, const char *id, kz_err *err)
{
    kz_auto(kz_buf) name = kz_buf_init(4096);
    if (o->where)
        *o->where = cell;
    kz_sdc_cell_name(o->table, o->names, cell, &name);
    return kz_fail(err, KZ_E_INPUT, id, kz_s("cell", kz_buf_text(&name)), kz_n("n", o->table->n[cell]));
}

static kz_status start_runs(team *t, const kz_sdc_order *o, kz_sdc_pattern *p, kz_err *err)
{
    bool many = t->space->n_demands > MANY;
    t->n_runs = o->starts > 0 ? o->starts : many ? STARTS_MANY : STARTS;
    t->sweeps = o->sweeps > 0 ? o->sweeps : many ? SWEEPS_MANY : SWEEPS;
    t->runs = calloc((size_t)t->n_runs, sizeof *t->runs);
    if (!t->runs)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    run_all(t, o->threads);
    kz_status st = KZ_OK;
    for (int r = 0; r < t->n_runs && st == KZ_OK; r++) {
        if (t->runs[r].failed != KZ_OK)
            st = kz_fail(err, KZ_E_LIMIT, "sdc.memory");
        else if (t->runs[r].stuck >= 0)
            st = fail_cell(o, kz_space_owner(t->space, t->runs[r].stuck), "sdc.insider_hard", err);
    }
    if (st == KZ_OK)
        st = merge(t, p, err);
    if (st == KZ_OK)
        st = prove(t->space, p, err);
    for (int r = 0; r < t->n_runs; r++)
        kz_run_done(&t->runs[r]);
    free(t->runs);
    return st;
}

kz_status kz_sdc_hide(const kz_sdc_order *o, kz_sdc_pattern *ret, kz_err *err)
{
    kz_space space;
    kz_sdc_pattern p = { 0 };
    KZ_ASSERT(o->width >= 1 && o->starts >= 0 && o->sweeps >= 0);
    for (int c = 0; o->keep && c < o->table->n_cells; c++)
        if (o->keep[c] && o->primary[c])
            return fail_cell(o, c, "sdc.keep_primary", err);
    KZ_TRY(kz_space_make(&space, o, err));
    team t = { .space = &space, .seed = o->seed };
    kz_status st = start_runs(&t, o, &p, err);
    kz_space_done(&space);
    if (st == KZ_OK)
        *ret = p;
    else
        kz_sdc_pattern_done(&p);
    return st;
}
