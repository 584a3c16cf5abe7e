/*
 * source.h - where data comes from: what a source delivers and what may be done with it.
 *
 * One small file a source in data/sources/ (built into the program) says which columns are expected,
 * what is dropped, whether rows are persons or counts, purpose, legal basis, retention and the rule
 * against disclosure.
 *
 *     kz_source s;
 *     KZ_TRY(kz_source_load("ewo", &arena, &s, err));
 *     use(s.title, s.profile);
 *     for (int i = 0; i < s.n_columns; i++)
 *         if (s.columns[i].kept) use(s.columns[i].name, s.columns[i].kind, s.columns[i].codes);
 *
 * The file is a table of four columns (field, name, type, text), a line an entry:
 *   title rows time office purpose legal retention profile   once each; `rows` is table or persons
 *   family     key of the pseudonyms; sources of one family get the same ones (default: the id)
 *   address    gazetteer (becomes an area) | dropped | refused (a file with addresses is refused whole)
 *   unique     the column that may hold a value once a period; error | warning
 *   column     name and type; a ? behind the type: may be absent.  Types of person rows:
 *              area person household  birth LO..HI (years)  int LO..HI  code yesno  key:LEVEL
 *              and, read but never kept: address  day (of the event or examination)  period
 *              Types of tables: key period label count number text
 *   measure    a measure that a table delivers (data/measures.tsv)
 *   dropped    a column that is known and never taken; `*` stands for all that nothing else names
 *   header     names that offices give to the column or measure, parted by |; type says how it is delivered:
 *              nothing: as it is; of an area: its level; of an int: months_since, years_since (a date or
 *              month, counted to the reference day of the row)
 *   code       of a coded column: the code (empty: no answer) and its spellings, parted by |
 * Spellings are compared folded (kz_source_fold): case, umlauts, signs between words do not count.
 *
 * Texts belong to the arena.  No state; safe from any thread.  Loading is O(bytes log bytes).
 */
#ifndef KZ_MONITOR_SOURCE_H
#define KZ_MONITOR_SOURCE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/view.h"

typedef enum kz_source_rows { KZ_ROWS_TABLE, KZ_ROWS_PERSONS } kz_source_rows;

/* What a period of the source is; the day is month and day of kz_source. */
typedef enum kz_source_time {
    KZ_SOURCE_DAY,         /* a state at a day of the year: 31.12.2024 is period 2024            */
    KZ_SOURCE_YEAR,        /* events of a calendar year                                          */
    KZ_SOURCE_SCHOOL_YEAR, /* 2024/25; the day lies in its first year                            */
    KZ_SOURCE_ENTRY_YEAR,  /* a cohort named by its year                                         */
} kz_source_time;

typedef enum kz_source_address { KZ_ADDRESS_DROPPED, KZ_ADDRESS_GAZETTEER, KZ_ADDRESS_REFUSED } kz_source_address;

typedef enum kz_source_kind {
    KZ_SRC_AREA,      /* "level:key" in the segment                        */
    KZ_SRC_PERSON,    /* keyed pseudonym, 0: none                          */
    KZ_SRC_HOUSEHOLD, /* the same                                          */
    KZ_SRC_BIRTH,     /* age_months: completed months, -1 unknown          */
    KZ_SRC_CODE,      /* one of `codes`, "" no answer; yes/no are codes too */
    KZ_SRC_KEY,       /* key of an institution, an area of `level`         */
    KZ_SRC_INT,       /* lo..hi, INT32_MIN unknown                         */
    KZ_SRC_ADDRESS,   /* street, number, suffix, postcode: never kept      */
    KZ_SRC_EVENT_DAY, /* reference day of the row: never kept              */
    KZ_SRC_PERIOD,    /* rows of another period are left out: never kept   */
    KZ_SRC_DROPPED,   /* known and never taken                             */
    KZ_SRC_TABLE,     /* column of a table of counts                       */
    KZ_SRC_MEASURE,   /* measure of a table of counts                      */
} kz_source_kind;

/* How a header delivers the column. */
typedef enum kz_source_how { KZ_HOW_PLAIN, KZ_HOW_LEVEL, KZ_HOW_MONTHS_SINCE, KZ_HOW_YEARS_SINCE } kz_source_how;

/* Names that lead to a column, folded (kz_source_fold), and as written. */
typedef struct kz_source_header {
    kz_source_how how;
    const char *level; /* of an area, else "" */
    int n;
    const char *const *names, *const *folded;
} kz_source_header;

/* The code "" has the spellings of "no answer". */
typedef struct kz_source_code {
    const char *code;
    int n;
    const char *const *names, *const *folded;
} kz_source_code;

typedef struct kz_source_column {
    const char *name, *type, *text; /* type as written                            */
    kz_source_kind kind;
    bool kept;      /* stands in the segment (persons) or table                   */
    bool optional;  /* the column may be absent in a delivery                     */
    bool yes_no;
    const char *level;  /* KEY                                                    */
    int lo, hi;         /* INT; BIRTH: years beyond which an age is implausible   */
    int n_codes;
    const kz_source_code *codes;
    int n_headers;
    const kz_source_header *headers;
} kz_source_column;

/* A line of the file: `column area key Schlüssel des Gebiets`. */
typedef struct kz_source_field {
    const char *field, *name, *type, *text;
} kz_source_field;

typedef struct kz_source {
    const char *id, *title;
    kz_source_rows rows;
    kz_source_time time;
    int month, day;          /* reference day of a period                         */
    int retention_years;     /* 0: no limit                                       */
    kz_source_address address;
    const char *family;      /* key of the pseudonyms                             */
    const char *unique;      /* name of a column, NULL: none                      */
    bool unique_is_error;
    const char *profile; /* rule against disclosure: data/disclosure_profiles.tsv */
    int n_columns;
    const kz_source_column *columns;
    int n_fields;
    const kz_source_field *fields; /* everything, in the order of the file        */
} kz_source;

/* KZ_E_MISSING: there is no such source; the message lists those there are. */
KZ_MUST_USE kz_status kz_source_load(const char *id, kz_arena *a, kz_source *ret, kz_err *err);
/* The same of a text. KZ_E_INPUT: file, line and what is wrong there. */
KZ_MUST_USE kz_status kz_source_parse(const char *id, const char *file, const char *text, size_t n, kz_arena *a,
                                      kz_source *ret, kz_err *err);
/* The ids of all sources in order, ended by NULL. */
KZ_MUST_USE kz_status kz_source_ids(kz_arena *a, const char *const **ret, kz_err *err);

/* NULL: the source has no such column. */
const kz_source_column *kz_source_column_find(const kz_source *s, const char *name);
/* The column that a name of a file means, and how it delivers it; NULL: none. */
const kz_source_column *kz_source_header_find(const kz_source *s, kz_view name, const kz_source_header **how);
/* The code that a text of a file means, "" for no answer (k. A., unbekannt …); NULL: none. */
const char *kz_source_code_find(const kz_source_column *c, kz_view text);

/* Lower case, without white space at the ends; ä ae, ß ss.  Names of columns (`name`) also lose all between
 * words: "Haus-Nr." is "hausnr". */
void kz_source_fold(kz_buf *out, kz_view v, bool name);

#endif
