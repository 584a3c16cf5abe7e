/* Theil-Sen and Mann-Kendall: a series for paper, R's figures, and what no change of units may change. */
#include "kz_numeric.h"

#include "base/rng.h"
#include "stat/trend.h"

#include <string.h>

enum { MOST = 120 };

/* 3 1 4 2 6 5 9: 17 pairs rise, 4 fall, S 13; of all 5,040 orders 3.452 % reach 13 and 1.508 % reach 15, so p is
 * 0.0690 and the interval leaves out (21 - 15) / 2 = 3 slopes at each end.  Median of the 21 slopes: 1. */
static void a_series_of_seven_can_be_redone_on_paper(void **state)
{
    (void)state;
    const double t[] = { 1, 2, 3, 4, 5, 6, 7 }, y[] = { 3, 1, 4, 2, 6, 5, 9 };
    kz_trend r;
    assert_int_equal(kz_trend_make(t, y, 7, &r, NULL), KZ_OK);
    assert_true(r.s == 13 && r.exact && r.slope == 1 && r.direction == 0);
    assert_true(fabs(r.p - 2 * 174.0 / 5040) < 1e-14);
    assert_true(fabs(r.lo + 1.0 / 3) < 1e-15 && fabs(r.hi - 7.0 / 3) < 1e-15);
}

static void agrees_with_r(void **state)
{
    (void)state;
    static const char *const COLUMN[] = { "name", "values", "slope", "s", "variance", "tau", "p", "tolerance",
                                          "source", NULL };
    kz_auto(kz_numeric) table;
    kz_numeric_open(&table, "trend.tsv", COLUMN);
    for (int row = 0; row < table.table.n_rows; row++) {
        double t[MOST], y[MOST];
        const char *at = kz_tsv_at(&table.table, row, 1);
        int n = 0;
        for (; *at; n++) {
            size_t blank = strspn(at, " "), word = strcspn(at + blank, " ");
            if (word == 0)
                break;
            t[n] = n + 1;
            assert_int_equal(kz_parse_real(kz_view_from(at + blank, word), KZ_NUM_POINT, &y[n]), KZ_PARSED);
            at += blank + word;
        }
        kz_trend r;
        assert_int_equal(kz_trend_make(t, y, n, &r, NULL), KZ_OK);
        kz_numeric_near(&table, row, 2, r.slope);
        kz_numeric_near(&table, row, 3, r.s);
        kz_numeric_near(&table, row, 4, r.variance);
        kz_numeric_near(&table, row, 5, r.tau);
        kz_numeric_near(&table, row, 6, r.p);
        assert_true(r.lo <= r.slope && r.slope <= r.hi);
    }
}

static void draw(uint64_t s, int n, double t[], double y[])
{
    kz_rng rng = kz_rng_stream(21, s);
    for (int i = 0; i < n; i++) {
        t[i] = 2000 + i + (s % 2 ? 0.3 * kz_rng_unit(&rng) : 0);
        y[i] = kz_rng_unit(&rng) + kz_rng_unit(&rng);
    }
}

/* Order of the rows, units and direction: nothing changes but what must. */
static void changes_with_the_units_only(void **state)
{
    (void)state;
    for (uint64_t s = 0; s < 300; s++) {
        double t[60], y[60], u[60], v[60];
        int n = 5 + (int)(s % 54);
        kz_trend a, b;
        draw(s, n, t, y);
        for (int i = 0; i < n; i++) {
            u[i] = t[n - 1 - i];
            v[i] = 7 - 4 * y[n - 1 - i];
        }
        assert_int_equal(kz_trend_make(t, y, n, &a, NULL), KZ_OK);
        assert_int_equal(kz_trend_make(u, v, n, &b, NULL), KZ_OK);
        assert_true(a.s == -b.s && a.p == b.p && a.direction == -b.direction);
        assert_true(fabs(b.slope + 4 * a.slope) < 1e-12 && fabs(b.lo + 4 * a.hi) < 1e-11);
        assert_true((a.p < 0.05) == (a.lo > 0 || a.hi < 0)); /* test and interval are one thing */
    }
}

static void noise_is_called_a_change_in_at_most_one_of_twenty(void **state)
{
    (void)state;
    int called = 0, covered = 0;
    for (uint64_t s = 0; s < 4000; s++) {
        double t[10], y[10];
        kz_trend r;
        draw(2 * s, 10, t, y);
        for (int i = 0; i < 10; i++)
            y[i] += 0.5 * t[i];
        assert_int_equal(kz_trend_make(t, y, 10, &r, NULL), KZ_OK);
        covered += r.lo <= 0.5 && 0.5 <= r.hi;
        for (int i = 0; i < 10; i++)
            y[i] -= 0.5 * t[i];
        assert_int_equal(kz_trend_make(t, y, 10, &r, NULL), KZ_OK);
        called += r.direction != 0;
    }
    assert_true(called < 200 + 40 && called > 100);
    assert_true(covered > 3800 - 40);
}

static void says_what_a_few_points_cannot_say(void **state)
{
    (void)state;
    const double t[] = { 1, 2, 3, 4 }, y[] = { 1, 2, 3, 4 }, zero[] = { 0, 0, 0, 0 };
    kz_trend r = { .n = -7 };
    kz_err err = { 0 };
    assert_int_equal(kz_trend_make(t, y, 2, &r, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.short_series");
    assert_int_equal(r.n, -7);
    assert_int_equal(kz_trend_make(t, y, 4, &r, NULL), KZ_OK);
    assert_true(r.slope == 1 && isnan(r.lo) && isnan(r.hi) && r.direction == 0);
    assert_true(fabs(r.p - 2.0 / 24) < 1e-15);
    assert_int_equal(kz_trend_make(t, zero, 4, &r, NULL), KZ_OK);
    assert_true(r.slope == 0 && r.p == 1 && r.lo == 0 && r.hi == 0 && r.direction == 0);
}

KZ_TEST_MAIN(KZ_TEST(a_series_of_seven_can_be_redone_on_paper), KZ_TEST(agrees_with_r),
             KZ_TEST(changes_with_the_units_only), KZ_TEST(noise_is_called_a_change_in_at_most_one_of_twenty),
             KZ_TEST(says_what_a_few_points_cannot_say))
