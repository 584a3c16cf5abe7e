/*
 * mapfile_parser.h - what the files that parse a map share.
 *
 * Not for other modules.  mapfile.c reads settings and rules of areas, measures and columns;
 * mapfile_own.c the measures that a map defines and what else only free tables need.
 */
#ifndef KZ_MONITOR_MAPFILE_PARSER_H
#define KZ_MONITOR_MAPFILE_PARSER_H

#include "monitor/mapfile.h"

typedef enum map_section {
    SEC_NONE, SEC_FILE, SEC_COLUMNS, SEC_PERIOD, SEC_NUMBERS, SEC_AREAS, SEC_MEASURES, SEC_VALUES, SEC_OWN
} map_section;

typedef struct map_parser {
    const char *file;
    int         line;
    kz_arena   *arena;
    kz_err     *err;
    map_section section;
    uint32_t    seen;       /* bits of the settings that were given */
    int         column_line; /* where [spalten] merkmal stands       */
    kz_area_rule    *areas;
    kz_measure_rule *measures;
    kz_column_rule  *columns;
    kz_measure      *own;
    const kz_measures *known; /* those of the program, then with `own` behind them */
    kz_mapfile  map;
} map_parser;

/* What went wrong in this line, with the value in question. */
kz_status map_wrong(const map_parser *p, const char *id, kz_view value);
kz_status map_memory(const map_parser *p);
KZ_MUST_USE kz_status map_keep(const map_parser *p, kz_view v, const char **ret);
/* For comparing: lower case, one space for many, one form of umlauts. */
KZ_MUST_USE kz_status map_keep_folded(const map_parser *p, kz_view v, const char **ret);
/* Cut `v` at byte `at` into what stands before and behind, both trimmed. */
void map_cut(kz_view v, size_t at, kz_view *before, kz_view *behind);
/* Where `c` is; v.n when it is not there. */
size_t map_first_of(kz_view v, char c);

/* mapfile_own.c: a line of [eigene]; "leer | - | k.A."; "Spalte | Spalte". */
KZ_MUST_USE kz_status map_read_own(map_parser *p, kz_view line);
KZ_MUST_USE kz_status map_read_missing(map_parser *p, kz_view value);
KZ_MUST_USE kz_status map_read_dropped(map_parser *p, kz_view value);

#endif
