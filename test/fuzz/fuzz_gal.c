/* Any text as a list of neighbours: what is taken is a graph. */
#include "io/gal.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    kz_gal g;
    kz_auto(kz_arena) a;
    kz_arena_init(&a, 256u << 20);
    if (kz_gal_parse("fuzz", n ? (const char *)data : "", n, &a, &g, NULL) != KZ_OK)
        return 0;
    for (int l = 0; l < g.n_links; l++) {
        KZ_ASSERT(g.from[l] >= 0 && g.from[l] < g.n && g.to[l] >= 0 && g.to[l] < g.n && g.from[l] != g.to[l]);
        KZ_ASSERT(l == 0 || g.from[l] >= g.from[l - 1]);
    }
    for (int i = 0; i < g.n; i++)
        KZ_ASSERT(g.key[i] && g.key[i][0]);
    return 0;
}
