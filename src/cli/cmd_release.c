/* kekiz release draft, protect, audit, publish, due, list, export. */
#include "cli/cmd.h"
#include "cli/known.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "io/csv_write.h"
#include "io/file.h"
#include "monitor/area.h"
#include "monitor/cell.h"
#include "monitor/release_inner.h"
#include "sdc/bounds.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHOICE_MOST = 256, CERTIFICATE_MOST = 1 << 30 };

static kz_status take_list(kz_call *call, const char *option, const char *list[CHOICE_MOST], int *ret_n)
{
    int n = kz_opt_count(call, option);
    if (n > CHOICE_MOST)
        return kz_fail(&call->err, KZ_E_LIMIT, "release.many_choices", kz_s("option", option),
                       kz_n("most", CHOICE_MOST));
    for (int i = 0; i < n; i++)
        list[i] = kz_opt_nth(call, option, i);
    *ret_n = n;
    return KZ_OK;
}

/* Levels as people write them become codes, as the draft wants them. */
static kz_status find_choices(kz_call *call, kz_db *work, const kz_release_choice *c, kz_area_level found[CHOICE_MOST],
                              const char *levels[CHOICE_MOST])
{
    for (int i = 0; i < c->n_levels; i++) {
        KZ_TRY(kz_area_level_find(work, levels[i], &found[i], &call->err));
        levels[i] = found[i].code;
    }
    for (int i = 0; i < c->n_periods; i++)
        KZ_TRY(kz_known_period(call, work, c->periods[i]));
    return KZ_OK;
}

kz_status kz_cmd_release_draft(kz_call *call)
{
    kz_area_level found[CHOICE_MOST];
    const char *indicators[CHOICE_MOST], *levels[CHOICE_MOST], *periods[CHOICE_MOST];
    kz_release_choice c = { .indicators = indicators, .levels = levels, .periods = periods };
    kz_auto(kz_workspace) ws = { 0 };
    const char *by = kz_opt_text(call, "by");
    int64_t n;
    KZ_TRY(take_list(call, "indicator", indicators, &c.n_indicators));
    KZ_TRY(take_list(call, "level", levels, &c.n_levels));
    KZ_TRY(take_list(call, "period", periods, &c.n_periods));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(find_choices(call, ws.work, &c, found, levels));
    KZ_TRY(kz_release_draft(ws.work, call->args[0], by ? by : kz_call_user(), &c, kz_opt_flag(call, "replace"), &n,
                            &call->err));
    kz_tell(call, "release.drafted", kz_s("name", call->args[0]), kz_n("n", n));
    return KZ_OK;
}

static bool show_progress(void *ctx, int64_t done, int64_t of)
{
    kz_progress *p = ctx;
    p->total = of;
    kz_progress_at(p, done);
    return true;
}

kz_status kz_cmd_release_protect(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_protect_report r;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    kz_progress progress = kz_progress_begin(kz_text(call->lang, "release.protecting"), 1);
    const kz_release_watch watch = { show_progress, &progress };
    kz_status st = kz_release_protect(ws.work, call->args[0], &watch, &r, &call->err);
    kz_progress_end(&progress);
    KZ_TRY(st);
    kz_tell(call, "release.protected", kz_s("name", call->args[0]), kz_n("cells", r.cells), kz_n("counts", r.counts),
            kz_n("equations", r.equations));
    kz_tell(call, "release.protected_hidden", kz_n("hidden", r.hidden), kz_n("primary", r.primary),
            kz_n("secondary", r.secondary));
    if (r.witnesses > 0)
        kz_tell(call, "release.protected_proof", kz_n("witnesses", r.witnesses), kz_n("longest", r.longest));
    return KZ_OK;
}

/* ---- audit -------------------------------------------------------------------------- */

/* A line a hidden count: what an attacker knows of it.  Internal: it tells which counts are too small. */
static void certify(void *ctx, const kz_protect_system *s, const kz_protect_part *p, int place, double lo, double hi,
                    bool proven)
{
    kz_csv_out *out = ctx;
    kz_auto(kz_buf) form = kz_buf_init(1 << 16);
    int code = place / p->linked.n_areas, area = p->area[place % p->linked.n_areas];
    bool ends = !isnan(lo);
    kz_form_write(&form, &s->codes[p->code[code]].form);
    kz_csv_put_str(out, kz_buf_text(&form));
    kz_csv_put_str(out, s->counts.names[area]);
    kz_csv_put_str(out, s->counts.m.period_codes[p->period]);
    if (ends)
        kz_csv_put_int(out, (int64_t)ceil(lo - 1e-6));
    else
        kz_csv_put_str(out, "");
    if (ends && !isinf(hi))
        kz_csv_put_int(out, (int64_t)floor(hi + 1e-6));
    else
        kz_csv_put_str(out, ends ? "inf" : "");
    kz_csv_put_str(out, ends     ? kz_sdc_verdict_name(kz_sdc_judge(lo, hi, p->linked.widths[code]))
                        : proven ? "ok"
                                 : "unknown");
    kz_csv_put_str(out, proven ? "yes" : "no");
    kz_csv_line(out);
}

