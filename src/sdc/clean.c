/*
 * Clean-up: a partner is opened when every witness through it can be replaced,
 * by a vector of the pool or by a combination of two that cancels in the cell.
 */
#include <stdlib.h>
#include <string.h>

#include "sdc/run.h"

enum { TRIES = 40, LONGEST = 128, LARGEST = 64 };

typedef struct vector {
    int n;
    int cell[LONGEST], coef[LONGEST];
} vector;

typedef struct job {
    kz_run *r;
    int *user_head;  /* of a cell: links to demands whose witness went through it */
    int *user_next, *user_demand, *user_vector;
    int n_users, cap_users;
    int *found_demand, n_found;
    vector *found;
    int *found_old;  /* a vector of the pool instead; -1 */
    int cap_found;
} job;

static int gcd(int a, int b)
{
    while (b) {
        int t = a % b;
        a = b;
        b = t;
    }
    return a < 0 ? -a : a;
}

void kz_sdc_steps(const kz_sdc_table *t, const int cell[], const int coef[], size_t n, int64_t *up, int64_t *down)
{
    int64_t rise = KZ_STEPS_MOST, fall = KZ_STEPS_MOST;
    for (size_t i = 0; i < n; i++) {
        int64_t k = coef[i] > 0 ? coef[i] : -(int64_t)coef[i], steps = t->n[cell[i]] / k;
        if (coef[i] > 0 && steps < fall)
            fall = steps;
        if (coef[i] < 0 && steps < rise)
            rise = steps;
    }
    *up = rise;
    *down = fall;
}

static bool fits(const kz_space *s, int owner, const int cell[], const int coef[], int n)
{
    int64_t up, down;
    kz_sdc_steps(s->t, cell, coef, (size_t)n, &up, &down);
    return up + down >= kz_space_width(s, owner);
}

