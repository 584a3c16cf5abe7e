/* Visvalingam & Whyatt on arcs; see topology.h. */
#include "geo/topology.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* One corner while its arc is being thinned out. */
typedef struct corner {
    int before, after;
    int at;       /* place in the heap, -1 when out */
    double area;  /* effective: never less than that of a corner taken earlier */
} corner;

typedef struct thinner {
    const kz_point *p;
    corner *c;
    int *heap, n_heap;
} thinner;

static double triangle(kz_point a, kz_point b, kz_point c)
{
    return fabs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
}

/* Equal areas: the lower number first, so that the result is always the same. */
static bool before(const thinner *t, int a, int b)
{
    return t->c[a].area < t->c[b].area || (a < b && t->c[a].area == t->c[b].area);
}

static void place(thinner *t, int slot, int i)
{
    t->heap[slot] = i;
    t->c[i].at = slot;
}

static void settle(thinner *t, int slot)
{
    int i = t->heap[slot];
    for (; slot > 0 && before(t, i, t->heap[(slot - 1) / 2]); slot = (slot - 1) / 2)
        place(t, slot, t->heap[(slot - 1) / 2]);
    for (;;) {
        int child = 2 * slot + 1;
        if (child >= t->n_heap)
            break;
        if (child + 1 < t->n_heap && before(t, t->heap[child + 1], t->heap[child]))
            child++;
        if (!before(t, t->heap[child], i))
            break;
        place(t, slot, t->heap[child]);
        slot = child;
    }
    place(t, slot, i);
}

static int pop(thinner *t)
{
    int i = t->heap[0];
    t->c[i].at = -1;
    t->n_heap--;
    if (t->n_heap > 0) {
        place(t, 0, t->heap[t->n_heap]);
        settle(t, 0);
    }
    return i;
}

static void renew(thinner *t, int i, double least)
{
    if (t->c[i].at < 0)
        return;
    t->c[i].area = fmax(least, triangle(t->p[t->c[i].before], t->p[i], t->p[t->c[i].after]));
    settle(t, t->c[i].at);
}

/* Fill weight[] with the effective area of each corner of the arc. */
static void weigh(thinner *t, int n, double weight[])
{
    t->n_heap = 0;
    weight[0] = weight[n - 1] = DBL_MAX;
    t->c[0].at = t->c[n - 1].at = -1;
    for (int i = 1; i + 1 < n; i++) {
        t->c[i] = (corner){ .before = i - 1, .after = i + 1,
                            .area = triangle(t->p[i - 1], t->p[i], t->p[i + 1]) };
        place(t, t->n_heap++, i);
        settle(t, t->n_heap - 1);
    }
    while (t->n_heap > 0) {
        int i = pop(t), left = t->c[i].before, right = t->c[i].after;
        weight[i] = t->c[i].area;
        t->c[left].after = right;
        t->c[right].before = left;
        renew(t, left, weight[i]);
        renew(t, right, weight[i]);
    }
}

static int kept(const double weight[], int n, double tolerance)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += weight[i] >= tolerance;
    return count;
}

/* Give back the heaviest corner that an arc of the ring has lost. */
static bool restore_one(const kz_topology *t, const kz_topo_ring *r, double *const weights[], double tolerance)
{
    double *best = NULL;
    for (int i = 0; i < r->n_refs; i++) {
        int arc = r->refs[i] < 0 ? ~r->refs[i] : r->refs[i];
        for (int k = 1; k + 1 < t->arcs[arc].n; k++) {
            double *w = &weights[arc][k];
            if (*w < tolerance && (!best || *w > *best))
                best = w;
        }
    }
    if (best)
        *best = DBL_MAX;
    return best != NULL;
}

static void guard_rings(const kz_topology *t, double *const weights[], double tolerance)
{
    for (int i = 0; i < t->n_rings; i++) {
        const kz_topo_ring *r = &t->rings[i];
        for (;;) {
            int n = 0;
            for (int k = 0; k < r->n_refs; k++) {
                int arc = r->refs[k] < 0 ? ~r->refs[k] : r->refs[k];
                n += kept(weights[arc], t->arcs[arc].n, tolerance) - 1;
            }
            if (n >= 3 || !restore_one(t, r, weights, tolerance))
                break;
        }
    }
}

kz_status kz_topology_simplify(kz_topology *t, double tolerance, kz_err *err)
{
    int longest = 0;
    size_t all = 0;
    for (int i = 0; i < t->n_arcs; i++) {
        longest = t->arcs[i].n > longest ? t->arcs[i].n : longest;
        all += (size_t)t->arcs[i].n;
    }
    thinner th = { .c = calloc((size_t)longest + 1, sizeof *th.c),
                   .heap = calloc((size_t)longest + 1, sizeof *th.heap) };
    double *room = calloc(all + 1, sizeof *room), **weights = calloc((size_t)t->n_arcs + 1, sizeof *weights);
    kz_status st = KZ_OK;
    if (!th.c || !th.heap || !room || !weights) {
        st = kz_fail(err, KZ_E_LIMIT, "geo.memory");
        goto out;
    }
    size_t at = 0;
    for (int i = 0; i < t->n_arcs; i++) {
        weights[i] = room + at;
        at += (size_t)t->arcs[i].n;
        th.p = t->arcs[i].p;
        weigh(&th, t->arcs[i].n, weights[i]);
    }
    guard_rings(t, weights, tolerance);
    for (int i = 0; i < t->n_arcs; i++) {
        int n = 0;
        for (int k = 0; k < t->arcs[i].n; k++)
            if (weights[i][k] >= tolerance)
                t->arcs[i].p[n++] = t->arcs[i].p[k];
        t->arcs[i].n = n;
    }
out:
    free(th.c);
    free(th.heap);
    free(room);
    free(weights);
    return st;
}
