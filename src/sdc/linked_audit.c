/* What an attacker learns of linked tables: sums with one unknown, then the ends of every block. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "sdc/bounds.h"
#include "sdc/linked_group.h"

typedef struct attack {
    const bool *hidden;
    double *lo, *hi;
    kz_sdc_exposure found;
    pthread_mutex_t lock;
} attack;

/* Sums with one unknown give it away, one after the other; `unknown` shrinks. */
static kz_status peel(kz_linked_group *g, bool unknown[], kz_err *err)
{
    kz_sdc_table *t = &g->table;
    int top = 0, cap = t->n_cells + 1;
    int *stack = malloc((size_t)cap * sizeof *stack);
    if (!stack)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    /* Every known cell is looked at once: a line may have got its last but one. */
    for (int c = 0; c < t->n_cells; c++)
        if (!unknown[c])
            stack[top++] = c;
    while (top > 0) {
        int c = stack[--top];
        for (int k = 0; k < t->n_dims; k++)
            for (int i = 0; i < kz_sdc_lines_through(t, c, k); i++) {
                kz_sdc_line l = kz_sdc_line_through(t, c, k, i);
                int left = 0, last = -1, sign, own = 1;
                int64_t sum = 0;
                for (int j = 0; j < kz_sdc_line_cells(t, l) && left < 2; j++) {
                    int cell = kz_sdc_line_cell(t, l, j, &sign);
                    if (unknown[cell]) {
                        left++;
                        last = cell;
                        own = sign;
                    } else {
                        sum += sign * t->n[cell];
                    }
                }
                if (left == 1 && -own * sum >= 0) {
                    unknown[last] = false;
                    t->n[last] = -own * sum; /* what nobody delivered, everybody can reckon */
                    stack[top++] = last;
                }
            }
    }
    free(stack);
    return KZ_OK;
}

static void note(attack *a, int place)
{
    if (a->found.first < 0 || place < a->found.first)
        a->found.first = place;
}

static void attack_group(kz_linked_group *g, void *ctx)
{
    attack *a = ctx;
    kz_sdc_table *t = &g->table;
    bool *unknown = kz_arena_new(&g->arena, bool, t->n_cells), *fixed = kz_arena_new(&g->arena, bool, t->n_cells);
    bool *asked = kz_arena_new(&g->arena, bool, t->n_cells);
    kz_sdc_bounds_out out = { .lo = kz_arena_new(&g->arena, double, t->n_cells),
                              .hi = kz_arena_new(&g->arena, double, t->n_cells), .determined = fixed,
                              .most = g->in->ends_most };
    if (!unknown || !fixed || !asked || !out.lo || !out.hi) {
        g->status = kz_fail(&g->err, KZ_E_LIMIT, "sdc.memory");
        return;
    }
    int n = 0;
    for (int c = 0; c < t->n_cells; c++) {
        int at = kz_linked_place(g, c);
        unknown[c] = at < 0 || g->unprinted[c] || !g->known[c] || (a->hidden[at] && !g->keep[c]);
        asked[c] = at >= 0 && g->known[c] && !g->keep[c] && unknown[c] && (g->in->counts[at].flags & KZ_SDC_SECRET);
        n += asked[c];
    }
    if (n == 0)
        return;
    if ((g->status = peel(g, unknown, &g->err)) != KZ_OK ||
        (g->status = kz_sdc_bounds(t, unknown, &out, &g->where, &g->err)) != KZ_OK)
        return;
    pthread_mutex_lock(&a->lock);
    for (int c = 0; c < t->n_cells; c++) {
        int at = kz_linked_place(g, c);
        if (!asked[c])
            continue;
        a->found.checked++;
        bool no_ends = isnan(out.lo[c]);
        kz_sdc_verdict v = !no_ends   ? kz_sdc_judge(out.lo[c], out.hi[c], g->widths[c])
                           : fixed[c] ? KZ_SDC_EXACT
                                      : KZ_SDC_SAFE;
        a->found.skipped += no_ends;
        if (!unknown[c])
            a->found.by_difference++;
        else if (v == KZ_SDC_EXACT)
            a->found.exact++;
        else if (v == KZ_SDC_NARROW)
            a->found.narrow++;
        if (!unknown[c] || v != KZ_SDC_SAFE)
            note(a, at);
        if (a->lo)
            a->lo[at] = out.lo[c];
        if (a->hi)
            a->hi[at] = out.hi[c];
    }
    pthread_mutex_unlock(&a->lock);
}

kz_status kz_sdc_linked_audit(const kz_sdc_linked *in, const bool hidden[], double lo[], double hi[],
                              kz_sdc_exposure *ret, kz_err *err)
{
    attack a = { .hidden = hidden, .lo = lo, .hi = hi, .found = { .first = -1 }, .lock = PTHREAD_MUTEX_INITIALIZER };
    for (size_t i = 0; i < (size_t)in->n_codes * (size_t)in->n_areas; i++) {
        if (lo)
            lo[i] = NAN;
        if (hi)
            hi[i] = NAN;
    }
    KZ_TRY(kz_linked_each(in, attack_group, &a, NULL, NULL, err));
    *ret = a.found;
    return KZ_OK;
}
