/* Questions to an atlas: which cell, which area, higher or lower than the city, which rank. */
#include "monitor/atlas.h"

#include <math.h>
#include <string.h>

const kz_cell *kz_atlas_cell(const kz_atlas *a, int indicator, int group, int area, int period)
{
    if (indicator < 0 || indicator >= a->n_indicators || area < 0 || area >= a->n_areas)
        return NULL;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    int at = period - ind->first_period;
    if (group < 0 || group >= ind->n_groups || period < ind->first_period || at >= ind->n_periods)
        return NULL;
    int run = ind->n_areas ? ind->n_areas : a->n_areas, place = area - ind->first_area;
    if (place < 0 || place >= run)
        return NULL;
    const kz_cell *c = &ind->cells[((size_t)group * (size_t)run + (size_t)place) * (size_t)ind->n_periods +
                                   (size_t)at];
    return c->state == KZ_N_CELL_STATES ? NULL : c;
}

int kz_atlas_find_indicator(const kz_atlas *a, const char *id)
{
    for (int i = 0; i < a->n_indicators; i++)
        if (strcmp(a->indicators[i].id, id) == 0)
            return i;
    return KZ_NONE;
}

int kz_atlas_find_area(const kz_atlas *a, const char *slug)
{
    for (int i = 0; i < a->n_areas; i++)
        if (strcmp(a->areas[i].slug, slug) == 0)
            return i;
    return KZ_NONE;
}

int kz_atlas_find_period(const kz_atlas *a, const char *code)
{
    for (int i = 0; i < a->n_periods; i++)
        if (strcmp(a->periods[i].code, code) == 0)
            return i;
    return KZ_NONE;
}

/* Bounds of a cell; a cell without an interval is its value. */
static double low(const kz_cell *c)
{
    return isnan(c->lo) ? c->value : c->lo;
}

static double high(const kz_cell *c)
{
    return isnan(c->hi) ? c->value : c->hi;
}

int kz_atlas_against_city(const kz_atlas *a, const kz_cell *c)
{
    if (!kz_cell_has_value(c) || a->indicators[c->indicator].kind == KZ_KIND_COUNT)
        return 0; /* a part is always smaller than the whole: nothing to tell */
    const kz_cell *city = kz_atlas_cell(a, (int)c->indicator, (int)c->group, 0, (int)c->period);
    if (!kz_cell_has_value(city) || c->area == 0)
        return 0;
    return low(c) > city->value ? 1 : high(c) < city->value ? -1 : 0;
}

void kz_atlas_rank(const kz_atlas *a, const kz_cell *c, int *best, int *worst, int *of)
{
    int above = 0, below = 0, shown = 0;
    if (kz_cell_has_value(c)) {
        const kz_atlas_level *level = &a->levels[a->areas[c->area].level];
        for (int i = level->first_area; i < level->first_area + level->n_areas; i++) {
            const kz_cell *other = kz_atlas_cell(a, (int)c->indicator, (int)c->group, i, (int)c->period);
            if (!kz_cell_has_value(other))
                continue;
            shown++;
            above += low(other) > high(c);
            below += high(other) < low(c);
        }
    }
    *best = shown ? 1 + above : 0;
    *worst = shown - below;
    *of = shown;
}
