#include "kz_test.h"

#include "base/fmt.h"
#include "base/parse.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

#define NBSP "\xC2\xA0"
#define NNBSP "\xE2\x80\xAF"
#define MINUS "\xE2\x88\x92"

static kz_parsed to_int(const char *s, kz_number_style style, int64_t *n)
{
    return kz_parse_int(kz_view_of(s), style, n);
}

static kz_parsed to_real(const char *s, kz_number_style style, double *x)
{
    return kz_parse_real(kz_view_of(s), style, x);
}

static void reads_what_offices_write(void **state)
{
    (void)state;
    static const struct {
        const char     *text;
        kz_number_style style;
        double          want;
    } CASE[] = {
        { "1.234,5", KZ_NUM_COMMA, 1234.5 },
        { "1 234,5", KZ_NUM_COMMA, 1234.5 },
        { "1" NBSP "234,5", KZ_NUM_COMMA, 1234.5 },
        { "1" NNBSP "234" NNBSP "567", KZ_NUM_COMMA, 1234567 },
        { "1.234", KZ_NUM_COMMA, 1234 },
        { "1.234", KZ_NUM_POINT, 1.234 },
        { "1,234", KZ_NUM_COMMA, 1.234 },
        { "1,234", KZ_NUM_POINT, 1234 },
        { "1,234.5", KZ_NUM_POINT, 1234.5 },
        { "  12,5" NBSP, KZ_NUM_COMMA, 12.5 },
        { "-3,25", KZ_NUM_COMMA, -3.25 },
        { MINUS "3,25", KZ_NUM_COMMA, -3.25 },
        { "0,125", KZ_NUM_COMMA, 0.125 },
        { "1.5e-05", KZ_NUM_POINT, 0.000015 },
        { "9007199254740993", KZ_NUM_PLAIN, 9007199254740992.0 },
        { "1 234", KZ_NUM_PLAIN, 1234 },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        double x = -1;
        if (to_real(CASE[i].text, CASE[i].style, &x) != KZ_PARSED || x != CASE[i].want)
            fail_msg("%s: got %.17g, want %.17g", CASE[i].text, x, CASE[i].want);
    }
}

static void reads_the_counts_of_cologne(void **state)
{
    (void)state;
    int64_t n = 0;
    assert_int_equal(to_int("1023101.0", KZ_NUM_POINT, &n), KZ_PARSED);
    assert_int_equal(n, 1023101);
    assert_int_equal(to_int("1.044.555", KZ_NUM_COMMA, &n), KZ_PARSED);
    assert_int_equal(n, 1044555);
    assert_int_equal(to_int("12,5", KZ_NUM_COMMA, &n), KZ_PARSED_FRACTION);
    assert_int_equal(to_int("9223372036854775807", KZ_NUM_PLAIN, &n), KZ_PARSED);
    assert_int_equal(n, INT64_MAX);
    assert_int_equal(to_int("-9223372036854775808", KZ_NUM_PLAIN, &n), KZ_PARSED);
    assert_int_equal(n, INT64_MIN);
    assert_int_equal(to_int("9223372036854775808", KZ_NUM_PLAIN, &n), KZ_PARSED_RANGE);
    assert_int_equal(n, INT64_MIN);
}

