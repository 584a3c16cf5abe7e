/*
 * quill.h - rows of a delivery, written as an office writes them, fast.
 *
 *     kz_quill *quill = NULL;
 *     KZ_TRY(kz_quill_open(dir, "ewo_2024.csv", KZ_QUILL_UTF8, &quill, err));
 *     kz_quill_text(quill, "0000017");
 *     kz_quill_date(quill, birth);                     // 31.12.2012
 *     kz_quill_line(quill);
 *     KZ_TRY(kz_quill_close_take(quill, err));         // what failed on the way is said here
 *
 * Fields are parted by ';' and must not hold ; " or line ends (our own words: asserted).  One buffer of
 * 1 MiB, written when full.  CP1252 turns the letters of Latin-1 on the way, with CR LF at line ends.
 * Some 400 MB a second.  Not for sharing between threads.
 */
#ifndef KZ_DEMO_QUILL_H
#define KZ_DEMO_QUILL_H

#include "base/status.h"

typedef struct kz_quill kz_quill;
typedef enum { KZ_QUILL_UTF8, KZ_QUILL_CP1252 } kz_quill_kind;

KZ_MUST_USE kz_status kz_quill_open(const char *dir, const char *name, kz_quill_kind kind, kz_quill **ret,
                                    kz_err *err);
KZ_MUST_USE kz_status kz_quill_close_take(kz_quill *quill, kz_err *err);

void kz_quill_text(kz_quill *p, const char *text);
void kz_quill_fields(kz_quill *p, const char *text,
                     size_t n); /* may hold ';': several fields, or a line as it is */
void kz_quill_int(kz_quill *p, int64_t n);
void kz_quill_digits(kz_quill *p, uint32_t n, int width); /* with zeros in front */
void kz_quill_date(kz_quill *p, int32_t day);             /* dd.mm.yyyy           */
void kz_quill_month(kz_quill *p, int month);              /* mm.yyyy, of year * 12 + month - 1; 0: empty */
void kz_quill_real(kz_quill *p, double x, int digits, char point);
void kz_quill_empty(kz_quill *p);
void kz_quill_line(kz_quill *p);

#endif
