/* The workspace folder: made whole or not at all, opened at the newest version. */
#include "store/workspace.h"

#include "base/text.h"
#include "store/steps.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MOST = sizeof((kz_workspace *)0)->dir };

/* dir/name into out; false when it does not fit. */
static bool join(char out[PATH_MOST], const char *dir, const char *name)
{
    int n = snprintf(out, PATH_MOST, "%s/%s", dir, name);
    return n > 0 && n < PATH_MOST;
}

static kz_status folder_failed(const char *dir, int why, kz_err *err)
{
    kz_arg arg = kz_s("dir", dir);
    switch (why) {
    case EROFS:
    case EACCES:
    case EPERM:
        return kz_fail(err, KZ_E_IO, "store.ws_read_only", arg);
    case ENOSPC:
    case EDQUOT:
        return kz_fail(err, KZ_E_IO, "store.ws_full", arg);
    case ENOENT:
    case ENOTDIR:
        return kz_fail(err, KZ_E_MISSING, "store.ws_no_parent", arg);
    case EEXIST:
    case ENOTEMPTY:
        return kz_fail(err, KZ_E_CONFLICT, "store.ws_exists", arg);
    case EBUSY:
    case EXDEV:
        return kz_fail(err, KZ_E_IO, "store.ws_mount", arg);
    case ENAMETOOLONG:
        return kz_fail(err, KZ_E_LIMIT, "store.ws_long_path", arg);
    default:
        return kz_fail(err, KZ_E_IO, "store.ws_io", arg, kz_s("why", strerror(why)));
    }
}

/* ---- init -------------------------------------------------------------- */

/* Eight digits name a municipality, five a Kreis; the first two the Land (01 to 16). */
static bool is_key(const char *key)
{
    size_t n = strlen(key);
    int land = n >= 2 ? (key[0] - '0') * 10 + (key[1] - '0') : 0;
    return (n == 8 || n == 5) && strspn(key, "0123456789") == n && land >= 1 && land <= 16;
}

static bool is_name(const char *name)
{
    size_t n = strlen(name);
    bool letters = false;
    for (const char *p = name; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
        letters = letters || *p != ' ';
    }
    return letters && n <= 200;
}

static kz_status put_city(kz_db *work, const char *name, const char *key, kz_err *err)
{
    bool kreis = strlen(key) == 5;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(kz_setting_put(work, "name", name, err));
    KZ_TRY(kz_setting_put(work, "key", key, err));

    kz_auto(kz_stmt) level = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "INSERT INTO level (code, one, many, \"rank\") VALUES (?1, ?2, ?3, 0)", &level,
                      err));
    kz_bind_text(&level, 1, kreis ? "kreis" : "stadt");
    kz_bind_text(&level, 2, kz_text(KZ_LANG_DE, kreis ? "store.kreis_one" : "store.city_one"));
    kz_bind_text(&level, 3, kz_text(KZ_LANG_DE, kreis ? "store.kreis_many" : "store.city_many"));
    KZ_TRY(kz_run(&level, err));

    kz_auto(kz_stmt) area = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "INSERT INTO area (level, key, name) VALUES (?1, ?2, ?3)", &area, err));
    kz_bind_int(&area, 1, kz_db_last_id(work));
    kz_bind_text(&area, 2, key);
    kz_bind_text(&area, 3, name);
    KZ_TRY(kz_run(&area, err));
    return kz_tx_commit(&tx, err);
}

static kz_status make_dbs(const char *dir, const char *name, const char *key, kz_err *err)
{
    char path[PATH_MOST];
    KZ_AUTO_DB work = NULL;
    KZ_AUTO_DB release = NULL;
    if (!join(path, dir, "work.db"))
        return folder_failed(dir, ENAMETOOLONG, err);
    KZ_TRY(kz_steps_open(path, KZ_DB_CREATE, KZ_STEPS_WORK, &work, err));
    KZ_TRY(put_city(work, name, key, err));
    if (!join(path, dir, "release.db"))
        return folder_failed(dir, ENAMETOOLONG, err);
    return kz_steps_open(path, KZ_DB_CREATE, KZ_STEPS_RELEASE, &release, err);
}

