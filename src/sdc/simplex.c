#include "sdc/simplex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A coefficient; a remainder of rounding; how far below zero a count may be taken for zero. */
static const double TINY = 1e-7, NOISE = 1e-10, BELOW = 1e-7;
enum { OLD = 1000 }; /* steps after which the form is made again */

void kz_simplex_done(kz_simplex *s)
{
    free(s->t);
    free(s->beta);
    free(s->basic);
    free(s->loose);
    free(s->place);
    free(s->was_zero);
    free(s->hot);
    free(s->x);
    *s = (kz_simplex){ 0 };
}

/* Coefficients and counts are nearly always whole or simple fractions: eighths are put right at once,
 * so that rounding errors do not pile up over thousands of steps. */
static inline double snap(double v)
{
    const double grid = 0x1.8p49; /* adding it leaves three binary places */
    double w = (v + grid) - grid;
    return fabs(v - w) < NOISE ? w : v;
}

/* ---- from equations to a solved form ---------------------------------------- */

/* The column of the row that the fewest rows have; entries of 1 before others.  With `place` only
 * columns that are solved for there, the largest entry first: the same form again, without old errors. */
static int choose_column(const double *row, const int count[], const int place[], int n)
{
    int best = -1;
    for (int c = 0; c < n; c++) {
        if (fabs(row[c]) < TINY || (place && place[c] < 0))
            continue;
        if (place) {
            best = best < 0 || fabs(row[c]) > fabs(row[best]) ? c : best;
            continue;
        }
        bool unit = fabs(fabs(row[c]) - 1) < TINY;
        if (best < 0 || (unit && fabs(fabs(row[best]) - 1) >= TINY) ||
            (unit == (fabs(fabs(row[best]) - 1) < TINY) && count[c] < count[best]))
            best = c;
    }
    return best;
}

/* Gauss-Jordan in place; pivot[r] is the column of row r, -1 for a row that became empty.
 * False: a row 0 = something. */
static bool solve_rows(double *m, double *b, int n_rows, int n, const int count[], const int place[], int pivot[],
                       int hot[])
{
    for (int r = 0; r < n_rows; r++) {
        double *row = m + (size_t)r * (size_t)n;
        int c = choose_column(row, count, place, n), k = 0;
        pivot[r] = c;
        if (c < 0) {
            if (fabs(b[r]) > 1e-6)
                return false;
            continue;
        }
        double one = row[c];
        for (int i = 0; i < n; i++)
            if (row[i] != 0) {
                row[i] /= one;
                hot[k++] = i;
            }
        b[r] /= one;
        for (int o = 0; o < n_rows; o++) {
            double *other = m + (size_t)o * (size_t)n, f = other[c];
            if (o == r || f == 0)
                continue;
            for (int i = 0; i < k; i++) {
                other[hot[i]] = snap(other[hot[i]] - f * row[hot[i]]);
            }
            other[c] = 0;
            b[o] -= f * b[r];
        }
    }
    return true;
}

static bool condense(kz_simplex *s, const double *m, const double *b, int n_rows, const int pivot[])
{
    s->rows = 0;
    for (int r = 0; r < n_rows; r++)
        s->rows += pivot[r] >= 0;
    s->cols = s->n - s->rows;
    s->t = calloc((size_t)s->rows * (size_t)s->cols + 1, sizeof *s->t);
    s->beta = calloc((size_t)s->rows + 1, sizeof *s->beta);
    s->basic = calloc((size_t)s->rows + 1, sizeof *s->basic);
    s->loose = calloc((size_t)s->cols + 1, sizeof *s->loose);
    s->place = calloc((size_t)s->n + 1, sizeof *s->place);
    if (!s->t || !s->beta || !s->basic || !s->loose || !s->place)
        return false;
    for (int c = 0; c < s->n; c++)
        s->place[c] = -1;
    for (int r = 0, at = 0; r < n_rows; r++)
        if (pivot[r] >= 0) {
            s->place[pivot[r]] = at;
            s->basic[at++] = pivot[r];
        }
    for (int c = 0, at = 0; c < s->n; c++)
        if (s->place[c] < 0) {
            s->place[c] = -1 - at;
            s->loose[at++] = c;
        }
    for (int r = 0, at = 0; r < n_rows; r++)
        if (pivot[r] >= 0) {
            for (int k = 0; k < s->cols; k++)
                s->t[(size_t)at * (size_t)s->cols + (size_t)k] = m[(size_t)r * (size_t)s->n + (size_t)s->loose[k]];
            s->beta[at++] = b[r];
        }
    return true;
}

