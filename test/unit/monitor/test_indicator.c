#include "kz_test.h"

#include "base/buf.h"
#include "base/text.h"
#include "monitor/indicator.h"

#include <string.h>

typedef struct findings {
    int n;
    kz_err first;
} findings;

static void keep(void *ctx, const kz_err *what)
{
    findings *f = ctx;
    if (f->n++ == 0)
        f->first = *what;
}

static kz_status check(const char *text, findings *f)
{
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    *f = (findings){ 0 };
    return kz_catalogue_read((kz_catalogue_file){ .name = "neu.txt", .text = text, .n = strlen(text) }, keep, f, &cat, NULL);
}

/* ---- the shipped catalogue ----------------------------------------------------------- */

static void the_shipped_catalogue_has_all_indicators_and_their_variants(void **state)
{
    (void)state;
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_err err = { 0 };
    kz_status st = kz_catalogue_builtin(&cat, &err);
    if (st != KZ_OK) {
        kz_auto(kz_buf) b = kz_buf_init(10000);
        kz_err_say(&b, KZ_LANG_DE, &err);
        fail_msg("%s", kz_buf_text(&b));
    }
    /* 5 of tables, 53 of the domain, HzE per 1,000, arrivals and departures, reach of strained families, status
     * index; 5 of institutions */
    assert_int_equal(cat.n, 5 + 53 + 5 + 5);
    assert_string_equal(kz_catalogue_find(&cat, "familiensprache-je-kita")->unit, "kita");
    assert_string_equal(kz_catalogue_find(&cat, "kinderarmut-je-schule")->unit, "schule"); /* from profile(…) */
    const kz_indicator *m = kz_catalogue_find(&cat, "migration");
    assert_non_null(m);
    assert_int_equal(m->n_groups, 12);
    assert_string_equal(m->groups[0].code, "Total");
    assert_string_equal(m->groups[m->groups[kz_indicator_group_find(m, "africa")].parent].code, "foreign");
    assert_int_equal(kz_catalogue_find(&cat, "altersgruppen")->n_groups, 14);
    assert_null(kz_catalogue_find(&cat, "mond"));
    assert_string_equal(kz_catalogue_find(&cat, "sgb2-u18")->variant_of, "kinderarmut");
    assert_string_equal(kz_catalogue_find(&cat, "hze-1000")->variant_of, "hze");
    assert_int_equal(kz_catalogue_find(&cat, "deutsch-auffaellig")->pool, 3);
    assert_string_equal(cat.indicators[0].id, "einwohner"); /* by the field `order` */
}

static void every_phase_of_the_life_course_has_a_key_indicator(void **state)
{
    (void)state;
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    assert_int_equal(kz_catalogue_builtin(&cat, NULL), KZ_OK);
    int last = -9;
    for (int p = 0; p < cat.n_phases; p++) {
        int keys = 0;
        if (!cat.phases[p].course)
            continue;
        for (int i = 0; i < cat.n; i++)
            keys += cat.indicators[i].phase_at == p && cat.indicators[i].is_key;
        assert_true(keys >= 1 && keys <= 3);
        assert_int_equal(cat.phases[p].from_month, last); /* no gap from before birth into work */
        last = cat.phases[p].to_month;
    }
    assert_true(last > 21 * 12);
}

static void a_condition_narrows_numerator_and_denominator(void **state)
{
    (void)state;
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    assert_int_equal(kz_catalogue_builtin(&cat, NULL), KZ_OK);
    const kz_indicator *i = kz_catalogue_find(&cat, "kinderarmut");
    int g = kz_indicator_group_find(i, "u3");
    kz_auto(kz_buf) num = kz_buf_init(1000);
    kz_auto(kz_buf) den = kz_buf_init(1000);
    kz_indicator_write_numerator(&num, i, g);
    kz_indicator_write_denominator(&den, i, g);
    assert_string_equal(kz_buf_text(&num), "count(sgb2-personen: age_years < 3)");
    assert_string_equal(kz_buf_text(&den), "count(ewo: age_years < 3 and residence = main)");
}

