/* German addresses in one form. */
#include "kz_test.h"

#include "base/rng.h"
#include "monitor/address.h"

#include <stdio.h>

/* Two spellings of one street. */
static const char *const SAME[][2] = {
    { "Hauptstraße", "Hauptstrasse" },
    { "Hauptstraße", "Hauptstr." },
    { "Hauptstraße", "Hauptstr" },
    { "Hauptstraße", "HAUPTSTRASSE" },
    { "Hauptstraße", "HAUPTSTRAẞE" },
    { "Hauptstraße", "  hauptstraße  " },
    { "Hauptstraße", "Haupt-Straße" },
    { "Hauptstraße", "Haupt Str." },
    { "Aachener Straße", "Aachener Str." },
    { "Aachener Straße", "Aachenerstr." },
    { "Aachener Straße", "AACHENER STR" },
    { "Aachener Straße", "Aachener\xC2\xA0Straße" },
    { "Aachener Straße", "Aachener  Strasse" },
    { "Karl-Marx-Straße", "Karl Marx Straße" },
    { "Karl-Marx-Straße", "Karl-Marx-Str." },
    { "Karl-Marx-Straße", "Karl–Marx–Straße" },
    { "Karl-Marx-Straße", "Karl - Marx - Strasse" },
    { "Karl-Marx-Straße", "KARL-MARX-STR." },
    { "Karl-Marx-Straße", "Karlmarxstr." },
    { "Müllerstraße", "Muellerstrasse" },
    { "Müllerstraße", "Mu\xCC\x88llerstr." }, /* u and a combining diaeresis */
    { "Müllerstraße", "MÜLLERSTRASSE" },
    { "Ährenweg", "Aehrenweg" },
    { "Ährenweg", "A\xCC\x88hrenweg" },
    { "Öjendorfer Weg", "Oejendorfer Weg" },
    { "Überm Rain", "UEBERM RAIN" },
    { "Große Straße", "Grosse Str." },
    { "Große Gasse", "Gr. Gasse" },
    { "Kleine Gasse", "Kl. Gasse" },
    { "Weißdornweg", "Weissdornweg" },
    { "Weißdornweg", "Weißdornwg." },
    { "Theodor-Heuss-Platz", "Theodor-Heuß-Pl." },
    { "Theodor-Heuss-Platz", "Theodor Heuss Platz" },
    { "Marktplatz", "Marktpl." },
    { "Alter Platz", "Alter Pl." },
    { "Schloßallee", "Schlossallee" },
    { "Schlossallee", "Schloss-All." },
    { "Strandpromenade", "Strandprom." },
    { "Potsdamer Chaussee", "Potsdamer Ch." },
    { "Siedlung Ost", "Sdlg. Ost" },
    { "Sankt-Josef-Straße", "St.-Josef-Str." },
    { "Sankt-Josef-Straße", "St. Josef Straße" },
    { "Sankt-Josef-Straße", "Skt. Josef Str." },
    { "Sankt-Josef-Straße", "ST JOSEF STR" },
    { "Dr.-Simons-Straße", "Doktor-Simons-Str." },
    { "Dr.-Simons-Straße", "Dr Simons Strasse" },
    { "Professor-Neu-Allee", "Prof.-Neu-Allee" },
    { "Bürgermeister-Müller-Straße", "Bgm.-Müller-Str." },
    { "Bürgermeister-Müller-Straße", "Bürgerm.-Mueller-Strasse" },
    { "Von-der-Heydt-Straße", "V. d. Heydt-Str." },
    { "Von-der-Heydt-Straße", "v.d.Heydt-Straße" },
    { "Von-Halberg-Straße", "v. Halberg Str." },
    { "Freiherr-vom-Stein-Straße", "Frhr.-vom-Stein-Str." },
    { "Obere Bachgasse", "Ob. Bachgasse" },
    { "Untere Bachgasse", "Unt. Bachgasse" },
    { "1. Querweg", "I. Querweg" },
    { "1. Querweg", "Erster Querweg" },
    { "2. Hagen", "II. Hagen" },
    { "2. Hagen", "Zweite Hagen" },
    { "3. Schnieringstraße", "III. Schnieringstr." },
    { "4. Stichweg", "Vierter Stichweg" },
    { "Straße des 17. Juni", "Str. des 17. Juni" },
    { "Straße des 17. Juni", "Strasse des 17.Juni" },
    { "Straße der Einheit", "Str. d. Einheit" },
    { "Straßburger Straße", "Strassburger Str." },
    { "Am Alten Markt", "Am alten Markt" },
    { "Am Alten Markt", "AM ALTEN MARKT" },
    { "Auf der Höhe", "Auf der Hoehe" },
    { "Pariser Platz", "PARISER PL." },
    { "Ho-Chi-Minh-Straße", "Ho Chi Minh Str" },
    { "Rue-de-Bézier-Weg", "Rue de Bezier Weg" },
    { "Łódźer Straße", "Lodzer Str." },
    { "Ceské-Straße", "Česke Straße" },
    { "Bäcker's Gang", "Bäckers Gang" },
    { "Bäcker’s Gang", "Baeckers Gang" },
    { "Neue Straße", "NEUE STR." },
    { "Q 7", "Q7" },
    { "An St. Agatha", "An Sankt Agatha" },
    { "Platz der Republik", "Platz d. Republik" },
    { "Elisabeth-von-Thadden-Straße", "Elisabeth-v.-Thadden-Str." },
    { "Hans-Böckler-Straße", "Hans­böckler­str." }, /* with soft hyphens */
    { "Weg am Kreuz (Süd)", "Weg am Kreuz Sued" },
    { "Kaiser-Wilhelm-Ring", "Kaiser/Wilhelm/Ring" },
    { "Dürener Straße", "Duerener Str ." },
    { "Jülicher Straße", "JÜLICHER STRASSE" },
    { "Coburger Straße", "Coburger Straẞe" },
};

