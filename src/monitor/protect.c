#include "monitor/protect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/protect_build.h"
#include "sdc/hide.h"

/* ---- which counts a row shows ------------------------------------------------------------ */

static void put_part(protect_build *b, int count)
{
    b->s->part = protect_grow(b, b->s->part, b->n_part, &b->cap_part, sizeof *b->s->part);
    if (!b->full)
        b->s->part[b->n_part++] = count;
}

/* The counts of a numerator or denominator in an area: its own, or those it is mixed from. */
static int counts_of(protect_build *b, int ind, int group, int den, int period, int area)
{
    const protect_slot slot = *protect_slot_of(b, ind, group, den, period);
    for (int i = 0; i < slot.n_parts; i++)
        put_part(b, kz_protect_at(b->s, b->pair[2 * (slot.parts + i)], b->pair[2 * (slot.parts + i) + 1], area));
    return slot.code == KZ_NONE ? KZ_NONE : kz_protect_at(b->s, slot.code, slot.period, area);
}

static void put_mix(protect_build *b, const kz_expr *e, int period, int area, kz_protect_row *row);

/* An indicator's value in an area: its counts, or what it is made of. */
static void put_value(protect_build *b, const kz_indicator *of, int period, int area, kz_protect_row *row)
{
    if (of->mix) {
        put_mix(b, of->mix, period, area, row);
        return;
    }
    for (int den = 0; den < 2; den++) {
        int at = counts_of(b, (int)(of - b->s->cat.indicators), 0, den, period, area);
        if (at != KZ_NONE)
            put_part(b, at);
    }
}

/* Mean and deviation of a level are made of all its areas. */
static void put_level(protect_build *b, const kz_indicator *of, int period, int level, kz_protect_row *row)
{
    for (int a = 0; a < b->s->n_areas; a++)
        if (b->s->counts.level[a] == level && kz_counts_valid(&b->s->counts, period, a))
            put_value(b, of, period, a, row);
}

/* The rates of the areas where an institution's children live. */
static void put_homes(protect_build *b, const kz_expr *e, const kz_indicator *of, int period, int area,
                      kz_protect_row *row)
{
    kz_reckoner *r = &b->s->reckoner;
    const kz_crossed *x = kz_reckon_crossed(r, e, period);
    int level = x ? kz_reckon_profile_level(r, e, period) : KZ_NONE, last = KZ_NONE;
    int64_t children = 0;
    for (int64_t k = 0; x && k < x->n; k++) {
        int home = x->place[k].area;
        if (x->place[k].institution != area)
            continue;
        children += x->place[k].n;
        while (home != KZ_NONE && b->s->counts.level[home] != level)
            home = kz_counts_parent(&b->s->counts, period, home);
        if (home != KZ_NONE && home != last) /* quarters of one area often stand together */
            put_value(b, of, period, home, row);
        last = home;
    }
    row->few |= children < b->s->cat.indicators[row->ind].profile->min_count;
}

/* What an indicator made of others is made of in an area, down to counts. */
static void put_mix(protect_build *b, const kz_expr *e, int period, int area, kz_protect_row *row)
{
    const kz_catalogue *cat = &b->s->cat;
    for (int i = 0; i < e->n_arg && e->op == KZ_X_TOTAL; i++)
        put_mix(b, e->arg[i], period, area, row);
    if (e->op != KZ_X_VALUE && e->op != KZ_X_Z && e->op != KZ_X_PROFILE)
        return;
    const kz_indicator *of = kz_catalogue_find(cat, e->name);
    period = kz_reckon_part_period(&b->s->reckoner, e, period);
    if (!of || period == KZ_NONE)
        return;
    if (e->op == KZ_X_PROFILE)
        put_homes(b, e, of, period, area, row);
    else if (e->op == KZ_X_Z)
        put_level(b, of, period, b->s->counts.level[area], row);
    else
        put_value(b, of, period, area, row);
}

static kz_status find_counts(protect_build *b, const char *release, kz_err *err)
{
    kz_protect_system *s = b->s;
    for (int i = 0; i < s->n_rows && !b->full; i++) {
        kz_protect_row *r = &s->rows[i];
        const kz_indicator *ind = &s->cat.indicators[r->ind];
        r->parts = b->n_part;
        if (ind->mix) {
            put_mix(b, ind->mix, r->period, r->area, r);
        } else {
            r->num = counts_of(b, r->ind, r->group, 0, r->period, r->area);
            if (ind->kind != KZ_KIND_COUNT)
                r->den = counts_of(b, r->ind, r->group, 1, r->period, r->area);
            int32_t import;
            kz_cell now;
            bool there = kz_reckon(&s->reckoner, ind, r->group, r->period, r->area, &now, &import);
            int64_t num = there ? now.numerator : -1, den = there ? now.denominator : -1;
            if (r->ours && (num != r->num_value || den != r->den_value))
                return kz_fail(err, KZ_E_CONFLICT, "release.stale", kz_s("name", release), kz_s("indicator", ind->id),
                               kz_s("area", s->counts.names[r->area]),
                               kz_s("period", s->counts.m.period_codes[r->period]));
            if (!r->ours && (num != r->num_value || den != r->den_value))
                r->num = r->den = KZ_NONE; /* another number by now: the old one says nothing sure */
        }
        r->n_parts = b->n_part - r->parts;
    }
    return KZ_OK;
}

