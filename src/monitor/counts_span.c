#include "monitor/counts_span.h"

#include <string.h>

#include "monitor/measure.h"

/* Of one measure, period and delivery, by area. */
typedef struct walk {
    kz_counts *n;
    int measure, period;
    int32_t import;
    int64_t *floor, *sum, *top; /* surely there; of its parts; at most (KZ_SPAN_OPEN: unknown) */
    int *level;                 /* of its parts; KZ_NONE: none yet, MIXED: several             */
} walk;

enum { MIXED = -2 };

kz_span kz_counts_span_any(bool is_count)
{
    return (kz_span){ is_count ? 0 : -KZ_SPAN_OPEN, KZ_SPAN_OPEN };
}

kz_span kz_counts_span_exact(int64_t value)
{
    if (value >= KZ_SPAN_OPEN)
        return (kz_span){ KZ_SPAN_OPEN - 1, KZ_SPAN_OPEN };
    if (value <= -KZ_SPAN_OPEN)
        return (kz_span){ -KZ_SPAN_OPEN, 1 - KZ_SPAN_OPEN };
    return kz_span_of(value);
}

static size_t at(const walk *w, int area)
{
    return kz_matrix_at(&w->n->m, w->measure, w->period, area);
}

static bool is_known(const walk *w, int area)
{
    return w->n->m.import[at(w, area)] == w->import && w->n->m.value[at(w, area)] >= 0;
}

static bool is_hidden(const walk *w, int area)
{
    return w->n->m.import[at(w, area)] == w->import && w->n->m.state[at(w, area)] == KZ_CELL_HIDDEN;
}

/* From below: what is surely there. */
static void find_floors(walk *w)
{
    int areas = w->n->m.n_areas;
    for (int i = 0; i < areas; i++) {
        w->sum[i] = 0;
        w->level[i] = KZ_NONE;
    }
    for (int i = 0; i < areas; i++) {
        int area = w->n->order[i];
        w->floor[area] = is_known(w, area) ? w->n->m.value[at(w, area)] : w->level[area] == MIXED ? 0 : w->sum[area];
        int p = kz_counts_valid(w->n, w->period, area) ? kz_counts_parent(w->n, w->period, area) : KZ_NONE;
        if (p == KZ_NONE)
            continue;
        if (w->level[p] == KZ_NONE)
            w->level[p] = w->n->level[area];
        else if (w->level[p] != w->n->level[area])
            w->level[p] = MIXED; /* two divisions of one area: they must not be added up */
        w->sum[p] += w->floor[area];
    }
}

/* From above: what is left of the area above. */
static void find_tops(walk *w)
{
    for (int i = w->n->m.n_areas - 1; i >= 0; i--) {
        int area = w->n->order[i];
        int p = kz_counts_valid(w->n, w->period, area) ? kz_counts_parent(w->n, w->period, area) : KZ_NONE;
        w->top[area] = KZ_SPAN_OPEN;
        if (is_known(w, area)) {
            w->top[area] = w->n->m.value[at(w, area)];
        } else if (p != KZ_NONE && w->top[p] != KZ_SPAN_OPEN) {
            int64_t others = w->level[p] == MIXED ? 0 : w->sum[p] - w->floor[area];
            int64_t left = w->top[p] - others;
            w->top[area] = left < w->floor[area] ? KZ_SPAN_OPEN : left; /* more parts than there is: nothing is sure */
        }
    }
}

static void fill_delivery(walk *w)
{
    find_floors(w);
    find_tops(w);
    for (int i = 0; i < w->n->m.n_areas; i++)
        if (is_hidden(w, i)) {
            w->n->span[at(w, i)] = (kz_span){ w->floor[i], w->top[i] };
            w->n->bound[at(w, i)] = w->top[i] == KZ_SPAN_OPEN ? KZ_BOUND_NONE : KZ_BOUND_ABOVE;
        }
}

/* Is any value hidden?  Then each delivery that hides one is looked at by itself. */
static void fill_period(walk *w)
{
    int32_t last = 0; /* ids grow: the next larger one that hides something */
    for (;;) {
        int32_t next = 0;
        for (int i = 0; i < w->n->m.n_areas; i++) {
            int32_t import = w->n->m.import[at(w, i)];
            if (w->n->m.state[at(w, i)] == KZ_CELL_HIDDEN && import > last && (next == 0 || import < next))
                next = import;
        }
        if (next == 0)
            return;
        w->import = last = next;
        fill_delivery(w);
    }
}

