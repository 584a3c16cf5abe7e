#include "stat/cluster.h"

#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double distance2(const kz_points *x, int i, int j)
{
    double sum = 0;
    for (int c = 0; c < x->n_columns; c++)
        sum += (x->column[c][i] - x->column[c][j]) * (x->column[c][i] - x->column[c][j]);
    return sum;
}

/* ---- k-means ------------------------------------------------------------------------- */

typedef struct run {
    const kz_points *x;
    int     k;
    int    *type, *size;
    double *centre; /* group-major               */
    double *near;   /* squared, to nearest seed  */
} run;

static double to_centre(const run *r, int i, int g)
{
    double sum = 0;
    for (int c = 0; c < r->x->n_columns; c++) {
        double d = r->x->column[c][i] - r->centre[g * r->x->n_columns + c];
        sum += d * d;
    }
    return sum;
}

static void put_centre(run *r, int g, int i)
{
    for (int c = 0; c < r->x->n_columns; c++)
        r->centre[g * r->x->n_columns + c] = r->x->column[c][i];
}

/* False when fewer than k different points exist. */
static bool seed_groups(run *r, kz_rng *rng)
{
    int n = r->x->n, at = (int)kz_rng_below(rng, (uint32_t)n);
    put_centre(r, 0, at);
    for (int g = 1; g < r->k; g++) {
        double all = 0;
        for (int i = 0; i < n; i++) {
            double d = to_centre(r, i, g - 1);
            r->near[i] = g == 1 ? d : fmin(r->near[i], d);
            all += r->near[i];
        }
        if (all == 0)
            return false;
        double u = kz_rng_unit(rng) * all;
        for (int i = 0; i < n; i++) { /* the last one that is possible when rounding leaves something over */
            if (r->near[i] > 0)
                at = i;
            u -= r->near[i];
            if (u < 0 && r->near[i] > 0)
                break;
        }
        put_centre(r, g, at);
    }
    return true;
}

static void move_centres(run *r)
{
    int m = r->x->n_columns;
    memset(r->size, 0, (size_t)r->k * sizeof *r->size);
    memset(r->centre, 0, (size_t)r->k * (size_t)m * sizeof *r->centre);
    for (int i = 0; i < r->x->n; i++) {
        r->size[r->type[i]]++;
        for (int c = 0; c < m; c++)
            r->centre[r->type[i] * m + c] += r->x->column[c][i];
    }
    for (int g = 0; g < r->k; g++)
        for (int c = 0; c < m && r->size[g] > 0; c++)
            r->centre[g * m + c] /= r->size[g];
}

static int nearest(const run *r, int i)
{
    int best = 0;
    double least = to_centre(r, i, 0);
    for (int g = 1; g < r->k; g++) {
        double d = to_centre(r, i, g);
        if (d < least) {
            least = d;
            best = g;
        }
    }
    return best;
}

static void lloyd(run *r)
{
    for (int step = 0; step < 200; step++) {
        bool moved = false;
        for (int i = 0; i < r->x->n; i++) {
            int g = nearest(r, i);
            moved |= g != r->type[i];
            r->type[i] = g;
        }
        if (step > 0 && !moved)
            return;
        move_centres(r);
    }
}

/* Points change groups one by one while that makes the sum of squares smaller; a group never gets empty. */
static void hartigan(run *r)
{
    bool moved = true;
    for (int pass = 0; moved && pass < 200; pass++) {
        moved = false;
        for (int i = 0; i < r->x->n; i++) {
            int from = r->type[i], to = from;
            if (r->size[from] < 2)
                continue;
            double loss = to_centre(r, i, from) * r->size[from] / (r->size[from] - 1), least = loss * (1 - 1e-12);
            for (int g = 0; g < r->k; g++) {
                double gain = to_centre(r, i, g) * r->size[g] / (r->size[g] + 1);
                if (g != from && gain < least) {
                    least = gain;
                    to = g;
                }
            }
            if (to != from) {
                r->type[i] = to;
                move_centres(r);
                moved = true;
            }
        }
    }
}

static double within_groups(const run *r)
{
    double sum = 0;
    for (int i = 0; i < r->x->n; i++)
        sum += to_centre(r, i, r->type[i]);
    return sum;
}

