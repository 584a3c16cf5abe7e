/*
 * expr_plan.h - many conditions over one source as one list of steps, each done once.
 *
 *     kz_expr_plan plan;
 *     KZ_TRY(kz_expr_plan_make(conditions, n, &arena, &plan, err));
 *     for (int i = 0; i < plan.n_nodes; i++) ...      // arguments stand before what is made of them
 *     use(plan.root[k]);                              // node of conditions[k]
 *
 * `not` is pushed down to the tests (in three-valued logic, too, not (a and b) is not a or not b), so a set
 * of rows that are surely true is all that need be kept.  The same test, and the same and/or of
 * the same parts, is one node, however many indicators have it.
 *
 * Lives in the arena.  O(nodes²) to make: a few hundred.
 */
#ifndef KZ_MONITOR_EXPR_PLAN_H
#define KZ_MONITOR_EXPR_PLAN_H

#include "monitor/expr.h"

typedef enum kz_plan_op {
    KZ_PLAN_ALL,
    KZ_PLAN_CODES,   /* column has one of `text`                     */
    KZ_PLAN_OTHER,   /* has an answer, but none of them              */
    KZ_PLAN_RANGES,  /* lies in one of `range`                       */
    KZ_PLAN_OUTSIDE, /* has an answer that lies in none of them      */
    KZ_PLAN_KNOWN,   /* has an answer                                */
    KZ_PLAN_UNKNOWN, /* has none                                     */
    KZ_PLAN_AND,     /* arg                                          */
    KZ_PLAN_OR,      /* arg                                          */
} kz_plan_op;

typedef struct kz_plan_node {
    kz_plan_op  op;
    const char *column;
    int         n_text, n_range, n_arg;
    const char *const *text;
    const kz_expr_range *range;
    const int  *arg; /* nodes before this one, ascending */
} kz_plan_node;

typedef struct kz_expr_plan {
    int n_nodes, n_roots;
    const kz_plan_node *nodes;
    const int *root;
} kz_expr_plan;

KZ_MUST_USE kz_status kz_expr_plan_make(const kz_expr *const conditions[], int n, kz_arena *a, kz_expr_plan *ret,
                                        kz_err *err);

#endif
