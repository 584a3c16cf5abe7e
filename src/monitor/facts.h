/*
 * facts.h - person rows of one delivery, opened, with columns by name and conditions evaluated a block at a time.
 *
 *     kz_auto(kz_facts) f = { 0 };
 *     KZ_TRY(kz_facts_open("koeln/facts/00000003.kzc", &f, err));
 *     kz_facts_scan scan;
 *     KZ_TRY(kz_facts_scan_begin(&f, &plan, &arena, &scan, err));
 *     for (uint32_t b = 0; b < f.seg.n_blocks; b++) {
 *         int rows = kz_facts_scan_block(&scan, b);
 *         const uint64_t *bits = scan.bits[plan.root[k]];       // NULL: a column of it is not in this delivery
 *     }
 *
 * What a segment holds is said in data/sources; `age_years` is made of the column age_months.  An unknown
 * answer is the code "", INT32_MIN, or an age below 0.
 *
 * A condition becomes a set of bits a block of 65,536 rows.  Where the block's smallest and largest value already
 * say that all rows or none pass, its rows are not read.  A column that the delivery does not have, or in
 * which no row has an answer, makes every condition with it unanswerable: bits NULL, not 0.
 *
 * One thread a scan.  Memory: 8 KiB a node.  O(rows × different tests).
 */
#ifndef KZ_MONITOR_FACTS_H
#define KZ_MONITOR_FACTS_H

#include "monitor/expr_plan.h"
#include "store/segment.h"

enum { KZ_FACTS_WORDS = KZ_SEGMENT_BLOCK / 64 };

typedef struct kz_facts {
    kz_segment seg;
} kz_facts;

KZ_MUST_USE kz_status kz_facts_open(const char *path, kz_facts *ret, kz_err *err);
void kz_facts_done(kz_facts *f);

/* A column; false in *there: the segment has none of this name.  KZ_E_INPUT: it is damaged. */
KZ_MUST_USE kz_status kz_facts_column(kz_facts *f, const char *name, kz_segment_view *ret, bool *there, kz_err *err);

typedef struct kz_facts_scan {
    const kz_facts     *facts;
    const kz_expr_plan *plan;
    uint64_t          **bits; /* of each node, for the block at hand; NULL: unanswerable */
    struct facts_test  *tests;
} kz_facts_scan;

KZ_MUST_USE kz_status kz_facts_scan_begin(kz_facts *f, const kz_expr_plan *plan, kz_arena *a, kz_facts_scan *ret,
                                          kz_err *err);
/* Bits of all nodes for block b; the number of its rows.  Bits beyond them are 0. */
int kz_facts_scan_block(kz_facts_scan *s, uint32_t b);

#endif