static kz_status best_of(run *r, int starts, uint64_t seed, int type[], double *within, kz_err *err)
{
    double least = INFINITY;
    for (int s = 0; s < starts; s++) {
        kz_rng rng = kz_rng_stream(seed, (uint64_t)s);
        if (!seed_groups(r, &rng))
            return kz_fail(err, KZ_E_INPUT, "space.few_points", kz_n("k", r->k));
        memset(r->type, 0, (size_t)r->x->n * sizeof *r->type);
        lloyd(r);
        move_centres(r);
        hartigan(r);
        double sum = within_groups(r);
        if (sum < least * (1 - 1e-12)) { /* of equals the first */
            least = sum;
            memcpy(type, r->type, (size_t)r->x->n * sizeof *type);
        }
    }
    *within = least;
    return KZ_OK;
}

kz_status kz_kmeans(const kz_points *x, int k, int starts, uint64_t seed, int type[], double *within, kz_err *err)
{
    KZ_ASSERT(k >= 1 && starts >= 1);
    if (x->n < k)
        return kz_fail(err, KZ_E_INPUT, "space.few_points", kz_n("k", k));
    size_t n = (size_t)x->n, groups = (size_t)k;
    run r = { .x = x, .k = k, .type = calloc(n, sizeof *r.type), .size = calloc(groups, sizeof *r.size),
              .centre = calloc(groups * (size_t)x->n_columns, sizeof *r.centre), .near = calloc(n, sizeof *r.near) };
    kz_status st = r.type && r.size && r.centre && r.near ? best_of(&r, starts, seed, type, within, err)
                                                          : kz_fail(err, KZ_E_LIMIT, "space.memory");
    free(r.type);
    free(r.size);
    free(r.centre);
    free(r.near);
    return st;
}

/* ---- how good and how stable ------------------------------------------------------------- */

kz_status kz_silhouette(const kz_points *x, const int type[], int k, double width[], kz_err *err)
{
    double *sum = calloc((size_t)k, sizeof *sum);
    int *size = calloc((size_t)k, sizeof *size);
    kz_status st = sum && size ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; st == KZ_OK && i < x->n; i++)
        size[type[i]]++;
    for (int i = 0; st == KZ_OK && i < x->n; i++) {
        memset(sum, 0, (size_t)k * sizeof *sum);
        for (int j = 0; j < x->n; j++)
            sum[type[j]] += sqrt(distance2(x, i, j));
        double own = size[type[i]] > 1 ? sum[type[i]] / (size[type[i]] - 1) : NAN, other = INFINITY;
        for (int g = 0; g < k; g++)
            if (g != type[i] && size[g] > 0)
                other = fmin(other, sum[g] / size[g]);
        double most = fmax(own, other);
        width[i] = size[type[i]] > 1 && isfinite(other) && most > 0 ? (other - own) / most : 0;
    }
    free(sum);
    free(size);
    return st;
}

static double pairs_of(double n)
{
    return n * (n - 1) / 2;
}

kz_status kz_adjusted_rand(const int a[], int n_a, const int b[], int n_b, int n, double *ret, kz_err *err)
{
    int *both = calloc((size_t)n_a * (size_t)n_b, sizeof *both), *in_a = calloc((size_t)n_a, sizeof *in_a),
        *in_b = calloc((size_t)n_b, sizeof *in_b);
    kz_status st = both && in_a && in_b ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "space.memory");
    if (st == KZ_OK) {
        double together = 0, pairs_a = 0, pairs_b = 0;
        for (int i = 0; i < n; i++) {
            both[a[i] * n_b + b[i]]++;
            in_a[a[i]]++;
            in_b[b[i]]++;
        }
        for (int c = 0; c < n_a * n_b; c++)
            together += pairs_of(both[c]);
        for (int g = 0; g < n_a; g++)
            pairs_a += pairs_of(in_a[g]);
        for (int g = 0; g < n_b; g++)
            pairs_b += pairs_of(in_b[g]);
        double by_chance = n > 1 ? pairs_a * pairs_b / pairs_of(n) : 0, most = (pairs_a + pairs_b) / 2;
        *ret = most > by_chance ? (together - by_chance) / (most - by_chance) : 1;
    }
    free(both);
    free(in_a);
    free(in_b);
    return st;
}