static void refuses_what_is_not_a_number(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "NaN",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "0x10",
        "-0",
        MINUS "0",
        "-0,0",
        "-0E42",
        "+1",
        "+1+1",
        "1e",
        "e5",
        "1e+",
        "\xEF\xBC\x91\xEF\xBC\x92",
        "\xD9\xA1\xD9\xA2",
        "12%",
        "12,5 %",
        "<3",
        "1-2",
        "1,",
        ",5",
        ".5",
        "5.",
        "1..2",
        "1.23.456",
        "1.2345,6",
        "12 34",
        "1 234.567,8",
        "1.234 567",
        "0.123.456",
        "01.02.",
        "Mrz 24",
        "03/04/2020",
        "12a",
        "--1",
        "- 1",
        "1_000",
        "1'000",
        "\xC2\xB2",
        "=1",
        "1\t2",
        "1.234.",
        " ",
        "#DIV/0!",
        "1234567890123456789012345678901234567890123456789012345678901",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        int64_t n = 77;
        double x = 77;
        for (int style = KZ_NUM_PLAIN; style <= KZ_NUM_ASK; style++) {
            if (to_int(BAD[i], (kz_number_style)style, &n) == KZ_PARSED ||
                to_real(BAD[i], (kz_number_style)style, &x) == KZ_PARSED)
                fail_msg("%s was read as %.17g", BAD[i], x);
        }
        assert_int_equal(n, 77);
        assert_true(x == 77);
    }
    double x = 77;
    assert_int_equal(to_real("1e309", KZ_NUM_POINT, &x), KZ_PARSED_RANGE);
    assert_int_equal(to_real("-1e-400", KZ_NUM_POINT, &x), KZ_PARSED_RANGE);
    assert_int_equal(to_real("1e309", KZ_NUM_COMMA, &x), KZ_PARSED_NOT);
    assert_int_equal(to_real("", KZ_NUM_POINT, &x), KZ_PARSED_EMPTY);
    assert_int_equal(to_real(NBSP, KZ_NUM_PLAIN, &x), KZ_PARSED_EMPTY);
    assert_true(x == 77);
    int64_t n = 77;
    assert_int_equal(to_int("1e3", KZ_NUM_POINT, &n), KZ_PARSED_NOT);
    assert_int_equal(n, 77);
}

static kz_number_style decide(const char *const values[])
{
    kz_number_column c = { 0 };
    for (uint64_t line = 2; *values; values++, line++)
        kz_number_see(&c, kz_view_of(*values), line);
    return kz_number_decide(&c);
}

#define COLUMN(...) decide((const char *const[]){ __VA_ARGS__, NULL })

static void asks_when_a_column_does_not_say_what_its_points_mean(void **state)
{
    (void)state;
    assert_int_equal(COLUMN("1.234", "5.678"), KZ_NUM_ASK);
    assert_int_equal(COLUMN("1,234"), KZ_NUM_ASK);
    assert_int_equal(COLUMN("9.10", "1.12"), KZ_NUM_ASK);
    assert_int_equal(COLUMN("1.234", "12"), KZ_NUM_ASK);
    int64_t n = 77;
    assert_int_equal(to_int("1.234", KZ_NUM_ASK, &n), KZ_PARSED_OPEN);
    assert_int_equal(to_int("1.234", KZ_NUM_PLAIN, &n), KZ_PARSED_OPEN);
    assert_int_equal(n, 77);
    assert_int_equal(to_int("1234", KZ_NUM_ASK, &n), KZ_PARSED);
    assert_int_equal(n, 1234);
}

static void lets_one_value_prove_the_style_of_its_column(void **state)
{
    (void)state;
    assert_int_equal(COLUMN("1.234", "5.678", "1.234,5"), KZ_NUM_COMMA);
    assert_int_equal(COLUMN("1.234", "1.234.567"), KZ_NUM_COMMA);
    assert_int_equal(COLUMN("1.234", "1" NNBSP "234,5"), KZ_NUM_COMMA);
    assert_int_equal(COLUMN("1.234", "1023101.0"), KZ_NUM_POINT);
    assert_int_equal(COLUMN("1.234", "0.125"), KZ_NUM_POINT);
    assert_int_equal(COLUMN("9.10", "45.2"), KZ_NUM_POINT);
    assert_int_equal(COLUMN("12", "1 234", "x", "."), KZ_NUM_PLAIN);
}

