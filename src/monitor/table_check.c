/* Do the cells of a table agree with each other?  Doubles, and parts against totals of areas. */
#include "monitor/table_job.h"

#include <stdlib.h>

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static int by_area(const void *a, const void *b)
{
    const job_cell *x = a, *y = b;
    if (x->area != y->area)
        return x->area < y->area ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* In order of measure, period, area, line; and where each run begins.  Runs are counted, then filled; within one
 * the rows of a file mostly are in order already. */
static kz_status sort_cells(kz_job *job, kz_err *err)
{
    size_t n_runs = (size_t)job->measures->n * (size_t)job->n_periods, at = 0;
    job->runs = kz_arena_new(&job->arena, job_run, n_runs + 1);
    job_cell *sorted = calloc(job->n_cells + 1, sizeof *sorted);
    if (!job->runs || !sorted) {
        free(sorted);
        return memory(err);
    }
    for (size_t i = 0; i < job->n_cells; i++)
        job->runs[job->cells[i].measure * (size_t)job->n_periods + job->cells[i].period].n++;
    for (size_t r = 0; r < n_runs; r++) {
        job->runs[r].from = at;
        at += job->runs[r].n;
        job->runs[r].n = 0;
    }
    for (size_t i = 0; i < job->n_cells; i++) {
        job_run *r = &job->runs[job->cells[i].measure * (size_t)job->n_periods + job->cells[i].period];
        sorted[r->from + r->n++] = job->cells[i];
    }
    for (size_t r = 0; r < n_runs; r++) {
        job_cell *c = sorted + job->runs[r].from;
        bool in_order = true;
        for (size_t i = 1; i < job->runs[r].n && in_order; i++)
            in_order = by_area(&c[i - 1], &c[i]) < 0;
        if (!in_order)
            qsort(c, job->runs[r].n, sizeof *c, by_area);
    }
    free(job->cells);
    job->cells = sorted;
    job->cells_cap = job->n_cells + 1;
    return KZ_OK;
}

static const char *area_name(const kz_job *job, uint32_t area)
{
    return job->areas[area].name;
}

/* `mehrfach = summe`: several rows of a place are parts of it. */
static bool add_row(const kz_job *job, job_cell *to, const job_cell *c)
{
    if (!job->map.sum_rows || !job->measures->list[c->measure].adds)
        return false;
    if (to->value == KZ_NO_VALUE || c->value == KZ_NO_VALUE)
        *to = (job_cell){ .measure = to->measure, .period = to->period, .area = to->area, .line = to->line,
                          .column = to->column, .value = KZ_NO_VALUE,
                          .state = to->value == KZ_NO_VALUE ? to->state : c->state };
    else if (__builtin_add_overflow(to->value, c->value, &to->value))
        return false;
    else if (to->value != 0 && to->state == KZ_CELL_ZERO)
        to->state = c->state;
    return true;
}

/* The same place twice: once is enough if both say the same, else nobody knows which is right. */
static void drop_doubles(kz_job *job)
{
    size_t kept = 0, added = 0;
    char text[48], first[48];
    for (size_t i = 0; i < job->n_cells; i++) {
        job_cell *c = &job->cells[i], *k = kept ? &job->cells[kept - 1] : NULL;
        if (!k || k->measure != c->measure || k->period != c->period || k->area != c->area) {
            job->cells[kept++] = *c;
            continue;
        }
        if (add_row(job, k, c)) {
            added++;
            continue;
        }
        bool same = k->value == c->value && k->state == c->state;
        kz_finding_add(job->found, same ? KZ_NOTICE : KZ_ERROR, same ? "check.twice_same" : "check.twice", c->line,
                       kz_job_column(job, c), kz_view_of(kz_job_cell_text(job, c, text)), kz_n("other", k->line),
                       kz_s("first", kz_job_cell_text(job, k, first)), kz_s("area", area_name(job, c->area)),
                       kz_s("measure", job->measures->list[c->measure].label),
                       kz_s("period", job->periods[c->period].is.code));
    }
    job->n_cells = kept;
    if (added > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.rows_added", 0, "", kz_view_of(""), kz_n("values", added),
                       kz_n("kept", kept));
}

/* ---- parts of areas against totals -------------------------------------------- */

typedef struct checker {
    kz_job *job;
    int64_t *value;     /* by area: of the run at hand; KZ_NO_VALUE: none */
    const job_cell **from; /* by area: where it stands */
    int64_t *sum;       /* by area: of its parts                */
    uint32_t *parts, *missing;
} checker;

static job_run *run_of(const checker *k, int measure, int period)
{
    return &k->job->runs[measure * k->job->n_periods + period];
}

static void spread(const checker *k, const job_run *r)
{
    for (int a = 0; a < k->job->n_areas; a++)
        k->value[a] = KZ_NO_VALUE;
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
        if (job->areas[a].level != low || !kz_job_area_valid(job, a, period))
            continue;
        int to = ancestor(job, a, high);
        if (to < 0)
            continue;
        if (k->value[a] == KZ_NO_VALUE) {
            k->missing[to]++;
        } else {
            k->sum[to] += k->value[a];
            k->parts[to]++;
        }
    }
    for (int a = 0; a < job->n_areas; a++) {
        if (job->areas[a].level != high || k->value[a] == KZ_NO_VALUE || k->parts[a] == 0)
            continue;
        /* With a part missing the sum may be less, never more. */
        if (k->sum[a] == k->value[a] || (k->missing[a] > 0 && k->sum[a] < k->value[a]))
            continue;
        char value[48], sum[48], total[48];
        kz_finding_add(job->found, KZ_WARNING, "check.sum_areas", k->from[a]->line, kz_job_column(job, k->from[a]),
                       kz_view_of(kz_job_cell_text(job, k->from[a], value)), kz_s("area", job->areas[a].name),
                       kz_s("measure", job->measures->list[measure].label),
                       kz_s("period", job->periods[period].is.code), kz_s("level", job->levels[low].one),
                       kz_job_sum(job, "sum", measure, k->sum[a], sum),
                       kz_job_sum(job, "total", measure, k->value[a], total));
    }
}

