#include "sdc/linked.h"

#include <stdlib.h>
#include <string.h>

#include "sdc/linked_group.h"

/* A release has hundreds of groups: more starts would hide 2 % less and take three times as long. */
enum { STARTS = 1, SWEEPS = 60 };

/* The group's witnesses in the numbers of the whole. */
static void name_witnesses(kz_linked_group *g)
{
    kz_sdc_pattern *p = &g->pattern;
    int all = g->in->n_codes * g->in->n_areas;
    for (int w = 0; w < p->n_witness; w++)
        p->owner[w] = kz_linked_place(g, p->owner[w]);
    for (size_t i = 0; p->n_witness > 0 && i < p->start[p->n_witness]; i++) {
        int c = p->cell[i], at = kz_linked_place(g, c), node = c / g->n_codes;
        if (at < 0) { /* a rest; the root of several roots is one of nobody: -1 */
            int up = g->areas.parent[node];
            at = up < 0 || g->area[up] < 0 ? -1 : all + g->code[c % g->n_codes] * g->in->n_areas + g->area[up];
        }
        p->cell[i] = at;
    }
}

/* Cell of the group's table for a place or rest of the whole; -1: it is of another group. */
static int cell_of(const int node[], const int rest[], const int code[], const kz_sdc_linked *in, int n_codes,
                   int place)
{
    int all = in->n_codes * in->n_areas, own = place % all, k = code[own / in->n_areas];
    int v = place < all ? node[own % in->n_areas] : rest[own % in->n_areas];
    return k < 0 || v < 0 ? -1 : v * n_codes + k;
}

/* A hint may be from a time when nothing was published so deep: what changes in an area then changes in one of
 * its parts.  Entries from `from` on; false: too long. */
static bool complete(const kz_linked_group *g, int cell[], int coef[], size_t from, size_t *to, size_t cap)
{
    const kz_sdc_tree *t = &g->areas;
    for (size_t i = from; i < *to; i++) {
        int v = cell[i] / g->n_codes, k = cell[i] % g->n_codes, part = -1, left = coef[i];
        for (int c = t->first[v]; c < t->first[v + 1]; c++) {
            if (part < 0 && g->area[t->child[c]] >= 0)
                part = t->child[c] * g->n_codes + k;
            for (size_t e = from; e < *to; e++)
                left -= cell[e] == t->child[c] * g->n_codes + k ? coef[e] : 0;
        }
        if (part < 0 || left == 0)
            continue;
        if (*to == cap)
            return false;
        cell[*to] = part;
        coef[(*to)++] = left;
    }
    return true;
}

/* The hints that lie in this group, in its numbers. */
static bool take_hints(kz_linked_group *g, kz_sdc_hints *ret)
{
    const kz_sdc_linked *in = g->in;
    const kz_sdc_proof *h = in->hints;
    int *node = kz_arena_new(&g->arena, int, in->n_areas + 1), *rest = kz_arena_new(&g->arena, int, in->n_areas + 1);
    int *code = kz_arena_new(&g->arena, int, in->n_codes + 1);
    size_t entries = h->n_witness > 0 ? h->start[h->n_witness] : 0, at = 0;
    size_t cap = entries * (size_t)(g->areas.depth + 1);
    size_t *start = kz_arena_new(&g->arena, size_t, h->n_witness + 2);
    int *cell = kz_arena_new(&g->arena, int, cap + 1), *coef = kz_arena_new(&g->arena, int, cap + 1);
    int *owner = kz_arena_new(&g->arena, int, h->n_witness + 1), n = 0;
    if (!node || !rest || !code || !start || !cell || !coef || !owner)
        return false;
    for (int a = 0; a < in->n_areas; a++)
        node[a] = rest[a] = -1;
    for (int c = 0; c < in->n_codes; c++)
        code[c] = -1;
    for (int k = 0; k < g->n_codes; k++)
        code[g->code[k]] = k;
    for (int v = 0; v < g->areas.n; v++) {
        int up = g->areas.parent[v];
        if (g->area[v] >= 0)
            node[g->area[v]] = v;
        else if (up >= 0 && g->area[up] >= 0)
            rest[g->area[up]] = v;
    }
    for (int w = 0; w < h->n_witness; w++) {
        int own = cell_of(node, rest, code, in, g->n_codes, h->owner[w]);
        bool whole = own >= 0;
        size_t from = at;
        for (size_t i = h->start[w]; i < h->start[w + 1] && whole; i++) {
            cell[at] = cell_of(node, rest, code, in, g->n_codes, h->cell[i]);
            coef[at] = h->coef[i];
            whole = cell[at++] >= 0;
        }
        if (!whole || !complete(g, cell, coef, from, &at, cap)) {
            at = from;
            continue;
        }
        owner[n] = own;
        start[++n] = at;
    }
    *ret = (kz_sdc_hints){ n, start, cell, coef, owner };
    return true;
}

static void protect_group(kz_linked_group *g, void *ctx)
{
    static const char *const NAMES[] = { "area", "count" };
    uint8_t *mask = ctx;
    kz_sdc_order o = { .table = &g->table, .primary = g->primary, .keep = g->keep, .unprinted = g->unprinted,
                       .cost = g->cost, .width = 1, .widths = g->widths, .seed = g->in->seed, .names = NAMES,
                       .where = &g->where, .owner_only = true, .starts = STARTS, .sweeps = SWEEPS };
    kz_sdc_hints hints = { 0 };
    if (g->in->hints && g->primaries > 0 && g->open > 0) {
        if (!take_hints(g, &hints)) {
            g->status = kz_fail(&g->err, KZ_E_LIMIT, "sdc.memory");
            return;
        }
        o.hints = &hints;
    }
    bool decided = g->primaries == 0 || g->open == 0;
    if (!decided)
        g->status = kz_sdc_hide(&o, &g->pattern, &g->err);
    if (g->status != KZ_OK)
        return;
    for (int c = 0; c < g->table.n_cells; c++) {
        int at = kz_linked_place(g, c);
        if (at < 0)
            continue; /* places of groups are apart: no lock */
        uint8_t flags = g->in->counts[at].flags;
        mask[at] = !decided ? g->pattern.mask[c] : g->primary[c] ? KZ_MASK_PRIMARY : KZ_MASK_OPEN;
        if ((flags & (KZ_SDC_HELD | KZ_SDC_SECRET)) == KZ_SDC_HELD && !g->keep[c])
            mask[at] = KZ_MASK_SECONDARY;
    }
    name_witnesses(g);
}

kz_status kz_sdc_linked_protect(const kz_sdc_linked *in, uint8_t mask[], kz_sdc_proof *proof, int *where, kz_err *err)
{
    kz_sdc_proof made = { 0 };
    size_t n = (size_t)in->n_codes * (size_t)in->n_areas;
    uint8_t *own = calloc(n + 1, 1);
    if (!own)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    *where = -1;
    kz_status st = kz_linked_each(in, protect_group, own, &made, where, err);
    if (st == KZ_OK) {
        memcpy(mask, own, n);
        *proof = made;
    }
    free(own);
    return st;
}
