/* The cells of a table beside what the workspace has: what is new, what changes. */
#include "monitor/table_job.h"

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* ---- names of rows in the database ---------------------------------------- */

/* A measure that is stored means the same as in the map, or its values could not stand side by side. */
static kz_status check_meaning(kz_job *job, const kz_measure *m, kz_stmt *q, kz_err *err)
{
    if (kz_col_int(q, 1) == m->decimals && strcmp(kz_col_text(q, 2), m->unit) == 0)
        return KZ_OK;
    return kz_fail(err, KZ_E_CONFLICT, "import.measure_differs", kz_s("map", job->res->map_name),
                   kz_s("measure", m->code), kz_s("unit", m->unit), kz_n("decimals", m->decimals),
                   kz_s("old_unit", kz_col_text(q, 2)),
                   kz_n("old_decimals", kz_col_int(q, 1)));
}

static kz_status load_measures(kz_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    job->measure_ids = kz_arena_new(&job->arena, int64_t, job->measures->n + 1);
    if (!job->measure_ids)
        return memory(err);
    KZ_TRY(kz_prepare(job->ws->work, "SELECT id, decimals, unit FROM measure WHERE code = ?1", &q, err));
    for (int i = 0; i < job->measures->n; i++) {
        bool row;
        kz_bind_text(&q, 1, job->measures->list[i].code);
        KZ_TRY(kz_step(&q, &row, err));
        if (row) {
            KZ_TRY(check_meaning(job, &job->measures->list[i], &q, err));
            job->measure_ids[i] = kz_col_int(&q, 0);
        }
        kz_reset(&q);
    }
    return KZ_OK;
}

