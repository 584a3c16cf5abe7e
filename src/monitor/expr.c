#include "monitor/expr_inner.h"

#include <stdlib.h>

static const char *source_name(const void *ctx, int i)
{
    const kz_expr_scope *s = ctx;
    return i < s->n_sources ? s->sources[i].id : NULL;
}

static const char *measure_name(const void *ctx, int i)
{
    const kz_expr_scope *s = ctx;
    return i < s->n_measures ? s->measures[i] : NULL;
}

static const char *indicator_name(const void *ctx, int i)
{
    const kz_expr_scope *s = ctx;
    return i < s->n_indicators ? s->indicators[i] : NULL;
}

static bool is_measure(const kz_expr_scope *s, const char *name)
{
    bool found = false;
    for (int i = 0; i < s->n_measures && !found; i++)
        found = strcmp(s->measures[i], name) == 0;
    return found;
}

static bool is_indicator(const kz_expr_scope *s, const char *name)
{
    bool found = s->n_indicators == 0;
    for (int i = 0; i < s->n_indicators && !found; i++)
        found = strcmp(s->indicators[i], name) == 0;
    return found;
}

/* A source of person rows at the token. */
static kz_status read_source(expr_parser *p, const kz_expr_source **ret)
{
    if (p->now.kind != EXPR_NAME)
        return expr_fail(p, "expr.source_expected", "ewo", NULL);
    const char *name = expr_copy(p, &p->now);
    if (!name)
        return expr_fail_memory(p);
    *ret = kz_expr_source_find(p->scope, name);
    if (!*ret)
        return expr_fail(p, "expr.source_unknown", "ewo", kz_expr_nearest(name, source_name, p->scope));
    expr_next(p);
    return KZ_OK;
}

static kz_status read_column(expr_parser *p, const kz_expr_source *s, bool number, const char **ret)
{
    if (p->now.kind != EXPR_NAME)
        return expr_fail(p, "expr.column_expected", s->id, NULL);
    const char *name = expr_copy(p, &p->now);
    if (!name)
        return expr_fail_memory(p);
    const kz_expr_column *c = kz_expr_column_find(s, name);
    if (!c)
        return expr_fail(p, "expr.column_unknown", s->id, NULL);
    if (number && c->type != KZ_T_INT)
        return expr_fail(p, "expr.sum_of_code", s->id, NULL);
    if (!number && c->type != KZ_T_OPEN)
        return expr_fail(p, "expr.not_institution", s->id, NULL);
    expr_next(p);
    *ret = c->name;
    return KZ_OK;
}

/* count(source[: condition]), distinct(…), sum(source.column[: condition]); the word is read. */
static kz_status aggregate(expr_parser *p, kz_expr_op op, int at, const kz_expr **ret)
{
    const kz_expr_source *s;
    kz_expr *e;
    const kz_expr **arg = kz_arena_new(p->a, const kz_expr *, 1);
    if (!arg)
        return expr_fail_memory(p);
    KZ_TRY(expr_node(p, op, at, &e));
    p->dashes = true;
    KZ_TRY(expr_want_sign(p, '('));
    int source_at = p->now.at;
    size_t source_n = p->now.n;
    KZ_TRY(read_source(p, &s));
    if (op == KZ_X_DISTINCT && !s->persons)
        return expr_fail_at(p, "expr.no_persons", source_at, source_n, "count", NULL);
    e->name = s->id;
    if (op == KZ_X_SUM) {
        KZ_TRY(expr_want_sign(p, '.'));
        KZ_TRY(read_column(p, s, true, &e->column));
    }
    if (expr_take_sign(p, ':')) {
        KZ_TRY(expr_condition(p, s, &arg[0]));
    } else {
        kz_expr *all;
        KZ_TRY(expr_node(p, KZ_X_ALL, p->now.at, &all));
        arg[0] = all;
    }
    e->arg = arg;
    e->n_arg = 1;
    p->dashes = false; /* before what follows the parenthesis is read */
    if (!expr_is_sign(p, ')'))
        return expr_fail(p, "expr.sign", ")", NULL);
    expr_next(p);
    *ret = e;
    return KZ_OK;
}

static kz_status measure(expr_parser *p, const kz_expr **ret)
{
    kz_expr *e;
    if (p->now.kind != EXPR_NAME)
        return expr_fail(p, "expr.count_expected", "count(…)", NULL);
    const char *name = expr_copy(p, &p->now);
    if (!name)
        return expr_fail_memory(p);
    if (!is_measure(p->scope, name)) {
        const char *near = kz_expr_nearest(name, measure_name, p->scope);
        bool source = kz_expr_source_find(p->scope, name);
        return expr_fail(p, source ? "expr.source_alone" : "expr.measure_unknown", "count(…)", near);
    }
    KZ_TRY(expr_node(p, KZ_X_MEASURE, p->now.at, &e));
    e->name = name;
    expr_next(p);
    *ret = e;
    return KZ_OK;
}

