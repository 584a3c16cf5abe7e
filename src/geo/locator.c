#include "geo/locator.h"

#include <math.h>
#include <string.h>

enum { GRID_LEAST = 32, GRID_MOST = 1024 };

/* One candidate of a cell; a list ends with area -1. */
struct kz_locator_entry {
    int area;
    bool full;        /* covers the whole cell             */
    int first, n;     /* edges of the area in the row      */
};
typedef struct kz_locator_entry entry;

/* A stretch of cells of one row that an area has or touches. */
typedef struct run {
    int area, from, to;
    bool full;
    int first, n;
} run;

/* A list in the arena that doubles. */
typedef struct grown {
    void *p;
    size_t n, room, size;
} grown;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

static kz_status grow(grown *g, kz_arena *a, size_t more, kz_err *err)
{
    if (g->n + more <= g->room)
        return KZ_OK;
    size_t room = g->room * 2 > g->n + more ? g->room * 2 : g->n + more + 1024;
    char *p = kz_arena_array(a, room, g->size);
    if (!p)
        return full(err);
    if (g->n > 0)
        memcpy(p, g->p, g->n * g->size);
    g->p = p;
    g->room = room;
    return KZ_OK;
}

typedef struct making {
    kz_locator *l;
    kz_arena *a;
    grown edges, list, runs;
    uint8_t *touched; /* by column */
    int *at;          /* by column: how many entries, then where they begin */
    int *cell;
} making;

static int column_of(const kz_locator *l, double x)
{
    double c = floor((x - l->x0) / l->wide);
    return c < 0 ? 0 : c >= l->cols ? l->cols - 1 : (int)c;
}

static int row_of(const kz_locator *l, double y)
{
    double r = floor((y - l->y0) / l->high);
    return r < 0 ? 0 : r >= l->rows ? l->rows - 1 : (int)r;
}

