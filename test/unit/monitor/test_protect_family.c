#include "kz_test.h"

#include <string.h>

#include "monitor/expr_scope.h"
#include "monitor/protect_family.h"

enum { FORMS = 16 };

typedef struct world {
    kz_arena a;
    const kz_expr *form[FORMS];
    kz_family_list list;
} world;

static void make(world *w, int n, const char *const text[])
{
    const kz_expr_scope *scope;
    kz_err err = { 0 };
    kz_arena_init(&w->a, 1 << 24);
    assert_int_equal(kz_expr_scope_builtin(&scope, &err), KZ_OK);
    for (int i = 0; i < n; i++) {
        const kz_expr *total;
        kz_expr_at at = { "test", i + 1, "numerator" };
        assert_int_equal(kz_expr_parse(text[i], KZ_EXPR_FORM, scope, at, &w->a, &total, &err), KZ_OK);
        w->form[i] = total->op == KZ_X_TOTAL ? total->arg[0] : total;
    }
    assert_int_equal(kz_families(n, w->form, &w->a, &w->list, &err), KZ_OK);
}

static bool has(const world *w, int whole, int n, const int part[], bool rest)
{
    for (int i = 0; i < w->list.n; i++) {
        const kz_family_relation *r = &w->list.relation[i];
        if (r->whole == whole && r->n_parts == n && r->rest == rest && memcmp(r->part, part, (size_t)n * sizeof *part) == 0)
            return true;
    }
    return false;
}
#define HAS(w, whole, rest, ...) \
    has(&(w), whole, (int)(sizeof((int[]){ __VA_ARGS__ }) / sizeof(int)), (int[]){ __VA_ARGS__ }, rest)

/* < 3 and 3 to 5 are < 6; < 6 is a part of < 18; what is left of it are those of 6 to 17. */
static void ages_nest(void **state)
{
    (void)state;
    world w;
    make(&w, 5, (const char *const[]){ "count(ewo: age_years < 3)", "count(ewo: age_years between 3 and 5)",
                                       "count(ewo: age_years < 6)", "count(ewo: age_years < 18)", "count(ewo)" });
    assert_true(HAS(w, 2, false, 0, 1));
    assert_true(HAS(w, 3, true, 2));
    assert_true(HAS(w, 4, true, 3));
    assert_int_equal(w.list.n, 3);
    kz_arena_done(&w.a);
}

static void years_and_months_are_one_column(void **state)
{
    (void)state;
    world w;
    make(&w, 2, (const char *const[]){ "count(ewo: age_years < 3)", "count(ewo: age_months < 36)" });
    assert_true(HAS(w, 0, false, 1));
    assert_int_equal(w.list.n, 1);
    kz_arena_done(&w.a);
}

static void codes_and_those_without_an_answer(void **state)
{
    (void)state;
    world w;
    make(&w, 5, (const char *const[]){ "count(seu)", "count(seu: sgb2 = yes)", "count(seu: sgb2 = no)",
                                       "count(seu: known(sgb2))", "count(seu: sgb2 and sex = m)" });
    assert_true(HAS(w, 3, true, 1, 2)); /* an answer that is neither: protect.h looks whether there is one */
    assert_true(HAS(w, 0, true, 3));
    assert_true(HAS(w, 1, true, 4));
    kz_arena_done(&w.a);
}

/* Two columns: a child below three whose family gets help is a part of both. */
/* A group's condition and the indicator's own may ask the same column. */
static void two_tests_of_one_column_are_their_common_part(void **state)
{
    (void)state;
    world w;
    make(&w, 3, (const char *const[]){ "count(ewo: age_years < 15)", "count(ewo: age_years < 15 and age_years >= 6)",
                                       "count(ewo: age_years < 6)" });
    assert_true(HAS(w, 0, false, 1, 2));
    assert_int_equal(w.list.n, 1);
    kz_arena_done(&w.a);
}

static void each_column_has_its_family(void **state)
{
    (void)state;
    world w;
    make(&w, 4, (const char *const[]){ "count(ewo)", "count(ewo: age_years < 18)", "count(ewo: mig != none)",
                                       "count(ewo: age_years < 18 and mig != none)" });
    assert_true(HAS(w, 0, true, 1));
    assert_true(HAS(w, 0, true, 2));
    assert_true(HAS(w, 1, true, 3));
    assert_true(HAS(w, 2, true, 3));
    assert_int_equal(w.list.n, 4);
    kz_arena_done(&w.a);
}

/* 0 to 9 and 6 to 14 overlap: neither contains the other, both lie in the whole. */
static void overlapping_sets_stand_for_themselves(void **state)
{
    (void)state;
    world w;
    make(&w, 3, (const char *const[]){ "count(ewo: age_years < 10)", "count(ewo: age_years between 6 and 14)",
                                       "count(ewo: age_years < 18)" });
    assert_true(HAS(w, 2, true, 0));
    assert_true(HAS(w, 2, true, 1));
    assert_int_equal(w.list.n, 2);
    kz_arena_done(&w.a);
}

static void sources_and_other_tests_do_not_mix(void **state)
{
    (void)state;
    world w;
    make(&w, 4, (const char *const[]){ "count(kita: age_years < 3)", "count(ewo: age_years < 18)",
                                       "count(ewo: age_years < 3 and sex = m)", "distinct(hze: age_years < 18)" });
    assert_int_equal(w.list.n, 0);
    kz_arena_done(&w.a);
}

KZ_TEST_MAIN(KZ_TEST(ages_nest), KZ_TEST(years_and_months_are_one_column), KZ_TEST(codes_and_those_without_an_answer),
             KZ_TEST(two_tests_of_one_column_are_their_common_part),
             KZ_TEST(each_column_has_its_family), KZ_TEST(overlapping_sets_stand_for_themselves),
             KZ_TEST(sources_and_other_tests_do_not_mix))
