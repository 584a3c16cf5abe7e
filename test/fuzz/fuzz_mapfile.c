/* Any bytes as a map file: an answer or a message, never a crash; and what was
 * accepted can be asked. */
#include "monitor/mapfile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kz_arena a;
    kz_mapfile m;
    kz_err err = { 0 };
    kz_arena_init(&a, 64u << 20);
    /* A copy of exactly this size, so that reading past the end is seen. */
    char *text = malloc(size ? size : 1);
    if (size)
        memcpy(text, data, size);
    if (kz_mapfile_parse("fuzz.map", text, size, &a, &m, &err) == KZ_OK) {
        kz_area_target to;
        (void)!kz_mapfile_area(&m, (kz_view){ text, size < 40 ? size : 40 }, &to);
        (void)!kz_mapfile_area(&m, kz_view_of("007"), &to);
        KZ_ASSERT(!kz_mapfile_measure(&m, "x", "y") || m.n_measures > 0);
    } else {
        KZ_ASSERT(err.id);
    }
    free(text);
    kz_arena_done(&a);
    return 0;
}
