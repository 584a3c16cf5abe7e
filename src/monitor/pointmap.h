/*
 * pointmap.h - from a coordinate to its areas, one of each level.
 *
 *     kz_pointmap m;
 *     KZ_TRY(kz_pointmap_make(ws->work, &tree, NULL, &arena, &m, err));
 *     int at[KZ_TREE_LEVELS];
 *     kz_located_why why;
 *     if (kz_pointmap_find(&m, x, y, at, &why) == KZ_LOCATED_OK)
 *         use(tree.areas[at[m.target]].key);
 *
 * x and y are in the plane system of the workspace (`m.crs`; geo/project.h moves others there).  The target is
 * one level; its area decides, and coarser levels follow from what the area lies in, so that sums fit.  Where
 * the target has no area, coarser levels are looked up by their own outlines.
 *
 * A point on a common border belongs to the area whose key comes first (geo/locator.h).  A point in a gap
 * between outlines that were drawn twice, inside the city and at most 10 m from an area, belongs to that area.
 * A point of the municipality that no area of the target has is unknown (three facilities of Köln lie in
 * Stadtteile but in no Viertel); one that no level has is outside.
 * A point well inside several areas is ambiguous; so is one whose area lies in a coarser one that is elsewhere,
 * more than 10 m away: one of the two outlines, or the key that ties them, is wrong (Berlin's 06010102 has a
 * part in another Bezirk).
 *
 * Lives in the arena, read-only, safe from any thread.  O(1) a point.
 */
#ifndef KZ_MONITOR_POINTMAP_H
#define KZ_MONITOR_POINTMAP_H

#include "geo/locator.h"
#include "geo/project.h"
#include "monitor/area_tree.h"
#include "monitor/gazetteer.h"

typedef struct kz_pointmap {
    const kz_area_tree *tree;
    kz_crs crs;
    int target;              /* number of a level in the tree        */
    kz_locator *locators;    /* by level; n 0: no outlines           */
    int *const *areas;       /* by level and outline: area           */
    const int *outline;      /* by area: its outline in its level, -1 */
} kz_pointmap;

/* level NULL: the finest that has outlines.
 * KZ_E_MISSING: no such level; KZ_E_INPUT: it has no outlines. */
KZ_MUST_USE kz_status kz_pointmap_make(kz_db *work, const kz_area_tree *tree, const char *level, kz_arena *a,
                                       kz_pointmap *ret, kz_err *err);
kz_located_verdict kz_pointmap_find(const kz_pointmap *m, double x, double y, int at[static KZ_TREE_LEVELS],
                                    kz_located_why *why);
/* Is the point in the rectangle around all outlines? */
bool kz_pointmap_near(const kz_pointmap *m, kz_point p);

#endif
