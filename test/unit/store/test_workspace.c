#include "kz_test.h"

#include "base/text.h"
#include "store/workspace.h"
#include "temp_folder.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static kz_err err;

static int entries(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static void text_is(kz_db *db, const char *sql, const char *want)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_prepare(db, sql, &q, &err), KZ_OK);
    assert_int_equal(kz_step(&q, &row, &err), KZ_OK);
    assert_true(row);
    assert_string_equal(kz_col_text(&q, 0), want);
}

static void makes_a_city_with_its_own_level(void **state)
{
    (void)state;
    kz_auto(kz_workspace) ws = { 0 };
    struct stat s;
    char name[64];
    assert_int_equal(kz_workspace_init(temp_path("koeln/"), "Köln", "05315000", &err), KZ_OK);
    assert_int_equal(kz_workspace_open(temp_path("koeln"), KZ_DB_WRITE, &ws, &err), KZ_OK);
    text_is(ws.work, "SELECT code || one || many || \"rank\" FROM level", "stadtStadtStädte0");
    text_is(ws.work, "SELECT key || name FROM area", "05315000Köln");
    assert_int_equal(kz_setting_get(ws.work, "name", name, sizeof name, &err), KZ_OK);
    assert_string_equal(name, "Köln");
    assert_int_equal(stat(ws.dir, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0700);
    assert_int_equal(stat(temp_path("koeln/facts"), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0700);
    assert_int_equal(stat(temp_path("koeln/release.db"), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
}

static void a_kreis_has_five_digits_and_an_empty_folder_will_do(void **state)
{
    (void)state;
    kz_auto(kz_workspace) ws = { 0 };
    assert_int_equal(mkdir(temp_path("kreis"), 0755), 0);
    assert_int_equal(kz_workspace_init(temp_path("kreis"), "Kreis Unna", "05978", &err), KZ_OK);
    assert_int_equal(kz_workspace_open(temp_path("kreis"), KZ_DB_READ, &ws, &err), KZ_OK);
    text_is(ws.work, "SELECT code FROM level", "kreis");
}

static void init_refuses_and_leaves_nothing(void **state)
{
    (void)state;
    int before = entries(temp_folder);
    static const char *const BAD[] = { "", "5315000", "0531500a", "00315000", "17315000", "053150001",
                                       "０５３１５０００" };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_int_equal(kz_workspace_init(temp_path("bad"), "Köln", BAD[i], &err), KZ_E_INPUT);
    assert_int_equal(kz_workspace_init(temp_path("bad"), "", "05315000", &err), KZ_E_INPUT);
    assert_int_equal(kz_workspace_init(temp_path("bad"), " ", "05315000", &err), KZ_E_INPUT);
    assert_int_equal(kz_workspace_init(temp_path("bad"), "a\nb", "05315000", &err), KZ_E_INPUT);
    assert_int_equal(kz_workspace_init(temp_path("no/bad"), "Köln", "05315000", &err), KZ_E_MISSING);
    assert_int_equal(kz_workspace_init("", "Köln", "05315000", &err), KZ_E_MISSING);
    assert_int_equal(entries(temp_folder), before);

    assert_int_equal(mkdir(temp_path("used"), 0755), 0);
    temp_write(temp_path("used/letter.txt"), "x", 1);
    temp_write(temp_path("file"), "x", 1);
    assert_int_equal(kz_workspace_init(temp_path("used"), "Köln", "05315000", &err), KZ_E_CONFLICT);
    assert_int_equal(kz_workspace_init(temp_path("file"), "Köln", "05315000", &err), KZ_E_CONFLICT);
    assert_int_equal(entries(temp_path("used")), 1);
    assert_int_equal(entries(temp_folder), before + 2);
}

static void a_missing_workspace_names_the_remedy(void **state)
{
    (void)state;
    kz_workspace ws = { 0 };
    kz_auto(kz_buf) said = kz_buf_init(2000);
    assert_int_equal(kz_workspace_open(temp_path("nowhere"), KZ_DB_WRITE, &ws, &err), KZ_E_MISSING);
    kz_err_say(&said, KZ_LANG_DE, &err);
    assert_non_null(strstr(kz_buf_text(&said), "kekiz init"));
    assert_int_equal(mkdir(temp_path("plain"), 0755), 0);
    assert_int_equal(kz_workspace_open(temp_path("plain"), KZ_DB_READ, &ws, &err), KZ_E_MISSING);
    assert_string_equal(err.id, "store.ws_not_one");
    assert_null(ws.work);
}

static void a_setting_can_be_changed_and_is_empty_when_absent(void **state)
{
    (void)state;
    kz_auto(kz_workspace) ws = { 0 };
    char value[8] = "before";
    assert_int_equal(kz_workspace_init(temp_path("setting"), "Bonn", "05314000", &err), KZ_OK);
    assert_int_equal(kz_workspace_open(temp_path("setting"), KZ_DB_WRITE, &ws, &err), KZ_OK);
    assert_int_equal(kz_setting_get(ws.work, "crs", value, sizeof value, &err), KZ_OK);
    assert_string_equal(value, "");
    assert_int_equal(kz_setting_put(ws.work, "crs", "25832", &err), KZ_OK);
    assert_int_equal(kz_setting_put(ws.work, "crs", "31466", &err), KZ_OK);
    assert_int_equal(kz_setting_get(ws.work, "crs", value, sizeof value, &err), KZ_OK);
    assert_string_equal(value, "31466");
    assert_int_equal(kz_setting_put(ws.work, "crs", "12345678", &err), KZ_OK);
    assert_int_equal(kz_setting_get(ws.work, "crs", value, sizeof value, &err), KZ_E_LIMIT);
    assert_string_equal(value, "31466");
}

KZ_TEST_MAIN_IN_FOLDER(KZ_TEST(makes_a_city_with_its_own_level),
                       KZ_TEST(a_kreis_has_five_digits_and_an_empty_folder_will_do),
                       KZ_TEST(init_refuses_and_leaves_nothing),
                       KZ_TEST(a_missing_workspace_names_the_remedy),
                       KZ_TEST(a_setting_can_be_changed_and_is_empty_when_absent))
