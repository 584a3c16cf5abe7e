/* kz_test_remove.h - a folder of a test and all that is in it goes away. */
#ifndef KZ_TEST_REMOVE_H
#define KZ_TEST_REMOVE_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static inline void kz_test_remove(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;
    while (d && (e = readdir(d))) {
        char below[512];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        int n = snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (n > 0 && (size_t)n < sizeof below)
            kz_test_remove(below);
    }
    if (d)
        closedir(d);
    remove(path);
}

#endif
