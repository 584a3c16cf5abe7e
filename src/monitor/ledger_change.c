#include "monitor/ledger_change.h"

#include "geo/overlay.h"
#include "geo/topology.h"
#include "geo/utm.h"
#include "monitor/ledger_rows.h"
#include "store/workspace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double SNAP = 2, SLIVER = 10, SUM_OFF = 1e-6;

typedef struct job {
    kz_db *work;
    const kz_area_level *level;
    const char *file, *by;
    kz_arena *a;
    const kz_change_row *row; /* of one day */
    int n;
    const char *day;
    int epsg;
} job;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

#define FAIL(j, r, id, value_)                                                                       \
    kz_fail(err, KZ_E_INPUT, id, kz_s("file", (j)->file), kz_n("line", (r)->line), kz_s("value", value_), \
            kz_s("day", (j)->day))

static int find_key(const kz_new_area list[], int n, const char *key)
{
    for (int i = 0; i < n; i++)
        if (strcmp(list[i].key, key) == 0)
            return i;
    return -1;
}

/* For one old area all rows have a weight and they sum to one, or none has. */
static kz_status check_weights(const job *j, kz_err *err)
{
    for (int i = 0; i < j->n; i++) {
        const kz_change_row *r = &j->row[i];
        double sum = 0;
        int with = 0, without = 0;
        char text[40];
        if (r->kind == KZ_CHANGE_NEW || r->kind == KZ_CHANGE_RENAME || r->kind == KZ_CHANGE_END)
            continue;
        for (int k = 0; k < j->n; k++) {
            if (strcmp(j->row[k].from, r->from) != 0)
                continue;
            if (k != i && strcmp(j->row[k].to, r->to) == 0)
                return FAIL(j, r, "ledger.pair_twice", r->to);
            with += !isnan(j->row[k].weight);
            without += isnan(j->row[k].weight);
            sum += isnan(j->row[k].weight) ? 0 : j->row[k].weight;
        }
        if (with > 0 && without > 0)
            return FAIL(j, r, "ledger.weight_missing", r->from);
        snprintf(text, sizeof text, "%.6f", sum);
        if (with > 0 && fabs(sum - 1) > SUM_OFF)
            return kz_fail(err, KZ_E_INPUT, "ledger.weight_sum", kz_s("file", j->file), kz_n("line", r->line),
                           kz_s("value", r->from), kz_s("sum", text));
    }
    return KZ_OK;
}

/* ---- new rows for a state that there is ------------------------------------------------ */

/* Areas of the level that ended before the day, or began on it. */
static kz_status load_side(job *j, bool ended, kz_new_area **ret, int64_t **ids, int *n_ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char day[11];
    bool row;
    int n = 0;
    kz_new_area *list = kz_arena_new(j->a, kz_new_area, j->level->n_areas + 1);
    int64_t *id = kz_arena_new(j->a, int64_t, j->level->n_areas + 1);
    if (!list || !id)
        return full(err);
    snprintf(day, sizeof day, "%s", j->day);
    if (ended)
        kz_day_before(j->day, day);
    KZ_TRY(kz_prepare(j->work,
                      "SELECT id, \"key\", outline FROM area WHERE level = ?1 AND ((?2 = 1 AND valid_to = ?3) OR "
                      "(?2 = 0 AND valid_from = ?3)) ORDER BY \"key\"", &q, err));
    kz_bind_int(&q, 1, j->level->id);
    kz_bind_int(&q, 2, ended);
    kz_bind_text(&q, 3, day);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == j->level->n_areas)
            break;
        size_t n_wkb;
        const void *wkb = kz_col_blob(&q, 2, &n_wkb);
        id[n] = kz_col_int(&q, 0);
        list[n] = (kz_new_area){ .key = kz_arena_strdup(j->a, kz_col_text(&q, 1)) };
        if (!list[n].key)
            return full(err);
        if (n_wkb > 0)
            KZ_TRY(kz_outline_from_wkb(wkb, n_wkb, j->a, &list[n].outline, err));
        n++;
    }
    *ret = list;
    *ids = id;
    *n_ret = n;
    return KZ_OK;
}

