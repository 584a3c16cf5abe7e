/*
 * date.h - days of the calendar, and what time it is.
 *
 *     kz_date d;
 *     if (kz_date_parse(kz_view_of("31.12.2012"), &d))
 *         kz_date_iso(d, text);                     // "2012-12-31"
 *     kz_time_iso(now);                             // "2026-11-22T10:41:07Z"
 *
 * Proleptic Gregorian calendar, years 1800 to 2199 (everything else in a
 * register is a typing error).  Time is UTC.  SOURCE_DATE_EPOCH (seconds), when set to a
 * number, stands in for the clock: builds and tests that must give the same
 * bytes twice use it (reproducible-builds.org/specs/source-date-epoch).
 * Plain values, no allocation, safe from any thread, O(1).
 * Day numbers: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, 2013.
 */
#ifndef KZ_BASE_DATE_H
#define KZ_BASE_DATE_H

#include "base/view.h"

typedef struct kz_date {
    int16_t year;
    int8_t  month, day; /* from 1 */
} kz_date;

enum { KZ_DATE_TEXT = 11, KZ_TIME_TEXT = 21 };

bool kz_date_ok(int year, int month, int day);

/* "31.12.2012", "1.2.2012" or "2012-12-31", nothing around it; false for all else: two-digit
 * years, 03/04/2020, 01.02., Mrz 24 and serial numbers of spreadsheets are not dates here. */
bool kz_date_parse(kz_view v, kz_date *ret);

void kz_date_iso(kz_date d, char out[static KZ_DATE_TEXT]);

/* Days since 1970-01-01, to compare and subtract. */
int32_t kz_date_number(kz_date d);

/* Seconds since 1970 in UTC, now or as SOURCE_DATE_EPOCH says. */
int64_t kz_time_now(void);
void kz_time_iso(char out[static KZ_TIME_TEXT]);

#endif
