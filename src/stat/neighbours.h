/*
 * neighbours.h - who is beside whom, and what a neighbour weighs.
 *
 * Areas are numbers from 0.  The neighbours of i are to[start[i]] … to[start[i + 1] - 1], ascending, each once,
 * never i itself.  Usually symmetric (common borders); nothing here needs that.
 *
 *     kz_neighbours g;
 *     KZ_TRY(kz_neighbours_make(n, from, to, n_links, &arena, &g, err));    // directed links in any order
 *     double w = kz_neighbours_weight(&g, KZ_STYLE_W, i);                    // of each link of i
 *
 * Style B: every link weighs 1.  Style W: the links of an area share 1 (row-standardised).
 * An area that has no link in either direction is alone; statistics of space leave it out and say how
 * many take part.  Lives in the arena; O(links log links).
 */
#ifndef KZ_STAT_NEIGHBOURS_H
#define KZ_STAT_NEIGHBOURS_H

#include "base/arena.h"

typedef enum kz_style { KZ_STYLE_W, KZ_STYLE_B } kz_style;

typedef struct kz_neighbours {
    int n, n_links;
    const int  *start, *to;
    const bool *alone;
    int         n_alone;
} kz_neighbours;

/* Sums that the moments of all statistics need (Cliff & Ord 1981): s0 = Σ w, s1 = ½ Σ (w_ij + w_ji)²,
 * s2 = Σ (row sum + column sum)². */
typedef struct kz_weight_sums {
    double s0, s1, s2;
} kz_weight_sums;

/* Links from[l] -> to[l]; twice the same or to itself: KZ_ASSERT (the reader of a file refuses them first).
 * KZ_E_LIMIT: the arena is full. */
KZ_MUST_USE kz_status kz_neighbours_make(int n, const int from[], const int to[], int n_links, kz_arena *a,
                                         kz_neighbours *ret, kz_err *err);

static inline int kz_neighbours_count(const kz_neighbours *g, int i) { return g->start[i + 1] - g->start[i]; }

static inline double kz_neighbours_weight(const kz_neighbours *g, kz_style style, int i)
{
    return style == KZ_STYLE_B ? 1 : 1.0 / kz_neighbours_count(g, i);
}

/* Is j a neighbour of i?  O(log neighbours). */
bool kz_neighbours_has(const kz_neighbours *g, int i, int j);

/* KZ_E_LIMIT: no memory for the column sums. */
KZ_MUST_USE kz_status kz_neighbours_sums(const kz_neighbours *g, kz_style style, kz_weight_sums *ret, kz_err *err);

#endif
