/* life.c - what is known of growing up: phase by phase, and the tables of all numbers. */
#include "web/life.h"

#include "web/layout.h"
#include "web/theme.h"

#include <math.h>
#include <string.h>

static bool is_shown_here(const kz_atlas *a, int indicator)
{
    return !kz_figures_is_parted(a, indicator);
}

/* A Kita has numbers of Kitas, an area has none of them. */
static bool is_shown_of(const kz_atlas *a, int indicator, int area)
{
    return is_shown_here(a, indicator) && kz_figures_on_level(a, indicator, a->areas[area].level);
}

static bool is_row(const kz_atlas *a, int indicator, int phase)
{
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    return ind->phase == phase && ind->is_key && ind->kind != KZ_KIND_COUNT && is_shown_here(a, indicator);
}

bool kz_life_has(const kz_atlas *a)
{
    for (int i = 0; i < a->n_indicators; i++)
        if (a->n_phases > 0 && a->phases[a->indicators[i].phase].course &&
            is_row(a, i, a->indicators[i].phase))
            return true;
    return false;
}

int kz_life_newest(const kz_atlas *a, int indicator, int area)
{
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    int last = kz_figures_last(ind);
    for (int p = last; p >= ind->first_period; p--)
        if (kz_cell_has_value(kz_atlas_cell(a, indicator, 0, area, p)))
            return p;
    return last;
}

void kz_life_sentence(kz_request *rq, int area)
{
    const kz_atlas *a = rq->atlas;
    int of = 0, sure = 0;
    for (int i = 0; i < a->n_indicators && area > 0; i++) {
        const kz_cell *c = kz_atlas_cell(a, i, 0, area, kz_life_newest(a, i, area));
        if (!is_row(a, i, a->indicators[i].phase) || !kz_words_has_range(c))
            continue;
        of++;
        sure += kz_words_verdict(a, c) != 0;
    }
    if (of > 1)
        kz_say_html(rq->out, rq->lang,
                    sure == 0   ? "life.lead_none"
                    : sure == 1 ? "life.lead_one"
                                : "life.lead",
                    kz_s("area", a->areas[area].name), kz_n("of", of), kz_n("n", sure));
}

void kz_life_verdict(kz_request *rq, int indicator, const kz_cell *c)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    const kz_cell *city = c ? kz_atlas_cell(a, indicator, (int)c->group, 0, (int)c->period) : NULL;
    if (!kz_cell_has_value(c) || !kz_cell_has_value(city) || c->area == 0 || ind->kind == KZ_KIND_COUNT)
        return;
    int sure = kz_words_sureness(a, c);
    static const char *const RANGED[] = { "life.less", "life.less_probably", "life.same",
                                          "life.more_probably", "life.more" };
    const char *id = kz_words_has_range(c) ? RANGED[sure + 2]
                     : sure > 0            ? "page.line.count_more"
                     : sure < 0            ? "page.line.count_less"
                                           : "page.line.count_same";
    kz_say_html(rq->out, rq->lang, id, kz_s("city", kz_words_value(rq, ind, city)));
}

void kz_life_trend(kz_request *rq, int indicator, int group, int area)
{
    static const char *const IDS[] = { "life.down", "life.down_probably", "life.steady", "life.up_probably",
                                       "life.up" };
    const kz_atlas *a = rq->atlas;
    int from, to, sure = kz_words_change(a, indicator, group, area, &from, &to);
    if (from == KZ_NONE || from == to)
        return;
    kz_say_html(rq->out, rq->lang, IDS[sure + 2], kz_s("first", a->periods[from].code),
                kz_s("last", a->periods[to].code));
}

/* "5 % (Aue) bis 41 % (Berg)": what the city's areas reach over. */
static void put_span(kz_request *rq, const kz_figures *f)
{
    const int *order;
    if (f->n_shown < 2 || kz_figures_order(rq, f, &order) != KZ_OK)
        return;
    int top = order[0], end = order[f->n_shown - 1];
    kz_say_html(rq->out, rq->lang, "life.span", kz_s("many", kz_words_dative(rq, f->lv->many)),
                kz_s("lo", kz_words_value(rq, f->ind, f->cells[end])), kz_s("lo_area", f->items[end].name),
                kz_s("hi", kz_words_value(rq, f->ind, f->cells[top])), kz_s("hi_area", f->items[top].name));
}

