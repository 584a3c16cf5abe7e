#include "kz_test.h"

#include "monitor/area.h"
#include "store/workspace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[64], file[128];
static kz_workspace ws;
static kz_arena arena;

static int set_up(void **state)
{
    (void)state;
    char folder[128];
    snprintf(dir, sizeof dir, "/tmp/kekiz-area-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    snprintf(folder, sizeof folder, "%s/w", dir);
    snprintf(file, sizeof file, "%s/a.geojson", dir);
    kz_arena_init(&arena, 64u << 20);
    return kz_workspace_init(folder, "Ort", "05315000", NULL) == KZ_OK &&
           kz_workspace_open(folder, KZ_DB_WRITE, &ws, NULL) == KZ_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const LEFT[] = { "w/work.db", "w/work.db-wal", "w/work.db-shm", "w/release.db",
                                        "w/release.db-wal", "w/release.db-shm", "w/facts", "w/files", "w",
                                        "a.geojson" };
    (void)state;
    kz_workspace_done(&ws);
    kz_arena_done(&arena);
    for (size_t i = 0; i < sizeof LEFT / sizeof *LEFT; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", dir, LEFT[i]);
        remove(path);
    }
    return rmdir(dir);
}

static void write_two_squares(void)
{
    static const char TEXT[] =
        "{\"type\":\"FeatureCollection\",\"features\":["
        "{\"type\":\"Feature\",\"properties\":{\"k\":\"2\",\"n\":\"Ost\"},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[7.1,51],[7.2,51],[7.2,51.1],[7.1,51.1],[7.1,51]]]}},"
        "{\"type\":\"Feature\",\"properties\":{\"k\":\"1\",\"n\":\" West \"},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[7,51],[7.1,51],[7.1,51.1],[7,51.1],[7,51]]]}}]}";
    FILE *f = fopen(file, "wb");
    assert_non_null(f);
    fputs(TEXT, f);
    fclose(f);
}

static void imports_a_level_and_answers_for_it(void **state)
{
    (void)state;
    const kz_area_import_options how = { .level = "SOZIALRAUM", .key = "k", .name = "N", .crs = "auto",
                                         .valid_from = "" };
    kz_area_report r;
    kz_area_level level;
    const kz_area *list;
    int64_t id;
    int n;
    write_two_squares();
    assert_int_equal(kz_area_import(ws.work, file, &how, &arena, &r, NULL), KZ_OK);
    assert_int_equal(r.n_areas, 2);
    assert_int_equal(r.how, KZ_PARENT_CITY);
    assert_int_equal(kz_area_level_find(ws.work, "Sozialraum", &level, NULL), KZ_OK);
    assert_string_equal(level.many, "Sozialräume");
    assert_int_equal(level.rank, 1);
    assert_int_equal(kz_area_list(ws.work, &level, &arena, &list, &n, NULL), KZ_OK);
    assert_int_equal(n, 2);
    assert_string_equal(list[0].key, "1");
    assert_string_equal(list[0].name, "West");
    assert_string_equal(list[0].parent_key, "05315000");
    assert_int_equal(kz_area_find(ws.work, &level, "2", &id, NULL), KZ_OK);
    assert_int_equal(id, list[1].id);
    assert_int_equal(kz_area_find(ws.work, &level, "3", &id, NULL), KZ_E_MISSING);

    /* The city is what its parts are. */
    double sum = list[0].area_m2 + list[1].area_m2;
    assert_int_equal(kz_area_list(ws.work, NULL, &arena, &list, &n, NULL), KZ_OK);
    assert_int_equal(n, 3);
    assert_true(fabs(list[0].area_m2 - sum) < 1);
    assert_true(fabs(list[0].lon - 7.1) < 0.001 && fabs(list[0].lat - 51.05) < 0.001);
    /* 0.2° by 0.1° at 51.05° N on GRS 80, by hand: 14.019 km × 11.126 km. */
    assert_true(fabs(sum / 1e6 - 156.0) < 0.1);
}

static void a_failed_import_leaves_no_level_behind(void **state)
{
    (void)state;
    kz_area_import_options how = { .level = "Teil", .key = "k", .name = "nix", .crs = "auto", .valid_from = "" };
    kz_area_report r = { .n_areas = -7 };
    kz_area_level level;
    kz_err err;
    write_two_squares();
    assert_int_equal(kz_area_import(ws.work, file, &how, &arena, &r, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "area.no_field");
    how.name = "n";
    how.parent = "k"; /* the only other level is the city itself */
    assert_int_equal(kz_area_import(ws.work, file, &how, &arena, &r, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "area.no_parent");
    assert_int_equal(r.n_areas, -7);
    assert_int_equal(kz_area_level_find(ws.work, "Teil", &level, NULL), KZ_E_MISSING);
}

#define IN_WORKSPACE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(IN_WORKSPACE(imports_a_level_and_answers_for_it), IN_WORKSPACE(a_failed_import_leaves_no_level_behind))
