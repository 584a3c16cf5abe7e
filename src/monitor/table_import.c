#include "monitor/table_import.h"

#include "monitor/table_job.h"

#include <stdlib.h>

void kz_job_done(kz_job *job)
{
    kz_stmt_done(&job->ask_stored);
    kz_rows_done(&job->rows);
    kz_buf_done(&job->bytes);
    kz_buf_done(&job->packed);
    free(job->cells);
    kz_arena_done(&job->book_arena);
    kz_arena_done(&job->arena);
}

static kz_status check_with_stored(kz_job *job, kz_err *err)
{
    KZ_TRY(kz_job_compare(job, err));
    KZ_TRY(kz_job_check_relations(job, err));
    return kz_job_check_change(job, err);
}

kz_status kz_table_import(kz_workspace *ws, const kz_import_order *order, kz_findings *found,
                          kz_import_result *ret, kz_err *err)
{
    *ret = (kz_import_result){ .encoding = "" };
    kz_auto(kz_job) job = { .ws = ws, .order = order, .found = found, .res = ret,
                            .bytes = kz_buf_init(JOB_FILE_BYTES) };
    kz_arena_init(&job.arena, JOB_ARENA_BYTES);
    kz_arena_init(&job.book_arena, JOB_BOOK_BYTES);
    KZ_TRY(kz_source_load(order->source, &job.arena, &job.source, err));
    KZ_TRY(kz_job_open(&job, err));
    KZ_TRY(kz_job_refuse_again(&job, err));
    KZ_TRY(kz_job_read(&job, err));
    KZ_TRY(kz_job_check(&job, err));
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    if (!order->dry_run && found->count[KZ_ERROR] == 0) {
        KZ_TRY(kz_tx_begin(&tx, ws->work, err));
        KZ_TRY(kz_job_refuse_again(&job, err)); /* somebody else may have been quicker */
    }
    kz_status st = check_with_stored(&job, err);
    if (st != KZ_OK && found->count[KZ_ERROR] == 0)
        return st;
    KZ_TRY(kz_import_gate(order, found, err)); /* errors of the file come first */
    return order->dry_run ? KZ_OK : kz_job_write(&job, &tx, err);
}
