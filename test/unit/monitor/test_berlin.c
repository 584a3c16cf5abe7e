/* One made-up child for each that Berlin counted: the published counts come back, every area, age and year. */
#include "fact_town.h"

#include "base/rng.h"
#include "io/csv.h"

enum { AREAS = 448, AGES = 3, YEARS = 3, CHILDREN = 800000, LEVELS = 4 };

typedef struct berlin {
    char key[AREAS][16];
    int64_t n[YEARS][AREAS][AGES];
    int areas;
    uint32_t area[CHILDREN];
    int32_t  age[CHILDREN];
    int64_t  who[CHILDREN];
} berlin;

static bool read_year(berlin *b, int year, town *t)
{
    static const char *const COLUMNS[AGES] = { "inhabitants_age_below_6", "inhabitants_age_6_15",
                                               "inhabitants_age_15_18" };
    const char *shared = getenv("KZ_SHARED");
    char path[512];
    kz_csv csv = { 0 };
    kz_csv_row row;
    size_t id, column[AGES];
    snprintf(path, sizeof path, "%s/data/berlin/population/pop_%d-02-t2-plr.csv", shared ? shared : "../shared",
             2015 + year);
    if (kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, &t->err) != KZ_OK)
        return false;
    assert_int_equal(kz_csv_column(&csv, "id", &id, &t->err), KZ_OK);
    for (int k = 0; k < AGES; k++)
        assert_int_equal(kz_csv_column(&csv, COLUMNS[k], &column[k], &t->err), KZ_OK);
    while (kz_csv_next(&csv, &row)) {
        int a = 0;
        while (a < b->areas && strncmp(b->key[a], row.field[id].p, row.field[id].n) != 0)
            a++;
        if (a == b->areas) {
            assert_true(a < AREAS);
            snprintf(b->key[b->areas++], sizeof b->key[0], "%.*s", (int)row.field[id].n, row.field[id].p);
        }
        for (int k = 0; k < AGES; k++)
            b->n[year][a][k] = strtoll(row.field[column[k]].p, NULL, 10);
    }
    assert_int_equal(kz_csv_end(&csv, &t->err), KZ_OK);
    kz_csv_done(&csv);
    return true;
}

/* District, forecast space, region and planning area: the first 2, 4, 6 and 8 digits of the key. */
static void make_areas(berlin *b, town *t)
{
    static const char LEVEL_ROWS[] =
        "DELETE FROM area WHERE id > 1; DELETE FROM level WHERE id > 1;"
        "INSERT INTO level (id, code, one, many, \"rank\") VALUES (2, 'bezirk', 'B', 'B', 1), (3, 'prognoseraum', 'P', 'P',"
        " 2), (4, 'bezirksregion', 'R', 'R', 3), (5, 'planungsraum', 'R', 'R', 4)";
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    assert_int_equal(kz_db_exec(t->ws.work, LEVEL_ROWS, &t->err), KZ_OK);
    assert_int_equal(kz_prepare(t->ws.work, "INSERT INTO area (level, \"key\", name, parent) SELECT ?1, ?2, ?2, COALESCE("
                                            "(SELECT id FROM area WHERE level = ?1 - 1 AND \"key\" = substr(?2, 1, "
                                            "length(?2) - 2)), 1) ON CONFLICT (level, \"key\", valid_from) DO NOTHING", &q,
                                &t->err), KZ_OK);
    for (int digits = 2; digits <= 8; digits += 2)
        for (int a = 0; a < b->areas; a++) {
            char key[16];
            snprintf(key, sizeof key, "%.*s", digits, b->key[a]);
            kz_bind_int(&q, 1, digits / 2 + 1);
            kz_bind_text(&q, 2, key);
            assert_int_equal(kz_run(&q, &t->err), KZ_OK);
        }
}

