/* Do the cells of a table agree with each other? */
#include "monitor/table_job.h"

#include <stdlib.h>

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static int by_place(const void *a, const void *b)
{
    const job_cell *x = a, *y = b;
    if (x->measure != y->measure)
        return x->measure < y->measure ? -1 : 1;
    if (x->period != y->period)
        return x->period < y->period ? -1 : 1;
    if (x->area != y->area)
        return x->area < y->area ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

const char *kz_job_cell_text(const job_cell *c, char out[32])
{
    kz_buf b = kz_buf_init(31);
    if (c->value >= 0)
        kz_buf_fmt(&b, "%lld", (long long)c->value);
    else
        kz_buf_str(&b, kz_cell_state_sign((kz_cell_state)c->state));
    memcpy(out, kz_buf_text(&b), b.n + 1);
    kz_buf_done(&b);
    return out;
}

static const char *area_name(const kz_job *job, uint32_t area)
{
    return job->areas[area].name;
}

/* The same place twice: once is enough if both say the same, else nobody knows which is right. */
static void drop_doubles(kz_job *job)
{
    size_t kept = 0;
    char text[32], first[32];
    for (size_t i = 0; i < job->n_cells; i++) {
        const job_cell *c = &job->cells[i], *k = kept ? &job->cells[kept - 1] : NULL;
        if (!k || k->measure != c->measure || k->period != c->period || k->area != c->area) {
            job->cells[kept++] = *c;
            continue;
        }
        bool same = k->value == c->value && k->state == c->state;
        kz_finding_add(job->found, same ? KZ_NOTICE : KZ_ERROR, same ? "check.twice_same" : "check.twice", c->line,
                       kz_job_column(job, c), kz_view_of(kz_job_cell_text(c, text)), kz_n("other", k->line),
                       kz_s("first", kz_job_cell_text(k, first)), kz_s("area", area_name(job, c->area)),
                       kz_s("measure", job->measures->list[c->measure].label),
                       kz_s("period", job->periods[c->period].is.code));
    }
    job->n_cells = kept;
}

/* ---- runs: all areas of one measure and period ------------------------------ */

typedef struct run {
    size_t from, n;
} run;

typedef struct checker {
    kz_job *job;
    run *runs;          /* [measure][period] */
    int64_t *value;     /* by area: of the run at hand; -1 none */
    const job_cell **from; /* by area: where it stands */
    int64_t *sum;       /* by area: of its parts                */
    uint32_t *parts, *missing;
} checker;

static run *run_of(const checker *k, int measure, int period)
{
    return &k->runs[measure * k->job->n_periods + period];
}

static void spread(const checker *k, const run *r)
{
    for (int a = 0; a < k->job->n_areas; a++)
        k->value[a] = -1;
    for (size_t i = r->from; i < r->from + r->n; i++) {
        k->value[k->job->cells[i].area] = k->job->cells[i].value;
        k->from[k->job->cells[i].area] = &k->job->cells[i];
    }
}

/* The area of `level` in which `a` lies, -1 when nobody said. */
static int ancestor(const kz_job *job, int a, int level)
{
    for (int steps = 0; a >= 0 && steps < job->n_levels; steps++, a = job->areas[a].parent)
        if (job->areas[a].level == level)
            return a;
    return job->levels[level].n_areas == 1 ? job->levels[level].only : -1;
}

/* Parts on level `low` against their totals on level `high`. */
static void check_levels(checker *k, int high, int low, int measure, int period)
{
    const kz_job *job = k->job;
    for (int a = 0; a < job->n_areas; a++) {
        k->sum[a] = 0;
        k->parts[a] = k->missing[a] = 0;
    }
    for (int a = 0; a < job->n_areas; a++) {
        if (job->areas[a].level != low)
            continue;
        int to = ancestor(job, a, high);
        if (to < 0)
            continue;
        if (k->value[a] < 0) {
            k->missing[to]++;
        } else {
            k->sum[to] += k->value[a];
            k->parts[to]++;
        }
    }
    for (int a = 0; a < job->n_areas; a++) {
        if (job->areas[a].level != high || k->value[a] < 0 || k->parts[a] == 0)
            continue;
        /* With a part missing the sum may be less, never more. */
        if (k->sum[a] == k->value[a] || (k->missing[a] > 0 && k->sum[a] < k->value[a]))
            continue;
        kz_auto(kz_buf) total = kz_buf_init(64);
        kz_buf_fmt(&total, "%lld", (long long)k->value[a]);
        kz_finding_add(job->found, KZ_WARNING, "check.sum_areas", k->from[a]->line, kz_job_column(job, k->from[a]),
                       kz_view_from(kz_buf_text(&total), total.n), kz_s("area", job->areas[a].name),
                       kz_s("measure", job->measures->list[measure].label),
                       kz_s("period", job->periods[period].is.code), kz_n("sum", k->sum[a]),
                       kz_n("total", k->value[a]), kz_s("level", job->levels[low].one));
    }
}

static void check_areas(checker *k, int measure, int period)
{
    const kz_job *job = k->job;
    const run *r = run_of(k, measure, period);
    int high = -1;
    if (r->n == 0)
        return;
    spread(k, r);
    for (int l = 0; l < job->n_levels; l++) {
        bool used = false;
        for (size_t i = r->from; i < r->from + r->n && !used; i++)
            used = job->areas[job->cells[i].area].level == l;
        if (!used)
            continue;
        if (high >= 0)
            check_levels(k, high, l, measure, period);
        high = l;
    }
}

/* The parts of a whole (both sexes, all ages) in every area of a period. */
static void check_relation(checker *k, const kz_relation *rel, int period)
{
    const kz_job *job = k->job;
    const run *whole = run_of(k, rel->whole, period);
    int given = 0;
    for (int i = 0; i < rel->n_parts; i++)
        given += run_of(k, rel->parts[i], period)->n > 0;
    if (whole->n == 0 || given == 0)
        return;
    spread(k, whole);
    for (int a = 0; a < job->n_areas; a++) {
        k->sum[a] = 0;
        k->parts[a] = 0;
    }
    for (int i = 0; i < rel->n_parts; i++) {
        const run *r = run_of(k, rel->parts[i], period);
        for (size_t c = r->from; c < r->from + r->n; c++)
            if (job->cells[c].value >= 0) {
                k->sum[job->cells[c].area] += job->cells[c].value;
                k->parts[job->cells[c].area]++;
            }
    }
    for (int a = 0; a < job->n_areas; a++) {
        bool all = k->parts[a] == (uint32_t)rel->n_parts && !rel->at_least;
        if (k->value[a] < 0 || k->parts[a] == 0 || k->sum[a] == k->value[a] || (!all && k->sum[a] < k->value[a]))
            continue;
        kz_auto(kz_buf) total = kz_buf_init(64);
        kz_buf_fmt(&total, "%lld", (long long)k->value[a]);
        kz_finding_add(job->found, KZ_WARNING, "check.sum_measures", k->from[a]->line, kz_job_column(job, k->from[a]),
                       kz_view_from(kz_buf_text(&total), total.n), kz_s("area", job->areas[a].name),
                       kz_s("measure", job->measures->list[rel->whole].label),
                       kz_s("parts", job->measures->list[rel->parts[0]].table),
                       kz_s("period", job->periods[period].is.code), kz_n("sum", k->sum[a]),
                       kz_n("total", k->value[a]));
    }
}

static kz_status prepare(checker *k, kz_err *err)
{
    kz_job *job = k->job;
    size_t n = (size_t)job->n_areas + 1;
    k->runs = kz_arena_new(&job->arena, run, (size_t)job->measures->n * (size_t)job->n_periods + 1);
    k->value = kz_arena_new(&job->arena, int64_t, n);
    k->sum = kz_arena_new(&job->arena, int64_t, n);
    k->from = kz_arena_new(&job->arena, const job_cell *, n);
    k->parts = kz_arena_new(&job->arena, uint32_t, n);
    k->missing = kz_arena_new(&job->arena, uint32_t, n);
    if (!k->runs || !k->value || !k->sum || !k->from || !k->parts || !k->missing)
        return memory(err);
    for (size_t i = 0; i < job->n_cells; i++) {
        run *r = run_of(k, (int)job->cells[i].measure, (int)job->cells[i].period);
        if (r->n++ == 0)
            r->from = i;
    }
    return KZ_OK;
}

/* How many distinct areas, periods and measures the cells have. */
static kz_status count_kinds(checker *k, kz_err *err)
{
    kz_job *job = k->job;
    bool *area = kz_arena_new(&job->arena, bool, job->n_areas + 1);
    bool *period = kz_arena_new(&job->arena, bool, job->n_periods + 1);
    bool *measure = kz_arena_new(&job->arena, bool, job->measures->n + 1);
    if (!area || !period || !measure)
        return memory(err);
    for (size_t i = 0; i < job->n_cells; i++) {
        const job_cell *c = &job->cells[i];
        job->res->areas += !area[c->area];
        job->res->periods += !period[c->period];
        job->res->measures += !measure[c->measure];
        area[c->area] = period[c->period] = measure[c->measure] = true;
    }
    return KZ_OK;
}

kz_status kz_job_check(kz_job *job, kz_err *err)
{
    checker k = { .job = job };
    if (job->n_cells > 1)
        qsort(job->cells, job->n_cells, sizeof job->cells[0], by_place);
    drop_doubles(job);
    if (job->n_cells == 0 && job->found->count[KZ_ERROR] == 0)
        kz_finding_add(job->found, KZ_ERROR, job->order->period ? "check.nothing_of_period" : "check.nothing", 0, "",
                       kz_view_of(job->order->period ? job->order->period : ""));
    KZ_TRY(prepare(&k, err));
    for (int m = 0; m < job->measures->n; m++)
        for (int p = 0; p < job->n_periods; p++)
            check_areas(&k, m, p);
    for (int i = 0; i < job->measures->n_relations; i++)
        for (int p = 0; p < job->n_periods; p++)
            check_relation(&k, &job->measures->relations[i], p);
    return count_kinds(&k, err);
}