static bool crosses(kz_point a, kz_point b, double x, double y)
{
    return (a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x;
}

static bool inside(const kz_point *e, int n, double x, double y)
{
    bool in = false;
    for (int i = 0; i < n; i++)
        in ^= crosses(e[2 * i], e[2 * i + 1], x, y);
    return in;
}

/* Columns that the part of an edge between y0 and y1 touches. */
static void touch(making *m, kz_point a, kz_point b, double y0, double y1)
{
    double xa = a.x, xb = b.x;
    if (a.y != b.y) {
        double slope = (b.x - a.x) / (b.y - a.y), lo = fmin(a.y, b.y), hi = fmax(a.y, b.y);
        double from = a.x + (fmax(y0, lo) - a.y) * slope, to = a.x + (fmin(y1, hi) - a.y) * slope;
        xa = fmin(from, to);
        xb = fmax(from, to);
    }
    int c0 = column_of(m->l, fmin(xa, xb) - KZ_ON_BORDER), c1 = column_of(m->l, fmax(xa, xb) + KZ_ON_BORDER);
    memset(m->touched + c0, 1, (size_t)(c1 - c0 + 1));
}

/* Where an area's edges are, row by row of cells. */
typedef struct slices {
    int row0, row1;
    int *first; /* row1 - row0 + 2 positions in `edges` */
} slices;

/* Sort the edges of one area into the rows that they touch. */
static kz_status slice(making *m, int area, slices *ret, kz_err *err)
{
    const kz_locator *l = m->l;
    const kz_outline *o = &l->outlines[area];
    const double *box = l->box + 4 * area;
    slices s = { .row0 = row_of(l, box[1] - KZ_ON_BORDER), .row1 = row_of(l, box[3] + KZ_ON_BORDER) };
    int n = s.row1 - s.row0 + 1;
    s.first = kz_arena_new(m->a, int, n + 1);
    int *at = kz_arena_new(m->a, int, n + 1);
    if (!s.first || !at)
        return full(err);
    for (int pass = 0; pass < 2; pass++) {
        for (int r = 0; r < o->n; r++)
            for (int k = 0; k + 1 < o->rings[r].n; k++) {
                const kz_point *p = o->rings[r].p + k;
                int from = row_of(l, fmin(p[0].y, p[1].y) - KZ_ON_BORDER);
                int to = row_of(l, fmax(p[0].y, p[1].y) + KZ_ON_BORDER);
                for (int row = from; row <= to; row++) {
                    if (pass == 0)
                        s.first[row - s.row0 + 1]++;
                    else
                        memcpy((kz_point *)m->edges.p + 2 * (size_t)at[row - s.row0]++, p, 2 * sizeof *p);
                }
            }
        if (pass == 1)
            break;
        s.first[0] = (int)m->edges.n;
        for (int i = 1; i <= n; i++)
            s.first[i] += s.first[i - 1];
        size_t total = (size_t)s.first[n] - m->edges.n;
        if (m->edges.n + total > INT32_MAX / 2)
            return full(err);
        KZ_TRY(grow(&m->edges, m->a, total, err));
        m->edges.n += total;
        memcpy(at, s.first, (size_t)n * sizeof *at);
    }
    *ret = s;
    return KZ_OK;
}

/* The runs of cells of one row that an area has or touches. */
static kz_status make_row(making *m, int area, int row, const slices *s, kz_err *err)
{
    const kz_locator *l = m->l;
    const double *box = l->box + 4 * area;
    double y0 = l->y0 + row * l->high - KZ_ON_BORDER, y1 = y0 + l->high + 2 * KZ_ON_BORDER;
    int c0 = column_of(l, box[0] - KZ_ON_BORDER), c1 = column_of(l, box[2] + KZ_ON_BORDER);
    int first = s->first[row - s->row0], n = s->first[row - s->row0 + 1] - first;
    const kz_point *e = (kz_point *)m->edges.p + 2 * (size_t)first;
    memset(m->touched + c0, 0, (size_t)(c1 - c0 + 1));
    for (int i = 0; i < n; i++)
        touch(m, e[2 * i], e[2 * i + 1], y0, y1);
    double middle = l->y0 + (row + 0.5) * l->high;
    for (int c = c0, end; c <= c1; c = end) {
        bool border = m->touched[c];
        for (end = c + 1; end <= c1 && m->touched[end] == border;)
            end++;
        if (!border && !inside(e, n, l->x0 + (c + 0.5) * l->wide, middle))
            continue;
        KZ_TRY(grow(&m->runs, m->a, 1, err));
        ((run *)m->runs.p)[m->runs.n++] = (run){ .area = area, .from = c, .to = end, .full = !border,
                                                 .first = first, .n = n };
    }
    return KZ_OK;
}

/* The runs of one row, sorted into its cells. */
static kz_status fill_row(making *m, int row, kz_err *err)
{
    kz_locator *l = m->l;
    const run *runs = m->runs.p;
    int *cell = m->cell + (size_t)row * (size_t)l->cols, total = 0;
    memset(m->at, 0, (size_t)l->cols * sizeof *m->at);
    for (size_t i = 0; i < m->runs.n; i++)
        for (int c = runs[i].from; c < runs[i].to; c++) {
            m->at[c]++;
            cell[c] = runs[i].full ? runs[i].area : -2;
        }
    for (int c = 0; c < l->cols; c++) {
        int n = m->at[c];
        bool listed = n > 1 || (n == 1 && cell[c] == -2);
        cell[c] = n == 0 ? -1 : listed ? -2 - ((int)m->list.n + total) : cell[c];
        m->at[c] = listed ? (int)m->list.n + total : -1;
        total += listed ? n + 1 : 0;
    }
    KZ_TRY(grow(&m->list, m->a, (size_t)total, err));
    entry *list = m->list.p;
    for (size_t i = 0; i < m->runs.n; i++)
        for (int c = runs[i].from; c < runs[i].to; c++)
            if (m->at[c] >= 0)
                list[m->at[c]++] = (entry){ .area = runs[i].area, .full = runs[i].full, .first = runs[i].first,
                                            .n = runs[i].n };
    for (int c = 0; c < l->cols; c++)
        if (m->at[c] >= 0)
            list[m->at[c]].area = -1;
    m->list.n += (size_t)total;
    return KZ_OK;
}

static double *boxes(const kz_outline outlines[], int n, kz_arena *a, kz_locator *l, size_t *n_edges)
{
    double *box = kz_arena_new(a, double, 4 * (size_t)n + 1);
    *n_edges = 0;
    l->x0 = l->y0 = INFINITY;
    l->x1 = l->y1 = -INFINITY;
    for (int i = 0; box && i < n; i++) {
        double *b = box + 4 * i;
        b[0] = b[1] = INFINITY;
        b[2] = b[3] = -INFINITY;
        for (int r = 0; r < outlines[i].n; r++)
            for (int k = 0; k < outlines[i].rings[r].n; k++, (*n_edges)++) {
                kz_point p = outlines[i].rings[r].p[k];
                b[0] = fmin(b[0], p.x);
                b[1] = fmin(b[1], p.y);
                b[2] = fmax(b[2], p.x);
                b[3] = fmax(b[3], p.y);
            }
        l->x0 = fmin(l->x0, b[0]);
        l->y0 = fmin(l->y0, b[1]);
        l->x1 = fmax(l->x1, b[2]);
        l->y1 = fmax(l->y1, b[3]);
    }
    return box;
}

kz_status kz_locator_make(const kz_outline outlines[], int n, kz_arena *a, kz_locator *ret, kz_err *err)
{
    kz_locator l = { .n = n, .outlines = outlines };
    size_t n_edges;
    l.box = boxes(outlines, n, a, &l, &n_edges);
    if (!l.box)
        return full(err);
    if (!(l.x1 > l.x0) || !(l.y1 > l.y0))
        return kz_fail(err, KZ_E_INPUT, "geo.no_outline");
    l.x0 -= 1;
    l.y0 -= 1;
    l.x1 += 1;
    l.y1 += 1;
    double side = 2 * sqrt((double)n_edges);
    l.rows = l.cols = side < GRID_LEAST ? GRID_LEAST : side > GRID_MOST ? GRID_MOST : (int)side;
    l.wide = (l.x1 - l.x0) / l.cols;
    l.high = (l.y1 - l.y0) / l.rows;
    making m = { .l = &l, .a = a, .edges = { .size = 2 * sizeof(kz_point) }, .list = { .size = sizeof(entry) },
                 .runs = { .size = sizeof(run) } };
    m.touched = kz_arena_new(a, uint8_t, l.cols);
    m.at = kz_arena_new(a, int, l.cols);
    m.cell = kz_arena_new(a, int, (size_t)l.rows * (size_t)l.cols);
    if (!m.touched || !m.at || !m.cell)
        return full(err);
    slices *s = kz_arena_new(a, slices, n);
    if (!s)
        return full(err);
    for (int i = 0; i < n; i++)
        if (outlines[i].n > 0)
            KZ_TRY(slice(&m, i, &s[i], err));
    for (int row = 0; row < l.rows; row++) {
        m.runs.n = 0;
        for (int i = 0; i < n; i++)
            if (outlines[i].n > 0 && row >= s[i].row0 && row <= s[i].row1)
                KZ_TRY(make_row(&m, i, row, &s[i], err));
        KZ_TRY(fill_row(&m, row, err));
    }
    l.cell = m.cell;
    l.list = m.list.p;
    l.edges = m.edges.p;
    *ret = l;
    return KZ_OK;
}

/* ---- finding ------------------------------------------------------------------- */

static double distance2(kz_point a, kz_point b, double x, double y)
{
    double dx = b.x - a.x, dy = b.y - a.y, along = dx * dx + dy * dy;
    double t = along > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / along : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    dx = a.x + t * dx - x;
    dy = a.y + t * dy - y;
    return dx * dx + dy * dy;
}

/* 0: outside, 1: on the border, 2: inside */
static int look(const kz_point *e, int n, double x, double y)
{
    bool in = false, near = false;
    for (int i = 0; i < n; i++) {
        kz_point a = e[2 * i], b = e[2 * i + 1];
        in ^= crosses(a, b, x, y);
        if (fmin(a.x, b.x) <= x + KZ_ON_BORDER && fmax(a.x, b.x) >= x - KZ_ON_BORDER &&
            fmin(a.y, b.y) <= y + KZ_ON_BORDER && fmax(a.y, b.y) >= y - KZ_ON_BORDER)
            near = near || distance2(a, b, x, y) <= KZ_ON_BORDER * KZ_ON_BORDER;
    }
    return near ? 1 : in ? 2 : 0;
}

void kz_locator_find(const kz_locator *l, double x, double y, kz_hit *ret)
{
    *ret = (kz_hit){ 0 };
    if (!(x >= l->x0 && x <= l->x1 && y >= l->y0 && y <= l->y1))
        return;
    int cell = l->cell[(size_t)row_of(l, y) * (size_t)l->cols + (size_t)column_of(l, x)];
    if (cell >= -1) {
        ret->n = cell >= 0;
        ret->area[0] = cell;
        return;
    }
    int deep = 0;
    for (const entry *e = &l->list[-2 - cell]; e->area >= 0; e++) {
        int where = e->full ? 2 : look(l->edges + 2 * (size_t)e->first, e->n, x, y);
        if (where == 0)
            continue;
        if (ret->n < KZ_HITS)
            ret->area[ret->n] = e->area;
        ret->n++;
        deep += where == 2;
    }
    ret->border = ret->n > 1 && deep <= 1;
}

/* The smaller of `best` and the squared distance to the border of one area. */
static double border_distance2(const kz_outline *o, double x, double y, double best)
{
    for (int r = 0; r < o->n; r++)
        for (int k = 0; k + 1 < o->rings[r].n; k++) {
            double d = distance2(o->rings[r].p[k], o->rings[r].p[k + 1], x, y);
            best = d < best ? d : best;
        }
    return best;
}

static bool in_box(const kz_locator *l, int area, double x, double y, double most)
{
    const double *b = l->box + 4 * area;
    return x >= b[0] - most && x <= b[2] + most && y >= b[1] - most && y <= b[3] + most;
}

int kz_locator_nearest(const kz_locator *l, double x, double y, double most)
{
    double best = nextafter(most * most, INFINITY);
    int area = -1;
    for (int i = 0; i < l->n; i++) {
        double d = in_box(l, i, x, y, most) ? border_distance2(&l->outlines[i], x, y, best) : best;
        if (d < best) {
            best = d;
            area = i;
        }
    }
    return area;
}

bool kz_locator_within(const kz_locator *l, int area, double x, double y, double most)
{
    if (!in_box(l, area, x, y, most))
        return false;
    return kz_outline_contains(&l->outlines[area], x, y) ||
           border_distance2(&l->outlines[area], x, y, INFINITY) <= most * most;
}
