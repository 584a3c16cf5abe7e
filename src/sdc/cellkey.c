#include "sdc/cellkey.h"

#include <math.h>

#include "base/rng.h"

static const double STEEPEST = 30; /* largest b that is tried */

/* ---- the distribution of largest entropy ------------------------------------------------ */

typedef struct shape {
    int n, v[2 * KZ_CELLKEY_MOST + 1]; /* deviations that are allowed */
    double p[2 * KZ_CELLKEY_MOST + 1];
} shape;

/* p ~ exp(a v + b v^2), scaled so that nothing overflows. */
static void weigh(shape *s, double a, double b)
{
    double top = -INFINITY, sum = 0;
    for (int i = 0; i < s->n; i++) {
        double e = a * s->v[i] + b * s->v[i] * s->v[i];
        top = e > top ? e : top;
    }
    for (int i = 0; i < s->n; i++)
        sum += s->p[i] = exp(a * s->v[i] + b * s->v[i] * s->v[i] - top);
    for (int i = 0; i < s->n; i++)
        s->p[i] /= sum;
}

static double moment(const shape *s, int k)
{
    double sum = 0;
    for (int i = 0; i < s->n; i++)
        sum += s->p[i] * pow(s->v[i], k);
    return sum;
}

/* The mean grows with a: by halving to mean 0.  The bounds outweigh b v^2 for every pair of deviations. */
static void centre(shape *s, double b)
{
    double hi = 2 * STEEPEST * KZ_CELLKEY_MOST + 60, lo = -hi;
    for (int i = 0; i < 200; i++) {
        double a = (lo + hi) / 2;
        weigh(s, a, b);
        if (moment(s, 1) > 0)
            hi = a;
        else
            lo = a;
    }
}

/* With mean 0 the variance grows with b. */
static void solve(shape *s, double variance)
{
    double lo = -STEEPEST, hi = STEEPEST;
    for (int i = 0; i < 100; i++) {
        double b = (lo + hi) / 2;
        centre(s, b);
        if (moment(s, 2) > variance)
            hi = b;
        else
            lo = b;
    }
}

kz_status kz_cellkey_make(const kz_cellkey_rule *rule, kz_arena *a, kz_cellkey_table *ret, kz_err *err)
{
    int64_t smallest = rule->smallest > 1 ? rule->smallest : 1, least = smallest - 1;
    int64_t most = rule->most > 0 ? rule->most : least > 4 ? least : 4;
    if (most < least || most > KZ_CELLKEY_MOST)
        return kz_fail(err, KZ_E_USAGE, "sdc.cellkey_none", kz_n("most", most), kz_n("smallest", smallest),
                       kz_n("least", least), kz_n("limit", KZ_CELLKEY_MOST));
    kz_cellkey_table t = { .smallest = (int)smallest, .most = (int)most, .rows = (int)(most + smallest - 1) };
    size_t width = 2 * (size_t)t.most + 1;
    t.p = kz_arena_array(a, (size_t)t.rows * width, sizeof *t.p);
    if (!t.p)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int n = 1; n <= t.rows; n++) {
        shape s = { 0 };
        for (int v = -t.most; v <= t.most; v++)
            if (n + v == 0 || n + v >= t.smallest)
                s.v[s.n++] = v;
        solve(&s, rule->variance);
        for (int i = 0; i < s.n; i++)
            t.p[(size_t)(n - 1) * width + (size_t)(s.v[i] + t.most)] = s.p[i];
    }
    *ret = t;
    return KZ_OK;
}

int kz_cellkey_deviation(const kz_cellkey_table *t, int64_t n, uint64_t key)
{
    double u = (double)(kz_rng_mix(key) >> 11) * 0x1p-53, sum = 0;
    int last = 0;
    if (n == 0)
        return 0;
    const double *p = kz_cellkey_row(t, n);
    for (int i = 0; i <= 2 * t->most; i++) {
        if (p[i] <= 0)
            continue;
        sum += p[i];
        last = i - t->most;
        if (u < sum)
            break;
    }
    return last;
}

/* Codes, not positions: the same codes have the same key in another table of the same dimensions. */
static uint64_t key_of(const kz_sdc_table *t, int cell, uint64_t secret)
{
    uint64_t h = kz_rng_mix(secret + 0x6B7A);
    for (int k = 0; k < t->n_dims; k++) {
        kz_view code = t->dim[k]->code[kz_sdc_node(t, cell, k)];
        for (size_t i = 0; i < code.n; i++)
            h = kz_rng_mix(h ^ (unsigned char)code.p[i]);
        h = kz_rng_mix(h + 0x100);
    }
    return h;
}

kz_status kz_cellkey_apply(const kz_cellkey_table *d, const kz_sdc_table *t, uint64_t secret, kz_arena *a,
                           int64_t shown[], kz_err *err)
{
    uint64_t *key = kz_arena_new(a, uint64_t, t->n_cells);
    if (!key)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < t->n_cells; c++)
        if (t->n[c] > 0 && kz_sdc_is_inner(t, c))
            key[c] = key_of(t, c, secret);
    for (int k = 0; k < t->n_dims; k++) { /* the way counts are rolled up, but around the end of 64 bits */
        const kz_sdc_tree *tree = t->dim[k];
        int stride = t->stride[k];
        for (int at = 0; at < t->n_cells; at += stride * tree->n)
            for (int v = tree->n - 1; v > 0; v--)
                for (int i = 0; i < stride; i++)
                    key[at + tree->parent[v] * stride + i] += key[at + v * stride + i];
    }
    for (int c = 0; c < t->n_cells; c++)
        shown[c] = t->n[c] + kz_cellkey_deviation(d, t->n[c], key[c]);
    return KZ_OK;
}
