#include "monitor/counts.h"

#include "monitor/counted.h"
#include "monitor/counts_span.h"
#include "monitor/measure.h"
#include "monitor/period_form.h"

#include <string.h>

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

/* The measures among the atoms, in order: atoms are sorted by code. */
static kz_status find_measures(kz_counts *n, const kz_catalogue *cat, kz_arena *a, kz_err *err)
{
    n->atoms = cat->atoms;
    n->n_atoms = cat->n_atoms;
    const kz_measures *known;
    KZ_TRY(kz_measures_get(&known, err));
    n->codes = kz_arena_new(a, const char *, cat->n_atoms + 1);
    n->row = kz_arena_new(a, int, cat->n_atoms + 1);
    n->is_count = kz_arena_new(a, bool, cat->n_atoms + 1);
    if (!n->codes || !n->row || !n->is_count)
        return no_memory(err);
    for (int i = 0; i < cat->n_atoms; i++) {
        n->row[i] = cat->atoms[i].expr ? KZ_NONE : n->n_codes;
        if (cat->atoms[i].expr)
            continue;
        int m = kz_measure_find(known, cat->atoms[i].code);
        n->is_count[n->n_codes] = m >= 0 && strcmp(known->list[m].unit, "Anzahl") == 0;
        n->codes[n->n_codes++] = cat->atoms[i].code;
    }
    return KZ_OK;
}

static kz_status load_levels(kz_counts *n, kz_db *work, kz_arena *a, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM level", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    n->level_ids = kz_arena_new(a, int64_t, kz_col_int(&q, 0) + 1);
    n->level_codes = kz_arena_new(a, const char *, kz_col_int(&q, 0) + 1);
    n->institution = kz_arena_new(a, bool, kz_col_int(&q, 0) + 1);
    kz_stmt_done(&q);
    if (!n->level_ids || !n->level_codes || !n->institution)
        return no_memory(err);
    KZ_TRY(kz_prepare(work, "SELECT id, code, institution FROM level ORDER BY \"rank\", id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        n->institution[n->n_levels] = kz_col_int(&q, 2) != 0;
        n->level_codes[n->n_levels] = kz_arena_strdup(a, kz_col_text(&q, 1));
        if (!n->level_codes[n->n_levels])
            return no_memory(err);
        n->level_ids[n->n_levels++] = kz_col_int(&q, 0);
    }
    return st;
}

static kz_status load_tree(kz_counts *n, kz_db *work, kz_arena *a, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    int areas = n->m.n_areas;
    n->level = kz_arena_new(a, int, areas);
    n->parent = kz_arena_new(a, int, areas);
    n->order = kz_arena_new(a, int, areas);
    n->names = kz_arena_new(a, const char *, areas);
    if (!n->level || !n->parent || !n->order || !n->names)
        return no_memory(err);
    KZ_TRY(kz_prepare(work, "SELECT level, parent, name FROM area ORDER BY id", &q, err));
    for (int i = 0; i < areas; i++) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        KZ_ASSERT(row);
        while (n->level[i] < n->n_levels - 1 && n->level_ids[n->level[i]] != kz_col_int(&q, 0))
            n->level[i]++;
        n->parent[i] = kz_col_null(&q, 1) ? KZ_NONE : kz_matrix_area(&n->m, kz_col_int(&q, 1));
        if (!(n->names[i] = kz_arena_strdup(a, kz_col_text(&q, 2))))
            return no_memory(err);
    }
    /* Areas right below the municipality may name no parent. */
    int city = KZ_NONE;
    for (int i = 0; i < areas; i++)
        if (n->level[i] == 0)
            city = i;
    int at = 0;
    for (int level = n->n_levels - 1; level >= 0; level--)
        for (int i = 0; i < areas; i++)
            if (n->level[i] == level) {
                n->order[at++] = i;
                if (level > 0 && n->parent[i] == KZ_NONE && !n->institution[level]) {
                    n->parent[i] = city;
                    kz_area_valid_orphan(&n->valid, i, city);
                }
            }
    return KZ_OK;
}

/* What the areas of one level below each area add up to. */
typedef struct sums {
    int64_t *sum;
    int     *level, *n; /* level of the parts, KZ_NONE; how many */
    bool    *whole;     /* every part has a count                */
    bool    *bounded;   /* or one that the source hides          */
    kz_span *span;
    int32_t *import;
} sums;

