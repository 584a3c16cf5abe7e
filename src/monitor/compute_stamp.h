/*
 * compute_stamp.h - has anything changed of what an indicator's cells were made of?
 *
 * A stamp is a number for definition and inputs together: the canonical forms, the values of every measure,
 * the segments behind every count of person rows, the areas and their tree by period.  Equal stamps, equal
 * cells (64 bits, not against someone who looks for collisions).  For compute.c.  O(observations).
 */
#ifndef KZ_MONITOR_COMPUTE_STAMP_H
#define KZ_MONITOR_COMPUTE_STAMP_H

#include "monitor/counts.h"

typedef struct kz_stamps {
    const kz_catalogue *cat;
    const uint64_t *of; /* of each indicator of the catalogue */
} kz_stamps;

KZ_MUST_USE kz_status kz_stamps_make(kz_db *work, const kz_catalogue *cat, const kz_counts *n, kz_arena *a,
                                     kz_stamps *ret, kz_err *err);
/* Are the indicator's cells those of this stamp? */
KZ_MUST_USE kz_status kz_stamps_same(kz_db *work, const kz_stamps *s, const kz_indicator *ind, bool *ret, kz_err *err);
/* Delete its cells and note the stamp that the next ones have. */
KZ_MUST_USE kz_status kz_stamps_replace(kz_db *work, const kz_stamps *s, const kz_indicator *ind, kz_err *err);
/* Cells of indicators and groups that the catalogue has no more go. */
KZ_MUST_USE kz_status kz_stamps_drop_unknown(kz_db *work, const kz_catalogue *cat, kz_err *err);

#endif
