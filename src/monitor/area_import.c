/* One level of areas from a file: read, checked, stored, linked. */
#include "monitor/area_link.h"

#include "base/asset.h"
#include "base/tsv.h"
#include "base/utf8.h"
#include "geo/topology.h"
#include "io/geofile.h"
#include "monitor/ledger_find.h"
#include "store/workspace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_EPSG = 25832, KEY_MAX = 64, NAME_MAX_BYTES = 200 };
/* Parts of one area that touch are joined like neighbours (metres). */
static const double SNAP = 2, SLIVER = 10;

typedef struct incoming {
    const char *key, *name, *parent; /* parent: key, or NULL */
    int row;                         /* of the file          */
    int first_part;                  /* 0, or the row that it belongs to */
    kz_outline outline;
    double lon, lat, ground;
    const void *wkb;                 /* as it is stored      */
    size_t n_wkb;
    const char *repair;
} incoming;

typedef struct import {
    kz_db *work;
    const char *file;
    const kz_area_import_options *how;
    kz_arena *a;
    kz_geofile f;
    char code[KZ_LEVEL_TEXT];
    int n;
    incoming *areas; /* by key, row */
    kz_area_note *notes;
    int n_notes, n_repaired;
} import;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

/* ---- the file ---------------------------------------------------------- */

/* A cell of the file's table: cleaned, not empty, not too long. */
static kz_status take_cell(const import *im, const kz_geo_feature *f, int field, size_t longest, const char **ret,
                           kz_err *err)
{
    kz_auto(kz_buf) clean = kz_buf_init(2 * KZ_GEO_TEXT_MAX);
    kz_utf8_clean(&clean, kz_view_of(f->values[field]));
    kz_view v = kz_view_trim((kz_view){ kz_buf_text(&clean), clean.n });
    if (v.n == 0)
        return kz_fail(err, KZ_E_INPUT, "area.empty_cell", kz_s("file", im->file), kz_n("row", f->row),
                       kz_s("field", im->f.fields[field]));
    if (v.n > longest)
        return kz_fail(err, KZ_E_INPUT, "area.long_cell", kz_s("file", im->file), kz_n("row", f->row),
                       kz_s("field", im->f.fields[field]), kz_vw("value", v), kz_n("most", longest));
    *ret = kz_arena_strndup(im->a, v.p, v.n);
    return *ret ? KZ_OK : full(err);
}

static kz_status take_row(import *im, const kz_geo_feature *f, const int fields[3], incoming *ret, kz_err *err)
{
    *ret = (incoming){ .row = f->row, .lon = f->lon, .lat = f->lat, .ground = f->ground, .wkb = f->wkb,
                       .n_wkb = f->n_wkb, .repair = f->repair };
    if (f->kind != KZ_GEO_POLYGON)
        return kz_fail(err, KZ_E_INPUT, "area.point", kz_s("file", im->file), kz_n("row", f->row));
    KZ_TRY(take_cell(im, f, fields[0], KEY_MAX, &ret->key, err));
    KZ_TRY(take_cell(im, f, fields[1], NAME_MAX_BYTES, &ret->name, err));
    if (fields[2] >= 0)
        KZ_TRY(take_cell(im, f, fields[2], KEY_MAX, &ret->parent, err));
    return kz_outline_from_wkb(f->wkb, f->n_wkb, im->a, &ret->outline, err);
}

static int by_key(const void *va, const void *vb)
{
    const incoming *a = va, *b = vb;
    int cmp = strcmp(a->key, b->key);
    return cmp != 0 ? cmp : a->row < b->row ? -1 : a->row > b->row;
}

static kz_status note(import *im, const incoming *area, const char *what, kz_err *err)
{
    if (!im->notes)
        im->notes = kz_arena_new(im->a, kz_area_note, 2 * im->f.n);
    if (!im->notes)
        return full(err);
    im->notes[im->n_notes++] = (kz_area_note){ .key = area->key, .name = area->name, .what = what };
    return KZ_OK;
}

