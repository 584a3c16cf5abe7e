/*
 * Different persons in every cell, exactly, in one walk over the rows of each person.
 *
 * A person is in a cell when one of the person's rows is, so a person's cells are the union of
 * what lies above the rows' own cells.  What lies above both x and y is what lies above
 * their meet (cube_meet).  So the union is what lies above the first cell, plus what lies above the
 * second, minus what lies above the meet of both, and so on: each further cell gets +1, and the union
 * of its meets with those before it is taken away, in the same manner.  Mostly that is one cell.
 * Given to the roll-up as start values, these weights become exactly one in each cell of the union.
 * The +1 are the rows themselves, which are counted anyway: only what is to be taken away is made here.
 *
 * A person with very many different cells (LIGHT, ROOM) would make that slow; there the
 * cells above are listed one by one.
 */
#include "monitor/cube_inner.h"

#include <stdlib.h>
#include <string.h>

enum {
    LIGHT = 48,  /* different cells of a person's rows */
    ROOM = 1024, /* weighted cells                     */
    BUCKETS_MAX = 4096,
    BUCKET_PERSONS_BITS = 11,
};

/* Cells and what to add to each, and room to find that out.  Once a thread: it is large. */
typedef struct weights {
    int      n, n_shared;
    uint64_t key[ROOM], shared[ROOM];
    int32_t  w[ROOM];
} weights;

/* A growing set of keys; key + 1 is stored, 0 is free. */
typedef struct key_set {
    uint64_t *slot;
    uint64_t  n, n_slots;
} key_set;

static const int32_t ONE = 1, MINUS_ONE = -1;

typedef struct persons_job {
    cube_plan *plan;
    cube_weigh weigh;
    void      *ctx;
    int        bits, threads; /* persons of a bucket differ in so many low bits */
    uint32_t   n_buckets;
    uint64_t  *at;            /* [thread][bucket]: counts, then places */
    uint64_t  *keys;          /* of the rows, bucket by bucket         */
    uint32_t  *who;
    uint64_t   largest;       /* rows of the largest bucket            */
    atomic_uint next;
    atomic_bool no_memory;
} persons_job;

/* ---- rows into buckets of neighbouring persons ----------------------------------- */

static void count_part(void *ctx, int i, int n)
{
    persons_job *j = ctx;
    uint64_t rows = j->plan->job->n_rows, to = kz_part_from(rows, i + 1, n);
    uint64_t *at = j->at + (uint64_t)i * j->n_buckets;
    kz_codes person = j->plan->job->person;
    for (uint64_t r = kz_part_from(rows, i, n); r < to; r++) {
        uint32_t who = kz_code_at(person, r);
        if (who != KZ_CUBE_NOBODY)
            at[who >> j->bits]++;
    }
}

static void scatter_part(void *ctx, int i, int n)
{
    persons_job *j = ctx;
    uint64_t rows = j->plan->job->n_rows, to = kz_part_from(rows, i + 1, n);
    uint64_t *at = j->at + (uint64_t)i * j->n_buckets;
    kz_codes person = j->plan->job->person;
    enum { CHUNK = 512 };
    uint64_t key[CHUNK];
    for (uint64_t r = kz_part_from(rows, i, n); r < to;) {
        uint32_t m = to - r < CHUNK ? (uint32_t)(to - r) : CHUNK;
        memset(key, 0, m * sizeof key[0]);
        for (int d = 0; d < j->plan->n_dims; d++) {
            kz_codes c = j->plan->job->dims[d].codes;
            uint32_t first = j->plan->job->dims[d].first;
            int shift = j->plan->shift[d];
            for (uint32_t k = 0; k < m; k++)
                key[k] |= (uint64_t)(kz_code_at(c, r + k) + first) << shift;
        }
        for (uint32_t k = 0; k < m; k++) {
            uint32_t who = kz_code_at(person, r + k);
            if (who == KZ_CUBE_NOBODY) {
                j->weigh(j->ctx, i, &key[k], &MINUS_ONE, 1, false);
                continue;
            }
            uint64_t to_at = at[who >> j->bits]++;
            j->keys[to_at] = key[k];
            j->who[to_at] = who;
        }
        r += m;
    }
}

/* ---- one person -------------------------------------------------------------------- */

