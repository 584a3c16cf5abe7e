#include "stat/bym2_lanes.h"

#include "stat/bym2_factor.h"
#include "stat/bym2_mix.h"

#include <math.h>
#include <string.h>

enum { P_MOST = KZ_BYM2_COLUMNS_MOST, STEPS_MOST = 60, HALVINGS = 30 };

/* ---- the likelihood --------------------------------------------------------- */

typedef struct deriv {
    vd w, g, d3, d4; /* minus the second derivative, the first, third, fourth */
} deriv;

KZ_INLINE deriv derive(const kz_bym2_problem *in, int i, vd eta)
{
    double y = in->y[i], size = in->size[i];
    if (!in->binomial) {
        vd mu = size * vexp(eta);
        return (deriv){ mu, y - mu, -mu, -mu };
    }
    vd e = vexp(-vabs(eta)), small = e / (1 + e), large = 1 / (1 + e);
    vi up = (vi)(eta > vset(0));
    vd p = vsel(up, large, small), w = size * small * large, odd = vsel(up, small - large, large - small);
    return (deriv){ w, y - size * p, -w * odd, -w * (1 - 6 * small * large) };
}

/* Log likelihood against saturation: no digits are lost with large counts. */
KZ_INLINE vd likelihood(const kz_bym2_problem *in, int i, vd eta)
{
    double y = in->y[i], size = in->size[i];
    if (size == 0)
        return (vd){ 0 };
    if (!in->binomial)
        return y * (eta - in->base[i]) - (size * vexp(eta) - y);
    vd zero = { 0 };
    return y * vmin(eta, zero) + (size - y) * vmin(-eta, zero) - size * vlog(1 + vexp(-vabs(eta))) - in->base[i];
}

/* What belongs to the lanes' τ and φ. */
typedef struct theta {
    vd s, s2, q, q_island;
} theta;

static theta theta_of(int n_points, kz_bym2_point *const points[])
{
    vd log_tau = vset(0), logit_phi = log_tau;
    for (int k = 0; k < KZ_LANES; k++) { /* lanes without a point repeat the last one */
        log_tau[k] = points[k < n_points ? k : n_points - 1]->log_tau;
        logit_phi[k] = points[k < n_points ? k : n_points - 1]->logit_phi;
    }
    vd var = vexp(-log_tau), odds = vexp(-logit_phi);
    theta t = { .s2 = var / (1 + odds), .q = var * odds / (1 + odds), .q_island = var };
    for (int k = 0; k < KZ_LANES; k++)
        t.s[k] = sqrt(t.s2[k]);
    return t;
}

KZ_INLINE vd q_of(const kz_bym2_problem *in, const theta *t, int i)
{
    return in->plan->component[i] < 0 ? t->q_island : t->q;
}

static vd objective(const kz_bym2_problem *in, const theta *t, const vd eta[], const vd u[], const vd w[],
                    const vd beta[])
{
    const kz_bym2_plan *g = in->plan;
    vd fit = { 0 }, penalty = { 0 };
    for (int i = 0; i < g->n; i++) {
        fit += likelihood(in, i, eta[i]);
        penalty += q_of(in, t, i) * w[i] * w[i];
        vd edges = { 0 };
        for (int e = g->lower_start[i]; e < g->lower_start[i + 1]; e++) {
            vd off = u[i] - u[g->lower[e]];
            edges += off * off;
        }
        penalty += g->scale[i] * edges;
    }
    for (int a = 0; a < in->p; a++)
        for (int b = 0; b < in->p; b++)
            penalty += beta[a] * beta[b] * in->precision[a * in->p + b];
    return fit - 0.5 * penalty;
}

/* ---- one Newton step -------------------------------------------------------- */

/* Lower factor in place; returns log det. */
static vd cholesky(int p, vd m[])
{
    vd log_det = { 0 };
    for (int j = 0; j < p; j++) {
        for (int i = j; i < p; i++) {
            vd x = m[i * p + j];
            for (int k = 0; k < j; k++)
                x -= m[i * p + k] * m[j * p + k];
            if (i == j) {
                log_det += vlog(x);
                for (int lane = 0; lane < KZ_LANES; lane++)
                    m[i * p + j][lane] = sqrt(x[lane]);
            } else {
                m[i * p + j] = x / m[j * p + j];
            }
        }
    }
    return log_det;
}

