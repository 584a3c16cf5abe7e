#include "stat/bym2_grid.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { OUTER_MOST = 40, THREADS_MOST = 64, STENCIL = 7 };
static const double DROP = 6, KEEP = 11.5; /* log density below the top: where to stop growing, what still counts */

/* ---- threads ---------------------------------------------------------------- */

typedef struct crew {
    void (*work)(void *me, int k, int thread);
    void *me;
    int n;
    atomic_int next, number;
} crew;

static void *take_turns(void *arg)
{
    crew *c = arg;
    int thread = atomic_fetch_add(&c->number, 1);
    for (int k; (k = atomic_fetch_add(&c->next, 1)) < c->n;)
        c->work(c->me, k, thread);
    return NULL;
}

void kz_bym2_share(int threads, int n, void (*work)(void *me, int k, int thread), void *me)
{
    crew c = { .work = work, .me = me, .n = n };
    pthread_t helper[THREADS_MOST];
    int helpers = 0, want = threads < n ? threads : n;
    while (helpers + 1 < want && helpers < THREADS_MOST - 1 &&
           pthread_create(&helper[helpers], NULL, take_turns, &c) == 0)
        helpers++;
    take_turns(&c);
    for (int i = 0; i < helpers; i++)
        pthread_join(helper[i], NULL);
}

/* ---- points in batches ------------------------------------------------------ */

typedef struct batch_job {
    kz_bym2_grid *grid;
    kz_bym2_point **points;
    int n;
    bool marginals;
    double tolerance, *mode; /* mode: of the very first point */
} batch_job;

static void run_batch(void *me, int k, int thread)
{
    batch_job *job = me;
    kz_bym2_grid *grid = job->grid;
    int first = k * grid->engine->lanes, left = job->n - first;
    int n = left < grid->engine->lanes ? left : grid->engine->lanes;
    grid->engine->laplace(grid->in, grid->space[thread], n, job->points + first, grid->eta, job->tolerance,
                          job->marginals, k == 0 ? job->mode : NULL);
}

/* All batches start from grid->eta, so it does not matter who does which. */
static void run(kz_bym2_grid *grid, kz_bym2_point *points[], int n, double tolerance, bool marginals, double mode[])
{
    batch_job job = { grid, points, n, marginals, tolerance, mode };
    kz_bym2_share(grid->threads, (n + grid->engine->lanes - 1) / grid->engine->lanes, run_batch, &job);
    for (int k = 0; k < n; k++)
        grid->inner_steps += points[k]->steps;
}

static double log_density(const kz_bym2_grid *grid, const kz_bym2_point *at, bool corrected)
{
    if (!at->ok)
        return -INFINITY;
    return at->value + (corrected ? at->correction : 0) +
           kz_bym2_prior_log(grid->prior, grid->in->plan, at->log_tau, at->logit_phi);
}

/* ---- the mode --------------------------------------------------------------- */

static void clamp(double x[2])
{
    x[0] = fmin(fmax(x[0], -12), 22);
    x[1] = fmin(fmax(x[1], -12), 12);
}

typedef struct curve {
    double value[2], vector[2][2]; /* of minus the Hessian; vector[k] belongs to value[k] */
} curve;

static curve eigen(double a, double b, double d) /* [a b; b d] */
{
    double mid = (a + d) / 2, half = sqrt((a - d) * (a - d) / 4 + b * b);
    curve c = { .value = { mid + half, mid - half } };
    double x = b, y = c.value[0] - a;
    if (half == 0 || (x == 0 && y == 0)) {
        x = 1, y = 0;
        if (half > 0 && a < d)
            x = 0, y = 1;
    }
    double length = sqrt(x * x + y * y);
    c.vector[0][0] = x / length, c.vector[0][1] = y / length;
    c.vector[1][0] = -y / length, c.vector[1][1] = x / length;
    return c;
}

