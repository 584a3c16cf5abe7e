#include "sdc/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_FINE = 3000000, ENTRIES_MOST = 40000000, SUB_MOVES_FINE = 3000,
       FITS_MOST = 8000000, FITS_LEAST = 200 };

int kz_space_sub(const kz_space *s, int cell)
{
    int sub = 0;
    for (int k = 0; k < s->t->n_dims; k++)
        if (k != s->main)
            sub = sub * s->t->dim[k]->n + kz_sdc_node(s->t, cell, k);
    return sub;
}

static bool make_offsets(kz_space *s)
{
    const kz_sdc_table *t = s->t;
    s->n_sub = t->n_cells / s->n_main;
    s->offset = calloc((size_t)s->n_sub + 1, sizeof *s->offset);
    for (int c = 0; s->offset && c < s->n_sub; c++) {
        int rest = c;
        for (int k = t->n_dims - 1; k >= 0; k--)
            if (k != s->main) {
                s->offset[c] += rest % t->dim[k]->n * t->stride[k];
                rest /= t->dim[k]->n;
            }
    }
    return s->offset != NULL;
}

/* ---- sub-moves: the product of the moves of all other dimensions -------------- */

/* The move that takes number pick[k] of each dimension, as sub-cells; none when it is too large. */
static bool add_product(kz_space *s, const kz_moves of[], const int pick[])
{
    int cell[KZ_MOVE_CELLS], n = 1;
    cell[0] = 0;
    for (int k = 0; k < s->t->n_dims; k++) {
        if (k == s->main)
            continue;
        size_t from = of[k].start[pick[k]], len = of[k].start[pick[k] + 1] - from;
        int made[KZ_MOVE_CELLS], n_made = 0;
        if ((size_t)n * len > KZ_MOVE_CELLS / 4)
            return true;
        for (int i = 0; i < n; i++)
            for (size_t j = 0; j < len; j++) {
                int e = of[k].entry[from + j];
                made[n_made++] = ((cell[i] >> 1) * s->t->dim[k]->n + (e >> 1)) * 2 + ((cell[i] ^ e) & 1);
            }
        memcpy(cell, made, (size_t)n_made * sizeof *cell);
        n = n_made;
    }
    bool ok = kz_moves_begin(&s->u);
    for (int i = 0; ok && i < n; i++)
        ok = kz_moves_add(&s->u, cell[i]);
    return ok;
}

static bool add_products(kz_space *s, const kz_moves of[])
{
    int pick[KZ_SDC_DIMS] = { 0 };
    for (;;) {
        if (!add_product(s, of, pick))
            return false;
        int k = s->t->n_dims - 1;
        while (k >= 0 && (k == s->main || ++pick[k] == of[k].n))
            if (k == s->main)
                k--;
            else
                pick[k--] = 0;
        if (k < 0)
            return true;
    }
}

static double product(const kz_space *s, const kz_moves of[])
{
    double n = 1;
    for (int k = 0; k < s->t->n_dims; k++)
        n *= k == s->main ? 1 : of[k].n;
    return n;
}

/* Fewer partners for the dimension that has most moves, until the product can be kept. */
static bool moves_of_dim(const kz_space *s, int k, int radius, kz_moves *ret)
{
    if (s->t->relations && k == s->t->n_dims - 1)
        return kz_moves_of_relations(s->t->relations, ret);
    return kz_moves_of_tree(s->t->dim[k], radius, ret);
}

