/*
 * source_read.h - the columns of a source file, line by line.
 *
 * Not for other modules.  source.c reads what a source has once; source_read.c its columns, headers and codes.
 */
#ifndef KZ_MONITOR_SOURCE_READ_H
#define KZ_MONITOR_SOURCE_READ_H

#include "monitor/source.h"

typedef struct source_reader {
    const char *file;
    int line;
    kz_arena *arena;
    kz_source *source;
    kz_source_column *columns; /* as many as the file has lines */
    kz_source_header *headers; /* the same, in a row per column */
    kz_source_code   *codes;
    int *header_of, *code_of;  /* column of each                */
    int n_columns, n_headers, n_codes;
} source_reader;

KZ_MUST_USE kz_status source_reader_begin(source_reader *r, int lines, kz_err *err);
/* An entry that is none of the source as a whole; *good: it is understood. */
KZ_MUST_USE kz_status source_reader_take(source_reader *r, const kz_source_field *f, bool *good, kz_err *err);
/* Every name leads to one column, every spelling to one code. */
KZ_MUST_USE kz_status source_reader_end(source_reader *r, kz_err *err);

#endif
