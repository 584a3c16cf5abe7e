#include "web/router.h"

#include <string.h>
#include <strings.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Length of the character at p, or 0: not UTF-8, overlong, a surrogate, or a
 * control character (C0, DEL, C1). */
static size_t printable(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return p[0] >= 0x20 && p[0] != 0x7F;
    size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xC2 && p[1] < 0xA0) || (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
        (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return len;
}

static bool is_text(const char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t len = printable((const unsigned char *)p + i, n - i);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

/* Percent-decoding into `out` (room for n + 1). */
static bool decode(const char *p, size_t n, bool plus_is_space, char *out, size_t *n_out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '%') {
            if (n - i < 3 || hex(p[i + 1]) < 0 || hex(p[i + 2]) < 0)
                return false;
            out[k++] = (char)(hex(p[i + 1]) << 4 | hex(p[i + 2]));
            i += 2;
        } else {
            out[k++] = plus_is_space && p[i] == '+' ? ' ' : p[i];
        }
    }
    out[k] = '\0';
    *n_out = k;
    return is_text(out, k);
}

/* An encoded slash would make one path of two, an encoded dot hides "..": a
 * path is canonical when decoding neither adds slashes nor empty or dot parts. */
static int path_check(const char *raw, size_t n_raw, const char *path, size_t n)
{
    for (size_t i = 0; i + 2 < n_raw; i++)
        if (raw[i] == '%' && raw[i + 1] == '2' && (raw[i + 2] == 'F' || raw[i + 2] == 'f'))
            return 400;
    if (memchr(path, '\\', n))
        return 400;
    for (const char *part = path; part;) {
        const char *next = strchr(part + 1, '/');
        size_t len = next ? (size_t)(next - part - 1) : strlen(part + 1);
        if ((len == 1 && part[1] == '.') || (len == 2 && part[1] == '.' && part[2] == '.'))
            return 400;
        if (len == 0 && next)
            return 404;
        part = next;
    }
    return 0;
}

static bool has_param(const kz_param *p, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(p[i].name, name) == 0)
            return true;
    return false;
}

static int query_parse(const char *raw, kz_arena *arena, kz_target *t)
{
    kz_param *params = kz_arena_new(arena, kz_param, KZ_MAX_QUERY_PARAMS);
    char *text = kz_arena_alloc(arena, 2 * (strlen(raw) + 2));
    if (!params || !text)
        return 413;
    int n = 0;
    for (const char *p = raw; *p;) {
        size_t len = strcspn(p, "&");
        if (len > 0) {
            const char *sign = memchr(p, '=', len);
            size_t eq = sign ? (size_t)(sign - p) : len;
            if (n == KZ_MAX_QUERY_PARAMS)
                return 400;
            size_t n_name, n_value = 0;
            char *name = text;
            if (!decode(p, eq, true, name, &n_name) || n_name == 0 || n_name > KZ_MAX_QUERY_NAME)
                return 400;
            char *value = text + n_name + 1;
            *value = '\0';
            if (eq < len && !decode(p + eq + 1, len - eq - 1, true, value, &n_value))
                return 400;
            if (n_value > KZ_MAX_QUERY_VALUE || has_param(params, n, name))
                return 400;
            params[n++] = (kz_param){ name, value };
            text = value + n_value + 1;
        }
        p += len + (p[len] == '&');
    }
    t->n_query = n;
    t->query = params;
    return 0;
}

int kz_target_parse(const char *raw, kz_arena *arena, kz_target *ret)
{
    size_t n = strnlen(raw, KZ_MAX_TARGET + 1);
    if (n > KZ_MAX_TARGET)
        return 414;
    if (raw[0] != '/')
        return 400;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)raw[i] <= 0x20 || (unsigned char)raw[i] >= 0x7F || raw[i] == '#')
            return 400;
    const char *mark = memchr(raw, '?', n);
    size_t n_raw = mark ? (size_t)(mark - raw) : n, n_path;
    char *path = kz_arena_alloc(arena, n_raw + 1);
    if (!path)
        return 413;
    if (!decode(raw, n_raw, false, path, &n_path))
        return 400;
    int refused = path_check(raw, n_raw, path, n_path);
    if (refused)
        return refused;
    kz_target t = { .raw = raw, .path = path };
    if (mark) {
        refused = query_parse(mark + 1, arena, &t);
        if (refused)
            return refused;
    }
    *ret = t;
    return 0;
}

static const char NAME_CHARS[] = "abcdefghijklmnopqrstuvwxyz_";

/* Does the path fit the pattern?  Fills params with what stood at each ":name":
 * all up to the next '/', or up to the ending in "/:name.csv". */
static bool fits(const char *pattern, const char *path, kz_param *params, int *n, kz_arena *arena)
{
    *n = 0;
    while (*pattern && *path) {
        if (*pattern != ':') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t n_name = strspn(pattern + 1, NAME_CHARS), n_value = strcspn(path, "/");
        size_t ending = strcspn(pattern + 1 + n_name, "/");
        if (n_value <= ending || *n == KZ_MAX_PATH_PARAMS)
            return false;
        n_value -= ending;
        const char *name = kz_arena_strndup(arena, pattern + 1, n_name);
        const char *value = kz_arena_strndup(arena, path, n_value);
        if (!name || !value)
            return false;
        params[(*n)++] = (kz_param){ name, value };
        pattern += 1 + n_name;
        path += n_value;
    }
    return !*pattern && !*path;
}

