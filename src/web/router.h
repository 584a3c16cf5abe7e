/*
 * router.h - from a request line to a page of the table.  No sockets.
 *
 *     kz_target t;
 *     int refused = kz_target_parse("/gebiet/stadtteil-501?jahr=2012", &arena, &t);
 *     if (refused)
 *         ... answer with that code ...
 *     kz_route r;
 *     int code = kz_route_find(kz_pages, kz_n_pages, "GET", &t, &arena, &r);
 *     if (code == 200)
 *         r.page->run(...);          // r.path_params[0] is { "area", "stadtteil-501" }
 *
 * A target is decoded once and refused rather than repaired: what is not
 * canonical is not ours (TRUST.md 8, rows 59 to 61).  Everything returned lives
 * in the arena.  Time is linear in the length of the target; thread-safe.
 * Method: RFC 9110 and RFC 9112, stricter where they leave a choice.
 */
#ifndef KZ_WEB_ROUTER_H
#define KZ_WEB_ROUTER_H

#include "web/http.h"

enum {
    KZ_MAX_TARGET = 8 * 1024,       /* longer: 414                          */
    KZ_MAX_HEAD = 16 * 1024,        /* all header fields together; more: 431 */
    KZ_MAX_HEADER_FIELDS = 100,     /* more: 431                            */
    KZ_MAX_QUERY_PARAMS = 64,       /* more: 400                            */
    KZ_MAX_QUERY_NAME = 64,         /* bytes after decoding; longer: 400    */
    KZ_MAX_QUERY_VALUE = 1024,
    KZ_MAX_PATH_PARAMS = 8,
};
#define KZ_MAX_BODY ((uint64_t)4 << 30) /* longer: 413; a page takes much less */

typedef struct kz_target {
    const char *raw;   /* as sent                                        */
    const char *path;  /* decoded: begins with '/', no empty, "." or ".." */
    int n_query;
    const kz_param *query; /* no name comes twice */
} kz_target;

/* 0, or the HTTP code of the refusal: 400 or 414, or 413 when the arena is
 * exhausted.  A trailing '/' is kept in `path`; kz_route_find answers 308. */
KZ_MUST_USE int kz_target_parse(const char *raw, kz_arena *arena, kz_target *ret);

typedef struct kz_route {
    const kz_page *page;
    int n_path_params;
    const kz_param *path_params;
    const char *allow;    /* with 405: what the Allow header says   */
    const char *location; /* with 308: the own path without its '/' */
} kz_route;

/* 200, 308, 404, 405 (known path, other method) or 501 (no method of HTTP).
 * A HEAD finds the page of GET.  With 405 `page` is NULL. */
int kz_route_find(const kz_page pages[], size_t n, const char *method, const kz_target *t, kz_arena *arena,
                  kz_route *ret);

/* The header fields of one request, name and value as sent, and their sum of
 * bytes.  0, or 400 / 413 / 417 / 431 / 501: framing that two readers could
 * understand in two ways, a body where none can be (only a POST has one), names
 * or values that are not text, too much of anything. */
KZ_MUST_USE int kz_headers_check(const char *method, const kz_param fields[], size_t n);

/* How long the body will be, after kz_headers_check() found them good. */
uint64_t kz_body_length(const kz_param fields[], size_t n);

/* Value of a field by name (any case); NULL when absent. */
const char *kz_header(const kz_param fields[], size_t n, const char *name);

#endif
