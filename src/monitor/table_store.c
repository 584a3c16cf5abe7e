/* Writing the cells of a table, and taking an import back. */
#include "monitor/table_job.h"

#include "base/date.h"
#include "monitor/compute.h"
#include "monitor/original.h"

#include <stdio.h>

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

kz_status kz_job_refuse_again(kz_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT id, file, at FROM import WHERE sha256 = ?1 AND source = ?2"
                                     " AND map_text = ?3 AND only_period = ?4 AND state = 'applied'", &q, err));
    kz_bind_text(&q, 1, job->res->sha256);
    kz_bind_text(&q, 2, job->source.id);
    kz_bind_view(&q, 3, job->map_text, job->map_text_n);
    kz_bind_text(&q, 4, job->order->period ? job->order->period : "");
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    return kz_fail(err, KZ_E_CONFLICT, "import.again", kz_s("file", job->order->file), kz_n("id", kz_col_int(&q, 0)),
                   kz_s("at", kz_col_text(&q, 2)));
}

/* ---- names of rows in the database ---------------------------------------- */

/* The id of a code, 0 when it has none yet. */
static kz_status id_of(kz_stmt *q, const char *code, int64_t *ret, kz_err *err)
{
    bool row;
    kz_bind_text(q, 1, code);
    KZ_TRY(kz_step(q, &row, err));
    *ret = row ? kz_col_int(q, 0) : 0;
    kz_reset(q);
    return KZ_OK;
}

typedef struct writer {
    kz_job  *job;
    kz_db   *db;
    int64_t *measure_ids;
    int64_t *old_value; /* by area: what is stored in the run at hand */
    uint8_t *old_state; /* KZ_N_CELL_STATES: nothing                   */
} writer;

static kz_status load_ids(writer *w, kz_err *err)
{
    kz_job *job = w->job;
    kz_auto(kz_stmt) measure = KZ_STMT_INIT, period = KZ_STMT_INIT;
    w->measure_ids = kz_arena_new(&job->arena, int64_t, job->measures->n + 1);
    w->old_value = kz_arena_new(&job->arena, int64_t, job->n_areas + 1);
    w->old_state = kz_arena_new(&job->arena, uint8_t, job->n_areas + 1);
    if (!w->measure_ids || !w->old_value || !w->old_state)
        return memory(err);
    KZ_TRY(kz_prepare(w->db, "SELECT id FROM measure WHERE code = ?1", &measure, err));
    KZ_TRY(kz_prepare(w->db, "SELECT id FROM period WHERE code = ?1", &period, err));
    for (int i = 0; i < job->measures->n; i++)
        KZ_TRY(id_of(&measure, job->measures->list[i].code, &w->measure_ids[i], err));
    for (int i = 0; i < job->n_periods; i++)
        KZ_TRY(id_of(&period, job->periods[i].is.code, &job->periods[i].id, err));
    return KZ_OK;
}

/* Rows for what is used and not yet there. */
static kz_status make_ids(writer *w, kz_err *err)
{
    kz_job *job = w->job;
    kz_auto(kz_stmt) measure = KZ_STMT_INIT, period = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(w->db, "INSERT INTO measure (code, label) VALUES (?1, ?2)", &measure, err));
    KZ_TRY(kz_prepare(w->db, "INSERT INTO period (code, day) VALUES (?1, ?2)", &period, err));
    for (size_t i = 0; i < job->n_cells; i++) {
        const job_cell *c = &job->cells[i];
        if (w->measure_ids[c->measure] == 0) {
            kz_bind_text(&measure, 1, job->measures->list[c->measure].code);
            kz_bind_text(&measure, 2, job->measures->list[c->measure].label);
            KZ_TRY(kz_run(&measure, err));
            w->measure_ids[c->measure] = kz_db_last_id(w->db);
        }
        if (job->periods[c->period].id == 0) {
            kz_bind_text(&period, 1, job->periods[c->period].is.code);
            kz_bind_text(&period, 2, job->periods[c->period].is.day);
            KZ_TRY(kz_run(&period, err));
            job->periods[c->period].id = kz_db_last_id(w->db);
        }
    }
    return KZ_OK;
}

