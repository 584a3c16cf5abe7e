#include "stat/neighbours.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

kz_status kz_neighbours_make(int n, const int from[], const int to[], int n_links, kz_arena *a, kz_neighbours *ret,
                             kz_err *err)
{
    int *start = kz_arena_new(a, int, n + 2), *out = kz_arena_new(a, int, n_links + 1);
    bool *alone = kz_arena_new(a, bool, n + 1);
    if (!start || !out || !alone)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; i < n; i++)
        alone[i] = true;
    for (int l = 0; l < n_links; l++) {
        KZ_ASSERT(from[l] >= 0 && from[l] < n && to[l] >= 0 && to[l] < n && from[l] != to[l]);
        start[from[l] + 2]++;
        alone[from[l]] = alone[to[l]] = false;
    }
    for (int i = 1; i <= n; i++)
        start[i + 1] += start[i];
    for (int l = 0; l < n_links; l++)
        out[start[from[l] + 1]++] = to[l]; /* start[i + 1] walks to its end */
    kz_neighbours g = { .n = n, .n_links = n_links, .start = start, .to = out, .alone = alone };
    for (int i = 0; i < n; i++) {
        qsort(out + start[i], (size_t)kz_neighbours_count(&g, i), sizeof *out, ascending);
        for (int k = start[i] + 1; k < start[i + 1]; k++)
            KZ_ASSERT(out[k] != out[k - 1]);
        g.n_alone += alone[i];
    }
    *ret = g;
    return KZ_OK;
}

bool kz_neighbours_has(const kz_neighbours *g, int i, int j)
{
    return bsearch(&j, g->to + g->start[i], (size_t)kz_neighbours_count(g, i), sizeof j, ascending) != NULL;
}

kz_status kz_neighbours_sums(const kz_neighbours *g, kz_style style, kz_weight_sums *ret, kz_err *err)
{
    double *column = calloc((size_t)g->n + 1, sizeof *column);
    kz_weight_sums s = { 0 };
    if (!column)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; i < g->n; i++) {
        if (kz_neighbours_count(g, i) == 0)
            continue;
        double w = kz_neighbours_weight(g, style, i);
        for (int k = g->start[i]; k < g->start[i + 1]; k++) {
            int j = g->to[k];
            s.s0 += w;
            s.s1 += w * w + (kz_neighbours_has(g, j, i) ? w * kz_neighbours_weight(g, style, j) : 0);
            column[j] += w;
        }
    }
    for (int i = 0; i < g->n; i++) {
        int count = kz_neighbours_count(g, i);
        double both = column[i] + (count ? count * kz_neighbours_weight(g, style, i) : 0);
        s.s2 += both * both;
    }
    free(column);
    *ret = s;
    return KZ_OK;
}
