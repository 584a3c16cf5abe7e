#include "kz_test.h"

#include "base/text.h"

#include <string.h>

static void says_texts_with_their_arguments(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_say(&b, KZ_LANG_DE, "file.large", kz_s("file", "a<b>.csv"), kz_n("bytes", 2000000), kz_n("max", 1000));
    assert_string_equal(kz_buf_text(&b), "a<b>.csv ist mit 2.000.000 Byte zu groß, erlaubt sind 1.000. "
                                         "Bitte die Tabelle aufteilen.");
    kz_buf_clear(&b);
    kz_say_html(&b, KZ_LANG_DE, "file.missing", kz_s("file", "a<b>\"*.csv"));
    assert_string_equal(kz_buf_text(&b),
                        "Die Datei a&lt;b&gt;&quot;*.csv gibt es nicht. Bitte den Pfad prüfen.");
}

static void shows_what_is_missing_instead_of_failing(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_say(&b, KZ_LANG_DE, "there.is.no.such.text");
    assert_string_equal(kz_buf_text(&b), "there.is.no.such.text");
    kz_buf_clear(&b);
    kz_say(&b, KZ_LANG_DE, "file.missing", kz_s("other", "x"));
    assert_non_null(strstr(kz_buf_text(&b), "{file}"));
    kz_buf_clear(&b);
    kz_err none = { 0 };
    kz_err_say(&b, KZ_LANG_DE, &none);
    assert_string_equal(kz_buf_text(&b), kz_text(KZ_LANG_DE, "err.unknown"));
}

static void keeps_its_texts_sorted_and_falls_back_to_german(void **state)
{
    (void)state;
    for (int lang = 0; lang < KZ_N_LANGS; lang++)
        for (size_t i = 1; i < kz_text_count[lang]; i++)
            assert_true(strcmp(kz_text_table[lang][i - 1].id, kz_text_table[lang][i].id) < 0);
    for (size_t i = 0; i < kz_text_count[KZ_LANG_DE]; i++) {
        const kz_text_entry *t = &kz_text_table[KZ_LANG_DE][i];
        assert_string_equal(kz_text(KZ_LANG_DE, t->id), t->text);
        assert_true(*kz_text(KZ_LANG_LEICHT, t->id) != '\0');
    }
}

KZ_TEST_MAIN(KZ_TEST(says_texts_with_their_arguments),
             KZ_TEST(shows_what_is_missing_instead_of_failing),
             KZ_TEST(keeps_its_texts_sorted_and_falls_back_to_german))