static const char *const FOLDERS[] = { "facts", "files" };
enum { N_FOLDERS = sizeof FOLDERS / sizeof FOLDERS[0] };

static kz_status fill_folder(const char *dir, const char *name, const char *key, kz_err *err)
{
    char path[PATH_MOST];
    for (int i = 0; i < N_FOLDERS; i++)
        if (!join(path, dir, FOLDERS[i]) || mkdir(path, 0700) != 0)
            return folder_failed(dir, errno, err);
    return make_dbs(dir, name, key, err);
}

static void remove_folder(const char *dir)
{
    static const char *const FILES[] = { "work.db", "work.db-wal", "work.db-shm",
                                         "release.db", "release.db-wal", "release.db-shm" };
    char path[PATH_MOST];
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++)
        if (join(path, dir, FILES[i]))
            unlink(path);
    for (int i = 0; i < N_FOLDERS; i++)
        if (join(path, dir, FOLDERS[i]))
            rmdir(path);
    rmdir(dir);
}

static int sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int failed = fsync(fd);
    close(fd);
    return failed;
}

static bool is_empty_folder(const char *dir)
{
    DIR *d = opendir(dir);
    bool empty = d != NULL;
    for (struct dirent *e; d && empty && (e = readdir(d));)
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    if (d)
        closedir(d);
    return empty;
}

/* Where the workspace will be, without trailing slashes; "." and ".." become real names. */
static kz_status target_of(const char *dir, char target[PATH_MOST], kz_err *err)
{
    struct stat s;
    if (strlen(dir) >= PATH_MOST - 64)
        return folder_failed(dir, ENAMETOOLONG, err);
    if (lstat(dir, &s) == 0) {
        if (!is_empty_folder(dir))
            return folder_failed(dir, EEXIST, err);
        if (!realpath(dir, target))
            return folder_failed(dir, errno, err);
        return KZ_OK;
    }
    if (errno != ENOENT)
        return folder_failed(dir, errno, err);
    size_t n = strlen(dir);
    while (n > 1 && dir[n - 1] == '/')
        n--;
    memcpy(target, dir, n);
    target[n] = '\0';
    return n > 0 ? KZ_OK : folder_failed(dir, ENOENT, err);
}

/* A message must not name the temporary folder, which is gone when it is read. */
static void say_target(kz_err *err, const char *temp, const char *target)
{
    kz_arg args[KZ_ERR_ARGS + 1] = { 0 };
    char file[2 * PATH_MOST];
    size_t n = strlen(temp);
    for (int i = 0; err && i < err->n_args; i++) {
        const char *text = err->bytes + err->arg[i].at;
        size_t len = err->arg[i].len;
        args[i] = err->arg[i].is_int ? kz_n(err->arg[i].name, err->arg[i].number)
                                     : kz_v(err->arg[i].name, text, len);
        if (!err->arg[i].is_int && len > n && memcmp(text, temp, n) == 0) {
            snprintf(file, sizeof file, "%s%.*s", target, (int)(len - n), text + n);
            args[i] = kz_s(err->arg[i].name, file);
        }
    }
    if (err && err->id)
        kz_fail_(err, err->status, err->id, args);
}

