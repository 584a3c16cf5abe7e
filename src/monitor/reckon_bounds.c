/*
 * What the value of a cell can be whose inputs the source hides: lo and hi of state hidden.
 *
 * Not a range of chance as of other cells: the value that the indicator would have is surely between them, if it
 * has one.  An end of which nothing is known is NaN; both are when there can be no value (denominator 0 or below
 * the minimum, another input missing).
 */
#include "monitor/reckon_inner.h"

#include <math.h>

#include "monitor/measure.h"

enum { WIDEN_STEPS = 8 };

void reckon_put_bounds(kz_cell *c, kz_interval v)
{
    c->value = NAN;
    c->lo = v.x == KZ_X_SURE || isinf(v.lo) ? NAN : v.lo;
    c->hi = v.x == KZ_X_SURE || isinf(v.hi) ? NAN : v.hi;
}

kz_interval reckon_interval(const kz_cell *c)
{
    if (c->state == KZ_CELL_HIDDEN)
        return (kz_interval){ isnan(c->lo) ? -INFINITY : c->lo, isnan(c->hi) ? INFINITY : c->hi, KZ_X_NEVER };
    return c->state != KZ_N_CELL_STATES && kz_cell_has_value(c) && isfinite(c->value) ? kz_interval_exact(c->value)
                                                                                      : kz_interval_none();
}

kz_interval reckon_widened(kz_interval v)
{
    for (int i = 0; i < WIDEN_STEPS; i++) {
        v.lo = nextafter(v.lo, -INFINITY);
        v.hi = nextafter(v.hi, INFINITY);
    }
    return v;
}

static bool has_bounds(const kz_count *c)
{
    return c->known || c->state == KZ_CELL_HIDDEN;
}

static kz_interval in_units(kz_span s, int decimals)
{
    return decimals == 0 ? kz_interval_of(s)
                         : kz_interval_div(kz_interval_of(s), kz_interval_exact((double)kz_pow10(decimals)));
}

void reckon_bound_plain(const kz_reckoner *r, const kz_indicator *ind, int group, const kz_count *num,
                        const kz_count *den, kz_cell *c)
{
    const kz_indicator_group *g = &ind->groups[group];
    kz_span n = kz_count_span(num), d = kz_count_span(den);
    bool whole = num->decimals == 0 && den->decimals == 0;
    int64_t least = ind->min_denominator > 0 ? ind->min_denominator * kz_pow10(den->decimals) : 1;
    kz_interval v;
    if (!has_bounds(num) || !has_bounds(den))
        return;
    if (ind->kind == KZ_KIND_COUNT) {
        reckon_put_bounds(c, in_units(n, num->decimals));
        return;
    }
    /* Of a denominator below the minimum there is no value. */
    if (!kz_span_meet(d, (kz_span){ least, KZ_SPAN_OPEN }, &d))
        return;
    if (ind->kind == KZ_KIND_SHARE && whole &&
        kz_counts_one_source(r->n, &g->numerator, &g->denominator, (int)c->period, (int)c->area))
        v = kz_span_share(n, d);
    else
        v = kz_interval_div(in_units(n, num->decimals), in_units(d, den->decimals));
    if (ind->kind == KZ_KIND_CHANGE)
        v = kz_interval_sub(v, kz_interval_exact(1));
    reckon_put_bounds(c, whole ? v : reckon_widened(v));
}
