/* kz_workspace_check: what is wrong with a workspace, finding by finding. */
#include "store/segment.h"
#include "store/steps.h"
#include "store/workspace.h"

#include <dirent.h>
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

/* ---- facts/ ------------------------------------------------------------------------------ */

/* Does a row of `segment` know the file? */
static kz_status is_known(kz_db *work, const char *file, bool *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "SELECT 1 FROM segment WHERE file = ?1", &q, err));
    kz_bind_text(&q, 1, file);
    return kz_step(&q, ret, err);
}

/* Files that nothing leads to: what an interrupted import left, rows of persons that nobody would delete. */
static kz_status check_strays(checker *c, kz_db *work, kz_err *err)
{
    char path[4200];
    DIR *d = path_of(c, "facts", path) ? opendir(path) : NULL;
    kz_status st = KZ_OK;
    for (struct dirent *e; d && st == KZ_OK && (e = readdir(d));) {
        bool known = false;
        kz_err what;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        st = is_known(work, e->d_name, &known, err);
        if (st != KZ_OK || known)
            continue;
        kz_fail(&what, KZ_E_FINDING, "store.check_stray", kz_s("file", e->d_name), kz_s("dir", path));
        report(c, "facts", &what);
    }
    if (d)
        closedir(d);
    return st;
}

/* Every segment that work.db names is there, whole, and readable by its owner only. */
static kz_status check_segments(checker *c, kz_db *work, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT file, n_rows FROM segment ORDER BY file", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        char path[4200];
        kz_err what = { 0 };
        kz_auto(kz_segment) seg = { 0 };
        kz_segment_view v;
        if (snprintf(path, sizeof path, "%s/facts/%s", c->dir, kz_col_text(&q, 0)) >= (int)sizeof path)
            continue;
        kz_status found = kz_segment_open(path, &seg, &what);
        for (uint32_t i = 0; found == KZ_OK && i < seg.n_columns; i++)
            found = kz_segment_read(&seg, i, &v, &what);
        if (found == KZ_OK && (int64_t)seg.n_rows != kz_col_int(&q, 1))
            kz_fail(&what, KZ_E_FINDING, "store.check_rows", kz_s("file", path), kz_n("rows", seg.n_rows),
                    kz_n("expected", kz_col_int(&q, 1)));
        if (what.id)
            report(c, "facts", &what);
        else
            check_rights(c, path);
    }
    return st;
}

static void check_facts(checker *c)
{
    char path[4200];
    kz_err what = { 0 };
    KZ_AUTO_DB work = NULL;
    int64_t version = 0;
    c->file = "facts";
    if (!path_of(c, "work.db", path) || kz_db_open(path, KZ_DB_READ, NULL, &work) != KZ_OK)
        return; /* said when work.db was looked at */
    if (kz_db_version(work, &version, NULL) != KZ_OK || version != kz_steps_newest(KZ_STEPS_WORK))
        return;
    kz_status st = check_segments(c, work, &what);
    if (st == KZ_OK)
        st = check_strays(c, work, &what);
    if (st != KZ_OK)
        report(c, "read", &what);
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
    if (path_of(&c, "keys.db", path) && stat(path, &s) == 0)
        check_db(&c, "keys.db", KZ_STEPS_KEYS);
    check_facts(&c);
    return c.any ? kz_fail(err, KZ_E_FINDING, "store.check_found", kz_s("dir", dir)) : KZ_OK;
}
