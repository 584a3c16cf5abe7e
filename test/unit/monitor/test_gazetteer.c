/* From an address to its area. */
#include "kz_test.h"
#include "kz_test_remove.h"

#include "base/rng.h"
#include "io/file.h"
#include "monitor/gazetteer.h"
#include "monitor/gazetteer_import.h"
#include "monitor/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A town with three quarters, and a folder of its own for lists. */
typedef struct town {
    char dir[64], file[128];
    kz_workspace ws;
    kz_findings found;
    kz_gazetteer_report r;
    kz_err err;
} town;

static int set_up(void **state)
{
    static const char AREAS[] =
        "INSERT INTO level (id, code, one, many, \"rank\") VALUES (2, 'viertel', 'Viertel', 'Viertel', 1);"
        "INSERT INTO area (id, level, key, name, parent) VALUES (2, 2, '01', 'Alt', 1), (3, 2, '02', 'Neu', 1),"
        " (4, 2, '03', 'Hafen', 1)";
    char path[128];
    town *t = calloc(1, sizeof *t);
    if (!t)
        return -1;
    memcpy(t->dir, "/tmp/kekiz-unit.XXXXXX", sizeof "/tmp/kekiz-unit.XXXXXX");
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
    kz_workspace_done(&t->ws);
    kz_findings_done(&t->found);
    kz_test_remove(t->dir);
    free(t);
    return 0;
}

static kz_status bring(town *t, const char *text, bool add)
{
    kz_gazetteer_order order = { .file = t->file, .by_user = "test", .add = add };
    assert_int_equal(kz_file_write(t->file, text, strlen(text), NULL), KZ_OK);
    kz_findings_done(&t->found);
    kz_findings_init(&t->found, t->file);
    t->err = (kz_err){ 0 };
    return kz_gazetteer_import(&t->ws, &order, &t->found, &t->r, &t->err);
}

static void must_be(const kz_gazetteer *g, const char *street, const char *number, const char *postcode,
                    kz_located_verdict verdict, kz_located_why why, const char *code)
{
    kz_address a = { kz_view_of(street), kz_view_of(number), kz_view_of(""), kz_view_of(postcode) };
    kz_located at;
    kz_located_verdict v = kz_gazetteer_find(g, &a, &at);
    const char *got = at.place >= 0 ? kz_gazetteer_place(g, at.place)->code : "";
    if (v != verdict || at.verdict != v || at.why != why || strcmp(got, code) != 0)
        fail_msg("%s %s %s: %s, %s, \"%s\"", street, number, postcode, kz_located_name(v), kz_located_text(at.why), got);
}

#define OK KZ_LOCATED_OK, KZ_WHY_FINE
#define UNKNOWN(why) KZ_LOCATED_UNKNOWN, KZ_WHY_##why, ""
#define AMBIGUOUS(why) KZ_LOCATED_AMBIGUOUS, KZ_WHY_##why, ""
#define A "viertel:01"
#define B "viertel:02"
#define C "viertel:03"

static const char LIST[] =
    "Straße;Hausnr.;Zusatz;PLZ;Viertel\n"
    "Hauptstr.;1;;50667;01\n"
    "Hauptstr.;2;;50667;02\n"
    "Hauptstr.;2;a;50667;03\n"
    "Hauptstr.;4;a;50667;02\n"
    "Hauptstr.;4;b;50667;02\n"
    "Hauptstr.;6;a;50667;02\n"
    "Hauptstr.;6;b;50667;03\n"
    "Langer Weg;1-9;;50667;01\n"
    "Langer Weg;2-10;;50667;02\n"
    "Langer Weg;11-20;;50667;03\n"
    "Bachgasse;;;50667;01\n"
    "Bachgasse;7;;50667;02\n"
    "Dorfstraße;1;;50667;01\n"
    "Dorfstraße;1;;50999;02\n"
    "Dorfstraße;3;;50667;01\n"
    "Dorfstraße;3;;50999;01\n"
    "Am Ufer;5a-c;;50999;03\n";

