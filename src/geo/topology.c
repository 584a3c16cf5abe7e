#include "geo/topology.h"

#include "geo/corner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CORNERS_MAX = 8000000 };
#define SCRATCH_MAX ((size_t)1 << 30)

/* An undirected edge and the arc it became part of. */
typedef struct edge {
    int u, v; /* u < v; u = -1: free slot */
    int arc;
    bool forward; /* the arc walks it from u to v */
} edge;

typedef struct chain {
    int n;
    int *v;
} chain;

typedef struct work {
    kz_arena scratch;
    kz_corners corners;
    edge *edges;
    size_t edge_mask;
    int *degree;
    int n_rings;
    chain *chains;       /* one a ring */
    kz_topo_ring *rings; /* in step with chains */
} work;

static void work_done(work *w)
{
    kz_corners_done(&w->corners);
    kz_arena_done(&w->scratch);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

static edge *edge_slot(const work *w, int a, int b)
{
    int u = a < b ? a : b, v = a < b ? b : a;
    uint64_t h = ((uint64_t)(uint32_t)u << 32 | (uint32_t)v) * 0x9E3779B97F4A7C15u;
    for (size_t at = (h >> 20) & w->edge_mask;; at = (at + 1) & w->edge_mask) {
        edge *e = &w->edges[at];
        if (e->u < 0 || (e->u == u && e->v == v)) {
            if (e->u < 0)
                *e = (edge){ .u = u, .v = v, .arc = -2 };
            return e;
        }
    }
}

/* Corner numbers of a ring, each once, closest ones merged. */
static kz_status snap_ring(work *w, const kz_ring *r, chain *ret, kz_err *err)
{
    *ret = (chain){ .v = kz_arena_new(&w->scratch, int, r->n) };
    if (!ret->v)
        return full(err);
    for (int i = 0; i + 1 < r->n; i++) {
        int v;
        KZ_TRY(kz_corner_at(&w->corners, r->p[i], &v, err));
        if (ret->n == 0 || ret->v[ret->n - 1] != v)
            ret->v[ret->n++] = v;
    }
    return KZ_OK;
}

/* Drop there-and-back spikes and repeated corners from a cyclic chain. */
static void drop_spikes(chain *c)
{
    int n = 0;
    for (int i = 0; i < c->n; i++) {
        int v = c->v[i];
        if (n > 0 && c->v[n - 1] == v)
            continue;
        if (n > 1 && c->v[n - 2] == v) {
            n--;
            continue;
        }
        c->v[n++] = v;
    }
    int first = 0;
    while (n - first > 1) {
        if (c->v[first] == c->v[n - 1])
            n--;
        else if (n - first > 2 && c->v[first] == c->v[n - 2])
            n -= 2;
        else if (n - first > 2 && c->v[first + 1] == c->v[n - 1])
            first += 1, n--;
        else
            break;
    }
    c->n = n - first;
    memmove(c->v, c->v + first, (size_t)c->n * sizeof *c->v);
}

/* Put corners that lie on the chain's edges into it. */
static kz_status split_edges(work *w, chain *c, kz_err *err)
{
    kz_buf_ints out = { 0 };
    kz_status st = KZ_OK;
    for (int i = 0; i < c->n && st == KZ_OK; i++) {
        st = kz_ints_add(&out, c->v[i], err);
        if (st == KZ_OK)
            st = kz_corners_on_edge(&w->corners, c->v[i], c->v[(i + 1) % c->n], &out, err);
    }
    if (st == KZ_OK && out.n > c->n) {
        int *v = kz_arena_new(&w->scratch, int, out.n);
        if (v) {
            memcpy(v, out.v, (size_t)out.n * sizeof *v);
            *c = (chain){ .n = out.n, .v = v };
        } else {
            st = full(err);
        }
    }
    free(out.v);
    return st;
}

/* A ring that snapping would eat keeps its own corners. */
static kz_status keep_small_ring(work *w, const kz_ring *r, chain *c, kz_err *err)
{
    c->n = 0;
    c->v = kz_arena_new(&w->scratch, int, r->n);
    if (!c->v)
        return full(err);
    for (int i = 0; i + 1 < r->n; i++) {
        if (i > 0 && r->p[i].x == r->p[i - 1].x && r->p[i].y == r->p[i - 1].y)
            continue;
        KZ_TRY(kz_corner_new(&w->corners, r->p[i], &c->v[c->n], err));
        c->n++;
    }
    return KZ_OK;
}

static kz_status read_rings(work *w, const kz_outline outlines[], int n, kz_err *err)
{
    int all = 0;
    for (int i = 0; i < n; i++)
        all += outlines[i].n;
    w->chains = kz_arena_new(&w->scratch, chain, all);
    w->rings = kz_arena_new(&w->scratch, kz_topo_ring, all);
    const kz_ring **source = kz_arena_new(&w->scratch, const kz_ring *, all);
    if (!w->chains || !w->rings || !source)
        return full(err);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < outlines[i].n; k++) {
            const kz_ring *r = &outlines[i].rings[k];
            bool hole = k > 0 && r->part == outlines[i].rings[k - 1].part;
            KZ_TRY(snap_ring(w, r, &w->chains[w->n_rings], err));
            source[w->n_rings] = r;
            w->rings[w->n_rings++] = (kz_topo_ring){ .area = i, .part = r->part, .hole = hole };
        }
    }
    /* Twice, because an edge that was bent to a corner may now touch another. */
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < w->n_rings; i++) {
            drop_spikes(&w->chains[i]);
            KZ_TRY(split_edges(w, &w->chains[i], err));
        }
    int kept = 0;
    for (int i = 0; i < w->n_rings; i++) {
        drop_spikes(&w->chains[i]);
        if (w->chains[i].n < 3)
            KZ_TRY(keep_small_ring(w, source[i], &w->chains[i], err));
        if (w->chains[i].n < 3)
            continue;
        w->chains[kept] = w->chains[i];
        w->rings[kept++] = w->rings[i];
    }
    w->n_rings = kept;
    return KZ_OK;
}

