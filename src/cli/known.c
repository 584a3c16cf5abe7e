#include "cli/known.h"

#include <string.h>

enum { MOST = 400 }; /* a failure's arguments have 768 bytes together */

static const char CUT[] = ", …";

kz_buf kz_known_init(void)
{
    return kz_buf_init(MOST + sizeof CUT);
}

void kz_known_add(kz_buf *known, const char *name)
{
    const char *text = kz_buf_text(known);
    size_t cut = sizeof CUT - 1;
    if (known->n >= cut && memcmp(text + known->n - cut, CUT, cut) == 0)
        return;
    if (known->n + strlen(name) + 2 > MOST)
        kz_buf_str(known, CUT);
    else
        kz_buf_fmt(known, "%s%s", known->n ? ", " : "", name);
}

kz_status kz_known_none(kz_call *call, const char *id, const char *value, const kz_buf *known)
{
    return kz_fail(&call->err, KZ_E_MISSING, id, kz_s("value", value),
                   kz_s("known", known->n ? kz_buf_text(known) : "–"));
}

kz_status kz_known_group(kz_call *call, const kz_indicator *ind, const char *name, int *ret)
{
    kz_auto(kz_buf) known = kz_known_init();
    int g = name ? kz_indicator_group_named(ind, name) : 0;
    if (g != KZ_NONE) {
        *ret = g;
        return KZ_OK;
    }
    for (int i = 0; i < ind->n_groups; i++)
        kz_known_add(&known, ind->groups[i].code);
    return kz_known_none(call, "get.no_group", name, &known);
}

kz_status kz_known_period(kz_call *call, kz_db *work, const char *code)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) known = kz_known_init();
    KZ_TRY(kz_prepare(work, "SELECT code FROM period WHERE id IN (SELECT period FROM cell) ORDER BY code", &q,
                      &call->err));
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, &call->err));
        if (!row)
            return kz_known_none(call, "get.no_period", code, &known);
        if (strcmp(kz_col_text(&q, 0), code) == 0)
            return KZ_OK;
        kz_known_add(&known, kz_col_text(&q, 0));
    }
}
