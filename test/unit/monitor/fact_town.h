/* fact_town.h - a city of two districts, three quarters and two Kitas, and person rows put into it as segments. */
#ifndef KZ_TEST_FACT_TOWN_H
#define KZ_TEST_FACT_TOWN_H

#include "kz_test.h"
#include "kz_test_remove.h"

#include "base/text.h"
#include "monitor/compute.h"
#include "store/segment.h"
#include "store/workspace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAY_USE __attribute__((unused)) /* not every test needs all of it */

typedef struct town {
    char dir[64], path[128];
    kz_workspace ws;
    kz_catalogue cat;
    kz_compute_report report;
    kz_err err;
} town;

/* Area ids: 1 city; 2 Nord, 3 Süd; 4 Alt, 5 Neu (in Nord), 6 Hafen (in Süd); 7 and 8 the Kitas. */
MAY_USE static int set_up(void **state)
{
    static const char AREAS[] =
        "INSERT INTO level (id, code, one, many, \"rank\", institution) VALUES"
        " (2, 'stadtbezirk', 'Stadtbezirk', 'Stadtbezirke', 1, 0), (3, 'stadtteil', 'Stadtteil', 'Stadtteile', 2, 0),"
        " (4, 'kita', 'Kita', 'Kitas', 3, 1);"
        "INSERT INTO area (id, level, key, name, parent) VALUES (2, 2, '1', 'Nord', 1), (3, 2, '2', 'Süd', 1),"
        " (4, 3, '101', 'Alt-Nord', 2), (5, 3, '102', 'Neu-Nord', 2), (6, 3, '201', 'Hafen', 3),"
        " (7, 4, 'K1', 'Kita eins', NULL), (8, 4, 'K2', 'Kita zwei', NULL)";
    town *t = calloc(1, sizeof *t);
    if (!t)
        return -1;
    memcpy(t->dir, "/tmp/kekiz-unit.XXXXXX", sizeof "/tmp/kekiz-unit.XXXXXX");
    if (!mkdtemp(t->dir))
        return -1;
    snprintf(t->path, sizeof t->path, "%s/w", t->dir);
    *state = t;
    if (kz_workspace_init(t->path, "Dorf", "05315000", &t->err) != KZ_OK ||
        kz_workspace_open(t->path, KZ_DB_WRITE, &t->ws, &t->err) != KZ_OK ||
        kz_db_exec(t->ws.work, AREAS, &t->err) != KZ_OK)
        return -1;
    return 0;
}

MAY_USE static int tear_down(void **state)
{
    town *t = *state;
    kz_workspace_done(&t->ws);
    kz_catalogue_done(&t->cat);
    kz_test_remove(t->dir);
    free(t);
    return 0;
}

/* ---- rows ------------------------------------------------------------------------- */

enum { COLUMNS_MOST = 16, ROWS_MOST = 300000 };

/* A column as texts: "" no answer; integers as digits. */
typedef struct text_column {
    const char *name;
    char        type; /* 'c' code, 'i' int, 'p' pseudonym */
    const char *const *cells;
} text_column;

static int32_t number_of(const char *s, int32_t none)
{
    return *s ? (int32_t)strtol(s, NULL, 10) : none;
}

static int find_text(kz_view dict[], uint32_t n, const char *s)
{
    for (uint32_t i = 0; i < n; i++)
        if (kz_view_is(dict[i], s))
            return (int)i;
    return -1;
}

/* A segment in facts/ is the delivery of source and period; an earlier one is replaced. */
MAY_USE static void register_segment(town *t, const char *source, const char *period, const char *name, int64_t rows)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    assert_int_equal(kz_prepare(t->ws.work, "INSERT INTO import (source, file, sha256, map_name, map_text, at, by_user, "
                                            "rows_read, rows_kept, state) VALUES (?1, 't.csv', '', '', '', '', 'test', "
                                            "0, 0, 'applied')", &q, &t->err), KZ_OK);
    kz_bind_text(&q, 1, source);
    assert_int_equal(kz_run(&q, &t->err), KZ_OK);
    kz_stmt_done(&q);
    assert_int_equal(kz_prepare(t->ws.work, "INSERT INTO period (code, day) VALUES (?1, substr(?1, 1, 4) || '-12-31') "
                                            "ON CONFLICT (code) DO NOTHING", &q, &t->err), KZ_OK);
    kz_bind_text(&q, 1, period);
    assert_int_equal(kz_run(&q, &t->err), KZ_OK);
    kz_stmt_done(&q);
    assert_int_equal(kz_prepare(t->ws.work, "UPDATE segment SET replaced_by = (SELECT MAX(id) FROM import) WHERE source "
                                            "= ?1 AND period = (SELECT id FROM period WHERE code = ?2) AND replaced_by "
                                            "IS NULL", &q, &t->err), KZ_OK);
    kz_bind_text(&q, 1, source);
    kz_bind_text(&q, 2, period);
    assert_int_equal(kz_run(&q, &t->err), KZ_OK);
    kz_stmt_done(&q);
    assert_int_equal(kz_prepare(t->ws.work, "INSERT INTO segment (file, source, period, import, n_rows) SELECT ?1, ?2, "
                                            "p.id, (SELECT MAX(id) FROM import), ?4 FROM period p WHERE p.code = ?3", &q,
                                &t->err), KZ_OK);
    kz_bind_text(&q, 1, name);
    kz_bind_text(&q, 2, source);
    kz_bind_text(&q, 3, period);
    kz_bind_int(&q, 4, rows);
    assert_int_equal(kz_run(&q, &t->err), KZ_OK);
}

