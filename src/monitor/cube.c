/* Counting over several dimensions: check the job, choose dense or sparse, deliver cells. */
#include "monitor/cube.h"
#include "monitor/cube_inner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

struct kz_cube {
    cube_plan   plan;
    kz_cube_job job;  /* only n_dims, person.p and value are used after making */
    bool        dense;
    cube_dense  cells;
    cube_pool  *pool;
    uint64_t    at;   /* the next place of a dense cube */
};

/* ---- what the parts share ------------------------------------------------------------- */

kz_status cube_step(cube_plan *p, uint64_t steps, kz_err *err)
{
    p->steps_done += steps;
    if (p->steps_done > p->steps)
        p->steps_done = p->steps;
    if (p->job->watch && !p->job->watch(p->job->watch_ctx, p->steps_done, p->steps))
        return kz_fail(err, KZ_E_CONFLICT, "cube.stopped");
    return KZ_OK;
}

enum { LARGE_PAGE = 2 << 20 };

void *cube_memory(uint64_t bytes)
{
    if (bytes < LARGE_PAGE || bytes > SIZE_MAX / 2)
        return bytes > SIZE_MAX / 2 ? NULL : calloc(1, bytes ? bytes : 1);
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    madvise(p, bytes, MADV_HUGEPAGE); /* only a wish */
    return p;
}

void cube_memory_free(void *p, uint64_t bytes)
{
    if (bytes < LARGE_PAGE)
        free(p);
    else if (p)
        munmap(p, bytes);
}

kz_status cube_no_memory(uint64_t bytes, kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "cube.no_memory", kz_n("mib", (bytes >> 20) + 1));
}

/* ---- the plan --------------------------------------------------------------------------- */

static kz_status plan_dims(cube_plan *p, const kz_cube_job *job, kz_err *err)
{
    unsigned __int128 cells = 1;
    for (int d = job->n_dims - 1; d >= 0; d--) {
        uint32_t n = job->dims[d].n_nodes;
        int bits = 1;
        KZ_ASSERT(n >= 1 && n <= KZ_CUBE_NODES_MAX);
        for (uint32_t i = 1; i < n && job->dims[d].parent; i++)
            KZ_ASSERT(job->dims[d].parent[i] < i);
        while ((n - 1) >> bits)
            bits++;
        p->stride[d] = cells > UINT64_MAX ? UINT64_MAX : (uint64_t)cells;
        p->shift[d] = p->key_bits;
        p->mask[d] = (UINT64_C(1) << bits) - 1;
        p->key_bits += bits;
        if (job->dims[d].parent)
            p->tree[p->n_trees++] = d;
        cells *= n;
        if (cells > UINT64_MAX)
            cells = (unsigned __int128)UINT64_MAX + 1;
        if (p->key_bits > 63)
            return kz_fail(err, KZ_E_LIMIT, "cube.too_many", kz_n("dims", job->n_dims));
    }
    p->cells = cells > UINT64_MAX ? UINT64_MAX : (uint64_t)cells;
    return KZ_OK;
}

typedef struct look_job {
    const kz_cube_job *job;
    kz_codes codes;
    bool     persons; /* do not look at KZ_CUBE_NOBODY */
    uint32_t most[KZ_THREADS_MAX];
    bool     any[KZ_THREADS_MAX];
} look_job;

static void look_part(void *ctx, int part, int parts)
{
    look_job *j = ctx;
    uint64_t from = kz_part_from(j->job->n_rows, part, parts), to = kz_part_from(j->job->n_rows, part + 1, parts);
    uint32_t most = 0, any = 0;
    if (j->codes.width == 1) {
        const uint8_t *c = j->codes.p;
        uint8_t m = 0;
        for (uint64_t i = from; i < to; i++)
            m = c[i] > m ? c[i] : m;
        most = m;
        any = from < to;
    } else if (j->codes.width == 2) {
        const uint16_t *c = j->codes.p;
        uint16_t m = 0;
        for (uint64_t i = from; i < to; i++)
            m = c[i] > m ? c[i] : m;
        most = m;
        any = from < to;
    } else {
        const uint32_t *c = j->codes.p;
        for (uint64_t i = from; i < to; i++) {
            bool counts = !(j->persons && c[i] == KZ_CUBE_NOBODY);
            most = counts && c[i] > most ? c[i] : most;
            any |= counts;
        }
    }
    j->most[part] = most;
    j->any[part] = any;
}

