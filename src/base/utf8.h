/*
 * utf8.h - UTF-8: check it, walk it, and bring names into one form.
 *
 *     if (kz_utf8_bad(p, n) < n) ...                     // offset of the first bad byte
 *     for (const char *at = p; at < p + n;)
 *         use(kz_utf8_next(&at, p + n));
 *     kz_utf8_fold(&key, "  KO\xCC\x88LN-Nippes", 15);   // "köln-nippes"
 *
 * Valid is what RFC 3629 allows: no overlong forms, no surrogates, nothing
 * above U+10FFFF.  "Clean" composes a base letter and a combining accent to
 * the one letter (NFC for the accents of European languages, as macOS file
 * names and some exports lack it) and drops characters that nobody sees:
 * zero-width characters, bidirectional controls, soft hyphens, byte order marks and
 * control characters.  "Fold" cleans, lowers case (Latin, Greek, Cyrillic), and
 * makes every run of white space one space, none at the ends; it is for
 * comparing, not for showing.  O(n); no state, safe from any thread.
 *
 * Source: The Unicode Standard 15.0, ch. 3.9 table 3-7 (well-formed UTF-8),
 * UnicodeData.txt (canonical decompositions and simple lower case mappings of
 * the blocks named above), UAX #9 (bidirectional controls).
 */
#ifndef KZ_BASE_UTF8_H
#define KZ_BASE_UTF8_H

#include "base/buf.h"
#include "base/view.h"

/* Offset of the first byte that does not belong to valid UTF-8; n when all do. */
size_t kz_utf8_bad(const char *p, size_t n);

/* The character at *p, which moves on.  A bad byte gives U+FFFD and moves by one.
 * *p must be below `end`. */
uint32_t kz_utf8_next(const char **p, const char *end);

/* Write c (a valid scalar value, else U+FFFD); returns 1..4. */
size_t kz_utf8_put(char out[4], uint32_t c);

uint32_t kz_utf8_lower(uint32_t c);
/* The letter made of base and combining mark, or 0 when there is none. */
uint32_t kz_utf8_compose(uint32_t base, uint32_t mark);
/* White space: ASCII blanks and U+0085 U+00A0 U+1680 U+2000..200A U+2028/9 U+202F U+205F U+3000. */
bool kz_utf8_is_space(uint32_t c);
/* Nothing to see: controls, U+00AD, U+061C, U+180E, U+200B..200F, U+202A..202E, U+2060..206F, U+FEFF. */
bool kz_utf8_is_hidden(uint32_t c);

/* Append the cleaned form to out; returns how many characters were dropped
 * (TAB, LF and CR become a space, which does not count). */
size_t kz_utf8_clean(kz_buf *out, kz_view v);
/* Append the folded form to out. */
void kz_utf8_fold(kz_buf *out, kz_view v);
/* Is it the same name, but for case, white space and the form of its accents?
 * False for names above 16 KiB. */
bool kz_utf8_same(kz_view a, kz_view b);

#endif
