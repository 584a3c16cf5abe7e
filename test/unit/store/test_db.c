#include "kz_test.h"

#include "store/db.h"
#include "temp_folder.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

static kz_err err;

static const kz_migration STEPS[] = {
    { 1, "CREATE TABLE area (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
         " share REAL, outline BLOB) STRICT;" },
    { 2, "CREATE TABLE cell (area INTEGER NOT NULL REFERENCES area (id),"
         " n INTEGER NOT NULL CHECK (n >= 0)) STRICT;"
         "CREATE INDEX cell_area ON cell (area);" },
};

static kz_db *fresh(const char *name)
{
    kz_db *db = NULL;
    assert_int_equal(kz_db_open(temp_path(name), KZ_DB_CREATE, &err, &db), KZ_OK);
    assert_int_equal(kz_db_migrate(db, STEPS, 2, &err), KZ_OK);
    return db;
}

static int64_t number(kz_db *db, const char *sql)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row = false;
    assert_int_equal(kz_prepare(db, sql, &q, &err), KZ_OK);
    assert_int_equal(kz_step(&q, &row, &err), KZ_OK);
    assert_true(row);
    return kz_col_int(&q, 0);
}

static void add_area(kz_db *db, const char *name)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    assert_int_equal(kz_prepare(db, "INSERT INTO area (name) VALUES (?1)", &q, &err), KZ_OK);
    kz_bind_text(&q, 1, name);
    assert_int_equal(kz_run(&q, &err), KZ_OK);
}

static void gives_back_what_was_put_in(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("values.db");
    kz_auto(kz_stmt) put = KZ_STMT_INIT;
    kz_auto(kz_stmt) get = KZ_STMT_INIT;
    const char outline[] = { 1, 0, 2 };
    bool row;
    size_t n;

    static const char PUT[] = "INSERT INTO area (name, share, outline) VALUES (?1, ?2, ?3)";
    static const char GET[] = "SELECT name, share, outline FROM area ORDER BY id";
    assert_int_equal(kz_prepare(db, PUT, &put, &err), KZ_OK);
    kz_bind_view(&put, 1, "Köln-Nippes", strlen("Köln"));
    kz_bind_real(&put, 2, 0.1);
    kz_bind_blob(&put, 3, outline, sizeof outline);
    assert_int_equal(kz_run(&put, &err), KZ_OK);
    assert_int_equal(kz_db_last_id(db), 1);
    kz_bind_text(&put, 1, "Bonn");
    kz_bind_real(&put, 2, NAN);
    kz_bind_blob(&put, 3, NULL, 0);
    assert_int_equal(kz_run(&put, &err), KZ_OK);
    assert_int_equal(kz_db_changes(db), 1);

    assert_int_equal(kz_prepare(db, GET, &get, &err), KZ_OK);
    assert_int_equal(kz_step(&get, &row, &err), KZ_OK);
    assert_string_equal(kz_col_text(&get, 0), "Köln");
    assert_true(kz_col_real(&get, 1) == 0.1);
    assert_memory_equal(kz_col_blob(&get, 2, &n), outline, sizeof outline);
    assert_int_equal(n, sizeof outline);
    assert_int_equal(kz_step(&get, &row, &err), KZ_OK);
    assert_true(row);
    assert_true(kz_col_null(&get, 1));
    assert_true(isnan(kz_col_real(&get, 1)));
    assert_false(kz_col_null(&get, 2));
    kz_col_blob(&get, 2, &n);
    assert_int_equal(n, 0);
    assert_int_equal(kz_step(&get, &row, &err), KZ_OK);
    assert_false(row);
}

static void rolls_back_what_is_not_committed(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("rollback.db");
    {
        kz_auto(kz_tx) tx = KZ_TX_INIT;
        assert_int_equal(kz_tx_begin(&tx, db, &err), KZ_OK);
        add_area(db, "Köln");
        assert_int_equal(number(db, "SELECT COUNT(*) FROM area"), 1);
    }
    assert_int_equal(number(db, "SELECT COUNT(*) FROM area"), 0);
    {
        kz_auto(kz_tx) tx = KZ_TX_INIT;
        assert_int_equal(kz_tx_begin(&tx, db, &err), KZ_OK);
        add_area(db, "Köln");
        assert_int_equal(kz_tx_commit(&tx, &err), KZ_OK);
    }
    assert_int_equal(number(db, "SELECT COUNT(*) FROM area"), 1);
}

static void a_second_begin_fails_and_keeps_the_first_transaction(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("nested.db");
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    assert_int_equal(kz_tx_begin(&tx, db, &err), KZ_OK);
    add_area(db, "Köln");
    {
        kz_auto(kz_tx) again = KZ_TX_INIT;
        assert_int_equal(kz_tx_begin(&again, db, &err), KZ_E_IO);
        assert_string_equal(err.id, "store.sql");
    }
    assert_int_equal(kz_tx_commit(&tx, &err), KZ_OK);
    assert_int_equal(number(db, "SELECT COUNT(*) FROM area"), 1);
}

