/*
 * report.h - the report of a check as part of a page: counts, filter, table.
 *
 *     kz_report_counts(rq, t);
 *     kz_report_ticks(rq, t);          // inside the form that takes the delivery over
 *     kz_report_table(rq, d);          // filtered and paged by ?art= and ?seite=
 *
 * The same findings as CSV and XLSX: page_report.c.
 */
#ifndef KZ_WEB_REPORT_H
#define KZ_WEB_REPORT_H

#include "web/desk_layout.h"

/* Rows, areas, periods, measures, and what would change. */
void kz_report_counts(kz_request *rq, const kz_task *t);
/* A tick for each rule that has warnings, and one for all with a reason. */
void kz_report_ticks(kz_request *rq, const kz_task *t);
/* Are all warnings ticked in this form? */
bool kz_report_ticked(const kz_task *t, const kz_form *form);
void kz_report_table(kz_request *rq, const kz_delivery *d);

#endif
