/*
 * area_keys.h - which area a text means: by key, by a key that lost its zeros, by name.
 *
 *     kz_area_keys keys;
 *     KZ_TRY(kz_area_keys_make(ws->work, &level, &arena, &keys, err));
 *     kz_key_how how;
 *     int at = kz_area_keys_find(&keys, cell, &how);      // -1: none
 *     if (at >= 0) use(keys.areas[at].id, how == KZ_KEY_ZEROS);
 *
 * In this order: the key itself; the key with leading zeros that a spreadsheet took away (when all keys of
 * the level have one length); the name, when only one area has it; a longer key that begins with the key
 * of one area (the Gemeindeschlüssel 05111000 in the Kreis 05111), with or without its zeros.
 * Areas that are no longer valid are left out.  Lives in the arena; finding is O(1) and allocates nothing
 * for texts below 500 bytes.
 */
#ifndef KZ_MONITOR_AREA_KEYS_H
#define KZ_MONITOR_AREA_KEYS_H

#include "base/dict.h"
#include "monitor/area.h"

typedef enum kz_key_how { KZ_KEY_EXACT, KZ_KEY_ZEROS, KZ_KEY_NAME, KZ_KEY_PREFIX, KZ_KEY_NONE } kz_key_how;

typedef struct kz_area_keys {
    int n;
    const kz_area *areas;  /* by key                                     */
    kz_dict keys, names;
    const int *of_key, *of_name; /* number in the dict → area; -1: several */
    size_t length;         /* of every key; 0: they differ               */
} kz_area_keys;

KZ_MUST_USE kz_status kz_area_keys_make(kz_db *work, const kz_area_level *level, kz_arena *a, kz_area_keys *ret,
                                        kz_err *err);
int kz_area_keys_find(const kz_area_keys *k, kz_view text, kz_key_how *how);

#endif
