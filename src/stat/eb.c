#include "stat/eb.h"

#include <math.h>

/* Continued fraction of the incomplete beta function, modified Lentz; converges fast for x < (a+1)/(a+b+2). */
static double beta_fraction(double x, double a, double b)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double f = d;
    for (int m = 1; m < 20000; m++) {
        double k = m, even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
        double odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        f *= c * d;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        f *= c * d;
        if (fabs(c * d - 1) < 1e-14)
            break;
    }
    return f;
}

double kz_beta_cdf(double x, double a, double b)
{
    KZ_ASSERT(a > 0 && b > 0);
    if (!(x > 0))
        return 0;
    if (x >= 1)
        return 1;
    int sign; /* lgamma itself writes a global */
    double front = exp(lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

/* Log marginal likelihood of the strength m with the mean held at b, up to a constant. */
static double marginal(int n, const int64_t numerator[], const int64_t denominator[], double b, double m)
{
    double alpha = m * b, beta = m * (1 - b), sum = 0;
    int sign;
    double at0 = lgamma_r(m, &sign) - lgamma_r(alpha, &sign) - lgamma_r(beta, &sign);
    for (int i = 0; i < n; i++)
        if (denominator[i] > 0) {
            double y = (double)numerator[i], all = (double)denominator[i];
            sum += at0 + lgamma_r(alpha + y, &sign) + lgamma_r(beta + all - y, &sign) - lgamma_r(m + all, &sign);
        }
    return sum;
}

static double strength_of(double spread)
{
    return 1 / (spread * spread) - 1;
}

/* The mixture: scan the spread √κ, then put the nodes where the likelihood is. */
static void place_nodes(int n, const int64_t numerator[], const int64_t denominator[], kz_eb *eb)
{
    enum { SCAN = 40 };
    const double least = 3e-4, most = 0.999, ratio = pow(most / least, 1.0 / (SCAN - 1));
    double score[SCAN], best = -INFINITY, lo = least, hi = most;
    int at = 0;
    for (int k = 0; k < SCAN; k++) {
        score[k] = marginal(n, numerator, denominator, eb->mean, strength_of(least * pow(ratio, k)));
        if (score[k] > best)
            best = score[at = k];
    }
    int first = at, last = at;
    while (first > 0 && score[first] > best - 8)
        first--;
    while (last < SCAN - 1 && score[last] > best - 8)
        last++;
    lo = first ? least * pow(ratio, first) : 0;
    hi = least * pow(ratio, last);
    double value[KZ_EB_NODES], top = -INFINITY;
    for (int k = 0; k < KZ_EB_NODES; k++) {
        double spread = fmax(lo + (hi - lo) * (k + 0.5) / KZ_EB_NODES, least);
        eb->node_strength[k] = strength_of(spread);
        value[k] = marginal(n, numerator, denominator, eb->mean, eb->node_strength[k]);
        top = fmax(top, value[k]);
    }
    double sum = 0;
    int kept = 0;
    for (int k = 0; k < KZ_EB_NODES; k++) {
        double w = exp(value[k] - top);
        if (w > 1e-4) {
            eb->node_strength[kept] = eb->node_strength[k];
            eb->node_weight[kept++] = w;
            sum += w;
        }
    }
    eb->nodes = kept;
    for (int k = 0; k < kept; k++)
        eb->node_weight[k] /= sum;
}

kz_status kz_eb_fit(int n, const int64_t numerator[], const int64_t denominator[], kz_eb *ret, kz_err *err)
{
    double cases = 0, all = 0, scatter = 0;
    kz_eb eb = { 0 };
    for (int i = 0; i < n; i++) {
        KZ_ASSERT(numerator[i] >= 0 && numerator[i] <= denominator[i]);
        cases += (double)numerator[i];
        all += (double)denominator[i];
        eb.areas += denominator[i] > 0;
    }
    if (eb.areas == 0)
        return kz_fail(err, KZ_E_INPUT, "eb.no_data");
    eb.mean = cases / all;
    double binomial = eb.mean * (1 - eb.mean);
    for (int i = 0; i < n; i++)
        if (denominator[i] > 0) {
            double off = (double)numerator[i] / (double)denominator[i] - eb.mean;
            scatter += (double)denominator[i] * off * off;
        }
    if (all > eb.areas)
        eb.variance = fmax(0, (scatter - eb.areas * binomial) / (all - eb.areas));
    eb.variance = fmin(eb.variance, 0.999 * binomial);
    eb.strength = eb.variance > 0 ? binomial / eb.variance - 1 : INFINITY;
    if (binomial > 0)
        place_nodes(n, numerator, denominator, &eb);
    *ret = eb;
    return KZ_OK;
}

static double mixture_cdf(const kz_eb *eb, double x, double y, double all)
{
    double sum = 0;
    for (int k = 0; k < eb->nodes; k++) {
        double m = eb->node_strength[k];
        sum += eb->node_weight[k] * kz_beta_cdf(x, m * eb->mean + y, m * (1 - eb->mean) + all - y);
    }
    return sum;
}

/* Where the mixture reaches `share`: false position that halves when it stalls (Illinois). */
static double mixture_quantile(const kz_eb *eb, double share, double y, double all)
{
    double lo = 0, hi = 1, f_lo = -share, f_hi = 1 - share;
    int side = 0;
    for (int i = 0; i < 200 && hi - lo > 1e-13 * (1e-3 + hi); i++) {
        double x = i < 4 ? (lo + hi) / 2 : (lo * f_hi - hi * f_lo) / (f_hi - f_lo);
        if (i >= 4 && i % 3 == 0)
            x = (lo + hi) / 2;
        double f = mixture_cdf(eb, x, y, all) - share;
        if (fabs(f) < 1e-13)
            return x;
        if (f < 0) {
            lo = x, f_lo = f;
            if (side < 0)
                f_hi /= 2;
            side = -1;
        } else {
            hi = x, f_hi = f;
            if (side > 0)
                f_lo /= 2;
            side = 1;
        }
    }
    return (lo + hi) / 2;
}

kz_rate kz_eb_area(const kz_eb *eb, int64_t numerator, int64_t denominator)
{
    KZ_ASSERT(numerator >= 0 && numerator <= denominator);
    double y = (double)numerator, all = (double)denominator;
    if (eb->nodes == 0) /* nobody or everybody: the areas say nothing about their spread */
        return (kz_rate){ .value = eb->mean, .lo = kz_rate_wilson(numerator, denominator, KZ_Z95).lo,
                          .hi = kz_rate_wilson(numerator, denominator, KZ_Z95).hi };
    double value = isinf(eb->strength) ? eb->mean : (y + eb->strength * eb->mean) / (all + eb->strength);
    return (kz_rate){ .value = value, .lo = fmin(value, mixture_quantile(eb, 0.025, y, all)),
                      .hi = fmax(value, mixture_quantile(eb, 0.975, y, all)) };
}

kz_status kz_eb_marshall(int n, const double cases[], const double exposure[], kz_marshall *ret, kz_err *err)
{
    double y = 0, all = 0, scatter = 0;
    int areas = 0;
    for (int i = 0; i < n; i++)
        if (exposure[i] > 0) {
            y += cases[i];
            all += exposure[i];
            areas++;
        }
    if (areas == 0)
        return kz_fail(err, KZ_E_INPUT, "eb.no_data");
    double b = y / all;
    for (int i = 0; i < n; i++)
        if (exposure[i] > 0) {
            double off = cases[i] / exposure[i] - b;
            scatter += exposure[i] * off * off;
        }
    *ret = (kz_marshall){ .b = b, .a = fmax(0, scatter / all - b / (all / areas)) };
    return KZ_OK;
}

double kz_eb_marshall_rate(const kz_marshall *m, double cases, double exposure)
{
    if (m->a == 0 || exposure == 0)
        return m->b;
    return m->b + (cases / exposure - m->b) * m->a / (m->a + m->b / exposure);
}
