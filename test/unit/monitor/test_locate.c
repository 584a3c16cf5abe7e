/* Points to areas of several levels, and what a text says about an area. */
#include "kz_test.h"
#include "kz_test_remove.h"

#include "io/file.h"
#include "monitor/area_keys.h"
#include "monitor/locate.h"
#include "store/workspace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Kilometre squares at (356, 5645) km of UTM 32: Bezirk 1 below, 2 above; Viertel 11 12 below, 21 22 above, with a gap
 * of 4 m between 11 and 12; 23 lies over the right half of 22; 13 belongs to Bezirk 1 by key and lies in Bezirk 2. */
typedef struct town {
    char dir[64], file[128];
    kz_workspace ws;
    kz_arena arena;
    kz_area_tree tree;
    kz_err err;
} town;

static void put_area(town *t, int id, int level, int parent, const char *key, double x, double y, double w, double h)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) wkb = kz_buf_init(1000);
    const double x0 = 356000 + 1000 * x, y0 = 5645000 + 1000 * y, x1 = x0 + 1000 * w, y1 = y0 + 1000 * h;
    const kz_point p[] = { { x0, y0 }, { x1, y0 }, { x1, y1 }, { x0, y1 }, { x0, y0 } };
    const kz_ring ring = { 5, 0, p };
    kz_outline_to_wkb(&(kz_outline){ 1, &ring }, &wkb);
    assert_int_equal(kz_prepare(t->ws.work, "INSERT INTO area (id, level, \"key\", name, parent, outline, valid_to) VALUES"
                                            " (?1, ?2, ?3, 'Gebiet ' || ?3, ?4, ?5, ?6)", &q, &t->err), KZ_OK);
    kz_bind_int(&q, 1, id);
    kz_bind_int(&q, 2, level);
    kz_bind_text(&q, 3, key);
    kz_bind_int(&q, 4, parent);
    kz_bind_blob(&q, 5, wkb.p, wkb.n);
    kz_bind_text(&q, 6, id == 20 ? "2010-12-31" : "");
    assert_int_equal(kz_run(&q, &t->err), KZ_OK);
}

static void put_city(town *t)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) wkb = kz_buf_init(1000);
    const kz_point p[] = { { 356000, 5645000 }, { 358000, 5645000 }, { 358000, 5647000 }, { 356000, 5647000 }, { 356000, 5645000 } };
    const kz_ring ring = { 5, 0, p };
    kz_outline_to_wkb(&(kz_outline){ 1, &ring }, &wkb);
    assert_int_equal(kz_prepare(t->ws.work, "UPDATE area SET outline = ?1 WHERE id = 1", &q, &t->err), KZ_OK);
    kz_bind_blob(&q, 1, wkb.p, wkb.n);
    assert_int_equal(kz_run(&q, &t->err), KZ_OK);
}

static int set_up(void **state)
{
    char path[128];
    town *t = calloc(1, sizeof *t);
    if (!t)
        return -1;
    memcpy(t->dir, "/tmp/kekiz-unit.XXXXXX", sizeof "/tmp/kekiz-unit.XXXXXX");
    if (!mkdtemp(t->dir))
        return -1;
    snprintf(path, sizeof path, "%s/w", t->dir);
    snprintf(t->file, sizeof t->file, "%s/t.csv", t->dir);
    kz_arena_init(&t->arena, 64 << 20);
    *state = t;
    if (kz_workspace_init(path, "Dorf", "05315000", &t->err) != KZ_OK ||
        kz_workspace_open(path, KZ_DB_WRITE, &t->ws, &t->err) != KZ_OK ||
        kz_db_exec(t->ws.work, "INSERT INTO level (id, code, one, many, \"rank\") VALUES (2, 'bezirk', 'Bezirk', 'Bezirke', 1),"
                               " (3, 'viertel', 'Viertel', 'Viertel', 2), (4, 'kita', 'Kita', 'Kitas', 3)", &t->err) != KZ_OK)
        return -1;
    put_city(t);
    put_area(t, 2, 2, 1, "01", 0, 0, 2, 1);
    put_area(t, 3, 2, 1, "02", 0, 1, 2, 1);
    put_area(t, 4, 3, 2, "011", 0, 0, 0.998, 1);
    put_area(t, 5, 3, 2, "012", 1.002, 0, 0.898, 1); /* to 357.9: the edge of the city is in no Viertel */
    put_area(t, 6, 3, 3, "021", 0, 1, 1, 1);
    put_area(t, 7, 3, 3, "022", 1, 1, 1, 0.5);
    put_area(t, 8, 3, 3, "023", 1.5, 1, 0.5, 0.5);
    put_area(t, 9, 3, 2, "013", 1, 1.5, 1, 0.5);
    put_area(t, 20, 3, 2, "010", 0, 0, 2, 2);       /* no longer valid */
    return kz_area_tree_load(t->ws.work, &t->arena, &t->tree, &t->err) == KZ_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    town *t = *state;
    kz_workspace_done(&t->ws);
    kz_arena_done(&t->arena);
    kz_test_remove(t->dir);
    free(t);
    return 0;
}

