/* The cells of a release, those that are public already, and which counts each of them shows. */
#include <math.h>
#include <string.h>

#include "monitor/compute.h"
#include "monitor/protect_build.h"

static int period_index(const kz_matrix *m, int64_t id)
{
    for (int p = 0; p < m->n_periods; p++)
        if (m->periods[p] == id)
            return p;
    return KZ_NONE;
}

static int64_t or_none(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? -1 : kz_col_int(q, at);
}

/* The release's own cells, and all that is public. */
kz_status protect_load_rows(protect_build *b, kz_db *work, int64_t release, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_protect_system *s = b->s;
    int cap = 0;
    KZ_TRY(kz_prepare(work,
                      "SELECT i.code, g.code, c.period, c.area, c.numerator, c.denominator, c.state, c.num_mask, "
                      "c.den_mask, c.release FROM release_cell c JOIN indicator i ON i.id = c.indicator "
                      "JOIN indicator_group g ON g.id = c.grp JOIN release r ON r.id = c.release "
                      "WHERE c.release = ?1 OR r.state = 'published' "
                      "ORDER BY c.release, c.indicator, c.grp, c.period, c.area", &q, err));
    kz_bind_int(&q, 1, release);
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        const kz_indicator *ind = kz_catalogue_find(&s->cat, kz_col_text(&q, 0));
        kz_protect_row r = { .ind = ind ? (int)(ind - s->cat.indicators) : KZ_NONE,
                             .group = ind ? kz_indicator_group_find(ind, kz_col_text(&q, 1)) : KZ_NONE,
                             .period = period_index(&s->counts.m, kz_col_int(&q, 2)),
                             .area = kz_matrix_area(&s->counts.m, kz_col_int(&q, 3)),
                             .num = KZ_NONE, .den = KZ_NONE,
                             .num_value = or_none(&q, 4), .den_value = or_none(&q, 5),
                             .state = (uint8_t)kz_col_int(&q, 6), .num_mask = (int)or_none(&q, 7),
                             .den_mask = (int)or_none(&q, 8), .ours = kz_col_int(&q, 9) == release };
        if (r.group == KZ_NONE || r.period == KZ_NONE || r.area == KZ_NONE) {
            if (!r.ours)
                continue; /* what the catalogue has no more is no form any more */
            return kz_fail(err, KZ_E_CONFLICT, "release.catalogue", kz_s("indicator", kz_col_text(&q, 0)),
                           kz_s("group", kz_col_text(&q, 1)));
        }
        s->rows = protect_grow(b, s->rows, s->n_rows, &cap, sizeof *s->rows);
        if (b->full)
            return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
        s->rows[s->n_rows++] = r;
        s->released[s->counts.level[r.area]] = true;
    }
}
