#include "monitor/atlas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "geo/svgmap.h"
#include "store/steps.h"

enum { ATLAS_CAP = 1 << 30, MANY = 1 << 24 };

/* The atlas, filled table by table; it owns itself through its arena. */
typedef struct loader {
    kz_arena *a;
    kz_db *db;
    kz_atlas *atlas;
    kz_atlas_level *levels;
    kz_atlas_area *areas;
    kz_map_area *outlines; /* one an area */
    kz_atlas_period *periods;
    kz_atlas_indicator *indicators;
    kz_cell **cells;       /* of an indicator, with room for all periods */
    kz_atlas_news *news;
    kz_atlas_phase *phases;
} loader;

static kz_status too_large(const loader *l, kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "atlas.too_large", kz_s("file", kz_db_path(l->db)));
}

static kz_status damaged(const loader *l, kz_err *err)
{
    return kz_fail(err, KZ_E_IO, "atlas.damaged", kz_s("file", kz_db_path(l->db)));
}

/* A column as text of the atlas; NULL when the arena is full. */
static const char *text(loader *l, kz_stmt *q, int at)
{
    return kz_arena_strdup(l->a, kz_col_text(q, at));
}

static kz_status count(loader *l, const char *sql, int *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(l->db, sql, &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    int64_t n = row ? kz_col_int(&q, 0) : 0;
    if (n < 0 || n > MANY)
        return too_large(l, err);
    *ret = (int)n;
    return KZ_OK;
}

/* Start a statement whose rows are numbered 0, 1, 2 … in its first column. */
static kz_status next(loader *l, kz_stmt *q, int want, bool *row, kz_err *err)
{
    KZ_TRY(kz_step(q, row, err));
    if (*row && kz_col_int(q, 0) != want)
        return damaged(l, err);
    return KZ_OK;
}

static kz_status load_settings(loader *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_atlas *a = l->atlas;
    a->name = a->key = a->credits = a->version = "";
    KZ_TRY(kz_prepare(l->db, "SELECT key, value FROM setting", &q, err));
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        const char *key = kz_col_text(&q, 0), *value = text(l, &q, 1);
        if (!value)
            return too_large(l, err);
        if (strcmp(key, "name") == 0)
            a->name = value;
        else if (strcmp(key, "key") == 0)
            a->key = value;
        else if (strcmp(key, "credits") == 0)
            a->credits = value;
        else if (strcmp(key, "version") == 0)
            a->version = value;
        else if (strcmp(key, "fictional") == 0)
            a->fictional = *value && strcmp(value, "0") != 0;
    }
}

static kz_status load_levels(loader *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(l->db, "SELECT id, code, one, many, map_width, map_height, map_km, parent_borders "
                             "FROM level ORDER BY id", &q, err));
    for (int i = 0; i < l->atlas->n_levels; i++) {
        bool row;
        KZ_TRY(next(l, &q, i, &row, err));
        if (!row)
            return damaged(l, err);
        kz_atlas_level *v = &l->levels[i];
        v->code = text(l, &q, 1);
        v->one = text(l, &q, 2);
        v->many = text(l, &q, 3);
        if (!v->code || !v->one || !v->many)
            return too_large(l, err);
        if (kz_col_null(&q, 4))
            continue;
        kz_map *map = kz_arena_new(l->a, kz_map, 1);
        const char *borders = text(l, &q, 7);
        if (!map || !borders)
            return too_large(l, err);
        *map = (kz_map){ .width = kz_col_real(&q, 4), .height = kz_col_real(&q, 5), .km = kz_col_real(&q, 6),
                         .parent_borders = borders };
        v->map = map;
    }
    return KZ_OK;
}

