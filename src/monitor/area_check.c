#include "monitor/area_check.h"

#include "geo/adjacency.h"
#include "geo/coverage.h"
#include "geo/utm.h"
#include "io/geofile.h"
#include "store/workspace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_EPSG = 25832 };
/* A gap thinner than this is an error of drawing; areas nearer than this are neighbours (metres). */
static const double THIN = 2, NEAR = 2;

/* One division, from the workspace or from a file. */
typedef struct division {
    int n, n_parents, epsg;
    kz_outline *outlines, *parents;
    int *parent_of;
    const char **keys, **names, **parent_keys, **parent_names;
    int64_t *parent_ids;
    const int *rows; /* of a file, or NULL */
    double *lon, *lat;
    double ground; /* square metres on the ground for one of the plane */
} division;

typedef struct list {
    kz_arena *a;
    int n, room;
    kz_area_finding *f;
} list;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

const char *kz_area_check_name(kz_area_check_kind k)
{
#define NAME_OF(NAME, name) [KZ_AREA_CHECK_##NAME] = #name,
    static const char *const NAMES[KZ_N_AREA_CHECKS] = { KZ_AREA_CHECKS(NAME_OF) };
    KZ_ASSERT((unsigned)k < KZ_N_AREA_CHECKS);
    return NAMES[k];
}

static kz_status add(list *l, kz_area_finding f, kz_err *err)
{
    if (l->n == l->room) {
        int room = l->room ? 2 * l->room : 64;
        kz_area_finding *grown = kz_arena_new(l->a, kz_area_finding, room);
        if (!grown)
            return full(err);
        if (l->n > 0)
            memcpy(grown, l->f, (size_t)l->n * sizeof *grown);
        l->f = grown;
        l->room = room;
    }
    const char **texts[] = { &f.key, &f.name, &f.key2, &f.name2, &f.why };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!*texts[i])
            *texts[i] = "";
    l->f[l->n++] = f;
    return KZ_OK;
}

/* ---- land --------------------------------------------------------------------- */

static kz_area_finding of_flaw(const division *d, const kz_flaw *w)
{
    static const kz_area_check_kind KINDS[] = { [KZ_FLAW_OVERLAP] = KZ_AREA_CHECK_OVERLAP,
                                                [KZ_FLAW_GAP] = KZ_AREA_CHECK_GAP,
                                                [KZ_FLAW_OUTSIDE] = KZ_AREA_CHECK_OUTSIDE,
                                                [KZ_FLAW_UNCOVERED] = KZ_AREA_CHECK_UNCOVERED };
    kz_area_finding f = { .kind = KINDS[w->kind], .pieces = w->pieces, .m2 = w->area * d->ground, .lon = NAN,
                          .lat = NAN };
    if (w->kind == KZ_FLAW_GAP && w->width < THIN)
        f.kind = KZ_AREA_CHECK_SLIVER;
    else if (w->kind == KZ_FLAW_GAP && w->b < 0)
        f.kind = KZ_AREA_CHECK_HOLE;
    if (w->a >= 0) {
        f.key = d->keys[w->a];
        f.name = d->names[w->a];
        f.row = d->rows ? d->rows[w->a] : 0;
    }
    if (w->parent >= 0) {
        f.key2 = d->parent_keys[w->parent];
        f.name2 = d->parent_names[w->parent];
    } else if (w->b >= 0) {
        f.key2 = d->keys[w->b];
        f.name2 = d->names[w->b];
        f.row2 = d->rows ? d->rows[w->b] : 0;
    }
    if (!kz_utm_to_lonlat(d->epsg, w->x, w->y, &f.lon, &f.lat))
        f.lon = f.lat = NAN;
    return f;
}

static kz_status check_land(const division *d, double least, list *l, kz_err *err)
{
    kz_coverage c;
    KZ_TRY(kz_coverage_find(d->outlines, d->n, d->parents, d->n_parents, d->parent_of, l->a, &c, err));
    for (int i = 0; i < c.n; i++)
        if (c.flaw[i].area * d->ground >= least)
            KZ_TRY(add(l, of_flaw(d, &c.flaw[i]), err));
    return KZ_OK;
}

static kz_status check_islands(const division *d, list *l, kz_err *err)
{
    kz_topology t;
    kz_adjacency g;
    if (d->n < 2)
        return KZ_OK;
    KZ_TRY(kz_topology_build(d->outlines, d->n, NEAR, l->a, &t, err));
    KZ_TRY(kz_adjacency_make(&t, KZ_QUEEN, l->a, &g, err));
    for (int i = 0; i < d->n; i++)
        if (d->outlines[i].n > 0 && g.start[i] == g.start[i + 1])
            KZ_TRY(add(l, (kz_area_finding){ .kind = KZ_AREA_CHECK_ISLAND, .key = d->keys[i], .name = d->names[i],
                                             .row = d->rows ? d->rows[i] : 0, .pieces = 1,
                                             .m2 = kz_outline_area(&d->outlines[i]) * d->ground, .lon = d->lon[i],
                                             .lat = d->lat[i] }, err));
    return KZ_OK;
}