/* The children of a year, in an order that has nothing to do with areas, as a delivery of residents. */
static void deliver_children(berlin *b, town *t, int year)
{
    static const int FROM[AGES] = { 0, 72, 180 }, UP_TO[AGES] = { 72, 180, 216 };
    static kz_view dict[AREAS];
    static char text[AREAS][32];
    char folder[160], name[KZ_SEGMENT_NAME], code[8];
    kz_rng r = kz_rng_stream(2015, (uint64_t)year);
    int n = 0;
    for (int a = 0; a < b->areas; a++) {
        snprintf(text[a], sizeof text[a], "planungsraum:%s", b->key[a]);
        dict[a] = kz_view_of(text[a]);
        for (int k = 0; k < AGES; k++)
            for (int64_t i = 0; i < b->n[year][a][k]; i++, n++) {
                assert_true(n < CHILDREN);
                b->area[n] = (uint32_t)a;
                b->age[n] = FROM[k] + (int32_t)kz_rng_below(&r, (uint32_t)(UP_TO[k] - FROM[k]));
                b->who[n] = n + 1;
            }
    }
    for (int i = n - 1; i > 0; i--) {
        int j = (int)kz_rng_below(&r, (uint32_t)i + 1);
        uint32_t area = b->area[i];
        int32_t age = b->age[i];
        b->area[i] = b->area[j];
        b->age[i] = b->age[j];
        b->area[j] = area;
        b->age[j] = age;
    }
    const kz_segment_column cols[] = {
        { .name = "area", .type = KZ_SEG_CODE, .codes = b->area, .dict = dict, .n_dict = (uint32_t)b->areas },
        { .name = "age_months", .type = KZ_SEG_I32, .i32 = b->age },
        { .name = "person", .type = KZ_SEG_I64, .i64 = b->who } };
    kz_segment_plan plan = { .n_rows = (uint64_t)n, .n_columns = 3, .columns = cols };
    snprintf(folder, sizeof folder, "%s/facts", t->path);
    snprintf(code, sizeof code, "%d", 2015 + year);
    assert_int_equal(kz_segment_append(folder, &plan, name, &t->err), KZ_OK);
    register_segment(t, "ewo", code, name, n);
}

/* Every area of every level against the sum of the published numbers of the planning areas in it. */
static void compare(berlin *b, town *t, const char *indicator, int age)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    int cells = 0;
    assert_int_equal(kz_prepare(t->ws.work, "SELECT p.code, l.id, a.\"key\", c.numerator FROM cell c JOIN indicator i ON "
                                            "i.id = c.indicator JOIN period p ON p.id = c.period JOIN area a ON a.id = "
                                            "c.area JOIN level l ON l.id = a.level WHERE i.code = ?1", &q, &t->err),
                     KZ_OK);
    kz_bind_text(&q, 1, indicator);
    for (; kz_step(&q, &row, &t->err) == KZ_OK && row; cells++) {
        int year = (int)strtol(kz_col_text(&q, 0), NULL, 10) - 2015, digits = 2 * ((int)kz_col_int(&q, 1) - 1);
        int64_t want = 0;
        for (int a = 0; a < b->areas; a++)
            for (int k = 0; k < AGES; k++)
                if ((age < 0 || k == age) && strncmp(b->key[a], kz_col_text(&q, 2), (size_t)digits) == 0)
                    want += b->n[year][a][k];
        if (kz_col_int(&q, 3) != want)
            fail_msg("%s %s %s: %lld, not %lld", indicator, kz_col_text(&q, 0), kz_col_text(&q, 2),
                     (long long)kz_col_int(&q, 3), (long long)want);
    }
    assert_int_equal(cells, YEARS * scalar(t, "SELECT COUNT(*) FROM area"));
}

static void published_counts_come_back_in_every_area_age_and_year(void **state)
{
    town *t = *state;
    berlin *b = calloc(1, sizeof *b);
    assert_non_null(b);
    for (int year = 0; year < YEARS; year++)
        if (!read_year(b, year, t)) {
            free(b);
            skip();
        }
    assert_true(b->areas >= 447);
    make_areas(b, t);
    for (int year = 0; year < YEARS; year++)
        deliver_children(b, t, year);
    catalogue(t, INDICATOR_HEAD PLAIN("u6", "count", "count(ewo: age_years < 6)", "")
                     PLAIN("school", "count", "count(ewo: age_years between 6 and 14)", "")
                     PLAIN("youth", "count", "count(ewo: age_months >= 180 and age_months < 216)", "")
                     PLAIN("all", "count", "distinct(ewo: age_years < 18)", "")
                     PLAIN("share", "share", "count(ewo: age_years < 6)", "count(ewo)"), GROUP_HEAD);
    computed(t);
    compare(b, t, "u6", 0);
    compare(b, t, "school", 1);
    compare(b, t, "youth", 2);
    compare(b, t, "all", -1);
    free(b);
}

#define TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TOWN(published_counts_come_back_in_every_area_age_and_year))
