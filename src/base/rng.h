/*
 * rng.h - random numbers that are the same everywhere: no state but a counter.
 *
 * The n-th number of a stream is a function of (seed, stream, n) alone, so work
 * can be shared between threads in any order and still gives the same bytes.
 *
 *     kz_rng r = kz_rng_stream(seed, area * 1000 + replicate);
 *     double u = kz_rng_unit(&r);          // 0 <= u < 1
 *     uint32_t k = kz_rng_below(&r, 6);    // 0 … 5
 *
 * Method: SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014): a Weyl sequence through a 64-bit mixer.  Not for
 * secrets; those come from libsodium.
 */
#ifndef KZ_BASE_RNG_H
#define KZ_BASE_RNG_H

#include <stdint.h>

typedef struct kz_rng {
    uint64_t at;
} kz_rng;

static inline uint64_t kz_rng_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline kz_rng kz_rng_stream(uint64_t seed, uint64_t stream)
{
    return (kz_rng){ kz_rng_mix(seed + UINT64_C(0x9E3779B97F4A7C15)) ^
                     kz_rng_mix(stream * UINT64_C(0xD1B54A32D192ED03) + 1) };
}

static inline uint64_t kz_rng_next(kz_rng *r)
{
    r->at += UINT64_C(0x9E3779B97F4A7C15);
    return kz_rng_mix(r->at);
}

/* 53 random bits as a fraction. */
static inline double kz_rng_unit(kz_rng *r)
{
    return (double)(kz_rng_next(r) >> 11) * 0x1p-53;
}

/* 0 … n-1 without bias worth naming (n below 2^32; Lemire 2019, 64-bit product). */
static inline uint32_t kz_rng_below(kz_rng *r, uint32_t n)
{
    return (uint32_t)(((kz_rng_next(r) >> 32) * (uint64_t)n) >> 32);
}

#endif
