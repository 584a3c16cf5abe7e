/* words_sure.c - how sure a difference is, and how many that is of ten. */
#include "web/words.h"

#include "stat/difference.h"

#include <math.h>

/* The 0.9 quantile of the standard normal distribution: four of five intervals hold the truth. */
#define Z80 1.28155156554460046696

static bool is_counted(const kz_atlas_indicator *ind, const kz_cell *c)
{
    return ind->kind == KZ_KIND_SHARE && c->denominator > 0 && c->numerator >= 0 &&
           c->numerator <= c->denominator;
}

/*
 * Surely: the 95 % interval does not hold the city's value, as everywhere in the atlas.  Probably: the one
 * of 80 % does not, Wilson's where the counts are known, else the 95 % one made smaller as its
 * normal quantiles are.
 */
int kz_words_sureness(const kz_atlas *a, const kz_cell *c)
{
    int sure = 2 * kz_words_verdict(a, c);
    if (sure != 0 || !kz_words_has_range(c) || c->area == 0)
        return sure;
    const kz_atlas_indicator *ind = &a->indicators[c->indicator];
    const kz_cell *city = kz_atlas_cell(a, (int)c->indicator, (int)c->group, 0, (int)c->period);
    if (!kz_cell_has_value(city))
        return 0;
    double lo = c->value - (c->value - c->lo) * Z80 / KZ_Z95,
           hi = c->value + (c->hi - c->value) * Z80 / KZ_Z95;
    if (is_counted(ind, c)) {
        kz_rate r = kz_rate_wilson(c->numerator, c->denominator, Z80);
        lo = r.lo;
        hi = r.hi;
    }
    return lo > city->value ? 1 : hi < city->value ? -1 : 0;
}

/* Squared and added, as in stat/difference.h, for values whose counts are not shares. */
static kz_difference by_intervals(const kz_cell *c1, const kz_cell *c0, double shrink)
{
    double d = c1->value - c0->value;
    return (kz_difference){ .value = d,
                            .lo = d - shrink * hypot(c1->value - c1->lo, c0->hi - c0->value),
                            .hi = d + shrink * hypot(c1->hi - c1->value, c0->value - c0->lo) };
}

int kz_words_change(const kz_atlas *a, int indicator, int group, int area, int *from, int *to)
{
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    const kz_cell *c0 = NULL, *c1 = NULL;
    *from = *to = KZ_NONE;
    for (int p = ind->first_period; p < ind->first_period + ind->n_periods; p++) {
        const kz_cell *c = kz_atlas_cell(a, indicator, group, area, p);
        if (!kz_cell_has_value(c) || isnan(c->value))
            continue;
        c0 = c0 ? c0 : c;
        c1 = c;
    }
    /* Windows of pooled periods must not have people in common. */
    if (!c0 || c1->period < c0->period + (uint32_t)(ind->pool > 1 ? ind->pool : 1))
        return 0;
    *from = (int)c0->period;
    *to = (int)c1->period;
    if (is_counted(ind, c0) && is_counted(ind, c1)) {
        int sure = kz_difference_verdict(
            kz_difference_shares(c1->numerator, c1->denominator, c0->numerator, c0->denominator, 0, KZ_Z95));
        return sure ? 2 * sure
                    : kz_difference_verdict(kz_difference_shares(c1->numerator, c1->denominator,
                                                                 c0->numerator, c0->denominator, 0, Z80));
    }
    if (kz_words_has_range(c0) && kz_words_has_range(c1)) {
        int sure = kz_difference_verdict(by_intervals(c1, c0, 1));
        return sure ? 2 * sure : kz_difference_verdict(by_intervals(c1, c0, Z80 / KZ_Z95));
    }
    return 2 * ((c1->value > c0->value) - (c1->value < c0->value));
}

const char *kz_words_of_ten(kz_request *rq, double share)
{
    static const int OF[] = { 10, 100, 1000 };
    int i = 0;
    if (share <= 0)
        return kz_words_say(rq, "words.none_of", kz_s("of", kz_words_int(rq, OF[0])));
    while (i < 2 && (lround(share * OF[i]) < 1 || (share < 1 && lround(share * OF[i]) == OF[i])))
        i++;
    int64_t n = lround(share * OF[i]);
    return kz_words_say(rq, "words.of", kz_s("n", kz_words_int(rq, n > 0 ? n : 1)),
                        kz_s("of", kz_words_int(rq, OF[i])));
}
