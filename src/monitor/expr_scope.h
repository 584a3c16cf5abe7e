/*
 * expr_scope.h - the names that an expression may use: sources with their columns and codes, measures, indicators.
 *
 *     const kz_expr_scope *scope;
 *     KZ_TRY(kz_expr_scope_builtin(&scope, err));          // data/sources, data/measures.tsv
 *     const kz_expr_source *ewo = kz_expr_source_find(scope, "ewo");
 *     const kz_expr_column *sex = kz_expr_column_find(ewo, "sex");
 *
 * Every source of persons has `age_months` and `age_years` (from it) where its rows have an age.
 * What is built in is constant after the first call and safe from any thread.  Look-up is linear: there are few.
 */
#ifndef KZ_MONITOR_EXPR_SCOPE_H
#define KZ_MONITOR_EXPR_SCOPE_H

#include "monitor/expr.h"

typedef enum kz_expr_type {
    KZ_T_CODE, /* one of `codes`                               */
    KZ_T_YES,  /* codes yes and no: may stand alone            */
    KZ_T_OPEN, /* any text: the key of an institution          */
    KZ_T_INT,
} kz_expr_type;

typedef struct kz_expr_column {
    const char  *name;
    kz_expr_type type;
    int          n_codes;
    const char *const *codes;
    const char *level; /* OPEN: of the institution, else NULL */
} kz_expr_column;

typedef struct kz_expr_source {
    const char *id;
    bool        persons; /* rows have a pseudonym: distinct() is possible */
    int         n;
    const kz_expr_column *columns;
} kz_expr_source;

struct kz_expr_scope {
    int n_sources;
    const kz_expr_source *sources; /* of person rows */
    int n_measures;
    const char *const *measures;
    int n_indicators;              /* may still be 0 while they are read: then every code is taken */
    const char *const *indicators;
};

/* The sources, measures built into the program; no indicators. */
KZ_MUST_USE kz_status kz_expr_scope_builtin(const kz_expr_scope **ret, kz_err *err);
/* NULL when there is none. */
const kz_expr_source *kz_expr_source_find(const kz_expr_scope *s, const char *id);
const kz_expr_column *kz_expr_column_find(const kz_expr_source *s, const char *name);
/* The column with the key of institutions of a level. */
const kz_expr_column *kz_expr_column_of_level(const kz_expr_source *s, const char *level);

/* The name nearest to `word`; NULL when none is near: more than a third of its letters, and more than one, differ. */
typedef const char *(*kz_expr_name_fn)(const void *ctx, int i); /* NULL ends */
const char *kz_expr_nearest(const char *word, kz_expr_name_fn name, const void *ctx);

#endif
