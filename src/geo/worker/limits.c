/* What the worker gives up before it reads a foreign byte. */
#include "geo/worker/worker.h"

#include "io/sandbox.h"

#include <gdal/cpl_conv.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

void worker_limit(const char *file)
{
    /* The other files of a shapefile lie beside it; systems of coordinates and drivers come with the libraries. */
    static char real[PATH_MAX], folder[PATH_MAX];
    static const char *const PLACES[] = { "/usr/share/proj", "/usr/share/gdal", "/usr/lib", "/etc/ld.so.cache",
                                          "/proc/self", NULL };
    const char *read[sizeof PLACES / sizeof *PLACES + 1] = { folder };
    memcpy(read + 1, PLACES, sizeof PLACES);
    const char *beside = CPLGetDirname(realpath(file, real) ? real : file);
    strncpy(folder, *beside ? beside : ".", sizeof folder - 1);
    const kz_sandbox box = { .memory = (uint64_t)2 << 30, .cpu_seconds = KZ_GEO_CPU_SECONDS, .files = 64,
                             .read = read };
    const char *what;
    if (!kz_sandbox_enter(&box, &what))
        worker_fail(KZ_GEO_SETUP, 0, what);
}
