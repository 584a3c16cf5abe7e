#include "base/fmt.h"

#include <math.h>
#include <string.h>

static const char MINUS[] = "\xE2\x88\x92", NBSP[] = "\xC2\xA0";

static void put_grouped(kz_buf *out, kz_lang lang, const char *digits, size_t n)
{
    char sep = lang == KZ_LANG_EN ? ',' : '.';
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            kz_buf_char(out, sep);
        kz_buf_char(out, digits[i]);
    }
}

void kz_fmt_int(kz_buf *out, kz_lang lang, int64_t n)
{
    char digits[24];
    size_t len = 0;
    uint64_t u = n < 0 ? -(uint64_t)n : (uint64_t)n;
    do
        digits[sizeof digits - ++len] = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (n < 0)
        kz_buf_str(out, MINUS);
    put_grouped(out, lang, digits + sizeof digits - len, len);
}

void kz_fmt_dec(kz_buf *out, kz_lang lang, double x, int digits)
{
    kz_auto(kz_buf) plain = kz_buf_init(64);
    kz_buf_fixed(&plain, x, digits);
    const char *p = kz_buf_text(&plain);
    if (!isfinite(x)) {
        kz_buf_str(out, p);
        return;
    }
    if (*p == '-') {
        kz_buf_str(out, MINUS);
        p++;
    }
    size_t whole = strcspn(p, ".");
    put_grouped(out, lang, p, whole);
    if (p[whole] == '.') {
        kz_buf_char(out, lang == KZ_LANG_EN ? '.' : ',');
        kz_buf_str(out, p + whole + 1);
    }
}

void kz_fmt_percent(kz_buf *out, kz_lang lang, double share, int digits)
{
    kz_fmt_dec(out, lang, share * 100, digits);
    if (lang == KZ_LANG_EN) {
        kz_buf_char(out, '%');
    } else {
        kz_buf_str(out, NBSP);
        kz_buf_char(out, '%');
    }
}

void kz_fmt_signed(kz_buf *out, kz_lang lang, double x, int digits)
{
    double unit = pow(10, -digits);
    if (fabs(x) < unit / 2)
        kz_buf_str(out, "\xC2\xB1");
    else if (x > 0)
        kz_buf_char(out, '+');
    kz_fmt_dec(out, lang, fabs(x) < unit / 2 ? 0 : x, digits);
}

void kz_fmt_date(kz_buf *out, kz_lang lang, const char *iso)
{
    static const char *const MONTH[2][12] = {
        /* lint: allow german, because a table of twelve is clearer here */
        { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
          "November", "Dezember" },
        { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December" },
    };
    int year, month, day;
    size_t n = strlen(iso);
    for (size_t i = 0; i < n; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? iso[i] != '-' : iso[i] < '0' || iso[i] > '9') {
            kz_buf_str(out, iso);
            return;
        }
    }
    if (n != 7 && n != 10) {
        kz_buf_str(out, iso);
        return;
    }
    year = (iso[0] - '0') * 1000 + (iso[1] - '0') * 100 + (iso[2] - '0') * 10 + (iso[3] - '0');
    month = (iso[5] - '0') * 10 + (iso[6] - '0');
    day = n == 10 ? (iso[8] - '0') * 10 + (iso[9] - '0') : 0;
    if (month < 1 || month > 12) {
        kz_buf_str(out, iso);
        return;
    }
    const char *name = MONTH[lang == KZ_LANG_EN][month - 1];
    if (n == 7)
        kz_buf_fmt(out, "%s %d", name, year);
    else if (lang == KZ_LANG_EN)
        kz_buf_fmt(out, "%d %s %d", day, name, year);
    else
        kz_buf_fmt(out, "%d.%d.%d", day, month, year);
}
