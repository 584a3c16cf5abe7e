#include "sdc/linear.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t P = (1ull << 61) - 1;

typedef struct entry {
    int      column;
    uint64_t value; /* 1 .. P - 1 */
} entry;

/* A row sorted by column; n = 0 once it is used up. */
typedef struct row {
    entry *e;
    int n, cap;
} row;

/* The rows that may hold a column; rows that lost it stay in the list. */
typedef struct column {
    int *row;
    int n, cap, live; /* live: rows that really hold it */
    bool pivot;
} column;

typedef struct matrix {
    row *rows;
    column *columns;
    int n_rows, n_columns;
    row spare;
} matrix;

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t s = a + b;
    return s >= P ? s - P : s;
}

static uint64_t mul(uint64_t a, uint64_t b)
{
    unsigned __int128 t = (unsigned __int128)a * b;
    return add((uint64_t)(t & P), (uint64_t)(t >> 61));
}

static uint64_t negative(uint64_t a)
{
    return a == 0 ? 0 : P - a;
}

static uint64_t inverse(uint64_t a)
{
    uint64_t r = 1;
    for (uint64_t e = P - 2; e > 0; e >>= 1, a = mul(a, a))
        if (e & 1)
            r = mul(r, a);
    return r;
}

static bool row_room(row *r, int n)
{
    if (n <= r->cap)
        return true;
    int cap = r->cap ? r->cap : 8;
    while (cap < n)
        cap *= 2;
    entry *e = realloc(r->e, (size_t)cap * sizeof *e);
    if (!e)
        return false;
    r->e = e;
    r->cap = cap;
    return true;
}

static bool column_add(column *c, int r)
{
    if (c->n == c->cap) {
        int cap = c->cap ? c->cap * 2 : 4;
        int *p = realloc(c->row, (size_t)cap * sizeof *p);
        if (!p)
            return false;
        c->row = p;
        c->cap = cap;
    }
    c->row[c->n++] = r;
    c->live++;
    return true;
}

static const entry *find(const row *r, int col)
{
    int lo = 0, hi = r->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (r->e[mid].column < col)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->n && r->e[lo].column == col ? &r->e[lo] : NULL;
}

/* rows[at] += factor * pivot; the pivot column cancels. */
static bool eliminate(matrix *m, int at, const row *pivot, uint64_t factor)
{
    row *r = &m->rows[at], *out = &m->spare;
    int i = 0, j = 0, n = 0;
    if (!row_room(out, r->n + pivot->n))
        return false;
    while (i < r->n || j < pivot->n) {
        if (j == pivot->n || (i < r->n && r->e[i].column < pivot->e[j].column)) {
            out->e[n++] = r->e[i++];
        } else if (i == r->n || pivot->e[j].column < r->e[i].column) {
            int c = pivot->e[j].column;
            out->e[n++] = (entry){ c, mul(pivot->e[j++].value, factor) };
            if (!column_add(&m->columns[c], at))
                return false;
        } else {
            int c = r->e[i].column;
            uint64_t v = add(r->e[i++].value, mul(pivot->e[j++].value, factor));
            if (v)
                out->e[n++] = (entry){ c, v };
            else
                m->columns[c].live--;
        }
    }
    out->n = n;
    row old = *r;
    *r = *out;
    *out = old;
    return true;
}

/* Shortest live row, ties to the first. */
static int shortest(const matrix *m, const bool done[])
{
    int best = -1;
    for (int r = 0; r < m->n_rows; r++)
        if (!done[r] && m->rows[r].n > 0 && (best < 0 || m->rows[r].n < m->rows[best].n)) {
            best = r;
            if (m->rows[r].n == 1)
                break;
        }
    return best;
}

/* Echelon form: pivot rows in order[0 .. rank), their columns in pivot[]. */
static bool reduce(matrix *m, bool done[], int order[], int pivot[], int *rank)
{
    *rank = 0;
    for (int at; (at = shortest(m, done)) >= 0;) {
        const row *r = &m->rows[at];
        int col = r->e[0].column;
        for (int i = 1; i < r->n; i++)
            if (m->columns[r->e[i].column].live < m->columns[col].live)
                col = r->e[i].column;
        uint64_t scale = negative(inverse(find(r, col)->value));
        done[at] = true;
        order[*rank] = at;
        pivot[(*rank)++] = col;
        m->columns[col].pivot = true;
        column *c = &m->columns[col];
        for (int k = 0; k < c->n; k++) {
            int other = c->row[k];
            const entry *e = done[other] ? NULL : find(&m->rows[other], col);
            if (e && !eliminate(m, other, r, mul(e->value, scale)))
                return false;
        }
    }
    return true;
}

