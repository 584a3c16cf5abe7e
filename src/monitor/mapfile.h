/*
 * mapfile.h - how a file of an office becomes our areas, periods and measures.
 *
 * A map file is plain text that staff edit (docs/zuordnung.md, German): which
 * columns there are, how an area key of the file leads to level and key, which
 * label is which measure, how numbers are written.  A free table may define measures of
 * its own, with unit and decimals.
 *
 *     kz_mapfile m;
 *     KZ_TRY(kz_mapfile_parse("koeln.map", text, n, &arena, &m, err));
 *     kz_area_target to;
 *     if (kz_mapfile_area(&m, kz_view_of("007"), &to)) use(to.rule->level, to.key);
 *
 * Strict: every mistake is KZ_E_INPUT with file, line, value and remedy; the
 * first one ends the parse.  Texts belong to the arena.  No state.  Parsing is
 * O(bytes), a look-up O(rules): callers look a distinct key up once.
 */
#ifndef KZ_MONITOR_MAPFILE_H
#define KZ_MONITOR_MAPFILE_H

#include "base/arena.h"
#include "base/decode.h"
#include "base/parse.h"
#include "base/view.h"
#include "monitor/count.h"
#include "monitor/period_form.h"

enum { KZ_MAP_BYTES = 1 << 20, KZ_MAP_RULES = 10000, KZ_AREA_KEY_MAX = 128 };

/* `00? = stadtbezirk:?`: ? is exactly one character, * is one or more. */
typedef struct kz_area_rule {
    const char *pattern; /* as written                                       */
    const char *level;   /* folded; NULL: rows of this area are left out     */
    const char *key;     /* may hold the wildcard; NULL: the level's only area */
    const char *reason;  /* why rows are left out, else NULL                  */
    int line;
} kz_area_rule;

/* `020 | 00 - < 03 = age_00_03` */
typedef struct kz_measure_rule {
    const char *label[2]; /* as written; [1] is NULL when one column says it  */
    const char *folded[2];
    int measure;          /* index in `known`, -1: left out                   */
    const char *reason;
    int line;
} kz_measure_rule;

/* `Einwohner {zeitraum} = pop`: a column that holds values in a wide table. */
typedef struct kz_column_rule {
    const char *label;    /* as written                                      */
    const char *before, *behind; /* folded, around {zeitraum}; behind NULL: no period in it */
    int measure;          /* index in `known`, -1: left out, -2: the row says it */
    const char *reason;
    int line;
} kz_column_rule;

typedef struct kz_mapfile {
    const char *source;      /* id in data/sources                     */
    bool wide;               /* several values a row: [wertspalten]    */
    const char *sheet;       /* of a spreadsheet; NULL: the one that fits */
    kz_encoding encoding;    /* KZ_ENC_FIND: find out                  */
    char        delimiter;   /* 0: find out                            */
    const char *area, *area_name, *period, *value; /* column names; area_name, period may be NULL,
                                                      value is in a wide table */
    const char *measure[2];  /* [1] may be NULL; in a wide table both  */
    kz_period_form form;
    int  month, day;         /* reference day of a year                */
    kz_number_style numbers; /* KZ_NUM_POINT or KZ_NUM_COMMA; KZ_NUM_ASK: each column proves its own */
    kz_signs signs;          /* official table signs may stand for a number */
    bool sum_rows;           /* several rows of one place are added up  */
    int  n_missing, n_dropped, n_own;
    const char *const *missing; /* texts that say: there is no value; "" for an empty field */
    const char *const *dropped; /* columns that nobody needs, folded; "*": all that are not named */
    const kz_measures *known;   /* the program's measures, and behind them the map's own */
    int  n_areas, n_measures, n_columns;
    const kz_area_rule    *areas;
    const kz_measure_rule *measures;
    const kz_column_rule  *columns;
} kz_mapfile;

KZ_MUST_USE kz_status kz_mapfile_parse(const char *file, const char *text, size_t n, kz_arena *a,
                                       kz_mapfile *ret, kz_err *err);

typedef struct kz_area_target {
    const kz_area_rule *rule;
    bool has_key;
    char key[KZ_AREA_KEY_MAX]; /* the rule's key with the wildcard filled in */
} kz_area_target;

/* First rule that fits the key of a file; false when none does. */
KZ_MUST_USE bool kz_mapfile_area(const kz_mapfile *m, kz_view key, kz_area_target *ret);
/* First rule that fits folded labels (the second is ignored when one column
 * says it); NULL when none does. */
const kz_measure_rule *kz_mapfile_measure(const kz_mapfile *m, const char *first, const char *second);
/* First rule that fits the folded name of a column, and what stands for {zeitraum}; NULL when none does. */
const kz_column_rule *kz_mapfile_column(const kz_mapfile *m, kz_view folded, kz_view *period);

#endif
