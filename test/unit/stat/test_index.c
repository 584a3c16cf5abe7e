/* Indices: examples for paper, what must hold for any table, and Berlin's published classes. */
#include "kz_test.h"

#include "base/parse.h"
#include "base/rng.h"
#include "io/csv.h"
#include "stat/index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 500 };

static void z_scores_can_be_redone_on_paper(void **state)
{
    (void)state;
    /* 2 4 4 4 5 5 7 9: mean 5, squares 9+1+1+1+0+0+4+16 = 32, 32/8 = 4, sd 2 */
    const double x[] = { 2, 4, 4, 4, 5, 5, 7, 9, 1000 };
    const bool out[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1 };
    double z[9];
    kz_index_scale s;
    assert_int_equal(kz_index_z(x, 9, out, NULL, z, &s, NULL), KZ_OK);
    assert_true(s.n == 8 && s.mean == 5 && s.sd == 2);
    assert_true(z[0] == -1.5 && z[4] == 0 && z[7] == 2 && isnan(z[8]));
}

static void weights_make_the_mean_the_rate_of_the_city(void **state)
{
    (void)state;
    /* 10 of 100 and 30 of 300 and 60 of 200: the city has 100 of 600 */
    const double share[] = { 0.1, 0.1, 0.3 }, people[] = { 100, 300, 200 };
    double z[3];
    kz_index_scale s;
    assert_int_equal(kz_index_z(share, 3, NULL, people, z, &s, NULL), KZ_OK);
    assert_true(fabs(s.mean - 100.0 / 600) < 1e-16);
    assert_true(fabs(s.sd * s.sd - (400 * pow(0.1 - s.mean, 2) + 200 * pow(0.3 - s.mean, 2)) / 600) < 1e-16);
}

static void classes_close_where_the_publications_close_them(void **state)
{
    (void)state;
    const double v[] = { -1.001, -1, 1, 1.001, 1.5, 1.501 };
    const int mss[] = { 1, 2, 2, 3, 3, 4 }, dynamic[] = { 1, 0, 0, -1, -1, -1 };
    for (int i = 0; i < 6; i++) {
        assert_int_equal(kz_index_status_class(KZ_INDEX_MSS, v[i]), mss[i]);
        assert_int_equal(kz_index_dynamic_class(v[i]), dynamic[i]);
    }
    assert_int_equal(kz_index_status_class(KZ_INDEX_STATUS, -0.5), 2);
    assert_int_equal(kz_index_status_class(KZ_INDEX_STATUS, 0.5), 3);
    assert_int_equal(kz_index_status_class(KZ_INDEX_STATUS, 1.2), 4);
    assert_int_equal(kz_index_status_class(KZ_INDEX_MSS, NAN), 0);
    assert_int_equal(kz_index_dynamic_class(NAN), 2);
    const int sum[] = { 4, 8, 9, 10, 11, 13, 14, 15, 20, 3, 21 }, want[] = { 1, 1, 2, 2, 3, 3, 4, 5, 5, 0, 0 };
    for (int i = 0; i < 11; i++)
        assert_int_equal(kz_index_points_class(sum[i]), want[i]);
}

static void ten_areas_make_two_of_each_point(void **state)
{
    (void)state;
    const double x[] = { 7, 1, 9, 3, 5, 10, 2, 8, 4, 6 }, tied[] = { 1, 1, 1, 1, 2, 3, 4, 5, 6, 7 };
    const int want[] = { 4, 1, 5, 2, 3, 5, 1, 4, 2, 3 }, want_tied[] = { 1, 1, 1, 1, 3, 3, 4, 4, 5, 5 };
    int points[10];
    assert_int_equal(kz_index_quintile(x, 10, NULL, points, NULL), KZ_OK);
    assert_memory_equal(points, want, sizeof want);
    assert_int_equal(kz_index_quintile(tied, 10, NULL, points, NULL), KZ_OK);
    assert_memory_equal(points, want_tied, sizeof want_tied);
}

static void ranks_part_the_best_fifth_and_the_worst_tenths(void **state)
{
    (void)state;
    const double v[] = { 7, 1, 9, 3, 5, 10, 2, 8, 4, 6 };
    const int want_rank[] = { 7, 1, 9, 3, 5, 10, 2, 8, 4, 6 }, want_class[] = { 2, 1, 3, 2, 2, 4, 1, 2, 2, 2 };
    int rank[10], class[10];
    assert_int_equal(kz_index_rank(v, 10, NULL, rank, class, NULL), KZ_OK);
    assert_memory_equal(rank, want_rank, sizeof rank);
    assert_memory_equal(class, want_class, sizeof class);
}

/* z-scores do not see units, always have mean 0 and deviation 1, and points are fair and monotone. */
static void holds_for_random_tables(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < 500; t++) {
        kz_rng rng = kz_rng_stream(11, t);
        int n = 2 + (int)kz_rng_below(&rng, 60), points[MOST];
        double x[MOST], y[MOST], z[MOST], u[MOST], sum = 0, squares = 0;
        for (int i = 0; i < n; i++) {
            x[i] = kz_rng_below(&rng, 20) + (i == 0 ? 0.5 : 0);
            y[i] = 1e6 + 3 * x[i];
        }
        kz_index_scale s;
        assert_int_equal(kz_index_z(x, n, NULL, NULL, z, &s, NULL), KZ_OK);
        assert_int_equal(kz_index_z(y, n, NULL, NULL, u, &s, NULL), KZ_OK);
        assert_int_equal(kz_index_quintile(x, n, NULL, points, NULL), KZ_OK);
        for (int i = 0; i < n; i++) {
            assert_true(fabs(z[i] - u[i]) < 1e-9);
            sum += z[i];
            squares += z[i] * z[i];
            assert_in_range(points[i], 1, 5);
            for (int k = 0; k < i; k++)
                assert_true(x[i] == x[k] ? points[i] == points[k] : (x[i] > x[k]) == (points[i] > points[k]) ||
                                                                         points[i] == points[k]);
        }
        assert_true(fabs(sum) < 1e-10 * n && fabs(squares / n - 1) < 1e-10);
    }
}

