#include "geo/svgmap.h"

#include "base/buf.h"
#include "geo/topology.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Room around the map for the outline of a chosen area (7 units wide). */
static const double MARGIN = 4;
/* A label is drawn about this high and usually three times as wide. */
static const double LABEL_HALF_HEIGHT = 4, LABEL_SHAPE = 3;
enum { PATH_MAX = 32 << 20 };

/* A place in tenths of a map unit: what is written into paths. */
typedef struct tenth {
    int x, y;
} tenth;

typedef struct frame {
    double x0, y1, scale;
} frame;

static tenth to_map(const frame *f, kz_point p)
{
    return (tenth){ (int)lround(((p.x - f->x0) * f->scale + MARGIN) * 10),
                    (int)lround(((f->y1 - p.y) * f->scale + MARGIN) * 10) };
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

/* "12.3", ".5", "-4": the shortest form; a space only where it is needed. */
static void put_tenth(kz_buf *b, int v, bool space)
{
    unsigned u = v < 0 ? -(unsigned)v : (unsigned)v;
    if (v < 0)
        kz_buf_char(b, '-');
    else if (space)
        kz_buf_char(b, ' ');
    if (u >= 10 || u == 0)
        kz_buf_fmt(b, "%u", u / 10);
    if (u % 10)
        kz_buf_fmt(b, ".%u", u % 10);
}

static void put_line(kz_buf *b, const tenth p[], int n, bool close)
{
    kz_buf_char(b, 'M');
    put_tenth(b, p[0].x, false);
    put_tenth(b, p[0].y, true);
    bool first = true;
    for (int i = 1; i < n; i++) {
        if (p[i].x == p[i - 1].x && p[i].y == p[i - 1].y)
            continue;
        if (first)
            kz_buf_char(b, 'l');
        put_tenth(b, p[i].x - p[i - 1].x, !first);
        put_tenth(b, p[i].y - p[i - 1].y, true);
        first = false;
    }
    if (close)
        kz_buf_char(b, 'z');
}

static char *keep_text(kz_buf *b, kz_arena *a)
{
    return kz_buf_status(b) == KZ_OK ? kz_arena_strndup(a, kz_buf_text(b), b->n) : NULL;
}

/* Shells one way round, holes the other, so that both fill rules agree. */
static void turn(kz_point p[], int n, bool hole)
{
    double area = 0;
    for (int i = 0; i < n; i++) {
        const kz_point *q = &p[(i + 1) % n];
        area += (p[i].x - p[0].x) * (q->y - p[0].y) - (q->x - p[0].x) * (p[i].y - p[0].y);
    }
    if ((area < 0) == hole)
        return;
    for (int i = 0; i < n / 2; i++) {
        kz_point swap = p[i];
        p[i] = p[n - 1 - i];
        p[n - 1 - i] = swap;
    }
}

/* Free room to the left and right of (x, y); false when y misses the area at x. */
static bool room_at(const kz_outline *o, double x, double y, double *left, double *right)
{
    if (!kz_outline_contains(o, x, y))
        return false;
    for (int i = 0; i < o->n; i++) {
        for (int k = 0; k + 1 < o->rings[i].n; k++) {
            kz_point a = o->rings[i].p[k], b = o->rings[i].p[k + 1];
            if ((a.y > y) == (b.y > y))
                continue;
            double at = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
            if (at <= x)
                *left = fmax(*left, at);
            else
                *right = fmin(*right, at);
        }
    }
    return true;
}

static void place_label(const kz_outline *o, kz_map_area *m)
{
    double x, y, radius, left = -DBL_MAX, right = DBL_MAX;
    kz_outline_inner_point_wide(o, LABEL_SHAPE, &x, &y, &radius);
    m->label_x = x;
    m->label_y = y;
    bool inside = room_at(o, x, y, &left, &right);
    if (!inside)
        return;
    room_at(o, x, y - LABEL_HALF_HEIGHT, &left, &right);
    room_at(o, x, y + LABEL_HALF_HEIGHT, &left, &right);
    m->label_x = (left + right) / 2;
    m->label_width = right - left;
}

/* Draw the rings of one area: they stand together in the topology. */
static kz_status draw_area(const kz_topology *t, int first, int n_rings, const frame *f, kz_arena *a,
                           kz_map_area *m, kz_err *err)
{
    kz_auto(kz_buf) d = kz_buf_init(PATH_MAX);
    kz_arena scratch __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&scratch, (size_t)1 << 28);
    kz_ring *rings = kz_arena_new(&scratch, kz_ring, n_rings);
    if (!rings)
        return full(err);
    for (int i = 0; i < n_rings; i++) {
        const kz_topo_ring *r = &t->rings[first + i];
        int n = kz_topo_ring_size(t, r);
        kz_point *p = kz_arena_new(&scratch, kz_point, n + 1);
        tenth *q = kz_arena_new(&scratch, tenth, n);
        if (!p || !q)
            return full(err);
        kz_topo_ring_points(t, r, p);
        turn(p, n, r->hole);
        for (int k = 0; k < n; k++) {
            q[k] = to_map(f, p[k]);
            p[k] = (kz_point){ q[k].x / 10.0, q[k].y / 10.0 };
            m->x0 = fmin(m->x0, p[k].x);
            m->x1 = fmax(m->x1, p[k].x);
            m->y0 = fmin(m->y0, p[k].y);
            m->y1 = fmax(m->y1, p[k].y);
        }
        p[n] = p[0];
        rings[i] = (kz_ring){ .n = n + 1, .part = r->part, .p = p };
        put_line(&d, q, n, true);
    }
    kz_outline o = { .n = n_rings, .rings = rings };
    m->surface = kz_outline_area(&o);
    place_label(&o, m);
    m->d = keep_text(&d, a);
    return m->d ? KZ_OK : full(err);
}

