/*
 * bym2_factor.h - sparse linear algebra for KZ_LANES matrices with one pattern: factor A = L D Lᵀ row by
 * row, solve, the inverse on the pattern of L, and the constraint that components sum to zero.
 *
 * Part of bym2_lanes.c, which is built once for every width; included nowhere else.  O(pairs of entries
 * of a column) for factor and inverse, O(entries) for a solution.
 * Sources: T. A. Davis, Direct Methods for Sparse Linear Systems, 2006, chapter 4; K. Takahashi,
 * J. Fagan, M.-S. Chin, PICA 1973; H. Rue, L. Held, Gaussian Markov Random Fields, 2005 (kriging).
 */
#ifndef KZ_STAT_BYM2_FACTOR_H
#define KZ_STAT_BYM2_FACTOR_H

#include "stat/bym2_lanes.h"
#include "stat/lanes.h"

/* All arrays of one thread, cut out of one block. */
typedef struct space {
    vd *l, *z;                        /* entries of the factor and of the inverse on its pattern */
    vd *y, *diag, *dinv, *zd;         /* areas */
    vd *eta, *u, *w, *eta_n, *u_n, *w_n, *c, *d, *r, *d3, *var, *k3, *try_eta, *try_u, *try_w;
    vd *rhs;                          /* areas × (p + 2) */
    vd *b;                            /* areas × p */
    vd *sums;                         /* components × (p + 2) */
    vd *column;                       /* longest column */
} space;

static size_t cut(const kz_bym2_plan *plan, int p, void *block, space *s)
{
    size_t n = (size_t)plan->n, at = 0, nnz = (size_t)plan->n_entries + 1;
    char *base = block;
    struct {
        vd **where;
        size_t many;
    } parts[] = { { &s->l, nnz }, { &s->z, nnz }, { &s->y, n }, { &s->diag, n }, { &s->dinv, n }, { &s->zd, n },
                  { &s->eta, n }, { &s->u, n }, { &s->w, n }, { &s->eta_n, n }, { &s->u_n, n }, { &s->w_n, n },
                  { &s->c, n }, { &s->d, n }, { &s->r, n }, { &s->d3, n }, { &s->var, n }, { &s->k3, n },
                  { &s->try_eta, n }, { &s->try_u, n }, { &s->try_w, n },
                  { &s->rhs, n * ((size_t)p + 2) }, { &s->b, n * (size_t)p },
                  { &s->sums, ((size_t)plan->n_components + 1) * ((size_t)p + 2) },
                  { &s->column, (size_t)plan->longest + 1 } };
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        if (base)
            *parts[k].where = (vd *)(void *)(base + at);
        at += (parts[k].many * sizeof(vd) + 63) & ~(size_t)63;
    }
    return at;
}

static size_t space_bytes(const kz_bym2_plan *plan, int p)
{
    space s;
    return cut(plan, p, NULL, &s);
}

/* A has -scale at neighbours and s->diag on the diagonal.  Leaves 1/D in dinv; returns log det. */
static vd factor(const kz_bym2_plan *g, space *s)
{
    /* Pointers in variables of their own: a store into an array cannot change them. */
    vd *y = s->y, *l = s->l, *dinv = s->dinv, log_det = { 0 };
    const int *col_start = g->col_start, *col_row = g->col_row, *row_col = g->row_col, *row_at = g->row_at;
    for (int k = 0; k < g->n; k++) {
        vd d = s->diag[k], edge = vset(-g->scale[k]);
        int first = g->row_start[k], last = g->row_start[k + 1];
        for (int t = first; t < last; t++)
            y[row_col[t]] = (vd){ 0 };
        for (int t = g->lower_start[k]; t < g->lower_start[k + 1]; t++)
            y[g->lower[t]] = edge;
        for (int t = first; t < last; t++) {
            int j = row_col[t], end = row_at[t];
            vd yj = y[j], lkj = yj * dinv[j];
            for (int e = col_start[j]; e < end; e++)
                y[col_row[e]] -= l[e] * yj;
            d -= lkj * yj;
            l[end] = lkj;
        }
        dinv[k] = 1 / d;
        log_det += vlog(d);
    }
    return log_det;
}

