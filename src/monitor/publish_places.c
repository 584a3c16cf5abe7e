/* release.db: levels, areas with their maps, periods. */
#include "base/collate.h"
#include "base/fmt.h"
#include "geo/svgmap.h"
#include "monitor/publish_job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAP_WIDTH = 620 };

/* ---- levels and areas ------------------------------------------------------- */

/* Levels with cells in a publication, and the municipality itself. */
static kz_status load_levels(kz_publish_job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    int cap = 0;
    KZ_TRY(kz_prepare(j->work, "SELECT COUNT(*) FROM level", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    cap = (int)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    if (!(j->levels = kz_arena_new(j->a, kz_publish_level, cap + 1)))
        return kz_publish_no_memory(err);
    KZ_TRY(kz_prepare(j->work, "SELECT id, code, one, many FROM level WHERE \"rank\" = 0 OR id IN (SELECT DISTINCT "
                               "a.level FROM area a WHERE a.id IN (SELECT area FROM release_cell WHERE release IN "
                               "(SELECT id FROM release WHERE state = 'published' OR id = ?1))) ORDER BY \"rank\", id",
                      &q, err));
    kz_bind_int(&q, 1, j->release);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        kz_publish_level *l = &j->levels[j->n_levels++];
        *l = (kz_publish_level){ kz_col_int(&q, 0), kz_arena_strdup(j->a, kz_col_text(&q, 1)),
                      kz_arena_strdup(j->a, kz_col_text(&q, 2)), kz_arena_strdup(j->a, kz_col_text(&q, 3)) };
        if (!l->code || !l->one || !l->many)
            return kz_publish_no_memory(err);
    }
    return st;
}

/* "stadtteil-501": letters and digits of level and key; a twin gets a number. */
static const char *make_slug(kz_publish_job *j, const kz_publish_area *own)
{
    kz_auto(kz_buf) b = kz_buf_init(400);
    kz_buf_fmt(&b, "%s-%s%s%s", j->levels[own->level].code, own->key, own->until[0] ? "-bis-" : "", own->until);
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
    const kz_publish_area *a = x, *b = y;
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
    const kz_publish_area *const *a = x, *const *b = y;
    return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

kz_publish_area *kz_publish_find_area(const kz_publish_job *j, int64_t id)
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

/* "Nippes (bis 31.12.2022)": an area that has ended keeps its series, and says so wherever it is named. */
static bool name_ended(kz_publish_job *j, kz_publish_area *a)
{
    kz_auto(kz_buf) day = kz_buf_init(64), name = kz_buf_init(1000);
    if (a->until[0] == '\0')
        return true;
    kz_fmt_date(&day, KZ_LANG_DE, a->until);
    kz_say(&name, KZ_LANG_DE, "ledger.until", kz_s("name", a->name), kz_s("day", kz_buf_text(&day)));
    a->name = kz_arena_strdup(j->a, kz_buf_text(&name));
    return a->name && kz_buf_status(&name) == KZ_OK;
}

static kz_status load_areas(kz_publish_job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(j->work, "SELECT COUNT(*) FROM area", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    size_t most = (size_t)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    j->areas = kz_arena_new(j->a, kz_publish_area, most + 1);
    j->by_id = kz_arena_new(j->a, kz_publish_area *, most + 1);
    if (!j->areas || !j->by_id)
        return kz_publish_no_memory(err);
    KZ_TRY(kz_prepare(j->work, "SELECT id, level, key, name, parent, valid_to FROM area ORDER BY id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        int l = 0;
        while (l < j->n_levels && j->levels[l].id != kz_col_int(&q, 1))
            l++;
        if (l == j->n_levels)
            continue;
        kz_publish_area *a = &j->areas[j->n_areas++];
        *a = (kz_publish_area){ .id = kz_col_int(&q, 0), .level = l, .key = kz_arena_strdup(j->a, kz_col_text(&q, 2)),
                     .name = kz_arena_strdup(j->a, kz_col_text(&q, 3)), .parent = kz_col_int(&q, 4),
                     .until = kz_arena_strdup(j->a, kz_col_text(&q, 5)), .sort = kz_buf_init(4096) };
        if (!a->key || !a->name || !a->until || !name_ended(j, a))
            return kz_publish_no_memory(err);
        kz_collate_key(&a->sort, kz_view_of(a->name));
    }
    KZ_TRY(st);
    if (j->n_areas > 1)
        qsort(j->areas, (size_t)j->n_areas, sizeof *j->areas, by_level_and_name);
    for (int i = 0; i < j->n_areas; i++) {
        j->areas[i].at = i;
        j->by_id[i] = &j->areas[i];
        if (!(j->areas[i].slug = make_slug(j, &j->areas[i])))
            return kz_publish_no_memory(err);
    }
    if (j->n_areas > 1)
        qsort(j->by_id, (size_t)j->n_areas, sizeof *j->by_id, by_id);
    return KZ_OK;
}

/* The nearest published area above, through levels that are not published. */
static kz_status published_parent(kz_publish_job *j, const kz_publish_area *a, const kz_publish_area **ret,
                                  kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    int64_t id = a->parent;
    KZ_TRY(kz_prepare(j->work, "SELECT parent FROM area WHERE id = ?1", &q, err));
    while (id != 0 && !kz_publish_find_area(j, id)) {
        bool row;
        kz_bind_int(&q, 1, id);
        KZ_TRY(kz_step(&q, &row, err));
        id = row ? kz_col_int(&q, 0) : 0;
        kz_reset(&q);
    }
    *ret = id != 0 ? kz_publish_find_area(j, id) : a->level > 0 ? &j->areas[0] : NULL;
    return KZ_OK;
}

/* ---- maps ---------------------------------------------------------------------- */

typedef struct shapes {
    kz_outline *outlines;
    int64_t *parents;
    int n, drawn;
    double surface;
} shapes;

static kz_status load_shapes(kz_publish_job *j, int lev, shapes *s, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    s->outlines = kz_arena_new(j->a, kz_outline, j->n_areas);
    s->parents = kz_arena_new(j->a, int64_t, j->n_areas);
    if (!s->outlines || !s->parents)
        return kz_publish_no_memory(err);
    /* Areas that have ended would lie over those of today. */
    KZ_TRY(kz_prepare(j->work, "SELECT outline FROM area WHERE id = ?1 AND valid_to = ''", &q, err));
    for (int i = 0; i < j->n_areas; i++) {
        bool row;
        size_t n;
        const kz_publish_area *parent;
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
static kz_status draw_level(kz_publish_job *j, int lev, kz_map **ret, kz_err *err)
{
    shapes s = { 0 };
    KZ_TRY(load_shapes(j, lev, &s, err));
    *ret = NULL;
    if (s.drawn == 0)
        return KZ_OK;
    kz_map *map = kz_arena_new(j->a, kz_map, 1);
    if (!map)
        return kz_publish_no_memory(err);
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

static kz_status put_area(kz_publish_job *j, const kz_publish_area *a, const kz_map_area *m, kz_stmt *from,
                          kz_stmt *to, kz_err *err)
{
    const kz_publish_area *parent;
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
    kz_bind_text(to, 19, kz_col_text(from, 3));
    kz_bind_text(to, 20, kz_col_text(from, 4));
    kz_reset(from);
    return kz_run(to, err);
}

static kz_status put_areas_and_levels(kz_publish_job *j, kz_err *err)
{
    kz_auto(kz_stmt) lev = KZ_STMT_INIT;
    kz_auto(kz_stmt) from = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO level (id, code, one, many, map_width, map_height, map_km, parent_borders) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &lev, err));
    KZ_TRY(kz_prepare(j->work, "SELECT lon, lat, area_m2, valid_from, valid_to FROM area WHERE id = ?1", &from,
                      err));
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO area (id, level, key, name, slug, parent, lon, lat, area_km2, d, label_x, "
                              "label_y, label_width, x0, y0, x1, y1, surface, since, until) VALUES (?1, ?2, ?3, ?4, "
                              "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)", &to, err));
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

/* Sources of persons share a year and have days of their own (1 March, 31 December): such a period is called by its
 * code, and an indicator says its day itself. */
static kz_status put_periods(kz_publish_job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(
        kz_prepare(j->work,
                   "SELECT code, CASE WHEN EXISTS (SELECT 1 FROM segment WHERE period = period.id) THEN '' ELSE day "
                   "END, id FROM period WHERE id IN (SELECT period FROM release_cell WHERE release "
                   "IN (SELECT id FROM release WHERE state = 'published' OR id = ?1)) ORDER BY "
                   "CASE WHEN code LIKE '____/__' THEN 1 WHEN code LIKE '____-H_' THEN 2 WHEN code LIKE "
                   "'____-Q_' THEN 3 WHEN code LIKE '____-__' THEN 4 WHEN code LIKE '____-__-__' THEN 5 "
                   "ELSE 0 END, code",
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
        if (i == KZ_PUBLISH_PERIODS_MOST)
            return kz_publish_no_memory(err);
        j->periods[j->n_periods++] = kz_col_int(&q, 2);
        kz_bind_int(&to, 1, i);
        kz_bind_text(&to, 2, kz_col_text(&q, 0));
        kz_bind_text(&to, 3, kz_buf_text(&label));
        KZ_TRY(kz_run(&to, err));
    }
}

kz_status kz_publish_load_places(kz_publish_job *j, kz_err *err)
{
    KZ_TRY(load_levels(j, err));
    return load_areas(j, err);
}

kz_status kz_publish_put_places(kz_publish_job *j, kz_err *err)
{
    KZ_TRY(put_areas_and_levels(j, err));
    return put_periods(j, err);
}
