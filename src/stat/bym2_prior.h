/*
 * bym2_prior.h - what is believed about σ, φ and the coefficients before the data.
 *
 *     kz_bym2_prior prior = KZ_BYM2_PRIOR;                       // the default
 *     KZ_TRY(kz_bym2_prior_parse("sigma=halfnormal:5,phi=beta:0.5:0.5,beta=normal:5", &prior, err));
 *
 * σ = 1/√τ: total standard deviation on the log or logit scale
 *     pc:U:α          P(σ > U) = α, exponential (default pc:1:0.01)
 *     halfnormal:s
 * φ: share of the variance that neighbours share
 *     pc:U:α          P(φ < U) = α on the distance from φ = 0 (default pc:0.5:0.6667)
 *     beta:a:b
 * beta: intercept and coefficients
 *     normal:s        on the scale of the covariates as given
 *     the default is normal with s = 10 for covariates centred and divided by their standard deviation
 *
 * Plain values.  Sources: D. Simpson et al., Statistical Science 32 (2017) 1-28 (penalised
 * complexity); A. Riebler et al., Statistical Methods in Medical Research 25 (2016) 1145-1165.
 */
#ifndef KZ_STAT_BYM2_PRIOR_H
#define KZ_STAT_BYM2_PRIOR_H

#include "stat/bym2_plan.h"

typedef struct kz_bym2_prior {
    enum { KZ_SIGMA_PC, KZ_SIGMA_HALFNORMAL } sigma;
    double sigma_a, sigma_b;
    enum { KZ_PHI_PC, KZ_PHI_BETA } phi;
    double phi_a, phi_b;
    double beta_sd; /* 0: the default */
} kz_bym2_prior;

#define KZ_BYM2_PRIOR                                                                               \
    ((kz_bym2_prior){ .sigma = KZ_SIGMA_PC, .sigma_a = 1, .sigma_b = 0.01, .phi = KZ_PHI_PC,        \
                      .phi_a = 0.5, .phi_b = 2.0 / 3 })

/* Changes what the text names.  KZ_E_USAGE "bym2.prior" {value}; *prior as it was. */
KZ_MUST_USE kz_status kz_bym2_prior_parse(const char *text, kz_bym2_prior *prior, kz_err *err);

/* Log density of (log τ, logit φ). */
double kz_bym2_prior_log(const kz_bym2_prior *prior, const kz_bym2_plan *plan, double log_tau, double logit_phi);

/* Used by the plan: the spline behind kz_bym2_plan_distance. */
KZ_MUST_USE kz_status kz_bym2_plan_add_distance(kz_bym2_plan *plan, kz_err *err);

#endif
