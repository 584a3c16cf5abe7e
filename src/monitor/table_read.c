/* Rows of the file to cells: every distinct label and period is looked up once. */
#include "monitor/table_reader.h"

#include "base/date.h"
#include "base/utf8.h"

#include <stdlib.h>

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

const char *reader_column_name(const kz_job *job, size_t column)
{
    const kz_view *v = column < job->rows.n_columns ? &job->rows.header[column] : NULL;
    const char *name = v ? kz_arena_strndup(&job->found->arena, v->p, v->n) : NULL;
    return name ? name : "";
}

int64_t kz_job_place(const kz_job *job, size_t column)
{
    return job->rows.sheet ? (int64_t)job->rows.columns[column] + 1 : (int64_t)column + 1;
}

const char *kz_job_column(const kz_job *job, const job_cell *c)
{
    return reader_column_name(job, c->column);
}

/* ---- measures and periods --------------------------------------------------------- */

kz_view reader_clean(reader *r, kz_view v, uint64_t line, size_t column)
{
    kz_auto(kz_buf) clean = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    bool ascii = true;
    for (size_t i = 0; i < v.n && ascii; i++)
        ascii = v.p[i] > 0x1F && v.p[i] < 0x7F;
    if (ascii || kz_utf8_clean(&clean, v) == 0 || kz_buf_status(&clean) != KZ_OK)
        return v;
    const char *kept = kz_arena_strndup(&r->job->arena, kz_buf_text(&clean), clean.n);
    if (!kept)
        return v;
    if (r->unseen++ == 0) {
        r->unseen_line = (int64_t)line;
        r->unseen_column = column;
    }
    return (kz_view){ kept, clean.n };
}

static kz_status fold_copy(reader *r, kz_view v, const char **ret, kz_err *err)
{
    kz_buf_clear(&r->scratch);
    kz_utf8_fold(&r->scratch, v);
    *ret = kz_buf_status(&r->scratch) == KZ_OK ? kz_arena_strdup(&r->job->arena, kz_buf_text(&r->scratch)) : NULL;
    return *ret ? KZ_OK : memory(err);
}

static kz_status take_measure(reader *r, const kz_row *row, key_ref **ret, kz_err *err)
{
    bool two = r->measure[1] != SIZE_MAX;
    kz_view a = kz_view_trim(row->field[r->measure[0]]);
    kz_view b = two ? kz_view_trim(row->field[r->measure[1]]) : (kz_view){ "", 0 };
    uint32_t id;
    bool fresh;
    kz_buf_clear(&r->scratch);
    kz_buf_add(&r->scratch, a.p, a.n);
    if (two) {
        kz_buf_str(&r->scratch, " | ");
        kz_buf_add(&r->scratch, b.p, b.n);
    }
    KZ_TRY(kz_buf_status(&r->scratch) == KZ_OK ? KZ_OK : memory(err));
    KZ_TRY(kz_dict_put(&r->measure_keys, (kz_view){ kz_buf_text(&r->scratch), r->scratch.n }, &id, &fresh, err));
    key_ref *ref = &r->measure_refs[id];
    if (fresh) {
        const char *first, *second;
        (void)reader_clean(r, a, row->line, r->measure[0]); /* folding drops them anyway; here they are counted */
        (void)reader_clean(r, b, row->line, r->measure[1]);
        KZ_TRY(fold_copy(r, a, &first, err));
        KZ_TRY(fold_copy(r, b, &second, err));
        const kz_measure_rule *rule = kz_mapfile_measure(&r->job->map, first, second);
        *ref = (key_ref){ .at = !rule ? UNKNOWN : rule->reason ? LEFT_OUT : rule->measure,
                          .line = (uint32_t)row->line };
    }
    ref->rows++;
    *ret = ref;
    return KZ_OK;
}

static void report_measure(reader *r, kz_view label, const key_ref *ref)
{
    kz_job *job = r->job;
    const char *column = reader_column_name(job, r->measure[r->measure[1] != SIZE_MAX]);
    const kz_measure_rule *like = kz_job_like_measure(job, label);
    if (like)
        kz_finding_add(job->found, KZ_ERROR, "check.measure_similar", ref->line, column, label,
                       kz_n("rows", ref->rows), kz_n("rule", like->line),
                       kz_s("like", like->label[like->label[1] != NULL]), kz_s("map", job->res->map_name));
    else
        kz_finding_add(job->found, KZ_ERROR, "check.measure_unknown", ref->line, column, label,
                       kz_n("rows", ref->rows), kz_s("map", job->res->map_name));
}

int reader_add_period(kz_job *job, kz_view text)
{
    kz_period p;
    if (!kz_period_read(job->map.form, text, job->map.month, job->map.day, &p))
        return UNKNOWN;
    for (int i = 0; i < job->n_periods; i++) /* "1. Quartal 2012" and "2012-Q1" */
        if (strcmp(job->periods[i].is.code, p.code) == 0)
            return i;
    if (job->n_periods == JOB_PERIODS_MOST)
        return UNKNOWN;
    job->periods[job->n_periods].is = p;
    return job->n_periods++;
}

