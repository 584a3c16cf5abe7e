/* What a subverted worker could say. */
#include "io/geofile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 16u << 20);
    kz_geofile f;
    if (kz_geofile_from_frames(bytes, n, "file", &a, &f, NULL) != KZ_OK)
        return 0;
    for (int i = 0; i < f.n; i++)
        for (int k = 0; k < f.n_fields; k++)
            KZ_ASSERT(f.features[i].values[k] && f.fields[k]);
    return 0;
}
