/*
 * parse.h - numbers as offices write them, never guessed.
 *
 * Is `1.234` a thousand or one and a bit?  A single value cannot say; a
 * column often can.  So a column is looked at first, then read:
 *
 *     kz_number_column c = { 0 };
 *     for (each row) kz_number_see(&c, value, row.line);
 *     kz_number_style style = kz_number_decide(&c);      // or the map file declares it
 *     int64_t n;
 *     kz_parsed p = kz_parse_int(value, style, &n);
 *     if (p != KZ_PARSED)
 *         return kz_csv_field_fail(&csv, &row, column, kz_parsed_id(p), err);
 *
 * POINT: 1234.5 and 1,234.5 and 1 234.5, also 1.5e-05 (reals only); COMMA: 1234,5 and
 * 1.234,5 and 1 234,5.  Group spaces are U+0020, U+00A0, U+2009, U+202F; groups are
 * complete (1-3 digits, then threes) or absent.  Minus is - or U+2212.  `1023101.0` is the integer 1023101.
 * A value proves a style when it is a number in that style only; equal in both
 * (1234, 1 234) it proves nothing, different in both (1.234) or of the form of a
 * day and month (9.10) it is open.  White space around a value does not count.
 *
 * Refused everywhere: NaN, inf, 0x10, 1e309, -0, +1, full-width and Arabic digits,
 * more than 60 bytes.  Outputs are untouched on failure.  No locale, no
 * allocation, safe from any thread.  Reals are rounded correctly (strtod of the C library, C locale).
 */
#ifndef KZ_BASE_PARSE_H
#define KZ_BASE_PARSE_H

#include "base/view.h"

typedef enum kz_number_style {
    KZ_NUM_PLAIN = 0, /* no separator seen that could matter        */
    KZ_NUM_POINT,     /* decimal point                              */
    KZ_NUM_COMMA,     /* decimal comma                              */
    KZ_NUM_ASK,       /* open: 1.234 or 1,234 and nothing proves it */
    KZ_NUM_CONFLICT,  /* both styles are proven in one column       */
    KZ_NUM_UNITS,     /* percent and bare numbers in one column     */
} kz_number_style;

/* What was seen in a column; zero it first.  The lines are those of the first such value. */
typedef struct kz_number_column {
    uint64_t plain, point, comma, open, percent, other;
    uint64_t line_point, line_comma, line_open, line_percent, line_bare;
} kz_number_column;

void kz_number_see(kz_number_column *c, kz_view v, uint64_t line);
kz_number_style kz_number_decide(const kz_number_column *c);

typedef enum kz_parsed {
    KZ_PARSED = 0,
    KZ_PARSED_EMPTY,
    KZ_PARSED_NOT,      /* not a number in this style                   */
    KZ_PARSED_OPEN,     /* a number, but which one depends on the style */
    KZ_PARSED_FRACTION, /* a number, but not a whole one                */
    KZ_PARSED_RANGE,    /* too large, or too near to nothing            */
} kz_parsed;

/* Message id with {file} {line} {column} {value}; NULL for KZ_PARSED. */
const char *kz_parsed_id(kz_parsed p);

/* With KZ_NUM_PLAIN and KZ_NUM_ASK only values that no style changes. */
KZ_MUST_USE kz_parsed kz_parse_int(kz_view v, kz_number_style style, int64_t *ret);
/* A number of at most `decimals` (0..9) decimals as a whole number of its smallest unit, exactly: "12,5" with
 * 2 is 1250.  FRACTION: it has more decimals than that.  Exponents only where there are decimals. */
KZ_MUST_USE kz_parsed kz_parse_fixed(kz_view v, kz_number_style style, int decimals, int64_t *ret);
KZ_MUST_USE kz_parsed kz_parse_real(kz_view v, kz_number_style style, double *ret);
/* "12,5 %" to 0.125; the sign must be there. */
KZ_MUST_USE kz_parsed kz_parse_percent(kz_view v, kz_number_style style, double *ret);

/* For options and keys: ASCII digits with an optional '-', nothing else, lo <= n <= hi. */
KZ_MUST_USE bool kz_parse_plain(kz_view v, int64_t lo, int64_t hi, int64_t *ret);

/* The signs of official tables (DIN 55301) and what else stands where a number should. */
typedef enum kz_sign {
    KZ_SIGN_NONE = 0,    /* not a sign: perhaps a number            */
    KZ_SIGN_EMPTY,       /* nothing there                           */
    KZ_SIGN_ZERO,        /* – — - −   exactly nothing               */
    KZ_SIGN_BELOW_UNIT,  /* 0         less than half of the unit    */
    KZ_SIGN_HIDDEN,      /* . * •     secret                        */
    KZ_SIGN_LATER,       /* … ...     will come                     */
    KZ_SIGN_MEANINGLESS, /* x X       cannot be                     */
    KZ_SIGN_UNRELIABLE,  /* /         too unsure                    */
    KZ_SIGN_LIMITED,     /* ()  (12)  limited; the number inside    */
    KZ_SIGN_PRELIMINARY, /* p   12p                                 */
    KZ_SIGN_REVISED,     /* r   12r                                 */
    KZ_SIGN_ESTIMATED,   /* s   12s                                 */
    KZ_SIGN_MISSING,     /* k.A., keine Angabe, NA, #NV             */
    KZ_SIGN_LESS,        /* <3 hidden, and the bound is known       */
    KZ_N_SIGNS
} kz_sign;

/*
 * The sign in a cell, and the text of the number beside it: "(12)" is LIMITED and "12",
 * "<3" is LESS and "3", "." is HIDDEN and "".  Without a sign: NONE and the trimmed value.
 * "0" is BELOW_UNIT with "0": a source that counts things takes the number, one that follows
 * the official tables (where nothing is "–") takes the sign.
 */
kz_sign kz_sign_find(kz_view v, kz_view *number);

#endif
