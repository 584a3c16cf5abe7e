#include "monitor/reckon_inner.h"

#include <math.h>
#include <string.h>

#include "monitor/measure.h"
#include "stat/ratio.h"

kz_status kz_reckoner_begin(const kz_catalogue *cat, const kz_counts *n, kz_arena *a, kz_reckoner *ret, kz_err *err)
{
    kz_reckoner r = { .cat = cat, .n = n, .a = a };
    size_t inds = (size_t)cat->n + 1;
    r.first = kz_arena_new(a, int, inds);
    r.whole = kz_arena_new(a, const kz_cell **, inds);
    r.z = kz_arena_new(a, const double **, inds);
    r.ends = kz_arena_new(a, double **, inds);
    if (!r.first || !r.whole || !r.z || !r.ends)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    for (int i = 0; i < cat->n; i++) {
        r.whole[i] = kz_arena_new(a, const kz_cell *, n->m.n_periods + 1);
        r.z[i] = kz_arena_new(a, const double *, n->m.n_periods + 1);
        r.ends[i] = kz_arena_new(a, double *, n->m.n_periods + 1);
        if (!r.whole[i] || !r.z[i] || !r.ends[i])
            return kz_fail(err, KZ_E_LIMIT, "compute.memory");
        r.first[i] = RECKON_UNSET;
    }
    *ret = r;
    return KZ_OK;
}

kz_status kz_reckoner_end(const kz_reckoner *r, kz_err *err)
{
    return r->full ? kz_fail(err, KZ_E_LIMIT, "compute.memory") : KZ_OK;
}

int kz_reckon_first(kz_reckoner *r, const kz_indicator *ind)
{
    int *first = &r->first[ind - r->cat->indicators];
    const kz_form *f = &ind->groups[0].numerator;
    if (*first != RECKON_UNSET)
        return *first;
    *first = KZ_NONE;
    for (int p = 0; p < r->n->m.n_periods && *first == KZ_NONE; p++)
        for (int a = 0; a < r->n->m.n_areas && *first == KZ_NONE && kz_counts_native(r->n, f, p); a++)
            if (kz_counts_form(r->n, f, p, a).known)
                *first = p;
    return *first;
}

bool kz_form_is_count(const kz_counts *n, const kz_form *f)
{
    bool counts = true;
    for (int t = 0; t < f->n; t++) {
        const kz_atom *atom = &n->atoms[f->term[t].index];
        counts &= atom->expr ? atom->expr->op != KZ_X_SUM : n->is_count[n->row[f->term[t].index]];
    }
    return counts;
}

kz_cell reckon_blank(int group, int period, int area)
{
    return (kz_cell){ .area = (uint32_t)area, .period = (uint32_t)period, .group = (uint32_t)group, .numerator = -1,
                      .denominator = -1, .value = NAN, .lo = NAN, .hi = NAN, .smoothed = NAN, .smoothed_lo = NAN,
                      .smoothed_hi = NAN, .state = KZ_CELL_SHOWN };
}

void reckon_put(kz_cell *c, kz_rate rate)
{
    c->value = rate.value;
    c->lo = rate.lo;
    c->hi = rate.hi;
    if (c->state == KZ_CELL_SHOWN && c->value == 0)
        c->state = KZ_CELL_ZERO;
}

/* Sum of factor² * count over the terms of a form that is known. */
static double variance(const kz_counts *n, const kz_form *f, int period, int area)
{
    double v = 0;
    for (int t = 0; t < f->n; t++) {
        int p = kz_counts_term_period(n, f->term[t].index, f->term[t].shift, period);
        double factor = f->term[t].factor;
        if (p != KZ_NONE)
            v += factor * factor * (double)kz_counts_atom(n, f->term[t].index, p, area).value;
    }
    return v;
}

