/*
 * area_tree.h - all valid areas and in what they lie, in memory.
 *
 *     kz_area_tree t;
 *     KZ_TRY(kz_area_tree_load(ws->work, &arena, &t, err));
 *     int at[KZ_TREE_LEVELS];
 *     kz_area_tree_chain(&t, area, at);              // at[i]: area of level i, -1 none
 *
 * Areas are in the order of levels and keys; levels from the city down.  Areas that are no longer valid are
 * left out.  Lives in the arena.  A chain is O(levels).
 */
#ifndef KZ_MONITOR_AREA_TREE_H
#define KZ_MONITOR_AREA_TREE_H

#include "monitor/area.h"

enum { KZ_TREE_LEVELS = 32 };

typedef struct kz_area_tree {
    int n_levels, n;
    const kz_area_level *levels;
    const kz_area *areas;
    const int *level;   /* by area: number of its level                 */
    const int *parent;  /* by area: -1 none                             */
    const int *first;   /* by level: its first area; n_levels + 1 of them */
    const int *by_id;   /* areas in the order of their ids              */
} kz_area_tree;

/* KZ_E_LIMIT: more than KZ_TREE_LEVELS levels, or the arena is full. */
KZ_MUST_USE kz_status kz_area_tree_load(kz_db *work, kz_arena *a, kz_area_tree *ret, kz_err *err);
/* -1: not there, or not valid any more. */
int kz_area_tree_find(const kz_area_tree *t, int64_t id);
/* The area itself and all above it, by level; the rest of the n_levels is -1.  area -1: all. */
void kz_area_tree_chain(const kz_area_tree *t, int area, int at[static KZ_TREE_LEVELS]);

#endif
