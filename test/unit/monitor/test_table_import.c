#include "kz_test.h"

#include "monitor/observation.h"
#include "monitor/table_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A city of two districts with three quarters, and its tables as files in a folder of their own. */
typedef struct town {
    char dir[64], file[128];
    kz_workspace ws;
    kz_findings found;
    bool asked; /* warnings are not accepted */
    kz_import_result res;
    kz_err err;
} town;

#define HEADER "id,tab_id,tabelle,jahr,raum_id,raum,zei_id,zeile,zahl\n"
#define POP(year, key, name, n) "x,005,Einwohner," year "," key "," name ",10,Einwohner," n "\n"
#define MEN(year, key, name, n) "x,010,Geschlecht," year "," key "," name ",10,Männlich," n "\n"
#define WOMEN(year, key, name, n) "x,010,Geschlecht," year "," key "," name ",20,Weiblich," n "\n"
#define GOOD                                                                                  \
    HEADER POP("2012", "000", "Stadt Dorf", "60") POP("2012", "001", "Nord", "30")            \
    POP("2012", "002", "Süd", "30") POP("2012", "101", "Alt/Nord", "10.0")                    \
    POP("2012", "102", "Neu/Nord", "20") POP("2012", "201", "Hafen", "30")

static int set_up(void **state)
{
    static const char AREAS[] =
        "INSERT INTO level (id, code, one, many, \"rank\") VALUES (2, 'stadtbezirk', 'Stadtbezirk', 'Stadtbezirke', 1),"
        " (3, 'stadtteil', 'Stadtteil', 'Stadtteile', 2);"
        "INSERT INTO area (id, level, key, name, parent) VALUES (2, 2, '1', 'Nord', 1), (3, 2, '2', 'Süd', 1),"
        " (4, 3, '101', 'Alt-Nord', 2), (5, 3, '102', 'Neu-Nord', 2), (6, 3, '201', 'Hafen', 3)";
    town *t = calloc(1, sizeof *t);
    if (!t)
        return -1;
    memcpy(t->dir, "/tmp/kekiz-unit.XXXXXX", sizeof "/tmp/kekiz-unit.XXXXXX");
    char path[128];
    if (!mkdtemp(t->dir))
        return -1;
    snprintf(path, sizeof path, "%s/w", t->dir);
    snprintf(t->file, sizeof t->file, "%s/t.csv", t->dir);
    kz_findings_init(&t->found, t->file);
    *state = t;
    if (kz_workspace_init(path, "Dorf", "05315000", &t->err) != KZ_OK ||
        kz_workspace_open(path, KZ_DB_WRITE, &t->ws, &t->err) != KZ_OK ||
        kz_db_exec(t->ws.work, AREAS, &t->err) != KZ_OK)
        return -1;
    return 0;
}

