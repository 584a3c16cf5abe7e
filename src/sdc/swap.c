/*
 * The last resort for a secret: people move.
 *
 * If everybody of one area lived in another, every relation would still hold, since people take all their answers with
 * them; only the areas' own counts would be others.  So the vector "all of b move to a" is a witness of a count in a,
 * as far as b has people of this kind, and hides what b has, in both.  Dear, but it exists where no
 * short vector does: nearest areas first, then all parts of an area, and of the one above.
 */
#include <stdlib.h>
#include <string.h>

#include "sdc/space.h"

typedef struct move {
    kz_space *s;
    const kz_sdc_tree *t;
    int64_t *change;  /* of every cell */
    int owner, home;  /* cell, and its main node */
} move;

static int64_t count(const move *m, int node, int sub)
{
    return m->s->t->n[kz_space_cell(m->s, node, sub)];
}

static void add(move *m, int node, int sub, int64_t by)
{
    m->change[kz_space_cell(m->s, node, sub)] += by;
}

/* `by` people less in a node: from its parts as they are, or, where they do not add up, from the first. */
static void empty(move *m, int node, int sub, int64_t by)
{
    const kz_sdc_tree *t = m->t;
    int64_t parts = 0;
    add(m, node, sub, -by);
    for (int i = t->first[node]; i < t->first[node + 1]; i++)
        parts += count(m, t->child[i], sub);
    for (int i = t->first[node]; i < t->first[node + 1]; i++) {
        int64_t own = parts == by ? count(m, t->child[i], sub) : i == t->first[node] ? by : 0;
        if (own != 0)
            empty(m, t->child[i], sub, own);
    }
}

static void fill(move *m, int node, int sub, int64_t by)
{
    for (int v = node;; v = m->t->child[m->t->first[v]]) {
        add(m, v, sub, by);
        if (kz_sdc_is_leaf(m->t, v))
            return;
    }
}

/* Everybody of `from` goes home; both have their areas above, as far as they have them not in common. */
static void take_in(move *m, int from)
{
    const kz_sdc_tree *t = m->t;
    for (int c = 0; c < m->s->n_sub; c++) {
        int64_t n = count(m, from, c);
        int a = t->parent[m->home], b = t->parent[from];
        if (n == 0)
            continue;
        empty(m, from, c, n);
        fill(m, m->home, c, n);
        while (a != b)
            if (a > b) { /* depth first: the larger number is not above the smaller */
                add(m, a, c, n);
                a = t->parent[a];
            } else {
                add(m, b, c, -n);
                b = t->parent[b];
            }
    }
}

static bool is_witness(const move *m)
{
    const kz_sdc_table *t = m->s->t;
    int64_t own = m->change[m->owner];
    if ((own < 0 ? -own : own) < kz_space_width(m->s, m->owner))
        return false;
    for (int c = 0; c < t->n_cells; c++) {
        if (m->change[c] == 0)
            continue;
        if (m->s->cost[c] >= KZ_COST_FIXED || t->n[c] + m->change[c] < 0 || m->change[c] > KZ_STEPS_MOST ||
            m->change[c] < -KZ_STEPS_MOST)
            return false;
        for (int k = 0; k < t->n_dims; k++)
            for (int l = 0; l < kz_sdc_lines_through(t, c, k); l++)
                if (!kz_sdc_line_holds(t, kz_sdc_line_through(t, c, k, l), m->change))
                    return false;
    }
    return true;
}

static kz_status keep(move *m, bool *found, kz_err *err)
{
    *found = is_witness(m);
    for (int c = 0; c < m->s->t->n_cells && *found; c++)
        if (m->change[c] != 0 && !kz_space_append(m->s, c, (int)m->change[c]))
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    memset(m->change, 0, ((size_t)m->s->t->n_cells + 1) * sizeof *m->change);
    return KZ_OK;
}

/* Areas of the same level below `top`, one after the other, then all of them. */
static kz_status try_below(move *m, int top, bool *found, kz_err *err)
{
    const kz_sdc_tree *t = m->t;
    int sub = kz_space_sub(m->s, m->owner), level = t->level[m->home];
    for (int v = top + 1; v < top + t->size[top] && !*found; v++)
        if (v != m->home && t->level[v] == level && count(m, v, sub) >= kz_space_width(m->s, m->owner)) {
            take_in(m, v);
            KZ_TRY(keep(m, found, err));
        }
    if (*found)
        return KZ_OK;
    for (int v = top + 1; v < top + t->size[top]; v++)
        if (v != m->home && t->level[v] == level)
            take_in(m, v);
    return keep(m, found, err);
}

kz_status kz_space_swap(kz_space *s, int demand, bool *found, kz_err *err)
{
    int owner = kz_space_owner(s, demand);
    move m = { .s = s, .t = s->t->dim[s->main], .owner = owner, .home = kz_space_main(s, owner) };
    *found = false;
    if (!s->change)
        s->change = calloc((size_t)s->t->n_cells + 1, sizeof *s->change);
    if (!s->change)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    m.change = s->change;
    for (int top = m.home; top > 0 && !*found;) {
        top = m.t->parent[top];
        KZ_TRY(try_below(&m, top, found, err));
    }
    return KZ_OK;
}
