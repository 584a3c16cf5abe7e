/*
 * What no office knows: the chances that the people's lives were drawn from, summed by Viertel and year.
 * For tests of intervals and smoothing only; a workspace never gets these files.
 *
 * SGB II draws a household, not a child: brothers and sisters are poor together.  Examinations draw
 * each child for itself.
 */
#include "demo/extract.h"

#include <string.h>

static void put_sum(kz_quill *p, const kz_extract *x, int quarter, int year, const char *what, int n,
                    double expected)
{
    if (n == 0)
        return;
    kz_put_quarter(x, p, quarter);
    kz_quill_int(p, year);
    if (what)
        kz_quill_text(p, what);
    kz_quill_int(p, n);
    kz_quill_real(p, expected, 6, '.');
    kz_quill_line(p);
}

static void poor_children(kz_extract *x, int year)
{
    double sum[KZ_CITY_N_QUARTERS] = { 0 };
    int n[KZ_CITY_N_QUARTERS] = { 0 };
    int32_t day = kz_day(year, 12, 31);
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *p = &x->life->person[i];
        const kz_household *h = &x->life->home[p->home];
        if (kz_age(p->birth, day) < 15) {
            n[h->quarter]++;
            sum[h->quarter] += h->chance;
        }
    }
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++)
        put_sum(x->true_poor, x, q, year, NULL, n[q], sum[q]);
}

static void children_in_care(kz_extract *x, int year)
{
    double sum[2][KZ_CITY_N_QUARTERS] = { { 0 } };
    int n[2][KZ_CITY_N_QUARTERS] = { { 0 } };
    int32_t day = kz_day(year, 3, 1);
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *p = &x->life->person[i];
        int age = kz_age(p->birth, day), q = x->life->home[p->home].quarter;
        if (age < 0 || age > 5)
            continue;
        n[age >= 3][q]++;
        sum[age >= 3][q] += kz_kita_chance(p, kz_month(year, 3));
    }
    for (int band = 0; band < 2; band++)
        for (int q = 0; q < KZ_CITY_N_QUARTERS; q++)
            put_sum(x->true_kita, x, q, year, band ? "3-5" : "u3", n[band][q], sum[band][q]);
}

static void examinations(kz_extract *x, int year)
{
    static double sum[KZ_CITY_N_QUARTERS][KZ_N_EFFECTS];
    int n[KZ_CITY_N_QUARTERS] = { 0 };
    memset(sum, 0, sizeof sum);
    for (int i = 0; i < x->life->n_exams; i++) {
        const kz_exam *e = &x->life->exam[i];
        n[e->quarter]++;
        for (int k = 0; k <= KZ_EFFECT_DEFER; k++)
            sum[e->quarter][k] += e->chance[k];
    }
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++)
        for (int k = 0; k <= KZ_EFFECT_DEFER; k++)
            put_sum(x->true_exam, x, q, year, kz_effect_name((kz_effect)k), n[q], sum[q][k]);
}

void kz_extract_truth(kz_extract *x, int year, bool spring)
{
    if (spring) {
        children_in_care(x, year);
        examinations(x, year);
    } else {
        poor_children(x, year);
    }
}
