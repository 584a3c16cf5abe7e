/*
 * Births, deaths, couples that form and part, children that leave, families that go: the register's year.
 *
 * Rates by age are round figures after the life table 2015/17 and the age-specific birth and migration
 * rates of large cities; they are the generator's own, not a publication (docs/musterstadt.md).
 * What happens to a household is drawn from its own number and the year.
 */
#include "demo/life.h"

#include <stdlib.h>
#include <string.h>

typedef struct lonely {
    int32_t birth; /* moved a little, so that couples are not all of one year */
    int person;
} lonely;

struct lonely *kz_life_lonely_new(kz_arena *a, int n)
{
    return kz_arena_new(a, lonely, n);
}

typedef struct {
    kz_life *life;
    int year;
    int32_t first_day, last_day;
    lonely *man, *woman;
    int n_men, n_women, n_before; /* people before the births of the year */
} turn;

/* The value of the band that an age falls in: bands end before `upto`. */
static double by_age(int age, const int upto[], const double value[], int n)
{
    for (int i = 0; i < n; i++)
        if (age < upto[i])
            return value[i];
    return value[n];
}

static double death_rate(int age, int sex)
{
    static const int UPTO[] = { 1, 5, 15, 20, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95 };
    static const double RATE[] = { .0034, .0002, .0001, .0003, .0005, .0007, .001, .0015, .0024, .004,
                                   .0068, .0108, .016,  .024,  .038,  .068,  .125, .21,   .33 };
    return by_age(age, UPTO, RATE, 18) * (sex == KZ_FEMALE ? 0.8 : 1.2);
}

static double birth_rate(int age)
{
    static const int UPTO[] = { 15, 18, 20, 25, 30, 35, 40, 45 };
    static const double RATE[] = { 0, .003, .014, .040, .084, .104, .058, .012, 0 };
    return by_age(age, UPTO, RATE, 8);
}

static double leave_city_rate(int age)
{
    static const int UPTO[] = { 25, 30, 40, 50, 65 };
    static const double RATE[] = { .19, .16, .085, .042, .024, .016 };
    return by_age(age, UPTO, RATE, 5);
}

static double move_rate(int age)
{
    static const int UPTO[] = { 25, 30, 40, 50, 65 };
    static const double RATE[] = { .17, .15, .11, .07, .042, .03 };
    return by_age(age, UPTO, RATE, 5);
}

static double leave_parents_rate(int age)
{
    static const int UPTO[] = { 18, 19, 20, 23, 26, 30 };
    static const double RATE[] = { 0, .06, .14, .18, .22, .25, .3 };
    return by_age(age, UPTO, RATE, 6);
}

static void tell(turn *t, kz_event_kind kind, int quarter, int32_t day, const kz_person *who)
{
    KZ_ASSERT(t->life->n_events < t->life->max_events);
    t->life->event[t->life->n_events++] = (kz_event){ (uint8_t)kind, (int16_t)quarter, day, *who };
}

static int32_t some_day(const turn *t, kz_rng *r, int32_t not_before)
{
    int32_t day = t->first_day + (int32_t)kz_rng_below(r, (uint32_t)(t->last_day - t->first_day + 1));
    return day > not_before ? day : not_before;
}

static void go(turn *t, kz_person *p, int quarter, kz_rng *r)
{
    tell(t, KZ_EVENT_OUT, quarter, some_day(t, r, p->birth), p);
    p->home = -1;
}

/* Out of the parents' home, out of a couple, out of a shared flat: a household of one's own. */
static void own_home(turn *t, kz_person *p, const kz_household *from)
{
    kz_life *life = t->life;
    KZ_ASSERT(life->n_homes < life->max_homes);
    kz_household *h = &life->home[life->n_homes];
    *h = (kz_household){ .id = ++life->last_home,
                         .first = (int32_t)(p - life->person),
                         .n = 1,
                         .address = from->address,
                         .quarter = from->quarter,
                         .moves = true };
    p->home = life->n_homes++;
    p->role = KZ_HEAD;
    kz_life_poverty_fresh(life, h, t->year);
}

static int n_heads(const kz_life *life, const kz_household *h, int home)
{
    int n = 0;
    for (int i = 0; i < h->n; i++) {
        const kz_person *p = &life->person[h->first + i];
        n += p->home == home && p->role != KZ_CHILD;
    }
    return n;
}

static kz_person *adult(const kz_life *life, const kz_household *h, int home, kz_role role)
{
    for (int i = 0; i < h->n; i++) {
        kz_person *p = &life->person[h->first + i];
        if (p->home == home && p->role == role)
            return p;
    }
    return NULL;
}