/* ---- one step --------------------------------------------------------------- */

static double *row_of(kz_simplex *s, int r)
{
    return s->t + (size_t)r * (size_t)s->cols;
}

/* The unknown of column j becomes solved for, the one of row r free. */
static void pivot_at(kz_simplex *s, int r, int j)
{
    double *row = row_of(s, r), one = row[j];
    int k = 0;
    s->age++;
    row[j] = 1;
    for (int i = 0; i < s->cols; i++)
        if (row[i] != 0) {
            row[i] = snap(row[i] / one);
            if (i != j)
                s->hot[k++] = i;
        }
    s->beta[r] = snap(s->beta[r] / one);
    for (int o = 0; o < s->rows; o++) {
        double *other = row_of(s, o), f = other[j];
        if (o == r || f == 0)
            continue;
        for (int i = 0; i < k; i++) {
            other[s->hot[i]] = snap(other[s->hot[i]] - f * row[s->hot[i]]);
        }
        other[j] = -f * row[j];
        s->beta[o] = snap(s->beta[o] - f * s->beta[r]);
    }
    int in = s->loose[j], out = s->basic[r];
    s->basic[r] = in;
    s->loose[j] = out;
    s->place[in] = r;
    s->place[out] = -1 - j;
}

/* The row that first comes to zero when column j grows; -1: none ever does.  While a first table is
 * sought, rows below zero do not count. */
static int first_to_zero(kz_simplex *s, int j, bool seeking, bool bland, double *step)
{
    int best = -1;
    double least = INFINITY, size = 0;
    for (int r = 0; r < s->rows; r++) {
        double a = row_of(s, r)[j];
        if (a <= TINY || (seeking && s->beta[r] < -BELOW))
            continue;
        double q = s->beta[r] > 0 ? s->beta[r] / a : 0;
        bool tie = fabs(q - least) <= TINY;
        if (tie ? (bland ? s->basic[r] < s->basic[best] : a > size) : q < least) {
            best = r;
            size = a;
            if (q < least)
                least = q;
        }
    }
    *step = least;
    return best;
}

/* ---- a first table that fits ------------------------------------------------- */

/* Rows below zero come up while column j grows; the farthest of them that does not pass `most`. */
static int last_to_rise(kz_simplex *s, int j, double most)
{
    int best = -1;
    double far = -1;
    for (int r = 0; r < s->rows; r++) {
        double a = row_of(s, r)[j];
        if (s->beta[r] >= -BELOW || a >= -TINY)
            continue;
        double q = s->beta[r] / a;
        if (q <= most + TINY && q > far) {
            far = q;
            best = r;
        }
    }
    return best;
}

static int rising_column(kz_simplex *s, double gain[], bool bland)
{
    int best = -1;
    memset(gain, 0, (size_t)s->cols * sizeof *gain);
    for (int r = 0; r < s->rows; r++) {
        const double *row = row_of(s, r);
        if (s->beta[r] < -BELOW)
            for (int j = 0; j < s->cols; j++)
                gain[j] += row[j];
    }
    for (int j = 0; j < s->cols; j++)
        if (gain[j] < -1e-7 &&
            (best < 0 || (bland ? s->loose[j] < s->loose[best] : gain[j] < gain[best])))
            best = j;
    return best;
}

static double lack(const kz_simplex *s)
{
    double sum = 0;
    for (int r = 0; r < s->rows; r++)
        sum -= s->beta[r] < -BELOW ? s->beta[r] : 0;
    return sum;
}

