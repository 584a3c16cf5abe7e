#include "monitor/release.h"

#include "monitor/compute.h"
#include "monitor/definition.h"

#include <stdio.h>
#include <string.h>

#include "monitor/release_inner.h"
#include "monitor/release_proof.h"

enum { NAME_MOST = 100 };

typedef struct record {
    int64_t id;
    char state[16], drafted_by[128], publish_at[KZ_TIME_TEXT];
} record;

static kz_status find(kz_db *work, const char *name, record *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT id, state, drafted_by, publish_at FROM release WHERE name = ?1", &q, err));
    kz_bind_text(&q, 1, name);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return kz_fail(err, KZ_E_MISSING, "release.none", kz_s("name", name));
    ret->id = kz_col_int(&q, 0);
    snprintf(ret->state, sizeof ret->state, "%s", kz_col_text(&q, 1));
    snprintf(ret->drafted_by, sizeof ret->drafted_by, "%s", kz_col_text(&q, 2));
    snprintf(ret->publish_at, sizeof ret->publish_at, "%s", kz_col_text(&q, 3));
    return KZ_OK;
}

static bool is(const record *r, const char *state)
{
    return strcmp(r->state, state) == 0;
}

static kz_status run_for(kz_db *work, const char *sql, int64_t release, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, sql, &q, err));
    kz_bind_int(&q, 1, release);
    return kz_run(&q, err);
}

/* ---- draft ----------------------------------------------------------------- */

static bool is_name(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n > NAME_MOST || s[0] == ' ' || s[n - 1] == ' ')
        return false;
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F)
            return false;
    return true;
}

/* Is every chosen code known?  sql asks for the code ?1. */
static kz_status check_codes(kz_db *work, const char *sql, const char *const codes[], int n, const char *id,
                             kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, sql, &q, err));
    for (int i = 0; i < n; i++) {
        bool row;
        kz_bind_text(&q, 1, codes[i]);
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return kz_fail(err, KZ_E_MISSING, id, kz_s("value", codes[i]));
        kz_reset(&q);
    }
    return KZ_OK;
}

static kz_status copy_cells(kz_db *work, int64_t release, const kz_release_choice *c, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    /* A choice of NULL means all. */
    KZ_TRY(kz_prepare(work,
                      "INSERT INTO release_cell (release, indicator, grp, period, area, numerator, denominator, value, "
                      "lo, hi, state) SELECT ?1, c.indicator, c.grp, c.period, c.area, c.numerator, c.denominator, "
                      "c.value, CASE c.state WHEN ?5 THEN NULL ELSE c.lo END, CASE c.state WHEN ?5 THEN NULL ELSE c.hi "
                      "END, c.state FROM cell c JOIN indicator i ON i.id = c.indicator "
                      "JOIN period p ON p.id = c.period JOIN area a ON a.id = c.area JOIN level l ON l.id = a.level "
                      "WHERE (?2 IS NULL OR i.code = ?2) AND (?3 IS NULL OR l.code = ?3) "
                      "AND (?4 IS NULL OR p.code = ?4) ON CONFLICT DO NOTHING", &q, err));
    for (int i = 0; i < (c->n_indicators ? c->n_indicators : 1); i++)
        for (int l = 0; l < (c->n_levels ? c->n_levels : 1); l++)
            for (int p = 0; p < (c->n_periods ? c->n_periods : 1); p++) {
                kz_bind_int(&q, 1, release);
                kz_bind_text(&q, 2, c->n_indicators ? c->indicators[i] : NULL);
                kz_bind_text(&q, 3, c->n_levels ? c->levels[l] : NULL);
                kz_bind_text(&q, 4, c->n_periods ? c->periods[p] : NULL);
                kz_bind_int(&q, 5, KZ_CELL_HIDDEN); /* what is known of it inside stays inside */
                KZ_TRY(kz_run(&q, err));
            }
    return KZ_OK;
}

static kz_status count_cells(kz_db *work, int64_t release, int64_t *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM release_cell WHERE release = ?1", &q, err));
    kz_bind_int(&q, 1, release);
    KZ_TRY(kz_step(&q, &row, err));
    *ret = kz_col_int(&q, 0);
    return KZ_OK;
}

