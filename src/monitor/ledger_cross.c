#include "monitor/ledger_cross.h"

#include "base/apportion.h"
#include "monitor/ledger_people.h"
#include "monitor/ledger_valid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SPLIT_MOST = 4096 };

/* An area of the level, of any day. */
typedef struct place {
    kz_cross_area area;
    const char *valid_from, *valid_to;
    double land;
} place;

typedef struct part {
    int place;
    int64_t million;
} part;

typedef struct parts {
    int n;
    part *p;
} parts;

typedef struct job {
    kz_db *work;
    const kz_area_level *level;
    kz_basis basis;
    kz_arena *a;
    int n, n_flows;
    place *places; /* by key, then id */
    const kz_flow *flows;
    int *flow_from, *flow_to; /* places, -1 */
    kz_people people;
    int n_fallback;
} job;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

kz_basis kz_basis_from_name(const char *name)
{
    static const char *const NAMES[KZ_N_BASES] = { "area", "population", "children" };
    int b = 0;
    while (b < KZ_N_BASES && strcmp(NAMES[b], name) != 0)
        b++;
    return (kz_basis)b;
}

/* ---- loading -------------------------------------------------------------------- */

static kz_status load_places(job *j, kz_err *err)
{
    const kz_area *list;
    int n;
    KZ_TRY(kz_area_list(j->work, j->level, j->a, &list, &n, err));
    j->places = kz_arena_new(j->a, place, n + 1);
    if (!j->places)
        return full(err);
    for (int i = 0; i < n; i++)
        j->places[i] = (place){ .area = { list[i].id, list[i].key, list[i].name }, .valid_from = list[i].valid_from,
                                .valid_to = list[i].valid_to, .land = list[i].area_m2 > 0 ? list[i].area_m2 : NAN };
    j->n = n;
    return KZ_OK;
}

static int place_of(const job *j, int64_t id)
{
    for (int i = 0; i < j->n; i++)
        if (j->places[i].area.id == id)
            return i;
    return -1;
}

static kz_status load_flows(job *j, kz_err *err)
{
    KZ_TRY(kz_ledger_flows(j->work, j->level, j->a, &j->flows, &j->n_flows, err));
    j->flow_from = kz_arena_new(j->a, int, j->n_flows + 1);
    j->flow_to = kz_arena_new(j->a, int, j->n_flows + 1);
    if (!j->flow_from || !j->flow_to)
        return full(err);
    for (int i = 0; i < j->n_flows; i++) {
        j->flow_from[i] = place_of(j, j->flows[i].from);
        j->flow_to[i] = place_of(j, j->flows[i].to);
    }
    return KZ_OK;
}

/* ---- one change ------------------------------------------------------------------- */

/* One end of a flow; `back`: the other one, from the new to the old. */
static int source_of(const job *j, int flow, bool back)
{
    return back ? j->flow_to[flow] : j->flow_from[flow];
}
static int target_of(const job *j, int flow, bool back)
{
    return back ? j->flow_from[flow] : j->flow_to[flow];
}

static double people(const job *j, int period, int at)
{
    return kz_people_of(&j->people, period, j->places[at].area.id);
}

/* The period nearest to the change, on the side of the targets, in which all of them are known; -1. */
static int period_of(const job *j, const int list[], int n, bool back)
{
    const char **days = j->people.day;
    int found = -1;
    for (int p = 0; p < j->people.n_periods; p++) {
        bool after = strcmp(days[p], j->flows[list[0]].day) >= 0, all = true;
        for (int i = 0; i < n && all; i++)
            all = !isnan(people(j, p, target_of(j, list[i], back)));
        if (!all || after == back)
            continue;
        if (found < 0 || (strcmp(days[p], days[found]) < 0) != back)
            found = p;
    }
    return found;
}

static int flows_into(const job *j, int target, bool back, const char *day)
{
    int n = 0;
    for (int i = 0; i < j->n_flows; i++)
        n += target_of(j, i, back) == target && strcmp(j->flows[i].day, day) == 0 &&
             j->flows[i].kind != KZ_CHANGE_RENAME;
    return n;
}

/* Which part of the target the source is; NaN: not known. */
static double part_of_target(const job *j, int flow, bool back)
{
    const kz_flow *f = &j->flows[flow];
    int target = target_of(j, flow, back);
    if (flows_into(j, target, back, f->day) == 1)
        return 1;
    if (back && !isnan(f->weight))
        return f->weight;
    return f->m2 / j->places[target].land;
}

static bool by_people(const job *j, const int list[], int n, bool back, double w[])
{
    int period = period_of(j, list, n, back);
    if (period < 0)
        return false;
    for (int i = 0; i < n; i++)
        w[i] = part_of_target(j, list[i], back) * people(j, period, target_of(j, list[i], back));
    return true;
}

