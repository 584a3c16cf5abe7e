/*
 * user.h - who works with a workspace, and in which role.
 *
 *     KZ_TRY(kz_user_add(ws.work, "meier", "statistik", err));
 *     KZ_TRY(kz_user_role(ws.work, "meier", &role, err));
 *     if (role != KZ_ROLE_FREIGABE) ...
 *
 * A role says what its people need to see and no more (TRUST.md 1.4): the
 * administrator of the machine sees no data, who publishes is a second person.
 * Names are 1 to 64 of a-z 0-9 . _ - and begin with a letter; accounts are
 * disabled, never deleted, since releases name them.  A database connection
 * belongs to one thread.
 */
#ifndef KZ_TRUST_USER_H
#define KZ_TRUST_USER_H

#include "store/db.h"

typedef enum kz_role {
    KZ_ROLE_PUBLIC = 0,   /* oeffentlichkeit */
    KZ_ROLE_PROVIDER,     /* traeger: own offers only */
    KZ_ROLE_PLANNING,     /* fachplanung: released and internal aggregates */
    KZ_ROLE_COORDINATION, /* koordination: the programme, no microdata */
    KZ_ROLE_STATISTICS,   /* statistik: keys and facts, bound to secrecy */
    KZ_ROLE_APPROVAL,     /* freigabe: the second person for publication */
    KZ_ROLE_FUNDING,      /* foerderung */
    KZ_ROLE_PRIVACY,      /* datenschutz: the audit log only */
    KZ_ROLE_IT,           /* it-admin: no data */
    KZ_ROLE_STATE,        /* land: bundles only */
    KZ_N_ROLES
} kz_role;

/* The word of a role in commands and databases. */
const char *kz_role_name(kz_role role);
/* KZ_E_INPUT: no such role; the message lists them. */
KZ_MUST_USE kz_status kz_role_find(const char *name, kz_role *ret, kz_err *err);

/* KZ_E_INPUT: name or role; KZ_E_CONFLICT: the name is taken. */
KZ_MUST_USE kz_status kz_user_add(kz_db *work, const char *name, const char *role, kz_err *err);
/* KZ_E_MISSING: nobody has this name; KZ_E_CONFLICT: disabled already. */
KZ_MUST_USE kz_status kz_user_disable(kz_db *work, const char *name, kz_err *err);
/* The role of an account in use.  KZ_E_MISSING: no such name; KZ_E_DENIED: disabled. */
KZ_MUST_USE kz_status kz_user_role(kz_db *work, const char *name, kz_role *ret, kz_err *err);

#endif