static void finds_contradictions_within_a_column(void **state)
{
    (void)state;
    assert_int_equal(COLUMN("1,5", "2.55"), KZ_NUM_CONFLICT);
    assert_int_equal(COLUMN("12%", "12,5 %", "0,125"), KZ_NUM_UNITS);
    assert_int_equal(COLUMN("12%", "12,5 %", "\xE2\x80\x93"), KZ_NUM_COMMA);
    kz_number_column c = { 0 };
    kz_number_see(&c, kz_view_of("7"), 2);
    kz_number_see(&c, kz_view_of("1,5"), 3);
    kz_number_see(&c, kz_view_of("2.55"), 4);
    kz_number_see(&c, kz_view_of("3,5"), 5);
    assert_int_equal(c.line_comma, 3);
    assert_int_equal(c.line_point, 4);
    double x = 0;
    assert_int_equal(kz_parse_percent(kz_view_of("12,5 %"), KZ_NUM_COMMA, &x), KZ_PARSED);
    assert_true(x == 0.125);
    assert_int_equal(kz_parse_percent(kz_view_of("12,5"), KZ_NUM_COMMA, &x), KZ_PARSED_NOT);
    assert_int_equal(kz_parse_percent(kz_view_of("%"), KZ_NUM_COMMA, &x), KZ_PARSED_NOT);
}

static void reads_back_what_the_program_writes(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(7, 1);
    kz_auto(kz_buf) b = kz_buf_init(200);
    for (int i = 0; i < 20000; i++) {
        int64_t n = (int64_t)(kz_rng_next(&r) >> kz_rng_below(&r, 64)) * (i & 1 ? -1 : 1), back = 0;
        kz_buf_clear(&b);
        kz_fmt_int(&b, KZ_LANG_DE, n);
        assert_int_equal(to_int(kz_buf_text(&b), KZ_NUM_COMMA, &back), KZ_PARSED);
        assert_int_equal(back, n);
        kz_buf_clear(&b);
        kz_fmt_int(&b, KZ_LANG_EN, n);
        assert_int_equal(to_int(kz_buf_text(&b), KZ_NUM_POINT, &back), KZ_PARSED);
        assert_int_equal(back, n);

        double x = ldexp(kz_rng_unit(&r) + 0.5, (int)kz_rng_below(&r, 400) - 200), y = 0;
        kz_buf_clear(&b);
        kz_buf_real(&b, x);
        assert_int_equal(to_real(kz_buf_text(&b), KZ_NUM_POINT, &y), KZ_PARSED);
        assert_true(x == y);
    }
}

static void knows_the_signs_of_official_tables(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        kz_sign     sign;
        const char *number;
    } CASE[] = {
        { "\xE2\x80\x93", KZ_SIGN_ZERO, "" },      { "-", KZ_SIGN_ZERO, "" },
        { "0", KZ_SIGN_BELOW_UNIT, "0" },          { ".", KZ_SIGN_HIDDEN, "" },
        { "*", KZ_SIGN_HIDDEN, "" },               { "\xE2\x80\xA6", KZ_SIGN_LATER, "" },
        { "...", KZ_SIGN_LATER, "" },              { "x", KZ_SIGN_MEANINGLESS, "" },
        { "X", KZ_SIGN_MEANINGLESS, "" },          { "/", KZ_SIGN_UNRELIABLE, "" },
        { "()", KZ_SIGN_LIMITED, "" },             { "(12,5)", KZ_SIGN_LIMITED, "12,5" },
        { "( 12 )", KZ_SIGN_LIMITED, "12" },       { "p", KZ_SIGN_PRELIMINARY, "" },
        { "12p", KZ_SIGN_PRELIMINARY, "12" },      { "12 r", KZ_SIGN_REVISED, "12" },
        { "1.204s", KZ_SIGN_ESTIMATED, "1.204" },  { "k.A.", KZ_SIGN_MISSING, "" },
        { "k. A.", KZ_SIGN_MISSING, "" },          { "<3", KZ_SIGN_LESS, "3" },
        { "", KZ_SIGN_EMPTY, "" },                 { " " NBSP, KZ_SIGN_EMPTY, "" },
        { " 17 ", KZ_SIGN_NONE, "17" },            { "1-2", KZ_SIGN_NONE, "1-2" },
        { "-5", KZ_SIGN_NONE, "-5" },              { "Kreis", KZ_SIGN_NONE, "Kreis" },
        { "<", KZ_SIGN_NONE, "<" },                { "(", KZ_SIGN_NONE, "(" },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        kz_view number;
        kz_sign sign = kz_sign_find(kz_view_of(CASE[i].text), &number);
        if (sign != CASE[i].sign || !kz_view_is(number, CASE[i].number))
            fail_msg("\"%s\": sign %d, number \"%.*s\"", CASE[i].text, sign, (int)number.n, number.p);
    }
}

