#include "sdc/suppress.h"

#include <stdlib.h>

#include "sdc/system.h"

typedef struct job {
    kz_sdc_net net;
    uint8_t *mask;
    bool *known; /* not unknown, or computable although nobody prints it */
    int *left;   /* unknown cells of an equation, as `known` sees them */
    int *stack;
    bool *tested; /* its block was looked at in this round */
    bool *barred; /* hiding it was found to hide nothing */
} job;

static bool is_secret(const job *j, int c)
{
    return j->mask[c] != KZ_MASK_OPEN;
}

int kz_sdc_contradiction(const kz_sdc_system *s)
{
    for (int e = 0; e < s->n_equations; e++) {
        int64_t sum = 0;
        bool whole = true;
        for (size_t t = s->start[e]; t < s->start[e + 1]; t++) {
            whole &= s->cells[s->terms[t].cell].value >= 0;
            sum += s->terms[t].sign * s->cells[s->terms[t].cell].value;
        }
        if (whole && sum != 0)
            return e;
    }
    return -1;
}

static void hide(job *j, int c)
{
    j->mask[c] = KZ_MASK_SECONDARY;
    j->net.unknown[c] = true;
    if (j->known[c]) {
        j->known[c] = false;
        for (size_t k = j->net.cell_start[c]; k < j->net.cell_start[c + 1]; k++)
            j->left[j->net.cell_eq[k]]++;
    }
}

static void reveal(job *j, int c)
{
    j->mask[c] = KZ_MASK_OPEN;
    j->net.unknown[c] = false;
}

/* Which cells that nobody prints can be computed and need no protection? */
static void propagate(job *j)
{
    const kz_sdc_system *s = j->net.s;
    int top = 0;
    for (int c = 0; c < s->n_cells; c++)
        j->known[c] = !j->net.unknown[c];
    for (int e = 0; e < s->n_equations; e++) {
        j->left[e] = 0;
        for (size_t t = s->start[e]; t < s->start[e + 1]; t++)
            j->left[e] += !j->known[s->terms[t].cell];
        if (j->left[e] == 1)
            j->stack[top++] = e;
    }
    while (top > 0) {
        int e = j->stack[--top];
        size_t t = s->start[e];
        while (t < s->start[e + 1] && j->known[s->terms[t].cell])
            t++;
        if (t == s->start[e + 1] || is_secret(j, s->terms[t].cell))
            continue;
        int c = s->terms[t].cell;
        j->known[c] = true;
        for (size_t k = j->net.cell_start[c]; k < j->net.cell_start[c + 1]; k++)
            if (--j->left[j->net.cell_eq[k]] == 1)
                j->stack[top++] = j->net.cell_eq[k];
    }
}

/* How much is missing until the equation protects what is hidden in it: 0 nothing;
 * else at least that much should a further hidden count bring. */
static int64_t missing(const job *j, int e)
{
    const kz_sdc_system *s = j->net.s;
    int unknown = 0, plus = 0;
    int64_t sum = 0;
    bool secret = false, sensitive = false;
    for (size_t t = s->start[e]; t < s->start[e + 1]; t++) {
        int c = s->terms[t].cell;
        if (j->known[c])
            continue;
        unknown++;
        plus += s->terms[t].sign > 0;
        sum += s->cells[c].value > 0 ? s->cells[c].value : 0;
        secret |= is_secret(j, c);
        sensitive |= s->cells[c].sensitive;
    }
    bool one_side = plus == 0 || plus == unknown;
    if (sensitive && one_side && sum < s->width)
        return s->width - sum;
    return secret && unknown == 1 ? 1 : 0;
}

/* The price of hiding c for an equation that misses `need`: cheap when it helps
 * other equations too, dear when it makes new ones need a partner. */
static double price(const job *j, int c, int64_t need)
{
    int helped = 0, opened = 0;
    for (size_t k = j->net.cell_start[c]; k < j->net.cell_start[c + 1]; k++) {
        helped += j->left[j->net.cell_eq[k]] == 1;
        opened += j->left[j->net.cell_eq[k]] == 0;
    }
    double p = j->net.s->cells[c].cost * (1 + opened) / (1 + helped);
    return j->net.s->cells[c].value < need ? p * 8 : p;
}

