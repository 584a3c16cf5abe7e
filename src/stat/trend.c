#include "stat/trend.h"

#include <math.h>
#include <stdlib.h>

static const double SURE = 0.05, Z975 = 1.95996398454005423552;

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

/*
 * Upper tail of S without ties: tail[k] = P(S >= pairs - 2k), the share of orders with at most k inversions.
 * Orders of m + 1 values: the new one adds 0 … m inversions.
 */
static void tails(int n, double tail[])
{
    int pairs = n * (n - 1) / 2;
    double share[KZ_TREND_EXACT * (KZ_TREND_EXACT - 1) / 2 + 1] = { 1 }, next[sizeof share / sizeof share[0]];
    for (int m = 1; m < n; m++) {
        double window = 0;
        for (int k = 0; k <= pairs; k++) {
            window += share[k];
            if (k > m)
                window -= share[k - m - 1];
            next[k] = window / (m + 1);
        }
        for (int k = 0; k <= pairs; k++)
            share[k] = next[k];
    }
    tail[0] = share[0];
    for (int k = 1; k <= pairs; k++)
        tail[k] = tail[k - 1] + share[k];
}

typedef struct pairs {
    int     n;     /* pairs of points                   */
    double *slope; /* ascending                         */
    double *sorted; /* values, ascending: to find ties   */
} pairs;

static void count_pairs(const double t[], const double y[], kz_trend *r, pairs *p)
{
    for (int i = 0; i < r->n; i++) {
        p->sorted[i] = y[i];
        for (int j = i + 1; j < r->n; j++) {
            KZ_ASSERT(t[i] != t[j]);
            r->s += sign(t[j] - t[i]) * sign(y[j] - y[i]);
            p->slope[p->n++] = (y[j] - y[i]) / (t[j] - t[i]);
        }
    }
    qsort(p->slope, (size_t)p->n, sizeof *p->slope, ascending);
    qsort(p->sorted, (size_t)r->n, sizeof *p->sorted, ascending);
}

/* Variance of S, tau-b; true when no value occurs twice. */
static bool measure_ties(kz_trend *r, const pairs *p)
{
    double n = r->n, ties = 0, tied_pairs = 0;
    for (int i = 0, j; i < r->n; i = j) {
        for (j = i + 1; j < r->n && p->sorted[j] == p->sorted[i]; j++)
            ;
        double g = j - i;
        ties += g * (g - 1) * (2 * g + 5);
        tied_pairs += g * (g - 1) / 2;
    }
    r->variance = (n * (n - 1) * (2 * n + 5) - ties) / 18;
    r->tau = p->n > tied_pairs ? r->s / sqrt(p->n * (p->n - tied_pairs)) : NAN;
    return tied_pairs == 0;
}

/* p, and the rank of the interval's lower end among the slopes; 0: there is no such interval. */
static int exact_rank(kz_trend *r, int n_pairs)
{
    double tail[KZ_TREND_EXACT * (KZ_TREND_EXACT - 1) / 2 + 1];
    int rank = 0;
    tails(r->n, tail);
    r->p = fmin(1, 2 * tail[(n_pairs - (int)fabs(r->s)) / 2]);
    while (rank < n_pairs / 2 && tail[rank] <= SURE / 2)
        rank++;
    return rank;
}

static int normal_rank(kz_trend *r, int n_pairs)
{
    double sd = sqrt(r->variance);
    r->p = r->s == 0 ? 1 : erfc((fabs(r->s) - 1) / sd * M_SQRT1_2);
    return (int)floor((n_pairs - Z975 * sd) / 2);
}

static void judge(kz_trend *r, const pairs *p)
{
    int half = p->n / 2;
    r->slope = p->n % 2 ? p->slope[half] : (p->slope[half - 1] + p->slope[half]) / 2;
    r->exact = measure_ties(r, p) && r->n <= KZ_TREND_EXACT;
    int rank = r->exact ? exact_rank(r, p->n) : normal_rank(r, p->n);
    r->lo = rank >= 1 ? p->slope[rank - 1] : NAN;
    r->hi = rank >= 1 ? p->slope[p->n - rank] : NAN;
    r->direction = r->p < SURE ? sign(r->s) : 0;
}

kz_status kz_trend_make(const double time[], const double value[], int n, kz_trend *ret, kz_err *err)
{
    if (n < 3)
        return kz_fail(err, KZ_E_INPUT, "space.short_series", kz_n("n", n));
    if (n > KZ_TREND_MOST)
        return kz_fail(err, KZ_E_LIMIT, "space.long_series", kz_n("most", KZ_TREND_MOST));
    kz_trend r = { .n = n };
    pairs p = { .slope = calloc((size_t)n * (size_t)(n - 1) / 2, sizeof *p.slope),
                .sorted = calloc((size_t)n, sizeof *p.sorted) };
    kz_status st = KZ_OK;
    if (!p.slope || !p.sorted) {
        st = kz_fail(err, KZ_E_LIMIT, "space.memory");
    } else {
        count_pairs(time, value, &r, &p);
        judge(&r, &p);
        *ret = r;
    }
    free(p.slope);
    free(p.sorted);
    return st;
}