KZ_INLINE void lower_solve(int p, const vd m[], vd x[])
{
    for (int i = 0; i < p; i++) {
        for (int k = 0; k < i; k++)
            x[i] -= m[i * p + k] * x[k];
        x[i] /= m[i * p + i];
    }
}

KZ_INLINE void upper_solve(int p, const vd m[], vd x[])
{
    for (int i = p - 1; i >= 0; i--) {
        for (int k = i + 1; k < p; k++)
            x[i] -= m[k * p + i] * x[k];
        x[i] /= m[i * p + i];
    }
}

/* Linearise at s->eta, solve, leave the new state in eta_n, u_n, w_n, beta and the factor of S in `small`.
 * Returns ½ of all log determinants. */
static vd step(const kz_bym2_problem *in, const theta *t, space *s, vd beta[], vd small[])
{
    const kz_bym2_plan *g = in->plan;
    int n = g->n, p = in->p, m = p + 2;
    vd logs = { 0 }, right[P_MOST] = { 0 };
    for (int a = 0; a < p; a++)
        for (int b = 0; b < p; b++)
            small[a * p + b] = vset(in->precision[a * p + b]);
    for (int i = 0; i < n; i++) {
        deriv f = derive(in, i, s->eta[i]);
        bool island = g->component[i] < 0;
        vd qw = 1 + q_of(in, t, i) * f.w, c = 1 / qw, d = f.w * c, r = (f.w * s->eta[i] + f.g) * c;
        vd *rhs = s->rhs + (size_t)i * (size_t)m;
        s->c[i] = c;
        s->d[i] = d;
        s->r[i] = r;
        s->diag[i] = island ? vset(1) : t->s2 * d + g->scale[i] * (g->degree[i] + 1e-9);
        for (int a = 0; a < p; a++) {
            rhs[a] = island ? vset(0) : d * in->x[i * p + a];
            right[a] += in->x[i * p + a] * r;
            for (int b = 0; b <= a; b++)
                small[a * p + b] += d * (in->x[i * p + a] * in->x[i * p + b]);
        }
        rhs[p] = island ? vset(0) : r;
        rhs[p + 1] = island ? vset(0) : vset(1);
        logs += vlog(qw);
    }
    logs += factor(g, s);
    solve(g, s, s->rhs, m);
    krige(g, s, s->rhs, m, p + 1, s->rhs + p + 1, m);
    for (int c = 0; c < g->n_components; c++)
        logs += vlog(s->sums[(size_t)c * (size_t)m + (size_t)p + 1]);
    for (int i = 0; i < n; i++) {
        const vd *rhs = s->rhs + (size_t)i * (size_t)m;
        vd sd = t->s2 * s->d[i];
        for (int a = 0; a < p; a++) {
            vd f = sd * in->x[i * p + a];
            right[a] -= f * rhs[p];
            for (int b = 0; b <= a; b++)
                small[a * p + b] -= f * rhs[b];
        }
    }
    logs += cholesky(p, small);
    for (int a = 0; a < p; a++)
        beta[a] = right[a];
    lower_solve(p, small, beta);
    upper_solve(p, small, beta);
    for (int i = 0; i < n; i++) {
        const vd *rhs = s->rhs + (size_t)i * (size_t)m;
        vd u = rhs[p], l = { 0 };
        for (int a = 0; a < p; a++) {
            u -= rhs[a] * beta[a];
            l += in->x[i * p + a] * beta[a];
        }
        u *= t->s;
        l += t->s * u;
        s->u_n[i] = u;
        s->w_n[i] = s->r[i] - s->d[i] * l;
        s->eta_n[i] = l + q_of(in, t, i) * s->w_n[i];
    }
    return 0.5 * logs;
}

