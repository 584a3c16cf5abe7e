/* page_sheet.c - the data sheet of an indicator: all that is known about the number itself, and in Leichte
 * Sprache. */
#include "web/pages.h"

#include "base/fmt.h"
#include "web/layout.h"
#include "web/life.h"

#include <math.h>
#include <string.h>

static bool has(const char *text)
{
    return text && *text;
}

static void put_term(kz_request *rq, const char *id, const char *text)
{
    if (has(text))
        kz_html(rq->out, "<dt>%s</dt><dd>%s</dd>", kz_text(rq->lang, id), text);
}

/* Views of the same number, the open one marked. */
static void put_views(kz_request *rq, const kz_atlas_indicator *ind, bool leicht)
{
    kz_html(rq->out, "<nav class=\"kk-views\" aria-label=\"%s\"><ul><li><a href=\"/thema/",
            kz_text(rq->lang, "datasheet.views"));
    kz_buf_url(rq->out, ind->id);
    kz_html(rq->out, "\">%s</a></li><li><a href=\"/thema/", kz_text(rq->lang, "datasheet.view_numbers"));
    kz_buf_url(rq->out, ind->id);
    kz_html(rq->out, leicht ? "/datenblatt\">%s</a></li>" : "/datenblatt\" aria-current=\"page\">%s</a></li>",
            kz_text(rq->lang, "datasheet.view_sheet"));
    if (has(ind->leicht)) {
        kz_buf_str(rq->out, "<li><a href=\"/thema/");
        kz_buf_url(rq->out, ind->id);
        kz_html(rq->out,
                leicht ? "/datenblatt?sprache=leicht\" aria-current=\"page\">%s</a></li>"
                       : "/datenblatt?sprache=leicht\">%s</a></li>",
                kz_text(rq->lang, "datasheet.view_leicht"));
    }
    kz_buf_str(rq->out, "</ul></nav>\n");
}

/* Several lines as a list, one as it is. */
static void put_lines(kz_request *rq, const char *id, const char *text)
{
    if (!has(text))
        return;
    kz_html(rq->out, "<dt>%s</dt>", kz_text(rq->lang, id));
    while (*text) {
        size_t n = strcspn(text, "\n");
        kz_html(rq->out, "<dd>%s</dd>", kz_words_fmt(rq, "%.*s", (int)n, text));
        text += n + (text[n] == '\n');
    }
}

static const char *age_words(kz_request *rq, const kz_atlas_indicator *ind)
{
    if (ind->age_from < 0)
        return kz_text(rq->lang, "datasheet.age_all");
    if (ind->age_from == 0)
        return ind->age_to == 0 ? kz_text(rq->lang, "datasheet.age_first")
                                : kz_words_say(rq, "page.age.under_years", kz_n("to", ind->age_to + 1));
    return kz_words_say(rq, "datasheet.age_between", kz_n("from", ind->age_from), kz_n("to", ind->age_to));
}

static const char *formula_words(kz_request *rq, const kz_atlas_indicator *ind)
{
    const char *id = ind->kind == KZ_KIND_COUNT        ? "datasheet.formula_count"
                     : ind->kind == KZ_KIND_CHANGE     ? "datasheet.formula_change"
                     : ind->kind == KZ_KIND_INDEX      ? "datasheet.formula_index"
                     : ind->kind == KZ_KIND_DIFFERENCE ? "datasheet.formula_difference"
                     : ind->kind == KZ_KIND_PROFILE    ? "datasheet.formula_profile"
                     : ind->per == 1                   ? "datasheet.formula_ratio"
                                                       : "datasheet.formula_share";
    return kz_words_say(rq, id, kz_s("num", ind->numerator_label), kz_s("den", ind->denominator_label),
                        kz_s("per", kz_words_int(rq, ind->per)));
}

static void put_expression(kz_request *rq, const char *id, const char *text)
{
    if (has(text))
        kz_html(rq->out, "<dt>%s</dt><dd><code class=\"kk-code\">%s</code></dd>", kz_text(rq->lang, id),
                text);
}

static void put_counted(kz_request *rq, const kz_atlas_indicator *ind)
{
    kz_html(rq->out, "<div class=\"kk-def\"><h2 class=\"kk-h2\">%s</h2><dl>",
            kz_text(rq->lang, "datasheet.says"));
    put_term(rq, "page.def.counted", ind->counted);
    put_term(rq, "datasheet.interpretation", ind->interpretation);
    put_lines(rq, "page.def.caveat", ind->caveat);
    kz_buf_str(rq->out, "</dl></div>");
}

