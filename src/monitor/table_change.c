/*
 * What is unlike the last period: single values, and whole columns.  Method: docs/methods/pruefung.md.
 *
 * Everything is compared with the newest earlier period of the same form that has values of the measure, in
 * the file or in the workspace, level by level.  Robust: against median and MAD of all areas, so that a city
 * that grows is no finding, and one wrong area cannot hide itself.
 */
#include "monitor/table_job.h"

#include <math.h>
#include <stdlib.h>

enum {
    AREAS_LEAST = 10,      /* to know what is usual                           */
    SAME_LEAST = 20,       /* values that did not change at all               */
    COUNT_LEAST = 10,      /* a smaller difference of counts is never strange */
};
static const double COUNT_FAR = 6, VALUE_FAR = 10, RATIO_LEAST = 1.5; /* deviations; ratio to what was expected */
static const double MAD_NORMAL = 1.4826;                  /* MAD of a normal distribution to its deviation  */
static const double RANK_LOW = 0.5, RANK_HIGH = 0.8, RANK_MORE = 0.3; /* rank correlations */
static const double SHIFT_FAR = 3;                        /* medians apart, in MADs                          */
static const double SURELY = 5;                           /* spread of areas to that of their changes        */

typedef struct change {
    kz_job *job;
    job_known now, before, other;
    int      n;      /* areas of the level at hand with both values */
    int     *area;
    double  *x, *y, *z, *d, *sorted;
    int     *order;
    const char *period, *last;
} change;

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* The value that would stand at `at` if v were sorted; smaller ones stand before it then.  O(n). */
static double select_at(double v[], int n, int at)
{
    int lo = 0, hi = n - 1;
    while (lo < hi) {
        double pivot = v[lo + (hi - lo) / 2];
        int i = lo, j = hi;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                double x = v[i];
                v[i++] = v[j];
                v[j--] = x;
            }
        }
        if (at <= j)
            hi = j;
        else if (at >= i)
            lo = i;
        else
            break;
    }
    return v[at];
}

static double median(change *k, const double v[], int n)
{
    memcpy(k->sorted, v, (size_t)n * sizeof *v);
    double upper = select_at(k->sorted, n, n / 2), lower = upper;
    if (n % 2 == 0) { /* the largest of those before it */
        lower = k->sorted[0];
        for (int i = 1; i < n / 2; i++)
            lower = k->sorted[i] > lower ? k->sorted[i] : lower;
    }
    return (lower + upper) / 2;
}

/* Median distance from `middle`, as a standard deviation; uses k->z. */
static double spread_of(change *k, const double v[], int n, double middle)
{
    for (int i = 0; i < n; i++)
        k->z[i] = fabs(v[i] - middle);
    return MAD_NORMAL * median(k, k->z, n);
}

/* Areas of a level with a value in both, in units. */
static void pair_up(change *k, const job_known *now, const job_known *before, int level, int decimals)
{
    double unit = (double)kz_pow10(decimals);
    k->n = 0;
    for (int a = 0; a < k->job->n_areas; a++)
        if (k->job->areas[a].level == level && now->value[a] != KZ_NO_VALUE && before->value[a] != KZ_NO_VALUE) {
            k->area[k->n] = a;
            k->x[k->n] = (double)now->value[a] / unit;
            k->y[k->n++] = (double)before->value[a] / unit;
        }
}

/* ---- single values ---------------------------------------------------------------- */

static void say_value(const change *k, int measure, int i, double expected)
{
    kz_auto(kz_buf) before = kz_buf_init(128);
    const kz_job *job = k->job;
    const job_cell *c = k->now.from[k->area[i]];
    char value[48], last[48], usual[48];
    int64_t scaled = (int64_t)llround(expected * (double)kz_pow10(job->measures->list[measure].decimals));
    if (!c || c->change == JOB_SAME)
        return; /* it is here already */
    kz_buf_fmt(&before, "%s (%s)", kz_job_value_text(job, c->measure, k->before.value[c->area], KZ_CELL_SHOWN, last),
               k->last);
    kz_finding_add(job->found, KZ_WARNING, "check.outlier", c->line, kz_job_column(job, c),
                   kz_view_of(kz_job_cell_text(job, c, value)), kz_s("area", job->areas[c->area].name),
                   kz_s("measure", job->measures->list[measure].label), kz_s("period", k->period),
                   kz_s("before", kz_buf_text(&before)),
                   kz_s("expected", kz_job_value_text(job, c->measure, scaled, KZ_CELL_SHOWN, usual)));
}

/* Counts and amounts: the ratio to the last period against that of the other areas.  Poisson noise of small
 * counts is part of what is usual.  True: most areas changed so little that it surely is the same column. */
