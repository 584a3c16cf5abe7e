#include "monitor/ledger_series.h"

#include "monitor/counts.h"
#include "stat/rate.h"

#include <math.h>
#include <string.h>

enum { CAP = 1 << 30 };

typedef struct period {
    int64_t id;
    const char *code, *day;
    int state;            /* boundary state of the level on its day */
    kz_tally *num, *den;  /* [group][target area], converted; NULL: the level was not there yet */
} period;

typedef struct job {
    kz_db *work;
    const kz_series_order *order;
    kz_arena *a;
    kz_series_fn take;
    void *me;
    kz_series_report report;
    const kz_area_level *level;
    int n_periods, n_states, n_groups;
    int state;           /* that of the day */
    period *periods;
    kz_crosswalk target; /* from the day to itself: its areas */
    kz_crosswalk *walks; /* by state                          */
    bool *walked;
    double unit; /* what 1 in a count is worth: values of tables may have decimals */
} job;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

static kz_status load_periods(job *j, kz_err *err)
{
    kz_auto(kz_stmt) count = KZ_STMT_INIT, q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(j->work, "SELECT COUNT(*) FROM period", &count, err));
    KZ_TRY(kz_step(&count, &row, err));
    int room = (int)kz_col_int(&count, 0);
    j->periods = kz_arena_new(j->a, period, room + 1);
    if (!j->periods)
        return full(err);
    KZ_TRY(kz_prepare(j->work,
                      "SELECT id, code, day FROM period WHERE id IN (SELECT c.period FROM cell c JOIN indicator i "
                      "ON i.id = c.indicator WHERE i.code = ?1) ORDER BY code", &q, err));
    kz_bind_text(&q, 1, j->order->indicator->id);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || j->n_periods == room)
            return KZ_OK;
        period *p = &j->periods[j->n_periods++];
        *p = (period){ .id = kz_col_int(&q, 0), .code = kz_arena_strdup(j->a, kz_col_text(&q, 1)),
                       .day = kz_arena_strdup(j->a, kz_col_text(&q, 2)) };
        if (!p->code || !p->day)
            return full(err);
    }
}

/* Which boundary state each period is in: how many began until its day. */
static kz_status find_states(job *j, kz_err *err)
{
    const kz_ledger_state *states;
    KZ_TRY(kz_ledger_states(j->work, j->level, j->a, &states, &j->n_states, err));
    j->walks = kz_arena_new(j->a, kz_crosswalk, j->n_states + 1);
    j->walked = kz_arena_new(j->a, bool, j->n_states + 1);
    if (!j->walks || !j->walked)
        return full(err);
    j->state = 0;
    for (int s = 0; s < j->n_states; s++)
        j->state += strcmp(states[s].day, j->order->day) <= 0;
    for (int p = 0; p < j->n_periods; p++) {
        j->periods[p].state = 0;
        for (int s = 0; s < j->n_states; s++)
            j->periods[p].state += strcmp(states[s].day, j->periods[p].day) <= 0;
    }
    return KZ_OK;
}

static kz_status walk_of(job *j, const period *p, const kz_crosswalk **ret, kz_err *err)
{
    kz_crosswalk *x = &j->walks[p->state];
    if (!j->walked[p->state]) {
        const kz_series_order *o = j->order;
        if (o->file && p->state != j->state)
            KZ_TRY(kz_crosswalk_read(j->work, j->level, p->day, o->day, o->file, j->a, x, err));
        else
            KZ_TRY(kz_crosswalk_make(j->work, j->level, p->day, o->day, o->basis, j->a, x, err));
        j->walked[p->state] = true;
        j->report.n_fallback += x->n_fallback;
        j->report.n_lost += x->n_lost;
    }
    *ret = x;
    return KZ_OK;
}

/* ---- cells to tallies and back ------------------------------------------------------ */

/* The state of a cell is that of both its counts: a count that is there keeps its mark only. */
static kz_tally tally_of(kz_stmt *q, int at, kz_cell_state state)
{
    if (kz_col_null(q, at))
        return kz_tally_of(-1, state);
    bool mark = state == KZ_CELL_LIMITED || state == KZ_CELL_PRELIMINARY || state == KZ_CELL_REVISED ||
                state == KZ_CELL_ESTIMATED;
    return kz_tally_of(kz_col_int(q, at), mark ? state : KZ_CELL_SHOWN);
}

static int from_of(const kz_crosswalk *x, int64_t id)
{
    for (int i = 0; i < x->n_from; i++)
        if (x->from[i].id == id)
            return i;
    return -1;
}

