/*
 * test_atlas.h - a small town in memory, for tests of pages.
 *
 * City "Prüfstadt", two Stadtbezirke, six Stadtteile as squares; people (count),
 * children (share) and growth (change) in 2011 and 2012.  One cell is hidden:
 * children in "Öden".  One name is hostile.
 */
#ifndef KZ_TEST_ATLAS_H
#define KZ_TEST_ATLAS_H

#include <math.h>
#include <string.h>

#include "geo/svgmap.h"
#include "monitor/atlas.h"

enum { TOWN_AREAS = 9, TOWN_PERIODS = 2, TOWN_SECRET = 987654 };

typedef struct town {
    kz_atlas atlas;
    kz_atlas_level levels[3];
    kz_atlas_area areas[TOWN_AREAS];
    kz_atlas_period periods[TOWN_PERIODS];
    kz_atlas_indicator indicators[3];
    kz_cell cells[3][TOWN_AREAS][TOWN_PERIODS];
    kz_map map;
    kz_map_area outlines[6];
} town;

static kz_cell town_cell(uint32_t indicator, uint32_t area, uint32_t period, int64_t children, int64_t people,
                         int64_t before)
{
    kz_cell c = { .indicator = indicator,
                  .area = area,
                  .period = period,
                  .numerator = people,
                  .denominator = -1,
                  .value = (double)people,
                  .lo = NAN,
                  .hi = NAN,
                  .smoothed = NAN,
                  .smoothed_lo = NAN,
                  .smoothed_hi = NAN };
    if (indicator == 1) {
        double p = (double)children / (double)people, half = 2 * sqrt(p * (1 - p) / (double)people);
        c.numerator = children, c.denominator = people;
        c.value = p, c.lo = p - half, c.hi = p + half;
    } else if (indicator == 2) {
        c.denominator = before;
        c.value = (double)people / (double)before - 1;
    }
    return c;
}

static void town_make(town *t)
{
    static const kz_atlas_group TOTAL[] = { { "Total", "Insgesamt", KZ_NONE, "" } };
    static const char *const NAMES[TOWN_AREAS] = { "Prüfstadt", "Nord", "Süd",  "Aue", "<b>&\"Berg",
                                                   "Öden",      "Tal",  "Ufer", "Wald" };
    static const char *const SLUGS[TOWN_AREAS] = { "stadt-1",     "stadtbezirk-1", "stadtbezirk-2",
                                                   "stadtteil-1", "stadtteil-2",   "stadtteil-3",
                                                   "stadtteil-4", "stadtteil-5",   "stadtteil-6" };
    static const int64_t PEOPLE[TOWN_AREAS] = {
        60000, 30000, 30000, 10000, 10000, 10000, 10000, 10000, 10000
    };
    static const int64_t CHILDREN[TOWN_AREAS] = { 6000, 3000, 3000, 1000, 500, TOWN_SECRET % 1000,
                                                  1010, 2000, 900 };

    memset(t, 0, sizeof *t);
    t->map = (kz_map){
        .width = 300, .height = 200, .km = 20, .n = 6, .areas = t->outlines, .parent_borders = "M0 100h300"
    };
    for (int i = 0; i < 6; i++) {
        double x = i % 3 * 100, y = i / 3 * 100;
        t->outlines[i] = (kz_map_area){ .d = "M0 0h100v100h-100z",
                                        .label_x = x + 50,
                                        .label_y = y + 50,
                                        .label_width = 90,
                                        .x0 = x,
                                        .y0 = y,
                                        .x1 = x + 100,
                                        .y1 = y + 100,
                                        .surface = 10000 };
    }
    t->levels[0] = (kz_atlas_level){ "stadt", "Stadt", "Städte", 0, 1, NULL };
    t->levels[1] = (kz_atlas_level){ "stadtbezirk", "Stadtbezirk", "Stadtbezirke", 1, 2, NULL };
    t->levels[2] = (kz_atlas_level){ "stadtteil", "Stadtteil", "Stadtteile", 3, 6, &t->map };
    for (int i = 0; i < TOWN_AREAS; i++) {
        int level = i == 0 ? 0 : i < 3 ? 1 : 2;
        t->areas[i] = (kz_atlas_area){ .key = strchr(SLUGS[i], '-') + 1,
                                       .name = NAMES[i],
                                       .slug = SLUGS[i],
                                       .level = level,
                                       .parent = level == 0   ? KZ_NONE
                                                 : level == 1 ? 0
                                                 : i < 6      ? 1
                                                              : 2,
                                       .in_level = i - t->levels[level].first_area,
                                       .lon = NAN,
                                       .lat = NAN,
                                       .area_km2 = 25, .since = "", .until = "" };
    }
    t->periods[0] = (kz_atlas_period){ "2011", "31.12.2011" };
    t->periods[1] = (kz_atlas_period){ "2012", "31.12.2012" };
    for (uint32_t k = 0; k < 3; k++) {
        t->indicators[k] = (kz_atlas_indicator){
            .id = k == 0   ? "menschen"
                  : k == 1 ? "kinder"
                           : "wachstum",
            .title = k == 0   ? "Menschen"
                     : k == 1 ? "Kinder"
                              : "Wachstum",
            .short_title = "Kurz",
            .subtitle = "Unter",
            .counted = "Gezählt",
            .numerator_label = k == 1 ? "Kinder" : "Einwohner",
            .sentence =
                k == 1 ? "In {area} sind {x} von 100 Einwohnern Kinder ({lo} bis {hi})." : "In {area}: {x}.",
            .denominator_label = "Einwohner",
            .source = "Register",
            .protection = "Schutz",
            .theme = "Thema",
            .caveat = "",
            .unit = "",
            .kind = k == 0   ? KZ_KIND_COUNT
                    : k == 1 ? KZ_KIND_SHARE
                             : KZ_KIND_CHANGE,
            .per = k == 0 ? 1 : 100,
            .digits = k == 0 ? 0 : 1,
            .n_groups = 1,
            .groups = TOTAL,
            .n_periods = TOWN_PERIODS,
            .release = "R",
            .published_at = "2013-04-02T00:00:00Z",
            .cells = &t->cells[k][0][0],
        };
        for (uint32_t i = 0; i < TOWN_AREAS; i++)
            for (uint32_t p = 0; p < TOWN_PERIODS; p++)
                t->cells[k][i][p] =
                    town_cell(k, i, p, CHILDREN[i], PEOPLE[i] + (p && i == 8 ? 2000 : 0), PEOPLE[i]);
    }
    /* The hidden cell keeps numbers that a page could betray by mistake: the real loader never has them. */
    kz_cell *secret = &t->cells[1][5][1];
    secret->state = KZ_CELL_HIDDEN;
    secret->numerator = TOWN_SECRET;
    secret->value = secret->lo = secret->hi = 0.987654;
    t->atlas = (kz_atlas){ .name = "Prüfstadt",
                           .key = "1",
                           .credits = "",
                           .fictional = true,
                           .n_levels = 3,
                           .n_areas = TOWN_AREAS,
                           .n_periods = TOWN_PERIODS,
                           .n_indicators = 3,
                           .levels = t->levels,
                           .areas = t->areas,
                           .periods = t->periods,
                           .indicators = t->indicators,
                           .version = "1" };
}

#endif
