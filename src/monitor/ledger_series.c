#include "monitor/ledger_series.h"

#include "monitor/counts.h"
#include "stat/rate.h"
#include "stat/ratio.h"

#include <math.h>
#include <string.h>

enum { CAP = 1 << 30 };

typedef struct period {
    int64_t id;
    const char *code, *day;
    int state;            /* boundary state of the level on its day */
    kz_tally *num, *den;  /* [group][target area], converted; NULL: the level was not there yet */
    kz_cell *cell;        /* [group][source area] as computed                                    */
    const int *same;      /* of a target area: the source area that it is as a whole, -1         */
    const kz_crosswalk *walk;
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
    int **same;          /* by state */
    bool events;         /* the numerator counts something */
    bool persons;        /* different ones, which do not add up */
    double unit; /* what 1 is worth: values of tables may have decimals */
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
    j->same = kz_arena_new(j->a, int *, j->n_states + 1);
    if (!j->walks || !j->same)
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

/* Which source area each target is as a whole: nothing else goes into it. */
static kz_status find_same(job *j, const kz_crosswalk *x, int **ret, kz_err *err)
{
    int *same = kz_arena_new(j->a, int, x->n_to + 1);
    if (!same)
        return full(err);
    for (int t = 0; t < x->n_to; t++)
        same[t] = -1;
    for (int i = 0; i < x->n; i++) {
        const kz_cross_row *r = &x->row[i];
        same[r->to] = same[r->to] == -1 && r->million == KZ_MILLION ? r->from : -2;
    }
    *ret = same;
    return KZ_OK;
}

static kz_status walk_of(job *j, const period *p, const kz_crosswalk **ret, kz_err *err)
{
    const kz_series_order *o = j->order;
    kz_crosswalk *x = &j->walks[p->state];
    if (!j->same[p->state]) {
        if (o->file && p->state != j->state)
            KZ_TRY(kz_crosswalk_read(j->work, j->level, p->day, o->day, o->file, j->a, x, err));
        else
            KZ_TRY(kz_crosswalk_make(j->work, j->level, p->day, o->day, o->basis, j->a, x, err));
        KZ_TRY(find_same(j, x, &j->same[p->state], err));
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

/* What 1 in the counts is worth, from a cell that has a value. */
static void learn_unit(job *j, const kz_cell *c)
{
    kz_kind kind = j->order->indicator->kind;
    if (c->numerator <= 0 || !(c->value > 0))
        return;
    if (kind == KZ_KIND_COUNT)
        j->unit = c->value / (double)c->numerator;
    else if (kind == KZ_KIND_RATIO && c->denominator > 0)
        j->unit = c->value * (double)c->denominator / (double)c->numerator;
}

static double real_or_none(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? NAN : kz_col_real(q, at);
}

static kz_status load_cells(job *j, period *p, const kz_crosswalk *x, kz_tally num[], kz_tally den[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const kz_indicator *ind = j->order->indicator;
    KZ_TRY(kz_prepare(j->work,
                      "SELECT c.area, g.code, c.numerator, c.denominator, c.state, c.value, c.lo, c.hi FROM cell c "
                      "JOIN indicator i ON i.id = c.indicator JOIN indicator_group g ON g.id = c.grp "
                      "JOIN area a ON a.id = c.area WHERE i.code = ?1 AND c.period = ?2 AND a.level = ?3",
                      &q, err));
    kz_bind_text(&q, 1, ind->id);
    kz_bind_int(&q, 2, p->id);
    kz_bind_int(&q, 3, j->level->id);
    for (int i = 0; i < x->n_from * j->n_groups; i++) {
        num[i] = den[i] = kz_tally_of(-1, KZ_N_CELL_STATES);
        p->cell[i].state = KZ_N_CELL_STATES;
    }
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        int from = from_of(x, kz_col_int(&q, 0)), group = kz_indicator_group_find(ind, kz_col_text(&q, 1));
        if (from < 0 || group < 0)
            continue;
        kz_cell_state state = (kz_cell_state)kz_col_int(&q, 4);
        int at = group * x->n_from + from;
        p->cell[at] = (kz_cell){ .numerator = kz_col_null(&q, 2) ? -1 : kz_col_int(&q, 2),
                                 .denominator = kz_col_null(&q, 3) ? -1 : kz_col_int(&q, 3),
                                 .value = real_or_none(&q, 5), .lo = real_or_none(&q, 6), .hi = real_or_none(&q, 7),
                                 .smoothed = NAN, .smoothed_lo = NAN, .smoothed_hi = NAN, .state = (uint8_t)state };
        learn_unit(j, &p->cell[at]);
        num[at] = tally_of(&q, 2, state);
        den[at] = tally_of(&q, 3, state);
    }
}

/* Somebody may have been in two areas that are one now. */
static void doubt_mergers(const kz_crosswalk *x, const int same[], kz_tally out[])
{
    for (int t = 0; t < x->n_to; t++)
        if (same[t] < 0 && out[t].value > 0)
            out[t].state = kz_cell_state_join(out[t].state, KZ_CELL_ESTIMATED);
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
    p->walk = x;
    p->same = j->same[p->state];
    p->cell = kz_arena_new(j->a, kz_cell, from + 1);
    p->num = kz_arena_new(j->a, kz_tally, to + 1);
    p->den = kz_arena_new(j->a, kz_tally, to + 1);
    if (!num || !den || !p->cell || !p->num || !p->den)
        return full(err);
    KZ_TRY(load_cells(j, p, x, num, den, err));
    for (int g = 0; g < j->n_groups; g++) {
        const kz_tally *whole = kind == KZ_KIND_SHARE ? den + g * x->n_from : NULL;
        KZ_TRY(kz_ledger_convert(x, num + g * x->n_from, whole, j->a, p->num + g * x->n_to, err));
        KZ_TRY(kz_ledger_convert(x, den + g * x->n_from, NULL, j->a, p->den + g * x->n_to, err));
        if (j->persons)
            doubt_mergers(x, p->same, p->num + g * x->n_to);
    }
    return KZ_OK;
}

static void put_rate(kz_cell *c, kz_rate r)
{
    c->value = r.value;
    c->lo = r.lo;
    c->hi = r.hi;
}

/* As reckon.h says. */
static void put_value(const job *j, kz_cell *c)
{
    const kz_indicator *ind = j->order->indicator;
    double n = (double)c->numerator, d = (double)c->denominator;
    if (ind->kind == KZ_KIND_COUNT)
        put_rate(c, (kz_rate){ n * j->unit, n * j->unit, n * j->unit });
    else if (c->denominator == 0)
        c->state = KZ_CELL_MEANINGLESS;
    else if (d < ind->min_denominator)
        c->state = KZ_CELL_UNRELIABLE;
    else if (ind->kind == KZ_KIND_SHARE && c->numerator > c->denominator)
        c->state = KZ_CELL_LIMITED; /* more than all, from two sources: see below */
    else if (ind->kind == KZ_KIND_SHARE)
        put_rate(c, kz_rate_wilson(c->numerator, c->denominator, KZ_Z95));
    else if (ind->kind == KZ_KIND_CHANGE)
        put_rate(c, (kz_rate){ (n - d) / d, (n - d) / d, (n - d) / d });
    else if (j->events)
        put_rate(c, kz_ratio_poisson(c->numerator, d));
    else
        put_rate(c, (kz_rate){ n / d * j->unit, n / d * j->unit, n / d * j->unit });
    if (c->state == KZ_CELL_LIMITED && isnan(c->value))
        put_rate(c, (kz_rate){ n / d, n / d, n / d });
}

/* False: nothing ever came. */
static bool make_cell(const job *j, kz_tally num, kz_tally den, kz_cell *ret)
{
    kz_kind kind = j->order->indicator->kind;
    bool count = kind == KZ_KIND_COUNT;
    kz_cell c = { .numerator = num.value, .denominator = count ? -1 : den.value, .value = NAN, .lo = NAN, .hi = NAN,
                  .smoothed = NAN, .smoothed_lo = NAN, .smoothed_hi = NAN };
    if (num.state == KZ_N_CELL_STATES && (count || den.state == KZ_N_CELL_STATES))
        return false;
    kz_cell_state a = num.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : num.state;
    kz_cell_state b = count ? KZ_CELL_SHOWN : den.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : den.state;
    kz_cell_state state = kz_cell_state_join(a, b);
    c.state = (uint8_t)(state == KZ_CELL_ZERO ? KZ_CELL_SHOWN : state);
    if (num.value >= 0 && (count || den.value >= 0) && kz_cell_has_value(&c))
        put_value(j, &c);
    if (c.state == KZ_CELL_SHOWN && c.value == 0)
        c.state = KZ_CELL_ZERO;
    *ret = c;
    return true;
}

/* The cell of a target area; an area that is what it was keeps the one that was computed. */
static bool cell_of(const job *j, const period *p, int group, int area, kz_cell *ret)
{
    const kz_indicator *ind = j->order->indicator;
    size_t at = (size_t)group * (size_t)j->target.n_to + (size_t)area;
    bool since_first = ind->kind == KZ_KIND_CHANGE && ind->from_first;
    if (p->same[area] >= 0 && !since_first) {
        *ret = p->cell[group * p->walk->n_from + p->same[area]];
        return ret->state != KZ_N_CELL_STATES;
    }
    kz_tally den = p->den[at];
    if (since_first) /* in one boundary: the count of the first period, carried here */
        den = j->periods[0].num ? j->periods[0].num[at] : kz_tally_of(-1, KZ_N_CELL_STATES);
    return make_cell(j, p->num[at], den, ret);
}

static void tell(job *j, int area)
{
    const kz_series_order *o = j->order;
    const kz_cross_area *place = &j->target.to[area];
    for (int p = 0; p < j->n_periods; p++)
        for (int g = 0; g < j->n_groups && j->periods[p].num; g++) {
            const char *code = j->periods[p].code, *group = o->indicator->groups[g].code;
            kz_series_row r = { .key = place->key, .name = place->name, .period = code, .group = group };
            if ((o->period && strcmp(o->period, code) != 0) || (o->group && strcmp(o->group, group) != 0) ||
                !cell_of(j, &j->periods[p], g, area, &r.cell))
                continue;
            j->report.n_rows++;
            j->take(j->me, &r);
        }
}

/* ---- what can be shared out ------------------------------------------------------------ */

/* Only what adds up: not shares, marks and indices that a table brought as such, and no balances. */
static kz_status look_at_form(job *j, const kz_form *f, bool numerator, bool *adds, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work, "SELECT adds, unit FROM measure WHERE code = ?1", &q, err));
    *adds = *adds && !kz_form_is_signed(f);
    for (int i = 0; i < f->n; i++) {
        const kz_atom *atom = kz_catalogue_atom(j->order->catalogue, f->term[i].atom);
        bool row = false;
        if (atom && atom->expr) {
            j->persons |= numerator && atom->expr->op == KZ_X_DISTINCT;
            j->events &= !numerator || atom->expr->op != KZ_X_SUM;
            continue;
        }
        kz_bind_text(&q, 1, f->term[i].atom);
        KZ_TRY(kz_step(&q, &row, err));
        *adds = *adds && (!row || kz_col_int(&q, 0) != 0);
        if (row && numerator)
            j->events &= strcmp(kz_col_text(&q, 1), "Anzahl") == 0;
        kz_reset(&q);
    }
    return KZ_OK;
}

static kz_status look_at_indicator(job *j, bool *adds, kz_err *err)
{
    const kz_indicator *ind = j->order->indicator;
    *adds = !kz_kind_is_mixed(ind->kind);
    j->events = true;
    for (int g = 0; g < ind->n_groups && *adds; g++) {
        KZ_TRY(look_at_form(j, &ind->groups[g].numerator, true, adds, err));
        KZ_TRY(look_at_form(j, &ind->groups[g].denominator, false, adds, err));
    }
    return KZ_OK;
}

static kz_status read_level(job *j, bool adds, kz_err *err)
{
    const char *day = j->order->day;
    kz_status st = kz_crosswalk_make(j->work, j->level, day, day, KZ_BASIS_AREA, j->a, &j->target, err);
    if (st == KZ_E_MISSING && !j->order->level)
        return KZ_OK; /* the level is younger than the day */
    KZ_TRY(st);
    KZ_TRY(find_states(j, err));
    if (!adds && j->n_states > 0)
        return kz_fail(err, KZ_E_INPUT, "ledger.kind", kz_s("value", j->order->indicator->id));
    for (int p = 0; p < j->n_periods; p++)
        KZ_TRY(convert_period(j, &j->periods[p], err));
    for (int area = 0; area < j->target.n_to; area++)
        tell(j, area);
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
    bool adds;
    KZ_TRY(look_at_indicator(&j, &adds, err));
    KZ_TRY(load_periods(&j, err));
    KZ_TRY(kz_area_levels(work, &arena, &levels, &n_levels, err));
    for (int i = 0; i < n_levels; i++) {
        if (order->level && order->level->id != levels[i].id)
            continue;
        j.level = &levels[i];
        KZ_TRY(read_level(&j, adds, err));
    }
    if (j.report.n_rows == 0)
        return kz_fail(err, KZ_E_MISSING, "get.nothing", kz_s("value", order->indicator->id));
    *ret = j.report;
    return KZ_OK;
}
