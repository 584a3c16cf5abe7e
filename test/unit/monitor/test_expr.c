#include "kz_test.h"

#include "base/rng.h"
#include "base/text.h"
#include "expr_fixture.h"

#include <string.h>

enum { CAP = 16 << 20 };

static kz_status parse(const char *text, kz_expr_kind kind, kz_arena *a, const kz_expr **ret, kz_err *err)
{
    return kind == KZ_EXPR_CONDITION ? kz_expr_parse_condition(text, "ewo", &FIX_SCOPE, FIX_AT, a, ret, err)
                                     : kz_expr_parse(text, kind, &FIX_SCOPE, FIX_AT, a, ret, err);
}

static void becomes(kz_expr_kind kind, const char *text, const char *canonical)
{
    kz_auto(kz_arena) a;
    kz_auto(kz_buf) once = kz_buf_init(1 << 16), twice = kz_buf_init(1 << 16);
    const kz_expr *e, *again;
    kz_err err = { 0 };
    kz_arena_init(&a, CAP);
    if (parse(text, kind, &a, &e, &err) != KZ_OK) {
        kz_err_say(&once, KZ_LANG_DE, &err);
        fail_msg("%s: %s", text, kz_buf_text(&once));
    }
    kz_expr_write(&once, e);
    assert_string_equal(kz_buf_text(&once), canonical);
    assert_int_equal(parse(kz_buf_text(&once), kind, &a, &again, NULL), KZ_OK);
    kz_expr_write(&twice, again);
    assert_string_equal(kz_buf_text(&twice), canonical);
    assert_int_equal(kz_expr_compare(e, again), 0);
}

static void refused(kz_expr_kind kind, const char *text, const char *id, int at, const char *near)
{
    kz_auto(kz_arena) a;
    kz_auto(kz_buf) said = kz_buf_init(1 << 16);
    const kz_expr *e = NULL;
    kz_err err = { 0 };
    kz_arena_init(&a, CAP);
    assert_int_equal(parse(text, kind, &a, &e, &err), KZ_E_INPUT);
    assert_null(e);
    if (strcmp(err.id, id) != 0)
        fail_msg("%s: %s instead of %s", text, err.id, id);
    kz_err_say(&said, KZ_LANG_DE, &err);
    assert_non_null(strstr(kz_buf_text(&said), "test.tsv"));
    for (int i = 0; i < err.n_args; i++) {
        if (strcmp(err.arg[i].name, "at") == 0)
            assert_int_equal(err.arg[i].number, at);
        if (near && strcmp(err.arg[i].name, "near") == 0)
            assert_memory_equal(err.bytes + err.arg[i].at, near, strlen(near));
    }
}

static void a_sum_of_measures_is_what_it_was(void **state)
{
    (void)state;
    becomes(KZ_EXPR_FORM, "age_03_06+age_00_03", "age_00_03 + age_03_06");
    becomes(KZ_EXPR_FORM, "-age_00_03 + pop", "pop - age_00_03");
    becomes(KZ_EXPR_FORM, "2*pop - 3 * mig_total[-1]", "2 * pop - 3 * mig_total[-1]");
}

static void conditions_have_one_way_to_be_written(void **state)
{
    (void)state;
    becomes(KZ_EXPR_FORM, "count( ewo )", "count(ewo)");
    becomes(KZ_EXPR_FORM, "count(ewo: mig!=none and age_years<18)", "count(ewo: age_years < 18 and mig != none)");
    becomes(KZ_EXPR_FORM, "count(ewo: age_years <= 17 and (mig != none))", "count(ewo: age_years < 18 and mig != none)");
    becomes(KZ_EXPR_FORM, "count(ewo: not (sex = m))", "count(ewo: sex != m)");
    becomes(KZ_EXPR_FORM, "count(ewo: sex in (w, m, w))", "count(ewo: sex in (m, w))");
    becomes(KZ_EXPR_FORM, "count(ewo: not sex in (w, m))", "count(ewo: not sex in (m, w))");
    becomes(KZ_EXPR_FORM, "count(ewo: sgb2 = yes)", "count(ewo: sgb2)");
    becomes(KZ_EXPR_FORM, "count(ewo: not sgb2)", "count(ewo: sgb2 = no)");
    becomes(KZ_EXPR_FORM, "count(ewo: age_years in (3, 4, 5))", "count(ewo: age_years between 3 and 5)");
    becomes(KZ_EXPR_FORM, "count(ewo: age_years in (1, 3, 4))", "count(ewo: age_years in (1, 3, 4))");
    becomes(KZ_EXPR_FORM, "count(ewo: years_here > -1)", "count(ewo: years_here >= 0)");
    becomes(KZ_EXPR_FORM, "count(ewo: not years_here = 3)", "count(ewo: years_here != 3)");
    becomes(KZ_EXPR_FORM, "count(ewo: media = 1to2)", "count(ewo: media = 1to2)");
    becomes(KZ_EXPR_FORM, "count(ewo: kita in ('K 1', 007, in-2))", "count(ewo: kita in (007, 'K 1', in-2))");
    becomes(KZ_EXPR_FORM, "count(ewo: sex = m or sex = w and known(mig))",
            "count(ewo: sex = m or known(mig) and sex = w)");
    becomes(KZ_EXPR_FORM, "count(ewo: (sex = m or sgb2) and not (mig = none or sgb2))",
            "count(ewo: (sex = m or sgb2) and not (mig = none or sgb2))");
    becomes(KZ_EXPR_FORM, "sum(ewo.years_here: sex = m) + distinct(ewo)[-2]",
            "distinct(ewo)[-2] + sum(ewo.years_here: sex = m)");
    becomes(KZ_EXPR_FORM, "count(jugendamt-faelle: sex = m) - count(ewo)", "count(jugendamt-faelle: sex = m) - count(ewo)");
    becomes(KZ_EXPR_CONDITION, "sex = m and sex = m", "sex = m");
    becomes(KZ_EXPR_CONDITION, "age_years < 15 and age_years < 3", "age_years < 3");
    becomes(KZ_EXPR_CONDITION, "age_years >= 3 and sex = m and age_years < 6", "age_years between 3 and 5 and sex = m");
    becomes(KZ_EXPR_CONDITION, "age_years < 3 and age_years >= 15", "age_years < 3 and age_years >= 15");
}

