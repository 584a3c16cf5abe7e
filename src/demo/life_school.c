/*
 * School: it begins after the examination, changes after the fourth year, ends with or without a
 * certificate.  Where a child goes after primary school follows effects.tsv (gym, gesamt, real), and
 * so does leaving with nothing.  Gymnasien take eight years, as they did in these years.
 */
#include "demo/life.h"

enum { CHOICES = 3 };

static double distance2(const kz_city *city, int quarter, int house)
{
    kz_city_point a = city->quarter[quarter].centre, b = city->address[city->house[house].address].at;
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/* One of the three nearest of a kind, mostly the nearest. */
int kz_school_near(const kz_life *life, int quarter, int kind, kz_rng *r)
{
    const kz_city *city = life->city;
    bool primary = kind == KZ_CITY_PRIMARY;
    int from = KZ_CITY_N_KITAS + (primary ? 0 : KZ_CITY_N_PRIMARY),
        n = primary ? city->n_primary : city->n_secondary;
    int best[CHOICES] = { -1, -1, -1 }, found = 0;
    double d[CHOICES], w[CHOICES];
    for (int i = from; i < from + n; i++) {
        if ((int)city->house[i].kind != kind)
            continue;
        double d2 = distance2(city, quarter, i);
        if (found == CHOICES && d2 >= d[found - 1])
            continue;
        int at = found < CHOICES ? found++ : found - 1;
        for (; at > 0 && d[at - 1] > d2; at--) {
            d[at] = d[at - 1];
            best[at] = best[at - 1];
        }
        d[at] = d2;
        best[at] = i;
    }
    KZ_ASSERT(found > 0);
    for (int i = 0; i < found; i++)
        w[i] = 1 / (1 + d[i] / (primary ? 500.0 * 500.0 : 1500.0 * 1500.0)) / (i + 1);
    return best[kz_draw(r, w, found)];
}

int kz_grade(const kz_person *p, int year)
{
    return p->at_school == KZ_AT_SCHOOL ? year - p->school_year + 1 : 0;
}

static void terms(const kz_life *life, const kz_person *p, int year, double x[KZ_N_TERMS])
{
    const kz_household *h = &life->home[p->home];
    bool couple = false;
    for (int i = 0; i < h->n; i++)
        couple |= life->person[h->first + i].role == KZ_PARTNER;
    for (int k = 0; k < KZ_N_TERMS; k++)
        x[k] = 0;
    x[KZ_TERM_ONE] = 1;
    x[KZ_TERM_SGB2] = h->poor_month > 0;
    x[KZ_TERM_EDU_LOW] = p->edu == KZ_EDU_LOW;
    x[KZ_TERM_EDU_HIGH] = p->edu == KZ_EDU_HIGH;
    x[KZ_TERM_OTHER_LANGUAGE] = p->other_language;
    x[KZ_TERM_AREA] = life->poor_share[h->quarter] - 0.2;
    x[KZ_TERM_BOY] = p->sex == KZ_MALE;
    x[KZ_TERM_LONE] = !couple;
    x[KZ_TERM_GERMAN_LOW] = p->german_low;
    x[KZ_TERM_YEARS] = year - 2012;
}

static int secondary_kind(const kz_life *life, const kz_person *p, int year, kz_rng *r)
{
    double x[KZ_N_TERMS];
    terms(life, p, year, x);
    if (kz_happens(r, kz_effects_chance(&life->effects, KZ_EFFECT_GYM, x)))
        return KZ_CITY_GYM;
    if (kz_happens(r, kz_effects_chance(&life->effects, KZ_EFFECT_GESAMT, x)))
        return KZ_CITY_GESAMT;
    if (kz_happens(r, kz_effects_chance(&life->effects, KZ_EFFECT_REAL, x)))
        return KZ_CITY_REAL;
    return kz_happens(r, 0.7) ? KZ_CITY_SEKUNDAR : KZ_CITY_HAUPT;
}

/* A Gesamtschule has an upper level, and about half of its pupils stay for it. */
static int last_grade(const kz_person *p)
{
    if (p->school_kind == KZ_CITY_GYM)
        return 12;
    if (p->school_kind == KZ_CITY_GESAMT)
        return kz_rng_mix(p->id * UINT64_C(0xD1B54A32D192ED03)) % 100 < 42 ? 13 : 10;
    return 10;
}

static kz_certificate certificate(const kz_life *life, const kz_person *p, int year, kz_rng *r)
{
    double x[KZ_N_TERMS];
    terms(life, p, year, x);
    if (p->school_kind == KZ_CITY_GYM || last_grade(p) == 13)
        return kz_happens(r, 0.95) ? KZ_CERT_ABITUR : KZ_CERT_MITTLERER;
    double none = kz_effects_chance(&life->effects, KZ_EFFECT_NO_CERTIFICATE, x);
    if (p->school_kind == KZ_CITY_FOERDER)
        none = 0.45 + 0.4 * none;
    if (p->school_kind == KZ_CITY_REAL)
        none *= 0.5;
    if (kz_happens(r, none))
        return KZ_CERT_NONE;
    double haupt = p->school_kind == KZ_CITY_REAL       ? 0.08
                   : p->school_kind == KZ_CITY_GESAMT   ? 0.25
                   : p->school_kind == KZ_CITY_SEKUNDAR ? 0.32
                                                        : 0.68;
    return kz_happens(r, haupt) ? KZ_CERT_HAUPT : KZ_CERT_MITTLERER;
}

static void pass(kz_life *life, const kz_person *p, bool leaving, int to, int cert)
{
    KZ_ASSERT(life->n_passages < life->max_passages);
    life->passage[life->n_passages++] = (kz_passage){ .leaving = leaving,
                                                      .school = p->school,
                                                      .to_kind = (uint8_t)to,
                                                      .quarter = life->home[p->home].quarter,
                                                      .certificate = (uint8_t)cert,
                                                      .who = *p };
}

static void enter(kz_life *life, kz_person *p, int kind, kz_rng *r)
{
    p->school_kind = (uint8_t)kind;
    p->school = (int16_t)kz_school_near(life, life->home[p->home].quarter, kind, r);
    p->at_school = KZ_AT_SCHOOL;
}

/* Who begins this year, and who came from elsewhere in the middle of it all. */
static void enrol(kz_life *life, kz_person *p, int year, kz_rng *r)
{
    int start = kz_exam_year(p) + p->deferred, grade = year - start + 1;
    if (grade < 1)
        return;
    p->school_year = (int16_t)start;
    bool special = kz_happens(r, 0.012 + (p->german_low ? 0.02 : 0) + (p->sex == KZ_MALE ? 0.008 : 0));
    int kind = special ? KZ_CITY_FOERDER : grade <= 4 ? KZ_CITY_PRIMARY : secondary_kind(life, p, year, r);
    p->school_kind = (uint8_t)kind;
    if (grade > last_grade(p) || (grade > 10 && kind != KZ_CITY_GYM && kind != KZ_CITY_GESAMT))
        p->at_school = KZ_LEFT_SCHOOL;
    else
        enter(life, p, kind, r);
}

void kz_life_schools(kz_life *life, int year)
{
    life->n_passages = 0;
    for (int i = 0; i < life->n_people; i++) {
        kz_person *p = &life->person[i];
        int age = year - kz_birth_year(p->birth);
        if (p->at_school == KZ_LEFT_SCHOOL || age < 5 || age > 21)
            continue;
        kz_rng r = kz_life_rng(life, KZ_FOR_SCHOOL, year, p->id);
        int done = year - p->school_year;
        if (p->at_school == KZ_AT_SCHOOL_NOT)
            enrol(life, p, year, &r);
        else if (p->school_kind == KZ_CITY_PRIMARY && done >= 4) {
            int kind = secondary_kind(life, p, year, &r);
            pass(life, p, false, kind, 0);
            enter(life, p, kind, &r);
        } else if (done >= last_grade(p) && p->school_kind != KZ_CITY_PRIMARY) {
            pass(life, p, true, 0, certificate(life, p, year, &r));
            p->at_school = KZ_LEFT_SCHOOL;
        }
    }
}