static int by_kind(const void *va, const void *vb)
{
    const kz_area_finding *x = va, *y = vb;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (!isnan(x->m2) && !isnan(y->m2) && x->m2 != y->m2)
        return x->m2 > y->m2 ? -1 : 1;
    int cmp = strcmp(x->key, y->key);
    return cmp ? cmp : strcmp(x->key2, y->key2);
}

static kz_status finish(const division *d, double least, list *l, kz_area_findings *ret, kz_err *err)
{
    KZ_TRY(check_land(d, least, l, err));
    KZ_TRY(check_islands(d, l, err));
    if (l->n > 1)
        qsort(l->f, (size_t)l->n, sizeof *l->f, by_kind);
    *ret = (kz_area_findings){ .n = l->n, .n_areas = d->n, .list = l->f };
    return KZ_OK;
}

static kz_status make_room(division *d, int most, kz_arena *a, kz_err *err)
{
    d->outlines = kz_arena_new(a, kz_outline, most + 1);
    d->parents = kz_arena_new(a, kz_outline, most + 1);
    d->parent_of = kz_arena_new(a, int, most + 1);
    d->keys = kz_arena_new(a, const char *, most + 1);
    d->names = kz_arena_new(a, const char *, most + 1);
    d->parent_keys = kz_arena_new(a, const char *, most + 1);
    d->parent_names = kz_arena_new(a, const char *, most + 1);
    d->parent_ids = kz_arena_new(a, int64_t, most + 1);
    d->lon = kz_arena_new(a, double, most + 1);
    d->lat = kz_arena_new(a, double, most + 1);
    bool all = d->outlines && d->parents && d->parent_of && d->keys && d->names && d->parent_keys &&
               d->parent_names && d->parent_ids && d->lon && d->lat;
    return all ? KZ_OK : full(err);
}

/* ---- a level ------------------------------------------------------------------ */

static kz_status plane_of(kz_db *work, int *ret, kz_err *err)
{
    char crs[32];
    KZ_TRY(kz_setting_get(work, "crs", crs, sizeof crs, err));
    *ret = strncmp(crs, "EPSG:", 5) == 0 ? (int)strtol(crs + 5, NULL, 10) : 0;
    return KZ_OK;
}

static kz_status take_outline(kz_stmt *q, int at, kz_arena *a, kz_outline *ret, kz_err *err)
{
    size_t n;
    const void *wkb = kz_col_blob(q, at, &n);
    return n > 0 ? kz_outline_from_wkb(wkb, n, a, ret, err) : KZ_OK;
}

/* Number of the parent among those met so far; the city itself is no parent: it is made of its parts. */
static kz_status find_parent(division *d, kz_stmt *q, kz_arena *a, int *ret, kz_err *err)
{
    int64_t id = kz_col_int(q, 6);
    *ret = -1;
    if (kz_col_null(q, 6) || kz_col_int(q, 7) == 0)
        return KZ_OK;
    for (int i = 0; i < d->n_parents; i++)
        if (d->parent_ids[i] == id) {
            *ret = i;
            return KZ_OK;
        }
    kz_outline o = { 0 };
    KZ_TRY(take_outline(q, 10, a, &o, err));
    if (o.n == 0)
        return KZ_OK;
    int at = d->n_parents++;
    d->parent_ids[at] = id;
    d->parents[at] = o;
    d->parent_keys[at] = kz_arena_strdup(a, kz_col_text(q, 8));
    d->parent_names[at] = kz_arena_strdup(a, kz_col_text(q, 9));
    *ret = at;
    return d->parent_keys[at] && d->parent_names[at] ? KZ_OK : full(err);
}

static kz_status load_level(kz_db *work, const kz_area_level *level, kz_arena *a, division *d, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    double plane = 0, ground = 0;
    KZ_TRY(make_room(d, level->n_areas, a, err));
    KZ_TRY(plane_of(work, &d->epsg, err));
    KZ_TRY(kz_prepare(work,
                      "SELECT a.\"key\", a.name, a.outline, a.area_m2, a.lon, a.lat, a.parent, l.\"rank\", p.\"key\", "
                      "p.name, p.outline FROM area a LEFT JOIN area p ON p.id = a.parent "
                      "LEFT JOIN level l ON l.id = p.level WHERE a.level = ?1 AND a.valid_to = '' "
                      "AND a.outline IS NOT NULL ORDER BY a.\"key\", a.id",
                      &q, err));
    kz_bind_int(&q, 1, level->id);
    for (bool row;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || d->n == level->n_areas)
            break;
        int i = d->n;
        d->keys[i] = kz_arena_strdup(a, kz_col_text(&q, 0));
        d->names[i] = kz_arena_strdup(a, kz_col_text(&q, 1));
        if (!d->keys[i] || !d->names[i])
            return full(err);
        KZ_TRY(take_outline(&q, 2, a, &d->outlines[i], err));
        plane += kz_outline_area(&d->outlines[i]);
        ground += kz_col_null(&q, 3) ? 0 : kz_col_real(&q, 3);
        d->lon[i] = kz_col_null(&q, 4) ? NAN : kz_col_real(&q, 4);
        d->lat[i] = kz_col_null(&q, 5) ? NAN : kz_col_real(&q, 5);
        KZ_TRY(find_parent(d, &q, a, &d->parent_of[i], err));
        d->n++;
    }
    d->ground = plane > 0 && ground > 0 ? ground / plane : 1;
    return KZ_OK;
}

