#include "base/date.h"

#include "base/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { YEAR_MIN = 1800, YEAR_MAX = 2199 };

bool kz_date_ok(int year, int month, int day)
{
    static const int8_t DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= DAYS[month - 1] + (month == 2 && leap);
}

/* Between lo and hi digits at *p; -1 when there are fewer or more. */
static int digits(const char **p, const char *end, int lo, int hi)
{
    int n = 0, value = 0;
    for (; *p < end && **p >= '0' && **p <= '9' && n <= hi; n++)
        value = value * 10 + (*(*p)++ - '0');
    return n < lo || n > hi ? -1 : value;
}

bool kz_date_parse(kz_view v, kz_date *ret)
{
    const char *p = v.p, *end = v.p + v.n;
    bool iso = v.n == 10 && v.p[4] == '-';
    char sep = iso ? '-' : '.';
    int part[3];
    for (int i = 0; i < 3; i++) {
        bool year = i == (iso ? 0 : 2);
        part[i] = digits(&p, end, year ? 4 : iso ? 2 : 1, year ? 4 : 2);
        if (part[i] < 0 || (i < 2 && (p == end || *p++ != sep)))
            return false;
    }
    int year = iso ? part[0] : part[2], day = iso ? part[2] : part[0];
    if (p != end || !kz_date_ok(year, part[1], day))
        return false;
    *ret = (kz_date){ (int16_t)year, (int8_t)part[1], (int8_t)day };
    return true;
}

void kz_date_iso(kz_date d, char out[static KZ_DATE_TEXT])
{
    KZ_ASSERT(kz_date_ok(d.year, d.month, d.day));
    snprintf(out, KZ_DATE_TEXT, "%04u-%02u-%02u", (unsigned)d.year % 10000,
             (unsigned)d.month % 100, (unsigned)d.day % 100);
}

int32_t kz_date_number(kz_date d)
{
    /* Years begin in March, so the leap day is the last. */
    int year = d.year - (d.month <= 2), era = year / 400, of_era = year % 400;
    int of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t kz_time_now(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;
    if (fixed && kz_parse_plain(kz_view_of(fixed), 0, 253402300799, &seconds))
        return seconds;
    return (int64_t)time(NULL);
}

void kz_time_iso(char out[static KZ_TIME_TEXT])
{
    time_t now = (time_t)kz_time_now();
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(out, KZ_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