static void deaths(turn *t, kz_household *h, int home)
{
    for (int i = 0; i < h->n; i++) {
        kz_person *p = &t->life->person[h->first + i];
        kz_rng r = kz_life_rng(t->life, KZ_FOR_YEAR, t->year, p->id);
        if (!kz_happens(&r, death_rate(t->year - 1 - kz_birth_year(p->birth), p->sex)))
            continue;
        tell(t, KZ_EVENT_DEATH, h->quarter, some_day(t, &r, p->birth), p);
        p->home = -1;
        kz_person *left = p->role == KZ_HEAD      ? adult(t->life, h, home, KZ_PARTNER)
                          : p->role == KZ_PARTNER ? adult(t->life, h, home, KZ_HEAD)
                                                  : NULL;
        if (left) {
            left->role = KZ_HEAD;
            if (left->family == KZ_MARRIED || left->family == KZ_PARTNERED)
                left->family = KZ_WIDOWED;
        }
    }
}

/* Children whose parents are gone: grown ones take over, the others go to relatives elsewhere. */
static void orphans(turn *t, kz_household *h, int home, kz_rng *r)
{
    if (n_heads(t->life, h, home) > 0)
        return;
    kz_person *eldest = NULL;
    for (int i = 0; i < h->n; i++) {
        kz_person *p = &t->life->person[h->first + i];
        if (p->home == home && (!eldest || p->birth < eldest->birth))
            eldest = p;
    }
    if (!eldest)
        return;
    if (t->year - kz_birth_year(eldest->birth) > 18) {
        eldest->role = KZ_HEAD;
        return;
    }
    for (int i = 0; i < h->n; i++)
        if (t->life->person[h->first + i].home == home)
            go(t, &t->life->person[h->first + i], h->quarter, r);
}

static void baby(turn *t, kz_household *h, int home, kz_person *mother, const kz_person *father, bool twin,
                 int32_t day, kz_rng *r)
{
    kz_life *life = t->life;
    KZ_ASSERT(life->n_people < life->max_people);
    kz_person *p = &life->person[life->n_people++];
    bool both_foreign = mother->mig == KZ_MIG_FOREIGN && (!father || father->mig == KZ_MIG_FOREIGN);
    bool mig = mother->mig != KZ_MIG_NONE || (father && father->mig != KZ_MIG_NONE);
    double mean = 3400 - (twin ? 850 : 0) - 170 * h->chance, sd = twin ? 480 : 470;
    if (kz_happens(r, 0.025 + 0.02 * h->chance)) { /* born too early */
        mean -= 1250;
        sd = 620;
    }
    double weight = kz_draw_normal(r, mean, sd);
    *p = (kz_person){ .id = ++life->last_person,
                      .birth = day,
                      .home = home,
                      .since = (int16_t)t->year,
                      .weight = (int16_t)(weight < 420    ? 420
                                          : weight > 5600 ? 5600
                                                          : weight),
                      .sex = kz_happens(r, 0.514) ? KZ_MALE : KZ_FEMALE,
                      .role = KZ_CHILD,
                      .faith = mother->faith,
                      .edu = father && father->edu > mother->edu ? father->edu : mother->edu,
                      .twin = twin,
                      .other_language = mother->other_language,
                      .kita = -1,
                      .school = -1,
                      .mother_age = (uint8_t)kz_age(mother->birth, day) };
    p->mig = (uint8_t)(!mig                                  ? KZ_MIG_NONE
                       : both_foreign && kz_happens(r, 0.45) ? KZ_MIG_FOREIGN
                                                             : KZ_MIG_GERMAN);
    p->origin = p->mig == KZ_MIG_FOREIGN ? mother->origin : p->mig == KZ_MIG_GERMAN ? 2 : 0;
    tell(t, KZ_EVENT_BIRTH, h->quarter, day, p);
}