/* Rows of one key are parts of one area: join them into one outline. */
static kz_status join_parts(import *im, incoming part[], int n, kz_err *err)
{
    kz_outline *outlines = kz_arena_new(im->a, kz_outline, n), whole;
    kz_topology t;
    double largest = -1;
    if (!outlines)
        return full(err);
    for (int i = 0; i < n; i++) {
        outlines[i] = part[i].outline;
        double area = kz_outline_area(&part[i].outline);
        if (area > largest) {
            largest = area;
            part[0].lon = part[i].lon;
            part[0].lat = part[i].lat;
        }
        if (part[i].repair)
            part[0].repair = part[i].repair;
    }
    KZ_TRY(kz_topology_build(outlines, n, SNAP, im->a, &t, err));
    KZ_TRY(kz_topology_union(&t, SLIVER, im->a, &whole, err));
    if (whole.n == 0) /* the same outline twice */
        whole = part[0].outline;
    kz_auto(kz_buf) wkb = kz_buf_init(KZ_GEO_FRAME_MAX);
    kz_outline_to_wkb(&whole, &wkb);
    KZ_TRY(kz_buf_status(&wkb));
    void *kept = kz_arena_alloc(im->a, wkb.n);
    if (!kept)
        return full(err);
    memcpy(kept, wkb.p, wkb.n);
    part[0].outline = whole;
    part[0].wkb = kept;
    part[0].n_wkb = wkb.n;
    return note(im, &part[0], "area.note_parts", err);
}

static kz_status merge_keys(import *im, kz_err *err)
{
    int kept = 0;
    for (int i = 0, n; i < im->n; i += n) {
        incoming *first = &im->areas[i];
        for (n = 1; i + n < im->n && strcmp(im->areas[i + n].key, first->key) == 0; n++) {
            const incoming *other = &im->areas[i + n];
            bool same = strcmp(other->name, first->name) == 0 &&
                        strcmp(other->parent ? other->parent : "", first->parent ? first->parent : "") == 0;
            if (!same)
                return kz_fail(err, KZ_E_INPUT, "area.key_twice", kz_s("file", im->file), kz_s("key", first->key),
                               kz_n("row", first->row), kz_s("name", first->name), kz_n("row2", other->row),
                               kz_s("name2", other->name));
        }
        if (n > 1)
            KZ_TRY(join_parts(im, first, n, err));
        if (first->repair) {
            KZ_TRY(note(im, first, first->repair, err));
            im->n_repaired++;
        }
        im->areas[kept++] = *first;
    }
    im->n = kept;
    return KZ_OK;
}

static kz_status read_file(import *im, int target, kz_err *err)
{
    const kz_geofile_options options = { .crs = im->how->crs, .target = target, .layer = im->how->layer };
    int fields[3] = { -1, -1, -1 };
    KZ_TRY(kz_geofile_read(im->file, &options, im->a, &im->f, err));
    KZ_TRY(kz_geofile_field(&im->f, im->file, im->how->key, &fields[0], err));
    KZ_TRY(kz_geofile_field(&im->f, im->file, im->how->name, &fields[1], err));
    if (im->how->parent)
        KZ_TRY(kz_geofile_field(&im->f, im->file, im->how->parent, &fields[2], err));
    im->areas = kz_arena_new(im->a, incoming, im->f.n);
    if (!im->areas)
        return full(err);
    for (im->n = 0; im->n < im->f.n; im->n++)
        KZ_TRY(take_row(im, &im->f.features[im->n], fields, &im->areas[im->n], err));
    qsort(im->areas, (size_t)im->n, sizeof *im->areas, by_key);
    return merge_keys(im, err);
}

/* ---- the level --------------------------------------------------------- */

static kz_status fold_level(import *im, kz_err *err)
{
    kz_auto(kz_buf) code = kz_buf_init(4096);
    kz_utf8_fold(&code, kz_view_of(im->how->level));
    if (code.n == 0 || code.n >= 60)
        return kz_fail(err, KZ_E_USAGE, "area.bad_level", kz_s("level", im->how->level));
    snprintf(im->code, sizeof im->code, "%s", kz_buf_text(&code));
    return KZ_OK;
}

/* Singular and plural from data/level_names.tsv, else as the user wrote it. */
static kz_status level_names(const import *im, const char **one, const char **many, kz_err *err)
{
    static const char PATH[] = "data/level_names.tsv";
    static const char *const COLUMNS[] = { "code", "one", "many", NULL };
    const kz_asset *asset = kz_asset_find(PATH);
    kz_tsv t;
    KZ_ASSERT(asset);
    KZ_TRY(kz_tsv_parse(PATH, (const char *)asset->bytes, asset->n, COLUMNS, im->a, &t, err));
    for (int i = 0; i < t.n_rows; i++)
        if (strcmp(kz_tsv_at(&t, i, 0), im->code) == 0) {
            *one = kz_tsv_at(&t, i, 1);
            *many = kz_tsv_at(&t, i, 2);
            return KZ_OK;
        }
    kz_auto(kz_buf) clean = kz_buf_init(4096);
    kz_utf8_clean(&clean, kz_view_of(im->how->level));
    kz_view v = kz_view_trim((kz_view){ kz_buf_text(&clean), clean.n });
    *one = *many = kz_arena_strndup(im->a, v.p, v.n);
    return *one ? KZ_OK : full(err);
}

