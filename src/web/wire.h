/*
 * wire.h - is what came over the wire one request, and only in one reading?
 *
 *     size_t n_head;
 *     switch (kz_wire_check(bytes, n, &n_head)) {
 *     case KZ_WIRE_MORE: wait for the rest
 *     case 0:            a head of n_head bytes, good for the parser behind
 *     default:           the HTTP code of the refusal: 400, 414, 431, 505
 *     }
 *
 * Parsers forgive: a bare LF, a folded line, a NUL, a blank before the colon.
 * Two parsers in a row that forgive differently see two different requests, so
 * nothing is forgiven here (RFC 9112 where it says MAY reject; TRUST.md 8, rows
 * 58, 59, 63).  No state, no memory, O(n).
 */
#ifndef KZ_WEB_WIRE_H
#define KZ_WEB_WIRE_H

#include <stddef.h>

enum {
    KZ_WIRE_MORE = -1,
    KZ_WIRE_MAX = 26 * 1024, /* more bytes than any head that is not refused */
};

/* `n_head` is set with 0 only. */
int kz_wire_check(const char *p, size_t n, size_t *n_head);

/* What a head that kz_wire_check() found good means: 0, or the refusal of
 * kz_headers_check(), or 400 for HTTP/1.1 without Host.  Splits p in place. */
int kz_wire_meaning(char *p, size_t n_head);

#endif
