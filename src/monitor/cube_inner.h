/* cube_inner.h - what the files of the cube share.  For cube*.c only. */
#ifndef KZ_MONITOR_CUBE_INNER_H
#define KZ_MONITOR_CUBE_INNER_H

#include "base/parallel.h"
#include "monitor/cube.h"

#include <stdatomic.h>

typedef struct cube_plan {
    const kz_cube_job *job;
    int      n_dims, threads;
    uint64_t memory;
    uint64_t cells;                    /* product of all nodes, saturating      */
    uint64_t stride[KZ_CUBE_DIMS_MAX]; /* of a cell's place in a dense cube     */
    int      shift[KZ_CUBE_DIMS_MAX];  /* of a node in a packed key             */
    uint64_t mask[KZ_CUBE_DIMS_MAX];
    int      key_bits;
    int      n_trees, tree[KZ_CUBE_DIMS_MAX]; /* dimensions that are not flat   */
    uint32_t n_persons;                /* highest number + 1                    */
    uint64_t steps_done, steps;        /* for the watcher                       */
} cube_plan;

static inline uint32_t cube_parent(const cube_plan *p, int d, uint32_t node)
{
    return p->job->dims[d].parent ? p->job->dims[d].parent[node] : 0;
}

static inline uint32_t cube_node(const cube_plan *p, int d, uint64_t key)
{
    return (uint32_t)(key >> p->shift[d] & p->mask[d]);
}

/* Nodes of a row as one number; ascending keys are ascending cells. */
static inline uint64_t cube_key(const cube_plan *p, uint64_t row)
{
    uint64_t key = 0;
    for (int d = 0; d < p->n_dims; d++)
        key |= (uint64_t)(kz_code_at(p->job->dims[d].codes, row) + p->job->dims[d].first) << p->shift[d];
    return key;
}

/* The lowest cell above both: parents have smaller numbers, so the larger one goes up. */
static inline uint64_t cube_meet(const cube_plan *p, uint64_t x, uint64_t y)
{
    uint64_t differ = x ^ y, same = 0;
    for (int d = 0; d < p->n_dims; d++) {
        uint64_t field = p->mask[d] << p->shift[d];
        same |= differ & field ? 0 : field;
    }
    uint64_t meet = x & same; /* right where a dimension is flat: 0 is above all */
    for (int i = 0; i < p->n_trees; i++) {
        int d = p->tree[i];
        const uint32_t *parent = p->job->dims[d].parent;
        uint32_t a = cube_node(p, d, x), b = cube_node(p, d, y);
        if (a == b)
            continue;
        while (a != b) {
            if (a > b)
                a = parent[a];
            else
                b = parent[b];
        }
        meet |= (uint64_t)a << p->shift[d];
    }
    return meet;
}

/* Tell the watcher that `steps` more are done.  KZ_E_CONFLICT: it said stop. */
kz_status cube_step(cube_plan *p, uint64_t steps, kz_err *err);
/* Zeroed, on large pages where the machine has them; NULL when there is none.  Give back with the same size. */
void *cube_memory(uint64_t bytes);
void cube_memory_free(void *p, uint64_t bytes);
kz_status cube_no_memory(uint64_t bytes, kz_err *err);
/* The folder for what does not fit into memory. */
const char *cube_temp(const kz_cube_job *job);

/* ---- persons (cube_person.c) ------------------------------------------------ */

/* Receives n weights.  When every row has counted 1 in its own cell, each key has got its weight, for
 * all calls together, and then everything is rolled up, each cell has its number of persons.
 * With `final` only the cell itself gets it, after that. */
typedef void (*cube_weigh)(void *ctx, int part, const uint64_t keys[], const int32_t weights[], int n, bool final);

KZ_MUST_USE kz_status cube_persons(cube_plan *p, int threads, cube_weigh weigh, void *ctx, kz_err *err);

/* ---- dense (cube_dense.c) ---------------------------------------------------- */

typedef struct cube_dense {
    uint64_t  cells;
    uint32_t *n, *distinct; /* distinct, sum: NULL when not asked for */
    int64_t  *sum;
} cube_dense;

uint64_t cube_dense_bytes(const cube_plan *p, int threads);
KZ_MUST_USE kz_status cube_dense_make(cube_plan *p, cube_dense *ret, kz_err *err);
void cube_dense_done(cube_dense *d);

/* ---- sparse (cube_sparse.c, cube_pool.c) -------------------------------------- */

typedef struct cube_entry {
    uint64_t key;
    int64_t  n, distinct, sum;
} cube_entry;

/* A bag of entries, equal keys added up, that goes to disk when its memory is full. */
typedef struct cube_pool cube_pool;

KZ_MUST_USE kz_status cube_pool_new(uint64_t memory, int key_bits, const char *temp, cube_pool **ret, kz_err *err);
void cube_pool_free(cube_pool *pool);
/* Failures are kept and come out at cube_pool_sort. */
void cube_pool_add(cube_pool *pool, const cube_entry *e);
/* No more adding: from now on entries come out in ascending order of keys. */
KZ_MUST_USE kz_status cube_pool_sort(cube_pool *pool, kz_err *err);
bool cube_pool_next(cube_pool *pool, cube_entry *e);
KZ_MUST_USE kz_status cube_pool_end(const cube_pool *pool, kz_err *err);
void cube_pool_rewind(cube_pool *pool);

KZ_MUST_USE kz_status cube_sparse_make(cube_plan *p, cube_pool **ret, kz_err *err);
/* Bytes that the cells may need at most, saturating. */
uint64_t cube_sparse_most(const cube_plan *p);

#endif
