/*
 * period_form.h - what offices write for a stretch of time, and our code for it.
 *
 *     kz_period p;
 *     if (kz_period_read(KZ_FORM_QUARTER, kz_view_of("3. Quartal 2012"), 31, 12, &p))
 *         use(p.code, p.day);                     // "2012-Q3", "2012-09-30"
 *
 *   form            code         also read as                                     day
 *   jahr            2012         –                                                the map's day of the year
 *   halbjahr        2012-H1      2012H1, H1 2012, H1/2012, 1. Halbjahr 2012       30.06., 31.12.
 *   quartal         2012-Q3      2012Q3, Q3 2012, Q3/2012, 3. Quartal 2012        its last day
 *   monat           2012-07      07/2012, 07.2012, Juli 2012, Jul 2012            its last day
 *   schuljahr       2012/13      2012/2013                                        the map's day of its first year
 *   stichtag        2012-10-15   15.10.2012                                       itself
 *
 * A cell that a spreadsheet keeps as a date counts for month and day.  Two-digit years alone ("Mrz 24"),
 * serial numbers and days without a year are no periods.  Years 1900 to 2100.  Any case.  O(bytes), no state.
 */
#ifndef KZ_MONITOR_PERIOD_FORM_H
#define KZ_MONITOR_PERIOD_FORM_H

#include "base/view.h"

typedef enum kz_period_form {
    KZ_FORM_YEAR = 0,
    KZ_FORM_HALF,
    KZ_FORM_QUARTER,
    KZ_FORM_MONTH,
    KZ_FORM_SCHOOL_YEAR,
    KZ_FORM_DAY,
    KZ_N_FORMS
} kz_period_form;

typedef struct kz_period {
    char code[16], day[16];
} kz_period;

/* "jahr", "halbjahr" …; NULL ends the list at KZ_N_FORMS. */
const char *kz_period_form_name(kz_period_form f);

/* `month`, `day`: reference day of a year or of the first year of a school year. */
KZ_MUST_USE bool kz_period_read(kz_period_form f, kz_view text, int month, int day, kz_period *ret);

#endif
