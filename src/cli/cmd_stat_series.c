/* kekiz stat segregation, stat trend: groups by area, and series by area. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/stat_table.h"

#include "base/date.h"
#include "base/dict.h"
#include "base/parse.h"
#include "stat/segregation.h"
#include "stat/trend.h"

#include <math.h>
#include <string.h>

enum { NAMED_MOST = 10 };

/* Rows by area or period, in order of first appearance. */
typedef struct parts {
    int n;
    const char *const *name;
    int *start, *row; /* rows of part p: row[start[p]] … row[start[p + 1] - 1] */
} parts;

static kz_status no_memory(kz_call *call)
{
    return kz_fail(&call->err, KZ_E_LIMIT, "space.memory");
}

static kz_status part_rows(kz_call *call, kz_arena *a, const char *const text[], int n, parts *ret)
{
    kz_dict d;
    uint32_t *part = kz_arena_new(a, uint32_t, n + 1);
    bool fresh;
    if (!part)
        return no_memory(call);
    KZ_TRY(kz_dict_init(&d, a, (uint32_t)n + 1, &call->err));
    for (int i = 0; i < n; i++)
        KZ_TRY(kz_dict_put(&d, kz_view_of(text ? text[i] : ""), &part[i], &fresh, &call->err));
    int *start = kz_arena_new(a, int, d.n + 2), *row = kz_arena_new(a, int, n + 1);
    const char **name = kz_arena_new(a, const char *, d.n + 1);
    if (!start || !row || !name)
        return no_memory(call);
    for (uint32_t p = 0; p < d.n; p++)
        if (!(name[p] = kz_arena_strndup(a, d.keys[p].p, d.keys[p].n)))
            return no_memory(call);
    for (int i = 0; i < n; i++)
        start[part[i] + 1]++;
    for (uint32_t p = 0; p < d.n; p++)
        start[p + 1] += start[p];
    int *at = kz_arena_new(a, int, d.n + 1);
    if (!at)
        return no_memory(call);
    for (int i = 0; i < n; i++)
        row[start[part[i]] + at[part[i]]++] = i;
    *ret = (parts){ .n = (int)d.n, .name = name, .start = start, .row = row };
    return KZ_OK;
}

/* ---- segregation -------------------------------------------------------------------- */

static kz_status check_counts(kz_call *call, const kz_stat_table *t)
{
    for (int i = 0; i < t->n; i++) {
        double group = t->number[0][i], total = t->number[1][i];
        if (group < 0 || total < 0 || group > total)
            return kz_fail(&call->err, KZ_E_INPUT, "space.group_over", kz_s("file", t->file),
                           kz_n("line", t->line[i]), kz_s("group", kz_opt_text(call, "group")),
                           kz_s("total", kz_opt_text(call, "total")));
    }
    return KZ_OK;
}

static kz_status put_period(kz_call *call, const kz_stat_table *t, const parts *p, int period, double *room,
                            kz_table_out *out)
{
    int n = p->start[period + 1] - p->start[period];
    double *group = room, *total = room + n;
    kz_segregation s;
    for (int k = 0; k < n; k++) {
        int row = p->row[p->start[period] + k];
        group[k] = t->number[0][row];
        total[k] = t->number[1][row];
    }
    kz_status st = kz_segregation_make(group, total, n, &s, &call->err);
    if (st != KZ_OK) {
        kz_err_add(&call->err, kz_s("file", t->file));
        kz_err_add(&call->err, kz_s("column", kz_opt_text(call, "group")));
        kz_err_add(&call->err, kz_s("period", p->name[period]));
        return st;
    }
    kz_put_text(out, p->name[period]);
    kz_put_real(out, s.dissimilarity);
    kz_put_real(out, s.isolation);
    kz_put_real(out, s.exposure);
    kz_put_real(out, s.eta2);
    kz_put_real(out, s.share);
    kz_put_real(out, s.group);
    kz_put_real(out, s.total);
    kz_put_int(out, s.n);
    return KZ_OK;
}