static kz_status find_mode(kz_bym2_grid *grid, kz_err *err)
{
    static const int MOVE[STENCIL][2] = { { 0, 0 }, { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 }, { 1, 1 }, { -1, -1 } };
    static const double WIDEST[2] = { 0.3, 0.4 };
    size_t n = (size_t)grid->in->plan->n;
    double x[2] = { 2.5, 0 }, last[2] = { 0 }, step[2] = { 0 }, h[2] = { 0.3, 0.4 }, best = -INFINITY;
    double *mode = malloc(n * sizeof *mode);
    if (!mode)
        return kz_fail(err, KZ_E_LIMIT, "bym2.memory");
    double gain = 0; /* what the last step should have brought */
    curve c = { .value = { 1, 1 }, .vector = { { 1, 0 }, { 0, 1 } } };
    for (int it = 0; it < OUTER_MOST && !grid->outer_ok; it++) {
        kz_bym2_point at[STENCIL], *all[STENCIL];
        double f[STENCIL] = { 0 };
        for (int k = 0; k < STENCIL; k++) {
            at[k] = (kz_bym2_point){ .log_tau = x[0] + MOVE[k][0] * h[0], .logit_phi = x[1] + MOVE[k][1] * h[1] };
            all[k] = &at[k];
        }
        run(grid, all, STENCIL, 1e-6, false, mode);
        grid->outer_steps = it + 1;
        bool fine = true;
        for (int k = 0; k < STENCIL; k++) {
            f[k] = log_density(grid, &at[k], false);
            fine = fine && isfinite(f[k]);
        }
        if (it > 0 && (!fine || f[0] < best - 1e-6)) { /* too far: half the way */
            if (fine && gain < 0.02) { /* wide differences see no better than this */
                grid->outer_ok = true;
                break;
            }
            if (fabs(step[0]) + fabs(step[1]) < 1e-4)
                break;
            for (int d = 0; d < 2; d++)
                x[d] = last[d] + (step[d] /= 2);
            continue;
        }
        if (!fine) {
            free(mode);
            return kz_fail(err, KZ_E_INPUT, "bym2.diverged");
        }
        best = f[0];
        memcpy(grid->eta, mode, n * sizeof *mode);
        double g[2] = { (f[1] - f[2]) / (2 * h[0]), (f[3] - f[4]) / (2 * h[1]) };
        double a = -(f[1] - 2 * f[0] + f[2]) / (h[0] * h[0]), d = -(f[3] - 2 * f[0] + f[4]) / (h[1] * h[1]);
        double b = -(f[5] + f[6] - f[1] - f[2] - f[3] - f[4] + 2 * f[0]) / (2 * h[0] * h[1]);
        c = eigen(a, b, d);
        step[0] = step[1] = gain = 0;
        for (int k = 0; k < 2; k++) {
            double along = g[0] * c.vector[k][0] + g[1] * c.vector[k][1], bend = fmax(fabs(c.value[k]), 0.02);
            gain += along * along / bend / 2;
            for (int e = 0; e < 2; e++)
                step[e] += along / bend * c.vector[k][e];
        }
        memcpy(last, x, sizeof x);
        memcpy(grid->mode, x, sizeof x);
        grid->outer_ok = gain < 2e-4;
        double length = sqrt(step[0] * step[0] + step[1] * step[1]);
        for (int e = 0; e < 2; e++) {
            step[e] *= length > 2 ? 2 / length : 1;
            x[e] += step[e];
        }
        clamp(x);
        for (int e = 0; e < 2; e++)
            step[e] = x[e] - last[e];
        if (step[0] == 0 && step[1] == 0)
            break;
        h[0] = fmin(fmax(0.5 / sqrt(fmax(a, 1e-8)), 0.01), WIDEST[0]);
        h[1] = fmin(fmax(0.5 / sqrt(fmax(d, 1e-8)), 0.01), WIDEST[1]);
    }
    for (int k = 0; k < 2; k++)
        for (int e = 0; e < 2; e++)
            grid->axis[e][k] = c.vector[k][e] / sqrt(fmax(fabs(c.value[k]), 0.05));
    free(mode);
    return KZ_OK;
}

/* ---- the lattice ------------------------------------------------------------ */

static void free_point(kz_bym2_point *at)
{
    if (at)
        free(at->mean); /* the other arrays are in the same block */
    free(at);
}

static kz_bym2_point *new_point(const kz_bym2_grid *grid, int i, int j)
{
    size_t n = (size_t)grid->in->plan->n;
    kz_bym2_point *at = calloc(1, sizeof *at);
    if (!at || !(at->mean = malloc(3 * n * sizeof(double)))) {
        free(at);
        return NULL;
    }
    at->var = at->mean + n;
    at->third = at->var + n;
    at->log_tau = grid->mode[0] + grid->axis[0][0] * i + grid->axis[0][1] * j;
    at->logit_phi = grid->mode[1] + grid->axis[1][0] * i + grid->axis[1][1] * j;
    return at;
}

static int cell(int i, int j)
{
    return (i + KZ_BYM2_REACH) * KZ_BYM2_SIDE + j + KZ_BYM2_REACH;
}

