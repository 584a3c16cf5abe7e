/* area_parts.c - head, the line of all indicators, and the neighbours of an area. */
#include "web/area.h"

#include "geo/chart_map.h"
#include "web/layout.h"
#include "web/life.h"

#include <math.h>
#include <string.h>

static void put_fact(kz_request *rq, const char *what, const char *number)
{
    kz_html(rq->out, "<div><dt>%s</dt><dd class=\"kk-num\">%s</dd></div>", what, number);
}

/* Sum of the counts of all age groups below `to`, -1 when one is not shown. */
static int64_t younger_than(const kz_atlas *a, const kz_ages *g, int area, int to)
{
    int64_t sum = 0;
    if (g->indicator == KZ_NONE)
        return -1;
    for (int i = 0; i < g->n && g->to[i] <= to; i++) {
        const kz_cell *c =
            kz_atlas_cell(a, g->indicator, g->group[i], area, kz_figures_last(&a->indicators[g->indicator]));
        if (kz_words_count(c) < 0)
            return -1;
        sum += kz_words_count(c);
    }
    return sum;
}

static void put_facts(kz_request *rq, int area, const kz_ages *g)
{
    const kz_atlas *a = rq->atlas;
    kz_buf_str(rq->out, "<dl class=\"kk-facts\">");
    for (int i = 0, n = 0; i < a->n_indicators && n < 2; i++) {
        const kz_atlas_indicator *ind = &a->indicators[i];
        const kz_cell *c = kz_atlas_cell(a, i, 0, area, kz_figures_last(ind));
        if (ind->kind == KZ_KIND_COUNT && c) {
            put_fact(rq, ind->numerator_label, kz_words_number(rq, ind, c));
            n++;
        }
    }
    static const int AGES[] = { 18, 3 };
    for (size_t i = 0; i < sizeof AGES / sizeof *AGES; i++) {
        int64_t n = younger_than(a, g, area, AGES[i]);
        if (n >= 0)
            put_fact(rq, kz_words_say(rq, "page.age.under_years", kz_n("to", AGES[i])), kz_words_int(rq, n));
    }
    if (!isnan(a->areas[area].area_km2) && a->areas[area].area_km2 > 0)
        put_fact(rq, kz_text(rq->lang, "page.area.km2"),
                 kz_words_dec(rq, a->areas[area].area_km2, a->areas[area].area_km2 < 100 ? 1 : 0));
    kz_buf_str(rq->out, "</dl>");
}

void kz_area_head(kz_request *rq, int area, const kz_ages *g)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_area *self = &a->areas[area];
    const kz_atlas_level *lv = &a->levels[self->level];

    kz_html(rq->out, "<div class=\"kk-headgrid\"><div><h1 class=\"kk-h1\">%s</h1><p class=\"kk-sub\">",
            self->name);
    if (self->parent > 0) {
        kz_say_html(rq->out, rq->lang, "page.area.sub", kz_s("one", lv->one), kz_s("key", self->key),
                    kz_s("parent_level", a->levels[a->areas[self->parent].level].one));
        kz_buf_char(rq->out, ' ');
        kz_link(rq, "/gebiet/", a->areas[self->parent].slug, a->areas[self->parent].name);
    } else {
        kz_html(rq->out, "%s %s", lv->one, self->key);
    }
    kz_buf_str(rq->out, "</p>");
    put_facts(rq, area, g);
    kz_buf_str(rq->out, "</div>");
    if (lv->map && self->level > 0)
        kz_chart_map_place(rq->out, lv->map, self->in_level);
    kz_buf_str(rq->out, "</div>\n");
}

