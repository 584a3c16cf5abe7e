/* Taking a delivery of persons back. */
#include "monitor/person_import.h"

#include "monitor/source.h"
#include "store/steps.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

kz_status kz_person_undo_rows(kz_workspace *ws, int64_t id, kz_person_undo *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, drop = KZ_STMT_INIT, restore = KZ_STMT_INIT;
    kz_status st;
    bool row;
    *ret = (kz_person_undo){ .n = 0 };
    KZ_TRY(kz_prepare(ws->work, "SELECT file, source FROM segment WHERE import = ?1", &q, err));
    kz_bind_int(&q, 1, id);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row && ret->n < (int)(sizeof ret->files / sizeof ret->files[0])) {
        snprintf(ret->files[ret->n++], sizeof ret->files[0], "%s", kz_col_text(&q, 0));
        snprintf(ret->source, sizeof ret->source, "%s", kz_col_text(&q, 1));
    }
    KZ_TRY(st);
    kz_stmt_done(&q);
    KZ_TRY(kz_prepare(ws->work, "DELETE FROM segment WHERE import = ?1", &drop, err));
    kz_bind_int(&drop, 1, id);
    KZ_TRY(kz_run(&drop, err));
    KZ_TRY(kz_prepare(ws->work, "UPDATE segment SET replaced_by = NULL WHERE replaced_by = ?1", &restore, err));
    kz_bind_int(&restore, 1, id);
    return kz_run(&restore, err);
}

/* Does any segment still hold pseudonyms of this family? */
static bool family_in_use(kz_workspace *ws, kz_arena *a, const char *family)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row = false;
    if (kz_prepare(ws->work, "SELECT DISTINCT source FROM segment", &q, NULL) != KZ_OK)
        return true;
    for (;;) {
        kz_source s;
        if (kz_step(&q, &row, NULL) != KZ_OK)
            return true;
        if (!row)
            return false;
        if (kz_source_load(kz_col_text(&q, 0), a, &s, NULL) != KZ_OK || strcmp(s.family, family) == 0)
            return true;
    }
}

/* The secret of a family that has no rows any more tells nothing, and is not kept. */
static void drop_secret(kz_workspace *ws, const char *family)
{
    char path[4200];
    KZ_AUTO_DB db = NULL;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    if (snprintf(path, sizeof path, "%s/keys.db", ws->dir) >= (int)sizeof path || access(path, F_OK) != 0 ||
        kz_steps_open(path, KZ_DB_WRITE, KZ_STEPS_KEYS, &db, NULL) != KZ_OK ||
        kz_prepare(db, "DELETE FROM secret WHERE family = ?1", &q, NULL) != KZ_OK)
        return;
    kz_bind_text(&q, 1, family);
    kz_status st = kz_run(&q, NULL);
    (void)st; /* what stays is a secret without use; kekiz check looks for it no further */
}

void kz_person_undo_files(kz_workspace *ws, const kz_person_undo *u)
{
    char path[4300];
    kz_arena a;
    kz_source s;
    for (int i = 0; i < u->n; i++)
        if (snprintf(path, sizeof path, "%s/facts/%s", ws->dir, u->files[i]) < (int)sizeof path)
            (void)unlink(path);
    if (u->n == 0)
        return;
    kz_arena_init(&a, 32 << 20);
    if (kz_source_load(u->source, &a, &s, NULL) == KZ_OK && !family_in_use(ws, &a, s.family))
        drop_secret(ws, s.family);
    kz_arena_done(&a);
}
