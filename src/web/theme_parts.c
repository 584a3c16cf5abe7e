/* theme_parts.c - the sections of an indicator page that are drawn from its figures. */
#include "web/theme.h"

#include "base/fmt.h"
#include "web/layout.h"

#include <math.h>
#include <stdlib.h>

/* Three names of the highest values: "Widdersdorf, Vingst und Ostheim". */
static const char *top_three(kz_request *rq, const kz_figures *f)
{
    const int *order;
    if (f->n_shown < 4 || kz_figures_order(rq, f, &order) != KZ_OK)
        return NULL;
    return kz_words_say(rq, "page.three", kz_s("a", f->items[order[0]].name),
                        kz_s("b", f->items[order[1]].name), kz_s("c", f->items[order[2]].name));
}

const char *kz_theme_map_heading(kz_request *rq, const kz_figures *f)
{
    const char *first = rq->atlas->periods[f->ind->first_period].code;
    if (f->n_shown == 0)
        return kz_words_say(rq, "page.map.nothing", kz_s("many", f->lv->many));
    switch (f->ind->kind) {
    case KZ_KIND_CHANGE:
        if (f->period == f->ind->first_period)
            return kz_words_say(rq, "page.map.change_first", kz_s("first", first));
        return kz_words_say(rq, "page.map.change", kz_s("more", kz_words_in_areas(rq, f->lv, f->n_more)),
                            kz_s("less", f->n_less == 0 ? kz_text(rq->lang, "page.none_of_them")
                                                        : kz_words_int(rq, f->n_less)),
                            kz_s("what", f->ind->numerator_label), kz_s("first", first));
    case KZ_KIND_COUNT: {
        const char *three = top_three(rq, f);
        return three ? kz_words_say(rq, "page.map.count", kz_s("what", f->ind->numerator_label),
                                    kz_s("three", three))
                     : f->ind->title;
    }
    default:
        if (f->n_more + f->n_less + f->n_same == 0) /* no interval, no verdict */
            return f->ind->title;
        return kz_words_say(rq, f->ind->kind == KZ_KIND_SHARE ? "page.map.share" : "page.map.value",
                            kz_s("more", kz_words_in_areas(rq, f->lv, f->n_more)),
                            kz_s("less", f->n_less == 0 ? kz_text(rq->lang, "page.none_of_them")
                                                        : kz_words_int(rq, f->n_less)));
    }
}

/* "Nippes liegt 0,9 Punkte über der Stadt, auf Rang 20 bis 31 von 86." */
static const char *strip_heading(kz_request *rq, const kz_theme *t)
{
    const kz_figures *f = &t->f;
    int own = f->chart.own;
    if (own >= 0 && !isnan(f->items[own].value)) {
        int best, worst, of;
        kz_atlas_rank(rq->atlas, f->cells[own], &best, &worst, &of);
        const char *rank = best == worst
                               ? kz_words_say(rq, "page.rank.one", kz_n("best", best), kz_n("of", of))
                               : kz_words_say(rq, "page.rank.range", kz_n("best", best), kz_n("worst", worst),
                                              kz_n("of", of));
        if (isnan(f->chart.city))
            return kz_words_say(rq, "page.strip.rank", kz_s("area", f->items[own].name), kz_s("rank", rank));
        double d = f->items[own].value - f->chart.city;
        const char *points = kz_words_dec(rq, fabs(d), f->ind->digits);
        bool same =
            kz_words_has_range(f->cells[own]) ? f->items[own].unsure : fabs(d) < pow(10, -f->ind->digits) / 2;
        return kz_words_say(rq,
                            same    ? "page.strip.same"
                            : d > 0 ? "page.strip.above"
                                    : "page.strip.below",
                            kz_s("area", f->items[own].name), kz_s("points", points), kz_s("rank", rank));
    }
    const int *order;
    if (f->n_shown < 2 || kz_figures_order(rq, f, &order) != KZ_OK)
        return kz_text(rq->lang, "page.strip.title");
    int top = order[0], end = order[f->n_shown - 1];
    return kz_words_say(rq, "page.strip.span", kz_s("lo", kz_words_value(rq, f->ind, f->cells[end])),
                        kz_s("lo_area", f->items[end].name),
                        kz_s("hi", kz_words_value(rq, f->ind, f->cells[top])),
                        kz_s("hi_area", f->items[top].name));
}

