#include "kz_test.h"

#include "base/asset.h"
#include "base/text.h"
#include "monitor/mapfile.h"
#include "monitor/measure.h"

#include <string.h>

#define HEAD                                                                     \
    "[datei]\nquelle = einwohner-tabelle\naufbau = lang\n"                       \
    "[spalten]\ngebiet = g\nzeitraum = j\nmerkmal = m\nwert = w\n"               \
    "[zeitraum]\nform = jahr\nstichtag = 31.12.\n"                               \
    "[zahlen]\ndezimalzeichen = komma\ntabellenzeichen = ja\n"
#define AREAS "[gebiete]\n000 = stadt\n00? = Stadtbezirk:?\n9* = - ohne Zuordnung\n* = stadtteil:0*\n"
#define MEASURES "[merkmale]\nEinwohner = pop\n0 = 3 = age_00_03\nsonst = - nicht gebraucht\n"
#define WHOLE HEAD AREAS MEASURES

static kz_status parse(kz_arena *a, const char *text, kz_mapfile *m, kz_err *err)
{
    kz_arena_init(a, 8u << 20);
    return kz_mapfile_parse("t.map", text, strlen(text), a, m, err);
}

static void settings_become_what_they_say(void **state)
{
    (void)state;
    kz_arena a;
    kz_mapfile m;
    assert_int_equal(parse(&a, WHOLE, &m, NULL), KZ_OK);
    assert_string_equal(m.source, "einwohner-tabelle");
    assert_string_equal(m.area, "g");
    assert_null(m.area_name);
    assert_string_equal(m.measure[0], "m");
    assert_null(m.measure[1]);
    assert_int_equal(m.day, 31);
    assert_int_equal(m.month, 12);
    assert_int_equal(m.numbers, KZ_NUM_COMMA);
    assert_true(m.signs);
    assert_int_equal(m.delimiter, 0);
    assert_int_equal(m.encoding, KZ_ENC_FIND);
    kz_arena_done(&a);
}

static void the_first_area_rule_that_fits_says_level_and_key(void **state)
{
    (void)state;
    static const struct {
        const char *key, *level, *want;
    } cases[] = {
        { "000", "stadt", NULL },         { "007", "stadtbezirk", "7" }, { "00ä", "stadtbezirk", "ä" },
        { "501", "stadtteil", "0501" },   { "0077", "stadtteil", "00077" }, { "901", NULL, NULL },
        { "00", "stadtteil", "000" },
    };
    kz_arena a;
    kz_mapfile m;
    assert_int_equal(parse(&a, WHOLE, &m, NULL), KZ_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kz_area_target to;
        assert_true(kz_mapfile_area(&m, kz_view_of(cases[i].key), &to));
        if (!cases[i].level) {
            assert_null(to.rule->level);
            assert_string_equal(to.rule->reason, "ohne Zuordnung");
            continue;
        }
        assert_string_equal(to.rule->level, cases[i].level);
        assert_int_equal(to.has_key, cases[i].want != NULL);
        if (cases[i].want)
            assert_string_equal(to.key, cases[i].want);
    }
    kz_area_target to;
    assert_false(kz_mapfile_area(&m, kz_view_of(""), &to));
    kz_arena_done(&a);
}

static void a_label_may_hold_an_equals_sign_and_may_be_left_out_with_a_reason(void **state)
{
    (void)state;
    kz_arena a;
    kz_mapfile m;
    const kz_measures *ms;
    assert_int_equal(kz_measures_get(&ms, NULL), KZ_OK);
    assert_int_equal(parse(&a, WHOLE, &m, NULL), KZ_OK);
    assert_int_equal(kz_mapfile_measure(&m, "0 = 3", "")->measure, kz_measure_find(ms, "age_00_03"));
    assert_int_equal(kz_mapfile_measure(&m, "sonst", "")->measure, -1);
    assert_string_equal(kz_mapfile_measure(&m, "sonst", "")->reason, "nicht gebraucht");
    assert_null(kz_mapfile_measure(&m, "fehlt", ""));
    kz_arena_done(&a);
}

