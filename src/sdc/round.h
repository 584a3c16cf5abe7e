/*
 * round.h - counts rounded to a base: 5 or 10.
 *
 *     kz_sdc_round(7, 5)    // 5
 *     kz_sdc_round(8, 5)    // 10
 *     kz_sdc_round(5, 10)   // 10: halves go up
 *
 * Each count for itself, margins too: nobody can add up to the truth, and the
 * parts need not add up to the whole.  Zero stays zero; no count moves by more
 * than base / 2; the same count always becomes the same.  Not negative.
 * A rate of two rounded counts a/b lies within (a +- base/2) / (b -+ base/2).
 */
#ifndef KZ_SDC_ROUND_H
#define KZ_SDC_ROUND_H

#include <stdint.h>

static inline int64_t kz_sdc_round(int64_t n, int64_t base)
{
    return (n + base / 2) / base * base;
}

#endif
