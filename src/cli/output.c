#include "cli/output.h"

#include "base/fmt.h"
#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FLUSH_AT = 1 << 16, BYTES_MOST = 1 << 26, TABLE_DECIMALS = 4 };

typedef struct kz_out_row {
    struct kz_out_row *next;
    const char        *cell[];
} out_row;

/* ---- standard output --------------------------------------------------- */

static kz_status out_failed(int why, kz_err *err)
{
    return kz_fail(err, KZ_E_IO, why == EPIPE ? "cli.pipe" : "cli.stdout", kz_s("why", strerror(why)));
}

kz_status kz_out_write(const void *p, size_t n, kz_err *err)
{
    return fwrite(p, 1, n, stdout) == n ? KZ_OK : out_failed(errno, err);
}

kz_status kz_out_finish(kz_err *err)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return out_failed(errno ? errno : EIO, err);
    /* Some file systems report a failed write only here. */
    int copy = dup(STDOUT_FILENO);
    if (copy >= 0 && close(copy) != 0)
        return out_failed(errno, err);
    return KZ_OK;
}

/* ---- one cell ---------------------------------------------------------- */

static void put_csv(kz_buf *b, const char *p, size_t n)
{
    bool quote = n > 0 && (p[0] == ' ' || p[n - 1] == ' ');
    for (size_t i = 0; i < n && !quote; i++)
        quote = p[i] == ',' || p[i] == '"' || p[i] == '\n' || p[i] == '\r';
    if (!quote) {
        kz_buf_add(b, p, n);
        return;
    }
    kz_buf_char(b, '"');
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"')
            kz_buf_char(b, '"');
        kz_buf_char(b, p[i]);
    }
    kz_buf_char(b, '"');
}

void kz_out_json(kz_buf *b, const char *p, size_t n)
{
    kz_buf_char(b, '"');
    for (const char *at = p; at < p + n;) {
        char utf8[4];
        uint32_t c = kz_utf8_next(&at, p + n);
        if (c == '"' || c == '\\') {
            kz_buf_char(b, '\\');
            kz_buf_char(b, (char)c);
        } else if (c < 0x20 || c == 0x7f) {
            kz_buf_fmt(b, "\\u%04x", (unsigned)c);
        } else {
            kz_buf_add(b, utf8, kz_utf8_put(utf8, c));
        }
    }
    kz_buf_char(b, '"');
}

/* Text for a terminal: what could steer it is shown as U+FFFD.  Returns the width. */
static size_t put_shown(kz_buf *b, const char *p, size_t n)
{
    size_t width = 0;
    for (const char *at = p; at < p + n; width++) {
        char utf8[4];
        uint32_t c = kz_utf8_next(&at, p + n);
        bool control = c < 0x20 || (c >= 0x7f && c < 0xa0) || kz_utf8_is_hidden(c);
        kz_buf_add(b, utf8, kz_utf8_put(utf8, control ? 0xfffd : c));
    }
    return width;
}

/* ---- rows -------------------------------------------------------------- */

static void fail(kz_table_out *t, kz_status st)
{
    if (t->failed == KZ_OK)
        t->failed = st;
}

static void flush(kz_table_out *t)
{
    if (t->failed == KZ_OK && kz_buf_status(&t->bytes) != KZ_OK)
        fail(t, kz_fail(&t->call->err, KZ_E_LIMIT, "cli.long_row"));
    if (t->failed == KZ_OK)
        fail(t, kz_out_write(kz_buf_text(&t->bytes), t->bytes.n, &t->call->err));
    kz_buf_clear(&t->bytes);
}

kz_status kz_table_begin(kz_table_out *t, kz_call *call, const kz_col cols[], size_t n)
{
    const char *form = kz_opt_text(call, "format");
    KZ_ASSERT(n > 0 && n <= KZ_MAX_COLS);
    *t = (kz_table_out){ .call = call, .cols = cols, .n_cols = n, .bytes = kz_buf_init(BYTES_MOST) };
    kz_arena_init(&t->cells, BYTES_MOST);
    if (!form || strcmp(form, "csv") == 0)
        t->form = KZ_OUT_CSV;
    else if (strcmp(form, "json") == 0)
        t->form = KZ_OUT_JSON;
    else if (strcmp(form, "table") == 0)
        t->form = KZ_OUT_TABLE;
    else
        return t->failed = kz_fail(&call->err, KZ_E_USAGE, "cli.bad_format", kz_s("value", form));

    for (size_t i = 0; i < n; i++) {
        t->width[i] = strlen(cols[i].name);
        if (t->form == KZ_OUT_CSV) {
            put_csv(&t->bytes, cols[i].name, strlen(cols[i].name));
            kz_buf_char(&t->bytes, i + 1 < n ? ',' : '\n');
        }
    }
    if (t->form == KZ_OUT_JSON)
        kz_buf_char(&t->bytes, '[');
    return KZ_OK;
}

static void new_row(kz_table_out *t)
{
    if (t->form == KZ_OUT_JSON)
        kz_buf_str(&t->bytes, t->any ? ",\n{" : "\n{");
    t->any = true;
    if (t->form != KZ_OUT_TABLE)
        return;
    t->row = kz_arena_alloc(&t->cells, sizeof *t->row + t->n_cols * sizeof t->row->cell[0]);
    if (!t->row) {
        fail(t, kz_fail(&t->call->err, KZ_E_LIMIT, "cli.long_table"));
        return;
    }
    if (t->last)
        t->last->next = t->row;
    else
        t->first = t->row;
    t->last = t->row;
}