kz_status kz_release_draft(kz_db *work, const char *name, const char *by, const kz_release_choice *c, bool replace,
                           int64_t *ret_cells, kz_err *err)
{
    char now[KZ_TIME_TEXT];
    record old = { 0 };
    int64_t n;
    bool held;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;

    if (!is_name(name))
        return kz_fail(err, KZ_E_INPUT, "release.bad_name", kz_s("name", name));
    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(kz_compute_held(work, &held, err));
    if (held)
        return kz_fail(err, KZ_E_CONFLICT, "compute.is_held");
    kz_status st = find(work, name, &old, NULL);
    if (st == KZ_OK) {
        if (!replace || is(&old, "published"))
            return kz_fail(err, KZ_E_CONFLICT, is(&old, "published") ? "release.is_public" : "release.exists",
                           kz_s("name", name));
        KZ_TRY(kz_release_proof_drop(work, old.id, err));
        KZ_TRY(run_for(work, "DELETE FROM release_cell WHERE release = ?1", old.id, err));
        KZ_TRY(run_for(work, "DELETE FROM release_definition WHERE release = ?1", old.id, err));
        KZ_TRY(run_for(work, "DELETE FROM release WHERE id = ?1", old.id, err));
    } else if (st != KZ_E_MISSING) {
        return find(work, name, &old, err);
    }
    KZ_TRY(check_codes(work, "SELECT 1 FROM indicator WHERE code = ?1", c->indicators, c->n_indicators,
                       "indicator.none", err));
    KZ_TRY(check_codes(work, "SELECT 1 FROM level WHERE code = ?1", c->levels, c->n_levels, "release.no_level", err));
    KZ_TRY(check_codes(work, "SELECT 1 FROM period WHERE code = ?1", c->periods, c->n_periods, "release.no_period",
                       err));
    kz_time_iso(now);
    KZ_TRY(kz_prepare(work, "INSERT INTO release (name, state, drafted_by, drafted_at) VALUES (?1, 'draft', ?2, ?3)",
                      &q, err));
    kz_bind_text(&q, 1, name);
    kz_bind_text(&q, 2, by);
    kz_bind_text(&q, 3, now);
    KZ_TRY(kz_run(&q, err));
    int64_t id = kz_db_last_id(work);
    KZ_TRY(copy_cells(work, id, c, err));
    KZ_TRY(kz_definitions_release(work, id, err));
    KZ_TRY(count_cells(work, id, &n, err));
    if (n == 0)
        return kz_fail(err, KZ_E_MISSING, "release.no_cells", kz_s("name", name));
    KZ_TRY(kz_tx_commit(&tx, err));
    *ret_cells = n;
    return KZ_OK;
}

/* ---- protect, audit: release_protect.c ------------------------------------------ */

kz_status kz_release_protect(kz_db *work, const char *name, const kz_release_watch *watch, kz_protect_report *ret,
                             kz_err *err)
{
    record rec;
    kz_protect_report r;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(find(work, name, &rec, err));
    if (!is(&rec, "draft") && !is(&rec, "protected"))
        return kz_fail(err, KZ_E_CONFLICT, "release.is_fixed", kz_s("name", name));
    KZ_TRY(kz_release_hide(work, rec.id, name, watch, &r, err));
    KZ_TRY(kz_tx_commit(&tx, err));
    *ret = r;
    return KZ_OK;
}

kz_status kz_release_audit(kz_db *work, const char *name, const kz_audit_take *take, kz_audit_report *ret, kz_err *err)
{
    record rec;
    kz_audit_report r = { 0 };
    KZ_TRY(find(work, name, &rec, err));
    if (is(&rec, "draft"))
        return kz_fail(err, KZ_E_CONFLICT, "release.unprotected", kz_s("name", name));
    kz_status st = kz_release_attack(work, rec.id, name, take, &r, err);
    if (st == KZ_OK || st == KZ_E_FINDING)
        *ret = r;
    return st;
}

/* ---- publish ---------------------------------------------------------------- */

static kz_status check_approver(kz_db *work, const record *rec, const char *user, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT role, disabled FROM account WHERE name = ?1", &q, err));
    kz_bind_text(&q, 1, user);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return kz_fail(err, KZ_E_MISSING, "release.no_user", kz_s("user", user));
    if (*kz_col_text(&q, 1))
        return kz_fail(err, KZ_E_DENIED, "release.user_disabled", kz_s("user", user));
    if (strcmp(kz_col_text(&q, 0), "freigabe") != 0)
        return kz_fail(err, KZ_E_DENIED, "release.user_role", kz_s("user", user), kz_s("role", kz_col_text(&q, 0)));
    if (strcmp(user, rec->drafted_by) == 0)
        return kz_fail(err, KZ_E_DENIED, "release.same_person", kz_s("user", user));
    return KZ_OK;
}