/* Two streets that look alike. */
static const char *const OTHER[][2] = {
    { "Meierstraße", "Meyerstraße" },     { "Karlstraße", "Carlstraße" },
    { "Hauptstraße", "Hauptweg" },        { "Am Markt", "Alter Markt" },
    { "Müllerstraße", "Mullerstraße" },   { "Lindenplatz", "Lindenplan" },
    { "1. Querweg", "2. Querweg" },       { "Stephanstraße", "Stefanstraße" },
    { "Gartenstraße", "Gärtenstraße" },   { "Ringstraße", "Ring" },
    { "Von-Halberg-Straße", "Halbergstraße" }, { "Große Gasse", "Gasse" },
};

static void writes_two_spellings_of_a_street_the_same_way(void **state)
{
    (void)state;
    char a[KZ_STREET_KEY], b[KZ_STREET_KEY];
    assert_true(sizeof SAME / sizeof *SAME >= 80);
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        assert_true(kz_street_key(kz_view_of(SAME[i][0]), a) > 0);
        kz_street_key(kz_view_of(SAME[i][1]), b);
        if (strcmp(a, b) != 0)
            fail_msg("%s is %s, but %s is %s", SAME[i][0], a, SAME[i][1], b);
    }
}

static void keeps_streets_apart_that_only_look_alike(void **state)
{
    (void)state;
    char a[KZ_STREET_KEY], b[KZ_STREET_KEY];
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++) {
        kz_street_key(kz_view_of(OTHER[i][0]), a);
        kz_street_key(kz_view_of(OTHER[i][1]), b);
        if (strcmp(a, b) == 0)
            fail_msg("%s and %s are both %s", OTHER[i][0], OTHER[i][1], a);
    }
}

static void an_example_by_hand(void **state)
{
    (void)state;
    char key[KZ_STREET_KEY];
    kz_street_key(kz_view_of("St.-Jürgen-Str."), key);
    assert_string_equal(key, "stjuergenstr");
    assert_int_equal(kz_street_key(kz_view_of(" - . "), key), 0);
    assert_string_equal(key, "");
}