static void put_value(const kz_reckoner *r, const kz_indicator *ind, const kz_form *num, int period,
                      const int decimals[2], kz_cell *c)
{
    double n = (double)c->numerator / (double)kz_pow10(decimals[0]);
    double d = (double)c->denominator / (double)kz_pow10(decimals[1]);
    if (ind->kind == KZ_KIND_COUNT) {
        reckon_put(c, (kz_rate){ n, n, n });
    } else if (c->denominator == 0) {
        c->state = KZ_CELL_MEANINGLESS;
    } else if (d < ind->min_denominator) {
        c->state = KZ_CELL_UNRELIABLE;
    } else if (ind->kind == KZ_KIND_SHARE) {
        if (decimals[0] == 0 && decimals[1] == 0 && c->numerator >= 0 && c->numerator <= c->denominator) {
            reckon_put(c, kz_rate_wilson(c->numerator, c->denominator, KZ_Z95));
        } else if (c->numerator >= 0) { /* more than all, from two sources: no share, so no range of one */
            c->state = KZ_CELL_LIMITED;
            reckon_put(c, (kz_rate){ n / d, n / d, n / d });
        }
    } else if (ind->kind == KZ_KIND_CHANGE) {
        reckon_put(c, (kz_rate){ (n - d) / d, (n - d) / d, (n - d) / d });
    } else if (!kz_form_is_count(r->n, num)) {
        reckon_put(c, (kz_rate){ n / d, n / d, n / d });
    } else if (kz_form_is_signed(num)) {
        reckon_put(c, kz_ratio_balance(n, variance(r->n, num, period, (int)c->area), d, KZ_Z95));
    } else {
        reckon_put(c, kz_ratio_poisson(c->numerator, d));
    }
}

static bool plain(kz_reckoner *r, const kz_indicator *ind, int group, int period, int area, kz_cell *ret,
                  int32_t *ret_import)
{
    const kz_indicator_group *g = &ind->groups[group];
    kz_cell c = reckon_blank(group, period, area);
    kz_count num = kz_counts_form(r->n, &g->numerator, period, area);
    kz_count den = { .value = 0, .known = true, .state = KZ_CELL_SHOWN };
    bool counted = ind->kind == KZ_KIND_COUNT;
    if (!counted) {
        int first = ind->from_first ? kz_reckon_first(r, ind) : period;
        if (first == KZ_NONE || period < first)
            return false;
        den = kz_counts_form(r->n, &g->denominator, first, area);
    }
    if (num.state == KZ_N_CELL_STATES && (counted || den.state == KZ_N_CELL_STATES))
        return false;
    kz_cell_state state = kz_cell_state_join(kz_cell_state_join(KZ_CELL_SHOWN, num.state), den.state);
    c.state = (uint8_t)(state == KZ_N_CELL_STATES ? KZ_CELL_LATER : state);
    c.numerator = num.known ? num.value : -1;
    c.denominator = counted || !den.known ? -1 : den.value;
    if (num.known && den.known && kz_cell_has_value(&c))
        put_value(r, ind, &g->numerator, period, (int[2]){ num.decimals, den.decimals }, &c);
    else if (state == KZ_CELL_HIDDEN)
        reckon_bound_plain(r, ind, group, &num, &den, &c);
    *ret = c;
    *ret_import = num.import > den.import ? num.import : den.import;
    return true;
}

bool kz_reckon(kz_reckoner *r, const kz_indicator *ind, int group, int period, int area, kz_cell *ret,
               int32_t *ret_import)
{
    if (!kz_counts_valid(r->n, period, area))
        return false;
    if (!kz_kind_is_mixed(ind->kind))
        return plain(r, ind, group, period, area, ret, ret_import);
    return reckon_mixed(r, ind, period, area, ret, ret_import);
}

const kz_cell *kz_reckon_whole(kz_reckoner *r, const kz_indicator *ind, int period)
{
    const kz_cell **at = &r->whole[ind - r->cat->indicators][period];
    if (*at)
        return *at; /* cppcheck-suppress identicalInnerCondition ; a pointer, not a truth */
    kz_cell *cells = kz_arena_new(r->a, kz_cell, r->n->m.n_areas + 1);
    if (!cells) {
        r->full = true;
        return NULL;
    }
    for (int i = 0; i < r->n->m.n_areas; i++) {
        int32_t import;
        if (!kz_reckon(r, ind, 0, period, i, &cells[i], &import)) {
            cells[i] = reckon_blank(0, period, i);
            cells[i].state = KZ_N_CELL_STATES;
        } else {
            cells[i].indicator = (uint32_t)import; /* where it came from travels in the unused field */
        }
    }
    return *at = cells;
}

bool kz_reckon_in_period(kz_reckoner *r, const kz_indicator *ind, int period)
{
    bool in = false;
    if (ind->kind == KZ_KIND_PROFILE)
        return kz_reckon_crossed(r, ind->mix->arg[0], period) != NULL;
    for (int k = 0; ind->mix && k < ind->mix->n_arg; k++)
        in |= ind->mix->arg[k]->shift == 0 &&
              kz_reckon_in_period(r, kz_catalogue_find(r->cat, ind->mix->arg[k]->name), period);
    for (int g = 0; !ind->mix && g < ind->n_groups && !in; g++)
        in = kz_counts_native(r->n, &ind->groups[g].numerator, period);
    return in;
}