KZ_INLINE void solve_many(const kz_bym2_plan *g, const space *s, vd *rhs, int m)
{
    const vd *l = s->l, *dinv = s->dinv;
    const int *col_start = g->col_start, *col_row = g->col_row;
    int n = g->n;
    for (int j = 0; j < n; j++)
        for (int e = col_start[j]; e < col_start[j + 1]; e++) {
            vd *to = rhs + (size_t)col_row[e] * (size_t)m, lij = l[e];
            const vd *from = rhs + (size_t)j * (size_t)m;
            for (int a = 0; a < m; a++)
                to[a] -= lij * from[a];
        }
    for (int j = n - 1; j >= 0; j--) {
        vd *to = rhs + (size_t)j * (size_t)m, dj = dinv[j];
        for (int a = 0; a < m; a++)
            to[a] *= dj;
        for (int e = col_start[j]; e < col_start[j + 1]; e++) {
            const vd *from = rhs + (size_t)col_row[e] * (size_t)m;
            vd lij = l[e];
            for (int a = 0; a < m; a++)
                to[a] -= lij * from[a];
        }
    }
}

/* A⁻¹ for m right-hand sides that lie side by side. */
static void solve(const kz_bym2_plan *g, const space *s, vd *rhs, int m)
{
    switch (m) { /* the usual numbers unrolled */
    case 1: solve_many(g, s, rhs, 1); break;
    case 3: solve_many(g, s, rhs, 3); break;
    case 4: solve_many(g, s, rhs, 4); break;
    default: solve_many(g, s, rhs, m); break;
    }
}

/* The inverse on the pattern of L, from the last column to the first (Takahashi). */
static void inverse(const kz_bym2_plan *g, space *s)
{
    const int *pair = g->pair;
    size_t at = 0;
    for (int j = 0; j < g->n; j++) {
        size_t m = (size_t)(g->col_start[j + 1] - g->col_start[j]);
        at += m * (m - (m > 0)) / 2;
    }
    const vd *l = s->l;
    vd *z = s->z, *zd = s->zd, *sum = s->column;
    for (int j = g->n - 1; j >= 0; j--) {
        int first = g->col_start[j], m = g->col_start[j + 1] - first;
        at -= (size_t)m * (size_t)(m - (m > 0)) / 2;
        const int *where = pair + at, *row = g->col_row + first;
        const vd *lj = l + first;
        for (int a = 0; a < m; a++)
            sum[a] = lj[a] * zd[row[a]];
        for (int a = 0; a < m; a++) {
            vd la = lj[a], own = sum[a];
            for (int b = a + 1; b < m; b++) {
                vd zab = z[*where++];
                sum[b] += la * zab;
                own += lj[b] * zab;
            }
            sum[a] = own;
        }
        vd own = s->dinv[j];
        for (int a = 0; a < m; a++) {
            z[first + a] = -sum[a];
            own += lj[a] * sum[a];
        }
        zd[j] = own;
    }
}

/* Make the first m of `stride` columns sum to zero in every component, by the column `ones` = A⁻¹1. */
static void krige(const kz_bym2_plan *g, space *s, vd *rhs, int stride, int m, const vd *ones, int ones_stride)
{
    size_t width = (size_t)m + 1;
    for (size_t k = 0; k < (size_t)g->n_components * width; k++)
        s->sums[k] = (vd){ 0 };
    for (int i = 0; i < g->n; i++) {
        if (g->component[i] < 0)
            continue;
        vd *sum = s->sums + (size_t)g->component[i] * width;
        for (int a = 0; a < m; a++)
            sum[a] += rhs[(size_t)i * (size_t)stride + (size_t)a];
        sum[m] += ones[(size_t)i * (size_t)ones_stride];
    }
    for (int i = 0; i < g->n; i++) {
        if (g->component[i] < 0)
            continue;
        const vd *sum = s->sums + (size_t)g->component[i] * width;
        vd share = ones[(size_t)i * (size_t)ones_stride] / sum[m];
        for (int a = 0; a < m; a++)
            rhs[(size_t)i * (size_t)stride + (size_t)a] -= share * sum[a];
    }
}

#endif
