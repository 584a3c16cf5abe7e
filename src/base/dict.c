#include "base/dict.h"

#include <sodium.h>

enum { FIRST_SLOTS = 64 };

static kz_status full(const kz_dict *d, kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "base.dict_full", kz_n("most", d->most));
}

kz_status kz_dict_init(kz_dict *d, kz_arena *a, uint32_t most, kz_err *err)
{
    kz_dict fresh = { .arena = a, .most = most, .n_slots = FIRST_SLOTS };
    KZ_ASSERT(sodium_init() >= 0);
    randombytes_buf(fresh.secret, sizeof fresh.secret);
    fresh.slots = kz_arena_new(a, uint32_t, fresh.n_slots);
    fresh.keys = kz_arena_new(a, kz_view, fresh.n_slots / 2);
    fresh.hashes = kz_arena_new(a, uint64_t, fresh.n_slots / 2);
    if (!fresh.slots || !fresh.keys || !fresh.hashes)
        return full(&fresh, err);
    *d = fresh;
    return KZ_OK;
}

static uint64_t hash_of(const kz_dict *d, kz_view key)
{
    unsigned char out[8];
    uint64_t h;
    _Static_assert(sizeof out == crypto_shorthash_BYTES, "SipHash gives eight bytes");
    crypto_shorthash(out, (const unsigned char *)(key.n ? key.p : ""), key.n, d->secret);
    memcpy(&h, out, sizeof h);
    return h;
}

/* The slot of the key, or the free one where it belongs. */
static uint32_t slot_of(const kz_dict *d, kz_view key, uint64_t h)
{
    uint32_t mask = d->n_slots - 1, at = (uint32_t)h & mask;
    for (;; at = (at + 1) & mask) {
        uint32_t id = d->slots[at];
        if (id == 0 || (d->hashes[id - 1] == h && kz_view_eq(d->keys[id - 1], key)))
            return at;
    }
}

/* Twice the room.  The old arrays stay in the arena: at most as much again. */
static bool grow(kz_dict *d)
{
    uint32_t n_slots = d->n_slots * 2;
    uint32_t *slots = kz_arena_new(d->arena, uint32_t, n_slots);
    kz_view *keys = kz_arena_new(d->arena, kz_view, n_slots / 2);
    uint64_t *hashes = kz_arena_new(d->arena, uint64_t, n_slots / 2);
    if (!slots || !keys || !hashes)
        return false;
    memcpy(keys, d->keys, d->n * sizeof keys[0]);
    memcpy(hashes, d->hashes, d->n * sizeof hashes[0]);
    for (uint32_t id = 0; id < d->n; id++) {
        uint32_t at = (uint32_t)hashes[id] & (n_slots - 1);
        while (slots[at])
            at = (at + 1) & (n_slots - 1);
        slots[at] = id + 1;
    }
    d->slots = slots;
    d->keys = keys;
    d->hashes = hashes;
    d->n_slots = n_slots;
    return true;
}

kz_status kz_dict_put(kz_dict *d, kz_view key, uint32_t *id, bool *fresh, kz_err *err)
{
    uint64_t h = hash_of(d, key);
    uint32_t at = slot_of(d, key, h);
    if (d->slots[at]) {
        *id = d->slots[at] - 1;
        *fresh = false;
        return KZ_OK;
    }
    if (d->n == d->most)
        return full(d, err);
    if (d->n == d->n_slots / 2) {
        if (!grow(d))
            return full(d, err);
        at = slot_of(d, key, h);
    }
    const char *copy = kz_arena_strndup(d->arena, key.p, key.n);
    if (!copy)
        return full(d, err);
    d->keys[d->n] = (kz_view){ copy, key.n };
    d->hashes[d->n] = h;
    d->slots[at] = ++d->n;
    *id = d->n - 1;
    *fresh = true;
    return KZ_OK;
}

bool kz_dict_find(const kz_dict *d, kz_view key, uint32_t *id)
{
    uint32_t at = slot_of(d, key, hash_of(d, key));
    if (!d->slots[at])
        return false;
    *id = d->slots[at] - 1;
    return true;
}
