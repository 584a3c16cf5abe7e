/*
 * life.h - the people of Musterstadt, year by year: born, moved, poor, in a Kita, examined, at school.
 *
 * Everybody is a record with a household, every household has an address of the
 * city's list.  Who does what in a year is drawn from numbers that belong to the
 * person and the year alone (rng.h), with chances that this room states: tables in
 * the C files, coefficients in data/demo/effects.tsv, sources in docs/musterstadt.md.
 * Chances are made of + - * / and sqrt only (no libm), so every machine has the same people.
 *
 *     kz_life *life = NULL;
 *     KZ_TRY(kz_life_begin(city, 2010, arena, &life, err));  // the people of 31.12.2009
 *     for (int year = 2010; year <= 2024; year++) {
 *         kz_life_spring(life, year);    // school-entry examinations; Kitas are as on 1 March
 *         ...                            // write what is known now
 *         kz_life_rest(life, year);      // to 31 December
 *         ...                            // write the register and the events of the year
 *     }
 *
 * True chances are kept beside what was drawn: `chance` of a household to live on
 * SGB II whatever was drawn before, kz_kita_chance(), and those of the examinations.
 * Memory: some 60 MiB for 300,000 people, all in the arena.  A year of the full city: a tenth of a second.
 */
#ifndef KZ_DEMO_LIFE_H
#define KZ_DEMO_LIFE_H

#include "base/rng.h"
#include "demo/city.h"
#include "demo/effects.h"

enum { KZ_LIFE_FIRST_YEAR = 2010, KZ_LIFE_LAST_YEAR = 2024, KZ_LIFE_SMALL_FIRST_YEAR = 2021 };

typedef enum { KZ_MALE, KZ_FEMALE, KZ_DIVERSE } kz_sex;
typedef enum { KZ_MIG_NONE, KZ_MIG_GERMAN, KZ_MIG_FOREIGN } kz_mig;
typedef enum { KZ_UNMARRIED, KZ_MARRIED, KZ_WIDOWED, KZ_DIVORCED, KZ_PARTNERED } kz_family;
typedef enum { KZ_EDU_LOW, KZ_EDU_MID, KZ_EDU_HIGH } kz_edu;
typedef enum { KZ_HEAD, KZ_PARTNER, KZ_CHILD } kz_role;
typedef enum { KZ_STAYED, KZ_MOVED_WITHIN, KZ_MOVED_IN } kz_move;
typedef enum { KZ_AT_SCHOOL_NOT, KZ_AT_SCHOOL, KZ_LEFT_SCHOOL } kz_at_school;

typedef struct kz_person {
    uint32_t id;    /* from 1; never used again                         */
    int32_t birth;  /* day, as kz_date_number                           */
    int32_t home;   /* number of the household                          */
    int16_t since;  /* year in which this address became theirs         */
    int16_t weight; /* at birth, g                                      */
    uint8_t sex, mig, origin, faith, family, edu, role, move;
    uint8_t mother_age;  /* at birth                      */
    bool other_language; /* in the family                 */
    bool second_home;    /* registered with a Nebenwohnung */
    bool twin;
    /* Kita: the house, -1 none yet; the month (year * 12 + month - 1) of admission to any care, 0 never */
    int16_t kita, kita_month;
    uint16_t kita_early; /* chance to begin before 3, in 1/65535 */
    uint8_t kita_hours;
    bool child_minder; /* Tagespflege until three      */
    /* School: the house; the year it began; its kind; what the examination found */
    int16_t school, school_year;
    uint8_t at_school, school_kind;
    bool german_low, deferred;
    /* Hilfe zur Erziehung: kind + 1, 0 none; month it began; and the one that ended this year */
    uint8_t help, help_ended;
    int16_t help_month, help_ended_month;
} kz_person;

typedef struct kz_household {
    uint32_t id;
    int32_t first, n; /* its people */
    int32_t address;
    int16_t quarter;
    int16_t poor_month; /* SGB II since (year * 12 + month - 1); 0: no; -1: not yet drawn */
    double chance;      /* true chance of SGB II at the end of the year */
    bool refugee;
    bool moves; /* looks for an address this year */
    bool arrives;
} kz_household;

typedef enum { KZ_EVENT_IN, KZ_EVENT_OUT, KZ_EVENT_WITHIN, KZ_EVENT_BIRTH, KZ_EVENT_DEATH } kz_event_kind;
typedef struct kz_event {
    uint8_t kind;
    int16_t quarter;
    int32_t day;
    kz_person who;
} kz_event;

/* A child that leaves primary school for another, or school altogether. */
typedef enum { KZ_CERT_NONE, KZ_CERT_HAUPT, KZ_CERT_MITTLERER, KZ_CERT_ABITUR, KZ_N_CERTS } kz_certificate;
typedef struct kz_passage {
    bool leaving;
    int16_t school, quarter;
    uint8_t to_kind, certificate;
    kz_person who;
} kz_passage;

/* One examination of a child before school. */
typedef enum { KZ_OK_RESULT, KZ_BORDER_RESULT, KZ_LOW_RESULT } kz_result;
typedef struct kz_exam {
    kz_person who;
    int32_t address, day;
    int16_t quarter, kita_months, school;
    uint8_t siblings, family_form; /* 0 couple, 1 lone parent, 2 other */
    bool sgb2;
    double chance[KZ_N_EFFECTS]; /* true ones */
    bool drawn[KZ_N_EFFECTS];
} kz_exam;

