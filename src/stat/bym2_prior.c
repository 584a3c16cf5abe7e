#include "stat/bym2_prior.h"

#include "base/parse.h"
#include "stat/bym2_lanes.h"

#include <math.h>
#include <stdlib.h>

/* logit φ from -7 to 14 in halves; outside the logarithm of KLD is as good as straight. */
enum { NODES = 43 };
static const double FIRST = -7, STEP = 0.5;

/*
 * Twice the Kullback-Leibler distance of (1−φ)I + φQ⁻ from I:
 *     φ (tr Q⁻ − N) − log |(1−φ)I + φQ⁻|
 * with sparse determinants: |(1−φ)Q + φI| over the areas with neighbours, whose
 * `n_components` zero eigenvalues of Q give φ each.
 */
static double twice_kld(const kz_bym2_plan *g, double x, double trace, double log_det_shifted)
{
    double phi = 1 / (1 + exp(-x)), log_phi = -log1p(exp(-x)), log_rest = -log1p(exp(x));
    double n = g->n - g->n_islands, nc = g->n_components;
    double log_det = n * log_rest + log_det_shifted - nc * log_phi - g->log_det + nc * log_rest;
    return phi * (trace - n) - log_det;
}

kz_status kz_bym2_plan_add_distance(kz_bym2_plan *g, kz_err *err)
{
    const kz_bym2_engine *engine = kz_bym2_engine_find(0);
    size_t bytes = engine->space(g, 1);
    void *block = aligned_alloc(64, (bytes + 63) & ~(size_t)63);
    g->pc_x = calloc(NODES, sizeof(double));
    g->pc_y = calloc(NODES, sizeof(double));
    g->pc_curve = calloc(NODES, sizeof(double));
    if (!block || !g->pc_x || !g->pc_y || !g->pc_curve) {
        free(block);
        return kz_fail(err, KZ_E_LIMIT, "bym2.memory");
    }
    double trace = 0, shift[KZ_BYM2_LANES_MOST], log_det[KZ_BYM2_LANES_MOST];
    for (int i = 0; i < g->n; i++)
        trace += g->variance[i];
    for (int k = 0; k < NODES; k += engine->lanes) {
        for (int lane = 0; lane < engine->lanes; lane++)
            shift[lane] = exp(FIRST + STEP * (k + lane < NODES ? k + lane : NODES - 1));
        engine->shifted(g, block, shift, log_det);
        for (int lane = 0; lane < engine->lanes && k + lane < NODES; lane++) {
            double x = FIRST + STEP * (k + lane);
            g->pc_x[k + lane] = x;
            g->pc_y[k + lane] = log(fmax(twice_kld(g, x, trace, log_det[lane]), 1e-300));
        }
    }
    free(block);
    /* Natural cubic spline. */
    double upper[NODES] = { 0 }, *y = g->pc_y, *m = g->pc_curve;
    for (int k = 1; k < NODES - 1; k++) {
        double w = 4 - upper[k - 1];
        upper[k] = 1 / w;
        m[k] = (6 * (y[k + 1] - 2 * y[k] + y[k - 1]) / (STEP * STEP) - m[k - 1]) / w;
    }
    for (int k = NODES - 2; k > 0; k--)
        m[k] -= upper[k] * m[k + 1];
    return KZ_OK;
}

double kz_bym2_plan_distance(const kz_bym2_plan *g, double x, double *slope)
{
    const double *y = g->pc_y, *m = g->pc_curve;
    double at = (x - FIRST) / STEP, value, rise;
    int k = at < 0 ? 0 : at >= NODES - 1 ? NODES - 2 : (int)at;
    double t = fmin(fmax(at - k, 0), 1), r = 1 - t, h2 = STEP * STEP / 6;
    value = r * y[k] + t * y[k + 1] + h2 * ((r * r * r - r) * m[k] + (t * t * t - t) * m[k + 1]);
    rise = (y[k + 1] - y[k]) / STEP + STEP / 6 * ((1 - 3 * r * r) * m[k] + (3 * t * t - 1) * m[k + 1]);
    value += rise * STEP * (at - k - t); /* outside: straight on */
    double d = exp(0.5 * value);
    *slope = 0.5 * rise * d;
    return d;
}

