#include "sdc_make.h"

#include <string.h>

#include "sdc/bounds.h"
#include "sdc/hide.h"
#include "sdc/linear.h"

static const char *const NAMES[] = { "a", "b", "c", "d" };

static void mark(const kz_sdc_table *t, int64_t min, bool zero, bool primary[])
{
    for (int c = 0; c < t->n_cells; c++)
        primary[c] = t->n[c] < min && (zero || t->n[c] > 0);
}

/* What an attacker gets: verdicts of all hidden cells; the truth lies within. */
static void attack(const kz_sdc_table *t, const uint8_t mask[], int64_t width, kz_arena *a, int verdicts[3])
{
    kz_sdc_table seen = *t;
    bool *hidden = kz_arena_new(a, bool, t->n_cells);
    kz_sdc_bounds_out b = { kz_arena_new(a, double, t->n_cells), kz_arena_new(a, double, t->n_cells), NULL, 0, 0, 0, 0 };
    int where;
    seen.n = kz_arena_new(a, int64_t, t->n_cells);
    for (int c = 0; c < t->n_cells; c++) {
        hidden[c] = mask[c] != KZ_MASK_OPEN;
        seen.n[c] = hidden[c] ? -99999 : t->n[c];
    }
    assert_int_equal(kz_sdc_bounds(&seen, hidden, &b, &where, NULL), KZ_OK);
    for (int c = 0; c < t->n_cells; c++)
        if (hidden[c]) {
            assert_true(b.lo[c] <= (double)t->n[c] && (double)t->n[c] <= b.hi[c]);
            verdicts[kz_sdc_judge(b.lo[c], b.hi[c], width)]++;
        }
}

/* 2 x 2 with 1, 9 / 9, 9: the 1 needs its whole square or its way to the totals. */
static void protects_the_square_on_paper(void **state)
{
    (void)state;
    kz_arena a;
    kz_sdc_tree rows;
    kz_sdc_table t;
    kz_err err = { 0 };
    kz_arena_init(&a, 1 << 24);
    const kz_view code[] = { kz_view_of("x"), kz_view_of("y") };
    assert_int_equal(kz_sdc_tree_flat("", 2, code, &a, &rows, NULL), KZ_OK);
    const kz_sdc_tree *dim[] = { &rows, &rows };
    assert_int_equal(kz_sdc_table_make(2, dim, &a, &t, NULL), KZ_OK);
    const int64_t counts[2][2] = { { 1, 9 }, { 9, 9 } };
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++)
            t.n[kz_sdc_cell_at(&t, (int[]){ i + 1, k + 1 })] = counts[i][k];
    assert_int_equal(kz_sdc_roll_up(&t, NULL), KZ_OK);
    assert_int_equal(t.n[0], 28);
    bool *primary = kz_arena_new(&a, bool, t.n_cells);
    mark(&t, 3, false, primary);
    kz_sdc_pattern p = { 0 };
    kz_sdc_order o = { .table = &t, .primary = primary, .width = 3, .names = NAMES };
    assert_int_equal(kz_sdc_hide(&o, &p, &err), KZ_OK);
    assert_int_equal(p.n_primary, 1);
    assert_int_equal(p.n_secondary, 3);
    assert_int_equal(p.mask[kz_sdc_cell_at(&t, (int[]){ 1, 1 })], KZ_MASK_PRIMARY);
    kz_sdc_pattern_done(&p);

    /* With all totals to be kept it must be the inner square. */
    bool *keep = kz_arena_new(&a, bool, t.n_cells);
    for (int c = 0; c < t.n_cells; c++)
        keep[c] = !kz_sdc_is_inner(&t, c);
    o.keep = keep;
    assert_int_equal(kz_sdc_hide(&o, &p, &err), KZ_OK);
    for (int c = 0; c < t.n_cells; c++)
        assert_int_equal(p.mask[c] != KZ_MASK_OPEN, kz_sdc_is_inner(&t, c));
    kz_sdc_pattern_done(&p);

    /* With one more cell kept nothing is left to hide behind: proven, and the cell is named. */
    keep[kz_sdc_cell_at(&t, (int[]){ 2, 2 })] = true;
    assert_int_equal(kz_sdc_hide(&o, &p, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "sdc.keep_impossible");
    kz_arena_done(&a);
}

