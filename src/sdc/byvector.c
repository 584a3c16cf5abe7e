/*
 * A witness by linear programming, for a primary that no product move protects
 * (the moves through it meet cells that must stay shown).  First in the
 * neighbourhood, then in the whole table if that is small enough.
 */
#include <math.h>
#include <stdlib.h>

#include "sdc/simplex.h"
#include "sdc/space.h"

enum { AREA_CELLS = 1500, RADIUS = 4 };

typedef struct area {
    const kz_space *s;
    int *column, *cells, n;
    size_t *start, n_terms;
    kz_linear_term *terms;
    double *right;
    int rows;
} area;

/* Lines with a cell in the area; cells outside do not move. */
static void add_lines(area *a, const bool inside[])
{
    const kz_sdc_table *t = a->s->t;
    for (int c = 0; c < t->n_cells; c++)
        for (int k = 0; k < t->n_dims; k++)
            for (int of = 0; of < kz_sdc_lines_from(t, c, k); of++) {
                kz_sdc_line l = kz_sdc_line_from(t, c, k, of);
                size_t from = a->n_terms;
                double right = 0;
                for (int i = 0; i < kz_sdc_line_cells(t, l); i++) {
                    int sign, cell = kz_sdc_line_cell(t, l, i, &sign);
                    if (!inside[cell])
                        continue;
                    if (a->column[cell] < 0) {
                        a->column[cell] = a->n;
                        a->cells[a->n++] = cell;
                    }
                    a->terms[a->n_terms++] = (kz_linear_term){ a->column[cell], sign };
                    right += sign * (double)t->n[cell];
                }
                if (a->n_terms > from) {
                    a->right[a->rows++] = right;
                    a->start[a->rows] = a->n_terms;
                }
            }
}

bool kz_space_append(kz_space *s, int cell, int coef)
{
    if (s->n_vector == s->cap_vector) {
        size_t cap = s->cap_vector ? 2 * s->cap_vector : 1024;
        int *a = realloc(s->vector_cell, cap * sizeof *a);
        if (a)
            s->vector_cell = a;
        int *b = realloc(s->vector_coef, cap * sizeof *b);
        if (b)
            s->vector_coef = b;
        if (!a || !b)
            return false;
        s->cap_vector = cap;
    }
    s->vector_cell[s->n_vector] = cell;
    s->vector_coef[s->n_vector++] = coef;
    return true;
}

static int64_t common_factor(const int coef[], size_t n)
{
    int64_t all = 0;
    for (size_t i = 0; i < n; i++)
        for (int64_t b = llabs((long long)coef[i]), r; b; b = r) {
            r = all % b;
            all = b;
        }
    return all;
}

/* The way from the truth to the table in x, if it is whole and long enough. */
static bool take(kz_space *s, const area *a, const double x[], int p, bool *memory)
{
    const kz_sdc_table *t = s->t;
    size_t keep = s->n_vector;
    int64_t up = 0, down = 0, own = 0;
    bool has = false, whole = true;
    for (int c = 0; whole && c < t->n_cells; c++) {
        double move = a->column[c] < 0 ? 0 : x[a->column[c]] - (double)t->n[c], step = nearbyint(move);
        whole = fabs(move - step) <= 1e-6 && fabs(step) <= 1e9;
        if (!whole || step == 0)
            continue;
        has |= c == p;
        if (!kz_space_append(s, c, (int)step))
            *memory = whole = false;
    }
    if (whole && has) {
        int64_t all = common_factor(s->vector_coef + keep, s->n_vector - keep);
        for (size_t i = keep; i < s->n_vector; i++)
            s->vector_coef[i] = (int)(s->vector_coef[i] / all);
        kz_sdc_steps(t, s->vector_cell + keep, s->vector_coef + keep, s->n_vector - keep, &up, &down);
        for (size_t i = keep; i < s->n_vector; i++)
            if (s->vector_cell[i] == p)
                own = abs(s->vector_coef[i]);
        if ((up + down) * (s->o->owner_only ? own : 1) >= kz_space_width(s, p))
            return true;
    }
    s->n_vector = keep;
    return false;
}

static kz_status say(const kz_space *s, int p, const char *id, kz_err *err)
{
    kz_auto(kz_buf) name = kz_buf_init(4096);
    if (s->o->where)
        *s->o->where = p;
    kz_sdc_cell_name(s->t, s->o->names, p, &name);
    return kz_fail(err, KZ_E_INPUT, id, kz_s("cell", kz_buf_text(&name)), kz_n("n", s->t->n[p]));
}

