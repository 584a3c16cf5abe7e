/* Writing release.db: the newest publication of every indicator, and what is needed to read it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/collate.h"
#include "base/fmt.h"
#include "geo/svgmap.h"
#include "monitor/indicator.h"
#include "monitor/release.h"
#include "sdc/suppress.h"

enum { PUBLISH_CAP = 1 << 30, MAP_WIDTH = 620, PERIODS_MOST = 1024 };

typedef struct area {
    int64_t id, parent; /* of work.db; parent 0: none */
    int level;          /* place among the published levels */
    int at;             /* place in the atlas */
    const char *key, *name, *slug;
    kz_buf sort;
} area;

typedef struct level {
    int64_t id;
    const char *code, *one, *many;
} level;

typedef struct job {
    kz_db *work, *pub;
    int64_t release; /* counts as published from now on */
    kz_arena *a;
    kz_catalogue cat;
    int n_levels, n_areas;
    level *levels;
    area *areas;   /* in atlas order */
    area **by_id;  /* in order of id */
    int n_periods;
    int64_t periods[PERIODS_MOST]; /* ids of work.db, in atlas order */
    kz_publication *p;
} job;

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

/* ---- levels and areas ------------------------------------------------------- */

/* Levels with cells in a publication, and the municipality itself. */
static kz_status load_levels(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    int cap = 0;
    KZ_TRY(kz_prepare(j->work, "SELECT COUNT(*) FROM level", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    cap = (int)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    if (!(j->levels = kz_arena_new(j->a, level, cap + 1)))
        return no_memory(err);
    KZ_TRY(kz_prepare(j->work, "SELECT id, code, one, many FROM level WHERE \"rank\" = 0 OR id IN (SELECT DISTINCT "
                               "a.level FROM area a WHERE a.id IN (SELECT area FROM release_cell WHERE release IN "
                               "(SELECT id FROM release WHERE state = 'published' OR id = ?1))) ORDER BY \"rank\", id",
                      &q, err));
    kz_bind_int(&q, 1, j->release);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        level *l = &j->levels[j->n_levels++];
        *l = (level){ kz_col_int(&q, 0), kz_arena_strdup(j->a, kz_col_text(&q, 1)),
                      kz_arena_strdup(j->a, kz_col_text(&q, 2)), kz_arena_strdup(j->a, kz_col_text(&q, 3)) };
        if (!l->code || !l->one || !l->many)
            return no_memory(err);
    }
    return st;
}

/* "stadtteil-501": letters and digits of level and key; a twin gets a number. */
static const char *make_slug(job *j, const area *own)
{
    kz_auto(kz_buf) b = kz_buf_init(400);
    kz_buf_fmt(&b, "%s-%s", j->levels[own->level].code, own->key);
    for (size_t i = 0; i < b.n; i++) {
        char c = b.p[i];
        if (c >= 'A' && c <= 'Z')
            b.p[i] = (char)(c - 'A' + 'a');
        else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            b.p[i] = '-';
    }
    size_t n = b.n;
    for (int twin = 2;; twin++) {
        bool taken = false;
        for (int i = 0; i < j->n_areas && !taken; i++)
            taken = j->areas[i].slug && strcmp(j->areas[i].slug, kz_buf_text(&b)) == 0;
        if (!taken)
            return kz_arena_strdup(j->a, kz_buf_text(&b));
        b.n = n;
        kz_buf_fmt(&b, "-%d", twin);
    }
}

static int by_level_and_name(const void *x, const void *y)
{
    const area *a = x, *b = y;
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    size_t n = a->sort.n < b->sort.n ? a->sort.n : b->sort.n;
    int order = memcmp(kz_buf_text(&a->sort), kz_buf_text(&b->sort), n);
    if (order == 0)
        order = (a->sort.n > b->sort.n) - (a->sort.n < b->sort.n);
    return order ? order : strcmp(a->key, b->key);
}

static int by_id(const void *x, const void *y)
{
    const area *const *a = x, *const *b = y;
    return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static area *find_area(const job *j, int64_t id)
{
    int lo = 0, hi = j->n_areas;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (j->by_id[mid]->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < j->n_areas && j->by_id[lo]->id == id ? j->by_id[lo] : NULL;
}

static kz_status load_areas(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(j->work, "SELECT COUNT(*) FROM area", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    size_t most = (size_t)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    j->areas = kz_arena_new(j->a, area, most + 1);
    j->by_id = kz_arena_new(j->a, area *, most + 1);
    if (!j->areas || !j->by_id)
        return no_memory(err);
    KZ_TRY(kz_prepare(j->work, "SELECT id, level, key, name, parent FROM area ORDER BY id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        int l = 0;
        while (l < j->n_levels && j->levels[l].id != kz_col_int(&q, 1))
            l++;
        if (l == j->n_levels)
            continue;
        area *a = &j->areas[j->n_areas++];
        *a = (area){ .id = kz_col_int(&q, 0), .level = l, .key = kz_arena_strdup(j->a, kz_col_text(&q, 2)),
                     .name = kz_arena_strdup(j->a, kz_col_text(&q, 3)), .parent = kz_col_int(&q, 4),
                     .sort = kz_buf_init(4096) };
        if (!a->key || !a->name)
            return no_memory(err);
        kz_collate_key(&a->sort, kz_view_of(a->name));
    }
    KZ_TRY(st);
    if (j->n_areas > 1)
        qsort(j->areas, (size_t)j->n_areas, sizeof *j->areas, by_level_and_name);
    for (int i = 0; i < j->n_areas; i++) {
        j->areas[i].at = i;
        j->by_id[i] = &j->areas[i];
        if (!(j->areas[i].slug = make_slug(j, &j->areas[i])))
            return no_memory(err);
    }
    if (j->n_areas > 1)
        qsort(j->by_id, (size_t)j->n_areas, sizeof *j->by_id, by_id);
    return KZ_OK;
}

/* The nearest published area above, through levels that are not published. */
static kz_status published_parent(job *j, const area *a, const area **ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    int64_t id = a->parent;
    KZ_TRY(kz_prepare(j->work, "SELECT parent FROM area WHERE id = ?1", &q, err));
    while (id != 0 && !find_area(j, id)) {
        bool row;
        kz_bind_int(&q, 1, id);
        KZ_TRY(kz_step(&q, &row, err));
        id = row ? kz_col_int(&q, 0) : 0;
        kz_reset(&q);
    }
    *ret = id != 0 ? find_area(j, id) : a->level > 0 ? &j->areas[0] : NULL;
    return KZ_OK;
}

/* ---- maps ---------------------------------------------------------------------- */

typedef struct shapes {
    kz_outline *outlines;
    int64_t *parents;
    int n, drawn;
    double surface;
} shapes;

static kz_status load_shapes(job *j, int lev, shapes *s, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    s->outlines = kz_arena_new(j->a, kz_outline, j->n_areas);
    s->parents = kz_arena_new(j->a, int64_t, j->n_areas);
    if (!s->outlines || !s->parents)
        return no_memory(err);
    KZ_TRY(kz_prepare(j->work, "SELECT outline FROM area WHERE id = ?1", &q, err));
    for (int i = 0; i < j->n_areas; i++) {
        bool row;
        size_t n;
        const area *parent;
        if (j->areas[i].level != lev)
            continue;
        kz_bind_int(&q, 1, j->areas[i].id);
        KZ_TRY(kz_step(&q, &row, err));
        const void *wkb = row ? kz_col_blob(&q, 0, &n) : NULL;
        if (wkb && n > 0) {
            KZ_TRY(kz_outline_from_wkb(wkb, n, j->a, &s->outlines[s->n], err));
            s->surface += kz_outline_area(&s->outlines[s->n]);
            s->drawn++;
        }
        KZ_TRY(published_parent(j, &j->areas[i], &parent, err));
        s->parents[s->n++] = parent ? parent->at : KZ_NONE;
        kz_reset(&q);
    }
    return KZ_OK;
}

/* NULL in *ret: the level has no outlines.  Detail below a 100,000th of the surface is dropped. */
static kz_status draw_level(job *j, int lev, kz_map **ret, kz_err *err)
{
    shapes s = { 0 };
    KZ_TRY(load_shapes(j, lev, &s, err));
    *ret = NULL;
    if (s.drawn == 0)
        return KZ_OK;
    kz_map *map = kz_arena_new(j->a, kz_map, 1);
    if (!map)
        return no_memory(err);
    KZ_TRY(kz_map_build(s.outlines, s.n, s.parents, MAP_WIDTH, s.surface / 1e5, j->a, map, err));
    *ret = map;
    return KZ_OK;
}

static void bind_map_area(kz_stmt *q, int at, const kz_map_area *m)
{
    kz_bind_text(q, at, m->d);
    kz_bind_real(q, at + 1, m->label_x);
    kz_bind_real(q, at + 2, m->label_y);
    kz_bind_real(q, at + 3, m->label_width);
    kz_bind_real(q, at + 4, m->x0);
    kz_bind_real(q, at + 5, m->y0);
    kz_bind_real(q, at + 6, m->x1);
    kz_bind_real(q, at + 7, m->y1);
    kz_bind_real(q, at + 8, m->surface);
}

static kz_status put_area(job *j, const area *a, const kz_map_area *m, kz_stmt *from, kz_stmt *to, kz_err *err)
{
    const area *parent;
    bool row;
    KZ_TRY(published_parent(j, a, &parent, err));
    kz_bind_int(from, 1, a->id);
    KZ_TRY(kz_step(from, &row, err));
    kz_bind_int(to, 1, a->at);
    kz_bind_int(to, 2, a->level);
    kz_bind_text(to, 3, a->key);
    kz_bind_text(to, 4, a->name);
    kz_bind_text(to, 5, a->slug);
    if (parent)
        kz_bind_int(to, 6, parent->at);
    kz_bind_real(to, 7, kz_col_null(from, 0) ? NAN : kz_col_real(from, 0));
    kz_bind_real(to, 8, kz_col_null(from, 1) ? NAN : kz_col_real(from, 1));
    kz_bind_real(to, 9, kz_col_null(from, 2) ? NAN : kz_col_real(from, 2) / 1e6);
    if (m)
        bind_map_area(to, 10, m);
    kz_reset(from);
    return kz_run(to, err);
}

static kz_status put_places(job *j, kz_err *err)
{
    kz_auto(kz_stmt) lev = KZ_STMT_INIT;
    kz_auto(kz_stmt) from = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO level (id, code, one, many, map_width, map_height, map_km, parent_borders) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &lev, err));
    KZ_TRY(kz_prepare(j->work, "SELECT lon, lat, area_m2 FROM area WHERE id = ?1", &from, err));
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO area (id, level, key, name, slug, parent, lon, lat, area_km2, d, label_x, "
                              "label_y, label_width, x0, y0, x1, y1, surface) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                              "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)", &to, err));
    for (int l = 0, at = 0; l < j->n_levels; l++) {
        kz_map *map;
        KZ_TRY(draw_level(j, l, &map, err));
        kz_bind_int(&lev, 1, l);
        kz_bind_text(&lev, 2, j->levels[l].code);
        kz_bind_text(&lev, 3, j->levels[l].one);
        kz_bind_text(&lev, 4, j->levels[l].many);
        if (map) {
            kz_bind_real(&lev, 5, map->width);
            kz_bind_real(&lev, 6, map->height);
            kz_bind_real(&lev, 7, map->km);
            kz_bind_text(&lev, 8, map->parent_borders ? map->parent_borders : "");
        }
        KZ_TRY(kz_run(&lev, err));
        for (int i = 0; at < j->n_areas && j->areas[at].level == l; i++, at++)
            KZ_TRY(put_area(j, &j->areas[at], map ? &map->areas[i] : NULL, &from, &to, err));
    }
    return KZ_OK;
}

/* ---- periods, indicators, cells --------------------------------------------------- */

static kz_status put_periods(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(
        kz_prepare(j->work,
                   "SELECT code, day, id FROM period WHERE id IN (SELECT period FROM release_cell WHERE release "
                   "IN (SELECT id FROM release WHERE state = 'published' OR id = ?1)) ORDER BY code",
                   &q, err));
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO period (id, code, label) VALUES (?1, ?2, ?3)", &to, err));
    kz_bind_int(&q, 1, j->release);
    for (int i = 0;; i++) {
        bool row;
        kz_auto(kz_buf) label = kz_buf_init(100);
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        if (*kz_col_text(&q, 1))
            kz_fmt_date(&label, KZ_LANG_DE, kz_col_text(&q, 1));
        else
            kz_buf_str(&label, kz_col_text(&q, 0));
        if (i == PERIODS_MOST)
            return no_memory(err);
        j->periods[j->n_periods++] = kz_col_int(&q, 2);
        kz_bind_int(&to, 1, i);
        kz_bind_text(&to, 2, kz_col_text(&q, 0));
        kz_bind_text(&to, 3, kz_buf_text(&label));
        KZ_TRY(kz_run(&to, err));
    }
}

static kz_status put_groups(job *j, int at, const kz_indicator *ind, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO indicator_group (indicator, id, code, label, parent) "
                              "VALUES (?1, ?2, ?3, ?4, ?5)", &q, err));
    for (int g = 0; g < ind->n_groups; g++) {
        kz_bind_int(&q, 1, at);
        kz_bind_int(&q, 2, g);
        kz_bind_text(&q, 3, ind->groups[g].code);
        kz_bind_text(&q, 4, ind->groups[g].label);
        if (ind->groups[g].parent != KZ_NONE)
            kz_bind_int(&q, 5, ind->groups[g].parent);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

static kz_status put_indicator(job *j, int at, const kz_indicator *ind, const char *release, const char *day,
                               kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const char *texts[] = { ind->id, ind->title, ind->short_title, ind->subtitle, ind->sentence, ind->counted,
                            ind->numerator_label, ind->denominator_label, ind->source, ind->profile->text, ind->theme,
                            ind->caveat, release, day };
    KZ_TRY(kz_prepare(j->pub,
                      "INSERT INTO indicator (id, code, title, short_title, subtitle, sentence, counted, "
                      "numerator_label, denominator_label, source, protection, theme, caveat, release, published_at, "
                      "kind, direction, per, digits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                      "?14, ?15, ?16, ?17, ?18, ?19)", &q, err));
    kz_bind_int(&q, 1, at);
    for (int t = 0; t < 14; t++)
        kz_bind_text(&q, t + 2, texts[t]);
    kz_bind_int(&q, 16, ind->kind);
    kz_bind_int(&q, 17, ind->direction);
    kz_bind_int(&q, 18, ind->per);
    kz_bind_int(&q, 19, ind->digits);
    KZ_TRY(kz_run(&q, err));
    return put_groups(j, at, ind, err);
}

static void copy_int(kz_stmt *to, int at, kz_stmt *from, int col)
{
    if (!kz_col_null(from, col))
        kz_bind_int(to, at, kz_col_int(from, col));
}

/* A value that was public before and is another one now. */
static bool was_revised(kz_stmt *q)
{
    bool was_shown = !kz_col_null(q, 10) && kz_col_int(q, 10) == KZ_MASK_OPEN && kz_col_int(q, 11) == KZ_MASK_OPEN;
    return was_shown && (kz_col_int(q, 12) != kz_col_int(q, 3) || kz_col_int(q, 13) != kz_col_int(q, 4));
}

/* One cell as the public may see it. */
static kz_status put_cell(job *j, int at, int group, int period, kz_stmt *q, kz_stmt *to, kz_err *err)
{
    const area *a = find_area(j, kz_col_int(q, 2));
    int64_t state = kz_col_int(q, 8);
    bool num_open = !kz_col_null(q, 9) && kz_col_int(q, 9) == KZ_MASK_OPEN;
    bool den_open = !kz_col_null(q, 14) && kz_col_int(q, 14) == KZ_MASK_OPEN;
    KZ_ASSERT(a && group != KZ_NONE && state >= 0 && state < KZ_N_CELL_STATES);
    bool shown = num_open && den_open && state != KZ_CELL_HIDDEN;
    if (!shown)
        state = KZ_CELL_HIDDEN;
    else if ((state == KZ_CELL_SHOWN || state == KZ_CELL_ZERO) && was_revised(q))
        state = KZ_CELL_REVISED;
    kz_bind_int(to, 1, at);
    kz_bind_int(to, 2, group);
    kz_bind_int(to, 3, a->at);
    kz_bind_int(to, 4, period);
    kz_bind_int(to, 5, state);
    if (shown)
        copy_int(to, 6, q, 3);
    if (den_open)
        copy_int(to, 7, q, 4);
    for (int c = 0; c < 3 && shown; c++)
        if (!kz_col_null(q, 5 + c))
            kz_bind_real(to, 8 + c, kz_col_real(q, 5 + c));
    j->p->cells++;
    j->p->hidden += state == KZ_CELL_HIDDEN;
    return kz_run(to, err);
}

static kz_status put_cells(job *j, int at, const kz_indicator *ind, int64_t release, int64_t before, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work,
                      "SELECT g.code, c.period, c.area, c.numerator, c.denominator, c.value, c.lo, c.hi, c.state, "
                      "c.num_mask, o.num_mask, o.den_mask, o.numerator, o.denominator, c.den_mask "
                      "FROM release_cell c JOIN indicator i ON i.id = c.indicator "
                      "JOIN indicator_group g ON g.id = c.grp LEFT JOIN release_cell o ON o.release = ?3 AND "
                      "o.indicator = c.indicator AND o.grp = c.grp AND o.period = c.period AND o.area = c.area "
                      "WHERE c.release = ?1 AND i.code = ?2 ORDER BY c.grp, c.period, c.area", &q, err));
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO cell (indicator, grp, area, period, state, numerator, denominator, value, "
                              "lo, hi) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &to, err));
    kz_bind_int(&q, 1, release);
    kz_bind_text(&q, 2, ind->id);
    kz_bind_int(&q, 3, before);
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        int p = 0;
        while (p < j->n_periods && j->periods[p] != kz_col_int(&q, 1))
            p++;
        KZ_ASSERT(p < j->n_periods);
        KZ_TRY(put_cell(j, at, kz_indicator_group_find(ind, kz_col_text(&q, 0)), p, &q, &to, err));
    }
}

/* The newest publication of an indicator (this release counts), and the one before it; 0: none. */
static kz_status find_publications(job *j, const char *indicator, int64_t *newest, int64_t *before, char name[256],
                                   char at[KZ_TIME_TEXT], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    *newest = *before = 0;
    KZ_TRY(kz_prepare(j->work, "SELECT r.id, r.name, r.publish_at FROM release r WHERE (r.state = 'published' OR "
                               "r.id = ?1) AND EXISTS (SELECT 1 FROM release_cell c JOIN indicator i ON i.id = "
                               "c.indicator WHERE c.release = r.id AND i.code = ?2) "
                               "ORDER BY r.id = ?1 DESC, r.publish_at DESC, r.id DESC LIMIT 2", &q, err));
    kz_bind_int(&q, 1, j->release);
    kz_bind_text(&q, 2, indicator);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    *newest = kz_col_int(&q, 0);
    snprintf(name, 256, "%s", kz_col_text(&q, 1));
    snprintf(at, KZ_TIME_TEXT, "%s", kz_col_text(&q, 2));
    KZ_TRY(kz_step(&q, &row, err));
    if (row)
        *before = kz_col_int(&q, 0);
    return KZ_OK;
}

static kz_status put_indicators(job *j, kz_err *err)
{
    for (int i = 0, at = 0; i < j->cat.n; i++) {
        const kz_indicator *ind = &j->cat.indicators[i];
        int64_t newest, before;
        char name[256], when[KZ_TIME_TEXT], day[11];
        KZ_TRY(find_publications(j, ind->id, &newest, &before, name, when, err));
        if (newest == 0)
            continue;
        snprintf(day, sizeof day, "%.10s", when);
        KZ_TRY(put_indicator(j, at, ind, name, day, err));
        KZ_TRY(put_cells(j, at, ind, newest, before, err));
        at++;
    }
    return KZ_OK;
}

/* ---- news and settings --------------------------------------------------------------- */

static kz_status titles_of(job *j, int64_t release, kz_buf *out, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work, "SELECT 1 FROM release_cell c JOIN indicator i ON i.id = c.indicator "
                               "WHERE c.release = ?1 AND i.code = ?2 LIMIT 1", &q, err));
    for (int i = 0; i < j->cat.n; i++) {
        bool row;
        kz_bind_int(&q, 1, release);
        kz_bind_text(&q, 2, j->cat.indicators[i].id);
        KZ_TRY(kz_step(&q, &row, err));
        kz_reset(&q);
        if (!row)
            continue;
        if (out->n > 0)
            kz_buf_str(out, ", ");
        kz_buf_str(out, j->cat.indicators[i].title);
    }
    return kz_buf_status(out);
}

