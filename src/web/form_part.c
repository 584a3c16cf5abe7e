#include "web/form_part.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

static bool is_boundary(const char *p, size_t n)
{
    static const char CHARS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'()+_,-./:=?";
    return n >= 1 && n <= 70 && strspn(p, CHARS) >= n;
}

/* ;boundary=----WebKitFormBoundary…  or in quotes; nothing else behind it. */
static bool read_boundary(const char *p, char *boundary, size_t room)
{
    const char *end = p + strlen(p);
    p = skip_blanks(p, end);
    if (*p++ != ';')
        return false;
    p = skip_blanks(p, end);
    if (strncasecmp(p, "boundary=", 9) != 0)
        return false;
    p += 9;
    bool quoted = *p == '"';
    p += quoted;
    size_t n = strcspn(p, quoted ? "\"" : " \t;");
    if (!is_boundary(p, n) || n >= room)
        return false;
    const char *rest = p + n;
    if (quoted && *rest++ != '"')
        return false;
    if (*skip_blanks(rest, end) != '\0')
        return false;
    memcpy(boundary, p, n);
    boundary[n] = '\0';
    return true;
}

int kz_part_content_type(const char *value, bool *multipart, char *boundary, size_t room)
{
    static const char URL[] = "application/x-www-form-urlencoded", MULTI[] = "multipart/form-data";
    if (!value)
        return 415;
    size_t n = strcspn(value, " \t;");
    *multipart = n == sizeof MULTI - 1 && strncasecmp(value, MULTI, n) == 0;
    if (*multipart)
        return read_boundary(value + n, boundary, room) ? 0 : 400;
    return n == sizeof URL - 1 && strncasecmp(value, URL, n) == 0 ? 0 : 415;
}

/* "…" as browsers write it: a quote inside is %22, line ends are %0D %0A. */
static bool read_quoted(const char **at, const char *end, char *out, size_t room)
{
    const char *p = *at;
    if (p == end || *p++ != '"')
        return false;
    const char *close = memchr(p, '"', (size_t)(end - p));
    if (!close || (size_t)(close - p) >= room)
        return false;
    size_t n = (size_t)(close - p), k = 0;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)p[i] < 0x20 || p[i] == 0x7F)
            return false;
        if (p[i] == '%' && n - i >= 3 &&
            (memcmp(p + i, "%22", 3) == 0 || strncasecmp(p + i, "%0d", 3) == 0 ||
             strncasecmp(p + i, "%0a", 3) == 0)) {
            out[k++] = '_';
            i += 2;
        } else {
            out[k++] = p[i];
        }
    }
    out[k] = '\0';
    *at = close + 1;
    return kz_utf8_bad(out, k) == k;
}

/* form-data; name="…"[; filename="…"] */
static bool read_disposition(const char *p, const char *end, kz_part_head *h)
{
    static const char FORM[] = "form-data";
    if ((size_t)(end - p) < sizeof FORM - 1 || strncasecmp(p, FORM, sizeof FORM - 1) != 0)
        return false;
    p += sizeof FORM - 1;
    bool named = false;
    for (;;) {
        p = skip_blanks(p, end);
        if (p == end)
            return named && h->name[0] != '\0';
        if (*p++ != ';')
            return false;
        p = skip_blanks(p, end);
        size_t left = (size_t)(end - p);
        if (left > 5 && strncasecmp(p, "name=", 5) == 0 && !named) {
            p += 5;
            named = true;
            if (!read_quoted(&p, end, h->name, sizeof h->name))
                return false;
        } else if (left > 9 && strncasecmp(p, "filename=", 9) == 0 && !h->has_file) {
            p += 9;
            h->has_file = true;
            if (!read_quoted(&p, end, h->file_name, sizeof h->file_name))
                return false;
        } else {
            return false;
        }
    }
}

bool kz_part_read_head(const char *p, size_t n, kz_part_head *ret)
{
    static const char DISPOSITION[] = "content-disposition:", TYPE[] = "content-type:";
    const char *end = p + n;
    kz_part_head h = { 0 };
    bool disposition = false, type = false;
    while (p < end) {
        const char *line_end = memmem(p, (size_t)(end - p), "\r\n", 2);
        const char *stop = line_end ? line_end : end;
        size_t left = (size_t)(stop - p);
        if (left >= sizeof DISPOSITION - 1 && strncasecmp(p, DISPOSITION, sizeof DISPOSITION - 1) == 0 &&
            !disposition) {
            disposition = read_disposition(skip_blanks(p + sizeof DISPOSITION - 1, stop), stop, &h);
            if (!disposition)
                return false;
        } else if (left >= sizeof TYPE - 1 && strncasecmp(p, TYPE, sizeof TYPE - 1) == 0 && !type) {
            const char *value = skip_blanks(p + sizeof TYPE - 1, stop);
            type = true;
            if ((size_t)(stop - value) >= 10 && strncasecmp(value, "multipart/", 10) == 0)
                return false; /* parts in parts */
        } else {
            return false;
        }
        p = line_end ? line_end + 2 : end;
    }
    *ret = h;
    return disposition;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool kz_part_url_decode(const char *p, size_t n, char *out, size_t room, size_t *n_out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (k + 1 >= room)
            return false;
        if (p[i] == '%') {
            if (n - i < 3 || hex(p[i + 1]) < 0 || hex(p[i + 2]) < 0)
                return false;
            out[k++] = (char)(hex(p[i + 1]) << 4 | hex(p[i + 2]));
            i += 2;
        } else {
            out[k++] = p[i] == '+' ? ' ' : p[i];
        }
    }
    out[k] = '\0';
    *n_out = k;
    return true;
}

void kz_part_file_name(const char *sent, char *out, size_t room)
{
    const char *last = sent;
    for (const char *p = sent; *p; p++)
        if (*p == '/' || *p == '\\')
            last = p + 1;
    kz_auto(kz_buf) clean = kz_buf_init(4096);
    kz_utf8_clean(&clean, kz_view_of(last));
    kz_view v = kz_view_trim((kz_view){ kz_buf_text(&clean), clean.n });
    size_t n = v.n < room - 1 ? v.n : room - 1;
    while (n < v.n && n > 0 && ((unsigned char)v.p[n] & 0xC0) == 0x80)
        n--;
    memcpy(out, v.p, n);
    out[n] = '\0';
    if (n == 0)
        memcpy(out, "?", 2);
}
