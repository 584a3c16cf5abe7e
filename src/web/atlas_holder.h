/*
 * atlas_holder.h - the atlas that is public now, and its successor without a pause.
 *
 *     kz_atlas_holder *h;
 *     KZ_TRY(kz_atlas_holder_open(".../release.db", &h, err));
 *     kz_held *held = kz_atlas_hold(h);
 *     ... held->atlas ...                   // NULL: nothing is published yet
 *     kz_atlas_release(held);
 *
 * A thread looks at the file twice a second.  A new publication is loaded
 * beside the old one and becomes current; requests that hold the old one finish
 * with it, the last of them frees it.  A file that cannot be read leaves the old
 * atlas in place and is reported once.  Safe from any thread.
 */
#ifndef KZ_WEB_ATLAS_HOLDER_H
#define KZ_WEB_ATLAS_HOLDER_H

#include "monitor/atlas.h"
#include "web/cache.h"

typedef struct kz_atlas_holder kz_atlas_holder;

typedef struct kz_held {
    kz_atlas *atlas;
    kz_cache *cache;   /* of pages made from it */
    _Atomic int users; /* requests, and the holder while it is current */
} kz_held;

/* A file that is not there, or without a publication, is no failure. */
KZ_MUST_USE kz_status kz_atlas_holder_open(const char *release_db, kz_atlas_holder **ret, kz_err *err);
void kz_atlas_holder_close(kz_atlas_holder *h);

kz_held *kz_atlas_hold(kz_atlas_holder *h);
void kz_atlas_release(kz_held *held);

/* Look at the file now (the thread calls this). */
void kz_atlas_holder_look(kz_atlas_holder *h);

#endif
