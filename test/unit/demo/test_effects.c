#include "kz_test.h"

#include "demo/effects.h"

#include <math.h>
#include <string.h>

static kz_status parse(const char *text, kz_effects *ret)
{
    kz_arena a;
    kz_arena_init(&a, 1u << 20);
    kz_status st = kz_effects_parse(text, strlen(text), &a, ret, NULL);
    kz_arena_done(&a);
    return st;
}

/* one -1, sgb2 0.5, boy 0.25: a boy on SGB II has 1 / (1 + e^0.25) = 0.437823, a girl without 1 / (1 + e) =
 * 0.268941. */
static void a_chance_is_the_logistic_of_what_is_known(void **state)
{
    (void)state;
    kz_effects e;
    assert_int_equal(parse("outcome\tterm\tcoefficient\tsource\ngerman\tone\t-1\tx\n"
                           "german\tsgb2\t0.5\tx\ngerman\tboy\t0.25\tx\n",
                           &e),
                     KZ_OK);
    double boy[KZ_N_TERMS] = { [KZ_TERM_ONE] = 1, [KZ_TERM_SGB2] = 1, [KZ_TERM_BOY] = 1 };
    double girl[KZ_N_TERMS] = { [KZ_TERM_ONE] = 1 };
    assert_true(fabs(kz_effects_chance(&e, KZ_EFFECT_GERMAN, boy) - 0.437823499114) < 1e-11);
    assert_true(fabs(kz_effects_chance(&e, KZ_EFFECT_GERMAN, girl) - 0.268941421370) < 1e-11);
    assert_true(kz_effects_chance(&e, KZ_EFFECT_NUMBER, boy) == 0.5); /* nothing is said about it */
}

static void the_exponential_is_that_of_the_library_to_the_last_places(void **state)
{
    (void)state;
    for (int i = -4000; i <= 4000; i++) {
        double x = i / 100.0, want = 1 / (1 + exp(-x));
        assert_true(fabs(kz_logistic(x) - want) <= 1e-15 * want);
        assert_true(kz_logistic(x) >= kz_logistic(x - 0.01));
    }
    assert_true(kz_logistic(1e9) == 1 && kz_logistic(-1e9) >= 0 && kz_logistic(-1e9) < 1e-300 &&
                kz_logistic(0) == 0.5);
}

static void refuses_what_it_does_not_know_and_leaves_the_old(void **state)
{
    (void)state;
    kz_effects e = { .b[0][0] = 7 };
    assert_int_equal(parse("outcome\tterm\tcoefficient\tsource\nlatin\tone\t1\tx\n", &e), KZ_E_INPUT);
    assert_int_equal(parse("outcome\tterm\tcoefficient\tsource\ngerman\tmoon\t1\tx\n", &e), KZ_E_INPUT);
    assert_int_equal(parse("outcome\tterm\tcoefficient\tsource\ngerman\tone\t1,5\tx\n", &e), KZ_E_INPUT);
    assert_int_equal(parse("outcome\tterm\tcoefficient\tsource\ngerman\tone\t1\tx\ngerman\tone\t1\tx\n", &e),
                     KZ_E_INPUT);
    assert_true(e.b[0][0] == 7);
}

static void the_file_of_the_program_can_be_read(void **state)
{
    (void)state;
    kz_arena a;
    kz_effects e;
    kz_arena_init(&a, 1u << 20);
    assert_int_equal(kz_effects_read(&a, &e, NULL), KZ_OK);
    for (int k = 0; k < KZ_N_EFFECTS; k++) {
        bool said = false;
        for (int t = 0; t < KZ_N_TERMS; t++)
            said |= e.b[k][t] != 0;
        assert_true(said);
    }
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(a_chance_is_the_logistic_of_what_is_known),
             KZ_TEST(the_exponential_is_that_of_the_library_to_the_last_places),
             KZ_TEST(refuses_what_it_does_not_know_and_leaves_the_old),
             KZ_TEST(the_file_of_the_program_can_be_read))