static kz_status take_period(reader *r, const kz_row *row, key_ref **ret, kz_err *err)
{
    kz_view text = kz_view_trim(row->field[r->period]);
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(&r->period_keys, text, &id, &fresh, err));
    key_ref *ref = &r->period_refs[id];
    if (fresh) {
        kz_job *job = r->job;
        kz_period p;
        text = kz_view_trim(reader_clean(r, text, row->line, r->period));
        *ref = (key_ref){ .at = LEFT_OUT, .line = (uint32_t)row->line };
        if (r->only.code[0] == '\0' || (kz_period_read(job->map.form, text, job->map.month, job->map.day, &p) &&
                                        strcmp(p.code, r->only.code) == 0))
            ref->at = reader_add_period(job, text);
    }
    ref->rows++;
    *ret = ref;
    return KZ_OK;
}

/* ---- values ------------------------------------------------------------------------ */

static kz_status add_cell(kz_job *job, const job_cell *c, kz_err *err)
{
    if (job->n_cells == job->cells_cap) {
        size_t cap = job->cells_cap ? job->cells_cap * 2 : 4096;
        job_cell *more = job->n_cells < JOB_CELLS_MOST ? realloc(job->cells, cap * sizeof *more) : NULL;
        if (!more)
            return kz_fail(err, KZ_E_LIMIT, "import.rows_limit", kz_s("file", job->order->file),
                           kz_n("most", JOB_CELLS_MOST));
        job->cells = more;
        job->cells_cap = cap;
    }
    job->cells[job->n_cells++] = *c;
    return KZ_OK;
}

/* All values of a row, whose area and perhaps measure and period are known. */
static kz_status take_values(reader *r, const kz_row *row, int area, int measure, int period, kz_err *err)
{
    kz_job *job = r->job;
    size_t before = job->n_cells;
    for (size_t i = 0; i < r->n_values; i++) {
        const value_column *v = &r->values[i];
        int m = v->measure == UNKNOWN ? measure : v->measure, p = v->period == UNKNOWN ? period : v->period;
        kz_value count;
        if (p == LEFT_OUT)
            continue;
        int a = reader_area_of_period(r, row, area, p);
        if (!reader_take_value(r, row, v, m < 0 ? NULL : &job->measures->list[m], &count) ||
            a < 0 || m < 0 || p < 0)
            continue;
        KZ_TRY(add_cell(job, &(job_cell){ .measure = (uint32_t)m, .period = (uint32_t)p, .area = (uint32_t)a,
                                          .line = (uint32_t)row->line, .value = count.value, .column = (uint16_t)v->at,
                                          .state = (uint8_t)count.state }, err));
    }
    job->res->rows_kept += job->n_cells > before;
    return KZ_OK;
}

static kz_status take_row(reader *r, const kz_row *row, kz_err *err)
{
    kz_job *job = r->job;
    key_ref *area, *measure, *period;
    int at_period = r->fixed_period, at_measure = UNKNOWN;

    job->res->rows_read++;
    if (reader_sets_aside(r, row)) {
        job->res->rows_left_out++;
        return KZ_OK;
    }
    if (row->problem != KZ_CSV_FINE) {
        kz_finding_add(job->found, KZ_ERROR, row->problem == KZ_CSV_RAGGED ? "check.row_fields" : "check.row_quote",
                       (int64_t)row->line, "", kz_view_of(""), kz_n("fields", row->n),
                       kz_n("expected", job->rows.n_columns));
        return KZ_OK;
    }
    KZ_TRY(reader_see_area(r, row, &area, err));
    if (area->at == UNKNOWN && reader_no_values(r, row)) {
        kz_finding_add(job->found, KZ_NOTICE, "check.stray_empty", (int64_t)row->line, reader_column_name(job, r->area),
                       row->field[r->area]);
        job->res->rows_left_out++;
        return KZ_OK;
    }
    if (area->at == TOTAL || area->at == HEADER) {
        job->res->rows_left_out++;
        return reader_take_area(r, row, area, err);
    }
    if (r->period != SIZE_MAX) {
        KZ_TRY(take_period(r, row, &period, err));
        at_period = period->at;
        if (at_period == LEFT_OUT) {
            job->res->rows_other_period++;
            return KZ_OK;
        }
    }
    KZ_TRY(reader_take_area(r, row, area, err));
    if (r->measure[0] != SIZE_MAX) {
        KZ_TRY(take_measure(r, row, &measure, err));
        at_measure = measure->at;
    }
    if (area->at == LEFT_OUT || at_measure == LEFT_OUT) {
        job->res->rows_left_out++;
        return KZ_OK;
    }
    if (row->hidden && r->hidden_rows++ == 0)
        r->hidden_line = (int64_t)row->line;
    return take_values(r, row, area->at, at_measure, at_period, err);
}

/* ---- all of it ---------------------------------------------------------------------- */

static kz_status find_column(const kz_job *job, const char *name, size_t *ret, kz_err *err)
{
    *ret = SIZE_MAX;
    return name ? kz_rows_column(&job->rows, name, ret, err) : KZ_OK;
}

