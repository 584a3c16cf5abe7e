#include "sdc/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_FINE = 3000000, ENTRIES_MOST = 40000000, SUB_MOVES_FINE = 3000 };

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
static bool make_sub_moves(kz_space *s, bool *many)
{
    kz_moves of[KZ_SDC_DIMS] = { 0 };
    int radius[KZ_SDC_DIMS];
    bool ok = true;
    for (int k = 0; k < s->t->n_dims; k++) {
        radius[k] = s->t->dim[k]->n < 1 << 9 ? s->t->dim[k]->n : 1 << 9;
        if (k != s->main)
            ok = ok && kz_moves_of_tree(s->t->dim[k], radius[k], &of[k]);
    }
    while (ok && (product(s, of) * s->n_main > ENTRIES_FINE || product(s, of) > SUB_MOVES_FINE)) {
        int widest = -1;
        for (int k = 0; k < s->t->n_dims; k++)
            if (k != s->main && radius[k] > 1 && (widest < 0 || of[k].n > of[widest].n))
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
        s->cost[c] = o->primary[c] ? 0 : o->keep && o->keep[c] ? KZ_COST_FIXED : cost_of(s->t->n[c]);
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

/* ---- which primaries have no product move at all? -------------------------------- */

static bool has_move(const kz_space *s, int cell)
{
    int g = kz_space_main(s, cell), sub = kz_space_sub(s, cell);
    for (size_t m = s->m_at[g * KZ_TIERS]; m < s->m_at[(g + 1) * KZ_TIERS]; m++)
        for (size_t i = s->through_at[sub]; i < s->through_at[sub + 1]; i++) {
            int64_t cost = 0;
            for (size_t k = s->m.start[m]; k < s->m.start[m + 1]; k++)
                cost += s->base[(size_t)(s->m.entry[k] >> 1) * (size_t)s->n_u + (size_t)(s->through[i] >> 1)];
            if (cost < KZ_COST_FIXED && kz_space_steps(s, (int)m, s->through[i]) >= s->o->width)
                return true;
        }
    return false;
}

static kz_status find_vectors(kz_space *s, kz_err *err)
{
    bool any = false;
    for (int d = 0; d < s->n_demands; d++) {
        s->vector_at[d + 1] = s->n_vector;
        if (has_move(s, kz_space_owner(s, d)))
            continue;
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
              make_primaries(s) && make_least(s) && kz_moves_of_main(s->t->dim[s->main], &s->m, s->m_at);
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
    *s = (kz_space){ .o = o, .t = o->table };
    for (int k = 1; k < o->table->n_dims; k++)
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
    free(s->by_vector);
    free(s->vector_at);
    free(s->vector_cell);
    free(s->vector_coef);
    *s = (kz_space){ 0 };
}
