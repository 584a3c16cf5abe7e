/*
 * get_boundary.h - `kekiz get … --boundary DAY`: the cells of all periods in the boundaries of one day.
 *
 *     if (kz_opt_text(call, "boundary"))
 *         return kz_get_boundary(call, &catalogue, indicator);
 *
 * Only for --as internal: what was estimated from unprotected counts is not public.
 */
#ifndef KZ_CLI_GET_BOUNDARY_H
#define KZ_CLI_GET_BOUNDARY_H

#include "cli/output.h"
#include "monitor/indicator.h"

/* The columns of `kekiz get`, and one cell behind area, name, period and group. */
enum { KZ_GET_COLS = 13 };
extern const kz_col kz_get_cols[KZ_GET_COLS];
void kz_get_put_cell(kz_table_out *t, const kz_cell *c);

KZ_MUST_USE kz_status kz_get_boundary(kz_call *call, const kz_catalogue *cat, const kz_indicator *ind);

#endif