static void finds_what_the_list_says(void **state)
{
    town *t = *state;
    kz_auto(kz_gazetteer_ref) g = NULL;
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_E_MISSING);
    assert_string_equal(t->err.id, "gazetteer.none");
    assert_int_equal(bring(t, LIST, false), KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    assert_int_equal(kz_gazetteer_measure(g).streets, 5);
    assert_int_equal(kz_gazetteer_n_places(g), 3);

    must_be(g, "Hauptstraße", "1", "50667", OK, A);
    must_be(g, "HAUPTSTRASSE", "1", "", OK, A);
    must_be(g, "Hauptstr.", "2", "", OK, B);
    must_be(g, "Hauptstr.", "2 A", "", OK, C);
    must_be(g, "Hauptstr.", "2b", "", OK, B);      /* no 2b: the number */
    must_be(g, "Hauptstr.", "4", "", OK, B);       /* 4a and 4b agree */
    must_be(g, "Hauptstr.", "6", "", AMBIGUOUS(AREAS));
    must_be(g, "Hauptstr.", "6b", "", OK, C);
    must_be(g, "Hauptstr.", "1-2", "", AMBIGUOUS(ENDS));
    must_be(g, "Hauptstr.", "99", "", UNKNOWN(NUMBER));
    must_be(g, "Hauptstr.", "", "", AMBIGUOUS(NO_NUMBER));
    must_be(g, "Hauptstr.", "zwei", "", UNKNOWN(BAD_NUMBER));
    must_be(g, "Hauptstr.", "1", "Köln", UNKNOWN(BAD_POSTCODE));
    must_be(g, "", "1", "", UNKNOWN(NO_STREET));
    must_be(g, "Hauptgasse", "1", "50667", UNKNOWN(STREET));
    must_be(g, "Hauptgasse", "1", "10115", KZ_LOCATED_OUTSIDE, KZ_WHY_FOREIGN, "");
    must_be(g, "Hauptstr.", "1", "10115", KZ_LOCATED_OUTSIDE, KZ_WHY_FOREIGN, "");
    must_be(g, "Hauptstr.", "1", "50999", KZ_LOCATED_MISMATCH, KZ_WHY_POSTCODE, A);
}

