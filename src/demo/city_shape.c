/*
 * What makes life in an area what it is, and how many live there: strained, a
 * family suburb, near the campus, growing; and now and then a hamlet, because
 * small numbers are what protection is about.
 */
#include "demo/city.h"

#include "base/rng.h"

#include <math.h>

static double clamp(double x, double lo, double hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

static double around(kz_rng *r, double mean, double spread)
{
    return mean + spread * (kz_rng_unit(r) + kz_rng_unit(r) - 1);
}

/* Nearness to a place: 1 there, 0.5 at `reach`, then fading. */
static double near(const kz_city_area *a, double u, double v, double reach)
{
    double d2 = (a->u - u) * (a->u - u) + (a->v - v) * (a->v - v);
    return 1 / (1 + d2 / (reach * reach));
}

void kz_city_shape(kz_city *city)
{
    kz_rng r = kz_rng_stream(city->seed, UINT64_C(2) << 40);
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        kz_city_area *a = &city->area[i];
        double away = sqrt(a->u * a->u + a->v * a->v);
        double hot =
            near(a, 0.35, 0.5, 0.22) + 0.8 * near(a, -0.55, -0.35, 0.2) + 0.5 * near(a, 0.1, -0.05, 0.15);
        a->strain = clamp(around(&r, 0.08 + 0.62 * hot, 0.16), 0.02, 0.95);
        a->family = clamp(around(&r, 0.9 * away * (1 - a->strain), 0.25), 0, 1);
        a->campus = near(a, -0.2, 0.32, 0.12);
        a->growth = around(&r, 0.004, 0.008) + (kz_rng_unit(&r) < 0.08 ? 0.045 : 0);
    }
    double size[KZ_CITY_N_AREAS], all = 0;
    r = kz_rng_stream(city->seed, UINT64_C(3) << 40);
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        double u = 0.25 + kz_rng_unit(&r);
        size[i] = i % 19 == 18 ? 0.02 + 0.03 * kz_rng_unit(&r) : u * u * (0.6 + 0.6 * city->area[i].strain);
        all += size[i];
    }
    for (int i = 0; i < KZ_CITY_N_AREAS; i++)
        city->area[i].people = KZ_CITY_PEOPLE * size[i] / all;
}
