#include "kz_test.h"

#include "base/rng.h"
#include "monitor/tally.h"

#define N(n) kz_tally_of((n), KZ_CELL_SHOWN)

static const kz_tally HIDDEN = { -1, { 0, 2 }, KZ_CELL_HIDDEN };
static const kz_tally NEVER = { -1, { 0, KZ_SPAN_OPEN }, KZ_N_CELL_STATES };

static kz_tally sum(const kz_tally t[], int n)
{
    kz_tally all = t[0];
    for (int i = 1; i < n; i++)
        all = kz_tally_add(all, t[i]);
    return all;
}

static void adds_up_as_on_paper(void **state)
{
    (void)state;
    const kz_tally three[] = { N(4), N(7), N(1) };
    assert_true(sum(three, 3).value == 12 && sum(three, 3).state == KZ_CELL_SHOWN);
    assert_true(sum(three, 3).span.lo == 12 && sum(three, 3).span.hi == 12);
    const kz_tally zeros[] = { N(0), N(0) };
    assert_int_equal(sum(zeros, 2).state, KZ_CELL_ZERO);
}

static void hidden_stays_hidden_and_has_bounds(void **state)
{
    (void)state;
    const kz_tally some[] = { N(4), HIDDEN, N(1) };
    kz_tally t = sum(some, 3);
    assert_int_equal(t.state, KZ_CELL_HIDDEN);
    assert_true(t.value == -1 && t.span.lo == 5 && t.span.hi == 7);
    const kz_tally open[] = { N(4), kz_tally_of(-1, KZ_CELL_HIDDEN) };
    t = sum(open, 2);
    assert_true(t.span.lo == 4 && t.span.hi == KZ_SPAN_OPEN && t.state == KZ_CELL_HIDDEN);
}

static void what_is_missing_is_later_and_marks_pass_on(void **state)
{
    (void)state;
    const kz_tally gap[] = { N(4), NEVER, N(1) }, none[] = { NEVER, NEVER };
    assert_int_equal(sum(gap, 3).state, KZ_CELL_LATER);
    assert_int_equal(sum(none, 2).state, KZ_N_CELL_STATES);
    const kz_tally marked[] = { N(4), kz_tally_of(3, KZ_CELL_ESTIMATED), kz_tally_of(2, KZ_CELL_PRELIMINARY) };
    assert_true(sum(marked, 3).value == 9 && sum(marked, 3).state == KZ_CELL_ESTIMATED);
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
        int64_t truth, all = 0;
        int n = 1 + (int)kz_rng_below(&r, 6);
        bool known = true, hidden = false;
        for (int i = 0; i < n; i++) {
            t[i] = any(&r, &truth);
            all += truth;
            known &= t[i].value >= 0;
            hidden |= t[i].state == KZ_CELL_HIDDEN;
        }
        kz_tally s = sum(t, n);
        assert_true(kz_span_holds(s.span, all));
        assert_true((s.value >= 0) == known && (!known || s.value == all));
        assert_true(!hidden || s.state == KZ_CELL_HIDDEN);
    }
}

KZ_TEST_MAIN(KZ_TEST(adds_up_as_on_paper), KZ_TEST(hidden_stays_hidden_and_has_bounds),
             KZ_TEST(what_is_missing_is_later_and_marks_pass_on), KZ_TEST(bounds_hold_the_truth))
