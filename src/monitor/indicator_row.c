/* The fields of one indicator, and of one of its groups, as what they mean. */
#include "monitor/indicator_read.h"

#include <string.h>

enum { MAX_DIGITS = 6, MAX_PER = 1000000 };

const char *const CATALOGUE_INDICATOR_COLUMNS[N_I + 1] = {
    "id", "title", "short_title", "subtitle", "sentence", "counted", "kind", "numerator", "denominator",
    "numerator_label", "denominator_label", "per", "digits", "direction", "theme", "phase", "source", "profile",
    "caveat", "unit", "pool", "min_denominator", "version", "variant_of", NULL
};
const char *const CATALOGUE_GROUP_COLUMNS[N_G + 1] = { "indicator", "code", "parent", "label", "numerator",
                                                       "condition", NULL };
static const char *const KINDS[KZ_N_KINDS] = { "count", "share", "change", "ratio", "difference", "index", "profile" };

const char *kz_kind_name(kz_kind k)
{
    KZ_ASSERT((unsigned)k < KZ_N_KINDS);
    return KINDS[k];
}

static kz_status read_expr(catalogue_reader *r, const char *column, const char *text, kz_expr_kind kind,
                           const kz_expr **ret, kz_err *err)
{
    kz_err bad = { 0 };
    kz_expr_at at = { r->file, catalogue_line(r, column), column };
    *ret = NULL;
    return catalogue_found_err(r, kz_expr_parse(text, kind, &r->scope, at, r->a, ret, &bad), &bad, err);
}

/* index: z-scores; difference: a - b; profile: one profile. */
static bool check_mix(catalogue_reader *r, const kz_indicator *i, const char *text)
{
    const kz_expr *m = i->mix;
    bool good = true;
    for (int k = 0; k < m->n_arg; k++)
        good &= m->arg[k]->op == (i->kind == KZ_KIND_INDEX        ? KZ_X_Z
                                  : i->kind == KZ_KIND_DIFFERENCE ? KZ_X_VALUE
                                                                  : KZ_X_PROFILE);
    if (i->kind == KZ_KIND_DIFFERENCE)
        good &= m->n_arg == 2 && m->arg[0]->weight + m->arg[1]->weight == 0 &&
                (m->arg[0]->weight == 1 || m->arg[1]->weight == 1);
    if (i->kind == KZ_KIND_PROFILE)
        good &= m->n_arg == 1 && m->arg[0]->weight == 1 && m->arg[0]->shift == 0;
    if (!good)
        catalogue_found(r, "indicator.mix", "numerator", text);
    return good;
}

static kz_status read_parts(catalogue_reader *r, kz_indicator *i, const char *num, const char *den, kz_err *err)
{
    kz_indicator_group *whole = &i->groups[0];
    if (kz_kind_is_mixed(i->kind)) {
        KZ_TRY(read_expr(r, "numerator", num, KZ_EXPR_INDICATOR, &i->mix, err));
        if (i->mix && check_mix(r, i, num) && i->kind == KZ_KIND_PROFILE)
            KZ_TRY(catalogue_cross(r, i->mix->arg[0], &i->unit, err));
        if (*den)
            catalogue_found(r, "indicator.count_denominator", "denominator", den);
        return KZ_OK;
    }
    KZ_TRY(read_expr(r, "numerator", num, KZ_EXPR_FORM, &i->numerator, err));
    if (i->numerator)
        KZ_TRY(catalogue_form(r, i->numerator, i->unit, "numerator", i->pool, &whole->numerator, err));
    if (i->kind == KZ_KIND_COUNT) {
        if (*den)
            catalogue_found(r, "indicator.count_denominator", "denominator", den);
        return KZ_OK;
    }
    if (strcmp(den, "@first") == 0) {
        i->from_first = i->kind == KZ_KIND_CHANGE;
        if (!i->from_first)
            catalogue_found(r, "indicator.first", "denominator", den);
        i->denominator = i->numerator;
        whole->denominator = whole->numerator;
        return KZ_OK;
    }
    KZ_TRY(read_expr(r, "denominator", den, KZ_EXPR_FORM, &i->denominator, err));
    if (i->denominator)
        KZ_TRY(catalogue_form(r, i->denominator, i->unit, "denominator", i->pool, &whole->denominator, err));
    return KZ_OK;
}

static void read_texts(catalogue_reader *r, const kz_indicator *i, const char *const v[])
{
    for (int c = I_TITLE; c <= I_COUNTED; c++)
        catalogue_need_text(r, CATALOGUE_INDICATOR_COLUMNS[c], v[c]);
    for (int c = I_THEME; c < N_I_NEEDED; c++)
        if (c != I_PROFILE)
            catalogue_need_text(r, CATALOGUE_INDICATOR_COLUMNS[c], v[c]);
    if (!kz_kind_is_mixed(i->kind))
        catalogue_need_text(r, "numerator_label", i->numerator_label);
    if (i->kind != KZ_KIND_COUNT && !kz_kind_is_mixed(i->kind))
        catalogue_need_text(r, "denominator_label", i->denominator_label);
    if (!strstr(i->sentence, "{area}") || !strstr(i->sentence, "{x}"))
        catalogue_found(r, "indicator.sentence", "sentence", i->sentence);
}

