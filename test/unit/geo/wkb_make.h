/* wkb_make.h - well-known binary written by hand, for tests. */
#ifndef KZ_TEST_WKB_MAKE_H
#define KZ_TEST_WKB_MAKE_H

#include "base/buf.h"
#include "geo/polygon.h"

static inline void wkb_u32(kz_buf *b, uint32_t v)
{
    kz_buf_add(b, &v, 4);
}

static inline void wkb_polygon(kz_buf *b, uint32_t n_rings)
{
    kz_buf_char(b, 1);
    wkb_u32(b, 3);
    wkb_u32(b, n_rings);
}

static inline void wkb_multi(kz_buf *b, uint32_t n_parts)
{
    kz_buf_char(b, 1);
    wkb_u32(b, 6);
    wkb_u32(b, n_parts);
}

static inline void wkb_ring(kz_buf *b, const double xy[], uint32_t n)
{
    wkb_u32(b, n);
    kz_buf_add(b, xy, n * 2 * sizeof *xy);
}

/* An outline of one ring without going through bytes. */
#define OUTLINE(name, ...)                                                     \
    const kz_point name##_p[] = { __VA_ARGS__ };                               \
    const kz_ring name##_r = { .n = sizeof name##_p / sizeof *name##_p, .p = name##_p }; \
    const kz_outline name = { .n = 1, .rings = &name##_r }

#endif
