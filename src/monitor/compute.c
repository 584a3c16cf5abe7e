#include "monitor/compute.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/compute_stamp.h"
#include "monitor/definition.h"
#include "monitor/reckon.h"
#include "store/workspace.h"

#define COMPUTE_CAP ((size_t)4 << 30)

typedef struct job {
    kz_db *work;
    const kz_compute_how *how;
    kz_arena *a;
    const kz_catalogue *cat;
    kz_counts n;
    kz_reckoner r;
    kz_stmt insert;
    kz_stamps stamps;
    kz_cell *cells;      /* of the indicator and period at hand: [group][area] */
    int32_t *imports;
    bool *same;          /* of a period: its cells stay */
    int64_t n_cells, over;
} job;

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

/* ---- names in the database ---------------------------------------------------- */

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

/* ---- cells ------------------------------------------------------------------------ */

/* Counts that cannot be: a part above its whole, or less than nobody. */
static kz_status check(job *j, const kz_indicator *ind, int group, int period, int area, kz_err *err)
{
    const kz_indicator_group *g = &ind->groups[group];
    if (ind->mix)
        return KZ_OK;
    kz_count num = kz_counts_form(&j->n, &g->numerator, period, area), den = { .value = KZ_NO_VALUE };
    if (ind->kind == KZ_KIND_SHARE)
        den = kz_counts_form(&j->n, &g->denominator, period, area);
    bool balance = ind->kind == KZ_KIND_RATIO && kz_form_is_signed(&g->numerator);
    bool num_known = num.value != KZ_NO_VALUE, den_known = den.value != KZ_NO_VALUE;
    bool negative = (num_known && num.value < 0 && !balance) || (den_known && den.value < 0);
    bool over = num_known && den_known && num.value > den.value;
    if (over && !kz_counts_one_source(&j->n, &g->numerator, &g->denominator, period, area)) {
        j->over++; /* two registers never agree to the last person */
        over = false;
    }
    if (negative || over)
        return kz_fail(err, KZ_E_INPUT, "compute.over", kz_s("indicator", ind->id), kz_s("group", g->code),
                       kz_s("area", j->n.names[area]), kz_s("period", j->n.m.period_codes[period]),
                       kz_n("numerator", num.value), kz_n("denominator", den.value));
    return KZ_OK;
}

static size_t cell_at(const job *j, int group, int area)
{
    return (size_t)group * (size_t)j->n.m.n_areas + (size_t)area;
}

/* All cells of an indicator in a period; state KZ_N_CELL_STATES: there is none. */
static kz_status reckon_all(job *j, const kz_indicator *ind, int period, kz_err *err)
{
    for (int g = 0; g < ind->n_groups; g++)
        for (int a = 0; a < j->n.m.n_areas; a++) {
            size_t at = cell_at(j, g, a);
            j->cells[at].state = KZ_N_CELL_STATES;
            if (!kz_stamps_on_level(&j->stamps, ind, j->n.level[a]) || !kz_counts_valid(&j->n, period, a))
                continue;
            KZ_TRY(check(j, ind, g, period, a, err));
            if (!kz_reckon(&j->r, ind, g, period, a, &j->cells[at], &j->imports[at]))
                j->cells[at].state = KZ_N_CELL_STATES;
        }
    return kz_reckoner_end(&j->r, err);
}

static void bind_count(kz_stmt *q, int at, int64_t value, bool known)
{
    if (known)
        kz_bind_int(q, at, value);
    else
        kz_bind_null(q, at);
}

static kz_status store(job *j, int64_t ind, int64_t group, const kz_cell *c, bool balance, int32_t import, kz_err *err)
{
    kz_stmt *q = &j->insert;
    kz_bind_int(q, 1, ind);
    kz_bind_int(q, 2, group);
    kz_bind_int(q, 3, j->n.m.periods[c->period]);
    kz_bind_int(q, 4, j->n.m.areas[c->area]);
    bind_count(q, 5, c->numerator, c->numerator >= 0 || (balance && !isnan(c->value)));
    bind_count(q, 6, c->denominator, c->denominator >= 0);
    kz_bind_real(q, 7, c->value);
    kz_bind_real(q, 8, c->lo);
    kz_bind_real(q, 9, c->hi);
    kz_bind_int(q, 10, c->state);
    bind_count(q, 11, import, import > 0);
    j->n_cells++;
    return kz_run(q, err);
}

static kz_status store_all(job *j, const kz_indicator *ind, int period, kz_err *err)
{
    for (int g = 0; g < ind->n_groups; g++) {
        bool balance = ind->kind == KZ_KIND_RATIO && kz_form_is_signed(&ind->groups[g].numerator);
        int64_t ind_id = 0, group_id = 0;
        KZ_TRY(get_id(j->work, ind->id, ind->groups[g].code, &ind_id, &group_id, err));
        for (int a = 0; a < j->n.m.n_areas; a++) {
            size_t at = cell_at(j, g, a);
            kz_cell c = j->cells[at];
            int32_t import = j->imports[at];
            if (!kz_stamps_on_level(&j->stamps, ind, j->n.level[a]) || !kz_counts_valid(&j->n, period, a))
                continue;
            if (c.state == KZ_N_CELL_STATES) {
                if (ind->mix || (ind->from_first && period < kz_reckon_first(&j->r, ind)))
                    continue;
                c = (kz_cell){ .numerator = -1, .denominator = -1, .value = NAN, .lo = NAN, .hi = NAN,
                               .state = KZ_CELL_LATER };
                import = 0;
            }
            c.area = (uint32_t)a;
            c.period = (uint32_t)period;
            KZ_TRY(store(j, ind_id, group_id, &c, balance, import, err));
        }
    }
    return KZ_OK;
}