static void read_numbers(catalogue_reader *r, kz_indicator *i, const char *const v[])
{
    enum { MOST = 1000000 };
    i->pool = i->version = 1;
    if (!catalogue_number(v[I_PER], MAX_PER, &i->per) || i->per < 1)
        catalogue_found(r, "indicator.per", "per", v[I_PER]);
    if (!catalogue_number(v[I_DIGITS], MAX_DIGITS, &i->digits))
        catalogue_found(r, "indicator.digits", "digits", v[I_DIGITS]);
    if (*v[I_POOL] && (!catalogue_number(v[I_POOL], KZ_POOL_PERIODS, &i->pool) || i->pool < 1)) {
        catalogue_found(r, "indicator.pool", "pool", v[I_POOL]);
        i->pool = 1;
    }
    if (i->pool > 1 && (kz_kind_is_mixed(i->kind) || i->kind == KZ_KIND_CHANGE))
        catalogue_found(r, "indicator.pool_kind", "pool", v[I_POOL]);
    if (*v[I_MIN_DEN] && !catalogue_number(v[I_MIN_DEN], MOST, &i->min_denominator))
        catalogue_found(r, "indicator.min_denominator", "min_denominator", v[I_MIN_DEN]);
    if (*v[I_VERSION] && (!catalogue_number(v[I_VERSION], MOST, &i->version) || i->version < 1))
        catalogue_found(r, "indicator.version", "version", v[I_VERSION]);
}

static void read_variant(catalogue_reader *r, const kz_indicator *i)
{
    bool found = !*i->variant_of;
    for (int k = 0; k < r->scope.n_indicators && !found; k++)
        found = strcmp(r->scope.indicators[k], i->variant_of) == 0;
    if (!found || strcmp(i->variant_of, i->id) == 0)
        catalogue_found(r, "indicator.variant_of", "variant_of", i->variant_of);
}

kz_status catalogue_indicator_row(catalogue_reader *r, const char *const v[], kz_err *err)
{
    static const char *const DIRECTIONS[] = { "neutral", "load", "resource" };
    kz_catalogue *cat = r->cat;
    KZ_ASSERT(cat->n < r->n_most);
    if (!catalogue_is_code(v[I_ID])) {
        catalogue_found(r, "indicator.code_bad", "id", v[I_ID]);
        return KZ_OK;
    }
    if (kz_catalogue_find(cat, v[I_ID])) {
        catalogue_found(r, "indicator.id_twice", "id", v[I_ID]);
        return KZ_OK;
    }
    kz_indicator *i = &cat->indicators[cat->n++];
    *i = (kz_indicator){ .id = v[I_ID], .title = v[I_TITLE], .short_title = v[I_SHORT], .subtitle = v[I_SUBTITLE],
                         .sentence = v[I_SENTENCE], .counted = v[I_COUNTED], .numerator_label = v[I_NUM_LABEL],
                         .denominator_label = v[I_DEN_LABEL], .theme = v[I_THEME], .phase = v[I_PHASE],
                         .source = v[I_SOURCE], .caveat = v[I_CAVEAT], .variant_of = v[I_VARIANT_OF],
                         .unit = strcmp(v[I_UNIT], "area") == 0 ? "" : v[I_UNIT], .line = r->line };
    i->kind = (kz_kind)catalogue_word(r, "kind", v[I_KIND], KINDS, KZ_N_KINDS, "indicator.kind");
    i->direction = (kz_direction)catalogue_word(r, "direction", v[I_DIRECTION], DIRECTIONS, 3, "indicator.direction");
    read_texts(r, i, v);
    read_numbers(r, i, v);
    read_variant(r, i);
    for (int p = 0; p < cat->n_profiles && !i->profile; p++)
        if (strcmp(cat->profiles[p].id, v[I_PROFILE]) == 0)
            i->profile = &cat->profiles[p];
    if (!i->profile)
        catalogue_found(r, "indicator.profile_unknown", "profile", v[I_PROFILE]);

    i->groups = kz_arena_new(r->a, kz_indicator_group, 1);
    if (!i->groups)
        return catalogue_too_large(r, err);
    i->groups[0] = (kz_indicator_group){ .code = "Total", .label = "Insgesamt", .condition = "", .parent = KZ_NONE };
    i->n_groups = 1;
    return read_parts(r, i, v[I_NUM], v[I_DEN], err);
}

/* ---- groups --------------------------------------------------------------- */

