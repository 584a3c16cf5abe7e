/*
 * db_sqlite.h - what the files behind db.h share; nobody else includes it.
 *
 *     if (rc != SQLITE_OK)
 *         return kz_db_fail(db, rc, err);   // the SQLite code as message and status
 */
#ifndef KZ_STORE_DB_SQLITE_H
#define KZ_STORE_DB_SQLITE_H

#include "store/db.h"

#include <sqlite3.h>
#include <sys/stat.h>

/* Written into the header of every database of ours ("kkiz"). */
enum { KZ_DB_APPLICATION = 0x6b6b697a };

struct kz_db {
    sqlite3      *handle;
    sqlite3_stmt *version;   /* PRAGMA data_version, prepared once             */
    kz_db_mode    mode;
    bool          immutable; /* read without locks: see kz_db_open             */
    bool          watched;   /* immutable, but another user might change it    */
    struct stat   seen;      /* the file when it was opened                    */
    char          path[];
};

/* Fill *err for a SQLite result code; the message names the file. */
kz_status kz_db_fail(const kz_db *db, int rc, kz_err *err);

/* Set every PRAGMA and option, read each one back (db_pragma.c). */
KZ_MUST_USE kz_status kz_db_set_pragmas(kz_db *db, kz_err *err);
/* One integer from a literal statement. */
KZ_MUST_USE kz_status kz_db_get_int(kz_db *db, const char *sql, int64_t *ret, kz_err *err);

#endif
