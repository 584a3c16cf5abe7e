#include "kz_test.h"

#include "wkb_make.h"

#include <math.h>

static const double SQUARE[] = { 0, 0, 10, 0, 10, 10, 0, 10, 0, 0 };
static const double HOLE[] = { 4, 4, 6, 4, 6, 6, 4, 6, 4, 4 };

static kz_status read_wkb(const kz_buf *b, kz_arena *a, kz_outline *o, kz_err *err)
{
    return kz_outline_from_wkb(kz_buf_text(b), b->n, a, o, err);
}

static void measures_a_square_with_a_hole(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(10000);
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 100000);
    kz_outline o;
    wkb_multi(&b, 1);
    wkb_polygon(&b, 2);
    wkb_ring(&b, SQUARE, 5);
    wkb_ring(&b, HOLE, 5);
    assert_int_equal(read_wkb(&b, &a, &o, NULL), KZ_OK);
    assert_int_equal(o.n, 2);
    assert_true(kz_outline_area(&o) == 96);
    assert_true(kz_outline_contains(&o, 1, 1));
    assert_false(kz_outline_contains(&o, 5, 5));
    assert_false(kz_outline_contains(&o, 11, 5));
}

static void reads_the_other_byte_order(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(10000);
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 100000);
    kz_outline o;
    const uint32_t head[] = { __builtin_bswap32(3), __builtin_bswap32(1), __builtin_bswap32(5) };
    kz_buf_char(&b, 0);
    kz_buf_add(&b, head, sizeof head);
    for (int i = 0; i < 10; i++) {
        uint64_t v;
        __builtin_memcpy(&v, &SQUARE[i], 8);
        v = __builtin_bswap64(v);
        kz_buf_add(&b, &v, 8);
    }
    assert_int_equal(read_wkb(&b, &a, &o, NULL), KZ_OK);
    assert_true(kz_outline_area(&o) == 100);
}

static void finds_the_middle_of_a_square_and_stays_inside_a_horseshoe(void **state)
{
    (void)state;
    double x, y, r;
    OUTLINE(square, { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 });
    kz_outline_inner_point(&square, &x, &y, &r);
    assert_true(fabs(x - 5) < 0.1 && fabs(y - 5) < 0.1 && fabs(r - 5) < 0.1);
    /* Its centre of gravity lies in the gap; the thick foot is on the right. */
    OUTLINE(shoe, { 0, 0 }, { 30, 0 }, { 30, 30 }, { 18, 30 }, { 18, 4 }, { 4, 4 }, { 4, 30 }, { 0, 30 }, { 0, 0 });
    kz_outline_inner_point(&shoe, &x, &y, &r);
    assert_true(kz_outline_contains(&shoe, x, y));
    assert_true(x > 18 && fabs(r - 6) < 1.2);
}

static void prefers_the_wide_place_for_a_name(void **state)
{
    (void)state;
    double x, y, r;
    /* A tower 12 wide on a flat base 60 wide and 10 high. */
    OUTLINE(tower, { 0, 0 }, { 60, 0 }, { 60, 10 }, { 36, 10 }, { 36, 60 }, { 24, 60 }, { 24, 10 }, { 0, 10 },
            { 0, 0 });
    kz_outline_inner_point(&tower, &x, &y, &r);
    assert_true(y > 6);
    kz_outline_inner_point_wide(&tower, 4, &x, &y, &r);
    assert_true(y < 10 && kz_outline_contains(&tower, x, y));
}

static void inner_point_is_inside_every_random_star(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 200; round++) {
        kz_point p[41];
        for (int i = 0; i < 40; i++) {
            seed = seed * 1664525u + 1013904223u;
            double radius = 1 + (seed >> 8) % 1000 / 10.0, angle = i * M_PI / 20;
            p[i] = (kz_point){ 350000 + radius * cos(angle), 5645000 + radius * sin(angle) };
        }
        p[40] = p[0];
        const kz_ring ring = { .n = 41, .p = p };
        const kz_outline star = { .n = 1, .rings = &ring };
        double x, y, r;
        kz_outline_inner_point(&star, &x, &y, &r);
        assert_true(r > 0 && kz_outline_contains(&star, x, y));
    }
}

static void refuses_every_cut_and_what_is_no_polygon(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(10000);
    wkb_multi(&b, 1);
    wkb_polygon(&b, 1);
    wkb_ring(&b, SQUARE, 5);
    for (size_t n = 0; n < b.n; n++) {
        kz_arena a __attribute__((cleanup(kz_arena_done)));
        kz_arena_init(&a, 100000);
        kz_outline o = { .n = -7 };
        kz_err err;
        assert_int_equal(kz_outline_from_wkb(kz_buf_text(&b), n, &a, &o, &err), KZ_E_INPUT);
        assert_string_equal(err.id, "geo.wkb");
        assert_int_equal(o.n, -7);
    }
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 100000);
    kz_outline o;
    static const double OPEN[] = { 0, 0, 10, 0, 10, 10, 0, 10 };
    static const double NOWHERE[] = { 0, 0, 10, 0, NAN, 10, 0, 0 };
    static const double FAR[] = { 0, 0, 1e155, 0, 10, 10, 0, 0 };
    const double *wrong[] = { OPEN, NOWHERE, FAR };
    for (int i = 0; i < 3; i++) {
        kz_buf_clear(&b);
        wkb_polygon(&b, 1);
        wkb_ring(&b, wrong[i], 4);
        assert_int_equal(read_wkb(&b, &a, &o, NULL), KZ_E_INPUT);
    }
    kz_buf_clear(&b);
    wkb_multi(&b, 0xFFFFFFFF);
    assert_int_equal(read_wkb(&b, &a, &o, NULL), KZ_E_INPUT);
}

KZ_TEST_MAIN(KZ_TEST(measures_a_square_with_a_hole), KZ_TEST(reads_the_other_byte_order),
             KZ_TEST(finds_the_middle_of_a_square_and_stays_inside_a_horseshoe),
             KZ_TEST(prefers_the_wide_place_for_a_name), KZ_TEST(inner_point_is_inside_every_random_star),
             KZ_TEST(refuses_every_cut_and_what_is_no_polygon))
