/*
 * sdc_files.h - plain files of `kekiz sdc` as a table: dimensions, trees, counts.
 *
 *     kz_sdc_input in;
 *     KZ_TRY(kz_sdc_input_open(&in, call, path, &arena));     // --dim COL[=HIER.csv] …
 *     KZ_TRY(kz_sdc_input_counts(&in, "n"));                  // inner cells; margins are compared
 *     // or: KZ_TRY(kz_sdc_input_shown(&in, hidden));         // every cell, from `shown` alone
 *     kz_sdc_input_done(&in);
 *
 * Everything but the reader lies in the arena.  Failures go to call->err.
 */
#ifndef KZ_CLI_SDC_FILES_H
#define KZ_CLI_SDC_FILES_H

#include "cli/command.h"
#include "io/csv.h"
#include "sdc/table.h"

typedef struct kz_sdc_input {
    kz_call *call;
    kz_arena *arena;
    kz_csv csv;
    bool open;
    const char *name[KZ_SDC_DIMS]; /* of the columns */
    size_t column[KZ_SDC_DIMS];
    kz_sdc_tree tree[KZ_SDC_DIMS];
    kz_sdc_table table;
} kz_sdc_input;

KZ_MUST_USE kz_status kz_sdc_input_open(kz_sdc_input *in, kz_call *call, const char *path, kz_arena *a);
/* Inner cells, then all margins; a margin in the file must be what its parts add up to. */
KZ_MUST_USE kz_status kz_sdc_input_counts(kz_sdc_input *in, const char *count);
/* hidden[c]: nothing is shown for the cell, or it is not in the file. */
KZ_MUST_USE kz_status kz_sdc_input_shown(kz_sdc_input *in, bool hidden[]);
void kz_sdc_input_done(kz_sdc_input *in);

/* The dimension and the code in "COL=VALUE". */
KZ_MUST_USE kz_status kz_sdc_input_slice(const kz_sdc_input *in, const char *wish, int *dim, int *node);

#endif