static int tear_down(void **state)
{
    town *t = *state;
    char path[160];
    static const char *const LEFT[] = { "t.csv", "t.map", "w/work.db", "w/work.db-wal", "w/work.db-shm", "w/release.db",
                                        "w/release.db-wal", "w/release.db-shm" };
    kz_workspace_done(&t->ws);
    kz_findings_done(&t->found);
    for (size_t i = 0; i < sizeof LEFT / sizeof LEFT[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", t->dir, LEFT[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/w/facts", t->dir);
    rmdir(path);
    snprintf(path, sizeof path, "%s/w/files", t->dir);
    rmdir(path);
    snprintf(path, sizeof path, "%s/w", t->dir);
    rmdir(path);
    rmdir(t->dir);
    free(t);
    return 0;
}

static void put_file(const char *path, const char *text, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static kz_status bring_order(town *t, const char *csv, kz_import_order order)
{
    put_file(t->file, csv, strlen(csv));
    kz_findings_done(&t->found);
    kz_findings_init(&t->found, t->file);
    order.file = t->file;
    order.source = "einwohner-tabelle";
    order.by_user = "test";
    order.accept_warnings = !order.dry_run && !t->asked;
    t->err = (kz_err){ 0 };
    return kz_table_import(&t->ws, &order, &t->found, &t->res, &t->err);
}

static kz_status bring(town *t, const char *csv)
{
    return bring_order(t, csv, (kz_import_order){ 0 });
}

/* Everything an undo must restore, as one text. */
static char *dump(town *t)
{
    static const char *const QUERIES[] = {
        "SELECT measure || '/' || period || '/' || area || '=' || COALESCE(value, 'none') || ' ' || state || ' ' ||"
        " import || ' ' || line || ' ' || col FROM observation ORDER BY measure, period, area",
        "SELECT by_import || ':' || measure || '/' || period || '/' || area || '=' || COALESCE(value, 'none') || ' ' ||"
        " state || ' ' || import || ' ' || line || ' ' || col || ' ' || new_line FROM observation_replaced ORDER BY by_import, measure, period, area",
        "SELECT id || code || label FROM measure ORDER BY id",
        "SELECT id || code || day FROM period ORDER BY id",
        "SELECT id || source || file || sha256 || rows_kept FROM import WHERE state = 'applied' ORDER BY id",
        "SELECT key || value FROM setting ORDER BY key",
        "SELECT import || ' ' || col || name FROM import_column ORDER BY import, col",
    };
    kz_buf out = kz_buf_init(1 << 20);
    for (size_t i = 0; i < sizeof QUERIES / sizeof QUERIES[0]; i++) {
        kz_auto(kz_stmt) q = KZ_STMT_INIT;
        bool row = true;
        assert_int_equal(kz_prepare(t->ws.work, QUERIES[i], &q, NULL), KZ_OK);
        for (;;) {
            assert_int_equal(kz_step(&q, &row, NULL), KZ_OK);
            if (!row)
                break;
            kz_buf_fmt(&out, "%zu %s\n", i, kz_col_text(&q, 0));
        }
    }
    char *text = strdup(kz_buf_text(&out));
    kz_buf_done(&out);
    return text;
}

static int64_t stored(town *t, const char *sql)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_prepare(t->ws.work, sql, &q, NULL), KZ_OK);
    assert_int_equal(kz_step(&q, &row, NULL), KZ_OK);
    assert_true(row);
    return kz_col_int(&q, 0);
}
#define VALUE_OF(area) \
    "SELECT o.value FROM observation o JOIN measure m ON m.id = o.measure WHERE m.code = 'pop' AND o.area = " #area

/* The finding of a rule in words, message and remedy; fails when there is none. */
static const char *said(town *t, const char *rule, int64_t row)
{
    static char text[8192];
    for (int i = 0; i < t->found.n; i++) {
        if (strcmp(t->found.list[i]->rule, rule) != 0 || t->found.list[i]->row != row)
            continue;
        kz_auto(kz_buf) b = kz_buf_init(sizeof text - 1);
        kz_finding_say(&b, KZ_LANG_DE, t->found.list[i]);
        kz_buf_str(&b, " ");
        kz_finding_say_remedy(&b, KZ_LANG_DE, t->found.list[i]);
        memcpy(text, kz_buf_text(&b), b.n + 1);
        assert_null(strchr(text, '{')); /* every place is filled */
        return text;
    }
    print_message("# no finding %s in row %d\n", rule, (int)row);
    fail();
    return "";
}

/* ---- a good table ------------------------------------------------------------------ */

static void a_good_table_is_stored_cell_by_cell(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, GOOD), KZ_OK);
    assert_int_equal(t->res.rows_read, 6);
    assert_int_equal(t->res.areas, 6);
    assert_int_equal(t->res.cells_new, 6);
    assert_int_equal(t->found.count[KZ_WARNING], 0);
    assert_string_equal(t->res.map_name, "koeln-bevoelkerung");
    assert_int_equal(stored(t, VALUE_OF(1)), 60);
    assert_int_equal(stored(t, VALUE_OF(4)), 10);
    assert_int_equal(stored(t, "SELECT line FROM observation WHERE area = 4"), 5);
    assert_int_equal(stored(t, "SELECT day = '2012-12-31' FROM period"), 1);
}

static void the_same_file_again_is_a_conflict(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, GOOD), KZ_OK);
    assert_int_equal(bring(t, GOOD), KZ_E_CONFLICT);
    assert_string_equal(t->err.id, "import.again");
}

