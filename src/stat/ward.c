#include "stat/cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A group lives in the slot of its first point; `d` keeps squared distances, lower triangle. */
typedef struct forest {
    int     n;
    double *d;
    int    *size; /* 0: joined to another slot */
} forest;

typedef struct join {
    int    a, b; /* slots, a < b */
    double height;
    int    order;
} join;

static double *between(const forest *f, int i, int j)
{
    size_t low = (size_t)(i < j ? i : j), high = (size_t)(i < j ? j : i);
    return &f->d[high * (high - 1) / 2 + low];
}

static void fill(forest *f, const kz_points *x)
{
    for (int i = 0; i < f->n; i++) {
        f->size[i] = 1;
        for (int j = 0; j < i; j++) {
            double sum = 0;
            for (int c = 0; c < x->n_columns; c++)
                sum += (x->column[c][i] - x->column[c][j]) * (x->column[c][i] - x->column[c][j]);
            *between(f, i, j) = sum;
        }
    }
}

/* Ward's rule in the form of Lance and Williams. */
static void unite(forest *f, int a, int b)
{
    double joined = *between(f, a, b);
    for (int k = 0; k < f->n; k++) {
        if (f->size[k] == 0 || k == a || k == b)
            continue;
        double *to_a = between(f, a, k), to_b = *between(f, b, k), na = f->size[a], nb = f->size[b], nk = f->size[k];
        *to_a = ((na + nk) * *to_a + (nb + nk) * to_b - nk * joined) / (na + nb + nk);
    }
    f->size[a] += f->size[b];
    f->size[b] = 0;
}

static int nearest_to(const forest *f, int i, int before)
{
    int best = before; /* of equals the one we come from, so that the chain ends */
    for (int k = 0; k < f->n; k++)
        if (f->size[k] > 0 && k != i && (best < 0 || *between(f, i, k) < *between(f, i, best)))
            best = k;
    return best;
}

/* From any group to its nearest, and so on, until two are each other's nearest: they join. */
static void chain(forest *f, int path[], join out[])
{
    int length = 0, made = 0;
    while (made < f->n - 1) {
        if (length == 0)
            for (int i = 0; i < f->n && length == 0; i++)
                if (f->size[i] > 0)
                    path[length++] = i;
        int top = path[length - 1], before = length > 1 ? path[length - 2] : -1, next = nearest_to(f, top, before);
        if (next != before) {
            path[length++] = next;
            continue;
        }
        int a = top < before ? top : before, b = top < before ? before : top;
        out[made] = (join){ a, b, sqrt(fmax(0, *between(f, a, b))), made };
        made++;
        unite(f, a, b);
        length -= 2;
    }
}

static int by_height(const void *x, const void *y)
{
    const join *a = x, *b = y;
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

kz_status kz_ward(const kz_points *x, double height[], int merge[], kz_err *err)
{
    if (x->n > KZ_WARD_MOST)
        return kz_fail(err, KZ_E_LIMIT, "space.ward_most", kz_n("most", KZ_WARD_MOST));
    size_t n = (size_t)x->n;
    forest f = { .n = x->n, .d = calloc(n * (n - 1) / 2 + 1, sizeof *f.d), .size = calloc(n, sizeof *f.size) };
    int *room = calloc(n + 1, sizeof *room); /* the chain, then the group that a slot is */
    join *j = calloc(n, sizeof *j);
    kz_status st = f.d && f.size && room && j ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "space.memory");
    if (st == KZ_OK) {
        fill(&f, x);
        chain(&f, room, j);
        qsort(j, n - 1, sizeof *j, by_height);
        for (int i = 0; i < x->n; i++)
            room[i] = i;
        for (int s = 0; s < x->n - 1; s++) {
            height[s] = j[s].height;
            merge[2 * s] = room[j[s].a];
            merge[2 * s + 1] = room[j[s].b];
            room[j[s].a] = x->n + s;
        }
    }
    free(f.d);
    free(f.size);
    free(room);
    free(j);
    return st;
}

kz_status kz_ward_cut(const int merge[], int n, int k, int type[], kz_err *err)
{
    KZ_ASSERT(k >= 1 && k <= n);
    int *up = malloc((size_t)(2 * n) * sizeof *up), *number = malloc((size_t)(2 * n) * sizeof *number), groups = 0;
    if (!up || !number) {
        free(up);
        free(number);
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    }
    for (int i = 0; i < 2 * n; i++)
        up[i] = number[i] = -1;
    for (int s = 0; s < n - k; s++)
        up[merge[2 * s]] = up[merge[2 * s + 1]] = n + s;
    for (int i = 0; i < n; i++) {
        int top = i;
        while (up[top] >= 0)
            top = up[top];
        if (number[top] < 0)
            number[top] = groups++;
        type[i] = number[top];
    }
    free(up);
    free(number);
    return KZ_OK;
}
