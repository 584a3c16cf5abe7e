/* The frames of kekiz-sheet, read as hostile input. */
#include "io/sheetfile.h"

#include "base/utf8.h"
#include "io/frame.h"
#include "io/worker.h"

#include <stdio.h>

#define MESSAGE_ID(NAME, name, status) [KZ_SHEET_##NAME] = "sheet." #name,
static const char *const MESSAGE_IDS[KZ_N_SHEET_MESSAGES] = { KZ_SHEET_MESSAGES(MESSAGE_ID) };
#define MESSAGE_STATUS(NAME, name, status) [KZ_SHEET_##NAME] = status,
static const kz_status MESSAGE_STATUS[KZ_N_SHEET_MESSAGES] = { KZ_SHEET_MESSAGES(MESSAGE_STATUS) };

/* A list in the arena that grows by copying. */
typedef struct growing {
    void  *p;
    size_t n, cap;
} growing;

typedef struct reading {
    const char *file;
    kz_arena *a;
    kz_buf   *plain;
    growing sheets, rows, merged, hidden; /* the last three of the sheet at hand */
    uint64_t cells;
    bool end, data;
} reading;

static kz_status distrust(const reading *r, kz_err *err)
{
    return kz_fail(err, KZ_E_IO, "sheet.distrust", kz_s("file", r->file));
}

static kz_status full(const reading *r, kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "sheet.memory", kz_s("file", r->file), kz_s("what", ""));
}

/* Room for one more of `size` bytes at the end; NULL: the arena is full. */
static void *grow(reading *r, growing *g, size_t size)
{
    if (g->n == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 64;
        void *more = kz_arena_array(r->a, cap, size);
        if (!more)
            return NULL;
        if (g->n > 0)
            memcpy(more, g->p, g->n * size);
        g->p = more;
        g->cap = cap;
    }
    return (char *)g->p + size * g->n++;
}

static kz_status take_text(reading *r, kz_payload *in, const char **ret, uint32_t *n_ret, kz_err *err)
{
    size_t n;
    const char *p = (const char *)kz_take_bytes(in, &n);
    if (in->bad || n > KZ_SHEET_TEXT_MAX || (n > 0 && (memchr(p, 0, n) || kz_utf8_bad(p, n) < n)))
        return distrust(r, err);
    *ret = kz_arena_strndup(r->a, n ? p : "", n);
    *n_ret = (uint32_t)n;
    return *ret ? KZ_OK : full(r, err);
}

static kz_sheet *sheet_at_hand(reading *r)
{
    return r->sheets.n ? (kz_sheet *)r->sheets.p + r->sheets.n - 1 : NULL;
}

/* The lists of the sheet at hand are complete. */
static void close_sheet(reading *r)
{
    kz_sheet *s = sheet_at_hand(r);
    if (!s)
        return;
    s->rows = r->rows.p;
    s->n_rows = (uint32_t)r->rows.n;
    s->merged = r->merged.p;
    s->n_merged = (uint32_t)r->merged.n;
    s->hidden = r->hidden.p;
    s->n_hidden = (uint32_t)r->hidden.n;
    r->rows = r->merged = r->hidden = (growing){ 0 };
}

static kz_status take_sheet(reading *r, kz_payload *in, kz_err *err)
{
    uint32_t n;
    close_sheet(r);
    if (r->sheets.n == KZ_SHEET_SHEETS_MAX)
        return distrust(r, err);
    kz_sheet *s = grow(r, &r->sheets, sizeof *s);
    if (!s)
        return full(r, err);
    *s = (kz_sheet){ .name = "", .visibility = kz_take_u8(in) };
    return s->visibility > KZ_SHEET_VERY_HIDDEN ? distrust(r, err) : take_text(r, in, &s->name, &n, err);
}

