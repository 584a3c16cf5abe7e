/* Indicators made of indicators: index, difference, profile. */
#include "monitor/reckon_inner.h"

#include <math.h>
#include <string.h>

#include "stat/difference.h"
#include "stat/index.h"

static const kz_indicator *part_of(const kz_reckoner *r, const kz_expr *part)
{
    const kz_indicator *ind = kz_catalogue_find(r->cat, part->name);
    KZ_ASSERT(ind); /* the catalogue was checked */
    return ind;
}

int kz_reckon_part_period(const kz_reckoner *r, const kz_expr *part, int period)
{
    const kz_counts *n = r->n;
    int found = period;
    if (part->shift > 0) {
        found = KZ_NONE;
        for (int p = 0; p < n->m.n_periods; p++)
            if (n->form[p] == n->form[period] && n->ordinal[p] == n->ordinal[period] - part->shift)
                found = p;
    }
    return found;
}

/* What a part adds to state and origin; its cell, or NULL where there is none. */
static const kz_cell *part_cell(kz_reckoner *r, const kz_expr *part, int period, int area, kz_cell_state *state,
                                int32_t *import)
{
    int p = kz_reckon_part_period(r, part, period);
    const kz_cell *cells = p == KZ_NONE ? NULL : kz_reckon_whole(r, part_of(r, part), p);
    const kz_cell *c = cells && cells[area].state != KZ_N_CELL_STATES ? &cells[area] : NULL;
    *state = kz_cell_state_join(*state, c ? (kz_cell_state)c->state : KZ_CELL_LATER);
    if (c && (int32_t)c->indicator > *import)
        *import = (int32_t)c->indicator;
    return c;
}

/* ---- difference ------------------------------------------------------------- */

static kz_rate apart(const kz_cell *now, const kz_cell *then)
{
    double d = now->value - then->value;
    return (kz_rate){ d, d - sqrt(pow(now->value - now->lo, 2) + pow(then->hi - then->value, 2)),
                      d + sqrt(pow(now->hi - now->value, 2) + pow(then->value - then->lo, 2)) };
}

/* A share of two registers can be above 1: it has no range of a share. */
static bool is_share(const kz_reckoner *r, const kz_expr *part, const kz_cell *c)
{
    return part_of(r, part)->kind == KZ_KIND_SHARE && c->numerator >= 0 && c->numerator <= c->denominator;
}

static bool difference(kz_reckoner *r, const kz_indicator *ind, int period, int area, kz_cell *c, int32_t *import)
{
    bool turned = ind->mix->arg[0]->weight < 0;
    const kz_expr *plus = ind->mix->arg[turned], *minus = ind->mix->arg[!turned];
    kz_cell_state state = KZ_CELL_SHOWN;
    const kz_cell *now = part_cell(r, plus, period, area, &state, import);
    const kz_cell *then = part_cell(r, minus, period, area, &state, import);
    if (!now && !then)
        return false;
    c->state = (uint8_t)(state == KZ_CELL_ZERO ? KZ_CELL_SHOWN : state);
    if (now && then && state == KZ_CELL_HIDDEN)
        reckon_put_bounds(c, kz_interval_sub(reckon_interval(now), reckon_interval(then)));
    if (!now || !then || !kz_cell_has_value(now) || !kz_cell_has_value(then))
        return true;
    if (is_share(r, plus, now) && is_share(r, minus, then)) {
        kz_difference d = kz_difference_shares(now->numerator, now->denominator, then->numerator, then->denominator, 0,
                                               KZ_Z95);
        reckon_put(c, (kz_rate){ d.value, d.lo, d.hi });
    } else {
        reckon_put(c, apart(now, then));
    }
    return true;
}

/* ---- index ------------------------------------------------------------------ */

static bool has_value(const kz_cell *c)
{
    return c->state != KZ_N_CELL_STATES && kz_cell_has_value(c) && !isnan(c->value);
}

