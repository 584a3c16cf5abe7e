#include "kz_test.h"

#include "base/buf.h"
#include "base/rng.h"
#include "monitor/privacy_columns.h"

static kz_arena arena;
static kz_privacy words;

static int load(void **state)
{
    (void)state;
    kz_arena_init(&arena, 4 << 20);
    return kz_privacy_load(&arena, &words, NULL);
}

static int unload(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

static kz_private decide(const char *header, const char *const *values, int n, bool persons)
{
    kz_private_seen seen = { 0 };
    for (int i = 0; i < n; i++)
        kz_private_see(&words, &seen, kz_view_of(values[i]));
    return kz_private_decide(&words, kz_view_of(header), &seen, persons);
}

static void a_strong_name_of_a_column_decides_alone(void **state)
{
    (void)state;
    assert_int_equal(decide("Vorname", NULL, 0, false), KZ_PRIVATE_NAME);
    assert_int_equal(decide("GEB.-DATUM", NULL, 0, false), KZ_PRIVATE_BIRTH);
    assert_int_equal(decide("Straße", NULL, 0, false), KZ_PRIVATE_ADDRESS);
    assert_int_equal(decide("E-Mail", NULL, 0, false), KZ_PRIVATE_CONTACT);
    assert_int_equal(decide("Haushaltsgröße", NULL, 0, true), KZ_PRIVATE_NONE);
}

static void a_weak_name_decides_among_persons_or_with_values(void **state)
{
    (void)state;
    static const char *const PLACES[] = { "Nippes", "Ehrenfeld", "Deutz", "Kalk", "Porz", "Mülheim" };
    static const char *const PEOPLE[] = { "Yıldız, Ayşe", "Müller, Jan", "Anna Nowak", "Kaya", "Fritz Zorn", "Ute Rot" };
    assert_int_equal(decide("Name", PLACES, 6, false), KZ_PRIVATE_NONE);
    assert_int_equal(decide("Name", PLACES, 6, true), KZ_PRIVATE_NAME);
    assert_int_equal(decide("Name", PEOPLE, 6, false), KZ_PRIVATE_NAME);
    assert_int_equal(decide("Merkmal 7", PEOPLE, 6, false), KZ_PRIVATE_NAME);
    static const char *const SIZES[] = { "gering", "mittel", "gering", "hoch", "gering", "gering" };
    assert_int_equal(decide("Armutsrisiko", SIZES, 6, true), KZ_PRIVATE_NONE);
}

static void values_alone_show_days_of_birth_streets_and_mail(void **state)
{
    (void)state;
    static const char *const DAYS[] = { "03.04.2017", "11.12.2013", "29.02.2016", "1.1.2018", "2015-07-09", "30.06.2014" };
    static const char *const ONE_DAY[] = { "31.12.2020", "31.12.2020", "31.12.2021", "31.12.2024", "31.12.2024",
                                           "31.12.2024" };
    static const char *const STREETS[] = { "Hauptstr. 5", "Am Lindenweg 3a", "Kirchplatz 1", "Ringstraße 77",
                                           "Ulmenallee 4" };
    static const char *const MAIL[] = { "a@b.de", "c@d.de", "e@f.de", "", "g@h.de", "i@k.de" };
    assert_int_equal(decide("Feld 9", DAYS, 6, false), KZ_PRIVATE_BIRTH);
    assert_int_equal(decide("Feld 9", ONE_DAY, 6, false), KZ_PRIVATE_NONE);
    assert_int_equal(decide("Feld 9", STREETS, 5, false), KZ_PRIVATE_ADDRESS);
    assert_int_equal(decide("Feld 9", MAIL, 6, false), KZ_PRIVATE_CONTACT);
    assert_int_equal(decide("Feld 9", MAIL, 3, false), KZ_PRIVATE_NONE); /* too few to tell */
}

/* Numbers, codes and keys, as tables of counts have them, are never private. */
static void random_numbers_and_codes_are_not_private(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        kz_rng r = kz_rng_stream(seed, 1);
        kz_private_seen seen = { 0 };
        for (int i = 0; i < 100; i++) {
            kz_auto(kz_buf) text = kz_buf_init(64);
            if (seed % 2)
                kz_buf_fmt(&text, "%u", (unsigned)kz_rng_below(&r, 1000000));
            else
                kz_buf_fmt(&text, "%c%u", 'A' + (int)kz_rng_below(&r, 26), (unsigned)kz_rng_below(&r, 100));
            kz_private_see(&words, &seen, kz_view_of(kz_buf_text(&text)));
        }
        assert_int_equal(kz_private_decide(&words, kz_view_of("Anzahl"), &seen, true), KZ_PRIVATE_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { KZ_TEST(a_strong_name_of_a_column_decides_alone),
                                        KZ_TEST(a_weak_name_decides_among_persons_or_with_values),
                                        KZ_TEST(values_alone_show_days_of_birth_streets_and_mail),
                                        KZ_TEST(random_numbers_and_codes_are_not_private) };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, load, unload);
}
