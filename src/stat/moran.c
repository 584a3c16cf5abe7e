#include "stat/moran.h"

#include "base/rng.h"
#include "stat/crew.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double kz_p_of_z(double z, kz_alternative alternative)
{
    switch (alternative) {
    case KZ_GREATER: return 0.5 * erfc(z * M_SQRT1_2);
    case KZ_LESS:    return 0.5 * erfc(-z * M_SQRT1_2);
    default:         return erfc(fabs(z) * M_SQRT1_2);
    }
}

double kz_p_of_rank(int at_least, int at_most, int n, kz_alternative alternative)
{
    double above = (at_least + 1.0) / (n + 1.0), below = (at_most + 1.0) / (n + 1.0);
    switch (alternative) {
    case KZ_GREATER: return above;
    case KZ_LESS:    return below;
    default:         return fmin(1, 2 * fmin(above, below));
    }
}

kz_status kz_centre(const double x[], const kz_neighbours *g, double z[], kz_centred *ret, kz_err *err)
{
    kz_centred c = { .n = g->n - g->n_alone, .z = z };
    double sum = 0, rest = 0, first = NAN;
    bool varies = false;
    if (c.n < 4)
        return kz_fail(err, KZ_E_INPUT, "space.few_areas", kz_n("n", c.n), kz_n("alone", g->n_alone));
    for (int i = 0; i < g->n; i++) {
        if (g->alone[i])
            continue;
        KZ_ASSERT(isfinite(x[i]));
        first = isnan(first) ? x[i] : first;
        varies |= x[i] != first;
        sum += x[i];
    }
    if (!varies)
        return kz_fail(err, KZ_E_INPUT, "space.constant");
    for (int i = 0; i < g->n; i++)
        if (!g->alone[i])
            rest += x[i] - sum / c.n;
    c.mean = sum / c.n + rest / c.n;
    for (int i = 0; i < g->n; i++) {
        z[i] = g->alone[i] ? 0 : x[i] - c.mean;
        double square = z[i] * z[i];
        c.m2 += square;
        c.m4 += square * square;
    }
    c.m2 /= c.n;
    c.m4 /= c.n;
    *ret = c;
    return KZ_OK;
}

/* Σ w_ij v_i v_j */
static double cross(const double v[], const kz_neighbours *g, kz_style style)
{
    double sum = 0;
    for (int i = 0; i < g->n; i++) {
        double lag = 0;
        for (int k = g->start[i]; k < g->start[i + 1]; k++)
            lag += v[g->to[k]];
        if (g->start[i] < g->start[i + 1])
            sum += v[i] * lag * kz_neighbours_weight(g, style, i);
    }
    return sum;
}

/* ---- permutations of Moran's I ----------------------------------------------------- */

typedef struct replicates {
    const kz_neighbours *g;
    const kz_spatial_how *how;
    const double *z;     /* without those alone: in `member` order */
    const int *member;   /* areas with neighbours                  */
    int n;
    double factor;       /* I = factor · cross                     */
    double *value;       /* one a replicate                        */
    double *room;        /* g->n doubles a worker                  */
    double *order;       /* n doubles a worker                     */
} replicates;

static void replicate(void *of, int worker, int r)
{
    replicates *x = of;
    double *v = x->room + (size_t)worker * (size_t)x->g->n, *order = x->order + (size_t)worker * (size_t)x->n;
    kz_rng rng = kz_rng_stream(x->how->seed, (uint64_t)r);
    memcpy(order, x->z, (size_t)x->n * sizeof *order);
    for (int i = x->n - 1; i > 0; i--) { /* Fisher and Yates */
        int k = (int)kz_rng_below(&rng, (uint32_t)i + 1);
        double t = order[i];
        order[i] = order[k];
        order[k] = t;
    }
    for (int i = 0; i < x->n; i++)
        v[x->member[i]] = order[i];
    x->value[r] = x->factor * cross(v, x->g, x->how->style);
}

