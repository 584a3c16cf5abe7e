#include "monitor/sheet_table.h"

#include "base/utf8.h"

enum { HEAD_FROM_MOST = 40, HEAD_HIGH_MOST = 5, COLUMNS_MOST = 4096, MERGED_MOST = 4096, LABEL_BYTES = 8 * 1024,
       SCRATCH_BYTES = 64 << 20 };

typedef struct finder {
    const kz_mapfile *m;
    kz_arena *a, scratch;               /* scratch: the labels of one try      */
    const kz_sheet *s;
    uint32_t n_columns;                 /* looked at                           */
    uint32_t n_merged;                  /* of the first rows only              */
    const kz_sheet_range *merged[MERGED_MOST];
    kz_view *label, *folded;            /* by column of the sheet              */
    kz_buf text, fold;
} finder;

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static void keep_merged(finder *f)
{
    f->n_merged = 0;
    for (uint32_t i = 0; i < f->s->n_merged && f->n_merged < MERGED_MOST; i++)
        if (f->s->merged[i].row < HEAD_FROM_MOST + HEAD_HIGH_MOST)
            f->merged[f->n_merged++] = &f->s->merged[i];
}

static const kz_sheet_range *merged_at(const finder *f, uint32_t row, uint32_t column)
{
    for (uint32_t i = 0; i < f->n_merged; i++) {
        const kz_sheet_range *m = f->merged[i];
        if (row >= m->row && row <= m->last_row && column >= m->column && column <= m->last_column)
            return m;
    }
    return NULL;
}

/* One label of several rows, each text once, spaces as in a line. */
static void join_label(finder *f, uint32_t first, uint32_t last, uint32_t column)
{
    const kz_sheet_cell *before = NULL;
    kz_buf_clear(&f->text);
    for (uint32_t row = first; row <= last; row++) {
        const kz_sheet_range *m = merged_at(f, row, column);
        const kz_sheet_cell *c = kz_sheet_at(f->s, m ? m->row : row, m ? m->column : column);
        if (!c || c == before || c->n == 0 || c->n > LABEL_BYTES / 8)
            continue;
        if (f->text.n > 0)
            kz_buf_str(&f->text, " / ");
        kz_utf8_clean(&f->text, kz_view_trim((kz_view){ c->text, c->n }));
        before = c;
    }
}

/* Merged cells of the header that reach below it are part of it. */
static uint32_t whole_height(const finder *f, uint32_t first, uint32_t last)
{
    for (uint32_t i = 0; i < f->n_merged; i++) {
        const kz_sheet_range *m = f->merged[i];
        if (m->row >= first && m->row <= last && m->last_row > last && m->last_row < first + HEAD_HIGH_MOST &&
            kz_sheet_at(f->s, m->row, m->column))
            last = m->last_row;
    }
    return last;
}

static kz_status make_labels(finder *f, uint32_t first, uint32_t last, kz_err *err)
{
    kz_arena_done(&f->scratch);
    kz_arena_init(&f->scratch, SCRATCH_BYTES);
    for (uint32_t c = 0; c < f->n_columns; c++) {
        join_label(f, first, last, c);
        kz_buf_clear(&f->fold);
        kz_utf8_fold(&f->fold, (kz_view){ kz_buf_text(&f->text), f->text.n });
        const char *label = kz_arena_strndup(&f->scratch, kz_buf_text(&f->text), f->text.n);
        const char *folded = kz_arena_strndup(&f->scratch, kz_buf_text(&f->fold), f->fold.n);
        if (!label || !folded || kz_buf_status(&f->text) != KZ_OK || kz_buf_status(&f->fold) != KZ_OK)
            return memory(err);
        f->label[c] = (kz_view){ label, f->text.n };
        f->folded[c] = (kz_view){ folded, f->fold.n };
    }
    return KZ_OK;
}

static bool has_column(finder *f, const char *name)
{
    if (!name)
        return true;
    kz_buf_clear(&f->fold);
    kz_utf8_fold(&f->fold, kz_view_of(name));
    for (uint32_t c = 0; c < f->n_columns; c++)
        if (kz_view_eq(f->folded[c], (kz_view){ kz_buf_text(&f->fold), f->fold.n }))
            return true;
    return false;
}

static bool has_values(const finder *f)
{
    kz_view period;
    for (uint32_t c = 0; c < f->n_columns; c++) {
        const kz_column_rule *r = f->folded[c].n > 0 ? kz_mapfile_column(f->m, f->folded[c], &period) : NULL;
        if (r && !r->reason)
            return true;
    }
    return false;
}

static bool header_fits(finder *f)
{
    const kz_mapfile *m = f->m;
    return has_column(f, m->area) && has_column(f, m->area_name) && has_column(f, m->period) &&
           has_column(f, m->measure[0]) && has_column(f, m->measure[1]) && has_column(f, m->value) &&
           (!m->wide || has_values(f));
}

static kz_status keep_header(const finder *f, uint32_t first, uint32_t last, kz_sheet_table *ret, kz_err *err)
{
    uint32_t *columns = kz_arena_new(f->a, uint32_t, f->n_columns + 1);
    kz_view *header = kz_arena_new(f->a, kz_view, f->n_columns + 1);
    if (!columns || !header)
        return memory(err);
    *ret = (kz_sheet_table){ .found = KZ_TABLE_ONE, .sheet = f->s, .columns = columns, .header = header,
                             .head_row = first, .first_row = last + 1 };
    for (uint32_t c = 0; c < f->n_columns; c++)
        if (f->label[c].n > 0) {
            const char *kept = kz_arena_strndup(f->a, f->label[c].p, f->label[c].n);
            if (!kept)
                return memory(err);
            columns[ret->n_columns] = c;
            header[ret->n_columns++] = (kz_view){ kept, f->label[c].n };
        }
    return KZ_OK;
}

