#include "monitor/protect.h"

#include <math.h>
#include <string.h>

#include "monitor/measure.h"

typedef struct build {
    kz_protect_system *s;
    kz_arena *a;
    const kz_measures *measures;
    kz_form *forms;
    int n_forms, cap_forms;
    int **index;                /* [form] -> [period * areas + area], count or KZ_NONE */
    kz_sdc_cell *cells;
    kz_sdc_rule *rules;         /* of a count: the strictest that shows it */
    int *form, *period, *area;  /* of a count */
    int n_cells, cap_cells;
    kz_sdc_term *terms;
    size_t *start;
    int n_eqs, cap_eqs;
    size_t n_terms, cap_terms;
    bool *released;             /* levels with rows */
    double *weight;             /* of a level */
    bool full;                  /* the arena is exhausted */
} build;

/* Room for one more element: doubles, the old block stays in the arena. */
static void *grow(build *b, void *old, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return old;
    size_t more = *cap ? *cap * 2 : 256;
    void *p = kz_arena_array(b->a, more, size);
    if (!p) {
        b->full = true;
        return old;
    }
    if (n > 0)
        memcpy(p, old, n * size);
    *cap = more;
    return p;
}

static void *grow_int(build *b, void *old, int n, int *cap, size_t size)
{
    size_t c = (size_t)*cap;
    void *p = grow(b, old, (size_t)n, &c, size);
    *cap = (int)c;
    return p;
}

static int form_find(const build *b, const kz_form *f)
{
    for (int i = 0; i < b->n_forms; i++)
        if (kz_form_equal(&b->forms[i], f))
            return i;
    return KZ_NONE;
}

static int form_of(build *b, const kz_form *f)
{
    int at = form_find(b, f);
    if (at != KZ_NONE)
        return at;
    int cap = b->cap_forms;
    size_t places = (size_t)b->s->counts.m.n_periods * (size_t)b->s->counts.m.n_areas;
    b->forms = grow_int(b, b->forms, b->n_forms, &cap, sizeof *b->forms);
    b->index = grow_int(b, b->index, b->n_forms, &b->cap_forms, sizeof *b->index);
    int *places_of = kz_arena_new(b->a, int, places + 1);
    if (b->full || !places_of) {
        b->full = true;
        return 0;
    }
    memset(places_of, 0xFF, places * sizeof *places_of); /* KZ_NONE */
    b->forms[b->n_forms] = *f;
    b->index[b->n_forms] = places_of;
    return b->n_forms++;
}

static int *place(const build *b, int form, int period, int area)
{
    return &b->index[form][(size_t)period * (size_t)b->s->counts.m.n_areas + (size_t)area];
}

/* The count of a form in an area and period; KZ_NONE: it has no value and is no secret. */
static int count_of(build *b, int form, int period, int area)
{
    int *at = place(b, form, period, area);
    if (*at != KZ_NONE || b->full)
        return *at;
    kz_count c = kz_counts_form(&b->s->counts, &b->forms[form], period, area);
    if (c.value < 0 && c.state != KZ_CELL_HIDDEN)
        return KZ_NONE;
    int cap[5] = { b->cap_cells, b->cap_cells, b->cap_cells, b->cap_cells, b->cap_cells };
    b->cells = grow_int(b, b->cells, b->n_cells, &cap[0], sizeof *b->cells);
    b->rules = grow_int(b, b->rules, b->n_cells, &cap[1], sizeof *b->rules);
    b->form = grow_int(b, b->form, b->n_cells, &cap[2], sizeof *b->form);
    b->period = grow_int(b, b->period, b->n_cells, &cap[3], sizeof *b->period);
    b->area = grow_int(b, b->area, b->n_cells, &cap[4], sizeof *b->area);
    if (b->full)
        return KZ_NONE;
    b->cap_cells = cap[4];
    b->cells[b->n_cells] = (kz_sdc_cell){ .value = c.value < 0 ? -1 : c.value, .cost = 1,
                                          .sensitive = c.state == KZ_CELL_HIDDEN };
    b->rules[b->n_cells] = (kz_sdc_rule){ 0 };
    b->form[b->n_cells] = form;
    b->period[b->n_cells] = period;
    b->area[b->n_cells] = area;
    return *at = b->n_cells++;
}

