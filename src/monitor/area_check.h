/*
 * area_check.h - do the outlines of a level fit together?  Findings with place and size.
 *
 *     kz_area_findings f;
 *     KZ_TRY(kz_area_check_level(work, &level, 1.0, &arena, &f, err));
 *     for (int i = 0; i < f.n; i++)
 *         use(f.list[i].kind, f.list[i].key, f.list[i].key2, f.list[i].m2, f.list[i].lon, f.list[i].lat);
 *
 * For a level of the workspace the areas of today are looked at, with those of the level above as parents; for
 * a file its rows, before anything is imported.  Pieces of land below `least` square metres are left out; the
 * square metres are those on the ground.
 *
 * Lives in the arena.  The cost is that of one sweep (geo/coverage.h): a tenth of a second for a large city.
 */
#ifndef KZ_MONITOR_AREA_CHECK_H
#define KZ_MONITOR_AREA_CHECK_H

#include "monitor/area.h"

/* kz_area_check_text() says what is wrong and what to do: area_check.<name>. */
#define KZ_AREA_CHECKS(X) \
    X(OVERLAP, overlap)     /* two areas claim the same land                      */ \
    X(SLIVER, sliver)       /* a gap thinner than two metres: a border drawn twice */ \
    X(GAP, gap)             /* land between areas that belongs to none            */ \
    X(HOLE, hole)           /* the same in the middle of one area                 */ \
    X(OUTSIDE, outside)     /* a part of an area lies outside its parent          */ \
    X(UNCOVERED, uncovered) /* land of a parent that belongs to no area           */ \
    X(DUPLICATE, duplicate) /* a key in several rows of the file                  */ \
    X(INVALID, invalid)     /* an outline that crosses itself, for instance       */ \
    X(ISLAND, island)       /* an area without any neighbour                      */

#define KZ_AREA_CHECK_ENUM(NAME, name) KZ_AREA_CHECK_##NAME,
typedef enum kz_area_check_kind { KZ_AREA_CHECKS(KZ_AREA_CHECK_ENUM) KZ_N_AREA_CHECKS } kz_area_check_kind;

typedef struct kz_area_finding {
    kz_area_check_kind kind;
    const char *key, *name;   /* "" where no area is to be named          */
    const char *key2, *name2; /* the other area, or the parent            */
    const char *why;          /* invalid: message id of what was repaired */
    int row, row2;            /* of the file; 0: not from one             */
    int pieces;
    double m2;                /* all pieces; NaN: not a matter of land    */
    double lon, lat;
} kz_area_finding;

typedef struct kz_area_findings {
    int n, n_areas;
    const kz_area_finding *list; /* by kind, then the largest first */
} kz_area_findings;

/* "overlap", "gap" … */
const char *kz_area_check_name(kz_area_check_kind k);

/* A level without outlines has no findings. */
KZ_MUST_USE kz_status kz_area_check_level(kz_db *work, const kz_area_level *level, double least, kz_arena *a,
                                          kz_area_findings *ret, kz_err *err);

typedef struct kz_area_check_file {
    const char *file, *key, *name; /* name NULL: the key is the name */
    const char *crs, *layer;
} kz_area_check_file;
KZ_MUST_USE kz_status kz_area_check_outlines(const kz_area_check_file *how, double least, kz_arena *a,
                                             kz_area_findings *ret, kz_err *err);

#endif
