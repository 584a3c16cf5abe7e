#include "kz_test.h"

#include "base/collate.h"

#include <string.h>

static int compare(const char *a, const char *b)
{
    return kz_collate(kz_view_of(a), kz_view_of(b));
}

/* Each name stands before all that follow it. */
static const char *const ORDERED[] = {
    "",
    "10",
    "9",
    "Aachen",
    "\xC3\x84gidienberg",
    "Altstadt",
    "Altstadt/Nord",
    "Altstadt-S\xC3\xBC"
    "d",
    "Ohligs",
    "\xC3\x96"
    "jendorf",
    "Ostheim",
    "Strasse",
    "Stra\xC3\x9F"
    "e",
    "Strassen",
    "Sulz",
    "S\xC3\xBClz",
    "S\xC3\xBClze",
    "Zollstock",
    "\xCE\xB1",
};

static void sorts_german_names_like_a_dictionary(void **state)
{
    (void)state;
    static const char *const NAME[] = { "Aachen",
                                        "\xC3\x84gidienberg",
                                        "Altstadt-Nord",
                                        "Bocklem\xC3\xBCnd",
                                        "Mei\xC3\x9Fner",
                                        "Mei\xC3\x9Fnerin",
                                        "M\xC3\xBClheim",
                                        "Mulheimer",
                                        "Ohligs",
                                        "\xC3\x96"
                                        "jendorf",
                                        "Strasse",
                                        "Stra\xC3\x9F"
                                        "e",
                                        "Z\xC3\xBCndorf" };
    for (size_t i = 0; i + 1 < sizeof NAME / sizeof *NAME; i++)
        if (compare(NAME[i], NAME[i + 1]) >= 0)
            fail_msg("%s is not before %s", NAME[i], NAME[i + 1]);
}

static void is_an_order(void **state)
{
    (void)state;
    enum { N = sizeof ORDERED / sizeof *ORDERED };
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < N; k++) {
            int cmp = compare(ORDERED[i], ORDERED[k]);
            assert_int_equal(cmp, -compare(ORDERED[k], ORDERED[i]));
            if (i == k)
                assert_int_equal(cmp, 0);
            else
                assert_int_not_equal(cmp, 0);
            for (size_t m = 0; m < N; m++)
                if (cmp < 0 && compare(ORDERED[k], ORDERED[m]) < 0)
                    assert_true(compare(ORDERED[i], ORDERED[m]) < 0);
        }
}

static void breaks_ties_always_the_same_way(void **state)
{
    (void)state;
    assert_int_equal(compare("sulz", "Sulz"), -1);
    assert_int_equal(compare("Sulz", "S\xC3\xBClz"), -1);
    assert_int_equal(compare("Strasse", "Stra\xC3\x9F" "e"), -1);
    assert_int_equal(compare("10", "9"), -1);
    assert_int_not_equal(compare("Ko\xCC\x88ln", "K\xC3\xB6ln"), 0);
    assert_int_equal(compare("Ko\xCC\x88ln", "K\xC3\xB6lnx"), -1);
    assert_int_equal(compare("K\xC3\xB6ln", "K\xC3\xB6ln"), 0);
}

KZ_TEST_MAIN(KZ_TEST(sorts_german_names_like_a_dictionary),
             KZ_TEST(is_an_order),
             KZ_TEST(breaks_ties_always_the_same_way))