static void a_broken_rule_is_a_conflict(void **state)
{
    (void)state;
    static const char *const BROKEN[] = {
        "INSERT INTO area (name) VALUES ('Köln')",          /* UNIQUE      */
        "INSERT INTO area (name) VALUES (NULL)",            /* NOT NULL    */
        "INSERT INTO cell (area, n) VALUES (99, 1)",        /* REFERENCES  */
        "INSERT INTO cell (area, n) VALUES (1, -1)",        /* CHECK       */
        "INSERT INTO cell (area, n) VALUES (1, 'viele')",   /* STRICT type */
    };
    KZ_AUTO_DB db = fresh("constraint.db");
    add_area(db, "Köln");
    for (size_t i = 0; i < sizeof BROKEN / sizeof BROKEN[0]; i++) {
        assert_int_equal(kz_db_exec(db, BROKEN[i], &err), KZ_E_CONFLICT);
        assert_string_equal(err.id, "store.constraint");
    }
    assert_int_equal(number(db, "SELECT COUNT(*) FROM area"), 1);
    assert_int_equal(number(db, "SELECT COUNT(*) FROM cell"), 0);
}

static void misused_statements_say_so(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("misuse.db");
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;

    assert_int_equal(kz_prepare(db, "SELECT 1; DELETE FROM area", &q, &err), KZ_E_IO);
    assert_int_equal(kz_prepare(db, "", &q, &err), KZ_E_IO);
    assert_int_equal(kz_prepare(db, "-- nothing", &q, &err), KZ_E_IO);
    assert_int_equal(kz_prepare(db, "SELEKT", &q, &err), KZ_E_IO);
    assert_int_equal(kz_prepare(db, "SELECT nowhere FROM area", &q, &err), KZ_E_IO);
    /* "text" is a name, never a text */
    assert_int_equal(kz_prepare(db, "SELECT \"text\" FROM area", &q, &err), KZ_E_IO);
    assert_null(q.handle);
    assert_string_equal(err.id, "store.sql");

    assert_int_equal(kz_prepare(db, "SELECT 1;  \n", &q, &err), KZ_OK);
    kz_bind_int(&q, 2, 7);
    assert_int_equal(kz_step(&q, &row, &err), KZ_E_IO); /* there is no parameter 2 */
    kz_reset(&q);
    assert_int_equal(kz_run(&q, &err), KZ_E_IO); /* a row that nobody reads */
    assert_int_equal(kz_step(&q, &row, &err), KZ_OK);
    assert_true(row);
}

static void a_value_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("limit.db");
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    size_t n = (64u << 20) + 1;
    char *big = calloc(1, n);
    assert_non_null(big);
    assert_int_equal(kz_prepare(db, "INSERT INTO area (name, outline) VALUES ('x', ?1)", &q, &err), KZ_OK);
    kz_bind_blob(&q, 1, big, n);
    free(big);
    assert_int_equal(kz_run(&q, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "store.too_big");
    assert_int_equal(number(db, "SELECT COUNT(*) FROM area"), 0);
}

