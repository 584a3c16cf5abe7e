#include "kz_test.h"

#include "base/buf.h"
#include "base/rng.h"
#include "monitor/person_map.h"
#include "monitor/person_memo.h"

#include <stdio.h>

static kz_arena arena;
static kz_source ewo;

static int load(void **state)
{
    (void)state;
    kz_arena_init(&arena, 64 << 20);
    return kz_source_load("ewo", &arena, &ewo, NULL);
}

static int unload(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

static kz_status parse(const char *text, kz_person_map *m, kz_err *err)
{
    return kz_person_map_parse("probe.map", text, strlen(text), &ewo, &arena, m, err);
}

static const char GOOD[] = "# Probe\n[datei]\nquelle = ewo\nblatt = Bestand\nzeichensatz = windows-1252\n"
                           "trennzeichen = tabulator\n\n[spalten]\nsex = G\narea = V | viertel\n"
                           "years_here = E | years_since\nperiod = Jahr\n\n[schluessel]\nsex | männl. = m\n"
                           "sex | a = b = w\nsex | ? = -\n\n[gebiete]\n99* = - ohne Zuordnung\n0? = viertel:?\n000 = stadt\n";

static void a_map_says_columns_codes_and_areas(void **state)
{
    (void)state;
    kz_person_map m;
    kz_area_target to;
    assert_int_equal(parse(GOOD, &m, NULL), KZ_OK);
    assert_string_equal(m.sheet, "Bestand");
    assert_int_equal(m.delimiter, '\t');
    assert_int_equal(m.encoding, KZ_ENC_CP1252);
    assert_int_equal(m.n_columns, 4);
    assert_string_equal(m.columns[1].level, "viertel");
    assert_int_equal(m.columns[2].how, KZ_HOW_YEARS_SINCE);
    const kz_source_column *sex = kz_source_column_find(&ewo, "sex");
    assert_string_equal(kz_person_map_code(&m, sex, kz_view_of("MÄNNL.")), "m");
    assert_string_equal(kz_person_map_code(&m, sex, kz_view_of("a = b")), "w");
    assert_string_equal(kz_person_map_code(&m, sex, kz_view_of("?")), "");
    assert_string_equal(kz_person_map_code(&m, sex, kz_view_of("divers")), "d"); /* the source knows it */
    assert_null(kz_person_map_code(&m, sex, kz_view_of("q")));
    const kz_mapfile rules = { .n_areas = m.n_areas, .areas = m.areas };
    assert_true(kz_mapfile_area(&rules, kz_view_of("9912"), &to));
    assert_null(to.rule->level);
    assert_true(kz_mapfile_area(&rules, kz_view_of("07"), &to));
    assert_string_equal(to.key, "7");
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    kz_person_map m, again;
    kz_auto(kz_buf) one = kz_buf_init(1 << 16), two = kz_buf_init(1 << 16);
    assert_int_equal(parse(GOOD, &m, NULL), KZ_OK);
    kz_person_map_write(&one, &m);
    assert_int_equal(parse(kz_buf_text(&one), &again, NULL), KZ_OK);
    kz_person_map_write(&two, &again);
    assert_string_equal(kz_buf_text(&one), kz_buf_text(&two));
}

static void a_wrong_line_is_refused_with_its_number(void **state)
{
    (void)state;
    static const struct {
        const char *line, *id;
    } BAD[] = {
        { "quelle = ewo", "map.no_section" },
        { "[datei]\nquelle = kita", "import.map_source" },
        { "[datei]\nquelle = ewo\nfarbe = rot", "map.setting_unknown" },
        { "[datei]\nquelle = ewo\ntrennzeichen = punkt", "map.delimiter" },
        { "[datei]\nquelle = ewo\nzeichensatz = klingonisch", "map.encoding" },
        { "[daten]", "person.map_section" },
        { "[datei]\nquelle = ewo\n[spalten]\nfarbe = F", "person.map_column" },
        { "[datei]\nquelle = ewo\n[spalten]\nsurname = Name", "person.map_column" },
        { "[datei]\nquelle = ewo\n[spalten]\nsex = G | viertel", "person.map_how" },
        { "[datei]\nquelle = ewo\n[spalten]\nsex = G\nsex = H", "map.setting_twice" },
        { "[datei]\nquelle = ewo\n[spalten]\nsex", "map.no_equals" },
        { "[datei]\nquelle = ewo\n[spalten]\nsex =", "map.no_value" },
        { "[datei]\nquelle = ewo\n[schluessel]\nm = m", "person.map_code" },
        { "[datei]\nquelle = ewo\n[schluessel]\nsex | m = q", "person.map_code_unknown" },
        { "[datei]\nquelle = ewo\n[schluessel]\nperson | m = m", "person.map_column" },
        { "[datei]\nquelle = ewo\n[gebiete]\n** = viertel:*", "map.area_wildcards" },
        { "[datei]\nquelle = ewo\n[gebiete]\n0? = viertel:*", "map.area_key" },
        { "[datei]\nquelle = ewo\n[gebiete]\n00 = -", "map.no_reason" },
        { "[datei]\nquelle = ewo\n[gebiete]\n00 = viertel:", "map.area_rule" },
        { "[datei]\nquelle = ewo", "map.rules_missing" },
        { "[spalten]\nsex = G", "map.setting_missing" },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        kz_person_map m = { .n_columns = -5 };
        kz_err err = { 0 };
        assert_int_equal(parse(BAD[i].line, &m, &err), KZ_E_INPUT);
        assert_string_equal(err.id, BAD[i].id);
        assert_int_equal(m.n_columns, -5);
    }
}

/* A memo says what was put there or nothing at all, however texts begin and however many there are. */
static void a_memo_never_takes_one_text_for_another(void **state)
{
    (void)state;
    enum { TEXTS = 3000 };
    static char texts[TEXTS][64 + PERSON_MEMO_PAD];
    static size_t n[TEXTS];
    for (uint64_t seed = 0; seed < 20; seed++) {
        kz_rng r = kz_rng_stream(seed, 0);
        kz_arena a;
        person_memo m;
        uint64_t found = 0;
        kz_arena_init(&a, 16 << 20);
        assert_int_equal(person_memo_init(&m, &a, 2000), KZ_OK);
        for (int i = 0; i < TEXTS; i++) { /* long common beginnings, every length */
            memset(texts[i], 0x55, sizeof texts[i]);
            n[i] = (size_t)snprintf(texts[i], sizeof texts[i], "%.*s%d", (int)kz_rng_below(&r, 30),
                                    "Hauptstrasse;12;;50667;Hauptst", i);
            person_memo_put(&m, kz_view_from(texts[i], n[i]), (uint32_t)i);
        }
        for (int i = 0; i < TEXTS; i++) {
            uint32_t value;
            if (!person_memo_find(&m, kz_view_from(texts[i], n[i]), &value))
                continue;
            assert_int_equal(n[value], n[i]); /* two of them may be the same text */
            assert_memory_equal(texts[value], texts[i], n[i]);
            found++;
        }
        assert_true(found >= 1900); /* and it is of use */
        kz_arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { KZ_TEST(a_map_says_columns_codes_and_areas),
                                        KZ_TEST(what_is_written_reads_back_the_same),
                                        KZ_TEST(a_wrong_line_is_refused_with_its_number),
                                        KZ_TEST(a_memo_never_takes_one_text_for_another) };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, load, unload);
}