static void put_reckoned(kz_request *rq, const kz_atlas_indicator *ind)
{
    static const char *const DIRECTIONS[] = { "datasheet.neutral", "datasheet.load", "datasheet.resource" };
    kz_html(rq->out, "<div class=\"kk-def\"><h2 class=\"kk-h2\">%s</h2><dl>",
            kz_text(rq->lang, "datasheet.reckoned"));
    put_term(rq, "datasheet.formula", formula_words(rq, ind));
    put_expression(rq, "datasheet.numerator", ind->numerator);
    put_expression(rq, "datasheet.denominator", ind->denominator);
    if (ind->pool > 1)
        put_term(rq, "datasheet.pool", kz_words_say(rq, "datasheet.pool_text", kz_n("n", ind->pool)));
    if (ind->min_denominator > 0)
        put_term(rq, "datasheet.least",
                 kz_words_say(rq, "datasheet.least_text", kz_n("n", ind->min_denominator)));
    int at = (int)(ind - rq->atlas->indicators);
    const kz_cell *city = kz_atlas_cell(rq->atlas, at, 0, 0, kz_life_newest(rq->atlas, at, 0));
    if (ind->kind == KZ_KIND_SHARE || kz_words_has_range(city))
        put_term(rq, "page.def.range", kz_words_range_how(rq, ind));
    put_term(rq, "datasheet.direction", kz_text(rq->lang, DIRECTIONS[ind->direction]));
    kz_buf_str(rq->out, "</dl></div>");
}

static void put_links_of(kz_request *rq, const char *term, const char *id_of, const kz_atlas_indicator *ind)
{
    const kz_atlas *a = rq->atlas;
    bool any = false;
    for (int i = 0; i < a->n_indicators; i++) {
        const kz_atlas_indicator *other = &a->indicators[i];
        bool wanted = id_of ? strcmp(other->id, id_of) == 0
                            : has(other->variant_of) && strcmp(other->variant_of, ind->id) == 0;
        if (!wanted)
            continue;
        kz_html(rq->out, any ? "<dd>" : "<dt>%s</dt><dd>", kz_text(rq->lang, term));
        any = true;
        kz_buf_str(rq->out, "<a href=\"/thema/");
        kz_buf_url(rq->out, other->id);
        kz_html(rq->out, "/datenblatt\">%s</a></dd>", other->title);
    }
}

static void put_origin(kz_request *rq, const kz_atlas_indicator *ind)
{
    const kz_atlas *a = rq->atlas;
    kz_html(rq->out, "<div class=\"kk-def\"><h2 class=\"kk-h2\">%s</h2><dl>",
            kz_text(rq->lang, "datasheet.from"));
    put_term(rq, "page.def.source", ind->source);
    put_term(rq, "datasheet.reference", ind->reference);
    put_term(rq, "datasheet.series",
             kz_words_say(rq, ind->n_periods > 1 ? "page.themes.periods" : "browse.period",
                          kz_s("first", a->periods[ind->first_period].code),
                          kz_s("last", a->periods[kz_figures_last(ind)].code)));
    put_term(rq, "page.def.protection", ind->protection);
    put_term(rq, "datasheet.origin", ind->origin);
    if (has(ind->release)) {
        kz_auto(kz_buf) day = kz_buf_init(64);
        kz_fmt_date(&day, rq->lang, kz_words_fmt(rq, "%.10s", ind->published_at ? ind->published_at : ""));
        put_term(rq, "page.def.release",
                 kz_words_say(rq, "page.def.release_text", kz_s("name", ind->release),
                              kz_s("day", kz_buf_text(&day))));
    }
    kz_buf_str(rq->out, "</dl></div>");
}

/* "Kitas"; the code where the level is not published. */
static const char *unit_words(const kz_atlas *a, const kz_atlas_indicator *ind)
{
    for (int l = 0; l < a->n_levels; l++)
        if (strcmp(a->levels[l].code, ind->unit) == 0)
            return a->levels[l].many;
    return ind->unit;
}

static void put_place(kz_request *rq, const kz_atlas_indicator *ind)
{
    const kz_atlas *a = rq->atlas;
    kz_html(rq->out, "<div class=\"kk-def\"><h2 class=\"kk-h2\">%s</h2><dl>",
            kz_text(rq->lang, "datasheet.place"));
    if (a->n_phases > 1)
        put_term(rq, "browse.phase", a->phases[ind->phase].label);
    put_term(rq, "browse.theme", ind->theme);
    put_term(rq, "datasheet.age", age_words(rq, ind));
    put_term(rq, "datasheet.unit", has(ind->unit) ? unit_words(rq->atlas, ind) : kz_text(rq->lang, "datasheet.areas"));
    if (has(ind->variant_of))
        put_links_of(rq, "datasheet.variant_of", ind->variant_of, ind);
    put_links_of(rq, "datasheet.variants", NULL, ind);
    kz_buf_str(rq->out, "</dl></div>");
}

