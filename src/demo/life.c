/* The frame of a year, the calendar, and drawing by weight. */
#include "demo/life.h"

#include <stdlib.h>
#include <string.h>

enum { BURN_IN = 6 }; /* years before the first, so that lives have a history */

int32_t kz_day(int year, int month, int day)
{
    int y = year - (month <= 2), era = y / 400, yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* Hinnant: civil_from_days, for days after 1 March 0. */
static void civil(int32_t days, int *year, int *month, int *day)
{
    int z = days + 719468, era = z / 146097, doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
}

int kz_birth_year(int32_t birth)
{
    int y, m, d;
    civil(birth, &y, &m, &d);
    return y;
}

int kz_age_months(int32_t birth, int32_t day)
{
    int y, m, d, ty, tm, td;
    civil(birth, &y, &m, &d);
    civil(day, &ty, &tm, &td);
    return (ty - y) * 12 + tm - m - (td < d);
}

int kz_age(int32_t birth, int32_t day)
{
    int months = kz_age_months(birth, day);
    return months < 0 ? -1 : months / 12;
}

void kz_civil(int32_t days, int *year, int *month, int *day)
{
    civil(days, year, month, day);
}

int kz_draw(kz_rng *r, const double weight[], int n)
{
    double all = 0;
    for (int i = 0; i < n; i++)
        all += weight[i];
    double u = kz_rng_unit(r) * all;
    for (int i = 0; i + 1 < n; i++) {
        if (u < weight[i])
            return i;
        u -= weight[i];
    }
    return n - 1;
}

double kz_draw_normal(kz_rng *r, double mean, double sd)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += kz_rng_unit(r);
    return mean + sd * sum;
}

int kz_children_in(const kz_life *life, const kz_household *h, int32_t day)
{
    int n = 0;
    for (int i = 0; i < h->n; i++)
        n += kz_age(life->person[h->first + i].birth, day) < 18;
    return n;
}

kz_home_kind kz_kind_of_home(const kz_life *life, const kz_household *h, int32_t day)
{
    bool couple = false;
    for (int i = 0; i < h->n; i++)
        couple |= life->person[h->first + i].role == KZ_PARTNER;
    if (h->n == 1)
        return KZ_SINGLE;
    if (kz_children_in(life, h, day) > 0)
        return couple ? KZ_COUPLE_CHILDREN : KZ_LONE_PARENT;
    return couple && h->n == 2 ? KZ_COUPLE : KZ_OTHER_HOME;
}

/* Households in order, each with its people beside each other; who has no household (home -1) is gone. */
void kz_life_regroup(kz_life *life)
{
    int n_homes = 0, n_people = 0;
    for (int i = 0; i < life->n_homes; i++)
        life->home[i].n = 0;
    for (int i = 0; i < life->n_people; i++)
        if (life->person[i].home >= 0)
            life->home[life->person[i].home].n++;
    for (int i = 0; i < life->n_homes; i++) {
        life->home[i].first = n_people;
        n_people += life->home[i].n;
    }
    for (int i = 0; i < life->n_people; i++)
        if (life->person[i].home >= 0)
            life->spare[life->home[life->person[i].home].first++] = life->person[i];
    for (int i = 0, at = 0; i < life->n_homes; i++) {
        kz_household *h = &life->home[i];
        if (h->n == 0)
            continue;
        h->first = at;
        at += h->n;
        for (int k = 0; k < h->n; k++)
            life->spare[h->first + k].home = n_homes;
        life->spare_home[n_homes++] = *h;
    }
    kz_person *p = life->person;
    kz_household *h = life->home;
    life->person = life->spare;
    life->spare = p;
    life->home = life->spare_home;
    life->spare_home = h;
    life->n_people = n_people;
    life->n_homes = n_homes;
}

static kz_status make_room(kz_life *life, kz_arena *a, kz_err *err)
{
    const kz_city *city = life->city;
    int people = (int)(1.4 * city->scale * KZ_CITY_PEOPLE) + 4000;
    life->max_people = people;
    life->max_homes = people;
    life->max_events = people / 2;
    life->max_passages = people / 20;
    life->max_exams = people / 40;
    life->person = kz_arena_new(a, kz_person, life->max_people);
    life->spare = kz_arena_new(a, kz_person, life->max_people);
    life->home = kz_arena_new(a, kz_household, life->max_homes);
    life->spare_home = kz_arena_new(a, kz_household, life->max_homes);
    life->event = kz_arena_new(a, kz_event, life->max_events);
    life->passage = kz_arena_new(a, kz_passage, life->max_passages);
    life->exam = kz_arena_new(a, kz_exam, life->max_exams);
    life->lonely = kz_life_lonely_new(a, life->max_homes / 2);
    if (!life->person || !life->spare || !life->home || !life->spare_home || !life->event || !life->passage ||
        !life->exam || !life->lonely)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    return KZ_OK;
}

/* The year around the events: how the files see it. */
void kz_life_spring(kz_life *life, int year)
{
    KZ_ASSERT(year == life->year + 1);
    kz_life_examine(life, year);
}

void kz_life_rest(kz_life *life, int year)
{
    KZ_ASSERT(year == life->year + 1);
    kz_life_move(life, year); /* births, deaths, couples, moves */
    kz_life_fill(life, year);
    kz_life_regroup(life);
    life->year = year;
    kz_life_poverty(life, year);
    kz_life_kitas(life, year);
    kz_life_schools(life, year);
    kz_life_help(life, year);
}

kz_status kz_life_begin(const kz_city *city, int first_year, kz_arena *a, kz_life **ret, kz_err *err)
{
    kz_life *life = kz_arena_new(a, kz_life, 1);
    if (!life)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    life->city = city;
    KZ_TRY(kz_effects_read(a, &life->effects, err));
    KZ_TRY(make_room(life, a, err));
    life->year = first_year - 1 - BURN_IN;
    kz_life_settle(life, life->year);
    kz_life_regroup(life);
    kz_life_poverty(life, life->year);
    kz_life_kitas(life, life->year);
    kz_life_schools(life, life->year);
    while (life->year < first_year - 1) {
        int year = life->year + 1;
        kz_life_spring(life, year);
        kz_life_rest(life, year);
    }
    *ret = life;
    return KZ_OK;
}