static kz_status common_land(job *j, const kz_new_area old[], int n_old, const kz_new_area new[], int n_new,
                             kz_overlay *ret, kz_err *err)
{
    kz_outline *a = kz_arena_new(j->a, kz_outline, n_old + 1), *b = kz_arena_new(j->a, kz_outline, n_new + 1);
    if (!a || !b)
        return full(err);
    for (int i = 0; i < n_old; i++)
        a[i] = old[i].outline;
    for (int i = 0; i < n_new; i++)
        b[i] = new[i].outline;
    return kz_overlay_make(a, n_old, b, n_new, j->a, ret, err);
}

static double land_of(const kz_overlay *o, int from, int to)
{
    for (int i = 0; i < o->n; i++)
        if (o->pair[i].a == from && o->pair[i].b == to)
            return o->pair[i].area;
    return NAN;
}

static kz_status put_flow(job *j, kz_stmt *q, const kz_ledger_state *s, const kz_change_row *r, int64_t from,
                          int64_t to, double m2, kz_err *err)
{
    (void)j;
    kz_bind_int(q, 1, s->id);
    kz_bind_int(q, 2, s->revision + 1);
    kz_bind_text(q, 3, kz_change_name(r->kind));
    kz_bind_int(q, 4, from);
    kz_bind_int(q, 5, to);
    kz_bind_real(q, 6, m2);
    kz_bind_real(q, 7, r->weight);
    return kz_run(q, err);
}

/* Renames are facts of the areas that went on: they stay as they are. */
static kz_status copy_renames(job *j, const kz_ledger_state *s, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work,
                      "INSERT INTO area_flow (state, revision, kind, from_area, to_area) SELECT state, revision + 1, "
                      "kind, from_area, to_area FROM area_flow WHERE state = ?1 AND revision = ?2 AND kind = 'rename'",
                      &q, err));
    kz_bind_int(&q, 1, s->id);
    kz_bind_int(&q, 2, s->revision);
    return kz_run(&q, err);
}

static kz_status revise(job *j, const kz_ledger_state *s, kz_err *err)
{
    kz_auto(kz_stmt) put = KZ_STMT_INIT, set = KZ_STMT_INIT;
    kz_new_area *old, *new;
    int64_t *old_id, *new_id;
    int n_old, n_new;
    kz_overlay common;
    KZ_TRY(load_side(j, true, &old, &old_id, &n_old, err));
    KZ_TRY(load_side(j, false, &new, &new_id, &n_new, err));
    KZ_TRY(common_land(j, old, n_old, new, n_new, &common, err));
    bool *told = kz_arena_new(j->a, bool, n_old + n_new + 1);
    if (!told)
        return full(err);
    KZ_TRY(kz_prepare(j->work, "INSERT INTO area_flow (state, revision, kind, from_area, to_area, overlap_m2, weight) "
                               "VALUES (?1, ?2, ?3, NULLIF(?4, 0), NULLIF(?5, 0), ?6, ?7)", &put, err));
    KZ_TRY(copy_renames(j, s, err));
    for (int i = 0; i < j->n; i++) {
        const kz_change_row *r = &j->row[i];
        if (r->kind == KZ_CHANGE_RENAME)
            continue;
        int from = r->from[0] ? find_key(old, n_old, r->from) : -1, to = r->to[0] ? find_key(new, n_new, r->to) : -1;
        if (r->from[0] && from < 0)
            return FAIL(j, r, "ledger.not_ended", r->from);
        if (r->to[0] && to < 0)
            return FAIL(j, r, "ledger.not_begun", r->to);
        if (from >= 0)
            told[from] = true;
        if (to >= 0)
            told[n_old + to] = true;
        KZ_TRY(put_flow(j, &put, s, r, from < 0 ? 0 : old_id[from], to < 0 ? 0 : new_id[to],
                        from < 0 || to < 0 ? NAN : land_of(&common, from, to), err));
    }
    for (int i = 0; i < n_old + n_new; i++)
        if (!told[i])
            return kz_fail(err, KZ_E_INPUT, i < n_old ? "ledger.end_untold" : "ledger.begin_untold",
                           kz_s("file", j->file), kz_s("day", j->day),
                           kz_s("key", i < n_old ? old[i].key : new[i - n_old].key));
    KZ_TRY(kz_prepare(j->work, "UPDATE area_state SET revision = revision + 1 WHERE id = ?1", &set, err));
    kz_bind_int(&set, 1, s->id);
    return kz_run(&set, err);
}

/* ---- a state from rows alone -------------------------------------------------------------- */