static kz_status draw_areas(const kz_topology *t, const frame *f, kz_arena *a, kz_map_area areas[], kz_err *err)
{
    for (int i = 0; i < t->n_areas; i++)
        areas[i] = (kz_map_area){ .d = "" };
    for (int i = 0, n; i < t->n_rings; i += n) {
        kz_map_area *m = &areas[t->rings[i].area];
        *m = (kz_map_area){ .x0 = DBL_MAX, .y0 = DBL_MAX, .x1 = -DBL_MAX, .y1 = -DBL_MAX };
        for (n = 1; i + n < t->n_rings && t->rings[i + n].area == t->rings[i].area;)
            n++;
        KZ_TRY(draw_area(t, i, n, f, a, m, err));
    }
    return KZ_OK;
}

/* Ends of an arc in a fixed order, to find two lines between the same corners. */
static int by_ends(const void *va, const void *vb)
{
    const kz_arc *a = *(const kz_arc *const *)va, *b = *(const kz_arc *const *)vb;
    int a0 = a->from < a->to ? a->from : a->to, a1 = a->from < a->to ? a->to : a->from;
    int b0 = b->from < b->to ? b->from : b->to, b1 = b->from < b->to ? b->to : b->from;
    if (a0 != b0)
        return a0 < b0 ? -1 : 1;
    if (a1 != b1)
        return a1 < b1 ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* Do two lines between the same corners enclose less than a strip `width` wide? */
static bool is_sliver(const kz_arc *a, const kz_arc *b, double width)
{
    double area = 0, length = 0;
    kz_point o = a->p[0];
    for (int side = 0; side < 2; side++) {
        const kz_arc *arc = side ? b : a;
        double sign = side == 0 ? 1 : b->from == a->from ? -1 : 1;
        for (int i = 1; i < arc->n; i++) {
            kz_point p = arc->p[i - 1], q = arc->p[i];
            area += sign * ((p.x - o.x) * (q.y - o.y) - (q.x - o.x) * (p.y - o.y)) / 2;
            length += hypot(q.x - p.x, q.y - p.y) / 2;
        }
    }
    return fabs(area) <= width * length;
}

static kz_status put_arc(kz_buf *out, const kz_arc *arc, const frame *f, kz_err *err)
{
    tenth *q = calloc((size_t)arc->n, sizeof *q);
    if (!q)
        return full(err);
    for (int i = 0; i < arc->n; i++)
        q[i] = to_map(f, arc->p[i]);
    put_line(out, q, arc->n, false);
    free(q);
    return KZ_OK;
}

static kz_status draw_parents(const kz_topology *t, const int64_t parent[], const frame *f, double sliver,
                              kz_buf *out, kz_err *err)
{
    const kz_arc **alone = calloc((size_t)t->n_arcs + 1, sizeof *alone);
    if (!alone)
        return full(err);
    kz_status st = KZ_OK;
    int n = 0;
    for (int i = 0; i < t->n_arcs && st == KZ_OK; i++) {
        const kz_arc *arc = &t->arcs[i];
        if (arc->area[1] < 0)
            alone[n++] = arc;
        else if (parent[arc->area[0]] != parent[arc->area[1]])
            st = put_arc(out, arc, f, err);
    }
    /* Where a sliver lies between two areas the border is there twice. */
    qsort(alone, (size_t)n, sizeof *alone, by_ends);
    for (int i = 0; i + 1 < n && st == KZ_OK; i++) {
        const kz_arc *a = alone[i], *b = alone[i + 1];
        bool same_ends = (a->from == b->from && a->to == b->to) || (a->from == b->to && a->to == b->from);
        if (same_ends && parent[a->area[0]] != parent[b->area[0]] && is_sliver(a, b, sliver))
            st = put_arc(out, a, f, err);
    }
    free(alone);
    return st;
}

static bool bounds(const kz_outline outlines[], int n, double box[4])
{
    box[0] = box[1] = DBL_MAX;
    box[2] = box[3] = -DBL_MAX;
    for (int i = 0; i < n; i++)
        for (int r = 0; r < outlines[i].n; r++)
            for (int k = 0; k < outlines[i].rings[r].n; k++) {
                kz_point p = outlines[i].rings[r].p[k];
                box[0] = fmin(box[0], p.x);
                box[1] = fmin(box[1], p.y);
                box[2] = fmax(box[2], p.x);
                box[3] = fmax(box[3], p.y);
            }
    return box[2] > box[0] && box[3] > box[1];
}

kz_status kz_map_build(const kz_outline outlines[], int n, const int64_t parent[], double width,
                       double tolerance, kz_arena *a, kz_map *ret, kz_err *err)
{
    double box[4];
    KZ_ASSERT(width > 2 * MARGIN && tolerance >= 0);
    if (!bounds(outlines, n, box))
        return kz_fail(err, KZ_E_INPUT, "geo.no_outline");
    frame f = { .x0 = box[0], .y1 = box[3], .scale = (width - 2 * MARGIN) / (box[2] - box[0]) };
    double height = (box[3] - box[1]) * f.scale + 2 * MARGIN;
    /* A line or a dot is no map; the negation also catches what is not a number. */
    if (!(height <= 100 * width) || !(f.scale < 1e9))
        return kz_fail(err, KZ_E_INPUT, "geo.no_outline");

    kz_arena scratch __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&scratch, (size_t)1 << 30);
    kz_topology t;
    /* Corners merge well below what simplification takes away and below a pixel. */
    KZ_TRY(kz_topology_build(outlines, n, sqrt(tolerance) / 10, &scratch, &t, err));
    KZ_TRY(kz_topology_simplify(&t, tolerance, err));

    kz_map_area *areas = kz_arena_new(a, kz_map_area, n);
    if (!areas)
        return full(err);
    KZ_TRY(draw_areas(&t, &f, a, areas, err));
    kz_auto(kz_buf) borders = kz_buf_init(PATH_MAX);
    if (parent)
        KZ_TRY(draw_parents(&t, parent, &f, sqrt(tolerance), &borders, err));
    char *parent_borders = keep_text(&borders, a);
    if (!parent_borders)
        return full(err);
    *ret = (kz_map){ .width = width, .height = height, .km = f.scale * 1000, .n = n, .areas = areas,
                     .parent_borders = parent_borders };
    return KZ_OK;
}
