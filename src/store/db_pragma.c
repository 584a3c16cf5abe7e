/*
 * How a database is opened: each setting is made and then asked for again.
 *
 * SQLite does not always say that a PRAGMA failed: a write error inside
 * "PRAGMA journal_mode = WAL" leaves the old mode with the result "ok".  So
 * only the value read back counts.
 */
#include "store/db_sqlite.h"

#include <string.h>

typedef struct setting {
    const char *name, *set, *get, *want;
    bool writer; /* only where we write */
} setting;

static const setting SETTINGS[] = {
    { "busy_timeout", "PRAGMA busy_timeout = 5000", "PRAGMA busy_timeout", "5000", false },
    { "foreign_keys", "PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1", false },
    { "trusted_schema", "PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0", false },
    { "cell_size_check", "PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1", false },
    /* A mapped file turns a read error into a crash. */
    { "mmap_size", "PRAGMA mmap_size = 0", "PRAGMA mmap_size", "0", false },
    /* Sorters and temporary tables stay in memory, never in /tmp. */
    { "temp_store", "PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2", false },
    { "encoding", NULL, "PRAGMA encoding", "UTF-8", false },
    { "secure_delete", "PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1", true },
    { "journal_mode", "PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal", true },
    { "synchronous", "PRAGMA synchronous = FULL", "PRAGMA synchronous", "2", true },
};

typedef struct option {
    const char *name;
    int         id, want;
} option;

static const option OPTIONS[] = {
    { "defensive", SQLITE_DBCONFIG_DEFENSIVE, 1 },
    { "trusted_schema", SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { "load_extension", SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
    /* "x" is a name and never text by accident. */
    { "dqs_dml", SQLITE_DBCONFIG_DQS_DML, 0 },
    { "dqs_ddl", SQLITE_DBCONFIG_DQS_DDL, 0 },
};

/* Bounds on what one statement or value may be: far above what we do, far below what hurts. */
static const struct {
    int id, most;
} LIMITS[] = {
    { SQLITE_LIMIT_LENGTH, 64 << 20 }, /* the outline of a state has 10 MiB */
    { SQLITE_LIMIT_SQL_LENGTH, 100000 },
    { SQLITE_LIMIT_COLUMN, 200 },
    { SQLITE_LIMIT_EXPR_DEPTH, 100 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 20 },
    { SQLITE_LIMIT_VDBE_OP, 25000 },
    { SQLITE_LIMIT_FUNCTION_ARG, 32 },
    { SQLITE_LIMIT_ATTACHED, 0 },
    { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200 },
    { SQLITE_LIMIT_VARIABLE_NUMBER, 100 },
    { SQLITE_LIMIT_TRIGGER_DEPTH, 10 },
    { SQLITE_LIMIT_WORKER_THREADS, 0 },
};

kz_status kz_db_get_int(kz_db *db, const char *sql, int64_t *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, sql, &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    *ret = row ? kz_col_int(&q, 0) : 0;
    return KZ_OK;
}

static kz_status not_held(const kz_db *db, const char *name, const char *want, const char *got, kz_err *err)
{
    return kz_fail(err, KZ_E_IO, "store.pragma", kz_s("file", db->path), kz_s("name", name),
                   kz_s("want", want), kz_s("got", got));
}

static kz_status hold(kz_db *db, const setting *s, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    /* lint: allow-file sql, because the statements are literals of the table above */
    if (s->set)
        KZ_TRY(kz_db_exec(db, s->set, err));
    KZ_TRY(kz_prepare(db, s->get, &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    const char *got = row ? kz_col_text(&q, 0) : "";
    return strcmp(got, s->want) == 0 ? KZ_OK : not_held(db, s->name, s->want, got, err);
}

kz_status kz_db_set_pragmas(kz_db *db, kz_err *err)
{
    for (size_t i = 0; i < sizeof LIMITS / sizeof LIMITS[0]; i++)
        sqlite3_limit(db->handle, LIMITS[i].id, LIMITS[i].most);
    for (size_t i = 0; i < sizeof OPTIONS / sizeof OPTIONS[0]; i++) {
        int is = -1;
        int rc = sqlite3_db_config(db->handle, OPTIONS[i].id, OPTIONS[i].want, &is);
        if (rc != SQLITE_OK)
            return kz_db_fail(db, rc, err);
        if (is != OPTIONS[i].want)
            return not_held(db, OPTIONS[i].name, OPTIONS[i].want ? "1" : "0", is ? "1" : "0", err);
    }
    for (size_t i = 0; i < sizeof SETTINGS / sizeof SETTINGS[0]; i++)
        if (db->mode != KZ_DB_READ || !SETTINGS[i].writer)
            KZ_TRY(hold(db, &SETTINGS[i], err));
    return KZ_OK;
}
