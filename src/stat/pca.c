#include "stat/pca.h"

#include <math.h>
#include <string.h>

enum { SWEEPS_MOST = 60 };

/* One rotation in the plane of p and q that makes a[p][q] zero. */
static void rotate(double a[], int n, double vector[], int p, int q)
{
    double apq = a[p * n + q];
    if (apq == 0)
        return;
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (int k = 0; k < n; k++) {
        double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (int k = 0; k < n; k++) {
        double x = a[p * n + k], y = a[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
        double u = vector[p * n + k], v = vector[q * n + k];
        vector[p * n + k] = c * u - s * v;
        vector[q * n + k] = s * u + c * v;
    }
    a[p * n + q] = a[q * n + p] = 0;
}

static double beside_diagonal(const double a[], int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            if (i != k)
                sum += a[i * n + k] * a[i * n + k];
    return sum;
}

void kz_eigen_symmetric(double a[], int n, double value[], double vector[])
{
    double size = 0;
    for (int i = 0; i < n * n; i++) {
        vector[i] = i % (n + 1) == 0;
        size += a[i] * a[i];
    }
    for (int sweep = 0; sweep < SWEEPS_MOST && beside_diagonal(a, n) > 1e-32 * size; sweep++)
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++)
                rotate(a, n, vector, p, q);
    for (int k = 0; k < n; k++)
        value[k] = a[k * n + k];
    for (int k = 0; k < n; k++) { /* largest first */
        int best = k;
        for (int l = k + 1; l < n; l++)
            if (value[l] > value[best])
                best = l;
        double v = value[k];
        value[k] = value[best];
        value[best] = v;
        for (int i = 0; i < n && best != k; i++) {
            double u = vector[k * n + i];
            vector[k * n + i] = vector[best * n + i];
            vector[best * n + i] = u;
        }
    }
}

static void turn_upwards(double loading[], int n)
{
    double sum = 0;
    for (int c = 0; c < n; c++)
        sum += loading[c];
    if (sum < 0)
        for (int c = 0; c < n; c++)
            loading[c] = -loading[c];
}

kz_status kz_pca_make(const double *const z[], int n_columns, int n, kz_arena *a, kz_pca *ret, kz_err *err)
{
    int m = n_columns;
    double *r = kz_arena_new(a, double, (size_t)m * (size_t)m), *sd = kz_arena_new(a, double, m),
           *loading = kz_arena_new(a, double, (size_t)m * (size_t)m), **score = kz_arena_new(a, double *, m);
    bool ok = r && sd && loading && score;
    for (int k = 0; ok && k < m; k++)
        ok = (score[k] = kz_arena_new(a, double, n)) != NULL;
    if (!ok)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int p = 0; p < m; p++)
        for (int q = 0; q < m; q++) {
            for (int i = 0; i < n; i++)
                r[p * m + q] += z[p][i] * z[q][i];
            r[p * m + q] /= n;
        }
    kz_eigen_symmetric(r, m, sd, loading);
    for (int k = 0; k < m; k++) {
        sd[k] = sqrt(fmax(0, sd[k]));
        turn_upwards(loading + k * m, m);
        for (int i = 0; i < n; i++)
            for (int c = 0; c < m; c++)
                score[k][i] += loading[k * m + c] * z[c][i];
    }
    *ret = (kz_pca){ .n_columns = m, .sd = sd, .loading = loading, .score = score };
    return KZ_OK;
}
