#include "kz_numeric.h"

#include "base/rng.h"
#include "stat/bym2.h"
#include "stat/bym2_lanes.h"

#include <string.h>

/* Made with numpy (pinv, eigvalsh) on the same graphs: scale, and logit φ with d(φ) = √(2 KLD) on Scotland. */
static const double SCALE_SCOTLAND = 0.485317736369418, SCALE_GRID = 0.498354294012804;
static const double PC[][2] = { { -9, 0.001965738556 }, { -5, 0.1030953499 },  { -2.3, 1.073554315 }, { 0, 3.847460066 },
                                { 0.7, 4.792623154 },   { 2.5, 6.324966451 }, { 5.2, 6.942651979 },  { 10, 7.31171039 } };

/* A graph as lists of neighbours, and room for one. */
typedef struct graph {
    int n, start[600], to[4000];
} graph;

/* Rows × columns, right angles, or with one diagonal. */
static void grid_graph(graph *g, int rows, int cols, bool triangles)
{
    static const int MOVE[6][2] = { { -1, -1 }, { -1, 0 }, { 0, -1 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
    int at = 0;
    g->n = rows * cols;
    for (int i = 0; i < g->n; i++) {
        g->start[i] = at;
        for (int m = 0; m < 6; m++) {
            int r = i / cols + MOVE[m][0], c = i % cols + MOVE[m][1];
            if (r >= 0 && r < rows && c >= 0 && c < cols && (triangles || MOVE[m][0] * MOVE[m][1] == 0))
                g->to[at++] = r * cols + c;
        }
    }
    g->start[g->n] = at;
}

static kz_bym2_plan *plan_of(const graph *g)
{
    kz_bym2_plan *plan = NULL;
    kz_err err = { 0 };
    assert_int_equal(kz_bym2_plan_make(g->n, g->start, g->to, &plan, &err), KZ_OK);
    return plan;
}

/* Scotland: see the head of the file. */
typedef struct scotland {
    graph g;
    double observed[56], expected[56], aff[56];
} scotland;

static void read_scotland(scotland *s)
{
    static const char *const COLUMN[] = { "area", "observed", "expected", "aff", "neighbours", "tolerance", "source", NULL };
    kz_auto(kz_numeric) t;
    kz_numeric_open(&t, "scotland.tsv", COLUMN);
    assert_int_equal(t.table.n_rows, 56);
    int at = 0;
    s->g.n = 56;
    for (int i = 0; i < 56; i++) {
        s->observed[i] = kz_numeric_real(&t, i, 1);
        s->expected[i] = kz_numeric_real(&t, i, 2);
        s->aff[i] = kz_numeric_real(&t, i, 3) / 10;
        s->g.start[i] = at;
        int number = 0;
        for (const char *c = kz_tsv_at(&t.table, i, 4);; c++) {
            if (*c >= '0' && *c <= '9') {
                number = 10 * number + *c - '0';
                continue;
            }
            s->g.to[at++] = number - 1;
            number = 0;
            if (!*c)
                break;
        }
    }
    s->g.start[56] = at;
    assert_int_equal(at, 264);
}

static void near_to(const char *what, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: got %.10g, want %.10g ± %g", what, got, want, tolerance);
}

/* ---- examples ------------------------------------------------------------- */

/* Two neighbours: L = [1 -1; -1 1], its inverse on the contrast has 1/4 on the diagonal. */
static void a_pair_has_the_scale_a_quarter(void **state)
{
    (void)state;
    const graph pair = { .n = 2, .start = { 0, 1, 2 }, .to = { 1, 0 } };
    kz_bym2_plan *plan = plan_of(&pair);
    near_to("scale", kz_bym2_plan_scale(plan, 0), 0.25, 1e-15);
    near_to("variance", plan->variance[0], 1, 1e-15);
    near_to("log det", plan->log_det, log(0.5), 1e-14); /* 2 · scale */
    kz_bym2_plan_free(plan);
    /* A path of three: variances 5/9, 2/9, 5/9 */
    const graph path = { .n = 3, .start = { 0, 1, 3, 4 }, .to = { 1, 0, 2, 1 } };
    plan = plan_of(&path);
    near_to("scale of the path", kz_bym2_plan_scale(plan, 1), cbrt(50.0) / 9, 1e-15);
    kz_bym2_plan_free(plan);
}

static void scales_agree_with_dense_eigenvalues_and_stan(void **state)
{
    (void)state;
    graph g;
    scotland s;
    read_scotland(&s);
    kz_bym2_plan *plan = plan_of(&s.g);
    near_to("Scotland, dense", kz_bym2_plan_scale(plan, 0), SCALE_SCOTLAND, 1e-12);
    near_to("Scotland, Stan case study (with its jitter)", kz_bym2_plan_scale(plan, 0), 0.485317494985636, 1e-6);
    for (size_t k = 0; k < sizeof PC / sizeof PC[0]; k++) {
        double slope, slope2, d = kz_bym2_plan_distance(plan, PC[k][0], &slope);
        near_to("distance of the prior on phi", d, PC[k][1], 1e-4 * PC[k][1] + 2e-5);
        double ahead = kz_bym2_plan_distance(plan, PC[k][0] + 1e-5, &slope2);
        near_to("its slope", slope, (ahead - d) / 1e-5, 1e-4 * (1 + slope));
    }
    kz_bym2_plan_free(plan);
    grid_graph(&g, 23, 23, true);
    plan = plan_of(&g);
    near_to("23 × 23", kz_bym2_plan_scale(plan, 0), SCALE_GRID, 1e-11);
    kz_bym2_plan_free(plan);
}

static kz_bym2_fit fit_of(const kz_bym2_plan *plan, const kz_bym2_data *data, const char *prior, int lanes, int threads)
{
    kz_bym2_options how = { .prior = KZ_BYM2_PRIOR, .lanes = lanes, .threads = threads };
    kz_bym2_fit fit = { 0 };
    kz_err err = { 0 };
    if (prior)
        assert_int_equal(kz_bym2_prior_parse(prior, &how.prior, &err), KZ_OK);
    if (kz_bym2_fit_make(plan, data, &how, &fit, &err) != KZ_OK)
        fail_msg("%s", err.id);
    assert_true(fit.outer_ok && fit.lost == 0 && !fit.cut);
    return fit;
}

/* The example of the Stan case study; Stan's values from 20,000 draws. */
static void agrees_with_stan_on_scotland(void **state)
{
    (void)state;
    scotland s;
    read_scotland(&s);
    const double *covariate[] = { s.aff };
    kz_bym2_data data = { .y = s.observed, .size = s.expected, .n_covariates = 1, .covariate = covariate };
    kz_bym2_plan *plan = plan_of(&s.g);
    kz_bym2_fit fit = fit_of(plan, &data, "sigma=halfnormal:5,phi=beta:0.5:0.5,beta=normal:5", 0, 1);
    near_to("beta0", fit.beta[0].mean, -0.2229, 0.005);
    near_to("beta1", fit.beta[1].mean, 0.3723, 0.005);
    near_to("sd of beta0", fit.beta[0].sd, 0.128, 0.004);
    near_to("sd of beta1", fit.beta[1].sd, 0.135, 0.004);
    near_to("sigma", fit.sigma.mean, 0.5176, 0.01 * 0.5176);
    near_to("sd of sigma", fit.sigma.sd, 0.087, 0.003);
    near_to("phi", fit.phi.mean, 0.876, 0.01);
    near_to("sd of phi", fit.phi.sd, 0.142, 0.005);
    near_to("fitted mean of area 5", fit.mean[4] * s.expected[4], 13.74, 0.01 * 13.74);
    assert_true(fit.sigma.lo < fit.sigma.mean && fit.sigma.mean < fit.sigma.hi);
    assert_true(fit.phi.lo < fit.phi.mean && fit.phi.mean < fit.phi.hi && fit.phi.hi < 1);
    kz_bym2_fit_done(&fit);
    kz_bym2_plan_free(plan);
}

/* ---- properties ----------------------------------------------------------- */

static void the_vector_functions_agree_with_the_c_library(void **state)
{
    (void)state;
    enum { N = 4000 };
    static double x[N], y[N];
    for (int lanes = 2; lanes <= 8; lanes *= 2) {
        const kz_bym2_engine *e = kz_bym2_engine_find(lanes);
        if (!e)
            continue;
        assert_int_equal(e->lanes, lanes);
        for (int i = 0; i < N; i++)
            x[i] = -600 + 0.3 * i;
        e->map(0, N, x, y);
        for (int i = 0; i < N; i++)
            assert_true(fabs(y[i] / exp(x[i]) - 1) < 4e-16);
        memcpy(x, y, sizeof x);
        e->map(1, N, x, y);
        for (int i = 0; i < N; i++)
            assert_true(fabs(y[i] - log(x[i])) <= 4e-16 * fabs(log(x[i])) + 1e-18);
        for (int i = 0; i < N; i++)
            x[i] = -10 + 0.005 * i;
        e->map(2, N, x, y);
        for (int i = 0; i < N; i++)
            assert_true(fabs(y[i] - 0.5 * erfc(-x[i] / sqrt(2))) < 2e-12);
    }
}

static void same_bits(const kz_bym2_fit *a, const kz_bym2_fit *b)
{
    size_t n = (size_t)a->n * sizeof(double);
    assert_memory_equal(a->mean, b->mean, n);
    assert_memory_equal(a->sd, b->sd, n);
    assert_memory_equal(a->lo, b->lo, n);
    assert_memory_equal(a->hi, b->hi, n);
    assert_memory_equal(a->p_above, b->p_above, n);
    assert_memory_equal(a->beta, b->beta, sizeof a->beta);
    assert_memory_equal(&a->sigma, &b->sigma, sizeof a->sigma);
    assert_memory_equal(&a->phi, &b->phi, sizeof a->phi);
}

static void any_width_and_any_threads_give_the_same_bits(void **state)
{
    (void)state;
    graph g;
    double y[150], size[150];
    grid_graph(&g, 10, 15, true);
    kz_rng rng = kz_rng_stream(5, 5);
    for (int i = 0; i < g.n; i++) {
        size[i] = i % 17 ? 5 + kz_rng_below(&rng, 60) : 0;
        y[i] = size[i] > 0 ? kz_rng_below(&rng, (uint32_t)size[i] / 3 + 1) : 0;
    }
    kz_bym2_plan *plan = plan_of(&g);
    for (int binomial = 0; binomial < 2; binomial++) {
        kz_bym2_data data = { .binomial = binomial, .y = y, .size = size };
        kz_bym2_fit want = fit_of(plan, &data, NULL, 2, 1);
        for (int lanes = 2; lanes <= 8; lanes *= 2)
            for (int threads = 1; kz_bym2_engine_find(lanes) && threads <= 3; threads += 2) {
                kz_bym2_fit got = fit_of(plan, &data, NULL, lanes, threads);
                same_bits(&want, &got);
                kz_bym2_fit_done(&got);
            }
        kz_bym2_fit_done(&want);
    }
    kz_bym2_plan_free(plan);
}

/* Renaming the areas renames the results. */
static void the_order_of_areas_does_not_matter(void **state)
{
    (void)state;
    scotland s;
    read_scotland(&s);
    graph turned = { .n = 56 };
    double y[56], size[56];
    int at = 0;
    for (int k = 0; k < 56; k++) { /* k is the old area 13 k mod 56, 13 · 13 = 1 mod 56 */
        int i = 13 * k % 56;
        turned.start[k] = at;
        y[k] = s.observed[i];
        size[k] = s.expected[i];
        for (int e = s.g.start[i]; e < s.g.start[i + 1]; e++)
            turned.to[at++] = 13 * s.g.to[e] % 56;
    }
    turned.start[56] = at;
    kz_bym2_plan *plan = plan_of(&s.g), *other = plan_of(&turned);
    kz_bym2_data data = { .y = s.observed, .size = s.expected }, data2 = { .y = y, .size = size };
    kz_bym2_fit a = fit_of(plan, &data, NULL, 0, 1), b = fit_of(other, &data2, NULL, 0, 1);
    for (int k = 0; k < 56; k++) {
        near_to("mean", b.mean[k], a.mean[13 * k % 56], 2e-6);
        near_to("hi", b.hi[k], a.hi[13 * k % 56], 1e-5);
    }
    kz_bym2_fit_done(&a);
    kz_bym2_fit_done(&b);
    kz_bym2_plan_free(plan);
    kz_bym2_plan_free(other);
}

/* Islands, two parts, areas without data, all zero, everybody, huge counts: answers, and sensible ones. */
static void hard_data_converge(void **state)
{
    (void)state;
    graph g;
    grid_graph(&g, 4, 5, false); /* twice, and the last area of the second becomes an island */
    graph h = g;
    int links = g.start[20];
    for (int i = 0; i < 20; i++) {
        h.start[20 + i] = links + g.start[i];
        for (int e = g.start[i]; e < g.start[i + 1]; e++)
            h.to[links + e] = 20 + g.to[e];
    }
    h.start[40] = 2 * links;
    h.n = 41;
    h.start[41] = 2 * links; /* the island */
    kz_bym2_plan *plan = plan_of(&h);
    assert_true(plan->n_components == 2 && plan->n_islands == 1);
    near_to("the island has no scale", kz_bym2_plan_scale(plan, 40), 0, 0);
    double y41[41], size41[41];
    static const struct {
        const char *what;
        double y, size, step;
        bool binomial;
    } CASE[] = { { "all zero", 0, 7, 0, false },     { "nobody", 0, 12, 0, true },      { "everybody", 12, 12, 0, true },
                 { "huge", 1e8, 1e8, 1e6, false },   { "one each", 1, 1, 0, true },     { "usual", 5, 9, 0.2, false },
                 { "huge shares", 3e6, 1e7, 1e4, true } };
    for (size_t c = 0; c < sizeof CASE / sizeof CASE[0]; c++) {
        for (int i = 0; i < 41; i++) {
            y41[i] = floor(CASE[c].y + CASE[c].step * (i * 7 % 11));
            size41[i] = CASE[c].size;
        }
        for (int i = 20; i < 40 && c % 2; i++) /* a whole part without data */
            y41[i] = size41[i] = 0;
        kz_bym2_data data = { .binomial = CASE[c].binomial, .y = y41, .size = size41 };
        kz_bym2_fit fit = fit_of(plan, &data, NULL, 0, 1);
        for (int i = 0; i < 41; i++) {
            bool fine = isfinite(fit.mean[i]) && fit.sd[i] >= 0 && fit.lo[i] < fit.hi[i] && fit.lo[i] >= 0 &&
                        (!CASE[c].binomial || fit.hi[i] <= 1);
            if (!fine)
                fail_msg("%s, area %d: %g ± %g [%g, %g]", CASE[c].what, i, fit.mean[i], fit.sd[i], fit.lo[i], fit.hi[i]);
        }
        if (CASE[c].y >= 1e6) /* much data: the raw rate */
            near_to(CASE[c].what, fit.mean[3], y41[3] / size41[3], 1e-3 * y41[3] / size41[3]);
        kz_bym2_fit_done(&fit);
    }
    kz_bym2_plan_free(plan);
}

/* An area without data and with the same neighbours as another learns from them. */
static void an_area_without_data_follows_its_neighbours(void **state)
{
    (void)state;
    graph g;
    double y[49], size[49];
    grid_graph(&g, 7, 7, true);
    for (int i = 0; i < 49; i++) {
        size[i] = 400;
        y[i] = i % 7 < 3 ? 40 : 120; /* left low, right high */
    }
    size[22] = y[22] = size[26] = y[26] = 0; /* one inside each half */
    kz_bym2_plan *plan = plan_of(&g);
    kz_bym2_data data = { .binomial = true, .y = y, .size = size };
    kz_bym2_fit fit = fit_of(plan, &data, NULL, 0, 1);
    assert_true(fit.mean[22] < 0.2 && fit.mean[26] > 0.22);
    assert_true(fit.hi[22] - fit.lo[22] > 2 * (fit.hi[23] - fit.lo[23]));
    assert_true(fit.p_above[22] < 0.4 && fit.p_above[26] > 0.6 && fit.p_above[0] < 0.01 && fit.p_above[48] > 0.99);
    kz_bym2_fit_done(&fit);
    kz_bym2_plan_free(plan);
}

/* The promise: 95 % intervals hold the truth in 93 to 97 % of the areas. */
static void intervals_cover_the_true_rates(void **state)
{
    (void)state;
    graph g;
    double y[144], size[144], truth[144], field[144];
    grid_graph(&g, 12, 12, true);
    kz_bym2_plan *plan = plan_of(&g);
    kz_rng rng = kz_rng_stream(2, 8);
    int inside = 0, all = 0;
    for (int round = 0; round < 25; round++) {
        for (int i = 0; i < 144; i++) {
            field[i] = -6;
            for (int k = 0; k < 12; k++)
                field[i] += kz_rng_unit(&rng);
        }
        for (int i = 0; i < 144; i++) { /* a neighbourhood mean and noise of its own */
            double sum = field[i];
            int n = g.start[i + 1] - g.start[i];
            for (int e = g.start[i]; e < g.start[i + 1]; e++)
                sum += field[g.to[e]];
            double noise = -6;
            for (int k = 0; k < 12; k++)
                noise += kz_rng_unit(&rng);
            truth[i] = 1 / (1 + exp(1.5 - 0.8 * sum / (n + 1) - 0.15 * noise));
            size[i] = 20 + kz_rng_below(&rng, 150);
            y[i] = 0;
            for (int k = 0; k < size[i]; k++)
                y[i] += kz_rng_unit(&rng) < truth[i];
        }
        kz_bym2_data data = { .binomial = true, .y = y, .size = size };
        kz_bym2_fit fit = fit_of(plan, &data, NULL, 0, 1);
        for (int i = 0; i < 144; i++) {
            inside += truth[i] >= fit.lo[i] && truth[i] <= fit.hi[i];
            all++;
        }
        kz_bym2_fit_done(&fit);
    }
    double share = (double)inside / all;
    if (share < 0.93 || share > 0.97)
        fail_msg("%.4f of the intervals cover", share);
    kz_bym2_plan_free(plan);
}

/* ---- refusals ------------------------------------------------------------- */

static void refuses_what_it_cannot_answer(void **state)
{
    (void)state;
    scotland s;
    read_scotland(&s);
    kz_err err = { 0 };
    kz_bym2_plan *plan = NULL;
    const int alone[] = { 0, 0, 0 };
    assert_int_equal(kz_bym2_plan_make(2, alone, NULL, &plan, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "bym2.no_links");
    assert_null(plan);
    plan = plan_of(&s.g);
    double none[56] = { 0 }, same[56], twice[56];
    for (int i = 0; i < 56; i++)
        same[i] = 0.1, twice[i] = 3 * s.aff[i] - 1;
    const double *constant[] = { s.aff, same }, *collinear[] = { s.aff, twice };
    kz_bym2_options how = { .prior = KZ_BYM2_PRIOR };
    kz_bym2_fit fit = { .n = 7 };
    kz_bym2_data data = { .y = none, .size = none };
    assert_int_equal(kz_bym2_fit_make(plan, &data, &how, &fit, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "bym2.no_data");
    data = (kz_bym2_data){ .y = s.observed, .size = s.expected, .n_covariates = 2, .covariate = constant };
    assert_int_equal(kz_bym2_fit_make(plan, &data, &how, &fit, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "bym2.constant");
    data.covariate = collinear;
    assert_int_equal(kz_bym2_fit_make(plan, &data, &how, &fit, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "bym2.collinear");
    assert_int_equal(fit.n, 7);
    static const char *const BAD[] = { "", "sigma", "sigma=pc:1", "sigma=pc:1:2", "phi=pc:2:0.5", "phi=beta:0:1",
                                       "beta=normal:x", "tau=normal:1", "sigma=halfnormal:5,", "beta=normal:1:2" };
    for (size_t k = 0; k < sizeof BAD / sizeof BAD[0]; k++) {
        kz_bym2_prior prior = KZ_BYM2_PRIOR;
        assert_int_equal(kz_bym2_prior_parse(BAD[k], &prior, &err), KZ_E_USAGE);
        assert_true(prior.sigma_a == 1 && prior.beta_sd == 0);
    }
    kz_bym2_plan_free(plan);
}

KZ_TEST_MAIN(KZ_TEST(a_pair_has_the_scale_a_quarter),
             KZ_TEST(scales_agree_with_dense_eigenvalues_and_stan),
             KZ_TEST(agrees_with_stan_on_scotland),
             KZ_TEST(the_vector_functions_agree_with_the_c_library),
             KZ_TEST(any_width_and_any_threads_give_the_same_bits),
             KZ_TEST(the_order_of_areas_does_not_matter),
             KZ_TEST(hard_data_converge),
             KZ_TEST(an_area_without_data_follows_its_neighbours),
             KZ_TEST(intervals_cover_the_true_rates),
             KZ_TEST(refuses_what_it_cannot_answer))