static void put_link(kz_request *rq, int indicator, int area, const char *text)
{
    kz_buf_str(rq->out, "<a href=\"/thema/");
    kz_buf_url(rq->out, rq->atlas->indicators[indicator].id);
    if (area > 0) {
        kz_buf_str(rq->out, "?gebiet=");
        kz_buf_url(rq->out, rq->atlas->areas[area].slug);
    }
    kz_html(rq->out, "\">%s</a>", text);
}

static kz_status put_cells(kz_request *rq, int area, int indicator, int number)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    int period = kz_life_newest(a, indicator, area), level = a->areas[area].level;
    if (level == 0)
        level = kz_figures_level(a, indicator, 0, period);
    kz_figures f;
    KZ_TRY(kz_figures_make(rq, indicator, 0, level, period, area > 0 ? area : KZ_NONE, &f));
    const kz_cell *c = kz_atlas_cell(a, indicator, 0, area, period);

    kz_buf_str(rq->out, "<td role=\"cell\"><p class=\"w\">");
    put_link(rq, indicator, area, ind->short_title);
    kz_html(rq->out, "</p><p><b class=\"v kk-num\">%s</b>", kz_words_value(rq, ind, c));
    if (kz_words_has_range(c))
        kz_html(rq->out, " <span class=\"kk-ok kk-num\">%s</span>", kz_words_range(rq, ind, c));
    else if (c && c->state == KZ_CELL_HIDDEN)
        kz_html(rq->out, "<span class=\"kk-ok kk-why\">%s</span>", kz_text(rq->lang, "page.hidden_why"));
    kz_html(rq->out, "</p><p class=\"kk-ok kk-when\">%s</p></td><td role=\"cell\">",
            a->periods[period].label);

    if (f.n_shown > 1) {
        f.chart.id = kz_words_fmt(rq, "k%d", number);
        f.chart.title =
            area > 0 ? kz_words_say(rq, isnan(f.chart.city) ? "page.line.chart_plain" : "page.line.chart",
                                    kz_s("what", ind->short_title), kz_s("area", a->areas[area].name),
                                    kz_s("x", kz_words_value(rq, ind, c)),
                                    kz_s("city", kz_words_value(rq, ind, f.city)), kz_n("n", f.n_shown),
                                    kz_s("many", f.lv->many))
                     : kz_words_say(rq, "page.strip.chart", kz_s("many", f.lv->many),
                                    kz_s("what", ind->short_title));
        kz_chart_line(rq->out, &f.chart);
    }
    kz_buf_str(rq->out, "<p>");
    if (area > 0)
        kz_life_verdict(rq, indicator, c);
    else
        put_span(rq, &f);
    kz_buf_str(rq->out, "</p></td><td role=\"cell\">");
    if (ind->n_periods > 1) {
        const double *own = kz_theme_times(rq, indicator, 0, area, 0),
                     *lo = kz_theme_times(rq, indicator, 0, area, -1),
                     *hi = kz_theme_times(rq, indicator, 0, area, 1),
                     *city = kz_theme_times(rq, indicator, 0, 0, 0);
        if (own && lo && hi && city)
            kz_chart_course(rq->out, ind->n_periods, own, lo, hi, area > 0 ? city : NULL);
        kz_buf_str(rq->out, "<p>");
        kz_life_trend(rq, indicator, 0, area);
        kz_buf_str(rq->out, "</p>");
    }
    kz_buf_str(rq->out, "</td></tr>");
    return KZ_OK;
}

static kz_status put_phase(kz_request *rq, int area, int phase, int *number)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_phase *p = &a->phases[phase];
    int rows = 0, n = 0;
    for (int i = 0; i < a->n_indicators; i++)
        rows += is_row(a, i, phase);
    kz_html(
        rq->out,
        "<tbody role=\"rowgroup\"><tr role=\"row\"><th scope=\"rowgroup\" role=\"rowheader\" class=\"ph\" "
        "rowspan=\"%d\">%s<small>%s</small></th>",
        rows > 0 ? rows : 1, p->label, p->ages);
    if (rows == 0)
        kz_html(rq->out, "<td role=\"cell\" colspan=\"3\"><p class=\"kk-ok\">%s</p></td></tr>",
                kz_text(rq->lang, "life.nothing"));
    for (int i = 0; i < a->n_indicators; i++) {
        if (!is_row(a, i, phase))
            continue;
        if (n++ > 0)
            kz_buf_str(rq->out, "<tr role=\"row\">");
        KZ_TRY(put_cells(rq, area, i, (*number)++));
    }
    kz_buf_str(rq->out, "</tbody>");
    return KZ_OK;
}

