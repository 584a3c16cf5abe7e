/* kekiz help, kekiz version: about the program itself. */
#include "base/asset.h"
#include "cli/cmd.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/sbom.h"

#include <string.h>

static kz_status write_out(kz_call *call, const kz_buf *out)
{
    if (kz_buf_status(out) != KZ_OK)
        return kz_fail(&call->err, KZ_E_LIMIT, "cli.memory");
    return kz_out_write(kz_buf_text(out), out->n, &call->err);
}

static kz_status help_about(kz_call *call, kz_buf *out)
{
    kz_auto(kz_buf) words = kz_buf_init(200);
    for (int i = 0; i < call->n_args; i++) {
        if (i > 0)
            kz_buf_char(&words, ' ');
        kz_buf_str(&words, call->args[i]);
    }
    const char *topic = kz_buf_text(&words);
    const kz_command *c = kz_command_find(kz_commands, kz_n_commands, topic);
    bool group = kz_command_is_group(kz_commands, kz_n_commands, topic);
    if (!c && !group) {
        const char *near = kz_command_near(kz_commands, kz_n_commands, topic);
        return kz_fail(&call->err, KZ_E_USAGE, near ? "cli.unknown_command_near" : "cli.unknown_command",
                       kz_s("word", topic), kz_s("near", near ? near : ""));
    }
    if (c)
        kz_help_command(out, call->lang, c);
    if (c && group)
        kz_buf_char(out, '\n');
    if (group)
        kz_help_group(out, call->lang, kz_commands, kz_n_commands, topic);
    return KZ_OK;
}

kz_status kz_cmd_help(kz_call *call)
{
    kz_auto(kz_buf) out = kz_buf_init(1 << 20);
    if (call->n_args > 0) {
        KZ_TRY(help_about(call, &out));
    } else {
        kz_help_all(&out, call->lang, kz_commands, kz_n_commands);
        for (size_t i = 0; kz_opt_flag(call, "all") && i < kz_n_commands; i++) {
            kz_buf_str(&out, "\n\n");
            kz_help_command(&out, call->lang, &kz_commands[i]);
        }
    }
    return write_out(call, &out);
}

kz_status kz_cmd_version(kz_call *call)
{
    kz_auto(kz_buf) out = kz_buf_init(1 << 20);
    if (kz_opt_flag(call, "sbom"))
        KZ_TRY(kz_sbom_write(&out, &call->err));
    else
        kz_buf_fmt(&out, "kekiz %s\n", KZ_VERSION);
    return write_out(call, &out);
}