static void tighten(build *b, int cell, const kz_sdc_rule *r)
{
    kz_sdc_rule *own = &b->rules[cell];
    if (r->min_count > own->min_count)
        own->min_count = r->min_count;
    own->zero_secret |= r->zero_secret;
    if (b->cells[cell].value >= 0 && kz_sdc_sensitive(own, b->cells[cell].value))
        b->cells[cell].sensitive = true;
}

/* ---- equations ----------------------------------------------------------- */

static void term(build *b, int cell, int sign)
{
    b->terms = grow(b, b->terms, b->n_terms, &b->cap_terms, sizeof *b->terms);
    if (!b->full)
        b->terms[b->n_terms++] = (kz_sdc_term){ cell, sign };
}

static void end_equation(build *b)
{
    if (b->n_eqs + 1 >= b->cap_eqs)
        b->start = grow_int(b, b->start, b->n_eqs + 1, &b->cap_eqs, sizeof *b->start);
    if (!b->full)
        b->start[++b->n_eqs] = b->n_terms;
}

/* ---- rows ---------------------------------------------------------------- */

static int profile_rule(const kz_indicator *ind, kz_sdc_rule *ret)
{
    *ret = (kz_sdc_rule){ ind->profile->min_count, ind->profile->zero_secret };
    return ret->min_count;
}

static void use(build *b, int cell, const kz_protect_row *r, int mask)
{
    kz_sdc_cell *c = &b->cells[cell];
    kz_sdc_rule rule;
    (void)profile_rule(&b->s->cat.indicators[r->ind], &rule);
    double n = c->value > 0 ? (double)c->value : 0;
    c->cost += b->weight[b->s->counts.level[r->area]] * (1 + 0.1 * log2(1 + n));
    c->publish = true;
    tighten(b, cell, &rule);
    if (r->ours || mask < 0)
        return;
    if (mask == KZ_MASK_OPEN)
        c->fixed = true;
    else
        c->sensitive = true;
}

/* Those who do not belong: a count of its own, when they are few. */
static void add_complement(build *b, const kz_protect_row *r, int num_form, int den_form)
{
    kz_form rest;
    kz_sdc_rule rule;
    (void)profile_rule(&b->s->cat.indicators[r->ind], &rule);
    const kz_indicator *ind = &b->s->cat.indicators[r->ind];
    if (ind->kind != KZ_KIND_SHARE || !ind->profile->complement || r->num == KZ_NONE || r->den == KZ_NONE ||
        r->num == r->den || b->cells[r->num].value < 0 || b->cells[r->den].value < 0)
        return;
    if (!kz_sdc_sensitive(&rule, b->cells[r->den].value - b->cells[r->num].value) ||
        !kz_form_add(&b->forms[den_form], &b->forms[num_form], -1, &rest) || rest.n == 0)
        return;
    int cell = count_of(b, form_of(b, &rest), r->period, r->area);
    if (cell == KZ_NONE)
        return;
    tighten(b, cell, &rule);
    term(b, r->den, 1);
    term(b, r->num, -1);
    term(b, cell, -1);
    end_equation(b);
}

