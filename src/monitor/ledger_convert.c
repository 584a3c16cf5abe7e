#include "monitor/ledger_convert.h"

#include "base/apportion.h"
#include "monitor/counts.h"

/* What row r hands on when its part of a known count is `units`. */
static kz_tally handed(const kz_tally *from, const kz_cross_row *r, int64_t units)
{
    if (r->million == KZ_MILLION || from->value == 0)
        return *from;
    kz_tally t = *from;
    t.span.lo = 0;
    if (t.value < 0)
        return t;
    t.value = units;
    t.state = kz_cell_state_join(from->state, KZ_CELL_ESTIMATED);
    return t;
}

/* Whole units of one source area, row by row. */
static void share(const kz_crosswalk *x, int first, int n, const kz_tally *in, const kz_tally *whole,
                  int64_t weight[], int64_t cap[], int64_t part[])
{
    int64_t million = 0;
    for (int i = 0; i < n; i++) {
        weight[i] = x->row[first + i].million;
        million += weight[i];
    }
    if (n == 0 || in->value < 0)
        return;
    /* A part that left the municipality is one more target, which nobody asks for. */
    weight[n] = KZ_MILLION - million;
    bool capped = whole && whole->value >= in->value;
    if (capped)
        KZ_ASSERT(kz_apportion(whole->value, weight, n + 1, NULL, cap));
    KZ_ASSERT(kz_apportion(in->value, weight, n + 1, capped ? cap : NULL, part));
}

kz_status kz_ledger_convert(const kz_crosswalk *x, const kz_tally in[], const kz_tally whole[], kz_arena *a,
                            kz_tally out[], kz_err *err)
{
    int64_t *weight = kz_arena_new(a, int64_t, x->n_to + 2), *cap = kz_arena_new(a, int64_t, x->n_to + 2);
    int64_t *part = kz_arena_new(a, int64_t, x->n_to + 2);
    bool *any = kz_arena_new(a, bool, x->n_to + 1);
    if (!weight || !cap || !part || !any)
        return kz_fail(err, KZ_E_LIMIT, "area.memory");
    for (int t = 0; t < x->n_to; t++)
        out[t] = kz_tally_of(-1, KZ_N_CELL_STATES);
    for (int first = 0, n; first < x->n; first += n) {
        int from = x->row[first].from;
        for (n = 1; first + n < x->n && x->row[first + n].from == from;)
            n++;
        share(x, first, n, &in[from], whole ? &whole[from] : NULL, weight, cap, part);
        for (int i = 0; i < n; i++) {
            const kz_cross_row *r = &x->row[first + i];
            kz_tally t = handed(&in[from], r, part[i]);
            out[r->to] = any[r->to] ? kz_tally_add(out[r->to], t) : t;
            any[r->to] = true;
        }
    }
    return KZ_OK;
}