static kz_status first_table(kz_simplex *s, kz_err *err)
{
    double *gain = calloc((size_t)s->cols + 1, sizeof *gain), before = INFINITY;
    int still = 0;
    kz_status st = gain ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int64_t turn = 0; st == KZ_OK; turn++) {
        double now = lack(s), step;
        if (now == 0)
            break;
        still = now < before - TINY ? 0 : still + 1;
        before = now;
        int j = rising_column(s, gain, still > 40);
        if (j < 0) {
            st = kz_fail(err, KZ_E_FINDING, "sdc.infeasible");
            break;
        }
        int r = first_to_zero(s, j, true, still > 40, &step), up = last_to_rise(s, j, step);
        if (up >= 0)
            r = up;
        if (r < 0 || turn > 200 + 60ll * (s->rows + s->cols)) {
            st = kz_fail(err, KZ_E_LIMIT, "sdc.arithmetic");
            break;
        }
        pivot_at(s, r, j);
    }
    for (int r = 0; r < s->rows; r++)
        if (s->beta[r] < 0 && s->beta[r] >= -BELOW)
            s->beta[r] = 0;
    free(gain);
    return st;
}

/* ---- ranges ------------------------------------------------------------------- */

static kz_status check_table(kz_simplex *s, kz_err *err)
{
    for (int c = 0; c < s->n; c++)
        s->x[c] = s->place[c] >= 0 ? s->beta[s->place[c]] : 0;
    for (int e = 0; e < s->n_equations; e++) {
        double sum = -s->right[e], size = fabs(s->right[e]) + 1;
        for (size_t i = s->start[e]; i < s->start[e + 1]; i++)
            sum += s->terms[i].coefficient * s->x[s->terms[i].column];
        if (fabs(sum) > 1e-7 * size)
            return kz_fail(err, KZ_E_LIMIT, "sdc.arithmetic");
    }
    for (int c = 0; c < s->n; c++)
        if (s->x[c] < -1e-6)
            return kz_fail(err, KZ_E_LIMIT, "sdc.arithmetic");
    return KZ_OK;
}

/* Let column j grow as far as it may; false: without end. */
static bool grow(kz_simplex *s, int j, bool bland, double *step)
{
    int r = first_to_zero(s, j, false, bland, step);
    if (r < 0)
        return false;
    s->was_zero[s->basic[r]] = true;
    pivot_at(s, r, j);
    return true;
}

static kz_status push(kz_simplex *s, int p, bool up, double *end, kz_err *err)
{
    int still = 0;
    for (int64_t turn = 0;; turn++) {
        int j = -1;
        double step;
        if (turn > 1000 + 60ll * (s->rows + s->cols))
            return kz_fail(err, KZ_E_LIMIT, "sdc.arithmetic");
        if (s->place[p] < 0) {
            if (!up)
                break; /* free ones are zero */
            j = -1 - s->place[p];
        } else {
            const double *row = row_of(s, s->place[p]);
            double best = TINY;
            for (int k = 0; k < s->cols; k++) {
                double g = up ? -row[k] : row[k];
                if (still > 40 ? g > TINY && (j < 0 || s->loose[k] < s->loose[j]) : g > best) {
                    best = g;
                    j = k;
                }
            }
            if (j < 0)
                break;
        }
        if (!grow(s, j, still > 40, &step)) {
            *end = INFINITY;
            return KZ_OK;
        }
        still = step > TINY ? 0 : still + 1;
    }
    KZ_TRY(check_table(s, err));
    double v = s->x[p], whole = nearbyint(v);
    *end = fabs(v - whole) < 1e-6 ? whole : v;
    return KZ_OK;
}

static kz_status make(kz_simplex *s, int n_equations, const size_t start[], const kz_linear_term terms[],
                      const double right[], int n, const int place[], kz_err *err);

