#include "stat/bym2.h"

#include "stat/bym2_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One series made ready: in the plan's order, covariates centred and scaled. */
typedef struct ready {
    kz_bym2_problem in;
    double *numbers; /* one block: y, size, base, eta (n each), x (n × p) */
    double *y, *size, *base, *eta, *x;
    double precision[KZ_BYM2_COLUMNS_MOST * KZ_BYM2_COLUMNS_MOST], back[KZ_BYM2_COLUMNS_MOST * KZ_BYM2_COLUMNS_MOST];
    double sum_y, sum_size;
} ready;

static double times_log(double a, double b) /* a log(a/b), 0 log 0 = 0 */
{
    return a > 0 ? a * log(a / b) : 0;
}

/* Counts, the saturated likelihood, and a first guess of η: the rate, pulled to that of all. */
static kz_status take_counts(const kz_bym2_plan *g, const kz_bym2_data *data, ready *r, kz_err *err)
{
    for (int i = 0; i < g->n; i++) {
        KZ_ASSERT(data->size[i] >= 0 && data->y[i] >= 0 && (data->size[i] > 0 || data->y[i] == 0));
        KZ_ASSERT(!data->binomial || data->y[i] <= data->size[i]);
        r->sum_y += data->y[i];
        r->sum_size += data->size[i];
    }
    if (r->sum_size == 0)
        return kz_fail(err, KZ_E_INPUT, "bym2.no_data");
    double all = data->binomial ? (r->sum_y + 0.5) / (r->sum_size + 1) : (r->sum_y + 0.5) / r->sum_size;
    for (int k = 0; k < g->n; k++) {
        double y = data->y[g->order[k]], size = data->size[g->order[k]];
        r->y[k] = y;
        r->size[k] = size;
        if (data->binomial) {
            double p = (y + 2 * all) / (size + 2);
            r->base[k] = times_log(y, size) + times_log(size - y, size);
            r->eta[k] = log(p) - log1p(-p);
        } else {
            r->base[k] = y > 0 ? log(y / size) : 0;
            r->eta[k] = log((y + 1) / (size + 1 / all));
        }
    }
    return KZ_OK;
}

/* Lower Cholesky factor in place; the column whose pivot vanishes, -1: none. */
static int factor(int p, double m[], double *log_det)
{
    *log_det = 0;
    for (int j = 0; j < p; j++) {
        double first = m[j * p + j];
        for (int i = j; i < p; i++) {
            double x = m[i * p + j];
            for (int k = 0; k < j; k++)
                x -= m[i * p + k] * m[j * p + k];
            if (i == j) {
                if (!(x > 1e-10 * first))
                    return j;
                *log_det += log(x);
                m[i * p + j] = sqrt(x);
            } else {
                m[i * p + j] = x / m[j * p + j];
            }
        }
    }
    return -1;
}

static kz_status take_covariates(const kz_bym2_plan *g, const kz_bym2_data *data, double beta_sd, ready *r,
                                 kz_err *err)
{
    enum { MOST = KZ_BYM2_COLUMNS_MOST };
    int n = g->n, p = data->n_covariates + 1;
    double gram[MOST * MOST] = { 0 }, log_det;
    for (int k = 0; k < n; k++)
        r->x[k * p] = 1;
    r->back[0] = 1;
    for (int a = 1; a < p; a++) {
        const double *given = data->covariate[a - 1];
        double mean = 0, square = 0;
        for (int i = 0; i < n; i++)
            mean += given[i] / n;
        for (int i = 0; i < n; i++)
            square += (given[i] - mean) * (given[i] - mean) / n;
        if (!(square > 1e-24 * mean * mean) || square == 0)
            return kz_fail(err, KZ_E_INPUT, "bym2.constant", kz_n("column", a));
        double sd = sqrt(square);
        for (int k = 0; k < n; k++)
            r->x[k * p + a] = (given[g->order[k]] - mean) / sd;
        r->back[a * p + a] = 1 / sd;
        r->back[a] = -mean / sd;
    }
    for (int k = 0; k < n; k++)
        for (int a = 0; a < p; a++)
            for (int b = 0; b < p; b++)
                gram[a * p + b] += r->x[k * p + a] * r->x[k * p + b];
    int bad = factor(p, gram, &log_det);
    if (bad >= 0)
        return kz_fail(err, KZ_E_INPUT, "bym2.collinear", kz_n("column", bad));
    for (int a = 0; a < p; a++)
        for (int b = 0; b < p; b++) {
            double sum = 0;
            for (int c = 0; c < p; c++)
                sum += r->back[c * p + a] * r->back[c * p + b];
            r->precision[a * p + b] = beta_sd > 0 ? sum / (beta_sd * beta_sd) : a == b ? 0.01 : 0;
        }
    memcpy(gram, r->precision, sizeof gram);
    bad = factor(p, gram, &log_det);
    KZ_ASSERT(bad < 0);
    r->in.log_det_precision = log_det;
    return KZ_OK;
}

