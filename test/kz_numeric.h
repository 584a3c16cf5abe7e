/*
 * kz_numeric.h - numeric tests as data: input, expected, tolerance, source.
 *
 *     kz_numeric t;
 *     kz_numeric_open(&t, "wilson.tsv", (const char *[]){ "numerator", …, NULL });
 *     for (int row = 0; row < t.table.n_rows; row++)
 *         kz_numeric_near(&t, row, 2, r.value);     // against column 2 of the row
 *
 * Files lie in test/numeric.  The column before the last is the relative
 * tolerance, the last says where the expected numbers are from.
 */
#ifndef KZ_NUMERIC_H
#define KZ_NUMERIC_H

#include "kz_test.h"

#include "base/parse.h"
#include "base/tsv.h"
#include "io/file.h"

#include <math.h>
#include <stdlib.h>

typedef struct kz_numeric {
    const char *file;
    kz_arena    arena;
    kz_buf      text;
    kz_tsv      table;
} kz_numeric;

static inline void kz_numeric_done(kz_numeric *t)
{
    kz_arena_done(&t->arena);
    kz_buf_done(&t->text);
}

static inline void kz_numeric_open(kz_numeric *t, const char *file, const char *const columns[])
{
    const char *root = getenv("KZ_ROOT");
    kz_auto(kz_buf) path = kz_buf_init(4096);
    kz_err err = { 0 };
    *t = (kz_numeric){ .file = file, .text = kz_buf_init(1 << 20) };
    kz_arena_init(&t->arena, 1 << 22);
    kz_buf_fmt(&path, "%s/test/numeric/%s", root ? root : ".", file);
    assert_int_equal(kz_file_read(kz_buf_text(&path), &t->text, &err), KZ_OK);
    assert_int_equal(kz_tsv_parse(file, t->text.p, t->text.n, columns, &t->arena, &t->table, &err), KZ_OK);
    assert_true(t->table.n_rows > 0);
}

static inline double kz_numeric_real(const kz_numeric *t, int row, int col)
{
    double x = 0;
    kz_parsed p = kz_parse_real(kz_view_of(kz_tsv_at(&t->table, row, col)), KZ_NUM_POINT, &x);
    if (p != KZ_PARSED)
        fail_msg("%s:%d: %s is not a number", t->file, t->table.lines[row], kz_tsv_at(&t->table, row, col));
    return x;
}

static inline int64_t kz_numeric_int(const kz_numeric *t, int row, int col)
{
    int64_t n = 0;
    if (!kz_parse_plain(kz_view_of(kz_tsv_at(&t->table, row, col)), INT64_MIN, INT64_MAX, &n))
        fail_msg("%s:%d: %s is not a count", t->file, t->table.lines[row], kz_tsv_at(&t->table, row, col));
    return n;
}

static inline void kz_numeric_near(const kz_numeric *t, int row, int col, double got)
{
    double want = kz_numeric_real(t, row, col), tolerance = kz_numeric_real(t, row, t->table.n_cols - 2);
    if (!(fabs(got - want) <= tolerance * fabs(want)))
        fail_msg("%s:%d: got %.17g, want %.17g (%s)", t->file, t->table.lines[row], got, want,
                 kz_tsv_at(&t->table, row, t->table.n_cols - 1));
}

#endif
