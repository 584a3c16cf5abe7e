/*
 * stat_table.h - the columns that a `kekiz stat` command needs, checked cell by cell.
 *
 *     const kz_stat_ask ask = { .numbers = names, .n_numbers = 3 };
 *     kz_stat_table t;
 *     KZ_TRY(kz_stat_table_read("quoten.csv", &ask, &arena, &t, err));   // "-" is standard input
 *     for (int i = 0; i < t.n; i++)
 *         use(t.key[i], t.number[0][i], t.line[i]);
 *
 * Column 0 of `number` is the first name asked for.  Every cell that is asked for must
 * be a finite number: an empty one, a sign of the official tables, NaN or text is an error
 * that names file, row, column and value; nothing is dropped or guessed.  A decimal
 * comma is read where the file has one (parse.h); 1.234 in a table parted by commas is
 * one and a bit, in any other table it is an error unless the column decides it.
 *
 * The key is the column `key`, else one called area, key or id, else the first.  Keys are
 * trimmed, never empty, and unique unless the caller says that rows may share one.
 *
 * A geometry file works alike: kz_stat_table_geo over its attributes; rows are features.
 * Everything lives in the arena.  O(cells).  One thread.
 */
#ifndef KZ_CLI_STAT_TABLE_H
#define KZ_CLI_STAT_TABLE_H

#include "io/geofile.h"

typedef struct kz_stat_ask {
    const char *key;            /* NULL: find it                             */
    bool        repeated;       /* several rows may have the same key        */
    const char *const *numbers; /* names of columns; each only once          */
    int         n_numbers;
    const char *const *texts;   /* names of columns read as they are, trimmed */
    int         n_texts;
    const char *flag;           /* NULL, or a column of yes and no: rows with yes are read without
                                   their numbers (NaN); see kz_stat_table.flagged          */
} kz_stat_ask;

typedef struct kz_stat_table {
    const char *file, *key_name;
    int         n;
    const char *const *key;
    const uint64_t    *line;    /* as an editor counts; of a geometry file: the feature, from 1 */
    const double *const *number;
    const char *const *const *text;
    const bool *flagged;        /* all false without a flag column */
} kz_stat_table;

/* The most rows and the most memory that a table may have. */
enum { KZ_STAT_ROWS_MOST = 4000000 };
#define KZ_STAT_ARENA_BYTES ((size_t)2 << 30)

/* KZ_E_INPUT with file, line, column, value and rule; KZ_E_LIMIT too many rows; KZ_E_MISSING no such file. */
KZ_MUST_USE kz_status kz_stat_table_read(const char *path, const kz_stat_ask *ask, kz_arena *a,
                                         kz_stat_table *ret, kz_err *err);
KZ_MUST_USE kz_status kz_stat_table_geo(const char *path, const kz_geofile *geo, const kz_stat_ask *ask,
                                        kz_arena *a, kz_stat_table *ret, kz_err *err);

/* Does the key name areas (asked for, or found by its name), and not just stand first? */
bool kz_stat_table_has_areas(const kz_stat_table *t, const kz_stat_ask *ask);
/* For tables with repeated keys: key and text column `text` (-1: none) together must be unique.
 * KZ_E_INPUT space.key_twice, space.pair_twice. */
KZ_MUST_USE kz_status kz_stat_table_pairs(const kz_stat_table *t, int text, kz_arena *a, kz_err *err);

#endif
