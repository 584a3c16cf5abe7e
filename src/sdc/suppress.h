/*
 * suppress.h - which counts of a release must stay hidden.
 *
 * A release is a system: counts, and equations that everybody knows ("the
 * districts add up to the city").  A count that could point at a person is
 * primary.  A single hidden count of an equation can be computed back, so
 * partners are hidden with it (secondary), until no combination of what is
 * published gives a primary one.
 *
 *     // total 10 = 1 + 4 + 5: the 1 is hidden and needs a partner, the cheaper 4
 *     const kz_sdc_cell cells[] = { { 10, 9.0, true }, { 1, 1.0, true, true }, { 4, 1.0, true }, { 5, 2.0, true } };
 *     const kz_sdc_term terms[] = { { 0, 1 }, { 1, -1 }, { 2, -1 }, { 3, -1 } };
 *     const size_t starts[] = { 0, 4 };
 *     kz_sdc_system s = { 4, cells, 1, starts, terms, 3 };
 *     uint8_t mask[4];
 *     KZ_TRY(kz_sdc_protect(&s, &arena, mask, err));   // open, primary, secondary, open
 *
 * Tell the public "hidden", never which kind: "primary" would cap the count.
 *
 * Method: partners to a fixpoint over all equations, cheapest first; then the
 * exact test of linear.h (no primary in the row space of the published cells),
 * hiding more until it holds; then every partner that turns out to be
 * needless is opened again.  Where all hidden counts of an equation stand on
 * one side, they add up to at least `width`, so that "not negative" betrays
 * none.  Same input, same bytes.  Owns nothing; memory comes from the arena.
 * About O(terms * rounds) plus one small elimination per connected block.
 */
#ifndef KZ_SDC_SUPPRESS_H
#define KZ_SDC_SUPPRESS_H

#include "base/arena.h"

typedef enum kz_mask { KZ_MASK_OPEN = 0, KZ_MASK_PRIMARY, KZ_MASK_SECONDARY } kz_mask;

/* The primary rule for one count. */
typedef struct kz_sdc_rule {
    int  min_count;   /* smallest count that may be shown          */
    bool zero_secret; /* is "nobody" a secret?                     */
} kz_sdc_rule;
static inline bool kz_sdc_sensitive(const kz_sdc_rule *r, int64_t value)
{
    return value < r->min_count && (value != 0 || r->zero_secret);
}

typedef struct kz_sdc_cell {
    int64_t value;     /* not negative; -1: secret to us too                        */
    double  cost;      /* of hiding it, > 0                                         */
    bool    publish;   /* false: nobody prints it, but it must not be computable    */
    bool    sensitive; /* primary                                                   */
    bool    fixed;     /* already public: cannot be hidden any more                 */
} kz_sdc_cell;

typedef struct kz_sdc_term {
    int cell, sign; /* +1 or -1 */
} kz_sdc_term;

/* Equation e: sum of sign * cell over terms[start[e] .. start[e + 1]) is 0. */
typedef struct kz_sdc_system {
    int n_cells;
    const kz_sdc_cell *cells;
    int n_equations;
    const size_t *start;
    const kz_sdc_term *terms;
    int64_t width;
} kz_sdc_system;

/* The first equation that its counts contradict, or -1. */
int kz_sdc_contradiction(const kz_sdc_system *s);

/* Fill mask[n_cells] (kz_mask; a cell that is not published: open, unless
 * sensitive).  KZ_E_LIMIT ("sdc.no_partner", cell): even hiding every partner
 * does not protect this cell, because what is fixed betrays it. */
KZ_MUST_USE kz_status kz_sdc_protect(const kz_sdc_system *s, kz_arena *a, uint8_t mask[], kz_err *err);

/* What an attacker learns who has every published cell with hidden[c] false.
 * by_difference: cells that fall one after the other, an equation with one
 * unknown at a time; by_elimination: cells that all equations together
 * determine.  Only hidden cells that should be secret (published or sensitive)
 * are marked in betrayed[n_cells] (may be NULL) and counted. */
typedef struct kz_sdc_findings {
    int by_difference, by_elimination;
} kz_sdc_findings;
KZ_MUST_USE kz_status kz_sdc_attack(const kz_sdc_system *s, const bool hidden[], kz_arena *a, bool betrayed[],
                                    kz_sdc_findings *ret, kz_err *err);

#endif
