/*
 * city.h - Musterstadt: a city that does not exist, drawn by rule.
 *
 * The plan (districts, areas, quarters, streets with their numbers, Kitas and
 * schools, and what makes life in each quarter what it is) follows from one seed
 * and plain arithmetic, so every machine draws the same city.  Who lives there
 * is life.h.  All of it is written as the files a town would receive and then
 * imported like any other town's files; nothing here knows the database.
 *
 *     kz_city *city = NULL;
 *     KZ_TRY(kz_city_plan(2012, KZ_CITY_FULL, arena, &city, err));
 *     kz_city_write_outlines(city, KZ_CITY_AREAS, &out);
 *
 * Everything lives in the arena (some 6 MiB).  Plan: O(n^4) in the 110 points of
 * the areas, then O(addresses x quarters): a tenth of a second.
 */
#ifndef KZ_DEMO_CITY_H
#define KZ_DEMO_CITY_H

#include "base/arena.h"
#include "base/buf.h"

enum {
    KZ_CITY_N_DISTRICTS = 7,
    KZ_CITY_N_AREAS = 60,
    KZ_CITY_N_QUARTERS = 240,
    KZ_CITY_PEOPLE = 281000,   /* at the end of 2016 */
    KZ_CITY_ADDRESSES = 25000, /* about              */
    KZ_CITY_N_KITAS = 90,
    KZ_CITY_N_PRIMARY = 45,
    KZ_CITY_N_SECONDARY = 25,
    KZ_CITY_N_HOUSES = KZ_CITY_N_KITAS + KZ_CITY_N_PRIMARY + KZ_CITY_N_SECONDARY,
};

typedef struct kz_city_point {
    double x, y; /* metres, whole centimetres, ETRS89 / UTM 32N */
} kz_city_point;

typedef struct kz_city_area {
    char           key[8]; /* "101": district digit and two digits */
    const char    *name;
    int            district; /* 0 … 6; its key is district + 1 */
    double         u, v;     /* place in the unit disk, centre 0,0 */
    int            n_ring;   /* closed: first point = last point */
    kz_city_point *ring;
    int            first_quarter, n_quarters;
    /* What makes life here what it is: 0 … 1, the generator's truth; growth a year. */
    double strain, family, campus, growth;
    double people; /* at the end of 2016 */
} kz_city_area;

/* A Viertel: a part of an area, with the area's key and two digits more. */
typedef struct kz_city_quarter {
    char           key[8], name[64];
    int            area;
    int            n_ring;
    kz_city_point *ring;
    kz_city_point  centre;
    double         square; /* m2 */
    double         strain, family, campus, growth, people;
    int            first_address, n_addresses; /* in kz_city.by_quarter */
} kz_city_quarter;

typedef struct kz_city_address {
    kz_city_point at;
    int16_t       street, number, quarter;
    char          suffix; /* 'a' … or 0 */
    uint8_t       zip;    /* 0 …; kz_city_zip says it */
} kz_city_address;

typedef enum kz_city_house_kind {
    KZ_CITY_KITA,
    KZ_CITY_PRIMARY,
    KZ_CITY_HAUPT,
    KZ_CITY_REAL,
    KZ_CITY_GYM,
    KZ_CITY_GESAMT,
    KZ_CITY_SEKUNDAR,
    KZ_CITY_FOERDER,
    KZ_CITY_N_KINDS
} kz_city_house_kind;

/* A Kita or a school. */
typedef struct kz_city_house {
    char               key[8], name[80];
    kz_city_house_kind kind;
    int                address;
    int                places; /* for children, of all years together */
    int                owner;  /* town, church, ... : kz_city_owner says it */
} kz_city_house;

typedef enum kz_city_size { KZ_CITY_SMALL, KZ_CITY_FULL } kz_city_size;

typedef struct kz_city {
    uint64_t         seed;
    kz_city_size     size;
    double           scale; /* people here to people in the full city */
    const char      *district[KZ_CITY_N_DISTRICTS];
    kz_city_area     area[KZ_CITY_N_AREAS];
    kz_city_quarter  quarter[KZ_CITY_N_QUARTERS];
    int              n_streets, n_addresses;
    const char     **street;     /* names */
    kz_city_address *address;    /* street by street, up the numbers */
    int             *by_quarter; /* addresses, those of quarter 0 first */
    /* Kitas, then from KZ_CITY_N_KITAS on primary, then secondary schools; the first n of each are there. */
    kz_city_house    house[KZ_CITY_N_HOUSES];
    int              n_kitas, n_primary, n_secondary;
} kz_city;

/* Draw the map and build the houses.  KZ_E_LIMIT: the arena is too small, or names are too few. */
KZ_MUST_USE kz_status kz_city_plan(uint64_t seed, kz_city_size size, kz_arena *a, kz_city **ret, kz_err *err);

/* Its steps, in this order. */
KZ_MUST_USE kz_status kz_city_draw(kz_city *city, kz_arena *a, kz_err *err);      /* areas           */
void kz_city_shape(kz_city *city);                                                /* their character */
KZ_MUST_USE kz_status kz_city_quarters(kz_city *city, kz_arena *a, kz_err *err);  /* parts of them   */
KZ_MUST_USE kz_status kz_city_streets(kz_city *city, kz_arena *a, kz_err *err);   /* addresses       */
void kz_city_houses(kz_city *city);                                               /* Kitas, schools  */

/* "05101" … : numbers that no town has. */
void kz_city_zip(int zip, char out[static 6]);
const char *kz_city_owner(int owner);
const char *kz_city_kind(kz_city_house_kind kind); /* the German word */

/* UTM 32N to degrees, by a polynomial that holds near Musterstadt to a millimetre. */
void kz_city_degrees(kz_city_point p, double *lon, double *lat);

/* The files of an office: GeoJSON of one level, the list of addresses, Kitas, schools. */
typedef enum kz_city_level { KZ_CITY_DISTRICTS, KZ_CITY_AREAS, KZ_CITY_QUARTERS } kz_city_level;
void kz_city_write_outlines(const kz_city *city, kz_city_level level, kz_buf *out);
void kz_city_write_addresses(const kz_city *city, kz_buf *out);
void kz_city_write_kitas(const kz_city *city, kz_buf *out);
void kz_city_write_schools(const kz_city *city, kz_buf *out);

#endif