/* z-scores of all areas, each level by itself; NaN where there is none. */
static const double *z_scores(kz_reckoner *r, const kz_indicator *ind, int period, const double **ret_ends)
{
    size_t at = (size_t)(ind - r->cat->indicators);
    int areas = r->n->m.n_areas;
    if (r->z[at][period]) {
        *ret_ends = r->ends[at][period];
        return r->z[at][period];
    }
    const kz_cell *cells = kz_reckon_whole(r, ind, period);
    double *all = kz_arena_new(r->a, double, areas + 1), *x = kz_arena_new(r->a, double, areas + 1);
    double *z = kz_arena_new(r->a, double, areas + 1), *ends = kz_arena_new(r->a, double, 2 * (size_t)areas + 1);
    bool *out_of = kz_arena_new(r->a, bool, areas + 1);
    if (!cells || !all || !x || !z || !ends || !out_of) {
        r->full = true;
        return NULL;
    }
    for (int i = 0; i < areas; i++)
        z[i] = ends[2 * i] = ends[2 * i + 1] = NAN;
    for (int level = 1; level < r->n->n_levels; level++) {
        kz_index_scale scale;
        kz_err err = { 0 };
        for (int i = 0; i < areas; i++) {
            out_of[i] = r->n->level[i] != level || !has_value(&cells[i]);
            x[i] = out_of[i] ? 0 : cells[i].value;
        }
        if (kz_index_z(x, areas, out_of, NULL, all, &scale, &err) != KZ_OK)
            continue; /* fewer than two, or all the same */
        for (int i = 0; i < areas; i++)
            if (!out_of[i]) {
                z[i] = all[i];
                ends[2 * i] = (cells[i].lo - scale.mean) / scale.sd;
                ends[2 * i + 1] = (cells[i].hi - scale.mean) / scale.sd;
            }
    }
    r->ends[at][period] = ends;
    *ret_ends = ends;
    return r->z[at][period] = z;
}

/* What z can be when a value of the level is hidden; where none is, z itself. */
static kz_interval z_bounds(kz_reckoner *r, const kz_expr *part, int period, int area, const double *z)
{
    const kz_indicator *of = part_of(r, part);
    const kz_cell *cells = kz_reckon_whole(r, of, period);
    kz_interval *x = kz_arena_new(r->a, kz_interval, r->n->m.n_areas + 1);
    bool hidden = false, all_count = true;
    int n = 0, at = KZ_NONE;
    if (!cells || !x) {
        r->full = true;
        return kz_interval_none();
    }
    for (int i = 0; i < r->n->m.n_areas; i++) {
        bool is_hidden = cells[i].state == KZ_CELL_HIDDEN;
        if (r->n->level[i] != r->n->level[area] || !(is_hidden || has_value(&cells[i])))
            continue;
        hidden |= is_hidden;
        all_count &= !is_hidden || of->kind == KZ_KIND_COUNT ||
                     (cells[i].denominator > 0 && cells[i].denominator >= of->min_denominator);
        at = i == area ? n : at;
        x[n++] = reckon_interval(&cells[i]);
    }
    if (at == KZ_NONE)
        return kz_interval_none();
    if (!hidden)
        return z && !isnan(z[area]) ? kz_interval_exact(z[area]) : kz_interval_none();
    return reckon_z_bounds(x, n, at, all_count);
}

static void bound_index(kz_reckoner *r, const kz_indicator *ind, int period, int area, kz_cell *c)
{
    kz_interval sum = kz_interval_exact(0);
    for (int k = 0; k < ind->mix->n_arg; k++) {
        const kz_expr *part = ind->mix->arg[k];
        int p = kz_reckon_part_period(r, part, period);
        const double *ends, *z = p == KZ_NONE ? NULL : z_scores(r, part_of(r, part), p, &ends);
        kz_interval one = p == KZ_NONE ? kz_interval_none() : z_bounds(r, part, p, area, z);
        sum = kz_interval_add(sum, kz_interval_mul(kz_interval_exact(part->weight), one));
    }
    reckon_put_bounds(c, sum);
}