static void no_hidden_count_of_a_thousand_tables_can_be_found(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(21, 1);
    int verdicts[3] = { 0 }, tables = 0, secondary = 0;
    for (int turn = 0; turn < 1000; turn++) {
        kz_arena a;
        kz_sdc_table t;
        kz_err err = { 0 };
        kz_arena_init(&a, 1 << 26);
        make_table(&r, &a, 1 + (int)kz_rng_below(&r, 3), 1 + kz_rng_below(&r, 30), 1 + kz_rng_below(&r, 3), &t);
        bool *primary = kz_arena_new(&a, bool, t.n_cells);
        int64_t width = 1 + kz_rng_below(&r, 5), min = 1 + kz_rng_below(&r, 6);
        mark(&t, min, kz_rng_below(&r, 3) == 0, primary);
        kz_sdc_pattern p = { 0 };
        kz_sdc_order o = { .table = &t, .primary = primary, .width = width, .starts = 2, .sweeps = 10,
                           .seed = (uint64_t)turn, .names = NAMES };
        assert_int_equal(kz_sdc_hide(&o, &p, &err), KZ_OK);
        attack(&t, p.mask, width, &a, verdicts);
        for (int c = 0; c < t.n_cells; c++)
            assert_int_equal(p.mask[c] == KZ_MASK_PRIMARY, primary[c]);
        secondary += p.n_secondary;
        tables++;
        kz_sdc_pattern_done(&p);
        kz_arena_done(&a);
    }
    assert_int_equal(tables, 1000);
    assert_true(verdicts[KZ_SDC_SAFE] > 2000 && secondary > 500);
    assert_int_equal(verdicts[KZ_SDC_EXACT], 0);
    assert_int_equal(verdicts[KZ_SDC_NARROW], 0);
}

/* A wish is kept or refused, never kept at the price of a secret. */
static void wishes_are_kept_or_refused_with_a_cell(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(22, 1);
    int kept = 0, refused = 0, verdicts[3] = { 0 };
    for (int turn = 0; turn < 300; turn++) {
        kz_arena a;
        kz_sdc_table t;
        kz_err err = { 0 };
        kz_arena_init(&a, 1 << 26);
        make_table(&r, &a, 2, 12, 1, &t);
        bool *primary = kz_arena_new(&a, bool, t.n_cells), *keep = kz_arena_new(&a, bool, t.n_cells);
        mark(&t, 3, false, primary);
        for (int c = 0; c < t.n_cells; c++)
            keep[c] = !primary[c] && kz_rng_below(&r, 3) == 0;
        kz_sdc_pattern p = { 0 };
        kz_sdc_order o = { .table = &t, .primary = primary, .keep = keep, .width = 3, .starts = 2, .sweeps = 10,
                           .names = NAMES };
        kz_status st = kz_sdc_hide(&o, &p, &err);
        if (st == KZ_OK) {
            kept++;
            for (int c = 0; c < t.n_cells; c++)
                assert_true(!keep[c] || p.mask[c] == KZ_MASK_OPEN);
            attack(&t, p.mask, 3, &a, verdicts);
            kz_sdc_pattern_done(&p);
        } else {
            assert_int_equal(st, KZ_E_INPUT);
            assert_string_equal(err.arg[0].name, "cell");
            refused++;
        }
        kz_arena_done(&a);
    }
    assert_true(kept > 30 && refused > 30);
    assert_int_equal(verdicts[KZ_SDC_EXACT] + verdicts[KZ_SDC_NARROW], 0);
}

/* Somebody who is the one person of some cells knows all these cells: which primaries fall? */
static int fallen_to_insiders(const kz_sdc_table *t, const uint8_t mask[], const bool primary[], kz_arena *a)
{
    int lines = 0, terms = 0, fallen = 0, unknown = 0;
    size_t *start = kz_arena_new(a, size_t, t->n_cells * t->n_dims + 1);
    kz_linear_term *term = kz_arena_new(a, kz_linear_term, 2 * t->n_cells * t->n_dims + 1);
    int *column = kz_arena_new(a, int, t->n_cells);
    bool *found = kz_arena_new(a, bool, t->n_cells);
    kz_sdc_table one;
    for (int who = 0; who < t->n_cells; who++) {
        if (t->n[who] != 1 || !kz_sdc_is_inner(t, who))
            continue;
        assert_int_equal(kz_sdc_table_make(t->n_dims, t->dim, a, &one, NULL), KZ_OK);
        one.n[who] = 1;
        assert_int_equal(kz_sdc_roll_up(&one, NULL), KZ_OK);
        unknown = lines = terms = 0;
        for (int c = 0; c < t->n_cells; c++)
            column[c] = mask[c] != KZ_MASK_OPEN && !(one.n[c] == 1 && t->n[c] == 1) ? unknown++ : -1;
        for (int c = 0; c < t->n_cells; c++)
            for (int k = 0; k < t->n_dims; k++) {
                const kz_sdc_tree *tree = t->dim[k];
                int v = kz_sdc_node(t, c, k);
                if (kz_sdc_is_leaf(tree, v))
                    continue;
                start[lines++] = (size_t)terms;
                if (column[c] >= 0)
                    term[terms++] = (kz_linear_term){ column[c], 1 };
                for (int i = tree->first[v]; i < tree->first[v + 1]; i++) {
                    int part = c + (tree->child[i] - v) * t->stride[k];
                    if (column[part] >= 0)
                        term[terms++] = (kz_linear_term){ column[part], -1 };
                }
                start[lines] = (size_t)terms;
            }
        if (unknown == 0)
            continue;
        assert_int_equal(kz_linear_determined(lines, start, term, unknown, found, NULL), KZ_OK);
        for (int c = 0; c < t->n_cells; c++)
            fallen += primary[c] && column[c] >= 0 && found[column[c]];
    }
    return fallen;
}

