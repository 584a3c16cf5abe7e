/* kekiz area import, area institutions, area list: which areas and institutions the municipality has. */
#include "cli/cmd.h"
#include "cli/output.h"

#include "base/date.h"
#include "base/fmt.h"
#include "monitor/area.h"
#include "monitor/institution.h"
#include "store/workspace.h"

#include <math.h>
#include <string.h>

static const size_t ARENA_MAX = (size_t)2 << 30;

static kz_status valid_from(kz_call *call, char out[static KZ_DATE_TEXT])
{
    const char *text = kz_opt_text(call, "valid-from");
    kz_date d;
    out[0] = '\0';
    if (!text)
        return KZ_OK;
    if (!kz_date_parse(kz_view_of(text), &d))
        return kz_fail(&call->err, KZ_E_USAGE, "area.bad_date", kz_s("value", text));
    kz_date_iso(d, out);
    return KZ_OK;
}

static void tell_parents(const kz_call *call, const kz_area_report *r)
{
    static const char *const HOW[] = { [KZ_PARENT_CITY] = "area.parent_city", [KZ_PARENT_FIELD] = "area.parent_field",
                                       [KZ_PARENT_KEY] = "area.parent_key", [KZ_PARENT_PLACE] = "area.parent_place" };
    const char *field = kz_opt_text(call, "parent");
    kz_tell(call, HOW[r->how], kz_s("level", r->parents.one), kz_s("field", field ? field : ""));
    if (r->n_orphans > 0)
        kz_tell(call, "area.orphans", kz_n("n", r->n_orphans), kz_s("level", r->parents.one));
}

static void tell_report(const kz_call *call, const kz_area_report *r)
{
    kz_auto(kz_buf) km2 = kz_buf_init(64);
    if (r->unchanged) {
        kz_tell(call, "area.unchanged", kz_n("n", r->n_areas), kz_s("many", r->level.many));
        return;
    }
    kz_fmt_dec(&km2, call->lang, r->area_m2 / 1e6, 2);
    kz_tell(call, "area.done", kz_n("n", r->n_areas), kz_s("many", r->level.many), kz_s("km2", kz_buf_text(&km2)),
            kz_s("crs", r->crs));
    if (r->began)
        kz_tell(call, "ledger.began", kz_n("same", r->n_same), kz_n("ended", r->n_ended), kz_n("begun", r->n_begun),
                kz_s("level", r->level.one));
    if (r->n_left > 0)
        kz_tell(call, "ledger.left", kz_n("n", r->n_left));
    for (int i = 0; i < r->n_notes; i++)
        kz_tell(call, "area.note", kz_s("level", r->level.one), kz_s("key", r->notes[i].key),
                kz_s("name", r->notes[i].name), kz_s("what", kz_text(call->lang, r->notes[i].what)));
    if (r->n_repaired > 0)
        kz_tell(call, "area.repaired", kz_n("n", r->n_repaired));
    tell_parents(call, r);
}

kz_status kz_cmd_area_import(kz_call *call)
{
    char day[KZ_DATE_TEXT];
    KZ_TRY(valid_from(call, day));
    const char *crs = kz_opt_text(call, "crs");
    const kz_area_import_options how = {
        .level = kz_opt_text(call, "level"),
        .key = kz_opt_text(call, "key"),
        .name = kz_opt_text(call, "name"),
        .parent = kz_opt_text(call, "parent"),
        .crs = crs ? crs : "auto",
        .layer = kz_opt_text(call, "layer"),
        .valid_from = day,
        .by = kz_call_user(),
    };
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, ARENA_MAX);
    kz_area_report report;
    KZ_TRY(kz_area_import(ws.work, call->args[0], &how, &a, &report, &call->err));
    tell_report(call, &report);
    return KZ_OK;
}

kz_status kz_cmd_area_institutions(kz_call *call)
{
    const kz_institution_options how = { .level = kz_opt_text(call, "level"), .key = kz_opt_text(call, "key"),
                                         .name = kz_opt_text(call, "name"), .lon = kz_opt_text(call, "lon"),
                                         .lat = kz_opt_text(call, "lat") };
    kz_institution_report r;
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_institutions_import(ws.work, call->args[0], &how, &r, &call->err));
    kz_tell(call, "institution.done", kz_n("added", r.added), kz_n("changed", r.changed), kz_n("same", r.same),
            kz_s("level", how.level));
    return KZ_OK;
}

kz_status kz_cmd_area_list(kz_call *call)
{
    static const kz_col COLS[] = { { "key", KZ_COL_TEXT },        { "name", KZ_COL_TEXT },
                                   { "level", KZ_COL_TEXT },      { "parent", KZ_COL_TEXT },
                                   { "valid_from", KZ_COL_TEXT }, { "valid_to", KZ_COL_TEXT },
                                   { "area_km2", KZ_COL_REAL },   { "lon", KZ_COL_REAL },
                                   { "lat", KZ_COL_REAL } };
    const char *level_name = kz_opt_text(call, "level");
    kz_area_level level;
    const kz_area *list;
    int n;
    kz_auto(kz_workspace) ws = { 0 };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, ARENA_MAX);
    if (level_name)
        KZ_TRY(kz_area_level_find(ws.work, level_name, &level, &call->err));
    KZ_TRY(kz_area_list(ws.work, level_name ? &level : NULL, &a, &list, &n, &call->err));
    kz_auto(kz_table_out) t = { 0 };
    KZ_TRY(kz_table_begin(&t, call, COLS, sizeof COLS / sizeof *COLS));
    for (int i = 0; i < n; i++) {
        kz_put_text(&t, list[i].key);
        kz_put_text(&t, list[i].name);
        kz_put_text(&t, list[i].level);
        kz_put_text(&t, list[i].parent_key);
        kz_put_text(&t, list[i].valid_from);
        kz_put_text(&t, list[i].valid_to);
        kz_put_real(&t, list[i].area_m2 / 1e6);
        kz_put_real(&t, list[i].lon);
        kz_put_real(&t, list[i].lat);
    }
    return kz_table_end(&t);
}