static void must_be(const town *t, const kz_pointmap *m, double x, double y, kz_located_verdict verdict, kz_located_why why,
                    const char *keys)
{
    int at[KZ_TREE_LEVELS];
    kz_located_why w;
    kz_auto(kz_buf) got = kz_buf_init(1000);
    kz_located_verdict v = kz_pointmap_find(m, 356000 + 1000 * x, 5645000 + 1000 * y, at, &w);
    for (int i = 1; i <= m->target; i++)
        kz_buf_fmt(&got, "%s%s", i > 1 ? " " : "", at[i] >= 0 ? t->tree.areas[at[i]].key : "-");
    if (v != verdict || w != why || strcmp(kz_buf_text(&got), keys) != 0)
        fail_msg("%g %g: %s, %s, %s", x, y, kz_located_name(v), kz_located_text(w), kz_buf_text(&got));
}

static void a_point_has_an_area_of_each_level(void **state)
{
    town *t = *state;
    kz_pointmap m;
    assert_int_equal(kz_pointmap_make(t->ws.work, &t->tree, NULL, &t->arena, &m, &t->err), KZ_OK);
    assert_string_equal(t->tree.levels[m.target].code, "viertel"); /* a Kita has no outline */
    must_be(t, &m, 0.5, 0.5, KZ_LOCATED_OK, KZ_WHY_FINE, "01 011");
    must_be(t, &m, 0.5, 1.5, KZ_LOCATED_OK, KZ_WHY_FINE, "02 021");
    must_be(t, &m, 0.5, 1, KZ_LOCATED_OK, KZ_WHY_FINE, "01 011");     /* the border: the first key */
    must_be(t, &m, 0.9985, 0.5, KZ_LOCATED_OK, KZ_WHY_FINE, "01 011"); /* the gap: the nearest */
    must_be(t, &m, 1.0015, 0.5, KZ_LOCATED_OK, KZ_WHY_FINE, "01 012");
    must_be(t, &m, 1.95, 0.5, KZ_LOCATED_UNKNOWN, KZ_WHY_GAP, "01 -"); /* 50 m from the nearest */
    must_be(t, &m, 1.2, 1.2, KZ_LOCATED_OK, KZ_WHY_FINE, "02 022");
    must_be(t, &m, 1.7, 1.2, KZ_LOCATED_AMBIGUOUS, KZ_WHY_OVERLAP, "02 -");
    must_be(t, &m, 1.5, 1.7, KZ_LOCATED_AMBIGUOUS, KZ_WHY_LEVELS, "01 013");
    must_be(t, &m, 5, 5, KZ_LOCATED_OUTSIDE, KZ_WHY_BEYOND, "- -");
    must_be(t, &m, NAN, 0, KZ_LOCATED_OUTSIDE, KZ_WHY_BEYOND, "- -");
    assert_int_equal(kz_pointmap_make(t->ws.work, &t->tree, "BEZIRK", &t->arena, &m, &t->err), KZ_OK);
    must_be(t, &m, 1.5, 1.7, KZ_LOCATED_OK, KZ_WHY_FINE, "02");
    assert_int_equal(kz_pointmap_make(t->ws.work, &t->tree, "kita", &t->arena, &m, &t->err), KZ_E_INPUT);
    assert_string_equal(t->err.id, "locate.no_outlines");
    assert_int_equal(kz_pointmap_make(t->ws.work, &t->tree, "mond", &t->arena, &m, &t->err), KZ_E_MISSING);
}

