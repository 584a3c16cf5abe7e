/*
 * From the Federal Employment Agency: single rows with new pseudonyms and areas only, a table with
 * signs for small counts and a total; and the Jobcenter's table of Bildung und Teilhabe.
 */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

#include <stdio.h>
#include <string.h>

enum { U3, U6, U15, U18, U25, WORKING, UNEMPLOYED, LONG, YOUNG_UNEMPLOYED, BG, BG_LONE, N_COUNTS };
enum { ENTITLED, LUNCH, TRIP, LEARNING, CULTURE, SUPPLIES, N_BUT };
enum { AGE_LIMIT = 66 };

typedef struct {
    int32_t count[KZ_CITY_N_QUARTERS][N_COUNTS];
} ba_table;

/* Out of work: 0 no, 1 below a year, 2 longer. */
static int unemployed(const kz_life *life, const kz_person *p, const kz_household *h, int age, int year)
{
    bool poor = h->poor_month > 0;
    /* Drawn anew every third year: being out of work lasts. */
    kz_rng r = kz_life_rng(life, KZ_FOR_WORK, (year + (int)(p->id % 3)) / 3, p->id + (UINT32_C(1) << 31));
    double chance = age < 16 || age > 64 || p->at_school == KZ_AT_SCHOOL ? 0
                    : poor                                               ? (age < 25 ? 0.34 : 0.52)
                    : age < 25                                           ? 0.019
                                                                         : 0.024;
    if (!kz_happens(&r, chance))
        return 0;
    bool longer = kz_month(year, 12) - h->poor_month >= 12;
    return kz_happens(&r, !poor ? 0.09 : longer ? 0.68 : 0.02) ? 2 : 1;
}

static const char *bg_type(const kz_life *life, const kz_household *h, int32_t day)
{
    switch (kz_kind_of_home(life, h, day)) {
    case KZ_SINGLE: return "Single";
    case KZ_COUPLE: return "Paar ohne Kinder";
    case KZ_COUPLE_CHILDREN: return "Paar mit Kindern";
    case KZ_LONE_PARENT: return "Alleinerziehende";
    default: return "sonstige";
    }
}

static void put_row(kz_extract *x, kz_quill *p, const kz_person *who, const kz_household *h, int age, int out,
                    int year)
{
    static const char *const OUT[] = { "nein", "unter 1 Jahr", "1 Jahr und länger" };
    char pseudonym[24];
    int y, m, d;
    snprintf(pseudonym, sizeof pseudonym, "%016llx",
             (unsigned long long)kz_rng_mix(who->id ^
                                            (x->city->seed + UINT64_C(0xBA) * UINT64_C(0x9E3779B97F4A7C15))));
    kz_quill_text(p, pseudonym);
    snprintf(pseudonym, sizeof pseudonym, "%012llx",
             (unsigned long long)kz_rng_mix(
                 h->id ^ (x->city->seed + UINT64_C(0xB6) * UINT64_C(0x9E3779B97F4A7C15))) >>
                 16);
    kz_quill_text(p, pseudonym);
    kz_civil(who->birth, &y, &m, &d);
    kz_quill_month(p, kz_month(y, m));
    kz_quill_text(p, kz_word_sex[who->sex]);
    kz_quill_text(p, kz_nationality(who));
    kz_quill_text(p, age >= 15 ? "ELB" : "NEF");
    kz_quill_text(p, bg_type(x->life, h, kz_day(year, 12, 31)));
    kz_quill_text(p, OUT[out]);
    kz_quill_int(p, kz_month(year, 12) - h->poor_month);
    kz_put_quarter(x, p, h->quarter);
    kz_quill_line(p);
}

static void count_poor(int32_t c[N_COUNTS], int age)
{
    int band = age < 3 ? U3 : age < 6 ? U6 : age < 15 ? U15 : age < 18 ? U18 : age < 25 ? U25 : -1;
    if (band >= 0)
        c[band]++;
    c[WORKING] += age >= 15 && age < 65;
}

static kz_status rows(kz_extract *x, int year, ba_table *t, kz_err *err)
{
    const kz_life *life = x->life;
    kz_quill *p;
    int32_t day = kz_day(year, 12, 31);
    KZ_TRY(kz_extract_open(x, "sgb2-personen", year, KZ_QUILL_CP1252,
                           "Pseudonym;BG-Nummer;Geburtsmonat;Geschlecht;Staatsangehoerigkeit;Rolle;BG-Typ;"
                           "Arbeitslos;Bezugsdauer;Viertel",
                           &p, err));
    for (int i = 0; i < life->n_homes; i++) {
        const kz_household *h = &life->home[i];
        int32_t *c = t->count[h->quarter];
        bool any = false;
        for (int k = 0; k < h->n; k++) {
            const kz_person *who = &life->person[h->first + k];
            int age = kz_age(who->birth, day),
                out = age < AGE_LIMIT ? unemployed(life, who, h, age, year) : 0;
            c[UNEMPLOYED] += out > 0;
            c[LONG] += out == 2;
            c[YOUNG_UNEMPLOYED] += out > 0 && age < 25;
            if (h->poor_month <= 0 || age >= AGE_LIMIT)
                continue;
            any = true;
            count_poor(c, age);
            put_row(x, p, who, h, age, out, year);
        }
        c[BG] += any;
        c[BG_LONE] += any && kz_kind_of_home(life, h, day) == KZ_LONE_PARENT;
    }
    return kz_quill_close_take(p, err);
}

