/* A new boundary state: areas end, go on and begin; parents and cells are made anew. */
#include "monitor/ledger.h"

#include "base/date.h"
#include "monitor/area_link.h"
#include "monitor/compute.h"

#include <string.h>

typedef struct job {
    kz_db *work;
    const kz_new_state *s;
    kz_arena a;
    int64_t state;
    int64_t *new_id; /* of each new area */
    bool *kept;      /* of each old one  */
    int n_before;
    int64_t *ids, *parents; /* of the areas there were, as they lay before */
} job;

static void job_done(job *j)
{
    kz_arena_done(&j->a);
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

/* The day must be after everything that the level knows. */
static kz_status check_day(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(j->work,
                      "SELECT COALESCE(MAX(day), '') FROM (SELECT valid_from AS day FROM area WHERE level = ?1 "
                      "UNION ALL SELECT day FROM area_state WHERE level = ?1) AS days",
                      &q, err));
    kz_bind_int(&q, 1, j->s->level->id);
    KZ_TRY(kz_step(&q, &row, err));
    if (strcmp(kz_col_text(&q, 0), j->s->day) >= 0)
        return kz_fail(err, KZ_E_CONFLICT, "ledger.too_early", kz_s("day", j->s->day),
                       kz_s("last", kz_col_text(&q, 0)), kz_s("level", j->s->level->one));
    return KZ_OK;
}

static kz_status put_state(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char now[KZ_TIME_TEXT];
    kz_time_iso(now);
    KZ_TRY(kz_prepare(j->work, "INSERT INTO area_state (level, day, file, at, by_user, revision) "
                               "VALUES (?1, ?2, ?3, ?4, ?5, 1)", &q, err));
    kz_bind_int(&q, 1, j->s->level->id);
    kz_bind_text(&q, 2, j->s->day);
    kz_bind_text(&q, 3, j->s->file);
    kz_bind_text(&q, 4, now);
    kz_bind_text(&q, 5, j->s->by);
    KZ_TRY(kz_run(&q, err));
    j->state = kz_db_last_id(j->work);
    return KZ_OK;
}

/* ---- areas that go on, end and begin --------------------------------------------- */

/* Keep what an area was, once a state. */
static kz_status keep_before(job *j, int64_t area, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work,
                      "INSERT INTO area_before (state, area, name, parent, lon, lat, area_m2, outline) "
                      "SELECT ?1, id, name, parent, lon, lat, area_m2, outline FROM area WHERE id = ?2",
                      &q, err));
    kz_bind_int(&q, 1, j->state);
    kz_bind_int(&q, 2, area);
    return kz_run(&q, err);
}

static kz_status go_on(job *j, kz_stmt *set, int old, const kz_new_area *n, kz_err *err)
{
    const kz_new_area *o = &j->s->old[old];
    bool same_outline = n->n_wkb == 0 || (n->n_wkb == o->n_wkb && memcmp(n->wkb, o->wkb, n->n_wkb) == 0);
    if (same_outline && strcmp(o->name, n->name) == 0 && (n->parent == 0 || n->parent == o->parent))
        return KZ_OK;
    KZ_TRY(keep_before(j, j->s->old_id[old], err));
    const kz_new_area *land = same_outline ? o : n;
    kz_bind_int(set, 1, j->s->old_id[old]);
    kz_bind_text(set, 2, n->name);
    kz_bind_real(set, 3, land->lon);
    kz_bind_real(set, 4, land->lat);
    kz_bind_real(set, 5, land->m2);
    if (land->n_wkb > 0)
        kz_bind_blob(set, 6, land->wkb, land->n_wkb);
    else
        kz_bind_null(set, 6);
    if (n->parent != 0 || o->parent != 0)
        kz_bind_int(set, 7, n->parent != 0 ? n->parent : o->parent);
    else
        kz_bind_null(set, 7);
    return kz_run(set, err);
}

