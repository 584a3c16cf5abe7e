/* The frame of the deliveries: who writes what when, and the words that all of them share. */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

#include "base/asset.h"
#include "base/tsv.h"
#include "io/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *const kz_word_sex[3] = { "m", "w", "d" };
const char *const kz_word_nationality[2] = { "deutsch", "nichtdeutsch" };
const char *const kz_word_yes[2] = { "nein", "ja" };

enum {
    SUR_DE,
    SUR_AF,
    SUR_AM,
    SUR_ASIA,
    SUR_EU,
    SUR_TR,
    SUR_EUR,
    FORE_M_DE,
    FORE_W_DE,
    FORE_M_XX,
    FORE_W_XX,
    N_LISTS
};
static const char *const LIST[N_LISTS] = { "surname_de",    "surname_af",    "surname_am",   "surname_asia",
                                           "surname_eu",    "surname_tr",    "surname_eur",  "forename_m_de",
                                           "forename_w_de", "forename_m_xx", "forename_w_xx" };

static kz_status read_names(kz_extract *x, kz_err *err)
{
    static const char *const COLUMNS[] = { "kind", "name", NULL };
    const kz_asset *file = kz_asset_find("data/demo/people.tsv");
    kz_tsv t;
    KZ_ASSERT(file);
    KZ_TRY(kz_tsv_parse(file->path, (const char *)file->bytes, file->n, COLUMNS, x->arena, &t, err));
    for (int k = 0; k < N_LISTS; k++) {
        x->names.list[k] = kz_arena_new(x->arena, const char *, t.n_rows);
        if (!x->names.list[k])
            return kz_fail(err, KZ_E_LIMIT, "demo.memory");
        for (int i = 0; i < t.n_rows; i++)
            if (strcmp(kz_tsv_at(&t, i, 0), LIST[k]) == 0)
                x->names.list[k][x->names.n[k]++] = kz_tsv_at(&t, i, 1);
        if (x->names.n[k] == 0)
            return kz_fail(err, KZ_E_LIMIT, "demo.names");
    }
    return KZ_OK;
}

static void put_name_of(const kz_extract *x, kz_quill *p, int list, uint64_t number)
{
    kz_quill_text(p, x->names.list[list][kz_rng_mix(number) % (uint64_t)x->names.n[list]]);
}

void kz_put_name(const kz_extract *x, kz_quill *p, const kz_person *who, uint32_t household,
                 int household_origin)
{
    /* Foreign regions 0 … 6: Africa, America, Asia, EU, Türkei, other Europe, other. */
    static const int SURNAMES[] = { SUR_AF, SUR_AM, SUR_ASIA, SUR_EU, SUR_TR, SUR_EUR, SUR_ASIA };
    bool german = household_origin < 0;
    put_name_of(x, p, german ? SUR_DE : SURNAMES[household_origin], household + (UINT64_C(1) << 40));
    int list = who->sex == KZ_MALE ? FORE_M_DE : FORE_W_DE;
    put_name_of(x, p, german ? list : list + FORE_M_XX - FORE_M_DE, who->id + (UINT64_C(2) << 40));
}

/* "Ahornstraße", "Ahornstr.", "Ahornstrasse": three ways to write one street. */
static void spell(const char *street, int way, char *out, size_t size)
{
    static const char *const END[2][3] = { { "straße", "str.", "strasse" }, { "Straße", "Str.", "Strasse" } };
    size_t n = strlen(street);
    for (int k = 0; k < 2 && way > 0; k++) {
        size_t m = strlen(END[k][0]);
        if (n > m && strcmp(street + n - m, END[k][0]) == 0) {
            snprintf(out, size, "%.*s%s", (int)(n - m), street, END[k][way]);
            return;
        }
    }
    snprintf(out, size, "%s", street);
}

