/*
 * apportion.h - a whole number in whole parts, to given weights, without losing one.
 *
 *     const int64_t weight[] = { 1, 1, 1 };
 *     int64_t part[3];
 *     if (kz_apportion(10, weight, 3, NULL, part)) ...         // 4, 3, 3
 *
 * Every part gets its quota total * weight / sum rounded down; the units left go one each to the largest
 * remainders, of equal ones to the larger weight, then to the first.  So each part is within one unit of
 * its quota and the parts sum to the total exactly.  With caps no part goes above its cap: parts whose quota
 * is above it get the cap, and what is left is shared among the others in the same way.
 *
 * Whole numbers only, so the same everywhere.  Allocates nothing.  O(n * units left), units left < n; with
 * caps O(n * n).
 * Method: largest remainder (Hamilton 1792, Hare, Niemeyer); Balinski & Young, "Fair Representation", 1982.
 * It is not monotone (the Alabama paradox), so a part of a smaller total can be larger: hence the caps.
 */
#ifndef KZ_BASE_APPORTION_H
#define KZ_BASE_APPORTION_H

#include "base/status.h"

/* The largest total and the largest sum of weights. */
#define KZ_APPORTION_MAX (INT64_C(1) << 62)

/* total >= 0, weights >= 0, cap NULL or >= 0.  False, and `part` untouched as far as the reader may rely
 * on it: no weight is above 0 but the total is, or the caps leave no room for it. */
KZ_MUST_USE bool kz_apportion(int64_t total, const int64_t weight[], int n, const int64_t cap[], int64_t part[]);

/* Any weights >= 0 (areas, for instance) as whole numbers for the above, twelve digits of each.  False: they
 * sum to nothing or to infinity, or one is negative or NaN. */
KZ_MUST_USE bool kz_apportion_weights(const double weight[], int n, int64_t whole[]);

#endif
