/* kekiz get: the cells of an indicator, as the public sees them or as they are. */
#include "cli/cmd.h"
#include "cli/get_boundary.h"
#include "cli/known.h"
#include "cli/output.h"

#include "base/utf8.h"
#include "monitor/area.h"
#include "monitor/atlas.h"
#include "store/workspace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What people asked for, any case, group codes or labels; NULL: all. */
typedef struct filter {
    const char *level, *period, *group;
} filter;

static bool same(const char *a, const char *b)
{
    return kz_utf8_same(kz_view_of(a), kz_view_of(b));
}

/* ---- public: from release.db alone ---------------------------------------- */

/* Areas in order of level and key, as the internal view has them. */
typedef struct place {
    int area, level;
    const char *key;
} place;

static int by_key(const void *x, const void *y)
{
    const place *a = x, *b = y;
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    int order = strcmp(a->key, b->key);
    return order ? order : (a->area > b->area) - (a->area < b->area);
}

/* Indices in the atlas; KZ_NONE: all. */
typedef struct choice {
    int level, period, group;
} choice;

static kz_status choose(kz_call *call, const kz_atlas *a, const kz_atlas_indicator *ind, const filter *f, choice *ret)
{
    kz_auto(kz_buf) levels = kz_known_init(), periods = kz_known_init(), groups = kz_known_init();
    choice c = { KZ_NONE, KZ_NONE, KZ_NONE };
    for (int i = 0; f->level && i < a->n_levels; i++) {
        kz_known_add(&levels, a->levels[i].one);
        if (same(f->level, a->levels[i].code) || same(f->level, a->levels[i].one))
            c.level = i;
    }
    for (int i = ind->first_period; f->period && i < ind->first_period + ind->n_periods; i++) {
        kz_known_add(&periods, a->periods[i].code);
        if (strcmp(f->period, a->periods[i].code) == 0)
            c.period = i;
    }
    for (int i = 0; f->group && i < ind->n_groups; i++) {
        kz_known_add(&groups, ind->groups[i].code);
        if (same(f->group, ind->groups[i].code) || same(f->group, ind->groups[i].label))
            c.group = i;
    }
    if (f->level && c.level == KZ_NONE)
        return kz_known_none(call, "get.no_level", f->level, &levels);
    if (f->period && c.period == KZ_NONE)
        return kz_known_none(call, "get.no_period", f->period, &periods);
    if (f->group && c.group == KZ_NONE)
        return kz_known_none(call, "get.no_group", f->group, &groups);
    *ret = c;
    return KZ_OK;
}

static bool chosen(int wanted, int have)
{
    return wanted == KZ_NONE || wanted == have;
}

static kz_status put_atlas(kz_call *call, const kz_atlas *a, const char *id, const filter *f)
{
    kz_auto(kz_table_out) t = { 0 };
    choice want = { KZ_NONE, KZ_NONE, KZ_NONE };
    int ind = kz_atlas_find_indicator(a, id);
    if (ind == KZ_NONE)
        return kz_fail(&call->err, KZ_E_MISSING, "get.unpublished", kz_s("value", id));
    KZ_TRY(choose(call, a, &a->indicators[ind], f, &want));
    KZ_TRY(kz_table_begin(&t, call, kz_get_cols, KZ_GET_COLS));
    place *places = calloc((size_t)a->n_areas + 1, sizeof *places);
    if (!places)
        return kz_fail(&call->err, KZ_E_LIMIT, "compute.memory");
    for (int i = 0; i < a->n_areas; i++)
        places[i] = (place){ i, a->areas[i].level, a->areas[i].key };
    qsort(places, (size_t)a->n_areas, sizeof *places, by_key);
    for (int i = 0; i < a->n_areas; i++)
        for (int p = 0; p < a->n_periods; p++)
            for (int g = 0; g < a->indicators[ind].n_groups; g++) {
                const kz_atlas_area *area = &a->areas[places[i].area];
                const char *group = a->indicators[ind].groups[g].code;
                const kz_cell *c = kz_atlas_cell(a, ind, g, places[i].area, p);
                if (!c || !chosen(want.level, area->level) || !chosen(want.period, p) || !chosen(want.group, g))
                    continue;
                kz_put_text(&t, area->key);
                kz_put_text(&t, area->name);
                kz_put_text(&t, a->periods[p].code);
                kz_put_text(&t, group);
                kz_get_put_cell(&t, c);
            }
    free(places);
    return kz_table_end(&t);
}

