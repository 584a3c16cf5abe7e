/*
 * cache.h - finished pages of one atlas, kept as long as the atlas is.
 *
 *     const kz_cached *hit = kz_cache_find(cache, "/gebiet/stadtteil-501");
 *     if (!hit) { ... make the page ...; kz_cache_put(cache, target, &page); }
 *
 * A public page without a query depends on its address and the atlas only, and
 * there are as many of them as areas and indicators.  So nothing ever grows old:
 * what is put stays where it is until the cache is freed with its atlas, and
 * when the bytes are used up the rest is made afresh each time.
 *
 * What find returns lives as long as the cache.  Safe from any thread; O(1).
 */
#ifndef KZ_WEB_CACHE_H
#define KZ_WEB_CACHE_H

#include "base/status.h"

enum { KZ_CACHE_BYTES = 24 << 20 };

typedef struct kz_cache kz_cache;

typedef struct kz_cached {
    const char *etag, *content_type;
    const char *download; /* NULL: shown, not saved */
    const char *body;     /* packed                 */
    size_t n_body;
} kz_cached;

kz_cache *kz_cache_new(size_t max_bytes); /* NULL: no memory, which only costs time */
void kz_cache_free(kz_cache *c);

/* NULL when it is not there; also for a NULL cache. */
const kz_cached *kz_cache_find(kz_cache *c, const char *key);
/* Copies everything.  Does nothing when it is there already or does not fit. */
void kz_cache_put(kz_cache *c, const char *key, const kz_cached *page);

#endif