static kz_status make_ready(const kz_bym2_plan *g, const kz_bym2_data *data, double beta_sd, ready *r, kz_err *err)
{
    size_t n = (size_t)g->n, p = (size_t)data->n_covariates + 1;
    if (data->n_covariates > KZ_BYM2_COVARIATES_MOST)
        return kz_fail(err, KZ_E_LIMIT, "bym2.covariates", kz_n("max", KZ_BYM2_COVARIATES_MOST));
    if (!(r->numbers = malloc(n * (4 + p) * sizeof(double))))
        return kz_fail(err, KZ_E_LIMIT, "bym2.memory");
    r->y = r->numbers;
    r->size = r->y + n;
    r->base = r->size + n;
    r->eta = r->base + n;
    r->x = r->eta + n;
    KZ_TRY(take_counts(g, data, r, err));
    KZ_TRY(take_covariates(g, data, beta_sd, r, err));
    r->in.plan = g;
    r->in.binomial = data->binomial;
    r->in.p = (int)p;
    r->in.y = r->y;
    r->in.size = r->size;
    r->in.base = r->base;
    r->in.x = r->x;
    r->in.precision = r->precision;
    r->in.back = r->back;
    return KZ_OK;
}

/* Coefficients: mixture of normals with third cumulants, like the areas. */
static double beta_cdf(const kz_bym2_grid *grid, int a, double x)
{
    double sum = 0;
    for (int k = 0; k < grid->n_points; k++) {
        const kz_bym2_point *at = grid->points[k];
        double sd = at->beta_sd[a], z = (x - at->beta[a]) / sd;
        double density = exp(-0.5 * z * z) * 0.3989422804014327, skew = at->beta_third[a] / (6 * sd * sd * sd);
        sum += at->weight * (0.5 * erfc(-z * 0.7071067811865476) - skew * (z * z - 1) * density);
    }
    return sum;
}

static kz_bym2_parameter beta_of(const kz_bym2_grid *grid, int a)
{
    double mean = 0, square = 0, end[2];
    for (int k = 0; k < grid->n_points; k++) {
        const kz_bym2_point *at = grid->points[k];
        mean += at->weight * at->beta[a];
        square += at->weight * (at->beta_sd[a] * at->beta_sd[a] + at->beta[a] * at->beta[a]);
    }
    double sd = sqrt(fmax(square - mean * mean, 1e-300));
    for (int e = 0; e < 2; e++) {
        double lo = mean - 20 * sd, hi = mean + 20 * sd, share = e ? 0.975 : 0.025;
        for (int it = 0; it < 45; it++) {
            double mid = (lo + hi) / 2;
            if (beta_cdf(grid, a, mid) < share)
                lo = mid;
            else
                hi = mid;
        }
        end[e] = (lo + hi) / 2;
    }
    return (kz_bym2_parameter){ mean, sd, end[0], end[1] };
}

typedef struct mix_job {
    const kz_bym2_grid *grid;
    const kz_bym2_marginals *out;
    double threshold;
    void **space;
} mix_job;

enum { CHUNK = 256 };