static void every_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id;
        int line;
    } bad[] = {
        { "", "map.setting_missing", 0 },
        { "quelle = x\n", "map.no_section", 1 },
        { "# c\n[dateien]\n", "map.section", 2 },
        { "[datei]\nquelle\n", "map.no_equals", 2 },
        { "[datei]\nquelle =\n", "map.no_value", 2 },
        { "[datei]\nwert = x\n", "map.setting_unknown", 2 },
        { "[datei]\nquelle = a\nquelle = a\n", "map.setting_twice", 3 },
        { "[datei]\naufbau = schief\n", "map.layout", 2 },
        { "[datei]\nzeichensatz = ebcdic\n", "map.encoding", 2 },
        { "[datei]\ntrennzeichen = ;\n", "map.delimiter", 2 },
        { "[spalten]\nmerkmal = a | b | c\n", "map.measure_columns", 2 },
        { "[zeitraum]\nform = woche\n", "map.form", 2 },
        { "[zeitraum]\nstichtag = 31.02.\n", "map.day", 2 },
        { "[zeitraum]\nstichtag = 31.12\n", "map.day", 2 },
        { "[zahlen]\ndezimalzeichen = strich\n", "map.decimal", 2 },
        { "[zahlen]\ntabellenzeichen = vielleicht\n", "map.signs", 2 },
        { "[gebiete]\n= stadt\n", "map.area_rule", 2 },
        { "[gebiete]\n1 = stadt:\n", "map.area_rule", 2 },
        { "[gebiete]\n?0? = stadt:?\n", "map.area_wildcards", 2 },
        { "[gebiete]\n0? = stadt:*\n", "map.area_key", 2 },
        { "[gebiete]\n01 = stadt:?\n", "map.area_key", 2 },
        { "[gebiete]\n1 = a\n2 = a\n1 = b\n", "map.area_twice", 4 },
        { "[gebiete]\n1 = -\n", "map.no_reason", 2 },
        { "[merkmale]\nx = peng\n", "map.measure_unknown", 2 },
        { "[merkmale]\n| x = pop\n", "map.measure_rule", 2 },
        { "[merkmale]\nx = pop\n X  = sex_m\n", "map.measure_twice", 3 },
        { HEAD MEASURES, "map.rules_missing", 0 },
        { HEAD AREAS, "map.rules_missing", 0 },
        { HEAD AREAS "[merkmale]\n010 | Einwohner = pop\n", "map.measure_parts", 21 },
        { "[datei]\n# M\xFCll\n", "map.encoding_of_map", 2 },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        kz_arena a;
        kz_mapfile m = { .n_areas = -7 };
        kz_err err = { 0 };
        assert_int_equal(parse(&a, bad[i].text, &m, &err), KZ_E_INPUT);
        assert_string_equal(err.id, bad[i].id);
        assert_int_equal(m.n_areas, -7);
        if (bad[i].line) {
            int64_t line = 0;
            for (int k = 0; k < err.n_args; k++)
                if (strcmp(err.arg[k].name, "line") == 0)
                    line = err.arg[k].number;
            assert_int_equal(line, bad[i].line);
        }
        /* The message exists and all its places are filled. */
        kz_auto(kz_buf) said = kz_buf_init(4096);
        kz_err_say(&said, KZ_LANG_DE, &err);
        assert_non_null(strstr(kz_buf_text(&said), "t.map"));
        assert_null(strchr(kz_buf_text(&said), '{'));
        kz_arena_done(&a);
    }
}

static void a_map_from_a_windows_editor_reads_the_same(void **state)
{
    (void)state;
    kz_arena a;
    kz_mapfile m;
    kz_auto(kz_buf) text = kz_buf_init(1 << 16);
    kz_buf_str(&text, "\xEF\xBB\xBF");
    for (const char *p = WHOLE; *p; p++)
        kz_buf_fmt(&text, "%s%c", *p == '\n' ? "\r" : "", *p);
    assert_int_equal(parse(&a, kz_buf_text(&text), &m, NULL), KZ_OK);
    assert_string_equal(m.value, "w");
    assert_int_equal(m.n_areas, 4);
    kz_arena_done(&a);
}

static void every_map_in_the_program_can_be_read(void **state)
{
    (void)state;
    int n = 0;
    for (size_t i = kz_asset_first("data/maps/"); kz_asset_below(i, "data/maps/"); i++, n++) {
        kz_arena a;
        kz_mapfile m;
        kz_err err = { 0 };
        kz_arena_init(&a, 8u << 20);
        assert_int_equal(kz_mapfile_parse(kz_assets[i].path, (const char *)kz_assets[i].bytes, kz_assets[i].n, &a,
                                          &m, &err), KZ_OK);
        kz_arena_done(&a);
    }
    assert_true(n >= 1);
}

#define FREE                                                                     \
    "[datei]\nquelle = frei\naufbau = breit\nmehrfach = summe\n"                \
    "[spalten]\ngebiet = g\nohne = Straße | ORT\n"                              \
    "[zeitraum]\nform = jahr\nstichtag = 31.12.\n"                              \
    "[zahlen]\ndezimalzeichen = komma\ntabellenzeichen = amtlich\nfehlend = leer | - | k. A.\n" \
    "[gebiete]\n* = stadtteil:*\n[wertspalten]\nA = s1\nB = note\nC = pop\n"