static kz_status indicator(expr_parser *p, kz_expr_op op, int at, const kz_expr **ret)
{
    kz_expr *e;
    if (p->now.kind != EXPR_NAME)
        return expr_fail(p, "expr.indicator_expected", "z(…)", NULL);
    const char *name = expr_copy(p, &p->now);
    if (!name)
        return expr_fail_memory(p);
    if (!is_indicator(p->scope, name))
        return expr_fail(p, "expr.indicator_unknown", "z(…)", kz_expr_nearest(name, indicator_name, p->scope));
    KZ_TRY(expr_node(p, op, at, &e));
    e->name = name;
    expr_next(p);
    *ret = e;
    return KZ_OK;
}

/* profile(indicator, source.column[, level]); the word is read. */
static kz_status profile(expr_parser *p, int at, const kz_expr **ret)
{
    const kz_expr *inner;
    const kz_expr_source *s;
    kz_expr *e;
    KZ_TRY(expr_want_sign(p, '('));
    KZ_TRY(indicator(p, KZ_X_PROFILE, at, &inner));
    KZ_TRY(expr_node(p, KZ_X_PROFILE, at, &e));
    e->name = inner->name;
    e->level = "";
    KZ_TRY(expr_want_sign(p, ','));
    KZ_TRY(read_source(p, &s));
    e->of = s->id;
    KZ_TRY(expr_want_sign(p, '.'));
    KZ_TRY(read_column(p, s, false, &e->column));
    if (expr_take_sign(p, ',')) {
        if (p->now.kind != EXPR_NAME)
            return expr_fail(p, "expr.level_expected", "stadtteil", NULL);
        e->level = expr_copy(p, &p->now);
        if (!e->level)
            return expr_fail_memory(p);
        expr_next(p);
    }
    *ret = e;
    return expr_want_sign(p, ')');
}

static kz_status atom(expr_parser *p, const kz_expr **ret)
{
    int at = p->now.at;
    expr_token word = p->now;
    static const struct {
        const char *word;
        kz_expr_op op;
        kz_expr_kind kind;
    } CALLS[] = { { "count", KZ_X_COUNT, KZ_EXPR_FORM }, { "distinct", KZ_X_DISTINCT, KZ_EXPR_FORM },
                  { "sum", KZ_X_SUM, KZ_EXPR_FORM }, { "z", KZ_X_Z, KZ_EXPR_INDICATOR },
                  { "profile", KZ_X_PROFILE, KZ_EXPR_INDICATOR } };
    for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++) {
        if (!expr_is_word(p, CALLS[i].word) || p->text[p->pos + strspn(p->text + p->pos, " \t")] != '(')
            continue;
        if (CALLS[i].kind != p->kind)
            return expr_fail_at(p, p->kind == KZ_EXPR_FORM ? "expr.not_in_count" : "expr.not_in_index", at, word.n,
                                "kind", NULL);
        expr_next(p);
        if (CALLS[i].op == KZ_X_PROFILE)
            return profile(p, at, ret);
        if (CALLS[i].op != KZ_X_Z)
            return aggregate(p, CALLS[i].op, at, ret);
        KZ_TRY(expr_want_sign(p, '('));
        KZ_TRY(indicator(p, KZ_X_Z, at, ret));
        return expr_want_sign(p, ')');
    }
    return p->kind == KZ_EXPR_FORM ? measure(p, ret) : indicator(p, KZ_X_VALUE, at, ret);
}

/* [-n] behind a count: n periods back. */
static kz_status read_shift(expr_parser *p, int *ret)
{
    enum { FAR = 99 };
    *ret = 0;
    if (!expr_take_sign(p, '['))
        return KZ_OK;
    KZ_TRY(expr_want_sign(p, '-'));
    if (p->now.kind != EXPR_NUMBER || !p->now.whole || p->now.number < 1 || p->now.number > FAR)
        return expr_fail(p, "expr.shift", "1 … 99", NULL);
    *ret = (int)p->now.number;
    expr_next(p);
    return expr_want_sign(p, ']');
}

static kz_status part(expr_parser *p, double sign, kz_expr **ret)
{
    double weight = sign;
    const kz_expr *e;
    int shift;
    if (p->now.kind == EXPR_NUMBER) {
        expr_token number = p->now;
        if (p->kind == KZ_EXPR_FORM && (!number.whole || number.number > 1000000))
            return expr_fail(p, "expr.factor", "1, 2, 3 …", NULL);
        if (number.number == 0)
            return expr_fail(p, "expr.factor_zero", "1, 2, 3 …", NULL);
        weight *= number.number;
        expr_next(p);
        if (!expr_take_sign(p, '*'))
            return expr_fail(p, "expr.sign", "*", NULL);
    }
    KZ_TRY(atom(p, &e));
    KZ_TRY(read_shift(p, &shift));
    kz_expr *copy = kz_arena_new(p->a, kz_expr, 1);
    if (!copy)
        return expr_fail_memory(p);
    *copy = *e;
    copy->weight = weight;
    copy->shift = shift;
    *ret = copy;
    return KZ_OK;
}

static int by_order(const void *a, const void *b)
{
    return kz_expr_compare(*(const kz_expr *const *)a, *(const kz_expr *const *)b);
}

