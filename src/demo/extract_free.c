/*
 * What offices add on their own: green space, spending on Hilfen zur Erziehung, the youth survey, and two
 * numbers of the Mikrozensus for the whole city.  Decimal commas, thousands with points.
 */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

#include <math.h>

/* 1.234.568, or with cents 1.234.567,80 */
static void put_grouped(kz_quill *p, double x, bool cents)
{
    char text[32];
    int at = 31, group = 0;
    int64_t n = (int64_t)floor(x * (cents ? 100 : 1) + 0.5), whole = cents ? n / 100 : n;
    text[at] = '\0';
    if (cents) {
        text[--at] = (char)('0' + n % 10);
        text[--at] = (char)('0' + n / 10 % 10);
        text[--at] = ',';
    }
    do {
        if (group++ == 3) {
            text[--at] = '.';
            group = 1;
        }
        text[--at] = (char)('0' + whole % 10);
    } while ((whole /= 10) > 0);
    kz_quill_text(p, text + at);
}

static double spending(const kz_person *p, int year)
{
    static const double EACH[KZ_N_HELPS] = { 900, 7800, 26000, 16500, 62000, 38000, 13500, 5200 };
    double index = 1 + 0.028 * (year - 2012);
    return (p->help ? EACH[p->help - 1] : 0) * index +
           (p->help_ended ? 0.45 * EACH[p->help_ended - 1] : 0) * index;
}

kz_status kz_extract_free(kz_extract *x, int year, kz_err *err)
{
    const kz_life *life = x->life;
    double spent[KZ_CITY_N_AREAS] = { 0 };
    int asked[KZ_CITY_N_AREAS] = { 0 }, low[KZ_CITY_N_AREAS] = { 0 }, young = 0, early = 0;
    kz_quill *p;
    for (int i = 0; i < life->n_people; i++) {
        const kz_person *c = &life->person[i];
        int age = year - kz_birth_year(c->birth), grade = kz_grade(c, year);
        if (age > 26)
            continue;
        const kz_household *h = &life->home[c->home];
        int area = life->city->quarter[h->quarter].area;
        kz_rng r = kz_life_rng(life, KZ_FOR_FREE, year, c->id);
        spent[area] += spending(c, year);
        bool answers = kz_happens(&r, 0.67), unwell = kz_happens(&r, 0.19 + (h->poor_month > 0 ? 0.12 : 0) +
                                                                         (c->sex == KZ_FEMALE ? 0.05 : 0));
        if (c->at_school == KZ_AT_SCHOOL && (grade == 7 || grade == 9) && answers) {
            asked[area]++;
            low[area] += unwell;
        }
        if (age >= 18 && age <= 24) {
            young++;
            early += c->at_school != KZ_AT_SCHOOL && kz_happens(&r, c->edu == KZ_EDU_LOW   ? 0.42
                                                                    : c->edu == KZ_EDU_MID ? 0.09
                                                                                           : 0.01);
        }
    }
    KZ_TRY(kz_extract_open(x, "frei", year, KZ_QUILL_CP1252,
                           "Stadtteil;Name;Jahr;Grünfläche in m²;Ausgaben für Hilfen zur Erziehung in Euro;"
                           "UWE niedriges Wohlbefinden;UWE Befragte",
                           &p, err));
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        const kz_city_area *a = &life->city->area[i];
        double square = 0;
        for (int k = 0; k < a->n_quarters; k++)
            square += life->city->quarter[a->first_quarter + k].square;
        bool survey = (year - 2011) % 2 == 0 && year >= 2017;
        kz_quill_text(p, a->key);
        kz_quill_text(p, a->name);
        kz_quill_int(p, year);
        put_grouped(p, square * (0.05 + 0.08 * (1 - a->strain)) * (1 + 0.001 * (year - 2010)), false);
        put_grouped(p, spent[i], true);
        if (survey) {
            kz_quill_int(p, low[i]);
            kz_quill_int(p, asked[i]);
        } else {
            kz_quill_text(p, "x");
            kz_quill_text(p, "x");
        }
        kz_quill_line(p);
    }
    KZ_TRY(kz_quill_close_take(p, err));
    KZ_TRY(kz_extract_open(x, "mikrozensus", year, KZ_QUILL_UTF8,
                           "Gemeinde;Jahr;Frühe Schulabgänge;18 bis 24 Jahre", &p, err));
    kz_quill_text(p, "05999000");
    kz_quill_int(p, year);
    kz_quill_int(p, early);
    kz_quill_int(p, young);
    kz_quill_line(p);
    return kz_quill_close_take(p, err);
}