kz_status kz_cmd_release_audit(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_audit_report r;
    const char *file = kz_opt_text(call, "certificate");
    kz_auto(kz_buf) out = kz_buf_init(CERTIFICATE_MOST);
    kz_csv_out csv = { .out = &out };
    const kz_audit_take take = { certify, &csv };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    kz_buf_str(&out, "count,area,period,lo,hi,verdict,proven\n");
    kz_status st = kz_release_audit(ws.work, call->args[0], file ? &take : NULL, &r, &call->err);
    if (file && (st == KZ_OK || st == KZ_E_FINDING)) {
        KZ_TRY(kz_buf_status(&out));
        KZ_TRY(kz_file_write(file, kz_buf_text(&out), out.n, st == KZ_OK ? &call->err : NULL));
    }
    KZ_TRY(st);
    kz_tell(call, "release.audit_ok", kz_n("hidden", r.hidden));
    kz_tell(call, "release.audit_proof", kz_n("proofs", r.proofs), kz_n("bounded", r.bounded));
    return KZ_OK;
}

kz_status kz_cmd_release_publish(kz_call *call)
{
    const char *at = kz_opt_text(call, "at"), *approve = kz_opt_text(call, "approve");
    kz_auto(kz_workspace) ws = { 0 };
    kz_publication p;
    const char *credits = kz_opt_text(call, "credits");
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_release_publish(&ws, call->args[0], approve, at ? at : "", credits, &p, &call->err));
    kz_tell(call, p.later ? "release.later" : "release.published", kz_s("name", call->args[0]), kz_s("at", p.at),
            kz_n("cells", p.cells), kz_n("hidden", p.hidden));
    return KZ_OK;
}

kz_status kz_cmd_release_due(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    int n;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_release_due(&ws, &n, &call->err));
    kz_tell(call, "release.due", kz_n("n", n));
    return KZ_OK;
}

kz_status kz_cmd_release_list(kz_call *call)
{
    static const kz_col COLS[] = { { "name", KZ_COL_TEXT }, { "state", KZ_COL_TEXT }, { "drafted_by", KZ_COL_TEXT },
                                   { "drafted_at", KZ_COL_TEXT }, { "protected_at", KZ_COL_TEXT },
                                   { "approved_by", KZ_COL_TEXT }, { "publish_at", KZ_COL_TEXT },
                                   { "cells", KZ_COL_INT }, { "hidden", KZ_COL_INT } };
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_table_out) t;
    KZ_TRY(kz_table_begin(&t, call, COLS, 9));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_prepare(ws.work, "SELECT name, state, drafted_by, drafted_at, protected_at, approved_by, publish_at, "
                               "n_cells, n_primary + n_secondary, protected_at = '' FROM release ORDER BY id", &q,
                      &call->err));
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, &call->err));
        if (!row)
            return kz_table_end(&t);
        for (int i = 0; i < 7; i++)
            kz_put_text(&t, kz_col_text(&q, i));
        for (int i = 7; i < 9; i++) {
            if (kz_col_int(&q, 9))
                kz_put_none(&t);
            else
                kz_put_int(&t, kz_col_int(&q, i));
        }
    }
}

/* ---- export ---------------------------------------------------------------- */

static kz_status export_failed(kz_call *call, const char *dir)
{
    return kz_fail(&call->err, errno == EEXIST || errno == ENOTEMPTY ? KZ_E_CONFLICT : KZ_E_IO,
                   errno == EEXIST || errno == ENOTEMPTY ? "release.dir_exists" : "release.dir_io",
                   kz_s("dir", dir), kz_s("why", strerror(errno)));
}