static kz_status get_public(kz_call *call, const char *id, const filter *f)
{
    char path[4200];
    kz_atlas *a;
    KZ_TRY(kz_workspace_find(call->workspace, &call->err));
    snprintf(path, sizeof path, "%s/release.db", call->workspace);
    KZ_TRY(kz_atlas_load(path, &a, &call->err));
    kz_status st = put_atlas(call, a, id, f);
    kz_atlas_free(a);
    return st;
}

/* ---- internal: from work.db ------------------------------------------------ */

static int64_t count_or_unknown(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? -1 : kz_col_int(q, at);
}

static double real_or_unknown(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? NAN : kz_col_real(q, at);
}

static kz_status get_internal(kz_call *call, const kz_indicator *ind, const filter *f)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_table_out) t = { 0 };
    kz_area_level level;
    int group;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    if (f->level)
        KZ_TRY(kz_area_level_find(ws.work, f->level, &level, &call->err));
    if (f->period)
        KZ_TRY(kz_known_period(call, ws.work, f->period));
    KZ_TRY(kz_known_group(call, ind, f->group, &group));
    KZ_TRY(kz_table_begin(&t, call, kz_get_cols, KZ_GET_COLS));
    KZ_TRY(kz_prepare(ws.work,
                      "SELECT a.key, a.name, p.code, g.code, c.numerator, c.denominator, c.value, c.lo, c.hi, c.state "
                      "FROM cell c JOIN indicator i ON i.id = c.indicator JOIN indicator_group g ON g.id = c.grp "
                      "JOIN period p ON p.id = c.period JOIN area a ON a.id = c.area JOIN level l ON l.id = a.level "
                      "WHERE i.code = ?1 AND (?2 IS NULL OR l.code = ?2) AND (?3 IS NULL OR p.code = ?3) "
                      "AND (?4 IS NULL OR g.code = ?4) ORDER BY l.\"rank\", a.key, a.id, p.code, g.id",
                      &q, &call->err));
    kz_bind_text(&q, 1, ind->id);
    kz_bind_text(&q, 2, f->level ? level.code : NULL);
    kz_bind_text(&q, 3, f->period);
    kz_bind_text(&q, 4, f->group ? ind->groups[group].code : NULL);
    for (bool any = false;; any = true) {
        bool row;
        KZ_TRY(kz_step(&q, &row, &call->err));
        if (!row && !any)
            return kz_fail(&call->err, KZ_E_MISSING, "get.nothing", kz_s("value", ind->id));
        if (!row)
            return kz_table_end(&t);
        for (int i = 0; i < 4; i++)
            kz_put_text(&t, kz_col_text(&q, i));
        kz_cell c = { .numerator = count_or_unknown(&q, 4), .denominator = count_or_unknown(&q, 5),
                      .value = real_or_unknown(&q, 6), .lo = real_or_unknown(&q, 7), .hi = real_or_unknown(&q, 8),
                      .smoothed = NAN, .smoothed_lo = NAN, .smoothed_hi = NAN, .state = (uint8_t)kz_col_int(&q, 9) };
        kz_get_put_cell(&t, &c);
    }
}

kz_status kz_cmd_get(kz_call *call)
{
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    const char *as = kz_opt_text(call, "as");
    const filter f = { kz_opt_text(call, "level"), kz_opt_text(call, "period"), kz_opt_text(call, "group") };
    if (as && strcmp(as, "public") != 0 && strcmp(as, "internal") != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "get.as", kz_s("value", as));
    KZ_TRY(kz_catalogue_builtin(&cat, &call->err));
    const kz_indicator *ind = kz_catalogue_find(&cat, call->args[0]);
    if (!ind)
        return kz_fail(&call->err, KZ_E_MISSING, "indicator.none", kz_s("value", call->args[0]));
    if (kz_opt_text(call, "boundary") || kz_opt_text(call, "weight"))
        return kz_get_boundary(call, &cat, ind);
    return as && strcmp(as, "internal") == 0 ? get_internal(call, ind, &f) : get_public(call, ind->id, &f);
}
