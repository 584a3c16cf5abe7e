/* Outlines from hostile bytes: read, measured, and drawn when they can be read. */
#include "geo/svgmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 16u << 20);
    kz_outline o[2];
    size_t half = n / 2;
    if (kz_outline_from_wkb(bytes, half, &a, &o[0], NULL) != KZ_OK)
        return 0;
    if (kz_outline_from_wkb(bytes + half, n - half, &a, &o[1], NULL) != KZ_OK)
        o[1] = o[0];
    double x, y, radius;
    kz_outline_inner_point(&o[0], &x, &y, &radius);
    kz_map m;
    const int64_t parent[] = { 1, 2 };
    if (kz_map_build(o, 2, parent, 620, 4, &a, &m, NULL) == KZ_OK)
        KZ_ASSERT(m.n == 2 && m.areas[1].d);
    return 0;
}