static bool can_hide(const job *j, int c)
{
    const kz_sdc_cell *cell = &j->net.s->cells[c];
    return cell->publish && !cell->fixed && !j->barred[c] && j->mask[c] == KZ_MASK_OPEN;
}

/* The best partner in an equation, ties to the first cell; -1: none. */
static int best_partner(const job *j, int e, int64_t need, double *ret_price)
{
    const kz_sdc_system *s = j->net.s;
    int best = -1;
    double best_price = 0;
    for (size_t t = s->start[e]; t < s->start[e + 1]; t++) {
        int c = s->terms[t].cell;
        if (!can_hide(j, c))
            continue;
        double p = price(j, c, need);
        if (best < 0 || p < best_price || (p == best_price && c < best)) {
            best = c;
            best_price = p;
        }
    }
    if (best >= 0)
        *ret_price = best_price;
    return best;
}

static void add_partners(job *j)
{
    for (bool changed = true; changed;) {
        changed = false;
        propagate(j);
        for (int e = 0; e < j->net.s->n_equations; e++) {
            double unused;
            int64_t need = missing(j, e);
            int c = need > 0 ? best_partner(j, e, need, &unused) : -1;
            if (c >= 0) {
                hide(j, c);
                changed = true;
            }
        }
    }
}

/* Hide something near a cell that is determined: in its own equations, else in
 * those of its block, nearest first (the block was collected breadth first). */
static bool hide_near(job *j, int cell)
{
    int best = -1;
    double best_price = 0, p = 0;
    for (size_t k = j->net.cell_start[cell]; k < j->net.cell_start[cell + 1]; k++) {
        int c = best_partner(j, j->net.cell_eq[k], 0, &p);
        if (c >= 0 && (best < 0 || p < best_price)) {
            best = c;
            best_price = p;
        }
    }
    for (int i = 0; best < 0 && i < j->net.n_eqs; i++)
        best = best_partner(j, j->net.block_eqs[i], 0, &p);
    if (best >= 0)
        hide(j, best);
    return best >= 0;
}

/* The exact test of every block with a sensitive cell; hides more where one is determined. */
static kz_status add_exact(job *j, bool *changed, kz_err *err)
{
    const kz_sdc_system *s = j->net.s;
    *changed = false;
    for (int c = 0; c < s->n_cells; c++)
        j->tested[c] = false;
    for (int c = 0; c < s->n_cells; c++) {
        if (!s->cells[c].sensitive || !j->net.unknown[c] || j->tested[c])
            continue;
        KZ_TRY(kz_sdc_net_block(&j->net, c, err));
        kz_status st = KZ_OK;
        for (int i = 0; i < j->net.n_cells; i++)
            j->tested[j->net.block_cells[i]] = true;
        for (int i = 0; i < j->net.n_cells && st == KZ_OK; i++) {
            int d = j->net.block_cells[i];
            if (!s->cells[d].sensitive || !j->net.determined[d])
                continue;
            if (hide_near(j, d))
                *changed = true;
            else
                st = kz_fail(err, KZ_E_LIMIT, "sdc.no_partner", kz_n("cell", d));
        }
        kz_sdc_net_forget(&j->net);
        KZ_TRY(st);
    }
    return KZ_OK;
}

/* Would the system still be safe with c open?  Looks at its equations and blocks only. */
static kz_status safe_without(job *j, int c, bool *ret, kz_err *err)
{
    const kz_sdc_system *s = j->net.s;
    bool safe = true;
    for (size_t k = j->net.cell_start[c]; k < j->net.cell_start[c + 1] && safe; k++)
        safe = missing(j, j->net.cell_eq[k]) == 0;
    for (size_t k = j->net.cell_start[c]; k < j->net.cell_start[c + 1] && safe; k++) {
        int e = j->net.cell_eq[k];
        for (size_t t = s->start[e]; t < s->start[e + 1] && safe; t++) {
            int other = s->terms[t].cell;
            if (!j->net.unknown[other])
                continue;
            KZ_TRY(kz_sdc_net_block(&j->net, other, err));
            for (int i = 0; i < j->net.n_cells && safe; i++)
                safe = !(s->cells[j->net.block_cells[i]].sensitive && j->net.determined[j->net.block_cells[i]]);
            kz_sdc_net_forget(&j->net);
            break; /* the unknowns of one equation are one block */
        }
    }
    *ret = safe;
    return KZ_OK;
}