/* Rounding errors pile up: the same form again, from the equations as they were given. */
static kz_status renew(kz_simplex *s, kz_err *err)
{
    bool *zero = s->was_zero;
    kz_simplex fresh = { 0 };
    s->was_zero = NULL;
    kz_status st = make(&fresh, s->n_equations, s->start, s->terms, s->right, s->n, s->place, err);
    for (int c = 0; st == KZ_OK && c < s->n; c++)
        fresh.was_zero[c] |= zero[c];
    free(zero);
    kz_simplex_done(s);
    *s = fresh;
    return st;
}

static kz_status push_twice(kz_simplex *s, int p, bool up, double *end, kz_err *err)
{
    if (s->age > OLD)
        KZ_TRY(renew(s, err));
    if (push(s, p, up, end, NULL) == KZ_OK)
        return KZ_OK;
    KZ_TRY(renew(s, err));
    return push(s, p, up, end, err);
}

kz_status kz_simplex_highest(kz_simplex *s, int unknown, double *hi, kz_err *err)
{
    return push_twice(s, unknown, true, hi, err);
}

kz_status kz_simplex_range(kz_simplex *s, int unknown, double *lo, double *hi, kz_err *err)
{
    double low = 0, high;
    KZ_TRY(push_twice(s, unknown, true, &high, err));
    if (!s->was_zero[unknown])
        KZ_TRY(push_twice(s, unknown, false, &low, err));
    *lo = low;
    *hi = high;
    return KZ_OK;
}

/* ---- from outside -------------------------------------------------------------- */

static kz_status fill(kz_simplex *s, double *m, double *b, int count[], const int place[], int pivot[], kz_err *err)
{
    for (int e = 0; e < s->n_equations; e++) {
        b[e] = s->right[e];
        for (size_t i = s->start[e]; i < s->start[e + 1]; i++) {
            m[(size_t)e * (size_t)s->n + (size_t)s->terms[i].column] += s->terms[i].coefficient;
            count[s->terms[i].column]++;
        }
    }
    if (!solve_rows(m, b, s->n_equations, s->n, count, place, pivot, s->hot))
        return kz_fail(err, KZ_E_FINDING, "sdc.infeasible");
    if (!condense(s, m, b, s->n_equations, pivot))
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    return first_table(s, err);
}

/* `place`: of a form that had the same equations; NULL: none. */
static kz_status make(kz_simplex *s, int n_equations, const size_t start[], const kz_linear_term terms[],
                      const double right[], int n, const int place[], kz_err *err)
{
    size_t entries = (size_t)n_equations * (size_t)n;
    *s = (kz_simplex){ .n = n, .n_equations = n_equations, .start = start, .terms = terms, .right = right };
    if (entries > KZ_SIMPLEX_ENTRIES)
        return kz_fail(err, KZ_E_LIMIT, "sdc.block", kz_n("cells", n));
    double *m = calloc(entries + 1, sizeof *m), *b = calloc((size_t)n_equations + 1, sizeof *b);
    int *count = calloc((size_t)n + 1, sizeof *count), *pivot = calloc((size_t)n_equations + 1, sizeof *pivot);
    s->hot = calloc((size_t)n + 1, sizeof *s->hot);
    s->x = calloc((size_t)n + 1, sizeof *s->x);
    s->was_zero = calloc((size_t)n + 1, sizeof *s->was_zero);
    kz_status st = m && b && count && pivot && s->hot && s->x && s->was_zero
                       ? fill(s, m, b, count, place, pivot, err)
                       : kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int k = 0; st == KZ_OK && k < s->cols; k++)
        s->was_zero[s->loose[k]] = true;
    free(m);
    free(b);
    free(count);
    free(pivot);
    if (st != KZ_OK)
        kz_simplex_done(s);
    return st;
}

kz_status kz_simplex_make(kz_simplex *s, int n_equations, const size_t start[], const kz_linear_term terms[],
                          const double right[], int n, kz_err *err)
{
    KZ_TRY(make(s, n_equations, start, terms, right, n, NULL, err));
    for (int turn = 0; turn < 3 && check_table(s, NULL) != KZ_OK; turn++)
        KZ_TRY(renew(s, err));
    kz_status st = check_table(s, err);
    if (st != KZ_OK)
        kz_simplex_done(s);
    return st;
}