static kz_status load_areas(loader *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(l->db, "SELECT id, level, key, name, slug, parent, lon, lat, area_km2, d, label_x, label_y, "
                             "label_width, x0, y0, x1, y1, surface, since, until FROM area ORDER BY id", &q, err));
    for (int i = 0, level = 0; i < l->atlas->n_areas; i++) {
        bool row;
        KZ_TRY(next(l, &q, i, &row, err));
        int64_t at = row ? kz_col_int(&q, 1) : -1, parent = row && !kz_col_null(&q, 5) ? kz_col_int(&q, 5) : KZ_NONE;
        if (at < level || at >= l->atlas->n_levels || parent >= i)
            return damaged(l, err);
        level = (int)at;
        kz_atlas_level *v = &l->levels[level];
        if (v->n_areas == 0)
            v->first_area = i;
        kz_atlas_area *area = &l->areas[i];
        *area = (kz_atlas_area){ .key = text(l, &q, 2), .name = text(l, &q, 3), .slug = text(l, &q, 4),
                                 .level = level, .parent = (int)parent, .in_level = v->n_areas++,
                                 .lon = kz_col_real(&q, 6), .lat = kz_col_real(&q, 7),
                                 .area_km2 = kz_col_real(&q, 8), .since = text(l, &q, 18),
                                 .until = text(l, &q, 19) };
        kz_map_area *m = &l->outlines[i];
        *m = (kz_map_area){ .d = text(l, &q, 9), .label_x = kz_col_real(&q, 10), .label_y = kz_col_real(&q, 11),
                            .label_width = kz_col_real(&q, 12), .x0 = kz_col_real(&q, 13), .y0 = kz_col_real(&q, 14),
                            .x1 = kz_col_real(&q, 15), .y1 = kz_col_real(&q, 16), .surface = kz_col_real(&q, 17) };
        if (!area->key || !area->name || !area->slug || !area->since || !area->until || !m->d)
            return too_large(l, err);
    }
    for (int v = 0; v < l->atlas->n_levels; v++) {
        kz_map *map = l->levels[v].map;
        if (map) {
            map->n = l->levels[v].n_areas;
            map->areas = l->outlines + l->levels[v].first_area;
        }
    }
    return KZ_OK;
}

static kz_status load_periods(loader *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(l->db, "SELECT id, code, label FROM period ORDER BY id", &q, err));
    for (int i = 0; i < l->atlas->n_periods; i++) {
        bool row;
        KZ_TRY(next(l, &q, i, &row, err));
        if (!row)
            return damaged(l, err);
        l->periods[i] = (kz_atlas_period){ text(l, &q, 1), text(l, &q, 2) };
        if (!l->periods[i].code || !l->periods[i].label)
            return too_large(l, err);
    }
    return KZ_OK;
}

static kz_status load_groups(loader *l, int indicator, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_atlas_indicator *ind = &l->indicators[indicator];
    kz_atlas_group *groups = kz_arena_new(l->a, kz_atlas_group, ind->n_groups);
    if (!groups)
        return too_large(l, err);
    KZ_TRY(kz_prepare(l->db, "SELECT id, code, label, parent, condition FROM indicator_group WHERE indicator = ?1 "
                             "ORDER BY id", &q, err));
    kz_bind_int(&q, 1, indicator);
    for (int i = 0; i < ind->n_groups; i++) {
        bool row;
        KZ_TRY(next(l, &q, i, &row, err));
        int64_t parent = row && !kz_col_null(&q, 3) ? kz_col_int(&q, 3) : KZ_NONE;
        if (!row || parent >= i)
            return damaged(l, err);
        groups[i] = (kz_atlas_group){ text(l, &q, 1), text(l, &q, 2), (int)parent, text(l, &q, 4) };
        if (!groups[i].code || !groups[i].label || !groups[i].condition)
            return too_large(l, err);
    }
    ind->groups = groups;
    return KZ_OK;
}

