/* What went wrong, from all threads, in the order of the file. */
#include "monitor/person_job.h"

#include <stdlib.h>

static const struct {
    const char *rule;
    kz_severity severity;
} RULES[N_FAULTS] = {
    [FAULT_FIELDS] = { "check.row_fields", KZ_ERROR },
    [FAULT_QUOTE] = { "check.row_quote", KZ_ERROR },
    [FAULT_LONG] = { "check.person_long", KZ_ERROR },
    [FAULT_DATE] = { "check.person_date", KZ_ERROR },
    [FAULT_BORN_LATER] = { "check.person_born_later", KZ_ERROR },
    [FAULT_AGE_OLD] = { "check.person_age_old", KZ_ERROR },
    [FAULT_AGE_ODD] = { "check.person_age_odd", KZ_WARNING },
    [FAULT_NUMBER] = { "check.person_number", KZ_ERROR },
    [FAULT_RANGE] = { "check.person_range", KZ_ERROR },
    [FAULT_SINCE_LATER] = { "check.person_since_later", KZ_WARNING },
    [FAULT_DAY_OUTSIDE] = { "check.person_day_outside", KZ_WARNING },
    [FAULT_NO_ID] = { "check.person_no_id", KZ_WARNING },
    [FAULT_STREET] = { "check.address_street", KZ_WARNING },
    [FAULT_HOUSE] = { "check.address_house", KZ_WARNING },
    [FAULT_POSTCODE] = { "check.address_postcode", KZ_WARNING },
    [FAULT_NO_ADDRESS] = { "check.address_none", KZ_WARNING },
    [FAULT_AMBIGUOUS] = { "check.address_ambiguous", KZ_WARNING },
    [FAULT_DOUBLE] = { "check.person_double", KZ_ERROR },
};

void person_note(person_worker *w, person_fault fault, uint64_t line, size_t column, kz_view value, int number)
{
    w->faults[fault]++;
    if (w->n_trouble[fault] == FAULTS_KEPT)
        return;
    if (!w->trouble[fault])
        w->trouble[fault] = kz_arena_new(&w->arena, person_trouble, FAULTS_KEPT);
    if (!w->trouble[fault])
        return; /* counted all the same */
    person_trouble *t = &w->trouble[fault][w->n_trouble[fault]++];
    size_t n = value.n < FAULT_VALUE ? value.n : FAULT_VALUE;
    while (n > 0 && n < value.n && ((unsigned char)value.p[n] & 0xC0) == 0x80)
        n--;
    *t = (person_trouble){ .line = line, .column = column == SIZE_MAX ? -1 : (int32_t)column, .number = number,
                           .n = (uint8_t)n };
    memcpy(t->value, value.p, n);
}

/* ---- places -------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const person_trouble *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static const char *column_name(person_job *job, int32_t at)
{
    const kz_view *v = at >= 0 && (size_t)at < job->n_file_columns ? &job->header[at] : NULL;
    const char *name = v ? kz_arena_strndup(&job->found->arena, v->p, v->n) : NULL;
    return name ? name : "";
}

const char *person_column_name(person_job *job, const person_column *c)
{
    return column_name(job, c->at == SIZE_MAX ? -1 : (int32_t)c->at);
}

static const kz_source_column *ours_at(const person_job *job, int32_t at)
{
    for (int i = 0; i < job->n_columns; i++)
        if (at >= 0 && job->columns[i].at == (size_t)at)
            return job->columns[i].is;
    return NULL;
}

static void tell_one(person_job *job, person_fault fault, kz_severity severity, const person_trouble *t)
{
    const char *rule = RULES[fault].rule, *name = column_name(job, t->column);
    const kz_source_column *c = ours_at(job, t->column);
    kz_view value = { t->value, t->n };
    int64_t row = (int64_t)t->line;
    if (fault == FAULT_FIELDS)
        kz_finding_add(job->found, severity, rule, row, name, value, kz_n("fields", t->number),
                       kz_n("expected", job->n_file_columns));
    else if (fault == FAULT_AGE_OLD)
        kz_finding_add(job->found, severity, rule, row, name, value, kz_n("most", PERSON_AGE_MOST));
    else if (fault == FAULT_STREET && t->n > 0) /* what the list has that sounds alike, not what stands there */
        kz_finding_add(job->found, severity, "check.address_street_like", row, name, kz_view_of(""),
                       kz_vw("like", value));
    else if (fault == FAULT_RANGE && t->n == 0)
        kz_finding_add(job->found, severity, "check.person_range_since", row, name, value, kz_n("lo", c ? c->lo : 0),
                       kz_n("hi", c ? c->hi : 0));
    else if (fault == FAULT_NUMBER && t->n == 0)
        kz_finding_add(job->found, severity, "check.person_number_hidden", row, name, value);
    else
        kz_finding_add(job->found, severity, rule, row, name, value, kz_n("lo", c ? c->lo : 0),
                       kz_n("hi", c ? c->hi : 0), kz_s("day", job->day_text), kz_s("period", job->period));
}