/* From the mode outwards, ring by ring. */
static kz_status grow(kz_bym2_grid *grid, kz_err *err)
{
    static const int WAY[4][2] = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };
    enum { CELLS = KZ_BYM2_SIDE * KZ_BYM2_SIDE };
    double top = -INFINITY;
    int *cells = malloc(KZ_BYM2_POINTS_MOST * sizeof *cells), done = 0, n = 0;
    char *seen = calloc(CELLS, 1);
    grid->points = calloc(KZ_BYM2_POINTS_MOST, sizeof *grid->points);
    grid->density = malloc(CELLS * sizeof *grid->density);
    kz_status st = KZ_OK;
    if (!cells || !seen || !grid->points || !grid->density) {
        st = kz_fail(err, KZ_E_LIMIT, "bym2.memory");
        goto out;
    }
    for (int k = 0; k < CELLS; k++)
        grid->density[k] = NAN;
    cells[n++] = cell(0, 0);
    seen[cells[0]] = 1;
    while (done < n) {
        int ring = n;
        for (int k = done; k < ring; k++) {
            int i = cells[k] / KZ_BYM2_SIDE - KZ_BYM2_REACH, j = cells[k] % KZ_BYM2_SIDE - KZ_BYM2_REACH;
            if (!(grid->points[k] = new_point(grid, i, j))) {
                st = kz_fail(err, KZ_E_LIMIT, "bym2.memory");
                goto out;
            }
            grid->n_points = k + 1;
        }
        run(grid, grid->points + done, ring - done, 1e-6, true, NULL);
        for (int k = done; k < ring; k++) {
            double f = log_density(grid, grid->points[k], true);
            grid->lost += !grid->points[k]->ok;
            grid->density[cells[k]] = f;
            top = fmax(top, f);
        }
        for (int k = done; k < ring; k++) {
            if (!(grid->density[cells[k]] > top - DROP))
                continue;
            int i = cells[k] / KZ_BYM2_SIDE - KZ_BYM2_REACH, j = cells[k] % KZ_BYM2_SIDE - KZ_BYM2_REACH;
            for (int w = 0; w < 4; w++) {
                int x = i + WAY[w][0], y = j + WAY[w][1];
                if (abs(x) > KZ_BYM2_REACH || abs(y) > KZ_BYM2_REACH || n == KZ_BYM2_POINTS_MOST) {
                    grid->cut = true;
                    continue;
                }
                double phi = grid->mode[1] + grid->axis[1][0] * x + grid->axis[1][1] * y;
                if (seen[cell(x, y)] || fabs(phi) > 14)
                    continue;
                seen[cell(x, y)] = 1;
                cells[n++] = cell(x, y);
            }
        }
        done = ring;
    }
    if (!isfinite(top)) {
        st = kz_fail(err, KZ_E_INPUT, "bym2.diverged");
        goto out;
    }
    int kept = 0;
    double sum = 0;
    for (int k = 0; k < n; k++) {
        double f = grid->density[cells[k]] -= top;
        kz_bym2_point *at = grid->points[k];
        grid->points[k] = NULL;
        if (f > -KEEP) {
            sum += at->weight = exp(f);
            grid->points[kept++] = at;
        } else {
            free_point(at);
        }
    }
    grid->n_points = kept;
    for (int k = 0; k < kept; k++)
        grid->points[k]->weight /= sum;
out:
    free(cells);
    free(seen);
    return st;
}

kz_status kz_bym2_grid_run(kz_bym2_grid *grid, kz_err *err)
{
    size_t bytes = grid->engine->space(grid->in->plan, grid->in->p);
    grid->threads = grid->threads < 1 ? 1 : grid->threads > THREADS_MOST ? THREADS_MOST : grid->threads;
    grid->space = calloc((size_t)grid->threads, sizeof *grid->space);
    for (int k = 0; grid->space && k < grid->threads; k++)
        if (!(grid->space[k] = aligned_alloc(64, (bytes + 63) & ~(size_t)63)))
            return kz_fail(err, KZ_E_LIMIT, "bym2.memory");
    if (!grid->space)
        return kz_fail(err, KZ_E_LIMIT, "bym2.memory");
    KZ_TRY(find_mode(grid, err));
    return grow(grid, err);
}

void kz_bym2_grid_done(kz_bym2_grid *grid)
{
    for (int k = 0; grid->points && k < grid->n_points; k++)
        free_point(grid->points[k]);
    for (int k = 0; grid->space && k < grid->threads; k++)
        free(grid->space[k]);
    free(grid->points);
    free(grid->density);
    free(grid->space);
}

/* ---- marginals of σ and φ --------------------------------------------------- */