/* Counts of 1 and 2 are told by nobody; where one is missing in a column, so is the next small one. */
static void hide(const ba_table *t, bool hidden[KZ_CITY_N_QUARTERS][N_COUNTS])
{
    for (int m = 0; m < N_COUNTS; m++) {
        int n = 0, partner = -1;
        for (int i = 0; i < KZ_CITY_N_QUARTERS; i++) {
            int32_t c = t->count[i][m];
            hidden[i][m] = c == 1 || c == 2;
            n += hidden[i][m];
            if (c > 2 && (partner < 0 || c < t->count[partner][m]))
                partner = i;
        }
        if (n == 1 && partner >= 0)
            hidden[partner][m] = true;
    }
}

static kz_status agency_table(kz_extract *x, int year, const ba_table *t, kz_err *err)
{
    static bool hidden[KZ_CITY_N_QUARTERS][N_COUNTS];
    int64_t all[N_COUNTS] = { 0 };
    kz_quill *p;
    hide(t, hidden);
    KZ_TRY(kz_extract_open(
        x, "sgb2-tabelle", year, KZ_QUILL_CP1252,
        "Viertel;Jahr;Leistungsberechtigte unter 3 Jahre;Leistungsberechtigte 3 bis unter 6 Jahre;"
        "Leistungsberechtigte 6 bis unter 15 Jahre;Leistungsberechtigte 15 bis unter 18 Jahre;"
        "Leistungsberechtigte 18 bis unter 25 Jahre;Erwerbsfähige Leistungsberechtigte;"
        "Arbeitslose;Langzeitarbeitslose;Arbeitslose 15 bis unter 25 Jahre;"
        "Bedarfsgemeinschaften;Bedarfsgemeinschaften Alleinerziehender",
        &p, err));
    for (int i = 0; i < KZ_CITY_N_QUARTERS; i++) {
        kz_put_quarter(x, p, i);
        kz_quill_int(p, year);
        for (int m = 0; m < N_COUNTS; m++) {
            all[m] += t->count[i][m];
            if (hidden[i][m])
                kz_quill_text(p, "*");
            else if (t->count[i][m] == 0)
                kz_quill_text(p, "-");
            else
                kz_quill_int(p, t->count[i][m]);
        }
        kz_quill_line(p);
    }
    kz_quill_text(p, "Insgesamt");
    kz_quill_int(p, year);
    for (int m = 0; m < N_COUNTS; m++)
        kz_quill_int(p, all[m]);
    kz_quill_line(p);
    return kz_quill_close_take(p, err);
}

/* Who may have Bildung und Teilhabe, and who takes it: more each year, lunch most of all. */
static void count_but(const kz_extract *x, int year, int32_t but[KZ_CITY_N_QUARTERS][N_BUT])
{
    static const double TAKES[N_BUT] = { 1, .38, .27, .07, .16, .48 };
    const kz_life *life = x->life;
    int32_t day = kz_day(year, 12, 31);
    for (int i = 0; i < life->n_people; i++) {
        const kz_person *p = &life->person[i];
        if (year - kz_birth_year(p->birth) > 18 || kz_age(p->birth, day) >= 18)
            continue;
        const kz_household *h = &life->home[p->home];
        kz_rng r = kz_life_rng(life, KZ_FOR_TABLE, year, p->id);
        double near_poor = h->chance * 0.35 + 0.02;
        if (!kz_happens(&r, h->poor_month > 0 ? 1 : near_poor))
            continue;
        int32_t *c = but[h->quarter];
        bool school = p->at_school == KZ_AT_SCHOOL, kita = kz_in_kita(p, kz_month(year, 12));
        c[ENTITLED]++;
        for (int k = LUNCH; k < N_BUT; k++) {
            bool can = k == LEARNING || k == SUPPLIES ? school : k == CULTURE ? true : school || kita;
            c[k] += kz_happens(&r, can ? TAKES[k] * (1 + 0.03 * (year - 2015)) : 0);
        }
    }
}

static kz_status but_table(kz_extract *x, int year, kz_err *err)
{
    static int32_t but[KZ_CITY_N_QUARTERS][N_BUT];
    int64_t all[N_BUT] = { 0 };
    kz_quill *p;
    memset(but, 0, sizeof but);
    count_but(x, year, but);
    KZ_TRY(kz_extract_open(
        x, "but-tabelle", year, KZ_QUILL_UTF8,
        "Viertel;Jahr;Anspruchsberechtigte;Mittagsverpflegung;Ausflüge und Fahrten;Lernförderung;"
        "Soziale und kulturelle Teilhabe;Schulbedarf",
        &p, err));
    for (int i = 0; i < KZ_CITY_N_QUARTERS; i++) {
        kz_put_quarter(x, p, i);
        kz_quill_int(p, year);
        for (int k = 0; k < N_BUT; k++) {
            all[k] += but[i][k];
            kz_quill_int(p, but[i][k]);
        }
        kz_quill_line(p);
    }
    kz_quill_text(p, "Insgesamt");
    kz_quill_int(p, year);
    for (int k = 0; k < N_BUT; k++)
        kz_quill_int(p, all[k]);
    kz_quill_line(p);
    return kz_quill_close_take(p, err);
}

kz_status kz_extract_jobcenter(kz_extract *x, int year, kz_err *err)
{
    static ba_table t;
    memset(&t, 0, sizeof t);
    KZ_TRY(rows(x, year, &t, err));
    KZ_TRY(agency_table(x, year, &t, err));
    return but_table(x, year, err);
}
