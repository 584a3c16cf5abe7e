/*
 * bym2_lanes.h - the arithmetic of BYM2 for several values of (τ, φ) at once.
 *
 * Every array holds KZ_LANES numbers an area, one for each point of the outer grid, so that
 * the pattern of the factor is read once for all.  bym2_lanes.c is built
 * three times (2, 4, 8 lanes: SSE2, AVX2, AVX-512) and the widest that the machine has is
 * taken when the program runs.  A lane never looks at its neighbour: results have the
 * same bits at any width.  The formulas: docs/methods/bym2.md.
 *
 * Internal to src/stat.
 */
#ifndef KZ_STAT_BYM2_LANES_H
#define KZ_STAT_BYM2_LANES_H

#include "stat/bym2_plan.h"

enum { KZ_BYM2_LANES_MOST = 8, KZ_BYM2_COLUMNS_MOST = 16 };

/* One series in the plan's order of areas. */
typedef struct kz_bym2_problem {
    const kz_bym2_plan *plan;
    bool binomial;
    int  p;                /* columns of x: intercept and covariates       */
    const double *y, *size; /* size: expected or denominator; 0: missing  */
    const double *base;    /* log(y/size), or the saturated log likelihood */
    const double *x;       /* n × p                                       */
    const double *precision; /* p × p: prior of beta                      */
    double log_det_precision;
    const double *back;    /* p × p: from these betas to those of the user */
} kz_bym2_problem;

/* One point of the outer grid. */
typedef struct kz_bym2_point {
    double log_tau, logit_phi;     /* in                                    */
    double value;                  /* log p(y, θ) without prior and constants */
    double correction;             /* what the second order adds           */
    bool   ok;
    int    steps;
    double *mean, *var, *third;    /* of η by area; third: cumulant        */
    double beta[KZ_BYM2_COLUMNS_MOST], beta_sd[KZ_BYM2_COLUMNS_MOST], beta_third[KZ_BYM2_COLUMNS_MOST];
    double weight;                 /* of the mixture                       */
} kz_bym2_point;

typedef struct kz_bym2_marginals {
    double *mean, *sd, *lo, *hi, *p_above; /* of the rate */
} kz_bym2_marginals;

typedef struct kz_bym2_engine {
    int lanes;
    const char *name;
    /* Work space for one thread: bytes, 64-byte aligned. */
    size_t (*space)(const kz_bym2_plan *plan, int p);
    /* Up to `lanes` points, all starting from eta.  marginals: fill mean, var, third, correction.
     * mode: the first point's η, NULL: not wanted. */
    void (*laplace)(const kz_bym2_problem *in, void *space, int n_points, kz_bym2_point *const points[],
                    const double eta[], double tolerance, bool marginals, double mode[]);
    /* Variances and log determinant of the graph with one area of each component held. */
    void (*grounded)(const kz_bym2_plan *plan, void *space, const int held[], double var[], double ones[],
                     double *log_det);
    /* log det(Q + shift I) for `lanes` shifts. */
    void (*shifted)(const kz_bym2_plan *plan, void *space, const double shift[], double log_det[]);
    /* Moments and quantiles of the mixture for areas first .. last. */
    void (*mix)(bool binomial, int n_points, kz_bym2_point *const points[], double threshold, int first, int last,
                void *space, const kz_bym2_marginals *out);
    /* For tests: x to exp(x), log(x) or the normal distribution function. */
    void (*map)(int what, int n, const double x[], double y[]);
} kz_bym2_engine;

/* The engine with so many lanes; 0: the widest this machine has; NULL: this machine has not. */
const kz_bym2_engine *kz_bym2_engine_find(int lanes);

extern const kz_bym2_engine kz_bym2_lanes_2, kz_bym2_lanes_4, kz_bym2_lanes_8;

#endif
