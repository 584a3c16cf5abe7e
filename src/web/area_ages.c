/* area_ages.c - who lives here by age, and how the numbers of children have changed. */
#include "web/area.h"

#include "io/chart.h"
#include "web/layout.h"
#include "web/theme.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool read_age(const char *code, int *from, int *to)
{
    if (strncmp(code, "age_", 4) != 0)
        return false;
    const char *p = code + 4;
    int v[2] = { 0, 0 };
    for (int i = 0; i < 2; i++, p++) {
        if (i == 1 && strcmp(p, "up") == 0) {
            *from = v[0], *to = KZ_AGE_OPEN;
            return v[0] < KZ_AGE_OPEN;
        }
        if (*p < '0' || *p > '9')
            return false;
        for (; *p >= '0' && *p <= '9' && v[i] < 1000; p++)
            v[i] = v[i] * 10 + (*p - '0');
        if (*p != (i == 0 ? '_' : '\0'))
            return false;
    }
    *from = v[0], *to = v[1];
    return v[1] > v[0];
}

kz_ages kz_ages_find(const kz_atlas *a)
{
    for (int i = 0; i < a->n_indicators; i++) {
        kz_ages g = { .indicator = i };
        const kz_atlas_indicator *ind = &a->indicators[i];
        for (int k = 0; k < ind->n_groups && g.n < 32; k++) {
            int from, to;
            if (read_age(ind->groups[k].code, &from, &to) && (g.n == 0 || g.to[g.n - 1] == from)) {
                g.group[g.n] = k;
                g.from[g.n] = from;
                g.to[g.n++] = to;
            }
        }
        if (g.n >= 3)
            return g;
    }
    return (kz_ages){ .indicator = KZ_NONE };
}

const char *kz_ages_words(kz_request *rq, const kz_ages *g, int i)
{
    if (g->from[i] == 0)
        return kz_words_say(rq, "page.age.under", kz_n("to", g->to[i]));
    if (g->to[i] == KZ_AGE_OPEN)
        return kz_words_say(rq, "page.age.over", kz_n("from", g->from[i]));
    return kz_words_say(rq, "page.age.between", kz_n("from", g->from[i]), kz_n("to", g->to[i] - 1));
}

/* The run of neighbouring age groups, surely more (sign 1) or fewer (-1) than
 * in the city, around the one that differs most.  "25- bis 44-Jährige" */
static const char *striking(kz_request *rq, int area, const kz_ages *g, int period, int sign)
{
    const kz_atlas *a = rq->atlas;
    double most = 0;
    int at = -1, verdict[32] = { 0 };
    for (int i = 0; i < g->n; i++) {
        const kz_cell *c = kz_atlas_cell(a, g->indicator, g->group[i], area, period);
        const kz_cell *city = kz_atlas_cell(a, g->indicator, g->group[i], 0, period);
        if (!kz_cell_has_value(c) || !kz_cell_has_value(city))
            continue;
        verdict[i] = kz_atlas_against_city(a, c);
        double d = sign * (c->value - city->value) / (g->to[i] - g->from[i]);
        if (verdict[i] == sign && d > most) {
            most = d;
            at = i;
        }
    }
    if (at < 0)
        return NULL;
    int from = at, to = at;
    while (from > 0 && verdict[from - 1] == sign)
        from--;
    while (to < g->n - 1 && verdict[to + 1] == sign)
        to++;
    if (g->from[from] == 0)
        return kz_words_say(rq, "page.people.under", kz_n("to", g->to[to]));
    if (g->to[to] == KZ_AGE_OPEN)
        return kz_words_say(rq, "page.people.over", kz_n("from", g->from[from]));
    return kz_words_say(rq, "page.people.between", kz_n("from", g->from[from]), kz_n("to", g->to[to] - 1));
}

