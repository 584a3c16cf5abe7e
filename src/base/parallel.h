/*
 * parallel.h - the same work in several threads.
 *
 *     static void part(void *ctx, int i, int n) { ... }   // part i of n, 0 <= i < n
 *     kz_parallel(threads, part, &job);                   // returns when all parts are done
 *
 * Part 0 runs in the calling thread, the others in threads of their own, which end
 * with the call.  Where the machine has no thread to give, the caller does those
 * parts too, one after the other: parts must therefore not wait for each other.
 * Whoever writes a part sees to it that the result does not depend on which part
 * did what: own memory each, or whole-number sums.
 */
#ifndef KZ_BASE_PARALLEL_H
#define KZ_BASE_PARALLEL_H

#include <stdint.h>

enum { KZ_THREADS_MAX = 256 };

typedef void (*kz_part_fn)(void *ctx, int i, int n);

/* n is cut to 1 … KZ_THREADS_MAX. */
void kz_parallel(int n, kz_part_fn part, void *ctx);

/* Processors this process may use, at least 1. */
int kz_processors(void);

/* Of `total` things the first that belongs to part i of n; part n begins at `total`. */
static inline uint64_t kz_part_from(uint64_t total, int i, int n)
{
    return (uint64_t)((unsigned __int128)total * (unsigned)i / (unsigned)n);
}

#endif