static kz_status take_row(reading *r, kz_payload *in, kz_err *err)
{
    kz_sheet *s = sheet_at_hand(r);
    uint32_t row = kz_take_u32(in);
    uint8_t hidden = kz_take_u8(in);
    uint32_t n = kz_take_u32(in), last = r->rows.n ? ((kz_sheet_row *)r->rows.p)[r->rows.n - 1].row : 0;
    r->cells += n;
    if (in->bad || !s || row <= last || row > KZ_SHEET_ROWS_MAX || hidden > 1 || n == 0 ||
        n > KZ_SHEET_COLUMNS_MAX || r->cells > KZ_SHEET_CELLS_MAX)
        return distrust(r, err);
    kz_sheet_row *to = grow(r, &r->rows, sizeof *to);
    kz_sheet_cell *cells = kz_arena_new(r->a, kz_sheet_cell, n);
    if (!to || !cells)
        return full(r, err);
    *to = (kz_sheet_row){ .row = row, .n = n, .hidden = hidden, .cells = cells };
    for (uint32_t i = 0; i < n; i++) {
        kz_sheet_cell *c = &cells[i];
        c->column = kz_take_u32(in);
        c->kind = kz_take_u8(in);
        c->style = kz_take_u8(in);
        KZ_TRY(take_text(r, in, &c->text, &c->n, err));
        if (c->column >= KZ_SHEET_COLUMNS_MAX || (i > 0 && c->column <= cells[i - 1].column) ||
            c->kind >= KZ_N_CELL_KINDS || c->style > KZ_STYLE_LAST)
            return distrust(r, err);
    }
    if (cells[n - 1].column >= s->n_columns)
        s->n_columns = cells[n - 1].column + 1;
    return KZ_OK;
}

static kz_status take_range(reading *r, kz_payload *in, bool merged, kz_err *err)
{
    kz_sheet_range v = { 0 };
    v.row = merged ? kz_take_u32(in) : 1;
    v.column = kz_take_u32(in);
    v.last_row = merged ? kz_take_u32(in) : 1;
    v.last_column = kz_take_u32(in);
    growing *list = merged ? &r->merged : &r->hidden;
    if (in->bad || !sheet_at_hand(r) || v.row == 0 || v.last_row < v.row || v.last_row > KZ_SHEET_ROWS_MAX ||
        v.last_column < v.column || v.last_column >= KZ_SHEET_COLUMNS_MAX || list->n == KZ_SHEET_MERGES_MAX)
        return distrust(r, err);
    kz_sheet_range *to = grow(r, list, sizeof *to);
    if (!to)
        return full(r, err);
    *to = v;
    return KZ_OK;
}

static kz_status take_error(reading *r, kz_payload *in, kz_err *err)
{
    uint8_t message = kz_take_u8(in);
    uint32_t n;
    const char *what;
    KZ_TRY(take_text(r, in, &what, &n, err));
    if (in->bad || message >= KZ_N_SHEET_MESSAGES)
        return distrust(r, err);
    return kz_fail(err, MESSAGE_STATUS[message], MESSAGE_IDS[message], kz_s("file", r->file), kz_s("what", what));
}

static kz_status take_frame(void *me, char type, const unsigned char *p, size_t n, kz_err *err)
{
    reading *r = me;
    kz_payload in = { .p = p, .n = n };
    if (r->end)
        return distrust(r, err);
    switch (type) {
    case 'S':
        KZ_TRY(take_sheet(r, &in, err));
        break;
    case 'R':
        KZ_TRY(take_row(r, &in, err));
        break;
    case 'M':
    case 'C':
        KZ_TRY(take_range(r, &in, type == 'M', err));
        break;
    case 'D':
        kz_buf_add(r->plain, p, n);
        r->data = true;
        if (kz_buf_status(r->plain) != KZ_OK)
            return full(r, err);
        return KZ_OK;
    case 'E':
        return take_error(r, &in, err);
    case 'Z':
        r->end = true;
        close_sheet(r);
        if (kz_take_u32(&in) != (uint32_t)r->sheets.n || (r->data && r->sheets.n > 0))
            return distrust(r, err);
        break;
    default:
        return distrust(r, err);
    }
    return in.bad || in.n > 0 ? distrust(r, err) : KZ_OK;
}

