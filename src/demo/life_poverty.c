/*
 * Who lives on SGB II.  Each household has a level p, a logit of what it is (effects.tsv, poverty).
 * In a year it becomes poor with 0.3 p and leaves with 0.3 (1 - p): spells last, and in the long
 * run p of such households are poor.  What was drawn changes nothing else in a life (moves follow
 * the chance, not the draw), so the chance that is carried along stays the true one:
 * chance' = 0.7 chance + 0.3 p.
 */
#include "demo/life.h"

static const double TURNOVER = 0.3;

static double level(const kz_life *life, const kz_household *h, int year)
{
    double x[KZ_N_TERMS] = { [KZ_TERM_ONE] = 1 };
    int32_t day = kz_day(year, 12, 31);
    int adults = 0, children = 0, youngest = 200, edu = 0;
    bool working_age = false, couple = false;
    for (int i = 0; i < h->n; i++) {
        const kz_person *p = &life->person[h->first + i];
        int age = kz_age(p->birth, day);
        if (p->role == KZ_CHILD && age < 25) {
            children += age < 18;
            continue;
        }
        adults++;
        couple |= p->role == KZ_PARTNER;
        working_age |= age < 65;
        youngest = age < youngest ? age : youngest;
        edu = p->edu > edu ? p->edu : edu;
        x[KZ_TERM_OTHER_LANGUAGE] = p->other_language;
    }
    if (adults > 0 && !working_age)
        return 0;
    x[KZ_TERM_EDU_LOW] = edu == KZ_EDU_LOW;
    x[KZ_TERM_EDU_HIGH] = edu == KZ_EDU_HIGH;
    x[KZ_TERM_LONE] = !couple && children > 0;
    x[KZ_TERM_MANY_CHILDREN] = children >= 3;
    x[KZ_TERM_AREA] = (h->quarter < 0 ? 0.3 : life->city->quarter[h->quarter].strain) - 0.3;
    x[KZ_TERM_REFUGEE] = h->refugee;
    x[KZ_TERM_STUDENT] = children == 0 && youngest < 27 && edu == KZ_EDU_HIGH;
    x[KZ_TERM_YEARS] = year - 2012;
    return kz_effects_chance(&life->effects, KZ_EFFECT_POVERTY, x);
}

void kz_life_poverty_fresh(const kz_life *life, kz_household *h, int year)
{
    h->chance = level(life, h, year);
    h->poor_month = -1;
}

void kz_life_poverty(kz_life *life, int year)
{
    double poor[KZ_CITY_N_QUARTERS] = { 0 }, all[KZ_CITY_N_QUARTERS] = { 0 };
    int32_t day = kz_day(year, 12, 31);
    for (int i = 0; i < life->n_homes; i++) {
        kz_household *h = &life->home[i];
        kz_rng r = kz_life_rng(life, KZ_FOR_POVERTY, year, h->id);
        double p = level(life, h, year), u = kz_rng_unit(&r);
        int month = kz_month(year, 1 + (int)kz_rng_below(&r, 12));
        if (p == 0) {
            h->chance = 0;
            h->poor_month = 0;
        } else if (h->poor_month < 0) {
            h->chance = p;
            h->poor_month = (int16_t)(u < p ? month - (h->arrives ? 0 : (int)kz_rng_below(&r, 70)) : 0);
        } else {
            h->chance = (1 - TURNOVER) * h->chance + TURNOVER * p;
            if (h->poor_month > 0 ? u < TURNOVER * (1 - p) : u < TURNOVER * p)
                h->poor_month = (int16_t)(h->poor_month > 0 ? 0 : month);
        }
        for (int k = 0; k < h->n; k++)
            if (kz_age(life->person[h->first + k].birth, day) < 15) {
                poor[h->quarter] += h->chance;
                all[h->quarter]++;
            }
    }
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++)
        life->poor_share[q] = (poor[q] + 2) / (all[q] + 10); /* small quarters lean on 20 of 100 */
}
