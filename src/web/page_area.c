/* page_area.c - one area, and the list of all. */
#include "web/pages.h"

#include "web/area.h"
#include "web/layout.h"
#include "web/life.h"
#include "web/theme.h"
#include "base/fmt.h"

#include <math.h>
#include <string.h>

/* "Die Zahl der Kinder … ist seit 2005 um 33 % gewachsen, in der Stadt um 11 %." */
static void put_growth(kz_request *rq, int area, int lead)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[lead];
    int first = ind->first_period, last = kz_figures_last(ind);
    if (ind->direction != KZ_DIR_NEUTRAL) /* more poor children may be only more children */
        return;
    const kz_cell *c0 = kz_atlas_cell(a, lead, 0, area, first), *c1 = kz_atlas_cell(a, lead, 0, area, last);
    const kz_cell *s0 = kz_atlas_cell(a, lead, 0, 0, first), *s1 = kz_atlas_cell(a, lead, 0, 0, last);
    if (first == last || !c0 || !c1 || !s0 || !s1 || kz_words_count(c0) <= 0 || kz_words_count(c1) < 0 ||
        kz_words_count(s0) <= 0 || kz_words_count(s1) < 0)
        return;
    double x = ((double)kz_words_count(c1) / (double)kz_words_count(c0) - 1) * 100;
    double city = ((double)kz_words_count(s1) / (double)kz_words_count(s0) - 1) * 100;
    int rounded = (int)lround(fabs(x));
    kz_say_html(rq->out, rq->lang,
                rounded == 0 ? "page.growth.same"
                : x > 0      ? "page.growth.up"
                             : "page.growth.down",
                kz_s("what", ind->short_title), kz_s("from", kz_words_int(rq, kz_words_count(c0))),
                kz_s("to", kz_words_int(rq, kz_words_count(c1))), kz_s("first", a->periods[first].code),
                kz_n("x", rounded));
    kz_buf_char(rq->out, ' ');
    if (area != 0)
        kz_say_html(rq->out, rq->lang, "page.growth.city", kz_s("city", kz_words_signed(rq, city, 0)));
}

/* A series that begins or ends with the area's boundaries says so. */
static void put_boundary(kz_request *rq, const kz_atlas_area *self)
{
    const kz_atlas *a = rq->atlas;
    kz_auto(kz_buf) since = kz_buf_init(64), until = kz_buf_init(64);
    /* A first day before all periods says nothing to readers. */
    bool begins = self->since[0] && a->n_periods > 0 && strncmp(a->periods[0].code, self->since, 4) < 0;
    if (!begins && !self->until[0])
        return;
    kz_fmt_date(&since, rq->lang, self->since);
    kz_fmt_date(&until, rq->lang, self->until);
    kz_buf_str(rq->out, "<p class=\"kk-p kk-say\">");
    kz_say_html(rq->out, rq->lang,
                !begins ? "ledger.page_until" : self->until[0] ? "ledger.page_both" : "ledger.page_since",
                kz_s("since", kz_buf_text(&since)), kz_s("until", kz_buf_text(&until)));
    kz_buf_str(rq->out, "</p>\n");
}

