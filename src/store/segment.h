/*
 * segment.h - typed columns of many rows in one file that is written once and then only read.
 *
 *     kz_segment_column cols[] = { { .name = "area", .type = KZ_SEG_CODE, .codes = codes,
 *                                    .dict = names, .n_dict = 86 },
 *                                  { .name = "born", .type = KZ_SEG_MONTH, .i32 = months } };
 *     kz_segment_plan plan = { .n_rows = n, .n_columns = 2, .columns = cols, .import = 7, .source_hash = hash };
 *     char name[KZ_SEGMENT_NAME];
 *     KZ_TRY(kz_segment_append("koeln/facts", &plan, name, err));       // a new file: 00000001.kzc
 *
 *     kz_auto(kz_segment) seg = { 0 };
 *     KZ_TRY(kz_segment_open("koeln/facts/00000001.kzc", &seg, err));   // checks everything but the rows
 *     kz_segment_view v;
 *     KZ_TRY(kz_segment_read(&seg, 0, &v, err));                        // checks this column's rows, once
 *     use(v.p, v.width, v.dict[code]);
 *
 * The file (everything little-endian, positions from its begin):
 *   head     96 bytes: "KZSEG\r\n\x1a", version 1 (u32), crc of head and index (u32, itself as 0),
 *            bytes of the file (u64), rows (u64), columns (u32), rows a block (u32), import (i64),
 *            SHA-256 of the source file (32), bytes of head and index (u64), 0 (u64)
 *   columns  64 bytes each: name (position u64, bytes u32), type (u32), width of a value (u32), 0 (u32),
 *            entries of the dictionary (u64), its position (u64), position of the rows (u64),
 *            position of the blocks (u64), 0 (u64)
 *   blocks   24 bytes for each 65,536 rows: smallest and largest value (i64), crc of the bytes (u32), 0 (u32)
 *   texts    names; dictionaries: n + 1 positions (u64), then the texts, UTF-8, each once, in order of codes
 *   rows     a column's values, one after the other, beginning at a multiple of 64
 *
 * Damage is found before a value is used: head, schema, dictionaries when opening (one checksum over
 * all of them, then every position and size by itself), rows block by block when a column is read the first
 * time.  The message names file, column and block.  A file made to harm is refused the same way:
 * no position is followed that does not lie inside the file, no code is larger than its dictionary.
 *
 * Files are mapped and never changed: writing makes a new file beside the others, which gets
 * its name when it is safe on the disk (temp, fsync, link).  A segment belongs to one thread while it is
 * opened and read; what kz_segment_read gave may then be used from any.  O(bytes).
 * CRC-32C: base/crc32c.h.
 */
#ifndef KZ_STORE_SEGMENT_H
#define KZ_STORE_SEGMENT_H

#include "base/view.h"

enum {
    KZ_SEGMENT_BLOCK = 1 << 16,
    KZ_SEGMENT_COLUMNS = 1024,
    KZ_SEGMENT_HASH = 32,
    KZ_SEGMENT_NAME = 16,
    KZ_SEGMENT_TEXT = 4096, /* bytes of a name or of a text of a dictionary */
};
#define KZ_SEGMENT_ROWS UINT32_MAX
#define KZ_SEGMENT_DICT (UINT32_C(1) << 28)

typedef enum kz_segment_type {
    KZ_SEG_CODE = 1, /* unsigned, 1, 2 or 4 bytes: place in the dictionary */
    KZ_SEG_I32,
    KZ_SEG_I64,
    KZ_SEG_DATE,     /* i32: days since 1970-01-01 (date.h)                */
    KZ_SEG_MONTH,    /* i32: months since January 1970                     */
} kz_segment_type;

/* A column to be written.  Codes become as narrow as the dictionary allows. */
typedef struct kz_segment_column {
    const char     *name;
    kz_segment_type type;
    const uint32_t *codes; /* CODE            */
    const uint8_t  *codes8; /* CODE, instead: of at most 256 */
    const int32_t  *i32;   /* I32, DATE, MONTH */
    const int64_t  *i64;   /* I64             */
    const kz_view  *dict;  /* CODE: n_dict different texts */
    uint32_t        n_dict;
} kz_segment_column;

typedef struct kz_segment_plan {
    uint64_t n_rows;
    uint32_t n_columns;
    const kz_segment_column *columns;
    int64_t  import;                        /* number of the import, 0: none   */
    uint8_t  source_hash[KZ_SEGMENT_HASH];  /* SHA-256 of the file it came from */
} kz_segment_plan;

/*
 * Write a new segment into the folder under the next free number; its name into `name`.
 * KZ_E_LIMIT  more rows, columns or texts than there may be.
 * KZ_E_IO     the disk failed; nothing is left.
 */
KZ_MUST_USE kz_status kz_segment_append(const char *folder, const kz_segment_plan *plan,
                                        char name[static KZ_SEGMENT_NAME], kz_err *err);
/* The same to a path; what is there is replaced. */
KZ_MUST_USE kz_status kz_segment_write(const char *path, const kz_segment_plan *plan, kz_err *err);

typedef struct kz_segment {
    uint64_t n_rows;
    uint32_t n_columns, n_blocks;
    int64_t  import;
    uint8_t  source_hash[KZ_SEGMENT_HASH];
    struct kz_segment_state *state;
} kz_segment;

/* A column as it lies in the file; valid until the segment is closed. */
typedef struct kz_segment_view {
    kz_view         name;
    kz_segment_type type;
    int             width; /* bytes of a value */
    const void     *p;
    uint32_t        n_dict;
    const kz_view  *dict;  /* CODE */
    int64_t         lo, hi; /* smallest and largest value; without rows 0 and -1 */
} kz_segment_view;

/*
 * KZ_E_MISSING, KZ_E_IO  no such file; cannot be read.
 * KZ_E_INPUT             not a segment, a later version, or damaged: file, and what does not fit.
 * On failure nothing is left to close.
 */
KZ_MUST_USE kz_status kz_segment_open(const char *path, kz_segment *ret, kz_err *err);
void kz_segment_done(kz_segment *seg);

/* KZ_E_INPUT: a block of the column is damaged. */
KZ_MUST_USE kz_status kz_segment_read(kz_segment *seg, uint32_t column, kz_segment_view *ret, kz_err *err);
/* Place of the column; KZ_E_INPUT: there is none of this name. */
KZ_MUST_USE kz_status kz_segment_find(const kz_segment *seg, const char *name, uint32_t *ret, kz_err *err);
/* Smallest and largest value of a block, without reading it: to leave out blocks. */
void kz_segment_block(const kz_segment *seg, uint32_t column, uint32_t block, int64_t *lo, int64_t *hi);

#endif
