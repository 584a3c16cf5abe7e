#include "io/csv_write.h"

static bool may_be_formula(kz_view v)
{
    static const char *const FULL[] = { "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0" };
    if (v.n == 0)
        return false;
    if (memchr("=+-@\t\r\n", *v.p, 7))
        return true;
    for (size_t i = 0; i < sizeof FULL / sizeof *FULL; i++)
        if (v.n >= 3 && memcmp(v.p, FULL[i], 3) == 0)
            return true;
    return false;
}

static bool needs_quotes(kz_view v, char delimiter)
{
    if (v.n == 0)
        return false;
    if (*v.p == ' ' || v.p[v.n - 1] == ' ')
        return true;
    /* At the start of a file these would be taken for something else. */
    if ((v.n >= 4 && strncasecmp(v.p, "sep=", 4) == 0) || (v.n >= 3 && memcmp(v.p, "\xEF\xBB\xBF", 3) == 0))
        return true;
    return memchr(v.p, delimiter, v.n) || memchr(v.p, '"', v.n) || memchr(v.p, '\n', v.n) ||
           memchr(v.p, '\r', v.n);
}

static char delimiter_of(const kz_csv_out *w)
{
    return w->delimiter ? w->delimiter : ',';
}

static void next_field(kz_csv_out *w, bool empty)
{
    if (w->n > 0)
        kz_buf_char(w->out, delimiter_of(w));
    w->lone = w->n == 0 && empty;
    w->n++;
}

void kz_csv_put(kz_csv_out *w, kz_view v)
{
    next_field(w, v.n == 0);
    bool guard = w->for_people && may_be_formula(v);
    bool quote = needs_quotes(v, delimiter_of(w));
    if (quote)
        kz_buf_char(w->out, '"');
    if (guard)
        kz_buf_char(w->out, '\'');
    while (v.n > 0) {
        const char *inner = memchr(v.p, '"', v.n);
        size_t n = inner ? (size_t)(inner - v.p) + 1 : v.n;
        kz_buf_add(w->out, v.p, n);
        if (inner)
            kz_buf_char(w->out, '"');
        v = (kz_view){ v.p + n, v.n - n };
    }
    if (quote)
        kz_buf_char(w->out, '"');
}

void kz_csv_put_str(kz_csv_out *w, const char *text)
{
    kz_csv_put(w, kz_view_of(text ? text : ""));
}

void kz_csv_put_int(kz_csv_out *w, int64_t n)
{
    next_field(w, false);
    kz_buf_fmt(w->out, "%lld", (long long)n);
}

void kz_csv_put_real(kz_csv_out *w, double x)
{
    next_field(w, x != x);
    kz_buf_real(w->out, x);
}

void kz_csv_line(kz_csv_out *w)
{
    if (w->lone) /* else the line would be an empty one, which readers skip */
        kz_buf_str(w->out, "\"\"");
    kz_buf_char(w->out, '\n');
    w->n = 0;
    w->lone = false;
}
