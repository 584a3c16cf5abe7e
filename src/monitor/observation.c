#include "monitor/observation.h"

#include <string.h>

static kz_status too_small(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static kz_status load_areas(kz_db *work, const char *level, kz_arena *a, kz_matrix *m, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    int n = 0;
    bool row;

    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM area", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    int64_t *ids = kz_arena_new(a, int64_t, kz_col_int(&q, 0) + 1);
    kz_stmt_done(&q);
    if (!ids)
        return too_small(err);
    KZ_TRY(kz_prepare(work, "SELECT a.id FROM area a JOIN level l ON l.id = a.level"
                            " WHERE ?1 IS NULL OR l.code = ?1 ORDER BY a.id", &q, err));
    kz_bind_text(&q, 1, level);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row)
        ids[n++] = kz_col_int(&q, 0);
    m->areas = ids;
    m->n_areas = n;
    return st;
}

static kz_status load_periods(kz_db *work, kz_arena *a, kz_matrix *m, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    int n = 0;
    bool row;

    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM period", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    size_t most = (size_t)kz_col_int(&q, 0);
    kz_stmt_done(&q);
    int64_t *ids = kz_arena_new(a, int64_t, most + 1);
    const char **codes = kz_arena_new(a, const char *, most + 1);
    if (!ids || !codes)
        return too_small(err);
    KZ_TRY(kz_prepare(work, "SELECT id, code FROM period ORDER BY code", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        ids[n] = kz_col_int(&q, 0);
        codes[n] = kz_arena_strdup(a, kz_col_text(&q, 1));
        if (!codes[n])
            return too_small(err);
        n++;
    }
    m->periods = ids;
    m->period_codes = codes;
    m->n_periods = n;
    return st;
}

static int find_id(const int64_t ids[], int n, int64_t id)
{
    int lo = 0, hi = n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (ids[mid] == id)
            return mid;
        if (ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

int kz_matrix_area(const kz_matrix *m, int64_t id)
{
    return find_id(m->areas, m->n_areas, id);
}

/* Periods are few and in order of their codes, not of their ids. */
static int find_period(const kz_matrix *m, int64_t id)
{
    for (int i = 0; i < m->n_periods; i++)
        if (m->periods[i] == id)
            return i;
    return -1;
}

static kz_status fill(kz_stmt *q, int measure, kz_matrix *m, kz_err *err)
{
    kz_status st;
    bool row;
    int64_t period_id = -1;
    int period = -1;

    while ((st = kz_step(q, &row, err)) == KZ_OK && row) {
        if (kz_col_int(q, 0) != period_id) {
            period_id = kz_col_int(q, 0);
            period = find_period(m, period_id);
        }
        int area = kz_matrix_area(m, kz_col_int(q, 1));
        if (area < 0 || period < 0)
            continue; /* another level */
        size_t at = kz_matrix_at(m, measure, period, area);
        m->value[at] = kz_col_null(q, 2) ? KZ_NO_VALUE : kz_col_int(q, 2);
        m->state[at] = (uint8_t)kz_col_int(q, 3);
        m->import[at] = (int32_t)kz_col_int(q, 4);
    }
    kz_reset(q);
    return st;
}

/* What a measure that no file has brought yet is, does not matter: it has no values. */
static kz_status load_measures(kz_db *work, const char *const measures[], kz_arena *a, kz_matrix *m, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    m->decimals = kz_arena_new(a, uint8_t, m->n_measures + 1);
    m->adds = kz_arena_new(a, bool, m->n_measures + 1);
    if (!m->decimals || !m->adds)
        return too_small(err);
    KZ_TRY(kz_prepare(work, "SELECT decimals, adds FROM measure WHERE code = ?1", &q, err));
    for (int i = 0; i < m->n_measures; i++) {
        bool row;
        kz_bind_text(&q, 1, measures[i]);
        KZ_TRY(kz_step(&q, &row, err));
        m->decimals[i] = row ? (uint8_t)kz_col_int(&q, 0) : 0;
        m->adds[i] = !row || kz_col_int(&q, 1) != 0;
        kz_reset(&q);
    }
    return KZ_OK;
}

kz_status kz_observation_matrix(kz_db *work, const char *const measures[], int n_measures, const char *level,
                                kz_arena *a, kz_matrix *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_matrix m = { .n_measures = n_measures };
    size_t cells;

    KZ_TRY(load_measures(work, measures, a, &m, err));
    KZ_TRY(load_areas(work, level, a, &m, err));
    KZ_TRY(load_periods(work, a, &m, err));
    if (__builtin_mul_overflow((size_t)n_measures * (size_t)m.n_periods, (size_t)m.n_areas, &cells))
        return too_small(err);
    m.value = kz_arena_new(a, int64_t, cells + 1);
    m.state = kz_arena_new(a, uint8_t, cells + 1);
    m.import = kz_arena_new(a, int32_t, cells + 1);
    if (!m.value || !m.state || !m.import)
        return too_small(err);
    for (size_t i = 0; i < cells; i++)
        m.value[i] = KZ_NO_VALUE;
    memset(m.state, KZ_N_CELL_STATES, cells);

    KZ_TRY(kz_prepare(work, "SELECT o.period, o.area, o.value, o.state, o.import FROM observation o"
                            " WHERE o.measure = (SELECT id FROM measure WHERE code = ?1)"
                            " ORDER BY o.period, o.area", &q, err));
    for (int i = 0; i < n_measures; i++) {
        kz_bind_text(&q, 1, measures[i]);
        KZ_TRY(fill(&q, i, &m, err));
    }
    *ret = m;
    return KZ_OK;
}

kz_status kz_observation_version(kz_db *work, int64_t *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    /* An import counts one, its undoing another. */
    KZ_TRY(kz_prepare(work, "SELECT COALESCE(SUM(CASE state WHEN 'undone' THEN 2 ELSE 1 END), 0) FROM import", &q,
                      err));
    KZ_TRY(kz_step(&q, &row, err));
    *ret = kz_col_int(&q, 0);
    return KZ_OK;
}
