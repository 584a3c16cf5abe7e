/* page_catalogue.c - all indicators: by phase of life or by theme, found by a word; works without a script.
 */
#include "web/pages.h"

#include "web/layout.h"
#include "web/life.h"
#include "web/search.h"

#include <string.h>

typedef struct wish {
    int phase;         /* KZ_NONE: all */
    const char *theme; /* NULL: all    */
    const char *word;  /* as search key, "" all */
    const char *typed;
    bool by_theme;
} wish;

static const char *given(kz_request *rq, const char *name)
{
    const char *v = kz_query_param(rq, name);
    return v && *v ? v : NULL;
}

static kz_status read_wish(kz_request *rq, wish *ret)
{
    const kz_atlas *a = rq->atlas;
    const char *phase = given(rq, "phase"), *order = given(rq, "nach");
    wish w = { .phase = KZ_NONE,
               .theme = given(rq, "thema"),
               .typed = given(rq, "wort"),
               .by_theme = a->n_phases < 2 || (order && strcmp(order, "thema") == 0) };
    for (int p = 0; phase && p < a->n_phases; p++)
        if (strcmp(a->phases[p].code, phase) == 0)
            w.phase = p;
    if (phase && w.phase == KZ_NONE)
        return kz_fail(&rq->err, KZ_E_INPUT, "page.unknown.phase", kz_s("id", phase));
    w.word = kz_search_key(rq, w.typed ? w.typed : "");
    *ret = w;
    return KZ_OK;
}

static bool fits(kz_request *rq, const wish *w, const kz_atlas_indicator *ind)
{
    return (w->phase == KZ_NONE || ind->phase == w->phase) &&
           (!w->theme || strcmp(ind->theme, w->theme) == 0) &&
           (!*w->word || strstr(kz_search_key(rq, ind->title), w->word) ||
            strstr(kz_search_key(rq, ind->subtitle), w->word) ||
            strstr(kz_search_key(rq, ind->counted), w->word));
}

/* The first indicator of every theme stands for it. */
static bool is_first_of_theme(const kz_atlas *a, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(a->indicators[k].theme, a->indicators[i].theme) == 0)
            return false;
    return true;
}

static void open_select(kz_request *rq, const char *name, const char *label, const char *all)
{
    kz_html(
        rq->out,
        "<div class=\"kern-form-input\"><label class=\"kern-label\" for=\"%s\">%s</label>"
        "<div class=\"kern-form-input__select-wrapper\"><select class=\"kern-form-input__select\" id=\"%s\" "
        "name=\"%s\"><option value=\"\">%s</option>",
        name, label, name, name, all);
}

static void put_option(kz_request *rq, const char *value, bool chosen, const char *text)
{
    kz_html(rq->out,
            chosen ? "<option value=\"%s\" selected>%s</option>" : "<option value=\"%s\">%s</option>", value,
            text);
}

static void put_form(kz_request *rq, const wish *w)
{
    const kz_atlas *a = rq->atlas;
    kz_buf_str(rq->out, "<form class=\"kk-form kk-find\" action=\"/thema\" method=\"get\">");
    if (a->n_phases > 1) {
        open_select(rq, "phase", kz_text(rq->lang, "browse.phase"), kz_text(rq->lang, "browse.all_phases"));
        for (int p = 0; p < a->n_phases; p++)
            put_option(rq, a->phases[p].code, w->phase == p, a->phases[p].label);
        kz_buf_str(rq->out, "</select></div></div>");
    }
    open_select(rq, "thema", kz_text(rq->lang, "browse.theme"), kz_text(rq->lang, "browse.all_themes"));
    for (int i = 0; i < a->n_indicators; i++)
        if (is_first_of_theme(a, i))
            put_option(rq, a->indicators[i].theme, w->theme && strcmp(w->theme, a->indicators[i].theme) == 0,
                       a->indicators[i].theme);
    kz_html(rq->out,
            "</select></div></div><div class=\"kern-form-input\"><label class=\"kern-label\" "
            "for=\"wort\">%s</label>"
            "<input class=\"kern-form-input__input\" type=\"search\" id=\"wort\" name=\"wort\" "
            "autocomplete=\"off\" "
            "maxlength=\"100\" value=\"%s\"></div>",
            kz_text(rq->lang, "browse.word"), w->typed ? w->typed : "");
    if (w->by_theme && a->n_phases > 1)
        kz_buf_str(rq->out, "<input type=\"hidden\" name=\"nach\" value=\"thema\">");
    kz_html(
        rq->out,
        "<button class=\"kern-btn kern-btn--primary\"><span class=\"kern-label\">%s</span></button></form>\n",
        kz_text(rq->lang, "page.form.show"));
    if (a->n_phases > 1)
        kz_html(rq->out, "<p class=\"kk-files\"><a class=\"kk-more\" href=\"/thema%s\">%s</a></p>\n",
                w->by_theme ? "" : "?nach=thema",
                kz_text(rq->lang, w->by_theme ? "browse.by_phase" : "browse.by_theme"));
}