static bool same_count(const kz_expr *a, const kz_expr *b)
{
    kz_expr x = *a, y = *b;
    x.weight = y.weight = 1;
    return kz_expr_compare(&x, &y) == 0;
}

static kz_status total(expr_parser *p, const kz_expr **ret)
{
    const kz_expr *parts[KZ_EXPR_LIST];
    kz_expr *e;
    int n = 0;
    double sign = expr_take_sign(p, '-') ? -1 : 1;
    for (;;) {
        kz_expr *one;
        if (n == KZ_EXPR_LIST)
            return expr_fail(p, "expr.list_long", "", NULL);
        KZ_TRY(part(p, sign, &one));
        for (int i = 0; i < n; i++)
            if (same_count(parts[i], one))
                return expr_fail_at(p, "expr.twice", one->at, (size_t)(p->now.at - one->at), "2 * …", NULL);
        parts[n++] = one;
        if (p->now.kind == EXPR_END)
            break;
        if (!expr_is_sign(p, '+') && !expr_is_sign(p, '-'))
            return expr_fail(p, "expr.sign", "+ -", NULL);
        sign = expr_is_sign(p, '-') ? -1 : 1;
        expr_next(p);
    }
    qsort(parts, (size_t)n, sizeof *parts, by_order);
    const kz_expr **arg = kz_arena_new(p->a, const kz_expr *, n);
    if (!arg)
        return expr_fail_memory(p);
    memcpy(arg, parts, (size_t)n * sizeof *arg);
    KZ_TRY(expr_node(p, KZ_X_TOTAL, 0, &e));
    e->arg = arg;
    e->n_arg = n;
    *ret = e;
    return KZ_OK;
}

static kz_status begin(expr_parser *p)
{
    if (strlen(p->text) > KZ_EXPR_BYTES)
        return kz_fail(p->err, KZ_E_LIMIT, "expr.long", kz_s("file", p->where.file), kz_n("line", p->where.line),
                       kz_s("column", p->where.column), kz_n("most", KZ_EXPR_BYTES));
    expr_next(p);
    if (p->now.kind == EXPR_END)
        return expr_fail(p, "expr.empty", "count(…)", NULL);
    return KZ_OK;
}

kz_status kz_expr_parse(const char *text, kz_expr_kind kind, const kz_expr_scope *scope, kz_expr_at where, kz_arena *a,
                        const kz_expr **ret, kz_err *err)
{
    expr_parser p = { .text = text, .kind = kind, .scope = scope, .where = where, .a = a, .err = err,
                      .dashes = kind == KZ_EXPR_INDICATOR };
    KZ_ASSERT(kind != KZ_EXPR_CONDITION);
    KZ_TRY(begin(&p));
    return total(&p, ret);
}

kz_status kz_expr_parse_condition(const char *text, const char *source, const kz_expr_scope *scope, kz_expr_at where,
                                  kz_arena *a, const kz_expr **ret, kz_err *err)
{
    expr_parser p = { .text = text, .kind = KZ_EXPR_CONDITION, .scope = scope, .where = where, .a = a, .err = err,
                      .dashes = true };
    const kz_expr *e;
    const kz_expr_source *s = kz_expr_source_find(scope, source);
    KZ_ASSERT(s);
    KZ_TRY(begin(&p));
    KZ_TRY(expr_condition(&p, s, &e));
    if (p.now.kind != EXPR_END)
        return expr_fail(&p, "expr.sign", "and or", NULL);
    *ret = e;
    return KZ_OK;
}

static bool narrow_one(const kz_expr *e, const char *source, const kz_expr *condition, kz_arena *a, kz_expr *copy)
{
    *copy = *e;
    if ((e->op != KZ_X_COUNT && e->op != KZ_X_DISTINCT && e->op != KZ_X_SUM) || strcmp(e->name, source) != 0)
        return true;
    const kz_expr *both[2] = { e->arg[0], condition };
    const kz_expr **arg = kz_arena_new(a, const kz_expr *, 1);
    if (!arg)
        return false;
    arg[0] = e->arg[0]->op == KZ_X_ALL ? condition : expr_join(a, KZ_X_AND, e->at, both, 2);
    copy->arg = arg;
    return arg[0];
}

const kz_expr *kz_expr_narrow(const kz_expr *e, const char *source, const kz_expr *condition, kz_arena *a)
{
    KZ_ASSERT(e->op == KZ_X_TOTAL);
    kz_expr *whole = kz_arena_new(a, kz_expr, 1), *parts = kz_arena_new(a, kz_expr, e->n_arg);
    const kz_expr **arg = kz_arena_new(a, const kz_expr *, e->n_arg);
    if (!whole || !parts || !arg)
        return NULL;
    for (int i = 0; i < e->n_arg; i++) {
        if (!narrow_one(e->arg[i], source, condition, a, &parts[i]))
            return NULL;
        arg[i] = &parts[i];
    }
    qsort(arg, (size_t)e->n_arg, sizeof *arg, by_order);
    *whole = *e;
    whole->arg = arg;
    return whole;
}
