#include "sdc/linked.h"

#include <stdlib.h>
#include <string.h>

#include "sdc/linked_group.h"

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

static void protect_group(kz_linked_group *g, void *ctx)
{
    static const char *const NAMES[] = { "area", "count" };
    uint8_t *mask = ctx;
    kz_sdc_order o = { .table = &g->table, .primary = g->primary, .keep = g->keep, .unprinted = g->unprinted,
                       .cost = g->cost, .width = g->width, .seed = g->in->seed, .names = NAMES,
                       .where = &g->where, .owner_only = true };
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
