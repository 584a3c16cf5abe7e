/*
 * person_map.h - which columns of an office's file hold which columns of a source of person rows.
 *
 *     kz_person_map m;
 *     KZ_TRY(kz_person_map_parse("ewo.map", text, n, &source, &arena, &m, err));
 *     const char *code = kz_person_map_code(&m, column, value);     // NULL: no such code
 *     kz_person_map_write(&buf, &m);                                // the same as a file to edit
 *
 * Plain text that staff edit (docs/personen.md): sections [datei] (quelle, blatt, zeichensatz, trennzeichen),
 * [spalten] `sex = Geschlecht`, of an area with its level `area = Viertel | viertel`, of a number that comes as a date
 * `months_in = Aufnahme | months_since`; [schluessel] `sex | männl. = m`, `-` for no answer;
 * [gebiete] as in mapfile.h, where `-` leaves a row without an area.  Spellings of the source count as well.
 *
 * Strict: the first mistake is KZ_E_INPUT with file, line, value and remedy.  Texts belong to the arena.
 * No state.  O(bytes); looking up a code O(codes).
 */
#ifndef KZ_MONITOR_PERSON_MAP_H
#define KZ_MONITOR_PERSON_MAP_H

#include "base/decode.h"
#include "monitor/mapfile.h"
#include "monitor/source.h"

/* A column of ours and the name it has in the file. */
typedef struct kz_person_bind {
    const kz_source_column *column;
    const char *name;
    kz_source_how how;
    const char *level;              /* of an area, else "" */
} kz_person_bind;

typedef struct kz_person_code {
    const kz_source_column *column;
    const char *text, *folded, *code;
} kz_person_code;

typedef struct kz_person_map {
    const kz_source *source;
    const char *sheet;     /* NULL: the one that fits */
    kz_encoding encoding;  /* KZ_ENC_FIND: find out   */
    char        delimiter; /* 0: find out             */
    int n_columns, n_codes, n_areas;
    const kz_person_bind *columns;
    const kz_person_code *codes;
    const kz_area_rule   *areas;
} kz_person_map;

KZ_MUST_USE kz_status kz_person_map_parse(const char *file, const char *text, size_t n, const kz_source *source,
                                          kz_arena *a, kz_person_map *ret, kz_err *err);
void kz_person_map_write(kz_buf *out, const kz_person_map *m);
/* By the map, then by the source; NULL: nobody knows it. */
const char *kz_person_map_code(const kz_person_map *m, const kz_source_column *c, kz_view text);

#endif