static const struct {
    const char *number, *suffix;
    kz_house want;
} HOUSES[] = {
    { "12", "", { 12, 12, "", "" } },
    { "0012", "", { 12, 12, "", "" } },
    { " 12 ", " ", { 12, 12, "", "" } },
    { "12a", "", { 12, 12, "a", "a" } },
    { "12 A", "", { 12, 12, "a", "a" } },
    { "12", "A", { 12, 12, "a", "a" } },
    { "12.a", "", { 12, 12, "a", "a" } },
    { "12 1/2", "", { 12, 12, "1/2", "1/2" } },
    { "12½", "", { 12, 12, "1/2", "1/2" } },
    { "12", "1/2", { 12, 12, "1/2", "1/2" } },
    { "12 a 1/2", "", { 12, 12, "a1/2", "a1/2" } },
    { "12-14", "", { 12, 14, "", "" } },
    { "12 – 14", "", { 12, 14, "", "" } },
    { "12/14", "", { 12, 14, "", "" } },
    { "12+14", "", { 12, 14, "", "" } },
    { "12 bis 14", "", { 12, 14, "", "" } },
    { "12 u. 14", "", { 12, 14, "", "" } },
    { "12 und 14", "", { 12, 14, "", "" } },
    { "12a-14b", "", { 12, 14, "a", "b" } },
    { "12a-c", "", { 12, 12, "a", "c" } },
    { "12 a - c", "", { 12, 12, "a", "c" } },
    { "12-a", "", { 12, 12, "a", "a" } },
    { "12/2", "", { 12, 12, "/2", "/2" } },
    { "12-2", "", { 12, 12, "/2", "/2" } },
    { "Nr. 12", "", { 12, 12, "", "" } },
    { "12, 3. OG", "", { 12, 12, "", "" } },
    { "12 (Hinterhaus)", "", { 12, 12, "", "" } },
    { "12 HH", "", { 12, 12, "hh", "hh" } },
    { "12-", "", { 12, 12, "", "" } },
};

static void reads_house_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof HOUSES / sizeof *HOUSES; i++) {
        kz_house got;
        kz_house_form form = kz_house_parse(kz_view_of(HOUSES[i].number), kz_view_of(HOUSES[i].suffix), &got);
        const kz_house *want = &HOUSES[i].want;
        if (form != KZ_HOUSE_FINE || got.from != want->from || got.to != want->to ||
            strcmp(got.suffix, want->suffix) != 0 || strcmp(got.suffix_to, want->suffix_to) != 0)
            fail_msg("\"%s\" \"%s\": form %d, %d%s to %d%s", HOUSES[i].number, HOUSES[i].suffix, form, got.from,
                     got.suffix, got.to, got.suffix_to);
    }
}

static void refuses_what_is_no_house_number(void **state)
{
    (void)state;
    static const char *const NONE[] = { "", "-", "0", "000", "ohne", "o. Nr.", "k.A." },
                            *const BAD[] = { "a",    "zwölf", "12.Jan", "12. Mrz", "123456", "12%",
                                             "-12", "１２",  "12 = 3", "12 1/1",  "12 ? 13" };
    kz_house h;
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        if (kz_house_parse(kz_view_of(NONE[i]), kz_view_of(""), &h) != KZ_HOUSE_NONE)
            fail_msg("\"%s\" is a number", NONE[i]);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (kz_house_parse(kz_view_of(BAD[i]), kz_view_of(""), &h) != KZ_HOUSE_UNREADABLE)
            fail_msg("\"%s\" can be read", BAD[i]);
    assert_int_equal(h.from, 0);
}

static void reads_postcodes(void **state)
{
    (void)state;
    assert_int_equal(kz_postcode_parse(kz_view_of("50667")), 50667);
    assert_int_equal(kz_postcode_parse(kz_view_of(" D-50667 ")), 50667);
    assert_int_equal(kz_postcode_parse(kz_view_of("1067")), 1067);
    assert_int_equal(kz_postcode_parse(kz_view_of("01067")), 1067);
    assert_int_equal(kz_postcode_parse(kz_view_of("")), 0);
    assert_int_equal(kz_postcode_parse(kz_view_of("Köln")), -1);
    assert_int_equal(kz_postcode_parse(kz_view_of("506671")), -1);
    assert_int_equal(kz_postcode_parse(kz_view_of("12")), -1);
}