/* "2013-04-02" or "2013-04-02T08:00:00Z" as a time; false for all else. */
static bool read_time(const char *text, char ret[static KZ_TIME_TEXT])
{
    static const char SHAPE[] = "0000-00-00T00:00:00Z";
    kz_date d;
    size_t n = strlen(text);
    if (n < 10 || !kz_date_parse((kz_view){ text, 10 }, &d) || text[4] != '-')
        return false;
    snprintf(ret, KZ_TIME_TEXT, "%.10sT00:00:00Z", text);
    if (n == 10)
        return true;
    if (n != sizeof SHAPE - 1)
        return false;
    for (size_t i = 10; i < n; i++)
        if (SHAPE[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != SHAPE[i])
            return false;
    int h = (text[11] - '0') * 10 + text[12] - '0', m = (text[14] - '0') * 10 + text[15] - '0',
        s = (text[17] - '0') * 10 + text[18] - '0';
    snprintf(ret, KZ_TIME_TEXT, "%s", text);
    return h < 24 && m < 60 && s < 60;
}

static kz_status note_approved(kz_db *work, int64_t release, const char *user, const char *at, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "UPDATE release SET state = 'approved', approved_by = ?2, publish_at = ?3 WHERE id = ?1",
                      &q, err));
    kz_bind_int(&q, 1, release);
    kz_bind_text(&q, 2, user);
    kz_bind_text(&q, 3, at);
    return kz_run(&q, err);
}

static kz_status approve_release(kz_db *work, const char *name, const char *user, const char *at,
                                 const char *credits, record *rec, kz_err *err)
{
    char when[KZ_TIME_TEXT];
    kz_audit_report r = { 0 };
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(find(work, name, rec, err));
    if (is(rec, "approved"))
        return KZ_OK;
    if (is(rec, "published"))
        return kz_fail(err, KZ_E_CONFLICT, "release.is_public", kz_s("name", name));
    if (is(rec, "draft"))
        return kz_fail(err, KZ_E_CONFLICT, "release.unprotected", kz_s("name", name));
    kz_time_iso(when);
    if (*at && !read_time(at, when))
        return kz_fail(err, KZ_E_USAGE, "release.bad_time", kz_s("value", at));
    KZ_TRY(check_approver(work, rec, user, err));
    KZ_TRY(kz_release_attack(work, rec->id, name, NULL, &r, err));
    KZ_TRY(note_approved(work, rec->id, user, when, err));
    if (credits)
        KZ_TRY(kz_setting_put(work, "credits", credits, err));
    KZ_TRY(kz_tx_commit(&tx, err));
    return find(work, name, rec, err);
}

kz_status kz_release_publish(kz_workspace *ws, const char *name, const char *approve, const char *at,
                             const char *credits, kz_publication *ret, kz_err *err)
{
    record rec;
    char now[KZ_TIME_TEXT];
    kz_publication p = { 0 };
    KZ_TRY(approve_release(ws->work, name, approve, at, credits, &rec, err));
    memcpy(p.at, rec.publish_at, sizeof p.at);
    kz_time_iso(now);
    p.later = strcmp(rec.publish_at, now) > 0;
    if (!p.later) {
        KZ_TRY(kz_release_write(ws, rec.id, &p, err));
        KZ_TRY(run_for(ws->work, "UPDATE release SET state = 'published' WHERE id = ?1", rec.id, err));
    }
    *ret = p;
    return KZ_OK;
}

kz_status kz_release_due(kz_workspace *ws, int *ret_n, kz_err *err)
{
    char now[KZ_TIME_TEXT];
    int n = 0;
    kz_time_iso(now);
    for (;;) {
        char name[NAME_MOST + 1];
        kz_publication p;
        {
            kz_auto(kz_stmt) q = KZ_STMT_INIT;
            bool row;
            KZ_TRY(kz_prepare(ws->work, "SELECT name FROM release WHERE state = 'approved' AND publish_at <= ?1 "
                                        "ORDER BY publish_at, id LIMIT 1", &q, err));
            kz_bind_text(&q, 1, now);
            KZ_TRY(kz_step(&q, &row, err));
            if (!row)
                break;
            snprintf(name, sizeof name, "%s", kz_col_text(&q, 0));
        }
        KZ_TRY(kz_release_publish(ws, name, "", "", NULL, &p, err));
        n++;
    }
    *ret_n = n;
    return KZ_OK;
}
