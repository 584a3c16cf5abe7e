#include "kz_test.h"

#include "base/rng.h"
#include "monitor/pool.h"

#define N(n) kz_tally_of((n), KZ_CELL_SHOWN)

static const kz_tally HIDDEN = { -1, { 0, 2 }, KZ_CELL_HIDDEN };
static const kz_tally NEVER = { -1, { 0, KZ_SPAN_OPEN }, KZ_N_CELL_STATES };

static void pools_three_cohorts_as_on_paper(void **state)
{
    (void)state;
    const kz_tally num[] = { N(4), N(7), N(1), N(0) }, den[] = { N(20), N(40), N(20), N(0) };
    kz_pooled p = kz_pool(num, den, 4, 3, 2);
    /* 12 of 80 are 15 %; the mean of 20, 17.5 and 5 % would be 14.2 %. */
    assert_true(p.numerator.value == 12 && p.denominator.value == 80 && p.first == 0);
    assert_int_equal(p.state, KZ_CELL_SHOWN);
    /* A cohort of nobody adds nothing. */
    p = kz_pool(num, den, 4, 2, 3);
    assert_true(p.numerator.value == 1 && p.denominator.value == 20 && p.first == 2);
    /* Alone it is meaningless. */
    assert_int_equal(kz_pool(num, den, 4, 1, 3).state, KZ_CELL_MEANINGLESS);
    /* Before the third period there are no three. */
    assert_int_equal(kz_pool(num, den, 4, 3, 1).state, KZ_N_CELL_STATES);
    assert_true(kz_pool(num, den, 4, 3, 1).numerator.value == -1);
    p = kz_pool(num, NULL, 4, 2, 1);
    assert_true(p.numerator.value == 11 && p.state == KZ_CELL_SHOWN);
}

static void hidden_stays_hidden_and_has_bounds(void **state)
{
    (void)state;
    const kz_tally num[] = { N(4), HIDDEN, N(1) }, den[] = { N(20), N(40), N(20) };
    kz_pooled p = kz_pool(num, den, 3, 3, 2);
    assert_int_equal(p.state, KZ_CELL_HIDDEN);
    assert_true(p.numerator.value == -1 && p.numerator.span.lo == 5 && p.numerator.span.hi == 7);
    assert_true(p.denominator.value == 80);
    const kz_tally open[] = { N(4), kz_tally_of(-1, KZ_CELL_HIDDEN) };
    p = kz_pool(open, NULL, 2, 2, 1);
    assert_true(p.numerator.span.lo == 4 && p.numerator.span.hi == KZ_SPAN_OPEN && p.state == KZ_CELL_HIDDEN);
}

static void what_is_missing_is_later_and_marks_pass_on(void **state)
{
    (void)state;
    const kz_tally gap[] = { N(4), NEVER, N(1) }, den[] = { N(20), N(20), N(20) };
    assert_int_equal(kz_pool(gap, den, 3, 3, 2).state, KZ_CELL_LATER);
    const kz_tally none[] = { NEVER, NEVER };
    assert_int_equal(kz_pool(none, none, 2, 2, 1).state, KZ_N_CELL_STATES);
    assert_int_equal(kz_pool(none, den, 2, 2, 1).state, KZ_CELL_LATER);
    const kz_tally marked[] = { N(4), kz_tally_of(3, KZ_CELL_ESTIMATED), kz_tally_of(2, KZ_CELL_PRELIMINARY) };
    kz_pooled p = kz_pool(marked, den, 3, 3, 2);
    assert_int_equal(p.state, KZ_CELL_ESTIMATED);
    assert_true(p.numerator.value == 9);
    const kz_tally zeros[] = { N(0), N(0) };
    assert_int_equal(kz_pool(zeros, NULL, 2, 2, 1).state, KZ_CELL_ZERO);
}

static kz_tally any(kz_rng *r, int64_t *truth)
{
    *truth = kz_rng_below(r, 9);
    switch (kz_rng_below(r, 5)) {
    case 0:  return *truth <= 3 ? kz_tally_between((kz_span){ 0, 3 }, KZ_CELL_HIDDEN) : N(*truth);
    case 1:  return kz_tally_of(*truth, KZ_CELL_REVISED);
    case 2:  return kz_tally_of(-1, KZ_CELL_LATER);
    default: return N(*truth);
    }
}

/* The truth is always within the bounds; a number is there exactly when all inputs have one, and is their sum. */
static void bounds_hold_the_truth(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(15, 3);
    for (int round = 0; round < 50000; round++) {
        kz_tally t[6];
        int64_t truth[6], sum = 0;
        int k = 1 + (int)kz_rng_below(&r, 3), at = (int)kz_rng_below(&r, 6);
        bool known = true, hidden = false;
        for (int p = 0; p < 6; p++)
            t[p] = any(&r, &truth[p]);
        kz_pooled p = kz_pool(t, NULL, 6, k, at);
        if (at < k - 1) {
            assert_int_equal(p.state, KZ_N_CELL_STATES);
            continue;
        }
        for (int i = at - k + 1; i <= at; i++) {
            sum += truth[i];
            known &= t[i].value >= 0;
            hidden |= t[i].state == KZ_CELL_HIDDEN;
        }
        assert_true(kz_span_holds(p.numerator.span, sum));
        assert_true((p.numerator.value >= 0) == known && (!known || p.numerator.value == sum));
        assert_true(!hidden || p.state == KZ_CELL_HIDDEN);
    }
}

KZ_TEST_MAIN(KZ_TEST(pools_three_cohorts_as_on_paper), KZ_TEST(hidden_stays_hidden_and_has_bounds),
             KZ_TEST(what_is_missing_is_later_and_marks_pass_on), KZ_TEST(bounds_hold_the_truth))