static kz_status put_news(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work, "SELECT r.id, r.publish_at, (SELECT MIN(p.code) FROM period p WHERE p.id IN (SELECT "
                               "period FROM release_cell WHERE release = r.id)), (SELECT MAX(p.code) FROM period p "
                               "WHERE p.id IN (SELECT period FROM release_cell WHERE release = r.id)) FROM release r "
                               "WHERE r.state = 'published' OR r.id = ?1 ORDER BY r.publish_at, r.id", &q, err));
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO news (id, date, text) VALUES (?1, ?2, ?3)", &to, err));
    kz_bind_int(&q, 1, j->release);
    for (int i = 0;; i++) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        kz_auto(kz_buf) titles = kz_buf_init(1 << 16);
        kz_auto(kz_buf) text = kz_buf_init(1 << 17);
        KZ_TRY(titles_of(j, kz_col_int(&q, 0), &titles, err));
        const char *from = kz_col_text(&q, 2), *to_code = kz_col_text(&q, 3);
        kz_say(&text, KZ_LANG_DE, strcmp(from, to_code) == 0 ? "release.news_one" : "release.news",
               kz_s("from", from), kz_s("to", to_code), kz_s("titles", kz_buf_text(&titles)));
        kz_bind_int(&to, 1, i);
        kz_bind_view(&to, 2, kz_col_text(&q, 1), 10);
        kz_bind_text(&to, 3, kz_buf_text(&text));
        KZ_TRY(kz_run(&to, err));
    }
}