static kz_status make_level(const import *im, int64_t *ret, kz_err *err)
{
    const char *one, *many;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(level_names(im, &one, &many, err));
    KZ_TRY(kz_prepare(im->work,
                      "INSERT INTO level (code, one, many, \"rank\") "
                      "SELECT ?1, ?2, ?3, MAX(\"rank\") + 1 FROM level",
                      &q, err));
    kz_bind_text(&q, 1, im->code);
    kz_bind_text(&q, 2, one);
    kz_bind_text(&q, 3, many);
    KZ_TRY(kz_run(&q, err));
    *ret = kz_db_last_id(im->work);
    return KZ_OK;
}

/* Are the areas of the level the very ones of the file? */
static kz_status compare(const import *im, int64_t level, bool *same, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    int i = 0;
    KZ_TRY(kz_prepare(im->work,
                      "SELECT \"key\", name, outline FROM area WHERE level = ?1 AND valid_to = '' ORDER BY \"key\"",
                      &q, err));
    kz_bind_int(&q, 1, level);
    for (*same = true;; i++) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            break;
        size_t n;
        const void *wkb = kz_col_blob(&q, 2, &n);
        const incoming *area = i < im->n ? &im->areas[i] : NULL;
        *same = *same && area && strcmp(kz_col_text(&q, 0), area->key) == 0 &&
                strcmp(kz_col_text(&q, 1), area->name) == 0 && n == area->n_wkb &&
                memcmp(wkb, area->wkb, n) == 0;
    }
    *same = *same && i == im->n;
    return KZ_OK;
}

/* ---- storing ----------------------------------------------------------- */

/* The finest level above that has the key: levels with fewer areas than the new one. */
#define PARENT_OF_KEY                                                                                       \
    "SELECT a.id FROM area a JOIN level l ON l.id = a.level WHERE a.\"key\" = ?1 AND a.level <> ?2 "         \
    "AND a.valid_to = '' AND l.\"rank\" > 0 ORDER BY l.\"rank\" DESC"

/* The area that a named parent means: in the coarsest level that has it. */
static kz_status find_parent(const import *im, kz_stmt *q, const incoming *area, int64_t level, int64_t *ret,
                             kz_err *err)
{
    bool row;
    kz_bind_text(q, 1, area->parent);
    kz_bind_int(q, 2, level);
    KZ_TRY(kz_step(q, &row, err));
    if (!row)
        return kz_fail(err, KZ_E_INPUT, "area.no_parent", kz_s("file", im->file), kz_n("row", area->row),
                       kz_s("field", im->how->parent), kz_s("parent", area->parent));
    *ret = kz_col_int(q, 0);
    kz_reset(q);
    return KZ_OK;
}

