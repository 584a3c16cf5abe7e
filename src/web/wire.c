#include "web/wire.h"

#include <stdbool.h>
#include <string.h>

#include "web/router.h"

enum { LONGEST_METHOD = 32, LONGEST_VERSION = 8 };

static bool is_token_char(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_graphic(unsigned char c)
{
    return c > 0x20 && c < 0x7F;
}

static bool is_field_char(unsigned char c)
{
    return c == '\t' || (c >= 0x20 && c != 0x7F);
}

/* How many bytes from p on satisfy `is`. */
static size_t span(const char *p, size_t n, bool (*is)(unsigned char))
{
    size_t i = 0;
    while (i < n && is((unsigned char)p[i]))
        i++;
    return i;
}

/* CRLF at p? 0 yes, KZ_WIRE_MORE not yet to be said, 400 no. */
static int line_end(const char *p, size_t n)
{
    if (n > 0 && p[0] != '\r')
        return 400;
    if (n > 1 && p[1] != '\n')
        return 400;
    return n < 2 ? KZ_WIRE_MORE : 0;
}

/* "HTTP/1.1": 0, KZ_WIRE_MORE, 505 for another version, 400 for none. */
static int version(const char *p, size_t n)
{
    static const char SHAPE[] = "HTTP/d.d";
    for (size_t i = 0; i < LONGEST_VERSION && i < n; i++) {
        bool fits = SHAPE[i] == 'd' ? p[i] >= '0' && p[i] <= '9' : p[i] == SHAPE[i];
        if (!fits)
            return 400;
    }
    if (n < LONGEST_VERSION)
        return KZ_WIRE_MORE;
    return p[5] == '1' && (p[7] == '0' || p[7] == '1') ? 0 : 505;
}

static int request_line(const char *p, size_t n, size_t *used)
{
    size_t method = span(p, n < LONGEST_METHOD + 1 ? n : LONGEST_METHOD + 1, is_token_char);
    if (method > LONGEST_METHOD)
        return 501;
    if (method == n)
        return KZ_WIRE_MORE;
    if (method == 0 || p[method] != ' ')
        return 400;
    size_t at = method + 1, target = span(p + at, n - at, is_graphic);
    if (target > KZ_MAX_TARGET)
        return 414;
    at += target;
    if (at == n)
        return KZ_WIRE_MORE;
    if (target == 0 || p[at] != ' ')
        return 400;
    at++;
    int code = version(p + at, n - at);
    if (code != 0)
        return code;
    at += LONGEST_VERSION;
    *used = at + 2;
    return line_end(p + at, n - at);
}

static int field_line(const char *p, size_t n, size_t *used)
{
    size_t at = span(p, n, is_token_char);
    if (at == n)
        return KZ_WIRE_MORE;
    if (at == 0 || p[at] != ':') /* also a folded line, and a blank before the colon */
        return 400;
    at++;
    at += span(p + at, n - at, is_field_char);
    *used = at + 2;
    return line_end(p + at, n - at);
}

int kz_wire_check(const char *p, size_t n, size_t *n_head)
{
    size_t at, used, first;
    int code = request_line(p, n, &at);
    if (code != 0)
        return code;
    first = at;
    for (int fields = 0;; fields++) {
        if (at < n && p[at] == '\r') {
            code = line_end(p + at, n - at);
            if (code == 0)
                *n_head = at + 2;
            return code;
        }
        code = field_line(p + at, n - at, &used);
        if (code == KZ_WIRE_MORE && n - first > KZ_MAX_HEAD)
            return 431;
        if (code != 0)
            return code;
        at += used;
        if (fields == KZ_MAX_HEADER_FIELDS || at - first > KZ_MAX_HEAD)
            return 431;
    }
}

/* One field of a good head, cut out of the line: no blanks around the value. */
static kz_param cut_field(char *line, char *colon, char *end)
{
    char *value = colon + 1;
    *colon = *end = '\0'; /* before strspn(), which wants an end */
    value += strspn(value, " \t");
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    return (kz_param){ line, value };
}

int kz_wire_meaning(char *p, size_t n_head)
{
    kz_param fields[KZ_MAX_HEADER_FIELDS];
    size_t n = 0;
    char *end = p + n_head, *line = memchr(p, '\n', n_head);
    KZ_ASSERT(line && line - p > LONGEST_VERSION + 1);
    /* cppcheck-suppress nullPointerRedundantCheck ; an assertion that fails does not come back */
    bool needs_host = line[-2] == '1'; /* HTTP/1.1 */
    /* cppcheck-suppress nullPointerRedundantCheck ; as above */
    line[-1] = '\0';
    for (line++; *line != '\r' && n < KZ_MAX_HEADER_FIELDS;) {
        char *cr = memchr(line, '\r', (size_t)(end - line)), *colon = memchr(line, ':', (size_t)(end - line));
        KZ_ASSERT(cr && colon && colon < cr);
        fields[n++] = cut_field(line, colon, cr);
        line = cr + 2;
    }
    p[strcspn(p, " ")] = '\0';
    if (needs_host && !kz_header(fields, n, "Host"))
        return 400;
    return kz_headers_check(p, fields, n);
}