typedef struct priced {
    double cost;
    int cell;
} priced;

static int dearest_first(const void *a, const void *b)
{
    const priced *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? 1 : -1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* Open every partner that is not needed after all. */
static kz_status open_needless(job *j, kz_arena *a, kz_err *err)
{
    const kz_sdc_system *s = j->net.s;
    priced *list = kz_arena_new(a, priced, s->n_cells);
    int n = 0;
    if (!list)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < s->n_cells; c++)
        if (j->mask[c] == KZ_MASK_SECONDARY)
            list[n++] = (priced){ s->cells[c].cost, c };
    if (n > 1)
        qsort(list, (size_t)n, sizeof *list, dearest_first);
    for (int i = 0; i < n; i++) {
        bool safe;
        reveal(j, list[i].cell);
        propagate(j);
        KZ_TRY(safe_without(j, list[i].cell, &safe, err));
        if (!safe)
            hide(j, list[i].cell);
    }
    return KZ_OK;
}

/* A partner that is determined anyway hides nothing: print it. */
static kz_status open_determined(job *j, bool *opened, kz_err *err)
{
    const kz_sdc_system *s = j->net.s;
    *opened = false;
    for (int c = 0; c < s->n_cells; c++)
        j->tested[c] = false;
    for (int c = 0; c < s->n_cells; c++) {
        if (!j->net.unknown[c] || j->tested[c])
            continue;
        KZ_TRY(kz_sdc_net_block(&j->net, c, err));
        for (int i = 0; i < j->net.n_cells; i++)
            j->tested[j->net.block_cells[i]] = true;
        kz_sdc_net_forget(&j->net);
    }
    for (int c = 0; c < s->n_cells; c++)
        if (j->mask[c] == KZ_MASK_SECONDARY && j->net.determined[c]) {
            reveal(j, c);
            j->barred[c] = *opened = true;
        }
    return KZ_OK;
}

/* Partners until neither an equation nor all of them together betray anything. */
static kz_status add_all(job *j, kz_err *err)
{
    for (bool changed = true; changed;) {
        add_partners(j);
        KZ_TRY(add_exact(j, &changed, err));
    }
    return KZ_OK;
}

kz_status kz_sdc_protect(const kz_sdc_system *s, kz_arena *a, uint8_t mask[], kz_err *err)
{
    job j = { 0 };
    KZ_TRY(kz_sdc_net_make(s, a, &j.net, err));
    j.mask = kz_arena_new(a, uint8_t, s->n_cells);
    j.known = kz_arena_new(a, bool, s->n_cells);
    j.tested = kz_arena_new(a, bool, s->n_cells);
    j.barred = kz_arena_new(a, bool, s->n_cells);
    j.left = kz_arena_new(a, int, s->n_equations);
    j.stack = kz_arena_new(a, int, s->n_equations);
    if (!j.mask || !j.known || !j.tested || !j.barred || !j.left || !j.stack)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < s->n_cells; c++) {
        j.mask[c] = s->cells[c].sensitive && !s->cells[c].fixed ? KZ_MASK_PRIMARY : KZ_MASK_OPEN;
        j.net.unknown[c] = !s->cells[c].fixed && (j.mask[c] || !s->cells[c].publish);
    }
    KZ_TRY(add_all(&j, err));
    KZ_TRY(open_needless(&j, a, err));
    for (bool opened = true; opened;) {
        KZ_TRY(open_determined(&j, &opened, err));
        if (opened)
            KZ_TRY(add_all(&j, err));
    }
    for (int c = 0; c < s->n_cells; c++)
        mask[c] = j.mask[c];
    return KZ_OK;
}
