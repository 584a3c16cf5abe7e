/*
 * known.h - names as people write them; an unknown one is answered with those that there are.
 *
 *     kz_auto(kz_buf) known = kz_known_init();
 *     kz_known_add(&known, "2011");
 *     kz_known_add(&known, "2012");
 *     return kz_known_none(call, "get.no_period", "1999", &known);   // … Vorhanden: 2011, 2012.
 *
 * The list is cut with "…" where a message would become too long.  One thread; linear in the names.
 */
#ifndef KZ_CLI_KNOWN_H
#define KZ_CLI_KNOWN_H

#include "cli/command.h"
#include "monitor/indicator.h"
#include "store/db.h"

kz_buf kz_known_init(void);
void kz_known_add(kz_buf *known, const char *name);
/* KZ_E_MISSING with the arguments value and known. */
KZ_MUST_USE kz_status kz_known_none(kz_call *call, const char *id, const char *value, const kz_buf *known);

/* The group by code or label, in any case; NULL: the whole. */
KZ_MUST_USE kz_status kz_known_group(kz_call *call, const kz_indicator *ind, const char *name, int *ret);
/* Are there cells of this period in work.db? */
KZ_MUST_USE kz_status kz_known_period(kz_call *call, kz_db *work, const char *code);

#endif
