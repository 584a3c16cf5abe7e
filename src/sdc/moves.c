/* Moves of one dimension, and main-moves through a node. */
#include <stdlib.h>
#include <string.h>

#include "sdc/space.h"

enum { NEAR_PARTNERS = 16, FAR_PARTNERS = 24, INNER_LEAVES = 8 };

void kz_moves_done(kz_moves *m)
{
    free(m->start);
    free(m->entry);
    *m = (kz_moves){ 0 };
}

bool kz_moves_begin(kz_moves *m)
{
    if (m->n + 2 > m->cap) {
        int cap = m->cap ? 2 * m->cap : 64;
        size_t *p = realloc(m->start, (size_t)cap * sizeof *p);
        if (!p)
            return false;
        m->start = p;
        m->cap = cap;
    }
    if (m->n == 0)
        m->start[0] = 0;
    m->n++;
    m->start[m->n] = m->start[m->n - 1];
    return true;
}

bool kz_moves_add(kz_moves *m, int entry)
{
    if (m->n_entries == m->cap_entries) {
        size_t cap = m->cap_entries ? 2 * m->cap_entries : 256;
        int *p = realloc(m->entry, cap * sizeof *p);
        if (!p)
            return false;
        m->entry = p;
        m->cap_entries = cap;
    }
    m->entry[m->n_entries++] = entry;
    m->start[m->n] = m->n_entries;
    return true;
}

/* `leaf` and everything above it but not `stop` (-1: to the root). */
static bool add_way(kz_moves *m, const kz_sdc_tree *t, int leaf, int stop, int minus)
{
    for (int v = leaf; v != stop; v = t->parent[v])
        if (!kz_moves_add(m, v * 2 + minus))
            return false;
    return true;
}

static int common_ancestor(const kz_sdc_tree *t, int a, int b)
{
    while (a != b) {
        if (a > b) /* depth-first numbers: the larger one is not above the smaller */
            a = t->parent[a];
        else
            b = t->parent[b];
    }
    return a;
}

static bool add_pair(kz_moves *m, const kz_sdc_tree *t, int plus, int minus)
{
    int top = common_ancestor(t, plus, minus);
    return kz_moves_begin(m) && add_way(m, t, plus, top, 0) && add_way(m, t, minus, top, 1);
}

static bool add_root(kz_moves *m, const kz_sdc_tree *t, int leaf)
{
    return kz_moves_begin(m) && add_way(m, t, leaf, -1, 0);
}

/* The k-th of `of` leaves spread over the nodes below v. */
static int leaf_below(const kz_sdc_tree *t, int v, int k, int of)
{
    int at = v + (int)((int64_t)(t->size[v] - 1) * k / of);
    while (!kz_sdc_is_leaf(t, at))
        at++; /* the next node in depth-first order goes down */
    return at;
}

static int leaves_of(const kz_sdc_tree *t, int v, int most)
{
    int n = t->size[v] == 1 ? 1 : t->size[v] / 2;
    return n < 1 ? 1 : n > most ? most : n;
}

static int place_among(const kz_sdc_tree *t, int v)
{
    int i = t->first[t->parent[v]];
    while (t->child[i] != v)
        i++;
    return i - t->first[t->parent[v]];
}

bool kz_moves_of_tree(const kz_sdc_tree *t, int radius, kz_moves *ret)
{
    kz_moves m = { 0 };
    bool ok = true;
    for (int v = 0; ok && v < t->n; v++)
        if (kz_sdc_is_leaf(t, v))
            ok = add_root(&m, t, v);
    for (int p = 0; ok && p < t->n; p++) {
        int n = kz_sdc_children(t, p);
        for (int i = 0; ok && i < n; i++)
            for (int step = 1; ok && step <= radius && step < n; step++) {
                int j = (i + step) % n, a = t->child[t->first[p] + i], b = t->child[t->first[p] + j];
                if (2 * step > n || (2 * step == n && j < i)) /* met from the other side */
                    continue;
                int la = leaves_of(t, a, 4), lb = leaves_of(t, b, 2);
                for (int x = 0; ok && x < la; x++)
                    for (int y = 0; ok && y < lb; y++)
                        ok = add_pair(&m, t, leaf_below(t, a, x, la), leaf_below(t, b, y, lb));
            }
    }
    if (ok)
        *ret = m;
    else
        kz_moves_done(&m);
    return ok;
}

/* Pairs of leaves below g with leaves below the siblings of `near`, which is g or above it. */
static bool add_partners(kz_moves *m, const kz_sdc_tree *t, int g, int near, int most)
{
    int up = t->parent[near], n = kz_sdc_children(t, up), me = place_among(t, near), made = 0;
    int la = leaves_of(t, g, INNER_LEAVES);
    for (int step = 1; step < n && made < most; step++) {
        int b = t->child[t->first[up] + (me + (step % 2 ? (step + 1) / 2 : n - step / 2)) % n];
        int lb = leaves_of(t, b, near == g ? 2 : 3);
        for (int y = 0; y < lb; y++, made++)
            for (int x = 0; x < la; x++)
                if (!add_pair(m, t, leaf_below(t, g, x, la), leaf_below(t, b, y, lb)))
                    return false;
    }
    return true;
}

static bool add_roots(kz_moves *m, const kz_sdc_tree *t, int g)
{
    int la = leaves_of(t, g, 2 * INNER_LEAVES);
    for (int x = 0; x < la; x++)
        if (!add_root(m, t, leaf_below(t, g, x, la)))
            return false;
    return true;
}

bool kz_moves_of_main(const kz_sdc_tree *t, kz_moves *ret, size_t m_at[])
{
    kz_moves m = { 0 };
    bool ok = true;
    for (int g = 0; ok && g < t->n; g++) {
        m_at[g * KZ_TIERS] = (size_t)m.n;
        if (g > 0)
            ok = add_partners(&m, t, g, g, NEAR_PARTNERS);
        if (g > 0 && t->level[g] == 1 && kz_sdc_is_leaf(t, g)) /* here the way to the root is short */
            ok = ok && add_root(&m, t, g);
        m_at[g * KZ_TIERS + 1] = (size_t)m.n;
        for (int up = g > 0 ? t->parent[g] : 0; ok && up > 0; up = t->parent[up])
            ok = add_partners(&m, t, g, up, FAR_PARTNERS);
        m_at[g * KZ_TIERS + 2] = (size_t)m.n;
        ok = ok && add_roots(&m, t, g);
    }
    m_at[t->n * KZ_TIERS] = (size_t)m.n;
    if (ok)
        *ret = m;
    else
        kz_moves_done(&m);
    return ok;
}