kz_status kz_area_check_level(kz_db *work, const kz_area_level *level, double least, kz_arena *a,
                              kz_area_findings *ret, kz_err *err)
{
    division d = { 0 };
    list l = { .a = a };
    KZ_TRY(load_level(work, level, a, &d, err));
    return finish(&d, least, &l, ret, err);
}

/* ---- a file ------------------------------------------------------------------- */

typedef struct keyed {
    const char *key, *name;
    int at;
} keyed;

static int by_key(const void *va, const void *vb)
{
    const keyed *x = va, *y = vb;
    int cmp = strcmp(x->key, y->key);
    return cmp ? cmp : x->at < y->at ? -1 : x->at > y->at;
}

static kz_status check_keys(const division *d, list *l, kz_err *err)
{
    keyed *k = kz_arena_new(l->a, keyed, d->n + 1);
    if (!k)
        return full(err);
    for (int i = 0; i < d->n; i++)
        k[i] = (keyed){ d->keys[i], d->names[i], i };
    qsort(k, (size_t)d->n, sizeof *k, by_key);
    for (int i = 1; i < d->n; i++) {
        int x = k[i - 1].at, y = k[i].at;
        if (strcmp(k[i - 1].key, k[i].key) == 0)
            KZ_TRY(add(l, (kz_area_finding){ .kind = KZ_AREA_CHECK_DUPLICATE, .key = k[i].key, .name = d->names[x],
                                             .key2 = k[i].key, .name2 = d->names[y], .row = d->rows[x],
                                             .row2 = d->rows[y], .pieces = 1, .m2 = NAN, .lon = d->lon[y],
                                             .lat = d->lat[y] }, err));
    }
    return KZ_OK;
}

static kz_status take_rows(const kz_geofile *f, const int fields[2], kz_arena *a, division *d, list *l, kz_err *err)
{
    int *rows = kz_arena_new(a, int, f->n + 1);
    double plane = 0, ground = 0;
    if (!rows)
        return full(err);
    d->rows = rows;
    for (int i = 0; i < f->n; i++) {
        const kz_geo_feature *g = &f->features[i];
        if (g->kind != KZ_GEO_POLYGON)
            continue;
        int at = d->n++;
        d->keys[at] = g->values[fields[0]];
        d->names[at] = g->values[fields[1]];
        rows[at] = g->row;
        d->lon[at] = g->lon;
        d->lat[at] = g->lat;
        KZ_TRY(kz_outline_from_wkb(g->wkb, g->n_wkb, a, &d->outlines[at], err));
        double m2 = kz_outline_area(&d->outlines[at]);
        plane += m2;
        ground += m2 * g->ground;
        if (g->repair)
            KZ_TRY(add(l, (kz_area_finding){ .kind = KZ_AREA_CHECK_INVALID, .key = d->keys[at], .name = d->names[at],
                                             .why = g->repair, .row = g->row, .pieces = 1, .m2 = NAN, .lon = g->lon,
                                             .lat = g->lat }, err));
    }
    d->ground = plane > 0 ? ground / plane : 1;
    return KZ_OK;
}

kz_status kz_area_check_outlines(const kz_area_check_file *how, double least, kz_arena *a, kz_area_findings *ret,
                                 kz_err *err)
{
    const kz_geofile_options options = { .crs = how->crs, .target = FILE_EPSG, .layer = how->layer };
    division d = { .epsg = FILE_EPSG };
    list l = { .a = a };
    kz_geofile f;
    int fields[2];
    KZ_TRY(kz_geofile_read(how->file, &options, a, &f, err));
    KZ_TRY(kz_geofile_field(&f, how->file, how->key, &fields[0], err));
    KZ_TRY(kz_geofile_field(&f, how->file, how->name ? how->name : how->key, &fields[1], err));
    KZ_TRY(make_room(&d, f.n, a, err));
    KZ_TRY(take_rows(&f, fields, a, &d, &l, err));
    KZ_TRY(check_keys(&d, &l, err));
    return finish(&d, least, &l, ret, err);
}
