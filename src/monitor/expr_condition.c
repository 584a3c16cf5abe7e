/* Conditions: tests of columns, joined by and, or, not. */
#include "monitor/expr_inner.h"

#include <stdlib.h>

static kz_status any_of(expr_parser *p, const kz_expr_source *s, const kz_expr **ret);

static const char *column_name(const void *ctx, int i)
{
    const kz_expr_source *s = ctx;
    return i < s->n ? s->columns[i].name : NULL;
}

static const char *code_name(const void *ctx, int i)
{
    const kz_expr_column *c = ctx;
    return i < c->n_codes ? c->codes[i] : NULL;
}

static kz_status find_column(expr_parser *p, const kz_expr_source *s, const kz_expr_column **ret)
{
    if (p->now.kind != EXPR_NAME)
        return expr_fail(p, "expr.column_expected", s->id, NULL);
    const char *name = expr_copy(p, &p->now);
    if (!name)
        return expr_fail_memory(p);
    *ret = kz_expr_column_find(s, name);
    if (!*ret)
        return expr_fail(p, "expr.column_unknown", s->id, kz_expr_nearest(name, column_name, s));
    expr_next(p);
    return KZ_OK;
}

static void list_codes(const kz_expr_column *c, kz_buf *out)
{
    for (int i = 0; i < c->n_codes; i++)
        kz_buf_fmt(out, "%s%s", i ? ", " : "", c->codes[i]);
}

/* A code of the column at the token. */
static kz_status read_code(expr_parser *p, const kz_expr_column *c, const char **ret)
{
    kz_auto(kz_buf) known = kz_buf_init(240);
    list_codes(c, &known);
    const char *expected = known.n ? kz_buf_text(&known) : "…";
    if (p->now.kind != EXPR_NAME && p->now.kind != EXPR_TEXT && p->now.kind != EXPR_NUMBER)
        return expr_fail(p, "expr.code_expected", expected, NULL);
    const char *code = expr_copy(p, &p->now);
    if (!code)
        return expr_fail_memory(p);
    bool found = c->type == KZ_T_OPEN && *code;
    for (int i = 0; i < c->n_codes && !found; i++)
        found = strcmp(c->codes[i], code) == 0;
    if (!found)
        return expr_fail(p, "expr.code_unknown", expected, kz_expr_nearest(code, code_name, c));
    expr_next(p);
    *ret = code;
    return KZ_OK;
}

