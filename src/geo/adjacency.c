#include "geo/adjacency.h"

#include <stdlib.h>

/* A thing (an arc or a corner) that an area touches; then a pair of areas. */
typedef struct pair {
    int a, b;
} pair;

typedef struct pairs {
    int n, room;
    pair *p;
} pairs;

static void pairs_done(pairs *l)
{
    free(l->p);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

static kz_status add(pairs *l, int a, int b, kz_err *err)
{
    if (l->n == l->room) {
        int room = l->room ? 2 * l->room : 1024;
        pair *p = room < (1 << 27) ? realloc(l->p, (size_t)room * sizeof *p) : NULL;
        if (!p)
            return full(err);
        l->p = p;
        l->room = room;
    }
    l->p[l->n++] = (pair){ a, b };
    return KZ_OK;
}

static int by_both(const void *va, const void *vb)
{
    const pair *x = va, *y = vb;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static void sort_once(pairs *l)
{
    int kept = 0;
    if (l->n == 0)
        return;
    qsort(l->p, (size_t)l->n, sizeof *l->p, by_both);
    for (int i = 0; i < l->n; i++)
        if (kept == 0 || by_both(&l->p[kept - 1], &l->p[i]) != 0)
            l->p[kept++] = l->p[i];
    l->n = kept;
}

/* Which areas touch which arc (rook) or which end of an arc (queen).  Corners
 * inside an arc belong to the arc's own areas only. */
static kz_status touches(const kz_topology *t, kz_contiguity rule, pairs *out, kz_err *err)
{
    for (int i = 0; i < t->n_rings; i++)
        for (int k = 0; k < t->rings[i].n_refs; k++) {
            int ref = t->rings[i].refs[k], arc = ref < 0 ? ~ref : ref;
            if (rule == KZ_QUEEN) {
                KZ_TRY(add(out, t->arcs[arc].from, t->rings[i].area, err));
                KZ_TRY(add(out, t->arcs[arc].to, t->rings[i].area, err));
            } else {
                KZ_TRY(add(out, arc, t->rings[i].area, err));
            }
        }
    sort_once(out);
    return KZ_OK;
}

kz_status kz_adjacency_make(const kz_topology *t, kz_contiguity rule, kz_arena *a, kz_adjacency *ret, kz_err *err)
{
    kz_auto(pairs) touch = { 0 }, links = { 0 };
    KZ_TRY(touches(t, rule, &touch, err));
    for (int i = 0, n; i < touch.n; i += n) {
        for (n = 1; i + n < touch.n && touch.p[i + n].a == touch.p[i].a;)
            n++;
        for (int x = i; x < i + n; x++)
            for (int y = i; y < i + n; y++)
                if (x != y)
                    KZ_TRY(add(&links, touch.p[x].b, touch.p[y].b, err));
    }
    sort_once(&links);
    int *start = kz_arena_new(a, int, t->n_areas + 1), *neighbour = kz_arena_new(a, int, links.n);
    if (!start || !neighbour)
        return full(err);
    for (int i = 0; i < links.n; i++) {
        start[links.p[i].a + 1]++;
        neighbour[i] = links.p[i].b;
    }
    for (int i = 0; i < t->n_areas; i++)
        start[i + 1] += start[i];
    *ret = (kz_adjacency){ .n = t->n_areas, .n_links = links.n, .start = start, .neighbour = neighbour };
    return KZ_OK;
}