/* ---- measures that are parts of others ------------------------------------------ */

static int row_of(const kz_counts *n, const char *code)
{
    int lo = 0, hi = n->n_codes;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (strcmp(n->codes[mid], code) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n->n_codes && strcmp(n->codes[lo], code) == 0 ? lo : KZ_NONE;
}

static kz_span span_at(const kz_counts *n, size_t at)
{
    return n->m.value[at] >= 0 ? kz_counts_span_exact(n->m.value[at])
           : n->m.state[at] == KZ_CELL_HIDDEN ? n->span[at] : kz_counts_span_any(true);
}

/* Tighten one hidden value; a contradiction leaves it alone. */
static void meet(kz_counts *n, size_t at, kz_span other)
{
    kz_span both;
    if (n->m.state[at] != KZ_CELL_HIDDEN || !kz_span_meet(n->span[at], other, &both))
        return;
    if (both.hi < n->span[at].hi)
        n->bound[at] = KZ_BOUND_WHOLE;
    n->span[at] = both;
}

static void relate(kz_counts *n, const int rows[], int n_parts, int whole, int period, int area)
{
    size_t top = kz_matrix_at(&n->m, whole, period, area);
    int64_t sum = 0;
    for (int k = 0; k < n_parts; k++) {
        size_t part = rows[k] == KZ_NONE ? top : kz_matrix_at(&n->m, rows[k], period, area);
        if (part != top && n->m.import[part] == n->m.import[top])
            sum += span_at(n, part).lo;
    }
    kz_span all = span_at(n, top);
    for (int k = 0; k < n_parts; k++) {
        size_t part = rows[k] == KZ_NONE ? top : kz_matrix_at(&n->m, rows[k], period, area);
        if (part == top || n->m.import[part] != n->m.import[top] || all.hi == KZ_SPAN_OPEN)
            continue;
        int64_t left = all.hi - (sum - span_at(n, part).lo);
        if (left >= 0)
            meet(n, part, (kz_span){ 0, left });
    }
    meet(n, top, (kz_span){ sum, KZ_SPAN_OPEN });
}

static void fill_relations(kz_counts *n, const kz_measures *known)
{
    for (int r = 0; r < known->n_relations; r++) {
        const kz_relation *rel = &known->relations[r];
        int rows[KZ_RELATION_PARTS], whole = row_of(n, known->list[rel->whole].code);
        for (int k = 0; k < rel->n_parts; k++)
            rows[k] = row_of(n, known->list[rel->parts[k]].code);
        for (int p = 0; whole != KZ_NONE && p < n->m.n_periods; p++)
            for (int i = 0; i < n->m.n_areas; i++)
                if (n->m.import[kz_matrix_at(&n->m, whole, p, i)] > 0)
                    relate(n, rows, rel->n_parts, whole, p, i);
    }
}

kz_status kz_counts_span_fill(kz_counts *n, kz_arena *a, kz_err *err)
{
    size_t areas = (size_t)n->m.n_areas, cells = (size_t)n->n_codes * (size_t)n->m.n_periods * areas;
    const kz_measures *known;
    n->span = NULL;
    n->bound = NULL;
    if (!memchr(n->m.state, KZ_CELL_HIDDEN, cells))
        return KZ_OK;
    KZ_TRY(kz_measures_get(&known, err));
    walk w = { .n = n, .floor = kz_arena_new(a, int64_t, areas + 1), .sum = kz_arena_new(a, int64_t, areas + 1),
               .top = kz_arena_new(a, int64_t, areas + 1), .level = kz_arena_new(a, int, areas + 1) };
    n->span = kz_arena_new(a, kz_span, cells + 1);
    n->bound = kz_arena_new(a, uint8_t, cells + 1);
    if (!w.floor || !w.sum || !w.top || !w.level || !n->span || !n->bound)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    for (w.measure = 0; w.measure < n->n_codes; w.measure++) {
        bool counts = n->is_count[w.measure] && n->m.adds[w.measure];
        for (w.period = 0; w.period < n->m.n_periods; w.period++) {
            size_t first = at(&w, 0);
            if (areas == 0 || !memchr(&n->m.state[first], KZ_CELL_HIDDEN, areas))
                continue;
            for (size_t i = 0; i < areas; i++)
                n->span[first + i] = kz_counts_span_any(counts);
            if (counts)
                fill_period(&w);
        }
    }
    fill_relations(n, known);
    return KZ_OK;
}
