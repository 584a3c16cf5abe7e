#include "geo/corner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

kz_status kz_ints_add(kz_buf_ints *b, int v, kz_err *err)
{
    if (b->n == b->room) {
        int room = b->room ? 2 * b->room : 64;
        int *grown = room < (1 << 28) ? realloc(b->v, (size_t)room * sizeof *grown) : NULL;
        if (!grown)
            return full(err);
        b->v = grown;
        b->room = room;
    }
    b->v[b->n++] = v;
    return KZ_OK;
}

kz_status kz_corners_init(kz_corners *c, size_t expected, double snap, kz_err *err)
{
    size_t slots = 64;
    while (slots < 2 * expected)
        slots *= 2;
    *c = (kz_corners){ .snap = snap, .cell = snap > 0 ? 8 * snap : 1, .mask = slots - 1 };
    c->heads = malloc(slots * sizeof *c->heads);
    if (!c->heads)
        return full(err);
    for (size_t i = 0; i < slots; i++)
        c->heads[i] = -1;
    return KZ_OK;
}

void kz_corners_done(kz_corners *c)
{
    free(c->p);
    free(c->next);
    free(c->seen);
    free(c->heads);
    *c = (kz_corners){ 0 };
}

static int *head_of(const kz_corners *c, int64_t cx, int64_t cy)
{
    uint64_t h = (uint64_t)cx * 0x9E3779B97F4A7C15u ^ (uint64_t)cy * 0xC2B2AE3D27D4EB4Fu;
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return &c->heads[(h >> 16) & c->mask];
}

static int64_t cell_of(const kz_corners *c, double x)
{
    return (int64_t)floor(x / c->cell);
}

kz_status kz_corner_new(kz_corners *c, kz_point p, int *ret, kz_err *err)
{
    if (c->n == c->room) {
        int room = c->room ? 2 * c->room : 1024;
        kz_point *points = realloc(c->p, (size_t)room * sizeof *points);
        if (points)
            c->p = points;
        int *next = realloc(c->next, (size_t)room * sizeof *next);
        if (next)
            c->next = next;
        int *seen = realloc(c->seen, (size_t)room * sizeof *seen);
        if (seen)
            c->seen = seen;
        if (!points || !next || !seen)
            return full(err);
        c->room = room;
    }
    c->p[c->n] = p;
    c->next[c->n] = -1;
    c->seen[c->n] = 0;
    *ret = c->n++;
    return KZ_OK;
}

kz_status kz_corner_at(kz_corners *c, kz_point p, int *ret, kz_err *err)
{
    int64_t cx = cell_of(c, p.x), cy = cell_of(c, p.y);
    int nearest = -1;
    double least = c->snap * c->snap;
    for (int64_t x = cx - 1; x <= cx + 1; x++) {
        for (int64_t y = cy - 1; y <= cy + 1; y++) {
            for (int i = *head_of(c, x, y); i >= 0; i = c->next[i]) {
                double dx = c->p[i].x - p.x, dy = c->p[i].y - p.y, d = dx * dx + dy * dy;
                /* Equal distances: the older corner, whatever the chain's order. */
                if (d < least || (d == least && (nearest < 0 || i < nearest))) {
                    least = d;
                    nearest = i;
                }
            }
        }
    }
    if (nearest >= 0) {
        *ret = nearest;
        return KZ_OK;
    }
    KZ_TRY(kz_corner_new(c, p, ret, err));
    int *head = head_of(c, cx, cy);
    c->next[*ret] = *head;
    *head = *ret;
    return KZ_OK;
}

/* Place of corner i along the edge (0..1), or -1 when it is not on it. */
static double place_on(const kz_corners *c, kz_point a, kz_point b, int i)
{
    double dx = b.x - a.x, dy = b.y - a.y, len2 = dx * dx + dy * dy;
    double t = ((c->p[i].x - a.x) * dx + (c->p[i].y - a.y) * dy) / len2;
    if (!(t > 0 && t < 1))
        return -1;
    double ex = a.x + t * dx - c->p[i].x, ey = a.y + t * dy - c->p[i].y;
    return ex * ex + ey * ey <= c->snap * c->snap ? t : -1;
}

kz_status kz_corners_on_edge(kz_corners *c, int from, int to, kz_buf_ints *out, kz_err *err)
{
    if (!(c->snap > 0) || from == to)
        return KZ_OK;
    kz_point a = c->p[from], b = c->p[to];
    double length = hypot(b.x - a.x, b.y - a.y);
    double steps = ceil(length / c->cell);
    if (steps > 1e6)
        return full(err);
    int first = out->n;
    c->stamp++;
    c->seen[from] = c->seen[to] = c->stamp;
    for (double s = 0; s <= steps; s++) {
        double t = steps > 0 ? s / steps : 0;
        int64_t cx = cell_of(c, a.x + t * (b.x - a.x)), cy = cell_of(c, a.y + t * (b.y - a.y));
        for (int64_t x = cx - 1; x <= cx + 1; x++) {
            for (int64_t y = cy - 1; y <= cy + 1; y++) {
                for (int i = *head_of(c, x, y); i >= 0; i = c->next[i]) {
                    if (c->seen[i] == c->stamp)
                        continue;
                    c->seen[i] = c->stamp;
                    if (place_on(c, a, b, i) >= 0)
                        KZ_TRY(kz_ints_add(out, i, err));
                }
            }
        }
    }
    /* Few corners lie on one edge: insertion sort by place, then number. */
    for (int i = first + 1; i < out->n; i++) {
        int v = out->v[i], k = i;
        double t = place_on(c, a, b, v);
        for (; k > first; k--) {
            double before = place_on(c, a, b, out->v[k - 1]);
            if (before < t || (before == t && out->v[k - 1] < v))
                break;
            out->v[k] = out->v[k - 1];
        }
        out->v[k] = v;
    }
    return KZ_OK;
}
