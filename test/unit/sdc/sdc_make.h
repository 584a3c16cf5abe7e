/* sdc_make.h - small random tables for the tests of sdc/. */
#ifndef KZ_SDC_MAKE_H
#define KZ_SDC_MAKE_H

#include "kz_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "sdc/table.h"

enum { MAKE_CODES = 40 };

/* "Total" with 1 .. 4 children, some of which have 1 .. 3 children. */
static inline void make_tree(kz_rng *r, kz_arena *a, kz_sdc_tree *t)
{
    kz_view code[MAKE_CODES], parent[MAKE_CODES];
    int n = 0, tops = 1 + (int)kz_rng_below(r, 4);
    for (int i = 0; i < tops; i++) {
        char text[20];
        snprintf(text, sizeof text, "t%d", i);
        kz_view top = kz_view_of(kz_arena_strdup(a, text));
        code[n] = top;
        parent[n++] = kz_view_of("Total");
        int parts = kz_rng_below(r, 3) ? 0 : 1 + (int)kz_rng_below(r, 3);
        for (int k = 0; k < parts; k++) {
            snprintf(text, sizeof text, "t%dx%d", i, k);
            code[n] = kz_view_of(kz_arena_strdup(a, text));
            parent[n++] = top;
        }
    }
    assert_int_equal(kz_sdc_tree_make(&(kz_sdc_tree_rows){ "test", n, code, parent, NULL }, a, t, NULL), KZ_OK);
}

/* `dims` trees, counts 0 .. most, about one in `sparse` not zero. */
static inline void make_table(kz_rng *r, kz_arena *a, int dims, uint32_t most, uint32_t sparse, kz_sdc_table *t)
{
    const kz_sdc_tree *dim[KZ_SDC_DIMS];
    for (int k = 0; k < dims; k++) {
        kz_sdc_tree *tree = kz_arena_new(a, kz_sdc_tree, 1);
        make_tree(r, a, tree);
        dim[k] = tree;
    }
    assert_int_equal(kz_sdc_table_make(dims, dim, a, t, NULL), KZ_OK);
    for (int c = 0; c < t->n_cells; c++)
        if (kz_sdc_is_inner(t, c) && kz_rng_below(r, sparse) == 0)
            t->n[c] = kz_rng_below(r, most + 1);
    assert_int_equal(kz_sdc_roll_up(t, NULL), KZ_OK);
}

#endif
