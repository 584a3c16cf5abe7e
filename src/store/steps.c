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
