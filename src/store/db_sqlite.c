/*
 * db.h on SQLite.
 *
 * Reading on a medium that cannot be written: a database in WAL mode needs its
 * -shm file, and SQLite cannot make one there.  When no -wal file is left over
 * (the last writer closed it properly) and the folder cannot be written by us,
 * the file is opened with immutable=1, that is without any lock.  On a medium
 * that is mounted read-only nothing can change it.  In a folder that only *we*
 * may not write, another user still could: there the file is looked at before
 * every statement, and once it has changed each statement fails with
 * "store.changed" and kz_db_data_version reports a new number, so that callers
 * open it again.  With a left-over -wal the newest data are in it and must not
 * be passed over: that is refused ("store.wal_left").
 *
 * A database file is never opened by other means than SQLite while it may be
 * in use: closing any descriptor of it would drop SQLite's POSIX locks.
 */
#include "base/buf.h"
#include "store/db_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATH_MOST = 4096 };

/* The folder of `path` into `dir` (PATH_MOST bytes; the path fits). */
static void folder_of(const char *path, char *dir)
{
    const char *slash = strrchr(path, '/');
    size_t n = !slash ? 0 : slash == path ? 1 : (size_t)(slash - path);
    memcpy(dir, slash ? path : ".", slash ? n : 1);
    dir[slash ? n : 1] = '\0';
}