void kz_area_ages(kz_request *rq, int area, const kz_ages *g)
{
    const kz_atlas *a = rq->atlas;
    if (g->indicator == KZ_NONE || area == 0)
        return;
    const kz_atlas_indicator *ind = &a->indicators[g->indicator];
    int period = kz_figures_last(ind), n_shown = 0;
    kz_chart_age bars[32];
    for (int i = 0; i < g->n; i++) {
        const kz_cell *c = kz_atlas_cell(a, g->indicator, g->group[i], area, period);
        const kz_cell *city = kz_atlas_cell(a, g->indicator, g->group[i], 0, period);
        n_shown += kz_cell_has_value(c);
        bars[i] = (kz_chart_age){
            .from = g->from[i],
            .to = g->to[i],
            .child = g->to[i] <= 18,
            .own = kz_cell_has_value(c) ? c->value * 1000 : NAN,
            .city = kz_cell_has_value(city) ? city->value * 1000 : NAN,
            .words = kz_words_say(rq, "page.ages.bar", kz_s("age", kz_ages_words(rq, g, i)),
                                  kz_s("n", kz_words_count(c) >= 0 ? kz_words_int(rq, kz_words_count(c))
                                                                   : kz_words_full(rq, ind, c))),
        };
    }
    if (n_shown == 0)
        return;
    const char *more = striking(rq, area, g, period, 1), *less = striking(rq, area, g, period, -1);
    const char *id = more && less ? "page.ages.both"
                     : more       ? "page.ages.more"
                     : less       ? "page.ages.less"
                                  : "page.ages.same";
    const char *heading = kz_words_say(rq, id, kz_s("more", more), kz_s("less", less));
    const char *name = a->areas[area].name, *day = a->periods[period].label;

    kz_html(rq->out, "<h2 class=\"kk-h2\" id=\"alter\">%s</h2><p class=\"kk-note\">", heading);
    kz_say_html(rq->out, rq->lang, "page.ages.note", kz_s("day", day));
    kz_buf_str(rq->out, "</p>");
    kz_chart_ages chart = {
        .lang = rq->lang,
        .id = "alt",
        .title =
            kz_words_say(rq, "page.ages.title", kz_s("area", name), kz_s("city", a->name), kz_s("day", day)),
        .desc = heading,
        .age_label = kz_text(rq->lang, "page.ages.axis"),
        .own_name = name,
        .city_label = kz_words_say(rq, "page.ages.outline", kz_s("city", a->name)),
        .n = g->n,
        .ages = bars,
    };
    kz_chart_ages_draw(rq->out, &chart, KZ_CHART_WIDE);
    kz_chart_ages_draw(rq->out, &chart, KZ_CHART_NARROW);
    kz_buf_str(rq->out, "<p class=\"kk-cap\">");
    kz_put(rq, "page.ages.cap");
    if (g->to[g->n - 1] == KZ_AGE_OPEN) {
        kz_buf_char(rq->out, ' ');
        kz_say_html(rq->out, rq->lang, "page.ages.open", kz_n("from", g->from[g->n - 1]),
                    kz_n("to", KZ_AGE_OPEN));
    }
    if (n_shown < g->n) {
        kz_buf_char(rq->out, ' ');
        kz_put(rq, "page.ages.hidden");
    }
    kz_buf_str(rq->out, "</p>");
}

/* --- what has changed ------------------------------------------------------- */

static void counts(const kz_atlas *a, int indicator, int group, int area, double out[], int n)
{
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    for (int p = 0; p < n; p++) {
        const kz_cell *c = kz_atlas_cell(a, indicator, group, area, ind->first_period + p);
        out[p] = kz_words_count(c) >= 0 ? (double)kz_words_count(c) : NAN;
    }
}

static void put_percent(kz_request *rq, double now, double then, bool strong)
{
    if (isnan(now) || isnan(then) || then <= 0) {
        kz_html(rq->out, "<td class=\"r\">%s</td>", kz_cell_state_sign(KZ_CELL_MEANINGLESS));
        return;
    }
    kz_html(rq->out, strong ? "<td class=\"r\"><b>%s\u00A0%%</b></td>" : "<td class=\"r\">%s\u00A0%%</td>",
            kz_words_signed(rq, (now / then - 1) * 100, 0));
}

static void put_count(kz_request *rq, const kz_atlas *a, const kz_ages *g, int i, int area, int period)
{
    const kz_cell *c = kz_atlas_cell(a, g->indicator, g->group[i], area, period);
    if (kz_words_count(c) >= 0)
        kz_html(rq->out, "<td class=\"r\">%s</td>", kz_words_int(rq, kz_words_count(c)));
    else
        kz_html(rq->out, "<td class=\"r\">%s</td>", kz_words_sign(c));
}

