#include "kz_test.h"

#include "geo/adjacency.h"
#include "wkb_make.h"

static void rook_needs_a_border_queen_a_corner(void **state)
{
    (void)state;
    /*  2 3
     *  0 1   four squares around one corner, 4 far away */
    OUTLINE(a, { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { 0, 0 });
    OUTLINE(b, { 1, 0 }, { 2, 0 }, { 2, 1 }, { 1, 1 }, { 1, 0 });
    OUTLINE(c, { 0, 1 }, { 1, 1 }, { 1, 2 }, { 0, 2 }, { 0, 1 });
    OUTLINE(d, { 1, 1 }, { 2, 1 }, { 2, 2 }, { 1, 2 }, { 1, 1 });
    OUTLINE(e, { 9, 9 }, { 10, 9 }, { 10, 10 }, { 9, 10 }, { 9, 9 });
    const kz_outline all[] = { a, b, c, d, e };
    kz_arena arena __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&arena, 1u << 20);
    kz_topology t;
    kz_adjacency rook, queen;
    assert_int_equal(kz_topology_build(all, 5, 0, &arena, &t, NULL), KZ_OK);
    assert_int_equal(kz_adjacency_make(&t, KZ_ROOK, &arena, &rook, NULL), KZ_OK);
    assert_int_equal(kz_adjacency_make(&t, KZ_QUEEN, &arena, &queen, NULL), KZ_OK);
    const int rook_want[] = { 1, 2, 0, 3, 0, 3, 1, 2 }, queen_want[] = { 1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2 };
    assert_int_equal(rook.n_links, 8);
    assert_memory_equal(rook.neighbour, rook_want, sizeof rook_want);
    assert_int_equal(queen.n_links, 12);
    assert_memory_equal(queen.neighbour, queen_want, sizeof queen_want);
    assert_int_equal(queen.start[4], queen.start[5]);
}

static void refuses_when_the_arena_is_full(void **state)
{
    (void)state;
    OUTLINE(a, { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { 0, 0 });
    kz_arena arena __attribute__((cleanup(kz_arena_done))), none __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&arena, 1u << 20);
    kz_arena_init(&none, 1);
    kz_topology t;
    kz_adjacency g = { .n = -7 };
    assert_int_equal(kz_topology_build(&a, 1, 0, &arena, &t, NULL), KZ_OK);
    assert_int_equal(kz_adjacency_make(&t, KZ_ROOK, &none, &g, NULL), KZ_E_LIMIT);
    assert_int_equal(g.n, -7);
}

KZ_TEST_MAIN(KZ_TEST(rook_needs_a_border_queen_a_corner), KZ_TEST(refuses_when_the_arena_is_full))