/* One line: what, value and verdict, all areas as dots, rank. */
static kz_status put_line(kz_request *rq, int area, int indicator, int group, const char *title,
                          const char *small, int number)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    const kz_atlas_area *self = &a->areas[area];
    int period = kz_figures_last(ind);
    kz_figures f;
    KZ_TRY(kz_figures_make(rq, indicator, group, self->level, period, area, &f));
    const kz_cell *c = f.cells[self->in_level];

    kz_html(rq->out, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"ph\"><a href=\"/thema/");
    kz_buf_url(rq->out, ind->id);
    kz_buf_str(rq->out, "?gebiet=");
    kz_buf_url(rq->out, self->slug);
    if (group > 0) {
        kz_buf_str(rq->out, "&amp;gruppe=");
        kz_buf_url(rq->out, ind->groups[group].code);
    }
    if (!small && kz_words_count(c) >= 0)
        small = kz_words_say(rq, "page.line.people", kz_n("n", kz_words_count(c)));
    kz_html(rq->out, "\">%s</a><small>%s</small></th>", title, small ? small : "");

    kz_html(rq->out, "<td role=\"cell\"><span class=\"kk-lbl\">%s: </span><b class=\"v kk-num\">%s</b>",
            kz_text(rq->lang, "page.head.value"), kz_words_value(rq, ind, c));
    if (kz_words_has_range(c))
        kz_html(rq->out, "<p class=\"kk-ok kk-num\">%s</p>", kz_words_range(rq, ind, c));
    else if (c && c->state == KZ_CELL_HIDDEN)
        kz_html(rq->out, "<p class=\"kk-ok\">%s</p>", kz_text(rq->lang, "page.hidden_why"));
    kz_buf_str(rq->out, "</td><td role=\"cell\">");

    if (f.n_shown > 1) {
        f.chart.id = kz_words_fmt(rq, "l%d", number);
        f.chart.title =
            kz_words_say(rq, isnan(f.chart.city) ? "page.line.chart_plain" : "page.line.chart",
                         kz_s("what", title), kz_s("area", self->name), kz_s("x", kz_words_value(rq, ind, c)),
                         kz_s("city", kz_words_value(rq, ind, f.city)), kz_n("n", f.n_shown),
                         kz_s("many", f.lv->many));
        kz_chart_line(rq->out, &f.chart);
    }
    kz_buf_str(rq->out, "</td><td role=\"cell\">");
    if (kz_cell_has_value(c)) {
        int best, worst, of;
        if (ind->kind != KZ_KIND_COUNT && kz_cell_has_value(f.city)) {
            int v = kz_words_verdict(a, c);
            const char *id = kz_words_has_range(c) ? (v > 0   ? "page.line.more"
                                                      : v < 0 ? "page.line.less"
                                                              : "page.line.same")
                                                   : (v > 0   ? "page.line.count_more"
                                                      : v < 0 ? "page.line.count_less"
                                                              : "page.line.count_same");
            kz_buf_str(rq->out, "<p>");
            kz_say_html(rq->out, rq->lang, id, kz_s("city", kz_words_value(rq, ind, f.city)));
            kz_buf_str(rq->out, "</p>");
        }
        kz_atlas_rank(a, c, &best, &worst, &of);
        kz_buf_str(rq->out, "<p class=\"kk-ok\">");
        kz_say_html(rq->out, rq->lang, best == worst ? "page.rank.cap_one" : "page.rank.cap",
                    kz_n("best", best), kz_n("worst", worst), kz_n("of", of));
        kz_buf_str(rq->out, "</p>");
    }
    kz_buf_str(rq->out, "</td></tr>");
    return KZ_OK;
}

kz_status kz_area_lines(kz_request *rq, int area, const kz_ages *g)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_level *lv = &a->levels[a->areas[area].level];
    int number = 0;
    if (lv->n_areas < 2)
        return KZ_OK;
    kz_html(rq->out,
            "<section class=\"kk-sec\" aria-labelledby=\"l\"><h2 class=\"kk-h2\" id=\"l\">%s</h2><p "
            "class=\"kk-note\">",
            kz_words_say(rq, "page.lines.title", kz_s("area", a->areas[area].name),
                         kz_s("many", kz_words_dative(rq, lv->many))));
    kz_say_html(rq->out, rq->lang, "page.lines.note", kz_s("many", lv->many),
                kz_s("area", a->areas[area].name));
    kz_html(rq->out,
            "</p><table class=\"kk-life\" role=\"table\"><caption class=\"kern-sr-only\">%s</caption>"
            "<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\">%s</th><th "
            "scope=\"col\" role=\"columnheader\">%s</th>"
            "<th scope=\"col\" role=\"columnheader\">%s</th><th scope=\"col\" "
            "role=\"columnheader\">%s</th></tr></thead><tbody role=\"rowgroup\">",
            kz_text(rq->lang, "page.lines.caption"), kz_text(rq->lang, "page.head.what"),
            kz_text(rq->lang, "page.head.value"), kz_words_say(rq, "page.head.all", kz_s("many", lv->many)),
            kz_text(rq->lang, "page.head.verdict"));
    for (int i = 0; i < a->n_indicators; i++)
        if (kz_figures_is_main(a, i))
            KZ_TRY(put_line(rq, area, i, 0, a->indicators[i].title, a->indicators[i].subtitle, number++));
    for (int i = 0; g->indicator != KZ_NONE && i < g->n && g->to[i] <= 25; i++)
        KZ_TRY(put_line(rq, area, g->indicator, g->group[i],
                        a->indicators[g->indicator].groups[g->group[i]].label, NULL, number++));
    kz_buf_str(rq->out, "</tbody></table></section>\n");
    return KZ_OK;
}

/* --- neighbours --------------------------------------------------------------- */

