#include "monitor/interval.h"

#include <float.h>

/* ---- counts ---------------------------------------------------------------- */

/* Beyond 2^53 an end is open. */
static int64_t bounded(int64_t n)
{
    return n > KZ_SPAN_OPEN ? KZ_SPAN_OPEN : n < -KZ_SPAN_OPEN ? -KZ_SPAN_OPEN : n;
}

static bool is_open(int64_t n)
{
    return n == KZ_SPAN_OPEN || n == -KZ_SPAN_OPEN;
}

/* Of two ends of the same side: what is open stays open. */
static int64_t sum(int64_t a, int64_t b)
{
    return is_open(a) ? a : is_open(b) ? b : bounded(a + b);
}

kz_span kz_span_add(kz_span a, kz_span b)
{
    return (kz_span){ sum(a.lo, b.lo), sum(a.hi, b.hi) };
}

kz_span kz_span_sub(kz_span a, kz_span b)
{
    return (kz_span){ sum(a.lo, -b.hi), sum(a.hi, -b.lo) };
}

static int64_t product(int64_t a, int64_t factor)
{
    int64_t p;
    if (factor == 0)
        return 0;
    if (is_open(a))
        return factor > 0 ? a : -a;
    if (__builtin_mul_overflow(a, factor, &p))
        return (a < 0) == (factor < 0) ? KZ_SPAN_OPEN : -KZ_SPAN_OPEN;
    return bounded(p);
}

