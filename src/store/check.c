/* kz_workspace_check: what is wrong with a workspace, finding by finding. */
#include "store/steps.h"
#include "store/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { ROWS_MOST = 20 };

typedef struct checker {
    const char    *dir, *file; /* the file looked at now */
    kz_finding_fn *found;
    void          *arg;
    bool           any;
} checker;

static void report(checker *c, const char *check, const kz_err *what)
{
    c->any = true;
    c->found(c->arg, c->file, check, what);
}

static bool path_of(const checker *c, const char *name, char out[static 4200])
{
    return snprintf(out, 4200, "%s/%s", c->dir, name) < 4200;
}

/* Nobody else may read a workspace. */
static void check_rights(checker *c, const char *path)
{
    struct stat s;
    kz_err what = { 0 };
    if (stat(path, &s) != 0)
        kz_fail(&what, KZ_E_FINDING, "store.check_missing", kz_s("file", path));
    else if ((s.st_mode & 077) != 0)
        kz_fail(&what, KZ_E_FINDING, "store.check_rights", kz_s("file", path));
    if (what.id)
        report(c, "rights", &what);
}

static kz_status check_pages(checker *c, kz_db *db, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "PRAGMA quick_check(20)", &q, err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        if (strcmp(kz_col_text(&q, 0), "ok") == 0)
            continue;
        kz_err what;
        kz_fail(&what, KZ_E_FINDING, "store.check_damage", kz_s("file", kz_db_path(db)),
                       kz_s("why", kz_col_text(&q, 0)));
        report(c, "damage", &what);
    }
}

static kz_status check_references(checker *c, kz_db *db, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "PRAGMA foreign_key_check", &q, err));
    for (int i = 0; i < ROWS_MOST; i++) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            break;
        kz_err what;
        kz_fail(&what, KZ_E_FINDING, "store.check_reference", kz_s("file", kz_db_path(db)),
                       kz_s("table", kz_col_text(&q, 0)), kz_s("row", kz_col_text(&q, 1)),
                       kz_s("to", kz_col_text(&q, 2)));
        report(c, "reference", &what);
    }
    return KZ_OK;
}

static kz_status check_version(checker *c, kz_db *db, const char *prefix, kz_err *err)
{
    int64_t have, known = kz_steps_newest(prefix);
    KZ_TRY(kz_db_version(db, &have, err));
    if (have == known)
        return KZ_OK;
    kz_err what;
    kz_fail(&what, KZ_E_FINDING, have > known ? "store.newer" : "store.check_older",
                   kz_s("file", kz_db_path(db)), kz_n("found", have), kz_n("known", known));
    report(c, "version", &what);
    return KZ_OK;
}

static kz_status look_into(checker *c, kz_db *db, const char *prefix, kz_err *err)
{
    KZ_TRY(check_version(c, db, prefix, err));
    KZ_TRY(check_pages(c, db, err));
    return check_references(c, db, err);
}

static void check_db(checker *c, const char *name, const char *prefix)
{
    char path[4200];
    kz_err what = { 0 };
    KZ_AUTO_DB db = NULL;

    c->file = name;
    if (!path_of(c, name, path))
        return;
    /* For writing, so that what an interrupted writer left is taken over; else at least for reading. */
    kz_status st = kz_db_open(path, KZ_DB_WRITE, &what, &db);
    if (st == KZ_E_IO && strcmp(what.id, "store.read_only") == 0)
        st = kz_db_open(path, KZ_DB_READ, &what, &db);
    if (st == KZ_OK) {
        check_rights(c, path);
        st = look_into(c, db, prefix, &what);
    }
    if (st != KZ_OK)
        report(c, db ? "read" : "open", &what);
}

kz_status kz_workspace_check(const char *dir, kz_finding_fn *found, void *arg, kz_err *err)
{
    static const char *const FOLDERS[] = { "facts", "files" };
    checker c = { .dir = dir, .file = ".", .found = found, .arg = arg };
    char path[4200];
    struct stat s;

    KZ_TRY(kz_workspace_find(dir, err));
    if (!path_of(&c, "work.db", path) || stat(path, &s) != 0)
        return kz_fail(err, KZ_E_MISSING, "store.ws_not_one", kz_s("dir", dir));
    check_rights(&c, dir);
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++) {
        c.file = FOLDERS[i];
        if (path_of(&c, FOLDERS[i], path))
            check_rights(&c, path);
    }
    check_db(&c, "work.db", KZ_STEPS_WORK);
    check_db(&c, "release.db", KZ_STEPS_RELEASE);
    return c.any ? kz_fail(err, KZ_E_FINDING, "store.check_found", kz_s("dir", dir)) : KZ_OK;
}
