/*
 * The dense cube: an array with a place for every cell.  Rows are counted at their own
 * place, then each dimension is rolled up in place: inner dimensions within the
 * slices of the first one, so that a slice stays near the processor, the first at the end.
 */
#include "monitor/cube_inner.h"

#include <string.h>

#ifndef __clang__
#pragma GCC optimize("O3") /* below that gcc leaves loops of unknown length scalar */
#endif

enum { CHUNK = 2048, BLOCK = 8192 };

uint64_t cube_dense_bytes(const cube_plan *p, int threads)
{
    unsigned __int128 a_cell = sizeof(uint32_t);
    if (p->job->value)
        a_cell += sizeof(int64_t);
    unsigned __int128 bytes = a_cell * p->cells * (unsigned)threads;
    if (p->job->person.p) /* the cells and what is added late; rows wait in person order */
        bytes += (unsigned __int128)sizeof(uint32_t) * p->cells * ((unsigned)threads + 1);
    return bytes > UINT64_MAX ? UINT64_MAX : (uint64_t)bytes;
}

/* ---- counting ------------------------------------------------------------------------ */

typedef struct count_job {
    cube_plan   *plan;
    uint32_t    *n[KZ_THREADS_MAX], *distinct[KZ_THREADS_MAX], *late;
    int64_t     *sum[KZ_THREADS_MAX];
    int          parts;
    atomic_bool  any_late, stop;
    kz_err      *err;
    kz_status    stopped;
} count_job;

__attribute__((always_inline)) static inline void places_body(const cube_plan *p, uint64_t row, uint32_t m,
                                                              uint32_t place[])
{
    uint32_t begin = 0;
    for (int d = 0; d < p->n_dims; d++)
        begin += p->job->dims[d].first * (uint32_t)p->stride[d];
    for (uint32_t i = 0; i < m; i++)
        place[i] = begin;
    for (int d = 0; d < p->n_dims; d++) {
        kz_codes c = p->job->dims[d].codes;
        uint32_t stride = (uint32_t)p->stride[d];
        if (c.width == 1) {
            const uint8_t *code = (const uint8_t *)c.p + row;
            for (uint32_t i = 0; i < m; i++)
                place[i] += code[i] * stride;
        } else if (c.width == 2) {
            const uint16_t *code = (const uint16_t *)c.p + row;
            for (uint32_t i = 0; i < m; i++)
                place[i] += code[i] * stride;
        } else {
            const uint32_t *code = (const uint32_t *)c.p + row;
            for (uint32_t i = 0; i < m; i++)
                place[i] += code[i] * stride;
        }
    }
}

