/*
 * area_link.h - ranks, parents and the city's outline, made anew after an import.
 *
 * Used by area_import.c alone, inside its transaction.  O(areas × parents) for
 * parents by place, with a bounding box before every exact question.
 */
#ifndef KZ_MONITOR_AREA_LINK_H
#define KZ_MONITOR_AREA_LINK_H

#include "monitor/area.h"

/* "area.parent_field.<level code>" is set for levels whose file named the parents:
 * their links stay as they are. */
#define KZ_AREA_PARENT_SETTING "area.parent_field."

KZ_MUST_USE kz_status kz_area_link(kz_db *work, int64_t imported, kz_area_report *report, kz_err *err);

#endif
