/*
 * The people: how many live where, how old they are, where their families
 * come from, over eight years.
 *
 * Shares start from those of a large German city and are bent by what the
 * quarter is: strained, a family suburb, near the campus, growing.  All of a
 * quarter's tables are split from its own population, so parts add up to
 * totals exactly, as in a real register.
 */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/city.h"

#include "base/rng.h"

#include <math.h>

enum { N_AGES = 13, N_REGIONS = 7 };

/* Where each table starts in kz_city_rows. */
enum { AT_POP = 0, AT_SEX = 1, AT_AGE = 3, AT_MIG = 16, AT_FAMILY = 28, AT_HOME = 33, AT_FAITH = 35 };

const kz_city_row kz_city_rows[KZ_CITY_N_MEASURES] = {
#define T005 "005", "Einwohner"
#define T010 "010", "Einwohner nach Geschlecht"
#define T020 "020", "Einwohner nach Alter"
#define T030 "030", "Einwohner mit Migrationshintergrund"
#define T040 "040", "Einwohner nach Familienstand"
#define T050 "050", "Wohnstatus"
#define T060 "060", "Konfession"
    { T005, "10", "Einwohner" },
    { T010, "10", "Männlich" }, { T010, "20", "Weiblich" },
    { T020, "10", "00 - < 03" }, { T020, "20", "03 - < 06" }, { T020, "30", "06 - < 10" },
    { T020, "40", "10 - < 15" }, { T020, "50", "15 - < 18" }, { T020, "60", "18 - < 25" },
    { T020, "70", "25 - < 35" }, { T020, "80", "35 - < 45" }, { T020, "90", "45 - < 55" },
    { T020, "100", "55 - < 60" }, { T020, "110", "60 - < 65" }, { T020, "120", "65 - < 75" },
    { T020, "130", "75 und älter" },
    { T030, "10", "Einwohner mit Migrationshintergrund" }, { T030, "20", "Deutsche mit Migrationshintergrund" },
    { T030, "30", "Aussiedler" }, { T030, "40", "Eingebürgerte" }, { T030, "50", "Ausländer" },
    { T030, "60", "Afrika" }, { T030, "70", "Amerika" }, { T030, "80", "Asien" },
    { T030, "90", "Europäische Union" }, { T030, "100", "Türkei" }, { T030, "110", "Übriges Europa" },
    { T030, "120", "Sonstige" },
    { T040, "10", "ledig" }, { T040, "20", "verheiratet" }, { T040, "30", "verwitwet" },
    { T040, "40", "geschieden" },
    { T040, "50", "verpartnert (ohne verstorbene oder aufgelöste Lebenspartnerschaft)" },
    { T050, "10", "Hauptwohnung" }, { T050, "20", "Nebenwohnung" },
    { T060, "10", "evangelisch" }, { T060, "20", "katholisch" }, { T060, "30", "sonstiges" },
};

