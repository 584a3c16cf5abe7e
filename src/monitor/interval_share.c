/* Shares, their intervals and their changes, of counts that are known by bounds. */
#include "monitor/interval.h"
#include "stat/difference.h"

enum { MOST_COMBINATIONS = 4096, WIDEN_STEPS = 8 };

/* The spans as a part inside a whole: what each says of the other.  False: they contradict. */
static bool fit(kz_span *part, kz_span *whole)
{
    return kz_span_meet(*part, (kz_span){ 0, whole->hi }, part) &&
           kz_span_meet(*whole, (kz_span){ part->lo, KZ_SPAN_OPEN }, whole);
}

/* A whole of 0 has no share; what is left of the span, or false. */
static bool leave_zero(kz_span *whole, kz_x *x)
{
    *x = whole->lo == 0 ? KZ_X_MAYBE : KZ_X_NEVER;
    return kz_span_meet(*whole, (kz_span){ 1, KZ_SPAN_OPEN }, whole);
}

kz_interval kz_span_share(kz_span part, kz_span whole)
{
    kz_x x;
    if (!fit(&part, &whole) || !leave_zero(&whole, &x))
        return kz_interval_none();
    kz_interval q = kz_interval_div(kz_interval_of(part), kz_interval_of(whole));
    return (kz_interval){ fmax(q.lo, 0), fmin(q.hi, 1), x };
}

kz_interval kz_span_growth(kz_span now, kz_span then)
{
    return kz_interval_sub(kz_interval_div(kz_interval_of(now), kz_interval_of(then)), kz_interval_exact(1));
}

kz_interval kz_span_points(kz_span part1, kz_span whole1, kz_span part0, kz_span whole0)
{
    return kz_interval_sub(kz_span_share(part1, whole1), kz_span_share(part0, whole0));
}

/* Formulas with roots are right to a few last digits: move the ends by more than that. */
static kz_interval widened(double lo, double hi, double least, double most, kz_x x)
{
    for (int i = 0; i < WIDEN_STEPS; i++) {
        lo = nextafter(lo, -INFINITY);
        hi = nextafter(hi, INFINITY);
    }
    return (kz_interval){ fmax(lo - 1e-16, least), fmin(hi + 1e-16, most), x };
}

kz_interval kz_span_wilson(kz_span part, kz_span whole, double z)
{
    kz_x x;
    if (!fit(&part, &whole) || !leave_zero(&whole, &x))
        return kz_interval_none();
    double lo = whole.hi == KZ_SPAN_OPEN ? 0 : kz_rate_wilson(part.lo, whole.hi, z).lo;
    double hi = part.hi >= whole.lo ? 1 : kz_rate_wilson(part.hi, whole.lo, z).hi;
    return widened(lo, hi, 0, 1, x);
}

static bool is_small(const kz_span s[4])
{
    int64_t combinations = 1;
    for (int i = 0; i < 4; i++) {
        int64_t width = s[i].hi - s[i].lo + 1;
        if (width > MOST_COMBINATIONS || (combinations *= width) > MOST_COMBINATIONS)
            return false;
    }
    return true;
}

kz_interval kz_span_change(kz_span part1, kz_span whole1, kz_span part0, kz_span whole0, double phi, double z)
{
    kz_x x1, x0;
    if (!fit(&part1, &whole1) || !fit(&part0, &whole0) || !leave_zero(&whole1, &x1) || !leave_zero(&whole0, &x0))
        return kz_interval_none();
    kz_x x = x1 > x0 ? x1 : x0;
    const kz_span all[] = { part1, whole1, part0, whole0 };
    if (!is_small(all)) {
        kz_interval now = kz_span_wilson(part1, whole1, z), then = kz_span_wilson(part0, whole0, z);
        return widened(now.lo - then.hi, now.hi - then.lo, -1, 1, x);
    }
    double lo = INFINITY, hi = -INFINITY;
    for (int64_t n1 = whole1.lo; n1 <= whole1.hi; n1++)
        for (int64_t k1 = part1.lo; k1 <= part1.hi && k1 <= n1; k1++)
            for (int64_t n0 = whole0.lo; n0 <= whole0.hi; n0++)
                for (int64_t k0 = part0.lo; k0 <= part0.hi && k0 <= n0; k0++) {
                    kz_difference d = kz_difference_shares(k1, n1, k0, n0, phi, z);
                    lo = fmin(lo, d.lo);
                    hi = fmax(hi, d.hi);
                }
    return widened(lo, hi, -1, 1, x);
}