static kz_status add_row(build *b, kz_protect_row *r, const char *release, kz_err *err)
{
    const kz_indicator *ind = &b->s->cat.indicators[r->ind];
    bool counted = ind->kind == KZ_KIND_COUNT;
    const kz_form *num = &ind->groups[r->group].numerator, *den = &ind->groups[r->group].denominator;
    int den_period = ind->from_first ? kz_reckon_first(&b->s->reckoner, ind) : r->period;
    int num_form = form_of(b, num), den_form = KZ_NONE;
    r->num = count_of(b, num_form, r->period, r->area);
    r->den = KZ_NONE;
    if (!counted && den_period != KZ_NONE) {
        den_form = form_of(b, den);
        r->den = count_of(b, den_form, den_period, r->area);
    }
    int64_t num_now = r->num == KZ_NONE ? -1 : b->cells[r->num].value;
    int64_t den_now = r->den == KZ_NONE ? -1 : b->cells[r->den].value;
    if (r->ours && (num_now != r->num_value || den_now != r->den_value))
        return kz_fail(err, KZ_E_CONFLICT, "release.stale", kz_s("name", release), kz_s("indicator", ind->id),
                       kz_s("area", b->s->counts.names[r->area]),
                       kz_s("period", b->s->counts.m.period_codes[r->period]));
    if (r->num != KZ_NONE)
        use(b, r->num, r, r->num_mask);
    if (r->den != KZ_NONE)
        use(b, r->den, r, r->den_mask);
    add_complement(b, r, num_form, den_form);
    return KZ_OK;
}

/* ---- what the world knows -------------------------------------------------- */

static kz_form single(const kz_form *f, int t)
{
    kz_form one = { .n = 1 };
    one.term[0] = f->term[t];
    one.term[0].factor = 1;
    return one;
}

/* A published form of several measures is the sum of them. */
static void split_forms(build *b)
{
    int published = b->n_cells;
    for (int c = 0; c < published && !b->full; c++) {
        const kz_form *f = &b->forms[b->form[c]];
        if (!b->cells[c].publish || f->n < 2)
            continue;
        kz_form whole = *f;
        int part[KZ_MAX_TERMS], n = 0;
        while (n < whole.n) {
            kz_form one = single(&whole, n);
            part[n] = count_of(b, form_of(b, &one), b->period[c], b->area[c]);
            if (part[n] == KZ_NONE)
                break;
            tighten(b, part[n], &b->rules[c]);
            n++;
        }
        if (n < whole.n)
            continue;
        term(b, c, 1);
        for (int i = 0; i < n; i++)
            term(b, part[i], -whole.term[i].factor);
        end_equation(b);
    }
}

static int measure_cell(const build *b, int measure, int period, int area)
{
    const kz_atom *atom = kz_catalogue_atom(&b->s->cat, b->measures->list[measure].code);
    kz_form one = { .n = 1 };
    if (!atom)
        return KZ_NONE;
    one.term[0].atom = atom->code;
    one.term[0].index = (int)(atom - b->s->cat.atoms);
    one.term[0].factor = 1;
    int form = form_find(b, &one);
    return form == KZ_NONE ? KZ_NONE : *place(b, form, period, area);
}

static void relate(build *b, const kz_relation *r, int period, int area)
{
    int part[KZ_RELATION_PARTS], n = 0, whole = measure_cell(b, r->whole, period, area);
    if (whole == KZ_NONE)
        return;
    kz_form rest = b->forms[b->form[whole]];
    kz_sdc_rule rule = b->rules[whole];
    int64_t left = b->cells[whole].value;
    bool known = left >= 0;
    for (int i = 0; i < r->n_parts; i++) {
        int c = measure_cell(b, r->parts[i], period, area);
        if (c == KZ_NONE)
            continue;
        part[n++] = c;
        known &= b->cells[c].value >= 0 && kz_form_add(&rest, &b->forms[b->form[c]], -1, &rest);
        left -= b->cells[c].value;
        if (b->rules[c].min_count > rule.min_count)
            rule.min_count = b->rules[c].min_count;
        rule.zero_secret |= b->rules[c].zero_secret;
    }
    if (n == 0)
        return;
    int extra = KZ_NONE;
    if (r->at_least || n < r->n_parts) {
        /* Somebody is left over; no secret unless they are few. */
        if (!known || left < 0 || !kz_sdc_sensitive(&rule, left))
            return;
        extra = count_of(b, form_of(b, &rest), period, area);
        if (extra == KZ_NONE)
            return;
        tighten(b, extra, &rule);
    }
    term(b, whole, 1);
    for (int i = 0; i < n; i++)
        term(b, part[i], -1);
    if (extra != KZ_NONE)
        term(b, extra, -1);
    end_equation(b);
}

