/*
 * tell_definitions.h - which indicators are defined otherwise than when their cells were made, to standard error.
 *
 *     kz_tell_definitions(call, &d, "definition.stale");       // before: what must be made anew
 *     kz_tell_definitions(call, &d, "definition.renewed");     // after: what was
 *
 * And with each one: whether its version is higher now, and which published releases have the older definition.
 */
#ifndef KZ_CLI_TELL_DEFINITIONS_H
#define KZ_CLI_TELL_DEFINITIONS_H

#include "cli/command.h"
#include "monitor/definition.h"

/* How many of them have changed and no higher version. */
int kz_tell_definitions(const kz_call *call, const kz_definitions *d, const char *what);

#endif