static kz_status count_degrees(work *w, kz_err *err)
{
    size_t n_edges = 0, size = 64;
    for (int i = 0; i < w->n_rings; i++)
        n_edges += (size_t)w->chains[i].n;
    while (size < 2 * n_edges)
        size *= 2;
    w->edges = kz_arena_new(&w->scratch, edge, size);
    w->degree = kz_arena_new(&w->scratch, int, w->corners.n);
    if (!w->edges || !w->degree)
        return full(err);
    for (size_t i = 0; i < size; i++)
        w->edges[i].u = -1;
    w->edge_mask = size - 1;
    for (int i = 0; i < w->n_rings; i++) {
        const chain *c = &w->chains[i];
        for (int k = 0; k < c->n; k++) {
            edge *e = edge_slot(w, c->v[k], c->v[(k + 1) % c->n]);
            if (e->arc == -2) {
                e->arc = -1;
                w->degree[e->u]++;
                w->degree[e->v]++;
            }
        }
    }
    return KZ_OK;
}

/* Where to begin to walk a ring: at a junction, else at the lowest corner. */
static int start_of(const work *w, const chain *c, bool *junction)
{
    int lowest = 0;
    for (int k = 0; k < c->n; k++) {
        if (w->degree[c->v[k]] != 2) {
            *junction = true;
            return k;
        }
        if (c->v[k] < c->v[lowest])
            lowest = k;
    }
    *junction = false;
    return lowest;
}

static void claim(kz_arc *arc, int area)
{
    arc->uses++;
    if (arc->area[0] == area || arc->area[1] == area)
        return;
    if (arc->area[0] < 0)
        arc->area[0] = area;
    else if (arc->area[1] < 0)
        arc->area[1] = area;
}

static kz_status new_arc(work *w, const chain *c, int from, int steps, kz_arena *a, kz_topology *t, kz_err *err)
{
    kz_arc *arc = &t->arcs[t->n_arcs];
    *arc = (kz_arc){ .n = steps + 1, .p = kz_arena_new(a, kz_point, steps + 1), .area = { -1, -1 } };
    if (!arc->p)
        return full(err);
    for (int k = 0; k <= steps; k++) {
        int v = c->v[(from + k) % c->n];
        arc->p[k] = w->corners.p[v];
        if (k == steps) {
            arc->to = v;
            break;
        }
        if (k == 0)
            arc->from = v;
        edge *e = edge_slot(w, v, c->v[(from + k + 1) % c->n]);
        e->arc = t->n_arcs;
        e->forward = e->u == v;
    }
    t->n_arcs++;
    return KZ_OK;
}

