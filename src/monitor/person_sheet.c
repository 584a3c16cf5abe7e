/* Rows of a sheet: one thread, the same checks. */
#include "monitor/person_job.h"

#include "monitor/table_rows.h"

#include <stdlib.h>

/* Fields into one buffer with room behind each, as person_take_row wants them. */
static bool padded(person_worker *w, const kz_row *row, kz_view *field)
{
    static const char pad[PERSON_MEMO_PAD];
    size_t need = 0;
    for (size_t i = 0; i < row->n; i++)
        need += row->field[i].n + sizeof pad;
    kz_buf *b = &w->cells;
    kz_buf_clear(b);
    if (!kz_buf_grow(b, need))
        return false;
    b->n = 0;
    for (size_t i = 0; i < row->n; i++) {
        field[i] = (kz_view){ b->p + b->n, row->field[i].n };
        kz_buf_add(b, row->field[i].p, row->field[i].n);
        kz_buf_add(b, pad, sizeof pad);
    }
    return true;
}

static bool all_empty(const kz_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->field[i].n > 0)
            return false;
    return true;
}

/* A formula without its result, an error value: a mistake of the file, told with its cell. */
static bool cells_are_values(person_job *job, const kz_row *row)
{
    bool good = true;
    for (int i = 0; i < job->n_used; i++) {
        const kz_sheet_cell *c = row->cell[job->used[i]];
        const kz_view *head = &job->header[job->used[i]];
        if (!c || (c->kind != KZ_CELL_ERROR && c->kind != KZ_CELL_FORMULA))
            continue;
        const char *name = kz_arena_strndup(&job->found->arena, head->p, head->n);
        const char *rule = c->kind == KZ_CELL_ERROR ? "check.person_cell_error" : "check.value_formula";
        kz_finding_add(job->found, KZ_ERROR, rule, (int64_t)row->line, name ? name : "", kz_view_of(""));
        good = false;
    }
    return good;
}

kz_status person_read_sheet(person_job *job, kz_err *err)
{
    kz_rows rows = { 0 };
    kz_row row;
    int64_t hidden = 0, hidden_line = 0;
    KZ_TRY(person_workers_begin(job, 1, err));
    person_worker *w = &job->workers[0];
    kz_view *field = kz_arena_new(&job->arena, kz_view, job->n_file_columns + 1);
    if (!field)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    KZ_TRY(kz_rows_open_sheet(&rows, job->order->file, job->sheet, job->n_file_columns, job->sheet_columns, job->header,
                              job->first_row, &job->arena, err));
    while (w->st == KZ_OK && kz_rows_next(&rows, &row)) {
        if (all_empty(&row)) {
            w->rows++;
            w->empty++;
            continue;
        }
        if (row.hidden && hidden++ == 0)
            hidden_line = (int64_t)row.line;
        if (!cells_are_values(job, &row) || !padded(w, &row, field))
            continue;
        person_take_row(w, field, row.line);
    }
    kz_rows_done(&rows);
    if (hidden > 0)
        kz_finding_add(job->found, KZ_WARNING, "check.hidden_rows", hidden_line, "", kz_view_of(""),
                       kz_n("rows", hidden));
    job->slots = job->slots_most;
    if (w->st != KZ_OK && err)
        *err = w->err;
    return w->st;
}
