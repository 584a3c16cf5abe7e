/* The real Köln: 86 Stadtteile whose common borders were drawn twice. */
#include "kz_test.h"

#include "geo/adjacency.h"
#include "geo/svgmap.h"
#include "io/geofile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N = 86 };
static kz_arena arena;
static kz_outline outlines[N];
static int64_t parent[N];
static char key[N][4];

static int read_koeln(void **state)
{
    (void)state;
    const kz_geofile_options how = { .crs = "auto", .target = 25832 };
    const char *root = getenv("KZ_SHARED");
    char path[4096];
    kz_geofile f;
    snprintf(path, sizeof path, "%s/data/koeln/Stadtteil.shp", root ? root : "../shared");
    kz_arena_init(&arena, 256u << 20);
    if (access(path, R_OK) != 0)
        return 0;
    if (kz_geofile_read(path, &how, &arena, &f, NULL) != KZ_OK || f.n != N)
        return -1;
    for (int i = 0; i < N; i++) {
        if (kz_outline_from_wkb(f.features[i].wkb, f.features[i].n_wkb, &arena, &outlines[i], NULL) != KZ_OK)
            return -1;
        snprintf(key[i], sizeof key[i], "%s", f.features[i].values[0]);
        parent[i] = key[i][0];
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

static double ring_area(const kz_topology *t, const kz_topo_ring *r)
{
    int n = kz_topo_ring_size(t, r);
    kz_point *p = kz_arena_new(&arena, kz_point, n + 1);
    kz_topo_ring_points(t, r, p);
    p[n] = p[0];
    const kz_ring ring = { .n = n + 1, .p = p };
    return (r->hole ? -1 : 1) * fabs(kz_ring_area(&ring));
}

static void simplified_neighbours_still_fill_the_city(void **state)
{
    (void)state;
    if (outlines[0].n == 0)
        skip();
    kz_topology t;
    kz_outline whole;
    assert_int_equal(kz_topology_build(outlines, N, 6, &arena, &t, NULL), KZ_OK);
    assert_int_equal(kz_topology_simplify(&t, 4000, NULL), KZ_OK);
    double sum = 0;
    int corners = 0;
    for (int i = 0; i < t.n_rings; i++)
        sum += ring_area(&t, &t.rings[i]);
    for (int i = 0; i < t.n_arcs; i++)
        corners += t.arcs[i].n - 1;
    assert_int_equal(kz_topology_union(&t, 10, &arena, &whole, NULL), KZ_OK);
    assert_int_equal(whole.n, 1);
    /* What is between the areas, slivers all together: less than 0.02 km² of 405. */
    assert_true(fabs(kz_outline_area(&whole) - sum) < 2e4);
    assert_true(fabs(sum / 1e6 - 404.89) < 0.5);
    assert_true(corners > 1000 && corners < 2500);
}

static void the_map_is_small_and_always_the_same(void **state)
{
    (void)state;
    if (outlines[0].n == 0)
        skip();
    kz_map m, again;
    size_t bytes = 0;
    assert_int_equal(kz_map_build(outlines, N, parent, 620, 4000, &arena, &m, NULL), KZ_OK);
    assert_int_equal(kz_map_build(outlines, N, parent, 620, 4000, &arena, &again, NULL), KZ_OK);
    for (int i = 0; i < N; i++) {
        assert_string_equal(m.areas[i].d, again.areas[i].d);
        assert_true(m.areas[i].label_width > 3);
        assert_true(m.areas[i].label_x > m.areas[i].x0 && m.areas[i].label_x < m.areas[i].x1);
        bytes += strlen(m.areas[i].d);
    }
    assert_string_equal(m.parent_borders, again.parent_borders);
    assert_true(strlen(m.parent_borders) > 1000);
    assert_true(bytes < 40000);
}

static int find(const char *k)
{
    for (int i = 0; i < N; i++)
        if (strcmp(key[i], k) == 0)
            return i;
    return -1;
}

static bool linked(const kz_adjacency *g, int a, int b)
{
    for (int i = g->start[a]; i < g->start[a + 1]; i++)
        if (g->neighbour[i] == b)
            return true;
    return false;
}

static void finds_the_neighbours_on_the_map(void **state)
{
    (void)state;
    if (outlines[0].n == 0)
        skip();
    kz_topology t;
    kz_adjacency rook, queen;
    assert_int_equal(kz_topology_build(outlines, N, 6, &arena, &t, NULL), KZ_OK);
    assert_int_equal(kz_adjacency_make(&t, KZ_ROOK, &arena, &rook, NULL), KZ_OK);
    assert_int_equal(kz_adjacency_make(&t, KZ_QUEEN, &arena, &queen, NULL), KZ_OK);
    assert_true(queen.n_links >= rook.n_links && rook.n_links > 4 * N);
    /* Altstadt/Süd touches Altstadt/Nord and, across the Rhine, Deutz; not Chorweiler. */
    assert_true(linked(&rook, find("101"), find("103")) && linked(&rook, find("101"), find("105")));
    assert_false(linked(&queen, find("101"), find("608")));
    for (int i = 0; i < N; i++) {
        assert_true(queen.start[i + 1] > queen.start[i]);
        for (int k = rook.start[i]; k < rook.start[i + 1]; k++)
            assert_true(linked(&rook, rook.neighbour[k], i) && linked(&queen, i, rook.neighbour[k]));
    }
}

#define IN_KOELN(f) cmocka_unit_test_setup_teardown(f, read_koeln, tear_down)
KZ_TEST_MAIN(IN_KOELN(simplified_neighbours_still_fill_the_city), IN_KOELN(the_map_is_small_and_always_the_same),
             IN_KOELN(finds_the_neighbours_on_the_map))
