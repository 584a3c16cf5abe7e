/*
 * A household that was never seen before: the first people of the city, and those who move in.
 *
 * Shares are those of a large city in North Rhine-Westphalia in round figures; a strained quarter
 * has more young, foreign and lone-parent families, a campus more young singles.
 */
#include "demo/life.h"

#include <string.h>

enum { MAX_CHILDREN = 6 };

typedef struct {
    kz_life *life;
    kz_rng r;
    int year, home;
    int32_t day;
    const kz_colour *here;
    bool mig, mixed, language;
} maker;

static double clamp(double x, double lo, double hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

static double between(kz_rng *r, double lo, double hi)
{
    return lo + (hi - lo) * kz_rng_unit(r);
}

static kz_edu draw_edu(maker *m, double age)
{
    double s = m->here->strain;
    double high = clamp(0.33 + 0.3 * m->here->campus - 0.28 * s + (m->here->newcomer ? 0.06 : 0) -
                            (age > 65 ? 0.12 : 0),
                        0.05, 0.85);
    double low = clamp(0.10 + 0.24 * s + (m->mig ? 0.12 : 0) + (age > 70 ? 0.1 : 0), 0.03, 0.8);
    return (kz_edu)kz_draw(&m->r, (double[]){ low, clamp(1 - low - high, 0.05, 1), high }, 3);
}

static void draw_roots(maker *m, kz_person *p, bool mig)
{
    static const double REGION[] = { .06, .03, .22, .34, .18, .15, .02 };
    if (!mig) {
        p->mig = KZ_MIG_NONE;
        p->faith = (uint8_t)kz_draw(&m->r, (double[]){ .29, .33, .38 }, 3);
        return;
    }
    p->mig = kz_happens(&m->r, m->here->newcomer ? 0.85 : 0.47) ? KZ_MIG_FOREIGN : KZ_MIG_GERMAN;
    p->origin = (uint8_t)(p->mig == KZ_MIG_FOREIGN ? kz_draw(&m->r, REGION, 7)
                                                   : kz_draw(&m->r, (double[]){ .3, .7 }, 2));
    p->faith = (uint8_t)kz_draw(&m->r, (double[]){ .08, .20, .72 }, 3);
}

static kz_person *add(maker *m, double age, kz_sex sex, kz_role role)
{
    kz_life *life = m->life;
    KZ_ASSERT(life->n_people < life->max_people);
    kz_person *p = &life->person[life->n_people++];
    memset(p, 0, sizeof *p);
    p->id = ++life->last_person;
    p->birth = m->day - (int32_t)(clamp(age, 0, 103) * 365.25);
    p->home = m->home;
    p->sex = (uint8_t)sex;
    p->role = (uint8_t)role;
    p->since = (int16_t)(m->here->newcomer ? m->year
                                           : m->year - (int)(kz_rng_unit(&m->r) * kz_rng_unit(&m->r) * age));
    p->move = m->here->newcomer ? KZ_MOVED_IN : KZ_STAYED;
    p->other_language = m->language;
    p->weight = (int16_t)clamp(kz_draw_normal(&m->r, 3370, 510), 700, 5200);
    p->mother_age = 30;
    p->kita = -1;
    p->school = -1;
    return p;
}

static kz_person *add_adult(maker *m, double age, kz_sex sex, kz_role role, bool mig)
{
    kz_person *p = add(m, age, sex, role);
    p->edu = (uint8_t)draw_edu(m, age);
    draw_roots(m, p, mig);
    if (kz_happens(&m->r, 0.0003))
        p->sex = KZ_DIVERSE;
    return p;
}

/* Married, widowed …: singles by age, couples by age and children. */
static kz_family alone_status(kz_rng *r, double age)
{
    if (age < 28)
        return KZ_UNMARRIED;
    if (age < 45)
        return (kz_family)kz_draw(r, (double[]){ .84, .03, .01, .12 }, 4);
    if (age < 62)
        return (kz_family)kz_draw(r, (double[]){ .52, .05, .06, .37 }, 4);
    return (kz_family)kz_draw(r, age < 75 ? (double[]){ .2, .03, .4, .37 } : (double[]){ .11, .02, .7, .17 },
                              4);
}

static void add_couple(maker *m, double age_her, bool children)
{
    double age_him = clamp(age_her + kz_draw_normal(&m->r, 2.3, 3.5), 18, 100);
    bool same = !children && kz_happens(&m->r, 0.015);
    kz_person *a = add_adult(m, age_him, KZ_MALE, KZ_HEAD, m->mig);
    int first = m->life->n_people - 1;
    (void)a;
    kz_person *b = add_adult(m, age_her, same ? KZ_MALE : KZ_FEMALE, KZ_PARTNER, m->mig && !m->mixed);
    if (kz_happens(&m->r, 0.65))
        b->edu = m->life->person[first].edu;
    double married = age_her < 30 ? 0.35 : age_her < 40 ? 0.62 : age_her < 60 ? 0.8 : 0.95;
    bool wed = kz_happens(&m->r, clamp(married + (children ? 0.12 : 0), 0, 0.97));
    kz_family how = wed ? (same ? KZ_PARTNERED : KZ_MARRIED) : KZ_UNMARRIED;
    m->life->person[first].family = b->family = (uint8_t)how;
    if (!wed && age_her > 40 && kz_happens(&m->r, 0.5))
        b->family = KZ_DIVORCED;
}

/* Children of a mother who had her first `t` years ago. */
static void add_children(maker *m, double t, double age_mother, const kz_person *parent,
                         const kz_person *other)
{
    double many = m->mig ? 1.6 : 1;
    int wanted =
        1 +
        kz_draw(&m->r, (double[]){ .33, .45, .14 * many, .055 * many * many, .02 * many * many, .005 }, 6);
    bool mig = parent->mig != KZ_MIG_NONE || (other && other->mig != KZ_MIG_NONE);
    bool foreign = parent->mig == KZ_MIG_FOREIGN && (!other || other->mig == KZ_MIG_FOREIGN);
    kz_person from = *parent;
    uint8_t edu = other && other->edu > parent->edu ? other->edu : parent->edu;
    double age = t;
    for (int i = 0; i < wanted && i < MAX_CHILDREN && age >= 0; i++) {
        bool home = age < 18 || kz_happens(&m->r, age < 20   ? 0.85
                                                  : age < 22 ? 0.6
                                                  : age < 25 ? 0.35
                                                  : age < 30 ? 0.12
                                                             : 0);
        if (home) {
            kz_person *c = add(m, age, kz_happens(&m->r, 0.514) ? KZ_MALE : KZ_FEMALE, KZ_CHILD);
            c->edu = edu;
            c->mother_age = (uint8_t)clamp(age_mother - age, 15, 50);
            c->faith = from.faith;
            c->mig = !mig ? KZ_MIG_NONE
                     : foreign && kz_happens(&m->r, m->here->newcomer ? 0.95
                                                    : age > 16        ? 0.7
                                                                      : 0.4)
                         ? KZ_MIG_FOREIGN
                         : KZ_MIG_GERMAN;
            c->origin = c->mig == KZ_MIG_FOREIGN ? from.origin : c->mig == KZ_MIG_GERMAN ? 2 : 0;
        }
        age -= between(&m->r, 1.4, 4.6);
    }
}

static void make_family(maker *m, bool lone)
{
    double t = between(&m->r, 0, m->here->newcomer ? 11 : 25), s = m->here->strain;
    double first = clamp(kz_draw_normal(&m->r, 30 - 4 * s, 4.3), 17.5, 42);
    if (lone) {
        t = between(&m->r, 1, m->here->newcomer ? 11 : 22);
        double age = first + t;
        add_adult(m, age, kz_happens(&m->r, 0.87) ? KZ_FEMALE : KZ_MALE, KZ_HEAD, m->mig);
        kz_person *p = &m->life->person[m->life->n_people - 1];
        p->family = (uint8_t)kz_draw(&m->r, (double[]){ .40, .15, .03, .42 }, 4);
        kz_person parent = *p;
        add_children(m, t, age, &parent, NULL);
    } else {
        add_couple(m, first + t, true);
        kz_person a = m->life->person[m->life->n_people - 2], b = m->life->person[m->life->n_people - 1];
        add_children(m, t, first + t, &b, &a);
    }
}

static double single_age(maker *m)
{
    double c = m->here->campus;
    if (m->here->newcomer)
        return kz_happens(&m->r, 0.78)  ? between(&m->r, 18, 33)
               : kz_happens(&m->r, 0.8) ? between(&m->r, 30, 60)
                                        : between(&m->r, 60, 88);
    switch (kz_draw(&m->r, (double[]){ .22 + .6 * c, .32, .26, .20 }, 4)) {
    case 0: return between(&m->r, 18, 34);
    case 1: return between(&m->r, 34, 62);
    case 2: return between(&m->r, 60, 78);
    default: {
        double a = between(&m->r, 0, 18),
               b = kz_rng_unit(&m->r); /* one draw a statement: the order is ours */
        return 76 + a * b + between(&m->r, 0, 6);
    }
    }
}

/* People of the year who flee: 2015, 2016 and 2022 were such years. */
static double refugees(int year)
{
    return year == 2015   ? 0.13
           : year == 2016 ? 0.10
           : year == 2017 ? 0.05
           : year == 2022 ? 0.14
           : year == 2023 ? 0.07
           : year >= 2014 ? 0.03
                          : 0.01;
}

int kz_life_make_home(kz_life *life, int year, const kz_colour *here)
{
    KZ_ASSERT(life->n_homes < life->max_homes);
    int home = life->n_homes++;
    kz_household *h = &life->home[home];
    memset(h, 0, sizeof *h);
    h->id = ++life->last_home;
    h->first = life->n_people;
    h->address = -1;
    h->quarter = -1;
    h->arrives = here->newcomer;
    maker m = { life,
                kz_life_rng(life, KZ_FOR_NEW_HOME, year, h->id),
                year,
                home,
                kz_day(year, 12, 31),
                here,
                false,
                false,
                false };
    double s = here->strain, f = here->family, c = here->campus;
    h->refugee = here->newcomer && kz_happens(&m.r, refugees(year));
    static const double NEW[] = { .66, .165, .105, .025, .045 }, FLED[] = { .45, .07, .30, .18, 0 };
    double old[] = { .47 - .2 * f + .12 * c, .28 - .03 * s, .125 + .15 * f + .05 * s, .03 + .04 * s, .045 };
    int kind = kz_draw(&m.r, h->refugee ? FLED : here->newcomer ? NEW : old, 5);
    bool with_children = kind == KZ_COUPLE_CHILDREN || kind == KZ_LONE_PARENT;
    double share = here->newcomer ? 0.40 + 0.2 * s : 0.09 + 0.56 * s + 0.005 * (year - 2010);
    m.mig = h->refugee || kz_happens(&m.r, clamp(share * (with_children ? 1.2 : 0.95), 0.02, 0.92));
    m.mixed = m.mig && !h->refugee && kz_happens(&m.r, 0.2);
    m.language = m.mig && kz_happens(&m.r, h->refugee ? 1 : m.mixed ? 0.3 : here->newcomer ? 0.8 : 0.58);
    if (kind == KZ_SINGLE) {
        double age = single_age(&m);
        bool old_woman = age > 65;
        kz_person *p = add_adult(&m, age, kz_happens(&m.r, old_woman ? 0.3 : 0.54) ? KZ_MALE : KZ_FEMALE,
                                 KZ_HEAD, m.mig);
        p->family = (uint8_t)alone_status(&m.r, age);
        p->second_home = age < 30 && kz_happens(&m.r, 0.03 + 0.12 * c);
        if (age < 27 && c > 0.3 && p->edu == KZ_EDU_LOW)
            p->edu = KZ_EDU_HIGH;
    } else if (kind == KZ_COUPLE) {
        int band =
            kz_draw(&m.r, here->newcomer ? (double[]){ .7, .15, .15 } : (double[]){ .21, .23, .56 }, 3);
        add_couple(&m,
                   band == 0   ? between(&m.r, 21, 38)
                   : band == 1 ? between(&m.r, 38, 60)
                               : between(&m.r, 58, 86),
                   false);
    } else if (with_children)
        make_family(&m, kind == KZ_LONE_PARENT);
    else { /* people who share a flat */
        int n = 2 + (int)kz_rng_below(&m.r, 3);
        for (int i = 0; i < n; i++) {
            double age = between(&m.r, 19, 34);
            add_adult(&m, age, kz_happens(&m.r, 0.52) ? KZ_MALE : KZ_FEMALE, KZ_HEAD, m.mig && i % 2 == 0);
        }
    }
    h->n = life->n_people - h->first;
    h = &life->home[home];
    kz_life_poverty_fresh(life, h, year);
    return home;
}