/* The first places of a fault, by line; all are counted. */
static kz_status tell_fault(person_job *job, person_fault fault, kz_err *err)
{
    size_t n = 0, at = 0;
    int64_t all = 0;
    for (int w = 0; w < job->n_workers; w++) {
        n += job->workers[w].n_trouble[fault];
        all += job->workers[w].faults[fault];
    }
    if (all == 0)
        return KZ_OK;
    person_trouble *list = calloc(n + 1, sizeof *list);
    if (!list)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (int w = 0; w < job->n_workers; w++)
        if (job->workers[w].n_trouble[fault] > 0) {
            memcpy(list + at, job->workers[w].trouble[fault], job->workers[w].n_trouble[fault] * sizeof *list);
            at += job->workers[w].n_trouble[fault];
        }
    qsort(list, n, sizeof *list, by_place);
    n = n < FAULTS_KEPT ? n : FAULTS_KEPT;
    kz_severity severity = fault == FAULT_DOUBLE && !job->source.unique_is_error ? KZ_WARNING : RULES[fault].severity;
    for (size_t i = 0; i < n; i++)
        tell_one(job, fault, severity, &list[i]);
    kz_findings_more(job->found, severity, RULES[fault].rule, all - (int64_t)n);
    free(list);
    return KZ_OK;
}

/* ---- texts nobody knows ------------------------------------------------------------------------------ */

typedef struct unknown {
    kz_view text;
    uint64_t line, rows;
} unknown;

static int by_text(const void *a, const void *b)
{
    const unknown *x = a, *y = b;
    size_t n = x->text.n < y->text.n ? x->text.n : y->text.n;
    int order = n > 0 ? memcmp(x->text.p, y->text.p, n) : 0;
    return order != 0 ? order : (x->text.n > y->text.n) - (x->text.n < y->text.n);
}

static int by_line(const void *a, const void *b)
{
    const unknown *x = a, *y = b;
    return x->line != y->line ? (x->line < y->line ? -1 : 1) : by_text(a, b);
}

static void codes_of(const kz_source_column *c, kz_buf *out)
{
    for (int i = 0; i < c->n_codes; i++)
        if (c->codes[i].code[0] != '\0')
            kz_buf_fmt(out, "%s%s (%s)", out->n ? ", " : "", c->codes[i].code,
                       c->codes[i].n ? c->codes[i].names[0] : "");
}

/* A key of another time, or one that differs by zeros, or none at all. */
static void tell_area(person_job *job, const person_column *c, const unknown *u, const char *name)
{
    kz_auto(kz_buf) like = kz_buf_init(4096);
    person_then then = { .name = kz_buf_init(1024), .day = kz_buf_init(64), .heirs = kz_buf_init(2048) };
    int64_t row = (int64_t)u->line;
    kz_arg rows = kz_n("rows", u->rows), level = kz_s("level", c->level);
    if (person_area_then(job, c->level, u->text, &then))
        kz_finding_add(job->found, KZ_ERROR,
                       !then.ended ? "check.area_not_yet" : then.heirs.n > 0 ? "check.area_became" : "check.area_ended",
                       row, name, u->text, kz_s("name", kz_buf_text(&then.name)), kz_s("period", job->period),
                       kz_s("day", kz_buf_text(&then.day)), kz_s("heirs", kz_buf_text(&then.heirs)));
    else if (person_area_like(job, c->level, u->text, &like))
        kz_finding_add(job->found, KZ_ERROR, "check.person_area_like", row, name, u->text, rows, level,
                       kz_s("like", kz_buf_text(&like)));
    else
        kz_finding_add(job->found, KZ_ERROR, "check.person_area", row, name, u->text, rows, level,
                       kz_s("day", job->day_text));
    kz_buf_done(&then.name);
    kz_buf_done(&then.day);
    kz_buf_done(&then.heirs);
}