static bool check_ratios(change *k, int measure)
{
    for (int i = 0; i < k->n; i++)
        k->d[i] = log((k->x[i] + 0.5) / (k->y[i] + 0.5));
    double middle = median(k, k->d, k->n), mad = spread_of(k, k->d, k->n, middle);
    for (int i = 0; i < k->n; i++) {
        double expected = k->y[i] * exp(middle), far = fabs(k->d[i] - middle);
        double noise = sqrt(mad * mad + 1 / (k->x[i] + 1) + 1 / (k->y[i] + 1));
        if (far > COUNT_FAR * noise && far > log(RATIO_LEAST) && fabs(k->x[i] - expected) >= COUNT_LEAST)
            say_value(k, measure, i, expected);
    }
    for (int i = 0; i < k->n; i++)
        k->d[i] = log(k->y[i] + 0.5);
    return SURELY * mad < spread_of(k, k->d, k->n, median(k, k->d, k->n));
}

/* Shares and marks: the difference, against the others' and a quarter of the spread between areas.  True: as above. */
static bool check_differences(change *k, int measure)
{
    for (int i = 0; i < k->n; i++)
        k->d[i] = k->x[i] - k->y[i];
    double middle = median(k, k->d, k->n), usual = spread_of(k, k->d, k->n, middle);
    double between = spread_of(k, k->y, k->n, median(k, k->y, k->n));
    double far = VALUE_FAR * (between / 4 > usual ? between / 4 : usual);
    for (int i = 0; i < k->n && far > 0; i++)
        if (fabs(k->d[i] - middle) > far)
            say_value(k, measure, i, k->y[i] + middle);
    return SURELY * usual < between;
}

/* ---- whole columns ------------------------------------------------------------------ */

static int by_rank(const void *a, const void *b, void *values)
{
    const double *v = values;
    double x = v[*(const int *)a], y = v[*(const int *)b];
    return x < y ? -1 : x > y ? 1 : *(const int *)a - *(const int *)b;
}

/* Ranks with the mean for ties, in place. */
static void to_ranks(change *k, double v[], int n)
{
    for (int i = 0; i < n; i++)
        k->order[i] = i;
    memcpy(k->sorted, v, (size_t)n * sizeof *v);
    qsort_r(k->order, (size_t)n, sizeof *k->order, by_rank, k->sorted);
    for (int i = 0, j; i < n; i = j) {
        for (j = i; j < n && k->sorted[k->order[j]] == k->sorted[k->order[i]];)
            j++;
        for (int t = i; t < j; t++)
            v[k->order[t]] = (i + j - 1) / 2.0;
    }
}

/* Spearman's rank correlation of x and y; 1 when one of them is constant: nothing can be said. */
static double rank_correlation(change *k)
{
    double sxy = 0, sxx = 0, syy = 0, middle = (k->n - 1) / 2.0;
    to_ranks(k, k->x, k->n);
    to_ranks(k, k->y, k->n);
    for (int i = 0; i < k->n; i++) {
        sxy += (k->x[i] - middle) * (k->y[i] - middle);
        sxx += (k->x[i] - middle) * (k->x[i] - middle);
        syy += (k->y[i] - middle) * (k->y[i] - middle);
    }
    return sxx > 0 && syy > 0 ? sxy / sqrt(sxx * syy) : 1;
}

/* Areas where both are 0 say nothing about the order. */
static void drop_zeros(change *k)
{
    int kept = 0;
    for (int i = 0; i < k->n; i++)
        if (k->x[i] != 0 || k->y[i] != 0) {
            k->x[kept] = k->x[i];
            k->y[kept] = k->y[i];
            k->area[kept++] = k->area[i];
        }
    k->n = kept;
}

/* Which other column of the last period do the new values follow?  -1: none. */
static kz_status find_like(change *k, int measure, job_when last, int level, double own, int *ret, kz_err *err)
{
    double best = own + RANK_MORE > RANK_HIGH ? own + RANK_MORE : RANK_HIGH;
    *ret = -1;
    for (int m = 0; m < k->job->measures->n; m++) {
        if (m == measure)
            continue;
        KZ_TRY(kz_job_known(k->job, m, last, &k->other, err));
        if (!k->other.any)
            continue;
        pair_up(k, &k->now, &k->other, level, 0);
        drop_zeros(k);
        double r = k->n >= SAME_LEAST ? rank_correlation(k) : 0;
        if (r >= best) {
            best = r;
            *ret = m;
        }
    }
    return KZ_OK;
}

static const job_cell *first_cell(const change *k, int level)
{
    for (int a = 0; a < k->job->n_areas; a++)
        if (k->now.from[a] && k->job->areas[a].level == level)
            return k->now.from[a];
    return NULL;
}

static void say_column(const change *k, int measure, int level, const char *rule, const char *like, int64_t n)
{
    const kz_job *job = k->job;
    const job_cell *c = first_cell(k, level);
    if (c)
        kz_finding_add(job->found, KZ_WARNING, rule, c->line, kz_job_column(job, c), kz_view_of(""),
                       kz_s("measure", job->measures->list[measure].label), kz_s("period", k->period),
                       kz_s("last", k->last), kz_s("like", like), kz_n("areas", n));
}

static void check_unchanged(const change *k, int measure, int level)
{
    int same = 0;
    for (int i = 0; i < k->n; i++)
        same += k->x[i] == k->y[i] && k->x[i] != 0;
    if (same >= SAME_LEAST && same == k->n)
        say_column(k, measure, level, "check.column_same", "", k->n);
}

