#include "stat/segregation.h"

#include <math.h>

double kz_dissimilarity(const double a[], const double b[], int n)
{
    double sum_a = 0, sum_b = 0, d = 0;
    for (int i = 0; i < n; i++) {
        sum_a += a[i];
        sum_b += b[i];
    }
    for (int i = 0; i < n; i++)
        d += fabs(a[i] / sum_a - b[i] / sum_b);
    return d / 2;
}

kz_status kz_segregation_make(const double group[], const double total[], int n, kz_segregation *ret, kz_err *err)
{
    kz_segregation s = { 0 };
    double rest = 0, d = 0, p = 0;
    for (int i = 0; i < n; i++) {
        KZ_ASSERT(group[i] >= 0 && group[i] <= total[i] && isfinite(total[i]));
        s.group += group[i];
        s.total += total[i];
        rest += total[i] - group[i];
        s.n += total[i] > 0;
    }
    if (s.group == 0)
        return kz_fail(err, KZ_E_INPUT, "space.no_group");
    if (rest == 0)
        return kz_fail(err, KZ_E_INPUT, "space.no_rest");
    for (int i = 0; i < n; i++) {
        d += fabs(group[i] / s.group - (total[i] - group[i]) / rest);
        if (total[i] > 0)
            p += group[i] / s.group * (group[i] / total[i]);
    }
    s.share = s.group / s.total;
    s.dissimilarity = d / 2;
    s.isolation = p;
    s.exposure = 1 - p;
    s.eta2 = (p - s.share) / (1 - s.share);
    *ret = s;
    return KZ_OK;
}

static double minus_p_log_p(double p)
{
    return p > 0 ? -p * log(p) : 0;
}

void kz_segregation_groups(const double *const count[], int n_groups, int n, double *m, double *h)
{
    double all = 0, entropy = 0, within = 0;
    for (int g = 0; g < n_groups; g++)
        for (int i = 0; i < n; i++)
            all += count[g][i];
    for (int g = 0; g < n_groups; g++) {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += count[g][i];
        entropy += minus_p_log_p(sum / all);
    }
    for (int i = 0; i < n; i++) {
        double here = 0;
        for (int g = 0; g < n_groups; g++)
            here += count[g][i];
        for (int g = 0; g < n_groups && here > 0; g++)
            within += here / all * minus_p_log_p(count[g][i] / here);
    }
    *m = entropy - within;
    *h = entropy > 0 ? *m / entropy : NAN;
}