static void relate_measures(build *b)
{
    const kz_matrix *m = &b->s->counts.m;
    for (int r = 0; r < b->measures->n_relations; r++)
        for (int p = 0; p < m->n_periods; p++)
            for (int a = 0; a < m->n_areas && !b->full; a++)
                relate(b, &b->measures->relations[r], p, a);
}

/* The next area above on a level of the release, on the period's day. */
static int parent_of(const build *b, int period, int area)
{
    int p = kz_counts_parent(&b->s->counts, period, area);
    while (p != KZ_NONE && !b->released[b->s->counts.level[p]])
        p = kz_counts_parent(&b->s->counts, period, p);
    return p;
}

/* The parts of every area on the period's day: child[first[i]] to child[first[i + 1] - 1]. */
static void find_parts(const build *b, int period, int first[], int child[], int parent[])
{
    const kz_counts *n = &b->s->counts;
    int areas = n->m.n_areas, at = 0;
    for (int i = 0; i < areas; i++)
        parent[i] = b->released[n->level[i]] && kz_counts_valid(n, period, i) ? parent_of(b, period, i) : KZ_NONE;
    for (int i = 0; i < areas; i++) {
        first[i] = at;
        for (int c = 0; c < areas; c++)
            if (parent[c] == i)
                child[at++] = c;
    }
    first[areas] = at;
}

/* Parts add up to the area above, where all of them have the count. */
static bool add_areas(build *b)
{
    const kz_counts *n = &b->s->counts;
    size_t areas = (size_t)n->m.n_areas, periods = (size_t)n->m.n_periods;
    int *firsts = kz_arena_new(b->a, int, periods * (areas + 1) + 1);
    int *children = kz_arena_new(b->a, int, periods * areas + 1), *parent = kz_arena_new(b->a, int, areas + 1);
    if (!firsts || !children || !parent)
        return false;
    for (size_t p = 0; p < periods; p++)
        find_parts(b, (int)p, firsts + p * (areas + 1), children + p * areas, parent);
    for (int f = 0; f < b->n_forms; f++)
        for (int p = 0; p < n->m.n_periods; p++)
            for (int i = 0; i < n->m.n_areas && !b->full; i++) {
                const int *first = firsts + (size_t)p * (areas + 1), *child = children + (size_t)p * areas;
                int whole = *place(b, f, p, i), k = first[i];
                if (whole == KZ_NONE || k == first[i + 1])
                    continue;
                while (k < first[i + 1] && *place(b, f, p, child[k]) != KZ_NONE &&
                       n->level[child[k]] == n->level[child[first[i]]])
                    k++;
                if (k < first[i + 1])
                    continue;
                term(b, whole, 1);
                for (k = first[i]; k < first[i + 1]; k++)
                    term(b, *place(b, f, p, child[k]), -1);
                end_equation(b);
            }
    return !b->full;
}

/* ---- loading ---------------------------------------------------------------- */

static int period_index(const kz_matrix *m, int64_t id)
{
    for (int p = 0; p < m->n_periods; p++)
        if (m->periods[p] == id)
            return p;
    return KZ_NONE;
}

static int64_t or_none(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? -1 : kz_col_int(q, at);
}