/* Write rows as a segment and register it as the delivery of source and period; an earlier one is replaced. */
MAY_USE static void deliver(town *t, const char *source, const char *period, int rows, const text_column col[], int n)
{
    kz_segment_column columns[COLUMNS_MOST];
    char folder[160], name[KZ_SEGMENT_NAME];
    snprintf(folder, sizeof folder, "%s/facts", t->path);
    for (int c = 0; c < n; c++) {
        kz_segment_column *to = &columns[c];
        *to = (kz_segment_column){ .name = col[c].name };
        if (col[c].type == 'c') {
            uint32_t *codes = calloc((size_t)rows + 1, sizeof *codes);
            kz_view *dict = calloc((size_t)rows + 2, sizeof *dict);
            assert_true(codes && dict);
            dict[to->n_dict++] = kz_view_of("");
            for (int r = 0; r < rows; r++) {
                int at = find_text(dict, to->n_dict, col[c].cells[r]);
                if (at < 0) {
                    at = (int)to->n_dict;
                    dict[to->n_dict++] = kz_view_of(col[c].cells[r]);
                }
                codes[r] = (uint32_t)at;
            }
            to->type = KZ_SEG_CODE;
            to->codes = codes;
            to->dict = dict;
        } else if (col[c].type == 'i') {
            int32_t *v = calloc((size_t)rows + 1, sizeof *v);
            assert_non_null(v);
            for (int r = 0; r < rows; r++)
                v[r] = number_of(col[c].cells[r], strcmp(col[c].name, "age_months") == 0 ? -1 : INT32_MIN);
            to->type = KZ_SEG_I32;
            to->i32 = v;
        } else {
            int64_t *v = calloc((size_t)rows + 1, sizeof *v);
            assert_non_null(v);
            for (int r = 0; r < rows; r++)
                v[r] = number_of(col[c].cells[r], 0);
            to->type = KZ_SEG_I64;
            to->i64 = v;
        }
    }
    kz_segment_plan plan = { .n_rows = (uint64_t)rows, .n_columns = (uint32_t)n, .columns = columns };
    assert_int_equal(kz_segment_append(folder, &plan, name, &t->err), KZ_OK);
    for (int c = 0; c < n; c++) {
        free((void *)columns[c].codes);
        free((void *)columns[c].dict);
        free((void *)columns[c].i32);
        free((void *)columns[c].i64);
    }
    register_segment(t, source, period, name, rows);
}

/* ---- catalogue and cells -------------------------------------------------------------- */

#define INDICATOR_HEAD ""
#define INDICATOR(name, kind_of, num, den, unit_of, periods, least)                                              \
    "id = " name "\norder = 1\nversion = 1\nchange = 1 | 2026-01-01 | Erste Fassung.\nkind = " kind_of           \
    "\nnumerator = " num "\ndenominator = " den "\nunit = " unit_of "\npool = " periods                          \
    "\nmin_denominator = " least "\nper = 100\ndigits = 1\ndirection = neutral\nprofile = strict\n"              \
    "theme = Familie\nphase = rahmen\nages = alle\nsource = T\nreference = T\norigin = T\ninterpretation = T\n"  \
    "title = T\nshort_title = T\nsubtitle = T\nsentence = {area} {x}\ncounted = T\nnumerator_label = T\n"        \
    "denominator_label = T\ncaveat = T\nleicht_title = T\nleicht =\n  T\nleicht_of = T\n"                       \
    "leicht_sentence = {area} {x}\n"
#define PLAIN(id, kind, num, den) INDICATOR(id, kind, num, den, "", "", "")
#define GROUP_HEAD "indicator\tcode\tparent\tlabel\tnumerator\tcondition\n"

static void tell_finding(void *ctx, const kz_err *what)
{
    (void)ctx;
    kz_auto(kz_buf) b = kz_buf_init(1 << 16);
    kz_err_say(&b, KZ_LANG_DE, what);
    print_message("# %s\n", kz_buf_text(&b));
}

