/*
 * tsv.h - small tables of our own making: one row a line, fields parted by tabs.
 *
 *     static const char *const columns[] = { "code", "label", NULL };
 *     kz_tsv t;
 *     KZ_TRY(kz_tsv_parse("data/measures.tsv", text, n, columns, &arena, &t, err));
 *     for (int i = 0; i < t.n_rows; i++)
 *         use(kz_tsv_at(&t, i, 0), kz_tsv_at(&t, i, 1));
 *
 * Strict: the first line that is neither empty nor a comment (`#` first) must
 * be the header with exactly these names; every row has as many fields; a
 * trailing CR is dropped; there is no quoting.  For what offices send: io/csv.h.
 * Fields are copied into the arena.  KZ_E_INPUT names file, line and remedy;
 * KZ_E_LIMIT: the arena is full.
 */
#ifndef KZ_BASE_TSV_H
#define KZ_BASE_TSV_H

#include "base/arena.h"

typedef struct kz_tsv {
    int n_rows, n_cols;
    const char *const *cells; /* row-major                       */
    const int *lines;         /* line of the file, for messages  */
} kz_tsv;

KZ_MUST_USE kz_status kz_tsv_parse(const char *file, const char *text, size_t n, const char *const columns[],
                                   kz_arena *a, kz_tsv *ret, kz_err *err);

static inline const char *kz_tsv_at(const kz_tsv *t, int row, int col)
{
    return t->cells[row * t->n_cols + col];
}

#endif
