/*
 * expr.h - what an indicator counts, as people write it.
 *
 *     age_00_03 + age_03_06                          measures of tables
 *     count(ewo: age_years < 18 and mig != none)     person rows
 *     distinct(hze: status = running)                different persons
 *     sum(kita.hours: type = kita) - 2 * count(kita)[-1]
 *     0.5 * z(kinderarmut) + 0.5 * z(sgb2-15-64)     indicators
 *
 *     kz_expr_at where = { "data/indicators/hze.txt", 12, "numerator" };
 *     const kz_expr *e;
 *     KZ_TRY(kz_expr_parse("count(ewo: sex = m)", KZ_EXPR_FORM, &scope, where, &arena, &e, err));
 *     kz_expr_write(&buf, e);                        // the canonical text
 *
 * docs/ausdruecke.md is the language on one page, with examples that are tests.
 *
 * Every expression ends: there are no loops, no recursion, no user functions, at most KZ_EXPR_BYTES bytes,
 * KZ_EXPR_NODES nodes and KZ_EXPR_DEPTH parentheses.  Every expression that is accepted has a value or a
 * state: it is typed against what the sources deliver (expr_scope.h).  An answer that is not there makes a
 * test neither true nor false, and only rows whose condition is true are counted: three-valued logic, as
 * that of WHERE in SQL.
 *
 * The tree lies in the arena and is canonical: and/or are flat, their parts sorted and different, so
 * that the same condition, written in another order, is the same tree and the same text.
 * Parsing is O(bytes log bytes).  No state; safe from any thread.
 */
#ifndef KZ_MONITOR_EXPR_H
#define KZ_MONITOR_EXPR_H

#include "base/arena.h"
#include "base/buf.h"

enum { KZ_EXPR_BYTES = 4096, KZ_EXPR_NODES = 512, KZ_EXPR_DEPTH = 32, KZ_EXPR_LIST = 128 };

typedef enum kz_expr_op {
    /* conditions */
    KZ_X_ALL,      /* every row                                                    */
    KZ_X_AND,      /* arg                                                          */
    KZ_X_OR,       /* arg                                                          */
    KZ_X_NOT,      /* arg[0]                                                       */
    KZ_X_CODE,     /* column has one of text; with `other`: has an answer, but none of them */
    KZ_X_RANGE,    /* integer column lies in one of range                           */
    KZ_X_KNOWN,    /* column has an answer                                         */
    /* counts */
    KZ_X_MEASURE,  /* name                                                         */
    KZ_X_COUNT,    /* rows of source `name` with the condition arg[0]              */
    KZ_X_DISTINCT, /* different persons in them                                    */
    KZ_X_SUM,      /* sum of `column` in them                                      */
    /* indicators */
    KZ_X_VALUE,    /* name: an indicator's value                                   */
    KZ_X_Z,        /* name: its z-score over the areas of a level                  */
    KZ_X_PROFILE,  /* name by source `of`.`column`, on areas of `level` ("" the lowest) */
    /* the whole */
    KZ_X_TOTAL,    /* sum of arg, each with factor and shift                       */
} kz_expr_op;

typedef struct kz_expr_range {
    int32_t lo, hi; /* both belong to it */
} kz_expr_range;

typedef struct kz_expr {
    kz_expr_op  op;
    int         at;       /* where it stands, from 0: for messages      */
    const char *name, *of, *column, *level;
    bool        other;
    int         n_text, n_range, n_arg;
    const char *const *text;           /* sorted, different            */
    const kz_expr_range *range;        /* sorted, apart                */
    const struct kz_expr *const *arg;
    double      weight;   /* as a part of a total: factor; whole for counts */
    int         shift;    /* as a part of a total: periods back          */
} kz_expr;

typedef enum kz_expr_kind {
    KZ_EXPR_FORM,      /* sum and difference of measures and counts      */
    KZ_EXPR_CONDITION, /* of a group; `of` of the scope says of what      */
    KZ_EXPR_INDICATOR, /* values, z-scores, a profile of indicators      */
} kz_expr_kind;

/* What an expression may name: expr_scope.h. */
typedef struct kz_expr_scope kz_expr_scope;

/* Where the text stands; for messages. */
typedef struct kz_expr_at {
    const char *file;
    int         line;
    const char *column;
} kz_expr_at;

/*
 * KZ_E_INPUT  with file, line, column, at (from 1), value (what stands there), expected, near (the nearest
 *             name there is, or "–").
 * KZ_E_LIMIT  expr.long, expr.deep: larger than this page allows; expr.memory.
 */
KZ_MUST_USE kz_status kz_expr_parse(const char *text, kz_expr_kind kind, const kz_expr_scope *scope, kz_expr_at where,
                                    kz_arena *a, const kz_expr **ret, kz_err *err);

/* A condition of source `source`: what stands in a group. */
KZ_MUST_USE kz_status kz_expr_parse_condition(const char *text, const char *source, const kz_expr_scope *scope,
                                              kz_expr_at where, kz_arena *a, const kz_expr **ret, kz_err *err);

/* `e` (a total) with the condition added to every count of `source`; NULL: memory, or too large. */
KZ_MUST_USE const kz_expr *kz_expr_narrow(const kz_expr *e, const char *source, const kz_expr *condition, kz_arena *a);

/* The canonical text, which reads back as the same tree. */
void kz_expr_write(kz_buf *out, const kz_expr *e);
/* Order of canonical trees; 0: equal. */
int kz_expr_compare(const kz_expr *a, const kz_expr *b);

#endif