static void splits_an_address_in_one_text(void **state)
{
    (void)state;
    static const char *const WHOLE[][4] = {
        { "Hauptstr. 12a, 50667 Köln", "Hauptstr.", "12a", "50667" },
        { "50667 Köln, Hauptstr. 12 a", "Hauptstr.", "12 a", "50667" },
        { "Straße des 17. Juni 135", "Straße des 17. Juni", "135", "" },
        { "Straße des 17. Juni", "Straße des 17. Juni", "", "" },
        { "Am Bach 12 - 14", "Am Bach", "12 - 14", "" },
        { "Am Bach", "Am Bach", "", "" },
        { "Am Bach 3 1/2, 45127 Essen", "Am Bach", "3 1/2", "45127" },
        { "", "", "", "" },
        { ",,,", "", "", "" },
    };
    for (size_t i = 0; i < sizeof WHOLE / sizeof *WHOLE; i++) {
        kz_address a;
        kz_address_split(kz_view_of(WHOLE[i][0]), &a);
        if (!kz_view_is(a.street, WHOLE[i][1]) || !kz_view_is(a.number, WHOLE[i][2]) ||
            !kz_view_is(a.postcode, WHOLE[i][3]))
            fail_msg("%s: street %.*s, number %.*s, postcode %.*s", WHOLE[i][0], (int)a.street.n, a.street.p,
                     (int)a.number.n, a.number.p, (int)a.postcode.n, a.postcode.p);
    }
}

/* Case, blanks and hyphens put in anywhere change nothing; and a key is the key of itself. */
static void any_case_and_blanks_give_the_same_key(void **state)
{
    (void)state;
    kz_rng rng = { 1 };
    for (int round = 0; round < 2000; round++) {
        const char *name = SAME[kz_rng_below(&rng, sizeof SAME / sizeof *SAME)][0];
        char noisy[400], key[KZ_STREET_KEY], again[KZ_STREET_KEY];
        size_t n = 0;
        for (const char *p = name; *p; p++) {
            bool ascii = (unsigned char)*p < 0x80;
            noisy[n++] = ascii && *p >= 'a' && *p <= 'z' && kz_rng_below(&rng, 2) ? (char)(*p - 32) : *p;
            if (*p == ' ' || *p == '-')
                for (uint64_t k = kz_rng_below(&rng, 3); k > 0; k--)
                    noisy[n++] = kz_rng_below(&rng, 2) ? ' ' : '-';
        }
        kz_street_key(kz_view_of(name), key);
        kz_street_key(kz_view_from(noisy, n), again);
        if (strcmp(key, again) != 0)
            fail_msg("%s is %s, %.*s is %s", name, key, (int)n, noisy, again);
        kz_street_key(kz_view_of(key), again);
        assert_string_equal(key, again);
    }
}

static void any_bytes_stay_within_their_bounds(void **state)
{
    (void)state;
    kz_rng rng = { 2 };
    for (int round = 0; round < 20000; round++) {
        char bytes[300], key[KZ_STREET_KEY];
        size_t n = (size_t)kz_rng_below(&rng, sizeof bytes);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)kz_rng_below(&rng, 256);
        kz_address a;
        kz_house h;
        kz_view v = { bytes, n };
        assert_true(kz_street_key(v, key) < KZ_STREET_KEY);
        kz_address_split(v, &a);
        if (kz_house_parse(v, a.number, &h) == KZ_HOUSE_FINE)
            assert_true(h.from > 0 && h.to >= h.from && h.to <= 99999);
    }
}

KZ_TEST_MAIN(KZ_TEST(writes_two_spellings_of_a_street_the_same_way),
             KZ_TEST(keeps_streets_apart_that_only_look_alike), KZ_TEST(an_example_by_hand),
             KZ_TEST(reads_house_numbers), KZ_TEST(refuses_what_is_no_house_number), KZ_TEST(reads_postcodes),
             KZ_TEST(splits_an_address_in_one_text), KZ_TEST(any_case_and_blanks_give_the_same_key),
             KZ_TEST(any_bytes_stay_within_their_bounds))
