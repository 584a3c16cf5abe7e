#include "kz_test.h"

#include "../store/temp_folder.h"
#include "store/workspace.h"
#include "trust/user.h"

#include <string.h>

static kz_err err;

static void a_role_is_kept_until_the_account_is_disabled(void **state)
{
    (void)state;
    kz_auto(kz_workspace) ws = { 0 };
    kz_role role = KZ_ROLE_PUBLIC;
    assert_int_equal(kz_workspace_init(temp_path("w"), "Köln", "05315000", &err), KZ_OK);
    assert_int_equal(kz_workspace_open(temp_path("w"), KZ_DB_WRITE, &ws, &err), KZ_OK);
    assert_int_equal(kz_user_add(ws.work, "meier", "freigabe", &err), KZ_OK);
    assert_int_equal(kz_user_add(ws.work, "meier", "statistik", &err), KZ_E_CONFLICT);
    assert_int_equal(kz_user_role(ws.work, "meier", &role, &err), KZ_OK);
    assert_int_equal(role, KZ_ROLE_APPROVAL);
    assert_int_equal(kz_user_disable(ws.work, "meier", &err), KZ_OK);
    assert_int_equal(kz_user_disable(ws.work, "meier", &err), KZ_E_CONFLICT);
    role = KZ_ROLE_STATE;
    assert_int_equal(kz_user_role(ws.work, "meier", &role, &err), KZ_E_DENIED);
    assert_int_equal(role, KZ_ROLE_STATE);
    assert_int_equal(kz_user_role(ws.work, "nobody", &role, &err), KZ_E_MISSING);
    assert_int_equal(kz_user_disable(ws.work, "nobody", &err), KZ_E_MISSING);
}

static void every_role_has_one_name(void **state)
{
    (void)state;
    for (int i = 0; i < KZ_N_ROLES; i++) {
        kz_role role = KZ_N_ROLES;
        assert_int_equal(kz_role_find(kz_role_name((kz_role)i), &role, &err), KZ_OK);
        assert_int_equal(role, i);
    }
}

static void refuses_names_and_roles_that_are_none(void **state)
{
    (void)state;
    static const char *const NAMES[] = { "", "Meier", "1a", "a b", "a'b", "müller", "a/b", "-a" };
    kz_auto(kz_workspace) ws = { 0 };
    char longest[66];
    memset(longest, 'a', 65);
    longest[65] = '\0';
    assert_int_equal(kz_workspace_init(temp_path("v"), "Köln", "05315000", &err), KZ_OK);
    assert_int_equal(kz_workspace_open(temp_path("v"), KZ_DB_WRITE, &ws, &err), KZ_OK);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        assert_int_equal(kz_user_add(ws.work, NAMES[i], "statistik", &err), KZ_E_INPUT);
    assert_int_equal(kz_user_add(ws.work, longest, "statistik", &err), KZ_E_INPUT);
    assert_int_equal(kz_user_add(ws.work, longest + 1, "statistik", &err), KZ_OK);
    assert_int_equal(kz_user_add(ws.work, "meier", "chef", &err), KZ_E_INPUT);
    assert_string_equal(err.id, "user.bad_role");
}

KZ_TEST_MAIN_IN_FOLDER(KZ_TEST(a_role_is_kept_until_the_account_is_disabled),
                       KZ_TEST(every_role_has_one_name),
                       KZ_TEST(refuses_names_and_roles_that_are_none))
