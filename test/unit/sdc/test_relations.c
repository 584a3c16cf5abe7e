#include "sdc_make.h"

#include <string.h>

#include "sdc/bounds.h"
#include "sdc/hide.h"
#include "sdc/space.h"

static const char *const NAMES[] = { "area", "count" };

/*
 * Children of an area by sex, age and poverty, 12 atoms; what three tables print of them:
 * 0 all, 1 girls, 2 boys, 3 4 5 ages, 6 poor, 7 not poor (nobody prints it), 8 poor of the first age,
 * 9 the other poor (nobody prints it).
 */
enum { FORMS = 10, ATOMS = 12 };
static const size_t START[] = { 0, 3, 7, 10, 13 };
static const int TERM[] = { 0, 3, 5, 0, 7, 9, 11, 0, 13, 15, 12, 17, 19 };

static bool belongs(int form, int atom)
{
    int sex = atom % 2, age = atom / 2 % 3, poor = atom / 6;
    switch (form) {
    case 0:  return true;
    case 1:  return sex == 0;
    case 2:  return sex == 1;
    case 6:  return poor;
    case 7:  return !poor;
    case 8:  return poor && age == 0;
    case 9:  return poor && age > 0;
    default: return age == form - 3;
    }
}

static void make_linked(kz_rng *r, kz_arena *a, uint32_t most, kz_sdc_table *t)
{
    static const char *const CODE[FORMS] = { "all", "f", "m", "a0", "a1", "a2", "poor", "rich", "poor0", "poor1" };
    kz_view code[FORMS];
    kz_sdc_tree *areas = kz_arena_new(a, kz_sdc_tree, 1), *forms = kz_arena_new(a, kz_sdc_tree, 1);
    kz_sdc_relations *rel = kz_arena_new(a, kz_sdc_relations, 1);
    for (int i = 0; i < FORMS; i++)
        code[i] = kz_view_of(CODE[i]);
    make_tree(r, a, areas);
    assert_int_equal(kz_sdc_tree_loose(FORMS, code, a, forms, NULL), KZ_OK);
    assert_int_equal(kz_sdc_relations_make(4, START, TERM, FORMS, a, rel, NULL), KZ_OK);
    const kz_sdc_tree *dim[] = { areas, forms };
    assert_int_equal(kz_sdc_table_make(2, dim, a, t, NULL), KZ_OK);
    t->relations = rel;
    for (int g = areas->n - 1; g >= 0; g--) {
        for (int atom = 0; atom < ATOMS && kz_sdc_is_leaf(areas, g); atom++) {
            uint32_t n = kz_rng_below(r, most + 1);
            for (int f = 0; f < FORMS; f++)
                t->n[g * FORMS + f] += belongs(f, atom) ? n : 0;
        }
        for (int f = 0; f < FORMS && g > 0; f++)
            t->n[areas->parent[g] * FORMS + f] += t->n[g * FORMS + f];
    }
}

/* A circuit leaves every relation as it was; a partition's neighbours are among them. */
static void circuits_keep_every_relation(void **state)
{
    (void)state;
    kz_arena a;
    kz_sdc_relations r;
    kz_moves m;
    bool sisters = false, complement = false;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_sdc_relations_make(4, START, TERM, FORMS, &a, &r, NULL), KZ_OK);
    assert_true(kz_moves_of_relations(&r, &m));
    assert_true(m.n >= 9);
    for (int i = 0; i < m.n; i++) {
        int sum[4] = { 0 }, n = (int)(m.start[i + 1] - m.start[i]);
        const int *e = m.entry + m.start[i];
        for (int k = 0; k < n; k++) {
            int by = e[k] & 1 ? -1 : 1, c = e[k] >> 1;
            assert_true(k == 0 ? by == 1 : c > e[k - 1] >> 1);
            for (size_t j = r.through_at[c]; j < r.through_at[c + 1]; j++)
                sum[r.through[j] >> 1] += r.through[j] & 1 ? -by : by;
        }
        for (int k = 0; k < 4; k++)
            assert_int_equal(sum[k], 0);
        sisters |= n == 2 && e[0] == 1 * 2 && e[1] == 2 * 2 + 1;
        complement |= n == 3 && e[0] == 6 * 2 && e[1] == 7 * 2 + 1;
        for (int k = 0; k < i; k++) /* each once */
            assert_false(m.start[k + 1] - m.start[k] == (size_t)n &&
                         memcmp(m.entry + m.start[k], e, (size_t)n * sizeof *e) == 0);
    }
    assert_true(sisters && complement);
    kz_moves_done(&m);
    kz_arena_done(&a);
}

