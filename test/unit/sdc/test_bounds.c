#include "sdc_make.h"

#include <math.h>
#include <string.h>

#include "sdc/bounds.h"
#include "sdc/simplex.h"

static void finds_the_ranges_of_the_example_on_paper(void **state)
{
    (void)state;
    /* x0 + x1 = 5, x1 + x2 = 4: x1 is 0 .. 4, so x0 is 1 .. 5 and x2 0 .. 4; x3 - x0 = 0 */
    const size_t start[] = { 0, 2, 4, 6 };
    const kz_linear_term terms[] = { { 0, 1 }, { 1, 1 }, { 1, 1 }, { 2, 1 }, { 3, 1 }, { 0, -1 } };
    const double right[] = { 5, 4, 0 }, want[][2] = { { 1, 5 }, { 0, 4 }, { 0, 4 }, { 1, 5 } };
    kz_auto(kz_simplex) s = { 0 };
    assert_int_equal(kz_simplex_make(&s, 3, start, terms, right, 4, NULL), KZ_OK);
    for (int i = 0; i < 4; i++) {
        double lo, hi;
        assert_int_equal(kz_simplex_range(&s, i, &lo, &hi, NULL), KZ_OK);
        assert_true(lo == want[i][0] && hi == want[i][1]);
    }
}

static void says_when_no_table_fits(void **state)
{
    (void)state;
    const size_t start[] = { 0, 2, 4 };
    const kz_linear_term terms[] = { { 0, 1 }, { 1, 1 }, { 0, 1 }, { 1, -1 } };
    const double right[] = { 2, 3 }; /* x1 would be -1/2 */
    kz_err err = { 0 };
    kz_simplex s;
    assert_int_equal(kz_simplex_make(&s, 2, start, terms, right, 2, &err), KZ_E_FINDING);
    assert_string_equal(err.id, "sdc.infeasible");
}

static void knows_no_upper_end_where_nothing_is_published(void **state)
{
    (void)state;
    const size_t start[] = { 0, 3 };
    const kz_linear_term terms[] = { { 0, 1 }, { 1, -1 }, { 2, -1 } };
    const double right[] = { 0 };
    double lo, hi;
    kz_auto(kz_simplex) s = { 0 };
    assert_int_equal(kz_simplex_make(&s, 1, start, terms, right, 3, NULL), KZ_OK);
    assert_int_equal(kz_simplex_range(&s, 0, &lo, &hi, NULL), KZ_OK);
    assert_true(lo == 0 && isinf(hi));
}

/* ---- against somebody who tries all tables ------------------------------------------------ */

typedef struct search {
    const kz_sdc_table *t;
    const bool *hidden;
    int inner[64], n;
    int64_t try[64], lo[4096], hi[4096], most;
    kz_sdc_table now;
    int found;
} search;

static void try_all(search *s, int at)
{
    if (at < s->n) {
        for (int64_t v = 0; v <= s->most; v++) {
            s->try[at] = v;
            try_all(s, at + 1);
        }
        return;
    }
    for (int i = 0; i < s->n; i++)
        s->now.n[s->inner[i]] = s->try[i];
    assert_int_equal(kz_sdc_roll_up(&s->now, NULL), KZ_OK);
    for (int c = 0; c < s->t->n_cells; c++)
        if (!s->hidden[c] && s->now.n[c] != s->t->n[c])
            return;
    for (int c = 0; c < s->t->n_cells; c++) {
        if (!s->found || s->now.n[c] < s->lo[c])
            s->lo[c] = s->now.n[c];
        if (!s->found || s->now.n[c] > s->hi[c])
            s->hi[c] = s->now.n[c];
    }
    s->found = 1;
}

static void agrees_with_trying_all_tables(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(11, 1);
    int compared = 0;
    for (int turn = 0; turn < 400; turn++) {
        kz_arena a;
        kz_sdc_table t;
        search s = { .most = 4 };
        kz_arena_init(&a, 1 << 24);
        make_table(&r, &a, 1 + (int)kz_rng_below(&r, 2), 2, 1, &t);
        bool *hidden = kz_arena_new(&a, bool, t.n_cells);
        for (int c = 0; c < t.n_cells; c++)
            hidden[c] = c > 0 && kz_rng_below(&r, 2); /* the total is shown, so there are ends */
        s.t = &t;
        s.hidden = hidden;
        for (int c = 0; c < t.n_cells && s.n < 64; c++)
            if (kz_sdc_is_inner(&t, c))
                s.inner[s.n++] = c;
        if (s.n > 7 || t.n[0] > 4) {
            kz_arena_done(&a);
            continue;
        }
        assert_int_equal(kz_sdc_table_make(t.n_dims, t.dim, &a, &s.now, NULL), KZ_OK);
        try_all(&s, 0);
        kz_sdc_bounds_out b = { kz_arena_new(&a, double, t.n_cells), kz_arena_new(&a, double, t.n_cells),
                                kz_arena_new(&a, bool, t.n_cells), 0, 0, 0, 0 };
        int where;
        int64_t *truth = kz_arena_new(&a, int64_t, t.n_cells);
        memcpy(truth, t.n, (size_t)t.n_cells * sizeof *truth);
        for (int c = 0; c < t.n_cells; c++)
            if (hidden[c])
                t.n[c] = -1000000; /* it must not look */
        assert_int_equal(kz_sdc_bounds(&t, hidden, &b, &where, NULL), KZ_OK);
        for (int c = 0; c < t.n_cells; c++) {
            /* One and two dimensions: all corners are whole, so both must agree. */
            assert_true(b.lo[c] == (double)s.lo[c] && b.hi[c] == (double)s.hi[c]);
            assert_true(truth[c] >= s.lo[c] && truth[c] <= s.hi[c]);
            assert_true(!b.determined[c] || b.lo[c] == b.hi[c]);
            compared += hidden[c];
        }
        kz_arena_done(&a);
    }
    assert_true(compared > 500);
}

static void names_the_line_that_published_counts_contradict(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(12, 1);
    kz_arena a;
    kz_sdc_table t;
    kz_arena_init(&a, 1 << 24);
    make_table(&r, &a, 2, 9, 1, &t);
    bool *hidden = kz_arena_new(&a, bool, t.n_cells);
    kz_sdc_bounds_out b = { kz_arena_new(&a, double, t.n_cells), kz_arena_new(&a, double, t.n_cells), NULL, 0, 0, 0, 0 };
    int where = -1;
    t.n[0] += 1;
    assert_int_equal(kz_sdc_bounds(&t, hidden, &b, &where, NULL), KZ_E_FINDING);
    assert_int_equal(where, 0);
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(finds_the_ranges_of_the_example_on_paper), KZ_TEST(says_when_no_table_fits),
             KZ_TEST(knows_no_upper_end_where_nothing_is_published), KZ_TEST(agrees_with_trying_all_tables),
             KZ_TEST(names_the_line_that_published_counts_contradict))