/* A row of groups, "indicator, code, parent, label, numerator, condition" by tabs, as a field of its indicator. */
static void put_group(kz_buf *out, const char *row, size_t n)
{
    const char *f[6];
    int len[6] = { 0 };
    for (int i = 0; i < 6; i++) {
        f[i] = row;
        while ((size_t)len[i] < n && row[len[i]] != '\t')
            len[i]++;
        size_t step = (size_t)len[i] + ((size_t)len[i] < n);
        row += step;
        n -= step;
    }
    bool whole = len[1] == 5 && memcmp(f[1], "Total", 5) == 0 && len[4] == 0;
    if (!whole) /* it is always there */
        kz_buf_fmt(out, "%s = %.*s | %.*s | %.*s | %.*s\n", len[4] > 0 ? "part" : "group", len[1], f[1], len[2], f[2],
                   len[3], f[3], len[4] > 0 ? len[4] : len[5], len[4] > 0 ? f[4] : f[5]);
}

/* Indicators by the macros above, groups as a table. */
MAY_USE static void catalogue(town *t, const char *indicators, const char *groups)
{
    kz_auto(kz_buf) text = kz_buf_init(1 << 20);
    for (const char *p = indicators; *p;) {
        const char *end = strstr(p + 1, "\nid = ");
        size_t n = end ? (size_t)(end + 1 - p) : strlen(p), name = strcspn(p + 5, "\n");
        kz_buf_add(&text, p, n);
        for (const char *g = groups; *g; g += strcspn(g, "\n") + (strchr(g, '\n') != NULL))
            if (strncmp(g, p + 5, name) == 0 && g[name] == '\t')
                put_group(&text, g, strcspn(g, "\n"));
        p += n;
    }
    kz_catalogue_done(&t->cat);
    assert_int_equal(kz_catalogue_read((kz_catalogue_file){ .name = "i.txt", .text = kz_buf_text(&text), .n = text.n,
                                                            .alone = true }, tell_finding, NULL, &t->cat, &t->err),
                     KZ_OK);
}

MAY_USE static kz_status compute(town *t, bool only_changed, int threads)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_compute_how how = { .cat = &t->cat, .only_changed = only_changed, .counting = { .threads = threads } };
    t->err = (kz_err){ 0 };
    KZ_TRY(kz_tx_begin(&tx, t->ws.work, &t->err));
    KZ_TRY(kz_compute(t->ws.work, &how, &t->report, &t->err));
    return kz_tx_commit(&tx, &t->err);
}

MAY_USE static void computed(town *t)
{
    kz_status st = compute(t, false, 2);
    if (st != KZ_OK) {
        kz_auto(kz_buf) b = kz_buf_init(1 << 16);
        kz_err_say(&b, KZ_LANG_DE, &t->err);
        fail_msg("%s", kz_buf_text(&b));
    }
}

/* The cell of an indicator; false: there is none. */
MAY_USE static bool cell(town *t, const char *ind, const char *group, const char *period, int area, kz_cell *ret)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_prepare(t->ws.work, "SELECT c.numerator, c.denominator, c.value, c.lo, c.hi, c.state FROM cell c "
                                            "JOIN indicator i ON i.id = c.indicator JOIN indicator_group g ON g.id = "
                                            "c.grp JOIN period p ON p.id = c.period WHERE i.code = ?1 AND g.code = ?2 "
                                            "AND p.code = ?3 AND c.area = ?4", &q, &t->err), KZ_OK);
    kz_bind_text(&q, 1, ind);
    kz_bind_text(&q, 2, group);
    kz_bind_text(&q, 3, period);
    kz_bind_int(&q, 4, area);
    assert_int_equal(kz_step(&q, &row, &t->err), KZ_OK);
    if (!row)
        return false;
    *ret = (kz_cell){ .numerator = kz_col_null(&q, 0) ? -1 : kz_col_int(&q, 0),
                      .denominator = kz_col_null(&q, 1) ? -1 : kz_col_int(&q, 1), .value = kz_col_real(&q, 2),
                      .lo = kz_col_real(&q, 3), .hi = kz_col_real(&q, 4), .state = (uint8_t)kz_col_int(&q, 5) };
    return true;
}

MAY_USE static kz_cell must(town *t, const char *ind, const char *period, int area)
{
    kz_cell c = { 0 };
    if (!cell(t, ind, "Total", period, area, &c))
        fail_msg("no cell %s %s %d", ind, period, area);
    return c;
}

/* numerator and denominator of the whole, or a group */
MAY_USE static void counts_are(town *t, const char *ind, const char *group, const char *period, int area, int64_t num,
                       int64_t den)
{
    kz_cell c = { 0 };
    if (!cell(t, ind, group, period, area, &c))
        fail_msg("no cell %s %s %s %d", ind, group, period, area);
    if (c.numerator != num || c.denominator != den)
        fail_msg("%s %s %s %d: %lld/%lld, not %lld/%lld", ind, group, period, area, (long long)c.numerator,
                 (long long)c.denominator, (long long)num, (long long)den);
}

MAY_USE static int64_t scalar(town *t, const char *sql)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_prepare(t->ws.work, sql, &q, &t->err), KZ_OK);
    assert_int_equal(kz_step(&q, &row, &t->err), KZ_OK);
    return row ? kz_col_int(&q, 0) : -1;
}

#endif
