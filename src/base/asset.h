/*
 * asset.h - files that are built into the program, by their path in the source tree.
 *
 *     const kz_asset *a = kz_asset_find("data/measures.tsv");
 *     for (size_t i = kz_asset_first("data/maps/"); kz_asset_below(i, "data/maps/"); i++)
 *         use(&kz_assets[i]);
 *
 * Constant data, safe from any thread, O(log n).
 */
#ifndef KZ_BASE_ASSET_H
#define KZ_BASE_ASSET_H

#include <stdbool.h>

#include "embedded.h"

/* NULL when there is none. */
const kz_asset *kz_asset_find(const char *path);
/* Index of the first asset whose path is not before `path`. */
size_t kz_asset_first(const char *path);
/* Is there an asset i, and does its path begin with `prefix`? */
bool kz_asset_below(size_t i, const char *prefix);

#endif