static kz_status begin_sheet(finder *f, kz_err *err)
{
    f->n_columns = f->s->n_columns < COLUMNS_MOST ? f->s->n_columns : COLUMNS_MOST;
    keep_merged(f);
    f->label = kz_arena_new(f->a, kz_view, f->n_columns + 1);
    f->folded = kz_arena_new(f->a, kz_view, f->n_columns + 1);
    return f->label && f->folded ? KZ_OK : memory(err);
}

static kz_status look_into(finder *f, kz_sheet_table *ret, kz_err *err)
{
    uint32_t last_used = f->s->n_rows ? f->s->rows[f->s->n_rows - 1].row : 0;
    KZ_TRY(begin_sheet(f, err));
    for (uint32_t i = 0; i < f->s->n_rows && f->s->rows[i].row <= HEAD_FROM_MOST; i++) {
        uint32_t first = f->s->rows[i].row, done = 0;
        for (uint32_t last = first; last < first + HEAD_HIGH_MOST && last < last_used; last++) {
            uint32_t whole = whole_height(f, first, last);
            if (whole == done)
                continue;
            done = last = whole;
            KZ_TRY(make_labels(f, first, last, err));
            if (header_fits(f))
                return keep_header(f, first, last, ret, err);
        }
    }
    return KZ_OK;
}

static bool same_name(kz_buf *a, kz_buf *b, const char *x, const char *y)
{
    kz_buf_clear(a);
    kz_buf_clear(b);
    kz_utf8_fold(a, kz_view_of(x));
    kz_utf8_fold(b, kz_view_of(y));
    return strcmp(kz_buf_text(a), kz_buf_text(b)) == 0;
}

static kz_status look_everywhere(finder *f, const kz_book *book, kz_sheet_table *ret, kz_err *err)
{
    const kz_mapfile *m = f->m;
    kz_sheet_table best = { 0 };
    int fits = 0;
    bool named = false;
    kz_auto(kz_buf) x = kz_buf_init(4096), y = kz_buf_init(4096);
    for (int pass = 0; pass < 2; pass++) /* the visible ones first */
        for (int i = 0; i < book->n_sheets; i++) {
            const kz_sheet *s = &book->sheets[i];
            kz_sheet_table one = { 0 };
            if ((s->visibility != KZ_SHEET_VISIBLE) != (pass == 1))
                continue;
            if (m->sheet && !same_name(&x, &y, m->sheet, s->name))
                continue;
            named = true;
            f->s = s;
            KZ_TRY(look_into(f, &one, err));
            if (one.found == KZ_TABLE_NONE || (pass == 1 && fits > 0))
                continue;
            if (pass == 1 && !m->sheet)
                one.found = KZ_TABLE_HIDDEN;
            if (fits++ == 0)
                best = one;
            else
                best.found = pass == 0 ? KZ_TABLE_MANY : best.found;
        }
    if (m->sheet && !named)
        best.found = KZ_TABLE_NO_SHEET;
    *ret = best;
    return KZ_OK;
}

static finder *make_finder(kz_arena *a)
{
    finder *f = kz_arena_new(a, finder, 1);
    if (!f)
        return NULL;
    f->a = a;
    f->text = kz_buf_init(HEAD_HIGH_MOST * LABEL_BYTES);
    f->fold = kz_buf_init(HEAD_HIGH_MOST * LABEL_BYTES * 2);
    kz_arena_init(&f->scratch, SCRATCH_BYTES);
    return f;
}

static void end_finder(finder *f)
{
    kz_arena_done(&f->scratch);
    kz_buf_done(&f->text);
    kz_buf_done(&f->fold);
}

kz_status kz_sheet_table_find(const kz_book *book, const kz_mapfile *m, kz_arena *a, kz_sheet_table *ret, kz_err *err)
{
    finder *f = make_finder(a);
    if (!f)
        return memory(err);
    f->m = m;
    kz_status st = look_everywhere(f, book, ret, err);
    end_finder(f);
    return st;
}

kz_status kz_sheet_table_at(const kz_sheet *s, uint32_t first, uint32_t last, kz_arena *a, kz_sheet_table *ret,
                            kz_err *err)
{
    finder *f = make_finder(a);
    if (!f)
        return memory(err);
    f->s = s;
    kz_status st = begin_sheet(f, err);
    if (st == KZ_OK)
        st = make_labels(f, first, last, err);
    if (st == KZ_OK)
        st = keep_header(f, first, last, ret, err);
    end_finder(f);
    return st;
}

void kz_sheet_names(kz_buf *out, const kz_book *book, int hidden)
{
    size_t from = out->n;
    for (int i = 0; i < book->n_sheets; i++)
        if (hidden < 0 || (book->sheets[i].visibility != KZ_SHEET_VISIBLE) == (hidden == 1))
            kz_buf_fmt(out, "%s%s", out->n > from ? ", " : "", book->sheets[i].name);
}
