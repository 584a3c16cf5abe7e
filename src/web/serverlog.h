/*
 * serverlog.h - what the running server tells its operator, on stderr.
 *
 *     kz_server_log("web.log.stop", kz_s("url", url));      // <6>Bereit: …
 *
 * One line a message, with journald's priority in front when journald reads.
 * Never an address of a visitor, never a path with its query: what is not
 * written down need not be protected.  Control characters become '?'.
 */
#ifndef KZ_WEB_SERVERLOG_H
#define KZ_WEB_SERVERLOG_H

#include "base/text.h"

#define kz_server_log(id, ...) \
    kz_server_log_(6, (id), KZ_ARGS(__VA_ARGS__))
void kz_server_log_(int priority, const char *id, const kz_arg args[]);
/* A failure: the message `id` with {why} as the failure's own words. */
void kz_server_log_err(const char *id, const kz_err *err);

#endif
