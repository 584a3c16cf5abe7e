#include "monitor/ledger_find.h"

#include "geo/overlay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SAME = 0.995, TRACE = 0.01;

typedef struct finding {
    const kz_new_area *old, *new;
    int n_old, n_new;
    double *old_land, *new_land;
    kz_overlay common;
    int *same, *kept; /* of a new area its old one; of an old area its new one; -1 */
    int *group;       /* old areas, then new ones: union-find */
} finding;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

/* ---- the same areas -------------------------------------------------------------- */

/* Is the common land all of both? */
static bool is_all(const finding *f, const struct kz_overlay_pair *p)
{
    return p->area >= SAME * f->old_land[p->a] && p->area >= SAME * f->new_land[p->b];
}

static bool is_trace(const finding *f, const struct kz_overlay_pair *p)
{
    return p->area < TRACE * f->old_land[p->a] && p->area < TRACE * f->new_land[p->b];
}

static void pair_up(finding *f, int old, int new)
{
    f->same[new] = old;
    f->kept[old] = new;
}

static void part(finding *f, int old, int new)
{
    f->same[new] = -1;
    f->kept[old] = -1;
}

/* Without an outline on one side the key must do. */
static void pair_by_key(finding *f)
{
    for (int n = 0; n < f->n_new; n++)
        for (int o = 0; o < f->n_old && f->same[n] < 0; o++)
            if (f->kept[o] < 0 && strcmp(f->old[o].key, f->new[n].key) == 0 &&
                (f->old[o].outline.n == 0 || f->new[n].outline.n == 0))
                pair_up(f, o, n);
}

static void pair_by_land(finding *f)
{
    for (int i = 0; i < f->common.n; i++) {
        const struct kz_overlay_pair *p = &f->common.pair[i];
        if (is_all(f, p) && strcmp(f->old[p->a].key, f->new[p->b].key) == 0)
            pair_up(f, p->a, p->b);
    }
    /* Whoever shares more than a trace with a third area has changed. */
    for (int i = 0; i < f->common.n; i++) {
        const struct kz_overlay_pair *p = &f->common.pair[i];
        if (f->same[p->b] == p->a || is_trace(f, p))
            continue;
        if (f->kept[p->a] >= 0)
            part(f, p->a, f->kept[p->a]);
        if (f->same[p->b] >= 0)
            part(f, f->same[p->b], p->b);
    }
}

/* ---- groups ------------------------------------------------------------------------ */

static int top_of(const finding *f, int i)
{
    while (f->group[i] != i)
        i = f->group[i];
    return i;
}

static void join(finding *f, int a, int b)
{
    a = top_of(f, a);
    b = top_of(f, b);
    if (a != b)
        f->group[a > b ? a : b] = a > b ? b : a;
}

static void count_group(const finding *f, int top, int *n_old, int *n_new)
{
    *n_old = *n_new = 0;
    for (int i = 0; i < f->n_old + f->n_new; i++)
        if (top_of(f, i) == top) {
            if (i < f->n_old)
                ++*n_old;
            else
                ++*n_new;
        }
}

static kz_change kind_of(const finding *f, const struct kz_overlay_pair *p)
{
    int n_old, n_new;
    count_group(f, top_of(f, p->a), &n_old, &n_new);
    if (n_old == 1 && n_new == 1)
        return is_all(f, p) ? KZ_CHANGE_RENUMBER : KZ_CHANGE_REDRAW;
    return n_old == 1 ? KZ_CHANGE_SPLIT : n_new == 1 ? KZ_CHANGE_MERGE : KZ_CHANGE_REDRAW;
}

static int by_areas(const void *va, const void *vb)
{
    const kz_new_flow *x = va, *y = vb;
    /* What has no old area comes last. */
    int a = x->from < 0 ? INT32_MAX : x->from, b = y->from < 0 ? INT32_MAX : y->from;
    return a != b ? (a > b) - (a < b) : (x->to > y->to) - (x->to < y->to);
}

static kz_status make_flows(finding *f, kz_arena *a, kz_found *ret, kz_err *err)
{
    kz_new_flow *flow = kz_arena_new(a, kz_new_flow, f->common.n + 2 * f->n_old + f->n_new + 1);
    bool *told = kz_arena_new(a, bool, f->n_old + f->n_new + 1);
    int n = 0;
    if (!flow || !told)
        return full(err);
    for (int i = 0; i < f->common.n; i++) {
        const struct kz_overlay_pair *p = &f->common.pair[i];
        if (f->kept[p->a] < 0 && f->same[p->b] < 0 && !is_trace(f, p))
            join(f, p->a, f->n_old + p->b);
    }
    for (int i = 0; i < f->common.n; i++) {
        const struct kz_overlay_pair *p = &f->common.pair[i];
        if (f->kept[p->a] >= 0 || f->same[p->b] >= 0 || is_trace(f, p))
            continue;
        flow[n++] = (kz_new_flow){ kind_of(f, p), p->a, p->b, p->area, NAN };
        told[p->a] = told[f->n_old + p->b] = true;
    }
    for (int o = 0; o < f->n_old; o++) {
        if (f->kept[o] < 0 && !told[o])
            flow[n++] = (kz_new_flow){ KZ_CHANGE_END, o, -1, NAN, NAN };
        if (f->kept[o] >= 0 && strcmp(f->old[o].name, f->new[f->kept[o]].name) != 0)
            flow[n++] = (kz_new_flow){ KZ_CHANGE_RENAME, o, f->kept[o], NAN, NAN };
    }
    for (int i = 0; i < f->n_new; i++)
        if (f->same[i] < 0 && !told[f->n_old + i])
            flow[n++] = (kz_new_flow){ KZ_CHANGE_NEW, -1, i, NAN, NAN };
    if (n > 1)
        qsort(flow, (size_t)n, sizeof *flow, by_areas);
    *ret = (kz_found){ .same = f->same, .n = n, .flow = flow };
    return KZ_OK;
}

static kz_status measure(const kz_new_area list[], int n, kz_arena *a, kz_outline **outlines, double **land,
                         kz_err *err)
{
    *outlines = kz_arena_new(a, kz_outline, n + 1);
    *land = kz_arena_new(a, double, n + 1);
    if (!*outlines || !*land)
        return full(err);
    for (int i = 0; i < n; i++) {
        (*outlines)[i] = list[i].outline;
        (*land)[i] = kz_outline_area(&list[i].outline);
    }
    return KZ_OK;
}

kz_status kz_ledger_find(const kz_new_area old[], int n_old, const kz_new_area new[], int n_new, kz_arena *a,
                         kz_found *ret, kz_err *err)
{
    finding f = { .old = old, .new = new, .n_old = n_old, .n_new = n_new };
    kz_outline *from, *to;
    KZ_TRY(measure(old, n_old, a, &from, &f.old_land, err));
    KZ_TRY(measure(new, n_new, a, &to, &f.new_land, err));
    f.same = kz_arena_new(a, int, n_new + 1);
    f.kept = kz_arena_new(a, int, n_old + 1);
    f.group = kz_arena_new(a, int, n_old + n_new + 1);
    if (!f.same || !f.kept || !f.group)
        return full(err);
    for (int i = 0; i < n_new; i++)
        f.same[i] = -1;
    for (int i = 0; i < n_old; i++)
        f.kept[i] = -1;
    for (int i = 0; i < n_old + n_new; i++)
        f.group[i] = i;
    KZ_TRY(kz_overlay_make(from, n_old, to, n_new, a, &f.common, err));
    pair_by_land(&f);
    pair_by_key(&f);
    return make_flows(&f, a, ret, err);
}