static void the_tree_has_what_is_valid(void **state)
{
    town *t = *state;
    int at[KZ_TREE_LEVELS];
    assert_int_equal(t->tree.n, 9);
    assert_int_equal(kz_area_tree_find(&t->tree, 20), -1);
    assert_int_equal(kz_area_tree_find(&t->tree, 999), -1);
    int area = kz_area_tree_find(&t->tree, 7);
    assert_string_equal(t->tree.areas[area].key, "022");
    kz_area_tree_chain(&t->tree, area, at);
    assert_string_equal(t->tree.areas[at[0]].key, "05315000");
    assert_string_equal(t->tree.areas[at[1]].key, "02");
    assert_int_equal(at[2], area);
    assert_int_equal(at[3], -1);
    assert_int_equal(t->tree.first[1], 1);
    assert_int_equal(t->tree.first[4], 9);
}

static void a_text_names_an_area_in_five_ways(void **state)
{
    town *t = *state;
    kz_area_keys k;
    static const struct {
        const char *text, *key;
        kz_key_how how;
    } TEXTS[] = {
        { "011", "011", KZ_KEY_EXACT },       { " 011 ", "011", KZ_KEY_EXACT },  { "11", "011", KZ_KEY_ZEROS },
        { "Gebiet 011", "011", KZ_KEY_NAME }, { "GEBIET  011", "011", KZ_KEY_NAME }, { "01101234", "011", KZ_KEY_PREFIX },
        { "1101234", "011", KZ_KEY_ZEROS },   { "", "", KZ_KEY_NONE },           { "999", "", KZ_KEY_NONE },
        { "010", "", KZ_KEY_NONE },           { "Mond", "", KZ_KEY_NONE },
    };
    assert_int_equal(kz_area_keys_make(t->ws.work, &t->tree.levels[2], &t->arena, &k, &t->err), KZ_OK);
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        kz_key_how how;
        int at = kz_area_keys_find(&k, kz_view_of(TEXTS[i].text), &how);
        if (how != TEXTS[i].how || strcmp(at >= 0 ? k.areas[at].key : "", TEXTS[i].key) != 0)
            fail_msg("\"%s\": %s, %d", TEXTS[i].text, at >= 0 ? k.areas[at].key : "-", how);
    }
}

static kz_status open_file(town *t, kz_locate *l, kz_locate_order *order, const char *text)
{
    order->file = t->file;
    assert_int_equal(kz_file_write(t->file, text, strlen(text), NULL), KZ_OK);
    return kz_locate_open(l, t->ws.work, order, &t->err);
}

static void rows_are_counted_by_verdict(void **state)
{
    town *t = *state;
    kz_locate_order order = { .lon = "x", .lat = "y", .crs = "EPSG:25832", .expect = "v" };
    kz_auto(kz_locate) l = { 0 };
    kz_locate_row row;
    assert_int_equal(open_file(t, &l, &order, "x;y;v\n356500;5645500;11\n356500,5;5645500;012\n357700;5646200;\n;;\n400000;5645500;\n"),
                     KZ_OK);
    static const kz_located_verdict WANT[] = { KZ_LOCATED_OK, KZ_LOCATED_MISMATCH, KZ_LOCATED_AMBIGUOUS, KZ_LOCATED_UNKNOWN,
                                               KZ_LOCATED_OUTSIDE };
    int n = 0;
    while (kz_locate_next(&l, &row))
        assert_int_equal(row.verdict, WANT[n++]);
    assert_int_equal(kz_locate_end(&l, &t->err), KZ_OK);
    assert_int_equal(n, 5);
    for (int v = 0; v < KZ_N_LOCATED; v++)
        assert_int_equal(l.count[v], 1);
    assert_true(l.comma && !l.rough);
    assert_int_equal(l.zeros, 1);
}