static void refuses_what_cannot_be_compared(void **state)
{
    (void)state;
    const double same[] = { 0.1, 0.1, 0.1 }, x[] = { 1, 2, 3 }, negative[] = { 1, -1, 1 }, none[] = { 0, 0, 0 };
    const bool two_out[] = { 0, 1, 1 };
    double z[3] = { 7, 7, 7 };
    int points[3];
    kz_index_scale s = { .n = -7 };
    kz_err err = { 0 };
    assert_int_equal(kz_index_z(same, 3, NULL, NULL, z, &s, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.constant");
    assert_int_equal(kz_index_z(x, 3, two_out, NULL, z, &s, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.too_few");
    assert_int_equal(kz_index_z(x, 3, NULL, negative, z, &s, &err), KZ_E_INPUT);
    assert_int_equal(kz_index_z(x, 3, NULL, none, z, &s, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.weight");
    assert_true(z[0] == 7 && s.n == -7);
    assert_int_equal(kz_index_quintile(same, 3, NULL, points, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "space.constant");
}

/* ---- Berlin ------------------------------------------------------------------------ */

typedef struct berlin {
    int  n;
    char id[MOST][9], dynamic_class[MOST][4];
    int  status_class[MOST];
    double x[8][MOST];
    bool out[MOST];
} berlin;

static bool open_berlin(int year, const char *part, kz_csv *csv)
{
    const char *root = getenv("KZ_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/data/berlin/mss/berlin-monitoring-social-urban-development-%d-00-%s-planning-areas.csv",
             root ? root : "../shared", year, part);
    if (access(path, R_OK) != 0)
        return false;
    assert_int_equal(kz_csv_open(csv, path, &(kz_csv_opts){ 0 }, NULL), KZ_OK);
    return true;
}

static bool read_berlin(int year, berlin *b)
{
    kz_auto(kz_csv) published = { 0 }, values = { 0 };
    kz_csv_row row;
    int64_t class;
    if (!open_berlin(year, "1", &published) || !open_berlin(year, "2-1", &values))
        return false;
    for (b->n = 0; kz_csv_next(&published, &row); b->n++) {
        snprintf(b->id[b->n], 9, "%.*s", (int)row.field[0].n, row.field[0].p);
        assert_true(kz_parse_plain(row.field[2], 0, 4, &class));
        b->status_class[b->n] = (int)class;
        snprintf(b->dynamic_class[b->n], 4, "%.*s", (int)row.field[3].n, row.field[3].p);
        b->out[b->n] = class == 0;
    }
    for (int i = 0; kz_csv_next(&values, &row); i++) {
        assert_true(kz_view_is(row.field[0], b->id[i]));
        for (int c = 0; c < 8; c++)
            assert_int_equal(kz_parse_real(row.field[2 + c], KZ_NUM_POINT, &b->x[c][i]), KZ_PARSED);
    }
    return true;
}

static int differences(const berlin *b, int first, bool dynamic)
{
    static const char *const SIGN[] = { "-", "+/-", "+" };
    static double z[4][MOST], sum[MOST], v[MOST];
    const double *all[] = { z[0], z[1], z[2], z[3] };
    kz_index_scale s;
    int n = 0;
    for (int c = 0; c < 4; c++)
        assert_int_equal(kz_index_z(b->x[first + c], b->n, b->out, NULL, z[c], &s, NULL), KZ_OK);
    kz_index_sum(all, 4, b->n, sum);
    assert_int_equal(kz_index_z(sum, b->n, b->out, NULL, v, &s, NULL), KZ_OK);
    for (int i = 0; i < b->n; i++)
        if (!b->out[i])
            n += dynamic ? strcmp(SIGN[1 + kz_index_dynamic_class(v[i])], b->dynamic_class[i]) != 0
                         : kz_index_status_class(KZ_INDEX_MSS, v[i]) != b->status_class[i];
    return n;
}

static void gives_the_classes_that_berlin_published(void **state)
{
    (void)state;
    static berlin b;
    const int rated[] = { 434, 435, 436 };
    for (int y = 0; y < 3; y++) {
        if (!read_berlin(2013 + 2 * y, &b))
            skip();
        int n = 0;
        for (int i = 0; i < b.n; i++)
            n += !b.out[i];
        assert_int_equal(n, rated[y]);
        assert_int_equal(differences(&b, 0, false), 0);
        assert_int_equal(differences(&b, 4, true), 0);
    }
}

KZ_TEST_MAIN(KZ_TEST(z_scores_can_be_redone_on_paper), KZ_TEST(weights_make_the_mean_the_rate_of_the_city),
             KZ_TEST(classes_close_where_the_publications_close_them), KZ_TEST(ten_areas_make_two_of_each_point),
             KZ_TEST(ranks_part_the_best_fifth_and_the_worst_tenths), KZ_TEST(holds_for_random_tables),
             KZ_TEST(refuses_what_cannot_be_compared), KZ_TEST(gives_the_classes_that_berlin_published))
