#include "monitor/compute_stamp.h"

#include "base/rng.h"
#include "monitor/counted.h"

#include <stdio.h>
#include <string.h>

enum { STAMP_MOST = 24, METHOD = 5 /* of reckon.h: another one, other stamps */ };

static uint64_t mix(uint64_t h, uint64_t v)
{
    return kz_rng_mix(h ^ kz_rng_mix(v + UINT64_C(0x9E3779B97F4A7C15)));
}

static uint64_t mix_text(uint64_t h, const char *s)
{
    for (; *s; s++)
        h = mix(h, (uint8_t)*s);
    return mix(h, 256);
}

typedef struct stamper {
    const kz_catalogue *cat;
    const kz_counts *n;
    kz_reckoner *r;
    uint64_t *atoms;    /* [atom][period]; 0: nothing came  */
    bool *atom_level;   /* [atom][level]: anything there?   */
    uint64_t *of;
    bool *in_period, *on_level;
    uint64_t world;
} stamper;

static size_t by_period(const stamper *s, int i, int period)
{
    return (size_t)i * (size_t)s->n->m.n_periods + (size_t)period;
}

/* ---- atoms ----------------------------------------------------------------- */

/* Values of a measure in a period, from the matrix as it was loaded. */
static uint64_t of_measure(stamper *s, int atom, int period)
{
    const kz_matrix *m = &s->n->m;
    int row = s->n->row[atom];
    uint64_t h = 0;
    for (int a = 0; a < m->n_areas; a++) {
        size_t at = kz_matrix_at(m, row, period, a);
        if (m->state[at] == KZ_N_CELL_STATES)
            continue;
        s->atom_level[(size_t)atom * (size_t)s->n->n_levels + (size_t)s->n->level[a]] = true;
        h = mix(h + 1, (uint64_t)m->areas[a]);
        h = mix(h, (uint64_t)m->value[at] * 16 + m->state[at] + ((uint64_t)m->import[at] << 40));
        if (m->state[at] == KZ_CELL_HIDDEN && s->n->span) /* bounds come from other measures, too */
            h = mix(mix(h, (uint64_t)s->n->span[at].lo), (uint64_t)s->n->span[at].hi);
    }
    return h ? mix(h, 2 * (uint64_t)m->decimals[row] + (uint64_t)m->adds[row]) : 0;
}

/* Person rows by the stamps they were counted with. */
static kz_status of_rows(stamper *s, kz_db *work, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT atom, period, stamp FROM counted", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        const kz_atom *atom = kz_catalogue_atom(s->cat, kz_col_text(&q, 0));
        for (int p = 0; atom && p < s->n->m.n_periods; p++)
            if (s->n->m.periods[p] == kz_col_int(&q, 1))
                s->atoms[by_period(s, (int)(atom - s->cat->atoms), p)] = mix_text(1, kz_col_text(&q, 2));
    }
    return st;
}

static kz_status of_atoms(stamper *s, kz_db *work, kz_err *err)
{
    KZ_TRY(of_rows(s, work, err));
    for (int i = 0; i < s->cat->n_atoms; i++)
        for (int p = 0; p < s->n->m.n_periods; p++) {
            if (s->n->row[i] != KZ_NONE) {
                s->atoms[by_period(s, i, p)] = of_measure(s, i, p);
                continue;
            }
            const kz_counted *c = s->n->counted[by_period(s, i, p)];
            for (int a = 0; c && a < s->n->m.n_areas; a++)
                if (c->value[a] >= 0)
                    s->atom_level[(size_t)i * (size_t)s->n->n_levels + (size_t)s->n->level[a]] = true;
        }
    return KZ_OK;
}

/* ---- indicators ---------------------------------------------------------------- */

static uint64_t of_form(const stamper *s, uint64_t h, const kz_form *f, int period)
{
    h = mix(h, (uint64_t)f->n);
    for (int t = 0; t < f->n; t++) {
        int p = kz_counts_term_period(s->n, f->term[t].index, f->term[t].shift, period);
        h = mix_text(h, f->term[t].atom);
        h = mix(h, (uint64_t)(int64_t)f->term[t].factor);
        h = mix(h, (uint64_t)f->term[t].shift);
        if (p != KZ_NONE)
            h = mix(mix(h, (uint64_t)s->n->m.periods[p]), s->atoms[by_period(s, f->term[t].index, p)]);
    }
    return h;
}

