/*
 * atlas.h - the published world in memory: what public pages are made of.
 *
 * An atlas is an immutable snapshot of release.db, so pages need no database
 * and no lock.  When a new release is published the server loads another one.
 *
 *     kz_atlas *a;
 *     KZ_TRY(kz_atlas_load(path_of_release_db, &a, err));
 *     const kz_cell *c = kz_atlas_cell(a, indicator, group, area, period);
 *
 * The atlas owns everything it points to.  All texts are UTF-8.
 * Cell look-up is O(1).
 */
#ifndef KZ_MONITOR_ATLAS_H
#define KZ_MONITOR_ATLAS_H

#include "monitor/cell.h"

enum { KZ_NONE = -1 };

typedef struct kz_atlas_level {
    const char *code;      /* as in area import, for instance "stadtteil" */
    const char *one, *many; /* "Stadtteil", "Stadtteile"                  */
    int first_area, n_areas; /* areas of a level stand together, DIN 5007-1 by name */
    struct kz_map *map;     /* geo/svgmap.h; NULL when there are no outlines */
} kz_atlas_level;

typedef struct kz_atlas_area {
    const char *key, *name, *slug; /* slug: unique in the atlas, for URLs: "stadtteil-501" */
    int level;
    int parent;       /* area one or more levels up, KZ_NONE at the top */
    int in_level;     /* index inside its level (and in the level's map) */
    double lon, lat, area_km2; /* NaN when unknown */
    const char *since, *until; /* ISO days on which its boundaries begin and end; "" open */
} kz_atlas_area;

typedef enum kz_kind {
    KZ_KIND_COUNT,  /* value = numerator                                    */
    KZ_KIND_SHARE,  /* numerator / denominator, Wilson interval             */
    KZ_KIND_CHANGE, /* (numerator - denominator) / denominator, may be < 0   */
    KZ_KIND_RATIO,  /* numerator / denominator, without upper end            */
    KZ_KIND_DIFFERENCE, /* value - value, in points; may be < 0             */
    KZ_KIND_INDEX,      /* sum of weighted z-scores                          */
    KZ_KIND_PROFILE,    /* of an institution: mean of the rates where its children live */
    KZ_N_KINDS
} kz_kind;

typedef enum kz_direction { KZ_DIR_NEUTRAL, KZ_DIR_LOAD, KZ_DIR_RESOURCE } kz_direction;

typedef struct kz_atlas_group {
    const char *code, *label; /* group 0 is always the whole: code "Total" */
    int parent;               /* KZ_NONE for the total and for free groups */
    const char *condition;    /* as expression, "" none                    */
} kz_atlas_group;

/* A part of life: "Kita", "3 bis 5 Jahre". */
typedef struct kz_atlas_phase {
    const char *code, *label, *ages, *leicht;
    int from_month, to_month; /* from birth                                */
    bool course;              /* a row of the life course                  */
} kz_atlas_phase;

typedef struct kz_atlas_change {
    int version;
    const char *date, *text;
} kz_atlas_change;

typedef struct kz_atlas_indicator {
    const char *id;            /* also the URL                              */
    const char *title;         /* "Kinder unter 6 Jahren"                   */
    const char *short_title;   /* for tables and switches                   */
    const char *subtitle;      /* "Anteil an allen Einwohnern"              */
    const char *sentence;      /* with {area} {x} {lo} {hi}: the noun part  */
    const char *counted;       /* definition: what is counted               */
    const char *numerator_label, *denominator_label; /* "Kinder unter 6", "Einwohner" */
    const char *source, *protection, *theme;
    const char *caveat;        /* one a line                                */
    const char *reference, *origin, *interpretation;
    const char *numerator, *denominator; /* as expressions                  */
    const char *variant_of;    /* id, "" none                               */
    const char *unit;          /* "" areas, else the level of institutions  */
    const char *symbol;        /* "€", "je 1.000"; "" percent               */
    const char *leicht_title, *leicht, *leicht_of, *leicht_sentence;
    int phase;                 /* index, 0 is always there                  */
    int age_from, age_to;      /* completed years, -1: all                  */
    bool is_key;               /* stands for its phase                      */
    int version, pool, min_denominator;
    int n_changes;
    const kz_atlas_change *changes; /* newest first                         */
    kz_kind kind;
    kz_direction direction;
    int per;                   /* 100: shown as "von 100"; 1 for counts     */
    int digits;                /* decimals in tables                        */
    int n_groups;
    const kz_atlas_group *groups;
    int first_period, n_periods; /* run of atlas periods with cells        */
    int first_area, n_areas;   /* run of areas with cells; n_areas 0: all of them */
    const char *release;       /* name of the release it comes from         */
    const char *published_at;  /* ISO date                                  */
    const kz_cell *cells;      /* [group][area - first_area][period - first_period] */
} kz_atlas_indicator;

typedef struct kz_atlas_period {
    const char *code;  /* "2012"                    */
    const char *label; /* "31.12.2012" (reference day) or the code */
} kz_atlas_period;

typedef struct kz_atlas_news {
    const char *date, *text; /* newest first: what was published when */
} kz_atlas_news;

typedef struct kz_atlas {
    const char *name, *key;  /* "Köln", "05315000"                  */
    const char *credits;     /* sources and licences of the data, one text */
    bool fictional;          /* Musterstadt: every page says so     */
    int n_levels, n_areas, n_periods, n_indicators, n_news, n_phases;
    const kz_atlas_level *levels;         /* 0 is the city itself    */
    const kz_atlas_area *areas;           /* 0 is the city itself    */
    const kz_atlas_period *periods;       /* years, school years …; oldest first of each form */
    const kz_atlas_indicator *indicators; /* in catalogue order      */
    const kz_atlas_news *news;
    const kz_atlas_phase *phases;         /* in order of life, at least one */
    const char *version; /* changes with every publication: for ETags */
    void *owner;
} kz_atlas;

/* KZ_E_MISSING: nothing is published yet.  Levels without any cell are left out. */
KZ_MUST_USE kz_status kz_atlas_load(const char *release_db, kz_atlas **ret, kz_err *err);
void kz_atlas_free(kz_atlas *a);

/* NULL when the release has no such cell. */
const kz_cell *kz_atlas_cell(const kz_atlas *a, int indicator, int group, int area, int period);
/* KZ_NONE when there is none. */
int kz_atlas_find_indicator(const kz_atlas *a, const char *id);
int kz_atlas_find_area(const kz_atlas *a, const char *slug);
int kz_atlas_find_period(const kz_atlas *a, const char *code);

/* Can the area's value be told from the city's?  +1 surely higher, -1 surely
 * lower, 0 cannot be told (or one of the two is missing): the interval of the
 * area does not contain the city's value.  Always 0 for counts. */
int kz_atlas_against_city(const kz_atlas *a, const kz_cell *c);
/* Rank range among the shown areas of the level: `best` = 1 + areas surely
 * above, `worst` = areas not surely below; by overlap of intervals.  All 0 when
 * the cell has no value. */
void kz_atlas_rank(const kz_atlas *a, const kz_cell *c, int *best, int *worst, int *of);

#endif