kz_span kz_span_times(kz_span a, int64_t factor)
{
    int64_t x = product(a.lo, factor), y = product(a.hi, factor);
    return x <= y ? (kz_span){ x, y } : (kz_span){ y, x };
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

kz_span kz_span_min(kz_span a, kz_span b)
{
    return (kz_span){ least(a.lo, b.lo), least(a.hi, b.hi) };
}

kz_span kz_span_max(kz_span a, kz_span b)
{
    return (kz_span){ most(a.lo, b.lo), most(a.hi, b.hi) };
}

kz_span kz_span_hull(kz_span a, kz_span b)
{
    return (kz_span){ least(a.lo, b.lo), most(a.hi, b.hi) };
}

bool kz_span_meet(kz_span a, kz_span b, kz_span *ret)
{
    kz_span both = { most(a.lo, b.lo), least(a.hi, b.hi) };
    if (both.lo > both.hi)
        return false;
    *ret = both;
    return true;
}

/* ---- rounding outward ---------------------------------------------------------- */

/* Below this an fma may lose its error; there both ends always move. */
#define TINY 0x1p-900

/* A rounded value and the sign of what is missing to the truth: the end below and the end above. */
typedef struct pair {
    double lo, hi;
} pair;

static pair around(double v, double missing)
{
    if (isinf(v)) /* an overflow of finite numbers; infinite operands do not come here */
        return v > 0 ? (pair){ DBL_MAX, v } : (pair){ v, -DBL_MAX };
    return (pair){ missing < 0 ? nextafter(v, -INFINITY) : v, missing > 0 ? nextafter(v, INFINITY) : v };
}

static pair around_tiny(double v)
{
    return (pair){ nextafter(v, -INFINITY), nextafter(v, INFINITY) };
}

static pair add(double a, double b)
{
    double s = a + b, part = s - a;
    if (isinf(a) || isinf(b))
        return (pair){ s, s };
    return around(s, isinf(s) ? 0 : (a - (s - part)) + (b - part));
}

/* 0 times anything is 0, even an end that is open. */
static pair mul(double a, double b)
{
    if (a == 0 || b == 0)
        return (pair){ 0, 0 };
    double p = a * b;
    if (isinf(a) || isinf(b))
        return (pair){ p, p };
    if (fabs(p) < TINY)
        return around_tiny(p);
    return around(p, isinf(p) ? 0 : fma(a, b, -p));
}

/* b is not 0.  Of two open ends every quotient of their signs is possible. */
static pair quotient(double a, double b)
{
    if (a == 0)
        return (pair){ 0, 0 };
    if (isinf(b))
        return !isinf(a) ? (pair){ 0, 0 } : (a > 0) == (b > 0) ? (pair){ 0, INFINITY } : (pair){ -INFINITY, 0 };
    double q = a / b;
    if (isinf(a))
        return (pair){ q, q };
    if (fabs(q) < TINY || fabs(a) < TINY)
        return around_tiny(q);
    double missing = isinf(q) ? 0 : fma(-q, b, a);
    return around(q, b > 0 ? missing : -missing);
}

/* ---- real numbers ------------------------------------------------------------ */

static const kz_interval NONE = { NAN, NAN, KZ_X_SURE };
static const kz_interval ANY = { -INFINITY, INFINITY, KZ_X_NEVER };

static double real(int64_t n)
{
    return n == KZ_SPAN_OPEN ? INFINITY : n == -KZ_SPAN_OPEN ? -INFINITY : (double)n;
}

kz_interval kz_interval_of(kz_span a)
{
    KZ_ASSERT(a.lo <= a.hi);
    return (kz_interval){ real(a.lo), real(a.hi), KZ_X_NEVER };
}

kz_interval kz_interval_exact(double v)
{
    KZ_ASSERT(isfinite(v));
    return (kz_interval){ v, v, KZ_X_NEVER };
}

kz_interval kz_interval_none(void)
{
    return NONE;
}

static kz_x join(kz_interval a, kz_interval b)
{
    return a.x > b.x ? a.x : b.x;
}

kz_interval kz_interval_add(kz_interval a, kz_interval b)
{
    kz_x x = join(a, b);
    return x == KZ_X_SURE ? NONE : (kz_interval){ add(a.lo, b.lo).lo, add(a.hi, b.hi).hi, x };
}

kz_interval kz_interval_sub(kz_interval a, kz_interval b)
{
    return kz_interval_add(a, (kz_interval){ -b.hi, -b.lo, b.x });
}

/* The smallest and the largest of four corners. */
static kz_interval corners(pair (*op)(double, double), kz_interval a, kz_interval b, kz_x x)
{
    const pair c[] = { op(a.lo, b.lo), op(a.lo, b.hi), op(a.hi, b.lo), op(a.hi, b.hi) };
    kz_interval r = { c[0].lo, c[0].hi, x };
    for (int i = 1; i < 4; i++) {
        r.lo = fmin(r.lo, c[i].lo);
        r.hi = fmax(r.hi, c[i].hi);
    }
    return r;
}

kz_interval kz_interval_mul(kz_interval a, kz_interval b)
{
    kz_x x = join(a, b);
    return x == KZ_X_SURE ? NONE : corners(mul, a, b, x);
}

/* By the divisors in (0, hi]. */
static kz_interval by_positive(kz_interval a, double hi, kz_x x)
{
    return (kz_interval){ a.lo < 0 ? -INFINITY : quotient(a.lo, hi).lo, a.hi > 0 ? INFINITY : quotient(a.hi, hi).hi,
                          x };
}

kz_interval kz_interval_div(kz_interval a, kz_interval b)
{
    kz_x x = join(a, b);
    if (x == KZ_X_SURE || (b.lo == 0 && b.hi == 0))
        return NONE;
    if (b.lo > 0 || b.hi < 0)
        return corners(quotient, a, b, x);
    x = KZ_X_MAYBE;
    if (a.lo == 0 && a.hi == 0)
        return (kz_interval){ 0, 0, x };
    if (b.lo == 0)
        return by_positive(a, b.hi, x);
    if (b.hi == 0)
        return by_positive((kz_interval){ -a.hi, -a.lo, a.x }, -b.lo, x);
    return (kz_interval){ ANY.lo, ANY.hi, x };
}

kz_interval kz_interval_min(kz_interval a, kz_interval b)
{
    kz_x x = join(a, b);
    return x == KZ_X_SURE ? NONE : (kz_interval){ fmin(a.lo, b.lo), fmin(a.hi, b.hi), x };
}

kz_interval kz_interval_max(kz_interval a, kz_interval b)
{
    kz_x x = join(a, b);
    return x == KZ_X_SURE ? NONE : (kz_interval){ fmax(a.lo, b.lo), fmax(a.hi, b.hi), x };
}

kz_interval kz_interval_hull(kz_interval a, kz_interval b)
{
    if (a.x == KZ_X_SURE && b.x == KZ_X_SURE)
        return NONE;
    if (a.x == KZ_X_SURE)
        return (kz_interval){ b.lo, b.hi, KZ_X_MAYBE };
    if (b.x == KZ_X_SURE)
        return (kz_interval){ a.lo, a.hi, KZ_X_MAYBE };
    return (kz_interval){ fmin(a.lo, b.lo), fmax(a.hi, b.hi), join(a, b) };
}

kz_interval kz_interval_weighted(int n, const double weight[], const kz_interval value[])
{
    kz_interval total = kz_interval_exact(0);
    for (int i = 0; i < n; i++)
        total = kz_interval_add(total, kz_interval_mul(kz_interval_exact(weight[i]), value[i]));
    return total;
}