/* The condition added to every count of a total whose source has its columns.  `all`: it must fit everywhere. */
static kz_status narrow(catalogue_reader *r, const char *text, bool all, const kz_expr **total, const char **canonical,
                        kz_err *err)
{
    const kz_expr *e = *total;
    int fitted = 0;
    for (int k = 0; k < e->n_arg; k++) {
        const kz_expr *c = NULL, *part = e->arg[k];
        kz_err bad = { 0 };
        kz_expr_at at = { r->file, r->line, "condition" };
        bool counted = part->op == KZ_X_COUNT || part->op == KZ_X_DISTINCT || part->op == KZ_X_SUM;
        bool again = false;
        for (int b = 0; b < k && counted; b++)
            again |= e->arg[b]->op != KZ_X_MEASURE && strcmp(e->arg[b]->name, part->name) == 0;
        if (!counted || again)
            continue;
        kz_status st = kz_expr_parse_condition(text, part->name, &r->scope, at, r->a, &c, &bad);
        if (st != KZ_OK && (all || st != KZ_E_INPUT))
            return catalogue_found_err(r, st, &bad, err);
        if (st != KZ_OK)
            continue;
        fitted++;
        kz_auto(kz_buf) out = kz_buf_init(KZ_EXPR_BYTES * 2);
        kz_expr_write(&out, c);
        *total = kz_expr_narrow(*total, part->name, c, r->a);
        *canonical = kz_arena_strdup(r->a, kz_buf_text(&out));
        if (!*total || !*canonical)
            return catalogue_too_large(r, err);
    }
    if (fitted == 0 && all)
        catalogue_found(r, "indicator.condition_table", "condition", text);
    return KZ_OK;
}

static kz_status read_group_forms(catalogue_reader *r, const kz_indicator *i, kz_indicator_group *g, const char *num,
                                  const char *condition, kz_err *err)
{
    const kz_expr *n = i->numerator, *d = i->denominator;
    const char *ignored = "";
    if (i->mix) {
        catalogue_found(r, "indicator.group_of_mix", "indicator", i->id);
        return KZ_OK;
    }
    if (*num || !*condition)
        KZ_TRY(read_expr(r, "numerator", num, KZ_EXPR_FORM, &n, err));
    if (!n || !i->numerator)
        return KZ_OK; /* said already */
    if (*condition)
        KZ_TRY(narrow(r, condition, true, &n, &g->condition, err));
    KZ_TRY(catalogue_form(r, n, i->unit, "numerator", i->pool, &g->numerator, err));
    if (i->from_first) {
        g->denominator = g->numerator;
        return KZ_OK;
    }
    if (!d)
        return KZ_OK;
    if (*condition)
        KZ_TRY(narrow(r, condition, false, &d, &ignored, err));
    return catalogue_form(r, d, i->unit, "denominator", i->pool, &g->denominator, err);
}

kz_status catalogue_group_row(catalogue_reader *r, const char *const v[], kz_err *err)
{
    const kz_indicator *known = kz_catalogue_find(r->cat, v[G_INDICATOR]);
    KZ_ASSERT(known);
    int at = (int)(known - r->cat->indicators);
    kz_indicator *i = &r->cat->indicators[at];

    kz_indicator_group g = { .code = v[G_CODE], .label = v[G_LABEL], .condition = "", .parent = KZ_NONE };
    catalogue_need_text(r, "label", g.label);
    bool whole = strcmp(g.code, "Total") == 0;
    if (!r->has_groups[at]) {
        r->has_groups[at] = true;
        if (!whole || *v[G_PARENT] || *v[G_CONDITION]) {
            catalogue_found(r, "indicator.group_first", "code", g.code);
            return KZ_OK;
        }
        g.numerator = i->groups[0].numerator;
        g.denominator = i->groups[0].denominator;
        if (*v[G_NUM])
            KZ_TRY(read_group_forms(r, i, &g, v[G_NUM], "", err));
        if (!kz_form_equal(&g.numerator, &i->groups[0].numerator))
            catalogue_found(r, "indicator.group_whole", "numerator", v[G_NUM]);
        i->groups[0] = g;
        return KZ_OK;
    }
    KZ_TRY(read_group_forms(r, i, &g, v[G_NUM], v[G_CONDITION], err));
    if (!catalogue_is_code(g.code)) {
        catalogue_found(r, "indicator.code_bad", "code", g.code);
        return KZ_OK;
    }
    if (kz_indicator_group_find(i, g.code) != KZ_NONE) {
        catalogue_found(r, "indicator.group_twice", "code", g.code);
        return KZ_OK;
    }
    /* A parent stands above its subgroups, so the tree has no cycle. */
    g.parent = kz_indicator_group_find(i, v[G_PARENT]);
    if (*v[G_PARENT] && g.parent == KZ_NONE)
        catalogue_found(r, "indicator.group_parent", "parent", v[G_PARENT]);
    kz_indicator_group *more = kz_arena_new(r->a, kz_indicator_group, i->n_groups + 1);
    if (!more)
        return catalogue_too_large(r, err);
    memcpy(more, i->groups, (size_t)i->n_groups * sizeof *more);
    more[i->n_groups++] = g;
    i->groups = more;
    return KZ_OK;
}
