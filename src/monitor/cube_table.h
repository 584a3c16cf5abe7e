/*
 * cube_table.h - the columns of a table of text, ready to be counted.
 *
 *     kz_cube_ask ask = { .n_by = 2, .by = { "raum", "alter" }, .distinct = "person", .sum = "euro" };
 *     ask.hier[0] = "raum.csv";
 *     kz_cube_table t;
 *     KZ_TRY(kz_cube_table_read("zeilen.csv", &ask, &t, err));
 *     kz_cube_job job = kz_cube_table_job(&t);
 *     ...
 *     kz_cube_table_done(&t);
 *
 * Values of dimensions and persons are texts without their outer spaces; an empty value is
 * a value of a dimension, but nobody as a person, and nothing in a sum.  Numbers are
 * read as in parse.h; where a table with commas between its columns leaves open what a point
 * means, it is the decimal point.  Sums are exact: numbers with up to nine decimals become whole
 * numbers of their smallest unit, `decimals` says of which.
 *
 * Owns its memory: the file while reading, then 1 to 4 bytes a row and column, 8 for sums.
 * One pass over the file, two with a sum.  Not for sharing between threads.
 */
#ifndef KZ_MONITOR_CUBE_TABLE_H
#define KZ_MONITOR_CUBE_TABLE_H

#include "monitor/cube.h"
#include "monitor/cube_tree.h"

typedef struct kz_cube_ask {
    int         n_by;
    const char *by[KZ_CUBE_DIMS_MAX], *hier[KZ_CUBE_DIMS_MAX]; /* hier: a file or NULL */
    const char *distinct, *sum;                                /* NULL: none           */
} kz_cube_ask;

typedef struct kz_cube_table {
    kz_arena     arena; /* names, labels, trees */
    uint64_t     n_rows, n_nobody, n_no_value;  /* rows; those without person; without number */
    int          n_by, decimals;
    const char  *name[KZ_CUBE_DIMS_MAX];
    kz_cube_tree tree[KZ_CUBE_DIMS_MAX];
    kz_cube_dim  dim[KZ_CUBE_DIMS_MAX];
    uint32_t    *codes[KZ_CUBE_DIMS_MAX], *person; /* narrowed in place to what .dim says */
    int64_t     *value;
} kz_cube_table;

/*
 * "-" is standard input.
 * KZ_E_INPUT, KZ_E_MISSING, KZ_E_IO, KZ_E_LIMIT  with file, line, column and value; nothing is left to free.
 */
KZ_MUST_USE kz_status kz_cube_table_read(const char *path, const kz_cube_ask *ask, kz_cube_table *ret, kz_err *err);
void kz_cube_table_done(kz_cube_table *t);

/* Points into the table. */
kz_cube_job kz_cube_table_job(const kz_cube_table *t);

#endif
