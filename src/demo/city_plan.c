/* The whole plan, and the names: taken in order from data/demo/names.tsv. */
#include "demo/city.h"

#include "base/asset.h"
#include "base/tsv.h"

#include <string.h>

/* The n-th name of a kind; NULL when the list is shorter. */
static const char *nth_name(const kz_tsv *names, const char *kind, int n)
{
    for (int i = 0; i < names->n_rows; i++)
        if (strcmp(kz_tsv_at(names, i, 0), kind) == 0 && n-- == 0)
            return kz_tsv_at(names, i, 1);
    return NULL;
}

static kz_status name(kz_city *city, kz_arena *a, kz_err *err)
{
    static const char *const COLUMNS[] = { "kind", "name", NULL };
    const kz_asset *file = kz_asset_find("data/demo/names.tsv");
    kz_tsv names;
    int n_core = 0, n_outer = 0;

    KZ_ASSERT(file);
    KZ_TRY(kz_tsv_parse(file->path, (const char *)file->bytes, file->n, COLUMNS, a, &names, err));
    for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++) {
        city->district[d] = nth_name(&names, "district", d);
        if (!city->district[d])
            return kz_fail(err, KZ_E_LIMIT, "demo.names");
    }
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        kz_city_area *area = &city->area[i];
        const char *found = area->district == 0 ? nth_name(&names, "core", n_core++) : NULL;
        area->name = found ? found : nth_name(&names, "outer", n_outer++);
        if (!area->name)
            return kz_fail(err, KZ_E_LIMIT, "demo.names");
    }
    return KZ_OK;
}

kz_status kz_city_plan(uint64_t seed, kz_city_size size, kz_arena *a, kz_city **ret, kz_err *err)
{
    kz_city *city = kz_arena_new(a, kz_city, 1);
    if (!city)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    bool full = size == KZ_CITY_FULL;
    city->seed = seed;
    city->size = size;
    city->scale = full ? 1 : 20000.0 / KZ_CITY_PEOPLE;
    city->n_kitas = full ? KZ_CITY_N_KITAS : 14;
    city->n_primary = full ? KZ_CITY_N_PRIMARY : 8;
    city->n_secondary = full ? KZ_CITY_N_SECONDARY : 8;
    KZ_TRY(kz_city_draw(city, a, err));
    KZ_TRY(name(city, a, err));
    kz_city_shape(city);
    KZ_TRY(kz_city_quarters(city, a, err));
    KZ_TRY(kz_city_streets(city, a, err));
    kz_city_houses(city);
    *ret = city;
    return KZ_OK;
}