static kz_status store_areas(const import *im, int64_t level, double *area_m2, kz_err *err)
{
    kz_auto(kz_stmt) put = KZ_STMT_INIT, parent = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(im->work,
                      "INSERT INTO area (level, \"key\", name, parent, valid_from, lon, lat, area_m2, outline) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                      &put, err));
    KZ_TRY(kz_prepare(im->work, PARENT_OF_KEY, &parent, err));
    *area_m2 = 0;
    for (int i = 0; i < im->n; i++) {
        const incoming *area = &im->areas[i];
        double m2 = kz_outline_area(&area->outline) * area->ground;
        int64_t parent_id = 0;
        if (area->parent)
            KZ_TRY(find_parent(im, &parent, area, level, &parent_id, err));
        kz_bind_int(&put, 1, level);
        kz_bind_text(&put, 2, area->key);
        kz_bind_text(&put, 3, area->name);
        if (parent_id)
            kz_bind_int(&put, 4, parent_id);
        else
            kz_bind_null(&put, 4);
        kz_bind_text(&put, 5, im->how->valid_from);
        kz_bind_real(&put, 6, area->lon);
        kz_bind_real(&put, 7, area->lat);
        kz_bind_real(&put, 8, m2);
        kz_bind_blob(&put, 9, area->wkb, area->n_wkb);
        KZ_TRY(kz_run(&put, err));
        *area_m2 += m2;
    }
    return KZ_OK;
}

/* The level has areas: the file is a new boundary state of it. */
static kz_status begin_state(const import *im, const kz_area_level *level, kz_area_report *report, kz_err *err)
{
    kz_auto(kz_stmt) parent = KZ_STMT_INIT;
    kz_new_area *new = kz_arena_new(im->a, kz_new_area, im->n + 1);
    kz_new_state s = { .day = im->how->valid_from, .file = im->file, .by = im->how->by ? im->how->by : "",
                       .n_new = im->n, .area = new };
    kz_found found;
    if (!new)
        return full(err);
    KZ_TRY(kz_prepare(im->work, PARENT_OF_KEY, &parent, err));
    for (int i = 0; i < im->n; i++) {
        const incoming *area = &im->areas[i];
        new[i] = (kz_new_area){ .key = area->key, .name = area->name, .outline = area->outline, .wkb = area->wkb,
                                .n_wkb = area->n_wkb, .lon = area->lon, .lat = area->lat,
                                .m2 = kz_outline_area(&area->outline) * area->ground };
        if (area->parent)
            KZ_TRY(find_parent(im, &parent, area, level->id, &new[i].parent, err));
        report->area_m2 += new[i].m2;
    }
    KZ_TRY(kz_ledger_present(im->work, level, im->a, &s, err));
    KZ_TRY(kz_ledger_find(s.old, s.n_old, new, im->n, im->a, &found, err));
    s.same = found.same;
    s.flow = found.flow;
    s.n_flows = found.n;
    return kz_ledger_begin(im->work, &s, report, err);
}

/* The plane system of the workspace: that of the first import. */
static kz_status plane_system(kz_db *work, int *target, kz_err *err)
{
    char crs[32];
    KZ_TRY(kz_setting_get(work, "crs", crs, sizeof crs, err));
    *target = strncmp(crs, "EPSG:", 5) == 0 ? (int)strtol(crs + 5, NULL, 10) : DEFAULT_EPSG;
    return KZ_OK;
}

static kz_status put_settings(const import *im, int target, kz_err *err)
{
    char crs[32], key[KZ_LEVEL_TEXT + 32];
    snprintf(crs, sizeof crs, "EPSG:%d", target);
    KZ_TRY(kz_setting_put(im->work, "crs", crs, err));
    snprintf(key, sizeof key, "%s%s", KZ_AREA_PARENT_SETTING, im->code);
    return im->how->parent ? kz_setting_put(im->work, key, "1", err) : KZ_OK;
}

static void fill_report(const import *im, kz_area_report *r)
{
    r->crs = im->f.crs;
    r->n_rows = im->f.n;
    r->n_areas = im->n;
    r->notes = im->notes;
    r->n_notes = im->n_notes;
    r->n_repaired = im->n_repaired;
}

kz_status kz_area_import(kz_db *work, const char *file, const kz_area_import_options *how, kz_arena *a,
                         kz_area_report *ret, kz_err *err)
{
    import im = { .work = work, .file = file, .how = how, .a = a };
    kz_area_report report = { 0 };
    kz_area_level there;
    int target;
    KZ_TRY(fold_level(&im, err));
    KZ_TRY(plane_system(work, &target, err));
    /* Reading takes long; the transaction begins when everything is known to be good. */
    KZ_TRY(read_file(&im, target, err));
    fill_report(&im, &report);

    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_tx_begin(&tx, work, err));
    int64_t level;
    kz_status st = kz_area_level_find(work, im.code, &there, err);
    if (st == KZ_OK && there.rank == 0)
        return kz_fail(err, KZ_E_CONFLICT, "area.level_city", kz_s("level", there.one));
    if (st == KZ_OK && there.n_areas > 0) {
        KZ_TRY(compare(&im, there.id, &report.unchanged, err));
        report.level = there;
        if (report.unchanged) {
            *ret = report;
            return KZ_OK;
        }
        if (how->valid_from[0] == '\0')
            return kz_fail(err, KZ_E_CONFLICT, "area.level_there", kz_s("level", there.one),
                           kz_n("n", there.n_areas));
        KZ_TRY(put_settings(&im, target, err));
        KZ_TRY(begin_state(&im, &there, &report, err));
        KZ_TRY(kz_tx_commit(&tx, err));
        *ret = report;
        return KZ_OK;
    }
    if (st == KZ_OK)
        level = there.id;
    else if (st == KZ_E_MISSING)
        KZ_TRY(make_level(&im, &level, err));
    else
        return st;
    KZ_TRY(store_areas(&im, level, &report.area_m2, err));
    KZ_TRY(put_settings(&im, target, err));
    KZ_TRY(kz_area_link(work, level, &report, err));
    KZ_TRY(kz_tx_commit(&tx, err));
    if (err)
        *err = (kz_err){ 0 };
    *ret = report;
    return KZ_OK;
}