static void births(turn *t, kz_household *h, int home)
{
    static const double PARITY[] = { 1.05, 1.45, .5, .38, .35 };
    kz_life *life = t->life;
    int children = kz_children_in(life, h, t->first_day);
    for (int i = 0; i < h->n; i++) {
        kz_person *p = &life->person[h->first + i];
        int age = t->year - kz_birth_year(p->birth);
        if (p->home != home || p->sex != KZ_FEMALE || age < 15 || age > 44)
            continue;
        bool child = p->role == KZ_CHILD;
        kz_person *father = child ? NULL : adult(life, h, home, p->role == KZ_HEAD ? KZ_PARTNER : KZ_HEAD);
        if (father && (father == p || father->sex != KZ_MALE || n_heads(life, h, home) != 2))
            father = NULL;
        double rate = birth_rate(age) *
                      (father     ? 1.85
                       : age < 22 ? 0.5
                                  : 0.28) *
                      PARITY[children < 4 ? children : 4] * (p->other_language ? 1.2 : 1) *
                      (child ? 0.25 : 1) * (0.9 + 0.2 * h->chance) *
                      (t->year >= 2015 && t->year <= 2021 ? 1.05
                       : t->year >= 2023                  ? 0.92
                                                          : 0.98);
        kz_rng r = kz_life_rng(life, KZ_FOR_YEAR, t->year, p->id);
        (void)kz_rng_next(&r); /* that one said whether she lives */
        if (!kz_happens(&r, rate))
            continue;
        int32_t day = some_day(t, &r, p->birth);
        bool twins = kz_happens(&r, 0.018);
        for (int k = 0; k < (twins ? 2 : 1); k++)
            baby(t, h, home, p, father, twins, day, &r);
        if (father && p->family != KZ_MARRIED && kz_happens(&r, 0.3))
            p->family = father->family = KZ_MARRIED;
        return;
    }
}

/* What a grown child has learned: by the school that it left. */
static void come_of_age(kz_person *p, kz_rng *r)
{
    static const double BY_KIND[KZ_CITY_N_KINDS][3] = {
        [KZ_CITY_HAUPT] = { .55, .43, .02 },    [KZ_CITY_REAL] = { .12, .78, .10 },
        [KZ_CITY_GYM] = { .02, .28, .70 },      [KZ_CITY_GESAMT] = { .20, .52, .28 },
        [KZ_CITY_SEKUNDAR] = { .28, .64, .08 }, [KZ_CITY_FOERDER] = { .80, .19, .01 },
    };
    if (p->school_year > 0 && p->school_kind > KZ_CITY_PRIMARY)
        p->edu = (uint8_t)kz_draw(r, BY_KIND[p->school_kind], 3);
    p->family = KZ_UNMARRIED;
}

static void leave_parents(turn *t, kz_household *h, int home)
{
    for (int i = 0; i < h->n; i++) {
        kz_person *p = &t->life->person[h->first + i];
        int age = t->year - 1 - kz_birth_year(p->birth);
        if (p->home != home || p->role != KZ_CHILD || age < 18)
            continue;
        kz_rng r = kz_life_rng(t->life, KZ_FOR_HOME, t->year, p->id);
        if (!kz_happens(&r, leave_parents_rate(age)))
            continue;
        come_of_age(p, &r);
        if (kz_happens(&r, 0.38))
            go(t, p, h->quarter, &r);
        else
            own_home(t, p, h);
    }
}

static void part_or_marry(turn *t, kz_household *h, int home, kz_rng *r)
{
    kz_person *a = adult(t->life, h, home, KZ_HEAD), *b = adult(t->life, h, home, KZ_PARTNER);
    if (!a || !b)
        return;
    int age = t->year - kz_birth_year(b->birth);
    if (kz_happens(r, age < 60 ? 0.022 + 0.012 * h->chance : 0.003)) {
        kz_person *goes = (a->sex == KZ_FEMALE) == kz_happens(r, 0.82) ? b : a, *stays = goes == a ? b : a;
        if (a->family == KZ_MARRIED || a->family == KZ_PARTNERED)
            a->family = b->family = KZ_DIVORCED;
        stays->role = KZ_HEAD;
        if (kz_happens(r, 0.3))
            go(t, goes, h->quarter, r);
        else
            own_home(t, goes, h);
    } else if (a->family != KZ_MARRIED && b->family != KZ_MARRIED && kz_happens(r, age < 45 ? 0.085 : 0.03)) {
        a->family = b->family = a->sex == b->sex ? KZ_PARTNERED : KZ_MARRIED;
    }
}

/* Flats that people share empty one by one. */
static void leave_flat(turn *t, kz_household *h, int home)
{
    for (int i = 0; i < h->n && n_heads(t->life, h, home) > 1; i++) {
        kz_person *p = &t->life->person[h->first + i];
        if (p->home != home || p->role != KZ_HEAD)
            continue;
        kz_rng r = kz_life_rng(t->life, KZ_FOR_HOME, t->year, p->id);
        if (!kz_happens(&r, 0.2))
            continue;
        if (kz_happens(&r, 0.45))
            go(t, p, h->quarter, &r);
        else
            own_home(t, p, h);
    }
}