static void indicators_are_weighted_and_compared(void **state)
{
    (void)state;
    becomes(KZ_EXPR_INDICATOR, "0.5 * z(sgb2-15-64) + 0.5*z(kinderarmut)", "0.5 * z(kinderarmut) + 0.5 * z(sgb2-15-64)");
    becomes(KZ_EXPR_INDICATOR, "kinderarmut - kinderarmut[-2]", "kinderarmut - kinderarmut[-2]");
    becomes(KZ_EXPR_INDICATOR, "profile(kinderarmut, ewo.kita)", "profile(kinderarmut, ewo.kita)");
    becomes(KZ_EXPR_INDICATOR, "profile( kinderarmut,ewo.kita , stadtteil )", "profile(kinderarmut, ewo.kita, stadtteil)");
}

static void a_mistake_is_named_with_place_and_nearest_name(void **state)
{
    (void)state;
    refused(KZ_EXPR_FORM, "", "expr.empty", 1, NULL);
    refused(KZ_EXPR_FORM, "popp", "expr.measure_unknown", 1, "pop");
    refused(KZ_EXPR_FORM, "pop pop", "expr.sign", 5, NULL);
    refused(KZ_EXPR_FORM, "pop + pop", "expr.twice", 7, NULL);
    refused(KZ_EXPR_FORM, "ewo", "expr.source_alone", 1, NULL);
    refused(KZ_EXPR_FORM, "count(ewoo)", "expr.source_unknown", 7, "ewo");
    refused(KZ_EXPR_FORM, "count(ewo: sexx = m)", "expr.column_unknown", 12, "sex");
    refused(KZ_EXPR_FORM, "count(ewo: sex = f)", "expr.code_unknown", 18, NULL);
    refused(KZ_EXPR_FORM, "count(ewo: mig = germna)", "expr.code_unknown", 18, "german");
    refused(KZ_EXPR_FORM, "count(ewo: sex < m)", "expr.test_expected", 16, NULL);
    refused(KZ_EXPR_FORM, "count(ewo: sex)", "expr.test_expected", 15, NULL);
    refused(KZ_EXPR_FORM, "count(ewo: sgb2 < 3)", "expr.test_expected", 17, NULL);
    refused(KZ_EXPR_FORM, "count(ewo: age_years = young)", "expr.number_expected", 24, NULL);
    refused(KZ_EXPR_FORM, "count(ewo: age_years < 1.5)", "expr.number_expected", 24, NULL);
    refused(KZ_EXPR_FORM, "count(ewo: age_years between 5 and 3)", "expr.between", 22, NULL);
    refused(KZ_EXPR_FORM, "count(ewo: sex = m", "expr.sign", 19, NULL);
    refused(KZ_EXPR_FORM, "sum(ewo.sex)", "expr.sum_of_code", 9, NULL);
    refused(KZ_EXPR_FORM, "distinct(jugendamt-faelle)", "expr.no_persons", 10, NULL);
    refused(KZ_EXPR_FORM, "count(ewo)[-0]", "expr.shift", 13, NULL);
    refused(KZ_EXPR_FORM, "0.5 * pop", "expr.factor", 1, NULL);
    refused(KZ_EXPR_FORM, "0 * pop", "expr.factor_zero", 1, NULL);
    refused(KZ_EXPR_FORM, "z(kinderarmut)", "expr.not_in_count", 1, NULL);
    refused(KZ_EXPR_INDICATOR, "count(ewo)", "expr.not_in_index", 1, NULL);
    refused(KZ_EXPR_INDICATOR, "kinder-u7", "expr.indicator_unknown", 1, "kinder-u6");
    refused(KZ_EXPR_INDICATOR, "profile(kinderarmut, ewo.sex)", "expr.not_institution", 26, NULL);
    refused(KZ_EXPR_CONDITION, "sex = m, sex = w", "expr.sign", 8, NULL);
    refused(KZ_EXPR_CONDITION, "'m", "expr.column_expected", 1, NULL);
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    kz_auto(kz_arena) a;
    char deep[KZ_EXPR_DEPTH * 2 + 32] = "", wide[KZ_EXPR_BYTES + 8];
    const kz_expr *e;
    kz_err err = { 0 };
    kz_arena_init(&a, CAP);
    memset(deep, '(', KZ_EXPR_DEPTH + 1);
    strncpy(deep + KZ_EXPR_DEPTH + 1, "sex = m", 8);
    assert_int_equal(parse(deep, KZ_EXPR_CONDITION, &a, &e, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "expr.deep");
    memset(wide, ' ', sizeof wide);
    wide[sizeof wide - 1] = '\0';
    assert_int_equal(parse(wide, KZ_EXPR_CONDITION, &a, &e, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "expr.long");
}

/* A random condition as text. */
static void draw(kz_rng *r, int depth, kz_buf *out)
{
    static const char *const LEAVES[] = { "sex = m", "sex != w", "sex in (d, x)", "age_years < 18", "age_months >= 36",
                                          "years_here between 2 and 5", "sgb2", "known(mig)", "mig != none",
                                          "years_here in (1, 5, 9)", "kita = 'a b'", "years_here != 4" };
    uint32_t what = depth == 0 ? 0 : kz_rng_below(r, 5);
    if (what < 2) {
        kz_buf_str(out, LEAVES[kz_rng_below(r, sizeof LEAVES / sizeof *LEAVES)]);
        return;
    }
    kz_buf_str(out, what == 2 ? "not (" : "(");
    draw(r, depth - 1, out);
    if (what > 2) {
        kz_buf_str(out, what == 3 ? ") and (" : ") or (");
        draw(r, depth - 1, out);
    }
    kz_buf_str(out, ")");
}

static void any_condition_reads_back_as_itself(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 2000; i++) {
        kz_auto(kz_arena) a;
        kz_auto(kz_buf) text = kz_buf_init(1 << 16), once = kz_buf_init(1 << 16), twice = kz_buf_init(1 << 16);
        kz_rng r = kz_rng_stream(4, i);
        const kz_expr *e, *again;
        kz_arena_init(&a, CAP);
        draw(&r, 4, &text);
        assert_int_equal(parse(kz_buf_text(&text), KZ_EXPR_CONDITION, &a, &e, NULL), KZ_OK);
        kz_expr_write(&once, e);
        assert_int_equal(parse(kz_buf_text(&once), KZ_EXPR_CONDITION, &a, &again, NULL), KZ_OK);
        kz_expr_write(&twice, again);
        assert_string_equal(kz_buf_text(&once), kz_buf_text(&twice));
        assert_int_equal(kz_expr_compare(e, again), 0);
    }
}

static void a_group_narrows_the_counts_of_its_source(void **state)
{
    (void)state;
    kz_auto(kz_arena) a;
    kz_auto(kz_buf) out = kz_buf_init(1 << 16);
    const kz_expr *e, *c;
    kz_arena_init(&a, CAP);
    assert_int_equal(parse("count(ewo: age_years < 3) + pop - count(jugendamt-faelle)", KZ_EXPR_FORM, &a, &e, NULL),
                     KZ_OK);
    assert_int_equal(parse("sex = m", KZ_EXPR_CONDITION, &a, &c, NULL), KZ_OK);
    e = kz_expr_narrow(e, "ewo", c, &a);
    assert_non_null(e);
    kz_expr_write(&out, e);
    assert_string_equal(kz_buf_text(&out), "pop + count(ewo: age_years < 3 and sex = m) - count(jugendamt-faelle)");
}

KZ_TEST_MAIN(KZ_TEST(a_sum_of_measures_is_what_it_was), KZ_TEST(conditions_have_one_way_to_be_written),
             KZ_TEST(indicators_are_weighted_and_compared), KZ_TEST(a_mistake_is_named_with_place_and_nearest_name),
             KZ_TEST(what_is_too_large_is_refused), KZ_TEST(any_condition_reads_back_as_itself),
             KZ_TEST(a_group_narrows_the_counts_of_its_source))