static bool is_from(const job *j, const char *key)
{
    for (int i = 0; i < j->n; i++)
        if (j->row[i].kind != KZ_CHANGE_RENAME && strcmp(j->row[i].from, key) == 0)
            return true;
    return false;
}

/* The outline of several areas together, and a point inside. */
static kz_status unite(job *j, const kz_outline parts[], int n, kz_new_area *to, kz_err *err)
{
    kz_topology t;
    double x, y, radius;
    KZ_TRY(kz_topology_build(parts, n, SNAP, j->a, &t, err));
    KZ_TRY(kz_topology_union(&t, SLIVER, j->a, &to->outline, err));
    if (to->outline.n == 0)
        return KZ_OK;
    kz_auto(kz_buf) wkb = kz_buf_init((size_t)256 << 20);
    kz_outline_to_wkb(&to->outline, &wkb);
    KZ_TRY(kz_buf_status(&wkb));
    void *kept = kz_arena_alloc(j->a, wkb.n);
    if (!kept)
        return full(err);
    memcpy(kept, wkb.p, wkb.n);
    to->wkb = kept;
    to->n_wkb = wkb.n;
    kz_outline_inner_point(&to->outline, &x, &y, &radius);
    if (!kz_utm_to_lonlat(j->epsg, x, y, &to->lon, &to->lat))
        to->lon = to->lat = NAN;
    return KZ_OK;
}

/* What follows from the areas that it is made of: name, parent, and for whole areas the outline. */
static kz_status make_area(job *j, const kz_new_state *s, kz_new_flow flow[], int n_flows, int at,
                           kz_new_area *to, kz_err *err)
{
    kz_outline *parts = kz_arena_new(j->a, kz_outline, n_flows + 1);
    const kz_new_area *only = NULL;
    int n = 0;
    bool whole = true, drawn = true, renumbered = false;
    if (!parts)
        return full(err);
    to->lon = to->lat = to->m2 = NAN;
    for (int i = 0; i < n_flows; i++) {
        if (flow[i].to != at)
            continue;
        bool lone = flow[i].from >= 0;
        for (int k = 0; lone && k < n_flows; k++)
            lone = k == i || flow[k].from != flow[i].from;
        if (lone && s->old[flow[i].from].outline.n > 0)
            flow[i].m2 = kz_outline_area(&s->old[flow[i].from].outline);
        whole = whole && lone;
        if (flow[i].from < 0)
            continue;
        only = &s->old[flow[i].from];
        renumbered = flow[i].kind == KZ_CHANGE_RENUMBER;
        to->parent = n == 0 || to->parent == only->parent ? only->parent : 0;
        to->m2 = (n == 0 ? 0 : to->m2) + only->m2; /* NaN: one is not known */
        drawn = drawn && only->outline.n > 0;
        parts[n++] = only->outline;
    }
    if (renumbered && to->name[0] == '\0')
        to->name = only->name;
    if (!whole || n == 0)
        to->m2 = NAN;
    if (!whole || n == 0 || !drawn)
        return KZ_OK;
    if (n > 1)
        return unite(j, parts, n, to, err);
    to->outline = only->outline;
    to->wkb = only->wkb;
    to->n_wkb = only->n_wkb;
    to->lon = only->lon;
    to->lat = only->lat;
    return KZ_OK;
}

/* Areas that go on, also under a new name. */
static kz_status go_on(job *j, kz_new_state *s, kz_new_area new[], int same[], kz_err *err)
{
    for (int i = 0; i < s->n_old; i++) {
        if (is_from(j, s->old[i].key))
            continue;
        new[s->n_new] = s->old[i];
        same[s->n_new++] = i;
    }
    for (int i = 0; i < j->n; i++) {
        const kz_change_row *r = &j->row[i];
        if (r->kind != KZ_CHANGE_RENAME)
            continue;
        int at = find_key(new, s->n_new, r->from);
        if (at < 0)
            return FAIL(j, r, "ledger.no_such_area", r->from);
        if (r->name[0] == '\0')
            return FAIL(j, r, "ledger.no_name", r->to);
        new[at].name = r->name;
    }
    return KZ_OK;
}