static bool make_sub_moves(kz_space *s, bool *many)
{
    kz_moves of[KZ_SDC_DIMS] = { 0 };
    int radius[KZ_SDC_DIMS];
    bool ok = true;
    for (int k = 0; k < s->t->n_dims; k++) {
        radius[k] = s->t->dim[k]->n < 1 << 9 ? s->t->dim[k]->n : 1 << 9;
        if (k != s->main)
            ok = ok && moves_of_dim(s, k, radius[k], &of[k]);
    }
    while (ok && (product(s, of) * s->n_main > ENTRIES_FINE || product(s, of) > SUB_MOVES_FINE)) {
        int widest = -1;
        for (int k = 0; k < s->t->n_dims; k++)
            if (k != s->main && radius[k] > 1 && !(s->t->relations && k == s->t->n_dims - 1) &&
                (widest < 0 || of[k].n > of[widest].n))
                widest = k;
        if (widest < 0)
            break;
        radius[widest] /= 2;
        kz_moves_done(&of[widest]);
        ok = kz_moves_of_tree(s->t->dim[widest], radius[widest], &of[widest]);
    }
    *many = ok && product(s, of) * s->n_main > ENTRIES_MOST;
    ok = ok && !*many && add_products(s, of);
    for (int k = 0; k < s->t->n_dims; k++)
        kz_moves_done(&of[k]);
    s->n_u = s->u.n;
    return ok;
}

static bool make_through(kz_space *s)
{
    s->through_at = calloc((size_t)s->n_sub + 2, sizeof *s->through_at);
    s->through = calloc(s->u.n_entries + 1, sizeof *s->through);
    if (!s->through_at || !s->through)
        return false;
    for (size_t i = 0; i < s->u.n_entries; i++)
        s->through_at[(s->u.entry[i] >> 1) + 2]++;
    for (int c = 2; c <= s->n_sub; c++)
        s->through_at[c] += s->through_at[c - 1];
    for (int u = 0; u < s->n_u; u++)
        for (size_t i = s->u.start[u]; i < s->u.start[u + 1]; i++)
            s->through[s->through_at[(s->u.entry[i] >> 1) + 1]++] = u * 2 + (s->u.entry[i] & 1);
    return true;
}

/* ---- counts, costs, people ------------------------------------------------------ */

/* Large counts cost a little more: of equal patterns the one that hides less. */
static int32_t cost_of(int64_t n)
{
    int bits = 0;
    for (uint64_t v = (uint64_t)n + 1; v > 1; v >>= 1)
        bits++;
    return KZ_COST_ONE + 8 * bits;
}

static bool make_cells(kz_space *s)
{
    const kz_sdc_order *o = s->o;
    size_t n = (size_t)s->t->n_cells;
    s->cost = calloc(n + 1, sizeof *s->cost);
    s->count = calloc(n + 1, sizeof *s->count);
    if (!s->cost || !s->count)
        return false;
    for (size_t c = 0; c < n; c++) {
        s->count[c] = (int32_t)(s->t->n[c] < KZ_STEPS_MOST ? s->t->n[c] : KZ_STEPS_MOST);
        bool nothing = o->primary[c] || (o->unprinted && o->unprinted[c]);
        s->cost[c] = nothing                  ? 0
                     : o->keep && o->keep[c] ? KZ_COST_FIXED
                     : o->cost               ? o->cost[c]
                                             : cost_of(s->t->n[c]);
    }
    return true;
}

/* A cell with count 1 holds one person, known by the inner cell: sums of number * count say which. */
static kz_status find_persons(kz_space *s, kz_err *err)
{
    kz_arena a;
    kz_sdc_table who;
    kz_arena_init(&a, SIZE_MAX);
    kz_status st = kz_sdc_table_make(s->t->n_dims, s->t->dim, &a, &who, err);
    s->person = calloc((size_t)s->t->n_cells + 1, sizeof *s->person);
    if (st == KZ_OK && !s->person)
        st = kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; st == KZ_OK && c < s->t->n_cells; c++)
        who.n[c] = kz_sdc_is_inner(s->t, c) && s->t->n[c] == 1 ? c : 0;
    if (st == KZ_OK)
        st = kz_sdc_roll_up(&who, err);
    for (int c = 0; st == KZ_OK && c < s->t->n_cells; c++)
        s->person[c] = s->t->n[c] == 1 ? (int)who.n[c] : -1;
    kz_arena_done(&a);
    return st;
}

