#include "kz_test.h"

#include <stdlib.h>
#include <string.h>

#include "test_atlas.h"
#include "web/pages.h"
#include "web/words.h"

static town prueft;

typedef struct asked {
    kz_status st;
    kz_err err;
    kz_arena arena;
    kz_buf out;
} asked;

static void asked_done(asked *a)
{
    kz_buf_done(&a->out);
    kz_arena_done(&a->arena);
}

static void ask(asked *a, kz_page_fn page, const char *param, const char *value, const char *query,
                const char *query_value)
{
    const kz_param path = { param, value }, q = { query, query_value };
    kz_request rq = { .method = "GET",
                      .path = "/x",
                      .url = "/x",
                      .atlas = &prueft.atlas,
                      .arena = &a->arena,
                      .out = &a->out,
                      .n_path = param ? 1 : 0,
                      .path_params = &path,
                      .n_query = query ? 1 : 0,
                      .query = &q };
    a->out = kz_buf_init(4u << 20);
    kz_arena_init(&a->arena, 16u << 20);
    a->st = page(&rq);
    a->err = rq.err;
}

static bool says(const asked *a, const char *text)
{
    return strstr(kz_buf_text(&a->out), text) != NULL;
}

static int times(const char *p, const char *what)
{
    int n = 0;
    for (; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

/* Every id once; sections, tables and drawings closed; no number that is none, no text without words. */
static void check_sound(const asked *a)
{
    const char *text = kz_buf_text(&a->out);
    assert_int_equal(a->st, KZ_OK);
    for (const char *p = text; (p = strstr(p, " id=\"")); p += 5) {
        char id[80];
        size_t n = strcspn(p + 5, "\"");
        assert_true(n < 70);
        memcpy(id, p, n + 6);
        id[n + 6] = '\0';
        if (times(text, id) != 1)
            fail_msg("twice: %s", id);
    }
    static const char *const PAIRS[][2] = { { "<section", "</section>" }, { "<svg", "</svg>" },
                                            { "<table", "</table>" },     { "<tr", "</tr>" },
                                            { "<div", "</div>" },         { "<ul", "</ul>" },
                                            { "<li", "</li>" },           { "<p", "</p>" } };
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS - 1; i++)
        assert_int_equal(times(text, PAIRS[i][0]) -
                             (strcmp(PAIRS[i][0], "<li") == 0 ? times(text, "<link") : 0),
                         times(text, PAIRS[i][1]));
    assert_null(strstr(text, "NaN"));
    assert_null(strstr(text, ">inf"));
    assert_null(strstr(text, "page."));
    assert_null(strstr(text, "<b>&\""));
    assert_null(strstr(text, "style="));
}

static void every_page_is_sound(void **state)
{
    (void)state;
    static const struct {
        kz_page_fn page;
        const char *param, *value, *query, *query_value;
    } CASES[] = {
        { kz_page_start, NULL, NULL, NULL, NULL },
        { kz_page_themes, NULL, NULL, NULL, NULL },
        { kz_page_theme, "indicator", "menschen", NULL, NULL },
        { kz_page_theme, "indicator", "kinder", "gebiet", "stadtteil-2" },
        { kz_page_theme, "indicator", "kinder", "gebiet", "stadtteil-3" },
        { kz_page_theme, "indicator", "kinder", "gebiet", "nach-stadtbezirk" },
        { kz_page_theme, "indicator", "wachstum", "gebiet", "stadtteil-6" },
        { kz_page_theme, "indicator", "wachstum", "jahr", "2011" },
        { kz_page_areas, NULL, NULL, NULL, NULL },
        { kz_page_area, "area", "stadt-1", NULL, NULL },
        { kz_page_area, "area", "stadtbezirk-1", NULL, NULL },
        { kz_page_area, "area", "stadtteil-3", NULL, NULL },
        { kz_page_search, NULL, NULL, "q", "oed" },
        { kz_page_search, NULL, NULL, "q", "<b>&" },
        { kz_page_data, NULL, NULL, NULL, NULL },
        { kz_page_access, NULL, NULL, NULL, NULL },
        { kz_page_privacy, NULL, NULL, NULL, NULL },
        { kz_page_imprint, NULL, NULL, NULL, NULL },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        kz_auto(asked) a;
        ask(&a, CASES[i].page, CASES[i].param, CASES[i].value, CASES[i].query, CASES[i].query_value);
        check_sound(&a);
    }
}

static void a_hidden_cell_is_a_point_everywhere_and_never_its_number(void **state)
{
    (void)state;
    static const kz_page_fn PAGES[] = { kz_page_start, kz_page_theme, kz_page_area, kz_page_theme_csv,
                                        kz_page_area_csv };
    for (size_t i = 0; i < 5; i++) {
        kz_auto(asked) a;
        ask(&a, PAGES[i], i == 2 || i == 4 ? "area" : "indicator",
            i == 2 || i == 4 ? "stadtteil-3" : "kinder", NULL, NULL);
        assert_int_equal(a.st, KZ_OK);
        assert_false(says(&a, "987654"));
        assert_false(says(&a, "987.654"));
        assert_false(says(&a, "98,8"));
        assert_false(says(&a, "0.98"));
    }
}

static void the_sentence_says_how_sure_it_is(void **state)
{
    (void)state;
    kz_auto(asked) more, less, same, hidden;
    ask(&more, kz_page_theme, "indicator", "kinder", "gebiet", "stadtteil-5");
    assert_true(says(&more, "In <b>Ufer</b> sind <b>20 von 100</b>"));
    assert_true(says(&more, "Das ist <b>sicher mehr</b> als in der Stadt (10)."));
    ask(&less, kz_page_theme, "indicator", "kinder", "gebiet", "stadtteil-2");
    assert_true(says(&less, "<b>sicher weniger</b>"));
    ask(&same, kz_page_theme, "indicator", "kinder", "gebiet", "stadtteil-4");
    assert_true(says(&same, "<b>nicht vom Stadtwert zu unterscheiden</b>"));
    ask(&hidden, kz_page_theme, "indicator", "kinder", "gebiet", "stadtteil-3");
    assert_true(says(&hidden, "ist verborgen (.), damit niemand erkannt werden kann"));
}

static void search_takes_umlauts_either_way_and_a_part_of_a_name(void **state)
{
    (void)state;
    static const char *const WAYS[] = { "Öden", "oeden", "ÖDE", "oede" };
    for (size_t i = 0; i < 4; i++) {
        kz_auto(asked) a;
        ask(&a, kz_page_search, NULL, NULL, "q", WAYS[i]);
        assert_true(says(&a, "href=\"/gebiet/stadtteil-3\""));
    }
}

static void what_does_not_exist_is_named(void **state)
{
    (void)state;
    kz_auto(asked) theme, year, area;
    ask(&theme, kz_page_theme, "indicator", "nichts", NULL, NULL);
    assert_int_equal(theme.st, KZ_E_MISSING);
    ask(&year, kz_page_theme, "indicator", "kinder", "jahr", "1999");
    assert_int_equal(year.st, KZ_E_INPUT);
    assert_string_equal(year.err.id, "page.unknown.period");
    ask(&area, kz_page_area, "area", "stadtteil-99", NULL, NULL);
    assert_int_equal(area.st, KZ_E_MISSING);
}

static void a_page_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    const kz_param path = { "indicator", "kinder" };
    kz_arena small;
    kz_arena_init(&small, 200);
    kz_auto(kz_buf) out = kz_buf_init(1u << 20);
    kz_request rq = { .method = "GET",
                      .path = "/x",
                      .url = "/x",
                      .atlas = &prueft.atlas,
                      .arena = &small,
                      .out = &out,
                      .n_path = 1,
                      .path_params = &path };
    assert_int_equal(kz_page_theme(&rq), KZ_E_LIMIT);
    kz_arena_done(&small);
}

