#include "monitor/table_import.h"

#include "monitor/table_job.h"

#include <stdlib.h>

void kz_job_done(kz_job *job)
{
    kz_rows_done(&job->rows);
    kz_buf_done(&job->bytes);
    kz_buf_done(&job->packed);
    free(job->cells);
    kz_arena_done(&job->book_arena);
    kz_arena_done(&job->arena);
}

/* The first error in words is part of the refusal, so that a script sees it without a report. */
static kz_status blocked(const kz_job *job, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, "import.blocked", kz_s("file", job->order->file),
                   kz_n("errors", job->found->count[KZ_ERROR]));
}

kz_status kz_table_import(kz_workspace *ws, const kz_import_order *order, kz_findings *found,
                          kz_import_result *ret, kz_err *err)
{
    *ret = (kz_import_result){ .encoding = "" };
    kz_auto(kz_job) job = { .ws = ws, .order = order, .found = found, .res = ret,
                            .bytes = kz_buf_init(JOB_FILE_BYTES) };
    kz_arena_init(&job.arena, JOB_ARENA_BYTES);
    kz_arena_init(&job.book_arena, JOB_BOOK_BYTES);
    KZ_TRY(kz_measures_get(&job.measures, err));
    KZ_TRY(kz_source_load(order->source, &job.arena, &job.source, err));
    KZ_TRY(kz_job_open(&job, err));
    KZ_TRY(kz_job_refuse_again(&job, err));
    KZ_TRY(kz_job_read(&job, err));
    KZ_TRY(kz_job_check(&job, err));
    if (found->count[KZ_ERROR] > 0)
        return blocked(&job, err);
    return kz_job_write(&job, err);
}
