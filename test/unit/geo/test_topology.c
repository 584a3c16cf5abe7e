#include "kz_test.h"

#include "geo/topology.h"
#include "wkb_make.h"

#include <math.h>
#include <string.h>

static kz_arena arena;

static int set_up(void **state)
{
    (void)state;
    kz_arena_init(&arena, 64u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

static double area_of(const kz_topology *t, int area)
{
    double sum = 0;
    for (int i = 0; i < t->n_rings; i++) {
        if (t->rings[i].area != area)
            continue;
        int n = kz_topo_ring_size(t, &t->rings[i]);
        kz_point *p = kz_arena_new(&arena, kz_point, n + 1);
        kz_topo_ring_points(t, &t->rings[i], p);
        p[n] = p[0];
        const kz_ring ring = { .n = n + 1, .p = p };
        sum += (t->rings[i].hole ? -1 : 1) * fabs(kz_ring_area(&ring));
    }
    return sum;
}

static void two_squares_share_one_border(void **state)
{
    (void)state;
    /* The border x = 10 has a corner at (10,5) on the right side only, and the
     * right square's lower corner is 0.2 off: both are the same line. */
    OUTLINE(left, { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 });
    OUTLINE(right, { 10.2, 0 }, { 20, 0 }, { 20, 10 }, { 10, 10 }, { 10, 5 }, { 10.2, 0 });
    const kz_outline both[] = { left, right };
    kz_topology t;
    assert_int_equal(kz_topology_build(both, 2, 0.5, &arena, &t, NULL), KZ_OK);
    assert_int_equal(t.n_arcs, 3);
    int shared = 0;
    for (int i = 0; i < t.n_arcs; i++)
        if (t.arcs[i].area[1] >= 0) {
            shared++;
            assert_int_equal(t.arcs[i].n, 3);
        }
    assert_int_equal(shared, 1);
    assert_true(area_of(&t, 0) == 100 && area_of(&t, 1) == 100);
}

static void keeps_an_island_in_its_lake(void **state)
{
    (void)state;
    const kz_point shell[] = { { 0, 0 }, { 9, 0 }, { 9, 9 }, { 0, 9 }, { 0, 0 } };
    const kz_point lake[] = { { 3, 3 }, { 6, 3 }, { 6, 6 }, { 3, 6 }, { 3, 3 } };
    const kz_point island[] = { { 6, 6 }, { 6, 3 }, { 3, 3 }, { 3, 6 }, { 6, 6 } };
    const kz_ring outer[] = { { .n = 5, .p = shell }, { .n = 5, .p = lake } };
    const kz_ring inner[] = { { .n = 5, .p = island } };
    const kz_outline both[] = { { .n = 2, .rings = outer }, { .n = 1, .rings = inner } };
    kz_topology t;
    assert_int_equal(kz_topology_build(both, 2, 0, &arena, &t, NULL), KZ_OK);
    assert_int_equal(t.n_arcs, 2);
    assert_true(t.rings[1].hole && t.rings[1].n_refs == 1);
    assert_true(area_of(&t, 0) == 72 && area_of(&t, 1) == 9);
}

static void simplifies_the_corner_with_the_smallest_triangle_first(void **state)
{
    (void)state;
    /* Triangles: (5,1) 5.0 with its neighbours, the square's corners 50. */
    OUTLINE(bump, { 0, 0 }, { 5, 1 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 });
    kz_topology t;
    assert_int_equal(kz_topology_build(&bump, 1, 0, &arena, &t, NULL), KZ_OK);
    assert_int_equal(kz_topology_simplify(&t, 4.9, NULL), KZ_OK);
    assert_int_equal(kz_topo_ring_size(&t, &t.rings[0]), 5);
    assert_int_equal(kz_topology_simplify(&t, 5.1, NULL), KZ_OK);
    assert_int_equal(kz_topo_ring_size(&t, &t.rings[0]), 4);
}

static void never_collapses_below_a_triangle(void **state)
{
    (void)state;
    OUTLINE(small, { 0, 0 }, { 2, 0 }, { 2, 2 }, { 0, 2 }, { 0, 0 });
    OUTLINE(dot, { 0.1, 0 }, { 0.3, 0 }, { 0.3, 0.2 }, { 0.1, 0 });
    const kz_outline both[] = { small, dot };
    kz_topology t;
    assert_int_equal(kz_topology_build(both, 2, 1.0, &arena, &t, NULL), KZ_OK);
    assert_int_equal(t.n_rings, 2);
    assert_int_equal(kz_topology_simplify(&t, 1e9, NULL), KZ_OK);
    for (int i = 0; i < t.n_rings; i++)
        assert_true(kz_topo_ring_size(&t, &t.rings[i]) >= 3);
}

/* A field of cells whose common borders are bent at random and drawn by both
 * neighbours with errors below the snap distance. */
static double wobble(uint32_t *seed, double size)
{
    *seed = *seed * 1664525u + 1013904223u;
    return ((*seed >> 8) % 20001 / 10000.0 - 1) * size;
}

static void neighbours_never_gape_whatever_is_taken_away(void **state)
{
    (void)state;
    enum { SIDE = 6, STEPS = 10, POINTS = 4 * STEPS + 1 };
    static kz_point across[SIDE + 1][SIDE * STEPS + 1], up[SIDE + 1][SIDE * STEPS + 1];
    static kz_point p[SIDE * SIDE][POINTS];
    kz_ring rings[SIDE * SIDE];
    kz_outline outlines[SIDE * SIDE];
    uint32_t seed = 99;
    for (int line = 0; line <= SIDE; line++)
        for (int s = 0; s <= SIDE * STEPS; s++) {
            double bend = s % STEPS == 0 ? 0 : wobble(&seed, 8);
            across[line][s] = (kz_point){ s * 10.0, line * 100.0 + bend };
            up[line][s] = (kz_point){ line * 100.0 + (s % STEPS == 0 ? 0 : wobble(&seed, 8)), s * 10.0 };
        }
    for (int cell = 0; cell < SIDE * SIDE; cell++) {
        int cx = cell % SIDE, cy = cell / SIDE, n = 0;
        for (int s = 0; s < STEPS; s++)
            p[cell][n++] = across[cy][cx * STEPS + s];
        for (int s = 0; s < STEPS; s++)
            p[cell][n++] = up[cx + 1][cy * STEPS + s];
        for (int s = STEPS; s > 0; s--)
            p[cell][n++] = across[cy + 1][cx * STEPS + s];
        for (int s = STEPS; s > 0; s--)
            p[cell][n++] = up[cx][cy * STEPS + s];
        for (int i = 0; i < n; i++) {
            p[cell][i].x += wobble(&seed, 0.1);
            p[cell][i].y += wobble(&seed, 0.1);
        }
        p[cell][n++] = p[cell][0];
        rings[cell] = (kz_ring){ .n = n, .p = p[cell] };
        outlines[cell] = (kz_outline){ .n = 1, .rings = &rings[cell] };
    }
    for (double tolerance = 0; tolerance < 2000; tolerance = 2 * tolerance + 50) {
        kz_topology t;
        assert_int_equal(kz_topology_build(outlines, SIDE * SIDE, 1.0, &arena, &t, NULL), KZ_OK);
        int alone = 0;
        for (int i = 0; i < t.n_arcs; i++)
            alone += t.arcs[i].area[1] < 0;
        assert_int_equal(t.n_arcs, 2 * SIDE * (SIDE - 1) + alone);
        assert_int_equal(alone, 4 * SIDE - 4);
        assert_int_equal(kz_topology_simplify(&t, tolerance, NULL), KZ_OK);
        /* The cells add up to what the outer border holds: signed areas of the
         * inner borders cancel exactly when both sides are the same line. */
        double sum = 0, hull = 0;
        for (int i = 0; i < SIDE * SIDE; i++)
            sum += area_of(&t, i);
        for (int i = 0; i < t.n_rings; i++)
            for (int k = 0; k < t.rings[i].n_refs; k++) {
                int ref = t.rings[i].refs[k];
                const kz_arc *arc = &t.arcs[ref < 0 ? ~ref : ref];
                if (arc->area[1] >= 0)
                    continue;
                for (int j = 1; j < arc->n; j++) {
                    double d = arc->p[j - 1].x * arc->p[j].y - arc->p[j].x * arc->p[j - 1].y;
                    hull += (ref < 0 ? -d : d) / 2;
                }
            }
        assert_true(fabs(sum - hull) < 1e-6 * hull);
    }
}

static void the_union_of_a_ring_of_cells_has_a_hole_but_no_slivers(void **state)
{
    (void)state;
    /* Eight unit squares around an empty middle; one is 0.02 too small. */
    static kz_point p[8][5];
    static kz_ring r[8];
    kz_outline o[8];
    for (int i = 0, cell = 0; cell < 9; cell++) {
        if (cell == 4)
            continue;
        double x = cell % 3, y = cell / 3, right = cell == 0 ? x + 0.98 : x + 1;
        p[i][0] = p[i][4] = (kz_point){ x, y };
        p[i][1] = (kz_point){ x, y + 1 }; /* clockwise: orientation must not matter */
        p[i][2] = (kz_point){ right, y + 1 };
        p[i][3] = (kz_point){ right, y };
        r[i] = (kz_ring){ .n = 5, .p = p[i] };
        o[i] = (kz_outline){ .n = 1, .rings = &r[i] };
        i++;
    }
    kz_topology t;
    kz_outline whole, read;
    assert_int_equal(kz_topology_build(o, 8, 0.001, &arena, &t, NULL), KZ_OK);
    assert_int_equal(kz_topology_union(&t, 0.1, &arena, &whole, NULL), KZ_OK);
    assert_int_equal(whole.n, 2);
    assert_true(kz_ring_area(&whole.rings[0]) > 0 && kz_ring_area(&whole.rings[1]) < 0);
    assert_true(fabs(kz_outline_area(&whole) - 8) < 0.05);
    assert_true(kz_outline_contains(&whole, 2.5, 0.5) && !kz_outline_contains(&whole, 1.5, 1.5));

    kz_auto(kz_buf) wkb = kz_buf_init(10000);
    kz_outline_to_wkb(&whole, &wkb);
    assert_int_equal(kz_outline_from_wkb(wkb.p, wkb.n, &arena, &read, NULL), KZ_OK);
    assert_true(read.n == 2 && kz_outline_area(&read) == kz_outline_area(&whole));
}

#define IN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(IN_ARENA(two_squares_share_one_border), IN_ARENA(keeps_an_island_in_its_lake),
             IN_ARENA(simplifies_the_corner_with_the_smallest_triangle_first),
             IN_ARENA(the_union_of_a_ring_of_cells_has_a_hole_but_no_slivers),
             IN_ARENA(never_collapses_below_a_triangle), IN_ARENA(neighbours_never_gape_whatever_is_taken_away))