static const char *const METHODS[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT" };

static bool is_method(const char *method)
{
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++)
        if (strcmp(METHODS[i], method) == 0)
            return true;
    return false;
}

static const char *allowed(bool get, bool post)
{
    return get && post ? "GET, HEAD, POST" : get ? "GET, HEAD" : "POST";
}

static int find(const kz_page pages[], size_t n, const char *method, const char *path, kz_arena *arena, kz_route *ret)
{
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    bool get = false, post = false;
    kz_param *params = kz_arena_new(arena, kz_param, KZ_MAX_PATH_PARAMS);
    if (!params)
        return 413;
    for (size_t i = 0; i < n; i++) {
        int n_params;
        if (!fits(pages[i].pattern, path, params, &n_params, arena))
            continue;
        if (strcmp(pages[i].method, wanted) == 0) {
            *ret = (kz_route){ .page = &pages[i], .n_path_params = n_params, .path_params = params };
            return 200;
        }
        get |= strcmp(pages[i].method, "GET") == 0;
        post |= strcmp(pages[i].method, "POST") == 0;
    }
    if (!get && !post)
        return 404;
    *ret = (kz_route){ .allow = allowed(get, post) };
    return 405;
}

int kz_route_find(const kz_page pages[], size_t n, const char *method, const kz_target *t, kz_arena *arena,
                  kz_route *ret)
{
    if (!is_method(method))
        return 501;
    size_t len = strlen(t->path);
    if (len < 2 || t->path[len - 1] != '/')
        return find(pages, n, method, t->path, arena, ret);

    char *path = kz_arena_strndup(arena, t->path, len - 1);
    if (!path)
        return 413;
    int code = find(pages, n, method, path, arena, ret);
    if (code != 200)
        return code;
    size_t n_raw = strcspn(t->raw, "?");
    char *location = kz_arena_strdup(arena, t->raw);
    if (!location || location[n_raw - 1] != '/')
        return 404;
    memmove(location + n_raw - 1, location + n_raw, strlen(location + n_raw) + 1);
    ret->location = location;
    return 308;
}

/* A field name is a token of RFC 9110. */
static bool is_token(const char *s)
{
    if (!*s)
        return false;
    for (; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ||
              strchr("!#$%&'*+-.^_`|~", *s)))
            return false;
    return true;
}

static bool is_field_value(const char *s)
{
    for (; *s; s++)
        if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7F)
            return false;
    return true;
}

int kz_headers_check(const char *method, const kz_param fields[], size_t n)
{
    enum { MAX_BODY_DIGITS = 18 };
    size_t bytes = 0;
    int hosts = 0, lengths = 0, encodings = 0;
    bool body = false;
    if (n > KZ_MAX_HEADER_FIELDS)
        return 431;
    for (size_t i = 0; i < n; i++) {
        const char *name = fields[i].name, *value = fields[i].value;
        bytes += strlen(name) + strlen(value) + 4;
        if (bytes > KZ_MAX_HEAD)
            return 431;
        if (!is_token(name) || !is_field_value(value))
            return 400;
        if (strcasecmp(name, "Host") == 0) {
            hosts++;
        } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
            encodings++;
        } else if (strcasecmp(name, "Content-Length") == 0) {
            lengths++;
            size_t digits = strspn(value, "0123456789");
            if (digits == 0 || value[digits])
                return 400;
            if (digits > MAX_BODY_DIGITS)
                return 413;
            body = strspn(value, "0") != digits;
        } else if (strcasecmp(name, "Expect") == 0) {
            return 417;
        }
    }
    if (hosts > 1 || lengths > 1 || encodings > 1 || (lengths && encodings))
        return 400;
    if (encodings)
        return 501;
    if (body && strcmp(method, "POST") != 0)
        return 400;
    return body && kz_body_length(fields, n) > KZ_MAX_BODY ? 413 : 0;
}

uint64_t kz_body_length(const kz_param fields[], size_t n)
{
    const char *text = kz_header(fields, n, "Content-Length");
    uint64_t length = 0;
    for (; text && *text; text++)
        length = length * 10 + (uint64_t)(*text - '0'); /* 18 digits at most */
    return length;
}

const char *kz_header(const kz_param fields[], size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(fields[i].name, name) == 0)
            return fields[i].value;
    return NULL;
}

static const char *param_find(const kz_param *p, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(p[i].name, name) == 0)
            return p[i].value;
    return NULL;
}

const char *kz_path_param(const kz_request *rq, const char *name)
{
    return param_find(rq->path_params, rq->n_path, name);
}

const char *kz_query_param(const kz_request *rq, const char *name)
{
    return param_find(rq->query, rq->n_query, name);
}
