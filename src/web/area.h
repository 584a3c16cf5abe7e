/*
 * area.h - the parts of an area's page.
 *
 * An area's page tells where it is, says one true sentence, puts every
 * indicator beside all areas of its level, shows who lives here by age and
 * what has changed, and compares it with its neighbours in the same parent.
 */
#ifndef KZ_WEB_AREA_H
#define KZ_WEB_AREA_H

#include "web/figures.h"

/* The indicator that holds the ages: groups with codes age_AA_BB and age_AA_up
 * that follow each other.  Filled once a request. */
typedef struct kz_ages {
    int indicator;                      /* KZ_NONE: there is none */
    int n, group[32], from[32], to[32]; /* years; open end: to = KZ_AGE_OPEN */
} kz_ages;
enum { KZ_AGE_OPEN = 92 }; /* drawn up to here */
kz_ages kz_ages_find(const kz_atlas *a);
/* "unter 3", "3 bis 5", "75 und älter" */
const char *kz_ages_words(kz_request *rq, const kz_ages *g, int i);

/* Sections; each writes nothing when it has nothing to say. */
void kz_area_head(kz_request *rq, int area, const kz_ages *ages);
KZ_MUST_USE kz_status kz_area_lines(kz_request *rq, int area, const kz_ages *ages);
void kz_area_ages(kz_request *rq, int area, const kz_ages *ages);
void kz_area_changes(kz_request *rq, int area, const kz_ages *ages);
void kz_area_compare(kz_request *rq, int area);

#endif
