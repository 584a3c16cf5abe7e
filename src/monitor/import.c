#include "monitor/import.h"

#include "monitor/person_import.h"
#include "monitor/source.h"
#include "monitor/table_import.h"

kz_status kz_import_gate(const kz_import_order *order, const kz_findings *found, kz_err *err)
{
    if (found->count[KZ_ERROR] > 0)
        return kz_fail(err, KZ_E_INPUT, "import.blocked", kz_s("file", order->file),
                       kz_n("errors", found->count[KZ_ERROR]));
    if (found->count[KZ_WARNING] > 0 && !order->accept_warnings && !order->dry_run)
        return kz_fail(err, KZ_E_FINDING, "import.unseen", kz_s("file", order->file),
                       kz_n("warnings", found->count[KZ_WARNING]));
    return KZ_OK;
}

kz_status kz_import_run(kz_workspace *ws, const kz_import_order *order, kz_findings *found, kz_import_result *ret,
                        kz_err *err)
{
    kz_arena a;
    kz_source s = { .rows = KZ_ROWS_TABLE };
    kz_arena_init(&a, 16 << 20);
    kz_status st = kz_source_load(order->source, &a, &s, err);
    kz_arena_done(&a);
    if (st != KZ_OK) {
        *ret = (kz_import_result){ .encoding = "" };
        return st;
    }
    return s.rows == KZ_ROWS_PERSONS ? kz_person_import(ws, order, found, ret, err)
                                     : kz_table_import(ws, order, found, ret, err);
}
