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
    int         level, parent; /* indices; parent -1: none */
} job_area;

typedef struct job_period {
    kz_period is;
    int64_t id; /* set when it is written */
} job_period;

typedef enum job_change { JOB_NEW, JOB_SAME, JOB_CHANGED } job_change;

/* A count of the file in our own terms; indices, not ids. */
typedef struct job_cell {
    uint32_t measure, period, area, line;
    int64_t  value; /* -1: a sign without a number */
    uint16_t column; /* of the table, where the value stands */
    uint8_t  state; /* kz_cell_state */
    uint8_t  change;
} job_cell;

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
    const kz_measures *measures;

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
    job_cell *cells;
} kz_job;

void kz_job_done(kz_job *job);

/* Find and parse the map, open the table with it. */
KZ_MUST_USE kz_status kz_job_open(kz_job *job, kz_err *err);
/* Name of the column a value stands in, for a finding. */
const char *kz_job_column(const kz_job *job, const job_cell *c);

/* Rows to cells; findings for everything that cannot be read. */
KZ_MUST_USE kz_status kz_job_read(kz_job *job, kz_err *err);
/* Sort, drop doubles, sums against totals. */
KZ_MUST_USE kz_status kz_job_check(kz_job *job, kz_err *err);
/* Was this very file imported before? */
KZ_MUST_USE kz_status kz_job_refuse_again(kz_job *job, kz_err *err);
/* What is new against the workspace, and unless it is a dry run: write it. */
KZ_MUST_USE kz_status kz_job_write(kz_job *job, kz_err *err);

/* Names that differ in case, punctuation or a word more ("Stadt Köln", "Altstadt/Süd"). */
bool kz_job_same_name(kz_view a, kz_view b);
/* What an unknown key or label may have meant; -1 and NULL: no idea. */
int kz_job_like_area(const kz_job *job, int level, const char *key, kz_view name);
const kz_measure_rule *kz_job_like_measure(const kz_job *job, kz_view label);

/* "12", "." …: a cell as it may stand in a table. */
const char *kz_job_cell_text(const job_cell *c, char out[32]);

#endif
