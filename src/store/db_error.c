/* SQLite result codes in our words: each kind of trouble has its own message and remedy. */
#include "store/db_sqlite.h"

#include <errno.h>
#include <string.h>

static bool disk_is_full(int why)
{
    return why == ENOSPC || why == EDQUOT || why == EFBIG;
}

static kz_status cannot_open(const kz_db *db, int why, kz_err *err)
{
    struct stat s;
    if (disk_is_full(why))
        return kz_fail(err, KZ_E_IO, "store.full", kz_s("file", db->path));
    if (stat(db->path, &s) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return kz_fail(err, KZ_E_MISSING, "store.missing", kz_s("file", db->path));
    if (why == EROFS || (db->mode != KZ_DB_READ && (why == EACCES || why == EPERM)))
        return kz_fail(err, KZ_E_IO, "store.read_only", kz_s("file", db->path));
    if (why == EACCES || why == EPERM)
        return kz_fail(err, KZ_E_IO, "store.no_access", kz_s("file", db->path));
    return kz_fail(err, KZ_E_IO, "store.io", kz_s("file", db->path),
                   kz_s("why", why ? strerror(why) : sqlite3_errmsg(db->handle)));
}

kz_status kz_db_fail(const kz_db *db, int rc, kz_err *err)
{
    int last = errno, why = db->handle ? sqlite3_system_errno(db->handle) : 0;
    const char *said = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc);
    kz_arg file = kz_s("file", db->path);

    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        return kz_fail(err, KZ_E_CONFLICT, "store.constraint", file, kz_s("why", said));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return kz_fail(err, KZ_E_CONFLICT, "store.busy", file);
    case SQLITE_FULL:
        return kz_fail(err, KZ_E_IO, "store.full", file);
    case SQLITE_READONLY:
        return kz_fail(err, KZ_E_IO, "store.read_only", file);
    case SQLITE_CORRUPT:
        return kz_fail(err, KZ_E_IO, "store.damaged", file);
    case SQLITE_NOTADB:
        return kz_fail(err, KZ_E_IO, "store.not_a_database", file);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return cannot_open(db, why, err);
    case SQLITE_IOERR:
        if ((rc & ~0xff) == (SQLITE_IOERR_NOMEM & ~0xff))
            return kz_fail(err, KZ_E_LIMIT, "store.memory", file);
        /* A failure inside COMMIT does not get as far as sqlite3_system_errno. */
        if (disk_is_full(why ? why : last))
            return kz_fail(err, KZ_E_IO, "store.full", file);
        return kz_fail(err, KZ_E_IO, "store.io", file, kz_s("why", why ? strerror(why) : said));
    case SQLITE_NOMEM:
        return kz_fail(err, KZ_E_LIMIT, "store.memory", file);
    case SQLITE_TOOBIG:
        return kz_fail(err, KZ_E_LIMIT, "store.too_big", file, kz_s("why", said));
    default:
        return kz_fail(err, KZ_E_IO, "store.sql", file, kz_s("why", said));
    }
}
