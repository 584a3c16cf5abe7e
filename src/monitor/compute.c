#include "monitor/compute.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "monitor/measure.h"
#include "stat/rate.h"

enum { COMPUTE_CAP = 1 << 30 };

int kz_compute_first_period(const kz_counts *n, const kz_indicator *ind)
{
    for (int p = 0; p < n->m.n_periods; p++)
        for (int a = 0; a < n->m.n_areas; a++)
            if (kz_counts_form(n, &ind->groups[0].numerator, p, a).value >= 0)
                return p;
    return KZ_NONE;
}

static void put_value(kz_cell *c, kz_kind kind, int decimals)
{
    if (kind == KZ_KIND_COUNT) {
        c->value = c->lo = c->hi = (double)c->numerator / (double)kz_pow10(decimals);
    } else if (c->denominator == 0) {
        c->state = KZ_CELL_MEANINGLESS;
        return;
    } else if (kind == KZ_KIND_SHARE) {
        kz_rate r = kz_rate_wilson(c->numerator, c->denominator, KZ_Z95);
        c->value = r.value;
        c->lo = r.lo;
        c->hi = r.hi;
    } else {
        c->value = c->lo = c->hi = (double)(c->numerator - c->denominator) / (double)c->denominator;
    }
    if (c->state == KZ_CELL_SHOWN && c->value == 0)
        c->state = KZ_CELL_ZERO;
}

bool kz_compute_cell(const kz_counts *n, const kz_indicator *ind, int group, int first, int period, int area,
                     kz_cell *ret, int32_t *ret_import)
{
    kz_cell c = { .area = (uint32_t)area, .period = (uint32_t)period, .group = (uint32_t)group, .numerator = -1,
                  .denominator = -1, .value = NAN, .lo = NAN, .hi = NAN, .smoothed = NAN, .smoothed_lo = NAN,
                  .smoothed_hi = NAN, .state = KZ_CELL_SHOWN };
    kz_count num = kz_counts_form(n, &ind->groups[group].numerator, period, area);
    kz_count den = { .value = 0, .state = KZ_CELL_SHOWN };
    bool counted = ind->kind == KZ_KIND_COUNT;
    if (!counted) {
        const kz_form *f = ind->kind == KZ_KIND_CHANGE ? &ind->groups[group].numerator : &ind->denominator;
        if (ind->kind == KZ_KIND_CHANGE && period < first)
            return false;
        den = kz_counts_form(n, f, ind->kind == KZ_KIND_CHANGE ? first : period, area);
    }
    if (num.state == KZ_N_CELL_STATES && (counted || den.state == KZ_N_CELL_STATES))
        return false;
    kz_cell_state state = kz_cell_state_join(kz_cell_state_join(KZ_CELL_SHOWN, num.state), den.state);
    c.state = (uint8_t)(state == KZ_N_CELL_STATES ? KZ_CELL_LATER : state);
    c.numerator = num.value < 0 ? -1 : num.value;
    c.denominator = counted || den.value < 0 ? -1 : den.value;
    if (num.value >= 0 && den.value >= 0 && kz_cell_has_value(&c))
        put_value(&c, ind->kind, num.decimals);
    *ret = c;
    *ret_import = num.import > den.import ? num.import : den.import;
    return true;
}

/* ---- storing ------------------------------------------------------------- */

typedef struct job {
    kz_db *work;
    kz_arena *a;
    kz_catalogue cat;
    kz_counts n;
    kz_stmt insert;
    bool *on_level, *in_period; /* of the indicator at hand */
    int64_t cells;
} job;

static kz_status put_id(kz_db *db, const kz_indicator *ind, kz_err *err)
{
    kz_auto(kz_stmt) i = KZ_STMT_INIT;
    kz_auto(kz_stmt) g = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(db, "INSERT INTO indicator (code) VALUES (?1) ON CONFLICT (code) DO NOTHING", &i, err));
    kz_bind_text(&i, 1, ind->id);
    KZ_TRY(kz_run(&i, err));
    KZ_TRY(kz_prepare(db, "INSERT INTO indicator_group (indicator, code) "
                          "SELECT id, ?2 FROM indicator WHERE code = ?1 ON CONFLICT (indicator, code) DO NOTHING",
                      &g, err));
    for (int k = 0; k < ind->n_groups; k++) {
        kz_bind_text(&g, 1, ind->id);
        kz_bind_text(&g, 2, ind->groups[k].code);
        KZ_TRY(kz_run(&g, err));
    }
    return KZ_OK;
}