kz_status kz_page_area(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    const char *slug = kz_path_param(rq, "area");
    int area = kz_atlas_find_area(a, slug);
    if (area == KZ_NONE)
        return kz_fail(&rq->err, KZ_E_MISSING, "page.unknown.area_page", kz_s("id", slug));
    const kz_atlas_area *self = &a->areas[area];
    const kz_ages ages = kz_ages_find(a);
    bool institution = kz_figures_is_institution(a, self->level);
    int lead = institution ? KZ_NONE : kz_figures_lead(a);

    kz_crumb crumbs[4];
    int n = 0;
    crumbs[n++] = (kz_crumb){ "/gebiet", kz_text(rq->lang, "page.areas.title") };
    if (self->parent > 0) {
        kz_auto(kz_buf) href = kz_buf_init(512);
        kz_buf_str(&href, "/gebiet/");
        kz_buf_url(&href, a->areas[self->parent].slug);
        crumbs[n++] = (kz_crumb){ kz_words_fmt(rq, "%s", kz_buf_text(&href)),
                                  kz_words_fmt(rq, "%s %s", a->levels[a->areas[self->parent].level].one,
                                               a->areas[self->parent].name) };
    }
    crumbs[n++] = (kz_crumb){ NULL, self->name };
    kz_layout_open(rq,
                   &(kz_layout){ .title = self->name, .nav = "/gebiet", .crumbs = crumbs, .n_crumbs = n });
    kz_area_head(rq, area, &ages);
    put_boundary(rq, self);

    const char *as_of = NULL;
    if (lead != KZ_NONE) {
        as_of = a->periods[kz_figures_last(&a->indicators[lead])].label;
        kz_buf_str(rq->out, "<p class=\"kk-lead\">");
        kz_words_sentence(rq, lead, kz_atlas_cell(a, lead, 0, area, kz_figures_last(&a->indicators[lead])));
        kz_buf_str(rq->out, "</p>\n<p class=\"kk-p kk-say\">");
        put_growth(rq, area, lead);
        kz_life_sentence(rq, area);
        kz_buf_str(rq->out, "</p>\n");
    }
    kz_buf_str(rq->out, "<p class=\"kk-files\"><a class=\"kk-more\" href=\"/gebiet/");
    kz_buf_url(rq->out, self->slug);
    kz_html(rq->out, ".csv\">%s</a></p>\n", kz_text(rq->lang, "page.area.csv"));

    if (institution) { /* nobody lives there: only what is counted by it */
        kz_life_all(rq, area);
        return kz_layout_close(rq, NULL);
    }
    bool course = kz_life_has(a);
    if (course)
        KZ_TRY(kz_life_course(rq, area, "weg"));
    else
        KZ_TRY(kz_area_lines(rq, area, &ages));
    if (ages.indicator != KZ_NONE) {
        kz_buf_str(rq->out,
                   area == 0 ? "<section class=\"kk-sec\"><div>" : "<section class=\"kk-sec kk-2\"><div>");
        kz_area_ages(rq, area, &ages);
        kz_buf_str(rq->out, area == 0 ? "" : "</div><div>");
        kz_area_changes(rq, area, &ages);
        kz_buf_str(rq->out, "</div></section>\n");
    }
    kz_area_compare(rq, area);
    if (course)
        kz_life_all(rq, area);
    if (!course && lead != KZ_NONE && area != 0) {
        kz_theme t = { .indicator = lead,
                       .level = self->level,
                       .period = kz_figures_last(&a->indicators[lead]),
                       .own = area };
        KZ_TRY(kz_figures_make(rq, lead, 0, self->level, t.period, area, &t.f));
        kz_buf_str(rq->out, "<section class=\"kk-sec kk-2\"><div>");
        KZ_TRY(kz_theme_series(rq, &t));
        kz_buf_str(rq->out, "</div>");
        kz_theme_definition(rq, &t);
        kz_buf_str(rq->out, "</section>\n");
    }
    return kz_layout_close(rq, as_of);
}

static void put_area_item(kz_request *rq, int area)
{
    kz_buf_str(rq->out, "<li>");
    kz_link(rq, "/gebiet/", rq->atlas->areas[area].slug, rq->atlas->areas[area].name);
    kz_buf_str(rq->out, "</li>");
}

kz_status kz_page_areas(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    const kz_crumb crumbs[] = { { NULL, kz_text(rq->lang, "page.areas.title") } };
    kz_layout_open(rq, &(kz_layout){ .title = kz_text(rq->lang, "page.areas.title"),
                                     .nav = "/gebiet",
                                     .crumbs = crumbs,
                                     .n_crumbs = 1 });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-sub\">",
            kz_text(rq->lang, "page.areas.title"));
    kz_put(rq, "page.areas.sub");
    kz_buf_str(rq->out, "</p><p class=\"kk-mt\">");
    kz_link(rq, "/gebiet/", a->areas[0].slug, kz_words_say(rq, "page.areas.city", kz_s("city", a->name)));
    kz_buf_str(rq->out, "</p>\n");
    for (int l = 1; l < a->n_levels; l++) {
        const kz_atlas_level *lv = &a->levels[l];
        kz_html(rq->out, "<section class=\"kk-sec\" id=\"%s\"><h2 class=\"kk-h2\">%s</h2>", lv->code,
                kz_words_say(rq, lv->n_areas == 1 ? "page.areas.level_one" : "page.areas.level",
                             kz_n("n", lv->n_areas), kz_s("many", lv->many), kz_s("one", lv->one)));
        /* Areas of a middle level in one list; those of a deeper level by parent. */
        bool by_parent = lv->n_areas > 20 && a->areas[lv->first_area].parent > 0;
        if (!by_parent) {
            kz_buf_str(rq->out, "<ul class=\"kk-cols kk-mt1\">");
            for (int i = 0; i < lv->n_areas; i++)
                put_area_item(rq, lv->first_area + i);
            kz_buf_str(rq->out, "</ul></section>\n");
            continue;
        }
        for (int p = 1; p < a->n_areas; p++) {
            bool any = false;
            for (int i = 0; i < lv->n_areas; i++) {
                if (a->areas[lv->first_area + i].parent != p)
                    continue;
                if (!any)
                    kz_html(rq->out, "<h3 class=\"kk-h3 kk-mt1\">%s</h3><ul class=\"kk-cols\">",
                            a->areas[p].name);
                any = true;
                put_area_item(rq, lv->first_area + i);
            }
            if (any)
                kz_buf_str(rq->out, "</ul>");
        }
        kz_buf_str(rq->out, "</section>\n");
    }
    return kz_layout_close(rq, NULL);
}
