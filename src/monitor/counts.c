#include "monitor/counts.h"

#include "monitor/measure.h"

#include <stdlib.h>
#include <string.h>

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static kz_status sort_codes(kz_counts *n, const char *const codes[], int count, kz_arena *a, kz_err *err)
{
    n->codes = kz_arena_new(a, const char *, count + 1);
    if (!n->codes)
        return no_memory(err);
    memcpy(n->codes, codes, (size_t)count * sizeof *codes);
    if (count > 1)
        qsort(n->codes, (size_t)count, sizeof *n->codes, by_text);
    for (int i = 0; i < count; i++)
        if (n->n_codes == 0 || strcmp(n->codes[n->n_codes - 1], n->codes[i]) != 0)
            n->codes[n->n_codes++] = n->codes[i];
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
    kz_stmt_done(&q);
    if (!n->level_ids)
        return no_memory(err);
    KZ_TRY(kz_prepare(work, "SELECT id FROM level ORDER BY \"rank\", id", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row)
        n->level_ids[n->n_levels++] = kz_col_int(&q, 0);
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
                if (level > 0 && n->parent[i] == KZ_NONE) {
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
    int32_t *import;
} sums;

static bool make_sums(sums *s, int areas, kz_arena *a)
{
    *s = (sums){ kz_arena_new(a, int64_t, areas), kz_arena_new(a, int, areas), kz_arena_new(a, int, areas),
                 kz_arena_new(a, bool, areas), kz_arena_new(a, int32_t, areas) };
    return s->sum && s->level && s->n && s->whole && s->import;
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
    if (v >= 0)
        s->sum[p] += v;
    if (n->m.import[at] > s->import[p])
        s->import[p] = n->m.import[at];
}

static void clear(sums *s, int areas)
{
    memset(s->sum, 0, (size_t)areas * sizeof *s->sum);
    memset(s->n, 0, (size_t)areas * sizeof *s->n);
    memset(s->whole, 0, (size_t)areas * sizeof *s->whole);
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
                }
                add_up(n, measure, period, area, &s);
            }
        }
    return KZ_OK;
}

kz_status kz_counts_load(kz_db *work, const char *const codes[], int count, kz_arena *a, kz_counts *ret, kz_err *err)
{
    kz_counts n = { 0 };
    KZ_TRY(sort_codes(&n, codes, count, a, err));
    KZ_TRY(kz_observation_matrix(work, n.codes, n.n_codes, NULL, a, &n.m, err));
    KZ_TRY(load_levels(&n, work, a, err));
    KZ_TRY(kz_area_valid_load(work, &n.m, a, &n.valid, err));
    KZ_TRY(load_tree(&n, work, a, err));
    KZ_TRY(fill_from_below(&n, a, err));
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

int kz_counts_measure(const kz_counts *n, const char *code)
{
    const char **found = n->n_codes
                             ? bsearch(&code, n->codes, (size_t)n->n_codes, sizeof *n->codes, by_text)
                             : NULL;
    return found ? (int)(found - n->codes) : KZ_NONE;
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

kz_count kz_counts_form(const kz_counts *n, const kz_form *f, int period, int area)
{
    kz_count c = { .value = 0, .state = KZ_CELL_SHOWN };
    bool whole = true, any = false;
    for (int i = 0; i < f->n; i++) {
        int measure = kz_counts_measure(n, f->term[i].measure);
        KZ_ASSERT(measure != KZ_NONE);
        if (n->m.decimals[measure] > c.decimals)
            c.decimals = n->m.decimals[measure];
    }
    for (int i = 0; i < f->n; i++) {
        int measure = kz_counts_measure(n, f->term[i].measure);
        size_t at = kz_matrix_at(&n->m, measure, period, area);
        kz_cell_state s = n->m.state[at];
        any |= s != KZ_N_CELL_STATES;
        if (n->m.value[at] < 0) {
            whole = false;
            if (s == KZ_CELL_SHOWN || s == KZ_CELL_ZERO || s == KZ_N_CELL_STATES)
                s = KZ_CELL_LATER;
        } else {
            c.value += f->term[i].sign * n->m.value[at] * kz_pow10(c.decimals - n->m.decimals[measure]);
        }
        c.state = kz_cell_state_join(c.state, s);
        if (n->m.import[at] > c.import)
            c.import = n->m.import[at];
    }
    if (!whole)
        c.value = KZ_NO_VALUE;
    if (!any)
        c.state = KZ_N_CELL_STATES;
    return c;
}

const char **kz_catalogue_measures(const kz_catalogue *cat, kz_arena *a, int *ret_n)
{
    size_t most = 0;
    int n = 0;
    for (int i = 0; i < cat->n; i++)
        most += ((size_t)cat->indicators[i].n_groups + 1) * KZ_MAX_TERMS;
    const char **codes = kz_arena_new(a, const char *, most + 1);
    for (int i = 0; codes && i < cat->n; i++) {
        const kz_indicator *ind = &cat->indicators[i];
        for (int g = -1; g < ind->n_groups; g++) {
            const kz_form *f = g < 0 ? &ind->denominator : &ind->groups[g].numerator;
            for (int t = 0; t < f->n; t++)
                codes[n++] = f->term[t].measure;
        }
    }
    *ret_n = n;
    return codes;
}
