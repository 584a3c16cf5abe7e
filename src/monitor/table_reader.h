/*
 * table_reader.h - what the files that make cells of rows share.
 *
 * Not for other modules.  table_read.c takes rows apart, table_values.c the columns with values in
 * them, table_aside.c knows the rows that are no data.
 */
#ifndef KZ_MONITOR_TABLE_READER_H
#define KZ_MONITOR_TABLE_READER_H

#include "base/dict.h"
#include "monitor/count.h"
#include "monitor/table_job.h"

/* UNKNOWN and what follows stand where an index would. */
enum { UNKNOWN = -1, LEFT_OUT = -2, TOTAL = -3, HEADER = -4 };

/* What a distinct text of a column turned out to be. */
typedef struct key_ref {
    int      at; /* index of area, measure or period, or one of the above */
    uint32_t line;
    int64_t  rows;
    bool     zeros; /* areas: found when lost zeros were put back */
    kz_view  name; /* areas: as the first row names it */
} key_ref;

/* A column with values: the only one of a long table, one of many of a wide one. */
typedef struct value_column {
    size_t at;
    int measure; /* index, or UNKNOWN: the row says it */
    int period;  /* index, or UNKNOWN: the row says it */
    kz_number_style style;
} value_column;

typedef struct reader {
    kz_job  *job;
    size_t   area, area_name, period, measure[2]; /* columns; SIZE_MAX: none */
    size_t   n_values;
    value_column *values;
    kz_dict  area_keys, measure_keys, period_keys, our_areas;
    key_ref *area_refs, *measure_refs, *period_refs;
    int     *our_area; /* by number in our_areas */
    int      fixed_period; /* index, when no column says it */
    kz_period only;        /* --period, code "" when there is none */
    int64_t  hidden_rows, hidden_line;
    uint8_t *is_private; /* kz_private, by column */
    size_t   said_area; /* area and period of the last finding about it */
    int64_t  unseen, unseen_line; /* texts with characters that nobody sees */
    size_t   unseen_column;
    int64_t  missing, missing_line;
    size_t   missing_column;
    kz_buf   scratch;
} reader;

/* "" for SIZE_MAX */
const char *reader_column_name(const kz_job *job, size_t column);
/* The index of a period that the text means; UNKNOWN when it means none. */
int reader_add_period(kz_job *job, kz_view text);

/* A text without characters that nobody sees (zero width, overrides of direction); counts what it drops. */
kz_view reader_clean(reader *r, kz_view v, uint64_t line, size_t column);

/* table_area.c: keys to areas. */
KZ_MUST_USE kz_status reader_load_areas(reader *r, kz_err *err);
KZ_MUST_USE kz_status reader_see_area(reader *r, const kz_row *row, key_ref **ret, kz_err *err);
KZ_MUST_USE kz_status reader_take_area(reader *r, const kz_row *row, key_ref *ref, kz_err *err);
/* The area of that key on the reference day of the period; a finding and UNKNOWN when it is not there then. */
int reader_area_of_period(reader *r, const kz_row *row, int area, int period);
void reader_report_areas(reader *r);

/* table_values.c: which columns hold values, and how their numbers are written. */
KZ_MUST_USE kz_status reader_find_values(reader *r, kz_err *err);
KZ_MUST_USE kz_status reader_find_styles(reader *r, kz_err *err);
/* One value of a row; a finding and false when it is none. */
bool reader_take_value(reader *r, const kz_row *row, const value_column *v, const kz_measure *m, kz_value *ret);
/* A row without any value, which is not even a sign. */
bool reader_no_values(const reader *r, const kz_row *row);
bool reader_is_value(const reader *r, size_t column);

/* table_dropped.c */
bool reader_uses(const reader *r, size_t column);
KZ_MUST_USE kz_status reader_see_private(reader *r, kz_err *err);
void reader_report_dropped(const reader *r);

/* table_aside.c */
/* A row that is no data: a footnote, numbers of columns; said as a notice. */
bool reader_sets_aside(reader *r, const kz_row *row);
/* TOTAL, HEADER or UNKNOWN for a key that no rule knows. */
int reader_no_area(const reader *r, kz_view key);
/* What is hidden in a spreadsheet, columns that were not taken, an encoding that was guessed. */
KZ_MUST_USE kz_status reader_report_table(const reader *r, kz_err *err);

#endif
