/*
 * address_columns.h - which column of a table is the street, the number, the longitude.
 *
 *     size_t at[KZ_N_ADDRESS_ROLES];
 *     kz_address_columns(csv.header, csv.n_columns, at);
 *     if (at[KZ_ROLE_STREET] == SIZE_MAX) ...
 *
 * By name, in any case and spelling: Straße, Strasse, STR., Straßenname.  Of several that would do the
 * most telling is taken (Hausnr. before Nr.), of equals the first.  O(columns), no state.
 */
#ifndef KZ_MONITOR_ADDRESS_COLUMNS_H
#define KZ_MONITOR_ADDRESS_COLUMNS_H

#include "monitor/area.h"
#include "base/view.h"

typedef enum kz_address_role {
    KZ_ROLE_STREET,
    KZ_ROLE_NUMBER,    /* also the first of a range */
    KZ_ROLE_TO,        /* the last of a range       */
    KZ_ROLE_SUFFIX,
    KZ_ROLE_SUFFIX_TO,
    KZ_ROLE_SIDE,
    KZ_ROLE_POSTCODE,
    KZ_ROLE_X,         /* longitude, easting        */
    KZ_ROLE_Y,         /* latitude, northing        */
    KZ_ROLE_WHOLE,     /* an address in one text    */
    KZ_N_ADDRESS_ROLES
} kz_address_role;

/* What a column's name says about it; KZ_N_ADDRESS_ROLES: nothing. */
kz_address_role kz_address_role_of(kz_view name);
/* The column of each role, SIZE_MAX where there is none. */
void kz_address_columns(const kz_view header[], size_t n, size_t at[static KZ_N_ADDRESS_ROLES]);
/* Is the column named as the level, with or without Nr., Schlüssel, Key behind it? */
bool kz_area_column(kz_view name, const kz_area_level *level);

#endif
