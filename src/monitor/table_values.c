/* The columns of a table that hold values. */
#include "monitor/table_reader.h"

#include "base/utf8.h"

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static kz_status find_wide(reader *r, kz_err *err)
{
    kz_job *job = r->job;
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    for (size_t i = 0; i < job->rows.n_columns; i++) {
        kz_view period;
        if (i == r->area || i == r->area_name || i == r->period || i == r->measure[0] || i == r->measure[1])
            continue;
        kz_buf_clear(&folded);
        kz_utf8_fold(&folded, job->rows.header[i]);
        const kz_column_rule *rule = kz_mapfile_column(&job->map, (kz_view){ kz_buf_text(&folded), folded.n }, &period);
        if (!rule || rule->reason)
            continue;
        value_column v = { .at = i, .measure = rule->measure >= 0 ? rule->measure : UNKNOWN, .period = UNKNOWN,
                           .style = job->map.numbers };
        if (rule->behind) {
            v.period = reader_add_period(job, period);
            if (r->only.code[0] != '\0' && v.period >= 0 && strcmp(job->periods[v.period].is.code, r->only.code) != 0)
                v.period = LEFT_OUT;
            if (v.period == UNKNOWN)
                return memory(err); /* more periods than there may be */
        }
        r->values[r->n_values++] = v;
    }
    return KZ_OK;
}

kz_status reader_find_values(reader *r, kz_err *err)
{
    kz_job *job = r->job;
    r->values = kz_arena_new(&job->arena, value_column, job->rows.n_columns + 1);
    if (!r->values)
        return memory(err);
    if (job->map.wide)
        return find_wide(r, err);
    r->values[0] = (value_column){ .measure = UNKNOWN, .period = UNKNOWN, .style = job->map.numbers };
    r->n_values = 1;
    return kz_rows_column(&job->rows, job->map.value, &r->values[0].at, err);
}

bool reader_is_value(const reader *r, size_t column)
{
    for (size_t i = 0; i < r->n_values; i++)
        if (r->values[i].at == column)
            return true;
    return false;
}

/* ---- how numbers are written ------------------------------------------------------- */

/* The first value that could be read in two ways. */
typedef struct open_value {
    char text[64];
    size_t n;
} open_value;

static void see(kz_number_column *c, open_value *open, const kz_row *row, size_t at)
{
    kz_view number, field = row->field[at];
    if (row->cell && row->cell[at] && row->cell[at]->kind != KZ_CELL_TEXT)
        return;
    if (kz_sign_find(field, &number) == KZ_SIGN_NONE)
        number = kz_view_trim(field);
    if (number.n == 0)
        return;
    uint64_t before = c->open;
    kz_number_see(c, number, row->line);
    if (before == 0 && c->open == 1) {
        open->n = number.n < sizeof open->text ? number.n : 0;
        memcpy(open->text, number.p, open->n);
    }
}

static void decide(reader *r, value_column *v, const kz_number_column *c, const open_value *open)
{
    kz_job *job = r->job;
    const char *column = reader_column_name(job, v->at), *map = job->res->map_name;
    v->style = kz_number_decide(c);
    switch (v->style) {
    case KZ_NUM_ASK:
        kz_finding_add(job->found, KZ_ERROR, "check.number_ask", (int64_t)c->line_open, column,
                       kz_view_from(open->text, open->n), kz_s("map", map));
        break;
    case KZ_NUM_CONFLICT:
        kz_finding_add(job->found, KZ_ERROR, "check.number_conflict", (int64_t)c->line_comma, column, kz_view_of(""),
                       kz_n("point", c->line_point), kz_n("comma", c->line_comma));
        break;
    case KZ_NUM_UNITS:
        kz_finding_add(job->found, KZ_ERROR, "check.number_units", (int64_t)c->line_percent, column, kz_view_of(""),
                       kz_n("percent", c->line_percent), kz_n("bare", c->line_bare));
        break;
    case KZ_NUM_PLAIN:
    case KZ_NUM_POINT:
    case KZ_NUM_COMMA:
        break;
    }
}

/* With `dezimalzeichen = auto` every column proves its own style, before anything is read.  A column of percent
 * is looked at in any case: 12 % and 0,12 are not to stand side by side. */
kz_status reader_find_styles(reader *r, kz_err *err)
{
    kz_job *job = r->job;
    kz_row row;
    bool ask = job->map.numbers == KZ_NUM_ASK, percent = false;
    for (size_t i = 0; i < r->n_values; i++)
        percent |= r->values[i].measure >= 0 && kz_measure_percent(&job->measures->list[r->values[i].measure]);
    if (!ask && !percent)
        return KZ_OK;
    kz_number_column *seen = kz_arena_new(&job->arena, kz_number_column, r->n_values + 1);
    open_value *open = kz_arena_new(&job->arena, open_value, r->n_values + 1);
    if (!seen || !open)
        return memory(err);
    while (kz_rows_next(&job->rows, &row))
        for (size_t i = 0; i < r->n_values && row.problem == KZ_CSV_FINE; i++)
            see(&seen[i], &open[i], &row, r->values[i].at);
    KZ_TRY(kz_rows_end(&job->rows, err));
    for (size_t i = 0; i < r->n_values; i++)
        if (ask || kz_number_decide(&seen[i]) == KZ_NUM_UNITS)
            decide(r, &r->values[i], &seen[i], &open[i]);
    kz_rows_rewind(&job->rows);
    return KZ_OK;
}

