/* kekiz import FILE, import list, import show N, import undo N. */
#include "base/parse.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/tell_findings.h"
#include "io/file.h"
#include "io/sandbox.h"
#include "monitor/cell.h"
#include "monitor/import.h"
#include "monitor/map_propose.h"
#include "monitor/mapfile.h"
#include "monitor/person_import.h"
#include "monitor/source.h"
#include "monitor/mapfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell_result(const kz_call *call, const kz_findings *found, const kz_import_result *res)
{
    if (res->map_remembered)
        kz_tell(call, "import.said_map", kz_s("map", res->map_name));
    if (res->sheet[0] != '\0')
        kz_tell(call, "import.said_sheet", kz_s("sheet", res->sheet));
    if (res->persons)
        kz_tell(call, "person.said_read", kz_n("rows", res->rows_read), kz_n("kept", res->rows_kept),
                kz_n("areas", res->areas), kz_n("columns", res->measures));
    else
        kz_tell(call, "import.said_read", kz_n("rows", res->rows_read), kz_n("kept", res->rows_kept),
                kz_n("areas", res->areas), kz_n("periods", res->periods), kz_n("measures", res->measures));
    if (res->rows_left_out > 0)
        kz_tell(call, "import.said_left_out", kz_n("rows", res->rows_left_out));
    if (res->rows_other_period > 0)
        kz_tell(call, "import.said_other_period", kz_n("rows", res->rows_other_period));
    if (!res->persons)
        kz_tell(call, "import.said_cells", kz_n("new", res->cells_new), kz_n("changed", res->cells_changed),
                kz_n("same", res->cells_same));
    if (found->count[KZ_WARNING] > 0 || found->count[KZ_NOTICE] > 0)
        kz_tell(call, "import.said_warnings", kz_n("warnings", found->count[KZ_WARNING]),
                kz_n("notices", found->count[KZ_NOTICE]));
    unsigned missing = res->sheet[0] != '\0' ? kz_sandbox_missing() : 0;
    if (missing != 0)
        kz_tell(call, "import.said_no_sandbox", kz_s("what", missing == KZ_SANDBOX_LANDLOCK ? "Landlock"
                                                             : missing == KZ_SANDBOX_SECCOMP ? "seccomp"
                                                                                             : "Landlock, seccomp"));
    if (res->id > 0)
        kz_tell(call, "import.said_done", kz_n("id", res->id));
    else
        kz_tell(call, "import.said_dry");
}

static bool ends_in(const char *path, const char *extension)
{
    size_t n = strlen(path), e = strlen(extension);
    return n > e && strcmp(path + n - e, extension) == 0;
}

static kz_status write_report(const kz_call *call, const char *path, const kz_findings *found, kz_err *err)
{
    kz_auto(kz_buf) report = kz_buf_init(80u << 20);
    if (ends_in(path, ".xlsx"))
        KZ_TRY(kz_findings_xlsx(&report, call->lang, found, err));
    else
        kz_findings_csv(&report, call->lang, found);
    KZ_TRY(kz_buf_status(&report));
    KZ_TRY(kz_file_write(path, kz_buf_text(&report), report.n, err));
    kz_tell(call, "import.said_report", kz_s("file", path));
    return KZ_OK;
}

