/*
 * table.h - a table of counts with all its margins: the product of one tree a dimension.
 *
 *     const kz_sdc_tree *dims[] = { &area, &age };
 *     kz_sdc_table t;
 *     KZ_TRY(kz_sdc_table_make(2, dims, &arena, &t, err));
 *     t.n[kz_sdc_cell_at(&t, (int[]){ quarter, band })] += 7;     // inner cells
 *     KZ_TRY(kz_sdc_roll_up(&t, err));                             // all margins
 *
 * Cells lie densely, the last dimension runs fastest.  A *line* is a set of cells that
 * add up: a cell with a parent code in one dimension and those of its children, or,
 * where the last dimension has relations instead of a tree (relations.h), one of these.
 * Counts are persons or cases, int64.  Memory comes from the arena.
 * Reading is safe from any thread.  Roll-up: O(cells * dimensions).
 */
#ifndef KZ_SDC_TABLE_H
#define KZ_SDC_TABLE_H

#include "base/buf.h"
#include "sdc/hier.h"
#include "sdc/relations.h"

enum { KZ_SDC_DIMS = 8, KZ_SDC_CELLS = 50000000 };

typedef struct kz_sdc_table {
    int n_dims, n_cells;
    const kz_sdc_tree *dim[KZ_SDC_DIMS];
    int stride[KZ_SDC_DIMS];
    int64_t *n;
    const kz_sdc_relations *relations; /* of the last dimension, whose tree is loose; NULL: only trees */
    const bool *off;                   /* [cell / n_codes][relation]: it says nothing there; NULL: it always does */
} kz_sdc_table;

typedef struct kz_sdc_line {
    int dim, head; /* the cell above; of a relation the one with code 0 */
    int relation;  /* -1: of a tree                                     */
} kz_sdc_line;

/* KZ_E_LIMIT: more than KZ_SDC_CELLS cells, more dimensions than KZ_SDC_DIMS, or no memory. */
KZ_MUST_USE kz_status kz_sdc_table_make(int n_dims, const kz_sdc_tree *const dim[], kz_arena *a, kz_sdc_table *ret,
                                        kz_err *err);
/* Margins from inner cells; what the margins held is forgotten.  Not with relations.  KZ_E_LIMIT: a sum beyond 2^53. */
KZ_MUST_USE kz_status kz_sdc_roll_up(kz_sdc_table *t, kz_err *err);

static inline int kz_sdc_node(const kz_sdc_table *t, int cell, int dim)
{
    return cell / t->stride[dim] % t->dim[dim]->n;
}
int kz_sdc_cell_at(const kz_sdc_table *t, const int node[]);
bool kz_sdc_is_inner(const kz_sdc_table *t, int cell);
/* "q=Q0001, age=0-2" for messages; `names` are those of the dimensions. */
void kz_sdc_cell_name(const kz_sdc_table *t, const char *const names[], int cell, kz_buf *out);

/* Lines that begin at a cell (every line once), lines through it, and their cells with signs: their sum is 0. */
int kz_sdc_lines_from(const kz_sdc_table *t, int cell, int dim);
int kz_sdc_lines_through(const kz_sdc_table *t, int cell, int dim);
kz_sdc_line kz_sdc_line_from(const kz_sdc_table *t, int cell, int dim, int i);
kz_sdc_line kz_sdc_line_through(const kz_sdc_table *t, int cell, int dim, int i);
int kz_sdc_line_cells(const kz_sdc_table *t, kz_sdc_line l);
int kz_sdc_line_cell(const kz_sdc_table *t, kz_sdc_line l, int i, int *sign);
/* Do the changes of its cells cancel? */
bool kz_sdc_line_holds(const kz_sdc_table *t, kz_sdc_line l, const int64_t change[]);
/* A number of its own, 0 … kz_sdc_line_ids() - 1. */
int64_t kz_sdc_line_id(const kz_sdc_table *t, kz_sdc_line l);
int64_t kz_sdc_line_ids(const kz_sdc_table *t);

/* The first line that its counts contradict, as its first cell (of a tree: the parent's); -1: none.  Only
 * lines with `known` for every cell count (NULL: all).  *sum: what the others add up to. */
int kz_sdc_table_contradiction(const kz_sdc_table *t, const bool known[], int64_t *sum);

#endif