static kz_status write_places(kz_extract *x, kz_err *err)
{
    const kz_city *city = x->city;
    for (int way = 0; way < 3; way++) {
        x->place[way] = kz_arena_new(x->arena, const char *, city->n_addresses);
        x->place_n[way] = kz_arena_new(x->arena, uint16_t, city->n_addresses);
        if (!x->place[way] || !x->place_n[way])
            return kz_fail(err, KZ_E_LIMIT, "demo.memory");
        for (int i = 0; i < city->n_addresses; i++) {
            const kz_city_address *a = &city->address[i];
            char street[96], text[160], zip[6], suffix[2] = { a->suffix, '\0' };
            spell(city->street[a->street], way, street, sizeof street);
            kz_city_zip(a->zip, zip);
            int n = snprintf(text, sizeof text, "%s;%d;%s;%s", street, a->number, suffix, zip);
            x->place[way][i] = kz_arena_strndup(x->arena, text, (size_t)n);
            x->place_n[way][i] = (uint16_t)n;
            if (!x->place[way][i])
                return kz_fail(err, KZ_E_LIMIT, "demo.memory");
        }
    }
    return KZ_OK;
}

void kz_put_place(const kz_extract *x, kz_quill *p, int address, uint32_t who, int year)
{
    int way = year < 2015 ? 2 : kz_rng_mix(who) % 32 == 0 ? 1 : 0;
    kz_quill_fields(p, x->place[way][address], x->place_n[way][address]);
}

void kz_put_quarter(const kz_extract *x, kz_quill *p, int quarter)
{
    kz_quill_fields(p, x->city->quarter[quarter].key, 5);
}

bool kz_trait(const kz_life *life, uint32_t person, int which, double chance)
{
    kz_rng r = kz_life_rng(life, KZ_FOR_NAME, which, person);
    return kz_happens(&r, chance);
}

bool kz_from_abroad(const kz_life *life, const kz_person *p)
{
    enum { TRAIT_ABROAD = 1 };
    return p->mig == KZ_MIG_FOREIGN || (p->mig == KZ_MIG_GERMAN && kz_trait(life, p->id, TRAIT_ABROAD, 0.72));
}

kz_status kz_extract_open(kz_extract *x, const char *source, int year, kz_quill_kind kind, const char *header,
                          kz_quill **ret, kz_err *err)
{
    char name[80];
    snprintf(name, sizeof name, "%s_%d.csv", source, year);
    KZ_TRY(kz_quill_open(x->dir, name, kind, ret, err));
    kz_quill_text(*ret, header);
    kz_quill_line(*ret);
    return KZ_OK;
}

static kz_status write_text(const char *dir, const char *name, kz_buf *b, kz_err *err)
{
    char path[PATH_MAX];
    KZ_TRY(kz_buf_status(b));
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path)
        return kz_fail(err, KZ_E_IO, "demo.write", kz_s("file", name), kz_s("why", strerror(ENAMETOOLONG)));
    kz_status st = kz_file_write(path, kz_buf_text(b), b->n, err);
    kz_buf_clear(b);
    return st;
}

static kz_status write_plan(const kz_city *city, const char *dir, kz_err *err)
{
    kz_auto(kz_buf) out = kz_buf_init(16u << 20);
    kz_city_write_outlines(city, KZ_CITY_DISTRICTS, &out);
    KZ_TRY(write_text(dir, "stadtbezirke.geojson", &out, err));
    kz_city_write_outlines(city, KZ_CITY_AREAS, &out);
    KZ_TRY(write_text(dir, "stadtteile.geojson", &out, err));
    kz_city_write_outlines(city, KZ_CITY_QUARTERS, &out);
    KZ_TRY(write_text(dir, "viertel.geojson", &out, err));
    kz_city_write_addresses(city, &out);
    KZ_TRY(write_text(dir, "adressen.csv", &out, err));
    kz_city_write_kitas(city, &out);
    KZ_TRY(write_text(dir, "kitas.csv", &out, err));
    kz_city_write_schools(city, &out);
    return write_text(dir, "schulen.csv", &out, err);
}

