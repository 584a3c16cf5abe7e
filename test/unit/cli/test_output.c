#include "kz_test.h"

#include "cli/options.h"
#include "cli/output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const kz_col COLS[] = { { "area", KZ_COL_TEXT }, { "n", KZ_COL_INT }, { "share", KZ_COL_REAL } };
static char got[4096];

static void write_rows(kz_call *call)
{
    kz_auto(kz_table_out) t;
    assert_int_equal(kz_table_begin(&t, call, COLS, 3), KZ_OK);
    kz_put_text(&t, "Köln");
    kz_put_int(&t, 1044555);
    kz_put_real(&t, 0.1);
    kz_put_text(&t, "a \"b\", c");
    kz_put_none(&t);
    kz_put_real(&t, NAN);
    kz_put_view(&t, "x\ny\x01", 4);
    kz_put_int(&t, -3);
    kz_put_real(&t, 57704 / 1044555.0);
    assert_int_equal(kz_table_end(&t), KZ_OK);
}

/* What write_rows puts out in this form. */
static const char *rows_as(const char *form)
{
    static const kz_opt FORMAT = { .name = "format", .kind = KZ_OPT_TEXT };
    kz_opt_value value = { .opt = &FORMAT, .text = form };
    struct kz_opt_values values = { .n = form ? 1 : 0, .v = &value };
    kz_call call = { .values = &values };
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stdout);
    int before = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    write_rows(&call);
    fflush(stdout);
    dup2(before, STDOUT_FILENO);
    close(before);
    rewind(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    fclose(file);
    return got;
}

static void csv_is_what_scripts_expect(void **state)
{
    (void)state;
    assert_string_equal(rows_as(NULL), "area,n,share\n"
                                       "Köln,1044555,0.1\n"
                                       "\"a \"\"b\"\", c\",,\n"
                                       "\"x\ny\x01\",-3,0.05524266314363533\n");
}

static void json_is_an_array_of_objects(void **state)
{
    (void)state;
    assert_string_equal(rows_as("json"),
                        "[\n{\"area\":\"Köln\",\"n\":1044555,\"share\":0.1},\n"
                        "{\"area\":\"a \\\"b\\\", c\",\"n\":null,\"share\":null},\n"
                        "{\"area\":\"x\\u000ay\\u0001\",\"n\":-3,\"share\":0.05524266314363533}\n"
                        "]\n");
}

static void a_table_is_aligned_and_german(void **state)
{
    (void)state;
    assert_string_equal(rows_as("table"), "area              n   share\n"
                                          "────────  ─────────  ──────\n"
                                          "Köln      1.044.555  0,1000\n"
                                          "a \"b\", c                   \n"
                                          "x\xEF\xBF\xBDy\xEF\xBF\xBD"
                                          "             \xE2\x88\x92" "3  0,0552\n");
}

static void another_format_is_refused(void **state)
{
    (void)state;
    static const kz_opt FORMAT = { .name = "format", .kind = KZ_OPT_TEXT };
    kz_opt_value value = { .opt = &FORMAT, .text = "xlsx" };
    struct kz_opt_values values = { .n = 1, .v = &value };
    kz_call call = { .values = &values };
    kz_auto(kz_table_out) t;
    assert_int_equal(kz_table_begin(&t, &call, COLS, 3), KZ_E_USAGE);
    assert_string_equal(call.err.id, "cli.bad_format");
}

static void a_full_disk_is_a_failure(void **state)
{
    (void)state;
    kz_call call = { 0 };
    kz_err err = { 0 };
    fflush(stdout);
    int before = dup(STDOUT_FILENO);
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    dup2(fileno(full), STDOUT_FILENO);
    write_rows(&call);
    kz_status st = kz_out_finish(&err);
    dup2(before, STDOUT_FILENO);
    close(before);
    fclose(full);
    clearerr(stdout);
    assert_int_equal(st, KZ_E_IO);
    assert_string_equal(err.id, "cli.stdout");
}

KZ_TEST_MAIN(KZ_TEST(csv_is_what_scripts_expect),
             KZ_TEST(json_is_an_array_of_objects),
             KZ_TEST(a_table_is_aligned_and_german),
             KZ_TEST(another_format_is_refused),
             KZ_TEST(a_full_disk_is_a_failure))
