/*
 * The sparse cube: only cells that occur.  Rows and corrections go into a pool; then each
 * dimension makes a new pool, where every entry stands for itself and for each node above it.
 */
#include "monitor/cube_inner.h"

typedef struct correction {
    cube_pool *pool, *late;
} correction;

static void add_weights(void *ctx, int part, const uint64_t keys[], const int32_t weights[], int n, bool final)
{
    correction *c = ctx;
    (void)part;
    for (int i = 0; i < n; i++)
        cube_pool_add(final ? c->late : c->pool, &(cube_entry){ .key = keys[i], .distinct = weights[i] });
}

static kz_status count_rows(cube_plan *p, cube_pool *pool, kz_err *err)
{
    const int64_t *value = p->job->value;
    for (uint64_t row = 0; row < p->job->n_rows; row++) {
        cube_pool_add(pool, &(cube_entry){ .key = cube_key(p, row), .n = 1, .distinct = p->job->person.p != NULL,
                                           .sum = value ? value[row] : 0 });
        if ((row & 0xFFFFF) == 0xFFFFF)
            KZ_TRY(cube_step(p, 0x100000, err));
    }
    return KZ_OK;
}

/* Every entry of `from`, and the same for each node of dimension d above it. */
static kz_status roll_up(cube_plan *p, int d, cube_pool *from, cube_pool *to, kz_err *err)
{
    cube_entry e;
    uint64_t n = 0;
    while (cube_pool_next(from, &e)) {
        uint64_t rest = e.key & ~(p->mask[d] << p->shift[d]);
        uint32_t node = cube_node(p, d, e.key);
        cube_pool_add(to, &e);
        while (node) {
            node = cube_parent(p, d, node);
            e.key = rest | (uint64_t)node << p->shift[d];
            cube_pool_add(to, &e);
        }
        if ((++n & 0xFFFFF) == 0)
            KZ_TRY(cube_step(p, 0, err)); /* may be told to stop */
    }
    KZ_TRY(cube_pool_end(from, err));
    return cube_step(p, p->job->n_rows, err);
}

static kz_status add_late(cube_pool *late, cube_pool *to, kz_err *err)
{
    cube_entry e;
    KZ_TRY(cube_pool_sort(late, err));
    while (cube_pool_next(late, &e))
        cube_pool_add(to, &e);
    return cube_pool_end(late, err);
}

static kz_status make(cube_plan *p, cube_pool *late, cube_pool **pool, kz_err *err)
{
    uint64_t memory = p->memory / 3;
    const char *temp = cube_temp(p->job);
    correction c = { *pool, late };
    KZ_TRY(count_rows(p, *pool, err));
    if (p->job->person.p)
        KZ_TRY(cube_persons(p, 1, add_weights, &c, err));
    KZ_TRY(cube_pool_sort(*pool, err));
    for (int d = p->n_dims - 1; d >= 0; d--) {
        cube_pool *next;
        KZ_TRY(cube_pool_new(memory, p->key_bits, temp, &next, err));
        kz_status st = roll_up(p, d, *pool, next, err);
        if (st == KZ_OK && d == 0)
            st = add_late(late, next, err);
        if (st == KZ_OK)
            st = cube_pool_sort(next, err);
        cube_pool_free(*pool);
        *pool = next;
        KZ_TRY(st);
    }
    return KZ_OK;
}

kz_status cube_sparse_make(cube_plan *p, cube_pool **ret, kz_err *err)
{
    cube_pool *pool = NULL, *late = NULL;
    kz_status st = cube_pool_new(p->memory / 3, p->key_bits, cube_temp(p->job), &pool, err);
    if (st == KZ_OK)
        st = cube_pool_new(p->memory / 3, p->key_bits, cube_temp(p->job), &late, err);
    if (st == KZ_OK)
        st = make(p, late, &pool, err);
    cube_pool_free(late);
    if (st != KZ_OK) {
        cube_pool_free(pool);
        return st;
    }
    *ret = pool;
    return KZ_OK;
}
