#include "stat/rate.h"

#include <math.h>

kz_rate kz_rate_wilson(int64_t numerator, int64_t denominator, double z)
{
    KZ_ASSERT(numerator >= 0 && numerator <= denominator);
    KZ_ASSERT(z > 0);
    if (denominator == 0)
        return (kz_rate){ .value = NAN, .lo = 0, .hi = 1 };
    double n = (double)denominator, k = (double)numerator, z2 = z * z;
    double p = k / n;
    /* Both ends over the common denominator n + z²; the lower one as a quotient of the
     * product of the roots, because near k = 0 a difference would lose digits. */
    double root = z * sqrt(k * (1 - p) + z2 / 4), sum = k + z2 / 2;
    double hi = numerator == denominator ? 1 : (sum + root) / (n + z2);
    double lo = numerator == 0 ? 0 : k * k / (n * (sum + root));
    /* Rounding must not put the value outside its own interval. */
    return (kz_rate){ .value = p, .lo = fmin(lo, p), .hi = fmax(hi, p) };
}
