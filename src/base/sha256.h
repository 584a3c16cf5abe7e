/*
 * sha256.h - the SHA-256 of bytes that come piece by piece, as fast as the processor can.
 *
 *     kz_sha256 s;
 *     kz_sha256_begin(&s);
 *     kz_sha256_add(&s, p, n);           // as often as you like
 *     char hex[KZ_SHA256_HEX];
 *     kz_sha256_end(&s, hex);            // 64 digits
 *
 * Where the processor has instructions for it (x86-64 SHA extensions) they are used, about six times as fast
 * as libsodium's plain C, which does the rest.  Same result.  One thread a state; O(bytes).
 * Method: FIPS 180-4; the order of instructions is that of Intel, "Intel SHA Extensions", 2013.
 */
#ifndef KZ_BASE_SHA256_H
#define KZ_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KZ_SHA256_HEX = 65, KZ_SHA256_BYTES = 32 };

typedef struct kz_sha256 {
    uint32_t h[8];
    uint64_t n;        /* bytes so far                    */
    uint8_t  rest[64]; /* n % 64 of them                  */
    bool     plain;    /* libsodium does it …             */
    uint64_t room[20]; /* … with its state here           */
} kz_sha256;

void kz_sha256_begin(kz_sha256 *s);
/* Without the instructions: for tests. */
void kz_sha256_begin_plain(kz_sha256 *s);
void kz_sha256_add(kz_sha256 *s, const void *p, size_t n);
void kz_sha256_end(kz_sha256 *s, char hex[static KZ_SHA256_HEX]);

#endif
