/* The table of all commands: help and option parsing are made from it. */
#include "cli/command.h"

#include "cli/cmd.h"

const kz_command kz_commands[] = {
    { .words = "version", .run = kz_cmd_version, .help = "cmd.version",
      .opts = { { .name = "sbom", .kind = KZ_OPT_FLAG } } },
};
const size_t kz_n_commands = sizeof kz_commands / sizeof kz_commands[0];