/* ---- rules --------------------------------------------------------------------------------- */

static void tighten(protect_rule *rule, const kz_profile *p)
{
    if (p->min_count > rule->min_count)
        rule->min_count = (int16_t)p->min_count;
    rule->zero_secret |= p->zero_secret;
    rule->complement |= p->complement;
}

static bool is_small(const protect_rule *rule, int64_t value)
{
    const kz_sdc_rule r = { rule->min_count, rule->zero_secret };
    return value >= 0 && kz_sdc_sensitive(&r, value);
}

static int code_at(const kz_protect_system *s, int count)
{
    return count / (s->n_periods * s->n_areas);
}

static int area_at(const kz_protect_system *s, int count)
{
    return count % s->n_areas;
}

static int period_at(const kz_protect_system *s, int count)
{
    return count / s->n_areas % s->n_periods;
}

/* A row prints a count, or would be computed from it. */
static void use(protect_build *b, int count, const kz_protect_row *r, const kz_profile *profile)
{
    kz_protect_system *s = b->s;
    kz_sdc_count *c = &s->count[count];
    double n = c->value > 0 ? (double)c->value : 0;
    double cost = KZ_PROTECT_COST * b->weight[s->counts.level[area_at(s, count)]] * (1 + 0.1 * log2(1 + n));
    c->cost = (int32_t)fmin(c->cost + cost, KZ_SDC_COST_MOST);
    c->flags |= KZ_SDC_PRINTED;
    tighten(&b->rule[count], profile);
    if (r->state == KZ_CELL_HIDDEN && c->value < 0)
        c->flags |= KZ_SDC_SECRET; /* the source hides it, or something it is made of */
}

/* What another release shows is known; what it hides stays hidden. */
static void note_public(protect_build *b, const kz_protect_row *r)
{
    if (r->ours || r->num_mask < 0)
        return;
    bool den_open = r->den_mask == KZ_MASK_OPEN, num_open = r->num_mask == KZ_MASK_OPEN && den_open;
    if (r->num != KZ_NONE)
        b->s->count[r->num].flags |= num_open                      ? KZ_SDC_PUBLIC
                                     : r->num_mask != KZ_MASK_OPEN ? KZ_SDC_HELD
                                                                   : 0;
    if (r->den != KZ_NONE)
        b->s->count[r->den].flags |= den_open ? KZ_SDC_PUBLIC : KZ_SDC_HELD;
}

/* Of two deliveries: that nearly all belong says something of those who do not, so the numerator is hidden. */
static void mark_nearly_all(protect_build *b, const kz_protect_row *r)
{
    kz_protect_system *s = b->s;
    const kz_indicator *ind = &s->cat.indicators[r->ind];
    if (ind->kind != KZ_KIND_SHARE || !ind->profile->complement || r->num == KZ_NONE || r->den == KZ_NONE ||
        r->num == r->den || s->count[r->num].value < 0 || s->count[r->den].value < 0 ||
        (period_at(s, r->num) == period_at(s, r->den) && protect_is_part(b, code_at(s, r->num), code_at(s, r->den))))
        return;
    const protect_rule rule = { (int16_t)ind->profile->min_count, ind->profile->zero_secret, true };
    if (is_small(&rule, s->count[r->den].value - s->count[r->num].value))
        s->count[r->num].flags |= KZ_SDC_SECRET;
}

static void mark_rows(protect_build *b)
{
    kz_protect_system *s = b->s;
    for (int i = 0; i < s->n_rows; i++) {
        const kz_protect_row *r = &s->rows[i];
        const kz_indicator *ind = &s->cat.indicators[r->ind];
        /* What a ratio is taken per, people who live there, is no part of what is counted: the plain rule is enough. */
        const kz_profile *per = ind->kind == KZ_KIND_RATIO ? &s->cat.profiles[0] : ind->profile;
        if (r->num != KZ_NONE)
            use(b, r->num, r, ind->profile);
        if (r->den != KZ_NONE)
            use(b, r->den, r, per);
        for (int k = 0; k < r->n_parts; k++)
            use(b, s->part[r->parts + k], r, ind->profile);
        mark_nearly_all(b, r);
        note_public(b, r);
    }
    for (size_t c = 0; c < (size_t)s->n_counts; c++)
        if (s->codes[code_at(s, (int)c)].persons && is_small(&b->rule[c], s->count[c].value))
            s->count[c].flags |= KZ_SDC_SECRET;
}

