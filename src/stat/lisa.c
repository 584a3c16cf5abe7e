#include "stat/lisa.h"

#include "base/rng.h"
#include "stat/crew.h"

#include <math.h>
#include <stdlib.h>

/* Up to so many neighbours are drawn by rejection, which costs comparisons; more by swapping in a list. */
enum { FEW = 16, AREAS_A_TURN = 64 };

const char *kz_quadrant_name(kz_quadrant q)
{
    static const char *const NAME[] = { "", "HH", "LL", "LH", "HL" };
    return NAME[q];
}

typedef struct sweep {
    const kz_neighbours  *g;
    const kz_spatial_how *how;
    kz_centred    c;
    const double *value;  /* z of the areas with neighbours, densely */
    const int    *place;  /* where an area stands in `value`         */
    double       *lists;  /* c.n doubles a worker, for swapping     */
    kz_lisa      *out;
} sweep;

/* Sum of k values of others, drawn without replacement: `value` without the one at `self`. */
static inline double draw_few(const sweep *s, int self, int k, kz_rng *rng)
{
    uint32_t taken[FEW], others = (uint32_t)s->c.n - 1;
    double sum = 0;
    for (int d = 0; d < k;) {
        uint32_t at = kz_rng_below(rng, others);
        bool twice = false;
        for (int e = 0; e < d; e++)
            twice |= taken[e] == at;
        if (twice)
            continue;
        taken[d++] = at;
        sum += s->value[at + (at >= (uint32_t)self)];
    }
    return sum;
}

/* The same by the first k steps of a shuffle; the list may stay shuffled, any order is as good. */
static double draw_many(double list[], int others, int k, kz_rng *rng)
{
    double sum = 0;
    for (int d = 0; d < k; d++) {
        int at = d + (int)kz_rng_below(rng, (uint32_t)(others - d));
        double t = list[at];
        list[at] = list[d];
        list[d] = t;
        sum += t;
    }
    return sum;
}

static double *others_of(const sweep *s, int worker, int self)
{
    double *list = s->lists + (size_t)worker * (size_t)s->c.n;
    for (int i = 0, at = 0; i < s->c.n; i++)
        if (i != self)
            list[at++] = s->value[i];
    return list;
}

static double p_by_draws(const sweep *s, int worker, int i, int k, double lag, double scale)
{
    int self = s->place[i], at_least = 0, at_most = 0, others = s->c.n - 1;
    /* Equal sums may differ in their last bits, depending on the order of adding up. */
    double slack = 1e-12 * (fabs(lag) + k * sqrt(s->c.m2));
    double *list = k > FEW ? others_of(s, worker, self) : NULL;
    kz_rng rng = kz_rng_stream(s->how->seed, (uint64_t)i);
    for (int r = 0; r < s->how->permutations; r++) {
        double sum = list ? draw_many(list, others, k, &rng) : draw_few(s, self, k, &rng);
        at_least += sum >= lag - slack;
        at_most += sum <= lag + slack;
    }
    return scale >= 0 ? kz_p_of_rank(at_least, at_most, s->how->permutations, s->how->alternative)
                      : kz_p_of_rank(at_most, at_least, s->how->permutations, s->how->alternative);
}

static kz_quadrant quadrant_of(double z, double lag)
{
    if (z >= 0)
        return lag >= 0 ? KZ_HIGH_HIGH : KZ_HIGH_LOW;
    return lag >= 0 ? KZ_LOW_HIGH : KZ_LOW_LOW;
}

