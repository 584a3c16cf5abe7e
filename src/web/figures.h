/*
 * figures.h - one indicator over all areas of a level, ready to be drawn.
 *
 *     kz_figures f;
 *     KZ_TRY(kz_figures_make(rq, indicator, group, level, period, own_area, &f));
 *     kz_chart_strip(rq->out, &f.chart, KZ_CHART_WIDE);
 *
 * The items stand in the order of the level's areas, so they fit the level's
 * map and the names are in DIN 5007 order.  Everything lives in the request's
 * arena.  O(areas).
 */
#ifndef KZ_WEB_FIGURES_H
#define KZ_WEB_FIGURES_H

#include "io/chart.h"
#include "web/words.h"

typedef struct kz_figures {
    int indicator, group, level, period, own; /* own: area or KZ_NONE */
    const kz_atlas_indicator *ind;
    const kz_atlas_level *lv;
    const kz_cell *city;
    kz_chart chart;        /* id, title and desc are for the caller to set */
    const kz_cell **cells; /* [i] of items, NULL when there is none */
    kz_chart_item *items;
    int n, n_shown, n_hidden, n_more, n_less, n_same;
    double lo, hi;    /* span of values and intervals, display units */
    double threshold; /* changes: from here on "deutlich", in % */
} kz_figures;

KZ_MUST_USE kz_status kz_figures_make(kz_request *rq, int indicator, int group, int level, int period,
                                      int own, kz_figures *ret);
/* Give every item its words, for charts that say them on pointing. */
void kz_figures_say(kz_request *rq, kz_figures *f);
/* Indices of the shown items, highest value first (equal ones by name). */
KZ_MUST_USE kz_status kz_figures_order(kz_request *rq, const kz_figures *f, const int **ret);

/* Groups of an indicator that part the whole ("Altersgruppen"): its Total says
 * nothing, so pages begin with the first group. */
bool kz_figures_is_parted(const kz_atlas *a, int indicator);
/* Is the level one of Kitas or schools?  Has the indicator anything to say there?  All have of the city. */
bool kz_figures_is_institution(const kz_atlas *a, int level);
bool kz_figures_on_level(const kz_atlas *a, int indicator, int level);
/* Few indicators stand on a page all together; of many only those that stand for their phase. */
bool kz_figures_is_main(const kz_atlas *a, int indicator);
/* The first share that stands for the whole: a key one that is no mere number of people, else any; KZ_NONE. */
int kz_figures_lead(const kz_atlas *a);
/* The deepest level that shows most of its values in this period. */
int kz_figures_level(const kz_atlas *a, int indicator, int group, int period);
/* Period whose code it is, or the last one of the indicator. */
int kz_figures_last(const kz_atlas_indicator *ind);

/* The map of the figures (counts as circles on grey land), its legend of
 * squares, twice, and the keys of the signs. */
void kz_figures_map(kz_request *rq, kz_figures *f, const char *id);
void kz_figures_legend(kz_request *rq, kz_figures *f, const char *id);
void kz_figures_keys(kz_request *rq, const kz_figures *f);
/* Five named classes of a change with their numbers of areas. */
void kz_figures_change_keys(kz_request *rq, const kz_figures *f);

#endif