/* What is left over is a count that everybody can compute.  That nobody is left says something only of those who
 * do not belong to one part. */
static void mark_rests(protect_build *b)
{
    kz_protect_system *s = b->s;
    size_t cells = (size_t)s->n_periods * (size_t)s->n_areas;
    for (int r = 0; r < b->n_relations; r++) {
        int rest = b->rest_whole[r];
        if (rest == KZ_NONE || !s->codes[rest].persons)
            continue;
        bool pair = b->start[r + 1] - b->start[r] == 3;
        for (size_t at = 0; at < cells; at++) {
            protect_rule rule = { 0 };
            for (size_t i = b->start[r]; i < b->start[r + 1]; i++) {
                const protect_rule *own = &b->rule[(size_t)(b->term[i] >> 1) * cells + at];
                if (!(s->count[(size_t)(b->term[i] >> 1) * cells + at].flags & KZ_SDC_PRINTED))
                    continue;
                rule.min_count = own->min_count > rule.min_count ? own->min_count : rule.min_count;
                rule.zero_secret |= own->zero_secret && pair;
                rule.complement |= own->complement;
            }
            kz_sdc_count *c = &s->count[(size_t)rest * cells + at];
            if (rule.complement && is_small(&rule, c->value)) {
                c->flags |= KZ_SDC_SECRET;
                b->rule[(size_t)rest * cells + at] = rule;
            }
        }
    }
}

/* "count(kita) @kita" is "count(kita)" by another unit. */
static bool is_same_by_area(const kz_protect_code *unit, const kz_protect_code *area)
{
    if (unit->form.n != area->form.n || area->unit[0] != '\0')
        return false;
    for (int i = 0; i < unit->form.n; i++) {
        size_t n = strlen(area->form.term[i].atom);
        const char *own = unit->form.term[i].atom;
        if (strncmp(own, area->form.term[i].atom, n) != 0 || own[n] != ' ' ||
            unit->form.term[i].shift != area->form.term[i].shift)
            return false;
    }
    return true;
}

/* The city's count stands both above the areas and above the institutions: it is shown in both, or secret in both. */
static void tie_cities(protect_build *b)
{
    kz_protect_system *s = b->s;
    int city = KZ_NONE;
    for (int a = 0; a < s->n_areas; a++)
        if (s->counts.level[a] == 0)
            city = a;
    for (int u = 0; u < s->n_codes && city != KZ_NONE; u++)
        for (int c = 0; c < s->n_codes; c++)
            for (int p = 0; p < s->n_periods && s->codes[u].unit[0] && is_same_by_area(&s->codes[u], &s->codes[c]);
                 p++) {
                kz_sdc_count *x = &s->count[kz_protect_at(s, u, p, city)], *y = &s->count[kz_protect_at(s, c, p, city)];
                bool secret = (x->flags | y->flags) & KZ_SDC_SECRET;
                x->flags |= secret ? KZ_SDC_SECRET : KZ_SDC_PUBLIC;
                y->flags |= secret ? KZ_SDC_SECRET : KZ_SDC_PUBLIC;
            }
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A level above counts four times as much: the city is the last to be hidden. */
static void weigh_levels(protect_build *b)
{
    double w = 1;
    for (int level = b->s->counts.n_levels - 1; level >= 0; level--) {
        if (b->s->counts.institution[level]) {
            b->weight[level] = 1;
            continue;
        }
        b->weight[level] = w;
        if (b->s->released[level])
            w *= 4;
    }
}

static kz_status begin(protect_build *b, kz_db *work, kz_err *err)
{
    kz_protect_system *s = b->s;
    KZ_TRY(kz_catalogue_builtin(&s->cat, err));
    KZ_TRY(kz_measures_load(work, b->a, &b->measures, err));
    KZ_TRY(kz_counts_load(work, &s->cat, b->a, &s->counts, err));
    KZ_TRY(kz_reckoner_begin(&s->cat, &s->counts, b->a, &s->reckoner, err));
    s->n_periods = s->counts.m.n_periods;
    s->n_areas = s->counts.m.n_areas;
    s->released = kz_arena_new(b->a, bool, s->counts.n_levels + 1);
    b->weight = kz_arena_new(b->a, double, s->counts.n_levels + 1);
    b->group_base = kz_arena_new(b->a, int, s->cat.n + 1);
    if (!s->released || !b->weight || !b->group_base)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int i = 0; i < s->cat.n; i++)
        b->group_base[i + 1] = b->group_base[i] + s->cat.indicators[i].n_groups;
    b->slots = kz_arena_new(b->a, protect_slot, (size_t)b->group_base[s->cat.n] * 2 * (size_t)s->n_periods + 1);
    return b->slots ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "sdc.memory");
}