static void judge(const double value[], int n, kz_alternative alternative, kz_spatial_test *t)
{
    double sum = 0, squares = 0, slack = 1e-12 * (1 + fabs(t->statistic));
    int at_least = 0, at_most = 0;
    for (int r = 0; r < n; r++) {
        sum += value[r];
        at_least += value[r] >= t->statistic - slack;
        at_most += value[r] <= t->statistic + slack;
    }
    t->expected = sum / n;
    for (int r = 0; r < n; r++)
        squares += (value[r] - t->expected) * (value[r] - t->expected);
    t->variance = n > 1 ? squares / (n - 1) : NAN;
    t->z = (t->statistic - t->expected) / sqrt(t->variance);
    t->p = kz_p_of_rank(at_least, at_most, n, alternative);
}

static kz_status permute(const kz_centred *c, const kz_neighbours *g, const kz_spatial_how *how, double factor,
                         kz_spatial_test *t, kz_err *err)
{
    size_t workers = how->threads > 1 ? (size_t)how->threads : 1;
    int *member = calloc((size_t)c->n, sizeof *member);
    double *z = calloc((size_t)c->n, sizeof *z), *value = calloc((size_t)how->permutations, sizeof *value),
           *room = calloc(workers * (size_t)g->n, sizeof *room),
           *order = calloc(workers * (size_t)c->n, sizeof *order);
    kz_status st = KZ_OK;
    if (!member || !z || !value || !room || !order) {
        st = kz_fail(err, KZ_E_LIMIT, "space.memory");
    } else {
        for (int i = 0, at = 0; i < g->n; i++)
            if (!g->alone[i]) {
                z[at] = c->z[i];
                member[at++] = i;
            }
        replicates x = { .g = g, .how = how, .z = z, .member = member, .n = c->n, .factor = factor,
                         .value = value, .room = room, .order = order };
        kz_crew_run((int)workers, how->permutations, replicate, &x);
        judge(value, how->permutations, how->alternative, t);
    }
    free(member);
    free(z);
    free(value);
    free(room);
    free(order);
    return st;
}

/* ---- the three statistics ------------------------------------------------------------- */

static void finish(kz_spatial_test *t, kz_alternative alternative)
{
    t->z = (t->statistic - t->expected) / sqrt(t->variance);
    t->p = kz_p_of_z(t->z, alternative);
}

static kz_status moran_of(const double x[], const kz_neighbours *g, const kz_spatial_how *how, double room[],
                          kz_spatial_test *ret, kz_err *err)
{
    kz_centred c;
    kz_weight_sums s;
    KZ_TRY(kz_centre(x, g, room, &c, err));
    KZ_TRY(kz_neighbours_sums(g, how->style, &s, err));
    double n = c.n, factor = 1 / (s.s0 * c.m2), b2 = c.m4 / (c.m2 * c.m2);
    kz_spatial_test t = { .n = c.n, .links = g->n_links, .statistic = factor * cross(c.z, g, how->style) };
    if (how->permutations > 0) {
        KZ_TRY(permute(&c, g, how, factor, &t, err));
    } else {
        t.expected = -1 / (n - 1);
        double spread = n * ((n * n - 3 * n + 3) * s.s1 - n * s.s2 + 3 * s.s0 * s.s0) -
                        b2 * ((n * n - n) * s.s1 - 2 * n * s.s2 + 6 * s.s0 * s.s0);
        t.variance = spread / ((n - 1) * (n - 2) * (n - 3) * s.s0 * s.s0) - t.expected * t.expected;
        finish(&t, how->alternative);
    }
    *ret = t;
    return KZ_OK;
}

