#include "base/sha256.h"

#include "base/status.h"

#include <sodium.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

void kz_sha256_begin_plain(kz_sha256 *s)
{
    _Static_assert(sizeof s->room >= sizeof(crypto_hash_sha256_state), "libsodium's state fits");
    *s = (kz_sha256){ .n = 0 };
    s->plain = true;
    crypto_hash_sha256_init((void *)s->room);
}

#if defined(__x86_64__)
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static bool has_instructions(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)) != 0 && __builtin_cpu_supports("sse4.1");
}

/* Four words of the schedule: w0 becomes the ones that follow w3. */
__attribute__((target("sha,sse4.1"))) static inline __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

__attribute__((target("sha,sse4.1"))) static void blocks(uint32_t h[8], const uint8_t *p, size_t n_blocks)
{
    const __m128i turn = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i dcba = _mm_loadu_si128((const __m128i *)(const void *)h);
    __m128i hgfe = _mm_loadu_si128((const __m128i *)(const void *)(h + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1), efgh = _mm_shuffle_epi32(hgfe, 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
    for (; n_blocks > 0; n_blocks--, p += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
        for (int i = 0; i < 4; i++)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), turn);
        for (int i = 0; i < 16; i++) {
            if (i >= 4)
                w[i & 3] = next_words(w[i & 3], w[(i + 1) & 3], w[(i + 2) & 3], w[(i + 3) & 3]);
            __m128i x = _mm_add_epi32(w[i & 3], _mm_loadu_si128((const __m128i *)(const void *)(K + 4 * i)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, x);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(x, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)h, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

void kz_sha256_begin(kz_sha256 *s)
{
    static const uint32_t H[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    if (!has_instructions()) {
        kz_sha256_begin_plain(s);
        return;
    }
    *s = (kz_sha256){ .n = 0 };
    memcpy(s->h, H, sizeof H);
}

static void add_ours(kz_sha256 *s, const uint8_t *p, size_t n)
{
    size_t have = s->n % 64;
    s->n += n;
    if (have > 0) {
        size_t more = n < 64 - have ? n : 64 - have;
        memcpy(s->rest + have, p, more);
        p += more;
        n -= more;
        if (have + more < 64)
            return;
        blocks(s->h, s->rest, 1);
    }
    blocks(s->h, p, n / 64);
    if (n % 64 > 0)
        memcpy(s->rest, p + n / 64 * 64, n % 64);
}

static void end_ours(kz_sha256 *s, uint8_t out[KZ_SHA256_BYTES])
{
    uint8_t tail[128] = { 0x80 };
    size_t have = s->n % 64, n = have < 56 ? 64 - have : 128 - have;
    uint64_t bits = s->n * 8;
    for (size_t i = 0; i < 8; i++)
        tail[n - 1 - i] = (uint8_t)(bits >> (8 * i));
    add_ours(s, tail, n);
    for (size_t i = 0; i < 32; i++)
        out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}
#else
void kz_sha256_begin(kz_sha256 *s)
{
    kz_sha256_begin_plain(s);
}

static void add_ours(kz_sha256 *s, const uint8_t *p, size_t n)
{
    crypto_hash_sha256_update((void *)s->room, p, n);
}

static void end_ours(kz_sha256 *s, uint8_t out[KZ_SHA256_BYTES])
{
    crypto_hash_sha256_final((void *)s->room, out);
}
#endif

void kz_sha256_add(kz_sha256 *s, const void *p, size_t n)
{
    if (n == 0)
        return;
    if (s->plain)
        crypto_hash_sha256_update((void *)s->room, p, n);
    else
        add_ours(s, p, n);
}

void kz_sha256_end(kz_sha256 *s, char hex[static KZ_SHA256_HEX])
{
    uint8_t out[KZ_SHA256_BYTES];
    if (s->plain)
        crypto_hash_sha256_final((void *)s->room, out);
    else
        end_ours(s, out);
    sodium_bin2hex(hex, KZ_SHA256_HEX, out, sizeof out);
}