static bool make_sums(sums *s, int areas, kz_arena *a)
{
    *s = (sums){ kz_arena_new(a, int64_t, areas), kz_arena_new(a, int, areas), kz_arena_new(a, int, areas),
                 kz_arena_new(a, bool, areas), kz_arena_new(a, bool, areas), kz_arena_new(a, kz_span, areas),
                 kz_arena_new(a, int32_t, areas) };
    return s->sum && s->level && s->n && s->whole && s->bounded && s->span && s->import;
}

/* The parts are those of the period's day.  Areas whose parts lie on different levels have no sum: which is
 * right cannot be known. */
static void add_up(const kz_counts *n, int measure, int period, int area, sums *s)
{
    int p = kz_counts_parent(n, period, area);
    if (p == KZ_NONE || !kz_counts_valid(n, period, area))
        return;
    size_t at = kz_matrix_at(&n->m, measure, period, area);
    int64_t v = n->m.value[at];
    if (s->n[p] == 0)
        s->level[p] = n->level[area];
    s->n[p]++;
    s->whole[p] = (s->n[p] == 1 || s->whole[p]) && v >= 0 && s->level[p] == n->level[area];
    bool hidden = n->m.state[at] == KZ_CELL_HIDDEN && n->span;
    s->bounded[p] = (s->n[p] == 1 || s->bounded[p]) && (v >= 0 || hidden) && s->level[p] == n->level[area];
    if (v >= 0)
        s->sum[p] += v;
    if (n->span) /* a span's ends stay whole numbers below 2^53 */
        s->span[p] = kz_span_add(s->span[p], v >= 0 ? kz_counts_span_exact(v) : n->span[at]);
    if (n->m.import[at] > s->import[p])
        s->import[p] = n->m.import[at];
}

static void clear(sums *s, int areas)
{
    memset(s->sum, 0, (size_t)areas * sizeof *s->sum);
    memset(s->n, 0, (size_t)areas * sizeof *s->n);
    memset(s->whole, 0, (size_t)areas * sizeof *s->whole);
    memset(s->bounded, 0, (size_t)areas * sizeof *s->bounded);
    memset(s->span, 0, (size_t)areas * sizeof *s->span);
    memset(s->import, 0, (size_t)areas * sizeof *s->import);
}

static kz_status fill_from_below(kz_counts *n, kz_arena *a, kz_err *err)
{
    sums s;
    int areas = n->m.n_areas;
    n->summed = kz_arena_new(a, bool, (size_t)n->n_codes * (size_t)n->m.n_periods * (size_t)areas + 1);
    if (!n->summed || !make_sums(&s, areas, a))
        return no_memory(err);
    for (int measure = 0; measure < n->n_codes; measure++)
        for (int period = 0; period < n->m.n_periods; period++) {
            clear(&s, areas);
            for (int i = 0; i < areas; i++) {
                int area = n->order[i];
                size_t at = kz_matrix_at(&n->m, measure, period, area);
                if (n->m.state[at] == KZ_N_CELL_STATES && s.whole[area] && n->m.adds[measure]) {
                    n->m.value[at] = s.sum[area];
                    n->m.state[at] = KZ_CELL_SHOWN;
                    n->m.import[at] = s.import[area];
                    n->summed[at] = true;
                } else if (n->m.state[at] == KZ_N_CELL_STATES && s.bounded[area] && n->m.adds[measure]) {
                    n->m.state[at] = KZ_CELL_HIDDEN;
                    n->m.import[at] = s.import[area];
                    n->summed[at] = true;
                    n->span[at] = s.span[area];
                    n->bound[at] = KZ_BOUND_SUM;
                }
                add_up(n, measure, period, area, &s);
            }
        }
    return KZ_OK;
}

/* ---- periods ---------------------------------------------------------------- */

static int digits(const char *p, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++)
        v = v * 10 + (p[i] - '0');
    return v;
}

/* 2012, 2012/13, 2012-H1, 2012-Q3, 2012-07, 2012-10-15: the form, and a number that grows by one a period. */
static void read_period(const char *code, int *form, int *ordinal)
{
    int year = digits(code, 4);
    size_t n = strlen(code);
    if (n == 4) {
        *form = KZ_FORM_YEAR;
        *ordinal = year;
    } else if (code[4] == '/') {
        *form = KZ_FORM_SCHOOL_YEAR;
        *ordinal = year;
    } else if (code[5] == 'H' || code[5] == 'Q') {
        *form = code[5] == 'H' ? KZ_FORM_HALF : KZ_FORM_QUARTER;
        *ordinal = year * (code[5] == 'H' ? 2 : 4) + digits(code + 6, 1);
    } else if (n == 7) {
        *form = KZ_FORM_MONTH;
        *ordinal = year * 12 + digits(code + 5, 2);
    } else { /* a day goes with the same day of other years */
        *form = KZ_N_FORMS + digits(code + 5, 2) * 32 + digits(code + 8, 2);
        *ordinal = year;
    }
}

