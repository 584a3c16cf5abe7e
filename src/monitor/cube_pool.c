/*
 * A bag of entries by key: an open-addressing table in memory; when that is full, its
 * entries go to disk, sorted, as one run; at the end the runs are merged.
 */
#include "monitor/cube_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BYTES_AN_ENTRY = 2 * sizeof(cube_entry) + 4 * sizeof(uint32_t), /* with room to sort, and its slots */
    FIRST_SLOTS = 1 << 12,
    LEAST_ENTRIES = 1 << 10,
    DIGIT = 11,
    AHEAD = 1024, /* entries of a run that are read at once */
};

typedef struct run {
    uint64_t    from, n, at; /* in the file, in entries */
    cube_entry *ahead;
    uint32_t    n_ahead, next;
} run;

struct cube_pool {
    uint64_t    most, n;   /* entries in memory */
    cube_entry *entries, *sorted;
    uint32_t   *slots;     /* number + 1; 0: free */
    uint64_t    n_slots;
    int         key_bits;
    const char *temp;
    int         fd;        /* -1: nothing on disk yet */
    uint64_t    on_disk;
    run        *runs;
    uint32_t   *heap;      /* runs that are not empty, the smallest key first */
    uint32_t    n_runs, n_heap;
    uint64_t    at;        /* when everything is in memory */
    kz_err      err;
    kz_status   status;
};

kz_status cube_pool_new(uint64_t memory, int key_bits, const char *temp, cube_pool **ret, kz_err *err)
{
    cube_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return cube_no_memory(sizeof *pool, err);
    pool->most = memory / BYTES_AN_ENTRY;
    pool->most = pool->most < LEAST_ENTRIES ? LEAST_ENTRIES : pool->most > UINT32_MAX / 4 ? UINT32_MAX / 4 : pool->most;
    pool->key_bits = key_bits;
    pool->temp = temp;
    pool->fd = -1;
    pool->n_slots = FIRST_SLOTS;
    pool->entries = cube_memory(pool->most * sizeof *pool->entries);
    pool->sorted = cube_memory(pool->most * sizeof *pool->sorted);
    pool->slots = calloc(pool->n_slots, sizeof *pool->slots);
    if (!pool->entries || !pool->sorted || !pool->slots) {
        cube_pool_free(pool);
        return cube_no_memory(memory, err);
    }
    *ret = pool;
    return KZ_OK;
}

void cube_pool_free(cube_pool *pool)
{
    if (!pool)
        return;
    cube_memory_free(pool->entries, pool->most * sizeof *pool->entries);
    cube_memory_free(pool->sorted, pool->most * sizeof *pool->sorted);
    for (uint32_t i = 0; i < pool->n_runs; i++)
        free(pool->runs[i].ahead);
    free(pool->slots);
    free(pool->runs);
    free(pool->heap);
    if (pool->fd >= 0)
        close(pool->fd);
    free(pool);
}

/* ---- in memory ------------------------------------------------------------------------- */

static uint64_t slot_for(const cube_pool *pool, uint64_t key)
{
    uint64_t h = key * UINT64_C(0x9E3779B97F4A7C15);
    return (h ^ h >> 32) & (pool->n_slots - 1);
}

static bool more_slots(cube_pool *pool)
{
    uint32_t *slots = calloc(pool->n_slots * 2, sizeof *slots);
    if (!slots)
        return false;
    free(pool->slots);
    pool->slots = slots;
    pool->n_slots *= 2;
    for (uint64_t i = 0; i < pool->n; i++) {
        uint64_t at = slot_for(pool, pool->entries[i].key);
        while (slots[at])
            at = (at + 1) & (pool->n_slots - 1);
        slots[at] = (uint32_t)(i + 1);
    }
    return true;
}

/* Entries in ascending order of keys, digit by digit (least significant first). */
static void sort_entries(cube_pool *pool)
{
    cube_entry *from = pool->entries, *to = pool->sorted;
    for (int shift = 0; shift < pool->key_bits; shift += DIGIT) {
        uint64_t start[(1 << DIGIT) + 1] = { 0 }, mask = (1 << DIGIT) - 1;
        for (uint64_t i = 0; i < pool->n; i++)
            start[(from[i].key >> shift & mask) + 1]++;
        for (uint64_t k = 0; k <= mask; k++)
            start[k + 1] += start[k];
        for (uint64_t i = 0; i < pool->n; i++)
            to[start[from[i].key >> shift & mask]++] = from[i];
        cube_entry *other = from;
        from = to;
        to = other;
    }
    pool->entries = from;
    pool->sorted = to;
}

/* ---- on disk --------------------------------------------------------------------------- */

static kz_status disk_failed(cube_pool *pool)
{
    pool->status = kz_fail(&pool->err, KZ_E_IO, "cube.disk", kz_s("folder", pool->temp), kz_s("why", strerror(errno)));
    return pool->status;
}

static bool open_file(cube_pool *pool)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/kekiz-cube.XXXXXX", pool->temp) >= sizeof path) {
        errno = ENAMETOOLONG;
        return false;
    }
    pool->fd = mkostemp(path, O_CLOEXEC);
    if (pool->fd < 0)
        return false;
    unlink(path); /* goes with the program, however that ends */
    return true;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        p += put;
        n -= (size_t)put;
    }
    return true;
}

