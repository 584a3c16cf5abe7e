/* Keys of the file to our areas: every distinct key is looked up once. */
#include "monitor/ledger_valid.h"
#include "monitor/table_reader.h"

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

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

    KZ_TRY(kz_prepare(job->ws->work, "SELECT COUNT(*) FROM area", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    int most = (int)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    job->areas = kz_arena_new(&job->arena, job_area, most + 1);
    r->our_area = kz_arena_new(&job->arena, int, most + 1);
    int64_t *parents = kz_arena_new(&job->arena, int64_t, most + 1);
    if (!job->areas || !r->our_area || !parents)
        return memory(err);
    KZ_TRY(kz_dict_init(&r->our_areas, &job->arena, (uint32_t)most + 1, err));
    KZ_TRY(kz_prepare(job->ws->work, "SELECT id, level, key, name, parent, valid_from, valid_to FROM area ORDER BY id",
                      &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row && job->n_areas < most) {
        job_area *a = &job->areas[job->n_areas];
        uint32_t id;
        bool fresh;
        *a = (job_area){ .id = kz_col_int(&q, 0), .level = level_of_id(job, kz_col_int(&q, 1)), .parent = -1,
                         .key = kz_arena_strdup(&job->arena, kz_col_text(&q, 2)),
                         .name = kz_arena_strdup(&job->arena, kz_col_text(&q, 3)), .other = -1,
                         .from = kz_arena_strdup(&job->arena, kz_col_text(&q, 5)),
                         .to = kz_arena_strdup(&job->arena, kz_col_text(&q, 6)) };
        if (!a->key || !a->name || !a->from || !a->to)
            return memory(err);
        parents[job->n_areas] = kz_col_int(&q, 4);
        if (a->to[0] == '\0') {
            job->levels[a->level].n_areas++;
            job->levels[a->level].only = job->n_areas;
        }
        KZ_TRY(kz_dict_put(&r->our_areas, area_text(&r->scratch, a->level, a->key), &id, &fresh, err));
        if (!fresh) /* renumbered, or ended and new: the same key for two areas */
            a->other = r->our_area[id];
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

/* 5111000 for 05111000: our only key of the level that has the same digits behind zeros. */
static int restore_zeros(const reader *r, const kz_area_target *to)
{
    const kz_job *job = r->job;
    int level = level_of_code(job, to->rule->level), found = UNKNOWN;
    size_t n = strlen(to->key);
    for (int i = 0; i < job->n_areas && level >= 0 && n > 0; i++) {
        const char *ours = job->areas[i].key;
        size_t zeros = strspn(ours, "0"), more = strlen(ours) > n ? strlen(ours) - n : 0;
        if (job->areas[i].level != level || more == 0 || zeros < more || strcmp(ours + more, to->key) != 0)
            continue;
        if (found != UNKNOWN && strcmp(job->areas[found].key, ours) != 0)
            return UNKNOWN;
        found = i;
    }
    return found;
}

/* 9 for digits, a for letters: "00Nummer" is 99aaaaaa. */
static void shape_of(kz_view key, char out[static 65])
{
    size_t n = key.n < 64 ? key.n : 64;
    for (size_t i = 0; i < n; i++)
        out[i] = key.p[i] >= '0' && key.p[i] <= '9' ? '9' : 'a';
    out[n] = '\0';
}

/* No key that we know has this form: a leftover of somebody's work rather than an area. */
static bool is_stray(const reader *r, kz_view key)
{
    char mine[65], other[65];
    bool known = false;
    shape_of(key, mine);
    for (uint32_t i = 0; i < r->area_keys.n; i++) {
        if (r->area_refs[i].at < 0)
            continue;
        known = true;
        shape_of(r->area_keys.keys[i], other);
        if (strcmp(mine, other) == 0)
            return false;
    }
    return known;
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
    else if (is_stray(r, key))
        kz_finding_add(job->found, KZ_ERROR, "check.area_stray", ref->line, column, key, kz_n("rows", ref->rows),
                       kz_s("level", job->levels[level].one));
    else
        kz_finding_add(job->found, KZ_ERROR, "check.area_unknown", ref->line, column, key,
                       kz_s("level", job->levels[level].one), kz_s("code", to.rule->level), kz_s("key", to.key),
                       kz_n("rows", ref->rows));
}

/* What the key of a row means; looked up once. */
kz_status reader_see_area(reader *r, const kz_row *row, key_ref **ret, kz_err *err)
{
    kz_view key = kz_view_trim(row->field[r->area]);
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(&r->area_keys, key, &id, &fresh, err));
    key_ref *ref = &r->area_refs[id];
    if (fresh) {
        kz_area_target to = { 0 };
        key = kz_view_trim(reader_clean(r, key, row->line, r->area));
        *ref = (key_ref){ .at = UNKNOWN };
        if (kz_mapfile_area(&r->job->map, key, &to))
            ref->at = to.rule->level ? find_area(r, &to) : LEFT_OUT;
        if (ref->at == UNKNOWN && to.has_key) {
            ref->at = restore_zeros(r, &to);
            ref->zeros = ref->at != UNKNOWN;
        }
        if (ref->at == UNKNOWN && !(to.rule && kz_view_is(key, to.rule->pattern)))
            ref->at = reader_no_area(r, key);
    }
    *ret = ref;
    return KZ_OK;
}

/* A row that counts: where the key is for the first time, and whether its name fits. */
kz_status reader_take_area(reader *r, const kz_row *row, key_ref *ref, kz_err *err)
{
    kz_view name = r->area_name == SIZE_MAX ? (kz_view){ "", 0 } : row->field[r->area_name];
    bool first = ref->rows++ == 0;
    if (first) {
        name = reader_clean(r, name, row->line, r->area_name);
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

bool kz_job_area_valid(const kz_job *job, int area, int period)
{
    const job_area *a = &job->areas[area];
    return (a->from[0] == '\0' && a->to[0] == '\0') || kz_day_within(a->from, a->to, job->periods[period].is.day);
}

/* Where the areas of an area that ended went: "105 Neustadt, 106 Hafen". */
static void find_heirs(const kz_job *job, int area, kz_buf *out)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row = false;
    if (kz_prepare(job->ws->work, "SELECT DISTINCT a.key, a.name FROM area_flow f JOIN area_state s ON s.id = f.state"
                                  " AND s.revision = f.revision JOIN area a ON a.id = f.to_area"
                                  " WHERE f.from_area = ?1 AND f.to_area <> ?1 ORDER BY a.key LIMIT 5",
                   &q, NULL) != KZ_OK)
        return;
    kz_bind_int(&q, 1, job->areas[area].id);
    while (kz_step(&q, &row, NULL) == KZ_OK && row)
        kz_buf_fmt(out, "%s%s %s", out->n ? ", " : "", kz_col_text(&q, 0), kz_col_text(&q, 1));
}

static void say_invalid(reader *r, const kz_row *row, int area, int period)
{
    kz_job *job = r->job;
    const job_area *a = &job->areas[area];
    kz_auto(kz_buf) heirs = kz_buf_init(4096);
    bool ended = a->to[0] != '\0' && strcmp(a->to, job->periods[period].is.day) < 0;
    if (ended)
        find_heirs(job, area, &heirs);
    kz_finding_add(job->found, KZ_ERROR,
                   !ended ? "check.area_not_yet" : heirs.n > 0 ? "check.area_became" : "check.area_ended",
                   (int64_t)row->line, reader_column_name(job, r->area), kz_view_trim(row->field[r->area]),
                   kz_s("name", a->name), kz_s("period", job->periods[period].is.code),
                   kz_s("day", ended ? a->to : a->from), kz_s("heirs", kz_buf_text(&heirs)));
}

int reader_area_of_period(reader *r, const kz_row *row, int area, int period)
{
    const kz_job *job = r->job;
    if (area < 0 || period < 0 || kz_job_area_valid(job, area, period))
        return area;
    for (int i = job->areas[area].other; i >= 0; i = job->areas[i].other)
        if (kz_job_area_valid(job, i, period))
            return i;
    size_t said = (size_t)area * JOB_PERIODS_MOST + (size_t)period;
    if (r->said_area != said + 1) /* once in a row of the table, not once a value */
        say_invalid(r, row, area, period);
    r->said_area = said + 1;
    return UNKNOWN;
}

kz_status reader_load_areas(reader *r, kz_err *err)
{
    KZ_TRY(load_levels(r->job, err));
    return load_areas(r, err);
}

/* Keys whose zeros were lost, together: a whole column is one finding. */
static void report_zeros(reader *r)
{
    const key_ref *first = NULL;
    kz_view key = { "", 0 };
    int64_t keys = 0, rows = 0;
    for (uint32_t i = 0; i < r->area_keys.n; i++) {
        const key_ref *ref = &r->area_refs[i];
        if (!ref->zeros || ref->rows == 0)
            continue;
        if (!first || ref->line < first->line) {
            first = ref;
            key = r->area_keys.keys[i];
        }
        keys++;
        rows += ref->rows;
    }
    if (first)
        kz_finding_add(r->job->found, KZ_NOTICE, "check.area_zeros", first->line, reader_column_name(r->job, r->area),
                       key, kz_n("keys", keys), kz_n("rows", rows), kz_s("like", r->job->areas[first->at].key));
}

void reader_report_areas(reader *r)
{
    report_zeros(r);
    for (uint32_t i = 0; i < r->area_keys.n; i++)
        report_area(r, r->area_keys.keys[i], &r->area_refs[i]);
}