/* The largest code; false when there is none. */
static bool largest(const cube_plan *p, kz_codes codes, bool persons, uint32_t *ret)
{
    look_job j = { .job = p->job, .codes = codes, .persons = persons };
    bool any = false;
    kz_parallel(p->threads, look_part, &j);
    *ret = 0;
    for (int t = 0; t < p->threads; t++) {
        any |= j.any[t];
        *ret = j.most[t] > *ret ? j.most[t] : *ret;
    }
    return any;
}

static kz_status check_rows(cube_plan *p, kz_err *err)
{
    const kz_cube_job *job = p->job;
    uint32_t most;
    for (int d = 0; d < job->n_dims; d++) {
        if (largest(p, job->dims[d].codes, false, &most) &&
            (uint64_t)most + job->dims[d].first >= job->dims[d].n_nodes)
            return kz_fail(err, KZ_E_INPUT, "cube.code", kz_n("dim", d + 1), kz_n("code", most),
                           kz_n("nodes", job->dims[d].n_nodes));
    }
    if (job->person.p && largest(p, job->person, true, &most))
        p->n_persons = most + 1;
    if (job->value) {
        unsigned __int128 all = 0;
        for (uint64_t i = 0; i < job->n_rows; i++) {
            uint64_t size = job->value[i] < 0 ? -(uint64_t)job->value[i] : (uint64_t)job->value[i];
            all += size;
        }
        if (all > INT64_MAX)
            return kz_fail(err, KZ_E_INPUT, "cube.sum_large");
    }
    return KZ_OK;
}

/* ---- dense or sparse ----------------------------------------------------------------------- */

/* Nodes of dimension d by depth; returns the number of depths (0: too deep to count). */
enum { DEPTHS_MAX = 64 };
static int nodes_by_depth(const cube_plan *p, int d, uint64_t nodes[DEPTHS_MAX])
{
    const kz_cube_dim *dim = &p->job->dims[d];
    int n = 1;
    memset(nodes, 0, DEPTHS_MAX * sizeof nodes[0]);
    nodes[0] = 1;
    if (!dim->parent) {
        nodes[1] = dim->n_nodes - 1;
        return dim->n_nodes > 1 ? 2 : 1;
    }
    uint8_t *depth = calloc(dim->n_nodes, 1);
    if (!depth)
        return 0;
    for (uint32_t i = 1; i < dim->n_nodes; i++) {
        depth[i] = (uint8_t)(depth[dim->parent[i]] + 1);
        if (depth[i] == DEPTHS_MAX) {
            n = 0;
            break;
        }
        nodes[depth[i]]++;
        n = depth[i] + 1 > n ? depth[i] + 1 : n;
    }
    free(depth);
    return n;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t x;
    return __builtin_mul_overflow(a, b, &x) ? UINT64_MAX : x;
}

/*
 * A row is in at most one cell of each combination of depths, and such a combination has no
 * more cells than its nodes allow: the sum over all combinations of the smaller of both.
 */
static uint64_t cells_at_most(const cube_plan *p)
{
    enum { COMBINATIONS_MAX = 1 << 18 };
    uint64_t nodes[KZ_CUBE_DIMS_MAX][DEPTHS_MAX], sum = 0, combinations = 1;
    int n[KZ_CUBE_DIMS_MAX], at[KZ_CUBE_DIMS_MAX] = { 0 };
    for (int d = 0; d < p->n_dims; d++) {
        n[d] = nodes_by_depth(p, d, nodes[d]);
        if (n[d] == 0)
            return UINT64_MAX;
        combinations *= (uint64_t)n[d];
        if (combinations > COMBINATIONS_MAX)
            return times(p->job->n_rows, combinations);
    }
    for (uint64_t c = 0; c < combinations; c++) {
        uint64_t product = 1;
        for (int d = 0; d < p->n_dims; d++)
            product = times(product, nodes[d][at[d]]);
        sum += product < p->job->n_rows ? product : p->job->n_rows;
        for (int d = 0; d < p->n_dims && ++at[d] == n[d]; d++)
            at[d] = 0;
    }
    return sum;
}

uint64_t cube_sparse_most(const cube_plan *p)
{
    uint64_t cells = cells_at_most(p);
    return times(cells < p->cells ? cells : p->cells, sizeof(cube_entry));
}

static uint64_t disk_free(const char *folder)
{
    struct statvfs v;
    return statvfs(folder, &v) == 0 ? times(v.f_bavail, v.f_frsize) : 0;
}

const char *cube_temp(const kz_cube_job *job)
{
    const char *temp = job->temp ? job->temp : getenv("TMPDIR");
    return temp && *temp ? temp : "/tmp";
}