static uint64_t mix(uint64_t x) /* splitmix64 */
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* One vector of the null space: free columns by chance, pivots from the last row back. */
static void null_vector(const matrix *m, const int order[], const int pivot[], int rank, uint64_t seed, uint64_t x[])
{
    for (int c = 0; c < m->n_columns; c++)
        x[c] = m->columns[c].pivot ? 0 : mix(seed + (uint64_t)c) % (P - 1) + 1;
    for (int k = rank - 1; k >= 0; k--) {
        const row *r = &m->rows[order[k]];
        uint64_t sum = 0, own = 1;
        for (int i = 0; i < r->n; i++) {
            if (r->e[i].column == pivot[k])
                own = r->e[i].value;
            else
                sum = add(sum, mul(r->e[i].value, x[r->e[i].column]));
        }
        x[pivot[k]] = mul(negative(sum), inverse(own));
    }
}

static int by_column(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return (x->column > y->column) - (x->column < y->column);
}

static bool fill(matrix *m, const size_t start[], const kz_linear_term terms[])
{
    for (int r = 0; r < m->n_rows; r++) {
        row *out = &m->rows[r];
        int n = (int)(start[r + 1] - start[r]);
        if (!row_room(out, n))
            return false;
        for (int i = 0; i < n; i++) {
            int64_t k = terms[start[r] + (size_t)i].coefficient;
            out->e[i] = (entry){ terms[start[r] + (size_t)i].column, k >= 0 ? (uint64_t)k : P - (uint64_t)-k };
        }
        if (n > 1)
            qsort(out->e, (size_t)n, sizeof *out->e, by_column);
        for (int i = 0; i < n; i++) { /* a column that comes twice is one entry */
            if (out->n > 0 && out->e[out->n - 1].column == out->e[i].column)
                out->e[out->n - 1].value = add(out->e[out->n - 1].value, out->e[i].value);
            else
                out->e[out->n++] = out->e[i];
            if (out->e[out->n - 1].value == 0)
                out->n--;
        }
        for (int i = 0; i < out->n; i++)
            if (!column_add(&m->columns[out->e[i].column], r))
                return false;
    }
    return true;
}

kz_status kz_linear_determined(int n, const size_t start[], const kz_linear_term terms[], int n_columns,
                               bool determined[], kz_err *err)
{
    matrix m = { .n_rows = n, .n_columns = n_columns };
    size_t rows = (size_t)n + 1, columns = (size_t)n_columns + 1;
    m.rows = calloc(rows, sizeof *m.rows);
    m.columns = calloc(columns, sizeof *m.columns);
    bool *done = calloc(rows, sizeof *done);
    int *order = calloc(rows, sizeof *order), *pivot = calloc(rows, sizeof *pivot), rank = 0;
    uint64_t *x = calloc(columns, sizeof *x), *y = calloc(columns, sizeof *y);

    bool ok = m.rows && m.columns && done && order && pivot && x && y && fill(&m, start, terms) &&
              reduce(&m, done, order, pivot, &rank);
    if (ok) {
        null_vector(&m, order, pivot, rank, 0x6B656B697A31u, x);
        null_vector(&m, order, pivot, rank, 0x6B656B697A32u << 20, y);
        for (int c = 0; c < n_columns; c++)
            determined[c] = x[c] == 0 && y[c] == 0;
    }
    for (int r = 0; m.rows && r < n; r++)
        free(m.rows[r].e);
    for (int c = 0; m.columns && c < n_columns; c++)
        free(m.columns[c].row);
    free(m.spare.e);
    free(m.rows);
    free(m.columns);
    free(done);
    free(order);
    free(pivot);
    free(x);
    free(y);
    return ok ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "sdc.memory");
}