/* Go the share `alpha` of the way to the new state, in the lanes of `active`. */
static void blend(const kz_bym2_problem *in, space *s, vd alpha, vi active, const vd beta[], const vd beta_n[],
                  vd try_beta[])
{
    vi whole = (vi)(alpha == vset(1));
    for (int i = 0; i < in->plan->n; i++) {
        vd eta = vsel(whole, s->eta_n[i], s->eta[i] + alpha * (s->eta_n[i] - s->eta[i]));
        vd u = vsel(whole, s->u_n[i], s->u[i] + alpha * (s->u_n[i] - s->u[i]));
        vd w = vsel(whole, s->w_n[i], s->w[i] + alpha * (s->w_n[i] - s->w[i]));
        s->try_eta[i] = vsel(active, eta, s->eta[i]);
        s->try_u[i] = vsel(active, u, s->u[i]);
        s->try_w[i] = vsel(active, w, s->w[i]);
    }
    for (int a = 0; a < in->p; a++) {
        vd b = vsel(whole, beta_n[a], beta[a] + alpha * (beta_n[a] - beta[a]));
        try_beta[a] = vsel(active, b, beta[a]);
    }
}

static void accept(int p, space *s, vd beta[], const vd try_beta[])
{
    vd *x = s->eta, *y = s->u, *z = s->w;
    s->eta = s->try_eta, s->u = s->try_u, s->w = s->try_w;
    s->try_eta = x, s->try_u = y, s->try_w = z;
    memcpy(beta, try_beta, (size_t)p * sizeof *beta);
}

/*
 * To the mode.  A lane that moves by less than the tolerance stays where it was linearised,
 * so what other lanes need cannot change it; the last solution stands in eta_n, u_n, w_n, beta_n.
 * Returns the lanes that arrived; *logs the half log determinants there.
 */
static vi climb(const kz_bym2_problem *in, const theta *t, space *s, double tolerance, vd beta_n[], vd small[],
                vd *logs, int *steps)
{
    int n = in->plan->n;
    vd beta[P_MOST] = { 0 }, try_beta[P_MOST], value = { 0 };
    vi done = { 0 }, lost = { 0 };
    for (int it = 0; it < STEPS_MOST; it++) {
        *steps = it + 1;
        *logs = step(in, t, s, beta_n, small);
        vd most = { 0 }, check = { 0 };
        for (int i = 0; i < n; i++) {
            vd off = vabs(s->eta_n[i] - s->eta[i]);
            most = vmax(off, most);
            check += off;
        }
        lost |= ~(vi)(check < vset(1e300));
        done |= (vi)(most < vset(tolerance)) & ~lost;
        vi active = ~(done | lost);
        if (!vany(active))
            break;
        vd alpha = vset(1);
        blend(in, s, alpha, active, beta, beta_n, try_beta);
        vd now = objective(in, t, s->try_eta, s->try_u, s->try_w, try_beta);
        vi test = active & (vi)(most >= vset(1e-3));
        for (int h = 0; it > 0 && h < HALVINGS; h++) { /* the first step is free: its start is no state */
            test &= ~(vi)(now >= value - 1e-10 * (1 + vabs(value)));
            if (!vany(test))
                break;
            alpha = vsel(test, alpha * 0.5, alpha);
            blend(in, s, alpha, active, beta, beta_n, try_beta);
            now = objective(in, t, s->try_eta, s->try_u, s->try_w, try_beta);
        }
        accept(in->p, s, beta, try_beta);
        value = now;
    }
    return done;
}

/* ---- marginals at the mode -------------------------------------------------- */

