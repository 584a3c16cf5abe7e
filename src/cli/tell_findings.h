/*
 * tell_findings.h - what the checks of a delivery found, to standard error.
 *
 *     kz_tell_findings(call, &found);
 *
 * The first ten errors; when there is none the first warnings, then the first notices; and how many more.
 */
#ifndef KZ_CLI_TELL_FINDINGS_H
#define KZ_CLI_TELL_FINDINGS_H

#include "cli/command.h"
#include "monitor/finding.h"

void kz_tell_findings(const kz_call *call, const kz_findings *found);

#endif