/* One more unknown: what is missing from p to `most`. */
static void cap(area *a, int p, double most)
{
    a->terms[a->n_terms++] = (kz_linear_term){ a->column[p], 1 };
    a->terms[a->n_terms++] = (kz_linear_term){ a->n, 1 };
    a->right[a->rows++] = most;
    a->start[a->rows] = a->n_terms;
}

/* Within `inside`; *found false: not here.  `whole`: there is nothing outside, so a narrow interval is proof. */
static kz_status try_area(kz_space *s, area *a, int p, const bool inside[], bool whole, bool *found, kz_err *err)
{
    kz_auto(kz_simplex) x = { 0 };
    double lo = 0, hi = 0;
    bool memory = true;
    a->n = a->rows = 0;
    a->n_terms = 0;
    for (int c = 0; c < s->t->n_cells; c++)
        a->column[c] = -1;
    add_lines(a, inside);
    *found = false;
    if (a->column[p] < 0)
        return KZ_OK;
    bool capped = s->o->owner_only; /* as far as it must go, and no farther: short vectors */
    if (capped)
        cap(a, p, (double)(s->t->n[p] + kz_space_width(s, p)));
    KZ_TRY(kz_simplex_make(&x, a->rows, a->start, a->terms, a->right, a->n + capped, err));
    KZ_TRY(kz_simplex_highest(&x, a->column[p], &hi, err));
    if (isfinite(hi))
        *found = take(s, a, x.x, p, &memory);
    if (!*found) {
        KZ_TRY(kz_simplex_range(&x, a->column[p], &lo, &hi, err));
        *found = take(s, a, x.x, p, &memory);
    }
    if (!memory)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    if (!*found && whole && !capped && floor(hi + 1e-6) - ceil(lo - 1e-6) < (double)kz_space_width(s, p))
        return say(s, p, "sdc.keep_impossible", err);
    return KZ_OK;
}

/* ---- hints ------------------------------------------------------------------------------- */

/* Does hint h leave every line as it is, spare what must stay shown, and go far enough? */
static bool holds(const kz_space *s, int h, int owner, int64_t change[])
{
    const kz_sdc_hints *hints = s->o->hints;
    const int *cell = hints->cell + hints->start[h], *coef = hints->coef + hints->start[h];
    size_t n = hints->start[h + 1] - hints->start[h];
    int64_t up, down, own = 0;
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        ok = ok && s->cost[cell[i]] < KZ_COST_FIXED;
        own = cell[i] == owner ? abs(coef[i]) : own;
        change[cell[i]] = coef[i];
    }
    for (size_t i = 0; i < n && ok; i++)
        for (int k = 0; k < s->t->n_dims; k++)
            for (int l = 0; l < kz_sdc_lines_through(s->t, cell[i], k) && ok; l++)
                ok = kz_sdc_line_holds(s->t, kz_sdc_line_through(s->t, cell[i], k, l), change);
    for (size_t i = 0; i < n; i++)
        change[cell[i]] = 0;
    kz_sdc_steps(s->t, cell, coef, n, &up, &down);
    return ok && own > 0 && (up + down) * (s->o->owner_only ? own : 1) >= kz_space_width(s, owner);
}

kz_status kz_space_take_hint(kz_space *s, int demand, bool *found, kz_err *err)
{
    const kz_sdc_hints *hints = s->o->hints;
    int owner = kz_space_owner(s, demand);
    *found = false;
    for (int h = 0; h < hints->n && !*found; h++) {
        if (hints->owner[h] != owner)
            continue;
        if (!s->change)
            s->change = calloc((size_t)s->t->n_cells + 1, sizeof *s->change);
        if (!s->change)
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
        *found = holds(s, h, owner, s->change);
        for (size_t i = hints->start[h]; i < hints->start[h + 1] && *found; i++)
            if (!kz_space_append(s, hints->cell[i], hints->coef[i]))
                return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    }
    return KZ_OK;
}

/* ---- linear programming ---------------------------------------------------------------------- */

/* How many relations a code is away from the one of p; RADIUS: farther, or there are no relations. */
static void measure(const kz_space *s, int p, int distance[])
{
    const kz_sdc_relations *r = s->t->relations;
    for (int c = 0; c < s->n_sub; c++)
        distance[c] = r ? RADIUS : 0;
    distance[kz_space_sub(s, p)] = 0;
    for (int round = 1; round < RADIUS && r; round++)
        for (int c = 0; c < s->n_sub; c++)
            for (size_t i = r->through_at[c]; i < r->through_at[c + 1] && distance[c] == round - 1; i++) {
                int rel = r->through[i] >> 1;
                for (size_t k = r->start[rel]; k < r->start[rel + 1]; k++)
                    if (distance[r->term[k] >> 1] > round)
                        distance[r->term[k] >> 1] = round;
            }
}

