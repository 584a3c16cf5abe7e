/* page_csv.c - the same cells as a file: official signs and states beside the numbers. */
#include "web/pages.h"

#include <math.h>

#include "io/csv_write.h"
#include "web/theme.h"

static const char HEAD[] = "indicator,area,name,level,period,group,numerator,denominator,value,lo,hi,"
                           "smoothed,smoothed_lo,smoothed_hi,state,sign\n";

static void put_count(kz_csv_out *w, int64_t n)
{
    if (n >= 0)
        kz_csv_put_int(w, n);
    else
        kz_csv_put_str(w, "");
}

static void put_row(kz_csv_out *w, const kz_atlas *a, const kz_cell *c)
{
    const kz_atlas_indicator *ind = &a->indicators[c->indicator];
    const kz_atlas_area *area = &a->areas[c->area];
    kz_csv_put_str(w, ind->id);
    kz_csv_put_str(w, area->key);
    kz_csv_put_str(w, area->name);
    kz_csv_put_str(w, a->levels[area->level].code);
    kz_csv_put_str(w, a->periods[c->period].code);
    kz_csv_put_str(w, ind->groups[c->group].code);
    put_count(w, kz_words_count(c));
    put_count(w, kz_words_of(c));
    const double reals[] = { c->value, c->lo, c->hi, c->smoothed, c->smoothed_lo, c->smoothed_hi };
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        kz_csv_put_real(w, kz_cell_has_value(c) ? reals[i] : NAN);
    kz_csv_put_str(w, kz_cell_state_name((kz_cell_state)c->state));
    kz_csv_put_str(w, kz_cell_state_sign((kz_cell_state)c->state));
    kz_csv_line(w);
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
    kz_csv_out w = { .out = rq->out, .for_people = true };
    kz_buf_str(rq->out, HEAD);
    for (int g = all ? 0 : t.group; g < (all ? ind->n_groups : t.group + 1); g++)
        for (int p = all ? ind->first_period : t.period; p <= (all ? kz_figures_last(ind) : t.period); p++)
            for (int i = 0; i < a->n_areas; i++) {
                const kz_cell *c = kz_atlas_cell(a, t.indicator, g, i, p);
                if (c && (all || i == 0 || a->areas[i].level == t.level))
                    put_row(&w, a, c);
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
    kz_csv_out w = { .out = rq->out, .for_people = true };
    kz_buf_str(rq->out, HEAD);
    for (int i = 0; i < a->n_indicators; i++)
        for (int g = 0; g < a->indicators[i].n_groups; g++)
            for (int p = a->indicators[i].first_period; p <= kz_figures_last(&a->indicators[i]); p++) {
                const kz_cell *c = kz_atlas_cell(a, i, g, area, p);
                if (c)
                    put_row(&w, a, c);
            }
    return finish(rq, slug);
}