static kz_status load_cells(job *j, const period *p, const kz_crosswalk *x, kz_tally num[], kz_tally den[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const kz_indicator *ind = j->order->indicator;
    KZ_TRY(kz_prepare(j->work,
                      "SELECT c.area, g.code, c.numerator, c.denominator, c.state, c.value FROM cell c "
                      "JOIN indicator i ON i.id = c.indicator JOIN indicator_group g ON g.id = c.grp "
                      "JOIN area a ON a.id = c.area WHERE i.code = ?1 AND c.period = ?2 AND a.level = ?3",
                      &q, err));
    kz_bind_text(&q, 1, ind->id);
    kz_bind_int(&q, 2, p->id);
    kz_bind_int(&q, 3, j->level->id);
    for (int i = 0; i < x->n_from * j->n_groups; i++)
        num[i] = den[i] = kz_tally_of(-1, KZ_N_CELL_STATES);
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        int from = from_of(x, kz_col_int(&q, 0)), group = kz_indicator_group_find(ind, kz_col_text(&q, 1));
        if (from < 0 || group < 0)
            continue;
        kz_cell_state state = (kz_cell_state)kz_col_int(&q, 4);
        if (ind->kind == KZ_KIND_COUNT && kz_col_int(&q, 2) > 0 && kz_col_real(&q, 5) > 0)
            j->unit = kz_col_real(&q, 5) / (double)kz_col_int(&q, 2);
        num[group * x->n_from + from] = tally_of(&q, 2, state);
        den[group * x->n_from + from] = tally_of(&q, 3, state);
    }
}

static kz_status convert_period(job *j, period *p, kz_err *err)
{
    const kz_crosswalk *x;
    const kz_kind kind = j->order->indicator->kind;
    p->num = p->den = NULL;
    kz_status st = walk_of(j, p, &x, err);
    if (st == KZ_E_MISSING)
        return KZ_OK;
    KZ_TRY(st);
    size_t from = (size_t)x->n_from * (size_t)j->n_groups, to = (size_t)x->n_to * (size_t)j->n_groups;
    kz_tally *num = kz_arena_new(j->a, kz_tally, from + 1), *den = kz_arena_new(j->a, kz_tally, from + 1);
    p->num = kz_arena_new(j->a, kz_tally, to + 1);
    p->den = kz_arena_new(j->a, kz_tally, to + 1);
    if (!num || !den || !p->num || !p->den)
        return full(err);
    KZ_TRY(load_cells(j, p, x, num, den, err));
    for (int g = 0; g < j->n_groups; g++) {
        const kz_tally *whole = kind == KZ_KIND_SHARE ? den + g * x->n_from : NULL;
        KZ_TRY(kz_ledger_convert(x, num + g * x->n_from, whole, j->a, p->num + g * x->n_to, err));
        if (kind == KZ_KIND_SHARE)
            KZ_TRY(kz_ledger_convert(x, den + g * x->n_from, NULL, j->a, p->den + g * x->n_to, err));
    }
    return KZ_OK;
}

static void put_value(kz_cell *c, kz_kind kind, double unit)
{
    if (kind == KZ_KIND_COUNT) {
        c->value = c->lo = c->hi = (double)c->numerator * unit;
    } else if (c->denominator == 0) {
        c->state = KZ_CELL_MEANINGLESS;
    } else if (kind == KZ_KIND_SHARE) {
        kz_rate r = kz_rate_wilson(c->numerator, c->denominator, KZ_Z95);
        c->value = r.value;
        c->lo = r.lo;
        c->hi = r.hi;
    } else {
        c->value = c->lo = c->hi = (double)(c->numerator - c->denominator) / (double)c->denominator;
    }
}

/* False: nothing ever came. */
static bool make_cell(kz_tally num, kz_tally den, kz_kind kind, double unit, kz_cell *ret)
{
    kz_cell c = { .numerator = num.value, .denominator = kind == KZ_KIND_COUNT ? -1 : den.value, .value = NAN,
                  .lo = NAN, .hi = NAN, .smoothed = NAN, .smoothed_lo = NAN, .smoothed_hi = NAN };
    if (num.state == KZ_N_CELL_STATES && (kind == KZ_KIND_COUNT || den.state == KZ_N_CELL_STATES))
        return false;
    kz_cell_state a = num.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : num.state;
    kz_cell_state b = kind == KZ_KIND_COUNT ? KZ_CELL_SHOWN : den.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : den.state;
    kz_cell_state state = kz_cell_state_join(a, b);
    if (state == KZ_CELL_ZERO || state == KZ_CELL_SHOWN)
        state = num.value == 0 && kind != KZ_KIND_CHANGE ? KZ_CELL_ZERO : KZ_CELL_SHOWN;
    c.state = (uint8_t)state;
    if (num.value >= 0 && (kind == KZ_KIND_COUNT || den.value >= 0) && kz_cell_has_value(&c))
        put_value(&c, kind, unit);
    if (c.state == KZ_CELL_SHOWN && c.value == 0)
        c.state = KZ_CELL_ZERO;
    *ret = c;
    return true;
}

