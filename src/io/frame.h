/*
 * frame.h - take the payload of a worker's frame apart without believing its lengths.
 *
 *     kz_payload in = { .p = p, .n = n };
 *     uint32_t row = kz_take_u32(&in);
 *     size_t length;
 *     const unsigned char *text = kz_take_bytes(&in, &length);
 *     if (in.bad) ...                            // asked for more than there is: once is for all
 *
 * Views into the payload; owns nothing.  O(1) a call.
 */
#ifndef KZ_IO_FRAME_H
#define KZ_IO_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kz_payload {
    const unsigned char *p;
    size_t n;
    bool bad; /* sticky */
} kz_payload;

static inline uint32_t kz_take_u32(kz_payload *in)
{
    if (in->n < 4) {
        in->bad = true;
        return 0;
    }
    uint32_t v = (uint32_t)in->p[0] | (uint32_t)in->p[1] << 8 | (uint32_t)in->p[2] << 16 | (uint32_t)in->p[3] << 24;
    in->p += 4;
    in->n -= 4;
    return v;
}

static inline uint8_t kz_take_u8(kz_payload *in)
{
    if (in->n < 1) {
        in->bad = true;
        return 0;
    }
    in->n--;
    return *in->p++;
}

static inline const unsigned char *kz_take_bytes(kz_payload *in, size_t *n)
{
    *n = kz_take_u32(in);
    if (in->bad || *n > in->n) {
        in->bad = true;
        *n = 0;
        return NULL;
    }
    const unsigned char *p = in->p;
    in->p += *n;
    in->n -= *n;
    return p;
}

#endif
