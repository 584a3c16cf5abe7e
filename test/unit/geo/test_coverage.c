#include "kz_test.h"

#include "geo/coverage.h"
#include "io/geofile.h"
#include "partition_make.h"
#include "wkb_make.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static kz_arena arena;

static int set_up(void **state)
{
    (void)state;
    kz_arena_init(&arena, (size_t)1 << 30);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

static const kz_flaw *find(const kz_coverage *c, kz_flaw_kind kind, int a, int b)
{
    for (int i = 0; i < c->n; i++)
        if (c->flaw[i].kind == kind && c->flaw[i].a == a && c->flaw[i].b == b)
            return &c->flaw[i];
    return NULL;
}

static void names_overlap_gap_and_who_is_beside(void **state)
{
    (void)state;
    /* Two squares, a hole of 2 × 4 between them, an overlap of 1 × 4 above it. */
    OUTLINE(west, { 0, 0 }, { 10, 0 }, { 10, 3 }, { 9, 3 }, { 9, 7 }, { 10, 7 }, { 10, 10 }, { 11, 10 }, { 11, 14 },
            { 0, 14 }, { 0, 0 });
    OUTLINE(east, { 10, 0 }, { 20, 0 }, { 20, 14 }, { 10, 14 }, { 10, 7 }, { 11, 7 }, { 11, 3 }, { 10, 3 }, { 10, 0 });
    const kz_outline both[] = { west, east };
    kz_coverage c;
    assert_int_equal(kz_coverage_find(both, 2, NULL, 0, NULL, &arena, &c, NULL), KZ_OK);
    assert_int_equal(c.n, 2);
    const kz_flaw *overlap = find(&c, KZ_FLAW_OVERLAP, 0, 1), *gap = find(&c, KZ_FLAW_GAP, 0, 1);
    assert_non_null(overlap);
    assert_non_null(gap);
    assert_true(fabs(overlap->area - 4) < 1e-9 && overlap->pieces == 1);
    assert_true(overlap->x > 10 && overlap->x < 11 && overlap->y > 10 && overlap->y < 14);
    assert_true(fabs(gap->area - 8) < 1e-9 && fabs(gap->width - 2) < 1e-9);
    assert_true(gap->x > 9 && gap->x < 11 && gap->y > 3 && gap->y < 7);
    assert_true(fabs(c.area - 272) < 1e-9);
}

static void a_bay_is_no_gap_but_an_enclave_is(void **state)
{
    (void)state;
    OUTLINE(bay, { 0, 0 }, { 9, 0 }, { 9, 9 }, { 6, 9 }, { 6, 3 }, { 3, 3 }, { 3, 9 }, { 0, 9 }, { 0, 0 });
    kz_coverage c;
    assert_int_equal(kz_coverage_find(&bay, 1, NULL, 0, NULL, &arena, &c, NULL), KZ_OK);
    assert_int_equal(c.n, 0);
    OUTLINE(table, { 0, 0 }, { 3, 0 }, { 3, 6 }, { 6, 6 }, { 6, 0 }, { 9, 0 }, { 9, 9 }, { 0, 9 }, { 0, 0 });
    assert_int_equal(kz_coverage_find(&table, 1, NULL, 0, NULL, &arena, &c, NULL), KZ_OK);
    assert_int_equal(c.n, 0);
    OUTLINE(lid, { 0, 9 }, { 9, 9 }, { 9, 12 }, { 0, 12 }, { 0, 9 });
    const kz_outline both[] = { bay, lid };
    assert_int_equal(kz_coverage_find(both, 2, NULL, 0, NULL, &arena, &c, NULL), KZ_OK);
    assert_int_equal(c.n, 1);
    assert_true(c.flaw[0].kind == KZ_FLAW_GAP && fabs(c.flaw[0].area - 18) < 1e-9 && c.flaw[0].pieces == 1);
}

static void parents_are_covered_and_kept(void **state)
{
    (void)state;
    OUTLINE(whole, { 0, 0 }, { 20, 0 }, { 20, 10 }, { 0, 10 }, { 0, 0 });
    OUTLINE(in, { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 });
    OUTLINE(over, { 10, 0 }, { 18, 0 }, { 18, 12 }, { 10, 12 }, { 10, 0 });
    const kz_outline children[] = { in, over };
    const int parent[] = { 0, 0 };
    kz_coverage c;
    assert_int_equal(kz_coverage_find(children, 2, &whole, 1, parent, &arena, &c, NULL), KZ_OK);
    assert_int_equal(c.n, 2);
    assert_true(c.flaw[0].kind == KZ_FLAW_OUTSIDE && c.flaw[0].a == 1 && fabs(c.flaw[0].area - 16) < 1e-9);
    assert_true(c.flaw[1].kind == KZ_FLAW_UNCOVERED && c.flaw[1].parent == 0 && fabs(c.flaw[1].area - 20) < 1e-9);
}

/* A partition has no flaw; moving one corner of one area makes exactly the triangles that this tears open. */
static void a_moved_corner_is_found_to_the_square_metre(void **state)
{
    (void)state;
    static partition t;
    for (int round = 0; round < 40; round++) {
        kz_rng r = kz_rng_stream(6, (uint64_t)round);
        kz_coverage c;
        double far = round % 2 ? 5600000 : 0;
        partition_make(&t, &r, far, round % 3 ? 6.28 * kz_rng_unit(&r) : 0);
        assert_int_equal(kz_coverage_find(t.area, PART_N, NULL, 0, NULL, &arena, &c, NULL), KZ_OK);
        for (int i = 0; i < c.n; i++)
            assert_true(c.flaw[i].area < 1e-3); /* rounding on borders that are not level */
        double before = 0, after = 0, area = kz_outline_area(&t.area[PART_SIDE + 1]);
        for (int i = 0; i < c.n; i++)
            before += c.flaw[i].area;
        t.p[PART_SIDE + 1][2].x += 12;
        t.p[PART_SIDE + 1][2].y += 7;
        assert_int_equal(kz_coverage_find(t.area, PART_N, NULL, 0, NULL, &arena, &c, NULL), KZ_OK);
        for (int i = 0; i < c.n; i++)
            after += c.flaw[i].kind == KZ_FLAW_OVERLAP ? c.flaw[i].area : -c.flaw[i].area;
        /* What it won from its neighbours less what it left to nobody is how much it grew. */
        assert_true(fabs(after - (kz_outline_area(&t.area[PART_SIDE + 1]) - area)) < 1e-2 + before);
        assert_true(c.n > 0);
    }
}

/* ---- the real ones ---------------------------------------------------------------- */

static int read_real(const char *name, kz_outline **ret)
{
    const kz_geofile_options how = { .crs = "auto", .target = 25832 };
    const char *root = getenv("KZ_SHARED");
    char path[4096];
    kz_geofile f;
    snprintf(path, sizeof path, "%s/data/%s", root ? root : "../shared", name);
    if (access(path, R_OK) != 0)
        return 0;
    assert_int_equal(kz_geofile_read(path, &how, &arena, &f, NULL), KZ_OK);
    *ret = kz_arena_new(&arena, kz_outline, f.n);
    for (int i = 0; i < f.n; i++)
        assert_int_equal(kz_outline_from_wkb(f.features[i].wkb, f.features[i].n_wkb, &arena, &(*ret)[i], NULL), KZ_OK);
    return f.n;
}

static void tell(const char *name, int n, const kz_coverage *c, clock_t since)
{
    double land[4] = { 0 };
    int count[4] = { 0 };
    for (int i = 0; i < c->n; i++)
        if (c->flaw[i].area >= 1) {
            land[c->flaw[i].kind] += c->flaw[i].area;
            count[c->flaw[i].kind]++;
        }
    printf("# %s: %d areas, overlaps %d (%.0f m²), gaps %d (%.0f m²), %.2f s\n", name, n, count[0], land[0], count[1],
           land[1], (double)(clock() - since) / CLOCKS_PER_SEC);
}

/* Land counted once, more than once and not at all must give the sum of the outlines. */
static void real_towns_add_up(void **state)
{
    (void)state;
    static const char *const FILES[] = { "koeln/Stadtviertel.shp", "koeln/Stadtteil.shp",
                                         "berlin/geo/berlin-lor-planning-areas-until-2020.geojson" };
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        kz_outline *o = NULL;
        kz_coverage c;
        int n = read_real(FILES[i], &o);
        double sum = 0, twice = 0;
        if (n == 0)
            skip();
        clock_t since = clock();
        assert_int_equal(kz_coverage_find(o, n, NULL, 0, NULL, &arena, &c, NULL), KZ_OK);
        tell(FILES[i], n, &c, since);
        for (int k = 0; k < n; k++)
            sum += kz_outline_area(&o[k]);
        for (int k = 0; k < c.n; k++)
            twice += c.flaw[k].kind == KZ_FLAW_OVERLAP ? c.flaw[k].area : 0;
        assert_true(fabs(c.area + twice - sum) < 1 + 1e-3 * twice);
    }
}

#define IN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(IN_ARENA(names_overlap_gap_and_who_is_beside), IN_ARENA(a_bay_is_no_gap_but_an_enclave_is),
             IN_ARENA(parents_are_covered_and_kept), IN_ARENA(a_moved_corner_is_found_to_the_square_metre),
             IN_ARENA(real_towns_add_up))