/* KZ_E_LIMIT when there are more counts than an int can number. */
static kz_status make_counts(protect_build *b, kz_err *err)
{
    kz_protect_system *s = b->s;
    size_t cells = (size_t)s->n_periods * (size_t)s->n_areas;
    s->codes = b->codes;
    s->n_codes = b->n_codes;
    if (cells * (size_t)s->n_codes > INT32_MAX)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    s->n_counts = (int64_t)(cells * (size_t)s->n_codes);
    s->count = kz_arena_new(b->a, kz_sdc_count, s->n_counts + 1);
    s->mask = kz_arena_new(b->a, uint8_t, s->n_counts + 1);
    b->rule = kz_arena_new(b->a, protect_rule, s->n_counts + 1);
    if (!s->count || !s->mask || !b->rule)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < s->n_codes; c++) {
        const int64_t *v = protect_values(b, c);
        for (size_t i = 0; v && i < cells; i++)
            s->count[(size_t)c * cells + i] = (kz_sdc_count){ .value = v[i], .cost = KZ_PROTECT_COST };
        if (!v)
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    }
    return KZ_OK;
}

static kz_status make(protect_build *b, kz_db *work, int64_t release, const char *name, kz_err *err)
{
    kz_protect_system *s = b->s;
    KZ_TRY(begin(b, work, err));
    KZ_TRY(protect_load_rows(b, work, release, err));
    weigh_levels(b);
    KZ_TRY(find_counts(b, name, err));
    KZ_TRY(kz_reckoner_end(&s->reckoner, err));
    KZ_TRY(protect_relate(b, err));
    KZ_TRY(make_counts(b, err));
    mark_rows(b);
    mark_rests(b);
    tie_cities(b);
    s->n_relations = b->n_relations;
    s->start = b->start;
    s->term = b->term;
    int64_t *widths = kz_arena_new(b->a, int64_t, s->n_codes + 1);
    if (b->full || !widths)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (size_t c = 0; c < (size_t)s->n_counts; c++)
        if (b->rule[c].min_count > widths[code_at(s, (int)c)])
            widths[code_at(s, (int)c)] = b->rule[c].min_count;
    s->widths = widths;
    return KZ_OK;
}

kz_status kz_protect_system_make(kz_db *work, int64_t release, const char *name, kz_arena *a, kz_protect_system *ret,
                                 kz_err *err)
{
    kz_protect_system s = { .cat = KZ_CATALOGUE_INIT };
    protect_build b = { .s = &s, .a = a };
    kz_status st = make(&b, work, release, name, err);
    if (st != KZ_OK) {
        kz_catalogue_done(&s.cat);
        return st;
    }
    *ret = s;
    return KZ_OK;
}

void kz_protect_system_done(kz_protect_system *s)
{
    kz_catalogue_done(&s->cat);
}

/* ---- masks of rows ------------------------------------------------------------------------------ */

/* A form that is no count is shown where all of its parts are. */
static int mask_of_parts(const kz_protect_system *s, const kz_protect_row *r)
{
    if (r->few)
        return KZ_MASK_PRIMARY;
    for (int i = 0; i < r->n_parts; i++)
        if (s->mask[s->part[r->parts + i]] != KZ_MASK_OPEN)
            return KZ_MASK_SECONDARY;
    return KZ_MASK_OPEN;
}

int kz_protect_num_mask(const kz_protect_system *s, const kz_protect_row *r)
{
    return r->num == KZ_NONE ? mask_of_parts(s, r) : s->mask[r->num];
}

int kz_protect_den_mask(const kz_protect_system *s, const kz_protect_row *r)
{
    if (r->den != KZ_NONE)
        return s->mask[r->den];
    return s->cat.indicators[r->ind].kind == KZ_KIND_COUNT ? KZ_MASK_OPEN : mask_of_parts(s, r);
}

void kz_protect_name(const kz_protect_system *s, int count, kz_buf *out)
{
    kz_form_write(out, &s->codes[code_at(s, count)].form);
    kz_buf_fmt(out, ", %s, %s", s->counts.names[area_at(s, count)],
               s->counts.m.period_codes[period_at(s, count)]);
}
