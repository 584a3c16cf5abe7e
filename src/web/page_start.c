/* page_start.c - the first page: how many, where, what changes, what is new, ways in. */
#include "web/pages.h"

#include "base/fmt.h"
#include "geo/chart_map.h"
#include "web/layout.h"
#include "web/theme.h"

#include <math.h>
#include <string.h>

enum { MOST_MAPS = 3 }; /* to switch between, and the map of changes */

static bool is_whole_share(const kz_atlas *a, int i)
{
    return a->indicators[i].kind == KZ_KIND_SHARE && !kz_figures_is_parted(a, i);
}

/* Shares that stand for a phase of life, one a phase; without any, the first two of the catalogue. */
static int find_maps(const kz_atlas *a, int maps[MOST_MAPS])
{
    int n = 0;
    for (int i = 0; i < a->n_indicators && n < MOST_MAPS; i++) {
        bool first = true;
        for (int k = 0; k < n; k++)
            first = first && a->indicators[maps[k]].phase != a->indicators[i].phase;
        if (first && a->indicators[i].is_key && a->indicators[i].direction == KZ_DIR_LOAD && is_whole_share(a, i))
            maps[n++] = i;
    }
    bool keys = n > 0;
    for (int i = 0; i < a->n_indicators && !keys && n < 2; i++)
        if (is_whole_share(a, i))
            maps[n++] = i;
    return n;
}

/* How many children there are: the first share that is neither load nor resource. */
static int find_people(const kz_atlas *a)
{
    for (int i = 0; i < a->n_indicators; i++)
        if (a->indicators[i].direction == KZ_DIR_NEUTRAL && is_whole_share(a, i))
            return i;
    return KZ_NONE;
}

static int find_change(const kz_atlas *a)
{
    for (int i = 0; i < a->n_indicators; i++)
        if (a->indicators[i].kind == KZ_KIND_CHANGE)
            return i;
    return KZ_NONE;
}

/* "In Köln leben 57.704 Kinder unter 6 Jahren, 8 % mehr als 2005." */
static void put_hero(kz_request *rq, int lead)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[lead];
    const kz_cell *now = kz_atlas_cell(a, lead, 0, 0, kz_figures_last(ind));
    const kz_cell *then = kz_atlas_cell(a, lead, 0, 0, ind->first_period);
    kz_buf_str(rq->out, "<p class=\"kk-lead\">");
    if (kz_words_count(now) >= 0) {
        const char *n = kz_words_int(rq, kz_words_count(now));
        if (then && then != now && kz_words_count(then) > 0) {
            double change = ((double)kz_words_count(now) / (double)kz_words_count(then) - 1) * 100;
            const char *first = a->periods[ind->first_period].code;
            int rounded = (int)lround(fabs(change));
            kz_say_html(rq->out, rq->lang,
                        rounded == 0 ? "page.hero.same"
                        : change > 0 ? "page.hero.more"
                                     : "page.hero.less",
                        kz_s("city", a->name), kz_s("n", n), kz_s("what", ind->numerator_label),
                        kz_n("x", rounded), kz_s("first", first));
        } else {
            kz_say_html(rq->out, rq->lang, "page.hero.plain", kz_s("city", a->name), kz_s("n", n),
                        kz_s("what", ind->numerator_label));
        }
        kz_buf_char(rq->out, ' ');
    }
    kz_put(rq, "page.hero.here");
    kz_buf_str(rq->out, "</p>\n");
}

static const char *lead_heading(kz_request *rq, const kz_figures *f, bool is_lead)
{
    const int *order;
    /* Who has the most is said of people, never of load. */
    if (!is_lead || f->ind->direction != KZ_DIR_NEUTRAL || f->n_shown < 4 || kz_figures_order(rq, f, &order) != KZ_OK)
        return kz_theme_map_heading(rq, f);
    return kz_words_say(rq, "page.start.top", kz_s("a", f->items[order[0]].name),
                        kz_s("b", f->items[order[1]].name), kz_s("c", f->items[order[2]].name));
}

