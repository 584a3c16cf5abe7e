/* Writing: a segment in facts/ and its rows in work.db, or nothing. */
#include "monitor/person_job.h"

#include "base/parallel.h"
#include "monitor/compute.h"
#include "monitor/definition.h"
#include "store/segment.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

kz_status person_refuse_again(person_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT i.id, i.at FROM import i JOIN segment s ON s.import = i.id"
                                     " WHERE i.sha256 = ?1 AND i.source = ?2 AND i.map_text = ?3 AND i.only_period = ?4"
                                     " AND i.state = 'applied' AND s.replaced_by IS NULL", &q, err));
    kz_bind_text(&q, 1, job->res->sha256);
    kz_bind_text(&q, 2, job->source.id);
    kz_bind_view(&q, 3, job->map_text, job->map_text_n);
    kz_bind_text(&q, 4, job->period);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    return kz_fail(err, KZ_E_CONFLICT, "import.again", kz_s("file", job->order->file), kz_n("id", kz_col_int(&q, 0)),
                   kz_s("at", kz_col_text(&q, 1)));
}

/* ---- rows without gaps ------------------------------------------------------------------------------- */

/* Slots without a row are closed up. */
static void close_up(void *ctx, int i, int n)
{
    person_job *job = ctx;
    for (int k = i; k < job->n_columns; k += n) {
        person_column *c = &job->columns[k];
        uint64_t to = 0;
        for (uint64_t s = 0; s < job->slots; s++) {
            if (!job->kept[s])
                continue;
            if (c->code8)
                c->code8[to] = c->code8[s];
            else if (c->code32)
                c->code32[to] = c->code32[s];
            else if (c->i32)
                c->i32[to] = c->i32[s];
            else
                c->i64[to] = c->i64[s];
            to++;
        }
    }
}

/* ---- the segment ----------------------------------------------------------------------------------------- */

static kz_status write_segment(person_job *job, kz_err *err)
{
    kz_segment_column *cols = kz_arena_new(&job->arena, kz_segment_column, job->n_columns + 1);
    char folder[4200];
    if (!cols || snprintf(folder, sizeof folder, "%s/facts", job->ws->dir) >= (int)sizeof folder)
        return memory(err);
    for (int i = 0; i < job->n_columns; i++) {
        const person_column *c = &job->columns[i];
        cols[i] = (kz_segment_column){ .name = c->is->name,
                                       .type = c->code8 || c->code32 ? KZ_SEG_CODE : c->i32 ? KZ_SEG_I32 : KZ_SEG_I64,
                                       .codes = c->code32, .codes8 = c->code8, .i32 = c->i32, .i64 = c->i64,
                                       .dict = c->dict, .n_dict = c->n_dict };
    }
    kz_segment_plan plan = { .n_rows = job->n_rows, .n_columns = (uint32_t)job->n_columns, .columns = cols,
                             .import = job->res->id };
    if (sodium_hex2bin(plan.source_hash, sizeof plan.source_hash, job->res->sha256, 64, NULL, NULL, NULL) != 0)
        return memory(err);
    return kz_segment_append(folder, &plan, job->segment, err);
}

static void drop_segment(const person_job *job)
{
    char path[4300];
    if (job->segment[0] != '\0' &&
        snprintf(path, sizeof path, "%s/facts/%s", job->ws->dir, job->segment) < (int)sizeof path)
        (void)unlink(path);
}

/* ---- work.db ----------------------------------------------------------------------------------------------- */

static kz_status find_period(person_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, put = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT id FROM period WHERE code = ?1", &q, err));
    kz_bind_text(&q, 1, job->period);
    KZ_TRY(kz_step(&q, &row, err));
    if (row) {
        job->period_id = kz_col_int(&q, 0);
        return KZ_OK;
    }
    KZ_TRY(kz_prepare(job->ws->work, "INSERT INTO period (code, day) VALUES (?1, ?2)", &put, err));
    kz_bind_text(&put, 1, job->period);
    kz_bind_text(&put, 2, job->day_text);
    KZ_TRY(kz_run(&put, err));
    job->period_id = kz_db_last_id(job->ws->work);
    return KZ_OK;
}

