/* Sparse vectors by cell. */
#include <stdlib.h>
#include <string.h>

#include "sdc/run.h"

bool kz_pool_init(kz_pool *p, int n_cells)
{
    *p = (kz_pool){ 0 };
    p->head = malloc(((size_t)n_cells + 1) * sizeof *p->head);
    for (int c = 0; p->head && c < n_cells; c++)
        p->head[c] = -1;
    return p->head != NULL;
}

void kz_pool_done(kz_pool *p)
{
    free(p->at);
    free(p->dead);
    free(p->cell);
    free(p->coef);
    free(p->head);
    free(p->link_next);
    free(p->link_vector);
    *p = (kz_pool){ 0 };
}

static bool more_vectors(kz_pool *p)
{
    if (p->n + 2 <= p->cap)
        return true;
    int cap = p->cap ? 2 * p->cap : 256;
    size_t *at = realloc(p->at, (size_t)cap * sizeof *at);
    if (at)
        p->at = at;
    bool *dead = realloc(p->dead, (size_t)cap * sizeof *dead);
    if (dead)
        p->dead = dead;
    if (!at || !dead)
        return false;
    p->at[0] = 0;
    p->cap = cap;
    return true;
}

static bool more_entries(kz_pool *p, size_t n)
{
    if (p->n_entries + n <= p->cap_entries)
        return true;
    size_t cap = p->cap_entries ? p->cap_entries : 4096;
    while (cap < p->n_entries + n)
        cap += cap / 2;
    int *cell = realloc(p->cell, cap * sizeof *cell);
    if (cell)
        p->cell = cell;
    int *coef = realloc(p->coef, cap * sizeof *coef);
    if (coef)
        p->coef = coef;
    int *next = realloc(p->link_next, cap * sizeof *next);
    if (next)
        p->link_next = next;
    int *vector = realloc(p->link_vector, cap * sizeof *vector);
    if (vector)
        p->link_vector = vector;
    if (!cell || !coef || !next || !vector)
        return false;
    p->cap_entries = cap;
    return true;
}

/* A link a entry, with the entry's number. */
int kz_pool_add(kz_pool *p, const int cell[], const int coef[], int n)
{
    if (!more_vectors(p) || !more_entries(p, (size_t)n))
        return -1;
    for (int i = 0; i < n; i++) {
        size_t e = p->n_entries + (size_t)i;
        p->cell[e] = cell[i];
        p->coef[e] = coef[i];
        p->link_next[e] = p->head[cell[i]];
        p->link_vector[e] = p->n;
        p->head[cell[i]] = (int)e;
    }
    p->n_entries += (size_t)n;
    p->dead[p->n] = false;
    p->at[++p->n] = p->n_entries;
    return p->n - 1;
}
