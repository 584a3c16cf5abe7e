#include "io/json.h"

#include "base/utf8.h"

#include <math.h>

static void text(kz_buf *out, kz_view v)
{
    kz_buf_char(out, '"');
    for (const char *p = v.p, *end = v.p + v.n; p < end;) {
        const char *from = p;
        uint32_t c = kz_utf8_next(&p, end);
        switch (c) {
        case '"':  kz_buf_str(out, "\\\""); break;
        case '\\': kz_buf_str(out, "\\\\"); break;
        case '\n': kz_buf_str(out, "\\n"); break;
        case '\r': kz_buf_str(out, "\\r"); break;
        case '\t': kz_buf_str(out, "\\t"); break;
        default:
            if (c < 0x20 || c == 0x7F || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029)
                kz_buf_fmt(out, "\\u%04x", c);
            else if (c == 0xFFFD)
                kz_buf_str(out, "\xEF\xBF\xBD");
            else
                kz_buf_add(out, from, (size_t)(p - from));
        }
    }
    kz_buf_char(out, '"');
}

/* What comes before a value. */
static void begin(kz_json *j)
{
    bool object = j->depth > 0 && j->close[j->depth - 1] == '}';
    KZ_ASSERT(object == j->keyed);
    KZ_ASSERT(j->depth > 0 || !j->some);
    if (j->some && !j->keyed)
        kz_buf_char(j->out, ',');
    j->some = true;
    j->keyed = false;
}

void kz_json_open(kz_json *j, char bracket)
{
    KZ_ASSERT(bracket == '{' || bracket == '[');
    KZ_ASSERT(j->depth < KZ_JSON_DEPTH);
    begin(j);
    kz_buf_char(j->out, bracket);
    j->close[j->depth++] = bracket == '{' ? '}' : ']';
    j->some = false;
}

void kz_json_close(kz_json *j)
{
    KZ_ASSERT(j->depth > 0 && !j->keyed);
    kz_buf_char(j->out, j->close[--j->depth]);
    j->some = true;
}

void kz_json_key(kz_json *j, const char *name)
{
    KZ_ASSERT(j->depth > 0 && j->close[j->depth - 1] == '}' && !j->keyed);
    if (j->some)
        kz_buf_char(j->out, ',');
    text(j->out, kz_view_of(name));
    kz_buf_char(j->out, ':');
    j->keyed = true;
}

void kz_json_view(kz_json *j, kz_view v)
{
    begin(j);
    text(j->out, v);
}

void kz_json_str(kz_json *j, const char *s)
{
    if (s)
        kz_json_view(j, kz_view_of(s));
    else
        kz_json_null(j);
}

void kz_json_int(kz_json *j, int64_t n)
{
    begin(j);
    kz_buf_fmt(j->out, "%lld", (long long)n);
}

void kz_json_real(kz_json *j, double x)
{
    begin(j);
    if (isfinite(x))
        kz_buf_real(j->out, x);
    else
        kz_buf_str(j->out, "null");
}

void kz_json_bool(kz_json *j, bool b)
{
    begin(j);
    kz_buf_str(j->out, b ? "true" : "false");
}

void kz_json_null(kz_json *j)
{
    begin(j);
    kz_buf_str(j->out, "null");
}
