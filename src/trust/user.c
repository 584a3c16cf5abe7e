#include "trust/user.h"

#include "base/buf.h"
#include "base/date.h"

#include <string.h>

static const char *const ROLES[KZ_N_ROLES] = {
    "oeffentlichkeit", "traeger", "fachplanung", "koordination", "statistik",
    "freigabe", "foerderung", "datenschutz", "it-admin", "land",
};

const char *kz_role_name(kz_role role)
{
    return ROLES[role];
}

kz_status kz_role_find(const char *name, kz_role *ret, kz_err *err)
{
    for (int i = 0; i < KZ_N_ROLES; i++)
        if (strcmp(ROLES[i], name) == 0) {
            *ret = (kz_role)i;
            return KZ_OK;
        }
    kz_auto(kz_buf) known = kz_buf_init(400);
    for (int i = 0; i < KZ_N_ROLES; i++) {
        if (i > 0)
            kz_buf_str(&known, ", ");
        kz_buf_str(&known, ROLES[i]);
    }
    return kz_fail(err, KZ_E_INPUT, "user.bad_role", kz_s("role", name), kz_s("known", kz_buf_text(&known)));
}

static bool is_name(const char *name)
{
    size_t n = strlen(name);
    return n >= 1 && n <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

/* Is there such an account, and since when is it disabled ("": it is in use)? */
static kz_status find(kz_db *work, const char *name, kz_role *role, bool *disabled, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT role, disabled FROM account WHERE name = ?1", &q, err));
    kz_bind_text(&q, 1, name);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return kz_fail(err, KZ_E_MISSING, "user.missing", kz_s("name", name));
    *disabled = kz_col_text(&q, 1)[0] != '\0';
    return kz_role_find(kz_col_text(&q, 0), role, err);
}

kz_status kz_user_add(kz_db *work, const char *name, const char *role, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char now[KZ_TIME_TEXT];
    kz_role known;

    if (!is_name(name))
        return kz_fail(err, KZ_E_INPUT, "user.bad_name", kz_s("name", name));
    KZ_TRY(kz_role_find(role, &known, err));
    kz_time_iso(now);
    KZ_TRY(kz_prepare(work, "INSERT INTO account (name, role, created) VALUES (?1, ?2, ?3) "
                            "ON CONFLICT (name) DO NOTHING", &q, err));
    kz_bind_text(&q, 1, name);
    kz_bind_text(&q, 2, kz_role_name(known));
    kz_bind_text(&q, 3, now);
    KZ_TRY(kz_run(&q, err));
    return kz_db_changes(work) == 1 ? KZ_OK
                                    : kz_fail(err, KZ_E_CONFLICT, "user.taken", kz_s("name", name));
}

kz_status kz_user_disable(kz_db *work, const char *name, kz_err *err)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char now[KZ_TIME_TEXT];
    kz_role role;
    bool disabled;

    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(find(work, name, &role, &disabled, err));
    if (disabled)
        return kz_fail(err, KZ_E_CONFLICT, "user.disabled_already", kz_s("name", name));
    kz_time_iso(now);
    KZ_TRY(kz_prepare(work, "UPDATE account SET disabled = ?2 WHERE name = ?1", &q, err));
    kz_bind_text(&q, 1, name);
    kz_bind_text(&q, 2, now);
    KZ_TRY(kz_run(&q, err));
    return kz_tx_commit(&tx, err);
}

kz_status kz_user_role(kz_db *work, const char *name, kz_role *ret, kz_err *err)
{
    kz_role role;
    bool disabled;
    KZ_TRY(find(work, name, &role, &disabled, err));
    if (disabled)
        return kz_fail(err, KZ_E_DENIED, "user.disabled", kz_s("name", name));
    *ret = role;
    return KZ_OK;
}