static kz_status load_phases(loader *l, kz_err *err)
{
    static const kz_atlas_phase ALL = { "", "", "", "", -9, 300, false };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    if (l->atlas->n_phases == 0) { /* a release from before there were phases */
        l->atlas->n_phases = 1;
        l->phases[0] = ALL;
        return KZ_OK;
    }
    KZ_TRY(kz_prepare(l->db, "SELECT id, code, label, ages, leicht, from_month, to_month, course FROM phase "
                             "ORDER BY id", &q, err));
    for (int i = 0; i < l->atlas->n_phases; i++) {
        bool row;
        KZ_TRY(next(l, &q, i, &row, err));
        if (!row)
            return damaged(l, err);
        l->phases[i] = (kz_atlas_phase){ text(l, &q, 1), text(l, &q, 2), text(l, &q, 3), text(l, &q, 4),
                                         (int)kz_col_int(&q, 5), (int)kz_col_int(&q, 6), kz_col_int(&q, 7) != 0 };
        if (!l->phases[i].code || !l->phases[i].label || !l->phases[i].ages || !l->phases[i].leicht)
            return too_large(l, err);
    }
    return KZ_OK;
}

static kz_status load_changes(loader *l, int indicator, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_atlas_indicator *ind = &l->indicators[indicator];
    kz_atlas_change *changes = kz_arena_new(l->a, kz_atlas_change, ind->n_changes + 1);
    if (!changes)
        return too_large(l, err);
    KZ_TRY(kz_prepare(l->db, "SELECT id, version, date, text FROM indicator_change WHERE indicator = ?1 ORDER BY id",
                      &q, err));
    kz_bind_int(&q, 1, indicator);
    for (int i = 0; i < ind->n_changes; i++) {
        bool row;
        KZ_TRY(next(l, &q, i, &row, err));
        if (!row)
            return damaged(l, err);
        changes[i] = (kz_atlas_change){ (int)kz_col_int(&q, 1), text(l, &q, 2), text(l, &q, 3) };
        if (!changes[i].date || !changes[i].text)
            return too_large(l, err);
    }
    ind->changes = changes;
    return KZ_OK;
}

/* Its data sheet: what the pages about the indicator say beyond the numbers. */
static kz_status load_sheet(loader *l, int indicator, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_atlas_indicator *ind = &l->indicators[indicator];
    const char **texts[] = { &ind->variant_of, &ind->unit, &ind->symbol, &ind->numerator, &ind->denominator,
                             &ind->reference, &ind->origin, &ind->interpretation, &ind->leicht_title, &ind->leicht,
                             &ind->leicht_of, &ind->leicht_sentence };
    enum { TEXTS = sizeof texts / sizeof texts[0] };
    bool row;
    KZ_TRY(kz_prepare(l->db, "SELECT variant_of, unit, symbol, numerator, denominator, reference, origin, "
                             "interpretation, leicht_title, leicht, leicht_of, leicht_sentence, phase, is_key, "
                             "age_from, age_to, version, pool, min_denominator, (SELECT COUNT(*) FROM "
                             "indicator_change c WHERE c.indicator = i.id) FROM indicator i WHERE id = ?1",
                      &q, err));
    kz_bind_int(&q, 1, indicator);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return damaged(l, err);
    for (int t = 0; t < TEXTS; t++)
        if (!(*texts[t] = text(l, &q, t)))
            return too_large(l, err);
    int64_t n[8];
    for (int k = 0; k < 8; k++)
        n[k] = kz_col_int(&q, TEXTS + k);
    if (n[0] < 0 || n[0] >= l->atlas->n_phases || n[7] > MANY)
        return damaged(l, err);
    ind->phase = (int)n[0];
    ind->is_key = n[1] != 0;
    ind->age_from = (int)n[2];
    ind->age_to = (int)n[3];
    ind->version = (int)n[4];
    ind->pool = (int)n[5];
    ind->min_denominator = (int)n[6];
    ind->n_changes = (int)n[7];
    return load_changes(l, indicator, err);
}

