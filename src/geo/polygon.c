#include "geo/polygon.h"

#include <endian.h>
#include <math.h>
#include <string.h>

/* Coordinates beyond this are no place on Earth in any plane system. */
#define COORD_MAX 1e9

typedef struct reader {
    const unsigned char *p, *end;
    bool big;
} reader;

static bool take_u32(reader *r, uint32_t *ret)
{
    if (r->end - r->p < 4)
        return false;
    uint32_t v;
    memcpy(&v, r->p, 4);
    *ret = r->big ? __builtin_bswap32(v) : v;
    r->p += 4;
    return true;
}

static double get_double(reader *r)
{
    uint64_t v;
    double d;
    memcpy(&v, r->p, 8);
    if (r->big)
        v = __builtin_bswap64(v);
    memcpy(&d, &v, 8);
    r->p += 8;
    return d;
}

/* Byte order and type of the next geometry. */
static bool take_head(reader *r, uint32_t *type)
{
    if (r->end == r->p || *r->p > 1)
        return false;
    r->big = *r->p++ == 0;
    return take_u32(r, type);
}

static kz_status bad(kz_err *err, const char *why)
{
    return kz_fail(err, KZ_E_INPUT, "geo.wkb", kz_s("why", why));
}

static kz_status take_ring(reader *r, int part, kz_arena *a, kz_ring *ret, kz_err *err)
{
    uint32_t n;
    if (!take_u32(r, &n) || n > (size_t)(r->end - r->p) / 16)
        return bad(err, "ring is cut off");
    if (n < 4)
        return bad(err, "ring with less than three corners");
    kz_point *p = kz_arena_new(a, kz_point, n);
    if (!p)
        return kz_fail(err, KZ_E_LIMIT, "geo.memory");
    for (uint32_t i = 0; i < n; i++) {
        p[i].x = get_double(r);
        p[i].y = get_double(r);
        if (!(fabs(p[i].x) <= COORD_MAX) || !(fabs(p[i].y) <= COORD_MAX))
            return bad(err, "coordinate is not a place");
    }
    if (p[0].x != p[n - 1].x || p[0].y != p[n - 1].y)
        return bad(err, "ring is not closed");
    *ret = (kz_ring){ .n = (int)n, .part = part, .p = p };
    return KZ_OK;
}

/* Walk over one polygon; count its rings, or fill them when `rings` is given. */
static kz_status take_polygon(reader *r, int part, kz_arena *a, kz_ring *rings, int *n, kz_err *err)
{
    uint32_t n_rings;
    if (!take_u32(r, &n_rings) || n_rings > (size_t)(r->end - r->p) / 4)
        return bad(err, "polygon is cut off");
    for (uint32_t i = 0; i < n_rings; i++, ++*n) {
        if (rings) {
            KZ_TRY(take_ring(r, part, a, &rings[*n], err));
            continue;
        }
        uint32_t points;
        if (!take_u32(r, &points) || points > (size_t)(r->end - r->p) / 16)
            return bad(err, "ring is cut off");
        r->p += (size_t)points * 16;
    }
    return KZ_OK;
}

enum { WKB_POLYGON = 3, WKB_MULTIPOLYGON = 6 };

static kz_status take_all(reader *r, kz_arena *a, kz_ring *rings, int *n, kz_err *err)
{
    uint32_t type, parts = 0;
    *n = 0;
    if (!take_head(r, &type))
        return bad(err, "no head");
    if (type == WKB_POLYGON)
        return take_polygon(r, 0, a, rings, n, err);
    if (type != WKB_MULTIPOLYGON)
        return bad(err, "not a polygon");
    if (!take_u32(r, &parts) || parts > (size_t)(r->end - r->p) / 9)
        return bad(err, "cut off");
    for (uint32_t i = 0; i < parts; i++) {
        if (!take_head(r, &type) || type != WKB_POLYGON)
            return bad(err, "part is not a polygon");
        KZ_TRY(take_polygon(r, (int)i, a, rings, n, err));
    }
    return KZ_OK;
}

kz_status kz_outline_from_wkb(const void *wkb, size_t n, kz_arena *a, kz_outline *ret, kz_err *err)
{
    const unsigned char *p = wkb;
    if (n > INT32_MAX)
        return kz_fail(err, KZ_E_LIMIT, "geo.memory");
    reader count = { .p = p, .end = p + n }, fill = count;
    int n_rings;
    KZ_TRY(take_all(&count, a, NULL, &n_rings, err));
    if (count.p != count.end)
        return bad(err, "bytes after the end");
    kz_ring *rings = kz_arena_new(a, kz_ring, n_rings);
    if (!rings)
        return kz_fail(err, KZ_E_LIMIT, "geo.memory");
    KZ_TRY(take_all(&fill, a, rings, &n_rings, err));
    *ret = (kz_outline){ .n = n_rings, .rings = rings };
    return KZ_OK;
}

static void put_head(kz_buf *out, uint32_t type, uint32_t n)
{
    const uint32_t words[2] = { htole32(type), htole32(n) };
    kz_buf_char(out, 1);
    kz_buf_add(out, words, sizeof words);
}

static void put_double(kz_buf *out, double d)
{
    uint64_t v;
    memcpy(&v, &d, 8);
    v = htole64(v);
    kz_buf_add(out, &v, 8);
}

void kz_outline_to_wkb(const kz_outline *o, kz_buf *out)
{
    uint32_t parts = 0;
    for (int i = 0; i < o->n; i++)
        parts += i == 0 || o->rings[i].part != o->rings[i - 1].part;
    put_head(out, WKB_MULTIPOLYGON, parts);
    for (int i = 0, n; i < o->n; i += n) {
        for (n = 1; i + n < o->n && o->rings[i + n].part == o->rings[i].part;)
            n++;
        put_head(out, WKB_POLYGON, (uint32_t)n);
        for (int k = i; k < i + n; k++) {
            const uint32_t points = htole32((uint32_t)o->rings[k].n);
            kz_buf_add(out, &points, 4);
            for (int j = 0; j < o->rings[k].n; j++) {
                put_double(out, o->rings[k].p[j].x);
                put_double(out, o->rings[k].p[j].y);
            }
        }
    }
}

double kz_ring_area(const kz_ring *r)
{
    double sum = 0;
    /* Relative to the first point, so that large coordinates do not eat digits. */
    for (int i = 1; i + 1 < r->n; i++)
        sum += (r->p[i].x - r->p[0].x) * (r->p[i + 1].y - r->p[0].y) -
               (r->p[i + 1].x - r->p[0].x) * (r->p[i].y - r->p[0].y);
    return sum / 2;
}

double kz_outline_area(const kz_outline *o)
{
    double sum = 0;
    for (int i = 0; i < o->n; i++) {
        bool shell = i == 0 || o->rings[i].part != o->rings[i - 1].part;
        double area = fabs(kz_ring_area(&o->rings[i]));
        sum += shell ? area : -area;
    }
    return sum;
}

static bool crosses(kz_point a, kz_point b, double x, double y)
{
    return (a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x;
}

bool kz_outline_contains(const kz_outline *o, double x, double y)
{
    bool inside = false;
    for (int i = 0; i < o->n; i++)
        for (int k = 0; k + 1 < o->rings[i].n; k++)
            if (crosses(o->rings[i].p[k], o->rings[i].p[k + 1], x, y))
                inside = !inside;
    return inside;
}