/* Whatever system the points of a town are in: said rightly all are found, said wrongly the file is refused, and the
 * message has the right one. */
static void every_system_is_recognised(void **state)
{
    town *t = *state;
    kz_crs utm, crs;
    assert_true(kz_crs_find(25832, &utm));
    for (int i = 0; kz_crs_nth(i, &crs); i++) {
        char code[32], text[2000] = "x,y\n";
        snprintf(code, sizeof code, "EPSG:%d", crs.epsg);
        for (int k = 0; k < 20; k++) {
            kz_point p = kz_crs_move(&utm, &crs, (kz_point){ 356100 + 40 * k, 5645100 + 40 * k });
            size_t at = strlen(text);
            snprintf(text + at, sizeof text - at, crs.kind == KZ_CRS_DEGREES ? "%.7f,%.7f\n" : "%.2f,%.2f\n", p.x, p.y);
        }
        if (crs.epsg > 0) {
            kz_locate_order order = { .lon = "x", .lat = "y", .crs = code };
            kz_auto(kz_locate) l = { 0 };
            kz_locate_row row;
            assert_int_equal(open_file(t, &l, &order, text), KZ_OK);
            while (kz_locate_next(&l, &row))
                assert_int_equal(row.verdict, KZ_LOCATED_OK);
            assert_int_equal(l.count[KZ_LOCATED_OK], 20);
            kz_locate_order swapped = { .lon = "y", .lat = "x", .crs = code };
            kz_auto(kz_locate) l2 = { 0 };
            assert_int_equal(open_file(t, &l2, &swapped, text), KZ_E_INPUT);
            assert_string_equal(t->err.id, "locate.swapped");
        }
        kz_locate_order wrong = { .lon = "x", .lat = "y", .crs = crs.kind == KZ_CRS_DEGREES ? "EPSG:25832" : "EPSG:4326" };
        kz_auto(kz_locate) l3 = { 0 };
        assert_int_equal(open_file(t, &l3, &wrong, text), KZ_E_INPUT);
        assert_string_equal(t->err.id, crs.epsg == 0 ? "locate.false_easting" : "locate.wrong_crs");
    }
}

static void refuses_what_cannot_be_located(void **state)
{
    town *t = *state;
    static const struct {
        const char *text, *lon, *lat, *crs, *id;
        kz_status status;
    } BAD[] = {
        { "a,b\n1,2\n", NULL, NULL, NULL, "locate.no_columns", KZ_E_USAGE },
        { "x,y\n7,51\n", "x", "z", NULL, "csv.no_column", KZ_E_INPUT },
        { "x,y\n7,51\n7\n", "x", "y", NULL, "csv.ragged", KZ_E_INPUT },
        { "x,y\n7,51\n", "x", "y", "EPSG:1", "locate.bad_crs", KZ_E_INPUT },
        { "x,y\n7,51\n", "x", "y", "UTM", "locate.bad_crs", KZ_E_INPUT },
        { "x,y\n", "x", "y", NULL, "csv.no_rows", KZ_E_INPUT },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        kz_locate_order order = { .lon = BAD[i].lon, .lat = BAD[i].lat, .crs = BAD[i].crs };
        kz_auto(kz_locate) l = { 0 };
        assert_int_equal(open_file(t, &l, &order, BAD[i].text), BAD[i].status);
        if (strncmp(BAD[i].id, "csv.", 4) != 0) /* the ids of the reader are its own */
            assert_string_equal(t->err.id, BAD[i].id);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TEST(a_point_has_an_area_of_each_level), TEST(the_tree_has_what_is_valid),
             TEST(a_text_names_an_area_in_five_ways), TEST(rows_are_counted_by_verdict), TEST(every_system_is_recognised),
             TEST(refuses_what_cannot_be_located))