static kz_status load_indicators(loader *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(l->db,
                      "SELECT i.id, i.code, title, short_title, subtitle, sentence, counted, numerator_label, "
                      "denominator_label, source, protection, theme, caveat, release, published_at, kind, direction, "
                      "per, digits, (SELECT COUNT(*) FROM indicator_group g WHERE g.indicator = i.id), "
                      "first_period, last_period, r.first, r.last "
                      "FROM indicator i LEFT JOIN (SELECT indicator, MIN(area) AS first, MAX(area) AS last FROM cell "
                      "GROUP BY indicator) r ON r.indicator = i.id ORDER BY i.id", &q, err));
    for (int i = 0; i < l->atlas->n_indicators; i++) {
        bool row;
        KZ_TRY(next(l, &q, i, &row, err));
        if (!row)
            return damaged(l, err);
        kz_atlas_indicator *ind = &l->indicators[i];
        const char **texts[] = { &ind->id, &ind->title, &ind->short_title, &ind->subtitle, &ind->sentence,
                                 &ind->counted, &ind->numerator_label, &ind->denominator_label, &ind->source,
                                 &ind->protection, &ind->theme, &ind->caveat, &ind->release, &ind->published_at };
        for (int t = 0; t < (int)(sizeof texts / sizeof texts[0]); t++)
            if (!(*texts[t] = text(l, &q, t + 1)))
                return too_large(l, err);
        ind->kind = (kz_kind)kz_col_int(&q, 15);
        ind->direction = (kz_direction)kz_col_int(&q, 16);
        ind->per = (int)kz_col_int(&q, 17);
        ind->digits = (int)kz_col_int(&q, 18);
        ind->n_groups = (int)kz_col_int(&q, 19);
        int64_t first = kz_col_int(&q, 20), last = kz_col_int(&q, 21);
        if (ind->kind >= KZ_N_KINDS || ind->direction > KZ_DIR_RESOURCE || ind->n_groups < 1 || ind->per < 1 ||
            ind->digits < 0 || ind->digits > 9 || kz_col_null(&q, 20) || first < 0 || last >= l->atlas->n_periods)
            return damaged(l, err);
        int64_t from = kz_col_int(&q, 22), to = kz_col_int(&q, 23);
        if (from < 0 || to < from || to >= l->atlas->n_areas)
            return damaged(l, err);
        ind->first_area = (int)from;
        ind->n_areas = (int)(to - from + 1);
        ind->first_period = (int)first;
        ind->n_periods = (int)(last - first + 1);
        KZ_TRY(load_groups(l, i, err));
        KZ_TRY(load_sheet(l, i, err));

        size_t n = (size_t)ind->n_groups * (size_t)ind->n_areas * (size_t)ind->n_periods;
        if (!(l->cells[i] = kz_arena_new(l->a, kz_cell, n)))
            return too_large(l, err);
        for (size_t c = 0; c < n; c++)
            l->cells[i][c].state = KZ_N_CELL_STATES; /* no such cell */
        ind->cells = l->cells[i];
    }
    return KZ_OK;
}

static int64_t count_or_unknown(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? -1 : kz_col_int(q, at);
}

static kz_status load_cells(loader *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const kz_atlas *a = l->atlas;
    KZ_TRY(kz_prepare(l->db, "SELECT indicator, grp, area, period, state, numerator, denominator, value, lo, hi "
                             "FROM cell", &q, err));
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        int64_t i = kz_col_int(&q, 0), group = kz_col_int(&q, 1), area = kz_col_int(&q, 2),
                period = kz_col_int(&q, 3), state = kz_col_int(&q, 4);
        if (i < 0 || i >= a->n_indicators || area < 0 || area >= a->n_areas || state < 0 || state >= KZ_N_CELL_STATES)
            return damaged(l, err);
        const kz_atlas_indicator *ind = &l->indicators[i];
        int64_t at = period - ind->first_period;
        if (group < 0 || group >= ind->n_groups || at < 0 || at >= ind->n_periods)
            return damaged(l, err);
        l->cells[i][(group * ind->n_areas + area - ind->first_area) * ind->n_periods + at] = (kz_cell){
            .area = (uint32_t)area, .period = (uint32_t)period, .indicator = (uint32_t)i, .group = (uint32_t)group,
            .numerator = count_or_unknown(&q, 5), .denominator = count_or_unknown(&q, 6),
            .value = kz_col_real(&q, 7), .lo = kz_col_real(&q, 8), .hi = kz_col_real(&q, 9),
            .smoothed = NAN, .smoothed_lo = NAN, .smoothed_hi = NAN, .state = (uint8_t)state,
        };
    }
}

