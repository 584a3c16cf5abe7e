#include "io/geoworker.h"

#include <stdio.h>
#include <string.h>

kz_status kz_geoworker_run(const char *path, const kz_geofile_options *how, kz_frame_fn take, void *me, kz_err *err)
{
    char target[16], crs[64], layer[256], file[4200];
    int code = 0;
    if (strlen(path) >= sizeof file || strlen(how->crs) >= sizeof crs ||
        (how->layer && strlen(how->layer) >= sizeof layer))
        return kz_fail(err, KZ_E_LIMIT, "geofile.long_option", kz_s("file", path));
    snprintf(file, sizeof file, "%s", path);
    snprintf(crs, sizeof crs, "%s", how->crs);
    snprintf(target, sizeof target, "%d", how->target);
    snprintf(layer, sizeof layer, "%s", how->layer ? how->layer : "");
    char *argv[] = { (char[]){ "kekiz-geo" }, file, crs, target, layer, NULL };
    const kz_worker w = { .argv = argv, .wait_seconds = KZ_GEO_CPU_SECONDS + 60, .frame_max = KZ_GEO_FRAME_MAX };
    switch (kz_worker_run(&w, take, me, &code, err)) {
    case KZ_WORKER_DONE:
        return KZ_OK;
    case KZ_WORKER_REFUSED:
        return (kz_status)code;
    case KZ_WORKER_ABSENT:
        return kz_fail(err, KZ_E_IO, "geofile.no_worker", kz_s("file", path));
    case KZ_WORKER_START:
        return kz_fail(err, KZ_E_IO, "geofile.start", kz_s("file", path), kz_s("why", strerror(code)));
    case KZ_WORKER_SLOW:
        return kz_fail(err, KZ_E_LIMIT, "geofile.slow", kz_s("file", path));
    case KZ_WORKER_MEMORY:
        return kz_fail(err, KZ_E_LIMIT, "geofile.memory", kz_s("file", path));
    case KZ_WORKER_FRAME:
        return kz_fail(err, KZ_E_IO, "geofile.distrust", kz_s("file", path));
    case KZ_WORKER_DIED:
        break;
    }
    return kz_fail(err, KZ_E_INPUT, "geofile.died", kz_s("file", path), kz_n("code", code));
}