static void mix_chunk(void *me, int k, int thread)
{
    mix_job *job = me;
    int n = job->grid->in->plan->n, first = k * CHUNK, last = first + CHUNK < n ? first + CHUNK : n;
    job->grid->engine->mix(job->grid->in->binomial, job->grid->n_points, job->grid->points, job->threshold, first,
                           last, job->space[thread], job->out);
}

/* Marginals of all areas, back in the caller's order. */
static kz_status mix_areas(const kz_bym2_grid *grid, const ready *r, kz_bym2_fit *fit, kz_err *err)
{
    const kz_bym2_plan *g = grid->in->plan;
    size_t n = (size_t)g->n, bytes = (size_t)grid->n_points * 3 * KZ_BYM2_LANES_MOST * sizeof(double);
    double *inner = malloc(5 * n * sizeof *inner), *outer = malloc(5 * n * sizeof *outer);
    void **space = calloc((size_t)grid->threads, sizeof *space);
    bool fine = inner && outer && space;
    for (int k = 0; fine && k < grid->threads; k++)
        fine = (space[k] = aligned_alloc(64, (bytes + 63) & ~(size_t)63)) != NULL;
    if (fine) {
        double rate = r->sum_y / r->sum_size;
        bool binomial = grid->in->binomial, ends = rate == 0 || (binomial && rate == 1);
        kz_bym2_marginals out = { inner, inner + n, inner + 2 * n, inner + 3 * n, inner + 4 * n };
        mix_job job = { grid, &out, ends ? 0 : binomial ? log(rate) - log1p(-rate) : log(rate), space };
        kz_bym2_share(grid->threads, (g->n + CHUNK - 1) / CHUNK, mix_chunk, &job);
        for (int k = 0; k < g->n; k++)
            for (size_t c = 0; c < 5; c++)
                outer[c * n + (size_t)g->order[k]] = c == 4 && ends ? NAN : inner[c * n + (size_t)k];
        fit->city = rate;
        fit->mean = outer;
        fit->sd = outer + n;
        fit->lo = outer + 2 * n;
        fit->hi = outer + 3 * n;
        fit->p_above = outer + 4 * n;
        outer = NULL;
    }
    for (int k = 0; space && k < grid->threads; k++)
        free(space[k]);
    free(space);
    free(inner);
    free(outer);
    return fine ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "bym2.memory");
}

static kz_status fit_ready(kz_bym2_grid *grid, const ready *r, kz_bym2_fit *ret, kz_err *err)
{
    kz_bym2_fit fit = { .n = grid->in->plan->n, .n_beta = grid->in->p, .engine = grid->engine->name };
    KZ_TRY(kz_bym2_grid_run(grid, err));
    KZ_TRY(mix_areas(grid, r, &fit, err));
    for (int a = 0; a < fit.n_beta; a++)
        fit.beta[a] = beta_of(grid, a);
    kz_bym2_grid_sigma_phi(grid, &fit.sigma, &fit.phi);
    fit.log_tau = grid->mode[0];
    fit.logit_phi = grid->mode[1];
    fit.outer_steps = grid->outer_steps;
    fit.inner_steps = grid->inner_steps;
    fit.points = grid->n_points;
    fit.lost = grid->lost;
    fit.outer_ok = grid->outer_ok;
    fit.cut = grid->cut;
    *ret = fit;
    return KZ_OK;
}

kz_status kz_bym2_fit_make(const kz_bym2_plan *plan, const kz_bym2_data *data, const kz_bym2_options *how,
                           kz_bym2_fit *ret, kz_err *err)
{
    ready r = { 0 };
    kz_bym2_grid grid = { .in = &r.in, .engine = kz_bym2_engine_find(how->lanes), .prior = &how->prior,
                          .threads = how->threads };
    KZ_ASSERT(grid.engine);
    kz_status st = make_ready(plan, data, how->prior.beta_sd, &r, err);
    grid.eta = r.eta;
    if (st == KZ_OK)
        st = fit_ready(&grid, &r, ret, err);
    kz_bym2_grid_done(&grid);
    free(r.numbers);
    return st;
}

void kz_bym2_fit_done(kz_bym2_fit *fit)
{
    free(fit->mean); /* the others are in its block */
    fit->mean = NULL;
}
