#include "store/steps.h"

#include "base/asset.h"

#include <string.h>

size_t kz_steps(const char *prefix, kz_migration steps[static KZ_STEPS_MOST])
{
    size_t n = 0;
    for (size_t i = kz_asset_first(prefix); kz_asset_below(i, prefix); i++) {
        const char *at = kz_assets[i].path + strlen(prefix);
        int version = 0;
        while (*at >= '0' && *at <= '9')
            version = version * 10 + (*at++ - '0');
        KZ_ASSERT(strcmp(at, ".sql") == 0 && n < KZ_STEPS_MOST);
        steps[n++] = (kz_migration){ version, (const char *)kz_assets[i].bytes };
    }
    return n;
}

int kz_steps_newest(const char *prefix)
{
    kz_migration steps[KZ_STEPS_MOST];
    size_t n = kz_steps(prefix, steps);
    return n > 0 ? steps[n - 1].version : 0;
}

static kz_status bring_up(kz_db *db, const char *prefix, kz_err *err)
{
    kz_migration steps[KZ_STEPS_MOST];
    size_t n = kz_steps(prefix, steps);
    return kz_db_migrate(db, steps, n, err);
}

kz_status kz_steps_open(const char *path, kz_db_mode mode, const char *prefix, kz_db **ret, kz_err *err)
{
    int64_t have;
    KZ_AUTO_DB db = NULL;
    KZ_TRY(kz_db_open(path, mode, err, &db));
    KZ_TRY(kz_db_version(db, &have, err));
    if (mode == KZ_DB_READ && have < kz_steps_newest(prefix)) {
        kz_db_done(&db);
        KZ_TRY(kz_db_open(path, KZ_DB_WRITE, err, &db));
        KZ_TRY(bring_up(db, prefix, err));
        kz_db_done(&db);
        KZ_TRY(kz_db_open(path, mode, err, &db));
    }
    KZ_TRY(bring_up(db, prefix, err));
    *ret = db;
    db = NULL;
    return KZ_OK;
}