static void put_groups(kz_request *rq, const kz_atlas_indicator *ind)
{
    if (ind->n_groups < 2)
        return;
    kz_html(rq->out,
            "<section class=\"kk-sec\"><h2 class=\"kk-h2\" id=\"gr\">%s</h2><div "
            "class=\"kk-scrollx\" "
            "tabindex=\"0\" role=\"region\" aria-labelledby=\"gr\"><table class=\"kk-tab\" "
            "aria-labelledby=\"gr\"><thead>"
            "<tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
            kz_text(rq->lang, "datasheet.groups"), kz_text(rq->lang, "page.form.group"),
            kz_text(rq->lang, "datasheet.condition"));
    for (int g = 0; g < ind->n_groups; g++) {
        int depth = 0;
        for (int up = ind->groups[g].parent; up > 0; up = ind->groups[up].parent)
            depth++;
        kz_html(rq->out, "<tr><th scope=\"row\">%s%s</th><td>", depth > 0 ? "– " : "", ind->groups[g].label);
        if (has(ind->groups[g].condition))
            kz_html(rq->out, "<code class=\"kk-code\">%s</code>", ind->groups[g].condition);
        kz_buf_str(rq->out, "</td></tr>");
    }
    kz_buf_str(rq->out, "</tbody></table></div></section>\n");
}

static void put_history(kz_request *rq, const kz_atlas_indicator *ind)
{
    if (ind->n_changes == 0)
        return;
    kz_html(
        rq->out,
        "<section class=\"kk-sec\" aria-labelledby=\"fa\"><h2 class=\"kk-h2\" id=\"fa\">%s</h2><table "
        "class=\"kk-tab kk-hist\" "
        "aria-labelledby=\"fa\"><thead><tr><th scope=\"col\" class=\"r\">%s</th><th scope=\"col\">%s</th><th "
        "scope=\"col\">%s</th></tr></thead><tbody>",
        kz_text(rq->lang, "datasheet.history"), kz_text(rq->lang, "datasheet.version"),
        kz_text(rq->lang, "datasheet.since"), kz_text(rq->lang, "datasheet.what_changed"));
    for (int i = 0; i < ind->n_changes; i++) {
        kz_auto(kz_buf) day = kz_buf_init(64);
        kz_fmt_date(&day, rq->lang, ind->changes[i].date);
        kz_html(rq->out,
                "<tr><th scope=\"row\" class=\"r\">%d</th><td class=\"kk-num\">%s</td><td>%s</td></tr>",
                ind->changes[i].version, kz_buf_text(&day), ind->changes[i].text);
    }
    kz_buf_str(rq->out, "</tbody></table></section>\n");
}

/* ---- Leichte Sprache ------------------------------------------------------------ */

/* "Das sind in Musterstadt etwa 2 von 10 Kindern." */
static void put_leicht_number(kz_request *rq, int indicator)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    const kz_cell *c = kz_atlas_cell(a, indicator, 0, 0, kz_life_newest(a, indicator, 0));
    if (!kz_cell_has_value(c)) {
        kz_html(rq->out, "<p>%s</p>", kz_text(rq->lang, "leicht.no_number"));
        return;
    }
    kz_buf_str(rq->out, "<p class=\"kk-lead\">");
    if (has(ind->leicht_of)) {
        kz_say_html(rq->out, rq->lang, "leicht.share", kz_s("area", a->name),
                    kz_s("n", kz_words_of_ten(rq, c->value)), kz_s("of", ind->leicht_of));
    } else {
        double x = c->value * kz_words_scale(ind);
        const char *number = kz_words_is_signed(ind)
                                 ? kz_words_signed(rq, x, 0)
                                 : kz_words_dec(rq, x, fabs(x) < 2 && ind->digits > 0 ? 1 : 0);
        const char *template = ind->leicht_sentence;
        for (const char *t = template; has(t);) { /* {area} and {x}: the rest is text of the data */
            size_t plain = strcspn(t, "{");
            kz_html_escape(rq->out, t, plain);
            t += plain;
            if (strncmp(t, "{area}", 6) == 0)
                kz_html(rq->out, "%s", a->name), t += 6;
            else if (strncmp(t, "{x}", 3) == 0)
                kz_html(rq->out, "<b>%s</b>", number), t += 3;
            else if (*t)
                kz_html_escape(rq->out, t++, 1);
        }
    }
    kz_buf_str(rq->out, "</p>\n");
}

