/*
 * protect_family.h - which counts of person rows are parts of others, read off their conditions.
 *
 *     // count(ewo: age_years < 18) = count(ewo: age_years < 15) + a rest (15 to 17) that nobody prints
 *     kz_family_list list;
 *     KZ_TRY(kz_families(n, forms, &arena, &list, err));
 *     for (int i = 0; i < list.n; i++)
 *         use(list.relation[i].whole, list.relation[i].part, list.relation[i].n_parts, list.relation[i].rest);
 *
 * Who sees two counts sees their difference.  Counts of one source whose conditions are alike but for one column
 * form a *family*: each is a set of answers of this column.  Within a family every set is the sum of the
 * largest sets inside of it, and of a rest where they do not fill it; the rest is a count that
 * everybody can compute, so it must be as safe as a printed one.  Sets that overlap without one containing the other
 * give no difference that is a count; each stands in its own relation to what contains it.
 *
 * A form is one term (KZ_X_COUNT) of a total; others (measures, distinct persons, sums) are in no family.
 * Everything lies in the arena.  O(n^2) comparisons of sets of at most KZ_FAMILY_PIECES pieces.
 */
#ifndef KZ_MONITOR_PROTECT_FAMILY_H
#define KZ_MONITOR_PROTECT_FAMILY_H

#include "monitor/expr.h"

enum { KZ_FAMILY_PIECES = 192 };

typedef struct kz_family_relation {
    int whole, n_parts;
    const int *part;  /* forms, ascending                           */
    bool rest;        /* there may be somebody in none of the parts */
    bool unanswered;  /* only who gave no answer: that is no secret */
} kz_family_relation;

typedef struct kz_family_list {
    int n;
    const kz_family_relation *relation;
} kz_family_list;

/* KZ_E_LIMIT: memory.  A family of more pieces than KZ_FAMILY_PIECES is cut into pairs of a whole and a part. */
KZ_MUST_USE kz_status kz_families(int n, const kz_expr *const forms[], kz_arena *a, kz_family_list *ret, kz_err *err);

#endif
