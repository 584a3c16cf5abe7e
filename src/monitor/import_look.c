#include "monitor/import_look.h"

#include "io/file.h"
#include "io/sheetfile.h"
#include "monitor/sheet_table.h"
#include "monitor/table_rows.h"

enum { FILE_BYTES = 1 << 30, SAMPLE_ROWS = 60, SAMPLES = 3, SAMPLE_BYTES = 40, HEAD_ROWS = 40 };

typedef struct looker {
    kz_arena *a;
    bool persons;
    kz_look look;
    kz_look_column *columns;
    kz_buf *samples;
} looker;

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static kz_status begin(looker *l, const kz_view *header, size_t n, kz_err *err)
{
    l->look.n_columns = n < KZ_LOOK_COLUMNS ? (int)n : KZ_LOOK_COLUMNS;
    l->columns = kz_arena_new(l->a, kz_look_column, n + 1);
    l->samples = kz_arena_new(l->a, kz_buf, n + 1);
    if (!l->columns || !l->samples)
        return memory(err);
    for (int i = 0; i < l->look.n_columns; i++) {
        l->columns[i] = (kz_look_column){ kz_arena_strndup(l->a, header[i].p, header[i].n), "" };
        l->samples[i] = kz_buf_init(SAMPLES * (SAMPLE_BYTES + 2) + 8);
        if (!l->columns[i].name)
            return memory(err);
    }
    return KZ_OK;
}

/* Is it among the samples already? */
static bool seen(const kz_buf *samples, kz_view v)
{
    const char *p = kz_buf_text(samples), *end = p + samples->n;
    while (p < end) {
        const char *stop = memmem(p, (size_t)(end - p), ", ", 2);
        if (kz_view_eq((kz_view){ p, (size_t)((stop ? stop : end) - p) }, v))
            return true;
        p = stop ? stop + 2 : end;
    }
    return false;
}

static int count(const kz_buf *samples)
{
    int n = samples->n > 0;
    for (size_t i = 1; i < samples->n; i++)
        n += samples->p[i - 1] == ',' && samples->p[i] == ' ';
    return n;
}

static void take(looker *l, const kz_row *row)
{
    for (int i = 0; !l->persons && i < l->look.n_columns && (size_t)i < row->n; i++) {
        kz_view v = kz_view_trim(row->field[i]);
        if (v.n == 0 || v.n > SAMPLE_BYTES || count(&l->samples[i]) == SAMPLES || seen(&l->samples[i], v))
            continue;
        if (l->samples[i].n > 0)
            kz_buf_str(&l->samples[i], ", ");
        kz_buf_add(&l->samples[i], v.p, v.n);
    }
}

static kz_status finish(looker *l, kz_look *ret, kz_err *err)
{
    kz_status st = KZ_OK;
    for (int i = 0; i < l->look.n_columns; i++) {
        const char *text = kz_arena_strdup(l->a, kz_buf_text(&l->samples[i]));
        if (text)
            l->columns[i].sample = text;
        else
            st = memory(err);
        kz_buf_done(&l->samples[i]);
    }
    l->look.columns = l->columns;
    if (st == KZ_OK)
        *ret = l->look;
    return st;
}

static kz_status look_at_rows(looker *l, kz_rows *rows, kz_look *ret, kz_err *err)
{
    kz_row row;
    KZ_TRY(begin(l, rows->header, rows->n_columns, err));
    for (int i = 0; i < SAMPLE_ROWS && kz_rows_next(rows, &row); i++)
        take(l, &row);
    return finish(l, ret, err);
}

static kz_status look_at_text(looker *l, const char *file, const kz_buf *bytes, const kz_mapfile *map, kz_look *ret,
                              kz_err *err)
{
    kz_csv_opts opts = { .delimiter = map ? map->delimiter : 0, .encoding = map ? map->encoding : KZ_ENC_FIND };
    size_t n = bytes->n;
    kz_rows rows = { 0 };
    if (n > KZ_LOOK_BYTES) {
        n = KZ_LOOK_BYTES;
        if (!memchr(bytes->p, '\0', n)) /* else UTF-16: an even number of bytes is all that is needed */
            while (n > KZ_LOOK_BYTES / 2 && bytes->p[n - 1] != '\n')
                n--;
    }
    kz_status st = kz_rows_open_text(&rows, file, kz_buf_text(bytes), n, &opts, err);
    if (st == KZ_OK)
        l->look.encoding = kz_encoding_name(rows.csv.encoding);
    if (st == KZ_OK)
        st = look_at_rows(l, &rows, ret, err);
    kz_rows_done(&rows);
    return st;
}

