/*
 * city.h - Musterstadt: a city that does not exist, drawn and peopled by rule.
 *
 * The plan (where the quarters lie, who lives there) follows from one seed and
 * plain arithmetic, so every machine draws the same city.  It is written as the
 * files a town would receive and then imported like any other town's files
 * (demo.h); nothing here knows the database.
 *
 *     kz_city *city = NULL;
 *     KZ_TRY(kz_city_plan(2012, arena, &city, err));
 *     kz_city_write_outlines(city, KZ_CITY_AREAS, &out);
 *
 * Everything lives in the arena.  Plan: O(n^4) in the 108 points, some 50 ms.
 */
#ifndef KZ_DEMO_CITY_H
#define KZ_DEMO_CITY_H

#include "base/arena.h"
#include "base/buf.h"

enum {
    KZ_CITY_N_DISTRICTS = 7,
    KZ_CITY_N_AREAS = 60,
    KZ_CITY_FIRST_YEAR = 2017,
    KZ_CITY_N_YEARS = 8,
    KZ_CITY_N_MEASURES = 38,
};

typedef struct kz_city_point {
    double x, y; /* metres, ETRS89 / UTM 32N */
} kz_city_point;

typedef struct kz_city_area {
    char        key[8];  /* "101": district digit and two digits */
    const char *name;
    int         district; /* 0 … 6; its key is district + 1 */
    double      u, v;     /* place in the unit disk, centre 0,0 */
    int         n_ring;   /* closed: first point = last point */
    kz_city_point *ring;
    /* What makes life here what it is: 0 … 1, the generator's truth. */
    double strain, family, campus, growth;
    /* Counts by year and measure, in the order of kz_city_rows. */
    int64_t count[KZ_CITY_N_YEARS][KZ_CITY_N_MEASURES];
} kz_city_area;

typedef struct kz_city {
    uint64_t     seed;
    const char  *district[KZ_CITY_N_DISTRICTS];
    kz_city_area area[KZ_CITY_N_AREAS];
} kz_city;

/* A row of the population table: which table, which line, in whose words. */
typedef struct kz_city_row {
    const char *table_id, *table, *row_id, *row;
} kz_city_row;
extern const kz_city_row kz_city_rows[KZ_CITY_N_MEASURES];

/* Draw the map and settle the people.  KZ_E_LIMIT: the arena is too small. */
KZ_MUST_USE kz_status kz_city_plan(uint64_t seed, kz_arena *a, kz_city **ret, kz_err *err);

/* Its two halves: outlines and keys (city_draw.c), people (city_people.c). */
KZ_MUST_USE kz_status kz_city_draw(kz_city *city, kz_arena *a, kz_err *err);
void kz_city_settle(kz_city *city);

/* The files of an office: GeoJSON of one level, and the long table of the
 * Statistikstelle in the layout of Köln's bevoelkerung.csv. */
typedef enum kz_city_level { KZ_CITY_DISTRICTS, KZ_CITY_AREAS } kz_city_level;
void kz_city_write_outlines(const kz_city *city, kz_city_level level, kz_buf *out);
void kz_city_write_population(const kz_city *city, kz_buf *out);

#endif