/* ---- one value ---------------------------------------------------------------------- */

static void report(reader *r, const kz_row *row, const value_column *v, const kz_measure *m, const char *rule)
{
    kz_finding_add(r->job->found, KZ_ERROR, rule, (int64_t)row->line, reader_column_name(r->job, v->at),
                   row->field[v->at], kz_s("map", r->job->res->map_name),
                   kz_s("decimal", v->style == KZ_NUM_COMMA ? "komma" : "punkt"),
                   kz_s("other", v->style == KZ_NUM_COMMA ? "punkt" : "komma"), kz_s("measure", m->label),
                   kz_s("unit", m->unit));
}

/* One of the texts that the map says stand for no value. */
static bool is_missing(const reader *r, kz_view field)
{
    const kz_mapfile *m = &r->job->map;
    if (m->n_missing == 0)
        return false;
    field = kz_view_trim(field);
    for (int i = 0; i < m->n_missing; i++)
        if (kz_view_is(field, m->missing[i]))
            return true;
    return false;
}

/* No value and that on purpose: later deliveries may have it. */
static void take_missing(reader *r, const kz_row *row, const value_column *v, kz_value *ret)
{
    if (r->missing++ == 0) {
        r->missing_line = (int64_t)row->line;
        r->missing_column = v->at;
    }
    *ret = (kz_value){ KZ_NO_VALUE, KZ_CELL_LATER };
}

bool reader_no_values(const reader *r, const kz_row *row)
{
    for (size_t i = 0; i < r->n_values; i++)
        if (r->values[i].at < row->n && kz_view_trim(row->field[r->values[i].at]).n > 0)
            return false;
    return true;
}

static const char *rule_of(kz_count_verdict verdict, const kz_measure *m)
{
    static const char *const RULES[] = {
        [KZ_COUNT_EMPTY] = "check.value_empty",       [KZ_COUNT_NOT_NUMBER] = "check.value_number",
        [KZ_COUNT_NEGATIVE] = "check.value_negative", [KZ_COUNT_NOT_WHOLE] = "check.value_whole",
        [KZ_COUNT_TOO_LARGE] = "check.value_large",   [KZ_COUNT_SIGN] = "check.value_sign",
        [KZ_COUNT_PERCENT] = "check.value_unit",      [KZ_COUNT_OUTSIDE] = "check.value_range",
    };
    return verdict == KZ_COUNT_NOT_WHOLE && m->decimals > 0 ? "check.value_digits" : RULES[verdict];
}

bool reader_take_value(reader *r, const kz_row *row, const value_column *v, const kz_measure *m, kz_value *ret)
{
    static const kz_measure NONE = { .code = "", .label = "", .table = "", .unit = "", .hi = KZ_COUNT_MAX };
    const kz_sheet_cell *c = row->cell ? row->cell[v->at] : NULL;
    kz_number_style style = v->style;
    kz_view text = row->field[v->at];
    kz_count_verdict verdict;
    if (!m)
        m = &NONE;
    if (is_missing(r, text)) {
        take_missing(r, row, v, ret);
        return true;
    }
    if (c && c->kind != KZ_CELL_TEXT) {
        const char *wrong = c->kind == KZ_CELL_ERROR     ? "check.value_error"
                            : c->kind == KZ_CELL_FORMULA ? "check.value_formula"
                            : c->kind == KZ_CELL_DATE    ? "check.value_date"
                            : c->kind == KZ_CELL_BOOL    ? "check.value_bool"
                            : c->style == KZ_STYLE_PERCENT && !kz_measure_percent(m) ? "check.value_percent"
                                                                                     : NULL;
        if (wrong) {
            report(r, row, v, m, wrong);
            return false;
        }
        kz_measure of = *m;
        if (c->style == KZ_STYLE_PERCENT)
            of.decimals += 2; /* 12,34 % is kept as 0.1234 */
        verdict = kz_value_of_cell((kz_view){ c->text, c->n }, &of, ret); /* a number, however it is shown */
        if (verdict != KZ_COUNT_OK)
            report(r, row, v, m, rule_of(verdict, m));
        return verdict == KZ_COUNT_OK;
    }
    if (style == KZ_NUM_ASK || style == KZ_NUM_CONFLICT || style == KZ_NUM_UNITS)
        return false; /* said already, of the column */
    verdict = kz_value_read(text, style, r->job->map.signs, m, ret);
    if (verdict != KZ_COUNT_OK)
        report(r, row, v, m, rule_of(verdict, m));
    return verdict == KZ_COUNT_OK;
}
