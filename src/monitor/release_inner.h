/* release_inner.h - what release.c and release_protect.c share. */
#ifndef KZ_MONITOR_RELEASE_INNER_H
#define KZ_MONITOR_RELEASE_INNER_H

#include "monitor/protect.h"
#include "monitor/release.h"

/* Inside the caller's transaction. */
KZ_MUST_USE kz_status kz_release_hide(kz_db *work, int64_t release, const char *name, const kz_release_watch *watch,
                                      kz_protect_report *ret, kz_err *err);

/* Called for every count that is hidden: `place` in the part, what an attacker knows of it (NaN: a large block, known
 * by its proof), and whether a proof covers it. */
struct kz_audit_take {
    void (*count)(void *ctx, const kz_protect_system *s, const kz_protect_part *p, int place, double lo, double hi,
                  bool proven);
    void *ctx;
};
/* KZ_E_FINDING: something hidden can be computed; *r is filled then, too. */
KZ_MUST_USE kz_status kz_release_attack(kz_db *work, int64_t release, const char *name, const kz_audit_take *take,
                                        kz_audit_report *r, kz_err *err);

#endif