/* Variances, the shift of the mean and third cumulants; returns the correction of log p. */
static vd marginals(const kz_bym2_problem *in, const theta *t, space *s, vd beta[], const vd small[],
                    vd beta_sd[], vd beta_third[])
{
    const kz_bym2_plan *g = in->plan;
    int n = g->n, p = in->p, m = p + 2;
    vd correction = { 0 }, shift[P_MOST] = { 0 };
    inverse(g, s);
    vd *ones_sum = s->sums; /* as krige left them: components × (p + 2), the last is 1ᵀg */
    vd *t_var = s->try_eta, *solved = s->try_u; /* ½ ℓ‴ σ², and a right-hand side */
    for (int i = 0; i < n; i++) {
        const vd *rhs = s->rhs + (size_t)i * (size_t)m;
        vd *b = s->b + (size_t)i * (size_t)p;
        deriv f = derive(in, i, s->eta[i]);
        vd c = s->c[i], in_l = { 0 };
        for (int a = 0; a < p; a++)
            b[a] = in->x[i * p + a] - t->s2 * rhs[a];
        lower_solve(p, small, b);
        if (g->component[i] >= 0) {
            vd ones = rhs[p + 1];
            in_l = t->s2 * (s->zd[i] - ones * ones / ones_sum[(size_t)g->component[i] * (size_t)m + (size_t)p + 1]);
        }
        for (int a = 0; a < p; a++)
            in_l += b[a] * b[a];
        vd var = q_of(in, t, i) * c + c * c * in_l;
        s->var[i] = var;
        s->d3[i] = f.d3;
        s->k3[i] = f.d3 * var * var * var;
        t_var[i] = 0.5 * f.d3 * var;
        correction += 0.125 * f.d4 * var * var;
        solved[i] = g->component[i] < 0 ? vset(0) : c * t_var[i];
        for (int a = 0; a < p; a++)
            shift[a] += b[a] * (c * t_var[i]);
    }
    const vd *z = s->z, *b_all = s->b, *rhs_all = s->rhs + p + 1, *c_all = s->c, *d3 = s->d3;
    vd *k3 = s->k3, s2 = t->s2;
    for (int j = 0; j < n; j++) { /* third cumulants: pairs on the pattern of the factor */
        const vd *bj = b_all + (size_t)j * (size_t)p;
        vd own = k3[j], dj = d3[j], cj = c_all[j];
        if (g->component[j] < 0)
            continue;
        vd ones = rhs_all[(size_t)j * (size_t)m] / ones_sum[(size_t)g->component[j] * (size_t)m + (size_t)p + 1];
        for (int e = g->col_start[j]; e < g->col_start[j + 1]; e++) {
            int i = g->col_row[e];
            const vd *bi = b_all + (size_t)i * (size_t)p;
            vd cov = s2 * (z[e] - rhs_all[(size_t)i * (size_t)m] * ones);
            for (int a = 0; a < p; a++)
                cov += bi[a] * bj[a];
            cov *= c_all[i] * cj;
            vd cube = cov * cov * cov;
            own += d3[i] * cube;
            k3[i] += dj * cube;
        }
        k3[j] = own;
    }
    solve(g, s, solved, 1);
    krige(g, s, solved, 1, 1, s->rhs + p + 1, m);
    for (int i = 0; i < n; i++) {
        const vd *b = s->b + (size_t)i * (size_t)p;
        vd l = t->s2 * solved[i];
        for (int a = 0; a < p; a++)
            l += b[a] * shift[a];
        vd off = q_of(in, t, i) * s->c[i] * t_var[i] + s->c[i] * l;
        s->eta_n[i] += off;
        correction += 0.5 * t_var[i] * off + s->d3[i] * s->k3[i] / 12;
    }
    /* The coefficients: their shift, and in the user's own units standard deviation and third cumulant. */
    upper_solve(p, small, shift);
    vd rows[P_MOST * P_MOST];
    for (int a = 0; a < p; a++) { /* row a of T L⁻ᵀ: T x = back, cov(own beta_a, η_j) = c_j (L⁻¹ T_aᵀ)·b_j */
        for (int b = 0; b < p; b++)
            rows[a * p + b] = vset(in->back[a * p + b]);
        lower_solve(p, small, rows + (size_t)a * (size_t)p);
    }
    vd mean[P_MOST] = { vset(0) };
    for (int a = 0; a < p; a++) {
        vd var = { 0 }, third = { 0 };
        mean[a] = (vd){ 0 };
        for (int b = 0; b < p; b++) {
            var += rows[a * p + b] * rows[a * p + b];
            mean[a] += in->back[a * p + b] * (beta[b] + shift[b]);
        }
        for (int j = 0; j < n; j++) {
            vd cov = { 0 };
            for (int b = 0; b < p; b++)
                cov += rows[a * p + b] * s->b[(size_t)j * (size_t)p + (size_t)b];
            cov *= s->c[j];
            third += s->d3[j] * cov * cov * cov;
        }
        for (int lane = 0; lane < KZ_LANES; lane++)
            beta_sd[a][lane] = sqrt(var[lane]);
        beta_third[a] = third;
    }
    memcpy(beta, mean, (size_t)p * sizeof *beta);
    return correction;
}

