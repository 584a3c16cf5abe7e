#include "monitor/import.h"

#include "monitor/table_import.h"

kz_status kz_import_run(kz_workspace *ws, const kz_import_order *order, kz_findings *found, kz_import_result *ret,
                        kz_err *err)
{
    return kz_table_import(ws, order, found, ret, err);
}