static bool make_primaries(kz_space *s)
{
    int most = 0;
    for (int c = 0; c < s->t->n_cells; c++)
        most += s->o->primary[c];
    s->primary = calloc((size_t)most + 1, sizeof *s->primary);
    if (!s->primary)
        return false;
    for (int g = 0; g < s->n_main; g++)
        for (int c = 0; c < s->n_sub; c++)
            if (s->o->primary[kz_space_cell(s, g, c)])
                s->primary[s->n_primary++] = kz_space_cell(s, g, c);
    s->n_demands = s->n_primary * (s->o->insider ? 2 : 1);
    s->by_vector = calloc((size_t)s->n_demands + 1, sizeof *s->by_vector);
    s->vector_at = calloc((size_t)s->n_demands + 2, sizeof *s->vector_at);
    return s->by_vector && s->vector_at;
}

static bool make_least(kz_space *s)
{
    size_t n = (size_t)s->n_main * (size_t)s->n_u;
    s->least[0] = malloc((n + 1) * sizeof *s->least[0]);
    s->least[1] = malloc((n + 1) * sizeof *s->least[1]);
    s->base = malloc((n + 1) * sizeof *s->base);
    if (!s->least[0] || !s->least[1] || !s->base)
        return false;
    for (int g = 0; g < s->n_main; g++)
        for (int u = 0; u < s->n_u; u++) {
            int32_t least[2] = { KZ_STEPS_MOST, KZ_STEPS_MOST }, sum = 0;
            for (size_t i = s->u.start[u]; i < s->u.start[u + 1]; i++) {
                int e = s->u.entry[i], c = kz_space_cell(s, g, e >> 1);
                if (s->count[c] < least[e & 1])
                    least[e & 1] = s->count[c];
                sum += s->cost[c];
            }
            size_t at = (size_t)g * (size_t)s->n_u + (size_t)u;
            s->least[0][at] = least[0];
            s->least[1][at] = least[1];
            s->base[at] = sum;
        }
    return true;
}

/* ---- the moves that fit each primary --------------------------------------------- */

static bool more_fits(kz_space *s)
{
    if (s->n_fit < s->cap_fit)
        return true;
    size_t cap = s->cap_fit ? s->cap_fit + s->cap_fit / 2 : 16384;
    kz_fit *fit = realloc(s->fit, cap * sizeof *fit);
    if (fit)
        s->fit = fit;
    int *move = realloc(s->fit_move, cap * sizeof *move);
    if (move)
        s->fit_move = move;
    if (!fit || !move)
        return false;
    s->cap_fit = cap;
    return true;
}

static bool is_allowed(const kz_space *s, size_t m, int u)
{
    int64_t cost = 0;
    for (size_t k = s->m.start[m]; k < s->m.start[m + 1]; k++)
        cost += s->base[(size_t)(s->m.entry[k] >> 1) * (size_t)s->n_u + (size_t)(u >> 1)];
    return cost < KZ_COST_FIXED;
}

/* Of very many the table keeps every `stride`-th, so that memory has a bound. */
static bool add_fits(kz_space *s, int cell, int tier, int most)
{
    int g = kz_space_main(s, cell), sub = kz_space_sub(s, cell);
    size_t from = s->m_at[g * KZ_TIERS + tier], to = s->m_at[g * KZ_TIERS + tier + 1];
    size_t u_from = s->through_at[sub], n_u = s->through_at[sub + 1] - u_from, all = (to - from) * n_u;
    size_t stride = all / (size_t)most + 1;
    while (stride > 1 && (n_u % stride == 0 || stride % 2 == 0)) /* not the same sub-moves again and again */
        stride++;
    for (size_t i = 0; i < all; i += stride) {
        size_t m = from + i / n_u, len = s->m.start[m + 1] - s->m.start[m];
        int u = s->through[u_from + i % n_u];
        const int *e = s->m.entry + s->m.start[m];
        if (!is_allowed(s, m, u) || kz_space_steps(s, (int)m, u) < kz_space_width(s, cell))
            continue;
        if (!more_fits(s))
            return false;
        s->fit[s->n_fit] = (kz_fit){ (e[0] >> 1) * s->n_u + (u >> 1),
                                     len == 2 ? (e[1] >> 1) * s->n_u + (u >> 1) : -1 };
        s->fit_move[s->n_fit++] = (int)m * 2 + (u & 1);
    }
    return true;
}

