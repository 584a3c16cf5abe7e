/* Counting over several dimensions: an example for paper, brute force, any memory, any threads. */
#include "monitor/cube.h"

#include "base/rng.h"
#include "kz_test.h"

#include <stdlib.h>
#include <string.h>

/* ---- the example ------------------------------------------------------------------- */

/*
 * Areas: 0 whole city, 1 north, 2 south, 3 and 4 in the north.  Sex: 0 both, 1 m, 2 f.
 *   row      area sex person euro          area  3 3 3 4 2 2
 */
static const uint8_t  area_of[] = { 3, 3, 3, 4, 2, 2 };
static const uint16_t sex_of[] = { 1, 1, 2, 2, 2, 1 };
static const uint32_t person_of[] = { 0, 0, 1, 1, 2, KZ_CUBE_NOBODY };
static const int64_t  euro_of[] = { 10, 20, -5, 7, 100, 1 };
static const uint32_t area_parent[] = { 0, 0, 0, 1, 1 };

static void counts_six_rows_as_on_paper(void **state)
{
    const kz_cube_dim dims[] = { { .codes = { area_of, 1 }, .n_nodes = 5, .parent = area_parent },
                                 { .codes = { sex_of, 2 }, .n_nodes = 3 } };
    const kz_cube_job job = { .n_rows = 6, .n_dims = 2, .dims = dims, .person = { person_of, 4 }, .value = euro_of };
    static const struct { uint32_t area, sex; uint64_t n, distinct; int64_t sum; } want[] = {
        { 0, 0, 6, 3, 133 }, { 0, 1, 3, 1, 31 }, { 0, 2, 3, 2, 102 },   /* the city             */
        { 1, 0, 4, 2, 32 },  { 1, 1, 2, 1, 30 }, { 1, 2, 2, 1, 2 },     /* north: 3 and 4       */
        { 2, 0, 2, 1, 101 }, { 2, 1, 1, 0, 1 },  { 2, 2, 1, 1, 100 },   /* south                */
        { 3, 0, 3, 2, 25 },  { 3, 1, 2, 1, 30 }, { 3, 2, 1, 1, -5 },
        { 4, 0, 1, 1, 7 },   { 4, 2, 1, 1, 7 },                         /* no m in 4: no cell   */
    };
    kz_cube *cube = NULL;
    kz_cube_cell c;
    (void)state;
    assert_int_equal(kz_cube_make(&job, &cube, NULL), KZ_OK);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        assert_true(kz_cube_next(cube, &c));
        assert_int_equal(c.node[0], want[i].area);
        assert_int_equal(c.node[1], want[i].sex);
        assert_int_equal(c.n, want[i].n);
        assert_int_equal(c.distinct, want[i].distinct);
        assert_int_equal(c.sum, want[i].sum);
    }
    assert_false(kz_cube_next(cube, &c));
    assert_int_equal(kz_cube_end(cube, NULL), KZ_OK);
    kz_cube_free(cube);
}

/* ---- random tables -------------------------------------------------------------------- */

enum { ROWS = 3000, DIMS = 4, NODES = 40 };

typedef struct table {
    uint32_t n_rows, n_persons;
    int      n_dims;
    uint32_t codes[DIMS][ROWS], person[ROWS], parent[DIMS][NODES];
    int64_t  value[ROWS];
    uint8_t  bytes[DIMS][ROWS * 4]; /* the codes in their width */
    kz_cube_dim dims[DIMS];
} table;

/* Rows anywhere in the tree, some persons with very many rows, a person or two without number. */
static void draw_table(table *t, uint64_t seed)
{
    kz_rng r = kz_rng_stream(seed, 4);
    t->n_rows = kz_rng_below(&r, 8) ? kz_rng_below(&r, ROWS + 1) : kz_rng_below(&r, 4);
    t->n_dims = 1 + (int)kz_rng_below(&r, DIMS);
    t->n_persons = 1 + kz_rng_below(&r, kz_rng_below(&r, 3) ? t->n_rows + 1 : 6);
    for (int d = 0; d < t->n_dims; d++) {
        uint32_t n = 1 + kz_rng_below(&r, NODES / (uint32_t)t->n_dims);
        bool flat = kz_rng_below(&r, 2);
        int width = 1 << kz_rng_below(&r, 3);
        uint32_t first = kz_rng_below(&r, 2) ? kz_rng_below(&r, n) : 0;
        for (uint32_t i = 0; i < n; i++)
            t->parent[d][i] = i && !flat ? kz_rng_below(&r, i) : 0;
        for (uint32_t i = 0; i < t->n_rows; i++) {
            uint32_t code = kz_rng_below(&r, n - first);
            t->codes[d][i] = code + first;
            memcpy(t->bytes[d] + (size_t)i * (size_t)width, &code, (size_t)width); /* little-endian */
        }
        t->dims[d] = (kz_cube_dim){ .codes = { t->bytes[d], width }, .first = first, .n_nodes = n,
                                    .parent = flat ? NULL : t->parent[d] };
    }
    for (uint32_t i = 0; i < t->n_rows; i++) {
        uint32_t who = kz_rng_below(&r, t->n_persons);
        t->person[i] = kz_rng_below(&r, 50) ? (kz_rng_below(&r, 4) ? who : 0) : KZ_CUBE_NOBODY;
        t->value[i] = (int64_t)kz_rng_below(&r, 2000000) - 1000000;
    }
}

