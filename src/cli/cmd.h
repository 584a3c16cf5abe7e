/* cmd.h - the functions behind the table of commands, by file. */
#ifndef KZ_CLI_CMD_H
#define KZ_CLI_CMD_H

#include "cli/command.h"

kz_status kz_cmd_version(kz_call *call); /* main.c */

#endif