/* The sheet and row with the most texts. */
static void guess(const kz_book *book, const kz_sheet **sheet, const kz_sheet_row **head)
{
    uint32_t most = 0;
    for (int i = 0; i < book->n_sheets; i++) {
        const kz_sheet *s = &book->sheets[i];
        for (uint32_t r = 0; r < s->n_rows && r < HEAD_ROWS && s->visibility == KZ_SHEET_VISIBLE; r++) {
            uint32_t texts = 0;
            for (uint32_t c = 0; c < s->rows[r].n; c++)
                texts += s->rows[r].cells[c].kind == KZ_CELL_TEXT;
            if (texts > most) {
                most = texts;
                *sheet = s;
                *head = &s->rows[r];
            }
        }
    }
}

static kz_status guess_table(looker *l, const kz_book *book, kz_sheet_table *t, kz_err *err)
{
    const kz_sheet_row *head = NULL;
    guess(book, &t->sheet, &head);
    if (!head)
        return KZ_OK;
    kz_view *names = kz_arena_new(l->a, kz_view, head->n);
    uint32_t *columns = kz_arena_new(l->a, uint32_t, head->n);
    if (!names || !columns)
        return memory(err);
    for (uint32_t i = 0; i < head->n; i++) {
        names[i] = (kz_view){ head->cells[i].text, head->cells[i].n };
        columns[i] = head->cells[i].column;
    }
    t->n_columns = head->n;
    t->header = names;
    t->columns = columns;
    t->first_row = head->row + 1;
    t->found = KZ_TABLE_ONE;
    return KZ_OK;
}

static kz_status look_at_book(looker *l, const char *file, const kz_book *book, const kz_mapfile *map, kz_look *ret,
                              kz_err *err)
{
    kz_sheet_table t = { 0 };
    kz_rows rows = { 0 };
    kz_auto(kz_buf) names = kz_buf_init(16 * 1024);
    kz_sheet_names(&names, book, -1);
    l->look.sheets = kz_arena_strdup(l->a, kz_buf_text(&names));
    if (map)
        KZ_TRY(kz_sheet_table_find(book, map, l->a, &t, err));
    if (t.found != KZ_TABLE_ONE && t.found != KZ_TABLE_MANY)
        KZ_TRY(guess_table(l, book, &t, err));
    if (!l->look.sheets)
        return memory(err);
    if (!t.sheet || t.n_columns == 0) {
        *ret = l->look;
        return KZ_OK;
    }
    l->look.sheet = kz_arena_strdup(l->a, t.sheet->name);
    if (!l->look.sheet)
        return memory(err);
    kz_status st = kz_rows_open_sheet(&rows, file, t.sheet, t.n_columns, t.columns, t.header, t.first_row, l->a, err);
    if (st == KZ_OK)
        st = look_at_rows(l, &rows, ret, err);
    kz_rows_done(&rows);
    return st;
}

kz_status kz_import_look(const char *file, const char *path, const kz_mapfile *map, bool persons, kz_arena *a,
                         kz_look *ret, kz_err *err)
{
    looker l = { .a = a, .persons = persons, .look = { .encoding = "", .sheet = "", .sheets = "" } };
    kz_auto(kz_buf) bytes = kz_buf_init(FILE_BYTES), plain = kz_buf_init(FILE_BYTES);
    kz_book book = { 0 };
    KZ_TRY(kz_file_read(path, &bytes, err));
    if (!kz_book_is(kz_buf_text(&bytes), bytes.n))
        return look_at_text(&l, file, &bytes, map, ret, err);
    KZ_TRY(kz_book_read(file, kz_buf_text(&bytes), bytes.n, a, &book, &plain, err));
    if (book.n_sheets > 0)
        return look_at_book(&l, file, &book, map, ret, err);
    return look_at_text(&l, file, &plain, map, ret, err);
}