static kz_status take_flows(job *j, kz_new_state *s, kz_new_area new[], int same[], kz_new_flow flow[], kz_err *err)
{
    int goes_on = s->n_new;
    for (int i = 0; i < j->n; i++) {
        const kz_change_row *r = &j->row[i];
        int from = r->from[0] ? find_key(s->old, s->n_old, r->from) : -1, to = -1;
        if (r->from[0] && from < 0)
            return FAIL(j, r, "ledger.no_such_area", r->from);
        if (r->to[0]) {
            to = find_key(new, s->n_new, r->to);
            if (to >= 0 && to < goes_on && r->kind != KZ_CHANGE_RENAME)
                return FAIL(j, r, "ledger.goes_on", r->to);
            if (to < 0) {
                to = s->n_new++;
                new[to] = (kz_new_area){ .key = r->to, .name = "" };
                same[to] = -1;
            }
            if (r->name[0] != '\0')
                new[to].name = r->name;
        }
        flow[s->n_flows++] = (kz_new_flow){ r->kind, from, to, NAN, r->weight };
    }
    for (int i = goes_on; i < s->n_new; i++) {
        KZ_TRY(make_area(j, s, flow, s->n_flows, i, &new[i], err));
        for (int k = 0; new[i].name[0] == '\0' && k < j->n; k++)
            if (strcmp(j->row[k].to, new[i].key) == 0)
                return FAIL(j, &j->row[k], "ledger.no_name", new[i].key);
    }
    return KZ_OK;
}

static kz_status begin(job *j, kz_err *err)
{
    kz_new_state s = { .day = j->day, .file = j->file, .by = j->by };
    kz_area_report unused = { 0 };
    KZ_TRY(kz_ledger_present(j->work, j->level, j->a, &s, err));
    kz_new_area *new = kz_arena_new(j->a, kz_new_area, s.n_old + j->n + 1);
    int *same = kz_arena_new(j->a, int, s.n_old + j->n + 1);
    kz_new_flow *flow = kz_arena_new(j->a, kz_new_flow, j->n + 1);
    if (!new || !same || !flow)
        return full(err);
    KZ_TRY(go_on(j, &s, new, same, err));
    KZ_TRY(take_flows(j, &s, new, same, flow, err));
    s.area = new;
    s.same = same;
    s.flow = flow;
    return kz_ledger_begin(j->work, &s, &unused, err);
}

/* ---- all days ------------------------------------------------------------------------------- */

static kz_status change_day(job *j, kz_ledger_changes *done, kz_err *err)
{
    const kz_ledger_state *states;
    int n;
    KZ_TRY(check_weights(j, err));
    KZ_TRY(kz_ledger_states(j->work, j->level, j->a, &states, &n, err));
    done->n_rows += j->n;
    for (int i = 0; i < n; i++) {
        if (strcmp(states[i].day, j->day) != 0)
            continue;
        if (i < n - 1)
            return kz_fail(err, KZ_E_CONFLICT, "ledger.older_state", kz_s("day", j->day),
                           kz_s("last", states[n - 1].day));
        done->n_revised++;
        return revise(j, &states[i], err);
    }
    done->n_begun++;
    return begin(j, err);
}

kz_status kz_ledger_change_file(kz_db *work, const kz_area_level *level, const char *file, const char *by, kz_arena *a,
                                kz_ledger_changes *ret, kz_err *err)
{
    kz_change_rows rows;
    kz_ledger_changes done = { 0 };
    char crs[32];
    KZ_TRY(kz_change_rows_read(file, a, &rows, err));
    KZ_TRY(kz_setting_get(work, "crs", crs, sizeof crs, err));
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_tx_begin(&tx, work, err));
    for (int i = 0, n; i < rows.n; i += n) {
        kz_area_level now;
        for (n = 1; i + n < rows.n && strcmp(rows.row[i + n].day, rows.row[i].day) == 0;)
            n++;
        KZ_TRY(kz_area_level_find(work, level->code, &now, err)); /* with the number of areas of now */
        job j = { .work = work, .level = &now, .file = file, .by = by, .a = a, .row = &rows.row[i], .n = n,
                  .day = rows.row[i].day, .epsg = strncmp(crs, "EPSG:", 5) == 0 ? (int)strtol(crs + 5, NULL, 10) : 0 };
        KZ_TRY(change_day(&j, &done, err));
    }
    KZ_TRY(kz_tx_commit(&tx, err));
    *ret = done;
    return KZ_OK;
}
