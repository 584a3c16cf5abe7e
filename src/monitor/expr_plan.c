#include "monitor/expr_plan.h"

#include <stdlib.h>
#include <string.h>

typedef struct planner {
    kz_arena *a;
    kz_plan_node *nodes;
    int n, cap;
    bool full;
} planner;

static bool same(const kz_plan_node *a, const kz_plan_node *b)
{
    if (a->op != b->op || a->n_text != b->n_text || a->n_range != b->n_range || a->n_arg != b->n_arg ||
        strcmp(a->column, b->column) != 0)
        return false;
    for (int i = 0; i < a->n_text; i++)
        if (strcmp(a->text[i], b->text[i]) != 0)
            return false;
    for (int i = 0; i < a->n_range; i++)
        if (a->range[i].lo != b->range[i].lo || a->range[i].hi != b->range[i].hi)
            return false;
    for (int i = 0; i < a->n_arg; i++)
        if (a->arg[i] != b->arg[i])
            return false;
    return true;
}

static int put(planner *p, const kz_plan_node *node)
{
    for (int i = 0; i < p->n; i++)
        if (same(&p->nodes[i], node))
            return i;
    if (p->n == p->cap) {
        int more = p->cap ? 2 * p->cap : 64;
        kz_plan_node *nodes = kz_arena_new(p->a, kz_plan_node, more);
        if (!nodes) {
            p->full = true;
            return 0;
        }
        if (p->n > 0)
            memcpy(nodes, p->nodes, (size_t)p->n * sizeof *nodes);
        p->nodes = nodes;
        p->cap = more;
    }
    p->nodes[p->n] = *node;
    return p->n++;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int add(planner *p, const kz_expr *e, bool negative);

static int add_joined(planner *p, const kz_expr *e, bool negative)
{
    bool both = (e->op == KZ_X_AND) != negative;
    kz_plan_node node = { .op = both ? KZ_PLAN_AND : KZ_PLAN_OR, .column = "" };
    int *arg = kz_arena_new(p->a, int, e->n_arg);
    int kept = 0;
    if (!arg) {
        p->full = true;
        return 0;
    }
    for (int i = 0; i < e->n_arg; i++)
        arg[i] = add(p, e->arg[i], negative);
    qsort(arg, (size_t)e->n_arg, sizeof *arg, by_number);
    for (int i = 0; i < e->n_arg; i++)
        if (kept == 0 || arg[kept - 1] != arg[i])
            arg[kept++] = arg[i];
    node.arg = arg;
    node.n_arg = kept;
    return kept == 1 ? arg[0] : put(p, &node);
}

/* Depth is that of the expression, at most KZ_EXPR_DEPTH pairs. */
static int add(planner *p, const kz_expr *e, bool negative)
{
    kz_plan_node node = { .column = e->column ? e->column : "", .n_text = e->n_text, .text = e->text,
                          .n_range = e->n_range, .range = e->range };
    switch (e->op) {
    case KZ_X_NOT:
        return add(p, e->arg[0], !negative);
    case KZ_X_AND:
    case KZ_X_OR:
        return add_joined(p, e, negative);
    case KZ_X_CODE:
        node.op = e->other != negative ? KZ_PLAN_OTHER : KZ_PLAN_CODES;
        break;
    case KZ_X_RANGE:
        node.op = negative ? KZ_PLAN_OUTSIDE : KZ_PLAN_RANGES;
        break;
    case KZ_X_KNOWN:
        node.op = negative ? KZ_PLAN_UNKNOWN : KZ_PLAN_KNOWN;
        break;
    default:
        KZ_ASSERT(e->op == KZ_X_ALL && !negative);
        node.op = KZ_PLAN_ALL;
    }
    return put(p, &node);
}

kz_status kz_expr_plan_make(const kz_expr *const conditions[], int n, kz_arena *a, kz_expr_plan *ret, kz_err *err)
{
    planner p = { .a = a };
    int *root = kz_arena_new(a, int, n + 1);
    if (!root)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    for (int i = 0; i < n; i++)
        root[i] = add(&p, conditions[i], false);
    if (p.full)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    *ret = (kz_expr_plan){ .n_nodes = p.n, .n_roots = n, .nodes = p.nodes, .root = root };
    return KZ_OK;
}
