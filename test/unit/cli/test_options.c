#include "kz_test.h"

#include "cli/options.h"

#include <string.h>

static kz_err err;

static const kz_command TABLE[] = {
    { .words = "init", .args = "DIR", .min_args = 1, .max_args = 1,
      .opts = { { .name = "name", .kind = KZ_OPT_TEXT, .value = "NAME", .required = true } } },
    { .words = "import", .args = "FILE", .min_args = 1, .max_args = 1,
      .opts = { { .name = "source", .kind = KZ_OPT_TEXT, .value = "ID" },
                { .name = "rows", .kind = KZ_OPT_INT, .value = "N" },
                { .name = "dry-run", .kind = KZ_OPT_FLAG },
                { .name = "o", .kind = KZ_OPT_TEXT, .value = "OUT" } } },
    { .words = "import list" },
    { .words = "area import", .args = "FILE", .min_args = 1, .max_args = 1,
      .opts = { { .name = "level", .kind = KZ_OPT_TEXT, .value = "LEVEL" } } },
    { .words = "stat index", .args = "FILE", .min_args = 1, .max_args = 1,
      .opts = { { .name = "columns", .kind = KZ_OPT_LIST, .value = "COL" } } },
    { .words = "compute", .opts = { { .name = "indicator", .kind = KZ_OPT_LIST, .value = "ID" } } },
    { .words = "version" },
};
enum { N_TABLE = sizeof TABLE / sizeof TABLE[0], MOST_WORDS = 16 };

/* Parse words parted by blanks. */
typedef struct line {
    char            text[400];
    char           *argv[MOST_WORDS];
    kz_command_line parsed;
} line;

static void line_done(line *l)
{
    kz_command_line_done(&l->parsed);
}

static kz_status parse(line *l, const char *text)
{
    int argc = 0;
    *l = (line){ 0 };
    memcpy(l->text, text, strlen(text) + 1);
    l->argv[argc++] = l->text;
    for (char *at = l->text; (at = strchr(at, ' ')) && argc < MOST_WORDS;) {
        *at++ = '\0';
        l->argv[argc++] = at;
    }
    return kz_options_parse(TABLE, N_TABLE, argc, l->argv, &l->parsed, &err);
}

static void takes_options_before_and_after_the_argument(void **state)
{
    (void)state;
    static const char *const SAME[] = {
        "kekiz --workspace w import a.csv --source x --dry-run",
        "kekiz import --source=x --dry-run a.csv --workspace=w",
        "kekiz import --dry-run --dry-run --workspace w --source x -- a.csv",
    };
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        kz_auto(line) l;
        assert_int_equal(parse(&l, SAME[i]), KZ_OK);
        const kz_call *c = &l.parsed.call;
        assert_string_equal(c->command->words, "import");
        assert_int_equal(c->n_args, 1);
        assert_string_equal(c->args[0], "a.csv");
        assert_string_equal(c->workspace, "w");
        assert_string_equal(kz_opt_text(c, "source"), "x");
        assert_true(kz_opt_flag(c, "dry-run"));
        assert_null(kz_opt_text(c, "rows"));
        assert_int_equal(kz_opt_int(c, "rows", -7), -7);
    }
}

static void two_words_come_before_one(void **state)
{
    (void)state;
    kz_auto(line) two, file, literal;
    assert_int_equal(parse(&two, "kekiz import list"), KZ_OK);
    assert_string_equal(two.parsed.call.command->words, "import list");
    assert_int_equal(parse(&file, "kekiz import ./list"), KZ_OK);
    assert_string_equal(file.parsed.call.args[0], "./list");
    assert_int_equal(parse(&literal, "kekiz import -- list"), KZ_OK);
    assert_string_equal(literal.parsed.call.args[0], "list");
}

static void a_list_takes_the_words_that_follow_it(void **state)
{
    (void)state;
    static const char *const SAME[] = {
        "kekiz stat index a.csv --columns x y z",
        "kekiz stat index a.csv --columns x --columns y --columns z",
        "kekiz stat index --columns x a.csv --columns=y z",
    };
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        kz_auto(line) l;
        assert_int_equal(parse(&l, SAME[i]), KZ_OK);
        assert_string_equal(l.parsed.call.args[0], "a.csv");
        assert_int_equal(kz_opt_count(&l.parsed.call, "columns"), 3);
        assert_string_equal(kz_opt_nth(&l.parsed.call, "columns", 0), "x");
        assert_string_equal(kz_opt_nth(&l.parsed.call, "columns", 2), "z");
        assert_null(kz_opt_nth(&l.parsed.call, "columns", 3));
    }
    kz_auto(line) none;
    assert_int_equal(parse(&none, "kekiz compute --indicator a b --lang en"), KZ_OK);
    assert_int_equal(kz_opt_count(&none.parsed.call, "indicator"), 2);
    assert_int_equal(none.parsed.call.lang, KZ_LANG_EN);
}

static void numbers_and_a_single_dash_are_no_options(void **state)
{
    (void)state;
    kz_auto(line) l;
    assert_int_equal(parse(&l, "kekiz import - --rows -9223372036854775808 -o out.csv"), KZ_OK);
    assert_string_equal(l.parsed.call.args[0], "-");
    assert_true(kz_opt_int(&l.parsed.call, "rows", 0) == INT64_MIN);
    assert_string_equal(kz_opt_text(&l.parsed.call, "o"), "out.csv");
    kz_auto(line) two = { 0 };
    assert_int_equal(parse(&two, "kekiz import - --o out.csv"), KZ_OK); /* two dashes will do for one letter too */
    assert_string_equal(kz_opt_text(&two.parsed.call, "o"), "out.csv");
}

