#include "io/geojson_check.h"

#include "base/parse.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

typedef enum member { OTHER, TYPE, COORDINATES, FEATURES, PROPERTIES, CRS } member;
typedef enum want { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA, NOTHING } want;

typedef struct level {
    bool object;
    bool open;       /* below "properties": anything may stand here         */
    bool coords;     /* an array below "coordinates"                        */
    member at;       /* of an object: the member whose value comes          */
    int first_key;
    int brackets;    /* of an object: around the numbers of its coordinates */
    int need;        /* what its type has; 0: no geometry                   */
    const char *type;
} level;

typedef struct check {
    const char *at, *begin, *end;
    level stack[KZ_GEOJSON_DEPTH];
    int depth;
    uint64_t keys[KZ_GEOJSON_KEYS]; /* hashes, of all open objects */
    int n_keys;
    uint32_t feature;
    kz_geojson_fault *fault;
    char text[64]; /* beginning of the text that was read last */
    uint64_t hash;
} check;

static bool fail(check *c, kz_geojson_kind kind, const char *what)
{
    uint32_t line = 1;
    for (const char *p = c->begin; p < c->at; p++)
        line += *p == '\n';
    bool by_feature = kind == KZ_GEOJSON_COORDINATE || kind == KZ_GEOJSON_LEVELS;
    *c->fault = (kz_geojson_fault){ .kind = kind, .line = by_feature && c->feature > 0 ? c->feature : line };
    size_t n = strnlen(what, sizeof c->fault->what - 1);
    while (n > 0 && kz_utf8_bad(what, n) < n)
        n--;
    memcpy(c->fault->what, what, n);
    return false;
}

/* ---- texts ----------------------------------------------------------------- */

/* Four digits of \uXXXX; -1: they are none. */
static int take_hex(check *c)
{
    int v = 0;
    if (c->end - c->at < 4)
        return -1;
    for (int i = 0; i < 4; i++, c->at++) {
        char x = *c->at;
        int digit = x >= '0' && x <= '9' ? x - '0' : x >= 'a' && x <= 'f' ? x - 'a' + 10
                    : x >= 'A' && x <= 'F' ? x - 'A' + 10 : -1;
        if (digit < 0)
            return -1;
        v = v << 4 | digit;
    }
    return v;
}

static void keep(check *c, const char *p, size_t n, size_t *length)
{
    for (size_t i = 0; i < n; i++) {
        c->hash = (c->hash ^ (unsigned char)p[i]) * UINT64_C(1099511628211); /* FNV-1a */
        if (*length + 1 < sizeof c->text)
            c->text[(*length)++] = p[i];
    }
}