static kz_status begin(job *j, kz_stmt *put, const kz_new_area *n, int64_t *ret, kz_err *err)
{
    kz_bind_int(put, 1, j->s->level->id);
    kz_bind_text(put, 2, n->key);
    kz_bind_text(put, 3, n->name);
    if (n->parent != 0)
        kz_bind_int(put, 4, n->parent);
    else
        kz_bind_null(put, 4);
    kz_bind_text(put, 5, j->s->day);
    kz_bind_real(put, 6, n->lon);
    kz_bind_real(put, 7, n->lat);
    kz_bind_real(put, 8, n->m2);
    if (n->n_wkb > 0)
        kz_bind_blob(put, 9, n->wkb, n->n_wkb);
    else
        kz_bind_null(put, 9);
    KZ_TRY(kz_run(put, err));
    *ret = kz_db_last_id(j->work);
    return KZ_OK;
}

static kz_status change_areas(job *j, kz_err *err)
{
    kz_auto(kz_stmt) set = KZ_STMT_INIT, put = KZ_STMT_INIT, end = KZ_STMT_INIT;
    char last_day[11];
    const kz_new_state *s = j->s;
    kz_day_before(s->day, last_day);
    KZ_TRY(kz_prepare(j->work, "UPDATE area SET name = ?2, lon = ?3, lat = ?4, area_m2 = ?5, outline = ?6, "
                               "parent = ?7 WHERE id = ?1", &set, err));
    KZ_TRY(kz_prepare(j->work, "INSERT INTO area (level, \"key\", name, parent, valid_from, lon, lat, area_m2, "
                               "outline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", &put, err));
    KZ_TRY(kz_prepare(j->work, "UPDATE area SET valid_to = ?2 WHERE id = ?1", &end, err));
    for (int i = 0; i < s->n_new; i++)
        if (s->same[i] >= 0)
            j->kept[s->same[i]] = true;
    for (int i = 0; i < s->n_old; i++) {
        if (j->kept[i])
            continue;
        kz_bind_int(&end, 1, s->old_id[i]);
        kz_bind_text(&end, 2, last_day);
        KZ_TRY(kz_run(&end, err));
    }
    for (int i = 0; i < s->n_new; i++) {
        if (s->same[i] < 0) {
            KZ_TRY(begin(j, &put, &s->area[i], &j->new_id[i], err));
            continue;
        }
        j->new_id[i] = s->old_id[s->same[i]];
        KZ_TRY(go_on(j, &set, s->same[i], &s->area[i], err));
    }
    return KZ_OK;
}

static kz_status put_flows(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work, "INSERT INTO area_flow (state, revision, kind, from_area, to_area, overlap_m2, weight) "
                               "VALUES (?1, 1, ?2, NULLIF(?3, 0), NULLIF(?4, 0), ?5, ?6)", &q, err));
    for (int i = 0; i < j->s->n_flows; i++) {
        const kz_new_flow *f = &j->s->flow[i];
        kz_bind_int(&q, 1, j->state);
        kz_bind_text(&q, 2, kz_change_name(f->kind));
        kz_bind_int(&q, 3, f->from < 0 ? 0 : j->s->old_id[f->from]);
        kz_bind_int(&q, 4, f->to < 0 ? 0 : j->new_id[f->to]);
        kz_bind_real(&q, 5, f->m2);
        kz_bind_real(&q, 6, f->weight);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

/* ---- parents, also of the levels below --------------------------------------------- */

static kz_status look_at_parents(job *j, kz_err *err)
{
    kz_auto(kz_stmt) count = KZ_STMT_INIT, q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(j->work, "SELECT COUNT(*) FROM area WHERE valid_to = ''", &count, err));
    KZ_TRY(kz_step(&count, &row, err));
    int room = (int)kz_col_int(&count, 0);
    j->ids = kz_arena_new(&j->a, int64_t, room + 1);
    j->parents = kz_arena_new(&j->a, int64_t, room + 1);
    if (!j->ids || !j->parents)
        return full(err);
    KZ_TRY(kz_prepare(j->work, "SELECT id, parent FROM area WHERE valid_to = '' ORDER BY id", &q, err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || j->n_before == room)
            return KZ_OK;
        j->ids[j->n_before] = kz_col_int(&q, 0);
        j->parents[j->n_before++] = kz_col_int(&q, 1);
    }
}

