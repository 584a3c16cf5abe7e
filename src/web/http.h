/*
 * http.h - a request, an answer, and nothing of sockets.
 *
 * Handlers are plain functions of a request; the server (server.c, on
 * libmicrohttpd) and the tests call them alike.
 *
 *     static kz_status page_area(kz_request *rq)
 *     {
 *         int area = kz_atlas_find_area(rq->atlas, kz_path_param(rq, "area"));
 *         if (area == KZ_NONE)
 *             return kz_fail(&rq->err, KZ_E_MISSING, "page.area.unknown", ...);
 *         ... kz_html(rq->out, ...) ...
 *         return KZ_OK;
 *     }
 *
 * A status that is not KZ_OK becomes a plain page with kz_status_http() and
 * the words of rq->err; what the handler had written is thrown away.
 */
#ifndef KZ_WEB_HTTP_H
#define KZ_WEB_HTTP_H

#include "base/arena.h"
#include "base/text.h"
#include "monitor/atlas.h"
#include "trust/may.h"
#include "web/form.h"

typedef struct kz_param {
    const char *name, *value; /* decoded, valid UTF-8, no control characters */
} kz_param;

/* Who asks; texts live as long as the request. */
typedef struct kz_who {
    const char *account;
    kz_role     role;
    const char *token; /* of the session         */
    const char *csrf;  /* what its forms carry   */
} kz_who;

typedef struct kz_request {
    const char *method; /* "GET", "HEAD", "POST"                        */
    const char *path;   /* decoded and canonical                        */
    const char *url;    /* path?query as sent, for links to this state  */
    const struct kz_page *page;
    int n_path, n_query;
    const kz_param *path_params, *query;
    kz_lang lang;
    const kz_atlas *atlas; /* the published world; never NULL for pages that need it */
    const char *base_url;  /* "https://atlas.example.org", for robots and sitemap only; never from Host */
    kz_arena *arena;       /* freed after the answer                    */

    /* Internal pages only. */
    struct kz_desk *desk;
    const kz_who *who;     /* NULL: a guest                             */
    kz_form *form;         /* of a POST, else NULL                      */

    /* The answer. */
    kz_buf *out;
    int code;                 /* default: 200                            */
    const char *content_type; /* default: text/html; charset=utf-8       */
    const char *download;     /* file name for Content-Disposition, or NULL */
    const char *redirect;     /* own path for a 303, or NULL             */
    const char *cookie;       /* Set-Cookie of an internal page, or NULL */
    const char *refresh;      /* "2; url=/own/path": look again by itself, or NULL */
    bool forget;              /* the browser shall forget everything of us */
    kz_err err;
} kz_request;

typedef kz_status (*kz_page_fn)(kz_request *rq);

/* One line of the table of all pages (pages.c): router, menu, sitemap, help
 * and the list of pages that axe visits are made from it. */
typedef struct kz_page {
    const char *method;  /* "GET"; HEAD comes with it             */
    const char *pattern; /* "/gebiet/:area"                       */
    kz_page_fn  run;
    kz_verb     verb;    /* what may.h is asked; default: see …   */
    kz_object   object;  /* … what is public                      */
    uint32_t    body_bytes; /* of a POST: the texts of its form   */
    uint64_t    file_bytes; /* … and its file; 0: takes none      */
    int         cache_s; /* max-age of public answers             */
    const char *title;   /* message id; NULL: not for people, so in no menu and no sitemap */
    const char *example; /* a path for the test list, NULL: pattern itself */
    bool without_atlas;  /* also there when nothing is published yet */
} kz_page;

extern const kz_page kz_pages[];
extern const size_t kz_n_pages;

/* Value of a path or query parameter; NULL when absent. */
const char *kz_path_param(const kz_request *rq, const char *name);
const char *kz_query_param(const kz_request *rq, const char *name);

#endif
