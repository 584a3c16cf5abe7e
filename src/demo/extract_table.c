/*
 * The table of residents: the same people as in the files of the register, counted by area, in the layout
 * of Köln's bevoelkerung.csv.  So its parts add up exactly, and counting the rows gives the table.
 */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

#include <stdio.h>

/* Where each table starts in kz_table_rows. */
enum { AT_POP = 0, AT_SEX = 1, AT_AGE = 3, AT_MIG = 16, AT_FAMILY = 28, AT_HOME = 33, AT_FAITH = 35 };

const kz_table_row kz_table_rows[KZ_TABLE_MEASURES] = {
#define T005 "005", "Einwohner"
#define T010 "010", "Einwohner nach Geschlecht"
#define T020 "020", "Einwohner nach Alter"
#define T030 "030", "Einwohner mit Migrationshintergrund"
#define T040 "040", "Einwohner nach Familienstand"
#define T050 "050", "Wohnstatus"
#define T060 "060", "Konfession"
    { T005, "10", "Einwohner" },
    { T010, "10", "Männlich" },
    { T010, "20", "Weiblich" },
    { T020, "10", "00 - < 03" },
    { T020, "20", "03 - < 06" },
    { T020, "30", "06 - < 10" },
    { T020, "40", "10 - < 15" },
    { T020, "50", "15 - < 18" },
    { T020, "60", "18 - < 25" },
    { T020, "70", "25 - < 35" },
    { T020, "80", "35 - < 45" },
    { T020, "90", "45 - < 55" },
    { T020, "100", "55 - < 60" },
    { T020, "110", "60 - < 65" },
    { T020, "120", "65 - < 75" },
    { T020, "130", "75 und älter" },
    { T030, "10", "Einwohner mit Migrationshintergrund" },
    { T030, "20", "Deutsche mit Migrationshintergrund" },
    { T030, "30", "Aussiedler" },
    { T030, "40", "Eingebürgerte" },
    { T030, "50", "Ausländer" },
    { T030, "60", "Afrika" },
    { T030, "70", "Amerika" },
    { T030, "80", "Asien" },
    { T030, "90", "Europäische Union" },
    { T030, "100", "Türkei" },
    { T030, "110", "Übriges Europa" },
    { T030, "120", "Sonstige" },
    { T040, "10", "ledig" },
    { T040, "20", "verheiratet" },
    { T040, "30", "verwitwet" },
    { T040, "40", "geschieden" },
    { T040, "50", "verpartnert (ohne verstorbene oder aufgelöste Lebenspartnerschaft)" },
    { T050, "10", "Hauptwohnung" },
    { T050, "20", "Nebenwohnung" },
    { T060, "10", "evangelisch" },
    { T060, "20", "katholisch" },
    { T060, "30", "sonstiges" },
};

static int age_band(int age)
{
    static const int UPTO[] = { 3, 6, 10, 15, 18, 25, 35, 45, 55, 60, 65, 75 };
    int band = 0;
    while (band < 12 && age >= UPTO[band])
        band++;
    return band;
}

static void count_one(int32_t c[KZ_TABLE_MEASURES], const kz_person *p, int age)
{
    c[AT_POP]++;
    /* The table knows two sexes; the few others are shared among them, as in official tables. */
    c[AT_SEX + (p->sex == KZ_DIVERSE ? (int)(p->id % 2) : p->sex)]++;
    c[AT_AGE + age_band(age)]++;
    if (p->mig != KZ_MIG_NONE)
        c[AT_MIG]++;
    if (p->mig == KZ_MIG_GERMAN) {
        c[AT_MIG + 1]++;
        if (p->origin < 2) /* children of immigrants, the third kind, have no row in the table */
            c[AT_MIG + 2 + p->origin]++;
    }
    if (p->mig == KZ_MIG_FOREIGN) {
        c[AT_MIG + 4]++;
        c[AT_MIG + 5 + p->origin]++;
    }
    c[AT_FAMILY + p->family]++;
    c[AT_HOME + p->second_home]++;
    c[AT_FAITH + p->faith]++;
}

void kz_extract_count(kz_extract *x, int year)
{
    if (year < KZ_TABLE_FIRST_YEAR)
        return;
    int32_t day = kz_day(year, 12, 31);
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *p = &x->life->person[i];
        int area = x->city->quarter[x->life->home[p->home].quarter].area;
        count_one(x->count[area][year - KZ_TABLE_FIRST_YEAR], p, kz_age(p->birth, day));
    }
}

static void put_row(kz_quill *p, int measure, int year, const char *area, const char *name, int64_t count)
{
    const kz_table_row *r = &kz_table_rows[measure];
    char text[400];
    int n = snprintf(text, sizeof text, "010.%s.%d.%s.%s,%s,%s,%d,%s,%s,%s,%s,%lld", r->table_id, year, area,
                     r->row_id, r->table_id, r->table, year, area, name, r->row_id, r->row, (long long)count);
    KZ_ASSERT(n > 0 && (size_t)n < sizeof text);
    kz_quill_fields(p, text, (size_t)n);
    kz_quill_line(p);
}

/* Sum over the areas of one district, or of all (district -1). */
static int64_t total(const kz_extract *x, int district, int year, int measure)
{
    int64_t sum = 0;
    for (int i = 0; i < KZ_CITY_N_AREAS; i++)
        if (district < 0 || x->city->area[i].district == district)
            sum += x->count[i][year][measure];
    return sum;
}

kz_status kz_extract_table(kz_extract *x, kz_err *err)
{
    kz_quill *p;
    KZ_TRY(kz_quill_open(x->dir, "bevoelkerung.csv", KZ_QUILL_UTF8, &p, err));
    kz_quill_text(p, "id,tab_id,tabelle,jahr,raum_id,raum,zei_id,zeile,zahl");
    kz_quill_line(p);
    for (int m = 0; m < KZ_TABLE_MEASURES; m++)
        for (int y = 0; y < KZ_TABLE_YEARS; y++) {
            int year = KZ_TABLE_FIRST_YEAR + y;
            put_row(p, m, year, "000", "Musterstadt", total(x, -1, y, m));
            for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++) {
                char key[4] = { '0', '0', (char)('1' + d), '\0' };
                put_row(p, m, year, key, x->city->district[d], total(x, d, y, m));
            }
            for (int i = 0; i < KZ_CITY_N_AREAS; i++)
                put_row(p, m, year, x->city->area[i].key, x->city->area[i].name, x->count[i][y][m]);
        }
    return kz_quill_close_take(p, err);
}
