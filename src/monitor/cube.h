/*
 * cube.h - count rows over several dimensions at once, with every margin.
 *
 *     const uint32_t parent[] = { 0, 0, 0, 1, 1 };   // 0 whole, 1 and 2 below it, 3 and 4 below 1
 *     kz_cube_dim dims[] = { { .codes = { area, 2 }, .n_nodes = 5, .parent = parent },
 *                            { .codes = { sex, 1 },  .n_nodes = 3 } };
 *     kz_cube_job job = { .n_rows = n, .n_dims = 2, .dims = dims, .threads = 2 };
 *     kz_cube *cube;
 *     KZ_TRY(kz_cube_make(&job, &cube, err));
 *     kz_cube_cell c;
 *     while (kz_cube_next(cube, &c))
 *         use(c.node[0], c.node[1], c.n);              // (0, 0) is the whole
 *     KZ_TRY(kz_cube_end(cube, err));
 *     kz_cube_free(cube);
 *
 * A dimension is a tree of nodes.  Node 0 is the whole ("Total"), parent[i] < i, and
 * the code of a row plus `first` is the number of its node; a row counts for this node and all above
 * it.  Without `parent` every node hangs below node 0.  A cell is one node of every
 * dimension; delivered are the cells that have a row, in ascending order of the nodes,
 * the first dimension slowest.
 *
 * n         rows in the cell
 * distinct  different persons in the cell, exact; persons are numbered from 0,
 *           rows with KZ_CUBE_NOBODY count in n only
 * sum       exact sum of `value`; together the absolute values must stay below 2^63
 *
 * Method: rows are counted once, into the cells of their own nodes.  Then, one
 * dimension after the other, each node is added to its parent in place: all
 * margins come from the counted cells, the rows are never read again (Gray et al.,
 * "Data Cube", Data Mining and Knowledge Discovery 1, 1997).  Distinct persons do not add up, but
 * corrections do: docs/methods/cube.md.
 *
 * Dense where all cells fit into `memory`, else a hash table of those that occur, which
 * goes to files in `temp` (removed at once, readable by nobody else) when it is full.
 *
 * Same cells for any number of threads: whole-number sums only.  The job's arrays belong to the
 * caller and are read until kz_cube_make returns; a cube belongs to one thread.
 * Time: O(rows × dims + cells × dims) dense; memory 4 to 16 bytes a cell, while counting once a
 * thread (fewer threads where that does not fit).
 */
#ifndef KZ_MONITOR_CUBE_H
#define KZ_MONITOR_CUBE_H

#include "base/status.h"

enum { KZ_CUBE_DIMS_MAX = 16 };
#define KZ_CUBE_NODES_MAX (UINT32_C(1) << 28)
#define KZ_CUBE_NOBODY UINT32_MAX
#define KZ_CUBE_MEMORY (UINT64_C(1) << 30)

/* A column of numbers: unsigned of 1, 2 or 4 bytes. */
typedef struct kz_codes {
    const void *p;
    int         width;
} kz_codes;

static inline uint32_t kz_code_at(kz_codes c, uint64_t row)
{
    return c.width == 1   ? ((const uint8_t *)c.p)[row]
           : c.width == 2 ? ((const uint16_t *)c.p)[row]
                          : ((const uint32_t *)c.p)[row];
}

typedef struct kz_cube_dim {
    kz_codes        codes;   /* node of each row                          */
    uint32_t        first;   /* node of code 0: codes of a segment as they lie there */
    uint32_t        n_nodes; /* with node 0, 1 … KZ_CUBE_NODES_MAX        */
    const uint32_t *parent;  /* n_nodes of them, parent[0] 0; NULL: flat  */
} kz_cube_dim;

/* Called by the thread that called kz_cube_make; false: stop, KZ_E_CONFLICT. */
typedef bool (*kz_cube_watch)(void *ctx, uint64_t done, uint64_t of);

typedef struct kz_cube_job {
    uint64_t           n_rows; /* below 2^32                             */
    int                n_dims; /* 1 … KZ_CUBE_DIMS_MAX                   */
    const kz_cube_dim *dims;
    kz_codes           person; /* .p NULL: no distinct                   */
    const int64_t     *value;  /* NULL: no sum                           */
    int                threads; /* 0: one                                */
    uint64_t           memory;  /* bytes for cells; 0: KZ_CUBE_MEMORY    */
    const char        *temp;    /* folder; NULL: $TMPDIR, else /tmp      */
    kz_cube_watch      watch;   /* may be NULL                           */
    void              *watch_ctx;
} kz_cube_job;

typedef struct kz_cube_cell {
    uint32_t node[KZ_CUBE_DIMS_MAX];
    uint64_t n, distinct;
    int64_t  sum;
} kz_cube_cell;

typedef struct kz_cube kz_cube;

/*
 * KZ_E_INPUT     a code without node, or the sum may overflow.
 * KZ_E_LIMIT     more rows, dimensions or combinations than can be counted; or the cells may
 *                need more than memory and disk have: said before the work begins.
 * KZ_E_CONFLICT  the watcher said stop.
 * KZ_E_IO        the disk failed.
 */
KZ_MUST_USE kz_status kz_cube_make(const kz_cube_job *job, kz_cube **ret, kz_err *err);
void kz_cube_free(kz_cube *cube);

/* The next cell that has a row; false at the end or when the disk fails. */
bool kz_cube_next(kz_cube *cube, kz_cube_cell *cell);
KZ_MUST_USE kz_status kz_cube_end(const kz_cube *cube, kz_err *err);
/* Back to the first cell. */
void kz_cube_rewind(kz_cube *cube);

#endif
