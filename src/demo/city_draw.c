/*
 * The outlines: Voronoi cells of 60 points, their borders made crooked.
 *
 * Each border belongs to a pair of neighbours and is bent once (midpoint
 * displacement, Fournier, Fussell & Carpenter 1982), so neighbours fit to the
 * centimetre.  Points outside the city close the outer cells; they give the
 * city its ragged edge.  No trigonometry: the same bytes on every machine.
 */
#include "demo/city.h"

#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    N_GHOSTS = 42, /* outside the city, they bound its outer cells */
    N_FRAME = 8,   /* far away, they bound the ghosts              */
    N_POINTS = KZ_CITY_N_AREAS + N_GHOSTS + N_FRAME,
    MAX_TRIANGLES = 2 * N_POINTS,
    BENDS = 4,     /* 2^4 - 1 = 15 points on a border              */
};

typedef struct {
    double x, y;
} vec;

typedef struct {
    int seed[3];
    vec centre;
} triangle;

typedef struct {
    vec      point[N_POINTS];
    triangle tri[MAX_TRIANGLES];
    int      n_tri;
    uint64_t seed;
} sketch;

static double between(kz_rng *r, double lo, double hi)
{
    return lo + (hi - lo) * kz_rng_unit(r);
}

static double dist2(vec a, vec b)
{
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

static double cross(vec a, vec b)
{
    return a.x * b.y - a.y * b.x;
}

static vec in_ring(kz_rng *r, double inner, double outer)
{
    vec p;
    double d2;
    do {
        p = (vec){ between(r, -outer, outer), between(r, -outer, outer) };
        d2 = p.x * p.x + p.y * p.y;
    } while (d2 > outer * outer || d2 < inner * inner);
    return p;
}

/* Mitchell's best candidate: of many darts take the one farthest from all
 * earlier points, measured in the local spacing (narrow in the centre). */
static void throw_points(kz_rng *r, sketch *s, int from, int to, double inner, double outer)
{
    for (int i = from; i < to; i++) {
        double best = -1;
        for (int c = 0; c < 40 + 8 * i; c++) {
            vec p = in_ring(r, inner, outer);
            double spacing = 0.35 + sqrt(p.x * p.x + p.y * p.y);
            double nearest = 1e9;
            for (int j = 0; j < i; j++) {
                double d = dist2(p, s->point[j]);
                nearest = d < nearest ? d : nearest;
            }
            if (nearest / (spacing * spacing) > best) {
                best = nearest / (spacing * spacing);
                s->point[i] = p;
            }
        }
    }
}

static bool circumcentre(vec a, vec b, vec c, vec *ret)
{
    vec ab = { b.x - a.x, b.y - a.y }, ac = { c.x - a.x, c.y - a.y };
    double d = 2 * cross(ab, ac);
    if (fabs(d) < 1e-12)
        return false;
    double b2 = ab.x * ab.x + ab.y * ab.y, c2 = ac.x * ac.x + ac.y * ac.y;
    ret->x = a.x + (ac.y * b2 - ab.y * c2) / d;
    ret->y = a.y + (ab.x * c2 - ac.x * b2) / d;
    return true;
}

static bool empty_circle(const sketch *s, const triangle *t)
{
    double r2 = dist2(t->centre, s->point[t->seed[0]]);
    for (int m = 0; m < N_POINTS; m++)
        if (m != t->seed[0] && m != t->seed[1] && m != t->seed[2] &&
            dist2(t->centre, s->point[m]) < r2 - 1e-12)
            return false;
    return true;
}

/* All triangles with an empty circumcircle; for 110 points brute force is
 * quick and cannot be wrong. */
static void triangulate(sketch *s)
{
    for (int i = 0; i < N_POINTS; i++)
        for (int j = i + 1; j < N_POINTS; j++)
            for (int k = j + 1; k < N_POINTS; k++) {
                triangle t = { .seed = { i, j, k } };
                if (!circumcentre(s->point[i], s->point[j], s->point[k], &t.centre) || !empty_circle(s, &t))
                    continue;
                KZ_ASSERT(s->n_tri < MAX_TRIANGLES);
                s->tri[s->n_tri++] = t;
            }
}

/* Halve the way from `a` to `b` again and again, each time a little aside. */
static void bend(kz_rng *r, vec a, vec b, int depth, vec **at)
{
    if (depth == 0)
        return;
    double aside = between(r, -0.14, 0.14);
    vec mid = { (a.x + b.x) / 2 - (b.y - a.y) * aside, (a.y + b.y) / 2 + (b.x - a.x) * aside };
    bend(r, a, mid, depth - 1, at);
    *(*at)++ = mid;
    bend(r, mid, b, depth - 1, at);
}

/* The border between seeds i and j from triangle `from` to `to`; drawn in one
 * direction only and turned round for the other side. */
static int border(const sketch *s, int i, int j, int from, int to, vec *out)
{
    vec line[1 << BENDS], *end = line;
    int lo = from < to ? from : to, hi = from < to ? to : from;
    kz_rng r = kz_rng_stream(s->seed, (uint64_t)(i < j ? i * N_POINTS + j : j * N_POINTS + i));
    bend(&r, s->tri[lo].centre, s->tri[hi].centre, BENDS, &end);
    int n = (int)(end - line);
    out[0] = s->tri[from].centre;
    for (int k = 0; k < n; k++)
        out[1 + k] = from < to ? line[k] : line[n - 1 - k];
    return n + 1;
}

/* Counter-clockwise order of directions, without angles. */
static int half(vec d)
{
    return d.y < 0 || (d.y == 0 && d.x < 0);
}

static bool before(vec a, vec b)
{
    if (half(a) != half(b))
        return half(a) < half(b);
    return cross(a, b) > 0;
}

static int common_neighbour(const triangle *a, const triangle *b, int i)
{
    for (int p = 0; p < 3; p++)
        for (int q = 0; q < 3; q++)
            if (a->seed[p] == b->seed[q] && a->seed[p] != i)
                return a->seed[p];
    KZ_ASSERT(false && "consecutive triangles around a point share an edge");
    return -1;
}

static kz_city_point to_metres(vec p)
{
    /* A stretched and slightly turned disk, 18 by 14 km, far from any city. */
    double x = 460000 + 8600 * p.x + 1700 * p.y;
    double y = 5740000 - 1100 * p.x + 7000 * p.y;
    return (kz_city_point){ floor(x * 100 + 0.5) / 100, floor(y * 100 + 0.5) / 100 };
}

static kz_status outline(const sketch *s, int i, kz_arena *a, kz_city_area *area, kz_err *err)
{
    int around[32], n = 0;
    for (int t = 0; t < s->n_tri; t++)
        if (s->tri[t].seed[0] == i || s->tri[t].seed[1] == i || s->tri[t].seed[2] == i) {
            KZ_ASSERT(n < 32);
            around[n++] = t;
        }
    for (int k = 1; k < n; k++) /* insertion sort: a dozen at most */
        for (int m = k; m > 0; m--) {
            vec c0 = s->tri[around[m - 1]].centre, c1 = s->tri[around[m]].centre;
            vec d0 = { c0.x - s->point[i].x, c0.y - s->point[i].y };
            vec d1 = { c1.x - s->point[i].x, c1.y - s->point[i].y };
            if (before(d0, d1))
                break;
            int swap = around[m];
            around[m] = around[m - 1];
            around[m - 1] = swap;
        }
    vec line[1 << BENDS];
    area->ring = kz_arena_new(a, kz_city_point, n * (1 << BENDS) + 1);
    if (!area->ring)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    for (int k = 0; k < n; k++) {
        int from = around[k], to = around[(k + 1) % n];
        int j = common_neighbour(&s->tri[from], &s->tri[to], i);
        int points = border(s, i, j, from, to, line);
        for (int p = 0; p < points; p++)
            area->ring[area->n_ring++] = to_metres(line[p]);
    }
    area->ring[area->n_ring++] = area->ring[0];
    return KZ_OK;
}

/* The centre is district 0; six sectors of unequal width are the others. */
static int district_of(vec p)
{
    static const vec SPOKE[] = { { 1, 0.15 }, { 0.45, 1 }, { -0.55, 1 }, { -1, 0.05 }, { -0.5, -1 }, { 0.6, -1 } };
    if (p.x * p.x + p.y * p.y < 0.36 * 0.36)
        return 0;
    for (int k = 0; k < 6; k++)
        if (cross(SPOKE[k], p) >= 0 && cross(SPOKE[(k + 1) % 6], p) < 0)
            return k + 1;
    return 1;
}

static int by_district_and_distance(const void *pa, const void *pb)
{
    const kz_city_area *a = pa, *b = pb;
    if (a->district != b->district)
        return a->district - b->district;
    double da = a->u * a->u + a->v * a->v, db = b->u * b->u + b->v * b->v;
    return (da > db) - (da < db);
}

kz_status kz_city_draw(kz_city *city, kz_arena *a, kz_err *err)
{
    sketch *s = kz_arena_new(a, sketch, 1);
    if (!s)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    s->seed = city->seed;
    kz_rng r = kz_rng_stream(city->seed, UINT64_C(1) << 40);
    throw_points(&r, s, 0, KZ_CITY_N_AREAS, 0, 1);
    throw_points(&r, s, KZ_CITY_N_AREAS, KZ_CITY_N_AREAS + N_GHOSTS, 1.12, 1.6);
    static const vec FRAME[N_FRAME] = { { 5, 0 },  { 4, 4 },   { 0, 5 },  { -4, 4 },
                                        { -5, 0 }, { -4, -4 }, { 0, -5 }, { 4, -4 } };
    memcpy(&s->point[N_POINTS - N_FRAME], FRAME, sizeof FRAME);
    triangulate(s);
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        kz_city_area *area = &city->area[i];
        area->u = s->point[i].x;
        area->v = s->point[i].y;
        area->district = district_of(s->point[i]);
        KZ_TRY(outline(s, i, a, area, err));
    }
    qsort(city->area, KZ_CITY_N_AREAS, sizeof city->area[0], by_district_and_distance);
    for (int i = 0, in_district = 0; i < KZ_CITY_N_AREAS; i++) {
        in_district = i > 0 && city->area[i].district == city->area[i - 1].district ? in_district + 1 : 1;
        snprintf(city->area[i].key, sizeof city->area[i].key, "%d%02d", city->area[i].district + 1, in_district);
    }
    return KZ_OK;
}