static void leichte_sprache_has_no_passive_no_long_words_without_a_hyphen(void **state)
{
    (void)state;
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    assert_int_equal(kz_catalogue_builtin(&cat, NULL), KZ_OK);
    for (int i = 0; i < cat.n; i++) {
        const char *text = cat.indicators[i].leicht;
        if (strstr(text, " wird ") || strstr(text, " werden ") || strstr(text, " wurde"))
            fail_msg("passive: %s", cat.indicators[i].id);
        for (const char *p = text; *p;) {
            size_t n = strcspn(p, " -\n.,:?");
            if (n > 18)
                fail_msg("long word in %s: %.*s", cat.indicators[i].id, (int)n, p);
            p += n + (p[n] != '\0');
        }
    }
}

/* ---- forms ---------------------------------------------------------------------------- */

static void a_form_is_equal_however_it_is_written(void **state)
{
    (void)state;
    kz_form a = { .n = 1 }, b = { .n = 1 }, ab, ba;
    a.term[0].atom = "a";
    b.term[0].atom = "b";
    a.term[0].factor = b.term[0].factor = 1;
    assert_true(kz_form_add(&a, &b, 1, &ab));
    assert_true(kz_form_add(&b, &a, 1, &ba));
    assert_true(kz_form_equal(&ab, &ba));
    assert_true(kz_form_add(&ab, &a, -1, &ab));
    assert_true(kz_form_equal(&ab, &b));
    assert_true(kz_form_add(&a, &a, -1, &ab));
    assert_int_equal(ab.n, 0);
    kz_form before = kz_form_shifted(&a, 1);
    assert_true(kz_form_add(&a, &before, -2, &ab));
    assert_int_equal(ab.n, 2); /* the same atom in another period is another count */
    kz_auto(kz_buf) text = kz_buf_init(256);
    kz_form_write(&text, &ab);
    assert_string_equal(kz_buf_text(&text), "a - 2 * a[-1]");
}

/* ---- mistakes --------------------------------------------------------------------------- */

/* Line 1 is a comment; the lines are counted in the table of mistakes. */
static const char GOOD[] = "# Ein Indikator\n"
                           "id = neu\n"
                           "order = 900\n"
                           "version = 2\n"
                           "change = 2 | 2026-05-01 | Nur noch Hauptwohnungen.\n"
                           "change = 1 | 2025-01-01 | Erste Fassung.\n"
                           "variant_of = kinderarmut\n"
                           "kind = share\n"
                           "numerator = count(seu: german = low)\n"
                           "denominator = count(seu: known(german))\n"
                           "per = 100\n"
                           "digits = 1\n"
                           "pool = 3\n"
                           "profile = strict\n"
                           "group = sgb2 | | SGB II | sgb2 = yes\n"
                           "part = border | Total | grenzwertig | count(seu: german = border)\n"
                           "theme = Gesundheit\n"
                           "phase = kita\n"
                           "ages = 5-6\n"
                           "direction = load\n"
                           "source = Quelle\n"
                           "reference = Jahrgang\n"
                           "origin = Herkunft\n"
                           "title = Titel\n"
                           "short_title = Kurz\n"
                           "subtitle = Unter\n"
                           "sentence = In {area} sind es {x} von 100 ({lo} bis {hi}).\n"
                           "counted = Kinder.\n"
                           "numerator_label = Kinder\n"
                           "denominator_label = Alle\n"
                           "interpretation = So.\n"
                           "caveat = Vorsicht.\n"
                           "caveat = Noch einmal Vorsicht.\n"
                           "leicht_title = Leicht\n"
                           "leicht =\n"
                           "  Wir zählen Kinder.\n"
                           "  Das ist gut.\n"
                           "leicht_of = Kindern\n";

static void replaced(kz_buf *out, const char *from, const char *to)
{
    const char *at = strstr(GOOD, from);
    assert_non_null(at);
    kz_buf_add(out, GOOD, (size_t)(at - GOOD));
    kz_buf_str(out, to);
    kz_buf_str(out, at + strlen(from));
}