/* Areas that lie in another one now: the earlier periods still add up to the earlier parent. */
static kz_status keep_parents(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work,
                      "INSERT INTO area_before (state, area, name, parent, lon, lat, area_m2, outline) "
                      "SELECT ?1, id, name, NULLIF(?3, 0), lon, lat, area_m2, outline FROM area "
                      "WHERE id = ?2 AND valid_to = '' AND COALESCE(parent, 0) <> ?3 "
                      "ON CONFLICT (state, area) DO NOTHING",
                      &q, err));
    for (int i = 0; i < j->n_before; i++) {
        kz_bind_int(&q, 1, j->state);
        kz_bind_int(&q, 2, j->ids[i]);
        kz_bind_int(&q, 3, j->parents[i]);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

static kz_status compute_again(kz_db *work, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_compute_report computed;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT 1 FROM cell LIMIT 1", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    kz_stmt_done(&q);
    return row ? kz_compute_all(work, &computed, err) : KZ_OK;
}

/* Deliveries that came in before anybody knew of the change: they need their new keys. */
static kz_status count_left(const job *j, int64_t *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(j->work, "SELECT COUNT(*) FROM observation o JOIN area a ON a.id = o.area "
                               "JOIN period p ON p.id = o.period WHERE a.level = ?1 AND a.valid_to <> '' "
                               "AND p.day > a.valid_to", &q, err));
    kz_bind_int(&q, 1, j->s->level->id);
    KZ_TRY(kz_step(&q, &row, err));
    *ret = kz_col_int(&q, 0);
    return KZ_OK;
}

kz_status kz_ledger_begin(kz_db *work, const kz_new_state *s, kz_area_report *report, kz_err *err)
{
    __attribute__((cleanup(job_done))) job j = { .work = work, .s = s };
    kz_arena_init(&j.a, (size_t)64 << 20);
    j.new_id = kz_arena_new(&j.a, int64_t, s->n_new + 1);
    j.kept = kz_arena_new(&j.a, bool, s->n_old + 1);
    if (!j.new_id || !j.kept)
        return full(err);
    KZ_TRY(check_day(&j, err));
    KZ_TRY(put_state(&j, err));
    KZ_TRY(look_at_parents(&j, err));
    KZ_TRY(change_areas(&j, err));
    KZ_TRY(put_flows(&j, err));
    KZ_TRY(kz_area_link(work, s->level->id, report, err));
    KZ_TRY(keep_parents(&j, err));
    KZ_TRY(compute_again(work, err));
    KZ_TRY(count_left(&j, &report->n_left, err));
    report->began = true;
    report->n_same = report->n_ended = report->n_begun = 0;
    for (int i = 0; i < s->n_old; i++)
        report->n_ended += !j.kept[i];
    for (int i = 0; i < s->n_new; i++) {
        report->n_begun += s->same[i] < 0;
        report->n_same += s->same[i] >= 0;
    }
    return KZ_OK;
}

/* ---- undo ------------------------------------------------------------------------------ */

static kz_status run_with(kz_db *work, const char *sql, int64_t x, const char *text, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, sql, &q, err));
    kz_bind_int(&q, 1, x);
    if (text)
        kz_bind_text(&q, 2, text);
    return kz_run(&q, err);
}