static int period_at(const kz_counts *n, int form, int ordinal)
{
    for (int p = 0; p < n->m.n_periods; p++)
        if (n->form[p] == form && n->ordinal[p] == ordinal)
            return p;
    return KZ_NONE;
}

static bool has_value(const kz_counts *n, int atom, int period)
{
    size_t at = (size_t)atom * (size_t)n->m.n_periods + (size_t)period;
    if (n->row[atom] == KZ_NONE)
        return n->counted[at] || n->crossed[at];
    size_t first = kz_matrix_at(&n->m, n->row[atom], period, 0);
    bool any = false;
    for (int i = 0; i < n->m.n_areas && !any; i++)
        any = n->m.state[first + (size_t)i] != KZ_N_CELL_STATES;
    return any;
}

kz_status kz_counts_settle(kz_counts *n, kz_arena *a, kz_err *err)
{
    int periods = n->m.n_periods;
    n->form = kz_arena_new(a, int, periods + 1);
    n->ordinal = kz_arena_new(a, int, periods + 1);
    n->stands = kz_arena_new(a, int, (size_t)n->n_atoms * (size_t)periods + 1);
    if (!n->form || !n->ordinal || !n->stands)
        return no_memory(err);
    for (int p = 0; p < periods; p++)
        read_period(n->m.period_codes[p], &n->form[p], &n->ordinal[p]);
    for (int i = 0; i < n->n_atoms; i++) {
        int *stands = &n->stands[(size_t)i * (size_t)periods];
        for (int p = 0; p < periods; p++)
            stands[p] = has_value(n, i, p) ? p : KZ_NONE;
        for (int p = 0; p < periods; p++) {
            int other = n->form[p] == KZ_FORM_YEAR          ? KZ_FORM_SCHOOL_YEAR
                        : n->form[p] == KZ_FORM_SCHOOL_YEAR ? KZ_FORM_YEAR
                                                            : KZ_NONE;
            int q = stands[p] == KZ_NONE && other != KZ_NONE ? period_at(n, other, n->ordinal[p]) : KZ_NONE;
            if (q != KZ_NONE && has_value(n, i, q))
                stands[p] = q;
        }
    }
    return KZ_OK;
}

int kz_counts_term_period(const kz_counts *n, int atom, int shift, int period)
{
    if (shift > 0) {
        int form = n->form[period], ordinal = n->ordinal[period] - shift;
        period = period_at(n, form, ordinal);
        /* The form of the period may end earlier than that of the atom. */
        if (period == KZ_NONE && (form == KZ_FORM_YEAR || form == KZ_FORM_SCHOOL_YEAR))
            period = period_at(n, form == KZ_FORM_YEAR ? KZ_FORM_SCHOOL_YEAR : KZ_FORM_YEAR, ordinal);
    }
    return period == KZ_NONE ? KZ_NONE : n->stands[(size_t)atom * (size_t)n->m.n_periods + (size_t)period];
}

