/*
 * run.h - inside sdc/: one start of the annealing and its clean-up.
 *
 * A run owns all it changes, so runs go on side by side.  Its result: which
 * cells are hidden, and a witness a demand in its pool.
 */
#ifndef KZ_SDC_RUN_H
#define KZ_SDC_RUN_H

#include "base/rng.h"
#include "sdc/space.h"

/* Sparse vectors with entries sorted by cell, and for each cell the vectors through it, newest first. */
typedef struct kz_pool {
    int n, cap;
    size_t *at;      /* n + 1 */
    bool *dead;
    int *cell, *coef;
    size_t n_entries, cap_entries;
    int *head;       /* of a cell: its newest entry, -1: none */
    int *link_next, *link_vector; /* of an entry: the next one of the same cell; its vector */
} kz_pool;

bool kz_pool_init(kz_pool *p, int n_cells);
void kz_pool_done(kz_pool *p);
/* Sorted entries; -1: no memory. */
int kz_pool_add(kz_pool *p, const int cell[], const int coef[], int n);

typedef struct kz_run {
    const kz_space *s;
    kz_rng rng;
    int32_t *need;  /* what hiding the cell would still cost */
    int32_t *sum;   /* n_main x n_u: of need over the sub-move's cells */
    int32_t *uses;  /* choices through a cell */
    int *move, *u;  /* choice of a demand; move -1: none */
    bool *hidden;
    kz_pool pool;
    int *witness;   /* vector of a demand */
    kz_status failed;
    int stuck;      /* a demand for which nothing was found; -1 */
} kz_run;

/* Everything: annealing, pool, clean-up.  r->failed says how it ended. */
void kz_run_go(kz_run *r, const kz_space *s, uint64_t seed, int sweeps);
void kz_run_done(kz_run *r);
/* Open what is not needed, on a run with witnesses. */
bool kz_run_clean(kz_run *r, int passes);

#endif
