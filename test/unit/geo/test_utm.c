#include "kz_test.h"

#include "geo/utm.h"
#include "io/geofile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* On the middle line of zone 32 x is 500,000 and y the length of the meridian: 0.9996 × 5,540,847.042 m at 50° N
 * (the arc of GRS 80 from the equator, from any table of meridian arcs). */
static void the_middle_of_the_zone_by_hand(void **state)
{
    (void)state;
    double lon, lat;
    assert_true(kz_utm_to_lonlat(25832, 500000, 0.9996 * 5540847.042, &lon, &lat));
    assert_true(fabs(lon - 9) < 1e-12 && fabs(lat - 50) < 1e-8);
}

static void refuses_other_planes_and_no_places(void **state)
{
    (void)state;
    double lon = 7, lat = 7;
    assert_false(kz_utm_to_lonlat(31466, 2566000, 5645000, &lon, &lat));
    assert_false(kz_utm_to_lonlat(25832, NAN, 5645000, &lon, &lat));
    assert_false(kz_utm_to_lonlat(25832, 500000, INFINITY, &lon, &lat));
    assert_true(lon == 7 && lat == 7);
}

/* The worker (PROJ) projects points; we bring them back. */
static void goes_the_way_of_proj_backwards(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "/tmp/kekiz-utm-%ld.geojson", (long)getpid());
    FILE *f = fopen(path, "wx");
    assert_non_null(f);
    fprintf(f, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (int i = 0; i < 60; i++)
        fprintf(f, "%s{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\","
                   "\"coordinates\":[%.6f,%.6f]}}", i ? "," : "", 5.5 + 0.16 * i, 47.5 + 0.13 * i);
    fprintf(f, "]}");
    fclose(f);
    const kz_geofile_options how = { .crs = "auto", .target = 25832 };
    kz_arena a;
    kz_geofile points;
    kz_arena_init(&a, 16u << 20);
    assert_int_equal(kz_geofile_read(path, &how, &a, &points, NULL), KZ_OK);
    unlink(path);
    assert_int_equal(points.n, 60);
    for (int i = 0; i < points.n; i++) {
        double xy[2], lon, lat;
        memcpy(xy, (const char *)points.features[i].wkb + 5, sizeof xy); /* order, type, x, y */
        assert_true(kz_utm_to_lonlat(25832, xy[0], xy[1], &lon, &lat));
        assert_true(fabs(lon - points.features[i].lon) < 1e-8 && fabs(lat - points.features[i].lat) < 1e-8);
    }
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(the_middle_of_the_zone_by_hand), KZ_TEST(refuses_other_planes_and_no_places),
             KZ_TEST(goes_the_way_of_proj_backwards))
