/*
 * csv_scan.h - find the next byte that means something in a table: delimiter,
 * quote, LF or CR.  Looks at 64 bytes at once and remembers them as bits, so a
 * byte is loaded once however short the fields are.  Never reads past the end.
 * Source of the idea: Langdale and Lemire, Parsing gigabytes of JSON per second,
 * VLDB Journal 28 (2019).  For csv.c and monitor/person_text.c.
 */
#ifndef KZ_IO_CSV_SCAN_H
#define KZ_IO_CSV_SCAN_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef struct csv_scan {
    const char *end;
    const char *block; /* 64 bytes that `bits` describe; NULL: none */
    uint64_t    bits;
    char        delimiter;
} csv_scan;

static inline uint64_t csv_scan_block(const char *p, char delimiter)
{
    uint64_t bits = 0;
#ifdef __SSE2__
    const __m128i d = _mm_set1_epi8(delimiter), q = _mm_set1_epi8('"'), lf = _mm_set1_epi8('\n'),
                  cr = _mm_set1_epi8('\r');
    for (int i = 0; i < 4; i++) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, d), _mm_cmpeq_epi8(x, q)),
                                   _mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr)));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * i);
    }
#else
    for (int i = 0; i < 64; i++)
        bits |= (uint64_t)(p[i] == delimiter || p[i] == '"' || p[i] == '\n' || p[i] == '\r') << i;
#endif
    return bits;
}

/* The first special byte at or after p (p <= end), or end. */
static inline const char *csv_scan_next(csv_scan *s, const char *p)
{
    if (s->block && p >= s->block && p - s->block < 64) {
        uint64_t bits = s->bits >> (p - s->block);
        if (bits)
            return p + __builtin_ctzll(bits);
        if (s->end - s->block <= 64)
            return s->end;
        p = s->block + 64;
    }
    for (; s->end - p >= 64; p += 64) {
        s->bits = csv_scan_block(p, s->delimiter);
        s->block = p;
        if (s->bits)
            return p + __builtin_ctzll(s->bits);
    }
    if (p == s->end)
        return p;
    char last[64] = { 0 };
    memcpy(last, p, (size_t)(s->end - p));
    s->bits = csv_scan_block(last, s->delimiter);
    s->block = p;
    return s->bits ? p + __builtin_ctzll(s->bits) : s->end;
}

#endif