static kz_status cut_ring(work *w, const chain *c, kz_topo_ring *ring, kz_arena *a, kz_topology *t, kz_err *err)
{
    bool junction;
    int start = start_of(w, c, &junction), n_refs = 0;
    int *refs = kz_arena_new(&w->scratch, int, c->n);
    if (!refs)
        return full(err);
    for (int at = 0; at < c->n;) {
        int from = (start + at) % c->n, steps = 1;
        while (at + steps < c->n && (!junction || w->degree[c->v[(from + steps) % c->n]] == 2))
            steps++;
        edge *e = edge_slot(w, c->v[from], c->v[(from + 1) % c->n]);
        if (e->arc < 0) {
            KZ_TRY(new_arc(w, c, from, steps, a, t, err));
            refs[n_refs++] = t->n_arcs - 1;
        } else {
            bool same_way = e->forward == (e->u == c->v[from]);
            refs[n_refs++] = same_way ? e->arc : ~e->arc;
        }
        int arc = refs[n_refs - 1];
        claim(&t->arcs[arc < 0 ? ~arc : arc], ring->area);
        at += steps;
    }
    int *kept = kz_arena_new(a, int, n_refs);
    if (!kept)
        return full(err);
    memcpy(kept, refs, (size_t)n_refs * sizeof *kept);
    ring->refs = kept;
    ring->n_refs = n_refs;
    return KZ_OK;
}

static kz_status cut_rings(work *w, kz_arena *a, kz_topology *t, kz_err *err)
{
    size_t most = 0;
    for (int i = 0; i < w->n_rings; i++)
        most += (size_t)w->chains[i].n;
    kz_arc *arcs = kz_arena_new(&w->scratch, kz_arc, most);
    kz_topo_ring *rings = kz_arena_new(a, kz_topo_ring, w->n_rings);
    if (!arcs || !rings)
        return full(err);
    t->arcs = arcs;
    for (int i = 0; i < w->n_rings; i++) {
        rings[i] = w->rings[i];
        KZ_TRY(cut_ring(w, &w->chains[i], &rings[i], a, t, err));
    }
    t->arcs = kz_arena_new(a, kz_arc, t->n_arcs);
    if (!t->arcs)
        return full(err);
    memcpy(t->arcs, arcs, (size_t)t->n_arcs * sizeof *arcs);
    t->rings = rings;
    t->n_rings = w->n_rings;
    t->n_corners = w->corners.n;
    return KZ_OK;
}

kz_status kz_topology_build(const kz_outline outlines[], int n, double snap, kz_arena *a, kz_topology *ret,
                            kz_err *err)
{
    int64_t points = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < outlines[i].n; k++)
            points += outlines[i].rings[k].n;
    if (points > CORNERS_MAX)
        return full(err);

    __attribute__((cleanup(work_done))) work w = { 0 };
    kz_arena_init(&w.scratch, SCRATCH_MAX);
    kz_topology t = { .n_areas = n };
    KZ_TRY(kz_corners_init(&w.corners, (size_t)points, snap, err));
    KZ_TRY(read_rings(&w, outlines, n, err));
    KZ_TRY(count_degrees(&w, err));
    KZ_TRY(cut_rings(&w, a, &t, err));
    *ret = t;
    return KZ_OK;
}

int kz_topo_ring_size(const kz_topology *t, const kz_topo_ring *r)
{
    int n = 0;
    for (int i = 0; i < r->n_refs; i++)
        n += t->arcs[r->refs[i] < 0 ? ~r->refs[i] : r->refs[i]].n - 1;
    return n;
}

int kz_topo_ring_points(const kz_topology *t, const kz_topo_ring *r, kz_point room[])
{
    int n = 0;
    for (int i = 0; i < r->n_refs; i++) {
        const kz_arc *arc = &t->arcs[r->refs[i] < 0 ? ~r->refs[i] : r->refs[i]];
        for (int k = 0; k + 1 < arc->n; k++)
            room[n++] = r->refs[i] < 0 ? arc->p[arc->n - 1 - k] : arc->p[k];
    }
    return n;
}
