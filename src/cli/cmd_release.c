/* kekiz release draft, protect, audit, publish, due, list, export. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "io/csv_write.h"
#include "io/file.h"
#include "monitor/release.h"
#include "sdc/suppress.h"
#include "monitor/cell.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who is at the keyboard, when --by does not say. */
static const char *whoami(kz_call *call)
{
    const char *by = kz_opt_text(call, "by");
    const struct passwd *p = by ? NULL : getpwuid(getuid());
    return by ? by : p ? p->pw_name : "";
}

enum { CHOICE_MOST = 256 };

static int take_list(kz_call *call, const char *option, const char *list[CHOICE_MOST])
{
    int n = kz_opt_count(call, option);
    if (n > CHOICE_MOST)
        n = CHOICE_MOST;
    for (int i = 0; i < n; i++)
        list[i] = kz_opt_nth(call, option, i);
    return n;
}

kz_status kz_cmd_release_draft(kz_call *call)
{
    const char *indicators[CHOICE_MOST], *levels[CHOICE_MOST], *periods[CHOICE_MOST];
    kz_release_choice c = { .indicators = indicators, .levels = levels, .periods = periods };
    kz_auto(kz_workspace) ws = { 0 };
    int64_t n;
    c.n_indicators = take_list(call, "indicator", indicators);
    c.n_levels = take_list(call, "level", levels);
    c.n_periods = take_list(call, "period", periods);
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_release_draft(ws.work, call->args[0], whoami(call), &c, kz_opt_flag(call, "replace"), &n, &call->err));
    kz_tell(call, "release.drafted", kz_s("name", call->args[0]), kz_n("n", n));
    return KZ_OK;
}

kz_status kz_cmd_release_protect(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_protect_report r;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_release_protect(ws.work, call->args[0], &r, &call->err));
    kz_tell(call, "release.protected", kz_s("name", call->args[0]), kz_n("cells", r.cells), kz_n("counts", r.counts),
            kz_n("equations", r.equations));
    kz_tell(call, "release.protected_hidden", kz_n("hidden", r.hidden), kz_n("primary", r.primary),
            kz_n("secondary", r.secondary));
    return KZ_OK;
}

kz_status kz_cmd_release_audit(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_audit_report r;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_release_audit(ws.work, call->args[0], &r, &call->err));
    kz_tell(call, "release.audit_ok", kz_n("hidden", r.hidden));
    return KZ_OK;
}

kz_status kz_cmd_release_publish(kz_call *call)
{
    const char *at = kz_opt_text(call, "at"), *approve = kz_opt_text(call, "approve");
    kz_auto(kz_workspace) ws = { 0 };
    kz_publication p;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_release_publish(&ws, call->args[0], approve, at ? at : "", &p, &call->err));
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
