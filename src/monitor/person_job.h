/*
 * person_job.h - one import of person rows on its way: what the steps of person_import.c share.
 *
 * Not for other modules.  Steps, a file each: person_file.c (bytes, header, sheet), person_columns.c (which
 * column is which), person_places.c (areas, institutions), person_keys.c (pseudonyms), person_text.c (blocks of a
 * text) and person_sheet.c (rows of a sheet) through person_cells.c (fields to values), person_tell.c (what went
 * wrong where), person_check.c (doubles, last period), person_store.c (write).
 *
 * A row has a slot: its line in the file, from the first below the header.  Columns are arrays over slots, asked
 * from the machine page by page as they fill; slots without a row are closed up at the end.  Threads write to slots
 * of their own blocks and to nothing else, so the result does not depend on how many there are.
 */
#ifndef KZ_MONITOR_PERSON_JOB_H
#define KZ_MONITOR_PERSON_JOB_H

#include "base/date.h"
#include "base/dict.h"
#include "base/sha256.h"
#include "io/csv.h"
#include "io/sheetfile.h"
#include "monitor/gazetteer.h"
#include "monitor/import.h"
#include "monitor/person_map.h"
#include "monitor/person_memo.h"
#include "monitor/privacy_columns.h"

#include <pthread.h>

enum {
    PERSON_ARENA_BYTES = 256 << 20,
    PERSON_BOOK_BYTES = 768 << 20,
    PERSON_ROWS_MOST = 100 * 1000 * 1000,
    PERSON_COLUMNS_MOST = 128,  /* of a source                                  */
    PERSON_KEYS_MOST = 1 << 20, /* distinct areas or institutions               */
    PERSON_SAMPLE_BYTES = 1 << 20,
    PERSON_AGE_MOST = 120,      /* years; beyond it is a mistake                */
};
#define PERSON_MEMORY_MOST ((size_t)4 << 30) /* of a text that must be unpacked or decoded */

/* What can be wrong with a row or cell; person_tell.c has rule and severity. */
typedef enum person_fault {
    FAULT_FIELDS, FAULT_QUOTE, FAULT_LONG, FAULT_DATE, FAULT_BORN_LATER, FAULT_AGE_OLD, FAULT_AGE_ODD,
    FAULT_NUMBER, FAULT_RANGE, FAULT_SINCE_LATER, FAULT_DAY_OUTSIDE, FAULT_NO_ID, FAULT_STREET, FAULT_HOUSE,
    FAULT_POSTCODE, FAULT_NO_ADDRESS, FAULT_AMBIGUOUS, FAULT_DOUBLE, N_FAULTS
} person_fault;

enum { FAULTS_KEPT = KZ_FINDINGS_PER_RULE, FAULT_VALUE = 47 };

/* A place with a fault.  `value` is empty when it could say who somebody is. */
typedef struct person_trouble {
    uint64_t line;
    int32_t  column; /* of the file, -1: the row */
    int32_t  number; /* fields found …           */
    uint8_t  n;
    char     value[FAULT_VALUE];
} person_trouble;

/* A text that is no code, key or area of ours. */
typedef struct person_strange {
    uint64_t line, rows;
} person_strange;

/* A column of ours on its way into the segment. */
typedef struct person_column {
    const kz_source_column *is;
    size_t at;          /* column of the file; SIZE_MAX: it has none               */
    kz_source_how how;
    const char *level;  /* of an area                                              */
    bool hide;          /* its values are in no message                            */
    kz_view name;       /* in the file                                             */
    /* One of these over slots. */
    uint8_t  *code8;
    uint32_t *code32;
    int32_t  *i32;
    int64_t  *i64;
    /* KEY and AREA: distinct texts of all threads; 0 is "". */
    kz_dict keys;
    /* Where the texts are in the segment. */
    uint32_t n_dict;
    const kz_view *dict;
} person_column;

/* What one thread knows by itself. */
typedef struct person_worker {
    struct person_job *job;
    person_memo *memos;       /* of each column                                    */
    person_memo addresses, periods;
    kz_arena arena;
    kz_dict *strange;         /* of each column: texts nobody knows                */
    person_strange *strange_rows[PERSON_COLUMNS_MOST];
    kz_buf scratch;           /* the parts of an address, the code of an area      */
    kz_buf cells;             /* a row of a sheet                                  */
    int64_t faults[N_FAULTS];
    uint32_t n_trouble[N_FAULTS];
    person_trouble *trouble[N_FAULTS];
    int64_t rows, kept, empty, other_period, unknown_age, unknown_area, address_odd;
    kz_status st;
    kz_err err;
} person_worker;

typedef struct person_key {
    unsigned char secret[16];
    bool fresh;
} person_key;

