/* kekiz count: a number that is not in the catalogue, asked and answered at once. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/progress.h"

#include "base/utf8.h"
#include "monitor/area.h"
#include "monitor/question.h"
#include "store/workspace.h"

#include <string.h>

#define COUNT_CAP ((size_t)2 << 30)

typedef struct filter {
    const char *period;
    int64_t level; /* id, 0: all */
} filter;

static bool show(void *ctx, uint64_t done, uint64_t of)
{
    kz_progress *p = ctx;
    if (p->total == 0)
        *p = kz_progress_begin(kz_text(KZ_LANG_DE, "compute.progress"), (int64_t)of);
    kz_progress_at(p, (int64_t)done);
    return true;
}

static void put_count(kz_table_out *t, int64_t n, bool known)
{
    if (known)
        kz_put_int(t, n);
    else
        kz_put_none(t);
}

static kz_status put_cells(kz_call *call, const kz_answer *answer, const filter *f, const kz_area *areas, int n_areas)
{
    static const kz_col COLS[] = {
        { "level", KZ_COL_TEXT }, { "area", KZ_COL_TEXT }, { "name", KZ_COL_TEXT }, { "period", KZ_COL_TEXT },
        { "numerator", KZ_COL_INT }, { "denominator", KZ_COL_INT }, { "value", KZ_COL_REAL }, { "lo", KZ_COL_REAL },
        { "hi", KZ_COL_REAL }, { "state", KZ_COL_TEXT } };
    const kz_counts *n = &answer->counts;
    kz_auto(kz_table_out) t;
    KZ_TRY(kz_table_begin(&t, call, COLS, sizeof COLS / sizeof *COLS));
    for (int i = 0; i < answer->n; i++) {
        const kz_cell *c = &answer->cells[i];
        const kz_area *area = NULL;
        if ((f->period && strcmp(n->m.period_codes[c->period], f->period) != 0) ||
            (f->level && n->level_ids[n->level[c->area]] != f->level))
            continue;
        for (int k = 0; k < n_areas && !area; k++)
            if (areas[k].id == n->m.areas[c->area])
                area = &areas[k];
        kz_put_text(&t, area ? area->level : "");
        kz_put_text(&t, area ? area->key : "");
        kz_put_text(&t, n->names[c->area]);
        kz_put_text(&t, n->m.period_codes[c->period]);
        put_count(&t, c->numerator, c->numerator >= 0);
        put_count(&t, c->denominator, c->denominator >= 0);
        kz_put_real(&t, c->value);
        kz_put_real(&t, c->lo);
        kz_put_real(&t, c->hi);
        kz_put_text(&t, kz_cell_state_name((kz_cell_state)c->state));
    }
    return kz_table_end(&t);
}

static kz_status find_filter(kz_call *call, kz_db *work, filter *f)
{
    const char *name = kz_opt_text(call, "level");
    kz_area_level level;
    *f = (filter){ .period = kz_opt_text(call, "period") };
    if (!name)
        return KZ_OK;
    KZ_TRY(kz_area_level_find(work, name, &level, &call->err));
    f->level = level.id;
    return KZ_OK;
}

kz_status kz_cmd_count(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_arena) arena;
    kz_progress progress = { 0 };
    kz_answer answer;
    filter f;
    const kz_area *areas;
    int n_areas;
    const char *ratio = kz_opt_text(call, "ratio"), *per = kz_opt_text(call, "per");
    kz_question ask = { .numerator = call->args[0], .denominator = ratio ? ratio : per, .ratio = ratio != NULL,
                        .unit = kz_opt_text(call, "unit"), .how = { .watch = show, .watch_ctx = &progress } };
    kz_arena_init(&arena, COUNT_CAP);
    if (ratio && per)
        return kz_fail(&call->err, KZ_E_USAGE, "count.both");
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(find_filter(call, ws.work, &f));
    KZ_TRY(kz_area_list(ws.work, NULL, &arena, &areas, &n_areas, &call->err));
    kz_status st = kz_question_ask(ws.work, &ask, &arena, &answer, &call->err);
    kz_progress_end(&progress);
    KZ_TRY(st);
    st = put_cells(call, &answer, &f, areas, n_areas);
    if (st == KZ_OK && answer.counted.rows > 0)
        kz_tell(call, "count.done", kz_n("rows", answer.counted.rows), kz_s("numerator", answer.numerator));
    kz_answer_done(&answer);
    return st;
}
