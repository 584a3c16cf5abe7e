/*
 * buf.h - bytes that grow up to a stated limit, and text written into them.
 *
 *     kz_auto(kz_buf) b = kz_buf_init(1u << 20);   // never more than 1 MiB
 *     kz_buf_str(&b, "Gebiet: ");
 *     kz_buf_fmt(&b, "%s (%d)", name, n);
 *     KZ_TRY(kz_buf_status(&b));                    // one check at the end
 *
 * A write that does not fit sets a sticky failure and writes nothing; later
 * writes do nothing either, so callers check once.  The bytes always end in a
 * NUL that is not counted.  kz_html() escapes *every* %s for HTML, XML and
 * attribute values; there is no directive that does not, so markup can come
 * from format literals only.  Formats are checked by the compiler.
 * Not for sharing between threads.
 */
#ifndef KZ_BASE_BUF_H
#define KZ_BASE_BUF_H

#include "base/status.h"

typedef struct kz_buf {
    char  *p; /* never NULL for readers: use kz_buf_text() */
    size_t n, cap, max;
    kz_status failed;
} kz_buf;

kz_buf kz_buf_init(size_t max);
void kz_buf_done(kz_buf *b);
void kz_buf_clear(kz_buf *b); /* empty again, failure forgotten, memory kept */

const char *kz_buf_text(const kz_buf *b);
static inline kz_status kz_buf_status(const kz_buf *b) { return b->failed; }

void kz_buf_add(kz_buf *b, const void *p, size_t n);
void kz_buf_str(kz_buf *b, const char *s);
void kz_buf_char(kz_buf *b, char c);
/* Room for n bytes at the end, to be filled by the caller; NULL on failure. */
char *kz_buf_grow(kz_buf *b, size_t n);

void kz_buf_fmt(kz_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Directives: %s %.*s %c %d %u %ld %lu %lld %llu %zu %% and %.Nf (locale-free,
 * N from 0 to 9, rounded half away from zero, "-0" written as "0"). */
void kz_html(kz_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void kz_html_escape(kz_buf *b, const char *p, size_t n);

void kz_buf_int(kz_buf *b, int64_t n); /* no grouping, '-' */
/* A whole number of 10^-decimals (0..18), exactly: 1250 with 2 is "12.50". */
void kz_buf_decimal(kz_buf *b, int64_t n, int decimals);
/* A real with `digits` decimals (0..9), '.' as the point, no locale. */
void kz_buf_fixed(kz_buf *b, double x, int digits);
/* The same without trailing zeros: for SVG coordinates. */
void kz_buf_coord(kz_buf *b, double x, int digits);
/* Shortest text that reads back as the same double; "" for NaN. */
void kz_buf_real(kz_buf *b, double x);

/* Percent-encode for one path segment or query value. */
void kz_buf_url(kz_buf *b, const char *s);

#endif
