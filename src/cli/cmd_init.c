/* kekiz init DIR --name NAME --key AGS: a new workspace. */
#include "cli/cmd.h"
#include "store/workspace.h"

#include <string.h>

kz_status kz_cmd_init(kz_call *call)
{
    const char *key = kz_opt_text(call, "key");
    KZ_TRY(kz_workspace_init(call->args[0], kz_opt_text(call, "name"), key, &call->err));
    kz_tell(call, "cli.init_done", kz_s("dir", call->args[0]));
    if (strncmp(key, "05", 2) != 0)
        kz_tell(call, "cli.init_other_land", kz_s("key", key));
    return KZ_OK;
}
