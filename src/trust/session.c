#include "trust/session.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES = 32, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static void token_text(const unsigned char bytes[static TOKEN_BYTES], char ret[static KZ_TOKEN_TEXT])
{
    sodium_bin2base64(ret, KZ_TOKEN_TEXT, bytes, TOKEN_BYTES, VARIANT);
}

static void token_new(char ret[static KZ_TOKEN_TEXT])
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    token_text(bytes, ret);
    sodium_memzero(bytes, sizeof bytes);
}

bool kz_token_ok(const char *token)
{
    size_t n = strnlen(token, KZ_TOKEN_TEXT);
    return n == KZ_TOKEN_TEXT - 1 &&
           strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

void kz_token_hash(const char *token, unsigned char ret[static KZ_TOKEN_HASH])
{
    static_assert(KZ_TOKEN_HASH == crypto_hash_sha256_BYTES, "SHA-256");
    crypto_hash_sha256(ret, (const unsigned char *)token, strlen(token));
}

int kz_session_idle(kz_role role)
{
    return role == KZ_ROLE_STATISTICS ? 10 * 60 : 30 * 60;
}

void kz_session_csrf(const char *token, char ret[static KZ_TOKEN_TEXT])
{
    static const unsigned char WHAT[] = "kekiz form";
    unsigned char bytes[TOKEN_BYTES];
    crypto_generichash(bytes, sizeof bytes, WHAT, sizeof WHAT, (const unsigned char *)token, strlen(token));
    token_text(bytes, ret);
}

bool kz_session_csrf_ok(const char *token, const char *sent)
{
    char right[KZ_TOKEN_TEXT];
    if (!sent || strnlen(sent, KZ_TOKEN_TEXT) != KZ_TOKEN_TEXT - 1)
        return false;
    kz_session_csrf(token, right);
    return sodium_memcmp(right, sent, KZ_TOKEN_TEXT - 1) == 0;
}

/* One statement about a token, with up to two more parameters. */
static kz_status run_with(kz_db *work, const char *sql, const char *token, const char *account, int64_t now,
                          kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    unsigned char hash[KZ_TOKEN_HASH];
    kz_token_hash(token, hash);
    KZ_TRY(kz_prepare(work, sql, &q, err));
    kz_bind_blob(&q, 1, hash, sizeof hash);
    if (account)
        kz_bind_text(&q, 2, account);
    if (now > 0)
        kz_bind_int(&q, account ? 3 : 2, now);
    return kz_run(&q, err);
}

kz_status kz_session_link(kz_db *work, const char *account, int64_t now, char ret[static KZ_TOKEN_TEXT], kz_err *err)
{
    char token[KZ_TOKEN_TEXT];
    kz_role role;
    KZ_TRY(kz_user_role(work, account, &role, err));
    token_new(token);
    KZ_TRY(kz_session_sweep(work, now, err));
    KZ_TRY(run_with(work, "INSERT INTO sign_in_link (hash, account, made) VALUES (?1, ?2, ?3)", token, account, now,
                    err));
    memcpy(ret, token, sizeof token);
    return KZ_OK;
}

static kz_status over(kz_err *err)
{
    return kz_fail(err, KZ_E_DENIED, "session.over");
}

static kz_status account_of_link(kz_db *work, const char *link, int64_t now, kz_session *s, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    unsigned char hash[KZ_TOKEN_HASH];
    bool row;
    kz_token_hash(link, hash);
    KZ_TRY(kz_prepare(work, "SELECT account, made FROM sign_in_link WHERE hash = ?1", &q, err));
    kz_bind_blob(&q, 1, hash, sizeof hash);
    KZ_TRY(kz_step(&q, &row, err));
    int64_t age = row ? now - kz_col_int(&q, 1) : 0;
    size_t n = row ? strlen(kz_col_text(&q, 0)) : 0;
    if (!row || age < 0 || age > KZ_LINK_LIFE || n >= sizeof s->account)
        return kz_fail(err, KZ_E_DENIED, "session.link_bad");
    memcpy(s->account, kz_col_text(&q, 0), n + 1);
    return KZ_OK;
}

kz_status kz_session_begin(kz_db *work, const char *link, int64_t now, char ret[static KZ_TOKEN_TEXT],
                           kz_session *session, kz_err *err)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_session s = { .began = now, .seen = now };
    char token[KZ_TOKEN_TEXT];
    if (!kz_token_ok(link))
        return kz_fail(err, KZ_E_DENIED, "session.link_bad");
    /* First without a lock: whoever guesses must not hold up those who write. */
    KZ_TRY(account_of_link(work, link, now, &s, err));
    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(account_of_link(work, link, now, &s, err));
    if (kz_user_role(work, s.account, &s.role, NULL) != KZ_OK)
        return kz_fail(err, KZ_E_DENIED, "session.link_bad");
    token_new(token);
    KZ_TRY(run_with(work, "DELETE FROM sign_in_link WHERE hash = ?1", link, NULL, 0, err));
    KZ_TRY(run_with(work, "INSERT INTO session (hash, account, began, seen) VALUES (?1, ?2, ?3, ?3)", token, s.account,
                    now, err));
    KZ_TRY(kz_tx_commit(&tx, err));
    memcpy(ret, token, sizeof token);
    *session = s;
    return KZ_OK;
}

kz_status kz_session_find(kz_db *work, const char *token, int64_t now, int64_t seen, kz_session *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    unsigned char hash[KZ_TOKEN_HASH];
    kz_session s = { 0 };
    bool row;
    if (!kz_token_ok(token))
        return over(err);
    kz_token_hash(token, hash);
    KZ_TRY(kz_prepare(work, "SELECT account, began, seen FROM session WHERE hash = ?1", &q, err));
    kz_bind_blob(&q, 1, hash, sizeof hash);
    KZ_TRY(kz_step(&q, &row, err));
    size_t n = row ? strlen(kz_col_text(&q, 0)) : 0;
    if (!row || n >= sizeof s.account)
        return over(err);
    memcpy(s.account, kz_col_text(&q, 0), n + 1);
    s.began = kz_col_int(&q, 1);
    s.seen = kz_col_int(&q, 2) > seen ? kz_col_int(&q, 2) : seen;
    if (kz_user_role(work, s.account, &s.role, NULL) != KZ_OK)
        return over(err);
    /* A clock that was set back ends sessions, too. */
    if (now < s.began || now - s.began > KZ_SESSION_LONGEST || now - s.seen > kz_session_idle(s.role))
        return over(err);
    *ret = s;
    return KZ_OK;
}

kz_status kz_session_touch(kz_db *work, const char *token, int64_t now, kz_err *err)
{
    return run_with(work, "UPDATE session SET seen = ?2 WHERE hash = ?1 AND seen < ?2", token, NULL, now, err);
}

kz_status kz_session_end(kz_db *work, const char *token, kz_err *err)
{
    return run_with(work, "DELETE FROM session WHERE hash = ?1", token, NULL, 0, err);
}

kz_status kz_session_sweep(kz_db *work, int64_t now, kz_err *err)
{
    kz_auto(kz_stmt) links = KZ_STMT_INIT, sessions = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "DELETE FROM sign_in_link WHERE made < ?1", &links, err));
    kz_bind_int(&links, 1, now - KZ_LINK_LIFE);
    KZ_TRY(kz_run(&links, err));
    KZ_TRY(kz_prepare(work, "DELETE FROM session WHERE began < ?1", &sessions, err));
    kz_bind_int(&sessions, 1, now - KZ_SESSION_LONGEST);
    return kz_run(&sessions, err);
}
