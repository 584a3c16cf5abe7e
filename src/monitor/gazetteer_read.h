/*
 * gazetteer_read.h - the lines of an address list, taken apart.
 *
 * Used by gazetteer_import.c alone.
 */
#ifndef KZ_MONITOR_GAZETTEER_READ_H
#define KZ_MONITOR_GAZETTEER_READ_H

#include "monitor/address.h"
#include "monitor/area_keys.h"
#include "monitor/gazetteer_import.h"

typedef struct gazetteer_line {
    uint32_t street;      /* number in `streets`                */
    int32_t postcode, from, to, side;
    char suffix[KZ_SUFFIX_KEY], suffix_to[KZ_SUFFIX_KEY];
    int area;             /* of `keys.areas`                    */
    int64_t line;
} gazetteer_line;

typedef struct gazetteer_list {
    kz_arena *a;
    kz_area_keys keys;
    kz_dict streets;      /* by key                             */
    const char **names;   /* of streets, as the file writes them */
    gazetteer_line *lines; /* by everything but the row          */
    int64_t n;
} gazetteer_list;

/* Read `bytes`, find level and columns, report what is wrong with lines; fills level, counts and left_out of *r. */
KZ_MUST_USE kz_status gazetteer_read(kz_db *work, const kz_gazetteer_order *order, const void *bytes, size_t n,
                                     kz_arena *a, kz_findings *found, kz_gazetteer_report *r, gazetteer_list *ret,
                                     kz_err *err);

#endif