static void places_plain(const cube_plan *p, uint64_t row, uint32_t m, uint32_t place[])
{
    places_body(p, row, m, place);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void places_wide(const cube_plan *p, uint64_t row, uint32_t m,
                                                         uint32_t place[])
{
    places_body(p, row, m, place);
}
#endif

typedef void (*places_fn)(const cube_plan *p, uint64_t row, uint32_t m, uint32_t place[]);

static places_fn places_for_this_machine(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return places_wide;
#endif
    return places_plain;
}

static void count_part(void *ctx, int part, int parts)
{
    count_job *j = ctx;
    const kz_cube_job *job = j->plan->job;
    uint32_t place[CHUNK], *n = j->n[part];
    int64_t *sum = j->sum[part];
    places_fn places = places_for_this_machine();
    uint64_t to = kz_part_from(job->n_rows, part + 1, parts);
    uint64_t told = kz_part_from(job->n_rows, part, parts);
    for (uint64_t row = told; row < to && !atomic_load_explicit(&j->stop, memory_order_relaxed);) {
        uint32_t m = to - row < CHUNK ? (uint32_t)(to - row) : CHUNK;
        places(j->plan, row, m, place);
        for (uint32_t i = 0; i < m; i++)
            n[place[i]]++;
        if (sum) {
            for (uint32_t i = 0; i < m; i++)
                sum[place[i]] += job->value[row + i];
        }
        row += m;
        if (part == 0 && row - told >= (UINT32_C(1) << 20)) {
            j->stopped = cube_step(j->plan, (row - told) * (unsigned)parts, j->err);
            told = row;
            if (j->stopped != KZ_OK)
                atomic_store(&j->stop, true);
        }
    }
}

static void add_weights(void *ctx, int part, const uint64_t keys[], const int32_t weights[], int n, bool final)
{
    count_job *j = ctx;
    const cube_plan *p = j->plan;
    uint32_t *distinct = j->distinct[part];
    for (int i = 0; i < n; i++) {
        uint64_t place = 0;
        for (int d = 0; d < p->n_dims; d++)
            place += (keys[i] >> p->shift[d] & p->mask[d]) * p->stride[d];
        if (final)
            __atomic_fetch_add(&j->late[place], (uint32_t)weights[i], __ATOMIC_RELAXED);
        else
            distinct[place] += (uint32_t)weights[i];
    }
    if (final)
        atomic_store_explicit(&j->any_late, true, memory_order_relaxed);
}

/* What the threads counted, into the arrays of the first; rows are persons until corrected. */
static void merge_part(void *ctx, int part, int parts)
{
    count_job *j = ctx;
    uint64_t from = kz_part_from(j->plan->cells, part, parts), to = kz_part_from(j->plan->cells, part + 1, parts);
    for (int t = 1; t < j->parts; t++) {
        for (uint64_t i = from; i < to; i++)
            j->n[0][i] += j->n[t][i];
        for (uint64_t i = from; i < to && j->sum[0]; i++)
            j->sum[0][i] += j->sum[t][i];
        for (uint64_t i = from; i < to && j->distinct[0]; i++)
            j->distinct[0][i] += j->distinct[t][i];
    }
    for (uint64_t i = from; i < to && j->distinct[0]; i++)
        j->distinct[0][i] += j->n[0][i];
}

/* ---- rolling up ------------------------------------------------------------------------ */

typedef struct roll_job {
    const cube_plan *plan;
    const cube_dense *cube;
    atomic_ullong next;
} roll_job;

static void add32(uint32_t *restrict to, const uint32_t *restrict from, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        to[i] += from[i];
}

static void add64(int64_t *restrict to, const int64_t *restrict from, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        to[i] += from[i];
}

/* `count` blocks of dimension d from place `at` on: children into parents, the last child first. */
#define ROLL(name, type, add)                                                                     \
    static void name(const cube_plan *p, int d, type *a, uint64_t count)                          \
    {                                                                                             \
        const uint32_t *parent = p->job->dims[d].parent;                                          \
        uint64_t n = p->job->dims[d].n_nodes, stride = p->stride[d];                              \
        for (uint64_t k = 0; k < count; k++, a += n * stride) {                                   \
            if (stride == 1 && !parent) {                                                         \
                type whole = a[0];                                                                \
                for (uint64_t i = 1; i < n; i++)                                                  \
                    whole += a[i];                                                                \
                a[0] = whole;                                                                     \
            } else if (stride == 1) {                                                             \
                for (uint64_t i = n - 1; i > 0; i--)                                              \
                    a[parent[i]] += a[i];                                                         \
            } else {                                                                              \
                for (uint64_t i = n - 1; i > 0; i--)                                              \
                    add(a + (parent ? parent[i] : 0) * stride, a + i * stride, stride);           \
            }                                                                                     \
        }                                                                                         \
    }
ROLL(roll32, uint32_t, add32)
ROLL(roll64, int64_t, add64)

static bool all_zero(const uint32_t *n, uint64_t count)
{
    uint64_t i = 0;
    for (; count - i >= 64; i += 64) {
        uint32_t any = 0;
        for (uint64_t k = i; k < i + 64; k++)
            any |= n[k];
        if (any)
            return false;
    }
    for (; i < count; i++) {
        if (n[i])
            return false;
    }
    return true;
}

/* The inner dimensions, within the slices of the first. */
static void slice_part(void *ctx, int part, int parts)
{
    roll_job *j = ctx;
    const cube_plan *p = j->plan;
    uint64_t slice = p->stride[0];
    (void)part;
    (void)parts;
    for (;;) {
        uint64_t i = atomic_fetch_add(&j->next, 1);
        if (i >= p->job->dims[0].n_nodes)
            return;
        uint64_t at = i * slice;
        bool rows = !all_zero(j->cube->n + at, slice);
        for (int d = p->n_dims - 1; d > 0; d--) {
            uint64_t count = slice / (p->job->dims[d].n_nodes * p->stride[d]);
            if (rows)
                roll32(p, d, j->cube->n + at, count);
            if (rows && j->cube->sum)
                roll64(p, d, j->cube->sum + at, count);
            if (j->cube->distinct) /* corrections may stand where no row does */
                roll32(p, d, j->cube->distinct + at, count);
        }
    }
}

/* The first dimension, a block of every slice at a time. */
static void first_part(void *ctx, int part, int parts)
{
    roll_job *j = ctx;
    const cube_plan *p = j->plan;
    const uint32_t *parent = p->job->dims[0].parent;
    uint64_t slice = p->stride[0];
    (void)part;
    (void)parts;
    for (;;) {
        uint64_t from = atomic_fetch_add(&j->next, BLOCK);
        if (from >= slice)
            return;
        uint64_t n = slice - from < BLOCK ? slice - from : BLOCK;
        for (uint64_t i = p->job->dims[0].n_nodes - 1; i > 0; i--) {
            uint64_t to = (parent ? parent[i] : 0) * slice + from, own = i * slice + from;
            add32(j->cube->n + to, j->cube->n + own, n);
            if (j->cube->distinct)
                add32(j->cube->distinct + to, j->cube->distinct + own, n);
            if (j->cube->sum)
                add64(j->cube->sum + to, j->cube->sum + own, n);
        }
    }
}

/* ---- all of it -------------------------------------------------------------------------- */

void cube_dense_done(cube_dense *d)
{
    cube_memory_free(d->n, d->cells * sizeof *d->n);
    cube_memory_free(d->distinct, d->cells * sizeof *d->distinct);
    cube_memory_free(d->sum, d->cells * sizeof *d->sum);
    *d = (cube_dense){ 0 };
}

static bool get_arrays(count_job *j, uint64_t cells)
{
    bool persons = j->plan->job->person.p, value = j->plan->job->value;
    for (int t = 0; t < j->parts; t++) {
        j->n[t] = cube_memory(cells * sizeof *j->n[t]);
        j->distinct[t] = persons ? cube_memory(cells * sizeof *j->distinct[t]) : NULL;
        j->sum[t] = value ? cube_memory(cells * sizeof *j->sum[t]) : NULL;
        if (!j->n[t] || (persons && !j->distinct[t]) || (value && !j->sum[t]))
            return false;
    }
    j->late = persons ? cube_memory(cells * sizeof *j->late) : NULL;
    return !persons || j->late;
}

static kz_status count_all(count_job *j, kz_err *err)
{
    if (!get_arrays(j, j->plan->cells))
        return cube_no_memory(cube_dense_bytes(j->plan, j->parts), err);
    kz_parallel(j->parts, count_part, j);
    KZ_TRY(j->stopped);
    if (j->plan->job->person.p)
        KZ_TRY(cube_persons(j->plan, j->parts, add_weights, j, err));
    if (j->parts > 1 || j->plan->job->person.p)
        kz_parallel(j->plan->threads, merge_part, j);
    return KZ_OK;
}

kz_status cube_dense_make(cube_plan *p, cube_dense *ret, kz_err *err)
{
    count_job j = { .plan = p, .parts = p->threads, .err = err };
    cube_dense cube = { .cells = p->cells };
    uint64_t cells = p->cells;
    while (j.parts > 1 && (cube_dense_bytes(p, j.parts) > p->memory || cells * (unsigned)j.parts > p->job->n_rows * 4))
        j.parts--;
    kz_status st = count_all(&j, err);
    for (int t = 1; t < j.parts; t++) {
        cube_memory_free(j.n[t], cells * sizeof *j.n[t]);
        cube_memory_free(j.distinct[t], cells * sizeof *j.distinct[t]);
        cube_memory_free(j.sum[t], cells * sizeof *j.sum[t]);
    }
    cube.n = j.n[0];
    cube.distinct = j.distinct[0];
    cube.sum = j.sum[0];
    if (st == KZ_OK) {
        roll_job roll = { .plan = p, .cube = &cube };
        kz_parallel(p->threads, slice_part, &roll);
        st = cube_step(p, cells / 2, err);
        atomic_store(&roll.next, 0);
        if (st == KZ_OK)
            kz_parallel(p->threads, first_part, &roll);
    }
    if (st == KZ_OK && j.late && atomic_load(&j.any_late))
        add32(cube.distinct, j.late, cells);
    cube_memory_free(j.late, cells * sizeof *j.late);
    if (st != KZ_OK) {
        cube_dense_done(&cube);
        return st;
    }
    *ret = cube;
    return KZ_OK;
}
