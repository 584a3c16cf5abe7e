/* kekiz compute: all cells anew from the deliveries. */
#include "cli/cmd.h"
#include "cli/progress.h"
#include "cli/tell_definitions.h"
#include "monitor/compute.h"
#include "store/workspace.h"

#include <string.h>

enum { IDS_MOST = 256, THREADS_MOST = 64, DEFINITIONS_MOST = 64 << 20 };

/* How far the counting is. */
static bool show(void *ctx, uint64_t done, uint64_t of)
{
    kz_progress *p = ctx;
    if (p->total == 0)
        *p = kz_progress_begin(kz_text(KZ_LANG_DE, "compute.progress"), (int64_t)of);
    kz_progress_at(p, (int64_t)done);
    return true;
}

/* Definitions that are others than those of the cells; of the n chosen indicators only. */
static kz_status compare(kz_db *work, const char *const ids[], int n, kz_catalogue *cat, kz_arena *a,
                         kz_definitions *ret, kz_err *err)
{
    KZ_TRY(kz_catalogue_builtin(cat, err));
    KZ_TRY(kz_definitions_compare(work, cat, a, ret, err));
    kz_definition *chosen = kz_arena_new(a, kz_definition, ret->n + 1);
    if (!chosen)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    int kept = 0;
    for (int i = 0; i < ret->n; i++) {
        bool wanted = n == 0;
        for (int k = 0; k < n && !wanted; k++)
            wanted = strcmp(ids[k], ret->list[i].ind->id) == 0;
        if (wanted)
            chosen[kept++] = ret->list[i];
    }
    ret->list = chosen;
    ret->n = kept;
    return KZ_OK;
}

kz_status kz_cmd_compute(kz_call *call)
{
    const char *ids[IDS_MOST];
    int n = kz_opt_count(call, "indicator");
    int64_t threads = kz_opt_int(call, "threads", 0);
    if (threads < 0 || threads > THREADS_MOST || (threads == 0 && kz_opt_text(call, "threads")))
        return kz_fail(&call->err, KZ_E_USAGE, "serve.threads", kz_n("value", threads));
    if (n > IDS_MOST)
        return kz_fail(&call->err, KZ_E_LIMIT, "release.many_choices", kz_s("option", "indicator"),
                       kz_n("most", IDS_MOST));
    for (int i = 0; i < n; i++)
        ids[i] = kz_opt_nth(call, "indicator", i);
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, DEFINITIONS_MOST);
    kz_compute_report r;
    kz_progress progress = { 0 };
    kz_compute_how how = { .cat = &cat, .ids = ids, .n_ids = n,
                           .counting = { .threads = (int)threads, .anew = n == 0,
                                         .watch = show, .watch_ctx = &progress } };
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_tx_begin(&tx, ws.work, &call->err));
    if (kz_opt_flag(call, "hold")) {
        KZ_TRY(kz_compute_hold(ws.work, true, &call->err));
        KZ_TRY(kz_tx_commit(&tx, &call->err));
        kz_tell(call, "compute.hold");
        return KZ_OK;
    }
    kz_definitions d;
    KZ_TRY(compare(ws.work, ids, n, &cat, &arena, &d, &call->err));
    kz_status st = kz_compute(ws.work, &how, &r, &call->err);
    kz_progress_end(&progress);
    KZ_TRY(st);
    bool held;
    KZ_TRY(kz_compute_held(ws.work, &held, &call->err));
    if (held && n == 0)
        KZ_TRY(kz_compute_hold(ws.work, false, &call->err));
    KZ_TRY(kz_tx_commit(&tx, &call->err));
    kz_tell(call, "compute.done", kz_n("n", r.cells));
    (void)kz_tell_definitions(call, &d, "definition.renewed");
    if (r.counted.rows > 0)
        kz_tell(call, "compute.counted_rows", kz_n("rows", r.counted.rows), kz_n("n", r.counted.deliveries));
    if (r.over > 0)
        kz_tell(call, "compute.over_one", kz_n("n", r.over));
    if (r.check.differing > 0)
        kz_tell(call, "compute.differs", kz_n("n", r.check.differing), kz_n("of", r.check.compared),
                kz_s("area", r.area), kz_s("period", r.period), kz_s("measure", r.measure), kz_n("own", r.check.own),
                kz_n("sum", r.check.sum));
    return KZ_OK;
}