static uint64_t of_mix(const stamper *s, uint64_t h, const kz_expr *mixed, int period)
{
    kz_auto(kz_buf) text = kz_buf_init(2 * KZ_EXPR_BYTES);
    kz_expr_write(&text, mixed);
    h = mix_text(h, kz_buf_text(&text));
    for (int k = 0; k < mixed->n_arg; k++) {
        const kz_indicator *part = kz_catalogue_find(s->cat, mixed->arg[k]->name);
        int p = kz_reckon_part_period(s->r, mixed->arg[k], period);
        h = mix(h, p == KZ_NONE ? 0 : s->of[by_period(s, (int)(part - s->cat->indicators), p)]);
        if (mixed->arg[k]->op != KZ_X_PROFILE)
            continue;
        kz_auto(kz_buf) code = kz_buf_init(512);
        kz_buf_fmt(&code, "cross(%s.%s)", mixed->arg[k]->of, mixed->arg[k]->column);
        const kz_atom *cross = kz_catalogue_atom(s->cat, kz_buf_text(&code));
        h = mix(h, cross ? s->atoms[by_period(s, (int)(cross - s->cat->atoms), period)] : 0);
    }
    return h;
}

static void mark_levels(stamper *s, int at)
{
    const kz_indicator *ind = &s->cat->indicators[at];
    size_t levels = (size_t)s->n->n_levels;
    bool *on = &s->on_level[(size_t)at * levels];
    for (int g = 0; g < ind->n_groups && !ind->mix; g++)
        for (int t = 0; t < ind->groups[g].numerator.n; t++)
            for (size_t l = 0; l < levels; l++)
                on[l] |= s->atom_level[(size_t)ind->groups[g].numerator.term[t].index * levels + l];
    for (int k = 0; ind->mix && k < ind->mix->n_arg; k++) {
        const kz_indicator *part = kz_catalogue_find(s->cat, ind->mix->arg[k]->name);
        for (size_t l = 0; l < levels; l++)
            on[l] |= ind->kind == KZ_KIND_PROFILE ? s->n->institution[l]
                                                  : s->on_level[(size_t)(part - s->cat->indicators) * levels + l];
    }
}

static void of_indicator(stamper *s, int at)
{
    const kz_indicator *ind = &s->cat->indicators[at];
    uint64_t base = mix_text(mix(s->world, (uint64_t)ind->kind), ind->id);
    base = mix(mix(base, (uint64_t)ind->min_denominator), (uint64_t)ind->from_first);
    mark_levels(s, at);
    for (int l = 0; l < s->n->n_levels; l++)
        if (s->on_level[(size_t)at * (size_t)s->n->n_levels + (size_t)l])
            base = mix(base, (uint64_t)s->n->level_ids[l]);
    int first = ind->from_first ? kz_reckon_first(s->r, ind) : KZ_NONE;
    for (int p = 0; p < s->n->m.n_periods; p++) {
        uint64_t h = mix(base, (uint64_t)s->n->m.periods[p]);
        int den = ind->from_first && first != KZ_NONE ? first : p;
        for (int g = 0; g < ind->n_groups && !ind->mix; g++) {
            h = mix_text(h, ind->groups[g].code);
            h = of_form(s, h, &ind->groups[g].numerator, p);
            h = of_form(s, h, &ind->groups[g].denominator, den);
        }
        s->of[by_period(s, at, p)] = ind->mix ? of_mix(s, h, ind->mix, p) : h;
        s->in_period[by_period(s, at, p)] = kz_reckon_in_period(s->r, ind, p);
    }
}

kz_status kz_stamps_make(kz_db *work, kz_reckoner *r, kz_arena *a, kz_stamps *ret, kz_err *err)
{
    const kz_catalogue *cat = r->cat;
    const kz_counts *n = r->n;
    const kz_place_index *places;
    size_t periods = (size_t)n->m.n_periods, levels = (size_t)n->n_levels;
    stamper s = { .cat = cat, .n = n, .r = r, .atoms = kz_arena_new(a, uint64_t, (size_t)cat->n_atoms * periods + 1),
                  .atom_level = kz_arena_new(a, bool, (size_t)cat->n_atoms * levels + 1),
                  .of = kz_arena_new(a, uint64_t, (size_t)cat->n * periods + 1),
                  .in_period = kz_arena_new(a, bool, (size_t)cat->n * periods + 1),
                  .on_level = kz_arena_new(a, bool, (size_t)cat->n * levels + 1) };
    if (!s.atoms || !s.atom_level || !s.of || !s.in_period || !s.on_level)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    KZ_TRY(kz_place_index_make(work, n, a, &places, err));
    KZ_TRY(of_atoms(&s, work, err));
    s.world = mix(kz_place_version(places), METHOD);
    for (int k = 0; k < cat->n; k++)
        of_indicator(&s, cat->order[k]); /* parts before what is made of them */
    *ret = (kz_stamps){ cat, n, s.of, s.in_period, s.on_level };
    return KZ_OK;
}