/* ---- what is new ---------------------------------------------------------------- */

static kz_status load_old(writer *w, kz_stmt *q, const job_cell *first, kz_err *err)
{
    kz_job *job = w->job;
    kz_status st;
    bool row;
    memset(w->old_state, KZ_N_CELL_STATES, (size_t)job->n_areas);
    if (w->measure_ids[first->measure] == 0 || job->periods[first->period].id == 0)
        return KZ_OK;
    kz_bind_int(q, 1, w->measure_ids[first->measure]);
    kz_bind_int(q, 2, job->periods[first->period].id);
    int at = 0; /* both are in order of the ids of areas */
    while ((st = kz_step(q, &row, err)) == KZ_OK && row) {
        int64_t area = kz_col_int(q, 0);
        while (at < job->n_areas && job->areas[at].id < area)
            at++;
        if (at == job->n_areas || job->areas[at].id != area)
            continue; /* an area that is no more */
        w->old_value[at] = kz_col_null(q, 1) ? -1 : kz_col_int(q, 1);
        w->old_state[at] = (uint8_t)kz_col_int(q, 2);
    }
    kz_reset(q);
    return st;
}

static kz_status compare(writer *w, kz_err *err)
{
    kz_job *job = w->job;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(w->db, "SELECT area, value, state FROM observation WHERE measure = ?1 AND period = ?2"
                             " ORDER BY area", &q, err));
    for (size_t i = 0; i < job->n_cells; i++) {
        job_cell *c = &job->cells[i];
        if (i == 0 || c[-1].measure != c->measure || c[-1].period != c->period)
            KZ_TRY(load_old(w, &q, c, err));
        if (w->old_state[c->area] == KZ_N_CELL_STATES) {
            c->change = JOB_NEW;
            job->res->cells_new++;
        } else if (w->old_state[c->area] == c->state && w->old_value[c->area] == c->value) {
            c->change = JOB_SAME;
            job->res->cells_same++;
        } else {
            c->change = JOB_CHANGED;
            job->res->cells_changed++;
        }
    }
    return KZ_OK;
}

/* ---- write ------------------------------------------------------------------------ */

/* Rows of persons never stay as they came. */
static bool keeps_original(const kz_job *job)
{
    return job->source.rows == KZ_ROWS_TABLE;
}

static kz_status write_journal(writer *w, kz_err *err)
{
    kz_job *job = w->job;
    kz_import_result *res = job->res;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char now[KZ_TIME_TEXT];
    kz_time_iso(now);
    KZ_TRY(kz_prepare(w->db,
                      "INSERT INTO import (source, file, sha256, map_name, map_text, at, by_user, rows_read,"
                      " rows_kept, state, header, only_period, cells_new, cells_changed, cells_same, areas,"
                      " periods, warnings, sheet, original) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'applied',"
                      " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)", &q, err));
    kz_bind_text(&q, 1, job->source.id);
    kz_bind_text(&q, 2, job->order->file);
    kz_bind_text(&q, 3, res->sha256);
    kz_bind_text(&q, 4, res->map_name);
    kz_bind_view(&q, 5, job->map_text, job->map_text_n);
    kz_bind_text(&q, 6, now);
    kz_bind_text(&q, 7, job->order->by_user);
    kz_bind_int(&q, 8, res->rows_read);
    kz_bind_int(&q, 9, res->rows_kept);
    kz_bind_text(&q, 10, job->header);
    kz_bind_text(&q, 11, job->order->period ? job->order->period : "");
    kz_bind_int(&q, 12, res->cells_new);
    kz_bind_int(&q, 13, res->cells_changed);
    kz_bind_int(&q, 14, res->cells_same);
    kz_bind_int(&q, 15, res->areas);
    kz_bind_int(&q, 16, res->periods);
    kz_bind_int(&q, 17, job->found->count[KZ_WARNING]);
    kz_bind_text(&q, 18, res->sheet);
    char original[sizeof KZ_ORIGINAL_DIR + 64] = "";
    if (keeps_original(job))
        snprintf(original, sizeof original, KZ_ORIGINAL_DIR "%.64s", res->sha256);
    kz_bind_text(&q, 19, original);
    KZ_TRY(kz_run(&q, err));
    res->id = kz_db_last_id(w->db);
    return KZ_OK;
}

