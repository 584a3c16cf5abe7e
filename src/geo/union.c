/* The outline of all areas together; see topology.h. */
#include "geo/topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An arc that borders the whole, walked so that the inside is on its left. */
typedef struct step {
    const kz_arc *arc;
    bool back, done;
    int from, to;
} step;

typedef struct joined {
    kz_ring ring;
    double area; /* > 0: a shell */
    int shell;   /* of a hole: index of its shell, -1: none */
} joined;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

static kz_point step_point(const step *s, int i)
{
    return s->arc->p[s->back ? s->arc->n - 1 - i : i];
}

static int by_from(const void *va, const void *vb)
{
    const step *a = va, *b = vb;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->arc < b->arc ? -1 : a->arc > b->arc;
}

/* Is the ring drawn with its area on the left?  Shells should be, holes not. */
static bool drawn_left(const kz_topology *t, const kz_topo_ring *r, kz_point room[])
{
    int n = kz_topo_ring_points(t, r, room);
    room[n] = room[0];
    const kz_ring ring = { .n = n + 1, .p = room };
    return (kz_ring_area(&ring) > 0) != r->hole;
}

static kz_status find_steps(const kz_topology *t, kz_arena *a, step **ret, int *n_ret, kz_err *err)
{
    int longest = 0, n_refs = 0, n = 0;
    for (int i = 0; i < t->n_rings; i++) {
        int size = kz_topo_ring_size(t, &t->rings[i]);
        longest = size > longest ? size : longest;
        n_refs += t->rings[i].n_refs;
    }
    kz_point *room = kz_arena_new(a, kz_point, longest + 1);
    step *steps = kz_arena_new(a, step, n_refs);
    if (!room || !steps)
        return full(err);
    for (int i = 0; i < t->n_rings; i++) {
        const kz_topo_ring *r = &t->rings[i];
        bool left = drawn_left(t, r, room);
        for (int k = 0; k < r->n_refs; k++) {
            const kz_arc *arc = &t->arcs[r->refs[k] < 0 ? ~r->refs[k] : r->refs[k]];
            if (arc->uses != 1)
                continue;
            bool back = (r->refs[k] < 0) == left;
            steps[n++] = (step){ .arc = arc, .back = back, .from = back ? arc->to : arc->from,
                                 .to = back ? arc->from : arc->to };
        }
    }
    qsort(steps, (size_t)n, sizeof *steps, by_from);
    *ret = steps;
    *n_ret = n;
    return KZ_OK;
}

/* Where several borders go on, the sharpest turn to the left keeps rings small. */
static step *next_step(step steps[], int n, const step *now)
{
    kz_point a = step_point(now, now->arc->n - 2), b = step_point(now, now->arc->n - 1);
    double heading = atan2(b.y - a.y, b.x - a.x), best_turn = -10;
    step *best = NULL;
    int lo = 0, hi = n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (steps[mid].from < now->to)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (int i = lo; i < n && steps[i].from == now->to; i++) {
        if (steps[i].done)
            continue;
        kz_point c = step_point(&steps[i], 1);
        double turn = remainder(atan2(c.y - b.y, c.x - b.x) - heading, 2 * M_PI);
        if (turn > best_turn) {
            best_turn = turn;
            best = &steps[i];
        }
    }
    return best;
}

/* One closed ring from some steps; a loose end, which overlapping outlines can
 * leave, gives none. */
static kz_status make_ring(step *const walk[], int n, kz_arena *a, joined *ret, kz_err *err)
{
    int total = 1;
    for (int i = 0; i < n; i++)
        total += walk[i]->arc->n - 1;
    *ret = (joined){ .shell = -1 };
    if (total < 4)
        return KZ_OK;
    kz_point *p = kz_arena_new(a, kz_point, total);
    if (!p)
        return full(err);
    p[0] = step_point(walk[0], 0);
    for (int i = 0, at = 1; i < n; i++)
        for (int k = 1; k < walk[i]->arc->n; k++)
            p[at++] = step_point(walk[i], k);
    ret->ring = (kz_ring){ .n = total, .p = p };
    ret->area = kz_ring_area(&ret->ring);
    return KZ_OK;
}

static bool is_thin(const joined *j, double sliver)
{
    double length = 0;
    for (int i = 1; i < j->ring.n; i++)
        length += hypot(j->ring.p[i].x - j->ring.p[i - 1].x, j->ring.p[i].y - j->ring.p[i - 1].y);
    return fabs(j->area) <= sliver * length / 2;
}

/* Walk until nothing goes on.  Where the walk meets itself a ring is complete and
 * taken out, so no ring touches itself. */
static kz_status join(step steps[], int n, step *first, step *walk[], int met[], double sliver, kz_arena *a,
                      joined list[], int *n_list, kz_err *err)
{
    int len = 0;
    for (step *s = first; s; s = next_step(steps, n, s)) {
        int from = s->from, to = s->to;
        s->done = true;
        met[from] = len;
        walk[len++] = s;
        int start = met[to];
        if (start < 0)
            continue;
        joined *j = &list[*n_list];
        KZ_TRY(make_ring(walk + start, len - start, a, j, err));
        if (j->ring.n > 0 && !is_thin(j, sliver))
            ++*n_list;
        for (int i = start; i < len; i++)
            met[walk[i]->from] = -1;
        len = start;
    }
    for (int i = 0; i < len; i++)
        met[walk[i]->from] = -1;
    return KZ_OK;
}

/* The smallest shell around each hole. */
static void give_holes(joined list[], int n)
{
    for (int h = 0; h < n; h++) {
        if (list[h].area > 0)
            continue;
        for (int s = 0; s < n; s++) {
            const kz_outline shell = { .n = 1, .rings = &list[s].ring };
            kz_point p = list[h].ring.p[0], q = list[h].ring.p[1];
            if (list[s].area > -list[h].area && kz_outline_contains(&shell, (p.x + q.x) / 2, (p.y + q.y) / 2) &&
                (list[h].shell < 0 || list[s].area < list[list[h].shell].area))
                list[h].shell = s;
        }
    }
}

kz_status kz_topology_union(const kz_topology *t, double sliver, kz_arena *a, kz_outline *ret, kz_err *err)
{
    step *steps;
    int n = 0, n_list = 0, n_rings = 0, part = 0;
    KZ_TRY(find_steps(t, a, &steps, &n, err));
    joined *list = kz_arena_new(a, joined, n);
    kz_ring *rings = kz_arena_new(a, kz_ring, n);
    step **walk = kz_arena_new(a, step *, n);
    int *met = kz_arena_new(a, int, t->n_corners);
    if (!list || !rings || !walk || !met)
        return full(err);
    memset(met, 0xFF, (size_t)t->n_corners * sizeof *met); /* -1: not met */
    for (int i = 0; i < n; i++)
        if (!steps[i].done)
            KZ_TRY(join(steps, n, &steps[i], walk, met, sliver, a, list, &n_list, err));
    give_holes(list, n_list);
    for (int s = 0; s < n_list; s++) {
        if (list[s].area < 0)
            continue;
        rings[n_rings] = list[s].ring;
        rings[n_rings++].part = part;
        for (int h = 0; h < n_list; h++)
            if (list[h].area < 0 && list[h].shell == s) {
                rings[n_rings] = list[h].ring;
                rings[n_rings++].part = part;
            }
        part++;
    }
    *ret = (kz_outline){ .n = n_rings, .rings = rings };
    return KZ_OK;
}