static kz_cube_job job_of(const table *t)
{
    return (kz_cube_job){ .n_rows = t->n_rows, .n_dims = t->n_dims, .dims = t->dims, .person = { t->person, 4 },
                          .value = t->value };
}

static bool above(const table *t, int d, uint32_t node, uint32_t code)
{
    while (code != node && code)
        code = t->parent[d][code];
    return code == node;
}

/* Look at every row for this one cell. */
static kz_cube_cell recount(const table *t, const uint32_t node[], bool seen[])
{
    kz_cube_cell c = { .n = 0 };
    memset(seen, 0, t->n_persons);
    for (uint32_t i = 0; i < t->n_rows; i++) {
        bool in = true;
        for (int d = 0; d < t->n_dims && in; d++)
            in = above(t, d, node[d], t->codes[d][i]);
        if (!in)
            continue;
        c.n++;
        c.sum += t->value[i];
        if (t->person[i] != KZ_CUBE_NOBODY && !seen[t->person[i]]) {
            seen[t->person[i]] = true;
            c.distinct++;
        }
    }
    return c;
}

static bool next_nodes(const table *t, uint32_t node[])
{
    for (int d = t->n_dims - 1; d >= 0; d--) {
        if (++node[d] < t->dims[d].n_nodes)
            return true;
        node[d] = 0;
    }
    return false;
}

static void every_margin_equals_a_recount(void **state)
{
    table *t = malloc(sizeof *t);
    bool *seen = malloc(ROWS + 2);
    KZ_ASSERT(t && seen);
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        kz_cube *cube = NULL;
        kz_cube_cell c;
        draw_table(t, seed);
        t->n_rows = t->n_rows > 400 ? 400 : t->n_rows; /* recounting is slow */
        kz_cube_job job = job_of(t);
        assert_int_equal(kz_cube_make(&job, &cube, NULL), KZ_OK);
        uint32_t node[DIMS] = { 0 };
        do {
            kz_cube_cell want = recount(t, node, seen);
            if (want.n == 0)
                continue;
            assert_true(kz_cube_next(cube, &c));
            assert_memory_equal(c.node, node, (size_t)t->n_dims * sizeof node[0]);
            assert_int_equal(c.n, want.n);
            assert_int_equal(c.distinct, want.distinct);
            assert_int_equal(c.sum, want.sum);
        } while (next_nodes(t, node));
        assert_false(kz_cube_next(cube, &c));
        kz_cube_free(cube);
    }
    free(t);
    free(seen);
}

static void assert_same_cells(const kz_cube_job *x, const kz_cube_job *y)
{
    kz_cube *a = NULL, *b = NULL;
    kz_cube_cell p, q;
    assert_int_equal(kz_cube_make(x, &a, NULL), KZ_OK);
    assert_int_equal(kz_cube_make(y, &b, NULL), KZ_OK);
    for (int again = 0; again < 2; again++) {
        while (kz_cube_next(a, &p)) {
            assert_true(kz_cube_next(b, &q));
            assert_memory_equal(p.node, q.node, (size_t)x->n_dims * sizeof p.node[0]);
            assert_int_equal(p.n, q.n);
            assert_int_equal(p.distinct, q.distinct);
            assert_int_equal(p.sum, q.sum);
        }
        assert_false(kz_cube_next(b, &q));
        kz_cube_rewind(a);
        kz_cube_rewind(b);
    }
    assert_int_equal(kz_cube_end(b, NULL), KZ_OK);
    kz_cube_free(a);
    kz_cube_free(b);
}

static void any_number_of_threads_counts_the_same(void **state)
{
    table *t = malloc(sizeof *t);
    KZ_ASSERT(t);
    (void)state;
    for (uint64_t seed = 100; seed < 160; seed++) {
        draw_table(t, seed);
        kz_cube_job one = job_of(t), many = one;
        one.threads = 1;
        many.threads = 2 + (int)(seed % 6);
        assert_same_cells(&one, &many);
    }
    free(t);
}

