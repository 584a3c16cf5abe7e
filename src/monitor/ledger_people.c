#include "monitor/ledger_people.h"

#include "monitor/observation.h"

#include <math.h>
#include <string.h>

/* Indicators of which one count is the people wanted: the numerator, or the denominator. */
static const struct {
    kz_basis basis;
    const char *indicator;
    bool denominator;
} KNOWN[] = {
    { KZ_BASIS_POPULATION, "einwohner", false },
    { KZ_BASIS_POPULATION, "jugendeinwohner", true },
    { KZ_BASIS_CHILDREN, "sgb2-u18", true },
};

static const char *const BANDS[] = { "age_00_03", "age_03_06", "age_06_10", "age_10_15", "age_15_18" };

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

static int find(const kz_people *p, int64_t area)
{
    int lo = 0, hi = p->n_areas;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (p->area[mid] < area)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < p->n_areas && p->area[lo] == area ? lo : -1;
}

double kz_people_of(const kz_people *p, int period, int64_t area)
{
    int at = find(p, area);
    return at < 0 ? NAN : p->value[(size_t)period * (size_t)p->n_areas + (size_t)at];
}

static int period_of(const kz_matrix *m, int64_t id)
{
    for (int p = 0; p < m->n_periods; p++)
        if (m->periods[p] == id)
            return p;
    return -1;
}

static kz_status from_cells(kz_db *work, const char *indicator, bool denominator, const kz_matrix *m, kz_people *p,
                            bool *any, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work,
                      "SELECT c.period, c.area, CASE ?2 WHEN 0 THEN c.numerator ELSE c.denominator END FROM cell c "
                      "JOIN indicator i ON i.id = c.indicator JOIN indicator_group g ON g.id = c.grp "
                      "WHERE i.code = ?1 AND g.code = 'Total'", &q, err));
    kz_bind_text(&q, 1, indicator);
    kz_bind_int(&q, 2, denominator);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        int period = period_of(m, kz_col_int(&q, 0)), at = find(p, kz_col_int(&q, 1));
        if (period < 0 || at < 0 || kz_col_null(&q, 2))
            continue;
        p->value[(size_t)period * (size_t)p->n_areas + (size_t)at] = (double)kz_col_int(&q, 2);
        *any = true;
    }
    return st;
}

/* Age bands that no table has brought do not count; a gap in one that came does. */
static void from_bands(const kz_matrix *m, kz_people *p)
{
    for (int t = 0; t < m->n_periods; t++)
        for (int i = 0; i < m->n_areas; i++) {
            double sum = 0;
            bool any = false;
            for (int b = 0; b < m->n_measures; b++) {
                size_t at = kz_matrix_at(m, b, t, i);
                if (m->state[at] == KZ_N_CELL_STATES)
                    continue;
                any = true;
                sum += m->value[at] < 0 ? NAN : (double)m->value[at];
            }
            p->value[(size_t)t * (size_t)m->n_areas + (size_t)i] = any ? sum : NAN;
        }
}

static kz_status load_days(kz_db *work, const kz_matrix *m, kz_arena *a, kz_people *p, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "SELECT day FROM period WHERE id = ?1", &q, err));
    for (int t = 0; t < m->n_periods; t++) {
        bool row;
        kz_bind_int(&q, 1, m->periods[t]);
        KZ_TRY(kz_step(&q, &row, err));
        if (!(p->day[t] = kz_arena_strdup(a, row ? kz_col_text(&q, 0) : "")))
            return full(err);
        kz_reset(&q);
    }
    return KZ_OK;
}

kz_status kz_people_load(kz_db *work, const kz_area_level *level, kz_basis basis, kz_arena *a, kz_people *ret,
                         kz_err *err)
{
    kz_people p = { 0 };
    kz_matrix m;
    bool any = false;
    int n_bands = basis == KZ_BASIS_CHILDREN ? (int)(sizeof BANDS / sizeof *BANDS) : 0;
    if (basis == KZ_BASIS_AREA) {
        *ret = p;
        return KZ_OK;
    }
    KZ_TRY(kz_observation_matrix(work, BANDS, n_bands, level->code, a, &m, err));
    p.n_periods = m.n_periods;
    p.n_areas = m.n_areas;
    p.area = m.areas;
    p.day = kz_arena_new(a, const char *, m.n_periods + 1);
    p.value = kz_arena_new(a, double, (size_t)m.n_periods * (size_t)m.n_areas + 1);
    if (!p.day || !p.value)
        return full(err);
    KZ_TRY(load_days(work, &m, a, &p, err));
    for (size_t i = 0; i < (size_t)m.n_periods * (size_t)m.n_areas; i++)
        p.value[i] = NAN;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN && !any; i++)
        if (KNOWN[i].basis == basis)
            KZ_TRY(from_cells(work, KNOWN[i].indicator, KNOWN[i].denominator, &m, &p, &any, err));
    if (!any && n_bands > 0)
        from_bands(&m, &p);
    *ret = p;
    return KZ_OK;
}
