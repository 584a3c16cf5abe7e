/*
 * count.h - one field of a table: a value of a measure, or one of the official table signs.
 *
 *     kz_value c;
 *     switch (kz_count_read(kz_view_of("1.044.555"), KZ_NUM_COMMA, KZ_SIGNS_YES, &c)) ...  // c.value == 1044555
 *     kz_value_read(kz_view_of("12,5 %"), KZ_NUM_COMMA, KZ_SIGNS_YES, &measure, &c);  // two decimals: 1250
 *
 * Numbers and signs are found by base/parse.h, in the declared style, never guessed; here they
 * become a whole number of the measure's smallest unit (measure.h) and a state.  A written 0 is a zero, because
 * counts have no half units; in a table of the official form (KZ_SIGNS_OFFICIAL, where nothing is "–") it
 * is less than half of the unit.  "<3" is hidden.  "k.A." is no official sign and no number: somebody
 * has to say what it means.  O(bytes), no state.
 */
#ifndef KZ_MONITOR_COUNT_H
#define KZ_MONITOR_COUNT_H

#include "base/parse.h"
#include "monitor/cell.h"
#include "monitor/measure.h"

typedef struct kz_value {
    int64_t       value; /* KZ_NO_VALUE: a sign without a number */
    kz_cell_state state;
} kz_value;

typedef enum kz_count_verdict {
    KZ_COUNT_OK = 0,
    KZ_COUNT_EMPTY,
    KZ_COUNT_NOT_NUMBER,
    KZ_COUNT_NEGATIVE,
    KZ_COUNT_NOT_WHOLE, /* more decimals than the measure has */
    KZ_COUNT_TOO_LARGE, /* above KZ_COUNT_MAX */
    KZ_COUNT_SIGN,      /* a table sign, but signs are not allowed */
    KZ_COUNT_PERCENT,   /* 12 % where the measure is none */
    KZ_COUNT_OUTSIDE,   /* not between the bounds of the measure */
} kz_count_verdict;

typedef enum kz_signs { KZ_SIGNS_NO, KZ_SIGNS_YES, KZ_SIGNS_OFFICIAL } kz_signs;

kz_count_verdict kz_value_read(kz_view field, kz_number_style style, kz_signs signs, const kz_measure *m,
                               kz_value *ret);
/* The same for whole counts from 0. */
kz_count_verdict kz_count_read(kz_view field, kz_number_style style, kz_signs signs, kz_value *ret);
/* A number that a spreadsheet keeps as one: with its point, perhaps an exponent, and 15 digits that count. */
kz_count_verdict kz_value_of_cell(kz_view text, const kz_measure *m, kz_value *ret);

#endif