static kz_status load_periods(kz_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT COUNT(*) FROM period", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    int most = (int)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    job->n_stored = 0;
    job->stored = kz_arena_new(&job->arena, job_period, most + 1);
    if (!job->stored)
        return memory(err);
    KZ_TRY(kz_prepare(job->ws->work, "SELECT id, code, day FROM period ORDER BY day, code", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row && job->n_stored < most) {
        job_period *p = &job->stored[job->n_stored];
        kz_buf code = kz_buf_init(sizeof p->is.code - 1), day = kz_buf_init(sizeof p->is.day - 1);
        p->id = kz_col_int(&q, 0);
        kz_buf_str(&code, kz_col_text(&q, 1));
        kz_buf_str(&day, kz_col_text(&q, 2));
        memcpy(p->is.code, kz_buf_text(&code), code.n + 1);
        memcpy(p->is.day, kz_buf_text(&day), day.n + 1);
        kz_buf_done(&code);
        kz_buf_done(&day);
        job->n_stored++;
    }
    KZ_TRY(st);
    for (int k = 0; k < job->n_stored; k++)
        job->stored[k].other = -1;
    for (int i = 0; i < job->n_periods; i++) {
        job->periods[i].other = -1;
        for (int k = 0; k < job->n_stored; k++)
            if (strcmp(job->periods[i].is.code, job->stored[k].is.code) == 0) {
                job->periods[i].id = job->stored[k].id;
                job->periods[i].other = k;
                job->stored[k].other = i;
            }
    }
    return KZ_OK;
}

/* ---- what is stored ------------------------------------------------------------- */

/* Fill `value` and, unless NULL, `state` by area; areas without a row stay as they are. */
static kz_status load_stored(kz_job *job, kz_stmt *q, int64_t measure, int64_t period, int64_t value[], uint8_t state[],
                             bool *any, kz_err *err)
{
    kz_status st;
    bool row;
    kz_bind_int(q, 1, measure);
    kz_bind_int(q, 2, period);
    int at = 0; /* both are in order of the ids of areas */
    while ((st = kz_step(q, &row, err)) == KZ_OK && row) {
        int64_t area = kz_col_int(q, 0);
        while (at < job->n_areas && job->areas[at].id < area)
            at++;
        if (at == job->n_areas || job->areas[at].id != area)
            continue; /* an area that is no more */
        value[at] = kz_col_null(q, 1) ? KZ_NO_VALUE : kz_col_int(q, 1);
        if (state)
            state[at] = (uint8_t)kz_col_int(q, 2);
        *any = true;
    }
    kz_reset(q);
    return st;
}
#define STORED "SELECT area, value, state FROM observation WHERE measure = ?1 AND period = ?2 ORDER BY area"

kz_status kz_job_known_make(kz_job *job, job_known *ret, kz_err *err)
{
    job_known k = { .value = kz_arena_new(&job->arena, int64_t, job->n_areas + 1),
                    .from = kz_arena_new(&job->arena, const job_cell *, job->n_areas + 1) };
    if (!k.value || !k.from)
        return memory(err);
    *ret = k;
    return KZ_OK;
}

kz_status kz_job_known(kz_job *job, int measure, job_when when, job_known *ret, kz_err *err)
{
    const job_run *r = when.file >= 0 ? &job->runs[measure * job->n_periods + when.file] : NULL;
    bool stored = when.stored >= 0 && job->measure_ids[measure] != 0;
    ret->in_file = r && r->n > 0;
    ret->any = ret->in_file;
    if (!ret->in_file && !stored)
        return KZ_OK;
    for (int a = 0; a < job->n_areas; a++) {
        ret->value[a] = KZ_NO_VALUE;
        ret->from[a] = NULL;
    }
    if (stored)
        KZ_TRY(load_stored(job, &job->ask_stored, job->measure_ids[measure], job->stored[when.stored].id, ret->value,
                           NULL, &ret->any, err));
    for (size_t i = 0; r && i < r->n; i++) {
        const job_cell *c = &job->cells[r->from + i];
        ret->value[c->area] = c->value;
        ret->from[c->area] = c;
    }
    return KZ_OK;
}

/* ---- what is new ---------------------------------------------------------------- */

static void say_change(kz_job *job, const job_cell *c, int64_t old, int old_state)
{
    char text[48], before[48];
    kz_finding_add(job->found, KZ_NOTICE, "check.changed", c->line, kz_job_column(job, c),
                   kz_view_of(kz_job_cell_text(job, c, text)), kz_s("area", job->areas[c->area].name),
                   kz_s("measure", job->measures->list[c->measure].label),
                   kz_s("period", job->periods[c->period].is.code),
                   kz_s("old", kz_job_value_text(job, c->measure, old, old_state, before)));
}

kz_status kz_job_compare(kz_job *job, kz_err *err)
{
    kz_stmt *q = &job->ask_stored;
    KZ_TRY(load_measures(job, err));
    KZ_TRY(load_periods(job, err));
    int64_t *value = kz_arena_new(&job->arena, int64_t, job->n_areas + 1);
    uint8_t *state = kz_arena_new(&job->arena, uint8_t, job->n_areas + 1);
    if (!value || !state)
        return memory(err);
    KZ_TRY(kz_prepare(job->ws->work, STORED, q, err));
    for (size_t i = 0; i < job->n_cells; i++) {
        job_cell *c = &job->cells[i];
        if (i == 0 || c[-1].measure != c->measure || c[-1].period != c->period) {
            bool any;
            memset(state, KZ_N_CELL_STATES, (size_t)job->n_areas);
            if (job->measure_ids[c->measure] != 0 && job->periods[c->period].id != 0)
                KZ_TRY(load_stored(job, q, job->measure_ids[c->measure], job->periods[c->period].id, value, state,
                                   &any, err));
        }
        if (state[c->area] == KZ_N_CELL_STATES) {
            c->change = JOB_NEW;
            job->res->cells_new++;
        } else if (state[c->area] == c->state && value[c->area] == c->value) {
            c->change = JOB_SAME;
            job->res->cells_same++;
        } else {
            c->change = JOB_CHANGED;
            job->res->cells_changed++;
            say_change(job, c, value[c->area], state[c->area]);
        }
    }
    return KZ_OK;
}
