#include "kz_test.h"

#include <string.h>

#include "sdc/hier.h"

/* Pairs "code,parent" parted by spaces. */
static kz_status make(kz_arena *a, const char *pairs, kz_sdc_tree *t, kz_err *err)
{
    kz_view code[20], parent[20];
    int n = 0;
    for (const char *p = pairs; *p;) {
        size_t len = strcspn(p, " "), comma = strcspn(p, ",");
        code[n] = kz_view_from(p, comma);
        parent[n++] = kz_view_from(p + comma + 1, len - comma - 1);
        p += len + (p[len] == ' ');
    }
    return kz_sdc_tree_make(&(kz_sdc_tree_rows){ "hier.csv", n, code, parent, NULL }, a, t, err);
}

static void numbers_nodes_depth_first_in_the_order_of_rows(void **state)
{
    (void)state;
    kz_arena a;
    kz_sdc_tree t;
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(make(&a, "Q1,T1 Q2,T2 T2,Total T1,Total Q3,T1", &t, NULL), KZ_OK);
    const char *const want[] = { "Total", "T2", "Q2", "T1", "Q1", "Q3" };
    assert_int_equal(t.n, 6);
    assert_int_equal(t.n_leaves, 3);
    assert_int_equal(t.depth, 2);
    for (int v = 0; v < t.n; v++) {
        int found;
        assert_true(kz_view_is(t.code[v], want[v]));
        assert_true(kz_sdc_tree_find(&t, kz_view_of(want[v]), &found));
        assert_int_equal(found, v);
    }
    assert_int_equal(t.parent[0], -1);
    assert_int_equal(t.parent[5], 3);
    assert_int_equal(t.size[3], 3);
    assert_int_equal(kz_sdc_children(&t, 3), 2);
    assert_int_equal(t.child[t.first[3]], 4);
    int none;
    assert_false(kz_sdc_tree_find(&t, kz_view_of("Q9"), &none));
    kz_arena_done(&a);
}

static void a_flat_tree_is_sorted_and_knows_each_code_once(void **state)
{
    (void)state;
    kz_arena a;
    kz_sdc_tree t;
    kz_arena_init(&a, 1 << 20);
    const kz_view code[] = { kz_view_of("b"), kz_view_of("a"), kz_view_of("Total"), kz_view_of("b") };
    assert_int_equal(kz_sdc_tree_flat("x.csv", 4, code, &a, &t, NULL), KZ_OK);
    assert_int_equal(t.n, 3);
    assert_true(kz_view_is(t.code[1], "a") && kz_view_is(t.code[2], "b"));
    kz_arena_done(&a);
}

static void refuses_what_is_no_tree_and_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *pairs, *id;
    } BAD[] = {
        { "Q1,T1 Q1,T1 T1,Total", "sdc.hier_twice" },    { "Q1,T1 T1,Total ,Total", "sdc.hier_empty" },
        { "Q1,T1", "sdc.hier_parent" },                  { "Q1,Total T1, Total,", "sdc.hier_roots" },
        { "A,B B,C C,A Q,Total", "sdc.hier_circle" },    { "Q,T T,Total Total,Q", "sdc.hier_root_below" },
        { "X,A A,A", "sdc.hier_circle" },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        kz_arena a;
        kz_err err = { 0 };
        kz_sdc_tree t = { .n = -7 };
        kz_arena_init(&a, 1 << 20);
        assert_int_equal(make(&a, BAD[i].pairs, &t, &err), KZ_E_INPUT);
        assert_string_equal(err.id, BAD[i].id);
        assert_int_equal(t.n, -7);
        kz_arena_done(&a);
    }
}

KZ_TEST_MAIN(KZ_TEST(numbers_nodes_depth_first_in_the_order_of_rows),
             KZ_TEST(a_flat_tree_is_sorted_and_knows_each_code_once), KZ_TEST(refuses_what_is_no_tree_and_says_where))