/* With one byte of memory the cells go through a table of 1,024 entries and files. */
static void hardly_any_memory_counts_the_same(void **state)
{
    table *t = malloc(sizeof *t);
    KZ_ASSERT(t);
    (void)state;
    for (uint64_t seed = 200; seed < 260; seed++) {
        draw_table(t, seed);
        kz_cube_job roomy = job_of(t), tight = roomy;
        tight.memory = 1;
        assert_same_cells(&roomy, &tight);
    }
    free(t);
}

/* One person with so many different cells that they are listed, not weighed. */
static void a_person_who_is_everywhere_counts_once(void **state)
{
    enum { N = 200 };
    uint16_t a[N], b[N], c[N];
    uint8_t person[N];
    kz_cube_cell cell;
    (void)state;
    for (int i = 0; i < N; i++) {
        a[i] = (uint16_t)(1 + i);
        b[i] = (uint16_t)(1 + i * 7 % N);
        c[i] = (uint16_t)(1 + i % 10);
        person[i] = i == N - 1;
    }
    const kz_cube_dim dims[] = { { .codes = { a, 2 }, .n_nodes = N + 1 },
                                 { .codes = { b, 2 }, .n_nodes = N + 1 },
                                 { .codes = { c, 2 }, .n_nodes = 11 } };
    for (int tight = 0; tight < 2; tight++) {
        const kz_cube_job job = { .n_rows = N, .n_dims = 3, .dims = dims, .person = { person, 1 },
                                  .memory = (uint64_t)tight, .threads = 2 };
        kz_cube *cube = NULL;
        assert_int_equal(kz_cube_make(&job, &cube, NULL), KZ_OK);
        while (kz_cube_next(cube, &cell)) {
            bool both = cell.node[0] == 0 && cell.node[1] == 0 && (cell.node[2] == 0 || cell.node[2] == 10);
            assert_int_equal(cell.distinct, both ? 2 : 1);
        }
        kz_cube_free(cube);
    }
}

/* ---- refusals --------------------------------------------------------------------------- */

static kz_status refused(kz_cube_job job, kz_err *err)
{
    kz_cube *cube = (kz_cube *)&job; /* must stay as it is */
    kz_status st = kz_cube_make(&job, &cube, err);
    assert_ptr_equal(cube, &job);
    return st;
}

static bool stop(void *ctx, uint64_t done, uint64_t of)
{
    assert_true(done <= of);
    ++*(int *)ctx;
    return false;
}

static void refuses_what_cannot_be_counted(void **state)
{
    static const uint8_t code[] = { 0, 1, 2, 3 };
    static const int64_t huge[] = { INT64_MAX, -1, 0, 0 };
    kz_cube_dim dims[KZ_CUBE_DIMS_MAX + 1];
    kz_err err = { 0 };
    (void)state;
    for (int i = 0; i <= KZ_CUBE_DIMS_MAX; i++)
        dims[i] = (kz_cube_dim){ .codes = { code, 1 }, .n_nodes = 4 };
    kz_cube_job good = { .n_rows = 4, .n_dims = 2, .dims = dims }, bad = good;

    bad.n_dims = KZ_CUBE_DIMS_MAX + 1;
    assert_int_equal(refused(bad, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "cube.dims");

    dims[1].n_nodes = 3; /* code 3 has no node */
    assert_int_equal(refused(good, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "cube.code");
    dims[1].n_nodes = 4;

    bad = good;
    bad.value = huge;
    assert_int_equal(refused(bad, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "cube.sum_large");

    for (int i = 0; i < KZ_CUBE_DIMS_MAX; i++)
        dims[i].n_nodes = 1 << 20;
    bad = good;
    bad.n_dims = KZ_CUBE_DIMS_MAX;
    assert_int_equal(refused(bad, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "cube.too_many");

    int calls = 0;
    bad = good;
    bad.watch = stop;
    bad.watch_ctx = &calls;
    assert_int_equal(refused(bad, &err), KZ_E_CONFLICT);
    assert_int_equal(calls, 1);

    bad = good; /* three columns of a million values each, and nowhere to put what does not fit */
    bad.n_dims = 3;
    bad.memory = 1;
    bad.temp = "/proc/nowhere";
    assert_int_equal(refused(bad, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "cube.no_room");
}

KZ_TEST_MAIN(KZ_TEST(counts_six_rows_as_on_paper), KZ_TEST(every_margin_equals_a_recount),
             KZ_TEST(any_number_of_threads_counts_the_same), KZ_TEST(hardly_any_memory_counts_the_same),
             KZ_TEST(a_person_who_is_everywhere_counts_once), KZ_TEST(refuses_what_cannot_be_counted))