static kz_status read_int(expr_parser *p, int32_t *ret)
{
    bool minus = expr_is_sign(p, '-');
    int at = p->now.at;
    if (minus)
        expr_next(p);
    if (p->now.kind != EXPR_NUMBER || !p->now.whole || p->now.number > EXPR_MOST)
        return expr_fail_at(p, "expr.number_expected", at, (size_t)(p->now.at - at) + p->now.n, "0", NULL);
    *ret = (int32_t)(minus ? -p->now.number : p->now.number);
    expr_next(p);
    return KZ_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_range(const void *a, const void *b)
{
    const kz_expr_range *x = a, *y = b;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* One value, or a list in parentheses. */
static kz_status read_codes(expr_parser *p, const kz_expr_column *c, bool list, kz_expr *e)
{
    const char **text = kz_arena_new(p->a, const char *, list ? KZ_EXPR_LIST : 1);
    int n = 0, kept = 0;
    if (!text)
        return expr_fail_memory(p);
    if (list)
        KZ_TRY(expr_want_sign(p, '('));
    do {
        if (n == (list ? KZ_EXPR_LIST : 1))
            return expr_fail(p, "expr.list_long", ")", NULL);
        KZ_TRY(read_code(p, c, &text[n]));
        n++;
    } while (list && expr_take_sign(p, ','));
    if (list)
        KZ_TRY(expr_want_sign(p, ')'));
    qsort(text, (size_t)n, sizeof *text, by_text);
    for (int i = 0; i < n; i++)
        if (kept == 0 || strcmp(text[kept - 1], text[i]) != 0)
            text[kept++] = text[i];
    e->text = text;
    e->n_text = kept;
    return KZ_OK;
}

static kz_status read_ints(expr_parser *p, kz_expr *e)
{
    kz_expr_range *r = kz_arena_new(p->a, kz_expr_range, KZ_EXPR_LIST);
    int n = 0, kept = 0;
    if (!r)
        return expr_fail_memory(p);
    KZ_TRY(expr_want_sign(p, '('));
    do {
        if (n == KZ_EXPR_LIST)
            return expr_fail(p, "expr.list_long", ")", NULL);
        KZ_TRY(read_int(p, &r[n].lo));
        r[n].hi = r[n].lo;
        n++;
    } while (expr_take_sign(p, ','));
    KZ_TRY(expr_want_sign(p, ')'));
    qsort(r, (size_t)n, sizeof *r, by_range);
    for (int i = 0; i < n; i++)
        if (kept > 0 && r[i].lo <= r[kept - 1].hi + 1)
            r[kept - 1].hi = r[i].hi;
        else
            r[kept++] = r[i];
    e->range = r;
    e->n_range = kept;
    return KZ_OK;
}

static kz_status put_ranges(expr_parser *p, kz_expr *e, int n, int32_t lo, int32_t hi, int32_t lo2)
{
    kz_expr_range *r = kz_arena_new(p->a, kz_expr_range, 2);
    if (!r)
        return expr_fail_memory(p);
    r[0] = (kz_expr_range){ lo, hi };
    r[1] = (kz_expr_range){ lo2, EXPR_HIGH };
    e->range = r;
    e->n_range = n;
    return KZ_OK;
}

static kz_status int_test(expr_parser *p, kz_expr *e)
{
    int32_t v, w;
    int at = p->now.at;
    expr_token_kind kind = p->now.kind;
    if (expr_take_word(p, "in"))
        return read_ints(p, e);
    if (expr_take_word(p, "between")) {
        KZ_TRY(read_int(p, &v));
        if (!expr_take_word(p, "and"))
            return expr_fail(p, "expr.sign", "and", NULL);
        KZ_TRY(read_int(p, &w));
        if (v > w)
            return expr_fail_at(p, "expr.between", at, (size_t)(p->now.at - at), "between", NULL);
        return put_ranges(p, e, 1, v, w, 0);
    }
    if (!expr_is_sign(p, '=') && (kind < EXPR_LESS_EQUAL || kind > EXPR_MORE))
        return expr_fail(p, "expr.test_expected", "= != < <= > >= in between", NULL);
    expr_next(p);
    KZ_TRY(read_int(p, &v));
    switch (kind) {
    case EXPR_LESS:
        return put_ranges(p, e, 1, EXPR_LOW, v - 1, 0);
    case EXPR_LESS_EQUAL:
        return put_ranges(p, e, 1, EXPR_LOW, v, 0);
    case EXPR_MORE:
        return put_ranges(p, e, 1, v + 1, EXPR_HIGH, 0);
    case EXPR_MORE_EQUAL:
        return put_ranges(p, e, 1, v, EXPR_HIGH, 0);
    case EXPR_UNEQUAL:
        return put_ranges(p, e, 2, EXPR_LOW, v - 1, v + 1);
    default:
        return put_ranges(p, e, 1, v, v, 0);
    }
}

/* `yes` and `no` exclude each other: both ways to say it become one. */
static void say_no(const kz_expr_column *c, kz_expr *e)
{
    static const char *const NO[] = { "no" }, *const YES[] = { "yes" };
    if (c->type != KZ_T_YES || !e->other || e->n_text != 1)
        return;
    e->text = strcmp(e->text[0], "yes") == 0 ? NO : YES;
    e->other = false;
}

static kz_status code_test(expr_parser *p, const kz_expr_column *c, kz_expr *e)
{
    bool in = expr_is_word(p, "in"), equal = expr_is_sign(p, '='), other = p->now.kind == EXPR_UNEQUAL;
    if (!in && !equal && !other) {
        if (c->type != KZ_T_YES || p->now.kind == EXPR_LESS || p->now.kind == EXPR_MORE ||
            p->now.kind == EXPR_LESS_EQUAL || p->now.kind == EXPR_MORE_EQUAL || expr_is_word(p, "between"))
            return expr_fail(p, "expr.test_expected", "= != in", NULL);
        const char **yes = kz_arena_new(p->a, const char *, 1);
        if (!yes)
            return expr_fail_memory(p);
        yes[0] = "yes";
        e->text = yes;
        e->n_text = 1;
        return KZ_OK;
    }
    expr_next(p);
    e->other = other;
    KZ_TRY(read_codes(p, c, in, e));
    say_no(c, e);
    return KZ_OK;
}

static kz_status known_test(expr_parser *p, const kz_expr_source *s, int at, const kz_expr **ret)
{
    const kz_expr_column *c;
    kz_expr *e;
    KZ_TRY(expr_want_sign(p, '('));
    KZ_TRY(find_column(p, s, &c));
    KZ_TRY(expr_want_sign(p, ')'));
    KZ_TRY(expr_node(p, KZ_X_KNOWN, at, &e));
    e->column = c->name;
    *ret = e;
    return KZ_OK;
}

/* not of a test is a test, where there is a word for it; not not is nothing. */
static kz_status negated(expr_parser *p, const kz_expr_source *s, const kz_expr *e, const kz_expr **ret, bool *done)
{
    kz_expr *copy;
    const kz_expr_range *r = e->range;
    *done = true;
    if (e->op == KZ_X_NOT) {
        *ret = e->arg[0];
        return KZ_OK;
    }
    KZ_TRY(expr_node(p, e->op, e->at, &copy));
    *copy = *e;
    *ret = copy;
    if (e->op == KZ_X_CODE) {
        copy->other = !e->other;
        say_no(kz_expr_column_find(s, e->column), copy);
        return KZ_OK;
    }
    if (e->op == KZ_X_RANGE && e->n_range == 2 && r[0].lo == EXPR_LOW && r[1].hi == EXPR_HIGH)
        return put_ranges(p, copy, 1, r[0].hi + 1, r[1].lo - 1, 0);
    if (e->op == KZ_X_RANGE && e->n_range == 1 && r[0].lo == EXPR_LOW)
        return put_ranges(p, copy, 1, r[0].hi + 1, EXPR_HIGH, 0);
    if (e->op == KZ_X_RANGE && e->n_range == 1 && r[0].hi == EXPR_HIGH)
        return put_ranges(p, copy, 1, EXPR_LOW, r[0].lo - 1, 0);
    if (e->op == KZ_X_RANGE && e->n_range == 1 && r[0].lo == r[0].hi)
        return put_ranges(p, copy, 2, EXPR_LOW, r[0].lo - 1, r[0].hi + 1);
    *done = false;
    return KZ_OK;
}

static kz_status one(expr_parser *p, const kz_expr_source *s, const kz_expr **ret)
{
    const kz_expr_column *c;
    kz_expr *e;
    int at = p->now.at;
    if (p->depth == KZ_EXPR_DEPTH)
        return kz_fail(p->err, KZ_E_LIMIT, "expr.deep", kz_s("file", p->where.file), kz_n("line", p->where.line),
                       kz_s("column", p->where.column), kz_n("at", at + 1), kz_n("most", KZ_EXPR_DEPTH));
    if (expr_take_sign(p, '(')) {
        p->depth++;
        KZ_TRY(any_of(p, s, ret));
        p->depth--;
        return expr_want_sign(p, ')');
    }
    if (expr_take_word(p, "not")) {
        const kz_expr *inner;
        p->depth++;
        KZ_TRY(one(p, s, &inner));
        p->depth--;
        bool done;
        KZ_TRY(negated(p, s, inner, ret, &done));
        if (done)
            return KZ_OK;
        const kz_expr **arg = kz_arena_new(p->a, const kz_expr *, 1);
        if (!arg)
            return expr_fail_memory(p);
        arg[0] = inner;
        KZ_TRY(expr_node(p, KZ_X_NOT, at, &e));
        e->arg = arg;
        e->n_arg = 1;
        *ret = e;
        return KZ_OK;
    }
    if (expr_take_word(p, "known"))
        return known_test(p, s, at, ret);
    KZ_TRY(find_column(p, s, &c));
    KZ_TRY(expr_node(p, c->type == KZ_T_INT ? KZ_X_RANGE : KZ_X_CODE, at, &e));
    e->column = c->name;
    *ret = e;
    return c->type == KZ_T_INT ? int_test(p, e) : code_test(p, c, e);
}

static int by_order(const void *a, const void *b)
{
    return kz_expr_compare(*(const kz_expr *const *)a, *(const kz_expr *const *)b);
}

/* `x < 15 and x < 3` is `x < 3`: one range that lies in both; NULL where it takes more than one word to say so. */
static const kz_expr *overlap(kz_arena *a, const kz_expr *x, const kz_expr *y)
{
    if (x->op != KZ_X_RANGE || y->op != KZ_X_RANGE || x->n_range != 1 || y->n_range != 1 ||
        strcmp(x->column, y->column) != 0)
        return NULL;
    int32_t lo = x->range[0].lo > y->range[0].lo ? x->range[0].lo : y->range[0].lo;
    int32_t hi = x->range[0].hi < y->range[0].hi ? x->range[0].hi : y->range[0].hi;
    kz_expr *e = kz_arena_new(a, kz_expr, 1);
    kz_expr_range *r = kz_arena_new(a, kz_expr_range, 1);
    if (!e || !r || lo > hi)
        return NULL; /* nobody can be both: left as it was written */
    *r = (kz_expr_range){ lo, hi };
    *e = *x;
    e->range = r;
    return e;
}

const kz_expr *expr_join(kz_arena *a, kz_expr_op op, int at, const kz_expr *const part[], int n)
{
    int flat = 0, kept = 0;
    for (int i = 0; i < n; i++)
        flat += part[i]->op == op ? part[i]->n_arg : 1;
    const kz_expr **arg = kz_arena_new(a, const kz_expr *, flat + 1);
    kz_expr *e = kz_arena_new(a, kz_expr, 1);
    if (!arg || !e)
        return NULL;
    flat = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < (part[i]->op == op ? part[i]->n_arg : 1); k++)
            arg[flat++] = part[i]->op == op ? part[i]->arg[k] : part[i];
    qsort(arg, (size_t)flat, sizeof *arg, by_order);
    for (int i = 0; i < flat; i++) {
        const kz_expr *both = kept > 0 && op == KZ_X_AND ? overlap(a, arg[kept - 1], arg[i]) : NULL;
        if (both)
            arg[kept - 1] = both;
        else if (kept == 0 || kz_expr_compare(arg[kept - 1], arg[i]) != 0)
            arg[kept++] = arg[i];
    }
    if (kept == 1)
        return arg[0];
    *e = (kz_expr){ .op = op, .at = at, .weight = 1, .arg = arg, .n_arg = kept };
    return e;
}

/* One and … or one or …: `inner` parts until the word is gone. */
static kz_status joined(expr_parser *p, const kz_expr_source *s, kz_expr_op op, const kz_expr **ret)
{
    const kz_expr *part[KZ_EXPR_LIST];
    int n = 0, at = p->now.at;
    do {
        if (n == KZ_EXPR_LIST)
            return expr_fail(p, "expr.list_long", ")", NULL);
        KZ_TRY(op == KZ_X_OR ? joined(p, s, KZ_X_AND, &part[n]) : one(p, s, &part[n]));
        n++;
        p->nodes++;
    } while (expr_take_word(p, op == KZ_X_OR ? "or" : "and"));
    *ret = n == 1 ? part[0] : expr_join(p->a, op, at, part, n);
    return *ret ? KZ_OK : expr_fail_memory(p);
}

static kz_status any_of(expr_parser *p, const kz_expr_source *s, const kz_expr **ret)
{
    return joined(p, s, KZ_X_OR, ret);
}

kz_status expr_condition(expr_parser *p, const kz_expr_source *source, const kz_expr **ret)
{
    return any_of(p, source, ret);
}