static void by_land(const job *j, const int list[], int n, bool back, double w[])
{
    for (int i = 0; i < n; i++) {
        const kz_flow *f = &j->flows[list[i]];
        bool stated = back && !isnan(f->weight);
        w[i] = isnan(f->m2) || stated
                   ? part_of_target(j, list[i], back) * j->places[target_of(j, list[i], back)].land
                   : f->m2;
    }
}

static bool by_statement(const job *j, const int list[], int n, bool back, double w[])
{
    for (int i = 0; i < n; i++)
        if (back || isnan(w[i] = j->flows[list[i]].weight))
            return false;
    return true;
}

/* Millions for several targets: the first way that gives numbers. */
static kz_status weigh(job *j, const int list[], int n, bool back, int64_t million[], kz_err *err)
{
    double w[SPLIT_MOST];
    int64_t whole[SPLIT_MOST];
    bool people_wanted = j->basis != KZ_BASIS_AREA;
    bool done = by_statement(j, list, n, back, w) && kz_apportion_weights(w, n, whole);
    if (!done && people_wanted)
        done = by_people(j, list, n, back, w) && kz_apportion_weights(w, n, whole);
    if (!done) {
        by_land(j, list, n, back, w);
        done = kz_apportion_weights(w, n, whole);
        j->n_fallback += people_wanted && done;
    }
    if (!done) {
        const kz_cross_area *area = &j->places[source_of(j, list[0], back)].area;
        return kz_fail(err, KZ_E_INPUT, "ledger.no_weight", kz_s("level", j->level->one), kz_s("key", area->key),
                       kz_s("name", area->name), kz_s("day", j->flows[list[0]].day));
    }
    KZ_ASSERT(kz_apportion(KZ_MILLION, whole, n, NULL, million));
    return KZ_OK;
}

/* What becomes of one area on the day; an area without flows goes on. */
static kz_status step_area(job *j, int at, const char *day, bool back, parts *ret, kz_err *err)
{
    int list[SPLIT_MOST], n = 0;
    bool ends = false;
    for (int i = 0; i < j->n_flows; i++) {
        if (source_of(j, i, back) != at || j->flows[i].kind == KZ_CHANGE_RENAME || strcmp(j->flows[i].day, day) != 0)
            continue;
        ends = true;
        if (target_of(j, i, back) < 0)
            continue;
        if (n == SPLIT_MOST)
            return full(err);
        list[n++] = i;
    }
    *ret = (parts){ .n = ends ? n : 1, .p = kz_arena_new(j->a, part, n + 1) };
    if (!ret->p)
        return full(err);
    if (!ends || n == 1)
        ret->p[0] = (part){ ends ? target_of(j, list[0], back) : at, KZ_MILLION };
    if (n < 2)
        return KZ_OK;
    int64_t million[SPLIT_MOST];
    KZ_TRY(weigh(j, list, n, back, million, err));
    for (int i = 0; i < n; i++)
        ret->p[i] = (part){ target_of(j, list[i], back), million[i] };
    return KZ_OK;
}

/* All sources through one change.  Millionths of millionths become millionths again, by largest remainder. */
static kz_status step(job *j, const char *day, bool back, parts source[], int n, kz_err *err)
{
    parts *of = kz_arena_new(j->a, parts, j->n + 1);
    int64_t *sum = kz_arena_new(j->a, int64_t, j->n + 1), *weight = kz_arena_new(j->a, int64_t, j->n + 1);
    int64_t *million = kz_arena_new(j->a, int64_t, j->n + 1);
    int *touched = kz_arena_new(j->a, int, j->n + 1);
    bool *seen = kz_arena_new(j->a, bool, j->n + 1);
    if (!of || !sum || !weight || !million || !touched || !seen)
        return full(err);
    for (int i = 0; i < n; i++) {
        int n_touched = 0;
        int64_t all = 0;
        for (int k = 0; k < source[i].n; k++) {
            const part *p = &source[i].p[k];
            if (!of[p->place].p)
                KZ_TRY(step_area(j, p->place, day, back, &of[p->place], err));
            for (int t = 0; t < of[p->place].n; t++) {
                const part *q = &of[p->place].p[t];
                if (!seen[q->place])
                    touched[n_touched++] = q->place;
                seen[q->place] = true;
                sum[q->place] += p->million * q->million;
                all += p->million * q->million;
            }
        }
        parts next = { .p = kz_arena_new(j->a, part, n_touched + 1) };
        if (!next.p)
            return full(err);
        for (int t = 0; t < n_touched; t++)
            weight[t] = sum[touched[t]];
        KZ_ASSERT(kz_apportion(all / KZ_MILLION, weight, n_touched, NULL, million));
        for (int t = 0; t < n_touched; t++) {
            sum[touched[t]] = 0;
            seen[touched[t]] = false;
            next.p[next.n++] = (part){ touched[t], million[t] }; /* also none of it: that is known */
        }
        source[i] = next;
    }
    return KZ_OK;
}

