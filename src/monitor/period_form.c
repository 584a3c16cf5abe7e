#include "monitor/period_form.h"

#include "base/date.h"
#include "base/utf8.h"

#include <stdio.h>

enum { YEAR_FIRST = 1900, YEAR_LAST = 2100, LONGEST = 40 };

const char *kz_period_form_name(kz_period_form f)
{
    static const char *const NAMES[KZ_N_FORMS] = { "jahr", "halbjahr", "quartal", "monat", "schuljahr", "stichtag" };
    return f < KZ_N_FORMS ? NAMES[f] : NULL;
}

static int last_day(int year, int month)
{
    int day = 31;
    while (!kz_date_ok(year, month, day))
        day--;
    return day;
}

/* Exactly `n` digits at *p, which moves on; -1 when they are not there. */
static int digits(const char **p, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if ((*p)[i] < '0' || (*p)[i] > '9')
            return -1;
        v = v * 10 + ((*p)[i] - '0');
    }
    *p += n;
    return v;
}

static int year_at(const char **p)
{
    const char *from = *p;
    int year = digits(p, 4);
    if (year >= YEAR_FIRST && year <= YEAR_LAST && (**p < '0' || **p > '9'))
        return year;
    *p = from;
    return -1;
}

static bool skip(const char **p, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*p, word, n) != 0)
        return false;
    *p += n;
    return true;
}

/* "2012-q3", "2012q3", "q3 2012", "q3/2012", "3. quartal 2012": the year and which one. */
static bool read_part(const char *p, const char *letter, const char *word, int most, int *year, int *part)
{
    *year = year_at(&p);
    if (*year > 0) {
        (void)(skip(&p, "-") || skip(&p, " "));
        if (!skip(&p, letter) || (*part = digits(&p, 1)) < 1)
            return false;
    } else {
        if (skip(&p, letter)) {
            if ((*part = digits(&p, 1)) < 1 || !(skip(&p, " ") || skip(&p, "/")))
                return false;
        } else {
            if ((*part = digits(&p, 1)) < 1 || !skip(&p, ".") || (skip(&p, " "), !skip(&p, word)) || !skip(&p, " "))
                return false;
        }
        *year = year_at(&p);
    }
    return *year > 0 && *part <= most && *p == '\0';
}

static bool read_month(const char *p, int *year, int *month)
{
    static const char *const NAMES[][3] = {
        { "januar", "jan", "jan." },     { "februar", "feb", "feb." },
        /* lint: allow german, because these are words of the files, not of a screen */
        { "märz", "mrz", "mär" },
        { "april", "apr", "apr." },      { "mai", "mai", "mai" },      { "juni", "jun", "jun." },
        { "juli", "jul", "jul." },       { "august", "aug", "aug." },  { "september", "sep", "sept." },
        { "oktober", "okt", "okt." },    { "november", "nov", "nov." }, { "dezember", "dez", "dez." },
    };
    for (int m = 0; m < 12; m++)
        for (int i = 0; i < 3; i++) {
            const char *at = p;
            if (skip(&at, NAMES[m][i]) && skip(&at, " ") && (*year = year_at(&at)) > 0 && *at == '\0') {
                *month = m + 1;
                return true;
            }
        }
    *year = year_at(&p);
    if (*year > 0) { /* 2012-07, and 2012-07-01 of a date cell */
        if (!skip(&p, "-") || (*month = digits(&p, 2)) < 1)
            return false;
        return *month <= 12 && (*p == '\0' || strcmp(p, "-01") == 0);
    }
    *month = p[0] != '\0' && (p[1] == '/' || p[1] == '.') ? digits(&p, 1) : digits(&p, 2);
    if (*month < 1 || *month > 12 || !(skip(&p, "/") || skip(&p, ".")))
        return false;
    *year = year_at(&p);
    return *year > 0 && *p == '\0';
}

static bool read_school_year(const char *p, int *year)
{
    *year = year_at(&p);
    if (*year < 0 || !skip(&p, "/"))
        return false;
    int next = strlen(p) == 4 ? digits(&p, 4) - *year / 100 * 100 : strlen(p) == 2 ? digits(&p, 2) : -1;
    if (*year % 100 == 99)
        next += next == 0 ? 100 : 0;
    return *p == '\0' && next == *year % 100 + 1;
}

bool kz_period_read(kz_period_form f, kz_view text, int month, int day, kz_period *ret)
{
    kz_auto(kz_buf) folded = kz_buf_init(LONGEST);
    kz_period p = { 0 };
    int year = 0, part = 0;
    bool good = false;
    kz_date d;
    if (text.n > LONGEST)
        return false;
    kz_utf8_fold(&folded, text);
    if (kz_buf_status(&folded) != KZ_OK || strlen(kz_buf_text(&folded)) != folded.n)
        return false;
    const char *t = kz_buf_text(&folded), *at = t;
    switch (f) {
    case KZ_FORM_YEAR:
        good = folded.n == 4 && (year = year_at(&at)) > 0;
        snprintf(p.code, sizeof p.code, "%04d", year % 10000);
        break;
    case KZ_FORM_HALF:
        good = read_part(t, "h", "halbjahr", 2, &year, &part);
        snprintf(p.code, sizeof p.code, "%04d-H%d", year % 10000, part % 10);
        month = part * 6;
        break;
    case KZ_FORM_QUARTER:
        good = read_part(t, "q", "quartal", 4, &year, &part);
        snprintf(p.code, sizeof p.code, "%04d-Q%d", year % 10000, part % 10);
        month = part * 3;
        break;
    case KZ_FORM_MONTH:
        good = read_month(t, &year, &part);
        snprintf(p.code, sizeof p.code, "%04d-%02d", year % 10000, part % 100);
        month = part;
        break;
    case KZ_FORM_SCHOOL_YEAR:
        good = read_school_year(t, &year);
        snprintf(p.code, sizeof p.code, "%04d/%02d", year % 10000, (year + 1) % 100);
        break;
    case KZ_FORM_DAY:
        good = kz_date_parse((kz_view){ t, folded.n }, &d) && d.year >= YEAR_FIRST && d.year <= YEAR_LAST;
        if (good) {
            char iso[KZ_DATE_TEXT];
            kz_date_iso(d, iso);
            snprintf(p.code, sizeof p.code, "%s", iso);
            year = d.year;
            month = d.month;
            day = d.day;
        }
        break;
    case KZ_N_FORMS:
        break;
    }
    if (!good)
        return false;
    if (f == KZ_FORM_HALF || f == KZ_FORM_QUARTER || f == KZ_FORM_MONTH)
        day = last_day(year, month);
    kz_buf iso = kz_buf_init(sizeof p.day - 1);
    kz_buf_fmt(&iso, "%04d-%02d-%02d", year, month, day);
    memcpy(p.day, kz_buf_text(&iso), iso.n + 1);
    kz_buf_done(&iso);
    *ret = p;
    return true;
}