void kz_theme_strip(kz_request *rq, kz_theme *t)
{
    kz_figures *f = &t->f;
    if (f->n_shown < 2)
        return;
    kz_html(rq->out,
            "<section class=\"kk-sec\" aria-labelledby=\"lage\"><h2 class=\"kk-h2\" id=\"lage\">%s</h2><p "
            "class=\"kk-note\">",
            strip_heading(rq, t));
    kz_say_html(rq->out, rq->lang, kz_words_has_range(f->city) ? "page.strip.note" : "page.strip.note_plain",
                kz_s("one", f->lv->one));
    kz_buf_str(rq->out, "</p>");
    kz_figures_say(rq, f);
    f->chart.id = "punkt";
    f->chart.title =
        kz_words_say(rq, "page.strip.chart", kz_s("many", f->lv->many), kz_s("what", f->ind->title));
    f->chart.desc = strip_heading(rq, t);
    kz_chart_strip(rq->out, &f->chart, KZ_CHART_WIDE);
    kz_chart_strip(rq->out, &f->chart, KZ_CHART_NARROW);
    kz_buf_str(rq->out, "</section>\n");
}

const double *kz_theme_times(kz_request *rq, int indicator, int group, int area, int part)
{
    const kz_atlas_indicator *ind = &rq->atlas->indicators[indicator];
    double *v = kz_arena_new(rq->arena, double, ind->n_periods), scale = kz_words_scale(ind);
    for (int p = 0; v && p < ind->n_periods; p++) {
        const kz_cell *c = kz_atlas_cell(rq->atlas, indicator, group, area, ind->first_period + p);
        v[p] = !kz_cell_has_value(c) ? NAN : scale * (part < 0 ? c->lo : part > 0 ? c->hi : c->value);
    }
    return v;
}

/* Whether first and last value can be told apart, and what the heading says of it. */
static const char *series_heading(kz_request *rq, const kz_theme *t)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = t->f.ind;
    int area = t->own == KZ_NONE ? 0 : t->own, from = ind->first_period, to = kz_figures_last(ind);
    const kz_cell *c0 = NULL, *c1 = NULL;
    for (int p = from; p <= to; p++) {
        const kz_cell *c = kz_atlas_cell(a, t->indicator, t->group, area, p);
        if (!kz_cell_has_value(c))
            continue;
        if (!c0)
            c0 = c;
        c1 = c;
    }
    if (!c0 || c0 == c1)
        return kz_words_say(rq, "page.series.none", kz_s("area", a->areas[area].name));
    const char *first = a->periods[c0->period].code, *last = a->periods[c1->period].code;
    if (ind->kind == KZ_KIND_CHANGE)
        return kz_words_say(rq, "page.series.change", kz_s("area", a->areas[area].name),
                            kz_s("first", a->periods[from].code), kz_s("last", last),
                            kz_s("x", kz_words_value(rq, ind, c1)));
    int seen_from, seen_to;
    bool apart = abs(kz_words_change(a, t->indicator, t->group, area, &seen_from, &seen_to)) == 2;
    const char *id = ind->kind == KZ_KIND_COUNT ? (!apart                  ? "page.series.count_same"
                                                   : c1->value > c0->value ? "page.series.count_up"
                                                                           : "page.series.count_down")
                     : ind->kind == KZ_KIND_SHARE ? (!apart                  ? "page.series.same"
                                                     : c1->value > c0->value ? "page.series.up"
                                                                             : "page.series.down")
                                                  : (!apart                  ? "page.series.value_same"
                                                     : c1->value > c0->value ? "page.series.value_up"
                                                                             : "page.series.value_down");
    return kz_words_say(rq, id, kz_s("area", a->areas[area].name), kz_s("first", first), kz_s("last", last),
                        kz_s("x0", kz_words_number(rq, ind, c0)), kz_s("x1", kz_words_value(rq, ind, c1)));
}