static bool set_add(key_set *s, uint64_t key, bool *fresh)
{
    if (s->n * 2 >= s->n_slots) {
        uint64_t n_slots = s->n_slots ? s->n_slots * 2 : 1024;
        uint64_t *slot = calloc(n_slots, sizeof *slot);
        if (!slot)
            return false;
        for (uint64_t i = 0; i < s->n_slots; i++) {
            if (!s->slot[i])
                continue;
            uint64_t at = (s->slot[i] * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (n_slots - 1);
            while (slot[at])
                at = (at + 1) & (n_slots - 1);
            slot[at] = s->slot[i];
        }
        free(s->slot);
        s->slot = slot;
        s->n_slots = n_slots;
    }
    uint64_t at = ((key + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (s->n_slots - 1);
    while (s->slot[at] && s->slot[at] != key + 1)
        at = (at + 1) & (s->n_slots - 1);
    *fresh = !s->slot[at];
    s->slot[at] = key + 1;
    s->n += *fresh;
    return true;
}

/* Every cell above `key`, from dimension d on. */
static bool list_above(persons_job *j, int part, key_set *s, uint64_t key, int d)
{
    if (d == j->plan->n_dims) {
        bool fresh;
        if (!set_add(s, key, &fresh))
            return false;
        if (fresh)
            j->weigh(j->ctx, part, &key, &ONE, 1, true);
        return true;
    }
    uint64_t rest = key & ~(j->plan->mask[d] << j->plan->shift[d]);
    for (uint32_t node = cube_node(j->plan, d, key);; node = cube_parent(j->plan, d, node)) {
        if (!list_above(j, part, s, rest | (uint64_t)node << j->plan->shift[d], d + 1))
            return false;
        if (node == 0)
            return true;
    }
}

/* Without duplicates and without cells that lie above another one; returns how many stay. */
static int lowest(const cube_plan *p, uint64_t cells[], int n)
{
    int m = 0;
    for (int i = 0; i < n; i++) {
        bool covered = false;
        int kept = 0;
        for (int k = 0; k < m && !covered; k++) {
            uint64_t meet = cube_meet(p, cells[k], cells[i]);
            covered = meet == cells[i];
            if (meet != cells[k]) /* else k lies above i */
                cells[kept++] = cells[k];
        }
        if (covered)
            continue;
        m = kept;
        cells[m++] = cells[i];
    }
    return m;
}

static bool note(weights *u, uint64_t key, int32_t w)
{
    enum { LOOK_BACK = 16 };
    for (int i = u->n - 1; i >= 0 && i >= u->n - LOOK_BACK; i--) {
        if (u->key[i] == key) {
            u->w[i] += w;
            return true;
        }
    }
    if (u->n == ROOM)
        return false;
    u->key[u->n] = key;
    u->w[u->n++] = w;
    return true;
}

/*
 * The weights of everything above these n different cells, times `sign`; without those of the cells
 * themselves when they are counted already.  False: too many.
 */
static bool weigh_union(const cube_plan *p, const uint64_t keys[], int n, int32_t sign, bool counted, weights *u)
{
    uint64_t *shared = u->shared + u->n_shared;
    if (u->n_shared + n > ROOM)
        return false;
    u->n_shared += n;
    for (int i = 0; i < n; i++) {
        if (!counted && !note(u, keys[i], sign))
            return false;
        for (int k = 0; k < i; k++)
            shared[k] = cube_meet(p, keys[k], keys[i]);
        int m = lowest(p, shared, i);
        if (m == 1 ? !note(u, shared[0], -sign) : m > 1 && !weigh_union(p, shared, m, -sign, false, u))
            return false;
    }
    u->n_shared -= n;
    return true;
}

static int by_key(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* Different keys to the front, the others are taken away; returns how many stay. */
static uint64_t unique(persons_job *j, int part, uint64_t keys[], uint64_t n)
{
    uint64_t m = 1;
    if (n > LIGHT)
        qsort(keys, n, sizeof keys[0], by_key);
    for (uint64_t i = 1; i < n; i++) {
        bool known = keys[m - 1] == keys[i];
        for (uint64_t k = 0; k + 1 < m && n <= LIGHT && !known; k++)
            known = keys[k] == keys[i];
        if (known)
            j->weigh(j->ctx, part, &keys[i], &MINUS_ONE, 1, false);
        else
            keys[m++] = keys[i];
    }
    return m;
}

static bool one_person(persons_job *j, int part, uint64_t keys[], uint64_t n, weights *u, key_set *s)
{
    uint64_t m = unique(j, part, keys, n);
    if (m == 1)
        return true;
    u->n = u->n_shared = 0;
    if (m <= LIGHT && weigh_union(j->plan, keys, (int)m, 1, true, u)) {
        j->weigh(j->ctx, part, u->key, u->w, u->n, false);
        return true;
    }
    if (s->slot)
        memset(s->slot, 0, s->n_slots * sizeof s->slot[0]);
    s->n = 0;
    for (uint64_t i = 0; i < m; i++) {
        j->weigh(j->ctx, part, &keys[i], &MINUS_ONE, 1, false); /* listed, not rolled up */
        if (!list_above(j, part, s, keys[i], 0))
            return false;
    }
    return true;
}

/* ---- all of them ------------------------------------------------------------------- */

static bool one_bucket(persons_job *j, int part, uint64_t from, uint64_t to, uint64_t sorted[], uint64_t start[],
                       weights *u, key_set *s)
{
    uint32_t n_local = UINT32_C(1) << j->bits, low = n_local - 1;
    memset(start, 0, ((size_t)n_local + 1) * sizeof start[0]);
    for (uint64_t r = from; r < to; r++)
        start[(j->who[r] & low) + 1]++;
    for (uint32_t k = 0; k < n_local; k++)
        start[k + 1] += start[k];
    for (uint64_t r = from; r < to; r++)
        sorted[start[j->who[r] & low]++] = j->keys[r];
    for (uint64_t k = 0, at = 0; k < n_local; at = start[k++]) { /* start[k] is now the end of k */
        if (start[k] > at && !one_person(j, part, sorted + at, start[k] - at, u, s))
            return false;
    }
    return true;
}

static void person_part(void *ctx, int i, int n)
{
    persons_job *j = ctx;
    key_set s = { 0 };
    uint64_t *sorted = calloc(j->largest + 1, sizeof *sorted);
    uint64_t *start = malloc(((size_t)(UINT32_C(1) << j->bits) + 1) * sizeof *start);
    weights *u = malloc(sizeof *u);
    bool good = sorted && start && u;
    (void)n;
    while (good && !atomic_load(&j->no_memory)) {
        uint32_t b = atomic_fetch_add(&j->next, 1);
        if (b >= j->n_buckets)
            break;
        /* After scattering, the place of the last thread in bucket b is the end of b. */
        const uint64_t *end = j->at + (uint64_t)(j->threads - 1) * j->n_buckets;
        good = one_bucket(j, i, b ? end[b - 1] : 0, end[b], sorted, start, u, &s);
    }
    if (!good)
        atomic_store(&j->no_memory, true);
    free(s.slot);
    free(sorted);
    free(start);
    free(u);
}

static void places_from_counts(persons_job *j)
{
    uint64_t place = 0;
    for (uint32_t b = 0; b < j->n_buckets; b++) {
        uint64_t first = place;
        for (int t = 0; t < j->threads; t++) {
            uint64_t *at = &j->at[(uint64_t)t * j->n_buckets + b], n = *at;
            *at = place;
            place += n;
        }
        j->largest = place - first > j->largest ? place - first : j->largest;
    }
}

kz_status cube_persons(cube_plan *p, int threads, cube_weigh weigh, void *ctx, kz_err *err)
{
    persons_job j = { .plan = p, .weigh = weigh, .ctx = ctx, .bits = BUCKET_PERSONS_BITS, .threads = threads };
    uint64_t rows = p->job->n_rows, bytes = rows * (sizeof *j.keys + sizeof *j.who);
    uint32_t last = p->n_persons ? p->n_persons - 1 : 0;
    while (last >> j.bits >= BUCKETS_MAX)
        j.bits++;
    j.n_buckets = (last >> j.bits) + 1;
    j.at = calloc((size_t)threads * j.n_buckets, sizeof *j.at);
    j.keys = cube_memory(bytes);
    kz_status st = KZ_OK;
    if (!j.at || !j.keys) {
        st = cube_no_memory(bytes, err);
    } else {
        j.who = (uint32_t *)(j.keys + rows);
        kz_parallel(threads, count_part, &j);
        places_from_counts(&j);
        kz_parallel(threads, scatter_part, &j);
        st = cube_step(p, rows, err);
        if (st == KZ_OK)
            kz_parallel(threads, person_part, &j);
        if (st == KZ_OK && atomic_load(&j.no_memory))
            st = cube_no_memory(j.largest * sizeof *j.keys, err);
        if (st == KZ_OK)
            st = cube_step(p, rows, err);
    }
    free(j.at);
    cube_memory_free(j.keys, bytes);
    return st;
}
