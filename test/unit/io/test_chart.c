#include "kz_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/chart.h"

/* How often a text stands in the output. */
static int times(const kz_buf *b, const char *what)
{
    int n = 0;
    for (const char *p = kz_buf_text(b); (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static void an_axis_has_round_numbers_and_holds_its_values(void **state)
{
    (void)state;
    kz_axis a = kz_axis_round(3.1, 9.7, 8);
    assert_true(a.lo == 3 && a.hi == 10 && a.step == 1 && a.n == 8 && a.digits == 0);
    a = kz_axis_round(-0.4, 0.9, 5);
    assert_true(a.lo == -0.5 && a.hi == 1 && a.step == 0.5 && a.digits == 1);
    assert_true(kz_axis_tick(&a, 1) == 0); /* not -0.0000001 */

    for (int i = 1; i < 400; i++) { /* any span */
        double lo = sin(i) * i, hi = lo + pow(1.07, i) / 1000;
        a = kz_axis_round(lo, hi, 6);
        assert_true(a.lo <= lo + a.step * 1e-6 && a.hi >= hi - a.step * 1e-6 && a.n >= 2 && a.n <= 8);
    }
}

static void an_axis_of_one_value_or_none_is_still_an_axis(void **state)
{
    (void)state;
    kz_axis a = kz_axis_round(5, 5, 5);
    assert_true(a.hi > a.lo && a.lo <= 5 && a.hi >= 5);
    a = kz_axis_round(NAN, NAN, 5);
    assert_true(isfinite(a.lo) && a.hi > a.lo);
}

static void five_steps_hold_two_of_ten_values_each(void **state)
{
    (void)state;
    kz_chart_item items[10] = { 0 };
    double limits[KZ_CHART_STEPS - 1];
    for (int i = 0; i < 10; i++)
        items[i].value = 10 - i;
    assert_int_equal(kz_chart_quantiles(items, 10, limits), 5);
    assert_true(limits[0] == 2.5 && limits[3] == 8.5);
    for (int i = 0; i < 10; i++)
        assert_int_equal(items[i].step, (9 - i) / 2);
}

static void equal_values_are_never_parted_and_missing_ones_have_no_step(void **state)
{
    (void)state;
    kz_chart_item items[8] = { { .value = 1 }, { .value = 1 }, { .value = 1 }, { .value = 1 },
                               { .value = 1 }, { .value = 1 }, { .value = 7 }, { .value = NAN } };
    double limits[KZ_CHART_STEPS - 1];
    int n = kz_chart_quantiles(items, 8, limits);
    assert_true(n >= 1 && n <= 2);
    for (int i = 1; i < 6; i++)
        assert_int_equal(items[i].step, items[0].step);
    assert_int_equal(items[7].step, -1);
}

static kz_chart chart_of(kz_chart_item items[], int n)
{
    kz_chart c = { .id = "x",
                   .title = "T <&>",
                   .desc = "D",
                   .unit = "",
                   .n = n,
                   .own = 0,
                   .items = items,
                   .city = 5,
                   .city_label = "Stadt 5",
                   .own_label = "A 1" };
    c.n_steps = kz_chart_quantiles(items, n, c.limits);
    return c;
}

static void a_strip_has_a_dot_for_every_value_and_none_for_hidden_ones(void **state)
{
    (void)state;
    kz_chart_item items[5] = { { "A", "1", 1, 0.5, 2, 0, false, false, false },
                               { "B", "2", 2, NAN, NAN, 0, false, false, false },
                               { "<b>", "9", 9, NAN, NAN, 0, false, false, false },
                               { "D", "9", 9, NAN, NAN, 0, false, false, false },
                               { "E", ".", NAN, NAN, NAN, 0, false, true, false } };
    kz_chart c = chart_of(items, 5);
    kz_auto(kz_buf) out = kz_buf_init(1u << 20);
    kz_chart_strip(&out, &c, KZ_CHART_WIDE);
    assert_int_equal(times(&out, "kk-dot\""), 3);
    assert_int_equal(times(&out, "kk-dotown\""), 1);
    assert_int_equal(times(&out, "kk-ci\""), 1);
    assert_int_equal(times(&out, "kk-city\""), 1);
    assert_non_null(strstr(kz_buf_text(&out), "T &lt;&amp;&gt;"));
    assert_null(strstr(kz_buf_text(&out), "<b>"));
    assert_null(strstr(kz_buf_text(&out), "NaN"));
}

static void no_chart_writes_a_number_that_is_none(void **state)
{
    (void)state;
    kz_chart_item items[3] = { { .name = "A", .value = NAN, .lo = NAN, .hi = NAN, .hidden = true },
                               { .name = "B", .value = NAN, .lo = NAN, .hi = NAN, .hidden = true },
                               { .name = "C", .value = NAN, .lo = NAN, .hi = NAN, .hidden = true } };
    kz_chart c = chart_of(items, 3);
    c.city = NAN;
    const double none[] = { NAN, NAN };
    const char *times_[] = { "2011", "2012" };
    kz_chart_series s = { .id = "s",
                          .title = "S",
                          .desc = "D",
                          .unit = "",
                          .n_times = 2,
                          .n_lines = 1,
                          .times = times_,
                          .lines = none,
                          .own = none,
                          .city = none,
                          .own_name = "A",
                          .own_value = "." };
    kz_auto(kz_buf) out = kz_buf_init(1u << 20);
    for (int size = KZ_CHART_WIDE; size <= KZ_CHART_NARROW; size++) {
        kz_chart_strip(&out, &c, (kz_chart_size)size);
        kz_chart_legend(&out, &c, (kz_chart_size)size);
        kz_chart_series_draw(&out, &s, (kz_chart_size)size);
    }
    kz_chart_line(&out, &c);
    kz_chart_mini(&out, &items[0], 0, 0, NAN);
    kz_chart_spark(&out, 2, none, none);
    assert_int_equal(kz_buf_status(&out), KZ_OK);
    assert_null(strstr(kz_buf_text(&out), "NaN"));
    assert_null(strstr(kz_buf_text(&out), "inf"));
}

static void a_gap_in_a_series_is_a_gap_in_the_line(void **state)
{
    (void)state;
    const double own[] = { 1, 2, NAN, 4, 5 };
    const char *years[] = { "1", "2", "3", "4", "5" };
    kz_chart_series s = { .id = "s",
                          .title = "S",
                          .desc = "D",
                          .unit = "",
                          .n_times = 5,
                          .times = years,
                          .own = own,
                          .own_name = "A",
                          .own_value = "5" };
    kz_auto(kz_buf) out = kz_buf_init(1u << 20);
    kz_chart_series_draw(&out, &s, KZ_CHART_WIDE);
    const char *line = strstr(kz_buf_text(&out), "kk-strong\" d=\"");
    assert_non_null(line);
    int moves = 0;
    for (line += 14; *line != '"'; line++)
        moves += *line == 'M';
    assert_int_equal(moves, 2);
}

static void a_path_in_relative_steps_ends_where_it_should(void **state)
{
    (void)state;
    kz_auto(kz_buf) out = kz_buf_init(1u << 20);
    kz_pen pen;
    kz_pen_move(&out, &pen, 10, 10);
    kz_pen_line(&out, &pen, 12.34, 10);
    kz_pen_line(&out, &pen, 12.34, 8.5);
    kz_pen_line(&out, &pen, 10.04, 9.96);
    assert_string_equal(kz_buf_text(&out), "M10 10h2.3v-1.5l-2.3 1.5");
    assert_true(fabs(pen.x - 10) < 1e-9 && fabs(pen.y - 10) < 1e-9);
}

static void a_hundred_equal_dots_do_not_lie_upon_each_other(void **state)
{
    (void)state;
    kz_chart_item items[100] = { 0 };
    for (int i = 0; i < 100; i++)
        items[i] = (kz_chart_item){ .name = "A", .words = "5", .value = 5, .lo = NAN, .hi = NAN };
    kz_chart c = chart_of(items, 100);
    c.own = -1;
    kz_auto(kz_buf) one = kz_buf_init(1u << 20);
    kz_auto(kz_buf) two = kz_buf_init(1u << 20);
    kz_chart_strip(&one, &c, KZ_CHART_WIDE);
    kz_chart_strip(&two, &c, KZ_CHART_WIDE);
    assert_string_equal(kz_buf_text(&one), kz_buf_text(&two));
    double ys[100];
    int n = 0;
    for (const char *p = kz_buf_text(&one); (p = strstr(p, " cy=\"")) && n < 100; p += 5)
        /* lint: allow banned, because the test reads what we wrote, in the C locale */
        ys[n++] = strtod(p + 5, NULL);
    assert_int_equal(n, 100);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            assert_true(fabs(ys[i] - ys[k]) > 0.05);
}

KZ_TEST_MAIN(KZ_TEST(an_axis_has_round_numbers_and_holds_its_values),
             KZ_TEST(an_axis_of_one_value_or_none_is_still_an_axis),
             KZ_TEST(five_steps_hold_two_of_ten_values_each),
             KZ_TEST(equal_values_are_never_parted_and_missing_ones_have_no_step),
             KZ_TEST(a_strip_has_a_dot_for_every_value_and_none_for_hidden_ones),
             KZ_TEST(no_chart_writes_a_number_that_is_none), KZ_TEST(a_gap_in_a_series_is_a_gap_in_the_line),
             KZ_TEST(a_path_in_relative_steps_ends_where_it_should),
             KZ_TEST(a_hundred_equal_dots_do_not_lie_upon_each_other))