/* ---- the whole way --------------------------------------------------------------------- */

static kz_status valid_on(const job *j, const char *day, kz_cross_area **ret, int *n_ret, int number[], kz_err *err)
{
    kz_cross_area *list = kz_arena_new(j->a, kz_cross_area, j->n + 1);
    int n = 0;
    if (!list)
        return full(err);
    for (int i = 0; i < j->n; i++) {
        bool valid = kz_day_within(j->places[i].valid_from, j->places[i].valid_to, day);
        number[i] = valid ? n : -1;
        if (valid)
            list[n++] = j->places[i].area;
    }
    if (n == 0)
        return kz_fail(err, KZ_E_MISSING, "ledger.no_state", kz_s("level", j->level->one), kz_s("day", day));
    *ret = list;
    *n_ret = n;
    return KZ_OK;
}

static kz_status walk(job *j, const char *from_day, const char *to_day, parts source[], int n, kz_err *err)
{
    const kz_ledger_state *states;
    int n_states;
    bool back = strcmp(to_day, from_day) < 0;
    KZ_TRY(kz_ledger_states(j->work, j->level, j->a, &states, &n_states, err));
    for (int i = 0; i < n_states; i++) {
        const char *day = states[back ? n_states - 1 - i : i].day;
        bool between = back ? strcmp(to_day, day) < 0 && strcmp(day, from_day) <= 0
                            : strcmp(from_day, day) < 0 && strcmp(day, to_day) <= 0;
        if (between)
            KZ_TRY(step(j, day, back, source, n, err));
    }
    return KZ_OK;
}

static int by_both(const void *va, const void *vb)
{
    const kz_cross_row *a = va, *b = vb;
    return a->from != b->from ? (a->from > b->from) - (a->from < b->from) : (a->to > b->to) - (a->to < b->to);
}

static kz_status collect(const job *j, const parts source[], const int number[], kz_crosswalk *x, kz_err *err)
{
    int most = 0;
    for (int i = 0; i < x->n_from; i++)
        most += source[i].n;
    kz_cross_row *row = kz_arena_new(j->a, kz_cross_row, most + 1);
    if (!row)
        return full(err);
    for (int i = 0; i < x->n_from; i++) {
        int64_t sum = 0;
        for (int k = 0; k < source[i].n; k++) {
            int to = number[source[i].p[k].place];
            if (to < 0)
                continue;
            row[x->n++] = (kz_cross_row){ i, to, source[i].p[k].million };
            sum += source[i].p[k].million;
        }
        x->n_lost += sum < KZ_MILLION;
    }
    if (x->n > 1)
        qsort(row, (size_t)x->n, sizeof *row, by_both);
    x->row = row;
    x->n_fallback = j->n_fallback;
    return KZ_OK;
}

kz_status kz_crosswalk_make(kz_db *work, const kz_area_level *level, const char *from_day, const char *to_day,
                            kz_basis basis, kz_arena *a, kz_crosswalk *ret, kz_err *err)
{
    job j = { .work = work, .level = level, .basis = basis, .a = a };
    kz_crosswalk x = { 0 };
    kz_cross_area *from, *to;
    KZ_TRY(load_places(&j, err));
    KZ_TRY(load_flows(&j, err));
    KZ_TRY(kz_people_load(work, level, basis, a, &j.people, err));
    int *number = kz_arena_new(a, int, j.n + 1);
    parts *source = kz_arena_new(a, parts, j.n + 1);
    if (!number || !source)
        return full(err);
    KZ_TRY(valid_on(&j, from_day, &from, &x.n_from, number, err));
    for (int i = 0; i < j.n; i++) {
        if (number[i] < 0)
            continue;
        parts *s = &source[number[i]];
        *s = (parts){ .n = 1, .p = kz_arena_new(a, part, 1) };
        if (!s->p)
            return full(err);
        s->p[0] = (part){ i, KZ_MILLION };
    }
    KZ_TRY(walk(&j, from_day, to_day, source, x.n_from, err));
    KZ_TRY(valid_on(&j, to_day, &to, &x.n_to, number, err));
    x.from = from;
    x.to = to;
    KZ_TRY(collect(&j, source, number, &x, err));
    *ret = x;
    return KZ_OK;
}