/* ---- catalogue, data sheet, life course ------------------------------------------------- */

static const kz_atlas_phase PHASES[] = { { "rahmen", "Rahmen", "alle", "So leben wir", -9, 300, false },
                                         { "kita", "Kita", "3 bis 5 Jahre", "Die Kita", 36, 72, true },
                                         { "beruf", "Beruf", "ab 18", "Der Beruf", 216, 300, true } };
static const kz_atlas_change CHANGES[] = { { 1, "2026-11-26", "Erste Fassung." } };

/* "Kinder" stands for the Kita; the other two frame it. */
static void with_phases(void)
{
    prueft.atlas.n_phases = 3;
    prueft.atlas.phases = PHASES;
    kz_atlas_indicator *i = &prueft.indicators[1];
    i->phase = 1;
    i->is_key = true;
    i->numerator = "count(ewo: age_years < 6)";
    i->interpretation = "So ist sie zu lesen.";
    i->caveat = "Eins.\nZwei.";
    i->age_from = 0;
    i->age_to = 5;
    i->leicht_title = "Kinder hier";
    i->leicht = "Wir zählen Kinder.\nDas ist gut.";
    i->leicht_of = "Menschen";
    i->changes = CHANGES;
    i->n_changes = 1;
}

static void the_life_course_has_a_row_a_phase_and_says_how_sure_it_is(void **state)
{
    (void)state;
    kz_auto(asked) ufer = { 0 };
    kz_auto(asked) hidden = { 0 };
    kz_auto(asked) moon = { 0 };
    with_phases();
    ask(&ufer, kz_page_life, NULL, NULL, "gebiet", "stadtteil-5"); /* 2,000 of 10,000, the city 10 % */
    check_sound(&ufer);
    assert_true(says(&ufer, "3 bis 5 Jahre") && says(&ufer, "<b>sicher mehr</b> als in der Stadt"));
    assert_true(says(&ufer, "noch keine Zahl veröffentlicht")); /* into work */
    assert_true(says(&ufer, "2011 bis 2012"));
    ask(&hidden, kz_page_life, NULL, NULL, "gebiet", "stadtteil-3");
    check_sound(&hidden);
    assert_false(says(&hidden, "987654") || says(&hidden, "98,8"));
    ask(&moon, kz_page_life, NULL, NULL, "gebiet", "mond");
    assert_int_equal(moon.st, KZ_E_INPUT);
    town_make(&prueft);
}

