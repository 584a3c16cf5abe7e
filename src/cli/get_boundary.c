#include "cli/get_boundary.h"

#include "cli/area_day.h"
#include "cli/known.h"
#include "monitor/ledger_series.h"
#include "store/workspace.h"

#include <string.h>

const kz_col kz_get_cols[KZ_GET_COLS] = {
    { "area", KZ_COL_TEXT }, { "name", KZ_COL_TEXT }, { "period", KZ_COL_TEXT }, { "group", KZ_COL_TEXT },
    { "numerator", KZ_COL_INT }, { "denominator", KZ_COL_INT }, { "value", KZ_COL_REAL }, { "lo", KZ_COL_REAL },
    { "hi", KZ_COL_REAL }, { "smoothed", KZ_COL_REAL }, { "smoothed_lo", KZ_COL_REAL },
    { "smoothed_hi", KZ_COL_REAL }, { "state", KZ_COL_TEXT },
};

static void put_count(kz_table_out *t, int64_t n)
{
    if (n < 0)
        kz_put_none(t);
    else
        kz_put_int(t, n);
}

void kz_get_put_cell(kz_table_out *t, const kz_cell *c)
{
    put_count(t, c->numerator);
    put_count(t, c->denominator);
    kz_put_real(t, c->value);
    kz_put_real(t, c->lo);
    kz_put_real(t, c->hi);
    kz_put_real(t, c->smoothed);
    kz_put_real(t, c->smoothed_lo);
    kz_put_real(t, c->smoothed_hi);
    kz_put_text(t, kz_cell_state_name((kz_cell_state)c->state));
}

static void put_row(void *me, const kz_series_row *r)
{
    kz_table_out *t = me;
    kz_put_text(t, r->key);
    kz_put_text(t, r->name);
    kz_put_text(t, r->period);
    kz_put_text(t, r->group);
    kz_get_put_cell(t, &r->cell);
}

kz_status kz_get_boundary(kz_call *call, const kz_catalogue *cat, const kz_indicator *ind)
{
    char day[KZ_DATE_TEXT];
    kz_area_basis_choice by;
    kz_area_level level;
    kz_series_report report;
    const char *as = kz_opt_text(call, "as"), *level_name = kz_opt_text(call, "level");
    kz_series_order order = { .catalogue = cat, .indicator = ind, .period = kz_opt_text(call, "period"), .day = day };
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_table_out) t = { 0 };
    int group;
    if (!as || strcmp(as, "internal") != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "ledger.internal");
    KZ_TRY(kz_area_day(call, "boundary", day));
    KZ_TRY(kz_area_basis(call, &by));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    if (level_name)
        KZ_TRY(kz_area_level_find(ws.work, level_name, &level, &call->err));
    if (order.period)
        KZ_TRY(kz_known_period(call, ws.work, order.period));
    KZ_TRY(kz_known_group(call, ind, kz_opt_text(call, "group"), &group));
    order.level = level_name ? &level : NULL;
    order.group = kz_opt_text(call, "group") ? ind->groups[group].code : NULL;
    order.basis = by.basis;
    order.file = by.file;
    KZ_TRY(kz_table_begin(&t, call, kz_get_cols, KZ_GET_COLS));
    KZ_TRY(kz_ledger_series(ws.work, &order, put_row, &t, &report, &call->err));
    KZ_TRY(kz_table_end(&t));
    kz_area_tell_basis(call, report.n_fallback, report.n_lost);
    return KZ_OK;
}