/* Everything in memory becomes one more run. */
static kz_status spill(cube_pool *pool)
{
    if (pool->n == 0)
        return KZ_OK;
    run *runs = realloc(pool->runs, (pool->n_runs + 1) * sizeof *runs);
    if (!runs)
        return pool->status = cube_no_memory(sizeof *runs, &pool->err);
    pool->runs = runs;
    sort_entries(pool);
    if (pool->fd < 0 && !open_file(pool))
        return disk_failed(pool);
    if (!write_all(pool->fd, (const char *)pool->entries, pool->n * sizeof *pool->entries))
        return disk_failed(pool);
    runs[pool->n_runs++] = (run){ .from = pool->on_disk, .n = pool->n };
    pool->on_disk += pool->n;
    pool->n = 0;
    memset(pool->slots, 0, pool->n_slots * sizeof *pool->slots);
    return KZ_OK;
}

void cube_pool_add(cube_pool *pool, const cube_entry *e)
{
    if (pool->status != KZ_OK)
        return;
    uint64_t at = slot_for(pool, e->key);
    for (; pool->slots[at]; at = (at + 1) & (pool->n_slots - 1)) {
        cube_entry *known = &pool->entries[pool->slots[at] - 1];
        if (known->key == e->key) {
            known->n += e->n;
            known->distinct += e->distinct;
            known->sum += e->sum;
            return;
        }
    }
    if (pool->n == pool->most) {
        if (spill(pool) != KZ_OK)
            return;
        at = slot_for(pool, e->key);
    }
    pool->entries[pool->n++] = *e;
    pool->slots[at] = (uint32_t)pool->n;
    if (pool->n * 2 > pool->n_slots && !more_slots(pool))
        pool->status = cube_no_memory(pool->n_slots * 2 * sizeof *pool->slots, &pool->err);
}

/* ---- merging --------------------------------------------------------------------------- */

/* The next entries of a run into memory; false at its end or when the disk fails. */
static bool read_ahead(cube_pool *pool, run *r)
{
    uint32_t n = r->n - r->at < AHEAD ? (uint32_t)(r->n - r->at) : AHEAD;
    char *to = (char *)r->ahead;
    size_t bytes = n * sizeof *r->ahead, got = 0;
    while (got < bytes) {
        ssize_t m = pread(pool->fd, to + got, bytes - got, (off_t)((r->from + r->at) * sizeof *r->ahead + got));
        if (m < 0 && errno == EINTR)
            continue;
        if (m <= 0) {
            errno = m == 0 ? EIO : errno;
            (void)!disk_failed(pool);
            return false;
        }
        got += (size_t)m;
    }
    r->at += n;
    r->n_ahead = n;
    r->next = 0;
    return n > 0;
}

static uint64_t first_key(const cube_pool *pool, uint32_t i)
{
    const run *r = &pool->runs[pool->heap[i]];
    return r->ahead[r->next].key;
}

static void sink(cube_pool *pool, uint32_t i)
{
    for (;;) {
        uint32_t least = i, left = 2 * i + 1;
        for (uint32_t k = left; k <= left + 1 && k < pool->n_heap; k++)
            least = first_key(pool, k) < first_key(pool, least) ? k : least;
        if (least == i)
            return;
        uint32_t other = pool->heap[i];
        pool->heap[i] = pool->heap[least];
        pool->heap[least] = other;
        i = least;
    }
}

void cube_pool_rewind(cube_pool *pool)
{
    pool->at = 0;
    pool->n_heap = 0;
    for (uint32_t i = 0; i < pool->n_runs; i++) {
        pool->runs[i].at = 0;
        if (read_ahead(pool, &pool->runs[i]))
            pool->heap[pool->n_heap++] = i;
    }
    for (uint32_t i = pool->n_heap; i-- > 0;)
        sink(pool, i);
}

kz_status cube_pool_sort(cube_pool *pool, kz_err *err)
{
    if (pool->status == KZ_OK && pool->n_runs == 0)
        sort_entries(pool);
    if (pool->status == KZ_OK && pool->n_runs > 0 && spill(pool) == KZ_OK) {
        /* The table is not needed any more. */
        cube_memory_free(pool->entries, pool->most * sizeof *pool->entries);
        cube_memory_free(pool->sorted, pool->most * sizeof *pool->sorted);
        pool->entries = pool->sorted = NULL;
        pool->heap = calloc(pool->n_runs, sizeof *pool->heap);
        if (!pool->heap)
            pool->status = cube_no_memory(pool->n_runs * sizeof *pool->heap, &pool->err);
        for (uint32_t i = 0; i < pool->n_runs && pool->status == KZ_OK; i++) {
            pool->runs[i].ahead = malloc(AHEAD * sizeof(cube_entry));
            if (!pool->runs[i].ahead)
                pool->status = cube_no_memory(AHEAD * sizeof(cube_entry), &pool->err);
        }
    }
    free(pool->slots);
    pool->slots = NULL;
    if (pool->status == KZ_OK)
        cube_pool_rewind(pool);
    return cube_pool_end(pool, err);
}

static bool next_merged(cube_pool *pool, cube_entry *e)
{
    bool any = false;
    while (pool->n_heap > 0 && (!any || first_key(pool, 0) == e->key)) {
        run *r = &pool->runs[pool->heap[0]];
        const cube_entry *first = &r->ahead[r->next++];
        if (any) {
            e->n += first->n;
            e->distinct += first->distinct;
            e->sum += first->sum;
        } else {
            *e = *first;
            any = true;
        }
        if (r->next == r->n_ahead && !read_ahead(pool, r))
            pool->heap[0] = pool->heap[--pool->n_heap];
        sink(pool, 0);
    }
    return any && pool->status == KZ_OK;
}

bool cube_pool_next(cube_pool *pool, cube_entry *e)
{
    if (pool->n_runs > 0)
        return next_merged(pool, e);
    if (pool->at == pool->n)
        return false;
    *e = pool->entries[pool->at++];
    return true;
}

kz_status cube_pool_end(const cube_pool *pool, kz_err *err)
{
    if (pool->status != KZ_OK && err)
        *err = pool->err;
    return pool->status;
}