static double clamp(double x, double lo, double hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

static double around(kz_rng *r, double mean, double spread)
{
    return mean + spread * (kz_rng_unit(r) + kz_rng_unit(r) - 1);
}

/* Whole numbers in the given proportions that add up to `total` exactly:
 * largest remainder, ties to the first. */
static void split(int64_t total, const double weight[], int n, int64_t out[])
{
    double sum = 0, rest[N_AGES];
    int64_t given = 0;
    for (int i = 0; i < n; i++)
        sum += weight[i];
    for (int i = 0; i < n; i++) {
        double exact = (double)total * weight[i] / sum;
        out[i] = (int64_t)exact;
        rest[i] = exact - (double)out[i];
        given += out[i];
    }
    for (; given < total; given++) {
        int most = 0;
        for (int i = 1; i < n; i++)
            if (rest[i] > rest[most])
                most = i;
        out[most]++;
        rest[most] = -1;
    }
}

static void ages_of(const kz_city_area *a, double years, const double quirk[], double w[])
{
    static const double BASE[N_AGES] = { .0286, .0267, .0329, .0414, .0255, .0861, .1649,
                                         .1532, .1544, .0576, .0516, .0949, .0823 };
    double fresh = clamp(a->growth * 20, 0, 1); /* new houses fill with young families */
    double young = 0.8 + 0.55 * a->family + 0.35 * a->strain + 0.4 * fresh;
    double old = 1.35 - 0.45 * a->strain - 0.5 * fresh - 0.5 * a->campus + 0.012 * years;
    for (int g = 0; g < N_AGES; g++) {
        double f = g <= 4 ? young : g == 5 ? 0.85 + 2.2 * a->campus : g == 6 ? 1.25 - 0.5 * a->family + 0.5 * a->campus
                 : g <= 9 ? 1.0 : old;
        double trend = g <= 1 ? 1 + 0.012 * years : g == 2 ? 1 + 0.008 * years : g >= 11 ? 1 + 0.006 * years : 1;
        w[g] = BASE[g] * f * trend * (1 + quirk[g]);
    }
}

static void migration_of(const kz_city_area *a, double years, int64_t population, const double quirk[], int64_t out[])
{
    static const double REGION[N_REGIONS] = { .06, .03, .16, .36, .22, .15, .02 };
    double share = clamp(0.12 + 0.5 * a->strain + 0.008 * years + 0.3 * quirk[0], 0.02, 0.85);
    double region[N_REGIONS];
    int64_t half[2], kind[3];

    for (int k = 0; k < N_REGIONS; k++)
        region[k] = REGION[k] * (1 + 1.5 * quirk[2 + k]);
    out[0] = (int64_t)(share * (double)population);
    split(out[0], (double[]){ 0.52 - 0.01 * years, 0.48 + 0.01 * years }, 2, half);
    split(half[0], (double[]){ 0.28 * (1 + quirk[1]), 0.55, 0.17 }, 3, kind);
    out[1] = half[0];
    out[2] = kind[0]; /* the third kind, children of immigrants, has no row in the table */
    out[3] = kind[1];
    out[4] = half[1];
    split(half[1], region, N_REGIONS, out + 5);
}

/* One quarter in one year; everything is a split of its population. */
static void count_year(kz_city_area *a, int year, int64_t population, const double quirk[])
{
    int64_t *c = a->count[year];
    double w[N_AGES];
    c[AT_POP] = population;
    split(population, (double[]){ 0.492 + 0.05 * quirk[0], 0.508 }, 2, c + AT_SEX);
    ages_of(a, year, quirk, w);
    split(population, w, N_AGES, c + AT_AGE);
    migration_of(a, year, population, quirk, c + AT_MIG);
    split(population,
          (double[]){ .455 + .1 * a->campus + .03 * a->strain, .40 + .1 * a->family, .06,
                      .08 + .03 * a->strain, .004 },
          5, c + AT_FAMILY);
    split(population, (double[]){ .983 - .02 * a->campus, .017 + .02 * a->campus }, 2, c + AT_HOME);
    split(population,
          (double[]){ .24 - .004 * year, .30 - .08 * a->strain - .006 * year,
                      .46 + .08 * a->strain + .01 * year },
          3, c + AT_FAITH);
}

void kz_city_settle(kz_city *city)
{
    kz_rng r = kz_rng_stream(city->seed, UINT64_C(8) << 40);
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        kz_city_area *a = &city->area[i];
        double quirk[N_AGES], people = a->people;
        for (int g = 0; g < N_AGES; g++)
            quirk[g] = around(&r, 0, 0.16);
        for (int year = 0; year < KZ_CITY_N_YEARS; year++) {
            count_year(a, year, (int64_t)people, quirk);
            people *= 1 + a->growth + around(&r, 0, 0.004);
            for (int g = 0; g < N_AGES; g++)
                quirk[g] += around(&r, 0, 0.012);
        }
    }
}

static void line(kz_buf *out, int measure, int year, const char *area, const char *name, int64_t count)
{
    const kz_city_row *r = &kz_city_rows[measure];
    kz_buf_fmt(out, "010.%s.%d.%s.%s,%s,%s,%d,%s,%s,%s,%s,%lld\n", r->table_id, year, area, r->row_id, r->table_id,
               r->table, year, area, name, r->row_id, r->row, (long long)count);
}

/* Sum over the quarters of one district, or of all (district -1). */
static int64_t total(const kz_city *city, int district, int year, int measure)
{
    int64_t sum = 0;
    for (int i = 0; i < KZ_CITY_N_AREAS; i++)
        if (district < 0 || city->area[i].district == district)
            sum += city->area[i].count[year][measure];
    return sum;
}

void kz_city_write_population(const kz_city *city, kz_buf *out)
{
    kz_buf_str(out, "id,tab_id,tabelle,jahr,raum_id,raum,zei_id,zeile,zahl\n");
    for (int m = 0; m < KZ_CITY_N_MEASURES; m++)
        for (int y = 0; y < KZ_CITY_N_YEARS; y++) {
            int year = KZ_CITY_FIRST_YEAR + y;
            line(out, m, year, "000", "Musterstadt", total(city, -1, y, m));
            for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++) {
                char key[4] = { '0', '0', (char)('1' + d), '\0' };
                line(out, m, year, key, city->district[d], total(city, d, y, m));
            }
            for (int i = 0; i < KZ_CITY_N_AREAS; i++)
                line(out, m, year, city->area[i].key, city->area[i].name, city->area[i].count[y][m]);
        }
}