static bool take_escape(check *c, size_t *length)
{
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    char utf8[4];
    char x = c->at < c->end ? *c->at++ : '\0';
    const char *known = x ? strchr(FROM, x) : NULL;
    if (known) {
        keep(c, &TO[known - FROM], 1, length);
        return true;
    }
    int v = x == 'u' ? take_hex(c) : -1;
    if (v < 0)
        return fail(c, KZ_GEOJSON_SYNTAX, "\\");
    uint32_t code = (uint32_t)v;
    if (v >= 0xD800 && v < 0xDC00 && c->end - c->at >= 6 && c->at[0] == '\\' && c->at[1] == 'u') {
        c->at += 2;
        int low = take_hex(c);
        if (low >= 0xDC00 && low < 0xE000)
            code = 0x10000 + ((uint32_t)(v - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000))
        return fail(c, KZ_GEOJSON_TEXT, "\\u");
    keep(c, utf8, kz_utf8_put(utf8, code), length);
    return true;
}

/* A text; its beginning and its hash are kept. */
static bool take_text(check *c)
{
    size_t length = 0;
    c->hash = UINT64_C(14695981039346656037);
    for (c->at++; c->at < c->end; ) {
        unsigned char x = (unsigned char)*c->at;
        if (x == '"') {
            c->at++;
            c->text[length] = '\0';
            return true;
        }
        if (x < 0x20)
            return fail(c, KZ_GEOJSON_TEXT, "");
        if (x == '\\') {
            c->at++;
            if (!take_escape(c, &length))
                return false;
        } else {
            keep(c, c->at++, 1, &length);
        }
    }
    return fail(c, KZ_GEOJSON_SYNTAX, "");
}

/* ---- numbers ----------------------------------------------------------------- */

static bool digits(check *c)
{
    const char *from = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return c->at > from;
}

static bool number_ok(check *c)
{
    const char *from = c->at;
    int64_t exponent = 0;
    if (*c->at == '-')
        c->at++;
    const char *whole = c->at;
    if (!digits(c) || (*whole == '0' && c->at - whole > 1))
        return false;
    ptrdiff_t n_whole = c->at - whole;
    if (c->at < c->end && *c->at == '.') {
        c->at++;
        if (!digits(c))
            return false;
    }
    if (c->at < c->end && (*c->at == 'e' || *c->at == 'E')) {
        c->at++;
        bool minus = c->at < c->end && *c->at == '-';
        if (c->at < c->end && (*c->at == '+' || minus))
            c->at++;
        const char *power = c->at;
        if (!digits(c) || !kz_parse_plain(kz_view_from(power, (size_t)(c->at - power)), 0, 1000000, &exponent))
            return false;
        exponent = minus ? -exponent : exponent;
    }
    return c->at - from <= KZ_GEOJSON_NUMBER && n_whole + exponent <= 309; /* a double ends at 1.8e308 */
}

static bool take_number(check *c)
{
    char what[24] = "";
    size_t n = (size_t)(c->end - c->at) < sizeof what - 1 ? (size_t)(c->end - c->at) : sizeof what - 1;
    memcpy(what, c->at, n);
    what[strcspn(what, ",]} \r\n\t")] = '\0';
    return number_ok(c) || fail(c, KZ_GEOJSON_BAD_NUMBER, what);
}

/* ---- values ----------------------------------------------------------------- */

static level *top(check *c)
{
    return c->depth > 0 ? &c->stack[c->depth - 1] : NULL;
}

static bool push(check *c, bool object)
{
    const level *above = top(c);
    if (c->depth == KZ_GEOJSON_DEPTH)
        return fail(c, KZ_GEOJSON_DEEP, "");
    level l = { .object = object, .first_key = c->n_keys, .type = "" };
    l.open = above && (above->open || (above->object && above->at == PROPERTIES));
    l.coords = !object && !l.open && above && (above->coords || (above->object && above->at == COORDINATES));
    if (object && c->depth == 2 && !c->stack[1].object && c->stack[0].object && c->stack[0].at == FEATURES)
        c->feature++;
    c->stack[c->depth++] = l;
    return true;
}

/* The object that the coordinates at hand belong to. */
static level *geometry_of(check *c, int *brackets)
{
    *brackets = 0;
    for (int i = c->depth - 1; i >= 0; i--) {
        if (c->stack[i].object)
            return &c->stack[i];
        ++*brackets;
    }
    return NULL;
}

static bool pop(check *c)
{
    const level *l = top(c);
    c->n_keys = l->first_key;
    c->depth--;
    if (l->object && l->need > 0 && l->brackets > 0 && l->brackets != l->need)
        return fail(c, KZ_GEOJSON_LEVELS, l->type);
    return true;
}

static const struct {
    const char *name;
    int brackets;
} TYPES[] = { { "Point", 1 },        { "MultiPoint", 2 }, { "LineString", 2 },
              { "MultiLineString", 3 }, { "Polygon", 3 },    { "MultiPolygon", 4 } };

/* A text, number or word has been read: is it in its place? */
static bool place_value(check *c, char kind)
{
    level *l = top(c);
    if (!l || l->open)
        return true;
    if (l->object && l->at == TYPE && kind == '"')
        for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
            if (strcmp(c->text, TYPES[i].name) == 0) {
                l->need = TYPES[i].brackets;
                l->type = TYPES[i].name;
            }
    if (l->object && l->at == CRS && c->depth == 1 && kind != 'n')
        return fail(c, KZ_GEOJSON_CRS, "");
    if (l->object && l->at == COORDINATES && kind != 'n')
        return fail(c, KZ_GEOJSON_COORDINATE, kind == '"' ? c->text : "");
    if (!l->coords)
        return true;
    if (kind != '0')
        return fail(c, KZ_GEOJSON_COORDINATE, kind == '"' ? c->text : kind == 'n' ? "null" : "true, false");
    int brackets;
    level *g = geometry_of(c, &brackets);
    if (g && g->brackets > 0 && g->brackets != brackets)
        return fail(c, KZ_GEOJSON_LEVELS, g->type);
    if (g)
        g->brackets = brackets;
    return true;
}

static bool take_word(check *c, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0)
        return take_number(c); /* NaN, Infinity and the like: no number */
    c->at += n;
    return place_value(c, word[0]);
}

