/* page_search.c - areas and themes by a part of their name, umlauts written either way. */
#include "web/pages.h"

#include "base/utf8.h"
#include "web/layout.h"
#include "web/search.h"
#include "web/words.h"

#include <string.h>

const char *kz_search_key(kz_request *rq, const char *text)
{
    static const struct {
        const char *from, *to;
        /* lint: allow german, because this is what umlauts are made of */
    } LETTERS[] = { { "ä", "ae" }, { "ö", "oe" }, { "ü", "ue" }, { "ß", "ss" }, { "é", "e" }, { "è", "e" } };
    kz_auto(kz_buf) folded = kz_buf_init(8192);
    kz_auto(kz_buf) key = kz_buf_init(16384);
    kz_utf8_fold(&folded, kz_view_of(text));
    for (const char *p = kz_buf_text(&folded); *p;) {
        size_t i = 0, n = sizeof LETTERS / sizeof *LETTERS;
        while (i < n && strncmp(p, LETTERS[i].from, strlen(LETTERS[i].from)) != 0)
            i++;
        if (i < n)
            kz_buf_str(&key, LETTERS[i].to);
        else
            kz_buf_char(&key, *p);
        p += i < n ? strlen(LETTERS[i].from) : 1;
    }
    const char *kept = kz_arena_strndup(rq->arena, kz_buf_text(&key), key.n);
    return kept ? kept : "";
}

kz_status kz_page_search(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    const char *q = kz_query_param(rq, "q");
    int hits = 0;
    const char *wanted = kz_search_key(rq, q ? q : "");

    const kz_crumb crumbs[] = { { NULL, kz_text(rq->lang, "page.search.title") } };
    kz_layout_open(rq, &(kz_layout){ .title = kz_text(rq->lang, "page.search.title"),
                                     .crumbs = crumbs,
                                     .n_crumbs = 1 });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1>", kz_text(rq->lang, "page.search.title"));
    kz_layout_search(rq);
    kz_buf_str(rq->out,
               "<section class=\"kk-sec\" aria-labelledby=\"treffer\"><h2 class=\"kk-h2\" id=\"treffer\">");
    if (!*wanted) {
        kz_put(rq, "page.search.empty");
        kz_buf_str(rq->out, "</h2></section>");
        return kz_layout_close(rq, NULL);
    }
    kz_say_html(rq->out, rq->lang, "page.search.for", kz_s("q", q));
    kz_buf_str(rq->out, "</h2><ul class=\"kk-links\">");
    for (int i = 0; i < a->n_indicators && hits < 100; i++) {
        const kz_atlas_indicator *ind = &a->indicators[i];
        if (!strstr(kz_search_key(rq, ind->title), wanted) &&
            !strstr(kz_search_key(rq, ind->short_title), wanted) &&
            !strstr(kz_search_key(rq, ind->subtitle), wanted))
            continue;
        kz_buf_str(rq->out, "<li>");
        kz_link(rq, "/thema/", ind->id, ind->title);
        kz_html(rq->out, "<small>%s</small></li>", ind->subtitle);
        hits++;
    }
    for (int i = 0; i < a->n_areas && hits < 100; i++) {
        const kz_atlas_area *area = &a->areas[i];
        if (!strstr(kz_search_key(rq, area->name), wanted) && strcmp(area->key, wanted) != 0)
            continue;
        kz_buf_str(rq->out, "<li>");
        kz_link(rq, "/gebiet/", area->slug, area->name);
        kz_html(rq->out, "<small>%s %s</small></li>", a->levels[area->level].one, area->key);
        hits++;
    }
    kz_buf_str(rq->out, "</ul><p class=\"kk-note kk-mt\" role=\"status\">");
    if (hits == 0)
        kz_put(rq, "page.search.none");
    else
        kz_say_html(rq->out, rq->lang, hits == 1 ? "page.search.one" : "page.search.many", kz_n("n", hits));
    kz_buf_str(rq->out, "</p></section>");
    return kz_layout_close(rq, NULL);
}