/* Its coefficient at the cell, by halving. */
static int at_cell(const int cell[], const int coef[], int n, int c)
{
    int lo = 0, hi = n;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (cell[mid] < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && cell[lo] == c ? coef[lo] : 0;
}

/* With insider: nobody may stand in both witnesses of a primary, except its own person. */
static bool apart(const job *j, int demand, const int cell[], int n)
{
    const kz_space *s = j->r->s;
    if (!s->person)
        return true;
    const kz_pool *p = &j->r->pool;
    int other = j->r->witness[demand ^ 1], own = s->person[kz_space_owner(s, demand)];
    for (int k = 0; k < j->n_found; k++) /* the other one may be about to change as well */
        if (j->found_demand[k] == (demand ^ 1)) {
            const int *cells = j->found_old[k] >= 0 ? p->cell + p->at[j->found_old[k]] : j->found[k].cell;
            int len = j->found_old[k] >= 0 ? (int)(p->at[j->found_old[k] + 1] - p->at[j->found_old[k]])
                                           : j->found[k].n;
            for (int a = 0; a < n; a++)
                for (int b = 0; b < len; b++)
                    if (s->person[cell[a]] >= 0 && s->person[cell[a]] != own &&
                        s->person[cell[a]] == s->person[cells[b]])
                        return false;
            return true;
        }
    for (int a = 0; a < n; a++)
        for (size_t b = p->at[other]; b < p->at[other + 1]; b++)
            if (s->person[cell[a]] >= 0 && s->person[cell[a]] != own &&
                s->person[cell[a]] == s->person[p->cell[b]])
                return false;
    return true;
}

/* W * V[c] - V * W[c], without common factor; false: too long or too large, or nothing left at `keep`. */
static bool combine(const kz_pool *p, int w, int v, int c, int keep, vector *out)
{
    const int *wc = p->cell + p->at[w], *wk = p->coef + p->at[w], *vc = p->cell + p->at[v], *vk = p->coef + p->at[v];
    int wn = (int)(p->at[w + 1] - p->at[w]), vn = (int)(p->at[v + 1] - p->at[v]);
    int a = at_cell(vc, vk, vn, c), b = at_cell(wc, wk, wn, c), g = gcd(a, b), all = 0, n = 0;
    bool kept = false;
    a /= g;
    b /= g;
    for (int i = 0, k = 0; i < wn || k < vn;) {
        int cell, coef;
        if (k == vn || (i < wn && wc[i] < vc[k])) {
            cell = wc[i];
            coef = wk[i++] * a;
        } else if (i == wn || vc[k] < wc[i]) {
            cell = vc[k];
            coef = -vk[k++] * b;
        } else {
            cell = wc[i];
            coef = wk[i++] * a - vk[k++] * b;
        }
        if (coef == 0)
            continue;
        if (n == LONGEST)
            return false;
        kept |= cell == keep;
        all = gcd(all, coef);
        out->cell[n] = cell;
        out->coef[n++] = coef;
    }
    if (!kept)
        return false;
    for (int i = 0; i < n; i++) {
        out->coef[i] /= all;
        if (out->coef[i] > LARGEST || out->coef[i] < -LARGEST)
            return false;
    }
    out->n = n;
    return true;
}

static int length(const kz_pool *p, int v)
{
    return (int)(p->at[v + 1] - p->at[v]);
}

/* Another witness for the demand that spares c: the shortest that is found. */
static bool replace(job *j, int demand, int c)
{
    const kz_pool *p = &j->r->pool;
    const kz_space *s = j->r->s;
    int owner = kz_space_owner(s, demand), w = j->r->witness[demand], best = LONGEST + 1, old = -1, tries = 0;
    vector *out = &j->found[j->n_found], made;
    for (int e = p->head[owner]; e >= 0 && tries < TRIES; e = p->link_next[e]) {
        int v = p->link_vector[e];
        const int *cell = p->cell + p->at[v], *coef = p->coef + p->at[v];
        if (p->dead[v] || v == w)
            continue;
        tries++;
        if (length(p, v) < best && at_cell(cell, coef, length(p, v), c) == 0 &&
            fits(s, owner, cell, coef, length(p, v)) &&
            apart(j, demand, cell, length(p, v))) {
            best = length(p, v);
            old = v;
        }
    }
    tries = 0;
    for (int e = p->head[c]; e >= 0 && tries < TRIES; e = p->link_next[e]) {
        int v = p->link_vector[e];
        if (p->dead[v] || v == w)
            continue;
        tries++;
        if (combine(p, w, v, c, owner, &made) && made.n < best && fits(s, owner, made.cell, made.coef, made.n) &&
            apart(j, demand, made.cell, made.n)) {
            best = made.n;
            old = -1;
            *out = made;
        }
    }
    if (best > LONGEST)
        return false;
    j->found_demand[j->n_found] = demand;
    j->found_old[j->n_found++] = old;
    return true;
}

static bool add_user(job *j, int cell, int demand, int v)
{
    if (j->n_users == j->cap_users) {
        int cap = j->cap_users ? 2 * j->cap_users : 4096;
        int *next = realloc(j->user_next, (size_t)cap * sizeof *next);
        if (next)
            j->user_next = next;
        int *who = realloc(j->user_demand, (size_t)cap * sizeof *who);
        if (who)
            j->user_demand = who;
        int *which = realloc(j->user_vector, (size_t)cap * sizeof *which);
        if (which)
            j->user_vector = which;
        if (!next || !who || !which)
            return false;
        j->cap_users = cap;
    }
    j->user_demand[j->n_users] = demand;
    j->user_vector[j->n_users] = v;
    j->user_next[j->n_users] = j->user_head[cell];
    j->user_head[cell] = j->n_users++;
    return true;
}

static bool set_witness(job *j, int demand, int v)
{
    kz_pool *p = &j->r->pool;
    j->r->witness[demand] = v;
    for (size_t i = p->at[v]; i < p->at[v + 1]; i++) {
        if (!add_user(j, p->cell[i], demand, v))
            return false;
        j->r->uses[p->cell[i]]++;
    }
    return true;
}

static void drop_witness(job *j, int demand)
{
    kz_pool *p = &j->r->pool;
    int v = j->r->witness[demand];
    for (size_t i = p->at[v]; i < p->at[v + 1]; i++)
        j->r->uses[p->cell[i]]--;
}

static bool found_room(job *j)
{
    if (j->n_found < j->cap_found)
        return true;
    int cap = j->cap_found ? 2 * j->cap_found : 64;
    vector *f = realloc(j->found, (size_t)cap * sizeof *f);
    if (f)
        j->found = f;
    int *d = realloc(j->found_demand, (size_t)cap * sizeof *d);
    if (d)
        j->found_demand = d;
    int *o = realloc(j->found_old, (size_t)cap * sizeof *o);
    if (o)
        j->found_old = o;
    if (!f || !d || !o)
        return false;
    j->cap_found = cap;
    return true;
}

/* False only for lack of memory. */
static bool try_open(job *j, int c)
{
    kz_run *r = j->r;
    j->n_found = 0;
    for (int l = j->user_head[c]; l >= 0; l = j->user_next[l]) {
        if (r->witness[j->user_demand[l]] != j->user_vector[l])
            continue; /* it has another one by now */
        if (!found_room(j))
            return false;
        if (!replace(j, j->user_demand[l], c))
            return true;
    }
    for (int k = 0; k < j->n_found; k++) {
        int v = j->found_old[k], d = j->found_demand[k];
        drop_witness(j, d);
        if (v < 0)
            v = kz_pool_add(&r->pool, j->found[k].cell, j->found[k].coef, j->found[k].n);
        if (v < 0 || !set_witness(j, d, v))
            return false;
    }
    r->hidden[c] = false;
    for (int e = r->pool.head[c]; e >= 0; e = r->pool.link_next[e])
        r->pool.dead[r->pool.link_vector[e]] = true;
    return true;
}

typedef struct item {
    int64_t n;
    int cell;
} item;

static int large_first(const void *a, const void *b)
{
    const item *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n ? 1 : -1) : (x->cell > y->cell) - (x->cell < y->cell);
}