static void a_good_file_has_no_findings_and_joins_the_catalogue(void **state)
{
    (void)state;
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    findings f = { 0 };
    kz_status st = kz_catalogue_read((kz_catalogue_file){ .name = "neu.txt", .text = GOOD, .n = strlen(GOOD) }, keep, &f, &cat, NULL);
    assert_string_equal(f.n > 0 ? f.first.id : "", "");
    assert_int_equal(st, KZ_OK);
    const kz_indicator *i = kz_catalogue_find(&cat, "neu");
    assert_int_equal(cat.n, 69);
    assert_string_equal(i->caveat, "Vorsicht.\nNoch einmal Vorsicht.");
    assert_string_equal(i->leicht, "Wir zählen Kinder.\nDas ist gut.");
    assert_int_equal(i->n_groups, 3); /* Total is always there */
    assert_int_equal(i->n_changes, 2);
    assert_int_equal(i->age_from, 5);
    assert_string_equal(cat.phases[i->phase_at].code, "kita");
    /* An indicator with an id of the catalogue takes its place. */
    kz_auto(kz_buf) b = kz_buf_init(10000);
    replaced(&b, "id = neu", "id = masern");
    assert_int_equal(check(kz_buf_text(&b), &f), KZ_OK);
}

static void every_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *id;
        int line;
    } MISTAKES[] = {
        { "id = neu", "id = Neu!", "indicator.code_bad", 2 },
        { "order = 900", "order = vorn", "indicator.order", 3 },
        { "version = 2", "version = neu", "indicator.version", 4 },
        { "version = 2", "version = 3", "indicator.change_version", 4 },
        { "change = 2 | 2026-05-01 | Nur", "change = 2 | 1.5.26 | Nur", "indicator.change", 5 },
        { "change = 1 | 2025-01-01", "change = 3 | 2025-01-01", "indicator.change_order", 6 },
        { "variant_of = kinderarmut", "variant_of = mond", "indicator.variant_of", 7 },
        { "kind = share", "kind = anteil", "indicator.kind", 8 },
        { "german = low", "deutsch = low", "expr.column_unknown", 9 },
        { "german = low", "german = schlecht", "expr.code_unknown", 9 },
        { "count(seu: german = low)", "count(seu2: german = low)", "expr.source_unknown", 9 },
        { "german = low", "kita_months = viele", "expr.number_expected", 9 },
        { "denominator = count(seu: known(german))\n", "", "indicator.denominator_missing", 2 },
        { "per = 100", "per = 0", "indicator.per", 11 },
        { "digits = 1", "digits = 9", "indicator.digits", 12 },
        { "pool = 3", "pool = 12", "indicator.pool", 13 },
        { "profile = strict", "profile = streng", "indicator.profile_unknown", 14 },
        { "profile = strict", "profile = register", "indicator.profile_weak", 14 },
        { "group = sgb2 | | SGB II | sgb2 = yes", "group = sgb2 | SGB II | sgb2 = yes", "indicator.group_fields", 15 },
        { "| sgb2 = yes", "| sgb3 = yes", "expr.column_unknown", 15 },
        { "border | Total |", "border | Mond |", "indicator.group_parent", 16 },
        { "part = border", "part = sgb2", "indicator.group_twice", 16 },
        { "theme = Gesundheit", "theme = Gesundhait", "indicator.theme", 17 },
        { "phase = kita", "phase = kitta", "indicator.phase", 18 },
        { "ages = 5-6", "ages = 6-5", "indicator.ages", 19 },
        { "ages = 5-6", "ages = fünf", "indicator.ages", 19 },
        { "direction = load", "direction = schlecht", "indicator.direction", 20 },
        { "source = Quelle\n", "", "indicator.text_empty", 2 },
        { "reference = Jahrgang", "reference =", "indicator.text_empty", 22 },
        { "origin = Herkunft\n", "", "indicator.text_empty", 2 },
        { "title = Titel\n", "", "indicator.text_empty", 2 },
        { "{x} von 100", "viele von 100", "indicator.sentence", 27 },
        { "interpretation = So.\n", "", "indicator.text_empty", 2 },
        { "leicht_title = Leicht\n", "", "indicator.leicht_missing", 2 },
        { "leicht =\n  Wir zählen Kinder.\n  Das ist gut.\n", "", "indicator.leicht_missing", 2 },
        { "Das ist gut.", "Das ist ein sehr langer Satz mit sehr vielen Wörtern, den niemand gern liest.",
          "indicator.leicht_long", 35 },
        { "leicht_of = Kindern\n", "", "indicator.leicht_of", 2 },
        { "kind = share", "kind = ratio", "indicator.leicht_sentence", 2 },
        { "title = Titel", "titel = Titel", "indicator.field_unknown", 24 },
        { "title = Titel", "title = Titel\ntitle = Noch einer", "indicator.field_twice", 25 },
        { "title = Titel", "title Titel", "indicator.line", 24 },
        { "id = neu\n", "", "indicator.before_id", 2 },
        { GOOD, "", "indicator.no_id", 0 },
        { "leicht_of = Kindern\n", "leicht_of = Kindern\nid = neu\norder = 901\n", "indicator.id_twice", 39 },
        { "kind = share", "kind = index", "indicator.pool_kind", 13 },
        { "kind = share", "kind = difference", "indicator.pool_kind", 13 },
        { "count(seu: german = low)", "z(masern)", "expr.not_in_count", 9 },
    };
    for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++) {
        kz_auto(kz_buf) b = kz_buf_init(10000);
        findings f;
        replaced(&b, MISTAKES[i].from, MISTAKES[i].to);
        kz_status st = check(kz_buf_text(&b), &f);
        if (st != KZ_E_FINDING || strcmp(f.first.id, MISTAKES[i].id) != 0)
            print_message("# %zu %s → %s: got %s\n", i, MISTAKES[i].from, MISTAKES[i].to, f.n ? f.first.id : "nothing");
        assert_int_equal(st, KZ_E_FINDING);
        assert_string_equal(f.first.id, MISTAKES[i].id);
        int64_t line = 0;
        char file[64] = "";
        for (int k = 0; k < f.first.n_args; k++) {
            if (strcmp(f.first.arg[k].name, "line") == 0)
                line = f.first.arg[k].number;
            if (strcmp(f.first.arg[k].name, "file") == 0 && f.first.arg[k].len < sizeof file)
                memcpy(file, f.first.bytes + f.first.arg[k].at, f.first.arg[k].len);
        }
        if (line != MISTAKES[i].line && MISTAKES[i].line > 0)
            print_message("# %zu %s → %s: line %d\n", i, MISTAKES[i].from, MISTAKES[i].to, (int)line);
        if (MISTAKES[i].line > 0)
            assert_int_equal(line, MISTAKES[i].line);
        assert_string_equal(file, "neu.txt");
    }
}