static void a_dry_run_says_the_same_and_writes_nothing(void **state)
{
    town *t = *state;
    char *before = dump(t);
    assert_int_equal(bring_order(t, GOOD, (kz_import_order){ .dry_run = true }), KZ_OK);
    assert_int_equal(t->res.cells_new, 6);
    assert_int_equal(t->res.id, 0);
    char *after = dump(t);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void only_the_wanted_period_is_taken(void **state)
{
    town *t = *state;
    assert_int_equal(bring_order(t, GOOD POP("2011", "000", "Dorf", "59"), (kz_import_order){ .period = "2011" }),
                     KZ_OK);
    assert_int_equal(t->res.cells_new, 1);
    assert_int_equal(t->res.rows_other_period, 6);
    assert_int_equal(stored(t, VALUE_OF(1)), 59);
    assert_int_equal(bring_order(t, GOOD, (kz_import_order){ .period = "2013" }), KZ_E_INPUT);
    said(t, "check.nothing_of_period", 0);
    assert_int_equal(bring_order(t, GOOD, (kz_import_order){ .period = "20120" }), KZ_E_USAGE);
}

static void table_signs_are_states_and_not_nothing(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, HEADER POP("2012", "101", "Alt/Nord", ".") POP("2012", "102", "Neu/Nord", "–")
                               POP("2012", "201", "Hafen", "12p")), KZ_OK);
    assert_int_equal(stored(t, "SELECT value IS NULL AND state = 3 FROM observation WHERE area = 4"), 1);
    assert_int_equal(stored(t, "SELECT value = 0 AND state = 1 FROM observation WHERE area = 5"), 1);
    assert_int_equal(stored(t, "SELECT value = 12 AND state = 8 FROM observation WHERE area = 6"), 1);
}

/* ---- undo --------------------------------------------------------------------------- */

static void undo_restores_every_byte_of_the_logical_state(void **state)
{
    town *t = *state;
    char *empty = dump(t);
    assert_int_equal(bring(t, GOOD), KZ_OK);
    char *first = dump(t);
    assert_int_equal(bring(t, HEADER POP("2012", "101", "Alt/Nord", "11") POP("2012", "102", "Neu/Nord", "20")
                               POP("2013", "101", "Alt/Nord", "12") MEN("2012", "101", "Alt/Nord", "5")), KZ_OK);
    assert_int_equal(t->res.cells_changed, 1);
    assert_int_equal(t->res.cells_same, 1);
    assert_int_equal(t->res.cells_new, 2);
    assert_int_equal(stored(t, VALUE_OF(4) " AND o.period = 1"), 11);

    kz_err err = { 0 };
    assert_int_equal(kz_import_undo(&t->ws, 1, &err), KZ_E_CONFLICT);
    assert_string_equal(err.id, "import.later");
    assert_int_equal(kz_import_undo(&t->ws, 2, NULL), KZ_OK);
    char *again = dump(t);
    assert_string_equal(again, first);
    assert_int_equal(kz_import_undo(&t->ws, 2, &err), KZ_E_CONFLICT);
    assert_int_equal(kz_import_undo(&t->ws, 77, &err), KZ_E_MISSING);
    assert_int_equal(kz_import_undo(&t->ws, 1, NULL), KZ_OK);
    char *end = dump(t);
    assert_string_equal(end, empty);
    assert_int_equal(bring(t, GOOD), KZ_OK); /* what was undone may come again */
    free(empty);
    free(first);
    free(again);
    free(end);
}

/* ---- what is refused ------------------------------------------------------------------ */

/* Refused with this rule in this row, all words of `want` said, and nothing stored. */
static void refuse(town *t, const char *csv, const char *rule, int64_t row, const char *const want[])
{
    char *before = dump(t);
    assert_int_equal(bring(t, csv), KZ_E_INPUT);
    assert_string_equal(t->err.id, "import.blocked");
    const char *text = said(t, rule, row);
    for (; *want; want++)
        if (!strstr(text, *want)) {
            print_message("# not said: %s\n# in: %s\n", *want, text);
            fail();
        }
    char *after = dump(t);
    assert_string_equal(before, after);
    free(before);
    free(after);
}
#define SAYS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void a_key_that_no_area_has_is_named_with_what_it_may_mean(void **state)
{
    town *t = *state;
    refuse(t, GOOD POP("2012", "999", "Mond", "1"), "check.area_unknown", 8, SAYS("„999“", "raum_id", "Stadtteil"));
    refuse(t, GOOD POP("2012", "0101", "?", "1"), "check.area_similar", 8, SAYS("„0101“", "101", "Alt-Nord"));
    refuse(t, GOOD POP("2012", "2O1", "Hafen", "1"), "check.area_similar", 8, SAYS("201", "Hafen"));
}

