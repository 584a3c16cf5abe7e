#include "stat/ratio.h"

#include <math.h>
#include <pthread.h>

enum { EXACT = 100, STEPS = 200 };

static const double TAIL = 0.025;
static double lower[EXACT], upper[EXACT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* P(X <= k) for mean m, k < EXACT: terms from the largest index down would underflow no sooner than exp(-m). */
static double at_most(int k, double m)
{
    double term = exp(-m), sum = term;
    for (int i = 1; i <= k; i++) {
        term *= m / i;
        sum += term;
    }
    return sum;
}

/* The mean at which P(X <= k) is `want`: it falls with the mean. */
static double solve(int k, double want)
{
    double lo = 0, hi = 4.0 * EXACT;
    for (int i = 0; i < STEPS && lo < hi; i++) {
        double mid = lo + (hi - lo) / 2;
        if (mid <= lo || mid >= hi)
            break;
        if (at_most(k, mid) > want)
            lo = mid;
        else
            hi = mid;
    }
    return hi;
}

static void make(void)
{
    for (int k = 0; k < EXACT; k++) {
        lower[k] = k == 0 ? 0 : solve(k - 1, 1 - TAIL);
        upper[k] = solve(k, TAIL);
    }
}

static double cube(double x)
{
    return x * x * x;
}

kz_rate kz_ratio_poisson(int64_t count, double exposure)
{
    KZ_ASSERT(count >= 0 && !(exposure < 0));
    pthread_once(&once, make);
    double k = (double)count, lo, hi;
    if (count < EXACT) {
        lo = lower[count];
        hi = upper[count];
    } else {
        lo = k * cube(1 - 1 / (9 * k) - KZ_Z95 / (3 * sqrt(k)));
        hi = (k + 1) * cube(1 - 1 / (9 * (k + 1)) + KZ_Z95 / (3 * sqrt(k + 1)));
    }
    if (exposure == 0)
        return (kz_rate){ NAN, 0, INFINITY };
    return (kz_rate){ k / exposure, lo / exposure, hi / exposure };
}

kz_rate kz_ratio_balance(double value, double variance, double exposure, double z)
{
    double half = z * sqrt(variance);
    if (exposure == 0)
        return (kz_rate){ NAN, -INFINITY, INFINITY };
    return (kz_rate){ value / exposure, (value - half) / exposure, (value + half) / exposure };
}
