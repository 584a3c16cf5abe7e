#include "sdc/hier.h"

#include <stdlib.h>

/* The rows by number of their code in the dictionary. */
typedef struct draft {
    const kz_sdc_tree_rows *rows;
    kz_arena *arena;
    kz_dict dict;
    int n, root;
    int *row;    /* -1: the root that nobody wrote down */
    int *parent; /* -1: none                            */
} draft;

static uint64_t line_of(const draft *d, int id)
{
    int r = d->row[id] < 0 ? 0 : d->row[id];
    return d->rows->line ? d->rows->line[r] : (uint64_t)r + 2;
}

static kz_status fail_at(const draft *d, int id, const char *message, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, message, kz_s("file", d->rows->file), kz_n("line", line_of(d, id)),
                   kz_vw("code", d->dict.keys[id]));
}

static kz_status number_codes(draft *d, kz_err *err)
{
    int most = d->rows->n + 1;
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_init(&d->dict, d->arena, (uint32_t)most, err));
    d->row = kz_arena_new(d->arena, int, most);
    d->parent = kz_arena_new(d->arena, int, most);
    if (!d->row || !d->parent)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int r = 0; r < d->rows->n; r++) {
        if (d->rows->code[r].n == 0)
            return kz_fail(err, KZ_E_INPUT, "sdc.hier_empty", kz_s("file", d->rows->file),
                           kz_n("line", d->rows->line ? d->rows->line[r] : (uint64_t)r + 2));
        KZ_TRY(kz_dict_put(&d->dict, d->rows->code[r], &id, &fresh, err));
        if (!fresh)
            return kz_fail(err, KZ_E_INPUT, "sdc.hier_twice", kz_s("file", d->rows->file),
                           kz_n("line", d->rows->line ? d->rows->line[r] : (uint64_t)r + 2),
                           kz_vw("code", d->rows->code[r]), kz_n("first", line_of(d, (int)id)));
        d->row[id] = r;
    }
    KZ_TRY(kz_dict_put(&d->dict, kz_view_of(KZ_SDC_ROOT), &id, &fresh, err));
    if (fresh)
        d->row[id] = -1;
    d->root = (int)id;
    d->n = (int)d->dict.n;
    return KZ_OK;
}

static kz_status link_parents(draft *d, kz_err *err)
{
    for (int v = 0; v < d->n; v++) {
        uint32_t id;
        kz_view up = { 0 };
        if (d->row[v] >= 0)
            up = d->rows->parent[d->row[v]];
        d->parent[v] = -1;
        if (v == d->root) {
            if (up.n > 0 && !kz_view_is(up, KZ_SDC_ROOT))
                return fail_at(d, v, "sdc.hier_root_below", err);
            continue;
        }
        if (up.n == 0)
            return fail_at(d, v, "sdc.hier_roots", err);
        if (!kz_dict_find(&d->dict, up, &id))
            return kz_fail(err, KZ_E_INPUT, "sdc.hier_parent", kz_s("file", d->rows->file),
                           kz_n("line", line_of(d, v)), kz_vw("code", d->dict.keys[v]), kz_vw("parent", up));
        d->parent[v] = (int)id;
    }
    return KZ_OK;
}

/* Some code that never comes to the root lies on a circle. */
static kz_status say_circle(const draft *d, const int number[], kz_err *err)
{
    int v = 0;
    while (number[v] >= 0)
        v++;
    for (int step = 0; step < d->n; step++)
        v = d->parent[v];
    return kz_fail(err, KZ_E_INPUT, "sdc.hier_circle", kz_s("file", d->rows->file), kz_n("line", line_of(d, v)),
                   kz_vw("code", d->dict.keys[v]), kz_vw("parent", d->dict.keys[d->parent[v]]));
}

/* Children of each code in the order of rows, as lists that end in -1. */
static void thread_children(const draft *d, int head[], int next[])
{
    for (int v = 0; v < d->n; v++)
        head[v] = -1;
    for (int v = d->n - 1; v >= 0; v--)
        if (d->parent[v] >= 0) {
            next[v] = head[d->parent[v]];
            head[d->parent[v]] = v;
        }
}

