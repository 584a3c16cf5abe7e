/*
 * arena.h - memory that is given back all at once, with a hard cap.
 *
 *     kz_arena a;
 *     kz_arena_init(&a, 4u << 20);            // at most 4 MiB
 *     int *n = kz_arena_new(&a, int, 100);    // zeroed; NULL when the cap is reached
 *     kz_arena_done(&a);
 *
 * One arena a request or job.  Not for sharing between threads.
 * Allocation is O(1); memory is zeroed and aligned for any type.
 */
#ifndef KZ_BASE_ARENA_H
#define KZ_BASE_ARENA_H

#include "base/status.h"

typedef struct kz_arena {
    struct kz_arena_block *head;
    size_t used, cap; /* bytes asked for so far, and the most there may be */
} kz_arena;

void kz_arena_init(kz_arena *a, size_t cap);
void kz_arena_done(kz_arena *a);

/* Zeroed bytes, or NULL when the cap or the machine is exhausted. */
KZ_MUST_USE void *kz_arena_alloc(kz_arena *a, size_t size);
/* The same for an array; NULL also when n * size overflows. */
KZ_MUST_USE void *kz_arena_array(kz_arena *a, size_t n, size_t size);
#define kz_arena_new(a, type, n) ((type *)kz_arena_array((a), (size_t)(n), sizeof(type)))

/* Copies that end in NUL. */
KZ_MUST_USE char *kz_arena_strndup(kz_arena *a, const char *p, size_t n);
KZ_MUST_USE char *kz_arena_strdup(kz_arena *a, const char *s);

#endif
