/*
 * dict.h - give each distinct text a small number, in order of first appearance.
 *
 *     kz_dict d;
 *     KZ_TRY(kz_dict_init(&d, &arena, 100000, err));   // at most so many texts
 *     uint32_t id;
 *     bool fresh;
 *     KZ_TRY(kz_dict_put(&d, text, &id, &fresh, err)); // same text, same number
 *     use(d.keys[id]);
 *
 * Keys are copied into the arena.  Not for sharing between threads.  O(1) a
 * call; the hash is keyed at random (SipHash-2-4 of libsodium), so chosen input
 * cannot make it slow, and its order is never visible.
 */
#ifndef KZ_BASE_DICT_H
#define KZ_BASE_DICT_H

#include "base/arena.h"
#include "base/view.h"

typedef struct kz_dict {
    kz_arena *arena;
    uint32_t  n, most, n_slots;
    uint32_t *slots; /* number + 1; 0: free */
    kz_view  *keys;  /* by number           */
    uint64_t *hashes;
    unsigned char secret[16];
} kz_dict;

KZ_MUST_USE kz_status kz_dict_init(kz_dict *d, kz_arena *a, uint32_t most, kz_err *err);
/* The number of `key`, a new one if need be (*fresh).
 * KZ_E_LIMIT: more than `most` distinct texts, or the arena is full. */
KZ_MUST_USE kz_status kz_dict_put(kz_dict *d, kz_view key, uint32_t *id, bool *fresh, kz_err *err);
/* False when it was never put. */
bool kz_dict_find(const kz_dict *d, kz_view key, uint32_t *id);

#endif