/* ---- in the database --------------------------------------------------------------- */

static void write_stamp(const kz_stamps *s, const kz_indicator *ind, int period, char out[STAMP_MOST])
{
    size_t at = (size_t)(ind - s->cat->indicators) * (size_t)s->n->m.n_periods + (size_t)period;
    snprintf(out, STAMP_MOST, "%016llx", (unsigned long long)s->of[at]);
}

static kz_status delete_cells(kz_db *work, const char *indicator, int64_t period, kz_err *err)
{
    kz_auto(kz_stmt) drop = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "DELETE FROM cell WHERE indicator = (SELECT id FROM indicator WHERE code = ?1) AND grp IN "
                            "(SELECT g.id FROM indicator_group g JOIN indicator i ON i.id = g.indicator WHERE i.code = "
                            "?1) AND period = ?2", &drop, err));
    kz_bind_text(&drop, 1, indicator);
    kz_bind_int(&drop, 2, period);
    return kz_run(&drop, err);
}

kz_status kz_stamps_compare(kz_db *work, const kz_stamps *s, const kz_indicator *ind, bool same[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, drop = KZ_STMT_INIT;
    int periods = s->n->m.n_periods;
    kz_status st;
    bool row;
    memset(same, 0, (size_t)periods * sizeof *same);
    KZ_TRY(kz_prepare(work, "SELECT c.period, c.stamp FROM computed c JOIN indicator i ON i.id = c.indicator WHERE "
                            "i.code = ?1", &q, err));
    KZ_TRY(kz_prepare(work, "DELETE FROM computed WHERE indicator = (SELECT id FROM indicator WHERE code = ?1) AND "
                            "period = ?2", &drop, err));
    kz_bind_text(&q, 1, ind->id);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        char stamp[STAMP_MOST];
        int p = 0;
        while (p < periods && s->n->m.periods[p] != kz_col_int(&q, 0))
            p++;
        if (p < periods && kz_stamps_in_period(s, ind, p)) {
            write_stamp(s, ind, p, stamp);
            same[p] = strcmp(stamp, kz_col_text(&q, 1)) == 0;
            continue;
        }
        KZ_TRY(delete_cells(work, ind->id, kz_col_int(&q, 0), err));
        kz_bind_text(&drop, 1, ind->id);
        kz_bind_int(&drop, 2, kz_col_int(&q, 0));
        KZ_TRY(kz_run(&drop, err));
    }
    return st;
}

kz_status kz_stamps_replace(kz_db *work, const kz_stamps *s, const kz_indicator *ind, int period, kz_err *err)
{
    kz_auto(kz_stmt) note = KZ_STMT_INIT;
    char stamp[STAMP_MOST];
    write_stamp(s, ind, period, stamp);
    KZ_TRY(delete_cells(work, ind->id, s->n->m.periods[period], err));
    KZ_TRY(kz_prepare(work, "INSERT INTO computed (indicator, period, stamp) SELECT id, ?2, ?3 FROM indicator WHERE "
                            "code = ?1 ON CONFLICT (indicator, period) DO UPDATE SET stamp = excluded.stamp", &note,
                      err));
    kz_bind_text(&note, 1, ind->id);
    kz_bind_int(&note, 2, s->n->m.periods[period]);
    kz_bind_text(&note, 3, stamp);
    return kz_run(&note, err);
}

kz_status kz_stamps_drop_unknown(kz_db *work, const kz_catalogue *cat, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, drop = KZ_STMT_INIT, forget = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT i.id, i.code FROM indicator i WHERE EXISTS (SELECT 1 FROM computed c WHERE "
                            "c.indicator = i.id) OR EXISTS (SELECT 1 FROM cell c WHERE c.indicator = i.id)", &q, err));
    KZ_TRY(kz_prepare(work, "DELETE FROM cell WHERE indicator = ?1", &drop, err));
    KZ_TRY(kz_prepare(work, "DELETE FROM computed WHERE indicator = ?1", &forget, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        if (kz_catalogue_find(cat, kz_col_text(&q, 1)))
            continue;
        kz_bind_int(&drop, 1, kz_col_int(&q, 0));
        KZ_TRY(kz_run(&drop, err));
        kz_bind_int(&forget, 1, kz_col_int(&q, 0));
        KZ_TRY(kz_run(&forget, err));
    }
    return st;
}