static void an_unknown_label_is_named_with_the_nearest_one(void **state)
{
    town *t = *state;
    refuse(t, GOOD "x,010,G,2012,000,Dorf,10,Männich,3\n", "check.measure_similar", 8, SAYS("Männich", "Männlich"));
    refuse(t, GOOD "x,077,G,2012,000,Dorf,10,Haustiere und Pflanzen,3\n", "check.measure_unknown", 8,
           SAYS("077 | Haustiere und Pflanzen", "koeln-bevoelkerung"));
}

static void a_bad_value_is_named_with_row_column_and_remedy(void **state)
{
    town *t = *state;
    refuse(t, GOOD POP("2011", "000", "Dorf", "1e3"), "check.value_number", 8, SAYS("„1e3“", "zahl", "dezimalzeichen"));
    refuse(t, GOOD POP("2011", "000", "Dorf", "-5"), "check.value_negative", 8, SAYS("„-5“"));
    refuse(t, GOOD POP("2011", "000", "Dorf", "1.234"), "check.value_whole", 8, SAYS("„1.234“", "komma"));
    refuse(t, GOOD POP("2011", "000", "Dorf", ""), "check.value_empty", 8, SAYS("zahl", "geheim"));
    refuse(t, GOOD POP("2011", "000", "Dorf", "99999999999999"), "check.value_large", 8, SAYS("zu groß"));
    refuse(t, GOOD POP("20219", "000", "Dorf", "5"), "check.period", 8, SAYS("20219", "jahr"));
    refuse(t, GOOD "x,005,E,2012\n", "check.row_fields", 8, SAYS("4 Felder", "9"));
}

static void a_place_given_twice_with_different_numbers_names_both_rows(void **state)
{
    town *t = *state;
    refuse(t, GOOD POP("2012", "201", "Hafen", "31"), "check.twice", 8, SAYS("31", "Zeile 7", "30", "Hafen", "2012"));
    assert_int_equal(bring(t, GOOD POP("2012", "201", "Hafen", "30")), KZ_OK); /* the same number is only a notice */
    said(t, "check.twice_same", 8);
}

static void sums_that_do_not_fit_are_warnings_that_name_the_cell(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, HEADER POP("2012", "001", "Nord", "31") POP("2012", "101", "Alt/Nord", "10")
                               POP("2012", "102", "Neu/Nord", "20") MEN("2012", "101", "Alt/Nord", "5")
                               WOMEN("2012", "101", "Alt/Nord", "6")), KZ_OK);
    assert_int_equal(t->found.count[KZ_WARNING], 2);
    assert_non_null(strstr(said(t, "check.sum_areas", 2), "30"));
    assert_non_null(strstr(said(t, "check.sum_measures", 3), "11"));
}

static void warnings_block_until_somebody_has_seen_them(void **state)
{
    town *t = *state;
    char *before = dump(t);
    t->asked = true;
    const char *csv = HEADER POP("2012", "001", "Nord", "31") POP("2012", "101", "Alt/Nord", "10")
                      POP("2012", "102", "Neu/Nord", "20");
    assert_int_equal(bring(t, csv), KZ_E_FINDING);
    assert_string_equal(t->err.id, "import.unseen");
    char *after = dump(t);
    assert_string_equal(before, after);
    assert_int_equal(bring_order(t, csv, (kz_import_order){ .dry_run = true }), KZ_OK); /* which only shows them */
    assert_int_equal(t->found.count[KZ_WARNING], 1);
    t->asked = false;
    assert_int_equal(bring(t, csv), KZ_OK);
    assert_int_equal(stored(t, "SELECT accepted = 'check.sum_areas=1' FROM import"), 1);
    free(before);
    free(after);
}

static void a_part_above_its_whole_is_an_error_even_against_what_is_stored(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, GOOD), KZ_OK);
    refuse(t, HEADER "x,030,M,2012,101,Alt/Nord,10,Einwohner mit Migrationshintergrund,11\n", "check.part_over", 2,
           SAYS("Alt-Nord", "Migrationshintergrund (11)", "Einwohner (10)", "2012"));
    assert_int_equal(bring(t, HEADER "x,030,M,2012,101,Alt/Nord,10,Einwohner mit Migrationshintergrund,10\n"), KZ_OK);
    /* and the other way round */
    refuse(t, HEADER POP("2012", "101", "Alt/Nord", "9"), "check.part_over", 2, SAYS("(10)", "Einwohner (9)"));
}