static kz_status write_journal(person_job *job, kz_err *err)
{
    kz_import_result *res = job->res;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) accepted = kz_buf_init(16 * 1024);
    char now[KZ_TIME_TEXT];
    kz_time_iso(now);
    kz_findings_rules(&accepted, job->found, KZ_WARNING);
    KZ_TRY(kz_prepare(job->ws->work,
                      "INSERT INTO import (source, file, sha256, map_name, map_text, at, by_user, rows_read,"
                      " rows_kept, state, header, only_period, areas, periods, warnings, sheet, accepted)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'applied', ?10, ?11, ?12, 1, ?13, ?14, ?15)", &q,
                      err));
    kz_bind_text(&q, 1, job->source.id);
    kz_bind_text(&q, 2, job->order->file);
    kz_bind_text(&q, 3, res->sha256);
    kz_bind_text(&q, 4, res->map_name);
    kz_bind_view(&q, 5, job->map_text, job->map_text_n);
    kz_bind_text(&q, 6, now);
    kz_bind_text(&q, 7, job->order->by_user);
    kz_bind_int(&q, 8, res->rows_read);
    kz_bind_int(&q, 9, res->rows_kept);
    kz_bind_text(&q, 10, job->header_print);
    kz_bind_text(&q, 11, job->period);
    kz_bind_int(&q, 12, res->areas);
    kz_bind_int(&q, 13, job->found->count[KZ_WARNING]);
    kz_bind_text(&q, 14, res->sheet);
    kz_bind_text(&q, 15, kz_buf_text(&accepted));
    KZ_TRY(kz_run(&q, err));
    res->id = kz_db_last_id(job->ws->work);
    return KZ_OK;
}

static kz_status write_rows(person_job *job, kz_err *err)
{
    kz_auto(kz_stmt) replace = KZ_STMT_INIT, put = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(job->ws->work, "UPDATE segment SET replaced_by = ?1 WHERE source = ?2 AND period = ?3"
                                     " AND replaced_by IS NULL", &replace, err));
    kz_bind_int(&replace, 1, job->res->id);
    kz_bind_text(&replace, 2, job->source.id);
    kz_bind_int(&replace, 3, job->period_id);
    KZ_TRY(kz_run(&replace, err));
    KZ_TRY(kz_prepare(job->ws->work, "INSERT INTO segment (file, source, period, import, n_rows)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5)", &put, err));
    kz_bind_text(&put, 1, job->segment);
    kz_bind_text(&put, 2, job->source.id);
    kz_bind_int(&put, 3, job->period_id);
    kz_bind_int(&put, 4, job->res->id);
    kz_bind_int(&put, 5, (int64_t)job->n_rows);
    return kz_run(&put, err);
}

static kz_status write_all(person_job *job, kz_err *err)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_compute_report computed;
    KZ_TRY(kz_tx_begin(&tx, job->ws->work, err));
    KZ_TRY(person_refuse_again(job, err)); /* somebody else may have been quicker */
    KZ_TRY(find_period(job, err));
    KZ_TRY(write_journal(job, err));
    KZ_TRY(write_segment(job, err));
    KZ_TRY(write_rows(job, err));
    KZ_TRY(kz_definitions_tell(job->ws->work, job->found, err));
    KZ_TRY(kz_compute_all(job->ws->work, &computed, err)); /* cells and rows always agree */
    KZ_TRY(person_save_keys(job, err));
    return kz_tx_commit(&tx, err);
}

kz_status person_write(person_job *job, kz_err *err)
{
    if (job->n_rows != job->slots)
        kz_parallel(kz_processors(), close_up, job);
    kz_status st = write_all(job, err);
    if (st != KZ_OK) {
        drop_segment(job);
        person_drop_keys(job);
        job->res->id = 0;
    }
    return st;
}
