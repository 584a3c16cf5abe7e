/*
 * count.h - one field of a table: a count, or one of the official table signs.
 *
 *     kz_count c;
 *     switch (kz_count_read(kz_view_of("1.044.555"), KZ_NUM_COMMA, true, &c)) ...  // c.value == 1044555
 *
 * Numbers and signs are found by base/parse.h, in the declared style, never guessed; here they
 * become a count and a state.  A written 0 is a zero: counts have no half units.
 * "<3" is hidden.  "k.A." is no official sign and no number: somebody has to say what it means.
 * O(bytes), no state.
 */
#ifndef KZ_MONITOR_COUNT_H
#define KZ_MONITOR_COUNT_H

#include "base/parse.h"
#include "monitor/cell.h"

typedef struct kz_count {
    int64_t       value; /* -1: a sign without a number */
    kz_cell_state state;
} kz_count;

typedef enum kz_count_verdict {
    KZ_COUNT_OK = 0,
    KZ_COUNT_EMPTY,
    KZ_COUNT_NOT_NUMBER,
    KZ_COUNT_NEGATIVE,
    KZ_COUNT_NOT_WHOLE,
    KZ_COUNT_TOO_LARGE, /* above KZ_COUNT_MAX */
    KZ_COUNT_SIGN,      /* a table sign, but signs are not allowed */
} kz_count_verdict;

/* More people than will ever live; sums of many stay far below 2^63. */
#define KZ_COUNT_MAX INT64_C(1000000000000)

kz_count_verdict kz_count_read(kz_view field, kz_number_style style, bool signs, kz_count *ret);

#endif
