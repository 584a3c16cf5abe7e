/* Which period a delivery is for. */
#include "monitor/person_job.h"

#include "monitor/period_form.h"

#include <stdio.h>

/* The period that a text means for this source: "2024", "31.12.2024", "2024/25". */
static bool read_period(const kz_source *s, kz_view text, kz_period *ret)
{
    kz_view v = kz_view_trim(text);
    kz_date day;
    char year[8];
    if (s->time == KZ_SOURCE_SCHOOL_YEAR)
        return kz_period_read(KZ_FORM_SCHOOL_YEAR, v, s->month, s->day, ret);
    if (kz_period_read(KZ_FORM_YEAR, v, s->month, s->day, ret))
        return true;
    if (!kz_date_parse(v, &day))
        return false;
    snprintf(year, sizeof year, "%d", day.year);
    return (s->time != KZ_SOURCE_DAY || (day.day == s->day && day.month == s->month)) &&
           kz_period_read(KZ_FORM_YEAR, kz_view_of(year), s->month, s->day, ret);
}

bool person_is_period(const person_job *job, kz_view text)
{
    kz_period p;
    return read_period(&job->source, text, &p) && strcmp(p.code, job->period) == 0;
}

static kz_status take(person_job *job, const kz_period *p)
{
    memcpy(job->period, p->code, sizeof job->period);
    memcpy(job->day_text, p->day, sizeof job->day_text);
    KZ_ASSERT(kz_date_parse(kz_view_of(p->day), &job->day));
    job->year = job->day.year;
    return KZ_OK;
}

/* The only year or school year in the name of the file: proposed, never taken. */
static bool in_name(const person_job *job, char out[static 16])
{
    const char *slash = strrchr(job->order->file, '/'), *name = slash ? slash + 1 : job->order->file;
    int found = 0, year = 0;
    for (const char *p = name; *p; p++) {
        if ((p > name && p[-1] >= '0' && p[-1] <= '9') || strspn(p, "0123456789") != 4)
            continue;
        int y = (p[0] - '0') * 1000 + (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0');
        if (y >= 1990 && y < 2100 && y != year) {
            found++;
            year = y;
        }
    }
    if (job->source.time == KZ_SOURCE_SCHOOL_YEAR)
        snprintf(out, 16, "%d/%02d", year, (year + 1) % 100);
    else
        snprintf(out, 16, "%d", year);
    return found == 1;
}

static kz_status ask(const person_job *job, kz_err *err)
{
    char proposal[16];
    if (in_name(job, proposal))
        return kz_fail(err, KZ_E_USAGE, "person.period_proposed", kz_s("file", job->order->file),
                       kz_s("period", proposal));
    return kz_fail(err, KZ_E_USAGE, "person.period_needed", kz_s("file", job->order->file),
                   kz_s("example", job->source.time == KZ_SOURCE_SCHOOL_YEAR ? "2024/25" : "2024"));
}

/* To look at areas with, when no rows are taken. */
static kz_status take_today(person_job *job)
{
    char now[KZ_TIME_TEXT], text[16];
    kz_period p;
    kz_time_iso(now);
    snprintf(text, sizeof text, "%.4s", now);
    if (job->source.time == KZ_SOURCE_SCHOOL_YEAR)
        snprintf(text, sizeof text, "%.4s/%02d", now, ((now[2] - '0') * 10 + now[3] - '0' + 1) % 100);
    KZ_ASSERT(read_period(&job->source, kz_view_of(text), &p));
    return take(job, &p);
}

kz_status person_find_period(person_job *job, kz_err *err)
{
    kz_period p;
    if (job->order->period) {
        if (!read_period(&job->source, kz_view_of(job->order->period), &p))
            return kz_fail(err, KZ_E_USAGE, "person.period_bad", kz_s("value", job->order->period),
                           kz_s("example", job->source.time == KZ_SOURCE_SCHOOL_YEAR ? "2024/25" : "2024"));
        return take(job, &p);
    }
    if (job->at_period != SIZE_MAX && read_period(&job->source, job->first_period, &p))
        return take(job, &p);
    return job->proposing ? take_today(job) : ask(job, err);
}
