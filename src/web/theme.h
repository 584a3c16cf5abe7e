/*
 * theme.h - what the address of an indicator page asks for.
 *
 *     /thema/kinder-u6?gebiet=stadtteil-501&jahr=2012&gruppe=Total&ebene=stadtteil&sort=wert
 *
 * gebiet is an area, or "nach-<level>" for the whole city by that level.
 * What is missing has a sensible default; what does not exist is an error that
 * says so (KZ_E_MISSING for the indicator, KZ_E_INPUT for the rest).
 */
#ifndef KZ_WEB_THEME_H
#define KZ_WEB_THEME_H

#include "web/figures.h"

typedef enum kz_theme_sort {
    KZ_SORT_VALUE_DOWN,
    KZ_SORT_VALUE_UP,
    KZ_SORT_NAME_UP,
    KZ_SORT_NAME_DOWN,
    KZ_SORT_COUNT_DOWN,
    KZ_SORT_COUNT_UP
} kz_theme_sort;

typedef struct kz_theme {
    int indicator, group, level, period, own;
    kz_theme_sort sort;
    kz_figures f;
} kz_theme;

KZ_MUST_USE kz_status kz_theme_read(kz_request *rq, kz_theme *ret);

/* The parts of the page, each a section. */
void kz_theme_form(kz_request *rq, const kz_theme *t);
void kz_theme_strip(kz_request *rq, kz_theme *t);
KZ_MUST_USE kz_status kz_theme_series(kz_request *rq, const kz_theme *t);
void kz_theme_definition(kz_request *rq, const kz_theme *t);
KZ_MUST_USE kz_status kz_theme_table(kz_request *rq, const kz_theme *t);

/* "?gebiet=…&jahr=…", as a page in this state would be asked for, in HTML. */
void kz_theme_query(kz_request *rq, const kz_theme *t, const char *sort);

/* The heading over a map: what it shows, as a sentence (plain text). */
const char *kz_theme_map_heading(kz_request *rq, const kz_figures *f);

/* Values over time of an area, in display units, NaN when there is none;
 * part: 0 the value, -1 the lower, +1 the upper end.  NULL: arena exhausted. */
const double *kz_theme_times(kz_request *rq, int indicator, int group, int area, int part);

#endif
