/*
 * locate_point.h - coordinates as they stand in a table.
 *
 * Used by locate.c alone.
 */
#ifndef KZ_MONITOR_LOCATE_POINT_H
#define KZ_MONITOR_LOCATE_POINT_H

#include "monitor/locate.h"

/* Both fields as numbers; NONE: empty, a sign, or 0 and 0. */
typedef enum locate_point { LOCATE_POINT, LOCATE_NONE, LOCATE_BAD } locate_point;
locate_point locate_read(const kz_locate *l, kz_view x, kz_view y, kz_point *ret);

/* Look at all rows: how numbers are written, and whether the system is the one that was said. */
KZ_MUST_USE kz_status locate_look(kz_locate *l, kz_err *err);
/* Would the point be in the municipality with its coordinates exchanged? */
bool locate_swapped(const kz_locate *l, kz_point p);

#endif