void kz_area_changes(kz_request *rq, int area, const kz_ages *g)
{
    const kz_atlas *a = rq->atlas;
    if (g->indicator == KZ_NONE)
        return;
    const kz_atlas_indicator *ind = &a->indicators[g->indicator];
    int n = ind->n_periods, first = ind->first_period, last = kz_figures_last(ind);
    double *own = kz_arena_new(rq->arena, double, n), *city = kz_arena_new(rq->arena, double, n);
    if (n < 2 || !own || !city)
        return;
    /* Real changes only: more than a twentieth. */
    kz_auto(kz_buf) up = kz_buf_init(1024);
    kz_auto(kz_buf) down = kz_buf_init(1024);
    for (int i = 0; i < g->n && g->to[i] <= 18; i++) {
        counts(a, g->indicator, g->group[i], area, own, n);
        double x = own[n - 1] / own[0] - 1;
        kz_buf *list = x > 0.05 ? &up : x < -0.05 ? &down : NULL;
        if (!list)
            continue;
        if (list->n > 0)
            kz_buf_str(list, ", ");
        kz_buf_str(list, kz_ages_words(rq, g, i));
    }
    const char *from = a->periods[first].code, *to = a->periods[last].code;
    kz_html(rq->out, "<h2 class=\"kk-h2\">%s</h2><p class=\"kk-note\">",
            kz_text(rq->lang, "page.changes.title"));
    kz_say_html(rq->out, rq->lang,
                up.n && down.n ? "page.changes.both"
                : up.n         ? "page.changes.up"
                : down.n       ? "page.changes.down"
                               : "page.changes.none",
                kz_s("first", from), kz_s("up", kz_buf_text(&up)), kz_s("down", kz_buf_text(&down)));
    kz_buf_str(rq->out, "</p><div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" "
                        "aria-labelledby=\"ccap\"><table class=\"kk-tab kk-nw\"><caption id=\"ccap\">");
    kz_say_html(rq->out, rq->lang, "page.changes.caption", kz_s("first", from), kz_s("last", to));
    kz_html(rq->out,
            "</caption><thead><tr><th scope=\"col\">%s<span class=\"u\">%s</span></th><th scope=\"col\" "
            "class=\"r\">%s</th>"
            "<th scope=\"col\" class=\"r\">%s</th>",
            kz_text(rq->lang, "page.head.age"), kz_text(rq->lang, "page.head.years"), from, to);
    kz_html(rq->out, "<th scope=\"col\" class=\"r\">%s</th>",
            area == 0 ? kz_text(rq->lang, "page.head.change") : kz_text(rq->lang, "page.head.here"));
    if (area != 0)
        kz_html(rq->out, "<th scope=\"col\" class=\"r\">%s</th>", a->name);
    kz_html(rq->out, "<th scope=\"col\">%s<span class=\"u\">%s</span></th></tr></thead><tbody>",
            kz_text(rq->lang, "page.head.course"),
            area == 0 ? kz_words_fmt(rq, "%s–%s", from, to)
                      : kz_words_say(rq, "page.head.dashed", kz_s("city", a->name)));
    for (int i = 0; i < g->n && g->to[i] <= 18; i++) {
        counts(a, g->indicator, g->group[i], area, own, n);
        counts(a, g->indicator, g->group[i], 0, city, n);
        kz_html(rq->out, "<tr><th scope=\"row\">%s</th>", kz_ages_words(rq, g, i));
        put_count(rq, a, g, i, area, first);
        put_count(rq, a, g, i, area, last);
        put_percent(rq, own[n - 1], own[0], true);
        if (area != 0)
            put_percent(rq, city[n - 1], city[0], false);
        kz_buf_str(rq->out, "<td class=\"mini\">");
        if (area == 0)
            for (int p = 0; p < n; p++)
                city[p] = NAN;
        kz_chart_spark(rq->out, n, own, city);
        kz_buf_str(rq->out, "</td></tr>");
    }
    kz_buf_str(rq->out, "</tbody></table></div>");
}
