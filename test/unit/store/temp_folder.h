/* temp_folder.h - a folder of its own for each test program, removed at the end. */
#ifndef TEMP_FOLDER_H
#define TEMP_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char temp_folder[] = "/tmp/kekiz-test-XXXXXX";

static inline int temp_remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s, (void)kind, (void)at;
    return remove(path);
}

static inline int temp_make(void **state)
{
    (void)state;
    return mkdtemp(temp_folder) ? 0 : -1;
}

static inline int temp_remove(void **state)
{
    (void)state;
    return nftw(temp_folder, temp_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the folder; valid until the fourth call after it. */
static inline const char *temp_path(const char *name)
{
    static char path[4][5000];
    static int at;
    at = (at + 1) % 4;
    snprintf(path[at], sizeof path[at], "%s/%s", temp_folder, name);
    return path[at];
}

static inline void temp_write(const char *path, const void *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0)
        abort();
}

#define KZ_TEST_MAIN_IN_FOLDER(...)                                     \
    int main(void)                                                      \
    {                                                                   \
        const struct CMUnitTest tests[] = { __VA_ARGS__ };              \
        cmocka_set_message_output(CM_OUTPUT_TAP);                       \
        return cmocka_run_group_tests(tests, temp_make, temp_remove);   \
    }

#endif
