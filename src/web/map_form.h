/*
 * map_form.h - a map file as the fields of a form, and back.
 *
 *     kz_map_form f;
 *     kz_map_form_read(text, arena, &f);                       // whatever is in it, also half a map
 *     f.set[KZ_MAP_AREA] = "raum_id";
 *     kz_map_form_write(&f, &out);                             // the text that mapfile.h reads
 *
 * Settings are fields of their own; the sections of rules stay text, with their comments.  Values
 * with a line end are cut there: no field can begin a section.  Whether the map is right says
 * kz_mapfile_parse().  Texts live in the arena or belong to the caller.  No state, O(bytes).
 */
#ifndef KZ_WEB_MAP_FORM_H
#define KZ_WEB_MAP_FORM_H

#include "base/arena.h"
#include "base/buf.h"

typedef enum kz_map_field {
    KZ_MAP_SOURCE, KZ_MAP_LAYOUT, KZ_MAP_SHEET, KZ_MAP_ENCODING, KZ_MAP_DELIMITER,
    KZ_MAP_AREA, KZ_MAP_AREA_NAME, KZ_MAP_PERIOD, KZ_MAP_MEASURE, KZ_MAP_MEASURE2, KZ_MAP_VALUE,
    KZ_MAP_FORM, KZ_MAP_DAY, KZ_MAP_DECIMAL, KZ_MAP_SIGNS,
    KZ_MAP_N_FIELDS
} kz_map_field;

enum { KZ_MAP_N_SETTINGS = 4 }; /* sections of settings */

typedef struct kz_map_form {
    const char *set[KZ_MAP_N_FIELDS];          /* never NULL; "" not set */
    const char *areas, *measures, *values, *own; /* the rules as text    */
    const char *more[KZ_MAP_N_SETTINGS];       /* settings that no field shows, by section */
} kz_map_form;

/* KZ_E_LIMIT: the arena is full. */
KZ_MUST_USE kz_status kz_map_form_read(const char *text, kz_arena *a, kz_map_form *ret);
void kz_map_form_write(const kz_map_form *f, kz_buf *out);
/* "gebiet": how the field is called in the map, and in the form. */
const char *kz_map_field_name(kz_map_field f);

#endif
