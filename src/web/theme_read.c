/* theme_read.c - from the address to a state, and back. */
#include "web/theme.h"

#include <string.h>

static const char *given(const kz_request *rq, const char *name)
{
    const char *v = kz_query_param(rq, name);
    return v && *v ? v : NULL;
}

static const struct {
    const char *name;
    kz_theme_sort sort;
} SORTS[] = {
    { "wert", KZ_SORT_VALUE_DOWN },   { "wert-auf", KZ_SORT_VALUE_UP }, { "name", KZ_SORT_NAME_UP },
    { "name-ab", KZ_SORT_NAME_DOWN }, { "zahl", KZ_SORT_COUNT_DOWN },   { "zahl-auf", KZ_SORT_COUNT_UP },
};

static int find_level(const kz_atlas *a, const char *code)
{
    for (int i = 1; i < a->n_levels; i++)
        if (strcmp(a->levels[i].code, code) == 0)
            return i;
    return KZ_NONE;
}

static int find_group(const kz_atlas_indicator *ind, const char *code)
{
    for (int i = 0; i < ind->n_groups; i++)
        if (strcmp(ind->groups[i].code, code) == 0)
            return i;
    return KZ_NONE;
}

kz_status kz_theme_read(kz_request *rq, kz_theme *ret)
{
    const kz_atlas *a = rq->atlas;
    const char *id = kz_path_param(rq, "indicator");
    kz_theme t = { .indicator = kz_atlas_find_indicator(a, id), .own = KZ_NONE };
    if (t.indicator == KZ_NONE)
        return kz_fail(&rq->err, KZ_E_MISSING, "page.unknown.indicator", kz_s("id", id));
    const kz_atlas_indicator *ind = &a->indicators[t.indicator];

    t.group = kz_figures_is_parted(a, t.indicator) ? 1 : 0;
    const char *group = given(rq, "gruppe");
    if (group && (t.group = find_group(ind, group)) == KZ_NONE)
        return kz_fail(&rq->err, KZ_E_INPUT, "page.unknown.group", kz_s("id", group));

    t.period = kz_figures_last(ind);
    const char *period = given(rq, "jahr");
    if (period) {
        t.period = kz_atlas_find_period(a, period);
        if (t.period < ind->first_period || t.period > kz_figures_last(ind))
            return kz_fail(&rq->err, KZ_E_INPUT, "page.unknown.period", kz_s("id", period));
    }

    t.level = kz_figures_level(a, t.indicator, t.group, t.period);
    const char *level = given(rq, "ebene"), *area = given(rq, "gebiet");
    if (area && strncmp(area, "nach-", 5) == 0) {
        level = area + 5;
        area = NULL;
    }
    if (level && (t.level = find_level(a, level)) == KZ_NONE)
        return kz_fail(&rq->err, KZ_E_INPUT, "page.unknown.level", kz_s("id", level));
    if (area) {
        t.own = kz_atlas_find_area(a, area);
        if (t.own == KZ_NONE)
            return kz_fail(&rq->err, KZ_E_INPUT, "page.unknown.area", kz_s("id", area));
        if (a->areas[t.own].level > 0)
            t.level = a->areas[t.own].level;
        else
            t.own = KZ_NONE;
    }
    const char *sort = given(rq, "sort");
    for (size_t i = 0; sort && i < sizeof SORTS / sizeof *SORTS; i++)
        if (strcmp(SORTS[i].name, sort) == 0)
            t.sort = SORTS[i].sort;

    KZ_TRY(kz_figures_make(rq, t.indicator, t.group, t.level, t.period, t.own, &t.f));
    *ret = t;
    return KZ_OK;
}

