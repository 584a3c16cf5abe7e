/* An indicator that lives as long as a question (question.h). */
#include "monitor/question.h"

#include "monitor/indicator_read.h"
#include "monitor/reckon.h"

#include <string.h>

enum { QUESTION_CAP = 8 << 20 };

static void keep_first(void *ctx, const kz_err *what)
{
    kz_err *first = ctx;
    if (first->status == KZ_OK)
        *first = *what;
}

static kz_status read_form(catalogue_reader *r, const char *column, const char *text, const char *unit,
                           const kz_expr **ret, kz_form *form, kz_err *err)
{
    kz_expr_at at = { r->file, r->line, column };
    KZ_TRY(kz_expr_parse(text, KZ_EXPR_FORM, &r->scope, at, r->a, ret, err));
    return catalogue_form(r, *ret, unit, column, 1, form, err);
}

/* The catalogue of one indicator. */
static kz_status make_catalogue(const kz_question *ask, kz_catalogue *cat, kz_err *err)
{
    const kz_expr_scope *known;
    kz_err bad = { 0 };
    kz_arena_init(&cat->arena, QUESTION_CAP);
    KZ_TRY(kz_expr_scope_builtin(&known, err));
    catalogue_reader r = { .a = &cat->arena, .report = keep_first, .ctx = &bad, .scope = *known, .cat = cat,
                           .n_most = 1, .file = "–", .line = 1 };
    kz_indicator *ind = kz_arena_new(r.a, kz_indicator, 1);
    kz_indicator_group *whole = kz_arena_new(r.a, kz_indicator_group, 1);
    int *order = kz_arena_new(r.a, int, 1);
    if (!ind || !whole || !order)
        return catalogue_too_large(&r, err);
    *whole = (kz_indicator_group){ .code = "Total", .label = "", .condition = "", .parent = KZ_NONE };
    *ind = (kz_indicator){ .id = "", .unit = ask->unit ? ask->unit : "", .pool = 1, .version = 1, .variant_of = "",
                           .groups = whole, .n_groups = 1, .per = 1,
                           .kind = !ask->denominator ? KZ_KIND_COUNT : ask->ratio ? KZ_KIND_RATIO : KZ_KIND_SHARE };
    cat->indicators = ind;
    cat->n = 1;
    cat->order = order;
    KZ_TRY(read_form(&r, "numerator", ask->numerator, ind->unit, &ind->numerator, &whole->numerator, err));
    if (ask->denominator)
        KZ_TRY(read_form(&r, "denominator", ask->denominator, ind->unit, &ind->denominator, &whole->denominator, err));
    if (r.findings > 0) {
        if (err)
            *err = bad;
        return KZ_E_INPUT;
    }
    catalogue_sort_atoms(cat);
    return KZ_OK;
}

static const char *canonical(const kz_expr *e, kz_arena *a)
{
    kz_auto(kz_buf) b = kz_buf_init(2 * KZ_EXPR_BYTES);
    if (e)
        kz_expr_write(&b, e);
    return kz_arena_strdup(a, kz_buf_text(&b));
}

static kz_status answer_cells(kz_answer *to, kz_arena *a, kz_err *err)
{
    const kz_indicator *ind = to->cat.indicators;
    const kz_counts *n = &to->counts;
    kz_reckoner r;
    int32_t import;
    kz_cell *cells = kz_arena_new(a, kz_cell, (size_t)n->m.n_periods * (size_t)n->m.n_areas + 1);
    if (!cells)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    KZ_TRY(kz_reckoner_begin(&to->cat, n, a, &r, err));
    for (int p = 0; p < n->m.n_periods; p++)
        for (int i = 0; i < n->m.n_areas && kz_reckon_in_period(&r, ind, p); i++)
            if (kz_counts_form(n, &ind->groups[0].numerator, p, i).state != KZ_N_CELL_STATES &&
                kz_reckon(&r, ind, 0, p, i, &cells[to->n], &import))
                to->n++;
    to->cells = cells;
    return kz_reckoner_end(&r, err);
}

static kz_status answer(kz_db *work, const kz_question *ask, kz_arena *a, kz_answer *to, kz_err *err)
{
    KZ_TRY(make_catalogue(ask, &to->cat, err));
    KZ_TRY(kz_counts_begin(work, &to->cat, a, &to->counts, err));
    KZ_TRY(kz_counted_now(work, &to->cat, &to->counts, ask->how, a, &to->counted, err));
    KZ_TRY(kz_counts_settle(&to->counts, a, err));
    to->numerator = canonical(to->cat.indicators->numerator, a);
    to->denominator = canonical(to->cat.indicators->denominator, a);
    if (!to->numerator || !to->denominator)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    return answer_cells(to, a, err);
}

kz_status kz_question_ask(kz_db *work, const kz_question *ask, kz_arena *a, kz_answer *ret, kz_err *err)
{
    kz_answer to = { .cat = KZ_CATALOGUE_INIT };
    kz_status st = answer(work, ask, a, &to, err);
    if (st == KZ_OK)
        *ret = to;
    else
        kz_answer_done(&to);
    return st;
}

void kz_answer_done(kz_answer *a)
{
    kz_catalogue_done(&a->cat);
}