static bool mixed_index(kz_reckoner *r, const kz_indicator *ind, int period, int area, kz_cell *c, int32_t *import)
{
    kz_cell_state state = KZ_CELL_SHOWN;
    kz_rate sum = { 0, 0, 0 };
    bool any = false;
    if (r->n->level[area] == 0)
        return false; /* one city has no place among others */
    for (int k = 0; k < ind->mix->n_arg; k++) {
        const kz_expr *part = ind->mix->arg[k];
        const kz_cell *cell = part_cell(r, part, period, area, &state, import);
        const double *ends, *z = cell ? z_scores(r, part_of(r, part), kz_reckon_part_period(r, part, period), &ends)
                                      : NULL;
        any |= cell != NULL;
        if (!z || !has_value(cell))
            continue;
        sum.value += part->weight * z[area];
        sum.lo += part->weight * ends[2 * area + (part->weight < 0)];
        sum.hi += part->weight * ends[2 * area + (part->weight > 0)];
    }
    if (!any)
        return false;
    c->state = (uint8_t)(state == KZ_CELL_ZERO ? KZ_CELL_SHOWN : state);
    if (state == KZ_CELL_HIDDEN)
        bound_index(r, ind, period, area, c);
    if (!kz_cell_has_value(c))
        return true;
    if (isnan(sum.value))
        c->state = KZ_CELL_MEANINGLESS;
    else
        reckon_put(c, sum);
    return true;
}

/* ---- profile ------------------------------------------------------------------ */

const kz_crossed *kz_reckon_crossed(const kz_reckoner *r, const kz_expr *profile, int period)
{
    kz_auto(kz_buf) code = kz_buf_init(512);
    kz_buf_fmt(&code, "cross(%s.%s)", profile->of, profile->column);
    const kz_atom *atom = kz_catalogue_atom(r->cat, kz_buf_text(&code));
    return atom ? r->n->crossed[(size_t)(atom - r->cat->atoms) * (size_t)r->n->m.n_periods + (size_t)period] : NULL;
}

int kz_reckon_profile_level(kz_reckoner *r, const kz_expr *profile, int period)
{
    int found = KZ_NONE, hidden = KZ_NONE; /* hidden: a level of which nothing may be known */
    const kz_cell *cells = kz_reckon_whole(r, part_of(r, profile), period);
    for (int i = 0; cells && i < r->n->m.n_areas; i++) {
        int level = r->n->level[i];
        bool named = *profile->level != '\0';
        if (r->n->institution[level] || cells[i].state == KZ_N_CELL_STATES ||
            !(named || has_value(&cells[i]) || cells[i].state == KZ_CELL_HIDDEN))
            continue;
        int *at = named || has_value(&cells[i]) ? &found : &hidden;
        if (*profile->level ? strcmp(profile->level, r->n->level_codes[level]) == 0 : level > *at)
            *at = level;
    }
    return found != KZ_NONE ? found : hidden;
}

/* The weighted mean of values of which some are hidden. */
typedef struct mean {
    kz_interval sum, hull; /* hull: of an area that may have no value, and so no weight */
    bool may_lack;
} mean;

static void add_home(mean *m, int64_t children, const kz_indicator *of, const kz_cell *home, double value)
{
    bool hidden = home->state == KZ_CELL_HIDDEN;
    kz_interval v = hidden ? reckon_interval(home) : isfinite(value) ? kz_interval_exact(value) : kz_interval_none();
    if (hidden && home->denominator < 0 && of->min_denominator > 0) /* or it is a share of few, which counts here */
        v = kz_interval_hull(v, (kz_interval){ 0, 1, KZ_X_NEVER });
    m->hull = children > 0 ? kz_interval_hull(m->hull, v) : m->hull;
    m->may_lack |= hidden && home->denominator <= 0;
    m->sum = kz_interval_add(m->sum, kz_interval_mul(kz_interval_exact((double)children), v));
}

static void put_mean(const mean *m, int64_t children, kz_cell *c)
{
    kz_interval v = kz_interval_div(m->sum, kz_interval_exact((double)children));
    if (m->may_lack && m->sum.x != KZ_X_SURE)
        v = m->hull;
    reckon_put_bounds(c, reckon_widened(v));
}

