/*
 * table_job.h - one import on its way: what the steps of table_import.c share.
 *
 * Not for other modules.  Steps, a file each: table_map.c (which map), table_read.c
 * (rows to cells), table_check.c (do the cells agree), table_store.c (write, undo).
 */
#ifndef KZ_MONITOR_TABLE_JOB_H
#define KZ_MONITOR_TABLE_JOB_H

#include "monitor/cell.h"
#include "monitor/mapfile.h"
#include "monitor/measure.h"
#include "monitor/sheet_table.h"
#include "monitor/source.h"
#include "monitor/table_import.h"
#include "monitor/table_rows.h"

enum {
    JOB_ARENA_BYTES = 256 << 20,
    JOB_BOOK_BYTES = 768 << 20,
    JOB_FILE_BYTES = 1 << 30,
    JOB_CELLS_MOST = 16 << 20, /* 32 bytes each */
    JOB_KEYS_MOST = 1 << 16,   /* distinct areas or labels */
    JOB_PERIODS_MOST = 512,
};

typedef struct job_level {
    int64_t     id;
    const char *code, *one;
    int         n_areas, only; /* `only`: the last area seen, good when n_areas is 1 */
} job_level;

typedef struct job_area {
    int64_t     id;
    const char *key, *name;
    const char *from, *to;     /* valid, ISO days; "": open */
    int         level, parent; /* indices; parent -1: none */
    int         other;         /* the area that had this key at another time; -1: none */
} job_area;

typedef struct job_period {
    kz_period is;
    int64_t id;    /* set when it is written                              */
    int     other; /* of the file: its index in `stored`; and back; -1: none */
} job_period;

/* A period in the file, in the workspace, or in both: indices, -1: not there. */
typedef struct job_when {
    int file, stored;
} job_when;

typedef enum job_change { JOB_NEW, JOB_SAME, JOB_CHANGED } job_change;

/* A value of the file in our own terms; indices, not ids. */
typedef struct job_cell {
    uint32_t measure, period, area, line;
    int64_t  value; /* KZ_NO_VALUE: a sign without a number */
    uint16_t column; /* of the table, where the value stands */
    uint8_t  state; /* kz_cell_state */
    uint8_t  change;
} job_cell;

/* All areas of one measure and period. */
typedef struct job_run {
    size_t from, n;
} job_run;

typedef struct kz_job {
    kz_workspace *ws;
    const kz_import_order *order;
    kz_findings *found;
    kz_import_result *res;
    kz_arena arena;

    kz_source source;
    kz_mapfile map;
    const char *map_text;
    size_t      map_text_n;
    char        header[65]; /* fingerprint of the column names */
    const kz_measures *measures; /* of the map: ours and its own */

    kz_buf bytes, packed;  /* packed: as the file came, when `bytes` was unpacked from it */
    kz_arena book_arena;   /* cells of a spreadsheet */
    kz_book  book;         /* n_sheets 0: the file is a text */
    kz_sheet_table table;
    kz_rows  rows;

    int n_levels, n_areas; /* levels by rank, areas by id */
    job_level *levels;
    job_area  *areas;
    int n_periods;
    job_period *periods;

    size_t    n_cells, cells_cap;
    job_cell *cells;       /* in order of measure, period, area once they are checked */
    job_run  *runs;        /* [measure][period]: where its cells are                  */

    int64_t  *measure_ids; /* 0: not stored yet                    */
    kz_stmt   ask_stored;  /* values of a measure in a period, by area */
    int n_stored;
    job_period *stored;    /* periods of the workspace, by day     */
} kz_job;

void kz_job_done(kz_job *job);

/* Read the file; unpack it, and if it is a spreadsheet read its cells. */
KZ_MUST_USE kz_status kz_job_bytes(kz_job *job, kz_err *err);
/* Find and parse the map, open the table with it. */
KZ_MUST_USE kz_status kz_job_open(kz_job *job, kz_err *err);
/* Name of the column a value stands in, for a finding. */
const char *kz_job_column(const kz_job *job, const job_cell *c);

/* Rows to cells; findings for everything that cannot be read. */
KZ_MUST_USE kz_status kz_job_read(kz_job *job, kz_err *err);
/* Sort, drop doubles, parts of areas against totals. */
KZ_MUST_USE kz_status kz_job_check(kz_job *job, kz_err *err);
/* Was this very file imported before? */
KZ_MUST_USE kz_status kz_job_refuse_again(kz_job *job, kz_err *err);
/* What is new against the workspace.  Reads only. */
KZ_MUST_USE kz_status kz_job_compare(kz_job *job, kz_err *err);
/* Wholes against their parts (data/relations.tsv), also where the other one is stored already. */
KZ_MUST_USE kz_status kz_job_check_relations(kz_job *job, kz_err *err);
/* What is unlike the last period (docs/methods/pruefung.md). */
KZ_MUST_USE kz_status kz_job_check_change(kz_job *job, kz_err *err);

/* Values of a measure in a period by area: those of the file, else those that are stored.  Nothing is filled in
 * when there is none (`any` is false). */
typedef struct job_known {
    int64_t *value;        /* KZ_NO_VALUE: none                  */
    const job_cell **from; /* where it stands; NULL: not in the file */
    bool in_file, any;
} job_known;
KZ_MUST_USE kz_status kz_job_known_make(kz_job *job, job_known *ret, kz_err *err);
KZ_MUST_USE kz_status kz_job_known(kz_job *job, int measure, job_when when, job_known *ret, kz_err *err);
static inline job_when kz_job_when(const kz_job *job, int period)
{
    return (job_when){ period, job->periods[period].other };
}
/* Everything, in the transaction at hand. */
KZ_MUST_USE kz_status kz_job_write(kz_job *job, kz_tx *tx, kz_err *err);

/* Is the area there on the reference day of the period? */
bool kz_job_area_valid(const kz_job *job, int area, int period);

/* Names that differ in case, punctuation or a word more ("Stadt Köln", "Altstadt/Süd"). */
bool kz_job_same_name(kz_view a, kz_view b);
/* What an unknown key or label may have meant; -1 and NULL: no idea. */
int kz_job_like_area(const kz_job *job, int level, const char *key, kz_view name);
const kz_measure_rule *kz_job_like_measure(const kz_job *job, kz_view label);

/* "12", "6,38", ".": a value of a measure as it may stand in a table. */
const char *kz_job_value_text(const kz_job *job, uint32_t measure, int64_t value, int state, char out[48]);
static inline const char *kz_job_cell_text(const kz_job *job, const job_cell *c, char out[48])
{
    return kz_job_value_text(job, c->measure, c->value, c->state, out);
}
/* The same as an argument of a message; whole numbers are grouped by the message. */
kz_arg kz_job_sum(const kz_job *job, const char *name, int measure, int64_t value, char text[48]);
/* Column of the file or sheet, from 1, for a column of the table. */
int64_t kz_job_place(const kz_job *job, size_t column);

#endif