static void nobody_with_a_count_of_one_learns_another_count(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(23, 1);
    int plain = 0, protected = 0, verdicts[3] = { 0 };
    for (int turn = 0; turn < 150; turn++) {
        kz_arena a;
        kz_sdc_table t;
        kz_err err = { 0 };
        kz_arena_init(&a, 1 << 28);
        make_table(&r, &a, 2, 9, 1, &t);
        bool *primary = kz_arena_new(&a, bool, t.n_cells);
        mark(&t, 3, false, primary);
        kz_sdc_order o = { .table = &t, .primary = primary, .width = 3, .starts = 1, .sweeps = 20, .names = NAMES };
        kz_sdc_pattern p = { 0 };
        assert_int_equal(kz_sdc_hide(&o, &p, &err), KZ_OK);
        int before = fallen_to_insiders(&t, p.mask, primary, &a);
        kz_sdc_pattern_done(&p);
        o.insider = true;
        kz_status st = kz_sdc_hide(&o, &p, &err);
        if (st == KZ_OK) {
            plain += before;
            protected += fallen_to_insiders(&t, p.mask, primary, &a);
            attack(&t, p.mask, 3, &a, verdicts);
            kz_sdc_pattern_done(&p);
        } else {
            assert_string_equal(err.id, "sdc.insider_hard"); /* tiny tables: said, not hidden */
        }
        kz_arena_done(&a);
    }
    assert_true(plain > 20); /* else this test shows nothing */
    assert_int_equal(protected, 0);
    assert_int_equal(verdicts[KZ_SDC_EXACT] + verdicts[KZ_SDC_NARROW], 0);
}

static void threads_change_nothing_and_seeds_may(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(24, 1);
    kz_arena a;
    kz_sdc_table t;
    kz_arena_init(&a, 1 << 26);
    do
        make_table(&r, &a, 3, 9, 1, &t);
    while (t.n_cells < 150);
    bool *primary = kz_arena_new(&a, bool, t.n_cells);
    mark(&t, 3, false, primary);
    kz_sdc_pattern p[3] = { 0 };
    for (int i = 0; i < 3; i++) {
        kz_sdc_order o = { .table = &t, .primary = primary, .width = 3, .starts = 5, .sweeps = 10, .seed = 7,
                           .threads = 1 + i, .names = NAMES };
        assert_int_equal(kz_sdc_hide(&o, &p[i], NULL), KZ_OK);
        assert_memory_equal(p[0].mask, p[i].mask, (size_t)t.n_cells);
        assert_int_equal(p[0].start[p[0].n_witness], p[i].start[p[i].n_witness]);
        assert_memory_equal(p[0].cell, p[i].cell, p[0].start[p[0].n_witness] * sizeof(int));
    }
    for (int i = 0; i < 3; i++)
        kz_sdc_pattern_done(&p[i]);
    kz_arena_done(&a);
}

static void refuses_to_keep_a_count_that_is_secret(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(25, 1);
    kz_arena a;
    kz_sdc_table t;
    kz_err err = { 0 };
    kz_sdc_pattern p = { .n_primary = -5 };
    kz_arena_init(&a, 1 << 24);
    make_table(&r, &a, 1, 9, 1, &t);
    bool *primary = kz_arena_new(&a, bool, t.n_cells);
    primary[0] = true;
    kz_sdc_order o = { .table = &t, .primary = primary, .keep = primary, .width = 3, .names = NAMES };
    assert_int_equal(kz_sdc_hide(&o, &p, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "sdc.keep_primary");
    assert_int_equal(p.n_primary, -5);
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(protects_the_square_on_paper), KZ_TEST(no_hidden_count_of_a_thousand_tables_can_be_found),
             KZ_TEST(wishes_are_kept_or_refused_with_a_cell), KZ_TEST(nobody_with_a_count_of_one_learns_another_count),
             KZ_TEST(threads_change_nothing_and_seeds_may), KZ_TEST(refuses_to_keep_a_count_that_is_secret))
