/*
 * sheetframe.h - what kekiz and its worker kekiz-sheet say to each other.
 *
 * The worker gets the bytes of the file as standard input and writes frames to
 * standard output: one byte of type, four of length, then the payload.  Numbers are
 * little-endian; a text is four bytes of length and UTF-8.  Rows count from 1 and
 * columns from 0.  kekiz believes none of it (io/sheetfile.c).
 *
 *     'S' sheet    u8 visibility, text name
 *     'R' row      u32 row, u8 hidden, u32 n, (u32 column, u8 kind, u8 style, text) × n
 *                  rows ascend within a sheet, columns within a row; empty cells are left out
 *     'M' merged   u32 row, u32 column, u32 last row, u32 last column
 *     'C' columns  u32 first, u32 last: hidden
 *     'D' data     bytes of a gzip file, unpacked
 *     'E' error    u8 message, text what                the last frame
 *     'Z' end      u32 n_sheets                         the last frame
 */
#ifndef KZ_IO_SHEETFRAME_H
#define KZ_IO_SHEETFRAME_H

#include "base/status.h"

typedef enum kz_cell_kind {
    KZ_CELL_TEXT = 0,
    KZ_CELL_NUMBER,  /* decimal point, shortest form                          */
    KZ_CELL_DATE,    /* 2012-12-31, with a time behind T if there is one      */
    KZ_CELL_BOOL,    /* 0 or 1                                                */
    KZ_CELL_ERROR,   /* #DIV/0!                                               */
    KZ_CELL_FORMULA, /* a formula whose value the file does not have: no text */
    KZ_N_CELL_KINDS
} kz_cell_kind;

/* How a number is shown: 0 nothing special, percent, or with leading zeros (ZEROS + digits). */
enum { KZ_STYLE_PERCENT = 1, KZ_STYLE_ZEROS = 16, KZ_STYLE_LAST = KZ_STYLE_ZEROS + 20 };
enum { KZ_SHEET_VISIBLE = 0, KZ_SHEET_HIDDEN = 1, KZ_SHEET_VERY_HIDDEN = 2 };

/* Names of messages; the texts stand in the catalogue as sheet.<name>. */
#define KZ_SHEET_MESSAGES(X) \
    X(ZIP_CUT, zip_cut, KZ_E_INPUT)           /* no end, or bytes behind it            */ \
    X(ZIP_PARTS, zip_parts, KZ_E_INPUT)       /* several disks, ZIP64                  */ \
    X(ZIP_ENTRIES, zip_entries, KZ_E_LIMIT)                                               \
    X(ZIP_NAME, zip_name, KZ_E_INPUT)         /* ../x, /x, C:\x, a link, NUL            */ \
    X(ZIP_TWICE, zip_twice, KZ_E_INPUT)                                                   \
    X(ZIP_OVERLAP, zip_overlap, KZ_E_INPUT)                                               \
    X(ZIP_MISMATCH, zip_mismatch, KZ_E_INPUT) /* list and entry disagree                */ \
    X(ZIP_METHOD, zip_method, KZ_E_INPUT)                                                 \
    X(ZIP_BROKEN, zip_broken, KZ_E_INPUT)     /* inflate or checksum                    */ \
    X(LARGE, large, KZ_E_LIMIT)               /* unpacked                               */ \
    X(ENCRYPTED, encrypted, KZ_E_INPUT)                                                   \
    X(XLS, xls, KZ_E_INPUT)                                                               \
    X(XLSB, xlsb, KZ_E_INPUT)                                                             \
    X(MACROS, macros, KZ_E_INPUT)                                                         \
    X(OTHER, other, KZ_E_INPUT)               /* a zip without a table in it            */ \
    X(DTD, dtd, KZ_E_INPUT)                                                               \
    X(XML, xml, KZ_E_INPUT)                                                               \
    X(DEEP, deep, KZ_E_LIMIT)                                                             \
    X(LONG, long, KZ_E_LIMIT)                 /* an attribute or a mark                 */ \
    X(PLACE, place, KZ_E_INPUT)               /* address of a cell                      */ \
    X(STRING, string, KZ_E_INPUT)             /* index of a shared text                 */ \
    X(CELLS, cells, KZ_E_LIMIT)                                                           \
    X(SHEETS, sheets, KZ_E_LIMIT)                                                         \
    X(STRINGS, strings, KZ_E_LIMIT)                                                       \
    X(TEXT, text, KZ_E_LIMIT)                                                             \
    X(MERGES, merges, KZ_E_LIMIT)                                                         \
    X(NO_SHEET, no_sheet, KZ_E_INPUT)                                                     \
    X(MEMORY, memory, KZ_E_LIMIT)                                                         \
    X(SETUP, setup, KZ_E_IO)

#define KZ_SHEET_MESSAGE_ENUM(NAME, name, status) KZ_SHEET_##NAME,
typedef enum kz_sheet_message { KZ_SHEET_MESSAGES(KZ_SHEET_MESSAGE_ENUM) KZ_N_SHEET_MESSAGES } kz_sheet_message;

/* Bounds that the worker keeps and kekiz checks again.  They are absolute: an honest sheet may be
 * packed a thousand times smaller. */
enum {
    KZ_SHEET_FILE_MAX = 256 << 20,
    KZ_SHEET_UNPACKED_MAX = 512 << 20, /* all entries together, and a gzip file  */
    KZ_SHEET_ENTRIES_MAX = 4096,
    KZ_SHEET_SHEETS_MAX = 256,
    KZ_SHEET_CELLS_MAX = 5000000,
    KZ_SHEET_STRINGS_MAX = 2000000,
    KZ_SHEET_MERGES_MAX = 100000,
    KZ_SHEET_ROWS_MAX = 1048576,
    KZ_SHEET_COLUMNS_MAX = 16384,
    KZ_SHEET_TEXT_MAX = 32 * 1024 * 4,
    KZ_SHEET_DEPTH_MAX = 64,
    KZ_SHEET_TOKEN_MAX = 1 << 20,      /* one mark of XML with its attributes    */
    KZ_SHEET_ATTRIBUTE_MAX = 64 * 1024,
    KZ_SHEET_FRAME_MAX = 64 << 20,
    KZ_SHEET_CPU_SECONDS = 60,
};

#endif
