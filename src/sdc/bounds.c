#include "sdc/bounds.h"

#include <math.h>
#include <stdlib.h>

#include "sdc/simplex.h"

const char *kz_sdc_verdict_name(kz_sdc_verdict v)
{
    static const char *const NAME[] = { "ok", "exact", "narrow" };
    return NAME[v];
}

kz_sdc_verdict kz_sdc_judge(double lo, double hi, int64_t width)
{
    double low = ceil(lo - 1e-6), high = floor(hi + 1e-6);
    return high <= low ? KZ_SDC_EXACT : high - low < (double)width ? KZ_SDC_NARROW : KZ_SDC_SAFE;
}

typedef struct job {
    const kz_sdc_table *t;
    const bool *hidden;
    kz_sdc_bounds_out *out;
    int *column;        /* of a cell in the block; -1 outside          */
    bool *seen;         /* of a line                                     */
    int *cells, n;      /* the block                                    */
    size_t *start;
    kz_linear_term *terms;
    double *right;
    size_t n_terms, cap_terms;
    int rows, cap_rows;
    bool *fixed;
} job;

static bool room(job *j)
{
    if (j->n_terms + 1 >= j->cap_terms) {
        size_t cap = j->cap_terms ? 2 * j->cap_terms : 4096;
        kz_linear_term *p = realloc(j->terms, cap * sizeof *p);
        if (!p)
            return false;
        j->terms = p;
        j->cap_terms = cap;
    }
    if (j->rows + 2 >= j->cap_rows) {
        int cap = j->cap_rows ? 2 * j->cap_rows : 1024;
        size_t *s = realloc(j->start, (size_t)cap * sizeof *s);
        if (s)
            j->start = s;
        double *r = realloc(j->right, (size_t)cap * sizeof *r);
        if (r)
            j->right = r;
        if (!s || !r)
            return false;
        j->cap_rows = cap;
    }
    return true;
}

static bool put(job *j, int cell, int sign, double *right)
{
    if (!j->hidden[cell]) {
        *right -= sign * (double)j->t->n[cell];
        return true;
    }
    if (j->column[cell] < 0) {
        j->column[cell] = j->n;
        j->cells[j->n++] = cell;
    }
    if (!room(j))
        return false;
    j->terms[j->n_terms++] = (kz_linear_term){ j->column[cell], sign };
    return true;
}

/* A line, once. */
static bool add_line(job *j, kz_sdc_line l)
{
    double right = 0;
    int64_t id = kz_sdc_line_id(j->t, l);
    if (j->seen[id])
        return true;
    j->seen[id] = true;
    bool ok = room(j);
    for (int i = 0; ok && i < kz_sdc_line_cells(j->t, l); i++) {
        int sign, cell = kz_sdc_line_cell(j->t, l, i, &sign);
        ok = put(j, cell, sign, &right);
    }
    if (!ok)
        return false;
    j->right[j->rows++] = right;
    j->start[j->rows] = j->n_terms;
    return true;
}

/* All cells that hang together with `cell`, and their lines. */
static bool collect(job *j, int cell)
{
    const kz_sdc_table *t = j->t;
    j->n = j->rows = 0;
    j->n_terms = 0;
    if (!room(j))
        return false;
    j->start[0] = 0;
    j->column[cell] = 0;
    j->cells[j->n++] = cell;
    for (int at = 0; at < j->n; at++)
        for (int k = 0; k < t->n_dims; k++)
            for (int i = 0; i < kz_sdc_lines_through(t, j->cells[at], k); i++)
                if (!add_line(j, kz_sdc_line_through(t, j->cells[at], k, i)))
                    return false;
    return true;
}

/* No ends for this block: too large, or the arithmetic came to its end. */
static void skip(job *j)
{
    for (int i = 0; i < j->n; i++) {
        int c = j->cells[i];
        j->out->lo[c] = j->out->hi[c] = NAN;
        j->out->skipped++;
        if (j->out->determined)
            j->out->determined[c] = j->fixed[i];
    }
}

static kz_status ends_of_block(job *j, kz_simplex *s, kz_err *err)
{
    for (int i = 0; i < j->n; i++) {
        int c = j->cells[i];
        double lo, hi;
        KZ_TRY(kz_simplex_range(s, i, &lo, &hi, err));
        j->out->lo[c] = lo;
        j->out->hi[c] = j->fixed[i] ? lo : hi;
        if (j->out->determined)
            j->out->determined[c] = j->fixed[i];
    }
    return KZ_OK;
}

/* A cell without any line (a table of one cell) is bounded by nothing. */
static kz_status solve(job *j, kz_err *err)
{
    kz_auto(kz_simplex) s = { 0 };
    int64_t most = j->out->most ? j->out->most : KZ_SIMPLEX_ENTRIES;
    KZ_TRY(kz_linear_determined(j->rows, j->start, j->terms, j->n, j->fixed, err));
    j->out->blocks++;
    j->out->largest = j->n > j->out->largest ? j->n : j->out->largest;
    if ((int64_t)j->rows * j->n > most) {
        skip(j);
        return KZ_OK;
    }
    kz_status st = kz_simplex_make(&s, j->rows, j->start, j->terms, j->right, j->n, err);
    if (st == KZ_OK)
        st = ends_of_block(j, &s, err);
    if (st != KZ_E_LIMIT)
        return st;
    skip(j);
    return KZ_OK;
}

static kz_status every_block(job *j, int *where, kz_err *err)
{
    for (int c = 0; c < j->t->n_cells; c++) {
        if (!j->hidden[c]) {
            j->out->lo[c] = j->out->hi[c] = (double)j->t->n[c];
            if (j->out->determined)
                j->out->determined[c] = true;
            continue;
        }
        if (j->column[c] >= 0)
            continue;
        if (!collect(j, c))
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
        kz_status st = solve(j, err);
        if (st != KZ_OK) {
            *where = c;
            return st;
        }
    }
    return KZ_OK;
}

kz_status kz_sdc_bounds(const kz_sdc_table *t, const bool hidden[], kz_sdc_bounds_out *out, int *where, kz_err *err)
{
    size_t n = (size_t)t->n_cells;
    job j = { .t = t, .hidden = hidden, .out = out };
    out->blocks = out->largest = out->skipped = 0;
    j.column = calloc(n + 1, sizeof *j.column);
    j.cells = malloc((n + 1) * sizeof *j.cells);
    j.seen = calloc((size_t)kz_sdc_line_ids(t) + 1, sizeof *j.seen);
    j.fixed = calloc(n + 1, sizeof *j.fixed);
    bool *known = calloc(n + 1, sizeof *known);
    kz_status st = KZ_OK;
    if (!j.column || !j.cells || !j.seen || !j.fixed || !known) {
        st = kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    } else {
        int64_t sum;
        for (size_t c = 0; c < n; c++) {
            j.column[c] = -1;
            known[c] = !hidden[c];
        }
        int bad = kz_sdc_table_contradiction(t, known, &sum);
        if (bad >= 0) {
            *where = bad;
            st = kz_fail(err, KZ_E_FINDING, "sdc.infeasible");
        } else {
            st = every_block(&j, where, err);
        }
    }
    free(j.column);
    free(j.cells);
    free(j.seen);
    free(j.fixed);
    free(known);
    free(j.start);
    free(j.terms);
    free(j.right);
    return st;
}
