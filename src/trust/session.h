/*
 * session.h - who is at the other end: sign-in links, sessions, and their tokens.
 *
 *     char link[KZ_TOKEN_TEXT], cookie[KZ_TOKEN_TEXT];
 *     KZ_TRY(kz_session_link(work, "meier", now, link, err));            // kekiz user link meier
 *     KZ_TRY(kz_session_begin(work, link, now, cookie, &s, err));        // once, within 15 minutes
 *     KZ_TRY(kz_session_find(work, cookie, now, seen, &s, err));         // at every request
 *     if (!kz_session_csrf_ok(cookie, form_token)) ...
 *
 * A token has 256 random bits, as 43 letters of base64url; the database has its SHA-256 only, so whoever
 * reads the database cannot come in.  A session ends KZ_SESSION_LONGEST after it began, or when nothing
 * was asked for a while (10 minutes for statistik, else 30), or with its account.  The token against
 * forged requests is made from the cookie and stored nowhere.
 *
 * Passwords and second factors (later) end like a link: in a new row of `session`.
 *
 * `now` and `seen` are seconds since 1970.  A database connection belongs to one thread.
 * Source: OWASP ASVS 5.0, V7 and V3.5; OWASP Session Management Cheat Sheet.
 */
#ifndef KZ_TRUST_SESSION_H
#define KZ_TRUST_SESSION_H

#include "trust/user.h"

enum {
    KZ_TOKEN_TEXT = 44,
    KZ_TOKEN_HASH = 32,
    KZ_LINK_LIFE = 15 * 60,
    KZ_SESSION_LONGEST = 8 * 3600,
};

typedef struct kz_session {
    char    account[65];
    kz_role role;
    int64_t began, seen;
} kz_session;

/* KZ_E_MISSING: no such account; KZ_E_DENIED: it is disabled.  Links of the account that ran out go. */
KZ_MUST_USE kz_status kz_session_link(kz_db *work, const char *account, int64_t now, char ret[static KZ_TOKEN_TEXT],
                                      kz_err *err);
/* KZ_E_DENIED: never given, used, too old, or the account is disabled; the message does not say which. */
KZ_MUST_USE kz_status kz_session_begin(kz_db *work, const char *link, int64_t now, char ret[static KZ_TOKEN_TEXT],
                                       kz_session *session, kz_err *err);
/* KZ_E_DENIED: no such session, it is over, or its account is disabled.  `seen`: the last request that is
 * known elsewhere, 0 if none is. */
KZ_MUST_USE kz_status kz_session_find(kz_db *work, const char *token, int64_t now, int64_t seen, kz_session *ret,
                                      kz_err *err);
/* Remember the last request. */
KZ_MUST_USE kz_status kz_session_touch(kz_db *work, const char *token, int64_t now, kz_err *err);
KZ_MUST_USE kz_status kz_session_end(kz_db *work, const char *token, kz_err *err);
/* Sessions and links that are over go. */
KZ_MUST_USE kz_status kz_session_sweep(kz_db *work, int64_t now, kz_err *err);

/* Seconds without a request after which a session of this role is over. */
int kz_session_idle(kz_role role);
/* Does it look like one of our tokens? */
bool kz_token_ok(const char *token);
void kz_token_hash(const char *token, unsigned char ret[static KZ_TOKEN_HASH]);

/* What every form of this session carries. */
void kz_session_csrf(const char *token, char ret[static KZ_TOKEN_TEXT]);
/* In constant time; NULL is never right. */
bool kz_session_csrf_ok(const char *token, const char *sent);

#endif
