/* kekiz user add, link, list, disable. */
#include "base/date.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "store/workspace.h"
#include "trust/journal.h"
#include "trust/session.h"
#include "trust/user.h"

#include <sodium.h>
#include <string.h>

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

/* The link goes to standard output, so that it can be handed on. */
kz_status kz_cmd_user_link(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_buf) link = kz_buf_init(1024), object = kz_buf_init(128);
    const char *url = kz_opt_text(call, "url");
    char token[KZ_TOKEN_TEXT];
    if (sodium_init() < 0)
        return kz_fail(&call->err, KZ_E_IO, "web.no_random");
    if (url && (strncmp(url, "http", 4) != 0 || strlen(url) > 300 || strpbrk(url, " \r\n\"<>")))
        return kz_fail(&call->err, KZ_E_USAGE, "serve.url", kz_s("value", url));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_session_link(ws.work, call->args[0], kz_time_now(), token, &call->err));
    kz_buf_fmt(&object, "link %s", call->args[0]);
    KZ_TRY(kz_journal_add(ws.work, &(kz_event){ .account = "", .role = "it-admin", .verb = "add",
                                                .object = kz_buf_text(&object),
                                                .result = "done" }, &call->err));
    kz_buf_fmt(&link, "%s/intern/anmelden?schluessel=%s\n", url ? url : "http://127.0.0.1:8080", token);
    kz_tell(call, "user.linked", kz_s("name", call->args[0]));
    return kz_out_write(kz_buf_text(&link), link.n, &call->err);
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
