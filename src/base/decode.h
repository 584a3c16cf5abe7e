/*
 * decode.h - which encoding are these bytes in, and make UTF-8 of them.
 *
 *     kz_encoding enc;
 *     kz_sureness sure;
 *     KZ_TRY(kz_encoding_find(p, n, &enc, &sure, err));  // refuses XLSX, gzip, binary, NUL
 *     kz_auto(kz_buf) text = kz_buf_init(4 * n);
 *     KZ_TRY(kz_decode(p, n, enc, &text, err));
 *
 * How it decides: a byte order mark is proof; bytes that are valid UTF-8 are
 * UTF-8; what cannot be UTF-8 is Windows-1252 or Mac Roman if *every* byte above 7F
 * makes sense there (letters beside letters, usual signs) - the one that explains
 * more German letters.  Bytes that are nearly UTF-8 (valid sequences beside broken
 * ones, overlong forms, surrogates) are broken UTF-8 and refused with the
 * offset; what fits nothing is refused too: the caller must declare it.
 *
 * Offsets count from 0, lines from 1.  O(n); no state, safe from any thread.
 * Source: WHATWG Encoding Standard (windows-1252, macintosh tables); Unicode 15.0.
 */
#ifndef KZ_BASE_DECODE_H
#define KZ_BASE_DECODE_H

#include "base/buf.h"

typedef enum kz_encoding {
    KZ_ENC_FIND = 0, /* not declared: find out */
    KZ_ENC_UTF8,
    KZ_ENC_UTF16LE,
    KZ_ENC_UTF16BE,
    KZ_ENC_CP1252, /* contains ISO-8859-1 and its printable characters */
    KZ_ENC_MACROMAN,
    KZ_N_ENCODINGS
} kz_encoding;

typedef enum kz_sureness {
    KZ_SURE_PROVEN = 0, /* byte order mark, valid UTF-8 with umlauts, or pure ASCII */
    KZ_SURE_LIKELY,     /* everything reads as German text; show it in the preview  */
    KZ_SURE_DECLARED,   /* the caller said so                                       */
} kz_sureness;

/* "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "macintosh". */
const char *kz_encoding_name(kz_encoding enc);
/* Any case; also utf8, latin1, iso-8859-1, cp1252, macroman; KZ_N_ENCODINGS when unknown. */
kz_encoding kz_encoding_from_name(const char *name);

/* Bytes of the byte order mark at the start: 0, 2 or 3. */
size_t kz_bom_length(const char *p, size_t n);

/*
 * KZ_E_INPUT  not text (the message names the format that was found), NUL bytes,
 *             broken UTF-8, or no encoding fits.
 */
KZ_MUST_USE kz_status kz_encoding_find(const char *p, size_t n, kz_encoding *enc, kz_sureness *sure,
                                       kz_err *err);

/* Append the text without byte order mark as UTF-8.
 * KZ_E_INPUT  a byte that does not exist in `enc`; NUL.   KZ_E_LIMIT  out is full. */
KZ_MUST_USE kz_status kz_decode(const char *p, size_t n, kz_encoding enc, kz_buf *out, kz_err *err);

#endif