static void a_free_map_describes_measures_with_unit_decimals_and_range(void **state)
{
    (void)state;
    kz_arena a;
    kz_mapfile m;
    assert_int_equal(parse(&a, FREE "[eigene]\ns1 = Arbeitslose | Prozent | 2\nnote = Note | Stufe | 0 | 1 bis 6\n"
                           "pop = Einwohner | Anzahl\n", &m, NULL), KZ_OK);
    assert_int_equal(m.n_own, 2); /* pop is one of ours and means the same */
    const kz_measure *s1 = &m.known->list[m.columns[0].measure], *note = &m.known->list[m.columns[1].measure];
    assert_string_equal(s1->code, "s1");
    assert_string_equal(s1->label, "Arbeitslose");
    assert_int_equal(s1->decimals, 2);
    assert_int_equal(s1->hi, 10000);
    assert_false(s1->adds);
    assert_int_equal(note->lo, 1);
    assert_int_equal(note->hi, 6);
    assert_string_equal(m.known->list[m.columns[2].measure].code, "pop");
    assert_true(m.sum_rows);
    assert_int_equal(m.signs, KZ_SIGNS_OFFICIAL);
    assert_int_equal(m.n_missing, 3);
    assert_string_equal(m.missing[0], "");
    assert_string_equal(m.missing[2], "k. A.");
    assert_int_equal(m.n_dropped, 2);
    assert_string_equal(m.dropped[1], "ort");
    for (int i = 1; i < m.known->n; i++) /* look-up still works */
        assert_int_equal(kz_measure_find(m.known, m.known->list[i].code), i);
    kz_arena_done(&a);
}

static void a_measure_that_is_described_badly_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *line, *id;
    } BAD[] = {
        { "S1 = Arbeitslose | Prozent | 2", "map.own_code" },      { "1s = A | Prozent", "map.own_code" },
        { "s1 = Arbeitslose", "map.own_rule" },                    { "s1 = A | B | 2 | 1 bis 2 | x", "map.own_rule" },
        { "s1 = A | | 2", "map.own_rule" },                        { "s1 = A | Prozent | 7", "map.own_decimals" },
        { "s1 = A | Prozent | zwei", "map.own_decimals" },         { "s1 = A | Prozent | 2 | 5 bis 1", "map.own_range" },
        { "s1 = A | Prozent | 2 | viel", "map.own_range" },        { "s1 = A | Prozent | 2 | 0 bis 1,234", "map.own_range" },
        { "pop = Leute | Prozent | 2", "map.own_reserved" },       { "s1 A", "map.no_equals" },
        { "s1 = A | Prozent\ns1 = B | Prozent", "map.own_twice" },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        kz_arena a;
        kz_mapfile m;
        kz_err err = { 0 };
        kz_auto(kz_buf) text = kz_buf_init(1 << 16), said = kz_buf_init(1 << 12);
        kz_buf_fmt(&text, FREE "[eigene]\n%s\n", BAD[i].line);
        assert_int_equal(parse(&a, kz_buf_text(&text), &m, &err), KZ_E_INPUT);
        assert_string_equal(err.id, BAD[i].id);
        kz_err_say(&said, KZ_LANG_DE, &err);
        assert_non_null(strstr(kz_buf_text(&said), "Zeile 2"));
        kz_arena_done(&a);
    }
}

/* Property: cutting a good map at any byte gives a message, never a map with
 * half a rule in it that nobody wrote; and nothing crashes. */
static void a_map_cut_anywhere_is_refused_or_is_a_shorter_list(void **state)
{
    (void)state;
    for (size_t n = 0; n <= strlen(WHOLE); n++) {
        kz_arena a;
        kz_mapfile m = { 0 };
        kz_err err = { 0 };
        kz_arena_init(&a, 8u << 20);
        kz_status st = kz_mapfile_parse("t.map", WHOLE, n, &a, &m, &err);
        assert_true(st == KZ_OK ? n > strlen(HEAD AREAS "[merkmale]") : st == KZ_E_INPUT && err.id);
        kz_arena_done(&a);
    }
}

KZ_TEST_MAIN(KZ_TEST(settings_become_what_they_say),
             KZ_TEST(the_first_area_rule_that_fits_says_level_and_key),
             KZ_TEST(a_label_may_hold_an_equals_sign_and_may_be_left_out_with_a_reason),
             KZ_TEST(every_mistake_is_named_with_its_line),
             KZ_TEST(a_map_from_a_windows_editor_reads_the_same),
             KZ_TEST(every_map_in_the_program_can_be_read),
             KZ_TEST(a_free_map_describes_measures_with_unit_decimals_and_range),
             KZ_TEST(a_measure_that_is_described_badly_is_named_with_its_line),
             KZ_TEST(a_map_cut_anywhere_is_refused_or_is_a_shorter_list))