static kz_status leicht_page(kz_request *rq, int indicator)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    const char *href = kz_words_fmt(rq, "/thema/%s", ind->id);
    const kz_crumb crumbs[] = { { "/thema", kz_text(rq->lang, "page.themes.title") },
                                { href, ind->short_title },
                                { NULL, kz_text(rq->lang, "datasheet.view_leicht") } };
    kz_layout_open(rq, &(kz_layout){ .title = kz_words_fmt(rq, "%s: %s", ind->leicht_title,
                                                           kz_text(rq->lang, "datasheet.view_leicht")),
                                     .nav = "/thema",
                                     .crumbs = crumbs,
                                     .n_crumbs = 3 });
    kz_html(rq->out, "<div class=\"kk-leicht\"><h1 class=\"kk-h1\">%s</h1>", ind->leicht_title);
    put_views(rq, ind, true);
    kz_buf_str(rq->out, "<p>");
    for (const char *t = ind->leicht; *t;) {
        size_t n = strcspn(t, "\n");
        kz_html_escape(rq->out, t, n);
        t += n + (t[n] == '\n');
        kz_buf_str(rq->out, *t ? "<br>" : "");
    }
    kz_html(rq->out, "</p><h2 class=\"kk-h2\">%s</h2>", kz_text(rq->lang, "leicht.number"));
    put_leicht_number(rq, indicator);
    if (ind->n_periods > 1) {
        int from, to, sure = kz_words_change(a, indicator, 0, 0, &from, &to);
        if (from != KZ_NONE && from != to) {
            kz_buf_str(rq->out, "<p>");
            kz_say_html(rq->out, rq->lang,
                        sure == 2    ? "leicht.up"
                        : sure == -2 ? "leicht.down"
                                     : "leicht.steady",
                        kz_s("first", a->periods[from].code));
            kz_buf_str(rq->out, "</p>");
        }
    }
    kz_html(rq->out, "<h2 class=\"kk-h2\">%s</h2><p>", kz_text(rq->lang, "leicht.why"));
    kz_html(rq->out, "%s<br>%s<br>%s</p></div>\n", kz_text(rq->lang, "leicht.why1"),
            kz_text(rq->lang, "leicht.why2"), kz_text(rq->lang, "leicht.why3"));
    return kz_layout_close(rq, NULL);
}

kz_status kz_page_sheet(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    const char *id = kz_path_param(rq, "indicator"), *voice = kz_query_param(rq, "sprache");
    int indicator = kz_atlas_find_indicator(a, id);
    if (indicator == KZ_NONE)
        return kz_fail(&rq->err, KZ_E_MISSING, "page.unknown.indicator", kz_s("id", id));
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    if (voice && strcmp(voice, "leicht") == 0 && has(ind->leicht))
        return leicht_page(rq, indicator);

    const char *href = kz_words_fmt(rq, "/thema/%s", ind->id);
    const kz_crumb crumbs[] = { { "/thema", kz_text(rq->lang, "page.themes.title") },
                                { href, ind->short_title },
                                { NULL, kz_text(rq->lang, "datasheet.view_sheet") } };
    kz_layout_open(rq, &(kz_layout){ .title = kz_words_fmt(rq, "%s: %s", ind->title,
                                                           kz_text(rq->lang, "datasheet.view_sheet")),
                                     .nav = "/thema",
                                     .crumbs = crumbs,
                                     .n_crumbs = 3 });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-sub\">%s</p>\n", ind->title, ind->subtitle);
    put_views(rq, ind, false);
    kz_buf_str(rq->out, "<p class=\"kk-lead\">");
    kz_words_sentence(rq, indicator, kz_atlas_cell(a, indicator, 0, 0, kz_life_newest(a, indicator, 0)));
    kz_buf_str(rq->out, "</p>\n<section class=\"kk-sec kk-2 kk-2e\">");
    put_counted(rq, ind);
    put_reckoned(rq, ind);
    put_origin(rq, ind);
    put_place(rq, ind);
    kz_buf_str(rq->out, "</section>\n");
    put_groups(rq, ind);
    put_history(rq, ind);
    return kz_layout_close(rq, NULL);
}
