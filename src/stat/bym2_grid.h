/*
 * bym2_grid.h - the posterior of (log τ, logit φ): its mode, and a lattice of points around it.
 *
 *     kz_bym2_grid grid = { .in = &problem, .engine = e, .prior = &prior, .eta = start, .threads = 1 };
 *     KZ_TRY(kz_bym2_grid_run(&grid, err));
 *     for (int k = 0; k < grid.n_points; k++) use(grid.points[k]);      // weights sum to 1
 *     kz_bym2_grid_done(&grid);
 *
 * The mode by Newton steps on differences of seven points.  The lattice has distance 1 along
 * the axes of the curvature, scaled to its standard deviations, and grows from the mode to
 * every neighbour of a point less than 6 below the top (log density).  On sparse data a wider
 * lattice or fewer points (central composite design) was measurably wrong.
 * Internal to src/stat.
 */
#ifndef KZ_STAT_BYM2_GRID_H
#define KZ_STAT_BYM2_GRID_H

#include "stat/bym2.h"
#include "stat/bym2_lanes.h"

enum { KZ_BYM2_REACH = 40, KZ_BYM2_SIDE = 2 * KZ_BYM2_REACH + 1, KZ_BYM2_POINTS_MOST = 1500 };

typedef struct kz_bym2_grid {
    const kz_bym2_problem *in;
    const kz_bym2_engine  *engine;
    const kz_bym2_prior   *prior;
    int  threads;
    double *eta;              /* in: where to start; then the mode's η         */
    double mode[2];           /* log τ, logit φ                                */
    double axis[2][2];        /* columns: one step of the lattice              */
    int outer_steps, inner_steps, lost;
    bool outer_ok, cut;
    int n_points;
    kz_bym2_point **points;   /* those with weight                             */
    double *density;          /* SIDE × SIDE: log density below the top, NaN: not looked at */
    void **space;             /* one a thread                                  */
} kz_bym2_grid;

KZ_MUST_USE kz_status kz_bym2_grid_run(kz_bym2_grid *grid, kz_err *err);
void kz_bym2_grid_done(kz_bym2_grid *grid);

/* Marginals of σ and φ. */
void kz_bym2_grid_sigma_phi(const kz_bym2_grid *grid, kz_bym2_parameter *sigma, kz_bym2_parameter *phi);

/* Do work(me, k) for k = 0 .. n-1 with up to `threads` threads; `thread` counts from 0. */
void kz_bym2_share(int threads, int n, void (*work)(void *me, int k, int thread), void *me);

#endif
