/* Coordinates between the systems of German offices. */
#include "kz_numeric.h"

#include "base/rng.h"
#include "geo/project.h"

static kz_crs system_of(int epsg)
{
    kz_crs c;
    assert_true(kz_crs_find(epsg, &c));
    return c;
}

static void agrees_with_proj(void **state)
{
    (void)state;
    kz_numeric t;
    kz_numeric_open(&t, "project.tsv", (const char *[]){ "epsg", "lon", "lat", "x", "y", "tolerance", "source", NULL });
    const kz_crs wgs = system_of(4326);
    for (int row = 0; row < t.table.n_rows; row++) {
        kz_crs to = system_of((int)kz_numeric_real(&t, row, 0));
        kz_point deg = { kz_numeric_real(&t, row, 1), kz_numeric_real(&t, row, 2) };
        kz_point got = kz_crs_move(&wgs, &to, deg);
        double dx = got.x - kz_numeric_real(&t, row, 3), dy = got.y - kz_numeric_real(&t, row, 4);
        if (!(hypot(dx, dy) <= kz_numeric_real(&t, row, 5)))
            fail_msg("row %d, EPSG:%d: off by %g %g", row + 1, to.epsg, dx, dy);
    }
    kz_numeric_done(&t);
}

/* The middle meridian of zone 32 is 9 degrees east: the easting is 500,000 there, and the northing of the
 * equator is 0. */
static void an_example_by_hand(void **state)
{
    (void)state;
    const kz_crs wgs = system_of(4326), utm = system_of(25832);
    kz_point p = kz_crs_move(&wgs, &utm, (kz_point){ 9, 0 });
    assert_true(p.x == 500000 && fabs(p.y) < 1e-9);
}

static void there_and_back_is_the_same_place(void **state)
{
    (void)state;
    kz_rng rng = { 3 };
    const kz_crs wgs = system_of(4326);
    kz_crs c;
    for (int i = 0; kz_crs_nth(i, &c); i++)
        for (int round = 0; round < 2000; round++) {
            kz_point p = { 5 + 11 * kz_rng_unit(&rng), 47 + 9 * kz_rng_unit(&rng) };
            kz_point there = kz_crs_move(&wgs, &c, p), back = kz_crs_move(&c, &wgs, there);
            double most = c.rough ? 1e-7 : 1e-10; /* the height above the other ellipsoid is dropped */
            if (!(fabs(back.x - p.x) < most && fabs(back.y - p.y) < most))
                fail_msg("%s: %.12f %.12f came back as %.12f %.12f", c.name, p.x, p.y, back.x, back.y);
        }
}

static void what_is_no_place_stays_none(void **state)
{
    (void)state;
    const kz_crs wgs = system_of(4326), utm = system_of(25832);
    kz_crs none;
    static const kz_point BAD[] = { { NAN, 50 }, { 7, INFINITY }, { 187, 50 }, { 7, 95 }, { 356560, 5645282 },
                                    { -120, 50 } };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_true(isnan(kz_crs_move(&wgs, &utm, BAD[i]).x));
    assert_true(isnan(kz_crs_move(&utm, &wgs, (kz_point){ 1e155, 1e155 }).x));
    assert_false(kz_crs_find(2154, &none));
    assert_false(kz_crs_find(0, &none));
}

KZ_TEST_MAIN(KZ_TEST(agrees_with_proj), KZ_TEST(an_example_by_hand), KZ_TEST(there_and_back_is_the_same_place),
             KZ_TEST(what_is_no_place_stays_none))