/* Somebody sits at a terminal and has just read the warnings. */
static bool people_say_yes(const kz_call *call, const kz_import_order *order)
{
    char answer[16] = "";
    if (strcmp(order->file, "-") == 0 || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return false;
    kz_tell(call, "import.ask");
    if (!fgets(answer, sizeof answer, stdin))
        return false;
    return strchr("jJyY", answer[0]) && answer[0] != '\0';
}

/* Columns and codes of persons; what was found is said as well. */
static kz_status propose_persons(kz_call *call, kz_workspace *ws, const kz_import_order *order, const char *out)
{
    kz_auto(kz_buf) map = kz_buf_init(KZ_MAP_BYTES);
    kz_auto(kz_findings) found;
    kz_findings_init(&found, order->file);
    KZ_TRY(kz_person_propose(ws, order, &found, &map, &call->err));
    KZ_TRY(kz_file_write(out, kz_buf_text(&map), map.n, &call->err));
    kz_tell_findings(call, &found);
    kz_tell(call, "person.said_proposal", kz_s("file", out));
    kz_tell(call, "propose.said_period", kz_s("file", order->file), kz_s("source", order->source), kz_s("map", out));
    return KZ_OK;
}

static kz_status is_persons(const char *source, bool *ret, kz_err *err)
{
    kz_arena a;
    kz_source s;
    kz_arena_init(&a, 16 << 20);
    kz_status st = kz_source_load(source, &a, &s, err);
    *ret = st == KZ_OK && s.rows == KZ_ROWS_PERSONS;
    kz_arena_done(&a);
    return st;
}

static bool show_progress(void *ctx, uint64_t done, uint64_t of)
{
    kz_progress *p = ctx;
    p->total = (int64_t)of;
    kz_progress_at(p, (int64_t)done);
    return true;
}

/* A first map for staff to edit.  One that is there already may have been edited: it stays. */
static kz_status propose_map(kz_call *call, const kz_import_order *order)
{
    const char *out = kz_opt_text(call, "propose-map");
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_buf) map = kz_buf_init(KZ_MAP_BYTES);
    kz_proposal p;
    if (access(out, F_OK) == 0)
        return kz_fail(&call->err, KZ_E_CONFLICT, "propose.exists", kz_s("file", out));
    bool persons;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(is_persons(order->source, &persons, &call->err));
    if (persons)
        return propose_persons(call, &ws, order, out);
    KZ_TRY(kz_map_propose(&ws, order, &map, &p, &call->err));
    KZ_TRY(kz_file_write(out, kz_buf_text(&map), map.n, &call->err));
    kz_tell(call, "propose.said", kz_s("file", out), kz_s("area", p.area), kz_n("found", p.found),
            kz_n("open", p.open));
    kz_tell(call, p.period[0] != '\0' || p.period_in_names ? "propose.said_then" : "propose.said_period",
            kz_s("file", order->file), kz_s("source", order->source), kz_s("map", out));
    return KZ_OK;
}

kz_status kz_cmd_import(kz_call *call)
{
    kz_import_order order = {
        .file = call->args[0],
        .source = kz_opt_text(call, "source"),
        .map = kz_opt_text(call, "map"),
        .period = kz_opt_text(call, "period"),
        .by_user = kz_call_user(),
        .dry_run = kz_opt_flag(call, "dry-run"),
        .accept_warnings = kz_opt_flag(call, "accept-warnings"),
        .at_desk = true,
    };
    const char *report = kz_opt_text(call, "report");
    kz_auto(kz_workspace) ws = { 0 };
    kz_import_result res;

    if (kz_opt_text(call, "propose-map"))
        return propose_map(call, &order);
    kz_auto(kz_findings) found;
    kz_findings_init(&found, order.file);
    if (report && !ends_in(report, ".csv") && !ends_in(report, ".xlsx"))
        return kz_fail(&call->err, KZ_E_USAGE, "import.report_format", kz_s("file", report));
    KZ_TRY(kz_workspace_open(call->workspace, order.dry_run ? KZ_DB_READ : KZ_DB_WRITE, &ws, &call->err));
    if (report) /* an import that is stored must not end in a failure of the report */
        KZ_TRY(kz_file_write(report, "", 0, &call->err));
    kz_progress progress = kz_progress_begin(kz_text(call->lang, "import.reading"), 1);
    order.watch = show_progress;
    order.watch_ctx = &progress;
    kz_status st = kz_import_run(&ws, &order, &found, &res, &call->err);
    kz_progress_end(&progress);
    kz_tell_findings(call, &found);
    if (st == KZ_E_FINDING && people_say_yes(call, &order)) {
        order.accept_warnings = true;
        kz_findings_done(&found);
        kz_findings_init(&found, order.file);
        call->err = (kz_err){ 0 };
        st = kz_import_run(&ws, &order, &found, &res, &call->err);
        kz_progress_end(&progress);
    }
    if (st == KZ_OK)
        tell_result(call, &found, &res);
    if (report) {
        kz_status written = write_report(call, report, &found, st == KZ_OK ? &call->err : NULL);
        if (st == KZ_OK)
            st = written;
    }
    return st;
}