/* What an area gives to the mean.  A share of few children is too unsure to stand alone; with others it counts, and
 * its whole range with it. */
static kz_rate rate_of(const kz_reckoner *r, const kz_indicator *of, const kz_cell *c, kz_cell_state *state)
{
    const kz_indicator_group *g = &of->groups[0];
    bool counts = of->kind == KZ_KIND_SHARE && kz_form_is_count(r->n, &g->numerator) &&
                  kz_form_is_count(r->n, &g->denominator);
    if (c->state == KZ_CELL_UNRELIABLE && counts && c->numerator >= 0 && c->numerator <= c->denominator)
        return kz_rate_wilson(c->numerator, c->denominator, KZ_Z95);
    *state = kz_cell_state_join(*state, c->state == KZ_N_CELL_STATES ? KZ_CELL_LATER : (kz_cell_state)c->state);
    return (kz_rate){ c->value, c->lo, c->hi };
}

static bool profile(kz_reckoner *r, const kz_indicator *ind, int period, int area, kz_cell *c, int32_t *import)
{
    const kz_expr *part = ind->mix->arg[0];
    const kz_crossed *x = kz_reckon_crossed(r, part, period);
    const kz_cell *cells = kz_reckon_whole(r, part_of(r, part), period);
    int level = x ? kz_reckon_profile_level(r, part, period) : KZ_NONE;
    kz_cell_state state = KZ_CELL_SHOWN;
    kz_rate sum = { 0, 0, 0 };
    mean bounds = { kz_interval_exact(0), kz_interval_none(), false };
    int64_t children = 0;
    bool any = false;
    if (!x || !cells || !r->n->institution[r->n->level[area]])
        return false;
    for (int64_t k = 0; k < x->n; k++) {
        if (x->place[k].institution != area)
            continue;
        any = true;
        int home = x->place[k].area;
        while (home != KZ_NONE && r->n->level[home] != level)
            home = kz_counts_parent(r->n, period, home);
        if (home == KZ_NONE || cells[home].state == KZ_CELL_MEANINGLESS)
            continue; /* nobody knows where, or there is nothing to say about the area */
        kz_rate rate = rate_of(r, part_of(r, part), &cells[home], &state);
        double n = (double)x->place[k].n;
        children += x->place[k].n;
        if (r->n->span) /* something is hidden somewhere */
            add_home(&bounds, x->place[k].n, part_of(r, part), &cells[home], rate.value);
        sum.value += n * rate.value;
        sum.lo += n * rate.lo;
        sum.hi += n * rate.hi;
    }
    if (!any)
        return false;
    *import = x->import;
    c->state = (uint8_t)(state == KZ_CELL_ZERO ? KZ_CELL_SHOWN : state);
    if (level == KZ_NONE)
        c->state = KZ_CELL_LATER;
    else if (children == 0)
        c->state = KZ_CELL_MEANINGLESS;
    else if (children < ind->min_denominator)
        c->state = KZ_CELL_UNRELIABLE;
    if (kz_cell_has_value(c)) {
        double n = (double)children;
        reckon_put(c, (kz_rate){ sum.value / n, sum.lo / n, sum.hi / n });
    } else if (c->state == KZ_CELL_HIDDEN) {
        put_mean(&bounds, children, c);
    }
    return true;
}

bool reckon_mixed(kz_reckoner *r, const kz_indicator *ind, int period, int area, kz_cell *ret, int32_t *ret_import)
{
    kz_cell c = reckon_blank(0, period, area);
    int32_t import = 0;
    bool there = ind->kind == KZ_KIND_DIFFERENCE ? difference(r, ind, period, area, &c, &import)
                 : ind->kind == KZ_KIND_INDEX    ? mixed_index(r, ind, period, area, &c, &import)
                                                 : profile(r, ind, period, area, &c, &import);
    if (there) {
        *ret = c;
        *ret_import = import;
    }
    return there;
}
