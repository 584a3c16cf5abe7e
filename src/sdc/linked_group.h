/*
 * linked_group.h - inside sdc/: codes that relations join, as one table of areas times codes.
 *
 * Codes that no relation joins do not disturb each other: each group is a table of its own (table.h with
 * relations), and what is done with them goes on side by side.
 */
#ifndef KZ_SDC_LINKED_GROUP_H
#define KZ_SDC_LINKED_GROUP_H

#include "sdc/hide.h"
#include "sdc/linked.h"

typedef struct kz_linked_group {
    kz_arena arena;
    const kz_sdc_linked *in;
    int n_codes, *code;          /* of the group, ascending */
    kz_sdc_tree areas, codes;
    kz_sdc_relations relations;
    kz_sdc_table table;
    int *area;                   /* of a node: area, -1: a root or rest of our own */
    bool *primary, *keep, *unprinted, *known;
    int32_t *cost;
    int64_t *widths; /* of a cell */
    kz_status status;
    kz_err err;
    int where, primaries, open; /* open: printed counts that are still to be decided */
    kz_sdc_pattern pattern;
} kz_linked_group;

/* Place of a cell of the group's table among all counts; -1: a root or rest of our own. */
int kz_linked_place(const kz_linked_group *g, int cell);

/* Split into groups, make their tables, do the work for each (in threads; a group belongs to one), gather the
 * proofs from their patterns (NULL: there are none).  The first failure in order of the groups counts. */
KZ_MUST_USE kz_status kz_linked_each(const kz_sdc_linked *in, void (*work)(kz_linked_group *g, void *ctx), void *ctx,
                                     kz_sdc_proof *proof, int *where, kz_err *err);

#endif
