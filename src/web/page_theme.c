/* page_theme.c - an indicator: sentence, map, all areas, course of time, definition, table. */
#include "web/pages.h"

#include "web/layout.h"
#include "web/theme.h"

#include <string.h>

/* "Unter 86 Stadtteilen mit Wert liegt Nippes auf Rang 9 bis 25." */
static void put_rank(kz_request *rq, const kz_theme *t)
{
    const kz_figures *f = &t->f;
    int own = f->chart.own, best, worst, of;
    if (own < 0 || !kz_cell_has_value(f->cells[own]))
        return;
    kz_atlas_rank(rq->atlas, f->cells[own], &best, &worst, &of);
    kz_buf_str(rq->out, "<p class=\"kk-p kk-say\">");
    kz_say_html(rq->out, rq->lang, best == worst ? "page.theme.rank_one" : "page.theme.rank", kz_n("of", of),
                kz_s("many", kz_words_dative(rq, f->lv->many)), kz_s("area", f->items[own].name),
                kz_n("best", best), kz_n("worst", worst));
    kz_buf_str(rq->out, "</p>\n");
}

kz_status kz_page_theme(kz_request *rq)
{
    kz_theme t;
    KZ_TRY(kz_theme_read(rq, &t));
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = t.f.ind;
    const char *day = a->periods[t.period].label;
    bool drawn = t.f.lv->map && t.f.n_shown > 0;

    const kz_crumb crumbs[] = { { "/thema", kz_text(rq->lang, "page.themes.title") }, { NULL, ind->theme } };
    kz_layout_open(rq, &(kz_layout){ .title = ind->title,
                                     .nav = "/thema",
                                     .crumbs = crumbs,
                                     .n_crumbs = 2,
                                     .map = drawn ? t.f.lv->map : NULL });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-sub\">", ind->title);
    kz_say_html(rq->out, rq->lang, "page.theme.sub", kz_s("sub", ind->subtitle), kz_s("city", a->name),
                kz_s("many", kz_words_dative(rq, t.f.lv->many)), kz_s("day", day));
    if (t.group > 0) {
        kz_buf_str(rq->out, "<br>");
        kz_say_html(rq->out, rq->lang, "page.theme.group", kz_s("group", ind->groups[t.group].label));
    }
    kz_buf_str(rq->out, "</p>\n<p class=\"kk-lead\">");
    kz_words_sentence(rq, t.indicator,
                      kz_atlas_cell(a, t.indicator, t.group, t.own == KZ_NONE ? 0 : t.own, t.period));
    kz_buf_str(rq->out, "</p>\n");
    put_rank(rq, &t);
    kz_theme_form(rq, &t);

    kz_html(rq->out, "<section class=\"kk-sec kk-2\" aria-labelledby=\"karte\">");
    if (drawn) {
        kz_buf_str(rq->out, "<figure>");
        kz_figures_map(rq, &t.f, "land");
        kz_buf_str(rq->out, "</figure>");
    }
    kz_html(rq->out, "<div><h2 class=\"kk-h2\" id=\"karte\">%s</h2>", kz_theme_map_heading(rq, &t.f));
    bool legend = ind->kind != KZ_KIND_COUNT && t.f.n_shown > 1;
    if (legend) {
        kz_buf_str(rq->out, "<p class=\"kk-note\">");
        kz_say_html(rq->out, rq->lang, "page.legend.note", kz_s("one", t.f.lv->one));
        kz_buf_str(rq->out, "</p>");
        kz_figures_legend(rq, &t.f, "leg");
    }
    if (ind->kind == KZ_KIND_CHANGE)
        kz_figures_change_keys(rq, &t.f);
    else if (legend)
        kz_figures_keys(rq, &t.f);
    kz_buf_str(rq->out, "<p class=\"kk-cap\">");
    if (ind->kind == KZ_KIND_COUNT && drawn)
        kz_put(rq, "page.map.cap_count");
    else if (ind->kind == KZ_KIND_CHANGE)
        kz_say_html(rq->out, rq->lang, "page.map.cap_change",
                    kz_s("t", kz_words_dec(rq, t.f.threshold, t.f.threshold < 1 ? 1 : 0)));
    else if (drawn || legend)
        kz_say_html(rq->out, rq->lang, drawn ? "page.map.cap" : "page.map.cap_classes",
                    kz_s("many", kz_words_dative(rq, t.f.lv->many)));
    if (t.f.chart.own >= 0 && drawn) {
        kz_buf_char(rq->out, ' ');
        kz_say_html(rq->out, rq->lang,
                    ind->kind == KZ_KIND_COUNT ? "page.map.cap_own_count" : "page.map.cap_own",
                    kz_s("area", t.f.items[t.f.chart.own].name));
    }
    kz_buf_str(rq->out, "</p></div></section>\n");

    kz_theme_strip(rq, &t);
    kz_buf_str(rq->out, "<section class=\"kk-sec kk-2\"><div>");
    KZ_TRY(kz_theme_series(rq, &t));
    kz_buf_str(rq->out, "</div>");
    kz_theme_definition(rq, &t);
    kz_buf_str(rq->out, "</section>\n");
    KZ_TRY(kz_theme_table(rq, &t));
    return kz_layout_close(rq, day);
}
