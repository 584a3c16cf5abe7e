#include "cli/area_day.h"

#include <string.h>
#include <unistd.h>

kz_status kz_area_day(kz_call *call, const char *option, char out[static KZ_DATE_TEXT])
{
    const char *text = kz_opt_text(call, option);
    kz_date d;
    if (!text || !kz_date_parse(kz_view_of(text), &d))
        return kz_fail(&call->err, KZ_E_USAGE, "ledger.bad_option_day", kz_s("option", option),
                       kz_s("value", text ? text : ""));
    kz_date_iso(d, out);
    return KZ_OK;
}

kz_status kz_area_basis(kz_call *call, kz_area_basis_choice *ret)
{
    const char *text = kz_opt_text(call, "weight");
    *ret = (kz_area_basis_choice){ .basis = text ? kz_basis_from_name(text) : KZ_BASIS_POPULATION };
    if (ret->basis < KZ_N_BASES)
        return KZ_OK;
    /* What looks like a file is one, also when it is not there: the reader says so. */
    if (!strchr(text, '.') && !strchr(text, '/') && access(text, F_OK) != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "ledger.bad_basis", kz_s("value", text));
    ret->file = text;
    return KZ_OK;
}

void kz_area_tell_basis(const kz_call *call, int n_fallback, int n_lost)
{
    if (n_fallback > 0)
        kz_tell(call, "ledger.fallback", kz_n("n", n_fallback));
    if (n_lost > 0)
        kz_tell(call, "ledger.lost", kz_n("n", n_lost));
}
