/*
 * Where people live.  A quarter has room for as many as the plan says; who looks for an address draws
 * some quarters and takes one by its room and by how it fits: poor to strained ones, families
 * to family ones, the young to the campus.  Newcomers come until the city is as full as planned.
 */
#include "demo/life.h"

enum { CHOICES = 14 };

double kz_life_target(const kz_life *life, int quarter, int year)
{
    const kz_city_quarter *q = &life->city->quarter[quarter];
    double people = q->people * life->city->scale;
    for (int y = 2016; y < year; y++)
        people *= 1 + q->growth;
    for (int y = 2016; y > year; y--)
        people /= 1 + q->growth;
    return people;
}

static void take_address(kz_life *life, kz_household *h, int quarter, kz_rng *r)
{
    const kz_city_quarter *q = &life->city->quarter[quarter];
    double u = kz_rng_unit(r);
    int k = (int)(q->n_addresses * u * (0.5 + 0.5 * u)); /* early streets have the big houses */
    h->quarter = (int16_t)quarter;
    h->address = life->city->by_quarter[q->first_address + (k < q->n_addresses ? k : q->n_addresses - 1)];
}

void kz_life_settle(kz_life *life, int year)
{
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++) {
        const kz_city_quarter *at = &life->city->quarter[q];
        double target = kz_life_target(life, q, year), people = 0;
        kz_colour here = { at->strain, at->family, at->campus, false };
        while (people + 0.5 < target) {
            int i = kz_life_make_home(life, year, &here);
            kz_rng r = kz_life_rng(life, KZ_FOR_PLACE, year, life->home[i].id);
            take_address(life, &life->home[i], q, &r);
            kz_life_poverty_fresh(life, &life->home[i], year);
            people += life->home[i].n;
        }
    }
}

typedef struct {
    double chance;
    bool children, young, mig;
    int n;
} seeker;

/* The household's people by a walk over all of them would be quadratic: they were counted before. */
static double fit(const seeker *s, const kz_city_quarter *q)
{
    double w = (1 - s->chance) * (1.2 - q->strain) + s->chance * (0.2 + 1.6 * q->strain);
    if (s->children)
        w *= 0.5 + q->family;
    else if (s->young)
        w *= 0.6 + 1.5 * q->campus;
    return w * (s->mig ? 0.45 + 0.8 * q->strain : 1.1 - 0.4 * q->strain);
}

static int choose(const kz_life *life, const seeker *s, const double room[], kz_rng *r)
{
    int at[CHOICES];
    double w[CHOICES], best = -1e9;
    bool any = false;
    int most = 0;
    for (int k = 0; k < CHOICES; k++) {
        at[k] = (int)kz_rng_below(r, KZ_CITY_N_QUARTERS);
        w[k] = room[at[k]] > 0 ? room[at[k]] * fit(s, &life->city->quarter[at[k]]) : 0;
        any |= w[k] > 0;
    }
    if (any)
        return at[kz_draw(r, w, CHOICES)];
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++)
        if (room[q] > best) {
            best = room[q];
            most = q;
        }
    return most;
}

static void see(seeker *s, const kz_person *p, int year)
{
    int age = year - kz_birth_year(p->birth);
    s->n++;
    s->children |= age < 15;
    if (p->role == KZ_HEAD) {
        s->young = age < 29;
        s->mig = p->mig != KZ_MIG_NONE;
    }
}

static void tell(kz_life *life, kz_event_kind kind, int quarter, int32_t day, const kz_person *who)
{
    KZ_ASSERT(life->n_events < life->max_events);
    life->event[life->n_events++] = (kz_event){ (uint8_t)kind, (int16_t)quarter, day, *who };
}

/* Give household i, whose people are `p`, an address; and say so for each of them. */
static void place(kz_life *life, int year, int i, const seeker *s, double room[])
{
    kz_household *h = &life->home[i];
    kz_rng r = kz_life_rng(life, KZ_FOR_PLACE, year, h->id);
    int q = choose(life, s, room, &r);
    take_address(life, h, q, &r);
    room[q] -= s->n;
    h->moves = false;
}

void kz_life_fill(kz_life *life, int year)
{
    double room[KZ_CITY_N_QUARTERS], free = 0;
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++) {
        room[q] = kz_life_target(life, q, year);
        free += room[q];
    }
    kz_life_regroup(life);
    for (int i = 0; i < life->n_homes; i++) {
        free -= life->home[i].n;
        if (!life->home[i].moves)
            room[life->home[i].quarter] -= life->home[i].n;
    }
    int n_old = life->n_homes;
    int32_t first_day = kz_day(year, 1, 1);
    for (int i = 0; i < n_old; i++) {
        kz_household *h = &life->home[i];
        if (!h->moves)
            continue;
        seeker s = { .chance = h->chance };
        for (int k = 0; k < h->n; k++)
            see(&s, &life->person[h->first + k], year);
        place(life, year, i, &s, room);
        kz_rng r = kz_life_rng(life, KZ_FOR_WORK, year, h->id);
        int32_t day = first_day + (int)kz_rng_below(&r, 365);
        for (int k = 0; k < h->n; k++) {
            kz_person *p = &life->person[h->first + k];
            p->move = KZ_MOVED_WITHIN;
            p->since = (int16_t)year;
            tell(life, KZ_EVENT_WITHIN, h->quarter, day > p->birth ? day : p->birth, p);
        }
    }
    static const kz_colour NEWCOMER = { 0.3, 0.3, 0.12, true };
    while (free > 0) {
        int first = life->n_people, i = kz_life_make_home(life, year, &NEWCOMER);
        seeker s = { .chance = life->home[i].chance };
        for (int k = first; k < life->n_people; k++)
            see(&s, &life->person[k], year);
        place(life, year, i, &s, room);
        free -= s.n;
        kz_rng r = kz_life_rng(life, KZ_FOR_WORK, year, life->home[i].id);
        int32_t day = first_day + (int)kz_rng_below(&r, 365);
        for (int k = first; k < life->n_people; k++) {
            kz_person *p = &life->person[k];
            tell(life, KZ_EVENT_IN, life->home[i].quarter, day > p->birth ? day : p->birth, p);
        }
    }
}
