/* kekiz area gazetteer FILE, area addresses: which house lies in which area. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/tell_findings.h"

#include "monitor/gazetteer_import.h"

static void tell_report(const kz_call *call, const kz_gazetteer_report *r)
{
    kz_tell(call, "gazetteer.said_read", kz_n("rows", r->rows_read), kz_n("addresses", r->addresses),
            kz_n("streets", r->streets), kz_n("areas", r->areas), kz_s("level", r->level.many));
    if (r->by_points)
        kz_tell(call, "gazetteer.said_points", kz_s("level", r->level.one));
    if (r->duplicates > 0)
        kz_tell(call, "gazetteer.said_twice", kz_n("n", r->duplicates));
    if (r->left_out[0])
        kz_tell(call, "gazetteer.said_left_out", kz_s("columns", r->left_out));
    if (r->id > 0)
        kz_tell(call, "gazetteer.said_done", kz_n("id", r->id));
    else
        kz_tell(call, "import.said_dry");
}

kz_status kz_cmd_gazetteer(kz_call *call)
{
    const kz_gazetteer_order order = {
        .file = call->args[0],
        .level = kz_opt_text(call, "level"),
        .area = kz_opt_text(call, "area"),
        .crs = kz_opt_text(call, "crs"),
        .by_user = kz_call_user(),
        .add = kz_opt_flag(call, "add"),
        .dry_run = kz_opt_flag(call, "dry-run"),
        .accept_warnings = kz_opt_flag(call, "accept-warnings"),
    };
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_findings) found;
    kz_gazetteer_report r = { 0 };
    kz_findings_init(&found, order.file);
    KZ_TRY(kz_workspace_open(call->workspace, order.dry_run ? KZ_DB_READ : KZ_DB_WRITE, &ws, &call->err));
    kz_status st = kz_gazetteer_import(&ws, &order, &found, &r, &call->err);
    kz_tell_findings(call, &found);
    if (st == KZ_OK)
        tell_report(call, &r);
    return st;
}

kz_status kz_cmd_gazetteer_list(kz_call *call)
{
    static const kz_col COLS[] = { { "import", KZ_COL_INT },  { "file", KZ_COL_TEXT },     { "at", KZ_COL_TEXT },
                                   { "level", KZ_COL_TEXT },  { "streets", KZ_COL_INT },   { "addresses", KZ_COL_INT },
                                   { "areas", KZ_COL_INT },   { "state", KZ_COL_TEXT } };
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_table_out) t = { 0 };
    kz_status st;
    bool row;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_prepare(ws.work,
                      "SELECT g.import, i.file, i.at, l.code, (SELECT COUNT(*) FROM street s WHERE s.import ="
                      " g.import), i.rows_kept, i.areas,"
                      " CASE WHEN g.replaced_by IS NULL THEN 'used' ELSE 'replaced' END"
                      " FROM gazetteer g JOIN import i ON i.id = g.import JOIN level l ON l.id = g.level"
                      " ORDER BY g.import", &q, &call->err));
    KZ_TRY(kz_table_begin(&t, call, COLS, sizeof COLS / sizeof *COLS));
    while ((st = kz_step(&q, &row, &call->err)) == KZ_OK && row)
        for (int i = 0; i < (int)(sizeof COLS / sizeof *COLS); i++) {
            if (COLS[i].kind == KZ_COL_INT)
                kz_put_int(&t, kz_col_int(&q, i));
            else
                kz_put_text(&t, kz_col_text(&q, i));
        }
    return st == KZ_OK ? kz_table_end(&t) : st;
}