static kz_status get_id(kz_db *db, const char *ind, const char *group, int64_t *ret_ind, int64_t *ret_group,
                        kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "SELECT i.id, g.id FROM indicator i JOIN indicator_group g ON g.indicator = i.id "
                          "WHERE i.code = ?1 AND g.code = ?2", &q, err));
    kz_bind_text(&q, 1, ind);
    kz_bind_text(&q, 2, group);
    KZ_TRY(kz_step(&q, &row, err));
    KZ_ASSERT(row);
    *ret_ind = kz_col_int(&q, 0);
    *ret_group = kz_col_int(&q, 1);
    return KZ_OK;
}

static void bind_count(kz_stmt *q, int at, int64_t value)
{
    if (value < 0)
        kz_bind_null(q, at);
    else
        kz_bind_int(q, at, value);
}

static kz_status store(job *j, int64_t ind, int64_t group, const kz_cell *c, int32_t import, kz_err *err)
{
    kz_stmt *q = &j->insert;
    kz_bind_int(q, 1, ind);
    kz_bind_int(q, 2, group);
    kz_bind_int(q, 3, j->n.m.periods[c->period]);
    kz_bind_int(q, 4, j->n.m.areas[c->area]);
    bind_count(q, 5, c->numerator);
    bind_count(q, 6, c->denominator);
    kz_bind_real(q, 7, c->value);
    kz_bind_real(q, 8, c->lo);
    kz_bind_real(q, 9, c->hi);
    kz_bind_int(q, 10, c->state);
    kz_bind_int(q, 11, import);
    j->cells++;
    return kz_run(q, err);
}

/* Counts that cannot be: a part above its whole, or less than nobody. */
static kz_status check(const job *j, const kz_indicator *ind, int group, int period, int area, kz_err *err)
{
    kz_count num = kz_counts_form(&j->n, &ind->groups[group].numerator, period, area);
    kz_count den = kz_counts_form(&j->n, ind->kind == KZ_KIND_SHARE ? &ind->denominator : &ind->groups[group].numerator,
                                  period, area);
    bool num_known = num.state < KZ_N_CELL_STATES && num.value != KZ_NO_VALUE;
    bool den_known = den.state < KZ_N_CELL_STATES && den.value != KZ_NO_VALUE;
    if ((num_known && num.value < 0) || (num_known && den_known && num.value > den.value))
        return kz_fail(err, KZ_E_INPUT, "compute.over", kz_s("indicator", ind->id),
                       kz_s("group", ind->groups[group].code), kz_s("area", j->n.names[area]),
                       kz_s("period", j->n.m.period_codes[period]), kz_n("numerator", num.value),
                       kz_n("denominator", den.value));
    return KZ_OK;
}

/* Which levels and periods have the indicator at all? */
static void find_extent(job *j, const kz_indicator *ind)
{
    memset(j->on_level, 0, (size_t)j->n.n_levels);
    memset(j->in_period, 0, (size_t)j->n.m.n_periods);
    for (int p = 0; p < j->n.m.n_periods; p++)
        for (int a = 0; a < j->n.m.n_areas; a++)
            for (int g = 0; g < ind->n_groups; g++)
                if (kz_counts_form(&j->n, &ind->groups[g].numerator, p, a).state != KZ_N_CELL_STATES)
                    j->on_level[j->n.level[a]] = j->in_period[p] = true;
}

static kz_status compute_indicator(job *j, const kz_indicator *ind, kz_err *err)
{
    int first = kz_compute_first_period(&j->n, ind);
    find_extent(j, ind);
    for (int g = 0; g < ind->n_groups; g++) {
        int64_t ind_id, group_id;
        KZ_TRY(get_id(j->work, ind->id, ind->groups[g].code, &ind_id, &group_id, err));
        for (int p = 0; p < j->n.m.n_periods; p++)
            for (int a = 0; a < j->n.m.n_areas; a++) {
                kz_cell c;
                int32_t import;
                if (!j->in_period[p] || !j->on_level[j->n.level[a]] || !kz_counts_valid(&j->n, p, a))
                    continue;
                KZ_TRY(check(j, ind, g, p, a, err));
                if (!kz_compute_cell(&j->n, ind, g, first, p, a, &c, &import)) {
                    if (ind->kind == KZ_KIND_CHANGE && p < first)
                        continue;
                    c = (kz_cell){ .area = (uint32_t)a, .period = (uint32_t)p, .numerator = -1, .denominator = -1,
                                   .value = NAN, .lo = NAN, .hi = NAN, .state = KZ_CELL_LATER };
                    import = 0;
                }
                KZ_TRY(store(j, ind_id, group_id, &c, import, err));
            }
    }
    return KZ_OK;
}

