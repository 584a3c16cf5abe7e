/* page_plain.c - all files, and the pages that the law asks for. */
#include "web/pages.h"

#include "web/layout.h"
#include "web/theme.h"

kz_status kz_page_data(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    const kz_crumb crumbs[] = { { NULL, kz_text(rq->lang, "page.data.title") } };
    kz_layout_open(rq, &(kz_layout){ .title = kz_text(rq->lang, "page.data.title"),
                                     .nav = "/daten",
                                     .crumbs = crumbs,
                                     .n_crumbs = 1 });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-sub\">", kz_text(rq->lang, "page.all_data"));
    kz_put(rq, "page.data.sub");
    kz_html(rq->out,
            "</p>\n<section class=\"kk-sec\"><div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" "
            "aria-labelledby=\"dcap\"><table class=\"kk-tab\">"
            "<caption id=\"dcap\">%s</caption><thead><tr><th scope=\"col\">%s</th><th "
            "scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
            kz_text(rq->lang, "page.data.caption"), kz_text(rq->lang, "page.data.file"),
            kz_text(rq->lang, "page.data.theme"), kz_text(rq->lang, "page.data.periods"),
            kz_text(rq->lang, "page.data.release"));
    for (int i = 0; i < a->n_indicators; i++) {
        const kz_atlas_indicator *ind = &a->indicators[i];
        kz_buf_str(rq->out, "<tr><th scope=\"row\"><a href=\"/thema/");
        kz_buf_url(rq->out, ind->id);
        kz_html(rq->out, ".csv\">%s.csv</a></th><td>", ind->id);
        kz_link(rq, "/thema/", ind->id, ind->title);
        kz_html(rq->out, "</td><td>%s–%s</td><td>%s</td></tr>", a->periods[ind->first_period].code,
                a->periods[kz_figures_last(ind)].code, ind->release ? ind->release : "");
    }
    kz_buf_str(rq->out, "</tbody></table></div></section>\n<section class=\"kk-sec kk-prose\"><h2>");
    kz_put(rq, "page.data.columns");
    kz_buf_str(rq->out, "</h2><p>");
    kz_put(rq, "page.data.columns_text");
    kz_buf_str(rq->out, "</p><h2>");
    kz_put(rq, "page.data.signs");
    kz_buf_str(rq->out, "</h2><dl>");
    for (int s = KZ_CELL_ZERO; s < KZ_N_CELL_STATES; s++)
        kz_html(rq->out, "<dt><b>%s</b> (%s)</dt><dd>%s</dd>", kz_cell_state_sign((kz_cell_state)s),
                kz_cell_state_name((kz_cell_state)s),
                kz_text(rq->lang, kz_words_fmt(rq, "page.state.%s", kz_cell_state_name((kz_cell_state)s))));
    kz_buf_str(rq->out, "</dl></section>\n");
    return kz_layout_close(rq, NULL);
}

/* Headings and paragraphs by number: <id>.h1, <id>.p1, <id>.h2 … as far as they go. */
static kz_status put_prose(kz_request *rq, const char *id, int n)
{
    const char *title = kz_text(rq->lang, kz_words_fmt(rq, "%s.title", id));
    const kz_crumb crumbs[] = { { NULL, title } };
    kz_layout_open(rq, &(kz_layout){ .title = title, .crumbs = crumbs, .n_crumbs = 1 });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><div class=\"kk-prose\">", title);
    for (int i = 1; i <= n; i++) {
        kz_html(rq->out, "<h2>%s</h2><p>", kz_text(rq->lang, kz_words_fmt(rq, "%s.h%d", id, i)));
        kz_say_html(rq->out, rq->lang, kz_words_fmt(rq, "%s.p%d", id, i), kz_s("name", rq->atlas->name));
        kz_buf_str(rq->out, "</p>");
    }
    kz_buf_str(rq->out, "</div>");
    return kz_layout_close(rq, NULL);
}

kz_status kz_page_access(kz_request *rq)
{
    return put_prose(rq, "page.access", 4);
}

kz_status kz_page_privacy(kz_request *rq)
{
    return put_prose(rq, "page.privacy", 4);
}

kz_status kz_page_imprint(kz_request *rq)
{
    return put_prose(rq, "page.imprint", 2);
}
