/* Rows of the file to cells: every distinct key is looked up once. */
#include "monitor/table_job.h"

#include "base/date.h"
#include "base/dict.h"
#include "base/utf8.h"
#include "monitor/count.h"

#include <stdio.h>
#include <stdlib.h>

enum { UNKNOWN = -1, LEFT_OUT = -2, YEAR_FIRST = 1900, YEAR_LAST = 2100 };

/* What a distinct text of a column turned out to be. */
typedef struct key_ref {
    int      at; /* index of area, measure or period, or one of the above */
    uint32_t line;
    int64_t  rows;
    kz_view  name; /* areas: as the first row names it */
} key_ref;

typedef struct reader {
    kz_job  *job;
    size_t   area, area_name, period, measure[2], value; /* columns; SIZE_MAX: none */
    kz_dict  area_keys, measure_keys, period_keys, our_areas;
    key_ref *area_refs, *measure_refs, *period_refs;
    int     *our_area; /* by number in our_areas */
    int      fixed_period; /* index, when no column says it */
    kz_buf   scratch;
} reader;

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static const char *column_name(const kz_job *job, size_t column)
{
    const char *name = column == SIZE_MAX ? NULL : kz_arena_strndup(&job->found->arena, job->csv.header[column].p,
                                                                    job->csv.header[column].n);
    return name ? name : "";
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
    const char *column = column_name(job, r->area);
    kz_area_target to;
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

static kz_status take_area(reader *r, const kz_csv_row *row, key_ref **ret, kz_err *err)
{
    kz_view key = kz_view_trim(row->field[r->area]);
    kz_view name = r->area_name == SIZE_MAX ? (kz_view){ "", 0 } : row->field[r->area_name];
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(&r->area_keys, key, &id, &fresh, err));
    key_ref *ref = &r->area_refs[id];
    if (fresh) {
        kz_area_target to;
        *ref = (key_ref){ .at = UNKNOWN, .line = (uint32_t)row->line };
        ref->name = (kz_view){ kz_arena_strndup(&r->job->arena, name.p, name.n), name.n };
        if (!ref->name.p)
            return memory(err);
        if (kz_mapfile_area(&r->job->map, key, &to))
            ref->at = to.rule->level ? find_area(r, &to) : LEFT_OUT;
    }
    /* Only a name that differs from the one in the first row needs another look. */
    if (ref->at >= 0 && name.n > 0 && (fresh || !kz_view_eq(name, ref->name)) &&
        !kz_job_same_name(name, kz_view_of(r->job->areas[ref->at].name)))
        kz_finding_add(r->job->found, KZ_WARNING, "check.area_name", (int64_t)row->line,
                       column_name(r->job, r->area_name), name, kz_vw("key", key),
                       kz_s("name", r->job->areas[ref->at].name));
    ref->rows++;
    *ret = ref;
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

static kz_status take_measure(reader *r, const kz_csv_row *row, key_ref **ret, kz_err *err)
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
    const char *column = column_name(job, r->measure[r->measure[1] != SIZE_MAX]);
    const kz_measure_rule *like = kz_job_like_measure(job, label);
    if (like)
        kz_finding_add(job->found, KZ_ERROR, "check.measure_similar", ref->line, column, label,
                       kz_n("rows", ref->rows), kz_n("rule", like->line),
                       kz_s("like", like->label[like->label[1] != NULL]), kz_s("map", job->res->map_name));
    else
        kz_finding_add(job->found, KZ_ERROR, "check.measure_unknown", ref->line, column, label,
                       kz_n("rows", ref->rows), kz_s("map", job->res->map_name));
}

/* The period of a year: its code and its reference day; UNKNOWN when the text is no year. */
static int add_year(kz_job *job, kz_view text)
{
    int64_t year;
    if (text.n != 4 || !kz_parse_plain(text, YEAR_FIRST, YEAR_LAST, &year) || job->n_periods == JOB_PERIODS_MOST)
        return UNKNOWN;
    job_period *p = &job->periods[job->n_periods];
    snprintf(p->code, sizeof p->code, "%04d", (int)year);
    snprintf(p->day, sizeof p->day, "%04d-%02d-%02d", (int)year, job->map.month, job->map.day);
    return job->n_periods++;
}

