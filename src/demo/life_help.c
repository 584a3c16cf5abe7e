/*
 * Hilfen zur Erziehung: they begin with a chance by age and need (effects.tsv, help), last by kind,
 * and may follow each other.  A child has one at a time.
 */
#include "demo/life.h"

/* Erziehungsberatung, SPFH, Tagesgruppe, Vollzeitpflege, Heim, ISE, Eingliederung, other. */
static const double ENDS[KZ_N_HELPS] = { .72, .45, .42, .13, .33, .55, .34, .5 };

static int kind_for(int age, kz_rng *r)
{
    static const double SMALL[] = { .36, .34, 0, .11, .03, 0, .02, .14 },
                        MIDDLE[] = { .44, .17, .06, .03, .05, 0, .13, .12 },
                        OLD[] = { .36, .09, .02, .02, .14, .02, .15, .20 };
    return kz_draw(r, age < 6 ? SMALL : age < 13 ? MIDDLE : OLD, KZ_N_HELPS);
}

static double age_factor(int age)
{
    return age < 3 ? 0.45 : age < 6 ? 0.75 : age < 10 ? 1.1 : age < 14 ? 1.15 : age < 18 ? 1.1 : 0.4;
}

void kz_life_help(kz_life *life, int year)
{
    for (int i = 0; i < life->n_people; i++) {
        kz_person *p = &life->person[i];
        int age = year - kz_birth_year(p->birth) - 1;
        p->help_ended = 0;
        if (age > 20) {
            p->help = 0;
            continue;
        }
        const kz_household *h = &life->home[p->home];
        kz_rng r = kz_life_rng(life, KZ_FOR_HELP, year, p->id);
        if (p->help > 0 && kz_happens(&r, ENDS[p->help - 1])) {
            p->help_ended = p->help;
            p->help_ended_month = p->help_month;
            p->help = 0;
        }
        if (p->help > 0)
            continue;
        bool couple = false;
        for (int k = 0; k < h->n; k++)
            couple |= life->person[h->first + k].role == KZ_PARTNER;
        double x[KZ_N_TERMS] = { [KZ_TERM_ONE] = 1,
                                 [KZ_TERM_SGB2] = h->poor_month > 0,
                                 [KZ_TERM_LONE] = !couple,
                                 [KZ_TERM_EDU_LOW] = p->edu == KZ_EDU_LOW,
                                 [KZ_TERM_EDU_HIGH] = p->edu == KZ_EDU_HIGH,
                                 [KZ_TERM_AREA] = life->poor_share[h->quarter] - 0.2,
                                 [KZ_TERM_BOY] = p->sex == KZ_MALE,
                                 [KZ_TERM_OTHER_LANGUAGE] = p->other_language,
                                 [KZ_TERM_YEARS] = year - 2012 };
        double chance = age_factor(age < 0 ? 0 : age) * kz_effects_chance(&life->effects, KZ_EFFECT_HELP, x);
        if (!kz_happens(&r, p->help_ended ? 0.22 + chance : chance))
            continue;
        p->help = (uint8_t)(1 + kind_for(age, &r));
        p->help_month = (int16_t)kz_month(year, 1 + (int)kz_rng_below(&r, 12));
        if (kz_happens(&r, 0.3 * ENDS[p->help - 1]) && !p->help_ended) { /* begun and ended in one year */
            p->help_ended = p->help;
            p->help_ended_month = p->help_month;
            p->help = 0;
        }
    }
}