void kz_theme_query(kz_request *rq, const kz_theme *t, const char *sort)
{
    const kz_atlas *a = rq->atlas;
    kz_buf_str(rq->out, "?gebiet=");
    if (t->own == KZ_NONE)
        kz_buf_str(rq->out, "nach-");
    kz_buf_url(rq->out, t->own == KZ_NONE ? a->levels[t->level].code : a->areas[t->own].slug);
    kz_buf_str(rq->out, "&amp;jahr=");
    kz_buf_url(rq->out, a->periods[t->period].code);
    if (a->indicators[t->indicator].n_groups > 1) {
        kz_buf_str(rq->out, "&amp;gruppe=");
        kz_buf_url(rq->out, a->indicators[t->indicator].groups[t->group].code);
    }
    if (sort)
        kz_html(rq->out, "&amp;sort=%s", sort);
}

static void open_select(kz_request *rq, const char *name, const char *label)
{
    kz_html(rq->out,
            "<div class=\"kern-form-input\"><label class=\"kern-label\" for=\"%s\">%s</label>"
            "<div class=\"kern-form-input__select-wrapper\"><select class=\"kern-form-input__select\" "
            "id=\"%s\" name=\"%s\">",
            name, label, name, name);
}

static void put_option(kz_request *rq, const char *prefix, const char *value, bool chosen, const char *text)
{
    kz_html(rq->out, "<option value=\"%s%s\"", prefix, value);
    if (chosen)
        kz_buf_str(rq->out, " selected");
    kz_html(rq->out, ">%s</option>", text);
}

void kz_theme_form(kz_request *rq, const kz_theme *t)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[t->indicator];
    bool groups = ind->n_groups > 1;

    kz_html(rq->out, "<form class=\"kk-form%s\" action=\"/thema/", groups ? "" : " kk-form2");
    kz_buf_url(rq->out, ind->id);
    kz_buf_str(rq->out, "\" method=\"get\">");
    open_select(rq, "gebiet", kz_text(rq->lang, "page.form.area"));
    for (int l = 1; l < a->n_levels; l++)
        if (kz_figures_on_level(a, t->indicator, l))
            put_option(rq, "nach-", a->levels[l].code, t->own == KZ_NONE && t->level == l,
                       kz_words_say(rq, "page.form.by_level", kz_s("city", a->name),
                                    kz_s("many", kz_words_dative(rq, a->levels[l].many))));
    for (int l = 1; l < a->n_levels; l++) {
        if (!kz_figures_on_level(a, t->indicator, l))
            continue;
        kz_html(rq->out, "<optgroup label=\"%s\">", a->levels[l].many);
        for (int i = 0; i < a->levels[l].n_areas; i++) {
            int area = a->levels[l].first_area + i;
            put_option(rq, "", a->areas[area].slug, t->own == area, a->areas[area].name);
        }
        kz_buf_str(rq->out, "</optgroup>");
    }
    kz_buf_str(rq->out, "</select></div></div>");
    open_select(rq, "jahr", kz_text(rq->lang, "page.form.period"));
    for (int p = kz_figures_last(ind); p >= ind->first_period; p--)
        put_option(rq, "", a->periods[p].code, t->period == p, a->periods[p].code);
    kz_buf_str(rq->out, "</select></div></div>");
    if (groups) {
        open_select(rq, "gruppe", kz_text(rq->lang, "page.form.group"));
        for (int g = kz_figures_is_parted(a, t->indicator) ? 1 : 0; g < ind->n_groups; g++) {
            int depth = 0;
            for (int up = ind->groups[g].parent; up > 0; up = ind->groups[up].parent)
                depth++;
            put_option(rq, "", ind->groups[g].code, t->group == g,
                       kz_words_fmt(rq, "%s%s",
                                    depth == 0   ? ""
                                    : depth == 1 ? "– "
                                                 : "– – ",
                                    ind->groups[g].label));
        }
        kz_buf_str(rq->out, "</select></div></div>");
    }
    kz_html(
        rq->out,
        "<button class=\"kern-btn kern-btn--primary\"><span class=\"kern-label\">%s</span></button></form>\n",
        kz_text(rq->lang, "page.form.show"));
}
