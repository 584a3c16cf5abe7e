/* What an attacker can compute from the published counts. */
#include "sdc/system.h"

/* Cells that fall one after the other; returns how many secrets fell. */
static int by_difference(kz_sdc_net *n, bool unknown[], int left[], int stack[], const bool secret[])
{
    const kz_sdc_system *s = n->s;
    int top = 0, fallen = 0;
    for (int e = 0; e < s->n_equations; e++) {
        left[e] = 0;
        for (size_t t = s->start[e]; t < s->start[e + 1]; t++)
            left[e] += unknown[s->terms[t].cell];
        if (left[e] == 1)
            stack[top++] = e;
    }
    while (top > 0) {
        int e = stack[--top];
        if (left[e] != 1)
            continue;
        size_t t = s->start[e];
        while (!unknown[s->terms[t].cell])
            t++;
        int c = s->terms[t].cell;
        unknown[c] = false;
        fallen += secret[c];
        for (size_t k = n->cell_start[c]; k < n->cell_start[c + 1]; k++)
            if (--left[n->cell_eq[k]] == 1)
                stack[top++] = n->cell_eq[k];
    }
    return fallen;
}

kz_status kz_sdc_attack(const kz_sdc_system *s, const bool hidden[], kz_arena *a, bool betrayed[],
                        kz_sdc_findings *ret, kz_err *err)
{
    kz_sdc_net n;
    kz_sdc_findings found = { 0 };
    KZ_TRY(kz_sdc_net_make(s, a, &n, err));
    bool *secret = kz_arena_new(a, bool, s->n_cells), *copy = kz_arena_new(a, bool, s->n_cells);
    int *left = kz_arena_new(a, int, s->n_equations), *stack = kz_arena_new(a, int, s->n_equations);
    if (!secret || !copy || !left || !stack)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < s->n_cells; c++) {
        secret[c] = s->cells[c].publish ? hidden[c] : s->cells[c].sensitive;
        n.unknown[c] = copy[c] = hidden[c] || !s->cells[c].publish;
    }
    found.by_difference = by_difference(&n, copy, left, stack, secret);

    for (int c = 0; c < s->n_cells; c++) {
        if (!n.unknown[c] || n.column[c] >= 0)
            continue;
        /* Blocks are not forgotten here: each is met once. */
        KZ_TRY(kz_sdc_net_block(&n, c, err));
    }
    for (int c = 0; c < s->n_cells; c++) {
        bool bad = secret[c] && n.determined[c];
        found.by_elimination += bad;
        if (betrayed)
            betrayed[c] = bad;
    }
    *ret = found;
    return KZ_OK;
}
