/* kekiz compute: all cells anew from the observations. */
#include "cli/cmd.h"
#include "monitor/compute.h"
#include "store/workspace.h"

kz_status kz_cmd_compute(kz_call *call)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_compute_report r;
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_WRITE, &ws, &call->err));
    KZ_TRY(kz_tx_begin(&tx, ws.work, &call->err));
    KZ_TRY(kz_compute_all(ws.work, &r, &call->err));
    KZ_TRY(kz_tx_commit(&tx, &call->err));
    kz_tell(call, "compute.done", kz_n("n", r.cells));
    if (r.check.differing > 0)
        kz_tell(call, "compute.differs", kz_n("n", r.check.differing), kz_n("of", r.check.compared),
                kz_s("area", r.area), kz_s("period", r.period), kz_s("measure", r.measure), kz_n("own", r.check.own),
                kz_n("sum", r.check.sum));
    return KZ_OK;
}