static kz_status write_file(kz_call *call, const char *dir, const char *name, const kz_buf *text)
{
    char path[4400];
    KZ_TRY(kz_buf_status(text));
    if (snprintf(path, sizeof path, "%s/%s.csv", dir, name) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return export_failed(call, dir);
    }
    FILE *f = fopen(path, "wbx");
    bool ok = f && fwrite(kz_buf_text(text), 1, text->n, f) == text->n;
    if (f && fclose(f) != 0)
        ok = false;
    return ok ? KZ_OK : export_failed(call, dir);
}

static void export_line(kz_csv_out *w, kz_stmt *q)
{
    int64_t state = kz_col_int(q, 9);
    bool den_open = kz_col_int(q, 11) == KZ_MASK_OPEN;
    bool shown = kz_col_int(q, 10) == KZ_MASK_OPEN && den_open && state != KZ_CELL_HIDDEN;
    for (int i = 0; i < 4; i++)
        kz_csv_put_str(w, kz_col_text(q, i));
    for (int i = 4; i < 6; i++) {
        if ((i == 4 ? shown : den_open) && !kz_col_null(q, i))
            kz_csv_put_int(w, kz_col_int(q, i));
        else
            kz_csv_put_str(w, "");
    }
    for (int i = 6; i < 9; i++) {
        if (shown && !kz_col_null(q, i))
            kz_csv_put_real(w, kz_col_real(q, i));
        else
            kz_csv_put_str(w, "");
    }
    for (int i = 0; i < 3; i++)
        kz_csv_put_str(w, "");
    kz_csv_put_str(w, kz_cell_state_name(shown ? (kz_cell_state)state : KZ_CELL_HIDDEN));
    kz_csv_line(w);
}

static kz_status export_cells(kz_call *call, kz_db *work, const char *dir, int *files)
{
    enum { FILE_MOST = 1 << 30 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) text = kz_buf_init(FILE_MOST);
    kz_csv_out w = { .out = &text };
    char name[256] = "";
    KZ_TRY(kz_prepare(work,
                      "SELECT a.key, a.name, p.code, g.code, c.numerator, c.denominator, c.value, c.lo, c.hi, c.state, "
                      "c.num_mask, c.den_mask, i.code FROM release_cell c JOIN release r ON r.id = c.release "
                      "JOIN indicator i ON i.id = c.indicator JOIN indicator_group g ON g.id = c.grp "
                      "JOIN period p ON p.id = c.period JOIN area a ON a.id = c.area JOIN level l ON l.id = a.level "
                      "WHERE r.name = ?1 ORDER BY i.id, l.\"rank\", a.key, a.id, p.code, g.id", &q, &call->err));
    kz_bind_text(&q, 1, call->args[0]);
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, &call->err));
        if (*name && (!row || strcmp(name, kz_col_text(&q, 12)) != 0)) {
            KZ_TRY(write_file(call, dir, name, &text));
            ++*files;
            kz_buf_clear(&text);
        }
        if (!row)
            return KZ_OK;
        if (text.n == 0) {
            snprintf(name, sizeof name, "%s", kz_col_text(&q, 12));
            kz_buf_str(&text, "area,name,period,group,numerator,denominator,value,lo,hi,smoothed,smoothed_lo,"
                              "smoothed_hi,state\n");
        }
        export_line(&w, &q);
    }
}

/* Take back a half export: only our own files are in the folder. */
static void remove_export(kz_db *work, const char *dir)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row = true;
    if (kz_prepare(work, "SELECT code FROM indicator", &q, NULL) != KZ_OK)
        return;
    while (kz_step(&q, &row, NULL) == KZ_OK && row) {
        char path[4400];
        snprintf(path, sizeof path, "%s/%s.csv", dir, kz_col_text(&q, 0));
        unlink(path);
    }
    rmdir(dir);
}

/* Written beside the target and renamed: all files or none. */
kz_status kz_cmd_release_export(kz_call *call)
{
    const char *dir = call->args[1];
    char temp[4200];
    kz_auto(kz_workspace) ws = { 0 };
    kz_audit_report r;
    int files = 0;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_release_audit(ws.work, call->args[0], NULL, &r, &call->err));
    if (snprintf(temp, sizeof temp, "%s.XXXXXX", dir) >= (int)sizeof temp || !mkdtemp(temp))
        return export_failed(call, dir);
    kz_status st = export_cells(call, ws.work, temp, &files);
    if (st == KZ_OK && (chmod(temp, 0755) != 0 || rename(temp, dir) != 0))
        st = export_failed(call, dir);
    if (st != KZ_OK) {
        remove_export(ws.work, temp);
        return st;
    }
    kz_tell(call, "release.exported", kz_n("n", files), kz_s("dir", dir));
    return KZ_OK;
}