static void look_for_somebody(turn *t, const kz_household *h, int home, kz_rng *r)
{
    kz_person *p = adult(t->life, h, home, KZ_HEAD);
    if (!p || n_heads(t->life, h, home) != 1)
        return;
    int age = t->year - kz_birth_year(p->birth);
    if (age < 19 || age > 70 || !kz_happens(r, age < 40 ? 0.15 : age < 55 ? 0.07 : 0.02))
        return;
    double shift = kz_draw_normal(r, p->sex == KZ_FEMALE ? -2.3 : 0, 2.5) * 365.25;
    lonely l = { p->birth + (int32_t)shift, (int)(p - t->life->person) };
    if (p->sex == KZ_FEMALE)
        t->woman[t->n_women++] = l;
    else
        t->man[t->n_men++] = l;
}

static int by_birth(const void *pa, const void *pb)
{
    const lonely *a = pa, *b = pb;
    return a->birth != b->birth ? (a->birth > b->birth) - (a->birth < b->birth) : a->person - b->person;
}

/* The n-th man by age with the n-th woman: he comes to her home, or both look for another. */
static void form_couples(turn *t)
{
    kz_life *life = t->life;
    qsort(t->man, (size_t)t->n_men, sizeof *t->man, by_birth);
    qsort(t->woman, (size_t)t->n_women, sizeof *t->woman, by_birth);
    int m = 0, w = 0;
    while (m < t->n_men && w < t->n_women) {
        int32_t apart = t->man[m].birth - t->woman[w].birth;
        if (apart < -4 * 365) {
            m++;
            continue;
        }
        if (apart > 4 * 365) {
            w++;
            continue;
        }
        kz_person *he = &life->person[t->man[m++].person], *she = &life->person[t->woman[w++].person];
        int his = he->home, hers = she->home;
        kz_household *h = &life->home[his];
        for (int i = 0; i < h->n; i++)
            if (life->person[h->first + i].home == his) {
                kz_person *p = &life->person[h->first + i];
                p->home = hers;
                if (!life->home[hers].moves && p->since < t->year) {
                    p->since = (int16_t)t->year;
                    p->move = KZ_MOVED_WITHIN;
                    tell(t, KZ_EVENT_WITHIN, life->home[hers].quarter,
                         t->first_day + 180 > p->birth ? t->first_day + 180 : p->birth, p);
                }
            }
        for (int i = t->n_before; i < life->n_people; i++) /* babies of this year stand at the end */
            if (life->person[i].home == his)
                life->person[i].home = hers;
        he->role = KZ_PARTNER;
        kz_rng r = kz_life_rng(life, KZ_FOR_PAIRS, t->year, life->home[hers].id);
        life->home[hers].moves |= kz_happens(&r, 0.4);
    }
}

void kz_life_move(kz_life *life, int year)
{
    turn t = {
        .life = life, .year = year, .first_day = kz_day(year, 1, 1), .last_day = kz_day(year, 12, 31)
    };
    int n_homes = life->n_homes;
    t.man = life->lonely;
    t.woman = t.man + life->max_homes / 4;
    t.n_before = life->n_people;
    life->n_events = 0;
    for (int i = 0; i < life->n_people; i++)
        life->person[i].move = KZ_STAYED;
    for (int i = 0; i < n_homes; i++) {
        kz_household *h = &life->home[i];
        kz_rng r = kz_life_rng(life, KZ_FOR_HOME, year, h->id);
        h->arrives = false;
        int oldest = 0;
        for (int k = 0; k < h->n; k++) {
            const kz_person *p = &life->person[h->first + k];
            int age = p->role == KZ_CHILD ? 0 : year - kz_birth_year(p->birth);
            oldest = age > oldest ? age : oldest;
        }
        bool children = kz_children_in(life, h, t.first_day) > 0;
        if (n_heads(life, h, i) < 3 &&
            kz_happens(&r, leave_city_rate(oldest) * (children ? 0.75 : 1) * (h->refugee ? 1.4 : 1))) {
            for (int k = 0; k < h->n; k++)
                go(&t, &life->person[h->first + k], h->quarter, &r);
            continue;
        }
        deaths(&t, h, i);
        orphans(&t, h, i, &r);
        births(&t, h, i);
        h = &life->home[i];
        leave_parents(&t, h, i);
        part_or_marry(&t, h, i, &r);
        bool couple = adult(life, h, i, KZ_PARTNER) != NULL;
        if (!couple)
            leave_flat(&t, h, i);
        h->moves = kz_happens(&r, move_rate(oldest) * (children ? 0.85 : 1));
        if (!couple)
            look_for_somebody(&t, h, i, &r);
    }
    form_couples(&t);
}
