/* The whole plan, and the names: taken in order from data/demo/names.tsv. */
#include "demo/city.h"

#include "embedded.h"

#include <string.h>

static const char *names_file(void)
{
    for (size_t i = 0; i < kz_n_assets; i++)
        if (strcmp(kz_assets[i].path, "data/demo/names.tsv") == 0)
            return (const char *)kz_assets[i].bytes;
    KZ_ASSERT(!"the names are part of the program");
    return "";
}

/* The n-th name of a kind; NULL when the list is shorter. */
static const char *nth_name(const char *kind, int n, kz_arena *a)
{
    size_t k = strlen(kind);
    for (const char *line = names_file(); *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncmp(line, kind, k) != 0 || line[k] != '\t' || n-- > 0)
            continue;
        return kz_arena_strndup(a, line + k + 1, strcspn(line + k + 1, "\n"));
    }
    return NULL;
}

static kz_status name(kz_city *city, kz_arena *a, kz_err *err)
{
    int n_core = 0, n_outer = 0;
    for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++) {
        city->district[d] = nth_name("district", d, a);
        if (!city->district[d])
            return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    }
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        kz_city_area *area = &city->area[i];
        const char *found = area->district == 0 ? nth_name("core", n_core++, a) : NULL;
        area->name = found ? found : nth_name("outer", n_outer++, a);
        if (!area->name)
            return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    }
    return KZ_OK;
}

kz_status kz_city_plan(uint64_t seed, kz_arena *a, kz_city **ret, kz_err *err)
{
    kz_city *city = kz_arena_new(a, kz_city, 1);
    if (!city)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    city->seed = seed;
    KZ_TRY(kz_city_draw(city, a, err));
    KZ_TRY(name(city, a, err));
    kz_city_settle(city);
    *ret = city;
    return KZ_OK;
}
