#include "stat/bym2_plan.h"

#include "stat/bym2_lanes.h"
#include "stat/bym2_prior.h"

#include <suitesparse/amd.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void kz_bym2_plan_free(kz_bym2_plan *plan)
{
    if (!plan)
        return;
    int *const ints[] = { plan->order, plan->component, plan->component_size, plan->degree, plan->lower_start,
                          plan->lower, plan->col_start, plan->col_row, plan->row_start, plan->row_col,
                          plan->row_at, plan->pair };
    double *const reals[] = { plan->scale, plan->variance, plan->unscaled, plan->pc_x, plan->pc_y, plan->pc_curve };
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++)
        free(ints[i]);
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        free(reals[i]);
    free(plan);
}

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "bym2.memory");
}

/* An order with little fill, and the lower half of the graph in it. */
static kz_status put_in_order(kz_bym2_plan *g, const int start[], const int neighbour[], int inverse[], kz_err *err)
{
    int n = g->n, links = start[n];
    double control[AMD_CONTROL], info[AMD_INFO];
    amd_defaults(control);
    if (amd_order(n, start, neighbour, g->order, control, info) < 0)
        return memory(err);
    for (int k = 0; k < n; k++)
        inverse[g->order[k]] = k;
    int at = 0;
    for (int k = 0; k < n; k++) {
        int i = g->order[k];
        g->degree[k] = start[i + 1] - start[i];
        g->lower_start[k] = at;
        for (int e = start[i]; e < start[i + 1]; e++) {
            KZ_ASSERT(neighbour[e] >= 0 && neighbour[e] < n && neighbour[e] != i);
            if (inverse[neighbour[e]] < k)
                g->lower[at++] = inverse[neighbour[e]];
        }
    }
    g->lower_start[n] = at;
    KZ_ASSERT(2 * at == links); /* both directions of every link */
    return KZ_OK;
}

/* Connected parts, by union with the smaller number as the root. */
static void find_components(kz_bym2_plan *g, int root[])
{
    for (int i = 0; i < g->n; i++) {
        root[i] = i;
        for (int e = g->lower_start[i]; e < g->lower_start[i + 1]; e++) {
            int a = i, b = g->lower[e];
            while (root[a] != a)
                a = root[a] = root[root[a]];
            while (root[b] != b)
                b = root[b] = root[root[b]];
            root[a > b ? a : b] = a > b ? b : a;
        }
    }
    for (int i = 0; i < g->n; i++) {
        int r = i;
        while (root[r] != r)
            r = root[r];
        if (g->degree[i] == 0) {
            g->component[i] = -1;
            g->n_islands++;
        } else if (r == i) {
            g->component[i] = g->n_components++;
        } else {
            g->component[i] = g->component[r]; /* r < i: numbered already */
        }
        if (g->component[i] >= 0)
            g->component_size[g->component[i]]++;
    }
}

/* Row patterns by the elimination tree: row k is what the paths from its neighbours to k meet. */
static int row_pattern(const kz_bym2_plan *g, int k, const int parent[], int mark[], int out[])
{
    int n = 0;
    mark[k] = k;
    for (int e = g->lower_start[k]; e < g->lower_start[k + 1]; e++)
        for (int j = g->lower[e]; mark[j] != k; j = parent[j]) {
            mark[j] = k;
            out[n++] = j;
        }
    return n;
}