static void what_changes_is_said_cell_by_cell(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, GOOD), KZ_OK);
    assert_int_equal(bring(t, HEADER POP("2012", "101", "Alt/Nord", "11") POP("2012", "102", "Neu/Nord", ".")), KZ_OK);
    assert_int_equal(kz_findings_of(&t->found, "check.changed"), 2);
    assert_non_null(strstr(said(t, "check.changed", 2), "Alt-Nord, Einwohner, 2012: 10 → 11"));
    assert_non_null(strstr(said(t, "check.changed", 3), "20 → ."));
    assert_int_equal(stored(t, "SELECT new_value IS NULL AND new_state = 3 AND new_line = 3 AND new_col = 9 AND value = 20"
                               " FROM observation_replaced WHERE area = 5"), 1);
    assert_int_equal(stored(t, "SELECT col FROM observation WHERE area = 4"), 9);
    assert_int_equal(stored(t, "SELECT name = 'zahl' FROM import_column WHERE import = 2 AND col = 9"), 1);
}

/* 30 quarters more: 900 to 929. */
static void more_quarters(town *t)
{
    static const char SQL[] = "INSERT INTO area (id, level, key, name, parent) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL"
                              " SELECT i + 1 FROM n WHERE i < 29) SELECT 100 + i, 3, 900 + i, 'Q' || (900 + i), 3 FROM n";
    assert_int_equal(kz_db_exec(t->ws.work, SQL, NULL), KZ_OK);
}

/* Rows of all of them; `odd` has the value `put`. */
static void put_quarters(kz_buf *csv, int year, double factor, int odd, int put)
{
    for (int i = 0; i < 30; i++)
        kz_buf_fmt(csv, "x,005,E,%d,%d,Q%d,10,Einwohner,%d\n", year, 900 + i, 900 + i,
                   i == odd ? put : (int)((200 + 10 * (i * 7 % 30)) * factor + 0.5));
}

static void an_area_that_doubles_is_asked_about_and_a_city_that_grows_is_not(void **state)
{
    town *t = *state;
    kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
    more_quarters(t);
    t->asked = true;
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2010, 1, 4, 241);
    put_quarters(&csv, 2011, 1.5, 4, 241 * 3 / 2); /* everybody grows by half */
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_OK);
    kz_buf_clear(&csv);
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2012, 1.5, 4, 762); /* docs/methods/pruefung.md: twice what is to be expected */
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_E_FINDING);
    assert_int_equal(t->found.count[KZ_WARNING], 1);
    const char *text = said(t, "check.outlier", 6);
    assert_non_null(strstr(text, "Q904, Einwohner, 2012: 762"));
    assert_non_null(strstr(text, "361 (2011)"));
    kz_buf_clear(&csv);
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2012, 1.5, 4, 400); /* a tenth more is nothing */
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_OK);
}

static void the_column_of_the_last_year_is_asked_about(void **state)
{
    town *t = *state;
    kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
    more_quarters(t);
    t->asked = true;
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2010, 1, -1, 0);
    put_quarters(&csv, 2011, 1, -1, 0);
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_E_FINDING);
    assert_int_equal(kz_findings_of(&t->found, "check.column_same"), 1);
}

/* Property: whatever the counts, a file against itself with noise of a few percent has no finding. */
static void noise_is_no_finding(void **state)
{
    town *t = *state;
    uint64_t x = 88172645463325252u;
    more_quarters(t);
    for (int round = 0; round < 20; round++) {
        kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
        kz_buf_str(&csv, HEADER);
        for (int year = 2010; year < 2014; year++)
            for (int i = 0; i < 30; i++) {
                x ^= x << 13, x ^= x >> 7, x ^= x << 17;
                int base = (i * i + 1) * (round + 1), noise = (int)(x % (uint64_t)(base / 20 + 3));
                kz_buf_fmt(&csv, "x,005,E,%d,%d,Q%d,10,Einwohner,%d\n", year, 900 + i, 900 + i, base + noise);
            }
        assert_int_equal(bring_order(t, kz_buf_text(&csv), (kz_import_order){ .dry_run = true }), KZ_OK);
        assert_int_equal(t->found.count[KZ_WARNING], 0);
    }
}