static kz_status load_imports(kz_counts *n, kz_db *work, kz_arena *a, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM import", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    struct kz_counts_import *p = kz_arena_new(a, struct kz_counts_import, kz_col_int(&q, 0) + 1);
    kz_stmt_done(&q);
    if (!p)
        return no_memory(err);
    KZ_TRY(kz_prepare(work, "SELECT id, source FROM import ORDER BY id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        p[n->n_imports].id = kz_col_int(&q, 0);
        if (!(p[n->n_imports++].source = kz_arena_strdup(a, kz_col_text(&q, 1))))
            return no_memory(err);
    }
    n->imports = p;
    return st;
}

kz_status kz_counts_begin(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_counts *ret, kz_err *err)
{
    kz_counts n = { 0 };
    KZ_TRY(find_measures(&n, cat, a, err));
    KZ_TRY(kz_observation_matrix(work, n.codes, n.n_codes, NULL, a, &n.m, err));
    KZ_TRY(load_levels(&n, work, a, err));
    KZ_TRY(kz_area_valid_load(work, &n.m, a, &n.valid, err));
    KZ_TRY(load_tree(&n, work, a, err));
    KZ_TRY(load_imports(&n, work, a, err));
    KZ_TRY(kz_counts_span_fill(&n, a, err));
    KZ_TRY(fill_from_below(&n, a, err));
    *ret = n;
    return KZ_OK;
}

kz_status kz_counts_finish(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_counts *counts, kz_err *err)
{
    kz_counts n = *counts;
    n.counted = kz_arena_new(a, const kz_counted *, (size_t)n.n_atoms * (size_t)n.m.n_periods + 1);
    n.crossed = kz_arena_new(a, const kz_crossed *, (size_t)n.n_atoms * (size_t)n.m.n_periods + 1);
    if (!n.counted || !n.crossed)
        return no_memory(err);
    KZ_TRY(kz_counted_load(work, cat, &n, a, err));
    KZ_TRY(kz_counts_settle(&n, a, err));
    *counts = n;
    return KZ_OK;
}

kz_status kz_counts_load(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_counts *ret, kz_err *err)
{
    kz_counts n;
    KZ_TRY(kz_counts_begin(work, cat, a, &n, err));
    KZ_TRY(kz_counts_finish(work, cat, a, &n, err));
    *ret = n;
    return KZ_OK;
}

kz_status kz_counts_compare(const kz_counts *n, kz_arena *a, kz_counts_check *ret, kz_err *err)
{
    sums s;
    kz_counts_check c = { 0 };
    int areas = n->m.n_areas;
    if (!make_sums(&s, areas, a))
        return no_memory(err);
    for (int measure = 0; measure < n->n_codes; measure++)
        for (int period = 0; period < n->m.n_periods; period++) {
            clear(&s, areas);
            for (int i = 0; i < areas; i++) {
                int area = n->order[i];
                size_t at = kz_matrix_at(&n->m, measure, period, area);
                if (s.whole[area] && n->m.adds[measure] && n->m.value[at] >= 0 && !n->summed[at]) {
                    c.compared++;
                    if (s.sum[area] != n->m.value[at] && c.differing++ == 0) {
                        c.measure = n->codes[measure];
                        c.period = n->m.period_codes[period];
                        c.area = n->names[area];
                        c.own = n->m.value[at];
                        c.sum = s.sum[area];
                    }
                }
                add_up(n, measure, period, area, &s);
            }
        }
    *ret = c;
    return KZ_OK;
}

kz_cell_state kz_cell_state_join(kz_cell_state a, kz_cell_state b)
{
    static const uint8_t WEIGHT[KZ_N_CELL_STATES + 1] = {
        [KZ_CELL_SHOWN] = 0, [KZ_CELL_ZERO] = 0, [KZ_CELL_REVISED] = 1, [KZ_CELL_PRELIMINARY] = 2,
        [KZ_CELL_ESTIMATED] = 3, [KZ_CELL_LIMITED] = 4, [KZ_CELL_BELOW_UNIT] = 5, [KZ_CELL_UNRELIABLE] = 6,
        [KZ_CELL_MEANINGLESS] = 7, [KZ_CELL_LATER] = 8, [KZ_N_CELL_STATES] = 8, [KZ_CELL_HIDDEN] = 9,
    };
    return WEIGHT[b] > WEIGHT[a] ? b : a;
}

kz_count kz_counts_atom(const kz_counts *n, int atom, int period, int area)
{
    if (n->row[atom] != KZ_NONE) {
        size_t at = kz_matrix_at(&n->m, n->row[atom], period, area);
        kz_count c = { .value = n->m.value[at], .known = n->m.value[at] != KZ_NO_VALUE, .state = n->m.state[at],
                       .import = n->m.import[at], .decimals = n->m.decimals[n->row[atom]] };
        if (c.state == KZ_CELL_HIDDEN && n->span) {
            c.span = n->span[at];
            c.bound = n->bound[at];
        }
        return c;
    }
    const kz_counted *c = n->counted[(size_t)atom * (size_t)n->m.n_periods + (size_t)period];
    if (!c || c->value[area] < 0)
        return (kz_count){ .value = KZ_NO_VALUE, .state = KZ_N_CELL_STATES };
    return (kz_count){ .value = c->value[area], .known = true, .state = KZ_CELL_SHOWN, .import = c->import };
}

bool kz_counts_summed(const kz_counts *n, int atom, int period, int area)
{
    return n->row[atom] != KZ_NONE && n->summed[kz_matrix_at(&n->m, n->row[atom], period, area)];
}

/* NULL: nothing came. */
static const char *source_of(const kz_counts *n, int atom, int shift, int period, int area)
{
    if (n->atoms[atom].expr)
        return n->atoms[atom].expr->name;
    int p = kz_counts_term_period(n, atom, shift, period), lo = 0, hi = n->n_imports;
    int64_t id = p == KZ_NONE ? 0 : kz_counts_atom(n, atom, p, area).import;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (n->imports[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n->n_imports && n->imports[lo].id == id ? n->imports[lo].source : NULL;
}

bool kz_counts_one_source(const kz_counts *n, const kz_form *part, const kz_form *whole, int period, int area)
{
    const char *one = NULL;
    bool same = true;
    for (int k = 0; k < 2; k++) {
        const kz_form *f = k ? whole : part;
        for (int t = 0; t < f->n; t++) {
            const char *s = source_of(n, f->term[t].index, f->term[t].shift, period, area);
            same &= !s || !one || strcmp(s, one) == 0;
            one = one ? one : s;
        }
    }
    return same;
}

bool kz_counts_native(const kz_counts *n, const kz_form *f, int period)
{
    bool native = false;
    for (int i = 0; i < f->n && !native; i++)
        native = f->term[i].shift == 0 && kz_counts_term_period(n, f->term[i].index, 0, period) == period;
    return native;
}

kz_span kz_count_span(const kz_count *c)
{
    return c->known ? kz_counts_span_exact(c->value)
           : c->state == KZ_CELL_HIDDEN ? c->span : kz_counts_span_any(false);
}

/* An open end is on its own side. */
static kz_span sided(kz_span s)
{
    return (kz_span){ s.lo >= KZ_SPAN_OPEN ? KZ_SPAN_OPEN - 1 : s.lo, s.hi <= -KZ_SPAN_OPEN ? 1 - KZ_SPAN_OPEN : s.hi };
}

/* A form in which something is hidden; of what is missing too, one knows nothing. */
static kz_span form_span(const kz_counts *n, const kz_form *f, int period, int area, int decimals)
{
    kz_span all = { 0, 0 };
    for (int i = 0; i < f->n; i++) {
        int p = kz_counts_term_period(n, f->term[i].index, f->term[i].shift, period);
        kz_count one = { .value = KZ_NO_VALUE, .state = KZ_N_CELL_STATES };
        if (p != KZ_NONE)
            one = kz_counts_atom(n, f->term[i].index, p, area);
        int64_t factor = f->term[i].factor * kz_pow10(decimals - one.decimals);
        all = sided(kz_span_add(all, sided(kz_span_times(kz_count_span(&one), factor))));
    }
    return all;
}

kz_count kz_counts_form(const kz_counts *n, const kz_form *f, int period, int area)
{
    kz_count c = { .value = 0, .known = true, .state = KZ_CELL_SHOWN };
    bool any = false;
    for (int i = 0; i < f->n; i++) {
        int row = n->row[f->term[i].index], decimals = row == KZ_NONE ? 0 : n->m.decimals[row];
        c.decimals = decimals > c.decimals ? decimals : c.decimals;
    }
    for (int i = 0; i < f->n; i++) {
        int p = kz_counts_term_period(n, f->term[i].index, f->term[i].shift, period);
        kz_count one = { .value = KZ_NO_VALUE, .state = KZ_N_CELL_STATES };
        if (p != KZ_NONE)
            one = kz_counts_atom(n, f->term[i].index, p, area);
        any |= one.state != KZ_N_CELL_STATES;
        if (!one.known) {
            c.known = false;
            if (one.state == KZ_CELL_SHOWN || one.state == KZ_CELL_ZERO || one.state == KZ_N_CELL_STATES)
                one.state = KZ_CELL_LATER;
        } else {
            c.value += f->term[i].factor * one.value * kz_pow10(c.decimals - one.decimals);
        }
        c.state = kz_cell_state_join(c.state, one.state);
        if (one.import > c.import)
            c.import = one.import;
    }
    if (!c.known)
        c.value = KZ_NO_VALUE;
    if (!any)
        c.state = KZ_N_CELL_STATES;
    if (c.state == KZ_CELL_HIDDEN)
        c.span = form_span(n, f, period, area, c.decimals);
    return c;
}
