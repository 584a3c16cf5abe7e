/*
 * Kita careers.  When a child begins is drawn once, in the first year that it is here: before three or
 * not by effects.tsv (kita_early); nearly always in an August.  Which Kita it is follows the way
 * there, room, and who else goes: families with much schooling avoid strained quarters, so Kitas are
 * more unlike each other than the quarters are.
 */
#include "demo/life.h"

#include <math.h>

enum { NEAREST = 8, AUGUST = 7 };
static const double FIRST_AUGUST = 0.6, LATE_STARTS = 0.15, AT_THREE = 0.88, AT_FOUR = 0.08;

/* The first August in which a child of this birth is at least a year old. */
static int first_august(const kz_person *p)
{
    int y, m, d;
    kz_civil(p->birth, &y, &m, &d);
    return kz_month(m < 8 || (m == 8 && d == 1) ? y + 1 : y + 2, AUGUST + 1);
}

static int school_month(const kz_person *p)
{
    return kz_month(kz_exam_year(p) + p->deferred, AUGUST + 1);
}

/* Chance that somebody who means to begin in `planned` has begun by `month`: one in seven comes up to five
 * months later. */
static double begun(int planned, int month)
{
    double chance = month >= planned ? 1 - LATE_STARTS : 0;
    for (int late = 1; late <= 5; late++)
        chance += month >= planned + late ? LATE_STARTS / 5 : 0;
    return chance;
}

double kz_kita_chance(const kz_person *p, int month)
{
    int august = first_august(p);
    double early = (p->kita_early - 1) / 65534.0;
    if (p->kita_early == 0 || month >= school_month(p))
        return 0;
    return early * (FIRST_AUGUST * begun(august, month) + (1 - FIRST_AUGUST) * (month >= august + 12)) +
           (1 - early) * (AT_THREE * begun(august + 24, month) + AT_FOUR * (month >= august + 36));
}

bool kz_in_kita(const kz_person *p, int month)
{
    return p->kita_month > 0 && p->kita_month <= month && month < school_month(p) &&
           p->at_school == KZ_AT_SCHOOL_NOT;
}

bool kz_with_child_minder(const kz_person *p, int month)
{
    return p->child_minder && month < first_august(p) + 24;
}

static void plan(kz_life *life, const kz_household *h, kz_person *p)
{
    kz_rng r = kz_life_rng(life, KZ_FOR_KITA, 0, p->id);
    double x[KZ_N_TERMS] = { [KZ_TERM_ONE] = 1,
                             [KZ_TERM_SGB2] = h->poor_month > 0,
                             [KZ_TERM_EDU_LOW] = p->edu == KZ_EDU_LOW,
                             [KZ_TERM_EDU_HIGH] = p->edu == KZ_EDU_HIGH,
                             [KZ_TERM_OTHER_LANGUAGE] = p->other_language,
                             [KZ_TERM_AREA] = life->poor_share[h->quarter] - 0.2,
                             [KZ_TERM_YEARS] = kz_birth_year(p->birth) - 2006 };
    double chance = kz_effects_chance(&life->effects, KZ_EFFECT_KITA_EARLY, x);
    p->kita_early = (uint16_t)(1 + (int)(chance * 65534));
    bool early = kz_happens(&r, (p->kita_early - 1) / 65534.0), late = kz_happens(&r, LATE_STARTS);
    double u = kz_rng_unit(&r);
    int august = first_august(p), delay = late ? 1 + (int)kz_rng_below(&r, 5) : 0;
    p->kita_month = (int16_t)(early                    ? (u < FIRST_AUGUST ? august + delay : august + 12)
                              : u < AT_THREE           ? august + 24 + delay
                              : u < AT_THREE + AT_FOUR ? august + 36
                                                       : 0);
    p->child_minder = early && kz_happens(&r, 0.27);
    static const double HOURS[2][3] = { { .10, .38, .52 }, { .22, .50, .28 } };
    p->kita_hours = (uint8_t)(25 + 10 * kz_draw(&r, HOURS[h->poor_month > 0], 3));
}