static void check_areas(checker *k, int measure, int period)
{
    const kz_job *job = k->job;
    const job_run *r = run_of(k, measure, period);
    int high = -1;
    if (r->n == 0 || !job->measures->list[measure].adds)
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

static kz_status prepare(checker *k, kz_err *err)
{
    kz_job *job = k->job;
    size_t n = (size_t)job->n_areas + 1;
    k->value = kz_arena_new(&job->arena, int64_t, n);
    k->sum = kz_arena_new(&job->arena, int64_t, n);
    k->from = kz_arena_new(&job->arena, const job_cell *, n);
    k->parts = kz_arena_new(&job->arena, uint32_t, n);
    k->missing = kz_arena_new(&job->arena, uint32_t, n);
    if (!k->value || !k->sum || !k->from || !k->parts || !k->missing)
        return memory(err);
    memset(job->runs, 0, (size_t)job->measures->n * (size_t)job->n_periods * sizeof *job->runs);
    for (size_t i = 0; i < job->n_cells; i++) { /* doubles are gone by now */
        job_run *r = run_of(k, (int)job->cells[i].measure, (int)job->cells[i].period);
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
    KZ_TRY(sort_cells(job, err));
    drop_doubles(job);
    if (job->n_cells == 0 && job->found->count[KZ_ERROR] == 0)
        kz_finding_add(job->found, KZ_ERROR, job->order->period ? "check.nothing_of_period" : "check.nothing", 0, "",
                       kz_view_of(job->order->period ? job->order->period : ""));
    KZ_TRY(prepare(&k, err));
    for (int m = 0; m < job->measures->n; m++)
        for (int p = 0; p < job->n_periods; p++)
            check_areas(&k, m, p);
    return count_kinds(&k, err);
}
