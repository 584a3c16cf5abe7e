/* Values of measures as texts of messages. */
#include "monitor/table_job.h"

const char *kz_job_value_text(const kz_job *job, uint32_t measure, int64_t value, int state, char out[48])
{
    kz_buf b = kz_buf_init(47);
    int decimals = job->measures->list[measure].decimals;
    if (value == KZ_NO_VALUE)
        kz_buf_str(&b, kz_cell_state_sign((kz_cell_state)state));
    else
        kz_buf_decimal(&b, value, decimals);
    for (char *point = b.n ? memchr(b.p, '.', b.n) : NULL; point && decimals > 0 && value != KZ_NO_VALUE; point = NULL)
        *point = ',';
    memcpy(out, kz_buf_text(&b), b.n + 1);
    kz_buf_done(&b);
    return out;
}

kz_arg kz_job_sum(const kz_job *job, const char *name, int measure, int64_t value, char text[48])
{
    if (job->measures->list[measure].decimals == 0)
        return kz_n(name, value);
    return kz_s(name, kz_job_value_text(job, (uint32_t)measure, value, KZ_CELL_SHOWN, text));
}