typedef struct {
    int kita[NEAREST];
    double weight[NEAREST];
} near;

/* The nearest Kitas of each quarter, by the way there. */
static void look_around(const kz_life *life, near around[KZ_CITY_N_QUARTERS])
{
    const kz_city *city = life->city;
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++) {
        double d[NEAREST];
        int n = 0;
        for (int k = 0; k < city->n_kitas; k++) {
            kz_city_point a = city->quarter[q].centre, b = city->address[city->house[k].address].at;
            double d2 = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
            if (n == NEAREST && d2 >= d[n - 1])
                continue;
            int at = n < NEAREST ? n++ : n - 1;
            for (; at > 0 && d[at - 1] > d2; at--) {
                d[at] = d[at - 1];
                around[q].kita[at] = around[q].kita[at - 1];
            }
            d[at] = d2;
            around[q].kita[at] = k;
        }
        for (int i = 0; i < n; i++)
            around[q].weight[i] =
                1 / (1 + d[i] / (450.0 * 450.0) + d[i] * d[i] / (900.0 * 900.0 * 900.0 * 900.0));
    }
}

static int choose(const kz_life *life, const near *around, const kz_household *h, const kz_person *p,
                  kz_rng *r)
{
    double w[NEAREST];
    for (int i = 0; i < NEAREST; i++) {
        int k = around->kita[i];
        double strain = life->city->quarter[life->city->address[life->city->house[k].address].quarter].strain;
        double liked = p->edu == KZ_EDU_HIGH                       ? 1.7 - 1.6 * strain
                       : p->edu == KZ_EDU_LOW || h->poor_month > 0 ? 0.4 + 1.2 * strain
                                                                   : 1;
        w[i] = around->weight[i] * liked * (life->kita_full[k] < life->kita_places[k] ? 1 : 0.02);
        w[i] = w[i] > 0 ? w[i] : 1e-9;
    }
    return around->kita[kz_draw(r, w, NEAREST)];
}

/* Places for all who come and one in twenty more, in the shares of the plan. */
static void open_places(kz_life *life, int month)
{
    double all = 0, children = 0;
    for (int k = 0; k < life->city->n_kitas; k++) {
        all += life->city->house[k].places;
        life->kita_full[k] = 0;
    }
    for (int i = 0; i < life->n_people; i++) {
        const kz_person *p = &life->person[i];
        if (!kz_in_kita(p, month))
            continue;
        children++;
        if (p->kita >= 0)
            life->kita_full[p->kita]++;
    }
    for (int k = 0; k < life->city->n_kitas; k++)
        life->kita_places[k] = 1 + (int)(children * 1.05 * life->city->house[k].places / all);
}

void kz_life_kitas(kz_life *life, int year)
{
    static near around[KZ_CITY_N_QUARTERS];
    int month = kz_month(year + 1, 3);
    for (int i = 0; i < life->n_people; i++) {
        kz_person *p = &life->person[i];
        if (p->kita_early == 0 && year - kz_birth_year(p->birth) < 7)
            plan(life, &life->home[p->home], p);
    }
    open_places(life, month);
    look_around(life, around);
    double poor[KZ_CITY_N_KITAS] = { 0 }, all[KZ_CITY_N_KITAS] = { 0 };
    for (int i = 0; i < life->n_people; i++) {
        kz_person *p = &life->person[i];
        const kz_household *h = &life->home[p->home];
        if (!kz_in_kita(p, month))
            continue;
        if (p->kita < 0) {
            kz_rng r = kz_life_rng(life, KZ_FOR_KITA, 1, p->id);
            p->kita = (int16_t)choose(life, &around[h->quarter], h, p, &r);
            life->kita_full[p->kita]++;
        }
        all[p->kita]++;
        poor[p->kita] += h->poor_month > 0;
    }
    for (int k = 0; k < life->city->n_kitas; k++)
        life->kita_poor[k] = (poor[k] + 1.2) / (all[k] + 6);
}
