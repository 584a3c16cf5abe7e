#include "sdc_make.h"

#include <math.h>

#include "sdc/cellkey.h"
#include "sdc/round.h"

static void rounds_to_the_nearest_and_leaves_zero(void **state)
{
    (void)state;
    const int64_t n[] = { 0, 1, 2, 3, 7, 8, 12, 13 }, five[] = { 0, 0, 0, 5, 5, 10, 10, 15 };
    for (int i = 0; i < 8; i++)
        assert_int_equal(kz_sdc_round(n[i], 5), five[i]);
    assert_int_equal(kz_sdc_round(4, 10), 0);
    assert_int_equal(kz_sdc_round(5, 10), 10);
    for (int64_t v = 0; v < 1000; v++)
        for (int64_t base = 5; base <= 10; base += 5) {
            assert_int_equal(kz_sdc_round(v, base) % base, 0);
            assert_true(llabs((long long)(kz_sdc_round(v, base) - v)) <= base / 2);
        }
}

/* The count 1 with no 1 and no 2: only -1 and +2 .. balance; mean 0 is checked for every row. */
static void deviations_are_unbiased_bounded_and_skip_small_results(void **state)
{
    (void)state;
    static const struct {
        int64_t smallest;
        int most;
    } RULE[] = { { 3, 0 }, { 1, 3 }, { 5, 6 }, { 10, 0 }, { 2, 5 } };
    for (size_t i = 0; i < sizeof RULE / sizeof *RULE; i++) {
        kz_arena a;
        kz_cellkey_table t;
        kz_arena_init(&a, 1 << 22);
        kz_cellkey_rule rule = { RULE[i].smallest, RULE[i].most, 2 };
        assert_int_equal(kz_cellkey_make(&rule, &a, &t, NULL), KZ_OK);
        for (int n = 1; n <= t.rows; n++) {
            const double *p = kz_cellkey_row(&t, n);
            double sum = 0, mean = 0, variance = 0;
            for (int v = -t.most; v <= t.most; v++) {
                double q = p[v + t.most];
                assert_true(q >= 0);
                assert_true(q == 0 || n + v == 0 || n + v >= t.smallest);
                sum += q;
                mean += q * v;
                variance += q * v * v;
            }
            assert_true(fabs(sum - 1) < 1e-12 && fabs(mean) < 1e-9);
            if (n == t.rows)
                assert_true(fabs(variance - 2) < 1e-6);
        }
        kz_arena_done(&a);
    }
}

static void refuses_a_bound_that_allows_no_unbiased_table(void **state)
{
    (void)state;
    kz_arena a;
    kz_err err = { 0 };
    kz_cellkey_table t;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_cellkey_make(&(kz_cellkey_rule){ 5, 3, 2 }, &a, &t, &err), KZ_E_USAGE);
    assert_string_equal(err.id, "sdc.cellkey_none");
    kz_arena_done(&a);
}

static void the_same_people_are_always_changed_alike(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(31, 1);
    int moved = 0, cells = 0;
    int64_t total = 0;
    for (int turn = 0; turn < 200; turn++) {
        kz_arena a;
        kz_sdc_table t;
        kz_cellkey_table d;
        kz_arena_init(&a, 1 << 24);
        make_table(&r, &a, 2, 9, 3, &t);
        int64_t *shown = kz_arena_new(&a, int64_t, t.n_cells), *again = kz_arena_new(&a, int64_t, t.n_cells);
        assert_int_equal(kz_cellkey_make(&(kz_cellkey_rule){ 3, 0, 2 }, &a, &d, NULL), KZ_OK);
        assert_int_equal(kz_cellkey_apply(&d, &t, (uint64_t)turn, &a, shown, NULL), KZ_OK);
        assert_int_equal(kz_cellkey_apply(&d, &t, (uint64_t)turn, &a, again, NULL), KZ_OK);
        for (int c = 0; c < t.n_cells; c++) {
            assert_int_equal(shown[c], again[c]);
            assert_true(t.n[c] > 0 || shown[c] == 0);
            assert_true(shown[c] == 0 || shown[c] >= 3);
            assert_true(llabs((long long)(shown[c] - t.n[c])) <= d.most);
            for (int k = 0; k < 2; k++) { /* a margin with one part that is not empty is that part */
                int v = kz_sdc_node(&t, c, k), up = t.dim[k]->parent[v];
                if (up >= 0 && t.n[c] > 0 && t.n[c + (up - v) * t.stride[k]] == t.n[c])
                    assert_int_equal(shown[c], shown[c + (up - v) * t.stride[k]]);
            }
            moved += shown[c] != t.n[c];
            cells += t.n[c] > 0;
            total += shown[c] - t.n[c];
        }
        kz_arena_done(&a);
    }
    assert_true(moved > cells / 2);
    assert_true(llabs((long long)total) < cells / 5); /* no drift */
}

KZ_TEST_MAIN(KZ_TEST(rounds_to_the_nearest_and_leaves_zero),
             KZ_TEST(deviations_are_unbiased_bounded_and_skip_small_results),
             KZ_TEST(refuses_a_bound_that_allows_no_unbiased_table),
             KZ_TEST(the_same_people_are_always_changed_alike))
