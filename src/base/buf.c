#include "base/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kz_buf kz_buf_init(size_t max)
{
    return (kz_buf){ .max = max };
}

void kz_buf_done(kz_buf *b)
{
    free(b->p);
    *b = (kz_buf){ .max = b->max };
}

void kz_buf_clear(kz_buf *b)
{
    b->n = 0;
    b->failed = KZ_OK;
    if (b->p)
        b->p[0] = '\0';
}

const char *kz_buf_text(const kz_buf *b)
{
    return b->p ? b->p : "";
}

char *kz_buf_grow(kz_buf *b, size_t n)
{
    if (b->failed != KZ_OK)
        return NULL;
    if (n > b->max || b->n > b->max - n) {
        b->failed = KZ_E_LIMIT;
        return NULL;
    }
    size_t need = b->n + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : 256;
        while (cap < need)
            cap = cap > SIZE_MAX / 2 ? need : cap * 2;
        if (cap > b->max + 1)
            cap = b->max + 1;
        char *p = realloc(b->p, cap);
        if (!p) {
            b->failed = KZ_E_LIMIT;
            return NULL;
        }
        b->p = p;
        b->cap = cap;
    }
    char *at = b->p + b->n;
    b->n += n;
    b->p[b->n] = '\0';
    return at;
}

void kz_buf_add(kz_buf *b, const void *p, size_t n)
{
    char *at = kz_buf_grow(b, n);
    if (at && n > 0)
        memcpy(at, p, n);
}

void kz_buf_str(kz_buf *b, const char *s)
{
    kz_buf_add(b, s, strlen(s));
}

void kz_buf_char(kz_buf *b, char c)
{
    kz_buf_add(b, &c, 1);
}

void kz_buf_fmt(kz_buf *b, const char *fmt, ...)
{
    char small[512];
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    KZ_ASSERT(n >= 0);
    if ((size_t)n < sizeof small) {
        kz_buf_add(b, small, (size_t)n);
    } else {
        char *at = kz_buf_grow(b, (size_t)n);
        if (at)
            vsnprintf(at, (size_t)n + 1, fmt, again);
    }
    va_end(again);
}

void kz_html_escape(kz_buf *b, const char *p, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *rep;
        switch (p[i]) {
        case '&':  rep = "&amp;"; break;
        case '<':  rep = "&lt;"; break;
        case '>':  rep = "&gt;"; break;
        case '"':  rep = "&quot;"; break;
        case '\'': rep = "&#39;"; break;
        default:
            /* Control characters are not allowed in HTML and XML text. */
            if ((unsigned char)p[i] >= 0x20 || p[i] == '\n' || p[i] == '\t')
                continue;
            rep = "\xEF\xBF\xBD";
        }
        kz_buf_add(b, p + from, i - from);
        kz_buf_str(b, rep);
        from = i + 1;
    }
    kz_buf_add(b, p + from, n - from);
}

void kz_html(kz_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    for (const char *f = fmt; *f;) {
        const char *pct = strchr(f, '%');
        if (!pct) {
            kz_buf_str(b, f);
            break;
        }
        kz_buf_add(b, f, (size_t)(pct - f));
        f = pct + 1;
        int precision = -1;
        if (*f == '.') {
            f++;
            if (*f == '*') {
                precision = va_arg(ap, int);
                f++;
            } else {
                precision = 0;
                while (*f >= '0' && *f <= '9')
                    precision = precision * 10 + (*f++ - '0');
            }
        }
        int longs = 0;
        bool size = false;
        for (; *f == 'l' || *f == 'z'; f++) {
            if (*f == 'z')
                size = true;
            else
                longs++;
        }
        switch (*f) {
        case 's': {
            const char *s = va_arg(ap, const char *);
            size_t n = !s ? 0 : precision >= 0 ? strnlen(s, (size_t)precision) : strlen(s);
            kz_html_escape(b, s ? s : "", n);
            break;
        }
        case 'c': {
            char c = (char)va_arg(ap, int);
            kz_html_escape(b, &c, 1);
            break;
        }
        case 'd':
            kz_buf_int(b, longs >= 2 ? va_arg(ap, long long) : longs == 1 ? va_arg(ap, long) : va_arg(ap, int));
            break;
        case 'u':
            if (size)
                kz_buf_fmt(b, "%zu", va_arg(ap, size_t));
            else if (longs >= 2)
                kz_buf_fmt(b, "%llu", va_arg(ap, unsigned long long));
            else if (longs == 1)
                kz_buf_fmt(b, "%lu", va_arg(ap, unsigned long));
            else
                kz_buf_fmt(b, "%u", va_arg(ap, unsigned));
            break;
        case 'f':
            kz_buf_fixed(b, va_arg(ap, double), precision < 0 ? 6 : precision);
            break;
        case '%':
            kz_buf_char(b, '%');
            break;
        default:
            KZ_ASSERT(false && "kz_html knows this directive");
        }
        f++;
    }
    va_end(ap);
}

