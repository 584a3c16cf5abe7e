/* expr_inner.h - what the files of the expression language share.  For expr*.c only. */
#ifndef KZ_MONITOR_EXPR_INNER_H
#define KZ_MONITOR_EXPR_INNER_H

#include "monitor/expr_scope.h"

#include <string.h>

/* Smallest value of an integer column; INT32_MIN is "no answer". */
#define EXPR_LOW (INT32_MIN + 1)
enum { EXPR_HIGH = INT32_MAX, EXPR_MOST = 1000000000 };

typedef enum expr_token_kind {
    EXPR_END, EXPR_NAME, EXPR_NUMBER, EXPR_TEXT, EXPR_SIGN, /* + - * ( ) [ ] , : . = */
    EXPR_LESS_EQUAL, EXPR_MORE_EQUAL, EXPR_UNEQUAL, EXPR_LESS, EXPR_MORE, EXPR_BAD
} expr_token_kind;

typedef struct expr_token {
    expr_token_kind kind;
    int    at;
    size_t n;
    const char *p;    /* its letters; of a text those between the quotes */
    char   sign;
    double number;
    bool   whole;     /* number has no decimals */
} expr_token;

typedef struct expr_parser {
    const char *text;
    size_t      pos;
    kz_expr_kind kind;
    const kz_expr_scope *scope;
    kz_expr_at  where;
    kz_arena   *a;
    kz_err     *err;
    expr_token  now;
    int         depth, nodes;
    bool        dashes; /* a name may contain '-': inside parentheses and among indicators */
} expr_parser;

void expr_next(expr_parser *p);
/* Is the token this word, this sign? */
bool expr_is_word(const expr_parser *p, const char *word);
bool expr_is_sign(const expr_parser *p, char sign);
/* Move on if it is. */
bool expr_take_sign(expr_parser *p, char sign);
bool expr_take_word(expr_parser *p, const char *word);

/* Write the failure down: what stands at `at`, what was expected, the nearest name or NULL. */
void expr_say(expr_parser *p, const char *id, int at, size_t n, const char *expected, const char *near);
void expr_say_memory(expr_parser *p);

/* Inline, so that the analyzer knows what they return. */
static inline kz_status expr_fail_at(expr_parser *p, const char *id, int at, size_t n, const char *expected,
                                     const char *near)
{
    expr_say(p, id, at, n, expected, near);
    return KZ_E_INPUT;
}
static inline kz_status expr_fail(expr_parser *p, const char *id, const char *expected, const char *near)
{
    expr_say(p, id, p->now.at, p->now.n, expected, near);
    return KZ_E_INPUT;
}
static inline kz_status expr_fail_memory(expr_parser *p)
{
    expr_say_memory(p);
    return KZ_E_LIMIT;
}
kz_status expr_want_sign(expr_parser *p, char sign);

/* A zeroed node at a place. */
kz_status expr_node(expr_parser *p, kz_expr_op op, int at, kz_expr **ret);
const char *expr_copy(expr_parser *p, const expr_token *t);

/* A condition of `source` at the token (expr_condition.c). */
kz_status expr_condition(expr_parser *p, const kz_expr_source *source, const kz_expr **ret);
/* and/or of parts: flat, sorted, different; one part alone is itself.  NULL: memory. */
const kz_expr *expr_join(kz_arena *a, kz_expr_op op, int at, const kz_expr *const part[], int n);

#endif