/* Nothing but cells, which are made anew, may stand on the areas that go. */
static kz_status check_use(kz_db *work, int64_t level, const char *day, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work,
                      "SELECT a.\"key\", a.name FROM area a WHERE a.level = ?1 AND a.valid_from = ?2 AND ("
                      "EXISTS (SELECT 1 FROM observation o WHERE o.area = a.id) OR "
                      "EXISTS (SELECT 1 FROM observation_replaced r WHERE r.area = a.id) OR "
                      "EXISTS (SELECT 1 FROM release_cell c WHERE c.area = a.id) OR "
                      "EXISTS (SELECT 1 FROM address d WHERE d.area = a.id)) ORDER BY a.\"key\"",
                      &q, err));
    kz_bind_int(&q, 1, level);
    kz_bind_text(&q, 2, day);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    return kz_fail(err, KZ_E_CONFLICT, "ledger.in_use", kz_s("key", kz_col_text(&q, 0)),
                   kz_s("name", kz_col_text(&q, 1)), kz_s("day", day));
}

static const char RESTORE[] =
    "UPDATE area SET name = b.name, parent = b.parent, lon = b.lon, lat = b.lat, area_m2 = b.area_m2, "
    "outline = b.outline FROM area_before b WHERE b.area = area.id AND b.state = ?1";

static kz_status undo_state(kz_db *work, const kz_area_level *level, int64_t state, const char *day, kz_err *err)
{
    char last_day[11];
    kz_area_report unused = { 0 };
    KZ_TRY(check_use(work, level->id, day, err));
    kz_day_before(day, last_day);
    KZ_TRY(run_with(work, "DELETE FROM cell WHERE area IN (SELECT id FROM area WHERE level = ?1 AND valid_from = ?2)",
                    level->id, day, err));
    KZ_TRY(run_with(work, "DELETE FROM area_flow WHERE state = ?1", state, NULL, err));
    KZ_TRY(run_with(work, "UPDATE area SET valid_to = '' WHERE level = ?1 AND valid_to = ?2", level->id, last_day,
                    err));
    /* First the old land and parents, so that nothing points to areas that go; then the city from its parts;
     * then the parents once more, for those that were named. */
    KZ_TRY(run_with(work, RESTORE, state, NULL, err));
    KZ_TRY(run_with(work, "DELETE FROM area WHERE level = ?1 AND valid_from = ?2", level->id, day, err));
    KZ_TRY(kz_area_link(work, level->id, &unused, err));
    KZ_TRY(run_with(work, RESTORE, state, NULL, err));
    KZ_TRY(run_with(work, "DELETE FROM area_before WHERE state = ?1", state, NULL, err));
    KZ_TRY(run_with(work, "DELETE FROM area_state WHERE id = ?1", state, NULL, err));
    return compute_again(work, err);
}

kz_status kz_ledger_undo(kz_db *work, const kz_area_level *level, kz_ledger_undone *ret, kz_err *err)
{
    kz_auto(kz_arena) a;
    const kz_ledger_state *states;
    kz_ledger_undone done = { 0 };
    int n;
    kz_arena_init(&a, 1 << 20);
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(kz_ledger_states(work, level, &a, &states, &n, err));
    if (n == 0)
        return kz_fail(err, KZ_E_MISSING, "ledger.nothing", kz_s("level", level->one));
    const kz_ledger_state *last = &states[n - 1];
    memcpy(done.day, last->day, sizeof done.day);
    if (last->revision > 1) {
        KZ_TRY(run_with(work, "DELETE FROM area_flow WHERE state = ?1 AND revision = "
                              "(SELECT revision FROM area_state WHERE id = ?1)", last->id, NULL, err));
        KZ_TRY(run_with(work, "UPDATE area_state SET revision = revision - 1 WHERE id = ?1", last->id, NULL, err));
    } else {
        done.state = true;
        KZ_TRY(undo_state(work, level, last->id, last->day, err));
    }
    KZ_TRY(kz_tx_commit(&tx, err));
    *ret = done;
    return KZ_OK;
}
