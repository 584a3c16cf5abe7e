#include "monitor/area_link.h"

#include "geo/topology.h"
#include "store/workspace.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Corners closer than this are one when the city's outline is made, and gaps
 * between areas narrower than that are errors of drawing (metres). */
static const double SNAP = 2, SLIVER = 10;

typedef struct place {
    int64_t id, parent;
    const char *key;
    kz_outline outline;
    double x, y;             /* inside; only with an outline */
    double x0, y0, x1, y1;
} place;

typedef struct places {
    int n;
    place *p;
} places;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

static kz_status load_outline(place *p, const void *wkb, size_t n, kz_arena *a, kz_err *err)
{
    double radius;
    KZ_TRY(kz_outline_from_wkb(wkb, n, a, &p->outline, err));
    kz_outline_inner_point(&p->outline, &p->x, &p->y, &radius);
    p->x0 = p->y0 = DBL_MAX;
    p->x1 = p->y1 = -DBL_MAX;
    for (int r = 0; r < p->outline.n; r++)
        for (int i = 0; i < p->outline.rings[r].n; i++) {
            kz_point c = p->outline.rings[r].p[i];
            p->x0 = fmin(p->x0, c.x);
            p->x1 = fmax(p->x1, c.x);
            p->y0 = fmin(p->y0, c.y);
            p->y1 = fmax(p->y1, c.y);
        }
    return KZ_OK;
}

static kz_status load(kz_db *work, const kz_area_level *level, kz_arena *a, places *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    *ret = (places){ .p = kz_arena_new(a, place, level->n_areas) };
    if (!ret->p)
        return full(err);
    KZ_TRY(kz_prepare(work, "SELECT id, parent, \"key\", outline FROM area WHERE level = ?1 AND valid_to = '' "
                            "ORDER BY \"key\", id", &q, err));
    kz_bind_int(&q, 1, level->id);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || ret->n == level->n_areas)
            return KZ_OK;
        place *p = &ret->p[ret->n++];
        size_t n;
        const void *wkb = kz_col_blob(&q, 3, &n);
        *p = (place){ .id = kz_col_int(&q, 0), .parent = kz_col_int(&q, 1),
                      .key = kz_arena_strdup(a, kz_col_text(&q, 2)) };
        if (!p->key)
            return full(err);
        if (n > 0)
            KZ_TRY(load_outline(p, wkb, n, a, err));
    }
}

static bool lies_in(const place *small, const place *large)
{
    return small->outline.n > 0 && small->x >= large->x0 && small->x <= large->x1 && small->y >= large->y0 &&
           small->y <= large->y1 && kz_outline_contains(&large->outline, small->x, small->y);
}

/* One length for all keys of a level, or 0. */
static size_t key_length(const places *l)
{
    size_t n = l->n > 0 ? strlen(l->p[0].key) : 0;
    for (int i = 1; i < l->n; i++)
        if (strlen(l->p[i].key) != n)
            return 0;
    return n;
}