/* The release's own cells, and those of the newest publication of every other indicator. */
static kz_status load_rows(build *b, kz_db *work, int64_t release, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_protect_system *s = b->s;
    int cap = 0;
    KZ_TRY(kz_prepare(work,
                      "SELECT i.code, g.code, c.period, c.area, c.numerator, c.denominator, c.state, c.num_mask, "
                      "c.den_mask, c.release FROM release_cell c JOIN indicator i ON i.id = c.indicator "
                      "JOIN indicator_group g ON g.id = c.grp WHERE c.release = ?1 OR ("
                      "c.indicator NOT IN (SELECT indicator FROM release_cell WHERE release = ?1) AND c.release = "
                      "(SELECT r.id FROM release r WHERE r.state = 'published' AND EXISTS (SELECT 1 FROM "
                      "release_cell o WHERE o.release = r.id AND o.indicator = c.indicator) "
                      "ORDER BY r.publish_at DESC, r.id DESC LIMIT 1)) "
                      "ORDER BY c.release, c.indicator, c.grp, c.period, c.area", &q, err));
    kz_bind_int(&q, 1, release);
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        const kz_indicator *ind = kz_catalogue_find(&s->cat, kz_col_text(&q, 0));
        kz_protect_row r = { .ind = ind ? (int)(ind - s->cat.indicators) : KZ_NONE,
                             .group = ind ? kz_indicator_group_find(ind, kz_col_text(&q, 1)) : KZ_NONE,
                             .period = period_index(&s->counts.m, kz_col_int(&q, 2)),
                             .area = kz_matrix_area(&s->counts.m, kz_col_int(&q, 3)),
                             .num_value = or_none(&q, 4), .den_value = or_none(&q, 5),
                             .state = (uint8_t)kz_col_int(&q, 6), .num_mask = (int)or_none(&q, 7),
                             .den_mask = (int)or_none(&q, 8), .ours = kz_col_int(&q, 9) == release };
        if (r.group == KZ_NONE || r.period == KZ_NONE || r.area == KZ_NONE)
            return kz_fail(err, KZ_E_CONFLICT, "release.catalogue", kz_s("indicator", kz_col_text(&q, 0)),
                           kz_s("group", kz_col_text(&q, 1)));
        s->rows = grow_int(b, s->rows, s->n_rows, &cap, sizeof *s->rows);
        if (b->full)
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
        s->rows[s->n_rows++] = r;
        b->released[s->counts.level[r.area]] = true;
    }
}

/* A level above counts four times as much: the city is the last to be hidden. */
static void weigh_levels(build *b)
{
    double w = 1;
    for (int level = b->s->counts.n_levels - 1; level >= 0; level--) {
        b->weight[level] = w;
        if (b->released[level])
            w *= 4;
    }
}

static kz_status make(build *b, kz_db *work, int64_t release, const char *name, kz_err *err)
{
    kz_protect_system *s = b->s;
    KZ_TRY(kz_catalogue_builtin(&s->cat, err));
    KZ_TRY(kz_measures_get(&b->measures, err));
    KZ_TRY(kz_counts_load(work, &s->cat, b->a, &s->counts, err));
    KZ_TRY(kz_reckoner_begin(&s->cat, &s->counts, b->a, &s->reckoner, err));
    b->released = kz_arena_new(b->a, bool, s->counts.n_levels + 1);
    b->weight = kz_arena_new(b->a, double, s->counts.n_levels + 1);
    b->start = kz_arena_new(b->a, size_t, 1);
    b->cap_eqs = 1;
    if (!b->released || !b->weight || !b->start)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    KZ_TRY(load_rows(b, work, release, err));
    weigh_levels(b);
    for (int i = 0; i < s->n_rows && !b->full; i++)
        KZ_TRY(add_row(b, &s->rows[i], name, err));
    split_forms(b);
    relate_measures(b);
    if (b->full || !add_areas(b))
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    int64_t width = 0;
    for (int c = 0; c < b->n_cells; c++)
        if (b->rules[c].min_count > width)
            width = b->rules[c].min_count;
    s->sdc = (kz_sdc_system){ b->n_cells, b->cells, b->n_eqs, b->start, b->terms, width };
    s->cell_form = b->form;
    s->cell_period = b->period;
    s->cell_area = b->area;
    s->forms = b->forms;
    return KZ_OK;
}

kz_status kz_protect_system_make(kz_db *work, int64_t release, const char *name, kz_arena *a, kz_protect_system *ret,
                                 kz_err *err)
{
    kz_protect_system s = { .cat = KZ_CATALOGUE_INIT };
    build b = { .s = &s, .a = a };
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
