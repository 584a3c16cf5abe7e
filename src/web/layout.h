/*
 * layout.h - the frame of every page: head, menu, way back, foot.
 *
 *     kz_crumb crumbs[] = { { "/thema", "Themen" }, { NULL, ind->theme } };
 *     kz_layout_open(rq, &(kz_layout){ .title = ind->title, .nav = "/thema", .crumbs = crumbs, .n_crumbs = 2
 * });
 *     ... the content of <main> ...
 *     return kz_layout_close(rq, stand);
 *
 * Titles and crumbs are plain texts, they are escaped here.
 */
#ifndef KZ_WEB_LAYOUT_H
#define KZ_WEB_LAYOUT_H

#include "web/http.h"

typedef struct kz_crumb {
    const char *href, *text; /* href NULL: no link */
} kz_crumb;

typedef struct kz_layout {
    const char *title;      /* of the window; the atlas's name is added     */
    const char *nav;        /* pattern of the menu entry that is open        */
    const kz_crumb *crumbs; /* after "Übersicht"; none: no way back is shown */
    int n_crumbs;
    const struct kz_map *map; /* its outlines are put into the page, or NULL */
} kz_layout;

void kz_layout_open(kz_request *rq, const kz_layout *l);
/* `as_of`: reference day of the figures for the printed sheet, or NULL. */
KZ_MUST_USE kz_status kz_layout_close(kz_request *rq, const char *as_of);

/* The search field; works without a script. */
void kz_layout_search(kz_request *rq);

/* Name of the outlines that kz_layout.map puts into the page. */
#define KZ_MAP_SHAPES "m"

/* An <a href> to a path of segments and query values that are encoded here:
 * kz_link(rq, "/gebiet/", slug, "Nippes"). */
void kz_link(kz_request *rq, const char *prefix, const char *segment, const char *text);
/* A German text of the catalogue, escaped, without arguments. */
void kz_put(kz_request *rq, const char *id);

#endif