/* The order of the areas hardly changes in a year or two; where it does, the column may hold something else. */
static kz_status check_column(change *k, int measure, job_when last, int level, kz_err *err)
{
    int n = k->n, like;
    drop_zeros(k);
    if (k->n < SAME_LEAST)
        return KZ_OK;
    double x = median(k, k->x, k->n), y = median(k, k->y, k->n);
    double apart = fabs(x - y), usual = (spread_of(k, k->x, k->n, x) + spread_of(k, k->y, k->n, y)) / MAD_NORMAL;
    double own = rank_correlation(k);
    if (own >= RANK_LOW)
        return KZ_OK;
    KZ_TRY(find_like(k, measure, last, level, own, &like, err));
    if (like >= 0)
        say_column(k, measure, level, "check.column_shifted", k->job->measures->list[like].label, n);
    else if (apart > SHIFT_FAR * usual)
        say_column(k, measure, level, "check.column_unlike", "", n);
    return KZ_OK;
}

/* ---- which periods ------------------------------------------------------------------ */

/* 2011 and 2012-Q1 are not to be compared. */
static bool same_form(const char *a, const char *b)
{
    size_t n = strlen(a);
    if (n != strlen(b))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool x = a[i] >= '0' && a[i] <= '9', y = b[i] >= '0' && b[i] <= '9';
        if (x != y || (!x && a[i] != b[i]))
            return false;
    }
    return true;
}

/* The newest period before `p` with values of the measure; both -1: there is none. */
static kz_status find_last(change *k, int measure, const kz_period *p, job_when *ret, kz_err *err)
{
    kz_job *job = k->job;
    job_when last = { -1, -1 };
    const char *day = "";
    for (int i = 0; i < job->n_periods; i++) {
        const kz_period *f = &job->periods[i].is;
        if (job->runs[measure * job->n_periods + i].n == 0 || strcmp(f->day, p->day) >= 0 || strcmp(f->day, day) <= 0 ||
            !same_form(f->code, p->code))
            continue;
        last = kz_job_when(job, i);
        day = f->day;
    }
    for (int i = job->n_stored - 1; i >= 0 && job->measure_ids[measure] != 0; i--) {
        const kz_period *s = &job->stored[i].is;
        if (strcmp(s->day, day) <= 0)
            break; /* they are in order of their days */
        if (strcmp(s->day, p->day) >= 0 || !same_form(s->code, p->code))
            continue;
        job_when here = { job->stored[i].other, i };
        KZ_TRY(kz_job_known(job, measure, here, &k->before, err));
        if (k->before.any) {
            last = here;
            break;
        }
    }
    *ret = last;
    return KZ_OK;
}

static kz_status check_run(change *k, int measure, int period, kz_err *err)
{
    const kz_job *job = k->job;
    const kz_measure *m = &job->measures->list[measure];
    job_when last;
    KZ_TRY(find_last(k, measure, &job->periods[period].is, &last, err));
    if (last.file < 0 && last.stored < 0)
        return KZ_OK;
    KZ_TRY(kz_job_known(k->job, measure, kz_job_when(job, period), &k->now, err));
    KZ_TRY(kz_job_known(k->job, measure, last, &k->before, err));
    if (!k->before.any)
        return KZ_OK;
    k->period = job->periods[period].is.code;
    k->last = last.stored >= 0 ? job->stored[last.stored].is.code : job->periods[last.file].is.code;
    for (int level = 0; level < job->n_levels; level++) {
        pair_up(k, &k->now, &k->before, level, m->decimals);
        if (k->n < AREAS_LEAST || !first_cell(k, level))
            continue;
        /* What may be negative is a change itself: from one change to the next nothing is usual. */
        bool same = false;
        if (m->lo >= 0 && m->adds)
            same = check_ratios(k, measure);
        else if (m->lo >= 0)
            same = check_differences(k, measure);
        check_unchanged(k, measure, level);
        if (!same)
            KZ_TRY(check_column(k, measure, last, level, err));
    }
    return KZ_OK;
}

kz_status kz_job_check_change(kz_job *job, kz_err *err)
{
    change k = { .job = job };
    int n = job->n_areas + 1;
    KZ_TRY(kz_job_known_make(job, &k.now, err));
    KZ_TRY(kz_job_known_make(job, &k.before, err));
    KZ_TRY(kz_job_known_make(job, &k.other, err));
    k.area = kz_arena_new(&job->arena, int, n);
    k.order = kz_arena_new(&job->arena, int, n);
    k.x = kz_arena_new(&job->arena, double, n);
    k.y = kz_arena_new(&job->arena, double, n);
    k.z = kz_arena_new(&job->arena, double, n);
    k.d = kz_arena_new(&job->arena, double, n);
    k.sorted = kz_arena_new(&job->arena, double, n);
    if (!k.area || !k.order || !k.x || !k.y || !k.z || !k.d || !k.sorted)
        return memory(err);
    for (int m = 0; m < job->measures->n; m++)
        for (int p = 0; p < job->n_periods; p++)
            if (job->runs[m * job->n_periods + p].n > 0)
                KZ_TRY(check_run(&k, m, p, err));
    return KZ_OK;
}