static bool wal_is_left(const char *path)
{
    char wal[PATH_MOST + 8];
    struct stat s;
    snprintf(wal, sizeof wal, "%s-wal", path);
    return stat(wal, &s) == 0 && s.st_size > 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool has_changed(const kz_db *db)
{
    struct stat now;
    return stat(db->path, &now) != 0 || !same_file(&now, &db->seen) || wal_is_left(db->path);
}

static int open_handle(kz_db *db)
{
    enum { COMMON = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE };
    int rc;
    if (db->immutable) {
        kz_auto(kz_buf) uri = kz_buf_init(4 * PATH_MOST);
        kz_buf_str(&uri, "file:");
        kz_buf_url(&uri, db->path);
        kz_buf_str(&uri, "?immutable=1");
        if (kz_buf_status(&uri) != KZ_OK)
            return SQLITE_NOMEM;
        rc = sqlite3_open_v2(kz_buf_text(&uri), &db->handle,
                             COMMON | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    } else {
        int how = db->mode == KZ_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
        rc = sqlite3_open_v2(db->path, &db->handle, COMMON | how, NULL);
    }
    return rc;
}

/* Look at the medium before SQLite does, so that the message can be exact. */
static kz_status look_at_file(kz_db *db, kz_err *err)
{
    char dir[PATH_MOST];
    kz_arg file = kz_s("file", db->path);

    if (stat(db->path, &db->seen) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return kz_fail(err, KZ_E_MISSING, "store.missing", file);
        return kz_fail(err, KZ_E_IO, errno == EACCES ? "store.no_access" : "store.io", file,
                       kz_s("why", strerror(errno)));
    }
    if (!S_ISREG(db->seen.st_mode))
        return kz_fail(err, KZ_E_IO, "store.not_a_database", file);
    if (faccessat(AT_FDCWD, db->path, R_OK, AT_EACCESS) != 0)
        return kz_fail(err, KZ_E_IO, "store.no_access", file);
    folder_of(db->path, dir);
    bool dir_writable = faccessat(AT_FDCWD, dir, W_OK, AT_EACCESS) == 0;
    if (db->mode != KZ_DB_READ) {
        if (!dir_writable || faccessat(AT_FDCWD, db->path, W_OK, AT_EACCESS) != 0)
            return kz_fail(err, KZ_E_IO, "store.read_only", file);
        return KZ_OK;
    }
    if (!dir_writable) {
        char shm[PATH_MOST + 8];
        struct statvfs fs;
        bool fixed = statvfs(dir, &fs) == 0 && (fs.f_flag & ST_RDONLY);
        snprintf(shm, sizeof shm, "%s-shm", db->path);
        if (!wal_is_left(db->path)) {
            db->immutable = true;
            db->watched = !fixed;
        } else if (faccessat(AT_FDCWD, shm, R_OK, AT_EACCESS) != 0) {
            return kz_fail(err, KZ_E_IO, "store.wal_left", file);
        }
    }
    return KZ_OK;
}

static kz_status open_and_check(kz_db *db, kz_err *err)
{
    int64_t application;
    KZ_TRY(look_at_file(db, err));
    int rc = open_handle(db);
    if (rc != SQLITE_OK)
        return kz_db_fail(db, rc, err);
    if (db->mode != KZ_DB_READ && sqlite3_db_readonly(db->handle, "main") == 1)
        return kz_fail(err, KZ_E_IO, "store.read_only", kz_s("file", db->path));
    KZ_TRY(kz_db_set_pragmas(db, err));
    KZ_TRY(kz_db_get_int(db, "PRAGMA application_id", &application, err));
    if (application != 0 && application != KZ_DB_APPLICATION)
        return kz_fail(err, KZ_E_IO, "store.foreign", kz_s("file", db->path));
    rc = sqlite3_prepare_v3(db->handle, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT, &db->version,
                            NULL);
    return rc == SQLITE_OK ? KZ_OK : kz_db_fail(db, rc, err);
}

/* An empty file that only its owner may read. */
static kz_status make_file(const char *path, bool *made, kz_err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) {
        close(fd);
        *made = true;
        return KZ_OK;
    }
    kz_arg file = kz_s("file", path);
    switch (errno) {
    case EEXIST:
        return KZ_OK;
    case ENOENT:
    case ENOTDIR:
        return kz_fail(err, KZ_E_MISSING, "store.no_folder", file);
    case EROFS:
    case EACCES:
    case EPERM:
        return kz_fail(err, KZ_E_IO, "store.read_only", file);
    case ENOSPC:
    case EDQUOT:
        return kz_fail(err, KZ_E_IO, "store.full", file);
    default:
        return kz_fail(err, KZ_E_IO, "store.io", file, kz_s("why", strerror(errno)));
    }
}

static void remove_files(const char *path)
{
    char beside[PATH_MOST + 8];
    unlink(path);
    snprintf(beside, sizeof beside, "%s-wal", path);
    unlink(beside);
    snprintf(beside, sizeof beside, "%s-shm", path);
    unlink(beside);
}

/* Statements that live a little longer than their database keep it until they are done. */
static void close_handle(kz_db *db)
{
    sqlite3_finalize(db->version);
    sqlite3_close_v2(db->handle);
}

kz_status kz_db_open(const char *path, kz_db_mode mode, kz_err *err, kz_db **ret)
{
    /* SQLite reads "", ":memory:" and "file:…" its own way; for us they are names like others. */
    bool special = path[0] == '\0' || path[0] == ':' || strncmp(path, "file:", 5) == 0;
    const char *before = special ? "./" : "";
    size_t n = strlen(before) + strlen(path);
    bool made = false;

    if (n >= PATH_MOST)
        return kz_fail(err, KZ_E_LIMIT, "store.long_path", kz_s("file", path));
    kz_db *db = calloc(1, sizeof *db + n + 1);
    if (!db)
        return kz_fail(err, KZ_E_LIMIT, "store.memory", kz_s("file", path));
    memcpy(db->path, before, strlen(before));
    memcpy(db->path + strlen(before), path, strlen(path) + 1);
    db->mode = mode;

    kz_status st = mode == KZ_DB_CREATE ? make_file(db->path, &made, err) : KZ_OK;
    if (st == KZ_OK)
        st = open_and_check(db, err);
    if (st == KZ_OK) {
        *ret = db;
        return KZ_OK;
    }
    close_handle(db);
    if (made)
        remove_files(db->path);
    free(db);
    return st;
}

void kz_db_close(kz_db *db)
{
    if (!db)
        return;
    close_handle(db);
    free(db);
}

void kz_db_done(kz_db **db)
{
    kz_db_close(*db);
    *db = NULL;
}

const char *kz_db_path(const kz_db *db)
{
    return db->path;
}

static kz_status check_unchanged(const kz_db *db, kz_err *err)
{
    if (db->watched && has_changed(db))
        return kz_fail(err, KZ_E_IO, "store.changed", kz_s("file", db->path));
    return KZ_OK;
}

kz_status kz_db_exec(kz_db *db, const char *sql, kz_err *err)
{
    KZ_TRY(check_unchanged(db, err));
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? KZ_OK : kz_db_fail(db, rc, err);
}

int64_t kz_db_last_id(kz_db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int64_t kz_db_changes(kz_db *db)
{
    return sqlite3_changes64(db->handle);
}

kz_status kz_db_data_version(kz_db *db, int64_t *ret, kz_err *err)
{
    if (db->immutable) {
        *ret = db->watched && has_changed(db) ? 2 : 1;
        return KZ_OK;
    }
    int rc = sqlite3_step(db->version);
    int64_t version = sqlite3_column_int64(db->version, 0);
    if (rc == SQLITE_ROW) {
        sqlite3_reset(db->version);
        *ret = version;
        return KZ_OK;
    }
    kz_status st = kz_db_fail(db, rc, err);
    sqlite3_reset(db->version);
    return st;
}

/* ---- statements -------------------------------------------------------- */

kz_status kz_prepare(kz_db *db, const char *sql, kz_stmt *q, kz_err *err)
{
    sqlite3_stmt *s = NULL;
    const char *rest = NULL;
    KZ_ASSERT(!q->handle);
    int rc = sqlite3_prepare_v3(db->handle, sql, -1, 0, &s, &rest);
    if (rc != SQLITE_OK)
        return kz_db_fail(db, rc, err);
    if (!s || rest[strspn(rest, " \t\r\n;")] != '\0') {
        sqlite3_finalize(s);
        return kz_fail(err, KZ_E_IO, "store.sql", kz_s("file", db->path), kz_s("why", "not one statement"));
    }
    *q = (kz_stmt){ .db = db, .handle = s };
    return KZ_OK;
}

void kz_stmt_done(kz_stmt *q)
{
    sqlite3_finalize(q->handle);
    *q = (kz_stmt)KZ_STMT_INIT;
}

void kz_reset(kz_stmt *q)
{
    sqlite3_reset(q->handle);
    sqlite3_clear_bindings(q->handle);
    q->bind_failed = SQLITE_OK;
}

static void bound(kz_stmt *q, int rc)
{
    if (rc != SQLITE_OK && q->bind_failed == SQLITE_OK)
        q->bind_failed = rc;
}

void kz_bind_int(kz_stmt *q, int at, int64_t value)
{
    bound(q, sqlite3_bind_int64(q->handle, at, value));
}

void kz_bind_real(kz_stmt *q, int at, double value)
{
    bound(q, isnan(value) ? sqlite3_bind_null(q->handle, at) : sqlite3_bind_double(q->handle, at, value));
}

void kz_bind_text(kz_stmt *q, int at, const char *value)
{
    size_t n = value ? strlen(value) : 0;
    bound(q, sqlite3_bind_text64(q->handle, at, value, n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void kz_bind_view(kz_stmt *q, int at, const char *p, size_t n)
{
    bound(q, sqlite3_bind_text64(q->handle, at, p ? p : "", n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void kz_bind_blob(kz_stmt *q, int at, const void *p, size_t n)
{
    if (n == 0)
        bound(q, sqlite3_bind_zeroblob(q->handle, at, 0));
    else
        bound(q, sqlite3_bind_blob64(q->handle, at, p, n, SQLITE_TRANSIENT));
}

void kz_bind_null(kz_stmt *q, int at)
{
    bound(q, sqlite3_bind_null(q->handle, at));
}

kz_status kz_step(kz_stmt *q, bool *row, kz_err *err)
{
    KZ_ASSERT(q->handle);
    if (q->bind_failed != SQLITE_OK)
        return kz_db_fail(q->db, q->bind_failed, err);
    if (!sqlite3_stmt_busy(q->handle))
        KZ_TRY(check_unchanged(q->db, err));
    int rc = sqlite3_step(q->handle);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
        *row = rc == SQLITE_ROW;
        return KZ_OK;
    }
    kz_status st = kz_db_fail(q->db, rc, err);
    sqlite3_reset(q->handle);
    return st;
}

kz_status kz_run(kz_stmt *q, kz_err *err)
{
    bool row = false;
    kz_status st = kz_step(q, &row, err);
    if (st == KZ_OK && row)
        st = kz_fail(err, KZ_E_IO, "store.sql", kz_s("file", q->db->path), kz_s("why", "a row nobody reads"));
    kz_reset(q);
    return st;
}

int64_t kz_col_int(kz_stmt *q, int at)
{
    return sqlite3_column_int64(q->handle, at);
}

double kz_col_real(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? NAN : sqlite3_column_double(q->handle, at);
}

const char *kz_col_text(kz_stmt *q, int at)
{
    const char *text = (const char *)sqlite3_column_text(q->handle, at);
    return text ? text : "";
}

const void *kz_col_blob(kz_stmt *q, int at, size_t *n)
{
    const void *p = sqlite3_column_blob(q->handle, at);
    *n = p ? (size_t)sqlite3_column_bytes(q->handle, at) : 0;
    return p ? p : "";
}

bool kz_col_null(kz_stmt *q, int at)
{
    return sqlite3_column_type(q->handle, at) == SQLITE_NULL;
}

/* ---- transactions ------------------------------------------------------ */

kz_status kz_tx_begin(kz_tx *tx, kz_db *db, kz_err *err)
{
    KZ_TRY(kz_db_exec(db, "BEGIN IMMEDIATE", err));
    tx->db = db;
    return KZ_OK;
}

kz_status kz_tx_commit(kz_tx *tx, kz_err *err)
{
    KZ_ASSERT(tx->db);
    KZ_TRY(kz_db_exec(tx->db, "COMMIT", err));
    tx->db = NULL;
    return KZ_OK;
}

void kz_tx_done(kz_tx *tx)
{
    /* A full disk or a read error may have rolled back already. */
    if (tx->db && !sqlite3_get_autocommit(tx->db->handle))
        sqlite3_exec(tx->db->handle, "ROLLBACK", NULL, NULL, NULL);
    tx->db = NULL;
}
