/*
 * linked.h - protect many counts of the same areas together: all tables of a release at once.
 *
 *     // a city (0) with two quarters; code 0 children, 1 poor ones, 2 the others (nobody prints them)
 *     const int parent[] = { -1, 0, 0 };
 *     const size_t start[] = { 0, 3 };
 *     const int term[] = { 0 * 2, 1 * 2 + 1, 2 * 2 + 1 };
 *     kz_sdc_count counts[9] = ...                            // code * 3 + area
 *     kz_sdc_linked in = { .n_areas = 3, .parent = parent, .n_codes = 3, .n_relations = 1, .start = start,
 *                          .term = term, .counts = counts, .width = 3 };
 *     uint8_t mask[9];
 *     KZ_TRY(kz_sdc_linked_protect(&in, mask, &proof, &where, err));
 *     KZ_TRY(kz_sdc_linked_audit(&in, hidden, &found, err));
 *
 * Everybody knows that areas add up to the area above and that the relations hold in every area.
 * Codes that no relation joins do not disturb each other: each such group is one table with relations (hide.h) and
 * gets witnesses, so every secret has an interval of the width at least against somebody who has
 * everything that is shown.
 *
 * What an earlier publication shows (KZ_SDC_PUBLIC) stays open, what it hides (KZ_SDC_HELD) stays hidden.  A group in
 * which everything printed was decided before is left as it is.
 *
 * Counts that are not there (value -1: a source hides them, or never sent them) are unknown to everybody;
 * they may be anything, so a witness never takes from them; but where a count is unknown in all parts of an area
 * (never delivered so deep), all of it may lie in any one of them.  A relation with two such counts in an area says
 * nothing there.  Where the parts of an area do not add up to
 * it (a part was not delivered; persons counted in two areas), the difference is one more part that nobody prints.
 *
 * Same input, same bytes, for any number of threads.  Memory: that of the largest group a thread.
 */
#ifndef KZ_SDC_LINKED_H
#define KZ_SDC_LINKED_H

#include "sdc/rule.h"

enum {
    KZ_SDC_PRINTED = 1,   /* some table prints it                                        */
    KZ_SDC_SECRET = 2,    /* primary: too small, or hidden before                        */
    KZ_SDC_PUBLIC = 4,    /* printed before: cannot be hidden any more                   */
    KZ_SDC_HELD = 8,      /* hidden before: stays hidden, by the proof it had then       */
};

typedef struct kz_sdc_count {
    int64_t value;   /* >= 0; -1: unknown to us too                     */
    int32_t cost;    /* of hiding it, 1 … KZ_SDC_COST_MOST (hide.h)     */
    uint8_t flags;
} kz_sdc_count;

typedef struct kz_sdc_linked {
    int n_areas;
    const int *parent;        /* of an area; -1: a root                  */
    int n_codes, n_relations;
    const size_t *start;      /* as in relations.h                       */
    const int *term;
    const kz_sdc_count *counts; /* code * n_areas + area                 */
    int64_t width;
    const int64_t *widths;    /* of a code; NULL: `width` for all        */
    const struct kz_sdc_proof *hints; /* of an earlier publication, in these numbers; NULL: none */
    uint64_t seed;
    int threads;
    int64_t ends_most;        /* audit: entries of a block whose ends are computed; 0: KZ_SIMPLEX_ENTRIES */
} kz_sdc_linked;

/*
 * Witness w: cell[start[w] .. start[w + 1]) with coef.  A cell below n_codes * n_areas is a count; above it
 * stands what is missing from the parts of an area, n_codes * n_areas further.
 */
typedef struct kz_sdc_proof {
    int groups, primaries, secondaries;
    int n_witness, longest; /* cells of the longest one */
    size_t *start;
    int *cell, *coef, *owner; /* owner: the secret that a witness protects */
} kz_sdc_proof;
void kz_sdc_proof_done(kz_sdc_proof *p);

/*
 * mask[code * n_areas + area]: kz_mask; a secret that nobody prints is primary, too.
 *
 * KZ_E_INPUT  a secret cannot be protected because of what is public ("sdc.keep_…"); *where is its place.
 * KZ_E_LIMIT  memory, or relations with more ways than can be kept.
 */
KZ_MUST_USE kz_status kz_sdc_linked_protect(const kz_sdc_linked *in, uint8_t mask[], kz_sdc_proof *proof, int *where,
                                            kz_err *err);

typedef struct kz_sdc_exposure {
    int by_difference;  /* hidden counts that fall one after the other, a sum with one unknown at a time */
    int exact, narrow;  /* by all sums together: known exactly; closer than `width`     */
    int checked, skipped; /* skipped: in blocks too large for the ends, tested for `exact` only */
    int first;          /* the first of them, -1                                        */
} kz_sdc_exposure;

/*
 * Does the proof hold?  Adds and compares, solves nothing, and shares no code with what made it (linked_check.c).
 * Each witness must leave every sum of areas and every relation as it is, touch only what is hidden or
 * what nobody prints, and move its owner by the width at least; each secret must own one, but for
 * groups that earlier publications have decided.  KZ_E_FINDING ("sdc.proof_…");
 * *where: the count it is about, -1.
 */
KZ_MUST_USE kz_status kz_sdc_linked_check(const kz_sdc_linked *in, const bool hidden[], const kz_sdc_proof *proof,
                                          int *where, kz_err *err);

/* What an attacker learns of secret counts (partners may be known: they were hidden for others).  A printed count
 * that is not hidden is known; one that nobody prints is not.  lo, hi: NULL, or a value each (NaN: not asked). */
KZ_MUST_USE kz_status kz_sdc_linked_audit(const kz_sdc_linked *in, const bool hidden[], double lo[], double hi[],
                                          kz_sdc_exposure *ret, kz_err *err);

#endif
