#include "monitor/original.h"

#include "io/file.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static bool path_of(const kz_workspace *ws, const char *sha256, char out[static PATH_MAX])
{
    int n = snprintf(out, PATH_MAX, "%s/" KZ_ORIGINAL_DIR "%s", ws->dir, sha256);
    return n > 0 && n < PATH_MAX;
}

kz_status kz_original_keep(const kz_workspace *ws, const char *sha256, const void *p, size_t n, bool *made, kz_err *err)
{
    char path[PATH_MAX];
    if (!path_of(ws, sha256, path))
        return kz_fail(err, KZ_E_IO, "import.original", kz_s("file", ws->dir));
    bool there = access(path, F_OK) == 0;
    if (!there)
        KZ_TRY(kz_file_write(path, p, n, err));
    *made = !there;
    return KZ_OK;
}

void kz_original_drop(const kz_workspace *ws, const char *sha256)
{
    char path[PATH_MAX];
    if (path_of(ws, sha256, path))
        (void)unlink(path);
}
