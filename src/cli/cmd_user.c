/* kekiz user add, list, disable. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "store/workspace.h"
#include "trust/user.h"

kz_status kz_cmd_user_add(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_user_add(ws.work, call->args[0], kz_opt_text(call, "role"), &call->err));
    kz_tell(call, "user.added", kz_s("name", call->args[0]), kz_s("role", kz_opt_text(call, "role")));
    return KZ_OK;
}

kz_status kz_cmd_user_disable(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_user_disable(ws.work, call->args[0], &call->err));
    kz_tell(call, "user.now_disabled", kz_s("name", call->args[0]));
    return KZ_OK;
}

kz_status kz_cmd_user_list(kz_call *call)
{
    static const kz_col COLS[] = {
        { "name", KZ_COL_TEXT },
        { "role", KZ_COL_TEXT },
        { "created", KZ_COL_TEXT },
        { "disabled", KZ_COL_TEXT },
    };
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_table_out) t;
    bool row;
    KZ_TRY(kz_table_begin(&t, call, COLS, 4));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_prepare(ws.work, "SELECT name, role, created, disabled FROM account ORDER BY name", &q,
                      &call->err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, &call->err));
        if (!row)
            return kz_table_end(&t);
        for (int i = 0; i < 4; i++)
            kz_put_text(&t, kz_col_text(&q, i));
    }
}
