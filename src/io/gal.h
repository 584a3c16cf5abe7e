/*
 * gal.h - lists of neighbours in the GAL form of GeoDa and spdep.
 *
 *     kz_gal g;
 *     KZ_TRY(kz_gal_read("columbus.gal", &arena, &g, err));       // "-" is standard input
 *     for (int l = 0; l < g.n_links; l++)
 *         use(g.key[g.from[l]], g.key[g.to[l]]);
 *
 * First line: the number of areas, or `0 number file field`.  Then for every area its key and the number of its
 * neighbours, and the neighbours' keys; line ends count only in the first line.  Keys have no blanks.
 *
 * KZ_E_INPUT names file and line: not a number, more neighbours than areas, a key twice, a neighbour that is no area
 * of the list, an area beside itself, a neighbour twice, too few or too many areas.  KZ_E_LIMIT: more than
 * KZ_GAL_AREAS_MOST areas, or the arena is full.  Everything lives in the arena.  O(bytes).
 * Source: L. Anselin, GeoDa Workbook, spatial weights as files; R spdep, read.gal.
 */
#ifndef KZ_IO_GAL_H
#define KZ_IO_GAL_H

#include "base/arena.h"

enum { KZ_GAL_AREAS_MOST = 1000000, KZ_GAL_LINKS_MOST = 50000000 };

typedef struct kz_gal {
    int n, n_links;
    const char *const *key;
    const int *from, *to; /* directed, by area in order of the file */
} kz_gal;

KZ_MUST_USE kz_status kz_gal_read(const char *path, kz_arena *a, kz_gal *ret, kz_err *err);
/* The same over bytes in memory; `name` is for messages. */
KZ_MUST_USE kz_status kz_gal_parse(const char *name, const char *p, size_t n, kz_arena *a, kz_gal *ret, kz_err *err);

#endif
