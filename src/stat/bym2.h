/*
 * bym2.h - rates of small areas that learn from their neighbours: BYM2 by nested Laplace.
 *
 *     kz_bym2_plan *plan;                                   // the graph, once (bym2_plan.h)
 *     kz_bym2_data data = { .y = cases, .size = expected }; // size 0: no data for this area
 *     kz_bym2_options how = { .prior = KZ_BYM2_PRIOR };
 *     kz_bym2_fit fit;
 *     KZ_TRY(kz_bym2_fit_make(plan, &data, &how, &fit, err));
 *     use(fit.mean[i], fit.lo[i], fit.hi[i], fit.p_above[i]);
 *     kz_bym2_fit_done(&fit);
 *
 * Model: y ~ Poisson(size · e^η) or Binomial(size, logit⁻¹ η),
 *     η = Xβ + σ (√φ u + √(1−φ) v),   u ~ ICAR of the scaled graph, v ~ N(0, I)
 * u sums to zero in every connected part.  An island (no neighbour) has no u and its v has the
 * whole variance σ².  Areas without data get what their neighbours and covariates say.
 *
 * Method (docs/methods/bym2.md): Laplace approximation of the latent field with the shift of
 * its mean, third cumulants and second-order weights; the posterior of (σ, φ) on a
 * lattice along the axes of its curvature.  Deterministic: the same bits for any number of
 * threads and any width of the machine's registers.
 *
 * Nothing is hidden: fit.outer_ok is false when the mode of (σ, φ) was not found to
 * tolerance, fit.lost counts lattice points whose inner search failed, fit.cut says
 * that the lattice met its limit.
 *
 * A plan may serve many threads at once; a fit is one thread's, with helpers if asked for.
 * 544 areas a few milliseconds, 10,000 areas about a second.  Memory: 24 bytes × areas × lattice points.
 * Sources: A. Riebler et al., Statistical Methods in Medical Research 25 (2016) 1145-1165 (model);
 * H. Rue, S. Martino, N. Chopin, JRSS B 71 (2009) 319-392 (nested Laplace).
 */
#ifndef KZ_STAT_BYM2_H
#define KZ_STAT_BYM2_H

#include "stat/bym2_prior.h"

enum { KZ_BYM2_COVARIATES_MOST = 15 };

typedef struct kz_bym2_data {
    bool binomial;
    const double *y, *size;         /* expected > 0, or denominator; 0: no data (then y is 0 too) */
    int n_covariates;
    const double *const *covariate; /* no gaps */
} kz_bym2_data;

typedef struct kz_bym2_options {
    kz_bym2_prior prior;
    int threads; /* 0 and 1: none beside the caller's        */
    int lanes;   /* 0: the widest; 2, 4, 8 for tests         */
} kz_bym2_options;

typedef struct kz_bym2_parameter {
    double mean, sd, lo, hi;
} kz_bym2_parameter;

typedef struct kz_bym2_fit {
    int n;
    double *mean, *sd, *lo, *hi; /* of the relative risk or the share  */
    double *p_above;             /* P(rate above `city`), NaN where the city's rate is 0 or 1 */
    double city;                 /* Σy / Σsize                          */
    int n_beta;                  /* intercept and covariates            */
    kz_bym2_parameter beta[KZ_BYM2_COVARIATES_MOST + 1], sigma, phi;
    double log_tau, logit_phi;   /* the mode                            */
    int outer_steps, inner_steps, points, lost;
    bool outer_ok, cut;
    const char *engine;
} kz_bym2_fit;

/*
 * KZ_E_INPUT  "bym2.no_data" nothing observed, "bym2.constant" {column}, "bym2.collinear" {column},
 *             "bym2.diverged" no mode at all.
 * KZ_E_LIMIT  "bym2.memory", "bym2.covariates".  *ret is left as it was.
 */
KZ_MUST_USE kz_status kz_bym2_fit_make(const kz_bym2_plan *plan, const kz_bym2_data *data,
                                       const kz_bym2_options *how, kz_bym2_fit *ret, kz_err *err);
void kz_bym2_fit_done(kz_bym2_fit *fit);

#endif
