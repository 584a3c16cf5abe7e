/* Bring a database to the newest version: all steps or none. */
#include "base/buf.h"
#include "store/db_sqlite.h"

/* The numbers are ours and integers. */
static kz_status set_version(kz_db *db, int version, kz_err *err)
{
    kz_auto(kz_buf) sql = kz_buf_init(100);
    kz_buf_fmt(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", KZ_DB_APPLICATION, version);
    KZ_TRY(kz_buf_status(&sql));
    /* lint: allow sql, because PRAGMA takes no parameters */
    return kz_db_exec(db, kz_buf_text(&sql), err);
}

kz_status kz_db_version(kz_db *db, int64_t *ret, kz_err *err)
{
    return kz_db_get_int(db, "PRAGMA user_version", ret, err);
}

static kz_status check_version(kz_db *db, int64_t have, int64_t newest, kz_err *err)
{
    int64_t application, tables;
    kz_arg file = kz_s("file", kz_db_path(db));
    if (have > newest)
        return kz_fail(err, KZ_E_CONFLICT, "store.newer", file, kz_n("found", have), kz_n("known", newest));
    KZ_TRY(kz_db_get_int(db, "PRAGMA application_id", &application, err));
    KZ_TRY(kz_db_get_int(db, "SELECT COUNT(*) FROM sqlite_schema", &tables, err));
    if (application == 0 && (have > 0 || tables > 0))
        return kz_fail(err, KZ_E_IO, "store.foreign", file);
    return KZ_OK;
}

static kz_status apply(kz_db *db, const kz_migration *step, kz_err *err)
{
    KZ_TRY(kz_db_exec(db, step->sql, err));
    KZ_ASSERT(!sqlite3_get_autocommit(db->handle)); /* a step must not end our transaction */
    return KZ_OK;
}

kz_status kz_db_migrate(kz_db *db, const kz_migration steps[], size_t n, kz_err *err)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_auto(kz_stmt) dangling = KZ_STMT_INIT;
    int newest = n > 0 ? steps[n - 1].version : 0;
    int64_t have;
    bool row;

    for (size_t i = 1; i < n; i++)
        KZ_ASSERT(steps[i].version > steps[i - 1].version);
    KZ_TRY(kz_db_version(db, &have, err));
    KZ_TRY(check_version(db, have, newest, err));
    if (have == newest)
        return KZ_OK;

    KZ_TRY(kz_tx_begin(&tx, db, err));
    KZ_TRY(kz_db_version(db, &have, err)); /* somebody else may have been quicker */
    KZ_TRY(check_version(db, have, newest, err));
    for (size_t i = 0; i < n; i++)
        if (steps[i].version > have)
            KZ_TRY(apply(db, &steps[i], err));
    KZ_TRY(kz_prepare(db, "PRAGMA foreign_key_check", &dangling, err));
    KZ_TRY(kz_step(&dangling, &row, err));
    if (row)
        return kz_fail(err, KZ_E_IO, "store.dangling", kz_s("file", kz_db_path(db)),
                       kz_s("table", kz_col_text(&dangling, 0)));
    kz_reset(&dangling);
    KZ_TRY(set_version(db, newest, err));
    return kz_tx_commit(&tx, err);
}
