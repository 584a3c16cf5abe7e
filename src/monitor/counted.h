/*
 * counted.h - what expressions over person rows give, by area and period: counted once, kept in work.db.
 *
 *     KZ_TRY(kz_counted_refresh(work, &cat, &counts, how, &report, err));  // counts what changed, and only that
 *     KZ_TRY(kz_counted_load(work, &cat, &counts, &arena, err));           // fills counts.counted
 *
 * A row of table `counted` is one atom in one period.  It is counted again when the segments in use (table
 * `segment`) or the areas are others than those it was counted with.  All atoms of a source that must be are
 * counted in one pass over its rows (fact_count.h).
 *
 * Rows are given to the area in their column `area`, on whatever level that is, and to all above it on the
 * reference day of the period.  A level on which, or below which, no row lies has no counts.  Rows whose area is
 * unknown, or not valid on the day, count for the municipality alone.  Counts by institution are those of the
 * institutions, and of the municipality their sum.
 *
 * The blob: pairs of area id (i64) and count (i64), little-endian, by id.  Of `cross(source.column)`, which
 * says where the people of institutions live: institution, area, count.  Empty: a column is not in the delivery.
 *
 * Inside the caller's transaction.  Same counts for any number of threads.
 */
#ifndef KZ_MONITOR_COUNTED_H
#define KZ_MONITOR_COUNTED_H

#include "base/view.h"
#include "monitor/counts.h"

typedef struct kz_counted_how {
    int threads; /* 0: all processors */
    bool anew;   /* count what has not changed, too */
    /* How far it is, in rows; false: stop, KZ_E_CONFLICT.  May be NULL. */
    bool (*watch)(void *ctx, uint64_t done, uint64_t of);
    void *watch_ctx;
} kz_counted_how;

typedef struct kz_counted_report {
    int64_t rows;       /* of person rows that were read */
    int     deliveries; /* segments that were read       */
    int64_t counts;     /* rows of table counted written */
} kz_counted_report;

/* `n` has its areas and periods.  KZ_E_INPUT: a segment is damaged. */
KZ_MUST_USE kz_status kz_counted_refresh(kz_db *work, const kz_catalogue *cat, const kz_counts *n, kz_counted_how how,
                                         kz_counted_report *ret, kz_err *err);
KZ_MUST_USE kz_status kz_counted_load(kz_db *work, const kz_catalogue *cat, kz_counts *n, kz_arena *a, kz_err *err);

/* Count everything that the catalogue asks into `n` (kz_counts_begin), and store nothing. */
KZ_MUST_USE kz_status kz_counted_now(kz_db *work, const kz_catalogue *cat, kz_counts *n, kz_counted_how how,
                                     kz_arena *a, kz_counted_report *ret, kz_err *err);

/* The segments in use of a source (NULL: of all), by source and period. */
typedef struct kz_delivery {
    const char *source, *path;
    int64_t segment, period_id, import, n_rows;
} kz_delivery;
KZ_MUST_USE kz_status kz_deliveries(kz_db *work, const char *source, kz_arena *a, const kz_delivery **ret, int *n,
                                    kz_err *err);

/* "level:key" to areas: which one is valid in a period. */
typedef struct kz_place_index kz_place_index;
KZ_MUST_USE kz_status kz_place_index_make(kz_db *work, const kz_counts *n, kz_arena *a, const kz_place_index **ret,
                                          kz_err *err);
/* KZ_NONE: no such area then. `level` NULL: it stands in the text. */
int kz_place_find(const kz_place_index *x, const kz_counts *n, const char *level, kz_view text, int period);
/* A number for all areas: others when one is added, moved or ends. */
uint64_t kz_place_version(const kz_place_index *x);

#endif
