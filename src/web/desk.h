/*
 * desk.h - the internal side: who has come in, the workspace they work with, and what may be asked of it.
 *
 *     kz_desk *desk;
 *     KZ_TRY(kz_desk_open(dir, "https://atlas.example.org", &desk, err));
 *     web.desk = desk;                              // NULL: internal pages do not exist (404)
 *     ...
 *     kz_desk_close(desk);                          // stops what runs; nothing is half done
 *
 * Pages below /intern go another way than public ones: server.c hands them to a thread of their own
 * (queue.h), which alone uses this workspace.  Public pages never come near it.
 *
 * A POST is believed when it comes from a page of ours: the browser says so (Sec-Fetch-Site, Origin), and
 * the form carries the token of the session.  Cookies: __Host-kekiz when the public address is https, else
 * kekiz, and then only for visitors that asked for a loopback name.
 *
 * kz_desk_admit() is safe from any thread; everything else belongs to the thread of the queue.
 * Source: TRUST.md 2; OWASP ASVS 5.0 V3.3, V3.5, V7.
 */
#ifndef KZ_WEB_DESK_H
#define KZ_WEB_DESK_H

#include "store/workspace.h"
#include "trust/session.h"
#include "web/respond.h"

typedef struct kz_desk kz_desk;

/* `base_url`: the public address; NULL: none is known.  What ran when the last server ended is marked as
 * interrupted.  KZ_E_IO: the workspace cannot be written. */
KZ_MUST_USE kz_status kz_desk_open(const char *dir, const char *base_url, kz_desk **ret, kz_err *err);
void kz_desk_close(kz_desk *d);

/* Is this path below /intern? */
bool kz_desk_owns(const char *path);

/* Before the body is read: 0 and a form to feed, or the refusal. `page` NULL: no page takes this POST. */
KZ_MUST_USE int kz_desk_admit(kz_desk *d, const kz_ask *ask, const kz_page *page, kz_form **ret);

/* Internal pages are only for those who came by https, or from this very machine. */
bool kz_desk_is_here(const kz_desk *d, const kz_ask *ask);
/* The session of this request.  A page that looks again by itself does not prolong it (`by_itself`). */
KZ_MUST_USE bool kz_desk_who(kz_desk *d, const kz_ask *ask, bool by_itself, kz_arena *a, kz_who *ret);
/* Does this POST come from a page of ours?  `who` NULL: a guest, who has no token yet. */
KZ_MUST_USE bool kz_desk_is_ours(const kz_desk *d, const kz_ask *ask, const kz_who *who, const kz_form *form);

/* Into the journal: now, or as soon as nobody else writes. */
void kz_desk_note(kz_desk *d, const kz_who *who, kz_verb verb, const char *object, const char *result);

kz_workspace *kz_desk_workspace(kz_desk *d);
struct kz_tasks *kz_desk_tasks(kz_desk *d);
struct kz_deliveries *kz_desk_deliveries(kz_desk *d);

/* Fills rq->cookie.  KZ_E_DENIED: the link is none. */
KZ_MUST_USE kz_status kz_desk_sign_in(kz_request *rq, const char *link);
/* Fills rq->cookie.  KZ_E_CONFLICT: somebody writes; the session is still there. */
KZ_MUST_USE kz_status kz_desk_sign_out(kz_request *rq);

#endif