static void one_area(const sweep *s, int worker, int i)
{
    const kz_neighbours *g = s->g;
    int k = kz_neighbours_count(g, i), others = s->c.n - 1;
    kz_lisa *l = &s->out[i];
    if (k == 0) {
        *l = (kz_lisa){ NAN, NAN, NAN, NAN, NAN, KZ_NO_QUADRANT };
        return;
    }
    double lag = 0, zi = s->c.z[i], scale = zi / s->c.m2 * kz_neighbours_weight(g, s->how->style, i);
    for (int e = g->start[i]; e < g->start[i + 1]; e++)
        lag += s->c.z[g->to[e]];
    /* k of the others without replacement: their mean is -z_i / (n - 1), their variance follows from Σ z². */
    double mean = -zi / others, spread = fmax(0, (s->c.n * s->c.m2 - zi * zi) / others - mean * mean);
    double left = others > 1 ? (double)(others - k) / (others - 1) : 0;
    l->local_i = scale * lag;
    l->expected = scale * k * mean;
    l->variance = scale * scale * k * spread * left;
    l->z = (l->local_i - l->expected) / sqrt(l->variance);
    l->quadrant = quadrant_of(zi, lag);
    l->p = s->how->permutations > 0 ? p_by_draws(s, worker, i, k, lag, scale) : kz_p_of_z(l->z, s->how->alternative);
}

static void some_areas(void *of, int worker, int turn)
{
    const sweep *s = of;
    for (int i = turn * AREAS_A_TURN; i < s->g->n && i < (turn + 1) * AREAS_A_TURN; i++)
        one_area(s, worker, i);
}

static kz_status sweep_all(const double x[], sweep *s, double z[], double value[], int place[], kz_err *err)
{
    KZ_TRY(kz_centre(x, s->g, z, &s->c, err));
    for (int i = 0, at = 0; i < s->g->n; i++)
        if (!s->g->alone[i]) {
            place[i] = at;
            value[at++] = z[i];
        }
    s->value = value;
    s->place = place;
    kz_crew_run(s->how->threads, (s->g->n + AREAS_A_TURN - 1) / AREAS_A_TURN, some_areas, s);
    return KZ_OK;
}

kz_status kz_lisa_make(const double x[], const kz_neighbours *g, const kz_spatial_how *how, kz_lisa out[],
                       kz_err *err)
{
    size_t n = (size_t)g->n + 1, workers = how->threads > 1 ? (size_t)how->threads : 1;
    double *z = calloc(n, sizeof *z), *value = calloc(n, sizeof *value), *lists = calloc(n * workers, sizeof *lists);
    int *place = calloc(n, sizeof *place);
    sweep s = { .g = g, .how = how, .lists = lists, .out = out };
    kz_status st = z && value && lists && place ? sweep_all(x, &s, z, value, place, err)
                                                : kz_fail(err, KZ_E_LIMIT, "space.memory");
    free(z);
    free(value);
    free(lists);
    free(place);
    return st;
}

/* ---- Getis-Ord -------------------------------------------------------------------------- */

kz_status kz_local_g(const double x[], const kz_neighbours *g, kz_style style, bool star, double z[], kz_err *err)
{
    double *room = calloc((size_t)g->n + 1, sizeof *room);
    kz_centred c;
    kz_status st = room ? kz_centre(x, g, room, &c, err) : kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; st == KZ_OK && i < g->n; i++) {
        int k = kz_neighbours_count(g, i), links = k + star;
        double n = c.n, w = style == KZ_STYLE_B ? 1 : 1.0 / links, sum = star ? room[i] : 0;
        for (int e = g->start[i]; e < g->start[i + 1]; e++)
            sum += room[g->to[e]];
        z[i] = NAN;
        if (k == 0)
            continue;
        /* Everything about the mean of all; without the area itself mean and variance of the others. */
        double m = star ? n : n - 1, mean = star ? 0 : -room[i] / m,
               variance = (n * c.m2 - (star ? 0 : room[i] * room[i])) / m - mean * mean;
        double spread = variance * w * w * (m * links - (double)links * links) / (m - 1);
        if (spread > 1e-14 * c.m2)
            z[i] = w * (sum - links * mean) / sqrt(spread);
    }
    free(room);
    return st;
}