static void knows_ranges_and_sides(void **state)
{
    town *t = *state;
    kz_auto(kz_gazetteer_ref) g = NULL;
    assert_int_equal(bring(t, LIST, false), KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    must_be(g, "Langer Weg", "1", "", OK, A);
    must_be(g, "Langer Weg", "3", "", OK, A); /* in 2-10 as well, but that is the other side */
    must_be(g, "Langer Weg", "4", "", OK, B);
    must_be(g, "Langer Weg", "9c", "", OK, A);
    must_be(g, "Langer Weg", "15", "", OK, C); /* 11-20: both sides */
    must_be(g, "Langer Weg", "16", "", OK, C);
    must_be(g, "Langer Weg", "21", "", UNKNOWN(NUMBER));
    must_be(g, "Bachgasse", "7", "", OK, B);
    must_be(g, "Bachgasse", "8", "", OK, A); /* the whole street */
    must_be(g, "Dorfstr.", "1", "50667", OK, A);
    must_be(g, "Dorfstr.", "1", "50999", OK, B);
    must_be(g, "Dorfstr.", "1", "", AMBIGUOUS(POSTCODES));
    must_be(g, "Dorfstr.", "3", "", OK, A);
    must_be(g, "Am Ufer", "5b", "", OK, C);
    must_be(g, "Am Ufer", "", "", OK, C);
}

static void takes_ranges_and_sides_in_columns_of_their_own(void **state)
{
    town *t = *state;
    kz_auto(kz_gazetteer_ref) g = NULL;
    assert_int_equal(bring(t, "Strassenname,von,bis,Seite,Viertel-Schlüssel\nRing,1,99,u,1\nRing,2,40,g,Neu\n"
                              "Ring,42,Ende,gerade,3\n", false), KZ_OK);
    assert_int_equal(t->found.count[KZ_NOTICE], 2); /* 1 and 3 have lost their zero */
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    must_be(g, "Ring", "55", "", OK, A);
    must_be(g, "Ring", "40", "", OK, B);
    must_be(g, "Ring", "41", "", OK, A);
    must_be(g, "Ring", "1000", "", OK, C);
    must_be(g, "Ring", "101", "", UNKNOWN(NUMBER));
}

static void proposes_and_does_not_match(void **state)
{
    town *t = *state;
    kz_auto(kz_gazetteer_ref) g = NULL;
    assert_int_equal(bring(t, "Straße;Nr;Viertel\nMeyerstraße;1;01\nKarlstraße;1;02\nWeg zur Linde;1;03\n", false),
                     KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    must_be(g, "Meierstr.", "1", "", UNKNOWN(STREET));
    assert_string_equal(kz_gazetteer_propose(g, kz_view_of("Meierstr.")), "Meyerstraße");
    assert_string_equal(kz_gazetteer_propose(g, kz_view_of("Carlstr.")), "Karlstraße");
    assert_string_equal(kz_gazetteer_propose(g, kz_view_of("Weg zur Linda")), "Weg zur Linde");
    assert_null(kz_gazetteer_propose(g, kz_view_of("Bahnhofsplatz")));
    assert_null(kz_gazetteer_propose(g, kz_view_of("")));
}

static void says_every_line_that_is_wrong(void **state)
{
    town *t = *state;
    bool there;
    assert_int_equal(bring(t, "Straße;Nr;PLZ;Viertel\nA;1;50667;01\n;1;50667;01\nA;x;50667;01\nA;1;5;01\nA;1;50667;99\n"
                              "A;1;50667\n", false), KZ_E_INPUT);
    assert_string_equal(t->err.id, "gazetteer.errors");
    assert_int_equal(t->found.count[KZ_ERROR], 5);
    static const char *const RULES[] = { "gazetteer.empty_street", "gazetteer.number", "gazetteer.postcode",
                                         "gazetteer.area", "gazetteer.ragged" };
    for (int i = 0; i < 5; i++) {
        assert_string_equal(t->found.list[i]->rule, RULES[i]);
        assert_int_equal(t->found.list[i]->row, 3 + i);
    }
    assert_int_equal(kz_gazetteer_is(t->ws.work, 1, &there, &t->err), KZ_OK);
    assert_false(there);
    assert_int_equal(bring(t, "Nr;Viertel\n1;01\n", false), KZ_E_INPUT);
    assert_string_equal(t->err.id, "gazetteer.no_street");
    assert_int_equal(bring(t, "Straße;Nr\nA;01\n", false), KZ_E_INPUT);
    assert_string_equal(t->err.id, "gazetteer.no_area");
    assert_int_equal(bring(t, "Straße;Nr;Viertel\nA;1;01\nA;1;02\n", false), KZ_E_FINDING);
    assert_int_equal(t->found.count[KZ_WARNING], 1);
}

static void a_new_list_replaces_and_undo_brings_the_old_one_back(void **state)
{
    town *t = *state;
    kz_gazetteer_ref g = NULL;
    assert_int_equal(bring(t, "Straße;Nr;Viertel\nAlt;1;01\n", false), KZ_OK);
    assert_int_equal(bring(t, "Straße;Nr;Viertel\nAlt;1;01\n", false), KZ_E_CONFLICT);
    assert_int_equal(bring(t, "Straße;Nr;Viertel\nAlt;1;02\nNeu;1;02\n", false), KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    must_be(g, "Alt", "1", "", OK, B);
    kz_gazetteer_ref_done(&g);
    assert_int_equal(bring(t, "Straße;Nr;Viertel\nDritte;1;03\n", true), KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    must_be(g, "Alt", "1", "", OK, B);
    must_be(g, "Dritte", "1", "", OK, C);
    kz_gazetteer_ref_done(&g);
    assert_int_equal(kz_import_undo(&t->ws, 1, &t->err), KZ_E_CONFLICT); /* replaced */
    assert_int_equal(kz_import_undo(&t->ws, 3, &t->err), KZ_OK);
    assert_int_equal(kz_import_undo(&t->ws, 2, &t->err), KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    must_be(g, "Alt", "1", "", OK, A);
    must_be(g, "Neu", "1", "", UNKNOWN(STREET));
    kz_gazetteer_ref_done(&g);
    assert_int_equal(kz_import_undo(&t->ws, 1, &t->err), KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_E_MISSING);
}

/* 300 houses drawn at random: each is found again, in any spelling, with its own area. */
static void every_house_of_a_list_is_found(void **state)
{
    town *t = *state;
    kz_auto(kz_gazetteer_ref) g = NULL;
    kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
    kz_rng rng = { 7 };
    int area[20][60] = { 0 };
    kz_buf_str(&csv, "Straße;Hausnummer;Viertel\n");
    for (int i = 0; i < 300; i++) {
        uint32_t s = kz_rng_below(&rng, 20), n = 1 + kz_rng_below(&rng, 59);
        if (area[s][n] == 0) {
            area[s][n] = 1 + (int)kz_rng_below(&rng, 3);
            kz_buf_fmt(&csv, "Straße der Nummer %u;%u;0%d\n", s, n, area[s][n]);
        }
    }
    assert_int_equal(bring(t, kz_buf_text(&csv), false), KZ_OK);
    assert_int_equal(kz_gazetteer_open(t->ws.work, &g, &t->err), KZ_OK);
    for (int s = 0; s < 20; s++)
        for (int n = 1; n < 60; n++) {
            char street[64], number[16];
            snprintf(street, sizeof street, "STR. D. NUMMER %d", s);
            snprintf(number, sizeof number, "%d", n);
            if (area[s][n] == 0)
                must_be(g, street, number, "", UNKNOWN(NUMBER));
            else
                must_be(g, street, number, "", OK, area[s][n] == 1 ? A : area[s][n] == 2 ? B : C);
        }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TEST(finds_what_the_list_says), TEST(knows_ranges_and_sides),
             TEST(takes_ranges_and_sides_in_columns_of_their_own), TEST(proposes_and_does_not_match),
             TEST(says_every_line_that_is_wrong), TEST(a_new_list_replaces_and_undo_brings_the_old_one_back),
             TEST(every_house_of_a_list_is_found))