static void help_asks_for_nothing_else(void **state)
{
    (void)state;
    kz_auto(line) command, group, all;
    assert_int_equal(parse(&command, "kekiz init --help"), KZ_OK);
    assert_true(command.parsed.help);
    assert_string_equal(command.parsed.call.command->words, "init");
    assert_int_equal(parse(&group, "kekiz area -h"), KZ_OK);
    assert_string_equal(group.parsed.group, "area");
    assert_int_equal(parse(&all, "kekiz --help"), KZ_OK);
    assert_null(all.parsed.call.command);
}

static void refuses_what_is_not_in_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *line, *id;
    } BAD[] = {
        { "kekiz improt a.csv", "cli.unknown_command_near" },
        { "kekiz zzzzzzzz", "cli.unknown_command" },
        { "kekiz area", "cli.group" },
        { "kekiz area improt x", "cli.unknown_command_near" },
        { "kekiz area zzzzzzzzzzz", "cli.unknown_in_group" },
        { "kekiz area -h x", "cli.unknown_in_group" },
        { "kekiz import a.csv --sorce x", "cli.unknown_option_near" },
        { "kekiz import a.csv --zzzzzzzz", "cli.unknown_option" },
        { "kekiz import a.csv -zz", "cli.unknown_option" },
        { "kekiz import a.csv --p x", "cli.unknown_option_near" },
        { "kekiz --source x import a.csv", "cli.unknown_option" },
        { "kekiz import", "cli.missing_arg" },
        { "kekiz import a b", "cli.too_many" },
        { "kekiz init d", "cli.missing_option" },
        { "kekiz import a --source", "cli.missing_value" },
        { "kekiz import a --source --dry-run", "cli.missing_value" },
        { "kekiz import a --dry-run=yes", "cli.flag_value" },
        { "kekiz import a --source x --source y", "cli.twice" },
        { "kekiz import a --rows 1e3", "cli.not_a_number" },
        { "kekiz import a --rows 9223372036854775808", "cli.not_a_number" },
        { "kekiz import a --rows=", "cli.not_a_number" },
        { "kekiz --lang fr version", "cli.bad_lang" },
        { "kekiz --workspace= version", "cli.missing_value" },
        { "kekiz ", "cli.unknown_command" },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        kz_auto(line) l;
        assert_int_equal(parse(&l, BAD[i].line), KZ_E_USAGE);
        assert_string_equal(err.id, BAD[i].id);
        assert_null(l.parsed.values.v);
    }
}

static void names_the_nearest_word(void **state)
{
    (void)state;
    assert_string_equal(kz_command_near(TABLE, N_TABLE, "verison"), "version");
    assert_string_equal(kz_command_near(TABLE, N_TABLE, "area imprt"), "area import");
    assert_null(kz_command_near(TABLE, N_TABLE, "quite something else"));
    assert_null(kz_command_near(TABLE, N_TABLE, ""));
}

static void the_language_is_known_before_the_mistake(void **state)
{
    (void)state;
    kz_auto(line) l;
    assert_int_equal(parse(&l, "kekiz zzzz --lang en"), KZ_E_USAGE);
    assert_int_equal(l.parsed.call.lang, KZ_LANG_EN);
}

/* 200,000 command lines of known and broken words: a status, and never more values than words. */
static void no_words_break_the_parser(void **state)
{
    (void)state;
    static const char *const WORDS[] = {
        "init", "import", "list", "area", "stat", "index", "compute", "version", "help", "a.csv", "",
        "-", "--", "-h", "--help", "-o", "-oo", "--o", "--columns", "--columns=", "--indicator", "--rows",
        "--rows=-3", "-3", "-.5", "--lang", "en", "--lang=de", "--workspace", "--workspace=w", "--source",
        "--dry-run", "--dry-run=", "--version", "---", "--=", "=", "\xff\xfe", "--\xc3", "K\xc3\xb6ln",
        "\x1b[31m", "a very long word that goes on and on and on and on and on and on and on and on and on",
        "--a-very-long-option-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on",
    };
    uint64_t seed = 1;
    for (int i = 0; i < 200000; i++) {
        char *argv[MOST_WORDS] = { "kekiz" };
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int argc = 1 + (int)((seed >> 33) % (MOST_WORDS - 1));
        for (int k = 1; k < argc; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            argv[k] = (char *)WORDS[(seed >> 33) % (sizeof WORDS / sizeof WORDS[0])];
        }
        kz_auto(kz_command_line) p = { 0 };
        kz_status st = kz_options_parse(TABLE, N_TABLE, argc, argv, &p, &err);
        assert_true(st == KZ_OK || st == KZ_E_USAGE);
        assert_true(p.values.n + p.call.n_args < argc);
        if (st == KZ_OK && p.call.command && !p.help) {
            assert_true(p.call.n_args >= p.call.command->min_args);
            assert_true(p.call.n_args <= p.call.command->max_args);
        }
    }
}

KZ_TEST_MAIN(KZ_TEST(takes_options_before_and_after_the_argument),
             KZ_TEST(two_words_come_before_one),
             KZ_TEST(a_list_takes_the_words_that_follow_it),
             KZ_TEST(numbers_and_a_single_dash_are_no_options),
             KZ_TEST(help_asks_for_nothing_else),
             KZ_TEST(refuses_what_is_not_in_the_table),
             KZ_TEST(names_the_nearest_word),
             KZ_TEST(the_language_is_known_before_the_mistake),
             KZ_TEST(no_words_break_the_parser))
