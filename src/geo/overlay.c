#include "geo/overlay.h"

#include <stdlib.h>
#include <string.h>

typedef struct kz_overlay_pair pair;

typedef struct summing {
    int n_a, n, room;
    pair *pairs;     /* in order of first appearance */
    int *slots;      /* hash of a pair to its number, -1: free */
    size_t mask;
    int n_in[2];     /* outlines around the place, first and second division */
    int *in[2];
} summing;

static void summing_done(summing *s)
{
    free(s->pairs);
    free(s->slots);
    free(s->in[0]);
    free(s->in[1]);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "geo.memory");
}

static size_t slot_of(const summing *s, int a, int b)
{
    uint64_t h = ((uint64_t)(uint32_t)a << 32 | (uint32_t)b) * 0x9E3779B97F4A7C15u;
    size_t at = (h >> 20) & s->mask;
    while (s->slots[at] >= 0 && (s->pairs[s->slots[at]].a != a || s->pairs[s->slots[at]].b != b))
        at = (at + 1) & s->mask;
    return at;
}

static kz_status grow(summing *s, kz_err *err)
{
    int room = s->room ? 2 * s->room : 1024;
    pair *pairs = realloc(s->pairs, (size_t)room * sizeof *pairs);
    if (!pairs)
        return full(err);
    s->pairs = pairs;
    int *slots = realloc(s->slots, 2 * (size_t)room * sizeof *slots);
    if (!slots)
        return full(err);
    s->slots = slots;
    s->room = room;
    s->mask = 2 * (size_t)room - 1;
    memset(slots, 0xFF, 2 * (size_t)room * sizeof *slots);
    for (int i = 0; i < s->n; i++)
        slots[slot_of(s, pairs[i].a, pairs[i].b)] = i;
    return KZ_OK;
}

static kz_status add(summing *s, int a, int b, double area, kz_err *err)
{
    if (s->n == s->room)
        KZ_TRY(grow(s, err));
    size_t at = slot_of(s, a, b);
    if (s->slots[at] < 0) {
        s->slots[at] = s->n;
        s->pairs[s->n++] = (pair){ a, b, 0 };
    }
    s->pairs[s->slots[at]].area += area;
    return KZ_OK;
}

static void toggle(summing *s, int owner)
{
    int which = owner >= s->n_a, k = 0;
    while (k < s->n_in[which] && s->in[which][k] != owner)
        k++;
    if (k < s->n_in[which])
        s->in[which][k] = s->in[which][--s->n_in[which]];
    else
        s->in[which][s->n_in[which]++] = owner;
}

static kz_status take(void *me, const kz_strip *strip, kz_err *err)
{
    summing *s = me;
    s->n_in[0] = s->n_in[1] = 0;
    for (int i = 0; i + 1 < strip->n; i++) {
        toggle(s, strip->edge[i].owner);
        double area = (strip->edge[i + 1].x - strip->edge[i].x) * (strip->y1 - strip->y0);
        for (int a = 0; a < s->n_in[0]; a++)
            for (int b = 0; b < s->n_in[1]; b++)
                KZ_TRY(add(s, s->in[0][a], s->in[1][b] - s->n_a, area, err));
    }
    return KZ_OK;
}

static int by_both(const void *vx, const void *vy)
{
    const pair *x = vx, *y = vy;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

kz_status kz_overlay_make(const kz_outline a[], int n_a, const kz_outline b[], int n_b, kz_arena *arena,
                          kz_overlay *ret, kz_err *err)
{
    __attribute__((cleanup(summing_done))) summing s = { .n_a = n_a };
    kz_outline *all = kz_arena_new(arena, kz_outline, n_a + n_b + 1);
    s.in[0] = malloc(((size_t)n_a + 1) * sizeof *s.in[0]);
    s.in[1] = malloc(((size_t)n_b + 1) * sizeof *s.in[1]);
    if (!all || !s.in[0] || !s.in[1])
        return full(err);
    for (int i = 0; i < n_a; i++)
        all[i] = a[i];
    for (int i = 0; i < n_b; i++)
        all[n_a + i] = b[i];
    KZ_TRY(kz_sweep_run(all, n_a + n_b, take, &s, err));
    kz_overlay o = { .pair = kz_arena_new(arena, pair, s.n + 1) };
    if (!o.pair)
        return full(err);
    if (s.n > 1)
        qsort(s.pairs, (size_t)s.n, sizeof *s.pairs, by_both);
    for (int i = 0; i < s.n; i++)
        if (s.pairs[i].area > 0)
            o.pair[o.n++] = s.pairs[i];
    *ret = o;
    return KZ_OK;
}