static kz_status geary_of(const double x[], const kz_neighbours *g, const kz_spatial_how *how, double room[],
                          kz_spatial_test *ret, kz_err *err)
{
    kz_centred c;
    kz_weight_sums s;
    KZ_TRY(kz_centre(x, g, room, &c, err));
    KZ_TRY(kz_neighbours_sums(g, how->style, &s, err));
    double n = c.n, b2 = c.m4 / (c.m2 * c.m2), sum = 0;
    for (int i = 0; i < g->n; i++)
        for (int k = g->start[i]; k < g->start[i + 1]; k++) {
            double d = x[i] - x[g->to[k]];
            sum += kz_neighbours_weight(g, how->style, i) * d * d;
        }
    kz_spatial_test t = { .n = c.n, .links = g->n_links, .expected = 1 };
    t.statistic = (n - 1) * sum / (2 * s.s0 * n * c.m2);
    double spread = (n - 1) * s.s1 * (n * n - 3 * n + 3 - (n - 1) * b2) -
                    0.25 * (n - 1) * s.s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * b2) +
                    s.s0 * s.s0 * (n * n - 3 - (n - 1) * (n - 1) * b2);
    t.variance = spread / (n * (n - 2) * (n - 3) * s.s0 * s.s0);
    finish(&t, how->alternative);
    *ret = t;
    return KZ_OK;
}

static kz_status g_of(const double x[], const kz_neighbours *g, const kz_spatial_how *how, double room[],
                      kz_spatial_test *ret, kz_err *err)
{
    kz_centred c;
    kz_weight_sums s;
    KZ_TRY(kz_centre(x, g, room, &c, err));
    KZ_TRY(kz_neighbours_sums(g, how->style, &s, err));
    double n = c.n, s02 = s.s0 * s.s0, m1 = 0, m2 = 0, m3 = 0, m4 = 0;
    for (int i = 0; i < g->n; i++) {
        if (g->alone[i])
            continue;
        if (x[i] < 0)
            return kz_fail(err, KZ_E_INPUT, "space.negative");
        m1 += x[i];
        m2 += x[i] * x[i];
        m3 += x[i] * x[i] * x[i];
        m4 += x[i] * x[i] * x[i] * x[i];
    }
    double pairs = m1 * m1 - m2;
    if (!(pairs > 0))
        return kz_fail(err, KZ_E_INPUT, "space.constant");
    double b0 = (n * n - 3 * n + 3) * s.s1 - n * s.s2 + 3 * s02,
           b1 = -((n * n - n) * s.s1 - 2 * n * s.s2 + 6 * s02),
           b2 = -(2 * n * s.s1 - (n + 3) * s.s2 + 6 * s02),
           b3 = 4 * (n - 1) * s.s1 - 2 * (n + 1) * s.s2 + 8 * s02, b4 = s.s1 - s.s2 + s02;
    kz_spatial_test t = { .n = c.n, .links = g->n_links, .expected = s.s0 / (n * (n - 1)) };
    t.statistic = cross(x, g, how->style) / pairs;
    double second = b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1 * m1 * m1 * m1;
    t.variance = second / (pairs * pairs * n * (n - 1) * (n - 2) * (n - 3)) - t.expected * t.expected;
    finish(&t, how->alternative);
    *ret = t;
    return KZ_OK;
}

typedef kz_status (*statistic)(const double x[], const kz_neighbours *g, const kz_spatial_how *how, double room[],
                               kz_spatial_test *ret, kz_err *err);

static kz_status with_room(statistic f, const double x[], const kz_neighbours *g, const kz_spatial_how *how,
                           kz_spatial_test *ret, kz_err *err)
{
    double *room = calloc((size_t)g->n + 1, sizeof *room);
    kz_status st = room ? f(x, g, how, room, ret, err) : kz_fail(err, KZ_E_LIMIT, "space.memory");
    free(room);
    return st;
}

kz_status kz_moran(const double x[], const kz_neighbours *g, const kz_spatial_how *how, kz_spatial_test *ret,
                   kz_err *err)
{
    return with_room(moran_of, x, g, how, ret, err);
}

kz_status kz_geary(const double x[], const kz_neighbours *g, const kz_spatial_how *how, kz_spatial_test *ret,
                   kz_err *err)
{
    return with_room(geary_of, x, g, how, ret, err);
}

kz_status kz_global_g(const double x[], const kz_neighbours *g, const kz_spatial_how *how, kz_spatial_test *ret,
                      kz_err *err)
{
    return with_room(g_of, x, g, how, ret, err);
}