typedef struct person_job {
    kz_workspace *ws;
    const kz_import_order *order;
    kz_findings *found;
    kz_import_result *res;
    kz_arena arena, book_arena;
    kz_source source;
    kz_privacy privacy;
    kz_person_map map;
    const char *map_text;
    size_t map_text_n;
    char header_print[65];
    bool proposing;         /* only the map is wanted                              */

    /* person_file.c */
    int fd;                 /* -1: the bytes are in `bytes`                        */
    uint64_t file_bytes;
    kz_buf bytes;
    kz_book book;           /* n_sheets 0: a text                                  */
    const kz_sheet *sheet;
    uint32_t first_row;
    const uint32_t *sheet_columns;
    kz_csv csv;             /* dialect and header; over all bytes or the first ones */
    uint64_t body;          /* where rows begin: byte of the file or of `text`     */
    kz_view  text;          /* decoded rows when they are in memory                */
    uint64_t first_line;
    size_t n_file_columns;
    const kz_view *header;
    kz_sha256 sha;

    /* person_columns.c */
    int n_columns;
    person_column columns[PERSON_COLUMNS_MOST]; /* what the segment holds          */
    size_t at_period, at_day, at_street, at_house, at_suffix, at_postcode;
    int at_area;            /* index in columns, -1: none                          */
    bool has_person, has_household;
    kz_private_seen *seen;  /* in the first rows, of each column of the file       */
    kz_view first_period;   /* what the first row says                            */
    bool addresses;         /* areas come from addresses                           */
    int n_used;             /* columns of the file that are looked at              */
    size_t used[PERSON_COLUMNS_MOST + 8];

    /* the period */
    char period[16], day_text[16];
    int64_t period_id;
    kz_date day;            /* reference day                                       */
    int year;               /* of the period                                       */

    struct person_places *places;
    kz_gazetteer_ref gazetteer;
    person_key person_key, household_key;

    pthread_mutex_t lock;   /* of shared dictionaries                              */
    size_t block;           /* bytes that are taken at once; 0: 1 MiB; less for tests */
    int n_workers;
    person_worker *workers;
    uint64_t slots, slots_most; /* lines seen; at most                             */
    uint64_t slots_room;        /* of the arrays there are                         */
    uint8_t *kept;          /* 1: the slot holds a row                             */
    uint64_t n_rows;
    char segment[16];       /* its name in facts/                                  */
} person_job;

/* person_file.c */
KZ_MUST_USE kz_status person_open(person_job *job, kz_err *err);
KZ_MUST_USE kz_status person_open_again(person_job *job, kz_err *err);
KZ_MUST_USE kz_status person_open_whole(person_job *job, kz_err *err);
void person_close(person_job *job);
/* person_columns.c: the map; then which column is which. */
KZ_MUST_USE kz_status person_take_named(person_job *job, kz_err *err);
KZ_MUST_USE kz_status person_find_map(person_job *job, kz_err *err);
KZ_MUST_USE kz_status person_bind_columns(person_job *job, kz_err *err);
/* When the areas of the period are known. */
KZ_MUST_USE kz_status person_bind_area(person_job *job, kz_err *err);
void person_tell_columns(person_job *job);
/* The map that was used, with what is missing as comments, into the result. */
KZ_MUST_USE kz_status person_write_map(person_job *job, kz_err *err);
/* person_period.c */
KZ_MUST_USE kz_status person_find_period(person_job *job, kz_err *err);
bool person_is_period(const person_job *job, kz_view text);
/* person_places.c */
KZ_MUST_USE kz_status person_load_places(person_job *job, kz_err *err);
/* "level:key" of an area that is there on the reference day. */
bool person_is_place(const person_job *job, kz_view code);
/* Larger is finer; -1: the workspace has no area of this level. */
int person_level_rank(const person_job *job, const char *level);
/* What the text of an area column means: UNKNOWN is a mistake, OUTSIDE is meant so. */
typedef enum person_area { PERSON_AREA_KNOWN, PERSON_AREA_OUTSIDE, PERSON_AREA_UNKNOWN } person_area;
person_area person_area_of(const person_job *job, const person_column *c, kz_view text, kz_buf *code);
/* A key that differs by zeros at its begin, for a message: "level:key". */
bool person_area_like(const person_job *job, const char *level, kz_view key, kz_buf *like);
/* An area of this key at another time: until when or from when, and what became of it. */
typedef struct person_then {
    bool ended;
    kz_buf name, day, heirs;
} person_then;
bool person_area_then(const person_job *job, const char *level, kz_view key, person_then *ret);
/* person_keys.c */
KZ_MUST_USE kz_status person_load_keys(person_job *job, kz_err *err);
KZ_MUST_USE kz_status person_save_keys(person_job *job, kz_err *err);
void person_drop_keys(person_job *job);
void person_forget_keys(person_job *job);
int64_t person_pseudonym(const person_key *key, kz_view id);

/* person_text.c, person_sheet.c: all rows through person_take_row. */
KZ_MUST_USE kz_status person_read_text(person_job *job, kz_err *err);
KZ_MUST_USE kz_status person_read_sheet(person_job *job, kz_err *err);
/* person_import.c: room for the columns, empty. */
KZ_MUST_USE kz_status person_start(person_job *job, kz_err *err);
void person_drop_columns(person_job *job);
/* person_cells.c.  Fields of the file; bytes up to 16 behind the last one may be read. */
KZ_MUST_USE kz_status person_workers_begin(person_job *job, int n, kz_err *err);
void person_workers_end(person_job *job);
void person_take_row(person_worker *w, kz_view *field, uint64_t line);

/* person_tell.c */
void person_note(person_worker *w, person_fault fault, uint64_t line, size_t column, kz_view value, int number);
KZ_MUST_USE kz_status person_tell_all(person_job *job, kz_err *err);
const char *person_column_name(person_job *job, const person_column *c);

/* person_check.c */
KZ_MUST_USE kz_status person_check(person_job *job, kz_err *err);
/* person_store.c */
KZ_MUST_USE kz_status person_refuse_again(person_job *job, kz_err *err);
KZ_MUST_USE kz_status person_write(person_job *job, kz_err *err);

#endif