static void holds_every_setting(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("settings.db");
    struct stat s;
    assert_int_equal(number(db, "PRAGMA synchronous"), 2);
    assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(number(db, "PRAGMA trusted_schema"), 0);
    assert_int_equal(number(db, "PRAGMA cell_size_check"), 1);
    assert_int_equal(number(db, "PRAGMA mmap_size"), 0);
    assert_int_equal(number(db, "PRAGMA secure_delete"), 1);
    assert_int_equal(number(db, "PRAGMA busy_timeout"), 5000);
    assert_int_equal(number(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    /* defensive: the schema cannot be written past SQLite */
    assert_int_equal(kz_db_exec(db, "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema", &err),
                     KZ_E_IO);
    assert_int_equal(kz_db_exec(db, "ATTACH ':memory:' AS other", &err), KZ_E_IO);
    assert_int_equal(stat(kz_db_path(db), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
}

static void sees_that_another_connection_has_committed(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("version.db");
    KZ_AUTO_DB other = NULL;
    int64_t before, own, after;
    assert_int_equal(kz_db_open(temp_path("version.db"), KZ_DB_WRITE, &err, &other), KZ_OK);
    assert_int_equal(kz_db_data_version(db, &before, &err), KZ_OK);
    add_area(db, "Köln");
    assert_int_equal(kz_db_data_version(db, &own, &err), KZ_OK);
    assert_int_equal(before, own);
    add_area(other, "Bonn");
    assert_int_equal(kz_db_data_version(db, &after, &err), KZ_OK);
    assert_true(after != before);
}

static void a_reader_sees_the_state_before_the_commit(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("reader.db");
    KZ_AUTO_DB reader = NULL;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    assert_int_equal(kz_db_open(temp_path("reader.db"), KZ_DB_READ, &err, &reader), KZ_OK);
    assert_int_equal(kz_tx_begin(&tx, db, &err), KZ_OK);
    add_area(db, "Köln");
    assert_int_equal(number(reader, "SELECT COUNT(*) FROM area"), 0);
    assert_int_equal(kz_tx_commit(&tx, &err), KZ_OK);
    assert_int_equal(number(reader, "SELECT COUNT(*) FROM area"), 1);
    assert_int_equal(kz_db_exec(reader, "DELETE FROM area", &err), KZ_E_IO);
    assert_string_equal(err.id, "store.read_only");
}

static void a_second_writer_is_told_to_wait(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("busy.db");
    KZ_AUTO_DB other = NULL;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_auto(kz_tx) second = KZ_TX_INIT;
    assert_int_equal(kz_db_open(temp_path("busy.db"), KZ_DB_WRITE, &err, &other), KZ_OK);
    assert_int_equal(kz_db_exec(other, "PRAGMA busy_timeout = 10", &err), KZ_OK);
    assert_int_equal(kz_tx_begin(&tx, db, &err), KZ_OK);
    assert_int_equal(kz_tx_begin(&second, other, &err), KZ_E_CONFLICT);
    assert_string_equal(err.id, "store.busy");
}

static void migrates_step_by_step_and_only_once(void **state)
{
    (void)state;
    KZ_AUTO_DB db = NULL;
    int64_t version;
    assert_int_equal(kz_db_open(temp_path("migrate.db"), KZ_DB_CREATE, &err, &db), KZ_OK);
    assert_int_equal(kz_db_migrate(db, STEPS, 1, &err), KZ_OK);
    add_area(db, "Köln");
    assert_int_equal(kz_db_migrate(db, STEPS, 2, &err), KZ_OK);
    assert_int_equal(kz_db_migrate(db, STEPS, 2, &err), KZ_OK);
    assert_int_equal(kz_db_version(db, &version, &err), KZ_OK);
    assert_int_equal(version, 2);
    assert_int_equal(number(db, "SELECT COUNT(*) FROM area"), 1);
    assert_int_equal(number(db, "SELECT COUNT(*) FROM cell"), 0);
}

static void a_step_that_fails_leaves_the_old_version_whole(void **state)
{
    (void)state;
    static const kz_migration BAD[] = {
        { 1, "CREATE TABLE area (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT" },
        { 2, "CREATE TABLE extra (x INTEGER) STRICT; INSERT INTO extra VALUES (1);" },
        { 3, "CREATE TABLE more (x INTEGER) STRICT; CREATE TABLE area (id INTEGER)" },
    };
    KZ_AUTO_DB db = NULL;
    int64_t version;
    assert_int_equal(kz_db_open(temp_path("half.db"), KZ_DB_CREATE, &err, &db), KZ_OK);
    assert_int_equal(kz_db_migrate(db, BAD, 1, &err), KZ_OK);
    assert_int_equal(kz_db_migrate(db, BAD, 3, &err), KZ_E_IO);
    assert_int_equal(kz_db_version(db, &version, &err), KZ_OK);
    assert_int_equal(version, 1);
    assert_int_equal(number(db, "SELECT COUNT(*) FROM sqlite_schema"), 1);
}

static void a_newer_file_is_left_alone(void **state)
{
    (void)state;
    KZ_AUTO_DB db = fresh("newer.db");
    assert_int_equal(kz_db_migrate(db, STEPS, 1, &err), KZ_E_CONFLICT);
    assert_string_equal(err.id, "store.newer");
    assert_int_equal(number(db, "PRAGMA user_version"), 2);
}

KZ_TEST_MAIN_IN_FOLDER(KZ_TEST(gives_back_what_was_put_in),
                       KZ_TEST(rolls_back_what_is_not_committed),
                       KZ_TEST(a_second_begin_fails_and_keeps_the_first_transaction),
                       KZ_TEST(a_broken_rule_is_a_conflict),
                       KZ_TEST(misused_statements_say_so),
                       KZ_TEST(a_value_beyond_the_limit_is_refused),
                       KZ_TEST(holds_every_setting),
                       KZ_TEST(sees_that_another_connection_has_committed),
                       KZ_TEST(a_reader_sees_the_state_before_the_commit),
                       KZ_TEST(a_second_writer_is_told_to_wait),
                       KZ_TEST(migrates_step_by_step_and_only_once),
                       KZ_TEST(a_step_that_fails_leaves_the_old_version_whole),
                       KZ_TEST(a_newer_file_is_left_alone))
