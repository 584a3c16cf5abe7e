#include "kz_test.h"

#include "sdc/suppress.h"

#include <string.h>

enum { SIDE = 6, CELLS = SIDE * SIDE, EQS = 2 * SIDE };

/* A table with margins: last row and column are the sums. */
typedef struct grid {
    kz_sdc_cell cells[CELLS];
    kz_sdc_term terms[EQS * SIDE];
    size_t start[EQS + 1];
    kz_sdc_system s;
} grid;

static unsigned chance(unsigned *seed, unsigned n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % n;
}

static void make_grid(grid *g, int rows, int cols, const int inner[], int64_t min)
{
    const kz_sdc_rule rule = { (int)min, true };
    size_t at = 0;
    int eq = 0, w = cols + 1;
    *g = (grid){ 0 };
    for (int r = 0; r <= rows; r++)
        for (int c = 0; c <= cols; c++) {
            int64_t v = 0;
            for (int i = 0; i < rows; i++)
                for (int k = 0; k < cols; k++)
                    if ((r == rows || r == i) && (c == cols || c == k))
                        v += inner[i * cols + k];
            double cost = 1 + (double)v / 100 + (r == rows ? 4 : 0) + (c == cols ? 4 : 0);
            g->cells[r * w + c] = (kz_sdc_cell){ v, cost, true, kz_sdc_sensitive(&rule, v), false };
        }
    for (int r = 0; r <= rows; r++) {
        for (int c = 0; c <= cols; c++)
            g->terms[at++] = (kz_sdc_term){ r * w + c, c == cols ? 1 : -1 };
        g->start[++eq] = at;
    }
    for (int c = 0; c <= cols; c++) {
        for (int r = 0; r <= rows; r++)
            g->terms[at++] = (kz_sdc_term){ r * w + c, r == rows ? 1 : -1 };
        g->start[++eq] = at;
    }
    g->s = (kz_sdc_system){ (rows + 1) * w, g->cells, eq, g->start, g->terms, min };
}

static void hides_a_small_count_with_partners_in_row_and_column(void **state)
{
    (void)state;
    grid g;
    uint8_t mask[CELLS];
    kz_auto(kz_arena) a;
    kz_arena_init(&a, 1 << 20);
    const int inner[] = { 1, 20, 30,
                          40, 9, 60,
                          70, 80, 90 };
    const uint8_t want[] = { 1, 2, 0, 0,
                             2, 2, 0, 0,
                             0, 0, 0, 0,
                             0, 0, 0, 0 };
    make_grid(&g, 3, 3, inner, 3);
    assert_int_equal(kz_sdc_contradiction(&g.s), -1);
    assert_int_equal(kz_sdc_protect(&g.s, &a, mask, NULL), KZ_OK);
    assert_memory_equal(mask, want, sizeof want);
}

static void hides_nothing_where_nothing_is_small(void **state)
{
    (void)state;
    grid g;
    uint8_t mask[CELLS], none[9] = { 0 };
    kz_auto(kz_arena) a;
    kz_arena_init(&a, 1 << 20);
    make_grid(&g, 2, 2, (const int[]){ 10, 20, 30, 40 }, 3);
    assert_int_equal(kz_sdc_protect(&g.s, &a, mask, NULL), KZ_OK);
    assert_memory_equal(mask, none, sizeof none);
}

