/* Expressions become forms; what indicators are made of comes before them. */
#include "monitor/indicator_read.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 2 * KZ_EXPR_BYTES };

/* ---- atoms ---------------------------------------------------------------- */

static kz_status add_atom(catalogue_reader *r, const kz_atom *atom, kz_err *err)
{
    kz_catalogue *cat = r->cat;
    for (int i = 0; i < cat->n_atoms; i++)
        if (strcmp(cat->atoms[i].code, atom->code) == 0)
            return KZ_OK;
    if (cat->n_atoms == r->cap_atoms) {
        int more = r->cap_atoms ? 2 * r->cap_atoms : 256;
        kz_atom *p = kz_arena_new(r->a, kz_atom, more);
        if (!p)
            return catalogue_too_large(r, err);
        if (cat->n_atoms > 0)
            memcpy(p, cat->atoms, (size_t)cat->n_atoms * sizeof *p);
        cat->atoms = p;
        r->cap_atoms = more;
    }
    cat->atoms[cat->n_atoms++] = *atom;
    return KZ_OK;
}

/* The atom of one part of a total: its canonical text without factor and shift. */
static kz_status atom_of(catalogue_reader *r, const kz_expr *part, const char *unit, const char *column, kz_atom *ret,
                         kz_err *err)
{
    kz_auto(kz_buf) text = kz_buf_init(TEXT_MOST);
    kz_atom atom = { .unit = unit, .column = "" };
    if (part->op != KZ_X_MEASURE) {
        const kz_expr_source *s = kz_expr_source_find(&r->scope, part->name);
        const kz_expr_column *key = *unit ? kz_expr_column_of_level(s, unit) : NULL;
        atom.expr = part;
        if (*unit && !key)
            catalogue_found(r, "indicator.unit", column, unit);
        if (key)
            atom.column = key->name;
    } else if (*unit) {
        catalogue_found(r, "indicator.unit_table", column, part->name);
    }
    kz_expr_write(&text, part);
    if (*unit)
        kz_buf_fmt(&text, " @%s", unit);
    atom.code = kz_buf_status(&text) == KZ_OK ? kz_arena_strdup(r->a, kz_buf_text(&text)) : NULL;
    if (!atom.code)
        return catalogue_too_large(r, err);
    *ret = atom;
    return add_atom(r, &atom, err);
}

kz_status catalogue_form(catalogue_reader *r, const kz_expr *total, const char *unit, const char *column, int pool,
                         kz_form *ret, kz_err *err)
{
    kz_form f = { 0 }, pooled = { 0 };
    bool fits = true;
    for (int i = 0; i < total->n_arg && fits; i++) {
        const kz_expr *part = total->arg[i];
        kz_form one = { .n = 1 };
        kz_atom atom = { 0 };
        KZ_TRY(atom_of(r, part, unit, column, &atom, err));
        one.term[0].atom = atom.code;
        one.term[0].factor = (int)part->weight;
        one.term[0].shift = part->shift;
        fits = kz_form_add(&f, &one, 1, &f);
    }
    for (int back = 0; back < pool && fits; back++) {
        kz_form earlier = kz_form_shifted(&f, back);
        fits = kz_form_add(&pooled, &earlier, 1, &pooled);
    }
    if (fits && pooled.n > 0)
        *ret = pooled;
    else
        catalogue_found(r, fits ? "indicator.formula_nothing" : "indicator.formula_long", column, "");
    return KZ_OK;
}