static void keeps_plain_numbers_within_their_bounds(void **state)
{
    (void)state;
    int64_t n = 77;
    assert_true(kz_parse_plain(kz_view_of("8080"), 1, 65535, &n));
    assert_int_equal(n, 8080);
    static const char *const BAD[] = { "",   "-",  "0",  "65536", "99999999999999999999",
                                       " 5", "5 ", "+5", "5.0",   "\xD9\xA1" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_false(kz_parse_plain(kz_view_of(BAD[i]), 1, 65535, &n));
    assert_int_equal(n, 8080);
    assert_true(kz_parse_plain(kz_view_of("-12"), -20, 0, &n));
    assert_int_equal(n, -12);
}

static void keeps_decimals_exactly(void **state)
{
    (void)state;
    static const struct {
        const char     *text;
        kz_number_style style;
        int             decimals;
        kz_parsed       parsed;
        int64_t         want;
    } CASE[] = {
        { "12,5", KZ_NUM_COMMA, 2, KZ_PARSED, 1250 },        { "1.234,56", KZ_NUM_COMMA, 2, KZ_PARSED, 123456 },
        { "0.1", KZ_NUM_POINT, 1, KZ_PARSED, 1 },            { "-0.82908", KZ_NUM_POINT, 5, KZ_PARSED, -82908 },
        { "1.5e-05", KZ_NUM_POINT, 6, KZ_PARSED, 15 },       { "1.5e2", KZ_NUM_POINT, 1, KZ_PARSED, 1500 },
        { "1.50", KZ_NUM_POINT, 1, KZ_PARSED, 15 },          { "1.55", KZ_NUM_POINT, 1, KZ_PARSED_FRACTION, 0 },
        { "1e-9", KZ_NUM_POINT, 6, KZ_PARSED_FRACTION, 0 },  { "1e3", KZ_NUM_POINT, 0, KZ_PARSED_NOT, 0 },
        { "9223372036854775807", KZ_NUM_PLAIN, 0, KZ_PARSED, INT64_MAX },
        { "9223372036854775807", KZ_NUM_PLAIN, 1, KZ_PARSED_RANGE, 0 },
        { "1e99999999999", KZ_NUM_POINT, 2, KZ_PARSED_RANGE, 0 }, { "0e5", KZ_NUM_POINT, 2, KZ_PARSED, 0 },
        { "", KZ_NUM_POINT, 2, KZ_PARSED_EMPTY, 0 },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        int64_t n = 77;
        kz_parsed p = kz_parse_fixed(kz_view_of(CASE[i].text), CASE[i].style, CASE[i].decimals, &n);
        if (p != CASE[i].parsed || n != (p == KZ_PARSED ? CASE[i].want : 77))
            fail_msg("%s: %d %lld", CASE[i].text, (int)p, (long long)n);
    }
}

static void says_each_failure_in_german(void **state)
{
    (void)state;
    for (int p = KZ_PARSED_EMPTY; p <= KZ_PARSED_RANGE; p++) {
        const char *id = kz_parsed_id((kz_parsed)p);
        assert_non_null(id);
        assert_string_not_equal(kz_text(KZ_LANG_DE, id), id);
    }
    assert_null(kz_parsed_id(KZ_PARSED));
}

KZ_TEST_MAIN(KZ_TEST(reads_what_offices_write),
             KZ_TEST(reads_the_counts_of_cologne),
             KZ_TEST(refuses_what_is_not_a_number),
             KZ_TEST(asks_when_a_column_does_not_say_what_its_points_mean),
             KZ_TEST(lets_one_value_prove_the_style_of_its_column),
             KZ_TEST(finds_contradictions_within_a_column),
             KZ_TEST(reads_back_what_the_program_writes),
             KZ_TEST(knows_the_signs_of_official_tables),
             KZ_TEST(keeps_plain_numbers_within_their_bounds),
             KZ_TEST(keeps_decimals_exactly),
             KZ_TEST(says_each_failure_in_german))
