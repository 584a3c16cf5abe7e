#include "kz_test.h"

#include "base/text.h"
#include "monitor/measure.h"
#include "monitor/source.h"

#include <string.h>

static void every_source_in_the_program_can_be_loaded(void **state)
{
    (void)state;
    kz_arena a;
    const char *const *ids;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_source_ids(&a, &ids, NULL), KZ_OK);
    int n = 0;
    for (; ids[n]; n++) {
        kz_source s;
        kz_err err = { 0 };
        assert_int_equal(kz_source_load(ids[n], &a, &s, &err), KZ_OK);
        assert_string_equal(s.id, ids[n]);
    }
    assert_true(n >= 1);
    kz_arena_done(&a);
}

static void the_table_of_residents_holds_counts_and_names_its_protection(void **state)
{
    (void)state;
    kz_arena a;
    kz_source s;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_source_load("einwohner-tabelle", &a, &s, NULL), KZ_OK);
    assert_int_equal(s.rows, KZ_ROWS_TABLE);
    assert_string_equal(s.profile, "register");
    int columns = 0;
    for (int i = 0; i < s.n_fields; i++)
        columns += strcmp(s.fields[i].field, "column") == 0;
    assert_int_equal(columns, 5);
    kz_arena_done(&a);
}

static void an_unknown_source_is_missing_and_the_message_lists_the_known_ones(void **state)
{
    (void)state;
    kz_arena a;
    kz_source s = { .n_fields = -5 };
    kz_err err = { 0 };
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_source_load("../measures", &a, &s, &err), KZ_E_MISSING);
    assert_int_equal(s.n_fields, -5);
    kz_auto(kz_buf) said = kz_buf_init(4096);
    kz_err_say(&said, KZ_LANG_DE, &err);
    assert_non_null(strstr(kz_buf_text(&said), "einwohner-tabelle"));
    kz_arena_done(&a);
}

static void measures_are_found_by_code_and_stand_in_the_order_of_the_file(void **state)
{
    (void)state;
    const kz_measures *ms;
    assert_int_equal(kz_measures_get(&ms, NULL), KZ_OK);
    assert_int_equal(kz_measure_find(ms, "pop"), 0);
    assert_int_equal(kz_measure_find(ms, "nobody"), -1);
    for (int i = 0; i < ms->n; i++)
        assert_int_equal(kz_measure_find(ms, ms->list[i].code), i);
}

static void relations_say_that_two_sexes_make_up_the_population(void **state)
{
    (void)state;
    const kz_measures *ms;
    assert_int_equal(kz_measures_get(&ms, NULL), KZ_OK);
    assert_true(ms->n_relations >= 9);
    const kz_relation *r = &ms->relations[0];
    assert_int_equal(r->whole, kz_measure_find(ms, "pop"));
    assert_false(r->at_least);
    assert_int_equal(r->n_parts, 2);
    assert_int_equal(r->parts[0], kz_measure_find(ms, "sex_m"));
    assert_int_equal(r->parts[1], kz_measure_find(ms, "sex_f"));
}

KZ_TEST_MAIN(KZ_TEST(every_source_in_the_program_can_be_loaded),
             KZ_TEST(the_table_of_residents_holds_counts_and_names_its_protection),
             KZ_TEST(an_unknown_source_is_missing_and_the_message_lists_the_known_ones),
             KZ_TEST(measures_are_found_by_code_and_stand_in_the_order_of_the_file),
             KZ_TEST(relations_say_that_two_sexes_make_up_the_population))