/* Who of which institution lives where: an atom of its own. */
kz_status catalogue_cross(catalogue_reader *r, const kz_expr *profile, const char **ret_level, kz_err *err)
{
    kz_auto(kz_buf) text = kz_buf_init(TEXT_MOST);
    const kz_expr_source *s = kz_expr_source_find(&r->scope, profile->of);
    kz_expr *e = kz_arena_new(r->a, kz_expr, 2);
    const kz_expr **arg = kz_arena_new(r->a, const kz_expr *, 1);
    if (!e || !arg)
        return catalogue_too_large(r, err);
    const char *level = kz_expr_column_find(s, profile->column)->level;
    arg[0] = &e[1];
    e[0] = (kz_expr){ .op = KZ_X_PROFILE, .name = profile->of, .column = profile->column, .arg = arg, .n_arg = 1 };
    e[1] = (kz_expr){ .op = KZ_X_ALL };
    kz_buf_fmt(&text, "cross(%s.%s)", profile->of, profile->column);
    kz_atom atom = { .expr = e, .unit = level, .column = profile->column,
                     .code = kz_arena_strdup(r->a, kz_buf_text(&text)) };
    if (!atom.code)
        return catalogue_too_large(r, err);
    *ret_level = level;
    return add_atom(r, &atom, err);
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const kz_atom *)a)->code, ((const kz_atom *)b)->code);
}

static void set_index(const kz_catalogue *cat, kz_form *f)
{
    for (int t = 0; t < f->n; t++)
        f->term[t].index = (int)(kz_catalogue_atom(cat, f->term[t].atom) - cat->atoms);
}

void catalogue_sort_atoms(kz_catalogue *cat)
{
    if (cat->n_atoms > 1)
        qsort(cat->atoms, (size_t)cat->n_atoms, sizeof *cat->atoms, by_code);
    for (int i = 0; i < cat->n; i++)
        for (int g = 0; g < cat->indicators[i].n_groups; g++) {
            set_index(cat, &cat->indicators[i].groups[g].numerator);
            set_index(cat, &cat->indicators[i].groups[g].denominator);
        }
}

const kz_atom *kz_catalogue_atom(const kz_catalogue *cat, const char *code)
{
    kz_atom key = { .code = code };
    return cat->n_atoms ? bsearch(&key, cat->atoms, (size_t)cat->n_atoms, sizeof *cat->atoms, by_code) : NULL;
}

/* ---- order ---------------------------------------------------------------- */

typedef struct visit {
    catalogue_reader *r;
    int *order, n;
    char *state; /* 0 new, 1 being visited, 2 done */
} visit;

static int index_of(const catalogue_reader *r, const char *id)
{
    const kz_indicator *i = kz_catalogue_find(r->cat, id);
    return i ? (int)(i - r->cat->indicators) : KZ_NONE;
}

/* Depth is bounded by the number of indicators: each is entered once. */
static void go(visit *v, int at)
{
    const kz_indicator *ind = &v->r->cat->indicators[at];
    if (v->state[at] == 2)
        return;
    v->state[at] = 1;
    for (int k = 0; ind->mix && k < ind->mix->n_arg; k++) {
        int part = index_of(v->r, ind->mix->arg[k]->name);
        if (part == KZ_NONE)
            continue; /* its line has a mistake that was said */
        if (v->state[part] == 1) {
            v->r->line = ind->line;
            v->r->file = ind->file ? ind->file : v->r->file;
            catalogue_found(v->r, "indicator.circle", "numerator", ind->mix->arg[k]->name);
            continue;
        }
        go(v, part);
    }
    v->state[at] = 2;
    v->order[v->n++] = at;
}

kz_status catalogue_order(catalogue_reader *r, kz_err *err)
{
    visit v = { .r = r, .order = kz_arena_new(r->a, int, r->cat->n + 1),
                .state = kz_arena_new(r->a, char, r->cat->n + 1) };
    if (!v.order || !v.state)
        return catalogue_too_large(r, err);
    for (int i = 0; i < r->cat->n; i++)
        go(&v, i);
    r->cat->order = v.order;
    return KZ_OK;
}

/* ---- words ---------------------------------------------------------------- */

void kz_indicator_write_numerator(kz_buf *out, const kz_indicator *ind, int group)
{
    if (ind->mix)
        kz_expr_write(out, ind->mix);
    else
        kz_form_write(out, &ind->groups[group].numerator);
}

void kz_indicator_write_denominator(kz_buf *out, const kz_indicator *ind, int group)
{
    if (ind->from_first)
        kz_buf_str(out, "@first");
    else
        kz_form_write(out, &ind->groups[group].denominator);
}
