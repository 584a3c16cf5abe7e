/*
 * fmt.h - numbers and dates as people in Germany (or England) write them.
 *
 *     kz_fmt_int(out, KZ_LANG_DE, 1044555);      // 1.044.555
 *     kz_fmt_dec(out, KZ_LANG_DE, 0.0553, 1);     // 0,1
 *     kz_fmt_date(out, KZ_LANG_DE, "2012-12-31"); // 31.12.2012
 *
 * The minus sign is U+2212.  Nothing depends on the locale of the machine.
 * Rounding is half away from zero on the decimal value that is shown.
 * Parsing: parse.h.
 */
#ifndef KZ_BASE_FMT_H
#define KZ_BASE_FMT_H

#include "base/text.h"

void kz_fmt_int(kz_buf *out, kz_lang lang, int64_t n);
void kz_fmt_dec(kz_buf *out, kz_lang lang, double x, int digits);
/* A share of one as "5,5 %" with a no-break space. */
void kz_fmt_percent(kz_buf *out, kz_lang lang, double share, int digits);
/* A signed difference: "+3,2" or "−3,2"; "±0,0" when it rounds to nothing. */
void kz_fmt_signed(kz_buf *out, kz_lang lang, double x, int digits);
/* "2012-12-31" to "31.12.2012"; "2012-12" to "Dezember 2012"; "2012" stays. */
void kz_fmt_date(kz_buf *out, kz_lang lang, const char *iso);

#endif
