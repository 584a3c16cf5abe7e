/* Writing the cells of a table. */
#include "monitor/table_job.h"

#include "base/date.h"
#include "monitor/compute.h"
#include "monitor/definition.h"
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

typedef struct writer {
    kz_job *job;
    kz_db  *db;
} writer;

/* Rows for what is used and not yet there. */
static kz_status make_ids(writer *w, kz_err *err)
{
    kz_job *job = w->job;
    kz_auto(kz_stmt) measure = KZ_STMT_INIT, period = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(w->db, "INSERT INTO measure (code, label, unit, decimals, adds) VALUES (?1, ?2, ?3, ?4, ?5)",
                      &measure, err));
    KZ_TRY(kz_prepare(w->db, "INSERT INTO period (code, day) VALUES (?1, ?2)", &period, err));
    for (size_t i = 0; i < job->n_cells; i++) {
        const job_cell *c = &job->cells[i];
        if (job->measure_ids[c->measure] == 0) {
            const kz_measure *m = &job->measures->list[c->measure];
            kz_bind_text(&measure, 1, m->code);
            kz_bind_text(&measure, 2, m->label);
            kz_bind_text(&measure, 3, m->unit);
            kz_bind_int(&measure, 4, m->decimals);
            kz_bind_int(&measure, 5, m->adds);
            KZ_TRY(kz_run(&measure, err));
            job->measure_ids[c->measure] = kz_db_last_id(w->db);
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
                      " periods, warnings, sheet, original, map_sha256, map_version, accepted) VALUES (?1, ?2,"
                      " ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'applied', ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"
                      " ?21, ?22)", &q, err));
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
    kz_bind_text(&q, 20, res->map_sha256);
    kz_bind_int(&q, 21, res->map_version);
    kz_auto(kz_buf) accepted = kz_buf_init(64 * 1024);
    kz_findings_rules(&accepted, job->found, KZ_WARNING);
    kz_bind_text(&q, 22, kz_buf_text(&accepted));
    KZ_TRY(kz_run(&q, err));
    res->id = kz_db_last_id(w->db);
    return KZ_OK;
}

/* Names of the columns that values stand in, for people who look for a number. */
static kz_status write_columns(writer *w, kz_err *err)
{
    kz_job *job = w->job;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool *used = kz_arena_new(&job->arena, bool, job->rows.n_columns + 1);
    if (!used)
        return memory(err);
    for (size_t i = 0; i < job->n_cells; i++)
        used[job->cells[i].column] = true;
    KZ_TRY(kz_prepare(w->db, "INSERT INTO import_column (import, col, name) VALUES (?1, ?2, ?3)", &q, err));
    for (size_t i = 0; i < job->rows.n_columns; i++) {
        if (!used[i])
            continue;
        kz_bind_int(&q, 1, job->res->id);
        kz_bind_int(&q, 2, kz_job_place(job, i));
        kz_bind_view(&q, 3, job->rows.header[i].p, job->rows.header[i].n);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

static void bind_place(kz_stmt *q, const writer *w, const job_cell *c)
{
    kz_bind_int(q, 1, w->job->measure_ids[c->measure]);
    kz_bind_int(q, 2, w->job->periods[c->period].id);
    kz_bind_int(q, 3, w->job->areas[c->area].id);
}

static void bind_value(kz_stmt *q, const writer *w, const job_cell *c)
{
    if (c->value != KZ_NO_VALUE)
        kz_bind_int(q, 4, c->value);
    else
        kz_bind_null(q, 4);
    kz_bind_int(q, 5, c->state);
    kz_bind_int(q, 6, w->job->res->id);
    kz_bind_int(q, 7, c->line);
    kz_bind_int(q, 8, kz_job_place(w->job, c->column));
}

static kz_status write_cells(writer *w, kz_err *err)
{
    kz_auto(kz_stmt) insert = KZ_STMT_INIT, keep = KZ_STMT_INIT, update = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(w->db, "INSERT INTO observation (measure, period, area, value, state, import, line, col)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &insert, err));
    KZ_TRY(kz_prepare(w->db, "INSERT INTO observation_replaced (by_import, measure, period, area, value, state,"
                             " import, line, col, new_value, new_state, new_line, new_col)"
                             " SELECT ?6, measure, period, area, value, state, import, line, col, ?4, ?5, ?7, ?8"
                             " FROM observation WHERE measure = ?1 AND period = ?2 AND area = ?3", &keep, err));
    KZ_TRY(kz_prepare(w->db, "UPDATE observation SET value = ?4, state = ?5, import = ?6, line = ?7, col = ?8"
                             " WHERE measure = ?1 AND period = ?2 AND area = ?3", &update, err));
    for (size_t i = 0; i < w->job->n_cells; i++) {
        const job_cell *c = &w->job->cells[i];
        if (c->change == JOB_SAME)
            continue;
        if (c->change == JOB_CHANGED) {
            bind_place(&keep, w, c);
            bind_value(&keep, w, c);
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

kz_status kz_job_write(kz_job *job, kz_tx *tx, kz_err *err)
{
    writer w = { .job = job, .db = job->ws->work };
    kz_compute_report computed;
    KZ_TRY(make_ids(&w, err));
    KZ_TRY(write_journal(&w, err));
    KZ_TRY(write_columns(&w, err));
    KZ_TRY(write_cells(&w, err));
    KZ_TRY(kz_definitions_tell(w.db, job->found, err));
    KZ_TRY(kz_compute_all(w.db, &computed, err)); /* cells and observations always agree */
    return keep_and_commit(job, tx, err);
}