static kz_status load_news(loader *l, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(l->db, "SELECT date, text FROM news ORDER BY date DESC, id DESC", &q, err));
    for (int i = 0; i < l->atlas->n_news; i++) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return damaged(l, err);
        l->news[i] = (kz_atlas_news){ text(l, &q, 0), text(l, &q, 1) };
        if (!l->news[i].date || !l->news[i].text)
            return too_large(l, err);
    }
    return KZ_OK;
}

static kz_status load_counts(loader *l, kz_err *err)
{
    kz_atlas *a = l->atlas;
    KZ_TRY(count(l, "SELECT COUNT(*) FROM level", &a->n_levels, err));
    KZ_TRY(count(l, "SELECT COUNT(*) FROM area", &a->n_areas, err));
    KZ_TRY(count(l, "SELECT COUNT(*) FROM period", &a->n_periods, err));
    KZ_TRY(count(l, "SELECT COUNT(*) FROM indicator", &a->n_indicators, err));
    KZ_TRY(count(l, "SELECT COUNT(*) FROM news", &a->n_news, err));
    KZ_TRY(count(l, "SELECT COUNT(*) FROM phase", &a->n_phases, err));
    if (a->n_areas == 0 || a->n_indicators == 0)
        return kz_fail(err, KZ_E_MISSING, "atlas.nothing_published", kz_s("file", kz_db_path(l->db)));
    a->levels = l->levels = kz_arena_new(l->a, kz_atlas_level, a->n_levels);
    a->areas = l->areas = kz_arena_new(l->a, kz_atlas_area, a->n_areas);
    l->outlines = kz_arena_new(l->a, kz_map_area, a->n_areas);
    a->periods = l->periods = kz_arena_new(l->a, kz_atlas_period, a->n_periods);
    a->indicators = l->indicators = kz_arena_new(l->a, kz_atlas_indicator, a->n_indicators);
    l->cells = kz_arena_new(l->a, kz_cell *, a->n_indicators);
    a->news = l->news = kz_arena_new(l->a, kz_atlas_news, a->n_news);
    a->phases = l->phases = kz_arena_new(l->a, kz_atlas_phase, a->n_phases + 1);
    if (!l->levels || !l->areas || !l->outlines || !l->periods || !l->indicators || !l->cells || !l->news ||
        !l->phases)
        return too_large(l, err);
    return KZ_OK;
}

/* One read transaction: a publication in the middle of it is not seen. */
static kz_status load(loader *l, kz_err *err)
{
    KZ_TRY(kz_db_exec(l->db, "BEGIN", err));
    KZ_TRY(load_counts(l, err));
    KZ_TRY(load_settings(l, err));
    KZ_TRY(load_levels(l, err));
    KZ_TRY(load_areas(l, err));
    KZ_TRY(load_periods(l, err));
    KZ_TRY(load_phases(l, err));
    KZ_TRY(load_indicators(l, err));
    KZ_TRY(load_cells(l, err));
    KZ_TRY(load_news(l, err));
    return kz_db_exec(l->db, "COMMIT", err);
}

kz_status kz_atlas_load(const char *release_db, kz_atlas **ret, kz_err *err)
{
    KZ_AUTO_DB db = NULL;
    KZ_TRY(kz_steps_open(release_db, KZ_DB_READ, KZ_STEPS_RELEASE, &db, err));

    kz_arena *a = calloc(1, sizeof *a);
    if (!a)
        return kz_fail(err, KZ_E_LIMIT, "atlas.too_large", kz_s("file", release_db));
    kz_arena_init(a, ATLAS_CAP);
    loader l = { .a = a, .db = db, .atlas = kz_arena_new(a, kz_atlas, 1) };
    kz_status st = l.atlas ? load(&l, err) : too_large(&l, err);
    if (st != KZ_OK) {
        kz_arena_done(a);
        free(a);
        return st;
    }
    l.atlas->owner = a;
    *ret = l.atlas;
    return KZ_OK;
}

void kz_atlas_free(kz_atlas *atlas)
{
    if (!atlas)
        return;
    kz_arena *a = atlas->owner;
    kz_arena_done(a);
    free(a);
}
