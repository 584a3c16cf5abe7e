#include "kz_test.h"

#include "monitor/count.h"

#include <stdio.h>

typedef struct example {
    const char *field;
    kz_count_verdict verdict;
    int64_t value;
    kz_cell_state state;
} example;

static void check(kz_number_style style, bool signs, const example e[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        kz_value c = { -77, KZ_N_CELL_STATES };
        kz_count_verdict v = kz_count_read(kz_view_of(e[i].field), style, signs, &c);
        if (v != e[i].verdict)
            print_message("# field '%s'\n", e[i].field);
        assert_int_equal(v, e[i].verdict);
        if (v == KZ_COUNT_OK) {
            assert_int_equal(c.value, e[i].value);
            assert_int_equal(c.state, e[i].state);
        } else {
            assert_int_equal(c.value, -77);
        }
    }
}
#define CHECK(style, signs, e) check((style), (signs), (e), sizeof(e) / sizeof((e)[0]))

static void german_numbers_are_read_as_declared(void **state)
{
    (void)state;
    static const example e[] = {
        { "1.044.555", 0, 1044555, KZ_CELL_SHOWN }, { " 12 ", 0, 12, KZ_CELL_SHOWN },
        { "1.234", 0, 1234, KZ_CELL_SHOWN },        { "12,0", 0, 12, KZ_CELL_SHOWN },
        { "0", 0, 0, KZ_CELL_ZERO },                { "12,5", KZ_COUNT_NOT_WHOLE, 0, 0 },
        { "1.23", KZ_COUNT_NOT_NUMBER, 0, 0 },      { "1234.567", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { ".123", KZ_COUNT_NOT_NUMBER, 0, 0 },      { "1,", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { "-5", KZ_COUNT_NEGATIVE, 0, 0 },          { "\xE2\x88\x92" "5", KZ_COUNT_NEGATIVE, 0, 0 },
        { "", KZ_COUNT_EMPTY, 0, 0 },               { "\xC2\xA0", KZ_COUNT_EMPTY, 0, 0 },
        { "99999999999999999999", KZ_COUNT_TOO_LARGE, 0, 0 },
    };
    CHECK(KZ_NUM_COMMA, true, e);
}

static void a_point_is_never_guessed_to_part_thousands(void **state)
{
    (void)state;
    static const example e[] = {
        { "1023101.0", 0, 1023101, KZ_CELL_SHOWN }, { "1.234", KZ_COUNT_NOT_WHOLE, 0, 0 },
        { "1,234", 0, 1234, KZ_CELL_SHOWN },        { "1,23", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { ".", KZ_COUNT_SIGN, 0, 0 },               { "12p", KZ_COUNT_SIGN, 0, 0 },
    };
    CHECK(KZ_NUM_POINT, false, e);
}

static void the_table_signs_become_states(void **state)
{
    (void)state;
    static const example e[] = {
        { "\xE2\x80\x93", 0, 0, KZ_CELL_ZERO }, { "-", 0, 0, KZ_CELL_ZERO },
        { ".", 0, KZ_NO_VALUE, KZ_CELL_HIDDEN },         { "\xE2\x80\xA2", 0, KZ_NO_VALUE, KZ_CELL_HIDDEN },
        { "\xE2\x80\xA6", 0, KZ_NO_VALUE, KZ_CELL_LATER }, { "...", 0, KZ_NO_VALUE, KZ_CELL_LATER },
        { "x", 0, KZ_NO_VALUE, KZ_CELL_MEANINGLESS },    { "/", 0, KZ_NO_VALUE, KZ_CELL_UNRELIABLE },
        { "(12)", 0, 12, KZ_CELL_LIMITED },     { "()", 0, KZ_NO_VALUE, KZ_CELL_LIMITED },
        { "12p", 0, 12, KZ_CELL_PRELIMINARY },  { "1.234 r", 0, 1234, KZ_CELL_REVISED },
        { "7s", 0, 7, KZ_CELL_ESTIMATED },      { "<3", 0, KZ_NO_VALUE, KZ_CELL_HIDDEN },
    };
    CHECK(KZ_NUM_COMMA, true, e);
}

static void what_is_no_number_is_never_taken_for_one(void **state)
{
    (void)state;
    static const example e[] = {
        { "1e5", KZ_COUNT_NOT_NUMBER, 0, 0 }, { "NaN", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { "inf", KZ_COUNT_NOT_NUMBER, 0, 0 }, { "0x10", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { "\xEF\xBC\x91\xEF\xBC\x92", KZ_COUNT_NOT_NUMBER, 0, 0 }, { "12%", KZ_COUNT_PERCENT, 0, 0 },
        { "k. A.", KZ_COUNT_NOT_NUMBER, 0, 0 }, { "k.A.", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { "1-2", KZ_COUNT_NOT_NUMBER, 0, 0 }, { "+5", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { "01.02.", KZ_COUNT_NOT_NUMBER, 0, 0 }, { "Mrz 24", KZ_COUNT_NOT_NUMBER, 0, 0 },
        { "1.044.55", KZ_COUNT_NOT_NUMBER, 0, 0 }, { "--5", KZ_COUNT_NOT_NUMBER, 0, 0 },
    };
    CHECK(KZ_NUM_COMMA, true, e);
}

static void a_measure_with_decimals_is_read_exactly(void **state)
{
    (void)state;
    assert_int_equal(kz_measures_get(&(const kz_measures *){ NULL }, NULL), KZ_OK); /* units */
    const kz_measure rate = kz_measure_make("s1", "Arbeitslose", "", "Prozent", 5);
    const kz_measure move = kz_measure_make("d1", "Veränderung", "", "Prozentpunkte", 5);
    const kz_measure euro = kz_measure_make("e", "Ausgaben", "", "Euro", 2);
    static const struct {
        const char *text;
        int which; /* 0 rate, 1 move, 2 euro */
        kz_count_verdict verdict;
        int64_t value;
    } e[] = {
        { "6.38298", 0, 0, 638298 },       { "20.1087", 0, 0, 2010870 },     { "6.38298 %", 0, 0, 638298 },
        { "-0.82908", 1, 0, -82908 },      { "-6e-05", 1, 0, -6 },           { "6.382985", 0, KZ_COUNT_NOT_WHOLE, 0 },
        { "101", 0, KZ_COUNT_OUTSIDE, 0 }, { "-1", 0, KZ_COUNT_NEGATIVE, 0 }, { "1,234.5", 2, 0, 123450 },
        { "-5.00", 2, 0, -500 },           { "5 %", 2, KZ_COUNT_PERCENT, 0 }, { "1e300", 1, KZ_COUNT_TOO_LARGE, 0 },
        { "0.00001", 1, 0, 1 },            { "-0.00001", 1, 0, -1 },          { "1.500000000000", 2, 0, 150 },
    };
    for (size_t i = 0; i < sizeof e / sizeof e[0]; i++) {
        const kz_measure *m = e[i].which == 0 ? &rate : e[i].which == 1 ? &move : &euro;
        kz_value c = { 77, KZ_N_CELL_STATES };
        kz_count_verdict v = kz_value_read(kz_view_of(e[i].text), KZ_NUM_POINT, KZ_SIGNS_YES, m, &c);
        if (v != e[i].verdict || (v == KZ_COUNT_OK && c.value != e[i].value))
            fail_msg("%s: verdict %d, value %lld", e[i].text, (int)v, (long long)c.value);
        assert_true(v == KZ_COUNT_OK || c.value == 77);
    }
    assert_false(rate.adds);
    assert_false(move.adds);
    assert_true(euro.adds);
}

static void a_cell_of_a_spreadsheet_has_15_digits_that_count(void **state)
{
    (void)state;
    const kz_measure rate = { .code = "", .label = "", .table = "", .unit = "x", .decimals = 5, .lo = -KZ_VALUE_MAX,
                              .hi = KZ_VALUE_MAX };
    kz_value c;
    assert_int_equal(kz_value_of_cell(kz_view_of("6.3829799999999999"), &rate, &c), KZ_COUNT_OK);
    assert_int_equal(c.value, 638298);
    assert_int_equal(kz_value_of_cell(kz_view_of("-8.2907999999999998E-1"), &rate, &c), KZ_COUNT_OK);
    assert_int_equal(c.value, -82908);
    assert_int_equal(kz_value_of_cell(kz_view_of("6.382985"), &rate, &c), KZ_COUNT_NOT_WHOLE);
}

static void in_official_tables_a_written_0_is_less_than_half_of_the_unit(void **state)
{
    (void)state;
    kz_value c;
    assert_int_equal(kz_count_read(kz_view_of("0"), KZ_NUM_COMMA, KZ_SIGNS_OFFICIAL, &c), KZ_COUNT_OK);
    assert_int_equal(c.state, KZ_CELL_BELOW_UNIT);
    assert_int_equal(kz_count_read(kz_view_of("0"), KZ_NUM_COMMA, KZ_SIGNS_YES, &c), KZ_COUNT_OK);
    assert_int_equal(c.state, KZ_CELL_ZERO);
}

/* Property: what is written by one style is read back by the same. */
static void numbers_written_with_spaces_read_back(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 2000; i++) {
        char text[64];
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        int64_t want = (int64_t)(x % 1000000000);
        const char *sep = i % 2 ? "\xC2\xA0" : " ";
        if (want >= 1000000)
            snprintf(text, sizeof text, "%d%s%03d%s%03d", (int)(want / 1000000), sep, (int)(want / 1000 % 1000), sep,
                     (int)(want % 1000));
        else if (want >= 1000)
            snprintf(text, sizeof text, "%d%s%03d", (int)(want / 1000), sep, (int)(want % 1000));
        else
            snprintf(text, sizeof text, "%d", (int)want);
        kz_value c;
        assert_int_equal(kz_count_read(kz_view_of(text), KZ_NUM_COMMA, true, &c), KZ_COUNT_OK);
        assert_int_equal(c.value, want);
    }
}

KZ_TEST_MAIN(KZ_TEST(german_numbers_are_read_as_declared), KZ_TEST(a_point_is_never_guessed_to_part_thousands),
             KZ_TEST(the_table_signs_become_states), KZ_TEST(what_is_no_number_is_never_taken_for_one),
             KZ_TEST(a_measure_with_decimals_is_read_exactly),
             KZ_TEST(a_cell_of_a_spreadsheet_has_15_digits_that_count),
             KZ_TEST(in_official_tables_a_written_0_is_less_than_half_of_the_unit),
             KZ_TEST(numbers_written_with_spaces_read_back))
