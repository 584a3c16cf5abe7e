#include "geo/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NO_WIDTH = 1e-6;
enum { BESIDE = 6, NONE = -1 };

/* What is wrong with a stretch; equal ones that touch are one piece. */
typedef struct label {
    int kind, a, b, parent; /* kind -1: nothing is wrong */
} label;

/* A stretch of one strip between two edges. */
typedef struct stretch {
    label what;
    double x0[2], x1[2]; /* left and right end at the foot, at the top */
    int piece;
} stretch;

typedef struct piece {
    label what;
    int up;          /* piece that it was found to belong to, NONE */
    bool open;       /* reaches the outside of everything */
    double area, best, x, y, box[4];
    struct {
        int area;
        double length;
    } beside[BESIDE]; /* areas that border it */
} piece;

typedef struct finder {
    int n, n_parents;
    const int *parent_of;
    int n_in, n_parents_in, *in, *parents_in;
    piece *pieces;
    int n_pieces, room;
    stretch *below, *now; /* wrong stretches of the strip below and of this one */
    int n_below, n_now, room_stretches;
    bool begun;
    double area, parents;
} finder;

static void finder_done(finder *f)
{
    free(f->in);
    free(f->parents_in);
    free(f->pieces);
    free(f->below);
    free(f->now);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

/* ---- pieces ---------------------------------------------------------------- */

static int top_of(finder *f, int i)
{
    while (f->pieces[i].up != NONE) {
        int up = f->pieces[i].up;
        if (f->pieces[up].up != NONE)
            f->pieces[i].up = f->pieces[up].up;
        i = up;
    }
    return i;
}

static void add_beside(piece *p, int area, double length)
{
    int least = 0;
    if (area == NONE)
        return;
    for (int i = 0; i < BESIDE; i++) {
        if (p->beside[i].area == area || p->beside[i].area == NONE) {
            p->beside[i].area = area;
            p->beside[i].length += length;
            return;
        }
        if (p->beside[i].length < p->beside[least].length)
            least = i;
    }
    if (length > p->beside[least].length) {
        p->beside[least].area = area;
        p->beside[least].length = length;
    }
}

static void join(finder *f, int a, int b)
{
    a = top_of(f, a);
    b = top_of(f, b);
    if (a == b)
        return;
    if (b < a) { /* the older one stays: the result does not hang on the order of joining */
        int t = a;
        a = b;
        b = t;
    }
    piece *to = &f->pieces[a], *from = &f->pieces[b];
    from->up = a;
    to->open |= from->open;
    to->area += from->area;
    if (from->best > to->best) {
        to->best = from->best;
        to->x = from->x;
        to->y = from->y;
    }
    for (int i = 0; i < 4; i++)
        to->box[i] = i < 2 ? fmin(to->box[i], from->box[i]) : fmax(to->box[i], from->box[i]);
    for (int i = 0; i < BESIDE; i++)
        add_beside(to, from->beside[i].area, from->beside[i].length);
}

static kz_status new_piece(finder *f, label what, int *ret, kz_err *err)
{
    if (f->n_pieces == f->room) {
        int room = f->room ? 2 * f->room : 256;
        piece *grown = room <= (1 << 24) ? realloc(f->pieces, (size_t)room * sizeof *grown) : NULL;
        if (!grown)
            return full(err);
        f->pieces = grown;
        f->room = room;
    }
    piece *p = &f->pieces[*ret = f->n_pieces++];
    *p = (piece){ .what = what, .up = NONE, .box = { INFINITY, INFINITY, -INFINITY, -INFINITY } };
    for (int i = 0; i < BESIDE; i++)
        p->beside[i].area = NONE;
    return KZ_OK;
}

/* ---- one strip -------------------------------------------------------------- */

static void toggle(int list[], int *n, int owner)
{
    int k = 0;
    while (k < *n && list[k] != owner)
        k++;
    if (k < *n)
        list[k] = list[--*n];
    else
        list[(*n)++] = owner;
}

static bool inside(const int list[], int n, int owner)
{
    for (int i = 0; i < n; i++)
        if (list[i] == owner)
            return true;
    return false;
}

/* What is wrong where the outlines in f->in and f->parents_in are. */
static label judge(const finder *f)
{
    label l = { NONE, NONE, NONE, NONE };
    if (f->n_in >= 2) {
        /* The two with the smallest numbers. */
        l = (label){ KZ_FLAW_OVERLAP, f->in[0], f->in[1], NONE };
        if (l.a > l.b) {
            l.a = f->in[1];
            l.b = f->in[0];
        }
        for (int i = 2; i < f->n_in; i++) {
            if (f->in[i] < l.a) {
                l.b = l.a;
                l.a = f->in[i];
            } else if (f->in[i] < l.b) {
                l.b = f->in[i];
            }
        }
    } else if (f->n_in == 1 && f->parent_of && f->parent_of[f->in[0]] >= 0) {
        int parent = f->parent_of[f->in[0]];
        if (!inside(f->parents_in, f->n_parents_in, parent))
            l = (label){ KZ_FLAW_OUTSIDE, f->in[0], NONE, parent };
    } else if (f->n_in == 0 && f->n_parents_in > 0) {
        int least = f->parents_in[0];
        for (int i = 1; i < f->n_parents_in; i++)
            least = f->parents_in[i] < least ? f->parents_in[i] : least;
        l = (label){ KZ_FLAW_UNCOVERED, NONE, NONE, least };
    } else if (f->n_in == 0) {
        l.kind = KZ_FLAW_GAP;
    }
    return l;
}

static bool same(label a, label b)
{
    return a.kind == b.kind && a.a == b.a && a.b == b.b && a.parent == b.parent;
}

/* Join a stretch with those of the strip below that it stands on. */
static kz_status settle(finder *f, stretch *s, int *from, kz_err *err)
{
    s->piece = NONE;
    while (*from < f->n_below && f->below[*from].x1[1] <= s->x0[0])
        ++*from;
    for (int i = *from; i < f->n_below && f->below[i].x1[0] < s->x0[1]; i++) {
        const stretch *b = &f->below[i];
        if (!same(b->what, s->what) || fmin(b->x1[1], s->x0[1]) - fmax(b->x1[0], s->x0[0]) < NO_WIDTH)
            continue;
        if (s->piece == NONE)
            s->piece = top_of(f, b->piece);
        else
            join(f, s->piece, b->piece);
    }
    if (s->piece == NONE)
        return new_piece(f, s->what, &s->piece, err);
    s->piece = top_of(f, s->piece);
    return KZ_OK;
}

static void count_in(piece *p, const kz_strip *strip, int left, double area)
{
    const kz_strip_edge *l = &strip->edge[left], *r = &strip->edge[left + 1];
    p->area += area;
    if (area > p->best) {
        p->best = area;
        p->x = (l->x + r->x) / 2;
        p->y = (strip->y0 + strip->y1) / 2;
    }
    p->box[0] = fmin(p->box[0], fmin(l->x0, l->x1));
    p->box[1] = fmin(p->box[1], strip->y0);
    p->box[2] = fmax(p->box[2], fmax(r->x0, r->x1));
    p->box[3] = fmax(p->box[3], strip->y1);
}

/* The stretch right of edge `left`; NONE and strip->n - 1 are the outside of everything. */
static kz_status look(finder *f, const kz_strip *strip, int left, int *from, kz_err *err)
{
    bool first = left == NONE, last = left == strip->n - 1;
    double dy = strip->y1 - strip->y0;
    label what = judge(f);
    double area = first || last ? 0 : (strip->edge[left + 1].x - strip->edge[left].x) * dy;
    f->area += f->n_in > 0 ? area : 0;
    f->parents += f->n_parents_in > 0 ? area : 0;
    if (what.kind == NONE)
        return KZ_OK;
    stretch s = { .what = what, .piece = NONE };
    s.x0[0] = first ? -INFINITY : strip->edge[left].x0;
    s.x1[0] = first ? -INFINITY : strip->edge[left].x1;
    s.x0[1] = last ? INFINITY : strip->edge[left + 1].x0;
    s.x1[1] = last ? INFINITY : strip->edge[left + 1].x1;
    if (fmax(s.x0[1] - s.x0[0], s.x1[1] - s.x1[0]) < NO_WIDTH)
        return KZ_OK;
    KZ_TRY(settle(f, &s, from, err));
    piece *p = &f->pieces[s.piece];
    /* South of the first strip there is nothing either. */
    if (first || last || (!f->begun && s.x0[1] - s.x0[0] > NO_WIDTH))
        p->open = true;
    if (!first && !last)
        count_in(p, strip, left, area);
    for (int i = first ? left + 1 : left; i <= (last ? left : left + 1); i++) {
        const kz_strip_edge *e = &strip->edge[i];
        add_beside(p, e->owner < f->n ? e->owner : NONE, hypot(e->x1 - e->x0, dy));
    }
    f->now[f->n_now++] = s;
    return KZ_OK;
}

static kz_status take(void *me, const kz_strip *strip, kz_err *err)
{
    finder *f = me;
    int from = 0;
    if (strip->n + 1 > f->room_stretches) {
        int room = 2 * (strip->n + 1);
        stretch *below = realloc(f->below, (size_t)room * sizeof *below);
        if (!below)
            return full(err);
        f->below = below;
        stretch *now = realloc(f->now, (size_t)room * sizeof *now);
        if (!now)
            return full(err);
        f->now = now;
        f->room_stretches = room;
    }
    f->n_now = f->n_in = f->n_parents_in = 0;
    for (int left = NONE; left < strip->n; left++) {
        if (left != NONE && strip->edge[left].owner < f->n)
            toggle(f->in, &f->n_in, strip->edge[left].owner);
        else if (left != NONE)
            toggle(f->parents_in, &f->n_parents_in, strip->edge[left].owner - f->n);
        KZ_TRY(look(f, strip, left, &from, err));
    }
    stretch *swap = f->below;
    f->below = f->now;
    f->now = swap;
    f->n_below = f->n_now;
    f->begun = true;
    return KZ_OK;
}

/* North of the last strip there is nothing. */
static void open_north(finder *f)
{
    for (int i = 0; i < f->n_below; i++)
        if (f->below[i].x1[1] - f->below[i].x1[0] > NO_WIDTH)
            f->pieces[top_of(f, f->below[i].piece)].open = true;
}

/* ---- flaws -------------------------------------------------------------------- */

static int by_kind(const void *va, const void *vb)
{
    const kz_flaw *x = va, *y = vb;
    const int a[] = { (int)x->kind, x->parent, x->a, x->b }, b[] = { (int)y->kind, y->parent, y->a, y->b };
    for (int i = 0; i < 4; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    if (x->largest != y->largest)
        return x->largest > y->largest ? -1 : 1;
    if (x->y != y->y)
        return x->y < y->y ? -1 : 1;
    return (x->x > y->x) - (x->x < y->x);
}

static kz_flaw flaw_of(const piece *p)
{
    kz_flaw w = { .kind = (kz_flaw_kind)p->what.kind, .a = p->what.a, .b = p->what.b, .parent = p->what.parent,
                  .pieces = 1, .area = p->area, .largest = p->area, .x = p->x, .y = p->y };
    double side = fmax(p->box[2] - p->box[0], p->box[3] - p->box[1]);
    w.width = side > 0 ? p->area / side : 0;
    if (w.kind == KZ_FLAW_OVERLAP || w.kind == KZ_FLAW_OUTSIDE)
        return w;
    int most[2] = { NONE, NONE };
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < BESIDE; i++)
            if (p->beside[i].area != NONE && !(k == 1 && i == most[0]) &&
                (most[k] == NONE || p->beside[i].length > p->beside[most[k]].length))
                most[k] = i;
    w.a = most[0] == NONE ? NONE : p->beside[most[0]].area;
    w.b = most[1] == NONE ? NONE : p->beside[most[1]].area;
    if (w.b != NONE && w.b < w.a) {
        int t = w.a;
        w.a = w.b;
        w.b = t;
    }
    return w;
}

static kz_status collect(finder *f, kz_arena *a, kz_coverage *ret, kz_err *err)
{
    kz_coverage c = { .flaw = kz_arena_new(a, kz_flaw, f->n_pieces + 1), .area = f->area, .parents = f->parents };
    int n = 0;
    if (!c.flaw)
        return full(err);
    for (int i = 0; i < f->n_pieces; i++)
        if (f->pieces[i].up == NONE && f->pieces[i].area > 0 &&
            !(f->pieces[i].what.kind == KZ_FLAW_GAP && f->pieces[i].open))
            c.flaw[n++] = flaw_of(&f->pieces[i]);
    if (n > 1)
        qsort(c.flaw, (size_t)n, sizeof *c.flaw, by_kind);
    for (int i = 0; i < n; i++) {
        kz_flaw *last = c.n > 0 ? &c.flaw[c.n - 1] : NULL, *w = &c.flaw[i];
        if (last && last->kind == w->kind && last->parent == w->parent && last->a == w->a && last->b == w->b) {
            last->area += w->area;
            last->pieces++;
        } else {
            c.flaw[c.n++] = *w;
        }
    }
    *ret = c;
    return KZ_OK;
}

kz_status kz_coverage_find(const kz_outline areas[], int n, const kz_outline parents[], int n_parents,
                           const int parent_of[], kz_arena *a, kz_coverage *ret, kz_err *err)
{
    __attribute__((cleanup(finder_done))) finder f = { .n = n, .n_parents = n_parents,
                                                       .parent_of = n_parents ? parent_of : NULL };
    kz_outline *all = kz_arena_new(a, kz_outline, n + n_parents + 1);
    f.in = malloc(((size_t)n + 1) * sizeof *f.in);
    f.parents_in = malloc(((size_t)n_parents + 1) * sizeof *f.parents_in);
    if (!all || !f.in || !f.parents_in)
        return full(err);
    for (int i = 0; i < n; i++)
        all[i] = areas[i];
    for (int i = 0; i < n_parents; i++)
        all[n + i] = parents[i];
    KZ_TRY(kz_sweep_run(all, n + n_parents, take, &f, err));
    open_north(&f);
    return collect(&f, a, ret, err);
}