static bool is_wanted(const char *id, const char *const ids[], int n)
{
    bool wanted = n == 0;
    for (int i = 0; i < n && !wanted; i++)
        wanted = strcmp(ids[i], id) == 0;
    return wanted;
}

/* Cells of the indicators that will be made anew, and of those that the catalogue has no more. */
static kz_status delete_cells(job *j, const char *const ids[], int n, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    if (n == 0)
        return kz_db_exec(j->work, "DELETE FROM cell", err);
    KZ_TRY(kz_prepare(j->work, "DELETE FROM cell WHERE indicator = (SELECT id FROM indicator WHERE code = ?1)", &q,
                      err));
    for (int i = 0; i < n; i++) {
        kz_bind_text(&q, 1, ids[i]);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

static kz_status run(job *j, const char *const ids[], int n_ids, kz_compute_report *report, kz_err *err)
{
    int n_codes;
    KZ_TRY(kz_catalogue_builtin(&j->cat, err));
    for (int i = 0; i < n_ids; i++)
        if (!kz_catalogue_find(&j->cat, ids[i]))
            return kz_fail(err, KZ_E_MISSING, "indicator.none", kz_s("value", ids[i]));
    const char **codes = kz_catalogue_measures(&j->cat, j->a, &n_codes);
    if (!codes)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    KZ_TRY(kz_counts_load(j->work, codes, n_codes, j->a, &j->n, err));
    KZ_TRY(kz_counts_compare(&j->n, j->a, &report->check, err));
    j->on_level = kz_arena_new(j->a, bool, j->n.n_levels + 1);
    j->in_period = kz_arena_new(j->a, bool, j->n.m.n_periods + 1);
    if (!j->on_level || !j->in_period)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    KZ_TRY(delete_cells(j, ids, n_ids, err));
    KZ_TRY(kz_prepare(j->work, "INSERT INTO cell (indicator, grp, period, area, numerator, denominator, value, lo, hi, "
                               "state, import) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULLIF(?11, 0))",
                      &j->insert, err));
    for (int i = 0; i < j->cat.n; i++) {
        if (!is_wanted(j->cat.indicators[i].id, ids, n_ids))
            continue;
        KZ_TRY(put_id(j->work, &j->cat.indicators[i], err));
        KZ_TRY(compute_indicator(j, &j->cat.indicators[i], err));
    }
    report->cells = j->cells;
    return KZ_OK;
}

/* The check's texts live in the job's arena and in the catalogue: keep copies with the report. */
static void keep_texts(kz_compute_report *r)
{
    kz_counts_check *c = &r->check;
    snprintf(r->measure, sizeof r->measure, "%s", c->measure ? c->measure : "");
    snprintf(r->period, sizeof r->period, "%s", c->period ? c->period : "");
    snprintf(r->area, sizeof r->area, "%s", c->area ? c->area : "");
    c->measure = c->period = c->area = NULL;
}

kz_status kz_compute_all(kz_db *work, kz_compute_report *ret, kz_err *err)
{
    return kz_compute_some(work, NULL, 0, ret, err);
}

kz_status kz_compute_some(kz_db *work, const char *const ids[], int n, kz_compute_report *ret, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, COMPUTE_CAP);
    job j = { .work = work, .a = &arena, .cat = KZ_CATALOGUE_INIT, .insert = KZ_STMT_INIT };
    kz_compute_report report = { 0 };
    kz_status st = run(&j, ids, n, &report, err);
    if (st == KZ_OK) {
        keep_texts(&report);
        *ret = report;
    }
    kz_stmt_done(&j.insert);
    kz_catalogue_done(&j.cat);
    return st;
}
