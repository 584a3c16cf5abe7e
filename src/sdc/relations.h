/*
 * relations.h - a dimension whose codes are no tree: several counts of the same areas, and what adds up among them.
 *
 *     // code 0 children, 1 poor children, 2 the others: 0 - 1 - 2 = 0
 *     const size_t start[] = { 0, 3 };
 *     const int term[] = { 0 * 2, 1 * 2 + 1, 2 * 2 + 1 };      // code * 2 + (1 where it counts minus)
 *     kz_sdc_relations r;
 *     KZ_TRY(kz_sdc_relations_make(1, start, term, 3, &arena, &r, err));
 *     t.relations = &r;                                        // of the table's last dimension (table.h)
 *
 * Several tables that share counts become one table this way: each count is a code, whichever table
 * prints it, and each table's sums are relations.  A code without relation is free: it adds up over areas only.
 *
 * Everything lies in the arena.  Reading is safe from any thread.  O(terms).
 */
#ifndef KZ_SDC_RELATIONS_H
#define KZ_SDC_RELATIONS_H

#include "base/arena.h"

typedef struct kz_sdc_relations {
    int n, n_codes;
    const size_t *start;      /* n + 1: terms of relation r         */
    const int *term;          /* code * 2 + (minus)                 */
    const size_t *through_at; /* n_codes + 1: relations of a code   */
    const int *through;       /* relation * 2 + (minus)             */
} kz_sdc_relations;

/* A code stands once at most in a relation.  KZ_E_LIMIT: memory. */
KZ_MUST_USE kz_status kz_sdc_relations_make(int n, const size_t start[], const int term[], int n_codes, kz_arena *a,
                                            kz_sdc_relations *ret, kz_err *err);

#endif