static bool dense_is_better(const cube_plan *p)
{
    enum { SMALL = 1 << 20, EMPTY = 32 };
    return p->cells <= UINT32_MAX && cube_dense_bytes(p, 1) <= p->memory &&
           (p->cells <= SMALL || p->cells / EMPTY <= cube_sparse_most(p) / sizeof(cube_entry));
}

/* Two stages of the roll-up are on the disk at once. */
static kz_status check_room(const cube_plan *p, kz_err *err)
{
    uint64_t most = times(cube_sparse_most(p), 2), disk = disk_free(cube_temp(p->job));
    if (most <= p->memory || most - p->memory <= disk)
        return KZ_OK;
    return kz_fail(err, KZ_E_LIMIT, "cube.no_room", kz_n("mib", most >> 20), kz_n("memory", p->memory >> 20),
                   kz_n("disk", disk >> 20), kz_s("folder", cube_temp(p->job)));
}

kz_status kz_cube_make(const kz_cube_job *job, kz_cube **ret, kz_err *err)
{
    KZ_ASSERT(job->n_dims >= 1);
    if (job->n_dims > KZ_CUBE_DIMS_MAX)
        return kz_fail(err, KZ_E_LIMIT, "cube.dims", kz_n("max", KZ_CUBE_DIMS_MAX));
    if (job->n_rows > UINT32_MAX - 1)
        return kz_fail(err, KZ_E_LIMIT, "cube.rows", kz_n("max", UINT32_MAX - 1));
    kz_cube *c = calloc(1, sizeof *c);
    if (!c)
        return cube_no_memory(sizeof *c, err);
    cube_plan *p = &c->plan;
    c->job = *job;
    p->job = &c->job;
    p->n_dims = job->n_dims;
    p->threads = job->threads < 1 ? 1 : job->threads > KZ_THREADS_MAX ? KZ_THREADS_MAX : job->threads;
    p->memory = job->memory ? job->memory : KZ_CUBE_MEMORY;
    kz_status st = plan_dims(p, job, err);
    if (st == KZ_OK)
        st = check_rows(p, err);
    if (st == KZ_OK) {
        c->dense = dense_is_better(p);
        p->steps = job->n_rows * (job->person.p ? 3 : 1) + (c->dense ? p->cells / 2 : job->n_rows * p->n_dims);
        if (!c->dense)
            st = check_room(p, err);
    }
    if (st == KZ_OK)
        st = c->dense ? cube_dense_make(p, &c->cells, err) : cube_sparse_make(p, &c->pool, err);
    if (st != KZ_OK) {
        kz_cube_free(c);
        return st;
    }
    *ret = c;
    return KZ_OK;
}

void kz_cube_free(kz_cube *c)
{
    if (!c)
        return;
    cube_dense_done(&c->cells);
    cube_pool_free(c->pool);
    free(c);
}

/* ---- cells, one after the other ---------------------------------------------------------------- */

static bool next_dense(kz_cube *c, kz_cube_cell *cell)
{
    const cube_plan *p = &c->plan;
    while (c->at < p->cells && c->cells.n[c->at] == 0)
        c->at++;
    if (c->at == p->cells)
        return false;
    uint64_t rest = c->at;
    for (int d = 0; d < p->n_dims; d++) {
        cell->node[d] = (uint32_t)(rest / p->stride[d]);
        rest %= p->stride[d];
    }
    cell->n = c->cells.n[c->at];
    cell->distinct = c->cells.distinct ? c->cells.distinct[c->at] : 0;
    cell->sum = c->cells.sum ? c->cells.sum[c->at] : 0;
    c->at++;
    return true;
}

bool kz_cube_next(kz_cube *c, kz_cube_cell *cell)
{
    cube_entry e;
    if (c->dense)
        return next_dense(c, cell);
    do {
        if (!cube_pool_next(c->pool, &e))
            return false;
    } while (e.n == 0);
    for (int d = 0; d < c->plan.n_dims; d++)
        cell->node[d] = cube_node(&c->plan, d, e.key);
    cell->n = (uint64_t)e.n;
    cell->distinct = (uint64_t)e.distinct;
    cell->sum = e.sum;
    return true;
}

kz_status kz_cube_end(const kz_cube *c, kz_err *err)
{
    return c->dense ? KZ_OK : cube_pool_end(c->pool, err);
}

void kz_cube_rewind(kz_cube *c)
{
    c->at = 0;
    if (!c->dense)
        cube_pool_rewind(c->pool);
}
