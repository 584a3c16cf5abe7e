#include "kz_test.h"

#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void writes_all_or_leaves_the_old_file(void **state)
{
    (void)state;
    char dir[] = "/tmp/kekiz-file-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a.csv", dir);
    assert_int_equal(kz_file_write(path, "old", 3, NULL), KZ_OK);
    assert_int_equal(kz_file_write(path, "newer", 5, NULL), KZ_OK);
    kz_auto(kz_buf) b = kz_buf_init(100);
    assert_int_equal(kz_file_read(path, &b, NULL), KZ_OK);
    assert_string_equal(kz_buf_text(&b), "newer");
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    unlink(path);
    assert_int_equal(rmdir(dir), 0); /* nothing else was left behind */
}

static void says_which_file_cannot_be_written(void **state)
{
    (void)state;
    kz_err err = { 0 };
    assert_int_equal(kz_file_write("/nowhere/at/all.csv", "x", 1, &err), KZ_E_IO);
    assert_string_equal(err.id, "file.write");
}

KZ_TEST_MAIN(KZ_TEST(writes_all_or_leaves_the_old_file), KZ_TEST(says_which_file_cannot_be_written))
