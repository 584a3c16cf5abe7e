/*
 * compute_stamp.h - what an indicator has cells for, and has anything changed of what they were made of?
 *
 * A stamp is a number for definition and inputs of an indicator in a period together: the canonical forms, the values
 * of its measures, the segments behind its counts of person rows, the areas and in what they lie.  Equal
 * stamps, equal cells (64 bits, not against someone who looks for collisions).  So a delivery of one year
 * renews the cells of that year, and of those that look back to it.
 *
 * For compute.c.  Lives in the arena.  O(observations + indicators * periods).
 */
#ifndef KZ_MONITOR_COMPUTE_STAMP_H
#define KZ_MONITOR_COMPUTE_STAMP_H

#include "monitor/reckon.h"

typedef struct kz_stamps {
    const kz_catalogue *cat;
    const kz_counts *n;
    const uint64_t *of;      /* [indicator][period]                             */
    const bool *in_period;   /* the same: has the indicator anything of its own */
    const bool *on_level;    /* [indicator][level]: in any period               */
} kz_stamps;

KZ_MUST_USE kz_status kz_stamps_make(kz_db *work, kz_reckoner *r, kz_arena *a, kz_stamps *ret, kz_err *err);

static inline bool kz_stamps_in_period(const kz_stamps *s, const kz_indicator *ind, int period)
{
    return s->in_period[(size_t)(ind - s->cat->indicators) * (size_t)s->n->m.n_periods + (size_t)period];
}
static inline bool kz_stamps_on_level(const kz_stamps *s, const kz_indicator *ind, int level)
{
    return s->on_level[(size_t)(ind - s->cat->indicators) * (size_t)s->n->n_levels + (size_t)level];
}

/* In which periods are the cells those of this stamp?  Cells of periods that the indicator has no more go. */
KZ_MUST_USE kz_status kz_stamps_compare(kz_db *work, const kz_stamps *s, const kz_indicator *ind, bool same[],
                                        kz_err *err);
/* Delete its cells of the period and note the stamp that the next ones have. */
KZ_MUST_USE kz_status kz_stamps_replace(kz_db *work, const kz_stamps *s, const kz_indicator *ind, int period,
                                        kz_err *err);
/* Cells of indicators that the catalogue has no more go. */
KZ_MUST_USE kz_status kz_stamps_drop_unknown(kz_db *work, const kz_catalogue *cat, kz_err *err);

#endif