enum { BINS = 4096, PARTS = 5 };

/* What the log density has beyond a standard normal one; between lattice points that is nearly straight. */
static double excess(const kz_bym2_grid *grid, int i, int j)
{
    double f = grid->density[cell(i, j)];
    return f + 0.5 * (i * i + j * j);
}

typedef struct bins {
    double lo, hi, mass[BINS];
} bins;

static double bin_quantile(const bins *b, double sum, double share)
{
    double below = 0, width = (b->hi - b->lo) / BINS;
    for (int k = 0; k < BINS; k++) {
        if (below + b->mass[k] >= share * sum && b->mass[k] > 0)
            return b->lo + width * (k + (share * sum - below) / b->mass[k]);
        below += b->mass[k];
    }
    return b->hi;
}

static void put(bins *b, double x, double w)
{
    int k = (int)((x - b->lo) / (b->hi - b->lo) * BINS);
    b->mass[k < 0 ? 0 : k >= BINS ? BINS - 1 : k] += w;
}

/* Spread every square of the lattice over PARTS × PARTS finer points. */
static double fill_bins(const kz_bym2_grid *grid, bins b[2])
{
    double sum = 0;
    for (int i = -KZ_BYM2_REACH; i < KZ_BYM2_REACH; i++)
        for (int j = -KZ_BYM2_REACH; j < KZ_BYM2_REACH; j++) {
            double corner[4], known = 0, top = -INFINITY;
            int n = 0;
            for (int k = 0; k < 4; k++) {
                double f = grid->density[cell(i + (k & 1), j + (k >> 1))];
                corner[k] = excess(grid, i + (k & 1), j + (k >> 1));
                if (isfinite(corner[k])) {
                    known += corner[k];
                    top = fmax(top, f);
                    n++;
                }
            }
            if (n == 0 || top < -9)
                continue;
            for (int k = 0; k < 4; k++)
                if (!isfinite(corner[k]))
                    corner[k] = known / n;
            for (int s = 0; s < PARTS * PARTS; s++) {
                double x = (s % PARTS + 0.5) / PARTS, y = (double)(s / PARTS) / PARTS + 0.5 / PARTS;
                double f = (1 - x) * (1 - y) * corner[0] + x * (1 - y) * corner[1] + (1 - x) * y * corner[2] +
                           x * y * corner[3];
                x += i, y += j;
                double w = exp(f - 0.5 * (x * x + y * y));
                put(&b[0], grid->mode[0] + grid->axis[0][0] * x + grid->axis[0][1] * y, w);
                put(&b[1], grid->mode[1] + grid->axis[1][0] * x + grid->axis[1][1] * y, w);
                sum += w;
            }
        }
    return sum;
}

void kz_bym2_grid_sigma_phi(const kz_bym2_grid *grid, kz_bym2_parameter *sigma, kz_bym2_parameter *phi)
{
    bins *b = calloc(2, sizeof *b);
    double one[2] = { 0 }, two[2] = { 0 };
    for (int e = 0; b && e < 2; e++)
        b[e].lo = INFINITY, b[e].hi = -INFINITY;
    for (int k = 0; k < grid->n_points; k++) {
        const kz_bym2_point *at = grid->points[k];
        double x[2] = { exp(-0.5 * at->log_tau), 1 / (1 + exp(-at->logit_phi)) };
        double raw[2] = { at->log_tau, at->logit_phi };
        for (int e = 0; e < 2; e++) {
            one[e] += at->weight * x[e];
            two[e] += at->weight * x[e] * x[e];
            if (b) {
                double wide = fabs(grid->axis[e][0]) + fabs(grid->axis[e][1]);
                b[e].lo = fmin(b[e].lo, raw[e] - wide);
                b[e].hi = fmax(b[e].hi, raw[e] + wide);
            }
        }
    }
    *sigma = (kz_bym2_parameter){ one[0], sqrt(fmax(two[0] - one[0] * one[0], 0)), NAN, NAN };
    *phi = (kz_bym2_parameter){ one[1], sqrt(fmax(two[1] - one[1] * one[1], 0)), NAN, NAN };
    if (b) {
        double sum = fill_bins(grid, b);
        sigma->lo = exp(-0.5 * bin_quantile(&b[0], sum, 0.975));
        sigma->hi = exp(-0.5 * bin_quantile(&b[0], sum, 0.025));
        phi->lo = 1 / (1 + exp(-bin_quantile(&b[1], sum, 0.025)));
        phi->hi = 1 / (1 + exp(-bin_quantile(&b[1], sum, 0.975)));
    }
    free(b);
}
