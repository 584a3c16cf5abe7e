#include "kz_test.h"

#include "base/crc32c.h"
#include "demo/life.h"

#include <math.h>
#include <string.h>

typedef struct {
    kz_arena a;
    kz_city *city;
    kz_life *life;
} town;

static void begin(town *t, uint64_t seed, kz_city_size size, int year)
{
    kz_arena_init(&t->a, (size_t)400 << 20);
    assert_int_equal(kz_city_plan(seed, size, &t->a, &t->city, NULL), KZ_OK);
    assert_int_equal(kz_life_begin(t->city, year, &t->a, &t->life, NULL), KZ_OK);
}

static void live(town *t)
{
    int year = t->life->year + 1;
    kz_life_spring(t->life, year);
    kz_life_rest(t->life, year);
}

static int events(const kz_life *life, kz_event_kind kind)
{
    int n = 0;
    for (int i = 0; i < life->n_events; i++)
        n += life->event[i].kind == kind;
    return n;
}

static void a_year_changes_people_by_what_happened(void **state)
{
    (void)state;
    town t;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        begin(&t, seed, KZ_CITY_SMALL, 2017);
        for (int y = 0; y < 4; y++) {
            int before = t.life->n_people;
            live(&t);
            assert_int_equal(t.life->n_people,
                             before + events(t.life, KZ_EVENT_BIRTH) + events(t.life, KZ_EVENT_IN) -
                                 events(t.life, KZ_EVENT_OUT) - events(t.life, KZ_EVENT_DEATH));
        }
        kz_arena_done(&t.a);
    }
}

static void households_hold_everybody_once_and_have_a_grown_head(void **state)
{
    (void)state;
    town t;
    begin(&t, 5, KZ_CITY_SMALL, 2017);
    live(&t);
    live(&t);
    int next = 0, lonely_children = 0;
    for (int i = 0; i < t.life->n_homes; i++) {
        const kz_household *h = &t.life->home[i];
        int grown = 0, partners = 0;
        assert_int_equal(h->first, next);
        assert_true(h->n > 0 && h->quarter >= 0 && h->address >= 0);
        assert_int_equal(t.city->address[h->address].quarter, h->quarter);
        for (int k = 0; k < h->n; k++) {
            const kz_person *p = &t.life->person[h->first + k];
            assert_int_equal(p->home, i);
            grown += t.life->year - kz_birth_year(p->birth) >= 16;
            partners += p->role == KZ_PARTNER;
        }
        assert_true(partners <= 1);
        lonely_children += grown == 0;
        next += h->n;
    }
    assert_int_equal(next, t.life->n_people);
    assert_int_equal(lonely_children, 0);
    kz_arena_done(&t.a);
}

static void quarters_are_as_full_as_planned(void **state)
{
    (void)state;
    town t;
    begin(&t, 6, KZ_CITY_SMALL, 2017);
    for (int y = 0; y < 3; y++)
        live(&t);
    double people[KZ_CITY_N_QUARTERS] = { 0 }, off = 0, all = 0;
    for (int i = 0; i < t.life->n_people; i++)
        people[t.life->home[t.life->person[i].home].quarter]++;
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++) {
        off += fabs(people[q] - kz_life_target(t.life, q, t.life->year));
        all += people[q];
    }
    assert_true(off < 0.05 * all);
    assert_in_range((int64_t)all, 20000, 22500);
    kz_arena_done(&t.a);
}

/* P(begin before 3) = 1: the first August of being one, at 0.6, 85 of 100 at once; from the second on, all.
 */
static void a_kita_begins_in_august(void **state)
{
    (void)state;
    kz_person p = { .birth = kz_day(2018, 5, 10), .kita_early = 65535, .id = 1 };
    assert_true(kz_kita_chance(&p, kz_month(2019, 7)) == 0);
    assert_true(fabs(kz_kita_chance(&p, kz_month(2019, 8)) - 0.6 * 0.85) < 1e-9);
    assert_true(fabs(kz_kita_chance(&p, kz_month(2020, 3)) - 0.6) < 1e-9);
    assert_true(fabs(kz_kita_chance(&p, kz_month(2020, 8)) - 1) < 1e-9);
    p.kita_early = 1; /* never before three: 88 of 100 in the August of three, eight a year later */
    assert_true(kz_kita_chance(&p, kz_month(2021, 7)) == 0);
    assert_true(fabs(kz_kita_chance(&p, kz_month(2022, 3)) - 0.88) < 1e-9);
    assert_true(fabs(kz_kita_chance(&p, kz_month(2022, 8)) - 0.96) < 1e-9);
    assert_true(kz_kita_chance(&p, kz_month(2025, 8)) == 0); /* at school */
}

