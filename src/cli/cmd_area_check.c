/* kekiz area check: do the outlines of the workspace, or of a file, fit together? */
#include "cli/cmd.h"
#include "cli/output.h"

#include "base/fmt.h"
#include "base/parse.h"
#include "monitor/area_check.h"
#include "store/workspace.h"

#include <math.h>

static const size_t ARENA_MAX = (size_t)2 << 30;

static const kz_col COLS[] = {
    { "level", KZ_COL_TEXT }, { "check", KZ_COL_TEXT }, { "key", KZ_COL_TEXT },   { "name", KZ_COL_TEXT },
    { "key2", KZ_COL_TEXT },  { "name2", KZ_COL_TEXT }, { "m2", KZ_COL_REAL },    { "pieces", KZ_COL_INT },
    { "lon", KZ_COL_REAL },   { "lat", KZ_COL_REAL },   { "finding", KZ_COL_TEXT },
};

static const char *text_of(kz_area_check_kind k)
{
#define TEXT_OF(NAME, name) [KZ_AREA_CHECK_##NAME] = "area_check." #name,
    static const char *const TEXTS[KZ_N_AREA_CHECKS] = { KZ_AREA_CHECKS(TEXT_OF) };
    return TEXTS[k];
}

static void say(const kz_call *call, const kz_area_finding *f, kz_buf *out)
{
    kz_auto(kz_buf) m2 = kz_buf_init(64);
    if (!isnan(f->m2))
        kz_fmt_dec(&m2, call->lang, f->m2, f->m2 < 10 ? 1 : 0);
    kz_say(out, call->lang, text_of(f->kind), kz_s("key", f->key), kz_s("name", f->name), kz_s("key2", f->key2),
           kz_s("name2", f->name2), kz_s("m2", kz_buf_text(&m2)), kz_n("row", f->row), kz_n("row2", f->row2),
           kz_s("why", f->why[0] ? kz_text(call->lang, f->why) : ""));
}

/* Seven digits after the point are a centimetre; more would be noise. */
static double rounded(double degrees)
{
    return round(degrees * 1e7) / 1e7;
}

static void put(kz_table_out *t, const char *level, const kz_area_findings *f)
{
    for (int i = 0; i < f->n; i++) {
        const kz_area_finding *x = &f->list[i];
        kz_auto(kz_buf) said = kz_buf_init(1 << 14);
        say(t->call, x, &said);
        kz_put_text(t, level);
        kz_put_text(t, kz_area_check_name(x->kind));
        kz_put_text(t, x->key);
        kz_put_text(t, x->name);
        kz_put_text(t, x->key2);
        kz_put_text(t, x->name2);
        kz_put_real(t, round(x->m2 * 10) / 10);
        kz_put_int(t, x->pieces);
        kz_put_real(t, rounded(x->lon));
        kz_put_real(t, rounded(x->lat));
        kz_put_text(t, kz_buf_text(&said));
    }
}

static kz_status check_file(kz_call *call, double least, kz_arena *a, kz_table_out *t, int *n)
{
    const char *crs = kz_opt_text(call, "crs"), *key = kz_opt_text(call, "key");
    const kz_area_check_file how = { .file = call->args[0], .key = key, .name = kz_opt_text(call, "name"),
                                     .crs = crs ? crs : "auto", .layer = kz_opt_text(call, "layer") };
    kz_area_findings f;
    if (!key)
        return kz_fail(&call->err, KZ_E_USAGE, "area_check.need_key");
    KZ_TRY(kz_area_check_outlines(&how, least, a, &f, &call->err));
    put(t, "", &f);
    *n = f.n;
    return KZ_OK;
}

static kz_status check_levels(kz_call *call, double least, kz_arena *a, kz_table_out *t, int *n)
{
    const char *name = kz_opt_text(call, "level");
    kz_auto(kz_workspace) ws = { 0 };
    const kz_area_level *levels;
    kz_area_level one;
    int n_levels;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    if (name)
        KZ_TRY(kz_area_level_find(ws.work, name, &one, &call->err));
    KZ_TRY(kz_area_levels(ws.work, a, &levels, &n_levels, &call->err));
    *n = 0;
    for (int i = 0; i < n_levels; i++) {
        kz_area_findings f;
        if (levels[i].rank == 0 || (name && levels[i].id != one.id))
            continue;
        KZ_TRY(kz_area_check_level(ws.work, &levels[i], least, a, &f, &call->err));
        put(t, levels[i].code, &f);
        *n += f.n;
    }
    return KZ_OK;
}

kz_status kz_cmd_area_check(kz_call *call)
{
    const char *text = kz_opt_text(call, "least");
    double least = 1;
    int n = 0;
    if (text && (kz_parse_real(kz_view_of(text), KZ_NUM_POINT, &least) != KZ_PARSED || least < 0))
        return kz_fail(&call->err, KZ_E_USAGE, "area_check.bad_least", kz_s("value", text));
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, ARENA_MAX);
    kz_auto(kz_table_out) t = { 0 };
    KZ_TRY(kz_table_begin(&t, call, COLS, sizeof COLS / sizeof *COLS));
    if (call->n_args > 0)
        KZ_TRY(check_file(call, least, &a, &t, &n));
    else
        KZ_TRY(check_levels(call, least, &a, &t, &n));
    KZ_TRY(kz_table_end(&t));
    return n == 0 ? KZ_OK : kz_fail(&call->err, KZ_E_FINDING, "area_check.found", kz_n("n", n));
}