static void put_switch(kz_request *rq, const kz_figures *maps, int n, int open, const kz_figures *change)
{
    kz_html(rq->out, "<div class=\"kk-switchbox\"><h3 class=\"kk-h3\">%s</h3><ul class=\"kk-switch\">",
            kz_text(rq->lang, "page.start.switch"));
    for (int i = 0; i < n; i++) {
        const kz_figures *f = &maps[i];
        kz_buf_str(rq->out, "<li><a href=\"/?karte=");
        kz_buf_url(rq->out, f->ind->id);
        kz_buf_str(rq->out, i == open ? "\" aria-current=\"true\">" : "\">");
        kz_chart_map_thumb(rq->out, &f->chart, f->lv->map, KZ_MAP_SHAPES);
        kz_html(rq->out, "<span><strong>%s</strong><span class=\"s\">", f->ind->title);
        double lo = INFINITY, hi = -INFINITY;
        for (int k = 0; k < f->n; k++) {
            lo = fmin(lo, f->items[k].value);
            hi = fmax(hi, f->items[k].value);
        }
        if (kz_cell_has_value(f->city) && isfinite(lo))
            kz_say_html(rq->out, rq->lang, "page.start.span", kz_s("x", kz_words_value(rq, f->ind, f->city)),
                        kz_s("lo", kz_words_dec(rq, lo, f->ind->digits)),
                        kz_s("hi", kz_words_dec(rq, hi, f->ind->digits)));
        kz_buf_str(rq->out, "</span></span></a></li>");
    }
    if (change) {
        kz_buf_str(rq->out, "<li><a href=\"#veraenderung\">");
        kz_chart_map_thumb(rq->out, &change->chart, change->lv->map, KZ_MAP_SHAPES);
        kz_html(rq->out, "<span><strong>%s</strong><span class=\"s\">", change->ind->title);
        kz_say_html(rq->out, rq->lang, "page.start.change_span",
                    kz_s("first", rq->atlas->periods[change->ind->first_period].code),
                    kz_s("more", kz_words_in_areas(rq, change->lv, change->n_more)),
                    kz_s("less", change->n_less ? kz_words_int(rq, change->n_less)
                                                : kz_text(rq->lang, "page.none_of_them")));
        kz_buf_str(rq->out, "</span></span></a></li>");
    }
    kz_buf_str(rq->out, "</ul></div>");
}

static void put_news(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    if (a->n_news == 0)
        return;
    kz_html(rq->out, "<h2 class=\"kk-h3\">%s</h2><ul class=\"kk-news\">",
            kz_text(rq->lang, "page.start.news"));
    for (int i = 0; i < a->n_news && i < 5; i++) {
        kz_auto(kz_buf) day = kz_buf_init(64);
        const char *iso = kz_words_fmt(rq, "%.10s", a->news[i].date);
        kz_fmt_date(&day, rq->lang, iso);
        kz_html(rq->out, "<li><time datetime=\"%s\">%s</time><span>%s</span></li>", iso, kz_buf_text(&day),
                a->news[i].text);
    }
    kz_buf_str(rq->out, "</ul>");
}

static void put_ways(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    kz_html(rq->out, "<h2 class=\"kk-h3%s\">%s</h2><ul class=\"kk-links\">", a->n_news > 0 ? " kk-mt" : "",
            kz_text(rq->lang, "page.start.ways"));
    kz_buf_str(rq->out, "<li>");
    kz_link(rq, "/gebiet/", a->areas[0].slug, kz_words_say(rq, "page.start.way_city", kz_s("city", a->name)));
    kz_html(rq->out, "<small>%s</small></li>", kz_text(rq->lang, "page.start.way_city_more"));
    for (int l = a->n_levels - 1; l > 0; l--) {
        kz_html(rq->out, "<li><a href=\"/gebiet#%s\">%s</a><small>", a->levels[l].code,
                kz_words_say(rq, "page.start.way_level", kz_n("n", a->levels[l].n_areas),
                             kz_s("many", a->levels[l].many)));
        kz_put(rq, "page.start.way_level_more");
        kz_buf_str(rq->out, "</small></li>");
    }
    kz_html(rq->out, "<li><a href=\"/thema\">%s</a><small>%s</small></li>",
            kz_text(rq->lang, "page.start.way_themes"), kz_text(rq->lang, "page.start.way_themes_more"));
    kz_html(rq->out, "<li><a href=\"/daten\">%s</a><small>%s</small></li></ul>",
            kz_text(rq->lang, "page.all_data"), kz_text(rq->lang, "page.start.way_data_more"));
}