static void a_data_sheet_tells_formula_caveats_versions_and_speaks_leicht(void **state)
{
    (void)state;
    kz_auto(asked) sheet = { 0 };
    kz_auto(asked) leicht = { 0 };
    kz_auto(asked) moon = { 0 };
    with_phases();
    ask(&sheet, kz_page_sheet, "indicator", "kinder", NULL, NULL);
    check_sound(&sheet);
    assert_true(says(&sheet, "Kinder geteilt durch Einwohner, mal 100"));
    assert_true(says(&sheet, "count(ewo: age_years &lt; 6)"));
    assert_true(says(&sheet, "<dd>Eins.</dd><dd>Zwei.</dd>") && says(&sheet, "Erste Fassung."));
    ask(&leicht, kz_page_sheet, "indicator", "kinder", "sprache", "leicht");
    check_sound(&leicht);
    assert_true(says(&leicht, "Wir zählen Kinder.<br>Das ist gut."));
    assert_true(says(&leicht, "<b>etwa 1\u00A0von\u00A010</b> Menschen"));
    ask(&moon, kz_page_sheet, "indicator", "mond", NULL, NULL);
    assert_int_equal(moon.st, KZ_E_MISSING);
    town_make(&prueft);
}

static void the_catalogue_is_found_by_phase(void **state)
{
    (void)state;
    kz_auto(asked) kita = { 0 };
    kz_auto(asked) moon = { 0 };
    with_phases();
    ask(&kita, kz_page_themes, NULL, NULL, "phase", "kita");
    check_sound(&kita);
    assert_true(says(&kita, "/thema/kinder\"") && !says(&kita, "/thema/wachstum\""));
    ask(&moon, kz_page_themes, NULL, NULL, "phase", "mond");
    assert_int_equal(moon.st, KZ_E_INPUT);
    town_make(&prueft);
}

static int set_up(void **state)
{
    (void)state;
    town_make(&prueft);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KZ_TEST(every_page_is_sound),
        KZ_TEST(a_hidden_cell_is_a_point_everywhere_and_never_its_number),
        KZ_TEST(the_sentence_says_how_sure_it_is),
        KZ_TEST(search_takes_umlauts_either_way_and_a_part_of_a_name),
        KZ_TEST(what_does_not_exist_is_named),
        KZ_TEST(a_page_that_does_not_fit_is_refused),
        KZ_TEST(the_life_course_has_a_row_a_phase_and_says_how_sure_it_is),
        KZ_TEST(a_data_sheet_tells_formula_caveats_versions_and_speaks_leicht),
        KZ_TEST(the_catalogue_is_found_by_phase),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, set_up, NULL);
}
