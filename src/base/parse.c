#include "base/parse.h"

#include <math.h>
#include <stdlib.h>

enum { LONGEST = 60 };

/* A number in plain ASCII: digits, one '.', perhaps an exponent. */
typedef struct plain {
    char   text[LONGEST + 2];
    size_t n, point; /* point: index of '.', n when there is none */
    bool   exponent;
} plain;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of a space that may part groups, 0 when there is none. */
static size_t group_space(const char *p, size_t n)
{
    if (n >= 1 && *p == ' ')
        return 1;
    if (n >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    return n >= 3 && (memcmp(p, "\xE2\x80\xAF", 3) == 0 || memcmp(p, "\xE2\x80\x89", 3) == 0) ? 3 : 0;
}

/* Read the whole part with its groups; false when they are not complete. */
static bool take_whole(kz_view *v, char group, plain *out)
{
    size_t first = 0, run = 0, groups = 0;
    bool spaces = false, marks = false;
    while (v->n > 0) {
        size_t space = group_space(v->p, v->n);
        if (is_digit(*v->p)) {
            out->text[out->n++] = *v->p;
            run++;
            v->p++;
            v->n--;
        } else if (space || *v->p == group) {
            if (groups == 0)
                first = run;
            else if (run != 3)
                return false;
            spaces |= space > 0;
            marks |= space == 0;
            groups++;
            run = 0;
            v->p += space ? space : 1;
            v->n -= space ? space : 1;
        } else {
            break;
        }
    }
    if (groups == 0)
        return run > 0;
    bool leading_zero = first > 0 && out->text[out->text[0] == '-'] == '0';
    return run == 3 && first >= 1 && first <= 3 && !leading_zero && !(spaces && marks);
}

static bool to_plain(kz_view v, kz_number_style style, plain *out)
{
    char point = style == KZ_NUM_POINT ? '.' : ',', group = style == KZ_NUM_POINT ? ',' : '.';
    *out = (plain){ 0 };
    v = kz_view_trim(v);
    if (v.n == 0 || v.n > LONGEST)
        return false;
    size_t minus = *v.p == '-' ? 1 : v.n >= 3 && memcmp(v.p, "\xE2\x88\x92", 3) == 0 ? 3 : 0;
    if (minus) {
        out->text[out->n++] = '-';
        v = (kz_view){ v.p + minus, v.n - minus };
    }
    if (!take_whole(&v, group, out))
        return false;
    out->point = out->n;
    if (v.n > 0 && *v.p == point) {
        out->text[out->n++] = '.';
        for (v.p++, v.n--; v.n > 0 && is_digit(*v.p); v.p++, v.n--)
            out->text[out->n++] = *v.p;
        if (out->n == out->point + 1)
            return false;
    } else {
        out->point = SIZE_MAX;
    }
    if (style == KZ_NUM_POINT && v.n >= 2 && (*v.p == 'e' || *v.p == 'E')) {
        out->exponent = true;
        out->text[out->n++] = 'e';
        v = (kz_view){ v.p + 1, v.n - 1 };
        if (*v.p == '-' || *v.p == '+') {
            out->text[out->n++] = *v.p++;
            v.n--;
        }
        if (v.n == 0)
            return false;
        for (; v.n > 0 && is_digit(*v.p); v.p++, v.n--)
            out->text[out->n++] = *v.p;
    }
    if (out->point == SIZE_MAX)
        out->point = out->n;
    if (v.n > 0)
        return false;
    /* "-0" says two things at once. */
    return !(minus && strspn(out->text + 1, "0.") == strcspn(out->text + 1, "e"));
}

static kz_parsed real_in(kz_view v, kz_number_style style, double *ret)
{
    plain p;
    if (!to_plain(v, style, &p))
        return KZ_PARSED_NOT;
    /* lint: allow banned, because the text is plain by now and kekiz never leaves the C locale */
    double x = strtod(p.text, NULL);
    size_t mantissa = strcspn(p.text, "e");
    if (!isfinite(x) || (x == 0 && strspn(p.text, "-0.") < mantissa))
        return KZ_PARSED_RANGE;
    *ret = x;
    return KZ_PARSED;
}

/* 9.10 might be a day in October, 12,5 cannot. */
static bool like_day(kz_view v)
{
    int day = 0, month = 0;
    size_t i = 0, at;
    for (; i < v.n && i < 2 && is_digit(v.p[i]); i++)
        day = day * 10 + (v.p[i] - '0');
    if (i == 0 || i == v.n || v.p[i] != '.')
        return false;
    for (at = ++i; i < v.n && i < at + 2 && is_digit(v.p[i]); i++)
        month = month * 10 + (v.p[i] - '0');
    return i == v.n && i > at && day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/* Which style a single value proves: PLAIN none, ASK open, CONFLICT not a number. */
static kz_number_style style_of(kz_view v)
{
    double point, comma;
    bool as_point = real_in(v, KZ_NUM_POINT, &point) == KZ_PARSED;
    bool as_comma = real_in(v, KZ_NUM_COMMA, &comma) == KZ_PARSED;
    if (as_point && as_comma)
        return point == comma ? KZ_NUM_PLAIN : KZ_NUM_ASK;
    if (as_point && like_day(kz_view_trim(v)))
        return KZ_NUM_ASK;
    return as_point ? KZ_NUM_POINT : as_comma ? KZ_NUM_COMMA : KZ_NUM_CONFLICT;
}

static bool take_percent(kz_view *v)
{
    kz_view t = kz_view_trim(*v);
    if (t.n == 0 || t.p[t.n - 1] != '%')
        return false;
    *v = kz_view_trim((kz_view){ t.p, t.n - 1 });
    return true;
}

static void count(uint64_t *n, uint64_t *first, uint64_t line)
{
    if ((*n)++ == 0 && first)
        *first = line;
}

void kz_number_see(kz_number_column *c, kz_view v, uint64_t line)
{
    bool percent = take_percent(&v);
    kz_number_style style = style_of(v);
    switch (style) {
    case KZ_NUM_PLAIN: count(&c->plain, NULL, line); break;
    case KZ_NUM_POINT: count(&c->point, &c->line_point, line); break;
    case KZ_NUM_COMMA: count(&c->comma, &c->line_comma, line); break;
    case KZ_NUM_ASK:   count(&c->open, &c->line_open, line); break;
    default:           count(&c->other, NULL, line); return;
    }
    if (percent)
        count(&c->percent, &c->line_percent, line);
    else if (c->line_bare == 0)
        c->line_bare = line;
}

kz_number_style kz_number_decide(const kz_number_column *c)
{
    if (c->point && c->comma)
        return KZ_NUM_CONFLICT;
    if (c->percent && c->percent < c->plain + c->point + c->comma + c->open)
        return KZ_NUM_UNITS;
    if (c->point)
        return KZ_NUM_POINT;
    if (c->comma)
        return KZ_NUM_COMMA;
    return c->open ? KZ_NUM_ASK : KZ_NUM_PLAIN;
}

const char *kz_parsed_id(kz_parsed p)
{
    switch (p) {
    case KZ_PARSED:          return NULL;
    case KZ_PARSED_EMPTY:    return "parse.empty";
    case KZ_PARSED_NOT:      return "parse.not_a_number";
    case KZ_PARSED_OPEN:     return "parse.open";
    case KZ_PARSED_FRACTION: return "parse.fraction";
    case KZ_PARSED_RANGE:    return "parse.range";
    }
    return NULL;
}

/* The style to read one value in; or why it cannot be read. */
static kz_parsed settle(kz_view v, kz_number_style *style)
{
    if (kz_view_trim(v).n == 0)
        return KZ_PARSED_EMPTY;
    if (*style == KZ_NUM_POINT || *style == KZ_NUM_COMMA)
        return KZ_PARSED;
    kz_number_style own = style_of(v);
    *style = KZ_NUM_POINT;
    return own == KZ_NUM_PLAIN ? KZ_PARSED : own == KZ_NUM_CONFLICT ? KZ_PARSED_NOT : KZ_PARSED_OPEN;
}

kz_parsed kz_parse_real(kz_view v, kz_number_style style, double *ret)
{
    kz_parsed p = settle(v, &style);
    return p == KZ_PARSED ? real_in(v, style, ret) : p;
}

/* Append the digits of p[0..n) to *ret; false when it gets too large. */
static bool add_digits(const char *p, size_t n, bool minus, int64_t *ret)
{
    int64_t x = *ret;
    for (size_t i = 0; i < n; i++) {
        int digit = p[i] - '0';
        if (__builtin_mul_overflow(x, 10, &x) || __builtin_add_overflow(x, minus ? -digit : digit, &x))
            return false;
    }
    *ret = x;
    return true;
}

/* The exponent behind 'e': far more than any number needs is cut, the result is the same. */
static int exponent_of(const char *p, size_t n)
{
    bool minus = n > 0 && *p == '-';
    int x = 0;
    for (size_t i = n > 0 && (*p == '-' || *p == '+'); i < n && x < 1000; i++)
        x = x * 10 + (p[i] - '0');
    return minus ? -x : x;
}

kz_parsed kz_parse_fixed(kz_view v, kz_number_style style, int decimals, int64_t *ret)
{
    plain t;
    kz_parsed p = settle(v, &style);
    if (p != KZ_PARSED)
        return p;
    if (!to_plain(v, style, &t) || (t.exponent && decimals == 0))
        return KZ_PARSED_NOT;
    bool minus = t.text[0] == '-';
    size_t e = strcspn(t.text, "e"), point = t.point < e ? t.point : e, end = e;
    int shift = decimals + (t.exponent ? exponent_of(t.text + e + 1, t.n - e - 1) : 0);
    while (end > point + 1 && t.text[end - 1] == '0')
        end--; /* 1,50 is 1,5 */
    size_t fraction = end > point + 1 ? end - point - 1 : 0;
    int64_t x = 0;
    if (!add_digits(t.text + minus, point - minus, minus, &x) ||
        (fraction > 0 && !add_digits(t.text + point + 1, fraction, minus, &x)))
        return KZ_PARSED_RANGE;
    for (shift -= (int)fraction; shift > 0 && x != 0; shift--)
        if (__builtin_mul_overflow(x, 10, &x))
            return KZ_PARSED_RANGE;
    for (; shift < 0 && x != 0; shift++) {
        if (x % 10 != 0)
            return KZ_PARSED_FRACTION;
        x /= 10;
    }
    *ret = x;
    return KZ_PARSED;
}

kz_parsed kz_parse_int(kz_view v, kz_number_style style, int64_t *ret)
{
    return kz_parse_fixed(v, style, 0, ret);
}

kz_parsed kz_parse_percent(kz_view v, kz_number_style style, double *ret)
{
    double x;
    if (kz_view_trim(v).n == 0)
        return KZ_PARSED_EMPTY;
    if (!take_percent(&v))
        return KZ_PARSED_NOT;
    kz_parsed p = kz_parse_real(v, style, &x);
    if (p == KZ_PARSED)
        *ret = x / 100;
    return p == KZ_PARSED_EMPTY ? KZ_PARSED_NOT : p;
}

bool kz_parse_plain(kz_view v, int64_t lo, int64_t hi, int64_t *ret)
{
    bool minus = v.n > 0 && *v.p == '-';
    int64_t n = 0;
    if (v.n == minus)
        return false;
    for (size_t i = minus; i < v.n; i++) {
        int digit = v.p[i] - '0';
        if (!is_digit(v.p[i]) || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, minus ? -digit : digit, &n))
            return false;
    }
    if (n < lo || n > hi)
        return false;
    *ret = n;
    return true;
}

kz_sign kz_sign_find(kz_view v, kz_view *number)
{
    static const struct {
        const char *text;
        kz_sign     sign;
    } WHOLE[] = {
        { "\xE2\x80\x93", KZ_SIGN_ZERO }, { "-", KZ_SIGN_ZERO }, { "\xE2\x80\x94", KZ_SIGN_ZERO },
        { "\xE2\x88\x92", KZ_SIGN_ZERO }, { ".", KZ_SIGN_HIDDEN }, { "*", KZ_SIGN_HIDDEN },
        { "\xE2\x80\xA2", KZ_SIGN_HIDDEN }, { "\xE2\x80\xA6", KZ_SIGN_LATER }, { "...", KZ_SIGN_LATER },
        { "x", KZ_SIGN_MEANINGLESS }, { "X", KZ_SIGN_MEANINGLESS }, { "/", KZ_SIGN_UNRELIABLE },
        { "()", KZ_SIGN_LIMITED }, { "p", KZ_SIGN_PRELIMINARY }, { "r", KZ_SIGN_REVISED },
        { "s", KZ_SIGN_ESTIMATED }, { "k.A.", KZ_SIGN_MISSING }, { "k. A.", KZ_SIGN_MISSING },
        /* lint: allow german, because offices write it into cells */
        { "keine Angabe", KZ_SIGN_MISSING }, /* lint: allow german, because files say so */
        { "NA", KZ_SIGN_MISSING }, { "#NV", KZ_SIGN_MISSING },
    };
    v = kz_view_trim(v);
    if (v.n > 1 && is_digit(*v.p) && is_digit(v.p[v.n - 1])) { /* nearly always */
        *number = v;
        return KZ_SIGN_NONE;
    }
    kz_view rest = { v.p + v.n, 0 };
    kz_sign sign = KZ_SIGN_NONE;
    if (v.n == 0)
        sign = KZ_SIGN_EMPTY;
    for (size_t i = 0; i < sizeof WHOLE / sizeof *WHOLE && sign == KZ_SIGN_NONE; i++)
        if (kz_view_is(v, WHOLE[i].text))
            sign = WHOLE[i].sign;
    if (sign == KZ_SIGN_NONE) {
        rest = v;
        char last = v.p[v.n - 1];
        kz_view head = kz_view_trim((kz_view){ v.p, v.n - 1 });
        bool counted = head.n > 0 && is_digit(head.p[head.n - 1]);
        if (v.n == 1 && *v.p == '0') {
            sign = KZ_SIGN_BELOW_UNIT;
        } else if (*v.p == '<' && v.n > 1) {
            sign = KZ_SIGN_LESS;
            rest = kz_view_trim((kz_view){ v.p + 1, v.n - 1 });
        } else if (*v.p == '(' && last == ')') {
            sign = KZ_SIGN_LIMITED;
            rest = kz_view_trim((kz_view){ v.p + 1, v.n - 2 });
        } else if (counted && (last == 'p' || last == 'r' || last == 's')) {
            sign = last == 'p' ? KZ_SIGN_PRELIMINARY : last == 'r' ? KZ_SIGN_REVISED : KZ_SIGN_ESTIMATED;
            rest = head;
        }
    }
    *number = rest;
    return sign;
}
