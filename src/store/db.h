/*
 * db.h - the one door to a database: statements, parameters, transactions.
 *
 * SQL is always a literal and stays in the subset that SQLite 3.40 and
 * PostgreSQL 15 both understand; values go in as parameters only (tools/lint
 * checks that no SQL is built from strings).
 *
 *     kz_auto(kz_stmt) q = KZ_STMT_INIT;
 *     KZ_TRY(kz_prepare(db, "SELECT name FROM area WHERE level = ?1", &q, err));
 *     kz_bind_int(&q, 1, level);
 *     for (bool row; (st = kz_step(&q, &row, err)) == KZ_OK && row;)
 *         use(kz_col_text(&q, 0));
 *
 * A writer uses kz_db_begin / kz_db_commit; what is not committed when the
 * transaction object goes out of scope is rolled back:
 *
 *     kz_auto(kz_tx) tx = KZ_TX_INIT;
 *     KZ_TRY(kz_tx_begin(&tx, db, err));
 *     ...
 *     KZ_TRY(kz_tx_commit(&tx, err));
 *
 * One connection belongs to one thread at a time.  Errors: KZ_E_IO (disk,
 * full, read-only, damaged: each its own message id, all name the file),
 * KZ_E_CONFLICT (busy longer than the time limit, or a constraint),
 * KZ_E_MISSING (no such file).  A bind that fails is reported by the next step.
 */
#ifndef KZ_STORE_DB_H
#define KZ_STORE_DB_H

#include "base/status.h"

typedef struct kz_db kz_db;

typedef enum kz_db_mode {
    KZ_DB_READ,   /* must exist, opened read-only                      */
    KZ_DB_WRITE,  /* must exist                                        */
    KZ_DB_CREATE, /* made when absent                                  */
} kz_db_mode;

typedef struct kz_migration {
    int         version; /* 1, 2, 3 …: rising       */
    const char *sql;     /* one or more statements  */
} kz_migration;

/* Open, set every PRAGMA and read each one back; refuse (KZ_E_IO) when one
 * does not hold, for instance when WAL could not be switched on. */
KZ_MUST_USE kz_status kz_db_open(const char *path, kz_db_mode mode, kz_err *err, kz_db **ret);
void kz_db_close(kz_db *db);
void kz_db_done(kz_db **db); /* for KZ_AUTO_DB */
#define KZ_AUTO_DB __attribute__((cleanup(kz_db_done))) kz_db *

/* Bring the file to the newest version, all steps in one transaction.
 * KZ_E_CONFLICT: the file is newer than this program. */
KZ_MUST_USE kz_status kz_db_migrate(kz_db *db, const kz_migration steps[], size_t n, kz_err *err);
/* The version the file has; 0: nothing in it yet. */
KZ_MUST_USE kz_status kz_db_version(kz_db *db, int64_t *ret, kz_err *err);

/* One or more literal statements without parameters. */
KZ_MUST_USE kz_status kz_db_exec(kz_db *db, const char *sql, kz_err *err);
int64_t kz_db_last_id(kz_db *db);
int64_t kz_db_changes(kz_db *db);
const char *kz_db_path(const kz_db *db);
/* Changes whenever another connection has committed. */
KZ_MUST_USE kz_status kz_db_data_version(kz_db *db, int64_t *ret, kz_err *err);

typedef struct kz_stmt {
    kz_db *db;
    void  *handle;
    int    bind_failed;
} kz_stmt;
#define KZ_STMT_INIT { 0 }

KZ_MUST_USE kz_status kz_prepare(kz_db *db, const char *sql, kz_stmt *q, kz_err *err);
void kz_stmt_done(kz_stmt *q);
void kz_reset(kz_stmt *q); /* for the next execution; bindings are cleared */

/* Parameters count from 1.  Text and blobs are copied. NULL text binds NULL. */
void kz_bind_int(kz_stmt *q, int at, int64_t value);
void kz_bind_real(kz_stmt *q, int at, double value); /* NaN binds NULL */
void kz_bind_text(kz_stmt *q, int at, const char *value);
void kz_bind_view(kz_stmt *q, int at, const char *p, size_t n);
void kz_bind_blob(kz_stmt *q, int at, const void *p, size_t n);
void kz_bind_null(kz_stmt *q, int at);

KZ_MUST_USE kz_status kz_step(kz_stmt *q, bool *row, kz_err *err);
/* Execute a statement that returns no row, then reset it. */
KZ_MUST_USE kz_status kz_run(kz_stmt *q, kz_err *err);

/* Columns count from 0; valid until the next step.  NULL: 0, NaN, "", empty. */
int64_t kz_col_int(kz_stmt *q, int at);
double kz_col_real(kz_stmt *q, int at);
const char *kz_col_text(kz_stmt *q, int at);
const void *kz_col_blob(kz_stmt *q, int at, size_t *n);
bool kz_col_null(kz_stmt *q, int at);

typedef struct kz_tx {
    kz_db *db; /* NULL: none open */
} kz_tx;
#define KZ_TX_INIT { 0 }
KZ_MUST_USE kz_status kz_tx_begin(kz_tx *tx, kz_db *db, kz_err *err); /* BEGIN IMMEDIATE */
KZ_MUST_USE kz_status kz_tx_commit(kz_tx *tx, kz_err *err);
void kz_tx_done(kz_tx *tx); /* rolls back what is not committed */

#endif