static void tell(job *j, int area)
{
    const kz_series_order *o = j->order;
    const kz_cross_area *place = &j->target.to[area];
    for (int p = 0; p < j->n_periods; p++)
        for (int g = 0; g < j->n_groups && j->periods[p].num; g++) {
            const period *at = &j->periods[p], *base = &j->periods[0];
            const char *group = o->indicator->groups[g].code;
            size_t cell = (size_t)g * (size_t)j->target.n_to + (size_t)area;
            kz_series_row r = { .key = place->key, .name = place->name, .period = at->code, .group = group };
            if ((o->period && strcmp(o->period, at->code) != 0) || (o->group && strcmp(o->group, group) != 0))
                continue;
            kz_tally den = at->den[cell];
            if (o->indicator->kind == KZ_KIND_CHANGE)
                den = base->num ? base->num[cell] : kz_tally_of(-1, KZ_N_CELL_STATES);
            if (!make_cell(at->num[cell], den, o->indicator->kind, j->unit, &r.cell))
                continue;
            j->report.n_rows++;
            j->take(j->me, &r);
        }
}

static kz_status read_level(job *j, kz_err *err)
{
    const char *day = j->order->day;
    kz_status st = kz_crosswalk_make(j->work, j->level, day, day, KZ_BASIS_AREA, j->a, &j->target, err);
    if (st == KZ_E_MISSING && !j->order->level)
        return KZ_OK; /* the level is younger than the day */
    KZ_TRY(st);
    KZ_TRY(find_states(j, err));
    for (int p = 0; p < j->n_periods; p++)
        KZ_TRY(convert_period(j, &j->periods[p], err));
    for (int area = 0; area < j->target.n_to; area++)
        tell(j, area);
    return KZ_OK;
}

/* Only what adds up can be shared out: not shares, marks and indices that a table brought as such. */
static kz_status check_form(kz_db *work, const kz_indicator *ind, const kz_form *f, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "SELECT 1 FROM measure WHERE code = ?1 AND adds = 0", &q, err));
    for (int i = 0; i < f->n; i++) {
        bool row;
        kz_bind_text(&q, 1, f->term[i].measure);
        KZ_TRY(kz_step(&q, &row, err));
        if (row)
            return kz_fail(err, KZ_E_INPUT, "ledger.kind", kz_s("value", ind->id));
        kz_reset(&q);
    }
    return KZ_OK;
}

static kz_status check_kind(kz_db *work, const kz_indicator *ind, kz_err *err)
{
    if (ind->kind != KZ_KIND_COUNT && ind->kind != KZ_KIND_SHARE && ind->kind != KZ_KIND_CHANGE)
        return kz_fail(err, KZ_E_INPUT, "ledger.kind", kz_s("value", ind->id));
    KZ_TRY(check_form(work, ind, &ind->denominator, err));
    for (int g = 0; g < ind->n_groups; g++)
        KZ_TRY(check_form(work, ind, &ind->groups[g].numerator, err));
    return KZ_OK;
}

kz_status kz_ledger_series(kz_db *work, const kz_series_order *order, kz_series_fn take, void *me,
                           kz_series_report *ret, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, CAP);
    job j = { .work = work, .order = order, .a = &arena, .take = take, .me = me, .unit = 1,
              .n_groups = order->indicator->n_groups };
    const kz_area_level *levels;
    int n_levels;
    KZ_TRY(check_kind(work, order->indicator, err));
    KZ_TRY(load_periods(&j, err));
    KZ_TRY(kz_area_levels(work, &arena, &levels, &n_levels, err));
    for (int i = 0; i < n_levels; i++) {
        if (order->level && order->level->id != levels[i].id)
            continue;
        j.level = &levels[i];
        KZ_TRY(read_level(&j, err));
    }
    if (j.report.n_rows == 0)
        return kz_fail(err, KZ_E_MISSING, "get.nothing", kz_s("value", order->indicator->id));
    *ret = j.report;
    return KZ_OK;
}
