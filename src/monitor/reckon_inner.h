/* reckon_inner.h - what reckon.c and reckon_mix.c share. */
#ifndef KZ_MONITOR_RECKON_INNER_H
#define KZ_MONITOR_RECKON_INNER_H

#include "monitor/reckon.h"
#include "stat/rate.h"

enum { RECKON_UNSET = -2 };

kz_cell reckon_blank(int group, int period, int area);
/* Value and ends; a shown 0 becomes zero. */
void reckon_put(kz_cell *c, kz_rate rate);
bool reckon_mixed(kz_reckoner *r, const kz_indicator *ind, int period, int area, kz_cell *ret, int32_t *ret_import);

#endif