static kz_status take_period(reader *r, const kz_csv_row *row, key_ref **ret, kz_err *err)
{
    kz_view text = kz_view_trim(row->field[r->period]);
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(&r->period_keys, text, &id, &fresh, err));
    key_ref *ref = &r->period_refs[id];
    if (fresh) {
        const char *only = r->job->order->period;
        *ref = (key_ref){ .at = LEFT_OUT, .line = (uint32_t)row->line };
        if (!only || kz_view_is(text, only))
            ref->at = add_year(r->job, text);
    }
    ref->rows++;
    *ret = ref;
    return KZ_OK;
}

/* ---- values ------------------------------------------------------------------------ */

static void report_value(reader *r, const kz_csv_row *row, kz_count_verdict verdict)
{
    static const char *const RULES[] = {
        [KZ_COUNT_EMPTY] = "check.value_empty",       [KZ_COUNT_NOT_NUMBER] = "check.value_number",
        [KZ_COUNT_NEGATIVE] = "check.value_negative", [KZ_COUNT_NOT_WHOLE] = "check.value_whole",
        [KZ_COUNT_TOO_LARGE] = "check.value_large",   [KZ_COUNT_SIGN] = "check.value_sign",
    };
    kz_finding_add(r->job->found, KZ_ERROR, RULES[verdict], (int64_t)row->line, column_name(r->job, r->value),
                   row->field[r->value], kz_s("map", r->job->res->map_name),
                   kz_s("decimal", r->job->map.numbers == KZ_NUM_COMMA ? "komma" : "punkt"),
                   kz_s("other", r->job->map.numbers == KZ_NUM_COMMA ? "punkt" : "komma"));
}

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

static kz_status take_row(reader *r, const kz_csv_row *row, kz_err *err)
{
    kz_job *job = r->job;
    key_ref *area, *measure, *period;
    kz_count count;
    int at_period = r->fixed_period;

    job->res->rows_read++;
    if (row->problem != KZ_CSV_FINE) {
        kz_finding_add(job->found, KZ_ERROR, row->problem == KZ_CSV_RAGGED ? "check.row_fields" : "check.row_quote",
                       (int64_t)row->line, "", kz_view_of(""), kz_n("fields", row->n),
                       kz_n("expected", job->csv.n_columns));
        return KZ_OK;
    }
    if (r->period != SIZE_MAX) {
        KZ_TRY(take_period(r, row, &period, err));
        at_period = period->at;
        if (at_period == LEFT_OUT) {
            job->res->rows_other_period++;
            return KZ_OK;
        }
    }
    KZ_TRY(take_area(r, row, &area, err));
    KZ_TRY(take_measure(r, row, &measure, err));
    if (area->at == LEFT_OUT || measure->at == LEFT_OUT) {
        job->res->rows_left_out++;
        return KZ_OK;
    }
    kz_count_verdict verdict = kz_count_read(row->field[r->value], job->map.numbers, job->map.signs, &count);
    if (verdict != KZ_COUNT_OK)
        report_value(r, row, verdict);
    if (verdict != KZ_COUNT_OK || area->at < 0 || measure->at < 0 || at_period < 0)
        return KZ_OK;
    return add_cell(job, &(job_cell){ .measure = (uint32_t)measure->at, .period = (uint32_t)at_period,
                                      .area = (uint32_t)area->at, .line = (uint32_t)row->line,
                                      .value = count.value, .state = (uint8_t)count.state }, err);
}

/* ---- all of it ---------------------------------------------------------------------- */

static kz_status find_column(const kz_job *job, const char *name, size_t *ret, kz_err *err)
{
    *ret = SIZE_MAX;
    return name ? kz_csv_column(&job->csv, name, ret, err) : KZ_OK;
}

