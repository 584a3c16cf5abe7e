#include "base/asset.h"

#include <string.h>

size_t kz_asset_first(const char *path)
{
    size_t lo = 0, hi = kz_n_assets;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(kz_assets[mid].path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const kz_asset *kz_asset_find(const char *path)
{
    size_t i = kz_asset_first(path);
    return i < kz_n_assets && strcmp(kz_assets[i].path, path) == 0 ? &kz_assets[i] : NULL;
}

bool kz_asset_below(size_t i, const char *prefix)
{
    return i < kz_n_assets && strncmp(kz_assets[i].path, prefix, strlen(prefix)) == 0;
}