double kz_bym2_prior_log(const kz_bym2_prior *prior, const kz_bym2_plan *plan, double log_tau, double logit_phi)
{
    double sigma = exp(-0.5 * log_tau), log_p = log(sigma / 2); /* |dσ / d log τ| */
    if (prior->sigma == KZ_SIGMA_PC) {
        double rate = -log(prior->sigma_b) / prior->sigma_a;
        log_p += log(rate) - rate * sigma;
    } else {
        log_p += -0.5 * sigma * sigma / (prior->sigma_a * prior->sigma_a) - log(prior->sigma_a);
    }
    if (prior->phi == KZ_PHI_BETA) {
        log_p += -prior->phi_a * log1p(exp(-logit_phi)) - prior->phi_b * log1p(exp(logit_phi));
    } else {
        double slope, d = kz_bym2_plan_distance(plan, log(prior->phi_a / (1 - prior->phi_a)), &slope);
        double rate = -log1p(-prior->phi_b) / d;
        d = kz_bym2_plan_distance(plan, logit_phi, &slope);
        log_p += log(rate) - rate * d + log(fmax(slope, 1e-300));
    }
    return log_p;
}

/* One "name=form:number:number" of the text. */
static bool parse_one(kz_view part, kz_bym2_prior *prior)
{
    double number[2] = { 0 };
    int n = 0;
    const char *equals = memchr(part.p, '=', part.n);
    if (!equals)
        return false;
    kz_view name = kz_view_from(part.p, (size_t)(equals - part.p));
    kz_view rest = kz_view_from(equals + 1, part.n - name.n - 1), form = rest;
    const char *colon = memchr(rest.p, ':', rest.n);
    if (!colon)
        return false;
    form.n = (size_t)(colon - rest.p);
    while (colon) {
        kz_view text = kz_view_from(colon + 1, rest.n - (size_t)(colon + 1 - rest.p));
        colon = memchr(text.p, ':', text.n);
        if (colon)
            text.n = (size_t)(colon - text.p);
        if (n == 2 || kz_parse_real(text, KZ_NUM_POINT, &number[n]) != KZ_PARSED || !(number[n] > 0))
            return false;
        n++;
    }
    bool pc = kz_view_is(form, "pc") && n == 2 && number[1] < 1;
    if (kz_view_is(name, "sigma") && (pc || (kz_view_is(form, "halfnormal") && n == 1))) {
        prior->sigma = pc ? KZ_SIGMA_PC : KZ_SIGMA_HALFNORMAL;
        prior->sigma_a = number[0];
        prior->sigma_b = number[1];
    } else if (kz_view_is(name, "phi") && ((pc && number[0] < 1) || (kz_view_is(form, "beta") && n == 2))) {
        prior->phi = pc ? KZ_PHI_PC : KZ_PHI_BETA;
        prior->phi_a = number[0];
        prior->phi_b = number[1];
    } else if (kz_view_is(name, "beta") && kz_view_is(form, "normal") && n == 1) {
        prior->beta_sd = number[0];
    } else {
        return false;
    }
    return true;
}

kz_status kz_bym2_prior_parse(const char *text, kz_bym2_prior *prior, kz_err *err)
{
    kz_bym2_prior p = *prior;
    for (const char *at = text;;) {
        const char *comma = strchr(at, ',');
        kz_view part = kz_view_from(at, comma ? (size_t)(comma - at) : strlen(at));
        if (!parse_one(kz_view_trim(part), &p))
            return kz_fail(err, KZ_E_USAGE, "bym2.prior", kz_vw("value", part));
        if (!comma)
            break;
        at = comma + 1;
    }
    *prior = p;
    return KZ_OK;
}
