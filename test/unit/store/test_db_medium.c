/* Files and media that are not as they should be: each has its own message. */
#include "kz_test.h"

#include "base/text.h"
#include "store/db.h"
#include "temp_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { NOBODY = 65534 };

static kz_err err;

static const kz_migration STEPS[] = { { 1, "CREATE TABLE t (x INTEGER, filler BLOB) STRICT" } };

static void make(const char *path)
{
    KZ_AUTO_DB db = NULL;
    assert_int_equal(kz_db_open(path, KZ_DB_CREATE, &err, &db), KZ_OK);
    assert_int_equal(kz_db_migrate(db, STEPS, 1, &err), KZ_OK);
    assert_int_equal(kz_db_exec(db, "INSERT INTO t (x) VALUES (41), (42)", &err), KZ_OK);
}

static int64_t rows(kz_db *db)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_prepare(db, "SELECT COUNT(*) FROM t", &q, &err), KZ_OK);
    assert_int_equal(kz_step(&q, &row, &err), KZ_OK);
    return kz_col_int(&q, 0);
}

/* Run `f` in a process without root's rights; 0 when all its assertions held. */
static int as_nobody(int (*f)(void))
{
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(99);
        _exit(f());
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 100 + WTERMSIG(how);
}

static void expect_refusal(const char *name, kz_db_mode mode, kz_status st, const char *id)
{
    kz_db *db = NULL;
    assert_int_equal(kz_db_open(temp_path(name), mode, &err, &db), st);
    assert_string_equal(err.id, id);
    assert_null(db);
}

static void names_the_trouble_with_a_file(void **state)
{
    (void)state;
    char text[8192];
    memset(text, 'x', sizeof text);
    temp_write(temp_path("text.db"), text, sizeof text);
    temp_write(temp_path("short.db"), "x", 1);
    assert_int_equal(mkdir(temp_path("folder.db"), 0700), 0);
    expect_refusal("none.db", KZ_DB_READ, KZ_E_MISSING, "store.missing");
    expect_refusal("none.db", KZ_DB_WRITE, KZ_E_MISSING, "store.missing");
    expect_refusal("none/none.db", KZ_DB_CREATE, KZ_E_MISSING, "store.no_folder");
    expect_refusal("text.db", KZ_DB_READ, KZ_E_IO, "store.not_a_database");
    expect_refusal("text.db", KZ_DB_WRITE, KZ_E_IO, "store.not_a_database");
    expect_refusal("text.db", KZ_DB_CREATE, KZ_E_IO, "store.not_a_database");
    expect_refusal("folder.db", KZ_DB_WRITE, KZ_E_IO, "store.not_a_database");
    assert_int_equal(access(temp_path("none.db"), F_OK), -1);

    char path[5000];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    kz_db *db = NULL;
    assert_int_equal(kz_db_open(path, KZ_DB_READ, &err, &db), KZ_E_LIMIT);
    assert_int_equal(kz_db_open("", KZ_DB_READ, &err, &db), KZ_E_IO);
    assert_int_equal(kz_db_open(":memory:", KZ_DB_READ, &err, &db), KZ_E_MISSING);
}

static void a_file_of_another_program_is_refused(void **state)
{
    (void)state;
    const char *path = temp_path("foreign.db");
    make(path);
    {
        KZ_AUTO_DB db = NULL;
        assert_int_equal(kz_db_open(path, KZ_DB_WRITE, &err, &db), KZ_OK);
        /* the number of a GeoPackage */
        assert_int_equal(kz_db_exec(db, "PRAGMA application_id = 1196437808", &err), KZ_OK);
    }
    expect_refusal("foreign.db", KZ_DB_WRITE, KZ_E_IO, "store.foreign");
}

static void finds_damage_when_it_reads_it(void **state)
{
    (void)state;
    const char *path = temp_path("damaged.db");
    make(path);
    int fd = open(path, O_WRONLY);
    char rubbish[4096];
    memset(rubbish, 0xa5, sizeof rubbish);
    assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, 4096), (ssize_t)sizeof rubbish); /* the page of t */
    close(fd);
    KZ_AUTO_DB db = NULL;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_db_open(path, KZ_DB_READ, &err, &db), KZ_OK);
    assert_int_equal(kz_prepare(db, "SELECT COUNT(*) FROM t", &q, &err), KZ_OK);
    assert_int_equal(kz_step(&q, &row, &err), KZ_E_IO);
    assert_string_equal(err.id, "store.damaged");
}

/* Where WAL does not exist SQLite stays in mode "delete" and says "ok": the value read back tells. */
static void refuses_a_journal_mode_that_did_not_take(void **state)
{
    (void)state;
    sqlite3_vfs *usual = sqlite3_vfs_find(NULL);
    kz_db *db = NULL;
    assert_int_equal(sqlite3_vfs_register(sqlite3_vfs_find("unix-dotfile"), 1), SQLITE_OK);
    kz_status st = kz_db_open(temp_path("nowal.db"), KZ_DB_CREATE, &err, &db);
    sqlite3_vfs_register(usual, 1);
    assert_int_equal(st, KZ_E_IO);
    assert_string_equal(err.id, "store.pragma");
    kz_auto(kz_buf) said = kz_buf_init(2000);
    kz_err_say(&said, KZ_LANG_DE, &err);
    assert_non_null(strstr(kz_buf_text(&said), "journal_mode ist „delete“ statt „wal“"));
    assert_int_equal(access(temp_path("nowal.db"), F_OK), -1);
}

