/* Kölner Phonetik. */
#include "kz_test.h"

#include "base/phonetic.h"

/* Examples of the published algorithm (Postel 1969; de.wikipedia.org/wiki/Kölner_Phonetik). */
static void gives_the_published_codes(void **state)
{
    (void)state;
    static const char *const PAIRS[][2] = {
        { "Müller-Lüdenscheidt", "65752682" },
        { "Wikipedia", "3412" },
        { "Breschnew", "17863" },
    };
    char code[KZ_PHONETIC];
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        kz_phonetic(kz_view_of(PAIRS[i][0]), code);
        if (strcmp(code, PAIRS[i][1]) != 0)
            fail_msg("%s is %s, not %s", PAIRS[i][0], code, PAIRS[i][1]);
    }
}

static void names_that_sound_alike_have_one_code(void **state)
{
    (void)state;
    static const char *const ALIKE[][2] = {
        { "Meier", "Meyer" },   { "Maier", "Mayr" },      { "Müller", "Mueller" },    { "Schmidt", "Schmitt" },
        { "Philipp", "Filip" }, { "Karl", "Carl" },       { "Walter", "Walther" },    { "Xaver", "Ksaver" },
        { "Stephan", "Stefan" }, { "Goethe", "Göte" },
    };
    char a[KZ_PHONETIC], b[KZ_PHONETIC];
    for (size_t i = 0; i < sizeof ALIKE / sizeof *ALIKE; i++) {
        kz_phonetic(kz_view_of(ALIKE[i][0]), a);
        kz_phonetic(kz_view_of(ALIKE[i][1]), b);
        if (strcmp(a, b) != 0)
            fail_msg("%s is %s, %s is %s", ALIKE[i][0], a, ALIKE[i][1], b);
        assert_int_equal(kz_phonetic_hash(kz_view_of(ALIKE[i][0])), kz_phonetic_hash(kz_view_of(ALIKE[i][1])));
    }
}

static void the_empty_name_and_strange_letters_have_a_code_too(void **state)
{
    (void)state;
    char code[KZ_PHONETIC];
    assert_int_equal(kz_phonetic(kz_view_of(""), code), 0);
    assert_int_equal(kz_phonetic(kz_view_of("123 - \xE4\xB8\xAD"), code), 0);
    assert_string_equal(code, "");
    char longest[1000];
    memset(longest, 't', sizeof longest);
    for (size_t i = 0; i < sizeof longest; i += 2)
        longest[i] = 'k';
    assert_int_equal(kz_phonetic(kz_view_from(longest, sizeof longest), code), KZ_PHONETIC - 1);
}

KZ_TEST_MAIN(KZ_TEST(gives_the_published_codes), KZ_TEST(names_that_sound_alike_have_one_code),
             KZ_TEST(the_empty_name_and_strange_letters_have_a_code_too))
