/*
 * respond.h - one request in, one whole answer out: all of HTTP that has no socket.
 *
 *     kz_web web = { .pages = kz_pages, .n_pages = kz_n_pages };
 *     kz_ask ask = { .method = "GET", .target = "/gebiet/stadtteil-501" };
 *     kz_auto(kz_buf) out = kz_buf_init(KZ_ANSWER_MAX);
 *     kz_answer answer;
 *     kz_web_answer(&web, atlas, &ask, &arena, &out, &answer);
 *     // answer.code, answer.fields[0 .. n_fields), answer.body
 *
 * Every answer, refusals too, carries the headers of TRUST.md 2 and a page that
 * says in plain German what happened and what to do.  No answer tells about the
 * inside of the program: what failed on disk goes to the log, not to the page.
 *
 * The body points into `out`, the arena or the program itself; header values
 * also into the answer, so do not copy a kz_answer.  Thread-safe as long as
 * each thread has its own arena, buffer and answer.
 */
#ifndef KZ_WEB_RESPOND_H
#define KZ_WEB_RESPOND_H

#include "web/cache.h"
#include "web/http.h"

enum {
    KZ_ANSWER_FIELDS = 24,
    KZ_ANSWER_MAX = 24 << 20,   /* bytes of one body              */
    KZ_REQUEST_ARENA = 32 << 20, /* cap of the arena of a request */
};

typedef struct kz_web {
    const kz_page *pages;
    size_t n_pages;
    const char *base_url;
    bool hsts; /* only when TLS ends here or in a proxy that is ours */
    struct kz_desk *desk; /* the internal side (desk.h); NULL: its pages do not exist */
    kz_cache *cache; /* of the atlas that is asked; NULL: every page is made afresh */
} kz_web;

typedef struct kz_ask {
    const char *method, *target; /* as sent                   */
    const kz_param *fields;      /* header fields, as sent    */
    size_t n_fields;
    kz_form *form;               /* the body of a POST, read and found good; else NULL */
    int refused;                 /* … or why it was not good: 400, 413, 503         */
} kz_ask;

typedef struct kz_answer {
    int code;
    int n_fields;
    kz_param fields[KZ_ANSWER_FIELDS];
    const char *body;
    size_t n_body; /* also for HEAD, where the server leaves the body out */
    bool close;    /* the connection cannot be trusted any more           */
    bool constant; /* the body is part of the program                     */
    kz_err err;    /* for the log                                         */
    char etag[48], cache[48], disposition[512]; /* an own cookie lives in the arena */
} kz_answer;

/* `atlas` may be NULL: nothing is published yet. */
void kz_web_answer(const kz_web *web, const kz_atlas *atlas, const kz_ask *ask, kz_arena *arena, kz_buf *out,
                   kz_answer *ret);

/* A POST with a body, before it is read: 0 and a form to feed, or the refusal.  Safe from any thread. */
KZ_MUST_USE int kz_web_admit(const kz_web *web, const kz_ask *ask, kz_form **ret);

/* The plain page for a code, as for requests that never became one. */
void kz_web_refuse(const kz_web *web, int code, kz_buf *out, kz_answer *ret);

/* Is `coding` acceptable after this Accept-Encoding (NULL: no)? */
bool kz_accepts(const char *accept_encoding, const char *coding);
/* Does If-None-Match (NULL: no) name this entity tag?  Weak comparison. */
bool kz_etag_matches(const char *if_none_match, const char *etag);

/* gzip of p[0..n) in the arena; NULL when there is no room. */
const char *kz_gzip(kz_arena *arena, const char *p, size_t n, size_t *n_packed);

/* Used by the parts of web only. */
void kz_answer_field(kz_answer *a, const char *name, const char *value);
void kz_answer_begin(const kz_web *web, kz_answer *a);
void kz_answer_refuse(const kz_web *web, const kz_atlas *atlas, int code, const kz_err *why, kz_buf *out,
                      kz_answer *ret);
void kz_answer_download(const char *name, kz_answer *ret);
struct kz_target;
/* Everything below /intern: respond_desk.c. */
void kz_desk_answer(const kz_web *web, const kz_atlas *atlas, const kz_ask *ask, const struct kz_target *t,
                    kz_arena *arena, kz_buf *out, kz_answer *ret);

#endif