/* What Groos and Jehles published of 4,802 children in Muelheim, 2010 to 2013: SGB II, others, in percent. */
static void examinations_have_the_published_margins(void **state)
{
    (void)state;
    static const struct {
        kz_effect effect;
        double sgb2, others;
    } WANT[] = { { KZ_EFFECT_GERMAN, 43.2, 14.3 }, { KZ_EFFECT_COORDINATION, 24.5, 14.6 },
                 { KZ_EFFECT_VISUOMOTOR, 25, 11 }, { KZ_EFFECT_ATTENTION, 29.1, 17.5 },
                 { KZ_EFFECT_NUMBER, 28, 12.4 },   { KZ_EFFECT_OBESE, 8.8, 3.7 },
                 { KZ_EFFECT_SPORTS, 46, 77 },     { KZ_EFFECT_MUSIC, 12, 29 },
                 { KZ_EFFECT_KITA_EARLY, 31, 48 } };
    town t;
    double sum[2][KZ_N_EFFECTS] = { { 0 } }, n[2] = { 0 }, drawn[2][KZ_N_EFFECTS] = { { 0 } };
    begin(&t, 2012, KZ_CITY_FULL, 2010);
    while (t.life->year < 2013) {
        live(&t);
        for (int i = 0; i < t.life->n_exams; i++) {
            const kz_exam *e = &t.life->exam[i];
            n[e->sgb2]++;
            for (int k = 0; k <= KZ_EFFECT_DEFER; k++) {
                sum[e->sgb2][k] += e->chance[k];
                drawn[e->sgb2][k] += e->drawn[k];
            }
        }
    }
    assert_in_range((int64_t)(n[0] + n[1]), 11000, 15000);
    for (size_t i = 0; i < sizeof WANT / sizeof *WANT; i++)
        for (int poor = 0; poor < 2; poor++) {
            double chance = 100 * sum[poor][WANT[i].effect] / n[poor],
                   got = 100 * drawn[poor][WANT[i].effect] / n[poor];
            double want = poor ? WANT[i].sgb2 : WANT[i].others,
                   se = 100 * sqrt(want / 100 * (1 - want / 100) / n[poor]);
            assert_true(fabs(chance - want) < 1.8);
            assert_true(fabs(got - chance) < 4 * se);
        }
    kz_arena_done(&t.a);
}

/* Nothing but + - * / sqrt, integers and our own tables: the digest is that of every machine and compiler. */
static void lives_are_the_same_on_every_machine(void **state)
{
    (void)state;
    uint32_t crc[2];
    for (int k = 0; k < 2; k++) {
        town t;
        begin(&t, 2012, KZ_CITY_SMALL, 2017);
        live(&t);
        live(&t);
        uint32_t c = 0;
        for (int i = 0; i < t.life->n_people; i++) {
            const kz_person *p = &t.life->person[i];
            const kz_household *h = &t.life->home[p->home];
            int32_t what[] = { (int32_t)p->id, p->birth,      h->address, p->weight, p->kita, p->kita_month,
                               p->school,      h->poor_month, p->help,    p->edu,    p->mig,  p->family };
            c = kz_crc32c(c, what, sizeof what);
            c = kz_crc32c(c, &h->chance, sizeof h->chance);
        }
        crc[k] = c;
        kz_arena_done(&t.a);
    }
    assert_int_equal(crc[0], crc[1]);
    assert_int_equal(crc[0], 0x99263b52u); /* changes with every rule of the generator */
}

static void refuses_when_memory_is_short(void **state)
{
    (void)state;
    kz_arena a;
    kz_city *city;
    kz_life *life = NULL;
    kz_arena_init(&a, (size_t)12 << 20);
    assert_int_equal(kz_city_plan(1, KZ_CITY_FULL, &a, &city, NULL), KZ_OK);
    assert_int_equal(kz_life_begin(city, 2010, &a, &life, NULL), KZ_E_LIMIT);
    assert_null(life);
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(a_year_changes_people_by_what_happened),
             KZ_TEST(households_hold_everybody_once_and_have_a_grown_head),
             KZ_TEST(quarters_are_as_full_as_planned), KZ_TEST(a_kita_begins_in_august),
             KZ_TEST(examinations_have_the_published_margins), KZ_TEST(lives_are_the_same_on_every_machine),
             KZ_TEST(refuses_when_memory_is_short))
