/* kekiz check: is the workspace sound?  Findings as rows, exit code 1 when there is one. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "store/workspace.h"

typedef struct checking {
    kz_call     *call;
    kz_table_out out;
} checking;

static void checking_done(checking *c)
{
    kz_table_out_done(&c->out);
}

static void put_finding(void *arg, const char *file, const char *check, const kz_err *what)
{
    checking *c = arg;
    kz_auto(kz_buf) said = kz_buf_init(1 << 14);
    kz_err_say(&said, c->call->lang, what);
    kz_put_text(&c->out, file);
    kz_put_text(&c->out, check);
    kz_put_text(&c->out, kz_buf_text(&said));
}

kz_status kz_cmd_check(kz_call *call)
{
    static const kz_col COLS[] = {
        { "file", KZ_COL_TEXT },
        { "check", KZ_COL_TEXT },
        { "finding", KZ_COL_TEXT },
    };
    kz_auto(checking) c = { .call = call };
    KZ_TRY(kz_table_begin(&c.out, call, COLS, 3));
    kz_status st = kz_workspace_check(call->workspace, put_finding, &c, &call->err);
    if (st == KZ_OK || st == KZ_E_FINDING) {
        kz_err kept = call->err;
        KZ_TRY(kz_table_end(&c.out));
        call->err = kept;
    }
    return st;
}