static kz_status number_nodes(draft *d, kz_sdc_tree *t, kz_err *err)
{
    size_t n = (size_t)d->n;
    int *head = kz_arena_new(d->arena, int, n), *next = kz_arena_new(d->arena, int, n);
    int *number = kz_arena_new(d->arena, int, n), *stack = kz_arena_new(d->arena, int, n + 1);
    int *parent = kz_arena_new(d->arena, int, n), *size = kz_arena_new(d->arena, int, n);
    int *level = kz_arena_new(d->arena, int, n), *first = kz_arena_new(d->arena, int, n + 1);
    int *child = kz_arena_new(d->arena, int, n);
    kz_view *code = kz_arena_new(d->arena, kz_view, n);
    if (!head || !next || !number || !stack || !parent || !size || !level || !first || !child || !code)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    thread_children(d, head, next);
    for (int v = 0; v < d->n; v++)
        number[v] = -1;
    int top = 0, made = 0;
    stack[top++] = d->root;
    while (top > 0) {
        int v = stack[--top], k = 0, at = made++;
        number[v] = at;
        code[at] = d->dict.keys[v];
        parent[at] = v == d->root ? -1 : number[d->parent[v]];
        level[at] = v == d->root ? 0 : level[parent[at]] + 1;
        if (level[at] > KZ_SDC_DEPTH)
            return kz_fail(err, KZ_E_LIMIT, "sdc.hier_deep", kz_s("file", d->rows->file), kz_vw("code", code[at]),
                           kz_n("most", KZ_SDC_DEPTH));
        if (level[at] > t->depth)
            t->depth = level[at];
        for (int c = head[v]; c >= 0; c = next[c])
            k++;
        for (int c = head[v], i = top + k - 1; c >= 0; c = next[c], i--)
            stack[i] = c;
        top += k;
    }
    if (made < d->n)
        return say_circle(d, number, err);

    for (int v = d->n - 1; v >= 0; v--) {
        size[v]++;
        t->n_leaves += size[v] == 1;
        if (parent[v] >= 0) {
            size[parent[v]] += size[v];
            first[parent[v] + 1]++;
        }
    }
    for (int v = 0; v < d->n; v++)
        first[v + 1] += first[v];
    for (int v = 0; v < d->n; v++)
        head[v] = first[v];
    for (int v = 1; v < d->n; v++)
        child[head[parent[v]]++] = v;
    t->n = d->n;
    t->code = code;
    t->parent = parent;
    t->size = size;
    t->level = level;
    t->first = first;
    t->child = child;
    t->node_of = number;
    t->dict = d->dict;
    return KZ_OK;
}

kz_status kz_sdc_tree_make(const kz_sdc_tree_rows *rows, kz_arena *a, kz_sdc_tree *ret, kz_err *err)
{
    draft d = { .rows = rows, .arena = a };
    kz_sdc_tree t = { 0 };
    if (rows->n >= KZ_SDC_CODES)
        return kz_fail(err, KZ_E_LIMIT, "sdc.hier_many", kz_s("file", rows->file), kz_n("most", KZ_SDC_CODES));
    KZ_TRY(number_codes(&d, err));
    KZ_TRY(link_parents(&d, err));
    KZ_TRY(number_nodes(&d, &t, err));
    *ret = t;
    return KZ_OK;
}

static int by_bytes(const void *a, const void *b)
{
    const kz_view *x = a, *y = b;
    int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

kz_status kz_sdc_tree_flat(const char *file, int n, const kz_view code[], kz_arena *a, kz_sdc_tree *ret, kz_err *err)
{
    kz_view *own = kz_arena_new(a, kz_view, n + 1), *up = kz_arena_new(a, kz_view, n + 1);
    int kept = 0;
    if (!own || !up)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int i = 0; i < n; i++)
        if (!kz_view_is(code[i], KZ_SDC_ROOT))
            own[kept++] = code[i];
    if (kept > 1)
        qsort(own, (size_t)kept, sizeof *own, by_bytes);
    int distinct = 0;
    for (int i = 0; i < kept; i++)
        if (i == 0 || by_bytes(&own[distinct - 1], &own[i]) != 0) {
            own[distinct] = own[i];
            up[distinct++] = kz_view_of(KZ_SDC_ROOT);
        }
    return kz_sdc_tree_make(&(kz_sdc_tree_rows){ .file = file, .n = distinct, .code = own, .parent = up }, a, ret, err);
}

kz_status kz_sdc_tree_loose(int n, const kz_view code[], kz_arena *a, kz_sdc_tree *ret, kz_err *err)
{
    int *parent = kz_arena_new(a, int, n + 1), *size = kz_arena_new(a, int, n + 1), *zero = kz_arena_new(a, int, n + 2);
    kz_view *own = kz_arena_new(a, kz_view, n + 1);
    if (!parent || !size || !zero || !own)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int v = 0; v < n; v++) {
        parent[v] = -1;
        size[v] = 1;
        own[v] = code[v];
    }
    *ret = (kz_sdc_tree){ .n = n, .n_leaves = n, .code = own, .parent = parent, .size = size, .level = zero,
                          .first = zero, .child = zero };
    return KZ_OK;
}

bool kz_sdc_tree_find(const kz_sdc_tree *t, kz_view code, int *node)
{
    uint32_t id;
    if (!kz_dict_find(&t->dict, code, &id))
        return false;
    *node = t->node_of[id];
    return true;
}
