/*
 * bench_bym2 - how long BYM2 takes on maps like grids: lines for tools/bench.
 *
 * usage: bench_bym2 [LANES]
 *
 * Counts are drawn from a smooth field with noise, seeded; one thread; CPU time.  The budgets are those of
 * a machine with AVX-512, 2.5 times that without.
 */
#include "base/parse.h"
#include "base/rng.h"
#include "stat/bym2.h"
#include "stat/bym2_lanes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* The first n areas of a triangulated grid, row by row. */
static kz_bym2_plan *make_plan(int n, int columns)
{
    static const int MOVE[6][2] = { { -1, -1 }, { -1, 0 }, { 0, -1 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
    int *start = calloc((size_t)n + 1, sizeof *start), *to = calloc((size_t)n * 6, sizeof *to), at = 0;
    kz_bym2_plan *plan = NULL;
    KZ_ASSERT(start && to);
    for (int i = 0; i < n; i++) {
        for (int m = 0; m < 6; m++) {
            int c = i % columns + MOVE[m][1], j = (i / columns + MOVE[m][0]) * columns + c;
            if (c >= 0 && c < columns && j >= 0 && j < n)
                to[at++] = j;
        }
        start[i + 1] = at;
    }
    kz_status st = kz_bym2_plan_make(n, start, to, &plan, NULL);
    KZ_ASSERT(st == KZ_OK);
    free(start);
    free(to);
    return plan;
}

static void draw(int n, int columns, kz_rng *rng, double y[], double size[])
{
    double wave = kz_rng_unit(rng) * 6, tilt = kz_rng_unit(rng);
    for (int i = 0; i < n; i++) {
        double field = 0.4 * sin(wave + 5.0 * (i / columns) / columns) + tilt * (i % columns) / columns;
        double rate = exp(field - 0.5 * tilt + 0.2 * (kz_rng_unit(rng) + kz_rng_unit(rng) - 1));
        size[i] = 3 + 20 * kz_rng_unit(rng);
        double limit = exp(-size[i] * rate), product = 1; /* Poisson by products of uniforms */
        for (y[i] = -1; product > limit || y[i] < 0; y[i]++)
            product *= kz_rng_unit(rng);
    }
}

typedef struct bench {
    const char *name, *note;
    int n, columns, series, repeats;
    double budget_ms;
} bench;

static void run(const bench *b, int lanes)
{
    double *y = malloc((size_t)b->n * sizeof *y), *size = malloc((size_t)b->n * sizeof *size), best = INFINITY;
    double best_plan = INFINITY;
    kz_bym2_options how = { .prior = KZ_BYM2_PRIOR, .lanes = lanes };
    int doubtful = 0, points = 0;
    const char *engine = "";
    KZ_ASSERT(y && size);
    for (int r = 0; r < b->repeats; r++) {
        kz_rng rng = kz_rng_stream(1, 6);
        double begin = cpu_ms(), drawing = 0;
        kz_bym2_plan *plan = make_plan(b->n, b->columns);
        best_plan = fmin(best_plan, cpu_ms() - begin);
        for (int s = 0; s < b->series; s++) {
            kz_bym2_fit fit;
            double before = cpu_ms();
            draw(b->n, b->columns, &rng, y, size);
            drawing += cpu_ms() - before;
            kz_bym2_data data = { .y = y, .size = size };
            kz_status st = kz_bym2_fit_make(plan, &data, &how, &fit, NULL);
            KZ_ASSERT(st == KZ_OK);
            doubtful += !fit.outer_ok || fit.lost || fit.cut;
            points = fit.points;
            engine = fit.engine;
            kz_bym2_fit_done(&fit);
        }
        kz_bym2_plan_free(plan);
        best = fmin(best, cpu_ms() - begin - drawing);
    }
    bool wide = kz_bym2_engine_find(lanes)->lanes == 8;
    printf("%s\t%.1f\tms\t%g\t%s; %s, graph %.1f ms of it, %d lattice points, %d doubtful\n", b->name, best,
           b->budget_ms * (wide ? 1 : 2.5), b->note, engine, best_plan, points, doubtful);
    free(y);
    free(size);
}

int main(int argc, char **argv)
{
    static const bench ALL[] = {
        { "bym2_544", "544 areas; recorded elsewhere: Stan 105 s, TMB (mode only) 1.9 s", 544, 23, 1, 5, 25 },
        { "bym2_10000", "10,000 areas", 10000, 100, 1, 1, 2000 },
        { "bym2_750x60", "750 series of 60 areas", 60, 8, 750, 1, 1000 },
        { "bym2_100x447", "100 series of 447 areas", 447, 21, 100, 1, 1500 },
    };
    int64_t lanes = 0;
    if (argc > 1 && !kz_parse_plain(kz_view_of(argv[1]), 2, 8, &lanes))
        return 2;
    if (!kz_bym2_engine_find((int)lanes)) {
        printf("# bym2: this machine has no %d lanes\n", (int)lanes);
        return 0;
    }
    for (size_t k = 0; k < sizeof ALL / sizeof ALL[0]; k++)
        run(&ALL[k], (int)lanes);
    return 0;
}
