/*
 * system.h - inside sdc/: a system with the way back from cells to equations,
 * and the blocks of unknowns that hang together.
 */
#ifndef KZ_SDC_SYSTEM_H
#define KZ_SDC_SYSTEM_H

#include "sdc/suppress.h"

typedef struct kz_sdc_net {
    const kz_sdc_system *s;
    size_t *cell_start; /* equations of cell c: cell_eq[cell_start[c] .. cell_start[c + 1]) */
    int    *cell_eq;
    bool   *unknown;    /* to the attacker; set by the caller */
    /* The block found last, and room to find it. */
    int *block_cells, *block_eqs, n_cells, n_eqs;
    int *column;        /* of a cell in its block, -1 outside */
    bool *eq_seen;
    bool *determined;   /* of every cell in the blocks tested so far */
    size_t *lin_start;
    struct kz_linear_term *lin_terms;
    bool *lin_determined;
} kz_sdc_net;

KZ_MUST_USE kz_status kz_sdc_net_make(const kz_sdc_system *s, kz_arena *a, kz_sdc_net *ret, kz_err *err);
/* Collect the unknowns connected with `seed` and test which are determined. */
KZ_MUST_USE kz_status kz_sdc_net_block(kz_sdc_net *n, int seed, kz_err *err);
/* Forget the block, so that another one can be collected. */
void kz_sdc_net_forget(kz_sdc_net *n);

#endif