static void laplace(const kz_bym2_problem *in, void *block, int n_points, kz_bym2_point *const points[],
                    const double eta[], double tolerance, bool want, double mode[])
{
    space s;
    int n = in->plan->n, p = in->p, steps = 0;
    theta t = theta_of(n_points, points);
    vd small[P_MOST * P_MOST], beta[P_MOST], beta_sd[P_MOST], beta_third[P_MOST], logs = { 0 }, more = { 0 };
    cut(in->plan, p, block, &s);
    for (int i = 0; i < n; i++) {
        s.eta[i] = vset(eta[i]);
        s.u[i] = s.w[i] = (vd){ 0 };
    }
    vi done = climb(in, &t, &s, tolerance, beta, small, &logs, &steps);
    vd value = objective(in, &t, s.eta_n, s.u_n, s.w_n, beta) - logs + 0.5 * in->log_det_precision;
    for (int i = 0; mode && i < n; i++)
        mode[i] = s.eta_n[i][0];
    if (want)
        more = marginals(in, &t, &s, beta, small, beta_sd, beta_third);
    for (int k = 0; k < n_points; k++) {
        kz_bym2_point *at = points[k];
        at->ok = done[k] != 0 && isfinite(value[k]) && isfinite(more[k]);
        at->steps = steps;
        at->value = at->ok ? value[k] : -INFINITY;
        at->correction = at->ok ? more[k] : 0;
        if (!want)
            continue;
        for (int a = 0; a < p; a++) {
            at->beta[a] = beta[a][k];
            at->beta_sd[a] = beta_sd[a][k];
            at->beta_third[a] = beta_third[a][k];
        }
        for (int i = 0; i < n; i++) {
            at->mean[i] = s.eta_n[i][k];
            at->var[i] = s.var[i][k];
            at->third[i] = s.k3[i][k];
        }
    }
}

/* ---- the graph alone -------------------------------------------------------- */

static void grounded(const kz_bym2_plan *g, void *block, const int held[], double var[], double ones[],
                     double *log_det)
{
    space s;
    cut(g, 1, block, &s);
    for (int i = 0; i < g->n; i++) {
        bool island = g->component[i] < 0;
        s.diag[i] = island ? vset(1) : vset(g->scale[i] * (g->degree[i] + held[i]));
        s.rhs[i] = island ? vset(0) : vset(1);
    }
    *log_det = factor(g, &s)[0];
    inverse(g, &s);
    solve(g, &s, s.rhs, 1);
    for (int i = 0; i < g->n; i++) {
        var[i] = s.zd[i][0];
        ones[i] = s.rhs[i][0];
    }
}

static void shifted(const kz_bym2_plan *g, void *block, const double shift[], double log_det[])
{
    space s;
    vd add = vset(0);
    cut(g, 1, block, &s);
    for (int k = 0; k < KZ_LANES; k++)
        add[k] = shift[k];
    for (int i = 0; i < g->n; i++)
        s.diag[i] = g->component[i] < 0 ? vset(1) : g->scale[i] * g->degree[i] + add;
    vd sum = factor(g, &s);
    for (int k = 0; k < KZ_LANES; k++)
        log_det[k] = sum[k];
}

static void map(int what, int n, const double x[], double y[])
{
    for (int i = 0; i < n; i += KZ_LANES) {
        vd v = { 0 }, density;
        for (int k = 0; k < KZ_LANES && i + k < n; k++)
            v[k] = x[i + k];
        v = what == 0 ? vexp(v) : what == 1 ? vlog(v) : vphi(v, &density);
        for (int k = 0; k < KZ_LANES && i + k < n; k++)
            y[i + k] = v[k];
    }
}

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
const kz_bym2_engine PASTE(kz_bym2_lanes_, KZ_LANES) = {
    .lanes = KZ_LANES, .name = KZ_LANES_NAME, .space = space_bytes, .laplace = laplace, .grounded = grounded,
    .shifted = shifted, .mix = mix, .map = map,
};