kz_status kz_cmd_import_list(kz_call *call)
{
    static const kz_col COLS[] = {
        { "import", KZ_COL_INT },    { "source", KZ_COL_TEXT },     { "file", KZ_COL_TEXT },
        { "at", KZ_COL_TEXT },       { "by", KZ_COL_TEXT },         { "map", KZ_COL_TEXT },
        { "rows_read", KZ_COL_INT }, { "rows_kept", KZ_COL_INT },   { "cells_new", KZ_COL_INT },
        { "cells_changed", KZ_COL_INT }, { "cells_same", KZ_COL_INT }, { "state", KZ_COL_TEXT },
        { "sha256", KZ_COL_TEXT },
    };
    enum { N = sizeof COLS / sizeof COLS[0] };
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_table_out) t = { 0 };
    kz_status st;
    bool row;

    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_prepare(ws.work, "SELECT id, source, file, at, by_user, map_name, rows_read, rows_kept, cells_new,"
                               " cells_changed, cells_same, state, sha256 FROM import ORDER BY id", &q, &call->err));
    KZ_TRY(kz_table_begin(&t, call, COLS, N));
    while ((st = kz_step(&q, &row, &call->err)) == KZ_OK && row)
        for (int i = 0; i < N; i++) {
            if (COLS[i].kind == KZ_COL_INT)
                kz_put_int(&t, kz_col_int(&q, i));
            else
                kz_put_text(&t, kz_col_text(&q, i));
        }
    return st == KZ_OK ? kz_table_end(&t) : st;
}

static kz_status read_id(kz_call *call, int64_t *ret)
{
    if (!kz_parse_plain(kz_view_of(call->args[0]), 1, INT64_MAX, ret))
        return kz_fail(&call->err, KZ_E_USAGE, "import.id_bad", kz_s("value", call->args[0]));
    return KZ_OK;
}

/* "12", "6.38", "" when there is none: a value as CSV has it. */
static void put_value(kz_table_out *t, kz_stmt *q, int value, int decimals)
{
    kz_auto(kz_buf) b = kz_buf_init(64);
    if (!kz_col_null(q, value))
        kz_buf_decimal(&b, kz_col_int(q, value), (int)kz_col_int(q, decimals));
    kz_put_text(t, kz_buf_text(&b));
}

/* What this import replaced, cell by cell. */
static kz_status show_changes(kz_call *call, kz_workspace *ws, int64_t id)
{
    static const kz_col COLS[] = {
        { "measure", KZ_COL_TEXT },   { "period", KZ_COL_TEXT }, { "level", KZ_COL_TEXT }, { "area", KZ_COL_TEXT },
        { "name", KZ_COL_TEXT },      { "old", KZ_COL_TEXT },    { "new", KZ_COL_TEXT },   { "old_state", KZ_COL_TEXT },
        { "new_state", KZ_COL_TEXT }, { "row", KZ_COL_INT },     { "column", KZ_COL_TEXT },
    };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_table_out) t = { 0 };
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(ws->work, "SELECT m.code, p.code, l.code, a.key, a.name, r.value, r.new_value, r.state,"
                                " r.new_state, r.new_line, COALESCE(c.name, ''), m.decimals FROM observation_replaced r"
                                " JOIN measure m ON m.id = r.measure JOIN period p ON p.id = r.period"
                                " JOIN area a ON a.id = r.area JOIN level l ON l.id = a.level"
                                " LEFT JOIN import_column c ON c.import = r.by_import AND c.col = r.new_col"
                                " WHERE r.by_import = ?1 ORDER BY r.new_line, r.new_col", &q, &call->err));
    kz_bind_int(&q, 1, id);
    KZ_TRY(kz_table_begin(&t, call, COLS, 11));
    while ((st = kz_step(&q, &row, &call->err)) == KZ_OK && row) {
        for (int i = 0; i < 5; i++)
            kz_put_text(&t, kz_col_text(&q, i));
        put_value(&t, &q, 5, 11);
        put_value(&t, &q, 6, 11);
        for (int i = 7; i < 9; i++)
            kz_put_text(&t, kz_cell_state_name((kz_cell_state)kz_col_int(&q, i)));
        kz_put_int(&t, kz_col_int(&q, 9));
        kz_put_text(&t, kz_col_text(&q, 10));
    }
    return st == KZ_OK ? kz_table_end(&t) : st;
}

