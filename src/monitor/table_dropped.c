/* Columns that are not taken: which, and whether they say who somebody is. */
#include "monitor/table_reader.h"

#include "base/utf8.h"
#include "monitor/privacy_columns.h"

bool reader_uses(const reader *r, size_t i)
{
    return i == r->area || i == r->area_name || i == r->period || i == r->measure[0] || i == r->measure[1] ||
           reader_is_value(r, i);
}

/* `ohne = Straße | Ort` or `ohne = *`: somebody has looked at this column and does not want it. */
static bool is_known(const reader *r, size_t i)
{
    const kz_mapfile *m = &r->job->map;
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    kz_utf8_fold(&folded, r->job->rows.header[i]);
    for (int k = 0; k < m->n_dropped; k++)
        if (strcmp(m->dropped[k], "*") == 0 || strcmp(m->dropped[k], kz_buf_text(&folded)) == 0)
            return true;
    return false;
}

/* Before the rows are read: the first values of every column that nobody takes. */
kz_status reader_see_private(reader *r, kz_err *err)
{
    kz_job *job = r->job;
    kz_privacy words;
    kz_row row;
    size_t n = job->rows.n_columns, open = 0;
    kz_private_seen *seen = kz_arena_new(&job->arena, kz_private_seen, n + 1);
    size_t *which = kz_arena_new(&job->arena, size_t, n + 1);
    r->is_private = kz_arena_new(&job->arena, uint8_t, n + 1);
    if (!seen || !which || !r->is_private)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (size_t i = 0; i < n; i++)
        if (!reader_uses(r, i) && !is_known(r, i))
            which[open++] = i;
    if (open == 0)
        return KZ_OK;
    KZ_TRY(kz_privacy_load(&job->arena, &words, err));
    for (int rows = 0; rows < KZ_PRIVATE_SAMPLE && kz_rows_next(&job->rows, &row); rows++)
        for (size_t i = 0; i < open && row.problem == KZ_CSV_FINE; i++)
            kz_private_see(&words, &seen[which[i]], row.field[which[i]]);
    kz_rows_rewind(&job->rows);
    for (size_t i = 0; i < open; i++)
        r->is_private[which[i]] = (uint8_t)kz_private_decide(&words, job->rows.header[which[i]], &seen[which[i]],
                                                             false);
    return KZ_OK;
}

void reader_report_dropped(const reader *r)
{
    const kz_job *job = r->job;
    kz_auto(kz_buf) names = kz_buf_init(64 * 1024);
    for (size_t i = 0; i < job->rows.n_columns; i++) {
        const kz_view *name = &job->rows.header[i];
        if (reader_uses(r, i))
            continue;
        if (r->is_private[i] != KZ_PRIVATE_NONE) /* no value of it is ever said */
            kz_finding_add(job->found, KZ_WARNING, kz_private_rule((kz_private)r->is_private[i]), 0,
                           reader_column_name(job, i), kz_view_of(""));
        else if (!is_known(r, i))
            kz_buf_fmt(&names, "%s%.*s", names.n ? ", " : "", (int)name->n, name->p);
    }
    if (names.n > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.columns_dropped", 0, "",
                       kz_view_from(kz_buf_text(&names), names.n));
}
