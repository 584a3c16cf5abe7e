/*
 * json.h - write JSON without a mistake.
 *
 *     kz_json j = { .out = &buf };
 *     kz_json_open(&j, '{');
 *     kz_json_key(&j, "name");  kz_json_str(&j, "Köln");
 *     kz_json_key(&j, "cells"); kz_json_open(&j, '[');
 *     kz_json_int(&j, 12);      kz_json_real(&j, 0.5);
 *     kz_json_close(&j);        kz_json_close(&j);      // {"name":"Köln","cells":[12,0.5]}
 *     KZ_ASSERT(kz_json_done(&j));
 *
 * Commas set themselves.  Text must be UTF-8; a bad byte becomes U+FFFD.  `<`, `>`, `&`, U+2028 and
 * U+2029 are escaped too, so that the output may stand in a page.  Reals in the
 * shortest form that reads back the same; NaN and infinities are null (JSON has none).
 * A key outside an object, a value without key inside one, or a wrong close is a
 * mistake of the programmer and aborts.  Depth at most 32.
 * Owns nothing; failures are sticky in `out`.  Source: RFC 8259.
 */
#ifndef KZ_IO_JSON_H
#define KZ_IO_JSON_H

#include "base/buf.h"
#include "base/view.h"

enum { KZ_JSON_DEPTH = 32 };

typedef struct kz_json {
    kz_buf *out;
    int     depth;
    bool    some, keyed; /* a member is there already; a key waits for its value */
    char    close[KZ_JSON_DEPTH];
} kz_json;

void kz_json_open(kz_json *j, char bracket); /* '{' or '[' */
void kz_json_close(kz_json *j);
void kz_json_key(kz_json *j, const char *name);
void kz_json_str(kz_json *j, const char *text); /* NULL: null */
void kz_json_view(kz_json *j, kz_view text);
void kz_json_int(kz_json *j, int64_t n);
void kz_json_real(kz_json *j, double x);
void kz_json_bool(kz_json *j, bool b);
void kz_json_null(kz_json *j);
/* All that was opened is closed. */
static inline bool kz_json_done(const kz_json *j) { return j->depth == 0 && j->some; }

#endif
