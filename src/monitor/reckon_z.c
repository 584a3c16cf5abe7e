/*
 * What a z-score can be when values of its level are hidden: mean and deviation are unknown then, too.
 *
 * Whatever they are, no value of n is more than sqrt(n - 1) deviations from the mean (P. A. Samuelson, JASA 63
 * (1968); known, not re-read).  Where every hidden value has both bounds and surely counts, distance and deviation
 * have bounds of their own: the distance at the corners; the largest deviation is at most the distance of the
 * farther ends from any number, the smallest is that of the nearer ends from the number where it is least.
 */
#include "monitor/reckon_inner.h"

#include <math.h>

enum { HALVINGS = 80 };
#define PAD 1e-11 /* far above what rounding can lose, far below what anybody reads */

/* How far `v` reaches beyond c, with its nearer end: below 0 when it lies above. */
static double beyond(kz_interval v, double c)
{
    return c < v.lo ? c - v.lo : c > v.hi ? c - v.hi : 0;
}

/* The least deviation: the sum of squares is least where the sum of distances crosses 0. */
static double least_deviation(const kz_interval x[], int n, double lo, double hi)
{
    for (int i = 0; i < HALVINGS; i++) {
        double c = lo + (hi - lo) / 2, slope = 0;
        for (int k = 0; k < n; k++)
            slope += beyond(x[k], c);
        if (slope < 0)
            lo = c;
        else
            hi = c;
    }
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += pow(beyond(x[k], hi), 2);
    return sqrt(sum / n);
}

static double most_deviation(const kz_interval x[], int n, double c)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += pow(fmax(fabs(x[k].lo - c), fabs(x[k].hi - c)), 2);
    return sqrt(sum / n);
}

kz_interval reckon_z_bounds(const kz_interval x[], int n, int at, bool all_count)
{
    if (n < 2)
        return kz_interval_none();
    double most = sqrt((double)n - 1) * (1 + PAD), lo = INFINITY, hi = -INFINITY, sum_lo = 0, sum_hi = 0;
    for (int k = 0; k < n; k++) {
        lo = fmin(lo, x[k].lo);
        hi = fmax(hi, x[k].hi);
        sum_lo += k == at ? 0 : x[k].lo;
        sum_hi += k == at ? 0 : x[k].hi;
    }
    if (!all_count || !isfinite(lo) || !isfinite(hi))
        return (kz_interval){ -most, most, KZ_X_MAYBE };
    double pad = PAD * fmax(fabs(lo), fabs(hi)), d = n;
    double far_lo = ((d - 1) * x[at].lo - sum_hi) / d - pad, far_hi = ((d - 1) * x[at].hi - sum_lo) / d + pad;
    double sd_lo = fmax(0, least_deviation(x, n, lo, hi) * (1 - PAD) - pad);
    double sd_hi = most_deviation(x, n, (sum_lo + sum_hi + x[at].lo + x[at].hi) / (2 * d)) * (1 + PAD) + pad;
    if (sd_hi <= 0)
        return kz_interval_none();
    double z_lo = far_lo < 0 ? (sd_lo > 0 ? far_lo / sd_lo : -INFINITY) : far_lo / sd_hi;
    double z_hi = far_hi > 0 ? (sd_lo > 0 ? far_hi / sd_lo : INFINITY) : far_hi / sd_hi;
    return (kz_interval){ fmax(z_lo, -most), fmin(z_hi, most), KZ_X_MAYBE };
}
