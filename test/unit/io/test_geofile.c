#include "kz_test.h"

#include "base/buf.h"
#include "geo/polygon.h"
#include "io/geofile.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const kz_geofile_options AUTO = { .crs = "auto", .target = 25832 };
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

/* Path of a file of the shared data; skips the test when it is absent. */
static const char *shared(const char *name)
{
    static char path[4096];
    const char *root = getenv("KZ_SHARED");
    snprintf(path, sizeof path, "%s/data/%s", root ? root : "../shared", name);
    if (access(path, R_OK) != 0)
        skip();
    return path;
}

static char temp_dir[64];

static void remove_temp(void)
{
    DIR *d = opendir(temp_dir);
    for (struct dirent *e; d && (e = readdir(d));)
        (void)unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
    rmdir(temp_dir);
}

static const char *temp_file(const char *name, const void *bytes, size_t n)
{
    static char path[128];
    if (!temp_dir[0]) {
        snprintf(temp_dir, sizeof temp_dir, "/tmp/kekiz-geofile-XXXXXX");
        assert_non_null(mkdtemp(temp_dir));
        atexit(remove_temp);
    }
    snprintf(path, sizeof path, "%s/%s", temp_dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
    return path;
}

/* What reading ends with: a message id, or "" when it went well. */
static const char *ends_with(const char *path, const kz_geofile_options *how)
{
    static kz_err err;
    kz_geofile f = { .n = -7 };
    err = (kz_err){ 0 };
    kz_status st = kz_geofile_read(path, how, &arena, &f, &err);
    if (st == KZ_OK)
        return "";
    assert_int_equal(f.n, -7);
    assert_int_equal(st, err.status);
    return err.id;
}

static const char *geojson_ends_with(const char *text)
{
    return ends_with(temp_file("x.geojson", text, strlen(text)), &AUTO);
}

#define SQUARE(a, b, c, d) \
    "[[[" #a "," #b "],[" #c "," #b "],[" #c "," #d "],[" #a "," #d "],[" #a "," #b "]]]"
#define FEATURE(props, type, coords) \
    "{\"type\":\"Feature\",\"properties\":{" props "},\"geometry\":{\"type\":\"" type "\",\"coordinates\":" coords "}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static void reads_a_square_near_koeln(void **state)
{
    (void)state;
    const char text[] = COLLECTION(FEATURE("\"key\":\"007\",\"name\":\"Köln\"", "Polygon",
                                           SQUARE(6.9, 50.9, 7.0, 51.0)));
    kz_geofile f;
    kz_outline o;
    const char *path = temp_file("square.geojson", text, strlen(text));
    assert_int_equal(kz_geofile_read(path, &AUTO, &arena, &f, NULL), KZ_OK);
    assert_int_equal(f.n, 1);
    assert_int_equal(f.n_fields, 2);
    assert_string_equal(f.features[0].values[0], "007");
    assert_string_equal(f.features[0].values[1], "Köln");
    assert_null(f.features[0].repair);
    assert_true(fabs(f.features[0].lon - 6.95) < 0.01 && fabs(f.features[0].lat - 50.95) < 0.02);
    assert_int_equal(kz_outline_from_wkb(f.features[0].wkb, f.features[0].n_wkb, &arena, &o, NULL), KZ_OK);
    /* 0.1 degree at 50.95° N: 11.13 km high, 7.02 km wide. */
    assert_true(fabs(kz_outline_area(&o) / 1e6 - 78.1) < 0.3);
}

static void repairs_a_bow_tie_and_says_why(void **state)
{
    (void)state;
    const char text[] = COLLECTION(
        FEATURE("\"key\":1", "Polygon", SQUARE(6.9, 50.9, 7.0, 51.0)) ","
        FEATURE("\"key\":2", "Polygon", "[[[7,51],[7.1,51.1],[7.1,51],[7,51.1],[7,51]]]"));
    kz_geofile f;
    const char *path = temp_file("tie.geojson", text, strlen(text));
    assert_int_equal(kz_geofile_read(path, &AUTO, &arena, &f, NULL), KZ_OK);
    assert_null(f.features[0].repair);
    assert_string_equal(f.features[1].repair, "geofile.fix_crossed");
}

static void refuses_bad_files_with_the_right_message(void **state)
{
    (void)state;
    assert_string_equal(ends_with("/nonexistent/x.shp", &AUTO), "file.missing");
    assert_string_equal(ends_with("/vsicurl/http://127.0.0.1:1/x.geojson", &AUTO), "file.missing");
    assert_string_equal(ends_with("/tmp", &AUTO), "geofile.open");
    assert_string_equal(ends_with(temp_file("empty.geojson", "", 0), &AUTO), "geofile.empty");
    assert_string_equal(ends_with(temp_file("x.csv", "a,b\n1,2\n", 8), &AUTO), "geofile.format");
    assert_string_equal(geojson_ends_with(COLLECTION("")), "geofile.empty");
    assert_string_equal(geojson_ends_with(COLLECTION(FEATURE("", "LineString", "[[7,51],[7.1,51]]"))),
                        "geofile.wrong_shape");
    assert_string_equal(geojson_ends_with(COLLECTION(FEATURE("", "Polygon", "[]"))), "geofile.no_shape");
    assert_string_equal(geojson_ends_with(COLLECTION(FEATURE("", "Polygon", SQUARE(50.9, 6.9, 51, 7)))),
                        "geofile.swapped");
    assert_string_equal(geojson_ends_with(COLLECTION(FEATURE("", "Polygon", SQUARE(0.1, 10.1, 0.2, 10.2)))),
                        "geofile.elsewhere");
    assert_string_equal(geojson_ends_with(COLLECTION(FEATURE("", "Polygon", SQUARE(6.9, 50.9, 1e155, 51)))),
                        "geofile.no_place");
    assert_string_not_equal(geojson_ends_with(COLLECTION(FEATURE("", "Polygon", SQUARE(6.9, NaN, 7, 51)))), "");
    assert_string_not_equal(geojson_ends_with("{\"type\":\"FeatureCollection\",\"features\":["), "");
    const kz_geofile_options moon = { .crs = "EPSG:99999", .target = 25832 };
    assert_string_equal(ends_with(temp_file("sq.geojson", COLLECTION(FEATURE("", "Polygon", SQUARE(6, 50, 7, 51))),
                        strlen(COLLECTION(FEATURE("", "Polygon", SQUARE(6, 50, 7, 51))))), &moon), "geofile.bad_crs");
}

static void survives_arrays_a_million_deep(void **state)
{
    (void)state;
    enum { DEEP = 1000000 };
    static char text[DEEP + 200];
    int n = snprintf(text, 200, "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":"
                                "{\"type\":\"Polygon\",\"coordinates\":");
    memset(text + n, '[', DEEP);
    assert_string_not_equal(ends_with(temp_file("deep.geojson", text, (size_t)n + DEEP), &AUTO), "");
}

static void reads_koeln_with_its_false_easting_and_latin_1_names(void **state)
{
    (void)state;
    kz_geofile f;
    assert_int_equal(kz_geofile_read(shared("koeln/Stadtteil.shp"), &AUTO, &arena, &f, NULL), KZ_OK);
    assert_int_equal(f.n, 86);
    int repaired = 0, umlauts = 0;
    double area = 0;
    for (int i = 0; i < f.n; i++) {
        kz_outline o;
        repaired += f.features[i].repair != NULL;
        umlauts += strcmp(f.features[i].values[1], "Dellbrück") == 0;
        umlauts += strcmp(f.features[i].values[1], "Mülheim") == 0;
        assert_true(f.features[i].lon > 6.7 && f.features[i].lon < 7.2);
        assert_true(f.features[i].lat > 50.8 && f.features[i].lat < 51.1);
        assert_int_equal(kz_outline_from_wkb(f.features[i].wkb, f.features[i].n_wkb, &arena, &o, NULL), KZ_OK);
        area += kz_outline_area(&o);
    }
    assert_int_equal(repaired, 1);
    assert_int_equal(umlauts, 2);
    assert_true(fabs(area / 1e6 - 405) < 0.5);
}

static void put_frame(kz_buf *b, char type, const kz_buf *payload)
{
    uint32_t n = (uint32_t)payload->n;
    kz_buf_char(b, type);
    kz_buf_add(b, &n, 4);
    kz_buf_add(b, kz_buf_text(payload), payload->n);
}

/* A header without fields and an end that says how many features came. */
static void distrusts_what_the_worker_says(void **state)
{
    (void)state;
    kz_auto(kz_buf) all = kz_buf_init(10000), header = kz_buf_init(100), end = kz_buf_init(100);
    const uint32_t one = 1, none[3] = { 0, 0, 0 };
    kz_geofile f = { .n = -7 };
    kz_buf_add(&header, none, sizeof none);
    kz_buf_add(&end, none, 4);
    put_frame(&all, 'H', &header);
    size_t half = all.n;
    put_frame(&all, 'Z', &end);
    assert_int_equal(kz_geofile_from_frames(all.p, all.n, "x", &arena, &f, NULL), KZ_OK);
    assert_int_equal(f.n, 0);
    f.n = -7;
    for (size_t n = 0; n < all.n; n++)
        assert_int_equal(kz_geofile_from_frames(all.p, n, "x", &arena, &f, NULL), KZ_E_IO);
    memcpy(all.p + half + 5, &one, 4); /* one feature, it says */
    assert_int_equal(kz_geofile_from_frames(all.p, all.n, "x", &arena, &f, NULL), KZ_E_IO);
    assert_int_equal(f.n, -7);
}

#define IN_ARENA(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(IN_ARENA(reads_a_square_near_koeln), IN_ARENA(repairs_a_bow_tie_and_says_why),
             IN_ARENA(refuses_bad_files_with_the_right_message), IN_ARENA(survives_arrays_a_million_deep),
             IN_ARENA(reads_koeln_with_its_false_easting_and_latin_1_names),
             IN_ARENA(distrusts_what_the_worker_says))