/* Who has all three tables cannot bound a secret closer than the width. */
static void linked_tables_protect_each_other(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(31, 1);
    int primaries = 0, hidden_alone = 0, said = 0;
    for (int turn = 0; turn < 400; turn++) {
        kz_arena a;
        kz_sdc_table t;
        kz_err err = { 0 };
        kz_sdc_pattern p = { 0 };
        int where;
        kz_arena_init(&a, 1 << 26);
        make_linked(&r, &a, turn % 3 == 0 ? 1 : 4, &t);
        bool *primary = kz_arena_new(&a, bool, t.n_cells), *unprinted = kz_arena_new(&a, bool, t.n_cells);
        bool *hidden = kz_arena_new(&a, bool, t.n_cells);
        for (int c = 0; c < t.n_cells; c++) {
            primary[c] = t.n[c] > 0 && t.n[c] < 3;
            unprinted[c] = c % FORMS == 7 || c % FORMS == 9;
            primaries += primary[c];
        }
        kz_sdc_order o = { .table = &t, .primary = primary, .unprinted = unprinted, .width = 3, .starts = 2,
                           .sweeps = 20, .names = NAMES };
        kz_status st = kz_sdc_hide(&o, &p, &err);
        if (st == KZ_OK) {
            kz_sdc_table seen = t;
            kz_sdc_bounds_out b = { .lo = kz_arena_new(&a, double, t.n_cells), .hi = kz_arena_new(&a, double, t.n_cells) };
            seen.n = kz_arena_new(&a, int64_t, t.n_cells);
            for (int c = 0; c < t.n_cells; c++) {
                hidden[c] = p.mask[c] != KZ_MASK_OPEN || unprinted[c];
                seen.n[c] = hidden[c] ? -99999 : t.n[c];
                hidden_alone += p.mask[c] == KZ_MASK_SECONDARY;
                assert_true(p.mask[c] != KZ_MASK_SECONDARY || !unprinted[c]);
            }
            assert_int_equal(kz_sdc_bounds(&seen, hidden, &b, &where, NULL), KZ_OK);
            for (int c = 0; c < t.n_cells; c++)
                if (p.mask[c] != KZ_MASK_OPEN) {
                    assert_true(b.lo[c] <= (double)t.n[c] && (double)t.n[c] <= b.hi[c]);
                    assert_int_equal(kz_sdc_judge(b.lo[c], b.hi[c], 3), KZ_SDC_SAFE);
                }
            kz_sdc_pattern_done(&p);
        } else { /* so few children that the whole town is a secret: said, not hidden */
            assert_string_equal(err.id, "sdc.keep_impossible");
            said++;
        }
        kz_arena_done(&a);
    }
    assert_true(primaries > 2000 && hidden_alone > 500);
    assert_true(said < 20);
}

/* What another publication shows already stays; the secret finds another way or the wish is refused. */
static void what_is_public_already_stays_open(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(32, 1);
    int kept = 0;
    for (int turn = 0; turn < 100; turn++) {
        kz_arena a;
        kz_sdc_table t;
        kz_err err = { 0 };
        kz_sdc_pattern p = { 0 };
        kz_arena_init(&a, 1 << 26);
        make_linked(&r, &a, 6, &t);
        bool *primary = kz_arena_new(&a, bool, t.n_cells), *keep = kz_arena_new(&a, bool, t.n_cells);
        for (int c = 0; c < t.n_cells; c++) {
            primary[c] = t.n[c] > 0 && t.n[c] < 3;
            keep[c] = c % FORMS < 3 && !primary[c];
        }
        kz_sdc_order o = { .table = &t, .primary = primary, .keep = keep, .width = 3, .starts = 1, .sweeps = 20,
                           .names = NAMES };
        if (kz_sdc_hide(&o, &p, &err) == KZ_OK) {
            for (int c = 0; c < t.n_cells; c++)
                assert_false(keep[c] && p.mask[c] != KZ_MASK_OPEN);
            kept++;
            kz_sdc_pattern_done(&p);
        } else {
            assert_int_equal(strncmp(err.id, "sdc.keep_", 9), 0);
        }
        kz_arena_done(&a);
    }
    assert_true(kept > 20);
}

KZ_TEST_MAIN(KZ_TEST(circuits_keep_every_relation), KZ_TEST(linked_tables_protect_each_other),
             KZ_TEST(what_is_public_already_stays_open))
