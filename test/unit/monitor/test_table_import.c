#include "table_town.h"

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
             T(a_map_that_was_edited_is_a_version_of_its_own),
             T(a_missing_part_may_explain_a_smaller_sum_but_not_a_larger),
             T(a_name_that_contradicts_its_key_is_a_warning), T(one_mistake_in_every_row_is_said_once_and_counted),
             T(the_report_is_a_table_with_the_errors_first), T(files_that_are_no_table_are_refused_whole),
             T(the_map_of_the_last_delivery_is_remembered), T(the_matrix_has_every_count_in_its_place))