static void put_row(kz_request *rq, int i)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[i];
    kz_buf_str(rq->out, "<tr><th scope=\"row\">");
    kz_link(rq, "/thema/", ind->id, ind->title);
    kz_html(rq->out, "<span class=\"u\">%s", ind->subtitle);
    int of = ind->variant_of && *ind->variant_of ? kz_atlas_find_indicator(a, ind->variant_of) : KZ_NONE;
    if (of != KZ_NONE) {
        kz_buf_str(rq->out, ". ");
        kz_say_html(rq->out, rq->lang, "browse.variant", kz_s("title", a->indicators[of].title));
    }
    kz_buf_str(rq->out, "</span></th><td class=\"r\">");
    const kz_cell *c = kz_atlas_cell(a, i, 0, 0, kz_life_newest(a, i, 0));
    bool parted = kz_figures_is_parted(a, i);
    kz_html(rq->out, "%s", parted ? kz_text(rq->lang, "browse.parted") : kz_words_value(rq, ind, c));
    kz_buf_str(rq->out, "</td><td class=\"r kk-hidephone\">");
    kz_say_html(rq->out, rq->lang, ind->n_periods > 1 ? "page.themes.periods" : "browse.period",
                kz_s("first", a->periods[ind->first_period].code),
                kz_s("last", a->periods[kz_figures_last(ind)].code));
    kz_buf_str(rq->out, "</td><td class=\"r\"><a href=\"/thema/");
    kz_buf_url(rq->out, ind->id);
    kz_html(rq->out, "/datenblatt\" aria-label=\"%s\">%s</a></td></tr>",
            kz_words_say(rq, "browse.sheet_of", kz_s("title", ind->title)),
            kz_text(rq->lang, "browse.sheet"));
}

/* A heading and a table of those that fit and belong to the phase or theme; returns how many. */
static int put_group(kz_request *rq, const wish *w, int phase, const char *theme, int number)
{
    const kz_atlas *a = rq->atlas;
    int n = 0;
    for (int i = 0; i < a->n_indicators; i++) {
        const kz_atlas_indicator *ind = &a->indicators[i];
        if ((theme ? strcmp(ind->theme, theme) != 0 : ind->phase != phase) || !fits(rq, w, ind))
            continue;
        if (n++ == 0) {
            kz_html(rq->out,
                    "<section class=\"kk-sec kk-sec2\" aria-labelledby=\"g%d\"><h2 class=\"kk-h2\" "
                    "id=\"g%d\">%s</h2>",
                    number, number, theme ? theme : a->phases[phase].label);
            if (!theme && *a->phases[phase].ages)
                kz_html(rq->out, "<p class=\"kk-note\">%s</p>", a->phases[phase].ages);
            kz_html(rq->out,
                    "<table class=\"kk-tab kk-cat\" aria-labelledby=\"g%d\"><thead><tr><th "
                    "scope=\"col\">%s</th><th "
                    "scope=\"col\" class=\"r\">%s</th><th scope=\"col\" class=\"r kk-hidephone\">%s</th><th "
                    "scope=\"col\" class=\"r\">%s</th></tr></thead><tbody>",
                    number, kz_text(rq->lang, "page.head.what"), a->name,
                    kz_text(rq->lang, "page.data.periods"), kz_text(rq->lang, "browse.sheet_head"));
        }
        put_row(rq, i);
    }
    if (n > 0)
        kz_buf_str(rq->out, "</tbody></table></section>\n");
    return n;
}

kz_status kz_page_themes(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    wish w;
    KZ_TRY(read_wish(rq, &w));
    const kz_crumb crumbs[] = { { NULL, kz_text(rq->lang, "page.themes.title") } };
    int n = 0, number = 0;
    kz_layout_open(rq, &(kz_layout){ .title = kz_text(rq->lang, "page.themes.title"),
                                     .nav = "/thema",
                                     .crumbs = crumbs,
                                     .n_crumbs = 1 });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-sub\">",
            kz_text(rq->lang, "page.themes.title"));
    kz_say_html(rq->out, rq->lang, a->n_indicators == 1 ? "page.themes.sub_one" : "page.themes.sub",
                kz_n("n", a->n_indicators), kz_s("city", a->name));
    kz_buf_str(rq->out, "</p>\n");
    if (a->n_indicators > 8)
        put_form(rq, &w);
    if (w.by_theme) {
        for (int i = 0; i < a->n_indicators; i++)
            if (is_first_of_theme(a, i))
                n += put_group(rq, &w, KZ_NONE, a->indicators[i].theme, number++);
    } else {
        for (int p = 0; p < a->n_phases; p++)
            n += put_group(rq, &w, p, NULL, number++);
    }
    if (w.typed || w.theme || w.phase != KZ_NONE) {
        kz_buf_str(rq->out, "<p class=\"kk-note kk-mt\" role=\"status\">");
        kz_say_html(rq->out, rq->lang,
                    n == 0   ? "browse.none"
                    : n == 1 ? "page.search.one"
                             : "page.search.many",
                    kz_n("n", n));
        kz_html(rq->out, " <a href=\"/thema\">%s</a></p>", kz_text(rq->lang, "browse.reset"));
    }
    return kz_layout_close(rq, NULL);
}
