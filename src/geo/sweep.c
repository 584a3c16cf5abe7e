#include "geo/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Strips thinner than this have no land worth naming (metres). */
static const double THIN = 1e-9;

/* An edge that is not level, from its lower end up; relative to the origin. */
typedef struct edge {
    double y0, y1, x0, slope;
    int owner;
} edge;

typedef struct sweep {
    double ox, oy; /* origin: keeps digits that large coordinates would eat */
    int n, n_active, n_cuts, room_cuts;
    edge *edges;   /* by y0 */
    int *active;   /* by x */
    double *cuts;  /* crossings within the strip */
    kz_strip_edge *out;
    kz_strip_fn take;
    void *me;
} sweep;

static void sweep_done(sweep *s)
{
    free(s->edges);
    free(s->active);
    free(s->cuts);
    free(s->out);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

static double x_at(const edge *e, double y)
{
    return e->x0 + (y - e->y0) * e->slope;
}

static int by_foot(const void *va, const void *vb)
{
    const edge *a = va, *b = vb;
    if (a->y0 != b->y0)
        return a->y0 < b->y0 ? -1 : 1;
    if (a->x0 != b->x0)
        return a->x0 < b->x0 ? -1 : 1;
    if (a->slope != b->slope)
        return a->slope < b->slope ? -1 : 1;
    if (a->y1 != b->y1)
        return a->y1 < b->y1 ? -1 : 1;
    return (a->owner > b->owner) - (a->owner < b->owner);
}

static int by_value(const void *va, const void *vb)
{
    double a = *(const double *)va, b = *(const double *)vb;
    return (a > b) - (a < b);
}

static void add_edge(sweep *s, kz_point a, kz_point b, int owner)
{
    if (a.y > b.y) {
        kz_point t = a;
        a = b;
        b = t;
    }
    double y0 = a.y - s->oy, y1 = b.y - s->oy, x0 = a.x - s->ox, x1 = b.x - s->ox;
    if (y0 < y1)
        s->edges[s->n++] = (edge){ .y0 = y0, .y1 = y1, .x0 = x0, .slope = (x1 - x0) / (y1 - y0), .owner = owner };
}

static kz_status read_edges(sweep *s, const kz_outline outlines[], int n, kz_err *err)
{
    size_t points = 0;
    bool first = true;
    for (int i = 0; i < n; i++)
        for (int r = 0; r < outlines[i].n; r++) {
            points += (size_t)outlines[i].rings[r].n;
            if (first && outlines[i].rings[r].n > 0) {
                s->ox = outlines[i].rings[r].p[0].x;
                s->oy = outlines[i].rings[r].p[0].y;
                first = false;
            }
        }
    s->edges = malloc((points + 1) * sizeof *s->edges);
    s->active = malloc((points + 1) * sizeof *s->active);
    s->out = malloc((points + 1) * sizeof *s->out);
    if (!s->edges || !s->active || !s->out)
        return full(err);
    for (int i = 0; i < n; i++)
        for (int r = 0; r < outlines[i].n; r++)
            for (int k = 0; k + 1 < outlines[i].rings[r].n; k++)
                add_edge(s, outlines[i].rings[r].p[k], outlines[i].rings[r].p[k + 1], i);
    qsort(s->edges, (size_t)s->n, sizeof *s->edges, by_foot);
    return KZ_OK;
}

/* All heights at which something begins or ends. */
static kz_status find_levels(const sweep *s, double **ret, int *n_ret, kz_err *err)
{
    double *y = malloc((2 * (size_t)s->n + 1) * sizeof *y);
    int n = 0;
    if (!y)
        return full(err);
    for (int i = 0; i < s->n; i++) {
        y[2 * i] = s->edges[i].y0;
        y[2 * i + 1] = s->edges[i].y1;
    }
    qsort(y, 2 * (size_t)s->n, sizeof *y, by_value);
    for (int i = 0; i < 2 * s->n; i++)
        if (n == 0 || y[i] > y[n - 1])
            y[n++] = y[i];
    *ret = y;
    *n_ret = n;
    return KZ_OK;
}

/* Does edge a come before b at height y?  Of equal ones the older number, so that the order is one. */
static bool before(const sweep *s, int a, int b, double y)
{
    double xa = x_at(&s->edges[a], y), xb = x_at(&s->edges[b], y);
    return xa < xb || (xa == xb && a < b);
}

/* Nearly sorted already: the order of the strip below. */
static void sort_at(sweep *s, double y)
{
    for (int i = 1; i < s->n_active; i++) {
        int e = s->active[i], k = i;
        for (; k > 0 && before(s, e, s->active[k - 1], y); k--)
            s->active[k] = s->active[k - 1];
        s->active[k] = e;
    }
}

/* Sort for the top of the strip; every pair that changes places has crossed within. */
static kz_status find_crossings(sweep *s, double y0, double y1, kz_err *err)
{
    s->n_cuts = 0;
    for (int i = 1; i < s->n_active; i++) {
        int e = s->active[i], k = i;
        for (; k > 0 && before(s, e, s->active[k - 1], y1); k--) {
            const edge *a = &s->edges[e], *b = &s->edges[s->active[k - 1]];
            s->active[k] = s->active[k - 1];
            double turn = a->slope - b->slope;
            double y = turn != 0 ? y0 + (x_at(b, y0) - x_at(a, y0)) / turn : y0;
            if (!(y > y0 + THIN && y < y1 - THIN))
                continue;
            if (s->n_cuts == s->room_cuts) {
                int room = s->room_cuts ? 2 * s->room_cuts : 256;
                double *cuts = realloc(s->cuts, (size_t)room * sizeof *cuts);
                if (!cuts)
                    return full(err);
                s->cuts = cuts;
                s->room_cuts = room;
            }
            s->cuts[s->n_cuts++] = y;
        }
        s->active[k] = e;
    }
    if (s->n_cuts > 1)
        qsort(s->cuts, (size_t)s->n_cuts, sizeof *s->cuts, by_value);
    return KZ_OK;
}

static kz_status give(sweep *s, double y0, double y1, kz_err *err)
{
    double y = (y0 + y1) / 2;
    if (y1 - y0 < THIN)
        return KZ_OK;
    sort_at(s, y);
    for (int i = 0; i < s->n_active; i++) {
        const edge *e = &s->edges[s->active[i]];
        s->out[i] = (kz_strip_edge){ .owner = e->owner, .x = x_at(e, y) + s->ox, .x0 = x_at(e, y0) + s->ox,
                                     .x1 = x_at(e, y1) + s->ox };
    }
    const kz_strip strip = { y0 + s->oy, y1 + s->oy, s->n_active, s->out };
    return s->take(s->me, &strip, err);
}

/* Take out what ends at y, take in what begins there. */
static void go_up_to(sweep *s, double y, int *next)
{
    int kept = 0;
    for (int i = 0; i < s->n_active; i++)
        if (s->edges[s->active[i]].y1 > y)
            s->active[kept++] = s->active[i];
    while (*next < s->n && s->edges[*next].y0 <= y)
        s->active[kept++] = (*next)++;
    s->n_active = kept;
}

static kz_status run(sweep *s, const double levels[], int n, kz_err *err)
{
    int next = 0;
    for (int i = 0; i + 1 < n; i++) {
        double y0 = levels[i], y1 = levels[i + 1];
        go_up_to(s, y0, &next);
        if (y1 - y0 < THIN)
            continue;
        sort_at(s, y0);
        KZ_TRY(find_crossings(s, y0, y1, err));
        double from = y0;
        for (int c = 0; c < s->n_cuts; c++) {
            KZ_TRY(give(s, from, s->cuts[c], err));
            if (s->cuts[c] - from >= THIN)
                from = s->cuts[c];
        }
        KZ_TRY(give(s, from, y1, err));
    }
    return KZ_OK;
}

kz_status kz_sweep_run(const kz_outline outlines[], int n, kz_strip_fn take, void *me, kz_err *err)
{
    __attribute__((cleanup(sweep_done))) sweep s = { .take = take, .me = me };
    double *levels = NULL;
    int n_levels = 0;
    KZ_TRY(read_edges(&s, outlines, n, err));
    KZ_TRY(find_levels(&s, &levels, &n_levels, err));
    kz_status st = run(&s, levels, n_levels, err);
    free(levels);
    return st;
}
