/* The header of a table in a spreadsheet that nobody has described. */
#include "monitor/map_guess.h"

enum { LOOK_ROWS = 60, HIGH_MOST = 5 };

static bool is_year(const kz_sheet_cell *c)
{
    int64_t n;
    return kz_parse_plain(kz_view_from(c->text, c->n), 1900, 2100, &n);
}

/* Cells with a number that is no year. */
static uint32_t counts_in(const kz_sheet_row *row)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < row->n; i++) {
        double x;
        kz_view v = kz_view_from(row->cells[i].text, row->cells[i].n);
        n += row->cells[i].kind == KZ_CELL_NUMBER
                 ? !is_year(&row->cells[i])
                 : row->cells[i].kind == KZ_CELL_TEXT && kz_parse_real(v, KZ_NUM_COMMA, &x) == KZ_PARSED &&
                       !is_year(&row->cells[i]);
    }
    return n;
}

/* The first row with a number and as many cells as most rows; what stands right above it is the header. */
static bool find_header(const kz_sheet *s, uint32_t *first, uint32_t *last)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < s->n_rows && i < LOOK_ROWS; i++)
        most = s->rows[i].n > most ? s->rows[i].n : most;
    for (uint32_t i = 1; i < s->n_rows && i < LOOK_ROWS; i++) {
        uint32_t top = i;
        if (counts_in(&s->rows[i]) == 0 || s->rows[i].n < 2 || s->rows[i].n * 2 < most)
            continue;
        while (top > 0 && i - top < HIGH_MOST && s->rows[top - 1].n >= 2 && counts_in(&s->rows[top - 1]) == 0)
            top--;
        if (top == i)
            continue;
        *first = s->rows[top].row;
        *last = s->rows[i - 1].row;
        return true;
    }
    return false;
}

kz_status guess_sheet(kz_job *job, kz_err *err)
{
    const kz_sheet *best = NULL;
    uint32_t first = 0, last = 0;
    for (int i = 0; i < job->book.n_sheets; i++) {
        const kz_sheet *s = &job->book.sheets[i];
        uint32_t f, l;
        if (s->visibility != KZ_SHEET_VISIBLE || (best && s->n_rows <= best->n_rows) || !find_header(s, &f, &l))
            continue;
        best = s;
        first = f;
        last = l;
    }
    if (!best)
        return kz_fail(err, KZ_E_INPUT, "propose.no_table", kz_s("file", job->order->file));
    KZ_TRY(kz_sheet_table_at(best, first, last, &job->arena, &job->table, err));
    const kz_sheet_table *t = &job->table;
    return kz_rows_open_sheet(&job->rows, job->order->file, t->sheet, t->n_columns, t->columns, t->header, t->first_row,
                              &job->arena, err);
}
