#include "web/figures.h"

#include "geo/chart_map.h"
#include "web/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int kz_figures_last(const kz_atlas_indicator *ind)
{
    return ind->first_period + ind->n_periods - 1;
}

bool kz_figures_is_parted(const kz_atlas *a, int indicator)
{
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    if (ind->kind != KZ_KIND_SHARE || ind->n_groups < 2)
        return false;
    const kz_cell *c = kz_atlas_cell(a, indicator, 0, 0, kz_figures_last(ind));
    return !kz_cell_has_value(c) || c->value >= 1;
}

bool kz_figures_is_institution(const kz_atlas *a, int level)
{
    bool found = false;
    for (int i = 0; i < a->n_indicators && !found; i++)
        found = strcmp(a->indicators[i].unit, a->levels[level].code) == 0;
    return found;
}

bool kz_figures_on_level(const kz_atlas *a, int indicator, int level)
{
    const char *unit = a->indicators[indicator].unit;
    if (level == 0)
        return true;
    return *unit ? strcmp(unit, a->levels[level].code) == 0 : !kz_figures_is_institution(a, level);
}

enum { FEW = 12 };

bool kz_figures_is_main(const kz_atlas *a, int indicator)
{
    return !kz_figures_is_parted(a, indicator) && !*a->indicators[indicator].unit &&
           (a->n_indicators <= FEW || a->indicators[indicator].is_key);
}

int kz_figures_lead(const kz_atlas *a)
{
    int any = KZ_NONE;
    for (int i = a->n_indicators - 1; i >= 0; i--) {
        const kz_atlas_indicator *ind = &a->indicators[i];
        if (ind->kind == KZ_KIND_SHARE && !*ind->unit && !kz_figures_is_parted(a, i) &&
            (any == KZ_NONE || !a->indicators[any].is_key || a->indicators[any].direction != KZ_DIR_LOAD ||
             (ind->is_key && ind->direction == KZ_DIR_LOAD)))
            any = i;
    }
    return any;
}

/* A map of secrets tells nobody anything: three areas of four must be shown. */
int kz_figures_level(const kz_atlas *a, int indicator, int group, int period)
{
    int any = a->n_levels > 1 ? 1 : 0;
    for (int level = a->n_levels - 1; level > 0; level--) {
        const kz_atlas_level *lv = &a->levels[level];
        int n = 0;
        if (!kz_figures_on_level(a, indicator, level))
            continue;
        for (int i = 0; i < lv->n_areas; i++)
            n += kz_cell_has_value(kz_atlas_cell(a, indicator, group, lv->first_area + i, period));
        if (4 * n >= 3 * lv->n_areas)
            return level;
        if (n > 0 || !kz_figures_on_level(a, indicator, any))
            any = level;
    }
    return any;
}

