/* kekiz area changes, change, undo, crosswalk: the ledger of boundaries. */
#include "cli/area_day.h"
#include "cli/cmd.h"
#include "cli/output.h"

#include "monitor/ledger_change.h"
#include "monitor/ledger_cross.h"
#include "store/workspace.h"

#include <math.h>

static const size_t ARENA_MAX = (size_t)2 << 30;

static void put_flows(kz_table_out *t, const kz_area_level *level, const kz_flow list[], int n)
{
    for (int i = 0; i < n; i++) {
        kz_put_text(t, kz_change_name(list[i].kind));
        kz_put_text(t, list[i].day);
        kz_put_text(t, list[i].from_key);
        kz_put_text(t, list[i].to_key);
        kz_put_real(t, list[i].weight);
        kz_put_text(t, list[i].to_name);
        kz_put_text(t, list[i].from_name);
        kz_put_real(t, round(list[i].m2));
        kz_put_text(t, level->code);
    }
}

kz_status kz_cmd_area_changes(kz_call *call)
{
    /* The first six are what `area change` reads. */
    static const kz_col COLS[] = { { "kind", KZ_COL_TEXT },      { "day", KZ_COL_TEXT },  { "from", KZ_COL_TEXT },
                                   { "to", KZ_COL_TEXT },        { "weight", KZ_COL_REAL }, { "name", KZ_COL_TEXT },
                                   { "from_name", KZ_COL_TEXT }, { "m2", KZ_COL_REAL },   { "level", KZ_COL_TEXT } };
    const char *name = kz_opt_text(call, "level");
    kz_area_level one;
    const kz_area_level *levels;
    int n_levels;
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_arena) a;
    kz_auto(kz_table_out) t = { 0 };
    kz_arena_init(&a, ARENA_MAX);
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    if (name)
        KZ_TRY(kz_area_level_find(ws.work, name, &one, &call->err));
    KZ_TRY(kz_area_levels(ws.work, &a, &levels, &n_levels, &call->err));
    KZ_TRY(kz_table_begin(&t, call, COLS, sizeof COLS / sizeof *COLS));
    for (int i = 0; i < n_levels; i++) {
        const kz_flow *flows;
        int n;
        if (name && levels[i].id != one.id)
            continue;
        KZ_TRY(kz_ledger_flows(ws.work, &levels[i], &a, &flows, &n, &call->err));
        put_flows(&t, &levels[i], flows, n);
    }
    return kz_table_end(&t);
}

kz_status kz_cmd_area_change(kz_call *call)
{
    kz_area_level level;
    kz_ledger_changes done;
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_arena) a;
    kz_arena_init(&a, ARENA_MAX);
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_area_level_find(ws.work, kz_opt_text(call, "level"), &level, &call->err));
    KZ_TRY(kz_ledger_change_file(ws.work, &level, call->args[0], kz_call_user(), &a, &done, &call->err));
    kz_tell(call, "ledger.changed", kz_n("rows", done.n_rows), kz_n("begun", done.n_begun),
            kz_n("revised", done.n_revised), kz_s("level", level.one));
    return KZ_OK;
}

kz_status kz_cmd_area_undo(kz_call *call)
{
    kz_area_level level;
    kz_ledger_undone done;
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_area_level_find(ws.work, kz_opt_text(call, "level"), &level, &call->err));
    KZ_TRY(kz_ledger_undo(ws.work, &level, &done, &call->err));
    kz_tell(call, done.state ? "ledger.undone_state" : "ledger.undone_revision", kz_s("day", done.day),
            kz_s("level", level.one));
    return KZ_OK;
}

kz_status kz_cmd_area_crosswalk(kz_call *call)
{
    static const kz_col COLS[] = { { "key_from", KZ_COL_TEXT }, { "key_to", KZ_COL_TEXT }, { "weight", KZ_COL_REAL } };
    char from[KZ_DATE_TEXT], to[KZ_DATE_TEXT];
    kz_area_level level;
    kz_area_basis_choice by;
    kz_crosswalk x;
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_arena) a;
    kz_auto(kz_table_out) t = { 0 };
    kz_arena_init(&a, ARENA_MAX);
    KZ_TRY(kz_area_day(call, "from", from));
    KZ_TRY(kz_area_day(call, "to", to));
    KZ_TRY(kz_area_basis(call, &by));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_area_level_find(ws.work, kz_opt_text(call, "level"), &level, &call->err));
    KZ_TRY(by.file ? kz_crosswalk_read(ws.work, &level, from, to, by.file, &a, &x, &call->err)
                   : kz_crosswalk_make(ws.work, &level, from, to, by.basis, &a, &x, &call->err));
    KZ_TRY(kz_table_begin(&t, call, COLS, sizeof COLS / sizeof *COLS));
    for (int i = 0; i < x.n; i++) {
        kz_put_text(&t, x.from[x.row[i].from].key);
        kz_put_text(&t, x.to[x.row[i].to].key);
        kz_put_real(&t, (double)x.row[i].million / KZ_MILLION);
    }
    KZ_TRY(kz_table_end(&t));
    kz_area_tell_basis(call, x.n_fallback, x.n_lost);
    return KZ_OK;
}
