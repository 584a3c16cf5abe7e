/*
 * person_memo.h - what a text of a column turned out to be, so that it is looked up once and not ten million times.
 *
 *     person_memo m;
 *     KZ_TRY(person_memo_init(&m, &arena, 4096));
 *     uint32_t value;
 *     if (!person_memo_find(&m, text, &value)) {
 *         value = slow(text);
 *         person_memo_put(&m, text, value);
 *     }
 *
 * Texts up to 16 bytes are compared as two words, and may be read up to 16 bytes beyond their end.  Not more than
 * `most` texts are kept and not more than 8 places are looked at, so a file made to collide makes it useless
 * but not slow.  One thread.  O(1).
 */
#ifndef KZ_MONITOR_PERSON_MEMO_H
#define KZ_MONITOR_PERSON_MEMO_H

#include "base/arena.h"
#include "base/view.h"

enum { PERSON_MEMO_STEPS = 8, PERSON_MEMO_PAD = 16 };

typedef struct person_memo_entry {
    uint64_t lo, hi; /* the first 16 bytes                */
    const char *p;   /* the text when it is longer        */
    uint32_t n, value; /* n: length + 1; 0: free            */
} person_memo_entry;

typedef struct person_memo {
    person_memo_entry *entries;
    uint32_t mask, n, most;
    kz_arena *arena;
} person_memo;

KZ_MUST_USE kz_status person_memo_init(person_memo *m, kz_arena *a, uint32_t most);
void person_memo_put(person_memo *m, kz_view text, uint32_t value);

static inline void person_memo_words(kz_view v, uint64_t *lo, uint64_t *hi)
{
    memcpy(lo, v.p, 8);
    memcpy(hi, v.p + 8, 8);
    if (v.n < 8) {
        *lo &= ~(~UINT64_C(0) << (8 * v.n));
        *hi = 0;
    } else if (v.n < 16) {
        *hi &= ~(~UINT64_C(0) << (8 * (v.n - 8)));
    } else if (v.n > 16) { /* what is behind counts for the place; memcmp decides */
        uint64_t w;
        for (size_t i = 16; i + 8 <= v.n; i += 8) {
            memcpy(&w, v.p + i, 8);
            *hi = (*hi ^ w) * UINT64_C(0x9E3779B97F4A7C15);
            *hi ^= *hi >> 29;
        }
        memcpy(&w, v.p + v.n - 8, 8);
        *hi = (*hi ^ w) * UINT64_C(0x9E3779B97F4A7C15);
    }
}

static inline uint32_t person_memo_slot(const person_memo *m, uint64_t lo, uint64_t hi, size_t n)
{
    uint64_t h = (lo ^ (hi * UINT64_C(0x9E3779B97F4A7C15)) ^ n) * UINT64_C(0xD1B54A32D192ED03);
    return (uint32_t)(h >> 40) & m->mask;
}

static inline bool person_memo_find(const person_memo *m, kz_view text, uint32_t *value)
{
    uint64_t lo, hi;
    person_memo_words(text, &lo, &hi);
    uint32_t at = person_memo_slot(m, lo, hi, text.n);
    for (int i = 0; i < PERSON_MEMO_STEPS; i++) {
        const person_memo_entry *e = &m->entries[(at + (uint32_t)i) & m->mask];
        if (e->n == 0)
            return false;
        if (e->lo == lo && e->hi == hi && e->n == text.n + 1 &&
            (text.n <= 16 || memcmp(e->p, text.p, text.n) == 0)) {
            *value = e->value;
            return true;
        }
    }
    return false;
}

#endif