kz_status kz_workspace_init(const char *dir, const char *name, const char *key, kz_err *err)
{
    char target[PATH_MOST], parent[PATH_MOST], temp[PATH_MOST];

    if (!is_key(key))
        return kz_fail(err, KZ_E_INPUT, "store.bad_key", kz_s("key", key));
    if (!is_name(name))
        return kz_fail(err, KZ_E_INPUT, "store.bad_name", kz_s("name", name));
    KZ_TRY(target_of(dir, target, err));

    const char *slash = strrchr(target, '/');
    size_t n = !slash ? 1 : slash == target ? 1 : (size_t)(slash - target);
    memcpy(parent, slash ? target : ".", n);
    parent[n] = '\0';
    if (!join(temp, parent, ".kekiz-init-XXXXXX"))
        return folder_failed(dir, ENAMETOOLONG, err);
    if (!mkdtemp(temp)) /* mode 0700 */
        return folder_failed(dir, errno, err);

    kz_status st = fill_folder(temp, name, key, err);
    if (st == KZ_OK && (sync_folder(temp) != 0 || rename(temp, target) != 0))
        st = folder_failed(dir, errno, err);
    if (st != KZ_OK) {
        remove_folder(temp);
        say_target(err, temp, target);
    } else if (sync_folder(parent) != 0) {
        st = folder_failed(dir, errno, err);
        remove_folder(target);
    }
    return st;
}

/* ---- open -------------------------------------------------------------- */

static kz_status open_both(kz_workspace *ws, kz_db_mode mode, kz_err *err)
{
    char path[PATH_MOST];
    if (!join(path, ws->dir, "release.db")) /* the longer name */
        return folder_failed(ws->dir, ENAMETOOLONG, err);
    KZ_TRY(kz_steps_open(path, mode, KZ_STEPS_RELEASE, &ws->release, err));
    if (!join(path, ws->dir, "work.db"))
        return folder_failed(ws->dir, ENAMETOOLONG, err);
    return kz_steps_open(path, mode, KZ_STEPS_WORK, &ws->work, err);
}

kz_status kz_workspace_find(const char *dir, kz_err *err)
{
    struct stat s;
    if (stat(dir, &s) == 0)
        return KZ_OK;
    if (errno == ENOENT || errno == ENOTDIR)
        return kz_fail(err, KZ_E_MISSING, "store.ws_missing", kz_s("dir", dir));
    return kz_fail(err, KZ_E_IO, "store.ws_closed", kz_s("dir", dir), kz_s("why", strerror(errno)));
}

kz_status kz_workspace_open(const char *dir, kz_db_mode mode, kz_workspace *ret, kz_err *err)
{
    kz_workspace ws = { 0 };
    char path[PATH_MOST];
    struct stat s;

    KZ_ASSERT(mode != KZ_DB_CREATE);
    if (strlen(dir) + sizeof "/release.db" > PATH_MOST)
        return folder_failed(dir, ENAMETOOLONG, err);
    memcpy(ws.dir, dir, strlen(dir) + 1);
    KZ_TRY(kz_workspace_find(dir, err));
    if (join(path, dir, "work.db") && stat(path, &s) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return kz_fail(err, KZ_E_MISSING, "store.ws_not_one", kz_s("dir", dir));
    kz_status st = open_both(&ws, mode, err);
    if (st != KZ_OK) {
        kz_workspace_done(&ws);
        return st;
    }
    *ret = ws;
    return KZ_OK;
}

void kz_workspace_done(kz_workspace *ws)
{
    kz_db_done(&ws->work);
    kz_db_done(&ws->release);
}

/* ---- settings ---------------------------------------------------------- */

kz_status kz_setting_get(kz_db *db, const char *key, char *out, size_t out_size, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "SELECT value FROM setting WHERE key = ?1", &q, err));
    kz_bind_text(&q, 1, key);
    KZ_TRY(kz_step(&q, &row, err));
    const char *value = row ? kz_col_text(&q, 0) : "";
    size_t n = strlen(value);
    if (n >= out_size)
        return kz_fail(err, KZ_E_LIMIT, "store.long_setting", kz_s("key", key), kz_n("most", out_size - 1));
    memcpy(out, value, n + 1);
    return KZ_OK;
}

kz_status kz_setting_put(kz_db *db, const char *key, const char *value, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(db, "INSERT INTO setting (key, value) VALUES (?1, ?2) "
                          "ON CONFLICT (key) DO UPDATE SET value = excluded.value", &q, err));
    kz_bind_text(&q, 1, key);
    kz_bind_text(&q, 2, value);
    return kz_run(&q, err);
}