kz_status kz_theme_series(kz_request *rq, const kz_theme *t)
{
    const kz_atlas *a = rq->atlas;
    const kz_figures *f = &t->f;
    const kz_atlas_indicator *ind = f->ind;
    if (ind->n_periods < 2)
        return KZ_OK;
    bool city_too = ind->kind != KZ_KIND_COUNT;
    const char **times = kz_arena_new(rq->arena, const char *, ind->n_periods);
    double *lines = kz_arena_array(rq->arena, (size_t)f->n * (size_t)ind->n_periods, sizeof(double));
    if (!times || !lines)
        return kz_fail(&rq->err, KZ_E_LIMIT, "page.too_large");
    for (int p = 0; p < ind->n_periods; p++)
        times[p] = a->periods[ind->first_period + p].code;
    for (int i = 0; i < f->n; i++) {
        const double *v = kz_theme_times(rq, t->indicator, t->group, f->lv->first_area + i, 0);
        for (int p = 0; v && p < ind->n_periods; p++)
            lines[i * ind->n_periods + p] = v[p];
    }
    const char *heading = series_heading(rq, t);
    kz_chart_series s = {
        .lang = rq->lang,
        .id = "reihe",
        .title = kz_words_say(rq, "page.series.chart", kz_s("what", ind->title)),
        .desc = heading,
        .unit = kz_words_unit(rq, ind),
        .n_times = ind->n_periods,
        .times = times,
        .n_lines = f->n,
        .lines = lines,
        .zero = ind->kind == KZ_KIND_CHANGE,
    };
    if (t->own != KZ_NONE) {
        s.own = kz_theme_times(rq, t->indicator, t->group, t->own, 0);
        s.own_lo = kz_theme_times(rq, t->indicator, t->group, t->own, -1);
        s.own_hi = kz_theme_times(rq, t->indicator, t->group, t->own, 1);
        s.own_name = a->areas[t->own].name;
        s.own_value =
            kz_words_value(rq, ind, kz_atlas_cell(a, t->indicator, t->group, t->own, kz_figures_last(ind)));
    }
    if (city_too) {
        s.city = kz_theme_times(rq, t->indicator, t->group, 0, 0);
        s.city_name = a->name;
        s.city_value =
            kz_words_value(rq, ind, kz_atlas_cell(a, t->indicator, t->group, 0, kz_figures_last(ind)));
    }
    kz_html(rq->out, "<h2 class=\"kk-h2\" id=\"verlauf\">%s</h2><p class=\"kk-note\">", heading);
    kz_say_html(rq->out, rq->lang,
                t->own == KZ_NONE             ? "page.series.note_city"
                : kz_words_has_range(f->city) ? "page.series.note_range"
                                              : "page.series.note",
                kz_s("many", kz_words_dative(rq, f->lv->many)));
    kz_buf_str(rq->out, "</p>");
    kz_chart_series_draw(rq->out, &s, KZ_CHART_WIDE);
    kz_chart_series_draw(rq->out, &s, KZ_CHART_NARROW);
    return KZ_OK;
}

static void put_term(kz_request *rq, const char *id, const char *text)
{
    if (text && *text)
        kz_html(rq->out, "<dt>%s</dt><dd>%s</dd>", kz_text(rq->lang, id), text);
}

void kz_theme_definition(kz_request *rq, const kz_theme *t)
{
    const kz_atlas_indicator *ind = t->f.ind;
    kz_html(rq->out, "<div class=\"kk-def\"><h2 class=\"kk-h2\">%s</h2><dl>",
            kz_text(rq->lang, "page.def.title"));
    put_term(rq, "page.def.counted", ind->counted);
    put_term(rq, "page.def.caveat", ind->caveat);
    put_term(rq, "page.def.source", ind->source);
    if (kz_words_has_range(t->f.city))
        put_term(rq, "page.def.range", kz_words_range_how(rq, ind));
    put_term(rq, "page.def.protection", ind->protection);
    if (ind->release && *ind->release) {
        kz_auto(kz_buf) day = kz_buf_init(64);
        kz_fmt_date(&day, rq->lang, kz_words_fmt(rq, "%.10s", ind->published_at ? ind->published_at : ""));
        put_term(rq, "page.def.release",
                 kz_words_say(rq, "page.def.release_text", kz_s("name", ind->release),
                              kz_s("day", kz_buf_text(&day))));
    }
    kz_buf_str(rq->out, "</dl><p class=\"kk-files\"><a class=\"kk-more\" href=\"/thema/");
    kz_buf_url(rq->out, ind->id);
    kz_html(rq->out, "/datenblatt\">%s</a></p></div>", kz_text(rq->lang, "page.def.sheet"));
}