typedef struct kz_life {
    const kz_city *city;
    kz_effects effects;
    int year; /* the people are those of 31 December */
    int n_people, n_homes, n_events, n_passages, n_exams;
    int max_people, max_homes, max_events, max_passages, max_exams;
    kz_person *person, *spare;
    kz_household *home, *spare_home;
    kz_event *event;
    kz_passage *passage;
    kz_exam *exam;
    struct lonely *lonely; /* who looks for somebody this year: life_year.c */
    uint32_t last_person, last_home;
    double poor_share[KZ_CITY_N_QUARTERS]; /* true share of SGB II under 15 */
    double kita_poor[KZ_CITY_N_KITAS];     /* share of SGB II among its children */
    int kita_full[KZ_CITY_N_KITAS], kita_places[KZ_CITY_N_KITAS];
} kz_life;

/* KZ_E_LIMIT: the arena is too small.  KZ_E_INPUT: effects.tsv is broken. */
KZ_MUST_USE kz_status kz_life_begin(const kz_city *city, int first_year, kz_arena *a, kz_life **ret,
                                    kz_err *err);
void kz_life_spring(kz_life *life, int year);
void kz_life_rest(kz_life *life, int year);

/* --- the steps; each has its file --------------------------------------- */

/* The stream of one person (or household) in one year for one purpose. */
typedef enum {
    KZ_FOR_NEW_HOME = 16,
    KZ_FOR_YEAR,
    KZ_FOR_HOME,
    KZ_FOR_PLACE,
    KZ_FOR_PAIRS,
    KZ_FOR_POVERTY,
    KZ_FOR_KITA,
    KZ_FOR_EXAM,
    KZ_FOR_SCHOOL,
    KZ_FOR_HELP,
    KZ_FOR_CASES,
    KZ_FOR_COUNSEL,
    KZ_FOR_NAME,
    KZ_FOR_TABLE,
    KZ_FOR_WORK,
    KZ_FOR_FREE
} kz_purpose;
static inline kz_rng kz_life_rng(const kz_life *life, kz_purpose purpose, int year, uint32_t id)
{
    return kz_rng_stream(life->city->seed, ((uint64_t)purpose << 56) | ((uint64_t)(year & 0xFFF) << 40) | id);
}
static inline bool kz_happens(kz_rng *r, double chance)
{
    return kz_rng_unit(r) < chance;
}
/* Index drawn by weight. */
int kz_draw(kz_rng *r, const double weight[], int n);
/* About normal: twelve uniforms (Irwin-Hall). */
double kz_draw_normal(kz_rng *r, double mean, double sd);

/* Completed years on a day; days of a date. */
int32_t kz_day(int year, int month, int day);
int kz_age(int32_t birth, int32_t day);
int kz_age_months(int32_t birth, int32_t day);
int kz_birth_year(int32_t birth);
void kz_civil(int32_t days, int *year, int *month, int *day);
static inline int kz_month(int year, int month)
{
    return year * 12 + month - 1;
}

/* life_make.c: a household that was never seen, appended with its people; `here` colours who it is. */
typedef struct kz_colour {
    double strain, family, campus;
    bool newcomer;
} kz_colour;
int kz_life_make_home(kz_life *life, int year, const kz_colour *here);

/* life_year.c: births, deaths, couples, who leaves; marks who looks for an address. */
void kz_life_move(kz_life *life, int year);
KZ_MUST_USE struct lonely *kz_life_lonely_new(kz_arena *a, int n);

/* life_place.c: addresses for all who look for one; newcomers until the quarters are as full as planned. */
void kz_life_settle(kz_life *life, int year); /* the first people of all */
void kz_life_fill(kz_life *life, int year);
double kz_life_target(const kz_life *life, int quarter, int year);
/* Put the people of each household beside each other and drop those that are empty. */
void kz_life_regroup(kz_life *life);

void kz_life_poverty(kz_life *life, int year);                              /* life_poverty.c */
void kz_life_poverty_fresh(const kz_life *life, kz_household *h, int year); /* a household that begins */

void kz_life_kitas(kz_life *life, int year); /* life_kita.c: new careers, shares */
/* True chance that a child is in care on the first of that month. */
double kz_kita_chance(const kz_person *p, int month);
bool kz_in_kita(const kz_person *p, int month);
bool kz_with_child_minder(const kz_person *p, int month); /* Tagespflege instead of the Kita */

void kz_life_examine(kz_life *life, int year); /* life_exam.c */
int kz_exam_year(const kz_person *p);          /* of school entry, by date of birth; some a year early */
bool kz_early_entry(const kz_person *p);

void kz_life_schools(kz_life *life, int year); /* life_school.c */
int kz_grade(const kz_person *p, int year);    /* in October of the year */
int kz_school_near(const kz_life *life, int quarter, int kind, kz_rng *r);

void kz_life_help(kz_life *life, int year); /* life_help.c */
enum { KZ_N_HELPS = 8 };

/* What kind of household this is. */
typedef enum { KZ_SINGLE, KZ_COUPLE, KZ_COUPLE_CHILDREN, KZ_LONE_PARENT, KZ_OTHER_HOME } kz_home_kind;
kz_home_kind kz_kind_of_home(const kz_life *life, const kz_household *h, int32_t day);
int kz_children_in(const kz_life *life, const kz_household *h, int32_t day); /* under 18 */

#endif
