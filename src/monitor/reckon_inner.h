/* reckon_inner.h - what reckon.c and reckon_mix.c share. */
#ifndef KZ_MONITOR_RECKON_INNER_H
#define KZ_MONITOR_RECKON_INNER_H

#include "monitor/reckon.h"
#include "stat/rate.h"

enum { RECKON_UNSET = -2 };

kz_cell reckon_blank(int group, int period, int area);
/* Value and ends; a shown 0 becomes zero. */
void reckon_put(kz_cell *c, kz_rate rate);

/* ---- bounds of hidden cells (reckon_bounds.c) ---- */

void reckon_put_bounds(kz_cell *c, kz_interval v);
/* The value of a cell, or what it can be; x: it has none. */
kz_interval reckon_interval(const kz_cell *c);
/* By some last digits, where the value is computed in other steps than its bounds. */
kz_interval reckon_widened(kz_interval v);
void reckon_bound_plain(const kz_reckoner *r, const kz_indicator *ind, int group, const kz_count *num,
                        const kz_count *den, kz_cell *c);
/* z of value `at` of the n of its level, as they are or can be (reckon_z.c); all_count: each surely is among them. */
kz_interval reckon_z_bounds(const kz_interval x[], int n, int at, bool all_count);

bool reckon_mixed(kz_reckoner *r, const kz_indicator *ind, int period, int area, kz_cell *ret, int32_t *ret_import);

#endif
