#include "stat/difference.h"

#include <math.h>

/* sqrt(a² - 2 φ a b + b²), which is never below |a - b| and never imaginary. */
static double together(double a, double b, double phi)
{
    return sqrt(fmax(a * a - 2 * phi * a * b + b * b, 0));
}

kz_difference kz_difference_shares(int64_t k1, int64_t n1, int64_t k0, int64_t n0, double phi, double z)
{
    kz_rate now = kz_rate_wilson(k1, n1, z), then = kz_rate_wilson(k0, n0, z);
    if (n1 == 0 || n0 == 0)
        return (kz_difference){ .value = NAN, .lo = now.lo - then.hi, .hi = now.hi - then.lo };
    double d = now.value - then.value, f = fmax(-1, fmin(phi, 1));
    double lo = d - together(now.value - now.lo, then.hi - then.value, f);
    double hi = d + together(now.hi - now.value, then.value - then.lo, f);
    return (kz_difference){ .value = d, .lo = fmax(lo, -1), .hi = fmin(hi, 1) };
}

double kz_difference_overlap(int64_t n1, int64_t n0, int64_t both, int64_t only_now, int64_t only_then,
                             int64_t neither)
{
    KZ_ASSERT(both >= 0 && only_now >= 0 && only_then >= 0 && neither >= 0);
    double a = (double)both, b = (double)only_now, c = (double)only_then, d = (double)neither;
    double common = a + b + c + d, margins = (a + b) * (c + d) * (a + c) * (b + d);
    KZ_ASSERT(common <= (double)n1 && common <= (double)n0);
    if (margins <= 0)
        return 0;
    return (a * d - b * c) / sqrt(margins) * common / sqrt((double)n1 * (double)n0);
}