static bool pass(job *j, item list[], int n, int *opened)
{
    *opened = 0;
    for (int i = 0; i < n; i++) {
        if (!j->r->hidden[list[i].cell])
            continue;
        if (!try_open(j, list[i].cell))
            return false;
        *opened += !j->r->hidden[list[i].cell];
    }
    return true;
}

bool kz_run_clean(kz_run *r, int passes)
{
    const kz_space *s = r->s;
    job j = { .r = r };
    item *list = calloc((size_t)s->t->n_cells + 1, sizeof *list);
    int n = 0, opened = 1 << 20;
    j.user_head = malloc(((size_t)s->t->n_cells + 1) * sizeof *j.user_head);
    bool ok = list && j.user_head;
    for (int c = 0; ok && c < s->t->n_cells; c++) {
        j.user_head[c] = -1;
        r->uses[c] = 0;
        if (r->hidden[c] && !s->o->primary[c] && !kz_space_unprinted(s, c))
            list[n++] = (item){ s->t->n[c], c };
    }
    for (int d = 0; ok && d < s->n_demands; d++)
        ok = set_witness(&j, d, r->witness[d]);
    if (ok && n > 1)
        qsort(list, (size_t)n, sizeof *list, large_first);
    for (int k = 0; ok && k < passes && opened > n / 200; k++)
        ok = pass(&j, list, n, &opened);
    for (int i = 0; ok && i < n; i++) /* what no witness needs */
        if (r->uses[list[i].cell] == 0)
            r->hidden[list[i].cell] = false;
    free(list);
    free(j.user_head);
    free(j.user_next);
    free(j.user_demand);
    free(j.user_vector);
    free(j.found);
    free(j.found_demand);
    free(j.found_old);
    return ok;
}
