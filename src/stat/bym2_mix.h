/*
 * bym2_mix.h - marginals of the areas: a mixture over the outer grid, KZ_LANES areas at once.
 *
 * Every part is normal with an Edgeworth term for its third cumulant.  Moments of the rate are
 * exact for Poisson (log-normal with skewness) and by five points of Gauss and Hermite for shares;
 * quantiles by Newton's method inside a bracket.
 *
 * Part of bym2_lanes.c, which is built once for every width; included nowhere else.  O(areas × points).
 */
#ifndef KZ_STAT_BYM2_MIX_H
#define KZ_STAT_BYM2_MIX_H

#include "stat/bym2_lanes.h"
#include "stat/lanes.h"

#include <math.h>

typedef struct part {
    vd mean, inv, skew; /* 1/sd, κ3 / 6 sd³ */
} part;

/* Edgeworth distribution function of the mixture, and its density. */
KZ_INLINE vd mixture(int n_points, kz_bym2_point *const points[], const part parts[], vd x, vd *density)
{
    vd sum = { 0 }, slope = { 0 };
    for (int k = 0; k < n_points; k++) {
        vd at, z = (x - parts[k].mean) * parts[k].inv, z2 = z * z;
        vd phi = vphi(z, &at);
        sum += points[k]->weight * (phi - parts[k].skew * (z2 - 1) * at);
        slope += points[k]->weight * parts[k].inv * at * (1 + parts[k].skew * z * (z2 - 3));
    }
    *density = slope;
    return sum;
}

static vd quantile(int n_points, kz_bym2_point *const points[], const part parts[], vd start, vd sd, double share)
{
    vd lo = start - 60 * sd, hi = start + 60 * sd, x = start, density;
    vi open = { 0 };
    open = ~open;
    for (int it = 0; it < 80 && vany(open); it++) {
        vd f = mixture(n_points, points, parts, x, &density) - share;
        lo = vsel((vi)(f < vset(0)), x, lo);
        hi = vsel((vi)(f < vset(0)), hi, x);
        vd next = x - f / density;
        vi inside = (vi)(next > lo) & (vi)(next < hi);
        next = vsel(inside, next, 0.5 * (lo + hi));
        open &= (vi)(vabs(next - x) > 1e-9 * sd); /* NaN closes */
        x = vsel(open, next, x);
    }
    return x;
}

KZ_INLINE vd rate_of(bool binomial, vd eta)
{
    if (!binomial)
        return vexp(eta);
    return 1 / (1 + vexp(-eta));
}

static void mix(bool binomial, int n_points, kz_bym2_point *const points[], double threshold, int first, int last,
                void *block, const kz_bym2_marginals *out)
{
    /* Gauss and Hermite: five points of the normal distribution. */
    static const double node[] = { 0, 1.3556261799742659, 2.8569700138728056 };
    static const double mass[] = { 0.5333333333333333, 0.2220759220056126, 0.011257411327720689 };
    part *parts = block;
    for (int at = first; at < last; at += KZ_LANES) {
        int here = last - at < KZ_LANES ? last - at : KZ_LANES;
        vd mean = { 0 }, square = { 0 }, one = { 0 }, two = { 0 };
        for (int k = 0; k < n_points; k++) {
            vd m = vset(0), v = m, c = m, sd = m;
            for (int lane = 0; lane < KZ_LANES; lane++) {
                int i = at + (lane < here ? lane : here - 1);
                m[lane] = points[k]->mean[i];
                v[lane] = points[k]->var[i];
                c[lane] = points[k]->third[i];
                sd[lane] = sqrt(v[lane]);
            }
            double w = points[k]->weight;
            parts[k] = (part){ m, 1 / sd, c / (6 * v * sd) };
            mean += w * m;
            square += w * (v + m * m);
            if (!binomial) {
                one += w * vexp(m + v * 0.5 + c * (1.0 / 6));
                two += w * vexp(2 * m + 2 * v + c * (8.0 / 6));
                continue;
            }
            for (int h = -2; h <= 2; h++) {
                double z = h < 0 ? -node[-h] : node[h];
                vd r = rate_of(true, m + sd * z);
                vd share = w * mass[h < 0 ? -h : h] * (1 + parts[k].skew * (z * (z * z - 3)));
                one += share * r;
                two += share * r * r;
            }
        }
        vd var = vmax(square - mean * mean, vset(1e-300)), sd = vset(0), density = sd;
        vd spread = vmax(two - one * one, vset(0));
        for (int lane = 0; lane < KZ_LANES; lane++) {
            sd[lane] = sqrt(var[lane]);
            spread[lane] = sqrt(spread[lane]);
        }
        vd lo = quantile(n_points, points, parts, mean - 1.96 * sd, sd, 0.025);
        vd hi = quantile(n_points, points, parts, mean + 1.96 * sd, sd, 0.975);
        vd above = 1 - mixture(n_points, points, parts, vset(threshold), &density);
        above = vmin(vmax(above, vset(0)), vset(1));
        lo = rate_of(binomial, lo);
        hi = rate_of(binomial, hi);
        for (int lane = 0; lane < here; lane++) {
            out->mean[at + lane] = one[lane];
            out->sd[at + lane] = spread[lane];
            out->lo[at + lane] = lo[lane];
            out->hi[at + lane] = hi[lane];
            out->p_above[at + lane] = above[lane];
        }
    }
}

#endif
