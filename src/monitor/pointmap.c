#include "monitor/pointmap.h"

#include "base/utf8.h"
#include "store/workspace.h"

#include <stdlib.h>

/* Metres: outlines that were drawn twice differ by less. */
static const double GAP = 10;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

/* The outlines of one level, and a locator over them. */
static kz_status load_level(kz_db *work, const kz_area_tree *tree, int level, kz_arena *a, kz_locator *l, int **areas,
                            int outline_of[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    int room = tree->first[level + 1] - tree->first[level], n = 0;
    kz_outline *outlines = kz_arena_new(a, kz_outline, room + 1);
    int *of = kz_arena_new(a, int, room + 1);
    if (!outlines || !of)
        return full(err);
    KZ_TRY(kz_prepare(work, "SELECT id, outline FROM area WHERE level = ?1 AND valid_to = '' AND outline IS NOT NULL"
                            " ORDER BY \"key\"", &q, err));
    kz_bind_int(&q, 1, tree->levels[level].id);
    for (;;) {
        size_t size;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == room)
            break;
        const void *wkb = kz_col_blob(&q, 1, &size);
        if ((of[n] = kz_area_tree_find(tree, kz_col_int(&q, 0))) < 0)
            continue;
        KZ_TRY(kz_outline_from_wkb(wkb, size, a, &outlines[n], err));
        outline_of[of[n]] = n;
        n++;
    }
    *areas = of;
    return n > 0 ? kz_locator_make(outlines, n, a, l, err) : KZ_OK;
}

static kz_status find_target(const kz_pointmap *m, const char *level, int *ret, kz_err *err)
{
    const kz_area_tree *t = m->tree;
    kz_auto(kz_buf) wanted = kz_buf_init(1000), known = kz_buf_init(4000);
    if (level)
        kz_utf8_fold(&wanted, kz_view_of(level));
    for (int i = t->n_levels - 1; i >= 0; i--) {
        if (level ? strcmp(kz_buf_text(&wanted), t->levels[i].code) == 0 : m->locators[i].n > 0) {
            if (m->locators[i].n == 0)
                break;
            *ret = i;
            return KZ_OK;
        }
        kz_buf_fmt(&known, "%s%s", known.n ? ", " : "", t->levels[i].one);
        if (level && i == 0)
            return kz_fail(err, KZ_E_MISSING, "area.no_level", kz_s("level", level),
                           kz_s("known", kz_buf_text(&known)));
    }
    return level ? kz_fail(err, KZ_E_INPUT, "locate.no_outlines", kz_s("level", level))
                 : kz_fail(err, KZ_E_INPUT, "locate.no_areas");
}

kz_status kz_pointmap_make(kz_db *work, const kz_area_tree *tree, const char *level, kz_arena *a, kz_pointmap *ret,
                           kz_err *err)
{
    kz_pointmap m = { .tree = tree };
    char crs[32];
    int **areas = kz_arena_new(a, int *, tree->n_levels + 1);
    int *outline_of = kz_arena_new(a, int, tree->n + 1);
    m.locators = kz_arena_new(a, kz_locator, tree->n_levels + 1);
    if (!areas || !m.locators || !outline_of)
        return full(err);
    for (int i = 0; i < tree->n; i++)
        outline_of[i] = -1;
    KZ_TRY(kz_setting_get(work, "crs", crs, sizeof crs, err));
    if (!kz_crs_find(crs[0] ? (int)strtol(crs + 5, NULL, 10) : 25832, &m.crs))
        return kz_fail(err, KZ_E_INPUT, "locate.bad_crs", kz_s("crs", crs));
    for (int i = 0; i < tree->n_levels; i++)
        KZ_TRY(load_level(work, tree, i, a, &m.locators[i], &areas[i], outline_of, err));
    KZ_TRY(find_target(&m, level, &m.target, err));
    m.areas = areas;
    m.outline = outline_of;
    *ret = m;
    return KZ_OK;
}

