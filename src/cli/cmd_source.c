/* kekiz source list, source show ID. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "monitor/source.h"

enum { ARENA_BYTES = 16 << 20 };

static kz_status list(kz_call *call, kz_arena *a)
{
    static const kz_col COLS[] = { { "source", KZ_COL_TEXT }, { "rows", KZ_COL_TEXT }, { "profile", KZ_COL_TEXT },
                                   { "title", KZ_COL_TEXT } };
    kz_auto(kz_table_out) t = { 0 };
    const char *const *ids;
    KZ_TRY(kz_source_ids(a, &ids, &call->err));
    KZ_TRY(kz_table_begin(&t, call, COLS, 4));
    for (; *ids; ids++) {
        kz_source s;
        KZ_TRY(kz_source_load(*ids, a, &s, &call->err));
        kz_put_text(&t, s.id);
        kz_put_text(&t, s.rows == KZ_ROWS_PERSONS ? "persons" : "table");
        kz_put_text(&t, s.profile);
        kz_put_text(&t, s.title);
    }
    return kz_table_end(&t);
}

static kz_status show(kz_call *call, kz_arena *a)
{
    static const kz_col COLS[] = { { "field", KZ_COL_TEXT }, { "name", KZ_COL_TEXT }, { "type", KZ_COL_TEXT },
                                   { "text", KZ_COL_TEXT } };
    kz_auto(kz_table_out) t = { 0 };
    kz_source s;
    KZ_TRY(kz_source_load(call->args[0], a, &s, &call->err));
    KZ_TRY(kz_table_begin(&t, call, COLS, 4));
    for (int i = 0; i < s.n_fields; i++) {
        kz_put_text(&t, s.fields[i].field);
        kz_put_text(&t, s.fields[i].name);
        kz_put_text(&t, s.fields[i].type);
        kz_put_text(&t, s.fields[i].text);
    }
    return kz_table_end(&t);
}

static kz_status with_arena(kz_call *call, kz_status (*run)(kz_call *, kz_arena *))
{
    kz_arena a;
    kz_arena_init(&a, ARENA_BYTES);
    kz_status st = run(call, &a);
    kz_arena_done(&a);
    return st;
}

kz_status kz_cmd_source_list(kz_call *call)
{
    return with_arena(call, list);
}

kz_status kz_cmd_source_show(kz_call *call)
{
    return with_arena(call, show);
}
