/*
 * csv_write.h - write tables as text that every reader takes.
 *
 *     kz_csv_out w = { .out = &buf };
 *     kz_csv_put(&w, kz_view_of("Nippes"));
 *     kz_csv_put_int(&w, 1204);
 *     kz_csv_put_real(&w, 0.0553);
 *     kz_csv_line(&w);                      // Nippes,1204,0.0553
 *
 * Fields are quoted when they must be: delimiter, quote, CR, LF, outer spaces, `sep=` in front, or an empty
 * field alone in its line.  Lines end in LF.  Reals in the shortest form that reads
 * back the same; NaN is an empty field.
 *
 * `for_people` is for files that somebody opens in a spreadsheet: a text that
 * the program might run as a formula (it begins with = + - @ TAB CR or LF, or
 * the full-width forms of = + - @) gets an apostrophe in front.  Numbers written by
 * the put_int and put_real never do.  For machines (pipes, imports) leave it false:
 * there the text stays as it is.
 *
 * Owns nothing; failures are sticky in `out` (buf.h).  O(bytes).
 * Source: RFC 4180, but with LF; OWASP, CSV Injection.
 */
#ifndef KZ_IO_CSV_WRITE_H
#define KZ_IO_CSV_WRITE_H

#include "base/buf.h"
#include "base/view.h"

typedef struct kz_csv_out {
    kz_buf *out;
    char    delimiter; /* 0: comma */
    bool    for_people;
    size_t  n;         /* fields in this line so far */
    bool    lone;      /* the only field so far is empty */
} kz_csv_out;

void kz_csv_put(kz_csv_out *w, kz_view text);
void kz_csv_put_str(kz_csv_out *w, const char *text); /* NULL: empty */
void kz_csv_put_int(kz_csv_out *w, int64_t n);
void kz_csv_put_real(kz_csv_out *w, double x);
void kz_csv_line(kz_csv_out *w);

#endif