/* Of many indicators one a phase: the table must stay one. */
static bool is_compared(const kz_atlas *a, int indicator)
{
    bool first = kz_figures_is_main(a, indicator);
    for (int k = 0; k < indicator && first && a->n_phases > 1 && kz_life_has(a); k++)
        first = !kz_figures_is_main(a, k) || a->indicators[k].phase != a->indicators[indicator].phase;
    return first;
}

/* In the foot the kind of area stands before its name: a Stadtteil may be called like its Stadtbezirk. */
static void put_compared(kz_request *rq, int row, bool own, bool foot)
{
    const kz_atlas *a = rq->atlas;
    kz_buf_str(rq->out, own ? "<tr class=\"own\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
    const char *name = a->areas[row].name;
    if (foot && row != 0)
        name = kz_words_fmt(rq, "%s %s", a->levels[a->areas[row].level].one, name);
    if (own)
        kz_html(rq->out, "%s", name);
    else
        kz_link(rq, "/gebiet/", a->areas[row].slug, name);
    kz_buf_str(rq->out, "</th>");
    for (int i = 0; i < a->n_indicators; i++) {
        const kz_atlas_indicator *ind = &a->indicators[i];
        if (!is_compared(a, i))
            continue;
        const kz_cell *c = kz_atlas_cell(a, i, 0, row, kz_figures_last(ind));
        int verdict = c ? kz_words_verdict(a, c) : 0;
        kz_html(rq->out, "<td class=\"r\">%s", kz_words_number(rq, ind, c));
        if (kz_words_has_range(c) && row != 0)
            kz_html(rq->out,
                    "<span class=\"kk-arrow\"><span class=\"kern-sr-only\">%s</span><span "
                    "aria-hidden=\"true\">%s</span></span>",
                    verdict > 0   ? kz_text(rq->lang, "page.sr.more")
                    : verdict < 0 ? kz_text(rq->lang, "page.sr.less")
                                  : "",
                    verdict > 0   ? "\u25B2"
                    : verdict < 0 ? "\u25BC"
                                  : "");
        kz_buf_str(rq->out, "</td>");
    }
    kz_buf_str(rq->out, "</tr>");
}

/* The children of an area, or else its sisters; below them its parent and the city. */
/* Kitas and schools hang below the city without being parts of it. */
static bool is_below(const kz_atlas *a, int area, int of)
{
    return a->areas[area].parent == of && !kz_figures_is_institution(a, a->areas[area].level);
}

void kz_area_compare(kz_request *rq, int area)
{
    const kz_atlas *a = rq->atlas;
    int of = area, n = 0;
    for (int i = 0; i < a->n_areas; i++)
        n += is_below(a, i, area);
    if (n == 0)
        of = a->areas[area].parent;
    if (of == KZ_NONE)
        return;
    n = 0;
    int level = 0;
    for (int i = 0; i < a->n_areas; i++)
        if (is_below(a, i, of)) {
            n++;
            level = a->areas[i].level;
        }
    if (n < 2)
        return;
    const char *heading =
        kz_words_say(rq, of == 0 ? "page.compare.city" : "page.compare.parent", kz_n("n", n),
                     kz_s("many", a->levels[level].many), kz_s("level", a->levels[a->areas[of].level].one),
                     kz_s("name", a->areas[of].name));
    kz_html(rq->out, "<section class=\"kk-sec\"><h2 class=\"kk-h2\" id=\"n\">%s</h2><p class=\"kk-note\">",
            heading);
    kz_put(rq, "page.compare.note");
    kz_html(rq->out,
            "</p><div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" aria-labelledby=\"n\"><table "
            "class=\"kk-tab\" aria-labelledby=\"n\">"
            "<thead><tr><th scope=\"col\">%s</th>",
            a->levels[level].one);
    for (int i = 0; i < a->n_indicators; i++) {
        const kz_atlas_indicator *ind = &a->indicators[i];
        if (!is_compared(a, i))
            continue;
        kz_html(rq->out, "<th scope=\"col\" class=\"r\">%s<span class=\"u\">%s", ind->short_title,
                kz_words_unit_head(rq, ind));
        kz_html(rq->out, ", %s</span></th>", a->periods[kz_figures_last(ind)].code);
    }
    kz_buf_str(rq->out, "</tr></thead><tbody>");
    for (int i = 0; i < a->n_areas; i++)
        if (is_below(a, i, of))
            put_compared(rq, i, i == area, false);
    kz_buf_str(rq->out, "</tbody><tfoot>");
    if (of != 0)
        put_compared(rq, of, of == area, true);
    put_compared(rq, 0, area == 0, true);
    kz_buf_str(rq->out, "</tfoot></table></div></section>\n");
}