static void put_map_section(kz_request *rq, kz_figures *maps, int n, int open, const kz_figures *change)
{
    kz_figures *f = &maps[open];
    kz_html(rq->out,
            "<section class=\"kk-sec kk-2\" aria-labelledby=\"karte\"><div><h2 class=\"kk-h2\" "
            "id=\"karte\">%s</h2><p class=\"kk-note\">",
            lead_heading(rq, f, open == 0));
    kz_link(rq, "/thema/", f->ind->id, f->ind->title);
    kz_html(rq->out, ": %s, %s</p>", f->ind->subtitle, rq->atlas->periods[f->period].label);
    kz_figures_map(rq, f, "land");
    kz_buf_str(rq->out, "</div><div>");
    put_switch(rq, maps, n, open, change);
    kz_buf_str(rq->out, "<div class=\"kk-legbox\">");
    kz_figures_legend(rq, f, "leg");
    kz_figures_keys(rq, f);
    kz_buf_str(rq->out, "<p class=\"kk-cap\">");
    kz_say_html(rq->out, rq->lang, "page.start.legend", kz_s("one", f->lv->one),
                kz_s("many", kz_words_dative(rq, f->lv->many)));
    kz_buf_str(rq->out, "</p></div></div></section>\n");
}

static void put_change_map(kz_request *rq, kz_figures *f)
{
    kz_html(rq->out, "<h2 class=\"kk-h2\" id=\"v\">%s</h2><p class=\"kk-note\">",
            kz_theme_map_heading(rq, f));
    kz_link(rq, "/thema/", f->ind->id, f->ind->title);
    kz_buf_str(rq->out, ". ");
    kz_say_html(rq->out, rq->lang, "page.start.change_note",
                kz_s("first", rq->atlas->periods[f->ind->first_period].code),
                kz_s("last", rq->atlas->periods[f->period].code),
                kz_s("t", kz_words_dec(rq, f->threshold, f->threshold < 1 ? 1 : 0)));
    kz_buf_str(rq->out, "</p>");
    kz_figures_map(rq, f, "wandel");
    kz_figures_change_keys(rq, f);
    kz_buf_str(rq->out, "<p class=\"kk-cap\">");
    kz_say_html(rq->out, rq->lang, "page.start.change_cap", kz_s("many", f->lv->many),
                kz_s("x", kz_words_value(rq, f->ind, f->city)));
    kz_buf_str(rq->out, "</p>");
}

kz_status kz_page_start(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    int ids[MOST_MAPS], n = find_maps(a, ids), open = 0, change_id = find_change(a);
    kz_figures maps[MOST_MAPS], change;
    const kz_map *map = NULL;
    const char *asked = kz_query_param(rq, "karte"), *as_of = NULL;

    for (int i = 0; i < n; i++) {
        int period = kz_figures_last(&a->indicators[ids[i]]);
        KZ_TRY(kz_figures_make(rq, ids[i], 0, kz_figures_level(a, ids[i], 0, period), period, KZ_NONE,
                               &maps[i]));
        map = i == 0 ? maps[0].lv->map : map;
        as_of = a->periods[period].label;
        if (asked && strcmp(asked, a->indicators[ids[i]].id) == 0)
            open = i;
    }
    bool has_change = change_id != KZ_NONE;
    if (has_change) {
        int period = kz_figures_last(&a->indicators[change_id]);
        KZ_TRY(kz_figures_make(rq, change_id, 0, kz_figures_level(a, change_id, 0, period), period, KZ_NONE,
                               &change));
        has_change = change.n_shown > 0 && change.lv->map && map == change.lv->map;
    }
    /* All maps of the page share one set of outlines. */
    int n_same = 0;
    while (map && n_same < n && maps[n_same].lv->map == map)
        n_same++;

    kz_layout_open(rq, &(kz_layout){ .title = kz_words_say(rq, "page.start.heading", kz_s("city", a->name)),
                                     .nav = "/",
                                     .map = map });
    kz_html(rq->out, "<div class=\"kk-hero\"><h1 class=\"kk-h1\">");
    kz_say_html(rq->out, rq->lang, "page.start.heading", kz_s("city", a->name));
    kz_buf_str(rq->out, "</h1>");
    if (find_people(a) != KZ_NONE)
        put_hero(rq, find_people(a));
    kz_layout_search(rq);
    kz_buf_str(rq->out, "</div>\n");
    if (n_same > 0)
        put_map_section(rq, maps, n_same, open < n_same ? open : 0, has_change ? &change : NULL);
    kz_buf_str(rq->out, has_change
                            ? "<section class=\"kk-sec kk-2\" id=\"veraenderung\" aria-labelledby=\"v\"><div>"
                            : "<section class=\"kk-sec kk-2\"><div>");
    if (has_change) {
        put_change_map(rq, &change);
        kz_buf_str(rq->out, "</div><div>");
    }
    put_news(rq);
    put_ways(rq);
    kz_buf_str(rq->out, "</div></section>");
    return kz_layout_close(rq, as_of);
}
