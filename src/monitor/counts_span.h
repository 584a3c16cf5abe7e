/*
 * counts_span.h - what a count can be that its source hides.
 *
 * The sign alone says nothing: a source that hides numbers below 3 hides others beside them, so that nobody can
 * subtract, and does not say which is which.  So the source's rule gives a hidden count no bound; only what the
 * same delivery says is certain:
 *
 *     at most    what the area above has, less what is known of the other areas in it; and what a measure of which
 *                it is a part has (data/relations.tsv), less the other parts that are known
 *     at least   what is known of the areas in it, and of its parts
 *
 *     Nord 30 = Alt 20, Neu *, Hof *             Neu and Hof: 0 to 10 each
 *     unemployed 12, of them below 25: *         0 to 12
 *
 * Not: 30 - 20 = Neu + Hof, for a source's total may hold people whose area nobody knows.  What contradicts itself
 * (rounded tables) bounds nothing, nor does one delivery another.  Measures that are no counts (shares, amounts)
 * have no bounds.
 *
 * For counts.c, on the matrix as it was loaded.  Belongs to the arena.  O(cells), and nothing where nothing is hidden.
 */
#ifndef KZ_MONITOR_COUNTS_SPAN_H
#define KZ_MONITOR_COUNTS_SPAN_H

#include "monitor/counts.h"

/* Fills n->span and n->bound; leaves them NULL when no measure has a hidden value. */
KZ_MUST_USE kz_status kz_counts_span_fill(kz_counts *n, kz_arena *a, kz_err *err);

/* Of a value of which nothing is known but that it is a count, or not even that. */
kz_span kz_counts_span_any(bool is_count);
/* Of a known value; one of 2^53 or more may be any such. */
kz_span kz_counts_span_exact(int64_t value);

#endif