static void bind_place(kz_stmt *q, const writer *w, const job_cell *c)
{
    kz_bind_int(q, 1, w->measure_ids[c->measure]);
    kz_bind_int(q, 2, w->job->periods[c->period].id);
    kz_bind_int(q, 3, w->job->areas[c->area].id);
}

static void bind_value(kz_stmt *q, const writer *w, const job_cell *c)
{
    if (c->value >= 0)
        kz_bind_int(q, 4, c->value);
    else
        kz_bind_null(q, 4);
    kz_bind_int(q, 5, c->state);
    kz_bind_int(q, 6, w->job->res->id);
    kz_bind_int(q, 7, c->line);
}

static kz_status write_cells(writer *w, kz_err *err)
{
    kz_auto(kz_stmt) insert = KZ_STMT_INIT, keep = KZ_STMT_INIT, update = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(w->db, "INSERT INTO observation (measure, period, area, value, state, import, line)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", &insert, err));
    KZ_TRY(kz_prepare(w->db, "INSERT INTO observation_replaced (by_import, measure, period, area, value, state,"
                             " import, line) SELECT ?4, measure, period, area, value, state, import, line"
                             " FROM observation WHERE measure = ?1 AND period = ?2 AND area = ?3", &keep, err));
    KZ_TRY(kz_prepare(w->db, "UPDATE observation SET value = ?4, state = ?5, import = ?6, line = ?7"
                             " WHERE measure = ?1 AND period = ?2 AND area = ?3", &update, err));
    for (size_t i = 0; i < w->job->n_cells; i++) {
        const job_cell *c = &w->job->cells[i];
        if (c->change == JOB_SAME)
            continue;
        if (c->change == JOB_CHANGED) {
            bind_place(&keep, w, c);
            kz_bind_int(&keep, 4, w->job->res->id);
            KZ_TRY(kz_run(&keep, err));
        }
        kz_stmt *put = c->change == JOB_NEW ? &insert : &update;
        bind_place(put, w, c);
        bind_value(put, w, c);
        KZ_TRY(kz_run(put, err));
    }
    return KZ_OK;
}

/* The original is there before the journal says so; without the journal it is not. */
static kz_status keep_and_commit(kz_job *job, kz_tx *tx, kz_err *err)
{
    const kz_buf *from = job->packed.n > 0 ? &job->packed : &job->bytes;
    bool made = false;
    if (keeps_original(job))
        KZ_TRY(kz_original_keep(job->ws, job->res->sha256, kz_buf_text(from), from->n, &made, err));
    kz_status st = kz_tx_commit(tx, err);
    if (st != KZ_OK && made)
        kz_original_drop(job->ws, job->res->sha256);
    return st;
}

kz_status kz_job_write(kz_job *job, kz_err *err)
{
    writer w = { .job = job, .db = job->ws->work };
    kz_compute_report computed;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    if (!job->order->dry_run) {
        KZ_TRY(kz_tx_begin(&tx, w.db, err));
        KZ_TRY(kz_job_refuse_again(job, err)); /* somebody else may have been quicker */
    }
    KZ_TRY(load_ids(&w, err));
    KZ_TRY(compare(&w, err));
    if (job->order->dry_run)
        return KZ_OK;
    KZ_TRY(make_ids(&w, err));
    KZ_TRY(write_journal(&w, err));
    KZ_TRY(write_cells(&w, err));
    KZ_TRY(kz_compute_all(w.db, &computed, err)); /* cells and observations always agree */
    return keep_and_commit(job, &tx, err);
}