static kz_status open_truth(kz_extract *x, kz_err *err)
{
    char dir[PATH_MAX];
    if ((size_t)snprintf(dir, sizeof dir, "%s/wahrheit", x->dir) >= sizeof dir || mkdir(dir, 0700) != 0)
        return kz_fail(err, KZ_E_IO, "demo.write", kz_s("file", dir), kz_s("why", strerror(errno)));
    KZ_TRY(kz_quill_open(dir, "sgb2-u15.csv", KZ_QUILL_UTF8, &x->true_poor, err));
    kz_quill_text(x->true_poor, "Viertel;Jahr;Kinder;Erwartet");
    kz_quill_line(x->true_poor);
    KZ_TRY(kz_quill_open(dir, "seu.csv", KZ_QUILL_UTF8, &x->true_exam, err));
    kz_quill_text(x->true_exam, "Viertel;Jahr;Ergebnis;Kinder;Erwartet");
    kz_quill_line(x->true_exam);
    KZ_TRY(kz_quill_open(dir, "kita.csv", KZ_QUILL_UTF8, &x->true_kita, err));
    kz_quill_text(x->true_kita, "Viertel;Jahr;Alter;Kinder;Erwartet");
    kz_quill_line(x->true_kita);
    return KZ_OK;
}

kz_status kz_extract_begin(const kz_city *city, const char *dir, bool truth, kz_arena *a, kz_extract **ret,
                           kz_err *err)
{
    kz_extract *x = kz_arena_new(a, kz_extract, 1);
    if (!x)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    bool full = city->size == KZ_CITY_FULL;
    *x = (kz_extract){ .city = city,
                       .dir = dir,
                       .truth = truth,
                       .arena = a,
                       .first_year = full ? KZ_LIFE_FIRST_YEAR : KZ_LIFE_SMALL_FIRST_YEAR };
    x->count = kz_arena_alloc(a, KZ_CITY_N_AREAS * sizeof *x->count);
    if (!x->count)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    KZ_TRY(write_plan(city, dir, err));
    KZ_TRY(read_names(x, err));
    KZ_TRY(write_places(x, err));
    if (truth)
        KZ_TRY(open_truth(x, err));
    /* The table of residents reaches further back than the persons of a small city. */
    KZ_TRY(kz_life_begin(city, full ? KZ_LIFE_FIRST_YEAR : KZ_TABLE_FIRST_YEAR, a, &x->life, err));
    while (x->life->year + 1 < x->first_year) {
        int year = x->life->year + 1;
        kz_life_spring(x->life, year);
        kz_life_rest(x->life, year);
        kz_extract_count(x, year);
    }
    *ret = x;
    return KZ_OK;
}

kz_status kz_extract_year(kz_extract *x, int year, kz_err *err)
{
    kz_life_spring(x->life, year);
    KZ_TRY(kz_extract_spring(x, year, err));
    if (x->truth)
        kz_extract_truth(x, year, true);
    kz_life_rest(x->life, year);
    kz_extract_count(x, year);
    KZ_TRY(kz_extract_register(x, year, err));
    KZ_TRY(kz_extract_school(x, year, err));
    KZ_TRY(kz_extract_youth(x, year, err));
    KZ_TRY(kz_extract_jobcenter(x, year, err));
    if (x->truth)
        kz_extract_truth(x, year, false);
    return kz_extract_free(x, year, err);
}

kz_status kz_extract_end(kz_extract *x, kz_err *err)
{
    KZ_TRY(kz_extract_table(x, err));
    if (!x->truth)
        return KZ_OK;
    KZ_TRY(kz_quill_close_take(x->true_poor, err));
    KZ_TRY(kz_quill_close_take(x->true_exam, err));
    return kz_quill_close_take(x->true_kita, err);
}
