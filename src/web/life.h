/*
 * life.h - the life course: what is known of growing up, phase by phase.
 *
 * One row group a phase of life from before birth into work, in it the indicators that stand for it
 * (kz_atlas_indicator.is_key): value and interval, all areas as dots, the course of time, and in words
 * whether the difference to the city is real.  Below it every other number as a plain table, folded.
 *
 *     if (kz_life_has(rq->atlas))
 *         KZ_TRY(kz_life_course(rq, area, "lebenslauf"));
 *     KZ_TRY(kz_life_all(rq, area));
 *
 * All from cells of the atlas.  O(key indicators * areas).
 */
#ifndef KZ_WEB_LIFE_H
#define KZ_WEB_LIFE_H

#include "web/figures.h"

/* Does any phase of the life course have a number? */
bool kz_life_has(const kz_atlas *a);
/* The section with heading; `id` is that of the heading. */
KZ_MUST_USE kz_status kz_life_course(kz_request *rq, int area, const char *id);
/* "Von 12 Zahlen entlang des Lebenslaufs unterscheiden sich in Aue 5 sicher vom Wert der Stadt."  Nothing for the
 * city, and where fewer than two of them have an interval. */
void kz_life_sentence(kz_request *rq, int area);
/* All numbers of an area, a folded table a phase. */
void kz_life_all(kz_request *rq, int area);

/* "sicher mehr als in der Stadt (24 %)" with bold facts. */
void kz_life_verdict(kz_request *rq, int indicator, const kz_cell *c);
/* "2015 bis 2024 wahrscheinlich gestiegen"; nothing without two values. */
void kz_life_trend(kz_request *rq, int indicator, int group, int area);
/* The newest period with a shown value, else the last one. */
int kz_life_newest(const kz_atlas *a, int indicator, int area);

#endif
