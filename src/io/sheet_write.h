/*
 * sheet_write.h - write one table as XLSX, for people who open it in a spreadsheet.
 *
 *     kz_auto(kz_sheet_out) w;
 *     kz_sheet_out_begin(&w, "Fundstellen", 64u << 20);
 *     kz_sheet_put_str(&w, "Datei");
 *     kz_sheet_line(&w);
 *     kz_sheet_put_int(&w, 12);
 *     kz_sheet_line(&w);
 *     KZ_TRY(kz_sheet_out_end(&w, &file, err));         // the bytes of the file
 *
 * Texts are texts and numbers are numbers: there is no way to write a formula, so what begins with = stays
 * what it is.  The first line is the header.  Characters that XML cannot hold become U+FFFD, a text
 * longer than a cell may be (32,767) is cut.  Same in, same bytes out: no time, nothing packed.
 * Owns its memory; failures are sticky until the end.  O(bytes).
 * Source: ECMA-376 part 1, chapter 18; PKWARE APPNOTE.TXT 4.3.
 */
#ifndef KZ_IO_SHEET_WRITE_H
#define KZ_IO_SHEET_WRITE_H

#include "base/buf.h"

typedef struct kz_sheet_out {
    kz_buf   sheet, name;
    uint32_t row, column;
    bool     in_row;
} kz_sheet_out;

void kz_sheet_out_begin(kz_sheet_out *w, const char *name, size_t max);
void kz_sheet_out_done(kz_sheet_out *w);

void kz_sheet_put_str(kz_sheet_out *w, const char *text); /* NULL: empty */
void kz_sheet_put_int(kz_sheet_out *w, int64_t n);
void kz_sheet_line(kz_sheet_out *w);
/* KZ_E_LIMIT: more than `max` bytes or rows than a sheet has. */
KZ_MUST_USE kz_status kz_sheet_out_end(kz_sheet_out *w, kz_buf *file, kz_err *err);

#endif
