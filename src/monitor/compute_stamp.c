#include "monitor/compute_stamp.h"

#include "base/rng.h"
#include "monitor/counted.h"

#include <stdio.h>
#include <string.h>

enum { STAMP_MOST = 24, METHOD = 1 /* of reckon.h: another one, other stamps */ };

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

/* Values of measures, from the matrix as it was loaded; by ids, so that periods without a value do not count. */
static uint64_t of_measure(const kz_counts *n, int row)
{
    uint64_t h = 1 + 2 * (uint64_t)n->m.decimals[row] + (uint64_t)n->m.adds[row];
    for (int p = 0; p < n->m.n_periods; p++)
        for (int a = 0; a < n->m.n_areas; a++) {
            size_t at = kz_matrix_at(&n->m, row, p, a);
            if (n->m.state[at] == KZ_N_CELL_STATES)
                continue;
            h = mix(h ^ ((uint64_t)n->m.periods[p] << 32), (uint64_t)n->m.areas[a]);
            h = mix(h, (uint64_t)n->m.value[at] * 16 + n->m.state[at] + ((uint64_t)n->m.import[at] << 40));
        }
    return h;
}

/* Of each atom; those of person rows by the stamps they were counted with. */
static kz_status of_atoms(kz_db *work, const kz_catalogue *cat, const kz_counts *n, uint64_t atoms[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    for (int i = 0; i < cat->n_atoms; i++)
        atoms[i] = n->row[i] == KZ_NONE ? 2 : of_measure(n, n->row[i]);
    KZ_TRY(kz_prepare(work, "SELECT atom, period, stamp FROM counted ORDER BY atom, period", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        const kz_atom *atom = kz_catalogue_atom(cat, kz_col_text(&q, 0));
        if (atom)
            atoms[atom - cat->atoms] = mix_text(mix(atoms[atom - cat->atoms], (uint64_t)kz_col_int(&q, 1)),
                                                kz_col_text(&q, 2));
    }
    return st;
}

static uint64_t of_form(uint64_t h, const kz_form *f, const uint64_t atoms[])
{
    h = mix(h, (uint64_t)f->n);
    for (int t = 0; t < f->n; t++) {
        h = mix_text(h, f->term[t].atom);
        h = mix(h, (uint64_t)(int64_t)f->term[t].factor);
        h = mix(h, (uint64_t)f->term[t].shift);
        h = mix(h, atoms[f->term[t].index]);
    }
    return h;
}

static uint64_t of_mix(uint64_t h, const kz_catalogue *cat, const kz_expr *mixed, const uint64_t atoms[],
                       const uint64_t of[])
{
    kz_auto(kz_buf) text = kz_buf_init(2 * KZ_EXPR_BYTES);
    kz_expr_write(&text, mixed);
    h = mix_text(h, kz_buf_text(&text));
    for (int k = 0; k < mixed->n_arg; k++) {
        const kz_indicator *part = kz_catalogue_find(cat, mixed->arg[k]->name);
        h = mix(h, part ? of[part - cat->indicators] : 0);
        kz_auto(kz_buf) code = kz_buf_init(512);
        if (mixed->arg[k]->op == KZ_X_PROFILE)
            kz_buf_fmt(&code, "cross(%s.%s)", mixed->arg[k]->of, mixed->arg[k]->column);
        const kz_atom *cross = kz_catalogue_atom(cat, kz_buf_text(&code));
        h = mix(h, cross ? atoms[cross - cat->atoms] : 0);
    }
    return h;
}

kz_status kz_stamps_make(kz_db *work, const kz_catalogue *cat, const kz_counts *n, kz_arena *a, kz_stamps *ret,
                         kz_err *err)
{
    const kz_place_index *places;
    uint64_t *atoms = kz_arena_new(a, uint64_t, cat->n_atoms + 1), *of = kz_arena_new(a, uint64_t, cat->n + 1);
    if (!atoms || !of)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    KZ_TRY(kz_place_index_make(work, n, a, &places, err));
    KZ_TRY(of_atoms(work, cat, n, atoms, err));
    uint64_t world = mix(kz_place_version(places), METHOD);
    for (int k = 0; k < cat->n; k++) {
        int at = cat->order[k]; /* parts before what is made of them */
        const kz_indicator *ind = &cat->indicators[at];
        uint64_t h = mix_text(mix(world, (uint64_t)ind->kind), ind->id);
        h = mix(mix(h, (uint64_t)ind->min_denominator), (uint64_t)ind->from_first);
        for (int g = 0; g < ind->n_groups; g++) {
            h = mix_text(h, ind->groups[g].code);
            h = of_form(h, &ind->groups[g].numerator, atoms);
            h = of_form(h, &ind->groups[g].denominator, atoms);
        }
        of[at] = ind->mix ? of_mix(h, cat, ind->mix, atoms, of) : h;
    }
    *ret = (kz_stamps){ cat, of };
    return KZ_OK;
}

static void write_stamp(const kz_stamps *s, const kz_indicator *ind, char out[STAMP_MOST])
{
    snprintf(out, STAMP_MOST, "%016llx", (unsigned long long)s->of[ind - s->cat->indicators]);
}

kz_status kz_stamps_same(kz_db *work, const kz_stamps *s, const kz_indicator *ind, bool *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char stamp[STAMP_MOST];
    write_stamp(s, ind, stamp);
    KZ_TRY(kz_prepare(work, "SELECT 1 FROM computed WHERE indicator = (SELECT id FROM indicator WHERE code = ?1) "
                            "AND stamp = ?2", &q, err));
    kz_bind_text(&q, 1, ind->id);
    kz_bind_text(&q, 2, stamp);
    return kz_step(&q, ret, err);
}

kz_status kz_stamps_replace(kz_db *work, const kz_stamps *s, const kz_indicator *ind, kz_err *err)
{
    kz_auto(kz_stmt) drop = KZ_STMT_INIT, note = KZ_STMT_INIT;
    char stamp[STAMP_MOST];
    write_stamp(s, ind, stamp);
    KZ_TRY(kz_prepare(work, "DELETE FROM cell WHERE indicator = (SELECT id FROM indicator WHERE code = ?1)", &drop,
                      err));
    kz_bind_text(&drop, 1, ind->id);
    KZ_TRY(kz_run(&drop, err));
    KZ_TRY(kz_prepare(work, "INSERT INTO computed (indicator, stamp) SELECT id, ?2 FROM indicator WHERE code = ?1 "
                            "ON CONFLICT (indicator) DO UPDATE SET stamp = excluded.stamp", &note, err));
    kz_bind_text(&note, 1, ind->id);
    kz_bind_text(&note, 2, stamp);
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