static kz_status put_settings(job *j, kz_err *err)
{
    static const char *const KEYS[] = { "name", "key", "credits", "fictional" };
    char value[4096];
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        KZ_TRY(kz_setting_get(j->work, KEYS[i], value, sizeof value, err));
        KZ_TRY(kz_setting_put(j->pub, KEYS[i], value, err));
    }
    snprintf(value, sizeof value, "%lld-%s", (long long)j->release, j->p->at);
    return kz_setting_put(j->pub, "version", value, err);
}

static kz_status write_all(job *j, kz_err *err)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_catalogue_builtin(&j->cat, err));
    KZ_TRY(load_levels(j, err));
    KZ_TRY(load_areas(j, err));
    KZ_TRY(kz_tx_begin(&tx, j->pub, err));
    KZ_TRY(kz_db_exec(j->pub, "DELETE FROM cell; DELETE FROM indicator_group; DELETE FROM indicator; "
                              "DELETE FROM period; DELETE FROM area; DELETE FROM level; DELETE FROM news; "
                              "DELETE FROM setting", err));
    KZ_TRY(put_settings(j, err));
    KZ_TRY(put_places(j, err));
    KZ_TRY(put_periods(j, err));
    KZ_TRY(put_indicators(j, err));
    KZ_TRY(put_news(j, err));
    return kz_tx_commit(&tx, err);
}

kz_status kz_release_write(kz_workspace *ws, int64_t release, kz_publication *p, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, PUBLISH_CAP);
    kz_publication done = *p;
    done.cells = done.hidden = 0;
    job j = { .work = ws->work, .pub = ws->release, .release = release, .a = &arena, .cat = KZ_CATALOGUE_INIT,
              .p = &done };
    kz_status st = write_all(&j, err);
    for (int i = 0; i < j.n_areas; i++)
        kz_buf_done(&j.areas[i].sort);
    kz_catalogue_done(&j.cat);
    if (st == KZ_OK)
        *p = done;
    return st;
}
