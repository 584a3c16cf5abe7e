/* page_life.c - the life course of the city, or of one area. */
#include "web/pages.h"

#include "web/layout.h"
#include "web/life.h"

#include <string.h>

static void put_form(kz_request *rq, int area)
{
    const kz_atlas *a = rq->atlas;
    kz_html(
        rq->out,
        "<form class=\"kk-form kk-form1\" action=\"/lebenslauf\" method=\"get\"><div "
        "class=\"kern-form-input\">"
        "<label class=\"kern-label\" for=\"gebiet\">%s</label><div class=\"kern-form-input__select-wrapper\">"
        "<select class=\"kern-form-input__select\" id=\"gebiet\" name=\"gebiet\">",
        kz_text(rq->lang, "page.form.area"));
    for (int l = 0; l < a->n_levels; l++) {
        if (kz_figures_is_institution(a, l))
            continue;
        if (l > 0)
            kz_html(rq->out, "<optgroup label=\"%s\">", a->levels[l].many);
        for (int i = a->levels[l].first_area; i < a->levels[l].first_area + a->levels[l].n_areas; i++)
            kz_html(rq->out,
                    i == area ? "<option value=\"%s\" selected>%s</option>"
                              : "<option value=\"%s\">%s</option>",
                    a->areas[i].slug, a->areas[i].name);
        if (l > 0)
            kz_buf_str(rq->out, "</optgroup>");
    }
    kz_html(rq->out,
            "</select></div></div><button class=\"kern-btn kern-btn--primary\"><span "
            "class=\"kern-label\">%s</span>"
            "</button></form>\n",
            kz_text(rq->lang, "page.form.show"));
}

kz_status kz_page_life(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    const char *slug = kz_query_param(rq, "gebiet");
    int area = slug && *slug ? kz_atlas_find_area(a, slug) : 0;
    if (area == KZ_NONE || kz_figures_is_institution(a, a->areas[area].level)) /* nobody grows up in one alone */
        return kz_fail(&rq->err, KZ_E_INPUT, "page.unknown.area", kz_s("id", slug));
    const kz_crumb crumbs[] = { { NULL, kz_text(rq->lang, "life.nav") } };
    kz_layout_open(rq, &(kz_layout){ .title = kz_words_fmt(rq, "%s: %s", kz_text(rq->lang, "life.nav"),
                                                           a->areas[area].name),
                                     .nav = "/lebenslauf",
                                     .crumbs = crumbs,
                                     .n_crumbs = 1 });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-sub\">",
            kz_words_say(rq, "life.heading", kz_s("area", a->areas[area].name)));
    kz_put(rq, "life.sub");
    kz_buf_str(rq->out, "</p>\n");
    if (!kz_life_has(a)) {
        kz_html(rq->out, "<p class=\"kk-quiet kk-mt\">%s</p>", kz_text(rq->lang, "life.empty"));
        return kz_layout_close(rq, NULL);
    }
    kz_buf_str(rq->out, "<p class=\"kk-lead\">");
    kz_life_sentence(rq, area);
    kz_buf_str(rq->out, "</p>\n");
    put_form(rq, area);
    KZ_TRY(kz_life_course(rq, area, "weg"));
    kz_life_all(rq, area);
    if (area > 0) {
        kz_buf_str(rq->out, "<p class=\"kk-mt1\">");
        kz_link(rq, "/gebiet/", a->areas[area].slug,
                kz_words_say(rq, "life.to_area", kz_s("area", a->areas[area].name)));
        kz_buf_str(rq->out, "</p>");
    }
    return kz_layout_close(rq, NULL);
}