static bool take_value(check *c, want *next)
{
    const level *l = top(c);
    *next = c->depth > 0 ? COMMA : NOTHING;
    switch (*c->at) {
    case '{':
        if (l && l->coords)
            return fail(c, KZ_GEOJSON_COORDINATE, "{");
        *next = KEY_OR_END;
        c->at++;
        return push(c, true);
    case '[':
        *next = VALUE_OR_END;
        c->at++;
        return push(c, false);
    case '"':
        return take_text(c) && place_value(c, '"');
    case 't':
        return take_word(c, "true");
    case 'f':
        return take_word(c, "false");
    case 'n':
        return take_word(c, "null");
    case '/': case ',': case ':': case ']': case '}': case '\'':
        return fail(c, KZ_GEOJSON_SYNTAX, (char[2]){ *c->at });
    default:
        return take_number(c) && place_value(c, '0');
    }
}

static bool take_key(check *c)
{
    static const struct {
        const char *name;
        member is;
    } MEMBERS[] = { { "type", TYPE }, { "coordinates", COORDINATES }, { "features", FEATURES },
                    { "properties", PROPERTIES }, { "crs", CRS } };
    level *l = top(c);
    if (!take_text(c))
        return false;
    for (int i = l->first_key; i < c->n_keys; i++)
        if (c->keys[i] == c->hash)
            return fail(c, KZ_GEOJSON_TWICE, c->text);
    if (c->n_keys == KZ_GEOJSON_KEYS)
        return fail(c, KZ_GEOJSON_DEEP, "");
    c->keys[c->n_keys++] = c->hash;
    l->at = OTHER;
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++)
        if (strcmp(c->text, MEMBERS[i].name) == 0)
            l->at = MEMBERS[i].is;
    return true;
}

static bool take_next(check *c, want *w)
{
    char x = *c->at;
    if (*w == NOTHING)
        return fail(c, KZ_GEOJSON_SYNTAX, (char[2]){ x });
    if ((*w == VALUE_OR_END && x == ']') || (*w == KEY_OR_END && x == '}') ||
        (*w == COMMA && x == (top(c)->object ? '}' : ']'))) {
        c->at++;
        bool good = pop(c);
        *w = c->depth > 0 ? COMMA : NOTHING;
        return good;
    }
    switch (*w) {
    case COMMA:
        if (x != ',')
            return fail(c, KZ_GEOJSON_SYNTAX, (char[2]){ x });
        *w = top(c)->object ? KEY : VALUE;
        c->at++;
        return true;
    case KEY: case KEY_OR_END:
        *w = COLON;
        return x == '"' ? take_key(c) : fail(c, KZ_GEOJSON_SYNTAX, (char[2]){ x });
    case COLON:
        *w = VALUE;
        c->at++;
        return x == ':' || fail(c, KZ_GEOJSON_SYNTAX, (char[2]){ x });
    default:
        return take_value(c, w);
    }
}

bool kz_geojson_check(const char *p, size_t n, kz_geojson_fault *ret)
{
    check *c = calloc(1, sizeof *c);
    *ret = (kz_geojson_fault){ .kind = KZ_GEOJSON_DEEP };
    if (!c)
        return false;
    *c = (check){ .at = p, .begin = p, .end = p + n, .fault = ret };
    *ret = (kz_geojson_fault){ 0 };
    want w = VALUE;
    size_t bad = kz_utf8_bad(p, n);
    bool good = true;
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        good = fail(c, KZ_GEOJSON_BOM, "");
    while (good) {
        while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' || *c->at == '\r' || *c->at == '\t'))
            c->at++;
        if (c->at == c->end) {
            good = w == NOTHING || fail(c, KZ_GEOJSON_SYNTAX, "");
            break;
        }
        good = take_next(c, &w);
    }
    if (bad < n && (size_t)(c->at - p) >= bad) {
        c->at = p + bad;
        good = fail(c, KZ_GEOJSON_TEXT, "UTF-8");
    }
    free(c);
    return good;
}
