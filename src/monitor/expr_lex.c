/* Letters to words of the expression language, and what to say when one does not fit. */
#include "monitor/expr_inner.h"

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

static void read_number(expr_token *t)
{
    double value = 0, unit = 1;
    t->whole = true;
    for (size_t i = 0; i < t->n; i++) {
        if (t->p[i] == '.') {
            t->whole = false;
            continue;
        }
        value = value * 10 + (t->p[i] - '0');
        if (!t->whole)
            unit *= 10;
    }
    t->number = value / unit;
}

static size_t name_length(const expr_parser *p, const char *s)
{
    size_t n = 0;
    while (is_name(s[n]) || (p->dashes && s[n] == '-' && n > 0 && is_name(s[n - 1]) && is_name(s[n + 1])))
        n++;
    return n;
}

void expr_next(expr_parser *p)
{
    p->pos += strspn(p->text + p->pos, " \t");
    const char *s = p->text + p->pos;
    expr_token t = { .at = (int)p->pos, .p = s, .n = 1 };
    size_t name = name_length(p, s), digits = strspn(s, "0123456789");
    if (!*s) {
        t.n = 0;
    } else if (digits > 0 && (digits == name || s[digits] == '.')) {
        t.kind = EXPR_NUMBER;
        t.n = digits;
        if (s[digits] == '.' && strspn(s + digits + 1, "0123456789") > 0)
            t.n += 1 + strspn(s + digits + 1, "0123456789");
        if (t.n > 15)
            t.kind = EXPR_BAD;
        else
            read_number(&t);
    } else if (name > 0) {
        t.kind = EXPR_NAME;
        t.n = name;
    } else if (*s == '\'') {
        size_t n = strcspn(s + 1, "'");
        t.kind = s[n + 1] ? EXPR_TEXT : EXPR_BAD;
        t.p = s + 1;
        t.n = n;
        p->pos += s[n + 1] ? 2 : 1;
    } else if ((*s == '<' || *s == '>' || *s == '!') && s[1] == '=') {
        t.kind = *s == '<' ? EXPR_LESS_EQUAL : *s == '>' ? EXPR_MORE_EQUAL : EXPR_UNEQUAL;
        t.n = 2;
    } else if (*s == '<' || *s == '>') {
        t.kind = *s == '<' ? EXPR_LESS : EXPR_MORE;
    } else {
        t.kind = strchr("+-*()[],:.=", *s) ? EXPR_SIGN : EXPR_BAD;
        t.sign = *s;
    }
    p->pos += t.n;
    p->now = t;
}

bool expr_is_word(const expr_parser *p, const char *word)
{
    return p->now.kind == EXPR_NAME && strlen(word) == p->now.n && memcmp(word, p->now.p, p->now.n) == 0;
}

bool expr_is_sign(const expr_parser *p, char sign)
{
    return p->now.kind == EXPR_SIGN && p->now.sign == sign;
}

bool expr_take_sign(expr_parser *p, char sign)
{
    if (!expr_is_sign(p, sign))
        return false;
    expr_next(p);
    return true;
}

bool expr_take_word(expr_parser *p, const char *word)
{
    if (!expr_is_word(p, word))
        return false;
    expr_next(p);
    return true;
}

void expr_say(expr_parser *p, const char *id, int at, size_t n, const char *expected, const char *near)
{
    const char *what = p->text + at;
    (void)!kz_fail(p->err, KZ_E_INPUT, id, kz_s("file", p->where.file), kz_n("line", p->where.line),
                   kz_s("column", p->where.column), kz_n("at", at + 1),
                   kz_v("value", n > 0 ? what : "–", n > 0 ? n : strlen("–")), kz_s("expected", expected),
                   kz_s("near", near ? near : "–"));
}

void expr_say_memory(expr_parser *p)
{
    (void)!kz_fail(p->err, KZ_E_LIMIT, "expr.memory", kz_s("file", p->where.file), kz_n("line", p->where.line),
                   kz_s("column", p->where.column));
}

kz_status expr_want_sign(expr_parser *p, char sign)
{
    char text[2] = { sign, '\0' };
    if (expr_take_sign(p, sign))
        return KZ_OK;
    return expr_fail(p, "expr.sign", text, NULL);
}

kz_status expr_node(expr_parser *p, kz_expr_op op, int at, kz_expr **ret)
{
    if (++p->nodes > KZ_EXPR_NODES)
        return kz_fail(p->err, KZ_E_LIMIT, "expr.long", kz_s("file", p->where.file), kz_n("line", p->where.line),
                       kz_s("column", p->where.column), kz_n("most", KZ_EXPR_NODES));
    kz_expr *e = kz_arena_new(p->a, kz_expr, 1);
    if (!e)
        return expr_fail_memory(p);
    e->op = op;
    e->at = at;
    e->weight = 1;
    *ret = e;
    return KZ_OK;
}

const char *expr_copy(expr_parser *p, const expr_token *t)
{
    return kz_arena_strndup(p->a, t->p, t->n);
}