typedef enum shape { WHOLE, TO_ROOT, THIN, SPARSE, N_SHAPES } shape;

static int place_among(const kz_sdc_tree *tree, int v)
{
    int up = tree->parent[v], i = tree->first[up];
    while (tree->child[i] != v)
        i++;
    return i - tree->first[up];
}

static bool is_above(const kz_sdc_tree *tree, int v, int g)
{
    return v <= g && g < v + tree->size[v];
}

/* Is v above or beside p's node or one above it, or the first of its parts, their first part, and so on down?
 * Sparse: only two neighbours on either side. */
static bool is_thin(const kz_sdc_tree *tree, int g, int v, bool sparse)
{
    while (v > 0 && tree->parent[v] == v - 1 && !is_above(tree, v, g))
        v--; /* depth first: the first part of a node is the next one */
    int up = v > 0 ? tree->parent[v] : 0, own = g;
    if (!is_above(tree, up, g))
        return false;
    if (!sparse || v == 0 || is_above(tree, v, g) || up == g)
        return true;
    while (tree->parent[own] != up)
        own = tree->parent[own];
    return abs(place_among(tree, v) - place_among(tree, own)) <= 2;
}

/* Every cell that may move: of main nodes at most `far` levels away from the one of p (also those from there to the
 * root; or only a thin tree of neighbours), and of codes at most `radius` relations away. */
static int mark(const kz_space *s, int p, int far, shape how, int radius, const int distance[], bool inside[])
{
    const kz_sdc_tree *tree = s->t->dim[s->main];
    int g = kz_space_main(s, p), top = g, n = 0;
    for (int i = 0; i < far && top > 0; i++)
        top = tree->parent[top];
    for (int c = 0; c < s->t->n_cells; c++) {
        int v = kz_space_main(s, c);
        bool near = how >= THIN ? is_thin(tree, g, v, how == SPARSE)
                                : (v >= top && v < top + tree->size[top]) || far > tree->depth ||
                                      (how == TO_ROOT && v <= top && top < v + tree->size[v]);
        inside[c] = near && s->cost[c] < KZ_COST_FIXED && distance[kz_space_sub(s, c)] <= radius;
        n += inside[c];
    }
    return n;
}

/* Small neighbourhoods first. */
static kz_status search(kz_space *s, area *a, int demand, bool inside[], int distance[], kz_err *err)
{
    int p = kz_space_owner(s, demand), depth = s->t->dim[s->main]->depth, radii = s->t->relations ? RADIUS + 1 : 1;
    measure(s, p, distance);
    for (int far = 1; far <= depth + 1; far++)
        for (int radius = s->t->relations ? 1 : 0; radius < radii; radius++)
            for (shape how = 0; how < N_SHAPES; how++) {
                bool found, whole = far > depth && radius == radii - 1 && how == WHOLE;
                if ((how != WHOLE && far > depth) || (how >= THIN && far > 1) ||
                    mark(s, p, far, how, radius, distance, inside) > AREA_CELLS)
                    continue;
                KZ_TRY(try_area(s, a, p, inside, whole, &found, err));
                if (found)
                    return KZ_OK;
                if (whole && s->o->owner_only)
                    return say(s, p, "sdc.keep_impossible", err);
            }
    if (s->o->owner_only) {
        bool found;
        KZ_TRY(kz_space_swap(s, demand, &found, err));
        if (found)
            return KZ_OK;
    }
    return say(s, p, "sdc.keep_hard", err);
}

kz_status kz_space_find_vector(kz_space *s, int demand, kz_err *err)
{
    size_t n = (size_t)s->t->n_cells + 1;
    area a = { .s = s };
    bool *inside = calloc(n, sizeof *inside);
    size_t terms = 0, lines = 0;
    for (int c = 0; c < s->t->n_cells; c++)
        for (int k = 0; k < s->t->n_dims; k++) {
            terms += (size_t)kz_sdc_lines_through(s->t, c, k);
            lines += (size_t)kz_sdc_lines_from(s->t, c, k);
        }
    a.column = calloc(n, sizeof *a.column);
    a.cells = calloc(n, sizeof *a.cells);
    a.start = calloc(lines + 3, sizeof *a.start);
    a.right = calloc(lines + 3, sizeof *a.right);
    a.terms = calloc(terms + 3, sizeof *a.terms);
    int *distance = calloc((size_t)s->n_sub + 1, sizeof *distance);
    kz_status st = inside && a.column && a.cells && a.start && a.right && a.terms && distance
                       ? search(s, &a, demand, inside, distance, err)
                       : kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    free(inside);
    free(a.column);
    free(a.cells);
    free(a.start);
    free(a.right);
    free(a.terms);
    free(distance);
    return st;
}
