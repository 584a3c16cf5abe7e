/*
 * coverage.h - where a division of the town does not fit together.
 *
 *     kz_coverage c;
 *     KZ_TRY(kz_coverage_find(outlines, n, NULL, 0, NULL, &arena, &c, err));
 *     for (int i = 0; i < c.n; i++)
 *         use(c.flaw[i].kind, c.flaw[i].a, c.flaw[i].b, c.flaw[i].area, c.flaw[i].x, c.flaw[i].y);
 *
 * Every piece of land is looked at once (sweep.h):
 *   overlap    two areas claim it
 *   gap        nobody does, though areas lie all around it (enclaves of others are gaps, too)
 *   outside    it belongs to an area but not to the area's parent
 *   uncovered  it belongs to a parent but to no area
 * Pieces that hang together are one; pieces of the same kind between the same two areas are told as one
 * flaw with their number, their land, and the place of the largest.  Pieces thinner than a micrometre do
 * not exist.
 *
 * Lives in the arena.  Same input, same list: by kind, then by areas.
 */
#ifndef KZ_GEO_COVERAGE_H
#define KZ_GEO_COVERAGE_H

#include "geo/sweep.h"

typedef enum kz_flaw_kind { KZ_FLAW_OVERLAP, KZ_FLAW_GAP, KZ_FLAW_OUTSIDE, KZ_FLAW_UNCOVERED } kz_flaw_kind;

typedef struct kz_flaw {
    kz_flaw_kind kind;
    int a, b;        /* overlap: both areas; gap and uncovered: the two that border it most, -1: none;
                        outside: the area, -1 */
    int parent;      /* outside: the area's own; uncovered: whose land it is; else -1 */
    int pieces;
    double area;     /* square units, all pieces                  */
    double largest;  /* the largest piece                         */
    double width;    /* mean width of the largest piece: its area by its longer side */
    double x, y;     /* in the largest piece, where it is wide    */
} kz_flaw;

typedef struct kz_coverage {
    int n;
    kz_flaw *flaw;
    double area, parents; /* land of the areas, without counting any twice; of the parents */
} kz_coverage;

/* parent_of[i]: number in `parents`, -1: lies in none; NULL with n_parents 0.  KZ_E_LIMIT: no memory. */
KZ_MUST_USE kz_status kz_coverage_find(const kz_outline areas[], int n, const kz_outline parents[], int n_parents,
                                       const int parent_of[], kz_arena *a, kz_coverage *ret, kz_err *err);

#endif