/* One field in the form of the output; what = NULL: unknown. */
static void put(kz_table_out *t, const char *p, size_t n, kz_col_kind kind)
{
    const kz_col *col = &t->cols[t->at];
    if (t->failed != KZ_OK)
        return;
    KZ_ASSERT(!p || kind == col->kind);
    if (t->at == 0)
        new_row(t);
    bool last = t->at + 1 == t->n_cols;
    if (t->form == KZ_OUT_CSV) {
        if (p)
            put_csv(&t->bytes, p, n);
        kz_buf_char(&t->bytes, last ? '\n' : ',');
    } else if (t->form == KZ_OUT_JSON) {
        kz_out_json(&t->bytes, col->name, strlen(col->name));
        kz_buf_char(&t->bytes, ':');
        if (!p)
            kz_buf_str(&t->bytes, "null");
        else if (kind == KZ_COL_TEXT)
            kz_out_json(&t->bytes, p, n);
        else
            kz_buf_add(&t->bytes, p, n);
        kz_buf_char(&t->bytes, last ? '}' : ',');
    } else if (t->row) {
        kz_buf_clear(&t->bytes);
        size_t width = put_shown(&t->bytes, p ? p : "", n);
        t->row->cell[t->at] = kz_arena_strdup(&t->cells, kz_buf_text(&t->bytes));
        if (!t->row->cell[t->at])
            fail(t, kz_fail(&t->call->err, KZ_E_LIMIT, "cli.long_table"));
        if (width > t->width[t->at])
            t->width[t->at] = width;
    }
    t->at = last ? 0 : t->at + 1;
    if (t->form != KZ_OUT_TABLE && t->bytes.n >= FLUSH_AT)
        flush(t);
}

void kz_put_view(kz_table_out *t, const char *p, size_t n)
{
    put(t, p ? p : "", n, KZ_COL_TEXT);
}

void kz_put_text(kz_table_out *t, const char *text)
{
    kz_put_view(t, text, text ? strlen(text) : 0);
}

void kz_put_none(kz_table_out *t)
{
    put(t, NULL, 0, KZ_COL_TEXT);
}

void kz_put_int(kz_table_out *t, int64_t n)
{
    kz_auto(kz_buf) text = kz_buf_init(64);
    if (t->form == KZ_OUT_TABLE)
        kz_fmt_int(&text, t->call->lang, n);
    else
        kz_buf_fmt(&text, "%lld", (long long)n);
    put(t, kz_buf_text(&text), text.n, KZ_COL_INT);
}

void kz_put_real(kz_table_out *t, double x)
{
    kz_auto(kz_buf) text = kz_buf_init(64);
    if (isnan(x) || (isinf(x) && t->form == KZ_OUT_JSON)) {
        kz_put_none(t);
        return;
    }
    if (t->form == KZ_OUT_TABLE)
        kz_fmt_dec(&text, t->call->lang, x, TABLE_DECIMALS);
    else
        kz_buf_real(&text, x);
    put(t, kz_buf_text(&text), text.n, KZ_COL_REAL);
}

/* ---- a table for people ------------------------------------------------ */

static void put_aligned(kz_table_out *t, size_t col, const char *text)
{
    size_t n = strlen(text), width = 0;
    for (const char *at = text; at < text + n; width++)
        kz_utf8_next(&at, text + n);
    size_t pad = t->width[col] - width;
    bool right = t->cols[col].kind != KZ_COL_TEXT, last = col + 1 == t->n_cols;
    if (col > 0)
        kz_buf_str(&t->bytes, "  ");
    for (size_t i = 0; right && i < pad; i++)
        kz_buf_char(&t->bytes, ' ');
    kz_buf_str(&t->bytes, text);
    for (size_t i = 0; !right && !last && i < pad; i++)
        kz_buf_char(&t->bytes, ' ');
    if (last)
        kz_buf_char(&t->bytes, '\n');
}

static void write_table(kz_table_out *t)
{
    kz_buf_clear(&t->bytes);
    for (size_t i = 0; i < t->n_cols; i++)
        put_aligned(t, i, t->cols[i].name);
    for (size_t i = 0; i < t->n_cols; i++) {
        if (i > 0)
            kz_buf_str(&t->bytes, "  ");
        for (size_t k = 0; k < t->width[i]; k++)
            kz_buf_str(&t->bytes, "─");
    }
    kz_buf_char(&t->bytes, '\n');
    for (const out_row *row = t->first; row && t->failed == KZ_OK; row = row->next) {
        for (size_t i = 0; i < t->n_cols; i++)
            put_aligned(t, i, row->cell[i]);
        if (t->bytes.n >= FLUSH_AT)
            flush(t);
    }
}

kz_status kz_table_end(kz_table_out *t)
{
    KZ_ASSERT(t->failed != KZ_OK || t->at == 0);
    if (t->failed == KZ_OK && t->form == KZ_OUT_TABLE)
        write_table(t);
    else if (t->form == KZ_OUT_JSON)
        kz_buf_str(&t->bytes, "\n]\n");
    flush(t);
    return t->failed;
}

void kz_table_out_done(kz_table_out *t)
{
    kz_buf_done(&t->bytes);
    kz_arena_done(&t->cells);
}