static int reads_and_notices_a_change(void)
{
    kz_db *db = NULL;
    int64_t before, after;
    if (kz_db_open(temp_path("closed/a.db"), KZ_DB_WRITE, &err, &db) != KZ_E_IO ||
        strcmp(err.id, "store.read_only") != 0)
        return 1;
    if (kz_db_open(temp_path("closed/new.db"), KZ_DB_CREATE, &err, &db) != KZ_E_IO ||
        strcmp(err.id, "store.read_only") != 0)
        return 2;
    if (kz_db_open(temp_path("closed/a.db"), KZ_DB_READ, &err, &db) != KZ_OK)
        return 3;
    if (rows(db) != 2 || kz_db_data_version(db, &before, &err) != KZ_OK)
        return 4;
    /* somebody with more rights replaces the file: we can only touch it, which is enough to be seen */
    if (utimensat(AT_FDCWD, temp_path("closed/a.db"), NULL, 0) != 0)
        return 5;
    if (kz_db_data_version(db, &after, &err) != KZ_OK || after == before)
        return 6;
    if (kz_db_exec(db, "SELECT 1", &err) != KZ_E_IO || strcmp(err.id, "store.changed") != 0)
        return 7;
    kz_db_close(db);
    return access(temp_path("closed/a.db-shm"), F_OK) == 0 ? 8 : 0;
}

static void reads_in_a_folder_that_cannot_be_written(void **state)
{
    (void)state;
    assert_int_equal(chmod(temp_folder, 0755), 0);
    assert_int_equal(mkdir(temp_path("closed"), 0755), 0);
    make(temp_path("closed/a.db"));
    assert_int_equal(chmod(temp_path("closed/a.db"), 0644), 0);
    if (geteuid() == 0)
        assert_int_equal(chown(temp_path("closed/a.db"), NOBODY, NOBODY), 0);
    assert_int_equal(chmod(temp_path("closed"), 0555), 0);
    assert_int_equal(as_nobody(reads_and_notices_a_change), 0);
    assert_int_equal(chmod(temp_path("closed"), 0755), 0);
}

static int refuses_to_pass_over_a_wal(void)
{
    kz_db *db = NULL;
    return kz_db_open(temp_path("left/a.db"), KZ_DB_READ, &err, &db) == KZ_E_IO &&
                   strcmp(err.id, "store.wal_left") == 0
               ? 0
               : 1;
}

static void a_left_over_wal_is_not_passed_over(void **state)
{
    (void)state;
    assert_int_equal(chmod(temp_folder, 0755), 0);
    assert_int_equal(mkdir(temp_path("left"), 0755), 0);
    make(temp_path("left/a.db"));
    temp_write(temp_path("left/a.db-wal"), "newer rows", 10);
    assert_int_equal(chmod(temp_path("left/a.db"), 0644), 0);
    assert_int_equal(chmod(temp_path("left"), 0555), 0);
    assert_int_equal(as_nobody(refuses_to_pass_over_a_wal), 0);
    assert_int_equal(chmod(temp_path("left"), 0755), 0);
}

static int stays_whole_when_the_disk_is_full(void)
{
    struct rlimit most = { 300 << 10, 300 << 10 };
    signal(SIGXFSZ, SIG_IGN);
    kz_db *db = NULL;
    if (kz_db_open(temp_path("full.db"), KZ_DB_WRITE, &err, &db) != KZ_OK ||
        setrlimit(RLIMIT_FSIZE, &most) != 0)
        return 1;
    kz_status st = KZ_OK;
    int64_t acknowledged = rows(db);
    for (int i = 0; i < 1000 && st == KZ_OK; i++) {
        kz_auto(kz_tx) tx = KZ_TX_INIT;
        st = kz_tx_begin(&tx, db, &err);
        if (st == KZ_OK)
            st = kz_db_exec(db, "INSERT INTO t VALUES (1, zeroblob(3000)), (-1, zeroblob(3000))", &err);
        if (st == KZ_OK)
            st = kz_tx_commit(&tx, &err);
        if (st == KZ_OK)
            acknowledged += 2;
    }
    if (st != KZ_E_IO || strcmp(err.id, "store.full") != 0)
        return 2;
    kz_db_close(db);
    if (kz_db_open(temp_path("full.db"), KZ_DB_READ, &err, &db) != KZ_OK || rows(db) != acknowledged)
        return 3;
    kz_db_close(db);
    return acknowledged > 2 ? 0 : 4;
}

static void says_that_the_disk_is_full_and_loses_nothing(void **state)
{
    (void)state;
    make(temp_path("full.db"));
    pid_t child = fork();
    if (child == 0)
        _exit(stays_whole_when_the_disk_is_full());
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

KZ_TEST_MAIN_IN_FOLDER(KZ_TEST(names_the_trouble_with_a_file),
                       KZ_TEST(a_file_of_another_program_is_refused),
                       KZ_TEST(finds_damage_when_it_reads_it),
                       KZ_TEST(refuses_a_journal_mode_that_did_not_take),
                       KZ_TEST(reads_in_a_folder_that_cannot_be_written),
                       KZ_TEST(a_left_over_wal_is_not_passed_over),
                       KZ_TEST(says_that_the_disk_is_full_and_loses_nothing))