static void a_map_that_was_edited_is_a_version_of_its_own(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, GOOD), KZ_OK);
    assert_int_equal(bring(t, GOOD POP("2013", "101", "Alt/Nord", "11")), KZ_OK);
    assert_int_equal(stored(t, "SELECT COUNT(DISTINCT map_sha256) = 1 AND MAX(map_version) = 1 FROM import"), 1);
    assert_int_equal(t->res.map_version, 1);
}

static void a_missing_part_may_explain_a_smaller_sum_but_not_a_larger(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, HEADER POP("2012", "001", "Nord", "31") POP("2012", "101", "Alt/Nord", "10")), KZ_OK);
    assert_int_equal(t->found.count[KZ_WARNING], 0);
    assert_int_equal(bring(t, HEADER POP("2012", "001", "Nord", "9") POP("2012", "101", "Alt/Nord", "10")), KZ_OK);
    assert_int_equal(t->found.count[KZ_WARNING], 1);
}

static void a_name_that_contradicts_its_key_is_a_warning(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, HEADER POP("2012", "201", "Rodenkirchen", "31")), KZ_OK);
    assert_non_null(strstr(said(t, "check.area_name", 2), "Rodenkirchen"));
}

static void one_mistake_in_every_row_is_said_once_and_counted(void **state)
{
    town *t = *state;
    kz_auto(kz_buf) csv = kz_buf_init(4 << 20);
    kz_buf_str(&csv, HEADER);
    for (int i = 0; i < 5000; i++)
        kz_buf_fmt(&csv, "x,005,E,2012,999,Mond,10,Einwohner,%d\n", i);
    for (int i = 0; i < 5000; i++)
        kz_buf_fmt(&csv, "x,005,E,2012,101,Alt,10,Einwohner,x%d\n", i);
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_E_INPUT);
    assert_int_equal(kz_findings_of(&t->found, "check.area_unknown"), 1);
    assert_non_null(strstr(said(t, "check.area_unknown", 2), "5.000"));
    assert_int_equal(kz_findings_of(&t->found, "check.value_number"), 5000);
    assert_true(t->found.n <= KZ_FINDINGS_MOST);
    assert_int_equal(t->found.count[KZ_ERROR], 5001);
}

static void the_report_is_a_table_with_the_errors_first(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, GOOD POP("2012", "101", "=cmd|' /C calc'!A0", "11")), KZ_E_INPUT);
    kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
    kz_findings_csv(&csv, KZ_LANG_DE, &t->found);
    const char *text = kz_buf_text(&csv);
    assert_int_equal(strncmp(text, "file,row,column,value,rule,severity,message,remedy\n", 51), 0);
    assert_true(strstr(text, "check.twice,error") < strstr(text, "check.columns_dropped,notice"));
    assert_null(strstr(text, ",=cmd")); /* inert in a spreadsheet */
}

