/*
 * overlay.h - how much land two divisions of the same town have in common, area by area.
 *
 *     kz_overlay o;
 *     KZ_TRY(kz_overlay_make(old, n_old, new, n_new, &arena, &o, err));
 *     for (int i = 0; i < o.n; i++)
 *         use(o.pair[i].a, o.pair[i].b, o.pair[i].area);      // old, new, square units
 *
 * Pairs without common land are not in the list; the order is a, then b.  The list lives in the arena.
 * Exact up to rounding (sweep.h), whatever the borders: drawn alike, drawn twice, crossing.
 */
#ifndef KZ_GEO_OVERLAY_H
#define KZ_GEO_OVERLAY_H

#include "geo/sweep.h"

typedef struct kz_overlay {
    int n;
    struct kz_overlay_pair {
        int a, b;
        double area;
    } *pair;
} kz_overlay;

KZ_MUST_USE kz_status kz_overlay_make(const kz_outline a[], int n_a, const kz_outline b[], int n_b, kz_arena *arena,
                                      kz_overlay *ret, kz_err *err);

#endif