static bool room_for_cells(job *j)
{
    size_t most = 1;
    for (int i = 0; i < j->cat->n; i++)
        most = (size_t)j->cat->indicators[i].n_groups > most ? (size_t)j->cat->indicators[i].n_groups : most;
    most = most * (size_t)j->n.m.n_areas + 1;
    j->cells = kz_arena_new(j->a, kz_cell, most);
    j->imports = kz_arena_new(j->a, int32_t, most);
    j->same = kz_arena_new(j->a, bool, j->n.m.n_periods + 1);
    return j->cells && j->imports && j->same;
}

/* The periods of an indicator that have changed. */
static kz_status renew(job *j, const kz_indicator *ind, kz_compute_report *report, kz_err *err)
{
    bool any = false;
    KZ_TRY(kz_stamps_compare(j->work, &j->stamps, ind, j->same, err));
    for (int p = 0; p < j->n.m.n_periods; p++) {
        if (!kz_stamps_in_period(&j->stamps, ind, p) || (j->same[p] && j->how->only_changed))
            continue;
        if (!any)
            KZ_TRY(put_id(j->work, ind, err));
        any = true;
        KZ_TRY(kz_stamps_replace(j->work, &j->stamps, ind, p, err));
        KZ_TRY(reckon_all(j, ind, p, err));
        KZ_TRY(store_all(j, ind, p, err));
        report->periods++;
    }
    report->indicators += any;
    return kz_definition_note(j->work, ind, err);
}

static bool is_wanted(const kz_compute_how *how, const char *id)
{
    bool wanted = how->n_ids == 0;
    for (int i = 0; i < how->n_ids && !wanted; i++)
        wanted = strcmp(how->ids[i], id) == 0;
    return wanted;
}

static kz_status run(job *j, kz_compute_report *report, kz_err *err)
{
    for (int i = 0; i < j->how->n_ids; i++)
        if (!kz_catalogue_find(j->cat, j->how->ids[i]))
            return kz_fail(err, KZ_E_MISSING, "indicator.none", kz_s("value", j->how->ids[i]));
    KZ_TRY(kz_counts_begin(j->work, j->cat, j->a, &j->n, err));
    KZ_TRY(kz_counted_refresh(j->work, j->cat, &j->n, j->how->counting, &report->counted, err));
    KZ_TRY(kz_counts_finish(j->work, j->cat, j->a, &j->n, err));
    KZ_TRY(kz_counts_compare(&j->n, j->a, &report->check, err));
    KZ_TRY(kz_reckoner_begin(j->cat, &j->n, j->a, &j->r, err));
    KZ_TRY(kz_stamps_make(j->work, &j->r, j->a, &j->stamps, err));
    if (!room_for_cells(j))
        return no_memory(err);
    KZ_TRY(kz_stamps_drop_unknown(j->work, j->cat, err));
    KZ_TRY(kz_prepare(j->work, "INSERT INTO cell (indicator, grp, period, area, numerator, denominator, value, lo, hi, "
                               "state, import) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                      &j->insert, err));
    for (int i = 0; i < j->cat->n; i++)
        if (is_wanted(j->how, j->cat->indicators[i].id))
            KZ_TRY(renew(j, &j->cat->indicators[i], report, err));
    report->cells = j->n_cells;
    report->over = j->over;
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

kz_status kz_compute(kz_db *work, const kz_compute_how *how, kz_compute_report *ret, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, COMPUTE_CAP);
    kz_auto(kz_catalogue) builtin = KZ_CATALOGUE_INIT;
    job j = { .work = work, .how = how, .a = &arena, .cat = how->cat ? how->cat : &builtin, .insert = KZ_STMT_INIT };
    kz_compute_report report = { 0 };
    if (!how->cat)
        KZ_TRY(kz_catalogue_builtin(&builtin, err));
    kz_status st = run(&j, &report, err);
    if (st == KZ_OK) {
        keep_texts(&report);
        *ret = report;
    }
    kz_stmt_done(&j.insert);
    return st;
}

static const char HELD[] = "compute_held";

kz_status kz_compute_hold(kz_db *work, bool hold, kz_err *err)
{
    return kz_setting_put(work, HELD, hold ? "1" : "", err);
}

kz_status kz_compute_held(kz_db *work, bool *ret, kz_err *err)
{
    char value[8];
    KZ_TRY(kz_setting_get(work, HELD, value, sizeof value, err));
    *ret = value[0] != '\0';
    return KZ_OK;
}

kz_status kz_compute_all(kz_db *work, kz_compute_report *ret, kz_err *err)
{
    kz_compute_how how = { .only_changed = true };
    bool held;
    KZ_TRY(kz_compute_held(work, &held, err));
    if (!held)
        return kz_compute(work, &how, ret, err);
    *ret = (kz_compute_report){ 0 };
    return KZ_OK;
}