static void leaves_nothing_to_compute_in_1000_random_tables(void **state)
{
    (void)state;
    unsigned seed = 11;
    int primaries = 0, partners = 0;
    for (int round = 0; round < 1000; round++) {
        grid g;
        uint8_t mask[CELLS];
        bool hidden[CELLS];
        int inner[CELLS], rows = 2 + (int)chance(&seed, 4), cols = 2 + (int)chance(&seed, 4);
        kz_sdc_findings found;
        kz_err err = { 0 };
        kz_auto(kz_arena) a;
        kz_arena_init(&a, 1 << 20);
        for (int i = 0; i < rows * cols; i++)
            inner[i] = (int)(chance(&seed, 3) == 0 ? chance(&seed, 4) : 3 + chance(&seed, 40));
        make_grid(&g, rows, cols, inner, 3);
        assert_int_equal(kz_sdc_protect(&g.s, &a, mask, &err), KZ_OK);
        for (int c = 0; c < g.s.n_cells; c++) {
            hidden[c] = mask[c] != KZ_MASK_OPEN;
            primaries += mask[c] == KZ_MASK_PRIMARY;
            partners += mask[c] == KZ_MASK_SECONDARY;
            assert_int_equal(mask[c] == KZ_MASK_PRIMARY, g.cells[c].sensitive);
        }
        assert_int_equal(kz_sdc_attack(&g.s, hidden, &a, NULL, &found, NULL), KZ_OK);
        assert_int_equal(found.by_difference, 0);
        assert_int_equal(found.by_elimination, 0);
        /* "Not negative" betrays none either: what is hidden in a line adds up to the width. */
        for (int e = 0; e < g.s.n_equations; e++) {
            int64_t sum = 0;
            bool sensitive = false, total = false;
            for (size_t t = g.start[e]; t < g.start[e + 1]; t++)
                if (hidden[g.terms[t].cell]) {
                    sum += g.cells[g.terms[t].cell].value;
                    sensitive |= g.cells[g.terms[t].cell].sensitive;
                    total |= g.terms[t].sign > 0;
                }
            assert_true(!sensitive || total || sum >= 3);
        }
    }
    assert_true(primaries > 1000 && partners > 1000);
}

static void the_attacker_finds_a_lonely_hidden_count(void **state)
{
    (void)state;
    grid g;
    bool hidden[CELLS] = { true }, betrayed[CELLS];
    kz_sdc_findings found;
    kz_auto(kz_arena) a;
    kz_arena_init(&a, 1 << 20);
    make_grid(&g, 2, 2, (const int[]){ 1, 20, 30, 40 }, 3);
    assert_int_equal(kz_sdc_attack(&g.s, hidden, &a, betrayed, &found, NULL), KZ_OK);
    assert_int_equal(found.by_difference, 1);
    assert_int_equal(found.by_elimination, 1);
    assert_true(betrayed[0]);
}

static void protects_what_nobody_prints_but_everybody_could_compute(void **state)
{
    (void)state;
    /* 100 people, 99 belong: the one who does not is nowhere printed. */
    const kz_sdc_cell cells[] = { { 100, 9, true, false, false }, { 99, 1, true, false, false },
                                  { 1, 1, false, true, false } };
    const kz_sdc_term terms[] = { { 0, 1 }, { 1, -1 }, { 2, -1 } };
    const size_t start[] = { 0, 3 };
    const kz_sdc_system s = { 3, cells, 1, start, terms, 3 };
    uint8_t mask[3];
    kz_auto(kz_arena) a;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_sdc_protect(&s, &a, mask, NULL), KZ_OK);
    assert_int_equal(mask[0], KZ_MASK_OPEN);
    assert_int_equal(mask[1], KZ_MASK_SECONDARY);
}

static void refuses_when_what_is_public_already_betrays_a_count(void **state)
{
    (void)state;
    const kz_sdc_cell cells[] = { { 10, 9, true, false, true }, { 9, 1, true, false, true },
                                  { 1, 1, true, true, false } };
    const kz_sdc_term terms[] = { { 0, 1 }, { 1, -1 }, { 2, -1 } };
    const size_t start[] = { 0, 3 };
    const kz_sdc_system s = { 3, cells, 1, start, terms, 3 };
    uint8_t mask[3] = { 7, 7, 7 };
    kz_err err = { 0 };
    kz_auto(kz_arena) a;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_sdc_protect(&s, &a, mask, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "sdc.no_partner");
    assert_int_equal(mask[2], 7);
}

static void names_the_first_contradiction(void **state)
{
    (void)state;
    grid g;
    make_grid(&g, 2, 2, (const int[]){ 10, 20, 30, 40 }, 3);
    g.cells[4].value++; /* in row 1 and in column 1 */
    assert_int_equal(kz_sdc_contradiction(&g.s), 1);
}

KZ_TEST_MAIN(KZ_TEST(hides_a_small_count_with_partners_in_row_and_column),
             KZ_TEST(hides_nothing_where_nothing_is_small),
             KZ_TEST(leaves_nothing_to_compute_in_1000_random_tables),
             KZ_TEST(the_attacker_finds_a_lonely_hidden_count),
             KZ_TEST(protects_what_nobody_prints_but_everybody_could_compute),
             KZ_TEST(refuses_when_what_is_public_already_betrays_a_count),
             KZ_TEST(names_the_first_contradiction))