kz_status kz_life_course(kz_request *rq, int area, const char *id)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_area *self = &a->areas[area];
    static const char *const HEADS[] = { "life.head.phase", "life.head.value", "life.head.place",
                                         "life.head.time" };
    int number = 0;
    kz_html(rq->out,
            "<section class=\"kk-sec\" aria-labelledby=\"%s\"><h2 class=\"kk-h2\" id=\"%s\">%s</h2><p "
            "class=\"kk-note\">",
            id, id, kz_text(rq->lang, "life.title"));
    kz_say_html(rq->out, rq->lang, area > 0 ? "life.note" : "life.note_city", kz_s("area", self->name),
                kz_s("many", a->levels[self->level].many));
    kz_html(
        rq->out,
        "</p><table class=\"kk-life kk-course\" role=\"table\"><caption class=\"kern-sr-only\">%s</caption>"
        "<thead role=\"rowgroup\"><tr role=\"row\">",
        kz_text(rq->lang, "life.caption"));
    for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++)
        kz_html(rq->out, "<th scope=\"col\" role=\"columnheader\">%s</th>", kz_text(rq->lang, HEADS[i]));
    kz_buf_str(rq->out, "</tr></thead>");
    /* What frames the course has a row only where it has a number. */
    for (int p = 0; p < a->n_phases; p++) {
        bool any = a->phases[p].course;
        for (int i = 0; i < a->n_indicators && !any; i++)
            any = is_row(a, i, p);
        if (any)
            KZ_TRY(put_phase(rq, area, p, &number));
    }
    kz_html(rq->out, "</table><p class=\"kk-cap\">%s</p></section>\n", kz_text(rq->lang, "life.sure"));
    return KZ_OK;
}

static void put_number(kz_request *rq, int area, int indicator)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    int period = kz_life_newest(a, indicator, area);
    const kz_cell *c = kz_atlas_cell(a, indicator, 0, area, period);
    kz_buf_str(rq->out, "<tr><th scope=\"row\">");
    put_link(rq, indicator, area, ind->title);
    kz_html(rq->out,
            "</th><td class=\"r\">%s</td><td class=\"r kk-hidephone\">%s</td><td class=\"r\">%s</td>"
            "<td class=\"kk-hidephone\">",
            kz_words_value(rq, ind, c), kz_words_has_range(c) ? kz_words_range(rq, ind, c) : "",
            a->periods[period].code);
    kz_life_verdict(rq, indicator, c);
    kz_buf_str(rq->out, "</td></tr>");
}

void kz_life_all(kz_request *rq, int area)
{
    const kz_atlas *a = rq->atlas;
    kz_html(rq->out,
            "<section class=\"kk-sec\" aria-labelledby=\"alle\"><h2 class=\"kk-h2\" id=\"alle\">%s</h2><p "
            "class=\"kk-note\">%s</p>",
            kz_words_say(rq, "life.all", kz_s("area", a->areas[area].name)),
            kz_text(rq->lang, "life.all_note"));
    for (int p = 0; p < a->n_phases; p++) {
        int n = 0;
        for (int i = 0; i < a->n_indicators; i++)
            n += a->indicators[i].phase == p && is_shown_of(a, i, area);
        if (n == 0)
            continue;
        kz_html(rq->out, "<details class=\"kk-fold\"><summary><span class=\"t\">%s</span> <span class=\"n\">",
                a->phases[p].label);
        kz_say_html(rq->out, rq->lang, n == 1 ? "life.number_one" : "life.numbers", kz_n("n", n));
        kz_html(rq->out,
                "</span></summary><table class=\"kk-tab\"><caption class=\"kern-sr-only\">%s</caption><thead>"
                "<tr><th scope=\"col\">%s</th><th scope=\"col\" class=\"r\">%s</th>"
                "<th scope=\"col\" class=\"r kk-hidephone\">%s</th><th scope=\"col\" class=\"r\">%s</th>"
                "<th scope=\"col\" class=\"kk-hidephone\">%s</th></tr></thead><tbody>",
                a->phases[p].label, kz_text(rq->lang, "page.head.what"), kz_text(rq->lang, "page.head.value"),
                kz_text(rq->lang, "page.head.range"), kz_text(rq->lang, "life.head.as_of"),
                kz_text(rq->lang, "page.head.verdict"));
        for (int i = 0; i < a->n_indicators; i++)
            if (a->indicators[i].phase == p && is_shown_of(a, i, area))
                put_number(rq, area, i);
        kz_buf_str(rq->out, "</tbody></table></details>\n");
    }
    kz_buf_str(rq->out, "</section>\n");
}