/* Decimal digits of u, written before `end`; at least `least` of them. */
static char *digits_before(char *end, uint64_t u, int least)
{
    char *p = end;
    for (; u > 0 || least > 0; least--, u /= 10)
        *--p = (char)('0' + u % 10);
    return p;
}

void kz_buf_int(kz_buf *b, int64_t n)
{
    char text[24], *end = text + sizeof text;
    char *p = digits_before(end, n < 0 ? -(uint64_t)n : (uint64_t)n, 1);
    if (n < 0)
        *--p = '-';
    kz_buf_add(b, p, (size_t)(end - p));
}

void kz_buf_decimal(kz_buf *b, int64_t n, int decimals)
{
    char digits[24];
    int at = 0;
    for (uint64_t x = n < 0 ? 0 - (uint64_t)n : (uint64_t)n; x > 0 || at <= decimals; x /= 10)
        digits[at++] = (char)('0' + x % 10);
    if (n < 0)
        kz_buf_char(b, '-');
    while (at > 0) {
        kz_buf_char(b, digits[--at]);
        if (at == decimals && decimals > 0)
            kz_buf_char(b, '.');
    }
}

/* x as [-]whole.fraction with `digits` decimals before `end`; false when that
 * is no number of 18 digits.  Maps and charts write thousands of these. */
static bool fixed_before(char *end, double x, int digits, char **ret)
{
    static const double POW10[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    KZ_ASSERT(digits >= 0 && digits <= 9);
    if (!isfinite(x) || fabs(x) * POW10[digits] >= 9e18)
        return false;
    uint64_t scaled = (uint64_t)floor(fabs(x) * POW10[digits] + 0.5), unit = (uint64_t)POW10[digits];
    char *p = digits_before(end, scaled % unit, digits);
    if (digits > 0)
        *--p = '.';
    p = digits_before(p, scaled / unit, 1);
    if (x < 0 && scaled > 0)
        *--p = '-';
    *ret = p;
    return true;
}

static void add_no_number(kz_buf *b, double x)
{
    kz_buf_str(b, isnan(x) ? "NaN" : x < 0 ? "-inf" : "inf");
}

void kz_buf_fixed(kz_buf *b, double x, int digits)
{
    char text[40], *end = text + sizeof text, *p;
    if (fixed_before(end, x, digits, &p))
        kz_buf_add(b, p, (size_t)(end - p));
    else
        add_no_number(b, x);
}

void kz_buf_coord(kz_buf *b, double x, int digits)
{
    char text[40], *end = text + sizeof text, *p;
    if (!fixed_before(end, x, digits, &p)) {
        add_no_number(b, x);
        return;
    }
    if (digits > 0) {
        while (end[-1] == '0')
            end--;
        end -= end[-1] == '.';
    }
    kz_buf_add(b, p, (size_t)(end - p));
}

void kz_buf_real(kz_buf *b, double x)
{
    char text[40];
    if (isnan(x))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x) /* lint: allow banned, because kekiz never leaves the C locale */
            break;
    }
    kz_buf_str(b, text);
}

void kz_buf_url(kz_buf *b, const char *s)
{
    static const char HEX[] = "0123456789ABCDEF";
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
            c == '_' || c == '.' || c == '~') {
            kz_buf_char(b, (char)c);
        } else {
            char esc[3] = { '%', HEX[c >> 4], HEX[c & 15] };
            kz_buf_add(b, esc, 3);
        }
    }
}
