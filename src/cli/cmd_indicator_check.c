/* kekiz indicator check: mistakes of a file of the catalogue, and what its definitions mean for the cells there are. */
#include "cli/cmd.h"
#include "cli/tell.h"
#include "cli/tell_definitions.h"
#include "io/file.h"
#include "store/workspace.h"

#include <string.h>

enum { FILE_MOST = 8 << 20, ARENA_MOST = 64 << 20 };

static void tell_finding(void *ctx, const kz_err *what)
{
    const kz_call *call = ctx;
    kz_tell_err(call->lang, what);
}

/* The built-in catalogue, with the indicators of the file in their place. */
static kz_status read(kz_call *call, kz_catalogue *cat)
{
    kz_auto(kz_buf) text = kz_buf_init(FILE_MOST);
    if (call->n_args == 0)
        return kz_catalogue_builtin(cat, &call->err);
    KZ_TRY(kz_file_read(call->args[0], &text, &call->err));
    kz_catalogue_file file = { .name = call->args[0], .text = kz_buf_text(&text), .n = text.n };
    return kz_catalogue_read(file, tell_finding, call, cat, &call->err);
}

/* Another definition than the one shipped, under the same version: nobody could tell the two apart. */
static kz_status compare_shipped(kz_call *call, const kz_catalogue *cat, int *n)
{
    kz_auto(kz_catalogue) shipped = KZ_CATALOGUE_INIT;
    KZ_TRY(kz_catalogue_builtin(&shipped, &call->err));
    for (int i = 0; i < cat->n; i++) {
        const kz_indicator *ours = &cat->indicators[i], *old = kz_catalogue_find(&shipped, ours->id);
        char now[KZ_DEFINITION_HEX], before[KZ_DEFINITION_HEX];
        if (!old || ours->version > old->version)
            continue;
        kz_definition_hash(ours, now);
        kz_definition_hash(old, before);
        if (strcmp(now, before) == 0)
            continue;
        kz_tell(call, "definition.as_shipped", kz_s("file", call->args[0]), kz_n("line", ours->line),
                kz_s("value", ours->id), kz_n("before", old->version), kz_n("now", ours->version));
        ++*n;
    }
    return KZ_OK;
}

static kz_status compare_cells(kz_call *call, const kz_catalogue *cat, int *n)
{
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_arena) arena;
    kz_definitions d;
    kz_arena_init(&arena, ARENA_MOST);
    kz_status st = kz_workspace_find(call->workspace, &call->err);
    if (st == KZ_E_MISSING) {
        kz_tell(call, "definition.no_workspace");
        return KZ_OK;
    }
    KZ_TRY(st);
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_definitions_compare(ws.work, cat, &arena, &d, &call->err));
    int unraised = kz_tell_definitions(call, &d, "definition.stale");
    *n = unraised > *n ? unraised : *n; /* what differs from the catalogue shipped mostly differs from the cells, too */
    return KZ_OK;
}

kz_status kz_cmd_indicator_check(kz_call *call)
{
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    int n = 0;
    KZ_TRY(read(call, &cat));
    if (call->n_args > 0)
        KZ_TRY(compare_shipped(call, &cat, &n));
    KZ_TRY(compare_cells(call, &cat, &n));
    if (n > 0)
        return kz_fail(&call->err, KZ_E_FINDING, "indicator.findings", kz_n("n", n));
    kz_tell(call, "indicator.check_ok", kz_n("n", cat.n));
    return KZ_OK;
}