static void a_circle_of_definitions_is_refused(void **state)
{
    (void)state;
    findings f;
    /* reichweite-luecke is reichweite-belastet minus reichweite; here reichweite is made of it. */
    static const char CIRCLE[] = "id = reichweite\norder = 1\nversion = 1\nchange = 1 | 2026-01-01 | Erste.\n"
                                 "kind = difference\nnumerator = reichweite-luecke - hze\nper = 100\ndigits = 1\n"
                                 "profile = strict\ntheme = Gesundheit\nphase = kita\nages = alle\ndirection = load\n"
                                 "source = Q\nreference = R\norigin = O\ntitle = T\nshort_title = S\nsubtitle = U\n"
                                 "sentence = {area} {x}\ncounted = C\nnumerator_label = N\ninterpretation = I\n"
                                 "caveat = V\nleicht_title = L\nleicht =\n  Satz.\nleicht_sentence = {area} {x}\n";
    assert_int_equal(check(CIRCLE, &f), KZ_E_FINDING);
    assert_string_equal(f.first.id, "indicator.circle");
}

KZ_TEST_MAIN(KZ_TEST(the_shipped_catalogue_has_all_indicators_and_their_variants),
             KZ_TEST(every_phase_of_the_life_course_has_a_key_indicator),
             KZ_TEST(a_condition_narrows_numerator_and_denominator),
             KZ_TEST(leichte_sprache_has_no_passive_no_long_words_without_a_hyphen),
             KZ_TEST(a_form_is_equal_however_it_is_written),
             KZ_TEST(a_good_file_has_no_findings_and_joins_the_catalogue), KZ_TEST(every_mistake_is_named_with_its_line),
             KZ_TEST(a_circle_of_definitions_is_refused))