kz_status kz_cmd_stat_segregation(kz_call *call)
{
    static const kz_col COLS[] = { { "period", KZ_COL_TEXT },    { "dissimilarity", KZ_COL_REAL },
                                   { "isolation", KZ_COL_REAL }, { "exposure", KZ_COL_REAL },
                                   { "eta2", KZ_COL_REAL },      { "share", KZ_COL_REAL },
                                   { "group", KZ_COL_REAL },     { "total", KZ_COL_REAL },
                                   { "areas", KZ_COL_INT } };
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, KZ_STAT_ARENA_BYTES);
    const char *numbers[] = { kz_opt_text(call, "group"), kz_opt_text(call, "total") }, *by = kz_opt_text(call, "by");
    const kz_stat_ask ask = { .key = kz_opt_text(call, "key"), .repeated = true, .numbers = numbers, .n_numbers = 2,
                              .texts = &by, .n_texts = by != NULL };
    kz_stat_table t;
    parts p;
    KZ_TRY(kz_stat_table_read(call->args[0], &ask, &arena, &t, &call->err));
    if (kz_stat_table_has_areas(&t, &ask))
        KZ_TRY(kz_stat_table_pairs(&t, by ? 0 : -1, &arena, &call->err));
    KZ_TRY(check_counts(call, &t));
    KZ_TRY(part_rows(call, &arena, by ? t.text[0] : NULL, t.n, &p));
    double *room = kz_arena_new(&arena, double, 2 * (size_t)t.n + 1);
    kz_auto(kz_table_out) out;
    if (!room)
        return no_memory(call);
    KZ_TRY(kz_table_begin(&out, call, COLS, sizeof COLS / sizeof COLS[0]));
    for (int period = 0; period < p.n; period++)
        KZ_TRY(put_period(call, &t, &p, period, room, &out));
    return kz_table_end(&out);
}

/* ---- trend ------------------------------------------------------------------------------ */

typedef enum period_form { NO_PERIOD, YEAR, SCHOOL_YEAR, QUARTER, MONTH, DAY } period_form;