/* The area of one level; -1: none, or (*several) more than one. */
static int area_at(const kz_pointmap *m, int level, double x, double y, bool *several)
{
    kz_hit h;
    *several = false;
    if (m->locators[level].n == 0)
        return -1;
    kz_locator_find(&m->locators[level], x, y, &h);
    if (h.n == 0)
        return -1;
    *several = h.n > 1 && !h.border;
    return *several ? -1 : m->areas[level][h.area[0]];
}

static bool in_city(const kz_pointmap *m, double x, double y)
{
    kz_hit h;
    if (m->locators[0].n == 0)
        return false;
    kz_locator_find(&m->locators[0], x, y, &h);
    return h.n > 0;
}

/* Is one of the areas above elsewhere? */
static bool contradicts(const kz_pointmap *m, const int at[], double x, double y)
{
    for (int i = m->target - 1; i > 0; i--) {
        const kz_locator *l = &m->locators[i];
        int above = at[i] >= 0 ? m->outline[at[i]] : -1;
        kz_hit h;
        if (above < 0)
            continue;
        kz_locator_find(l, x, y, &h);
        bool there = false;
        for (int k = 0; k < h.n && k < KZ_HITS; k++)
            there = there || h.area[k] == above;
        if (h.n > 0 && !there && !kz_locator_within(l, above, x, y, GAP))
            return true;
    }
    return false;
}

/* What all areas that cover the point lie in. */
static void agree(const kz_pointmap *m, double x, double y, int at[static KZ_TREE_LEVELS])
{
    kz_hit h;
    kz_locator_find(&m->locators[m->target], x, y, &h);
    for (int k = 0; k < h.n && k < KZ_HITS; k++) {
        int chain[KZ_TREE_LEVELS];
        kz_area_tree_chain(m->tree, m->areas[m->target][h.area[k]], chain);
        for (int i = 0; i <= m->target; i++)
            at[i] = k == 0 || at[i] == chain[i] ? chain[i] : -1;
    }
}

kz_located_verdict kz_pointmap_find(const kz_pointmap *m, double x, double y, int at[static KZ_TREE_LEVELS],
                                    kz_located_why *why)
{
    bool several, any;
    int area = area_at(m, m->target, x, y, &several);
    if (area < 0 && !several && m->target > 0 && in_city(m, x, y)) {
        int near = kz_locator_nearest(&m->locators[m->target], x, y, GAP);
        area = near >= 0 ? m->areas[m->target][near] : -1;
    }
    kz_area_tree_chain(m->tree, area, at);
    if (area >= 0 && contradicts(m, at, x, y)) {
        *why = KZ_WHY_LEVELS;
        return KZ_LOCATED_AMBIGUOUS;
    }
    for (int i = m->target - 1; i >= 0 && !several; i--)
        if (at[i] < 0 && (at[i] = area_at(m, i, x, y, &any)) >= 0 && area < 0) {
            int above[KZ_TREE_LEVELS];
            kz_area_tree_chain(m->tree, at[i], above);
            for (int k = 0; k < i; k++)
                at[k] = above[k];
            break;
        }
    if (several)
        agree(m, x, y, at);
    bool somewhere = false;
    for (int i = 0; i < m->target; i++)
        somewhere = somewhere || at[i] >= 0;
    *why = area >= 0 ? KZ_WHY_FINE : several ? KZ_WHY_OVERLAP : somewhere ? KZ_WHY_GAP : KZ_WHY_BEYOND;
    return area >= 0 ? KZ_LOCATED_OK : several ? KZ_LOCATED_AMBIGUOUS
                     : somewhere ? KZ_LOCATED_UNKNOWN : KZ_LOCATED_OUTSIDE;
}

bool kz_pointmap_near(const kz_pointmap *m, kz_point p)
{
    for (int i = 0; i < m->tree->n_levels; i++) {
        const kz_locator *l = &m->locators[i];
        if (l->n > 0 && p.x >= l->x0 && p.x <= l->x1 && p.y >= l->y0 && p.y <= l->y1)
            return true;
    }
    return false;
}
