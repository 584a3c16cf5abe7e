/*
 * map_guess.h - what the columns of an unknown table look like: the inner side of map_propose.h.
 *
 * Not for other modules.  map_guess.c looks at rows, map_label.c knows what a label may mean,
 * map_head.c finds the header of a spreadsheet, map_propose.c writes the map.
 */
#ifndef KZ_MONITOR_MAP_GUESS_H
#define KZ_MONITOR_MAP_GUESS_H

#include "monitor/table_reader.h"

enum { GUESS_ROWS = 200000, GUESS_TEXTS = 4096, GUESS_LEVELS = 64 };

/* What was seen in one column. */
typedef struct guess_column {
    int64_t  filled, numbers, signs, negative;
    int      decimals;          /* most that a number has  */
    double   least, most;
    bool     percent;           /* "12 %"                  */
    kz_number_column style;
    kz_dict  texts;             /* distinct ones, trimmed  */
    bool     many;              /* more than GUESS_TEXTS   */
} guess_column;

typedef struct guess {
    kz_job  *job;
    reader  *r;                 /* knows our areas         */
    guess_column *columns;
    size_t   area, area_name, period, label, value; /* SIZE_MAX: none */
    bool     by_name;           /* the area column has names            */
    bool     wide;
    int      level;             /* of most keys            */
    kz_period_form form;
    bool    *delivers;          /* by measure: the source may bring it  */
    int64_t  rows;
} guess;

/* map_guess.c */
KZ_MUST_USE kz_status guess_look(guess *g, kz_err *err);
KZ_MUST_USE kz_status guess_choose(guess *g, kz_err *err);
/* The area whose key this is, on any level; -1.  `zeros`: lost ones may be put back. */
int guess_area_by_key(const guess *g, kz_view key, bool zeros);
/* The only area of that name; -1. */
int guess_area_by_name(const guess *g, kz_view name);
bool guess_is_number(const guess_column *c);
/* "Einwohner 2012" is "Einwohner {zeitraum}"; false when no period of the form stands in it. */
bool guess_period_in(kz_period_form form, kz_view name, kz_buf *label, kz_view *period);

/* map_label.c: which measures may come at all; */
KZ_MUST_USE kz_status guess_deliverable(guess *g, kz_err *err);
/* the measure that a label means, of those that the source delivers; -1. */
int guess_measure(const guess *g, kz_view label);
/* A code for a measure of its own: "Grünfläche je Kopf" is gruenflaeche_je_kopf. */
void guess_code(kz_view label, char out[static 41]);
/* Unit of a measure of its own, by its label and its values. */
const char *guess_unit(kz_view label, const guess_column *c);

/* map_head.c: the table of a spreadsheet whose header nobody has described. */
KZ_MUST_USE kz_status guess_sheet(kz_job *job, kz_err *err);

#endif