static bool digits(const char *s, int n, int64_t lo, int64_t hi, int64_t *ret)
{
    for (int i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return kz_parse_plain(kz_view_from(s, (size_t)n), lo, hi, ret);
}

/* 2012 · 2012/13 · 2012-Q3 · 2012-03 · 2012-03-31, as years. */
static period_form read_period(const char *s, double *years)
{
    int64_t year, part, day;
    size_t n = strlen(s);
    if (n < 4 || !digits(s, 4, 1, 9999, &year))
        return NO_PERIOD;
    *years = (double)year;
    if (n == 4)
        return YEAR;
    if ((n == 7 && s[4] == '/' && digits(s + 5, 2, 0, 99, &part) && part == (year + 1) % 100) ||
        (n == 9 && s[4] == '/' && digits(s + 5, 4, 1, 9999, &part) && part == year + 1))
        return SCHOOL_YEAR;
    if (n == 7 && s[4] == '-' && s[5] == 'Q' && digits(s + 6, 1, 1, 4, &part)) {
        *years += (double)(part - 1) / 4;
        return QUARTER;
    }
    if (n < 7 || s[4] != '-' || !digits(s + 5, 2, 1, 12, &part))
        return NO_PERIOD;
    *years += (double)(part - 1) / 12;
    if (n == 7)
        return MONTH;
    if (n != 10 || s[7] != '-' || !digits(s + 8, 2, 1, 31, &day) || !kz_date_ok((int)year, (int)part, (int)day))
        return NO_PERIOD;
    *years = 1970 + kz_date_number((kz_date){ (int16_t)year, (int8_t)part, (int8_t)day }) / 365.2425;
    return DAY;
}

static kz_status read_periods(kz_call *call, const kz_stat_table *t, double years[])
{
    period_form first = NO_PERIOD;
    for (int i = 0; i < t->n; i++) {
        period_form form = read_period(t->text[0][i], &years[i]);
        if (form == NO_PERIOD)
            return kz_fail(&call->err, KZ_E_INPUT, "space.period", kz_s("file", t->file), kz_n("line", t->line[i]),
                           kz_s("value", t->text[0][i]));
        if (first == NO_PERIOD)
            first = form;
        if (form != first)
            return kz_fail(&call->err, KZ_E_INPUT, "space.period_mixed", kz_s("file", t->file),
                           kz_n("line", t->line[i]), kz_s("value", t->text[0][i]), kz_s("first", t->text[0][0]));
    }
    return KZ_OK;
}

static void put_trend(kz_table_out *out, const char *area, const kz_trend *r)
{
    static const char *const DIRECTION[] = { "down", "none", "up" };
    kz_put_text(out, area);
    kz_put_real(out, r->slope);
    kz_put_real(out, r->lo);
    kz_put_real(out, r->hi);
    kz_put_real(out, r->p);
    kz_put_text(out, r->n ? DIRECTION[1 + r->direction] : "");
}

/* Areas with too short a series stay, with empty fields, and are named. */
static kz_status put_areas(kz_call *call, const kz_stat_table *t, const parts *p, const double years[], double *room,
                           kz_table_out *out)
{
    kz_auto(kz_buf) names = kz_buf_init(600);
    int n_short = 0;
    for (int area = 0; area < p->n; area++) {
        int n = p->start[area + 1] - p->start[area];
        double *time = room, *value = room + n;
        kz_trend r = { .slope = NAN, .lo = NAN, .hi = NAN, .p = NAN };
        for (int k = 0; k < n; k++) {
            int row = p->row[p->start[area] + k];
            time[k] = years[row];
            value[k] = t->number[0][row];
        }
        if (n >= 3)
            KZ_TRY(kz_trend_make(time, value, n, &r, &call->err));
        else if (n_short++ < NAMED_MOST)
            kz_buf_fmt(&names, "%s%.40s", n_short > 1 ? ", " : "", p->name[area]);
        put_trend(out, p->name[area], &r);
    }
    KZ_TRY(kz_table_end(out));
    if (n_short > NAMED_MOST)
        kz_buf_str(&names, ", …");
    if (n_short)
        kz_tell(call, "space.short", kz_n("n", n_short), kz_s("names", kz_buf_text(&names)));
    return KZ_OK;
}

kz_status kz_cmd_stat_trend(kz_call *call)
{
    static const kz_col COLS[] = { { "area", KZ_COL_TEXT }, { "slope", KZ_COL_REAL }, { "lo", KZ_COL_REAL },
                                   { "hi", KZ_COL_REAL },   { "p", KZ_COL_REAL },     { "direction", KZ_COL_TEXT } };
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, KZ_STAT_ARENA_BYTES);
    const char *period = kz_opt_text(call, "period"), *value = kz_opt_text(call, "value");
    if (!period)
        period = "period";
    if (!value)
        value = "value";
    const kz_stat_ask ask = { .key = kz_opt_text(call, "key"), .repeated = true, .numbers = &value, .n_numbers = 1,
                              .texts = &period, .n_texts = 1 };
    kz_stat_table t;
    parts p;
    KZ_TRY(kz_stat_table_read(call->args[0], &ask, &arena, &t, &call->err));
    KZ_TRY(kz_stat_table_pairs(&t, 0, &arena, &call->err));
    double *years = kz_arena_new(&arena, double, t.n + 1), *room = kz_arena_new(&arena, double, 2 * (size_t)t.n + 1);
    if (!years || !room)
        return no_memory(call);
    KZ_TRY(read_periods(call, &t, years));
    KZ_TRY(part_rows(call, &arena, t.key, t.n, &p));
    kz_auto(kz_table_out) out;
    KZ_TRY(kz_table_begin(&out, call, COLS, sizeof COLS / sizeof COLS[0]));
    return put_areas(call, &t, &p, years, room, &out);
}
