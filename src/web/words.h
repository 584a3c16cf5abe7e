/*
 * words.h - cells as people read them: numbers, ranges, verdicts, sentences.
 *
 * All texts live in the request's arena.  A cell without a value gives its
 * official sign ("." for hidden), so a page cannot print a number that is not
 * there.
 *
 *     kz_words_value(rq, ind, cell)   "6,4 %"   "34.936"   "+8,2 %"   "."
 *     kz_words_number(rq, ind, cell)  "6,4"     for tables with the unit in the head
 *     kz_words_range(rq, ind, cell)   "6,2–6,7"
 *     kz_words_full(rq, ind, cell)    "6,4 % (6,2 bis 6,7)", "verborgen"
 */
#ifndef KZ_WEB_WORDS_H
#define KZ_WEB_WORDS_H

#include "web/http.h"

/* Never NULL: "" when the arena is exhausted. */
const char *kz_words_fmt(kz_request *rq, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define kz_words_say(rq, id, ...) kz_words_say_((rq), (id), KZ_ARGS(__VA_ARGS__))
const char *kz_words_say_(kz_request *rq, const char *id, const kz_arg args[]);
const char *kz_words_int(kz_request *rq, int64_t n);
const char *kz_words_dec(kz_request *rq, double x, int digits);
const char *kz_words_signed(kz_request *rq, double x, int digits);

/* What a value is multiplied with for people: 100 for shares of hundred. */
double kz_words_scale(const kz_atlas_indicator *ind);
/* " %", " ‰", " €", "" with a no-break space; "in %" for a table head. */
const char *kz_words_unit(kz_request *rq, const kz_atlas_indicator *ind);
const char *kz_words_unit_head(kz_request *rq, const kz_atlas_indicator *ind);
/* Values that may lie under zero and carry their sign: "+8,2 %". */
bool kz_words_is_signed(const kz_atlas_indicator *ind);

const char *kz_words_value(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c);
const char *kz_words_number(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c);
const char *kz_words_range(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c);
const char *kz_words_full(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c);
const char *kz_words_sign(const kz_cell *c); /* NULL cell: "…" */

/* Numerator and denominator, -1 unless the cell may show its numbers. */
int64_t kz_words_count(const kz_cell *c);
int64_t kz_words_of(const kz_cell *c);

/* For running text: no decimals above ten, unless they carry the interval. */
int kz_words_digits(const kz_atlas_indicator *ind, const kz_cell *c);
bool kz_words_has_range(const kz_cell *c);
/* How the range of such a number is found, and what it is for. */
const char *kz_words_range_how(const kz_request *rq, const kz_atlas_indicator *ind);
/* +1, 0, -1; for cells without an interval by the values as they are shown. */
int kz_words_verdict(const kz_atlas *a, const kz_cell *c);
/* +2 surely more than the city, +1 probably, 0 cannot be told, -1, -2: words_sure.c says how. */
int kz_words_sureness(const kz_atlas *a, const kz_cell *c);
/* The same for the change from the first to the last shown value of a series; KZ_NONE in *from: there is none. */
int kz_words_change(const kz_atlas *a, int indicator, int group, int area, int *from, int *to);
/* How many of ten, hundred or thousand: "etwa 2 von 10", for Leichte Sprache. */
const char *kz_words_of_ten(kz_request *rq, double share);

/* The sentence of the indicator for a cell as HTML with bold facts, and how it
 * compares with the city: "In Nippes sind 6,4 von 100 … Das ist sicher mehr als in der Stadt (5,5)." */
void kz_words_sentence(kz_request *rq, int indicator, const kz_cell *c);

/* "38 Stadtteilen", "einem Stadtteil", "keinem Stadtteil": after "in". */
const char *kz_words_in_areas(kz_request *rq, const kz_atlas_level *level, int n);
/* "Stadtteilen" */
const char *kz_words_dative(kz_request *rq, const char *plural);

#endif
