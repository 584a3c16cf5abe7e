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
    kz_arena_init(&a, 16 << 20);
    assert_int_equal(kz_source_ids(&a, &ids, NULL), KZ_OK);
    int n = 0;
    for (; ids[n]; n++) {
        kz_source s;
        kz_err err = { 0 };
        assert_int_equal(kz_source_load(ids[n], &a, &s, &err), KZ_OK);
        assert_string_equal(s.id, ids[n]);
        for (int i = 0; s.rows == KZ_ROWS_PERSONS && i < s.n_columns; i++) /* what is kept identifies nobody */
            if (s.columns[i].kept)
                assert_true(s.columns[i].kind != KZ_SRC_ADDRESS && s.columns[i].kind != KZ_SRC_EVENT_DAY);
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

static const kz_source_column *column(const kz_source *s, const char *name)
{
    const kz_source_column *c = kz_source_column_find(s, name);
    assert_non_null(c);
    return c;
}

static void rows_of_persons_have_columns_with_types_codes_and_names(void **state)
{
    (void)state;
    kz_arena a;
    kz_source s;
    const kz_source_header *how;
    kz_arena_init(&a, 4 << 20);
    assert_int_equal(kz_source_load("ewo", &a, &s, NULL), KZ_OK);
    assert_int_equal(s.rows, KZ_ROWS_PERSONS);
    assert_int_equal(s.time, KZ_SOURCE_DAY);
    assert_int_equal(s.day * 100 + s.month, 3112);
    assert_int_equal(s.address, KZ_ADDRESS_GAZETTEER);
    assert_string_equal(s.unique, "person");
    assert_int_equal(column(&s, "person")->kind, KZ_SRC_PERSON);
    assert_false(column(&s, "street")->kept);
    assert_false(column(&s, "surname")->kept);
    assert_int_equal(column(&s, "age_months")->kind, KZ_SRC_BIRTH);
    const kz_source_column *sex = column(&s, "sex");
    assert_int_equal(sex->n_codes, 4);
    assert_string_equal(sex->codes[0].code, "m");
    assert_ptr_equal(kz_source_header_find(&s, kz_view_of("Haus-Nr."), &how), column(&s, "house_number"));
    assert_ptr_equal(kz_source_header_find(&s, kz_view_of("EINZUGSDATUM"), &how), column(&s, "years_here"));
    assert_int_equal(how->how, KZ_HOW_YEARS_SINCE);
    assert_ptr_equal(kz_source_header_find(&s, kz_view_of("Viertel"), &how), column(&s, "area"));
    assert_string_equal(how->level, "viertel");
    assert_null(kz_source_header_find(&s, kz_view_of("Konfession"), &how));
    kz_arena_done(&a);
}

static void a_code_is_found_by_any_spelling_and_no_answer_is_a_code_of_its_own(void **state)
{
    (void)state;
    kz_arena a;
    kz_source s;
    kz_arena_init(&a, 4 << 20);
    assert_int_equal(kz_source_load("seu", &a, &s, NULL), KZ_OK);
    const kz_source_column *bmi = column(&s, "bmi"), *u8 = column(&s, "u8");
    assert_string_equal(kz_source_code_find(bmi, kz_view_of("ADIPOES")), "obese");
    assert_string_equal(kz_source_code_find(bmi, kz_view_of(" Übergewicht ")), "over");
    assert_string_equal(kz_source_code_find(bmi, kz_view_of("k.A.")), "");
    assert_null(kz_source_code_find(bmi, kz_view_of("5")));
    assert_true(u8->yes_no);
    assert_string_equal(kz_source_code_find(u8, kz_view_of("Ja")), "yes");
    assert_string_equal(kz_source_code_find(u8, kz_view_of("0")), "no");
    assert_string_equal(kz_source_code_find(column(&s, "attention"), kz_view_of("nicht untersucht")), "");
    kz_arena_done(&a);
}

static void rows_of_the_agency_refuse_addresses_and_share_no_pseudonym(void **state)
{
    (void)state;
    kz_arena a;
    kz_source sgb2, ewo, households;
    kz_arena_init(&a, 8 << 20);
    assert_int_equal(kz_source_load("sgb2-personen", &a, &sgb2, NULL), KZ_OK);
    assert_int_equal(kz_source_load("ewo", &a, &ewo, NULL), KZ_OK);
    assert_int_equal(kz_source_load("haushalte", &a, &households, NULL), KZ_OK);
    assert_int_equal(sgb2.address, KZ_ADDRESS_REFUSED);
    assert_string_not_equal(sgb2.family, ewo.family);
    assert_string_equal(households.family, ewo.family);
    kz_arena_done(&a);
}

/* A source of five good lines, and one more. */
static kz_status with_line(const char *line, kz_err *err)
{
    kz_arena a;
    kz_source s = { .n_fields = -5 };
    kz_auto(kz_buf) text = kz_buf_init(4096);
    kz_arena_init(&a, 1 << 20);
    kz_buf_fmt(&text, "field\tname\ttype\ttext\ntitle\t\t\tProbe\nrows\t\tpersons\t\ntime\t31.12.\tyear\t\n"
                      "retention\t5\tyears\t\nprofile\tregister\t\t\ncolumn\tkind\tcode\tArt\n"
                      "header\tkind\t\tArt | Sorte\ncode\tkind\ta\tA | eins\ncode\tkind\tb\tB\n%s\n", line);
    kz_status st = kz_source_parse("probe", "probe.tsv", kz_buf_text(&text), text.n, &a, &s, err);
    if (st != KZ_OK)
        assert_int_equal(s.n_fields, -5);
    kz_arena_done(&a);
    return st;
}

static void what_is_wrong_in_a_source_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *line, *id;
    } BAD[] = {
        { "colum\tx\tint 0..9\t", "source.field" },          { "column\tx\tint\t", "source.field" },
        { "column\tx\tint 9..0\t", "source.field" },         { "column\tx\tcode?x\t", "source.field" },
        { "column\tx\tkey\t", "source.field" },              { "column\tkind\tcode\t", "source.field" },
        { "header\tnobody\t\tX", "source.field" },           { "header\tkind\tmonths_since\tX", "source.field" },
        { "code\tnobody\ta\tX", "source.field" },            { "unique\tnobody\terror\t", "source.field" },
        { "time\t31.02.\tyear\t", "source.field" },          { "retention\t\tunlimited\t", "source.field" },
        { "address\tkept\t\t", "source.field" },             { "code\tkind\tc\tEINS", "source.twice" },
        { "header\tkind\t\ta | | b", "source.spellings" },   { "column\tx\tint 0..9\tX", "source.no_header" },
        { "dropped\tn\t\t\nheader\tn\t\tart", "source.twice" },
        { "column\tx\tcode\tX\nheader\tx\t\tX\ncode\tx\ta\tA", "source.no_codes" },
    };
    assert_int_equal(with_line("column\tx\tint? 0..9\tX\nheader\tx\tyears_since\tSeit", NULL), KZ_OK);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        kz_err err = { 0 };
        assert_int_equal(with_line(BAD[i].line, &err), KZ_E_INPUT);
        assert_string_equal(err.id, BAD[i].id);
    }
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
             KZ_TEST(rows_of_persons_have_columns_with_types_codes_and_names),
             KZ_TEST(a_code_is_found_by_any_spelling_and_no_answer_is_a_code_of_its_own),
             KZ_TEST(rows_of_the_agency_refuse_addresses_and_share_no_pseudonym),
             KZ_TEST(what_is_wrong_in_a_source_is_refused_with_its_line),
             KZ_TEST(an_unknown_source_is_missing_and_the_message_lists_the_known_ones),
             KZ_TEST(measures_are_found_by_code_and_stand_in_the_order_of_the_file),
             KZ_TEST(relations_say_that_two_sexes_make_up_the_population))
