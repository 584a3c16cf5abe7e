#include "stat/index.h"

#include <math.h>
#include <stdlib.h>

static bool is_out(const bool out_of[], int i)
{
    return out_of && out_of[i];
}

static double weight_of(const double weight[], int i)
{
    return weight ? weight[i] : 1;
}

/* Rounding of the mean must not make a constant column look like one that varies. */
static bool is_constant(const double x[], int n, const bool out_of[], const double weight[])
{
    int first = -1;
    for (int i = 0; i < n; i++) {
        if (is_out(out_of, i) || weight_of(weight, i) == 0)
            continue;
        if (first < 0)
            first = i;
        else if (x[i] != x[first])
            return false;
    }
    return true;
}

kz_status kz_index_z(const double x[], int n, const bool out_of[], const double weight[], double z[],
                     kz_index_scale *scale, kz_err *err)
{
    kz_index_scale s = { 0 };
    double total = 0, sum = 0;
    for (int i = 0; i < n; i++) {
        if (is_out(out_of, i))
            continue;
        double w = weight_of(weight, i);
        if (!(w >= 0 && w <= 1e15))
            return kz_fail(err, KZ_E_INPUT, "space.weight");
        KZ_ASSERT(isfinite(x[i]));
        total += w;
        sum += w * x[i];
        s.n++;
    }
    if (s.n < 2)
        return kz_fail(err, KZ_E_INPUT, "space.too_few", kz_n("n", s.n));
    if (total == 0)
        return kz_fail(err, KZ_E_INPUT, "space.weight");
    if (is_constant(x, n, out_of, weight))
        return kz_fail(err, KZ_E_INPUT, "space.constant");
    /* The mean again from the differences: what rounding took away comes back. */
    double mean = sum / total, rest = 0, squares = 0;
    for (int i = 0; i < n; i++)
        if (!is_out(out_of, i))
            rest += weight_of(weight, i) * (x[i] - mean);
    s.mean = mean + rest / total;
    for (int i = 0; i < n; i++)
        if (!is_out(out_of, i))
            squares += weight_of(weight, i) * (x[i] - s.mean) * (x[i] - s.mean);
    s.sd = sqrt(squares / total);
    for (int i = 0; i < n; i++)
        z[i] = is_out(out_of, i) ? NAN : (x[i] - s.mean) / s.sd;
    *scale = s;
    return KZ_OK;
}

void kz_index_sum(const double *const z[], int k, int n, double sum[])
{
    for (int i = 0; i < n; i++) {
        sum[i] = 0;
        for (int c = 0; c < k; c++)
            sum[i] += z[c][i];
    }
}

int kz_index_status_class(kz_index_method method, double v)
{
    if (isnan(v))
        return 0;
    if (method == KZ_INDEX_MSS)
        return 1 + (v >= -1) + (v > 1) + (v > 1.5);
    return 1 + (v >= -1) + (v > 0) + (v > 1);
}

int kz_index_dynamic_class(double v)
{
    if (isnan(v))
        return 2;
    return (v < -1) - (v > 1);
}

/* ---- points and ranks --------------------------------------------------------- */

typedef struct place {
    double x;
    int    i;
} place;

static int by_value(const void *a, const void *b)
{
    const place *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return (p->i > q->i) - (p->i < q->i);
}

/* The rated areas in order of value; NULL when memory is short. */
static place *in_order(const double x[], int n, const bool out_of[], int *rated)
{
    place *p = calloc((size_t)n + 1, sizeof *p);
    *rated = 0;
    for (int i = 0; p && i < n; i++)
        if (!is_out(out_of, i))
            p[(*rated)++] = (place){ x[i], i };
    if (p)
        qsort(p, (size_t)*rated, sizeof *p, by_value);
    return p;
}

kz_status kz_index_quintile(const double x[], int n, const bool out_of[], int points[], kz_err *err)
{
    int rated, below = 0;
    place *p = in_order(x, n, out_of, &rated);
    if (!p)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    kz_status st = KZ_OK;
    if (rated < 2)
        st = kz_fail(err, KZ_E_INPUT, "space.too_few", kz_n("n", rated));
    else if (p[0].x == p[rated - 1].x)
        st = kz_fail(err, KZ_E_INPUT, "space.constant");
    if (st == KZ_OK) {
        for (int i = 0; i < n; i++)
            points[i] = 0;
        for (int i = 0; i < rated; i++) {
            if (i > 0 && p[i].x != p[i - 1].x)
                below = i;
            points[p[i].i] = 1 + (int)((int64_t)5 * below / rated);
        }
    }
    free(p);
    return st;
}

int kz_index_points_class(int sum)
{
    if (sum < 4 || sum > 20)
        return 0;
    return 1 + (sum > 8) + (sum > 10) + (sum > 13) + (sum > 14);
}

kz_status kz_index_rank(const double v[], int n, const bool out_of[], int rank[], int class[], kz_err *err)
{
    int rated, below = 0;
    place *p = in_order(v, n, out_of, &rated);
    if (!p)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; i < n; i++)
        rank[i] = class[i] = 0;
    for (int i = 0; i < rated; i++) {
        if (i > 0 && p[i].x != p[i - 1].x)
            below = i;
        int64_t share = 10 * (int64_t)below; /* of rated, in tenths */
        rank[p[i].i] = below + 1;
        class[p[i].i] = 1 + (share >= 2 * (int64_t)rated) + (share >= 8 * (int64_t)rated) +
                        (share >= 9 * (int64_t)rated);
    }
    free(p);
    return KZ_OK;
}
