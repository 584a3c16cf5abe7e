/*
 * The Viertel: each area cut into parts, so that all borders fit.
 *
 * A cut is a crooked line between two points that the outline already has; so
 * no neighbour gets a point that the other lacks.  Of all cuts that give the
 * wanted share of the square, the shortest that stays inside is taken.  What
 * lies inside is decided in whole centimetres, exactly.
 */
/* lint: allow-file german, because these are names of places. */
#include "demo/city.h"

#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RING = 512, MAX_PARTS = 8, BENDS = 3, MAX_LINE = 1 << BENDS };

typedef struct {
    int64_t x, y; /* cm */
} spot;

typedef struct {
    int n; /* open: the last point is not the first again */
    spot p[MAX_RING];
} outline;

typedef struct {
    double score;
    int i, j;
} cut;

static int64_t cross(spot a, spot b, spot c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static int sign(int64_t x)
{
    return (x > 0) - (x < 0);
}

static bool on_segment(spot a, spot b, spot p)
{
    return cross(a, b, p) == 0 && (p.x - a.x) * (p.x - b.x) <= 0 && (p.y - a.y) * (p.y - b.y) <= 0;
}

/* Do two segments have a point in common? */
static bool meet(spot a, spot b, spot c, spot d)
{
    if (on_segment(a, b, c) || on_segment(a, b, d) || on_segment(c, d, a) || on_segment(c, d, b))
        return true;
    return sign(cross(a, b, c)) * sign(cross(a, b, d)) < 0 && sign(cross(c, d, a)) * sign(cross(c, d, b)) < 0;
}

static bool inside(const outline *o, spot p)
{
    bool in = false;
    for (int k = 0; k < o->n; k++) {
        spot a = o->p[k], b = o->p[(k + 1) % o->n];
        if (on_segment(a, b, p))
            return false;
        if ((a.y > p.y) != (b.y > p.y) && (cross(a, b, p) > 0) == (b.y > a.y))
            in = !in;
    }
    return in;
}

static double twice_area(const outline *o, int from, int to)
{
    int64_t sum = 0;
    for (int k = from; k < to; k++) {
        spot a = o->p[k], b = o->p[(k + 1) % o->n];
        sum += (a.x - o->p[0].x) * (b.y - o->p[0].y) - (b.x - o->p[0].x) * (a.y - o->p[0].y);
    }
    return (double)sum;
}

/* Midpoint displacement, in whole centimetres; only the points between the ends. */
static int bend(kz_rng *r, spot a, spot b, int depth, double most, spot *out)
{
    if (depth == 0)
        return 0;
    double aside = most * (2 * kz_rng_unit(r) - 1);
    spot mid = { (int64_t)floor((double)(a.x + b.x) / 2 - (double)(b.y - a.y) * aside + 0.5),
                 (int64_t)floor((double)(a.y + b.y) / 2 + (double)(b.x - a.x) * aside + 0.5) };
    int n = bend(r, a, mid, depth - 1, most, out);
    out[n++] = mid;
    return n + bend(r, mid, b, depth - 1, most, out + n);
}

/* Does the line i, line[0 … n-1], j run through the inside, touching nothing? */
static bool fits(const outline *o, int i, int j, const spot *line, int n)
{
    spot at[MAX_LINE + 2];
    at[0] = o->p[i];
    memcpy(at + 1, line, (size_t)n * sizeof *line);
    at[n + 1] = o->p[j];
    for (int k = 1; k <= n; k++)
        if (!inside(o, at[k]))
            return false;
    for (int k = 0; k <= n; k++)
        for (int e = 0; e < o->n; e++) {
            int f = (e + 1) % o->n;
            bool at_i = k == 0 && (e == i || f == i), at_j = k == n && (e == j || f == j);
            if (!at_i && !at_j && meet(at[k], at[k + 1], o->p[e], o->p[f]))
                return false;
            if (at_i &&
                (cross(o->p[i], at[1], o->p[e == i ? f : e]) == 0 || on_segment(o->p[e], o->p[f], at[1])))
                return false;
            if (at_j &&
                (cross(o->p[j], at[n], o->p[e == j ? f : e]) == 0 || on_segment(o->p[e], o->p[f], at[n])))
                return false;
        }
    for (int k = 0; k <= n; k++) /* nor itself */
        for (int m = k + 2; m <= n; m++)
            if (meet(at[k], at[k + 1], at[m], at[m + 1]))
                return false;
    return true;
}

static int by_score(const void *pa, const void *pb)
{
    const cut *a = pa, *b = pb;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->i != b->i ? a->i - b->i : a->j - b->j;
}

/* All cuts, the best first: short for the square, and near the wanted share on either side. */
static int rank_cuts(const outline *o, double want, cut *c)
{
    double all = twice_area(o, 0, o->n), upto[MAX_RING + 1];
    int n = 0;
    upto[0] = 0;
    for (int k = 0; k < o->n; k++)
        upto[k + 1] = upto[k] + twice_area(o, k, k + 1);
    for (int i = 0; i < o->n; i++)
        for (int j = i + 4; j < o->n && j - i <= o->n - 4; j++) {
            spot a = o->p[i], b = o->p[j], z = o->p[0];
            double chord = (double)((b.x - z.x) * (a.y - z.y) - (a.x - z.x) * (b.y - z.y));
            double part = (upto[j] - upto[i] + chord) / all;
            double off = fmin(fabs(part - want), fabs(1 - part - want));
            double dx = (double)(b.x - a.x), dy = (double)(b.y - a.y);
            if (part > 0 && part < 1 && off < 0.12)
                c[n++] = (cut){ 2 * (dx * dx + dy * dy) / all + 60 * off * off, i, j };
        }
    qsort(c, (size_t)n, sizeof *c, by_score);
    return n;
}

static void half_of(const outline *o, int from, int to, const spot *line, int n, bool forward, outline *out)
{
    out->n = 0;
    for (int k = from;; k = (k + 1) % o->n) {
        KZ_ASSERT(out->n < MAX_RING);
        out->p[out->n++] = o->p[k];
        if (k == to)
            break;
    }
    for (int k = 0; k < n; k++) {
        KZ_ASSERT(out->n < MAX_RING);
        out->p[out->n++] = line[forward ? k : n - 1 - k];
    }
}

/* Cut `o` into `parts`; *n_out counts what is finished.  False: no cut fits. */
static bool divide(const outline *o, int parts, kz_rng *r, cut *work, outline out[], int *n_out)
{
    if (parts == 1) {
        out[(*n_out)++] = *o;
        return true;
    }
    int fewer = parts / 2;
    double want = (double)fewer / parts;
    int n = rank_cuts(o, want, work);
    spot line[MAX_LINE];
    for (int c = 0; c < n; c++) {
        int i = work[c].i, j = work[c].j, points = 0;
        bool ok = false;
        for (int attempt = 0; attempt < 3 && !ok; attempt++) {
            points = attempt < 2 ? bend(r, o->p[i], o->p[j], BENDS, attempt == 0 ? 0.13 : 0.06, line) : 1;
            if (attempt == 2)
                line[0] = (spot){ (o->p[i].x + o->p[j].x) / 2, (o->p[i].y + o->p[j].y) / 2 };
            ok = fits(o, i, j, line, points);
        }
        if (!ok)
            continue;
        outline a, b;
        half_of(o, i, j, line, points, false, &a);
        half_of(o, j, i, line, points, true, &b);
        bool a_is_small = twice_area(&a, 0, a.n) < twice_area(&b, 0, b.n);
        if (fewer * 2 == parts || a_is_small)
            return divide(&a, fewer, r, work, out, n_out) && divide(&b, parts - fewer, r, work, out, n_out);
        return divide(&b, fewer, r, work, out, n_out) && divide(&a, parts - fewer, r, work, out, n_out);
    }
    return false;
}

/* How many parts each area gets: by its people, 2 at least and 7 at most, 240 in all (Sainte-Laguë). */
static void share_parts(const kz_city *city, int parts[])
{
    for (int i = 0; i < KZ_CITY_N_AREAS; i++)
        parts[i] = 2;
    for (int given = 2 * KZ_CITY_N_AREAS; given < KZ_CITY_N_QUARTERS; given++) {
        int most = 0;
        double people = -1;
        for (int i = 0; i < KZ_CITY_N_AREAS; i++)
            if (parts[i] < 7 && city->area[i].people / (2 * parts[i] + 1) > people) {
                people = city->area[i].people / (2 * parts[i] + 1);
                most = i;
            }
        parts[most]++;
    }
}

static void centre_of(kz_city_quarter *q)
{
    double sum = 0, x = 0, y = 0, x0 = q->ring[0].x, y0 = q->ring[0].y;
    for (int k = 0; k + 1 < q->n_ring; k++) {
        double ax = q->ring[k].x - x0, ay = q->ring[k].y - y0, bx = q->ring[k + 1].x - x0,
               by = q->ring[k + 1].y - y0;
        double c = ax * by - bx * ay;
        sum += c;
        x += c * (ax + bx);
        y += c * (ay + by);
    }
    q->square = sum / 2;
    q->centre = (kz_city_point){ x0 + x / (3 * sum), y0 + y / (3 * sum) };
}

/* The corner of the area that is still free and that a part lies farthest in: "Nord" and so on. */
static void name_parts(kz_city *city, const kz_city_area *a)
{
    static const struct {
        const char *word;
        double x, y;
    } SIDE[] = { { "Nord", 0, 1 }, { "Süd", 0, -1 }, { "Ost", 1, 0 }, { "West", -1, 0 } };
    double cx = 0, cy = 0;
    int left = a->n_quarters, middle = 0;
    for (int k = 0; k < a->n_quarters; k++) {
        cx += city->quarter[a->first_quarter + k].centre.x / a->n_quarters;
        cy += city->quarter[a->first_quarter + k].centre.y / a->n_quarters;
    }
    for (int s = 0; s < 4 && left > 0; s++, left--) {
        kz_city_quarter *best = &city->quarter[a->first_quarter];
        double far = -1e9;
        for (int k = 0; k < a->n_quarters; k++) {
            kz_city_quarter *q = &city->quarter[a->first_quarter + k];
            double d = SIDE[s].x * (q->centre.x - cx) + SIDE[s].y * (q->centre.y - cy);
            if (!q->name[0] && d > far) {
                best = q;
                far = d;
            }
        }
        snprintf(best->name, sizeof best->name, "%s-%s", a->name, SIDE[s].word);
    }
    for (int k = 0; k < a->n_quarters; k++) {
        kz_city_quarter *q = &city->quarter[a->first_quarter + k];
        if (!q->name[0])
            snprintf(q->name, sizeof q->name, "%s-Mitte%s", a->name,
                     (const char *[]){ "", " II", " III" }[middle++]);
    }
}

static double around(kz_rng *r, double mean, double spread)
{
    return mean + spread * (kz_rng_unit(r) + kz_rng_unit(r) - 1);
}

static double clamp(double x, double lo, double hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

/* A quarter is much like its area, but not quite. */
static void characters(kz_city *city, const kz_city_area *a, kz_rng *r)
{
    double size[MAX_PARTS], all = 0;
    for (int k = 0; k < a->n_quarters; k++) {
        kz_city_quarter *q = &city->quarter[a->first_quarter + k];
        q->strain = clamp(around(r, a->strain, 0.08 + 0.22 * a->strain), 0.02, 0.97);
        q->family = clamp(around(r, a->family, 0.2), 0, 1);
        q->campus = a->campus;
        q->growth = around(r, a->growth, 0.006);
        size[k] = 0.5 + kz_rng_unit(r) + 0.5 * q->strain;
        all += size[k];
    }
    for (int k = 0; k < a->n_quarters; k++)
        city->quarter[a->first_quarter + k].people = a->people * size[k] / all;
}

kz_status kz_city_quarters(kz_city *city, kz_arena *a, kz_err *err)
{
    int parts[KZ_CITY_N_AREAS], next = 0;
    cut *work = kz_arena_new(a, cut, MAX_RING * MAX_RING / 2);
    outline *whole = kz_arena_new(a, outline, 1), *part = kz_arena_new(a, outline, MAX_PARTS);
    if (!work || !whole || !part)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    share_parts(city, parts);
    kz_rng r = kz_rng_stream(city->seed, UINT64_C(4) << 40);
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        kz_city_area *area = &city->area[i];
        kz_rng crooked = kz_rng_stream(city->seed, (UINT64_C(5) << 40) + (uint64_t)i);
        int n = 0;
        whole->n = area->n_ring - 1;
        KZ_ASSERT(whole->n <= MAX_RING);
        for (int k = 0; k < whole->n; k++)
            whole->p[k] = (spot){ (int64_t)floor(area->ring[k].x * 100 + 0.5),
                                  (int64_t)floor(area->ring[k].y * 100 + 0.5) };
        bool cuts = divide(whole, parts[i], &crooked, work, part, &n);
        KZ_ASSERT(cuts && n == parts[i]);
        area->first_quarter = next;
        area->n_quarters = n;
        for (int k = 0; k < n; k++, next++) {
            kz_city_quarter *q = &city->quarter[next];
            q->area = i;
            q->n_ring = part[k].n + 1;
            q->ring = kz_arena_new(a, kz_city_point, q->n_ring);
            if (!q->ring)
                return kz_fail(err, KZ_E_LIMIT, "demo.memory");
            for (int m = 0; m < q->n_ring; m++)
                q->ring[m] = (kz_city_point){ (double)part[k].p[m % part[k].n].x / 100,
                                              (double)part[k].p[m % part[k].n].y / 100 };
            centre_of(q);
            snprintf(q->key, sizeof q->key, "%.5s%02u", area->key, (unsigned)(k + 1) % 100);
        }
        name_parts(city, area);
        characters(city, area, &r);
    }
    return KZ_OK;
}