static int by_number(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void find_tree(const kz_bym2_plan *g, int parent[], int ancestor[])
{
    for (int k = 0; k < g->n; k++) {
        parent[k] = ancestor[k] = -1;
        for (int e = g->lower_start[k]; e < g->lower_start[k + 1]; e++)
            for (int j = g->lower[e], next; j != -1 && j < k; j = next) {
                next = ancestor[j];
                ancestor[j] = k;
                if (next == -1)
                    parent[j] = k;
            }
    }
}

/* The pattern of the factor by columns and rows.  work: four times n numbers. */
static kz_status find_pattern(kz_bym2_plan *g, int work[], kz_err *err)
{
    int n = g->n, *parent = work, *mark = work + n, *row = work + 2 * (size_t)n, *fill = work + 3 * (size_t)n;
    int64_t entries = 0, pairs = 0;
    find_tree(g, parent, mark);
    memset(fill, 0, (size_t)n * sizeof *fill);
    for (int k = 0; k < n; k++)
        mark[k] = -1;
    for (int k = 0; k < n; k++) {
        int m = row_pattern(g, k, parent, mark, row);
        g->row_start[k] = (int)entries;
        entries += m;
        if (entries > KZ_BYM2_PAIRS_MOST)
            return kz_fail(err, KZ_E_LIMIT, "bym2.too_large", kz_n("n", n));
        for (int t = 0; t < m; t++)
            fill[row[t]]++;
    }
    g->row_start[n] = g->n_entries = (int)entries;
    g->col_start[0] = 0;
    for (int j = 0; j < n; j++) {
        g->col_start[j + 1] = g->col_start[j] + fill[j];
        pairs += (int64_t)fill[j] * (fill[j] - 1) / 2;
        g->longest = fill[j] > g->longest ? fill[j] : g->longest;
    }
    if (pairs > KZ_BYM2_PAIRS_MOST)
        return kz_fail(err, KZ_E_LIMIT, "bym2.too_large", kz_n("n", n));
    g->col_row = calloc((size_t)entries + 1, sizeof(int));
    g->row_col = calloc((size_t)entries + 1, sizeof(int));
    g->row_at = calloc((size_t)entries + 1, sizeof(int));
    g->pair = calloc((size_t)pairs + 1, sizeof(int));
    if (!g->col_row || !g->row_col || !g->row_at || !g->pair)
        return memory(err);
    for (int j = 0; j < n; j++)
        fill[j] = g->col_start[j], mark[j] = -1;
    for (int k = 0; k < n; k++) {
        int *out = g->row_col + g->row_start[k], m = row_pattern(g, k, parent, mark, out);
        qsort(out, (size_t)m, sizeof *out, by_number);
        for (int t = 0; t < m; t++) {
            int at = fill[out[t]]++;
            g->row_at[g->row_start[k] + t] = at;
            g->col_row[at] = k;
        }
    }
    /* Pairs: rows a < b of column j; where is (b, a) in column a?  Column a holds all of them, ascending. */
    size_t at = 0;
    for (int j = 0; j < n; j++)
        for (int a = g->col_start[j]; a < g->col_start[j + 1]; a++) {
            int e = g->col_start[g->col_row[a]];
            for (int b = a + 1; b < g->col_start[j + 1]; b++) {
                while (g->col_row[e] < g->col_row[b])
                    e++;
                g->pair[at++] = e;
            }
        }
    return KZ_OK;
}

/*
 * Scale without the dense inverse: M = (L + e eᵀ)⁻¹ with one area of each component held, then
 * diag(L⁻)_i = M_ii − 2 (M1)_i / m + 1ᵀM1 / m² for a component of m areas.
 */
static kz_status find_scale(kz_bym2_plan *g, kz_err *err)
{
    const kz_bym2_engine *engine = kz_bym2_engine_find(2);
    int n = g->n, nc = g->n_components;
    size_t bytes = engine->space(g, 1);
    void *block = aligned_alloc(64, (bytes + 63) & ~(size_t)63);
    double *var = calloc((size_t)n, sizeof *var), *ones = calloc((size_t)n, sizeof *ones);
    double *total = calloc((size_t)nc, sizeof *total), *logs = calloc((size_t)nc, sizeof *logs);
    int *held = calloc((size_t)n, sizeof *held), *seen = calloc((size_t)nc, sizeof *seen);
    kz_status st = KZ_OK;
    if (!block || !var || !ones || !total || !logs || !held || !seen) {
        st = memory(err);
        goto out;
    }
    for (int i = 0; i < n; i++) {
        int c = g->component[i];
        g->scale[i] = 1;
        if (c >= 0 && !seen[c])
            seen[c] = held[i] = 1;
    }
    engine->grounded(g, block, held, var, ones, &g->log_det);
    for (int i = 0; i < n; i++)
        if (g->component[i] >= 0)
            total[g->component[i]] += ones[i];
    for (int i = 0; i < n; i++) {
        int c = g->component[i];
        if (c < 0)
            continue;
        double m = g->component_size[c];
        g->unscaled[i] = var[i] - 2 * ones[i] / m + total[c] / (m * m);
        logs[c] += log(g->unscaled[i]) / m;
    }
    for (int i = 0; i < n; i++)
        if (g->component[i] >= 0) {
            g->scale[i] = exp(logs[g->component[i]]);
            g->variance[i] = g->unscaled[i] / g->scale[i];
        }
    for (int c = 0; c < nc; c++) /* number of spanning trees × m is the product of the nonzero eigenvalues */
        g->log_det += log(g->component_size[c]) + (g->component_size[c] - 1) * logs[c];
out:
    free(block);
    free(var);
    free(ones);
    free(total);
    free(logs);
    free(held);
    free(seen);
    return st;
}

kz_status kz_bym2_plan_make(int n, const int start[], const int neighbour[], kz_bym2_plan **ret, kz_err *err)
{
    if (n < 1 || start[n] == 0)
        return kz_fail(err, KZ_E_INPUT, "bym2.no_links");
    if (n > KZ_BYM2_AREAS_MOST)
        return kz_fail(err, KZ_E_LIMIT, "bym2.too_large", kz_n("n", n));
    size_t many = (size_t)n + 1;
    kz_bym2_plan *g = calloc(1, sizeof *g);
    int *work = calloc(4 * many, sizeof *work);
    kz_status st = KZ_OK;
    if (!g || !work) {
        st = memory(err);
        goto out;
    }
    g->n = n;
    int **const ints[] = { &g->order, &g->component, &g->component_size, &g->degree, &g->lower_start,
                           &g->col_start, &g->row_start };
    double **const reals[] = { &g->scale, &g->variance, &g->unscaled };
    for (size_t k = 0; k < sizeof ints / sizeof *ints; k++)
        if (!(*ints[k] = calloc(many, sizeof(int))))
            st = memory(err);
    for (size_t k = 0; k < sizeof reals / sizeof *reals; k++)
        if (!(*reals[k] = calloc(many, sizeof(double))))
            st = memory(err);
    if (!(g->lower = calloc((size_t)start[n] + 1, sizeof(int))))
        st = memory(err);
    if (st == KZ_OK)
        st = put_in_order(g, start, neighbour, work, err);
    if (st == KZ_OK) {
        find_components(g, work);
        st = find_pattern(g, work, err);
    }
    if (st == KZ_OK)
        st = find_scale(g, err);
    if (st == KZ_OK)
        st = kz_bym2_plan_add_distance(g, err);
out:
    free(work);
    if (st != KZ_OK)
        kz_bym2_plan_free(g);
    else
        *ret = g;
    return st;
}

double kz_bym2_plan_scale(const kz_bym2_plan *plan, int area)
{
    int k = 0;
    while (k < plan->n && plan->order[k] != area)
        k++;
    KZ_ASSERT(k < plan->n);
    return plan->component[k] < 0 ? 0 : plan->scale[k];
}
