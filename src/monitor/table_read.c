/* Rows of the file to cells: every distinct key is looked up once. */
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

const char *kz_job_column(const kz_job *job, const job_cell *c)
{
    return reader_column_name(job, c->column);
}

/* ---- what we know ------------------------------------------------------------ */

static kz_status load_levels(kz_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    enum { MOST = 64 };
    job->levels = kz_arena_new(&job->arena, job_level, MOST);
    if (!job->levels)
        return memory(err);
    KZ_TRY(kz_prepare(job->ws->work, "SELECT id, code, one FROM level ORDER BY \"rank\", id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        job_level *l = &job->levels[job->n_levels];
        if (job->n_levels == MOST)
            return memory(err);
        *l = (job_level){ .id = kz_col_int(&q, 0), .code = kz_arena_strdup(&job->arena, kz_col_text(&q, 1)),
                          .one = kz_arena_strdup(&job->arena, kz_col_text(&q, 2)) };
        if (!l->code || !l->one)
            return memory(err);
        job->n_levels++;
    }
    return st;
}

static int level_of_id(const kz_job *job, int64_t id)
{
    for (int i = 0; i < job->n_levels; i++)
        if (job->levels[i].id == id)
            return i;
    return -1;
}

static int area_of_id(const kz_job *job, int64_t id)
{
    int lo = 0, hi = job->n_areas;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (job->areas[mid].id == id)
            return mid;
        if (job->areas[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

/* "level/key" as one text. */
static kz_view area_text(kz_buf *scratch, int level, const char *key)
{
    kz_buf_clear(scratch);
    kz_buf_fmt(scratch, "%d/%s", level, key);
    return (kz_view){ kz_buf_text(scratch), scratch->n };
}

static kz_status load_areas(reader *r, kz_err *err)
{
    kz_job *job = r->job;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;

    KZ_TRY(kz_prepare(job->ws->work, "SELECT COUNT(*) FROM area WHERE valid_to = ''", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    int most = (int)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    job->areas = kz_arena_new(&job->arena, job_area, most + 1);
    r->our_area = kz_arena_new(&job->arena, int, most + 1);
    int64_t *parents = kz_arena_new(&job->arena, int64_t, most + 1);
    if (!job->areas || !r->our_area || !parents)
        return memory(err);
    KZ_TRY(kz_dict_init(&r->our_areas, &job->arena, (uint32_t)most + 1, err));
    KZ_TRY(kz_prepare(job->ws->work, "SELECT id, level, key, name, parent FROM area WHERE valid_to = '' ORDER BY id",
                      &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row && job->n_areas < most) {
        job_area *a = &job->areas[job->n_areas];
        uint32_t id;
        bool fresh;
        *a = (job_area){ .id = kz_col_int(&q, 0), .level = level_of_id(job, kz_col_int(&q, 1)), .parent = -1,
                         .key = kz_arena_strdup(&job->arena, kz_col_text(&q, 2)),
                         .name = kz_arena_strdup(&job->arena, kz_col_text(&q, 3)) };
        if (!a->key || !a->name)
            return memory(err);
        parents[job->n_areas] = kz_col_int(&q, 4);
        job->levels[a->level].n_areas++;
        job->levels[a->level].only = job->n_areas;
        KZ_TRY(kz_dict_put(&r->our_areas, area_text(&r->scratch, a->level, a->key), &id, &fresh, err));
        if (fresh)
            r->our_area[id] = job->n_areas;
        job->n_areas++;
    }
    for (int i = 0; i < job->n_areas; i++)
        job->areas[i].parent = area_of_id(job, parents[i]);
    return st;
}

/* ---- areas --------------------------------------------------------------------- */

static int level_of_code(const kz_job *job, const char *code)
{
    for (int i = 0; i < job->n_levels; i++)
        if (strcmp(job->levels[i].code, code) == 0)
            return i;
    return -1;
}

static int find_area(reader *r, const kz_area_target *to)
{
    const kz_job *job = r->job;
    int level = level_of_code(job, to->rule->level);
    uint32_t id;
    if (level < 0)
        return UNKNOWN;
    if (!to->has_key)
        return job->levels[level].n_areas == 1 ? job->levels[level].only : UNKNOWN;
    if (!kz_dict_find(&r->our_areas, area_text(&r->scratch, level, to->key), &id))
        return UNKNOWN;
    return r->our_area[id];
}

/* Say once why a key leads nowhere, and what it might have meant. */
static void report_area(reader *r, kz_view key, const key_ref *ref)
{
    kz_job *job = r->job;
    const char *column = reader_column_name(job, r->area);
    kz_area_target to;
    if (ref->at == TOTAL || ref->at == HEADER)
        kz_finding_add(job->found, KZ_NOTICE, ref->at == TOTAL ? "check.total_row" : "check.header_again", ref->line,
                       column, key, kz_n("rows", ref->rows));
    if (ref->at != UNKNOWN || ref->rows == 0)
        return;
    if (!kz_mapfile_area(&job->map, key, &to)) {
        kz_finding_add(job->found, KZ_ERROR, "check.area_rule", ref->line, column, key, kz_n("rows", ref->rows));
        return;
    }
    int level = level_of_code(job, to.rule->level);
    if (level < 0 || job->levels[level].n_areas == 0) {
        kz_finding_add(job->found, KZ_ERROR, "check.level_unknown", ref->line, column, key,
                       kz_s("level", to.rule->level), kz_n("rows", ref->rows));
        return;
    }
    int like = kz_job_like_area(job, level, to.has_key ? to.key : "", ref->name);
    if (like >= 0)
        kz_finding_add(job->found, KZ_ERROR, "check.area_similar", ref->line, column, key,
                       kz_s("level", job->levels[level].one), kz_s("key", to.key), kz_n("rows", ref->rows),
                       kz_s("like", job->areas[like].key), kz_s("name", job->areas[like].name));
    else
        kz_finding_add(job->found, KZ_ERROR, "check.area_unknown", ref->line, column, key,
                       kz_s("level", job->levels[level].one), kz_s("code", to.rule->level), kz_s("key", to.key),
                       kz_n("rows", ref->rows));
}

/* What the key of a row means; looked up once. */
static kz_status see_area(reader *r, const kz_row *row, key_ref **ret, kz_err *err)
{
    kz_view key = kz_view_trim(row->field[r->area]);
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(&r->area_keys, key, &id, &fresh, err));
    key_ref *ref = &r->area_refs[id];
    if (fresh) {
        kz_area_target to = { 0 };
        *ref = (key_ref){ .at = UNKNOWN };
        if (kz_mapfile_area(&r->job->map, key, &to))
            ref->at = to.rule->level ? find_area(r, &to) : LEFT_OUT;
        if (ref->at == UNKNOWN && !(to.rule && kz_view_is(key, to.rule->pattern)))
            ref->at = reader_no_area(r, key);
    }
    *ret = ref;
    return KZ_OK;
}

/* A row that counts: where the key is for the first time, and whether its name fits. */
static kz_status take_area(reader *r, const kz_row *row, key_ref *ref, kz_err *err)
{
    kz_view name = r->area_name == SIZE_MAX ? (kz_view){ "", 0 } : row->field[r->area_name];
    bool first = ref->rows++ == 0;
    if (first) {
        ref->line = (uint32_t)row->line;
        ref->name = (kz_view){ kz_arena_strndup(&r->job->arena, name.p, name.n), name.n };
        if (!ref->name.p)
            return memory(err);
    }
    /* Only a name that differs from the one in the first row needs another look. */
    if (ref->at >= 0 && name.n > 0 && (first || !kz_view_eq(name, ref->name)) &&
        !kz_job_same_name(name, kz_view_of(r->job->areas[ref->at].name)))
        kz_finding_add(r->job->found, KZ_WARNING, "check.area_name", (int64_t)row->line,
                       reader_column_name(r->job, r->area_name), name, kz_vw("key", kz_view_trim(row->field[r->area])),
                       kz_s("name", r->job->areas[ref->at].name));
    return KZ_OK;
}

/* ---- measures and periods --------------------------------------------------------- */

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
        kz_count count;
        if (p == LEFT_OUT || !reader_take_value(r, row, v, &count) || area < 0 || m < 0 || p < 0)
            continue;
        KZ_TRY(add_cell(job, &(job_cell){ .measure = (uint32_t)m, .period = (uint32_t)p, .area = (uint32_t)area,
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
    KZ_TRY(see_area(r, row, &area, err));
    if (area->at == TOTAL || area->at == HEADER) {
        job->res->rows_left_out++;
        return take_area(r, row, area, err);
    }
    if (r->period != SIZE_MAX) {
        KZ_TRY(take_period(r, row, &period, err));
        at_period = period->at;
        if (at_period == LEFT_OUT) {
            job->res->rows_other_period++;
            return KZ_OK;
        }
    }
    KZ_TRY(take_area(r, row, area, err));
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
    KZ_TRY(load_levels(job, err));
    KZ_TRY(load_areas(r, err));

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
    for (uint32_t i = 0; i < r->area_keys.n; i++)
        report_area(r, r->area_keys.keys[i], &r->area_refs[i]);
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

kz_status kz_job_read(kz_job *job, kz_err *err)
{
    reader r = { .job = job, .scratch = kz_buf_init(256 * 1024) };
    kz_row row;
    kz_status st = prepare(&r, err);
    if (st == KZ_OK)
        st = reader_find_styles(&r, err);
    while (st == KZ_OK && kz_rows_next(&job->rows, &row))
        st = take_row(&r, &row, err);
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
