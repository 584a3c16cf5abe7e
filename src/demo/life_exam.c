/*
 * The school-entry examination: every child of the year's cohort once, between January and June.
 *
 * Each result is drawn with a chance that effects.tsv makes of SGB II, the parents' schooling, the
 * family's language, years in a Kita (that help less where the Kita is poor), the quarter, sex,
 * a lone parent, birth weight.  The chances stay in the record.
 */
#include "demo/life.h"

/* By law: who turns six by 30 September.  Three of 200 come a year early. */
bool kz_early_entry(const kz_person *p)
{
    return kz_rng_mix(p->id * UINT64_C(0x9E3779B97F4A7C15)) % 1000 < 15;
}

int kz_exam_year(const kz_person *p)
{
    int y, m, d;
    kz_civil(p->birth, &y, &m, &d);
    return y + (m <= 9 ? 6 : 7) - kz_early_entry(p);
}

static void examine(kz_life *life, int year, kz_person *p)
{
    const kz_household *h = &life->home[p->home];
    KZ_ASSERT(life->n_exams < life->max_exams);
    kz_exam *e = &life->exam[life->n_exams++];
    kz_rng r = kz_life_rng(life, KZ_FOR_EXAM, 0, p->id);
    int32_t day = kz_day(year, 1, 7) + (int32_t)kz_rng_below(&r, 154);
    int y, m, d, children = 0;
    bool couple = false, lone = false;
    kz_civil(day, &y, &m, &d);
    for (int i = 0; i < h->n; i++) {
        const kz_person *o = &life->person[h->first + i];
        couple |= o->role == KZ_PARTNER;
        children += o->role == KZ_CHILD && kz_age(o->birth, day) < 18;
    }
    lone = !couple && p->role == KZ_CHILD;
    int months = p->kita_month > 0 && p->kita_month < kz_month(y, m) ? kz_month(y, m) - p->kita_month : 0;
    double years = months / 12.0 - 3, mix = p->kita >= 0 && months > 0 ? life->kita_poor[p->kita] - 0.2 : 0;
    *e = (kz_exam){ .address = h->address,
                    .day = day,
                    .quarter = h->quarter,
                    .kita_months = (int16_t)months,
                    .siblings = (uint8_t)(children > 0 ? children - 1 : 0),
                    .sgb2 = h->poor_month > 0,
                    .family_form = couple ? 0
                                   : lone ? 1
                                          : 2 };
    double x[KZ_N_TERMS] = {
        [KZ_TERM_ONE] = 1,
        [KZ_TERM_SGB2] = e->sgb2,
        [KZ_TERM_EDU_LOW] = p->edu == KZ_EDU_LOW,
        [KZ_TERM_EDU_HIGH] = p->edu == KZ_EDU_HIGH,
        [KZ_TERM_OTHER_LANGUAGE] = p->other_language,
        [KZ_TERM_KITA_YEARS] = years,
        [KZ_TERM_KITA_MIX] = months / 12.0 * mix,
        [KZ_TERM_AREA] = life->poor_share[h->quarter] - 0.2,
        [KZ_TERM_BOY] = p->sex == KZ_MALE,
        [KZ_TERM_LONE] = lone,
        [KZ_TERM_LIGHT] = p->weight < 2500,
        [KZ_TERM_YEARS] = year - 2012,
    };
    for (int k = 0; k <= KZ_EFFECT_DEFER; k++) {
        e->chance[k] = k == KZ_EFFECT_KITA_EARLY ? (p->kita_early - 1) / 65534.0
                                                 : kz_effects_chance(&life->effects, (kz_effect)k, x);
        e->drawn[k] = kz_happens(&r, e->chance[k]);
    }
    e->drawn[KZ_EFFECT_KITA_EARLY] =
        months > 0 && kz_age_months(p->birth, kz_day(p->kita_month / 12, p->kita_month % 12 + 1, 1)) < 36;
    p->german_low = e->drawn[KZ_EFFECT_GERMAN];
    p->deferred = e->drawn[KZ_EFFECT_DEFER] && !kz_early_entry(p);
    e->school = (int16_t)kz_school_near(life, h->quarter, KZ_CITY_PRIMARY, &r);
    e->who = *p;
}

void kz_life_examine(kz_life *life, int year)
{
    life->n_exams = 0;
    for (int i = 0; i < life->n_people; i++) {
        kz_person *p = &life->person[i];
        if (p->at_school == KZ_AT_SCHOOL_NOT && p->school_year == 0 && year - kz_birth_year(p->birth) < 9 &&
            kz_exam_year(p) == year)
            examine(life, year, p);
    }
}