static kz_status prepare(reader *r, kz_err *err)
{
    kz_job *job = r->job;
    KZ_TRY(find_column(job, job->map.area, &r->area, err));
    KZ_TRY(find_column(job, job->map.area_name, &r->area_name, err));
    KZ_TRY(find_column(job, job->map.period, &r->period, err));
    KZ_TRY(find_column(job, job->map.measure[0], &r->measure[0], err));
    KZ_TRY(find_column(job, job->map.measure[1], &r->measure[1], err));
    KZ_TRY(find_column(job, job->map.value, &r->value, err));
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
    if (r->period == SIZE_MAX) {
        if (!only)
            return kz_fail(err, KZ_E_USAGE, "import.period_needed", kz_s("file", job->order->file),
                           kz_s("map", job->res->map_name));
        r->fixed_period = add_year(job, kz_view_of(only));
    }
    int64_t year;
    if (only && (strlen(only) != 4 || !kz_parse_plain(kz_view_of(only), YEAR_FIRST, YEAR_LAST, &year)))
        return kz_fail(err, KZ_E_USAGE, "import.period_bad", kz_s("value", only));
    return KZ_OK;
}

/* Columns that the map does not use are left behind; say which. */
static void report_columns(const reader *r)
{
    const kz_job *job = r->job;
    kz_auto(kz_buf) names = kz_buf_init(64 * 1024);
    for (size_t i = 0; i < job->csv.n_columns; i++)
        if (i != r->area && i != r->area_name && i != r->period && i != r->measure[0] && i != r->measure[1] &&
            i != r->value)
            kz_buf_fmt(&names, "%s%.*s", names.n ? ", " : "", (int)job->csv.header[i].n, job->csv.header[i].p);
    if (names.n > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.columns_dropped", 0, "",
                       kz_view_from(kz_buf_text(&names), names.n));
    if (job->csv.encoding_sure == KZ_SURE_LIKELY)
        kz_finding_add(job->found, KZ_NOTICE, "check.encoding", 0, "",
                       kz_view_of(kz_encoding_name(job->csv.encoding)));
    if (!job->csv.delimiter_sure && job->map.delimiter == 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.delimiter", 0, "", kz_view_from(&job->csv.delimiter, 1));
}

static void report_keys(reader *r)
{
    for (uint32_t i = 0; i < r->area_keys.n; i++)
        if (r->area_refs[i].at == UNKNOWN)
            report_area(r, r->area_keys.keys[i], &r->area_refs[i]);
    for (uint32_t i = 0; i < r->measure_keys.n; i++)
        if (r->measure_refs[i].at == UNKNOWN)
            report_measure(r, r->measure_keys.keys[i], &r->measure_refs[i]);
    for (uint32_t i = 0; i < r->period_keys.n; i++)
        if (r->period_refs[i].at == UNKNOWN)
            kz_finding_add(r->job->found, KZ_ERROR, "check.period", r->period_refs[i].line,
                           column_name(r->job, r->period), r->period_keys.keys[i],
                           kz_n("rows", r->period_refs[i].rows), kz_s("first", "1900"), kz_s("last", "2100"));
}

kz_status kz_job_read(kz_job *job, kz_err *err)
{
    reader r = { .job = job, .scratch = kz_buf_init(256 * 1024) };
    kz_csv_row row;
    kz_status st = prepare(&r, err);
    while (st == KZ_OK && kz_csv_next(&job->csv, &row))
        st = take_row(&r, &row, err);
    if (st == KZ_OK)
        st = kz_csv_end(&job->csv, err);
    if (st == KZ_OK) {
        report_keys(&r);
        report_columns(&r);
        job->res->encoding = kz_encoding_name(job->csv.encoding);
        job->res->rows_kept = (int64_t)job->n_cells;
    }
    kz_buf_done(&r.scratch);
    return st;
}
