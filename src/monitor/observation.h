/*
 * observation.h - the counts that imports brought in, many at a time.
 *
 *     static const char *const codes[] = { "pop", "age_00_03" };
 *     kz_matrix m;
 *     KZ_TRY(kz_observation_matrix(ws->work, codes, 2, "stadtteil", &arena, &m, err));
 *     int64_t n = kz_matrix_value(&m, 1, period, area);   // KZ_NO_VALUE (below 0): there is none
 *
 * A value is a whole number of 10^-decimals units of its measure (measure.h): with m.decimals[1] == 2
 * the value 1250 is 12.50.  Counts have no decimals.  Only measures that add up (m.adds) may be summed over areas.
 *
 * The matrix belongs to the arena and is a snapshot: compare
 * kz_observation_version() to know whether it is still good.  Not for sharing
 * while it is being made; read-only afterwards.  O(cells) time and memory:
 * 13 bytes a cell, filled or not.
 */
#ifndef KZ_MONITOR_OBSERVATION_H
#define KZ_MONITOR_OBSERVATION_H

#include "base/arena.h"
#include "monitor/cell.h"
#include "store/db.h"

typedef struct kz_matrix {
    int n_measures, n_periods, n_areas;
    const int64_t *periods;           /* ids of table period, in order of their codes */
    const char *const *period_codes;  /* "2005", "2006" …                              */
    const int64_t *areas;             /* ids of table area, ascending                  */
    uint8_t *decimals;                /* of a measure                                  */
    bool    *adds;                    /* of a measure: parts make up the whole         */
    int64_t *value;                   /* [measure][period][area]; KZ_NO_VALUE: none    */
    uint8_t *state;                   /* kz_cell_state; KZ_N_CELL_STATES: never came   */
    int32_t *import;                  /* id of the import it came with; 0: none        */
} kz_matrix;

/*
 * Counts of `measures` (codes, in this order) in all areas of a level (folded
 * code; NULL: of all levels) and all periods that occur.  A measure that no
 * file has brought yet is a row of KZ_NO_VALUE.
 *
 * KZ_E_LIMIT  the arena is too small for the matrix.
 */
KZ_MUST_USE kz_status kz_observation_matrix(kz_db *work, const char *const measures[], int n_measures,
                                            const char *level, kz_arena *a, kz_matrix *ret, kz_err *err);

static inline size_t kz_matrix_at(const kz_matrix *m, int measure, int period, int area)
{
    return ((size_t)measure * (size_t)m->n_periods + (size_t)period) * (size_t)m->n_areas + (size_t)area;
}
static inline int64_t kz_matrix_value(const kz_matrix *m, int measure, int period, int area)
{
    return m->value[kz_matrix_at(m, measure, period, area)];
}
static inline kz_cell_state kz_matrix_state(const kz_matrix *m, int measure, int period, int area)
{
    return (kz_cell_state)m->state[kz_matrix_at(m, measure, period, area)];
}
/* Index of an area id, -1 when the matrix does not have it.  O(log n). */
int kz_matrix_area(const kz_matrix *m, int64_t id);

/* Grows with every import and every undo, never repeats in a workspace. */
KZ_MUST_USE kz_status kz_observation_version(kz_db *work, int64_t *ret, kz_err *err);

#endif
