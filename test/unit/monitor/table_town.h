/* table_town.h - a city of two districts with three quarters, its tables as files; for tests of the import. */
#ifndef KZ_TABLE_TOWN_H
#define KZ_TABLE_TOWN_H

#include "kz_test.h"
#include "kz_test_remove.h"

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

static inline int set_up(void **state)
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

static inline int tear_down(void **state)
{
    town *t = *state;
    kz_workspace_done(&t->ws);
    kz_findings_done(&t->found);
    kz_test_remove(t->dir);
    free(t);
    return 0;
}

static inline void put_file(const char *path, const char *text, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static inline kz_status bring_order(town *t, const char *csv, kz_import_order order)
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

static inline kz_status bring(town *t, const char *csv)
{
    return bring_order(t, csv, (kz_import_order){ 0 });
}

/* Everything an undo must restore, as one text. */
static inline char *dump(town *t)
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

static inline int64_t stored(town *t, const char *sql)
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
static inline const char *said(town *t, const char *rule, int64_t row)
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

/* Refused with this rule in this row, all words of `want` said, and nothing stored. */
static inline void refuse(town *t, const char *csv, const char *rule, int64_t row, const char *const want[])
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

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
