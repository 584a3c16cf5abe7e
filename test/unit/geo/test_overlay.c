#include "kz_test.h"

#include "geo/overlay.h"
#include "partition_make.h"
#include "wkb_make.h"

#include <math.h>
#include <string.h>

static kz_arena arena;

static int set_up(void **state)
{
    (void)state;
    kz_arena_init(&arena, 256u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

static double common(const kz_overlay *o, int a, int b)
{
    for (int i = 0; i < o->n; i++)
        if (o->pair[i].a == a && o->pair[i].b == b)
            return o->pair[i].area;
    return 0;
}

static void squares_that_cross(void **state)
{
    (void)state;
    OUTLINE(square, { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 });
    OUTLINE(corner, { 8, 7 }, { 20, 7 }, { 20, 20 }, { 8, 20 }, { 8, 7 });
    OUTLINE(diamond, { 10, 4 }, { 14, 8 }, { 10, 12 }, { 6, 8 }, { 10, 4 });
    const kz_outline a[] = { square }, b[] = { corner, diamond, square };
    kz_overlay o;
    assert_int_equal(kz_overlay_make(a, 1, b, 3, &arena, &o, NULL), KZ_OK);
    assert_true(fabs(common(&o, 0, 0) - 6) < 1e-9);  /* 2 × 3 */
    /* Left half of the diamond (16) without the tip above y = 10 (a right triangle with legs of 2). */
    assert_true(fabs(common(&o, 0, 1) - 14) < 1e-9);
    assert_true(fabs(common(&o, 0, 2) - 100) < 1e-9); /* itself, every edge twice */
}

static void holes_are_no_land(void **state)
{
    (void)state;
    static const kz_point shell[] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 } };
    static const kz_point hole[] = { { 2, 2 }, { 8, 2 }, { 8, 8 }, { 2, 8 }, { 2, 2 } };
    const kz_ring rings[] = { { .n = 5, .p = shell }, { .n = 5, .p = hole } };
    const kz_outline frame[] = { { .n = 2, .rings = rings } };
    OUTLINE(inner, { 2, 2 }, { 8, 2 }, { 8, 8 }, { 2, 8 }, { 2, 2 });
    OUTLINE(half, { 5, 0 }, { 10, 0 }, { 10, 10 }, { 5, 10 }, { 5, 0 });
    const kz_outline b[] = { inner, half };
    kz_overlay o;
    assert_int_equal(kz_overlay_make(frame, 1, b, 2, &arena, &o, NULL), KZ_OK);
    assert_true(common(&o, 0, 0) == 0);
    assert_true(fabs(common(&o, 0, 1) - 32) < 1e-9); /* 50 - 18 */
    assert_int_equal(kz_overlay_make(NULL, 0, b, 2, &arena, &o, NULL), KZ_OK);
    assert_int_equal(o.n, 0);
}

/* The common land of two convex outlines by cutting one at every side of the other: another way. */
static double clipped(const kz_outline *a, const kz_outline *b)
{
    kz_point p[64], q[64];
    int n = 4;
    memcpy(p, a->rings[0].p, 4 * sizeof *p);
    for (int e = 0; e < 4; e++) {
        kz_point s = b->rings[0].p[e], t = b->rings[0].p[e + 1];
        int m = 0;
        for (int i = 0; i < n; i++) {
            kz_point u = p[i], v = p[(i + 1) % n];
            double du = (t.x - s.x) * (u.y - s.y) - (t.y - s.y) * (u.x - s.x);
            double dv = (t.x - s.x) * (v.y - s.y) - (t.y - s.y) * (v.x - s.x);
            if (du >= 0)
                q[m++] = u;
            if ((du >= 0) != (dv >= 0))
                q[m++] = (kz_point){ u.x + (v.x - u.x) * du / (du - dv), u.y + (v.y - u.y) * du / (du - dv) };
        }
        memcpy(p, q, (size_t)m * sizeof *p);
        n = m;
    }
    double sum = 0;
    for (int i = 1; i + 1 < n; i++)
        sum += (p[i].x - p[0].x) * (p[i + 1].y - p[0].y) - (p[i + 1].x - p[0].x) * (p[i].y - p[0].y);
    return sum / 2;
}

/* Corners moved by 30 can make a quadrilateral with a dent; only those without are cut on the second way. */
static bool convex(const kz_outline *o)
{
    const kz_point *p = o->rings[0].p;
    for (int i = 0; i < 4; i++) {
        kz_point a = p[i], b = p[(i + 1) % 4], c = p[(i + 2) % 4];
        if ((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) <= 0)
            return false;
    }
    return true;
}

static void random_partitions_share_all_of_their_land(void **state)
{
    (void)state;
    static partition s, t;
    for (int round = 0; round < 60; round++) {
        kz_rng r = kz_rng_stream(5, (uint64_t)round);
        double angle = round % 3 ? 6.28 * kz_rng_unit(&r) : 0, far = round % 2 ? 5600000 : 0;
        double row[PART_N] = { 0 }, column[PART_N] = { 0 }, tolerance = far > 0 ? 1e-3 : 1e-6;
        kz_overlay o;
        partition_make(&s, &r, far, angle);
        partition_make(&t, &r, far, angle);
        assert_int_equal(kz_overlay_make(s.area, PART_N, t.area, PART_N, &arena, &o, NULL), KZ_OK);
        for (int i = 0; i < o.n; i++) {
            row[o.pair[i].a] += o.pair[i].area;
            column[o.pair[i].b] += o.pair[i].area;
            if (convex(&s.area[o.pair[i].a]) && convex(&t.area[o.pair[i].b]))
                assert_true(fabs(o.pair[i].area - clipped(&s.area[o.pair[i].a], &t.area[o.pair[i].b])) < tolerance);
        }
        for (int i = 0; i < PART_N; i++) {
            assert_true(fabs(row[i] - kz_outline_area(&s.area[i])) < tolerance);
            assert_true(fabs(column[i] - kz_outline_area(&t.area[i])) < tolerance);
        }
    }
}

#define IN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(IN_ARENA(squares_that_cross), IN_ARENA(holes_are_no_land),
             IN_ARENA(random_partitions_share_all_of_their_land))