static const place *by_prefix(const places *large, const char *key, size_t n)
{
    int lo = 0, hi = large->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        int cmp = strncmp(key, large->p[mid].key, n);
        if (cmp == 0)
            return &large->p[mid];
        if (cmp < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

/* Parents from keys, when the keys are made that way and the map agrees: keys
 * that only happen to begin alike do not pass. */
static bool link_by_key(places *small, const places *large)
{
    size_t short_key = key_length(large), long_key = key_length(small);
    int asked = 0, agree = 0;
    if (short_key == 0 || long_key <= short_key)
        return false;
    for (int i = 0; i < small->n; i++) {
        const place *p = by_prefix(large, small->p[i].key, short_key);
        if (!p)
            return false;
        if (small->p[i].outline.n > 0 && p->outline.n > 0) {
            asked++;
            agree += lies_in(&small->p[i], p);
        }
    }
    if (10 * agree < 9 * asked)
        return false;
    for (int i = 0; i < small->n; i++)
        small->p[i].parent = by_prefix(large, small->p[i].key, short_key)->id;
    return true;
}

static bool has_id(const places *l, int64_t id)
{
    for (int i = 0; i < l->n; i++)
        if (l->p[i].id == id)
            return true;
    return false;
}

/* Parents from the map; an area in none of them belongs to the city itself.  Without an outline it
 * stays where it was. */
static int link_by_place(places *small, const places *large, int64_t city)
{
    int orphans = 0;
    for (int i = 0; i < small->n; i++) {
        if (small->p[i].outline.n == 0 && has_id(large, small->p[i].parent))
            continue;
        small->p[i].parent = 0;
        for (int k = 0; k < large->n && small->p[i].parent == 0; k++)
            if (lies_in(&small->p[i], &large->p[k]))
                small->p[i].parent = large->p[k].id;
        if (small->p[i].parent == 0) {
            small->p[i].parent = city;
            orphans++;
        }
    }
    return orphans;
}

static kz_status store_parents(kz_db *work, const places *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "UPDATE area SET parent = ?2 WHERE id = ?1", &q, err));
    for (int i = 0; i < l->n; i++) {
        kz_bind_int(&q, 1, l->p[i].id);
        kz_bind_int(&q, 2, l->p[i].parent);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

/* The city stays 0; the others by number of areas, institutions behind them. */
static kz_status rank_levels(kz_db *work, kz_err *err)
{
    int64_t ids[1000];
    int n = 0;
    bool row;
    kz_auto(kz_stmt) q = KZ_STMT_INIT, put = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work,
                      "SELECT l.id FROM level l WHERE l.\"rank\" > 0 "
                      "ORDER BY l.institution, (SELECT COUNT(*) FROM area a WHERE a.level = l.id "
                      "AND a.valid_to = ''), l.id",
                      &q, err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            break;
        if (n == 1000)
            return full(err);
        ids[n++] = kz_col_int(&q, 0);
    }
    KZ_TRY(kz_prepare(work, "UPDATE level SET \"rank\" = ?2 WHERE id = ?1", &put, err));
    for (int i = 0; i < n; i++) {
        kz_bind_int(&put, 1, ids[i]);
        kz_bind_int(&put, 2, i + 1);
        KZ_TRY(kz_run(&put, err));
    }
    return KZ_OK;
}

static kz_status make_city(kz_db *work, int64_t city, const kz_area_level *coarsest, const places *l,
                           kz_arena *a, kz_err *err)
{
    kz_outline *outlines = kz_arena_new(a, kz_outline, l->n), whole;
    kz_topology t;
    if (!outlines)
        return full(err);
    for (int i = 0; i < l->n; i++) {
        if (l->p[i].outline.n == 0)
            return KZ_OK; /* a part is missing: the city stays as it was */
        outlines[i] = l->p[i].outline;
    }
    KZ_TRY(kz_topology_build(outlines, l->n, SNAP, a, &t, err));
    KZ_TRY(kz_topology_union(&t, SLIVER, a, &whole, err));
    kz_auto(kz_buf) wkb = kz_buf_init((size_t)256 << 20);
    kz_outline_to_wkb(&whole, &wkb);
    KZ_TRY(kz_buf_status(&wkb));
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    /* The middle of the city: its areas' inner points, each as heavy as its land. */
    KZ_TRY(kz_prepare(work,
                      "UPDATE area SET outline = ?3, area_m2 = s.m2, lon = s.lon, lat = s.lat FROM "
                      "(SELECT SUM(area_m2) AS m2, SUM(lon * area_m2) / SUM(area_m2) AS lon, "
                      "SUM(lat * area_m2) / SUM(area_m2) AS lat FROM area WHERE level = ?2 AND valid_to = '') s "
                      "WHERE id = ?1",
                      &q, err));
    kz_bind_int(&q, 1, city);
    kz_bind_int(&q, 2, coarsest->id);
    if (whole.n > 0)
        kz_bind_blob(&q, 3, kz_buf_text(&wkb), wkb.n);
    else
        kz_bind_null(&q, 3);
    return kz_run(&q, err);
}

static kz_status named_parents(kz_db *work, const kz_area_level *l, bool *ret, kz_err *err)
{
    char key[KZ_LEVEL_TEXT + 32], value[8];
    snprintf(key, sizeof key, "%s%s", KZ_AREA_PARENT_SETTING, l->code);
    KZ_TRY(kz_setting_get(work, key, value, sizeof value, err));
    *ret = value[0] != '\0';
    return KZ_OK;
}

/* Named parents that have ended: the smallest area that it lies in now, else the city. */
static void replace_ended(places all[], int k, int64_t city)
{
    for (int i = 0; i < all[k].n; i++) {
        place *p = &all[k].p[i];
        bool there = false;
        for (int m = 0; m < k && !there; m++)
            there = has_id(&all[m], p->parent);
        if (there)
            continue;
        p->parent = city;
        for (int m = k - 1; m > 0 && p->parent == city; m--)
            for (int l = 0; l < all[m].n && p->parent == city; l++)
                if (lies_in(p, &all[m].p[l]))
                    p->parent = all[m].p[l].id;
    }
}

/* The level of the first area's parent, for the report of named parents. */
static const kz_area_level *level_of(const kz_area_level levels[], int below, const places all[], int64_t id)
{
    for (int k = 0; k < below; k++)
        for (int i = 0; i < all[k].n; i++)
            if (all[k].p[i].id == id)
                return &levels[k];
    return &levels[0];
}

kz_status kz_area_link(kz_db *work, int64_t imported, kz_area_report *report, kz_err *err)
{
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, (size_t)2 << 30);
    const kz_area_level *levels;
    int n;
    KZ_TRY(rank_levels(work, err));
    KZ_TRY(kz_area_levels(work, &a, &levels, &n, err));
    while (n > 0 && levels[n - 1].institution)
        n--; /* they lie in no area: their people may come from anywhere */
    places *all = kz_arena_new(&a, places, n);
    if (!all)
        return full(err);
    for (int k = 0; k < n; k++)
        KZ_TRY(load(work, &levels[k], &a, &all[k], err));
    if (n < 2 || all[0].n != 1)
        return kz_fail(err, KZ_E_INPUT, "area.no_city");
    int64_t city = all[0].p[0].id;
    for (int k = 1; k < n; k++) {
        kz_parent_how how = KZ_PARENT_CITY;
        const kz_area_level *parents = &levels[k - 1];
        int orphans = 0;
        bool named;
        KZ_TRY(named_parents(work, &levels[k], &named, err));
        if (named) {
            how = KZ_PARENT_FIELD;
            replace_ended(all, k, city);
            parents = level_of(levels, k, all, all[k].n > 0 ? all[k].p[0].parent : 0);
        } else if (k == 1) {
            for (int i = 0; i < all[k].n; i++)
                all[k].p[i].parent = city;
        } else if (link_by_key(&all[k], &all[k - 1])) {
            how = KZ_PARENT_KEY;
        } else {
            how = KZ_PARENT_PLACE;
            orphans = link_by_place(&all[k], &all[k - 1], city);
        }
        KZ_TRY(store_parents(work, &all[k], err));
        if (levels[k].id == imported) {
            report->level = levels[k];
            report->how = how;
            report->parents = *parents;
            report->n_orphans = orphans;
        }
    }
    return make_city(work, city, &levels[1], &all[1], &a, err);
}
