/*
 * tell.h - a message to standard error, for people.
 *
 *     kz_tell(call, "store.notice", kz_s("key", key));     // command.h
 *     kz_tell_err(KZ_LANG_DE, &err);
 *
 * One line beginning with "kekiz: ".  Characters that could steer a terminal
 * (they may stand in file names and data) are replaced.
 */
#ifndef KZ_CLI_TELL_H
#define KZ_CLI_TELL_H

#include "cli/command.h"

void kz_tell_err(kz_lang lang, const kz_err *err);

#endif