static void say_value(kz_buf *out, kz_stmt *q, int value, int state, int decimals)
{
    if (kz_col_null(q, value))
        kz_buf_str(out, kz_cell_state_sign((kz_cell_state)kz_col_int(q, state)));
    else
        kz_buf_decimal(out, kz_col_int(q, value), (int)kz_col_int(q, decimals));
}

/* "Nippes, Einwohner, 2012: 34936 → 34000", a line each; the first ones. */
static kz_status put_changes(kz_call *call, kz_workspace *ws, int64_t id, kz_table_out *t)
{
    enum { CHANGES_SHOWN = 50 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    int64_t n = 0;
    bool row;
    KZ_TRY(kz_prepare(ws->work, "SELECT a.name, m.label, p.code, r.value, r.state, r.new_value, r.new_state, m.decimals"
                                " FROM observation_replaced r JOIN measure m ON m.id = r.measure"
                                " JOIN period p ON p.id = r.period JOIN area a ON a.id = r.area"
                                " WHERE r.by_import = ?1 ORDER BY r.new_line, r.new_col", &q, &call->err));
    kz_bind_int(&q, 1, id);
    for (;; n++) {
        kz_auto(kz_buf) b = kz_buf_init(4096);
        KZ_TRY(kz_step(&q, &row, &call->err));
        if (!row)
            break;
        if (n >= CHANGES_SHOWN)
            continue;
        kz_buf_fmt(&b, "%s, %s, %s: ", kz_col_text(&q, 0), kz_col_text(&q, 1), kz_col_text(&q, 2));
        say_value(&b, &q, 3, 4, 7);
        kz_buf_str(&b, " → ");
        say_value(&b, &q, 5, 6, 7);
        kz_put_text(t, "changed");
        kz_put_text(t, kz_buf_text(&b));
    }
    if (n > CHANGES_SHOWN)
        kz_tell(call, "import.said_changes", kz_n("more", n - CHANGES_SHOWN), kz_n("id", id));
    return KZ_OK;
}

kz_status kz_cmd_import_show(kz_call *call)
{
    static const kz_col COLS[] = { { "field", KZ_COL_TEXT }, { "value", KZ_COL_TEXT } };
    static const char *const FIELDS[] = { "import",     "source",        "file",       "sha256",   "at",
                                          "by",         "state",         "map",        "period",   "rows_read",
                                          "rows_kept",  "areas",         "periods",    "cells_new", "cells_changed",
                                          "cells_same", "warnings",      "accepted",   "sheet",    "original",
                                          "map_version", "map_sha256",   "map_text" };
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_table_out) t = { 0 };
    int64_t id;
    bool row;

    KZ_TRY(read_id(call, &id));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_prepare(ws.work, "SELECT id, source, file, sha256, at, by_user, state, map_name, only_period, rows_read,"
                               " rows_kept, areas, periods, cells_new, cells_changed, cells_same, warnings, accepted,"
                               " sheet, original, map_version, map_sha256, map_text"
                               " FROM import WHERE id = ?1", &q, &call->err));
    kz_bind_int(&q, 1, id);
    KZ_TRY(kz_step(&q, &row, &call->err));
    if (!row)
        return kz_fail(&call->err, KZ_E_MISSING, "import.missing", kz_n("id", id));
    if (kz_opt_flag(call, "changes"))
        return show_changes(call, &ws, id);
    KZ_TRY(kz_table_begin(&t, call, COLS, 2));
    for (int i = 0; i < (int)(sizeof FIELDS / sizeof FIELDS[0]); i++) {
        kz_put_text(&t, FIELDS[i]);
        kz_put_text(&t, kz_col_text(&q, i));
    }
    KZ_TRY(put_changes(call, &ws, id, &t));
    return kz_table_end(&t);
}

kz_status kz_cmd_import_undo(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    int64_t id;
    KZ_TRY(read_id(call, &id));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_import_undo(&ws, id, &call->err));
    kz_tell(call, "import.said_undone", kz_n("id", id));
    return KZ_OK;
}