static void tell_unknown(person_job *job, const person_column *c, const unknown *u)
{
    const char *name = column_name(job, (int32_t)c->at);
    kz_auto(kz_buf) known = kz_buf_init(4096);
    int64_t row = (int64_t)u->line;
    kz_arg rows = kz_n("rows", u->rows), ours = kz_s("ours", c->is->name);
    if (c->hide) {
        kz_finding_add(job->found, KZ_ERROR, "check.person_code_hidden", row, name, kz_view_of(""), rows, ours);
    } else if (c->is->kind == KZ_SRC_AREA) {
        tell_area(job, c, u, name);
    } else if (c->is->kind == KZ_SRC_KEY) {
        kz_finding_add(job->found, KZ_ERROR, "check.person_key_long", row, name, kz_view_of(""), rows);
    } else {
        codes_of(c->is, &known);
        kz_finding_add(job->found, KZ_ERROR, "check.person_code", row, name, u->text, rows, ours,
                       kz_s("known", kz_buf_text(&known)));
    }
}

static kz_status tell_strange(person_job *job, int column, kz_err *err)
{
    size_t n = 0, at = 0;
    for (int w = 0; w < job->n_workers; w++)
        n += job->workers[w].strange_rows[column] ? job->workers[w].strange[column].n : 0;
    if (n == 0)
        return KZ_OK;
    unknown *list = calloc(n, sizeof *list);
    if (!list)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (int w = 0; w < job->n_workers; w++) {
        const person_worker *from = &job->workers[w];
        for (uint32_t i = 0; from->strange_rows[column] && i < from->strange[column].n; i++)
            list[at++] = (unknown){ from->strange[column].keys[i], from->strange_rows[column][i].line,
                                    from->strange_rows[column][i].rows };
    }
    qsort(list, n, sizeof *list, by_text);
    size_t m = 0;
    for (size_t i = 1; i < n; i++) { /* the same text from another thread */
        if (by_text(&list[m], &list[i]) != 0) {
            list[++m] = list[i];
            continue;
        }
        list[m].rows += list[i].rows;
        list[m].line = list[i].line < list[m].line ? list[i].line : list[m].line;
    }
    qsort(list, m + 1, sizeof *list, by_line);
    for (size_t i = 0; i <= m; i++)
        tell_unknown(job, &job->columns[column], &list[i]);
    free(list);
    return KZ_OK;
}

/* ---- all --------------------------------------------------------------------------------------------------- */

kz_status person_tell_all(person_job *job, kz_err *err)
{
    int64_t unknown_age = 0, unknown_area = 0, odd = 0;
    for (int f = 0; f < N_FAULTS; f++)
        KZ_TRY(tell_fault(job, (person_fault)f, err));
    for (int i = 0; i < job->n_columns; i++)
        KZ_TRY(tell_strange(job, i, err));
    for (int w = 0; w < job->n_workers; w++) {
        unknown_age += job->workers[w].unknown_age;
        unknown_area += job->workers[w].unknown_area;
        odd += job->workers[w].address_odd;
    }
    if (unknown_age > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.person_no_age", 0, "", kz_view_of(""), kz_n("rows", unknown_age));
    if (unknown_area > odd && job->found->count[KZ_ERROR] == 0) /* else the keys nobody knows are among them */
        kz_finding_add(job->found, KZ_NOTICE, "check.person_no_area", 0, "", kz_view_of(""),
                       kz_n("rows", unknown_area - odd));
    return KZ_OK;
}
