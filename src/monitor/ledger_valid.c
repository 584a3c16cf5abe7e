#include "monitor/ledger_valid.h"

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

static kz_status load_days(kz_db *work, const kz_matrix *m, kz_arena *a, const char *days[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "SELECT day FROM period WHERE id = ?1", &q, err));
    for (int p = 0; p < m->n_periods; p++) {
        bool row;
        kz_bind_int(&q, 1, m->periods[p]);
        KZ_TRY(kz_step(&q, &row, err));
        if (!(days[p] = kz_arena_strdup(a, row ? kz_col_text(&q, 0) : "")))
            return no_memory(err);
        kz_reset(&q);
    }
    return KZ_OK;
}

static kz_status load_areas(kz_db *work, const kz_matrix *m, const char *const days[], kz_area_valid *v, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT id, parent, valid_from, valid_to FROM area ORDER BY id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        int area = kz_matrix_area(m, kz_col_int(&q, 0));
        if (area < 0)
            continue; /* another level */
        int parent = kz_col_null(&q, 1) ? -1 : kz_matrix_area(m, kz_col_int(&q, 1));
        for (int p = 0; p < m->n_periods; p++) {
            size_t at = kz_area_valid_at(v, p, area);
            v->valid[at] = kz_day_within(kz_col_text(&q, 2), kz_col_text(&q, 3), days[p]);
            v->parent[at] = parent;
        }
    }
    return st;
}

/* From the newest state to the oldest: what an area lay in before the day of each. */
static kz_status load_before(kz_db *work, const kz_matrix *m, const char *const days[], kz_area_valid *v, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT b.area, b.parent, s.day FROM area_before b JOIN area_state s ON s.id = b.state "
                            "ORDER BY s.day DESC, b.area", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        int area = kz_matrix_area(m, kz_col_int(&q, 0));
        if (area < 0)
            continue;
        for (int p = 0; p < m->n_periods; p++)
            if (strcmp(days[p], kz_col_text(&q, 2)) < 0)
                v->parent[kz_area_valid_at(v, p, area)] =
                    kz_col_null(&q, 1) ? -1 : kz_matrix_area(m, kz_col_int(&q, 1));
    }
    return st;
}

kz_status kz_area_valid_load(kz_db *work, const kz_matrix *m, kz_arena *a, kz_area_valid *ret, kz_err *err)
{
    size_t n = (size_t)m->n_periods * (size_t)m->n_areas + 1;
    kz_area_valid v = { m->n_periods, m->n_areas, kz_arena_new(a, bool, n), kz_arena_new(a, int, n) };
    const char **days = kz_arena_new(a, const char *, m->n_periods + 1);
    if (!v.valid || !v.parent || !days)
        return no_memory(err);
    KZ_TRY(load_days(work, m, a, days, err));
    KZ_TRY(load_areas(work, m, days, &v, err));
    KZ_TRY(load_before(work, m, days, &v, err));
    for (int p = 0; p < v.n_periods; p++)
        for (int i = 0; i < v.n_areas; i++) {
            int *parent = &v.parent[kz_area_valid_at(&v, p, i)];
            if (*parent >= 0 && !v.valid[kz_area_valid_at(&v, p, *parent)])
                *parent = -1;
        }
    *ret = v;
    return KZ_OK;
}
