/* page_csv.c - the same cells as a file: official signs and states beside the numbers. */
#include "web/pages.h"

#include "web/theme.h"

#include <string.h>

static const char HEAD[] = "indicator,area,name,level,period,group,numerator,denominator,value,lo,hi,"
                           "smoothed,smoothed_lo,smoothed_hi,state,sign\n";

/* Quoted where needed; a text that a spreadsheet could take for a formula gets an apostrophe. */
static void put_text(kz_buf *out, const char *s)
{
    bool guard = *s && strchr("=+-@\t\r", *s);
    bool quote = strpbrk(s, ",\"\n\r") != NULL;
    if (quote)
        kz_buf_char(out, '"');
    if (guard)
        kz_buf_char(out, '\'');
    for (; *s; s++) {
        if (*s == '"')
            kz_buf_char(out, '"');
        kz_buf_char(out, *s);
    }
    if (quote)
        kz_buf_char(out, '"');
    kz_buf_char(out, ',');
}

static void put_real(kz_buf *out, double x)
{
    kz_buf_real(out, x);
    kz_buf_char(out, ',');
}

static void put_count(kz_buf *out, int64_t n)
{
    if (n >= 0)
        kz_buf_fmt(out, "%lld", (long long)n);
    kz_buf_char(out, ',');
}

static void put_row(kz_buf *out, const kz_atlas *a, const kz_cell *c)
{
    const kz_atlas_indicator *ind = &a->indicators[c->indicator];
    const kz_atlas_area *area = &a->areas[c->area];
    put_text(out, ind->id);
    put_text(out, area->key);
    put_text(out, area->name);
    put_text(out, a->levels[area->level].code);
    put_text(out, a->periods[c->period].code);
    put_text(out, ind->groups[c->group].code);
    put_count(out, c->numerator);
    put_count(out, c->denominator);
    put_real(out, c->value);
    put_real(out, c->lo);
    put_real(out, c->hi);
    put_real(out, c->smoothed);
    put_real(out, c->smoothed_lo);
    put_real(out, c->smoothed_hi);
    put_text(out, kz_cell_state_name((kz_cell_state)c->state));
    kz_buf_str(out, kz_cell_state_sign((kz_cell_state)c->state));
    kz_buf_char(out, '\n');
}

static kz_status finish(kz_request *rq, const char *name)
{
    rq->content_type = "text/csv; charset=utf-8";
    rq->download = kz_words_fmt(rq, "%s.csv", name);
    return kz_buf_status(rq->out);
}

/* Without a query the whole indicator; with one what the page with that query shows, and the city. */
kz_status kz_page_theme_csv(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    kz_theme t;
    KZ_TRY(kz_theme_read(rq, &t));
    const kz_atlas_indicator *ind = t.f.ind;
    bool all = rq->n_query == 0;
    kz_buf_str(rq->out, HEAD);
    for (int g = all ? 0 : t.group; g < (all ? ind->n_groups : t.group + 1); g++)
        for (int p = all ? ind->first_period : t.period; p <= (all ? kz_figures_last(ind) : t.period); p++)
            for (int i = 0; i < a->n_areas; i++) {
                const kz_cell *c = kz_atlas_cell(a, t.indicator, g, i, p);
                if (c && (all || i == 0 || a->areas[i].level == t.level))
                    put_row(rq->out, a, c);
            }
    return finish(rq, ind->id);
}

kz_status kz_page_area_csv(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    const char *slug = kz_path_param(rq, "area");
    int area = kz_atlas_find_area(a, slug);
    if (area == KZ_NONE)
        return kz_fail(&rq->err, KZ_E_MISSING, "page.unknown.area_page", kz_s("id", slug));
    kz_buf_str(rq->out, HEAD);
    for (int i = 0; i < a->n_indicators; i++)
        for (int g = 0; g < a->indicators[i].n_groups; g++)
            for (int p = a->indicators[i].first_period; p <= kz_figures_last(&a->indicators[i]); p++) {
                const kz_cell *c = kz_atlas_cell(a, i, g, area, p);
                if (c)
                    put_row(rq->out, a, c);
            }
    return finish(rq, slug);
}
