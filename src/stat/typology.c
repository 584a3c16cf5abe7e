#include "stat/typology.h"

#include "base/rng.h"
#include "stat/crew.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STARTS_AGAIN = 5 };

static kz_status group(const kz_points *x, int k, int starts, const kz_typology_how *how, uint64_t seed, int type[],
                       kz_err *err)
{
    double within;
    if (!how->ward)
        return kz_kmeans(x, k, starts, seed, type, &within, err);
    if (x->n < k)
        return kz_fail(err, KZ_E_INPUT, "space.few_points", kz_n("k", k));
    double *height = calloc((size_t)x->n, sizeof *height);
    int *merge = calloc(2 * (size_t)x->n, sizeof *merge);
    kz_status st = height && merge ? kz_ward(x, height, merge, err) : kz_fail(err, KZ_E_LIMIT, "space.memory");
    if (st == KZ_OK && k > 1 && height[x->n - k] == 0)
        st = kz_fail(err, KZ_E_INPUT, "space.few_points", kz_n("k", k));
    if (st == KZ_OK)
        st = kz_ward_cut(merge, x->n, k, type, err);
    free(height);
    free(merge);
    return st;
}

/* ---- once more with other areas ------------------------------------------------------------ */

typedef struct again {
    const kz_points *x;
    const kz_typology_how *how;
    int k;
    const int *type;
    double *agreement; /* NaN: the sample had too few different areas, -2: no memory */
} again;

/* The centre of each group of the sample; a group is never empty. */
static void centres_of(const kz_points *x, const int type[], int k, double centre[], int size[])
{
    for (int i = 0; i < x->n; i++) {
        size[type[i]]++;
        for (int c = 0; c < x->n_columns; c++)
            centre[type[i] * x->n_columns + c] += x->column[c][i];
    }
    for (int g = 0; g < k; g++)
        for (int c = 0; c < x->n_columns; c++)
            centre[g * x->n_columns + c] /= size[g];
}

static int nearest(const kz_points *x, int i, const double centre[], int k)
{
    int best = 0;
    double least = INFINITY;
    for (int g = 0; g < k; g++) {
        double d = 0;
        for (int c = 0; c < x->n_columns; c++) {
            double e = x->column[c][i] - centre[g * x->n_columns + c];
            d += e * e;
        }
        if (d < least) {
            least = d;
            best = g;
        }
    }
    return best;
}

static double agree(const again *a, int turn, double *const column[], int type[], double centre[], int size[])
{
    int n = a->x->n, k = a->k;
    double r = NAN;
    kz_rng rng = kz_rng_stream(a->how->seed ^ (UINT64_C(0x51ED) << 32), (uint64_t)turn * 64 + (uint64_t)k);
    for (int i = 0; i < n; i++) {
        int from = (int)kz_rng_below(&rng, (uint32_t)n);
        for (int c = 0; c < a->x->n_columns; c++)
            column[c][i] = a->x->column[c][from];
    }
    const kz_points sample = { .n = n, .n_columns = a->x->n_columns, .column = (const double *const *)column };
    kz_status st = group(&sample, k, STARTS_AGAIN, a->how, kz_rng_next(&rng), type, NULL);
    if (st != KZ_OK)
        return st == KZ_E_INPUT ? NAN : -2;
    centres_of(&sample, type, k, centre, size);
    for (int i = 0; i < n; i++)
        type[i] = nearest(a->x, i, centre, k);
    return kz_adjusted_rand(a->type, k, type, k, n, &r, NULL) == KZ_OK ? r : -2;
}

static void one_sample(void *of, int worker, int turn)
{
    const again *a = of;
    size_t n = (size_t)a->x->n, m = (size_t)a->x->n_columns, k = (size_t)a->k;
    double *values = calloc(n * m + k * m, sizeof *values), **column = calloc(m, sizeof *column);
    int *numbers = calloc(n + k, sizeof *numbers);
    (void)worker;
    a->agreement[turn] = -2;
    if (values && column && numbers) {
        for (size_t c = 0; c < m; c++)
            column[c] = values + c * n;
        a->agreement[turn] = agree(a, turn, column, numbers, values + n * m, numbers + n);
    }
    free(values);
    free(column);
    free(numbers);
}

