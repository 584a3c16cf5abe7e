/*
 * hier.h - the tree of codes of one dimension: quarters in districts in a city.
 *
 *     const kz_view code[]   = { ..."Q1", "Q2", "T1" },
 *                   parent[] = { ..."T1", "T1", "Total" };
 *     kz_sdc_tree t;
 *     KZ_TRY(kz_sdc_tree_make(&(kz_sdc_tree_rows){ "quarter.csv", 3, code, parent }, &arena, &t, err));
 *     int v;
 *     if (kz_sdc_tree_find(&t, kz_view_of("Q2"), &v)) use(t.parent[v]);
 *
 * Nodes are numbered from the root (0, always "Total") in depth-first order,
 * children in the order of the rows: the nodes below v are v + 1 .. v + size[v] - 1,
 * and a leaf has size 1.  The row of the root (empty parent) may be left out.
 *
 * Refused (KZ_E_INPUT, naming file, line, code and remedy): a code twice, a
 * parent that has no row, a second root, a root that is not "Total", a circle,
 * an empty code.  Everything lies in the arena, which must outlive the tree.
 * Reading is safe from any thread.  O(n) to make, O(1) to find.
 */
#ifndef KZ_SDC_HIER_H
#define KZ_SDC_HIER_H

#include "base/dict.h"

#define KZ_SDC_ROOT "Total"
enum { KZ_SDC_DEPTH = 16, KZ_SDC_CODES = 4000000 };

typedef struct kz_sdc_tree {
    int n, n_leaves, depth;    /* depth: edges from the root to the deepest leaf */
    const kz_view *code;
    const int *parent;         /* -1 for the root                                */
    const int *size;           /* nodes of the subtree, itself included          */
    const int *level;          /* edges to the root                              */
    const int *first, *child;  /* children of v: child[first[v] .. first[v + 1]) */
    const int *node_of;        /* by number in the dictionary                    */
    kz_dict dict;
} kz_sdc_tree;

typedef struct kz_sdc_tree_rows {
    const char *file;           /* for messages                          */
    int n;
    const kz_view *code, *parent;
    const uint64_t *line;       /* for messages; NULL: counted from 2    */
} kz_sdc_tree_rows;

KZ_MUST_USE kz_status kz_sdc_tree_make(const kz_sdc_tree_rows *rows, kz_arena *a, kz_sdc_tree *ret, kz_err *err);

/* A root with all codes directly below it, in the order of their bytes; codes may
 * come several times and may contain the root itself. */
KZ_MUST_USE kz_status kz_sdc_tree_flat(const char *file, int n, const kz_view code[], kz_arena *a, kz_sdc_tree *ret,
                                       kz_err *err);

/* No tree at all: n codes side by side, none above another (relations.h). */
KZ_MUST_USE kz_status kz_sdc_tree_loose(int n, const kz_view code[], kz_arena *a, kz_sdc_tree *ret, kz_err *err);

bool kz_sdc_tree_find(const kz_sdc_tree *t, kz_view code, int *node);
static inline bool kz_sdc_is_leaf(const kz_sdc_tree *t, int node)
{
    return t->size[node] == 1;
}
static inline int kz_sdc_children(const kz_sdc_tree *t, int node)
{
    return t->first[node + 1] - t->first[node];
}

#endif