static void files_that_are_no_table_are_refused_whole(void **state)
{
    town *t = *state;
    char *before = dump(t);
    assert_int_equal(bring(t, ""), KZ_E_INPUT);
    assert_int_equal(bring(t, HEADER), KZ_E_INPUT);
    assert_int_equal(bring(t, "a;b\n1;2\n"), KZ_E_USAGE); /* no map fits */
    assert_string_equal(t->err.id, "import.map_none");
    assert_int_equal(bring_order(t, GOOD, (kz_import_order){ .map = "gibt-es-nicht" }), KZ_E_MISSING);
    assert_int_equal(bring_order(t, "a;b\n1;2\n", (kz_import_order){ .map = "koeln-bevoelkerung" }), KZ_E_INPUT);
    assert_int_equal(bring(t, GOOD "x,005,\xC3\x28\xC3\xA4,2012,101,A,10,Einwohner,1\n"), KZ_E_INPUT);
    char *after = dump(t);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void the_map_of_the_last_delivery_is_remembered(void **state)
{
    town *t = *state;
    static const char map[] =
        "[datei]\nquelle = einwohner-tabelle\naufbau = lang\n[spalten]\ngebiet = nr\nzeitraum = jahr\nmerkmal = was\n"
        "wert = n\n[zeitraum]\nform = jahr\nstichtag = 30.06.\n[zahlen]\ndezimalzeichen = komma\n"
        "tabellenzeichen = nein\n[gebiete]\n* = stadtteil:*\n[merkmale]\nalle = pop\nHunde = - keine Menschen\n";
    char path[128];
    snprintf(path, sizeof path, "%s/t.map", t->dir);
    put_file(path, map, strlen(map));
    assert_int_equal(bring_order(t, "nr;jahr;was;n\n101;2012;alle;1.000\n101;2012;Hunde;7\n",
                                 (kz_import_order){ .map = path }), KZ_OK);
    assert_int_equal(t->res.rows_left_out, 1);
    assert_int_equal(stored(t, VALUE_OF(4)), 1000);
    unlink(path);
    assert_int_equal(bring(t, "nr;jahr;was;n\n101;2013;alle;1.001\n"), KZ_OK);
    assert_true(t->res.map_remembered);
    assert_int_equal(stored(t, "SELECT day = '2013-06-30' FROM period WHERE code = '2013'"), 1);
}

static void the_matrix_has_every_count_in_its_place(void **state)
{
    town *t = *state;
    static const char *const codes[] = { "sex_m", "pop" };
    kz_arena a;
    kz_matrix m;
    int64_t before, after;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_observation_version(t->ws.work, &before, NULL), KZ_OK);
    assert_int_equal(bring(t, GOOD POP("2011", "101", "Alt/Nord", "9") POP("2011", "102", "Neu/Nord", ".")), KZ_OK);
    assert_int_equal(kz_observation_version(t->ws.work, &after, NULL), KZ_OK);
    assert_true(after > before);
    assert_int_equal(kz_observation_matrix(t->ws.work, codes, 2, "stadtteil", &a, &m, NULL), KZ_OK);
    assert_int_equal(m.n_areas, 3);
    assert_int_equal(m.n_periods, 2);
    assert_string_equal(m.period_codes[0], "2011");
    int alt = kz_matrix_area(&m, 4), neu = kz_matrix_area(&m, 5);
    assert_int_equal(kz_matrix_area(&m, 1), -1); /* the city is another level */
    assert_int_equal(kz_matrix_value(&m, 1, 0, alt), 9);
    assert_int_equal(kz_matrix_value(&m, 1, 1, alt), 10);
    assert_int_equal(kz_matrix_value(&m, 1, 0, neu), KZ_NO_VALUE);
    assert_int_equal(kz_matrix_state(&m, 1, 0, neu), KZ_CELL_HIDDEN);
    assert_int_equal(kz_matrix_value(&m, 0, 1, alt), KZ_NO_VALUE);
    assert_int_equal(kz_matrix_state(&m, 0, 1, alt), KZ_N_CELL_STATES);
    kz_arena_done(&a);
    kz_arena_init(&a, 64);
    assert_int_equal(kz_observation_matrix(t->ws.work, codes, 2, NULL, &a, &m, NULL), KZ_E_LIMIT);
    kz_arena_done(&a);
    assert_int_equal(kz_import_undo(&t->ws, 1, NULL), KZ_OK);
    assert_int_equal(kz_observation_version(t->ws.work, &before, NULL), KZ_OK);
    assert_true(before > after);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

KZ_TEST_MAIN(T(a_good_table_is_stored_cell_by_cell), T(the_same_file_again_is_a_conflict),
             T(a_dry_run_says_the_same_and_writes_nothing), T(only_the_wanted_period_is_taken),
             T(table_signs_are_states_and_not_nothing), T(undo_restores_every_byte_of_the_logical_state),
             T(a_key_that_no_area_has_is_named_with_what_it_may_mean),
             T(an_unknown_label_is_named_with_the_nearest_one),
             T(a_bad_value_is_named_with_row_column_and_remedy),
             T(a_place_given_twice_with_different_numbers_names_both_rows),
             T(sums_that_do_not_fit_are_warnings_that_name_the_cell),
             T(warnings_block_until_somebody_has_seen_them),
             T(a_part_above_its_whole_is_an_error_even_against_what_is_stored), T(what_changes_is_said_cell_by_cell),
             T(an_area_that_doubles_is_asked_about_and_a_city_that_grows_is_not),
             T(the_column_of_the_last_year_is_asked_about), T(noise_is_no_finding),
             T(a_map_that_was_edited_is_a_version_of_its_own),
             T(a_missing_part_may_explain_a_smaller_sum_but_not_a_larger),
             T(a_name_that_contradicts_its_key_is_a_warning), T(one_mistake_in_every_row_is_said_once_and_counted),
             T(the_report_is_a_table_with_the_errors_first), T(files_that_are_no_table_are_refused_whole),
             T(the_map_of_the_last_delivery_is_remembered), T(the_matrix_has_every_count_in_its_place))