static kz_status measure(const kz_points *x, const kz_typology_how *how, const int type[], double width[],
                         kz_tried *t, kz_err *err)
{
    double agreement[KZ_TYPES_REPEATS], sum = 0;
    int counted = 0;
    KZ_TRY(kz_silhouette(x, type, t->k, width, err));
    t->silhouette = 0;
    for (int i = 0; i < x->n; i++)
        t->silhouette += width[i] / x->n;
    again a = { .x = x, .how = how, .k = t->k, .type = type, .agreement = agreement };
    kz_crew_run(how->threads, KZ_TYPES_REPEATS, one_sample, &a);
    for (int r = 0; r < KZ_TYPES_REPEATS; r++) {
        if (agreement[r] == -2)
            return kz_fail(err, KZ_E_LIMIT, "space.memory");
        if (!isnan(agreement[r])) {
            sum += agreement[r];
            counted++;
        }
    }
    t->stability = counted ? sum / counted : 0;
    return KZ_OK;
}

static bool better(const kz_tried *a, const kz_tried *b)
{
    bool a_stable = a->stability >= KZ_TYPES_STABLE, b_stable = b->stability >= KZ_TYPES_STABLE;
    return a_stable != b_stable ? a_stable : a->silhouette > b->silhouette;
}

static kz_status try_all(const kz_points *x, const kz_typology_how *how, int type[], double width[], kz_typology *t,
                         kz_err *err)
{
    int from = how->k ? how->k : 2, to = how->k ? how->k : KZ_TYPES_TRIED, best = 0;
    for (int k = from; k <= to && (how->k || k < x->n); k++) {
        kz_tried *now = &t->tried[t->n_tried];
        *now = (kz_tried){ .k = k };
        kz_status st = group(x, k, KZ_TYPES_STARTS, how, how->seed, type, err);
        if (st == KZ_E_INPUT && t->n_tried > 0)
            break; /* so many different areas there are */
        KZ_TRY(st);
        KZ_TRY(measure(x, how, type, width, now, err));
        if (better(now, &t->tried[best]))
            best = t->n_tried;
        t->n_tried++;
    }
    if (t->n_tried == 0)
        return kz_fail(err, KZ_E_INPUT, "space.few_points", kz_n("k", from));
    t->k = t->tried[best].k;
    t->silhouette = t->tried[best].silhouette;
    t->stability = t->tried[best].stability;
    t->stable = t->stability >= KZ_TYPES_STABLE;
    KZ_TRY(group(x, t->k, KZ_TYPES_STARTS, how, how->seed, type, err));
    return kz_silhouette(x, type, t->k, width, err);
}

kz_status kz_typology_make(const kz_points *x, const kz_typology_how *how, int type[], double width[],
                           kz_typology *ret, kz_err *err)
{
    kz_typology t = { 0 };
    int *room = calloc((size_t)x->n + 1, sizeof *room);
    double *wide = calloc((size_t)x->n + 1, sizeof *wide);
    kz_err inner = { 0 }; /* a number of types that is too large for these areas is no failure */
    kz_status st = room && wide ? try_all(x, how, room, wide, &t, &inner)
                                : kz_fail(&inner, KZ_E_LIMIT, "space.memory");
    if (st == KZ_OK) {
        memcpy(type, room, (size_t)x->n * sizeof *type);
        memcpy(width, wide, (size_t)x->n * sizeof *width);
        *ret = t;
    } else if (err) {
        *err = inner;
    }
    free(room);
    free(wide);
    return st;
}

void kz_types_sort(int type[], int n, int k, const double load[])
{
    double mean[KZ_TYPES_MOST] = { 0 };
    int size[KZ_TYPES_MOST] = { 0 }, rank[KZ_TYPES_MOST] = { 0 };
    KZ_ASSERT(k <= KZ_TYPES_MOST);
    for (int i = 0; i < n; i++) {
        mean[type[i]] += load[i];
        size[type[i]]++;
    }
    for (int g = 0; g < k; g++)
        mean[g] /= size[g] ? size[g] : 1;
    for (int g = 0; g < k; g++)
        for (int h = 0; h < k; h++)
            rank[g] += mean[h] < mean[g] || (h < g && mean[h] == mean[g]);
    for (int i = 0; i < n; i++)
        type[i] = rank[type[i]];
}