static kz_status prepare(reader *r, kz_err *err)
{
    kz_job *job = r->job;
    KZ_TRY(find_column(job, job->map.area, &r->area, err));
    KZ_TRY(find_column(job, job->map.area_name, &r->area_name, err));
    KZ_TRY(find_column(job, job->map.period, &r->period, err));
    KZ_TRY(find_column(job, job->map.measure[0], &r->measure[0], err));
    KZ_TRY(find_column(job, job->map.measure[1], &r->measure[1], err));
    KZ_TRY(kz_dict_init(&r->area_keys, &job->arena, JOB_KEYS_MOST, err));
    KZ_TRY(kz_dict_init(&r->measure_keys, &job->arena, JOB_KEYS_MOST, err));
    KZ_TRY(kz_dict_init(&r->period_keys, &job->arena, JOB_KEYS_MOST, err));
    r->area_refs = kz_arena_new(&job->arena, key_ref, JOB_KEYS_MOST);
    r->measure_refs = kz_arena_new(&job->arena, key_ref, JOB_KEYS_MOST);
    r->period_refs = kz_arena_new(&job->arena, key_ref, JOB_KEYS_MOST);
    job->periods = kz_arena_new(&job->arena, job_period, JOB_PERIODS_MOST);
    if (!r->area_refs || !r->measure_refs || !r->period_refs || !job->periods)
        return memory(err);
    KZ_TRY(reader_load_areas(r, err));

    const char *only = job->order->period;
    if (only && !kz_period_read(job->map.form, kz_view_of(only), job->map.month, job->map.day, &r->only))
        return kz_fail(err, KZ_E_USAGE, job->map.form == KZ_FORM_YEAR ? "import.period_bad" : "import.period_form",
                       kz_s("value", only), kz_s("form", kz_period_form_name(job->map.form)));
    KZ_TRY(reader_find_values(r, err));
    bool all = true; /* every value column says its period */
    for (size_t i = 0; i < r->n_values; i++)
        all &= r->values[i].period != UNKNOWN;
    r->fixed_period = UNKNOWN;
    if (r->period == SIZE_MAX && !all) {
        if (!only)
            return kz_fail(err, KZ_E_USAGE, "import.period_needed", kz_s("file", job->order->file),
                           kz_s("map", job->res->map_name));
        r->fixed_period = reader_add_period(job, kz_view_of(only));
    }
    return KZ_OK;
}

static void report_keys(reader *r)
{
    reader_report_areas(r);
    for (uint32_t i = 0; i < r->measure_keys.n; i++)
        if (r->measure_refs[i].at == UNKNOWN)
            report_measure(r, r->measure_keys.keys[i], &r->measure_refs[i]);
    for (uint32_t i = 0; i < r->period_keys.n; i++)
        if (r->period_refs[i].at == UNKNOWN)
            kz_finding_add(r->job->found, KZ_ERROR,
                           r->job->map.form == KZ_FORM_YEAR ? "check.period" : "check.period_form",
                           r->period_refs[i].line,
                           reader_column_name(r->job, r->period), r->period_keys.keys[i],
                           kz_n("rows", r->period_refs[i].rows), kz_s("first", "1900"), kz_s("last", "2100"),
                           kz_s("form", kz_period_form_name(r->job->map.form)));
}

enum { ROWS_A_LOOK = 16384 };

/* How many lines there are about, for somebody who waits. */
static uint64_t count_lines(const kz_job *job)
{
    uint64_t n = 0;
    if (!job->order->watch)
        return 0;
    if (job->rows.sheet)
        return job->rows.sheet->n_rows;
    for (const char *at = kz_buf_text(&job->bytes), *end = at + job->bytes.n; at < end; n++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        at = stop ? stop + 1 : end;
    }
    return n;
}

static kz_status look_up(const kz_job *job, uint64_t done, uint64_t of, kz_err *err)
{
    const kz_import_order *o = job->order;
    if (!o->watch || o->watch(o->watch_ctx, done, of))
        return KZ_OK;
    return kz_fail(err, KZ_E_CONFLICT, "import.stopped", kz_s("file", o->file));
}

kz_status kz_job_read(kz_job *job, kz_err *err)
{
    reader r = { .job = job, .scratch = kz_buf_init(256 * 1024) };
    kz_row row;
    kz_status st = prepare(&r, err);
    if (st == KZ_OK)
        st = reader_see_private(&r, err);
    if (st == KZ_OK)
        st = reader_find_styles(&r, err);
    uint64_t lines = count_lines(job), rows = 0;
    while (st == KZ_OK && kz_rows_next(&job->rows, &row)) {
        st = take_row(&r, &row, err);
        if (++rows % ROWS_A_LOOK == 0 && st == KZ_OK)
            st = look_up(job, row.line, lines, err);
    }
    if (st == KZ_OK)
        st = kz_rows_end(&job->rows, err);
    if (st == KZ_OK) {
        report_keys(&r);
        st = reader_report_table(&r, err);
        job->res->encoding = job->rows.sheet ? "" : kz_encoding_name(job->rows.csv.encoding);
    }
    kz_buf_done(&r.scratch);
    return st;
}