static bool make_fits(kz_space *s)
{
    int most = s->n_primary ? FITS_MOST / s->n_primary : 0;
    s->fit_at = calloc((size_t)s->n_primary + 2, sizeof *s->fit_at);
    if (!s->fit_at)
        return false;
    for (int p = 0; p < s->n_primary; p++) {
        for (int tier = 0; tier < KZ_TIERS && s->n_fit == s->fit_at[p]; tier++)
            if (!add_fits(s, s->primary[p], tier, most < FITS_LEAST ? FITS_LEAST : most))
                return false;
        s->fit_at[p + 1] = s->n_fit;
    }
    return true;
}

static kz_status find_vectors(kz_space *s, kz_err *err)
{
    bool any = false;
    for (int d = 0; d < s->n_demands; d++) {
        int p = s->o->insider ? d / 2 : d;
        bool hinted = false;
        s->vector_at[d + 1] = s->n_vector;
        if (s->o->hints && !s->o->insider)
            KZ_TRY(kz_space_take_hint(s, d, &hinted, err));
        if (!hinted && s->fit_at[p + 1] > s->fit_at[p])
            continue;
        if (!hinted)
            KZ_TRY(kz_space_find_vector(s, d, err));
        s->by_vector[d] = true;
        s->vector_at[d + 1] = s->n_vector;
        any = true;
    }
    for (size_t i = 0; i < s->n_vector; i++)
        s->cost[s->vector_cell[i]] = 0;
    if (any) { /* what is hidden anyway costs nothing any more */
        for (int k = 0; k < 2; k++)
            free(s->least[k]);
        free(s->base);
        if (!make_least(s))
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    }
    return KZ_OK;
}

static kz_status build(kz_space *s, kz_err *err)
{
    bool many = false;
    s->m_at = calloc((size_t)s->n_main * KZ_TIERS + 2, sizeof *s->m_at);
    bool ok = s->m_at && make_offsets(s) && make_sub_moves(s, &many) && make_through(s) && make_cells(s) &&
              make_primaries(s) && make_least(s) && kz_moves_of_main(s->t->dim[s->main], &s->m, s->m_at) &&
              make_fits(s);
    if (many)
        return kz_fail(err, KZ_E_LIMIT, "sdc.moves");
    if (!ok)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    if (s->o->insider)
        KZ_TRY(find_persons(s, err));
    return find_vectors(s, err);
}

kz_status kz_space_make(kz_space *s, const kz_sdc_order *o, kz_err *err)
{
    int trees = o->table->n_dims - (o->table->relations != NULL);
    *s = (kz_space){ .o = o, .t = o->table };
    for (int k = 1; k < trees; k++)
        if (o->table->dim[k]->n > o->table->dim[s->main]->n)
            s->main = k;
    s->n_main = o->table->dim[s->main]->n;
    kz_status st = build(s, err);
    if (st != KZ_OK)
        kz_space_done(s);
    return st;
}

void kz_space_done(kz_space *s)
{
    kz_moves_done(&s->u);
    kz_moves_done(&s->m);
    free(s->offset);
    free(s->through_at);
    free(s->through);
    free(s->least[0]);
    free(s->least[1]);
    free(s->base);
    free(s->m_at);
    free(s->cost);
    free(s->count);
    free(s->person);
    free(s->primary);
    free(s->fit_at);
    free(s->fit);
    free(s->fit_move);
    free(s->by_vector);
    free(s->vector_at);
    free(s->vector_cell);
    free(s->vector_coef);
    free(s->change);
    *s = (kz_space){ 0 };
}