static kz_status finish(reading *r, kz_book *ret, kz_err *err)
{
    if (!r->end)
        return distrust(r, err);
    *ret = (kz_book){ .n_sheets = (int)r->sheets.n, .sheets = r->sheets.p };
    return KZ_OK;
}

kz_status kz_book_from_frames(const char *file, const void *bytes, size_t n, kz_arena *a, kz_book *ret, kz_buf *plain,
                              kz_err *err)
{
    reading r = { .file = file, .a = a, .plain = plain };
    kz_payload in = { .p = bytes, .n = n };
    while (in.n > 0) {
        char type = (char)kz_take_u8(&in);
        size_t size;
        const unsigned char *body = kz_take_bytes(&in, &size);
        if (in.bad || size > KZ_SHEET_FRAME_MAX)
            return distrust(&r, err);
        KZ_TRY(take_frame(&r, type, body, size, err));
    }
    return finish(&r, ret, err);
}

bool kz_book_is(const void *p, size_t n)
{
    const unsigned char *b = p;
    return n >= 4 && (memcmp(b, "PK\3\4", 4) == 0 || memcmp(b, "\x1F\x8B", 2) == 0 ||
                      memcmp(b, "\xD0\xCF\x11\xE0", 4) == 0);
}

kz_status kz_book_read(const char *file, const void *p, size_t n, kz_arena *a, kz_book *ret, kz_buf *plain, kz_err *err)
{
    reading r = { .file = file, .a = a, .plain = plain };
    char *argv[] = { (char[]){ "kekiz-sheet" }, NULL };
    const kz_worker w = { .argv = argv, .input = p, .n_input = n, .wait_seconds = KZ_SHEET_CPU_SECONDS + 60,
                          .frame_max = KZ_SHEET_FRAME_MAX };
    int code = 0;
    if (n > KZ_SHEET_FILE_MAX)
        return kz_fail(err, KZ_E_LIMIT, "file.large", kz_s("file", file), kz_n("bytes", n),
                       kz_n("max", KZ_SHEET_FILE_MAX));
    switch (kz_worker_run(&w, take_frame, &r, &code, err)) {
    case KZ_WORKER_DONE:
        return finish(&r, ret, err);
    case KZ_WORKER_REFUSED:
        return (kz_status)code;
    case KZ_WORKER_ABSENT:
        return kz_fail(err, KZ_E_IO, "sheet.no_worker", kz_s("file", file));
    case KZ_WORKER_START:
        return kz_fail(err, KZ_E_IO, "sheet.start", kz_s("file", file), kz_s("why", strerror(code)));
    case KZ_WORKER_SLOW:
        return kz_fail(err, KZ_E_LIMIT, "sheet.slow", kz_s("file", file));
    case KZ_WORKER_MEMORY:
        return full(&r, err);
    case KZ_WORKER_FRAME:
        return distrust(&r, err);
    case KZ_WORKER_DIED:
        break;
    }
    return kz_fail(err, KZ_E_INPUT, "sheet.died", kz_s("file", file), kz_n("code", code));
}

const kz_sheet_cell *kz_sheet_at(const kz_sheet *s, uint32_t row, uint32_t column)
{
    uint32_t lo = 0, hi = s->n_rows;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->rows[mid].row < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == s->n_rows || s->rows[lo].row != row)
        return NULL;
    const kz_sheet_row *r = &s->rows[lo];
    lo = 0;
    hi = r->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (r->cells[mid].column < column)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->n && r->cells[lo].column == column ? &r->cells[lo] : NULL;
}

const char *kz_sheet_place(uint32_t row, uint32_t column, char out[static 16])
{
    char letters[8];
    size_t n = 0, at = 0;
    for (uint32_t c = column + 1; c > 0 && n < sizeof letters; c = (c - 1) / 26)
        letters[n++] = (char)('A' + (c - 1) % 26);
    while (n > 0)
        out[at++] = letters[--n];
    if (row > 0)
        snprintf(out + at, 16 - at, "%u", row % 10000000);
    else
        out[at] = '\0';
    return out;
}
