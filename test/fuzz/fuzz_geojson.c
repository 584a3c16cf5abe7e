/* GeoJSON, letter by letter. */
#include "io/geojson_check.h"

#include "base/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kz_geojson_fault f;
    bool good = kz_geojson_check((const char *)bytes, n, &f);
    KZ_ASSERT(good == (f.kind == KZ_GEOJSON_FINE));
    KZ_ASSERT(good || f.line > 0);
    return 0;
}