static int by_value(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

/* From here on a change is "deutlich": the highest round number that at least one area in six exceeds. */
static double round_threshold(const kz_figures *f)
{
    static const double ROUND[] = { 20, 10, 5, 2, 1 };
    double v[KZ_CHART_ITEMS] = { 0 };
    int n = 0;
    for (int i = 0; i < f->n && n < KZ_CHART_ITEMS; i++)
        if (!isnan(f->items[i].value))
            v[n++] = fabs(f->items[i].value);
    qsort(v, (size_t)n, sizeof *v, by_value);
    for (size_t i = 0; n > 0 && i < sizeof ROUND / sizeof *ROUND; i++)
        if (v[n * 5 / 6] > ROUND[i])
            return ROUND[i];
    return 5;
}

static void cut_change(kz_figures *f)
{
    double t = f->threshold = round_threshold(f);
    const double limits[] = { -3 * t, -t, t, 3 * t };
    for (int i = 0; i < KZ_CHART_STEPS - 1; i++)
        f->chart.limits[i] = limits[i];
    f->chart.n_steps = KZ_CHART_STEPS;
    f->chart.diverging = true;
    kz_chart_cut(f->items, f->n, f->chart.limits, f->chart.n_steps);
    for (int i = 0; i < f->n; i++) {
        f->items[i].minus = f->items[i].step == 0 || f->items[i].step == 1;
        f->n_more += f->items[i].step >= 3;
        f->n_less += f->items[i].minus;
    }
}

kz_status kz_figures_make(kz_request *rq, int indicator, int group, int level, int period, int own,
                          kz_figures *ret)
{
    const kz_atlas *a = rq->atlas;
    kz_figures f = { .indicator = indicator,
                     .group = group,
                     .level = level,
                     .period = period,
                     .own = own,
                     .ind = &a->indicators[indicator],
                     .lv = &a->levels[level],
                     .lo = INFINITY,
                     .hi = -INFINITY };
    double scale = kz_words_scale(f.ind);
    f.n = f.lv->n_areas;
    f.items = kz_arena_new(rq->arena, kz_chart_item, f.n);
    f.cells = kz_arena_new(rq->arena, const kz_cell *, f.n);
    if (!f.items || !f.cells)
        return kz_fail(&rq->err, KZ_E_LIMIT, "page.too_large");
    f.city = kz_atlas_cell(a, indicator, group, 0, period);

    int own_item = -1;
    for (int i = 0; i < f.n; i++) {
        int area = f.lv->first_area + i;
        const kz_cell *c = f.cells[i] = kz_atlas_cell(a, indicator, group, area, period);
        bool has = kz_cell_has_value(c) && !isnan(c->value);
        kz_chart_item *it = &f.items[i];
        *it = (kz_chart_item){ .name = a->areas[area].name,
                               .step = -1,
                               .value = has ? c->value * scale : NAN,
                               .lo = has ? c->lo * scale : NAN,
                               .hi = has ? c->hi * scale : NAN,
                               .hidden = c && c->state == KZ_CELL_HIDDEN };
        f.n_hidden += it->hidden;
        if (area == own)
            own_item = i;
        if (!has)
            continue;
        f.n_shown++;
        f.lo = fmin(f.lo, fmin(it->value, it->lo));
        f.hi = fmax(f.hi, fmax(it->value, it->hi));
        if (f.ind->kind != KZ_KIND_COUNT && level > 0 && kz_words_has_range(c) && kz_cell_has_value(f.city)) {
            int verdict = kz_atlas_against_city(a, c);
            it->unsure = verdict == 0;
            f.n_more += verdict > 0;
            f.n_less += verdict < 0;
            f.n_same += verdict == 0;
        }
    }
    bool has_city = kz_cell_has_value(f.city) && f.ind->kind != KZ_KIND_COUNT;
    f.chart = (kz_chart){ .lang = rq->lang,
                          .unit = kz_words_unit(rq, f.ind),
                          .n = f.n,
                          .own = own_item,
                          .items = f.items,
                          .city = has_city ? f.city->value * scale : NAN };
    if (has_city)
        f.chart.city_label = kz_words_fmt(rq, "%s %s", a->name, kz_words_value(rq, f.ind, f.city));
    if (own_item >= 0)
        f.chart.own_label =
            kz_words_fmt(rq, "%s %s", a->areas[own].name, kz_words_value(rq, f.ind, f.cells[own_item]));
    if (f.ind->kind == KZ_KIND_CHANGE)
        cut_change(&f);
    else
        f.chart.n_steps = kz_chart_quantiles(f.items, f.n, f.chart.limits);
    *ret = f;
    return KZ_OK;
}

void kz_figures_say(kz_request *rq, kz_figures *f)
{
    for (int i = 0; i < f->n; i++)
        if (!f->items[i].words)
            f->items[i].words = kz_words_full(rq, f->ind, f->cells[i]);
}

/* qsort has no context argument: sort copies that carry what is compared. */
typedef struct place {
    double value;
    int item;
} place;

static int highest_first(const void *pa, const void *pb)
{
    const place *a = pa, *b = pb;
    return a->value != b->value ? (a->value < b->value) - (a->value > b->value)
                                : (a->item > b->item) - (a->item < b->item);
}

kz_status kz_figures_order(kz_request *rq, const kz_figures *f, const int **ret)
{
    place *p = kz_arena_new(rq->arena, place, f->n);
    int *order = kz_arena_new(rq->arena, int, f->n);
    if (!p || !order)
        return kz_fail(&rq->err, KZ_E_LIMIT, "page.too_large");
    for (int i = 0; i < f->n; i++)
        p[i] = (place){ isnan(f->items[i].value) ? -INFINITY : f->items[i].value, i };
    qsort(p, (size_t)f->n, sizeof *p, highest_first);
    for (int i = 0; i < f->n; i++)
        order[i] = p[i].item;
    *ret = order;
    return KZ_OK;
}

static const char *group_title(kz_request *rq, const kz_figures *f)
{
    return f->group == 0 ? f->ind->title
                         : kz_words_fmt(rq, "%s: %s", f->ind->short_title, f->ind->groups[f->group].label);
}

void kz_figures_map(kz_request *rq, kz_figures *f, const char *id)
{
    const kz_map *map = f->lv->map;
    double km = 1;
    static const double BARS[] = { 0.5, 1, 2, 5, 10, 20, 50 };
    for (size_t i = 0; i < sizeof BARS / sizeof *BARS; i++)
        if (BARS[i] * map->km <= map->width / 4)
            km = BARS[i];
    kz_figures_say(rq, f);
    f->chart.id = id;
    f->chart.title = kz_words_say(rq, "page.map.title", kz_s("what", group_title(rq, f)),
                                  kz_s("one", f->lv->one), kz_s("day", rq->atlas->periods[f->period].label));
    f->chart.desc = kz_text(rq->lang, f->chart.diverging              ? "page.map.desc_change"
                                      : f->ind->kind == KZ_KIND_COUNT ? "page.map.desc_count"
                                                                      : "page.map.desc");
    const char *scale = kz_words_fmt(rq, "%s\u00A0km", kz_words_dec(rq, km, km < 1 ? 1 : 0));
    if (f->ind->kind == KZ_KIND_COUNT)
        kz_chart_map_circles(rq->out, &f->chart, map, KZ_MAP_SHAPES, scale, km);
    else
        kz_chart_map(rq->out, &f->chart, map, KZ_MAP_SHAPES, scale, km);
}

void kz_figures_legend(kz_request *rq, kz_figures *f, const char *id)
{
    if (f->n_shown < 2)
        return;
    f->chart.id = id;
    f->chart.title = kz_text(rq->lang, "page.legend.title");
    f->chart.desc = kz_words_say(rq, "page.legend.desc", kz_s("one", f->lv->one));
    kz_chart_legend(rq->out, &f->chart, KZ_CHART_WIDE);
    kz_chart_legend(rq->out, &f->chart, KZ_CHART_NARROW);
}

static void put_key(kz_request *rq, const char *base, const char *over, const char *text, int count)
{
    kz_html(rq->out,
            "<li><svg class=\"kk-sw\" viewBox=\"0 0 28 16\" aria-hidden=\"true\" focusable=\"false\">"
            "<path class=\"%s\" d=\"M.5.5h27v15h-27z\"/>",
            base);
    if (over)
        kz_html(rq->out, "<path class=\"%s\" d=\"M.5.5h27v15h-27z\"/>", over);
    kz_html(rq->out, "</svg><span>%s <b class=\"kk-num\">%d</b></span></li>", text, count);
}

void kz_figures_keys(kz_request *rq, const kz_figures *f)
{
    if (f->n_same == 0 && f->n_hidden == 0)
        return;
    kz_buf_str(rq->out, "<ul class=\"kk-keys\">");
    if (f->n_same > 0)
        put_key(rq, "kk-q3", "kk-hatchl", kz_text(rq->lang, "page.key.same"), f->n_same);
    if (f->n_hidden > 0)
        put_key(rq, "kk-hid", NULL, kz_text(rq->lang, "page.key.hidden"), f->n_hidden);
    kz_buf_str(rq->out, "</ul>");
}

void kz_figures_change_keys(kz_request *rq, const kz_figures *f)
{
    static const char *const CSS[] = { "kk-v1", "kk-v2", "kk-v3", "kk-v4", "kk-v5" };
    static const char *const ID[] = { "page.key.v1", "page.key.v2", "page.key.v3", "page.key.v4",
                                      "page.key.v5" };
    int digits = f->threshold < 1 ? 1 : 0, count[KZ_CHART_STEPS] = { 0 };
    for (int i = 0; i < f->n; i++)
        if (f->items[i].step >= 0)
            count[f->items[i].step]++;
    const char *one = kz_words_dec(rq, f->threshold, digits),
               *three = kz_words_dec(rq, 3 * f->threshold, digits);
    kz_buf_str(rq->out, "<ul class=\"kk-keys kk-keysrow\">");
    for (int s = 0; s < KZ_CHART_STEPS; s++)
        put_key(rq, CSS[s], NULL, kz_words_say(rq, ID[s], kz_s("one", one), kz_s("three", three)), count[s]);
    if (f->n_hidden > 0)
        put_key(rq, "kk-hid", NULL, kz_text(rq->lang, "page.key.hidden"), f->n_hidden);
    kz_buf_str(rq->out, "</ul>");
}
