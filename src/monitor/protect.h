/*
 * protect.h - a release as one system of counts (sdc/suppress.h).
 *
 * Every numerator and denominator is a count: a linear form over measures in
 * one area and period.  The same form is the same count, whichever indicator
 * shows it.  What the world knows about them are the equations:
 *   - areas add up to the area above (where all its parts have the count),
 *   - measures add up as data/relations.tsv says; a rest that the parts leave
 *     is a count too, when it is small,
 *   - a form is the sum of its measures,
 *   - those who do not belong: denominator - numerator, when they are few.
 * Indicators that other releases have published and this one does not replace
 * are part of the system: what is shown there cannot be hidden any more, what
 * is hidden there stays hidden.
 *
 * The system belongs to the arena.  O(counts + terms).
 */
#ifndef KZ_MONITOR_PROTECT_H
#define KZ_MONITOR_PROTECT_H

#include "monitor/reckon.h"
#include "sdc/suppress.h"

/* One cell of the release with the counts it shows. */
typedef struct kz_protect_row {
    int ind, group, period, area; /* catalogue and matrix                     */
    bool ours;                    /* false: published by another release      */
    uint8_t state;                /* kz_cell_state as computed                */
    int num, den;                 /* counts of the system, KZ_NONE: no value  */
    int64_t num_value, den_value; /* as drafted, -1: none                     */
    int num_mask, den_mask;       /* as stored; -1: not protected             */
} kz_protect_row;

typedef struct kz_protect_system {
    kz_catalogue cat; /* freed by kz_protect_system_done */
    kz_counts counts;
    kz_reckoner reckoner;
    int n_rows;
    kz_protect_row *rows;
    kz_sdc_system sdc;
    const int *cell_form, *cell_period, *cell_area; /* what a count is, for messages */
    const kz_form *forms;
} kz_protect_system;

/* KZ_E_CONFLICT ("release.stale"): observations have changed since the draft. */
KZ_MUST_USE kz_status kz_protect_system_make(kz_db *work, int64_t release, const char *name, kz_arena *a,
                                             kz_protect_system *ret, kz_err *err);
void kz_protect_system_done(kz_protect_system *s);

#endif
