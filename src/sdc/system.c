#include "sdc/system.h"

#include "sdc/linear.h"

kz_status kz_sdc_net_make(const kz_sdc_system *s, kz_arena *a, kz_sdc_net *ret, kz_err *err)
{
    size_t cells = (size_t)s->n_cells, eqs = (size_t)s->n_equations, terms = s->start[eqs];
    kz_sdc_net n = { .s = s };
    n.cell_start = kz_arena_new(a, size_t, cells + 2);
    n.cell_eq = kz_arena_new(a, int, terms);
    n.unknown = kz_arena_new(a, bool, cells);
    n.block_cells = kz_arena_new(a, int, cells);
    n.block_eqs = kz_arena_new(a, int, eqs);
    n.column = kz_arena_new(a, int, cells);
    n.eq_seen = kz_arena_new(a, bool, eqs);
    n.determined = kz_arena_new(a, bool, cells);
    n.lin_start = kz_arena_new(a, size_t, eqs + 1);
    n.lin_terms = kz_arena_new(a, kz_linear_term, terms);
    n.lin_determined = kz_arena_new(a, bool, cells);
    if (!n.cell_start || !n.cell_eq || !n.unknown || !n.block_cells || !n.block_eqs || !n.column || !n.eq_seen ||
        !n.determined || !n.lin_start || !n.lin_terms || !n.lin_determined)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");

    /* Counting sort of the terms by cell; the slot shifted by one ends up as the start. */
    for (size_t t = 0; t < terms; t++)
        n.cell_start[s->terms[t].cell + 2]++;
    for (size_t c = 1; c < cells + 2; c++)
        n.cell_start[c] += n.cell_start[c - 1];
    for (int e = 0; e < s->n_equations; e++)
        for (size_t t = s->start[e]; t < s->start[e + 1]; t++)
            n.cell_eq[n.cell_start[s->terms[t].cell + 1]++] = e;
    for (size_t c = 0; c < cells; c++)
        n.column[c] = -1;
    *ret = n;
    return KZ_OK;
}

static void collect(kz_sdc_net *n, int seed)
{
    n->column[seed] = 0;
    n->block_cells[0] = seed;
    n->n_cells = 1;
    n->n_eqs = 0;
    for (int i = 0; i < n->n_cells; i++) {
        int c = n->block_cells[i];
        for (size_t k = n->cell_start[c]; k < n->cell_start[c + 1]; k++) {
            int e = n->cell_eq[k];
            if (n->eq_seen[e])
                continue;
            n->eq_seen[e] = true;
            n->block_eqs[n->n_eqs++] = e;
            for (size_t t = n->s->start[e]; t < n->s->start[e + 1]; t++) {
                int other = n->s->terms[t].cell;
                if (n->unknown[other] && n->column[other] < 0) {
                    n->column[other] = n->n_cells;
                    n->block_cells[n->n_cells++] = other;
                }
            }
        }
    }
}

kz_status kz_sdc_net_block(kz_sdc_net *n, int seed, kz_err *err)
{
    size_t at = 0;
    collect(n, seed);
    for (int i = 0; i < n->n_eqs; i++) {
        int e = n->block_eqs[i];
        n->lin_start[i] = at;
        for (size_t t = n->s->start[e]; t < n->s->start[e + 1]; t++)
            if (n->unknown[n->s->terms[t].cell])
                n->lin_terms[at++] = (kz_linear_term){ n->column[n->s->terms[t].cell], n->s->terms[t].sign };
    }
    n->lin_start[n->n_eqs] = at;
    KZ_TRY(kz_linear_determined(n->n_eqs, n->lin_start, n->lin_terms, n->n_cells, n->lin_determined, err));
    for (int i = 0; i < n->n_cells; i++)
        n->determined[n->block_cells[i]] = n->lin_determined[i];
    return KZ_OK;
}

void kz_sdc_net_forget(kz_sdc_net *n)
{
    for (int i = 0; i < n->n_cells; i++)
        n->column[n->block_cells[i]] = -1;
    for (int i = 0; i < n->n_eqs; i++)
        n->eq_seen[n->block_eqs[i]] = false;
    n->n_cells = n->n_eqs = 0;
}
