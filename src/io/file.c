#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static kz_status read_all(int fd, const char *path, kz_buf *out, kz_err *err)
{
    enum { CHUNK = 256 * 1024 };
    struct stat info;
    if (fstat(fd, &info) != 0)
        return kz_fail(err, KZ_E_IO, "file.read", kz_s("file", path), kz_s("why", strerror(errno)));
    if (S_ISDIR(info.st_mode))
        return kz_fail(err, KZ_E_INPUT, "file.directory", kz_s("file", path));
    size_t room = out->max - out->n;
    if (S_ISREG(info.st_mode) && (uint64_t)info.st_size > room)
        return kz_fail(err, KZ_E_LIMIT, "file.large", kz_s("file", path), kz_n("bytes", info.st_size),
                       kz_n("max", room));
    size_t guess = S_ISREG(info.st_mode) ? (size_t)info.st_size : 0;
    size_t from = out->n;
    while (out->n - from <= room) {
        /* One byte more than expected shows the end of the file without growing twice. */
        size_t had = out->n, left = room - (had - from);
        size_t want = guess > had - from ? guess - (had - from) : CHUNK;
        if (want > left)
            want = left;
        char extra = 0;
        char *at = want > 0 ? kz_buf_grow(out, want) : &extra;
        if (!at)
            return kz_fail(err, KZ_E_LIMIT, "file.memory", kz_s("file", path));
        ssize_t got = read(fd, at, want > 0 ? want : 1);
        out->n = had;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return kz_fail(err, KZ_E_IO, "file.read", kz_s("file", path), kz_s("why", strerror(errno)));
        if (got == 0)
            break;
        if (want == 0)
            return kz_fail(err, KZ_E_LIMIT, "file.large", kz_s("file", path), kz_n("bytes", room + 1),
                           kz_n("max", room));
        out->n += (size_t)got;
    }
    if (out->p)
        out->p[out->n] = '\0';
    return KZ_OK;
}

kz_status kz_file_read(const char *path, kz_buf *out, kz_err *err)
{
    KZ_TRY(kz_buf_status(out));
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "-", out, err);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT
                   ? kz_fail(err, KZ_E_MISSING, "file.missing", kz_s("file", path))
                   : kz_fail(err, KZ_E_IO, "file.read", kz_s("file", path), kz_s("why", strerror(errno)));
    size_t had = out->n;
    kz_status st = read_all(fd, path, out, err);
    close(fd);
    if (st != KZ_OK && out->p) {
        out->n = had;
        out->p[had] = '\0';
        out->failed = KZ_OK;
    }
    return st;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        p += put;
        n -= (size_t)put;
    }
    return fsync(fd) == 0;
}

kz_status kz_file_write(const char *path, const void *p, size_t n, kz_err *err)
{
    char temp[PATH_MAX];
    int fd = -1, why = ENAMETOOLONG;
    if ((size_t)snprintf(temp, sizeof temp, "%s.XXXXXX", path) < sizeof temp) {
        fd = mkostemp(temp, O_CLOEXEC);
        why = errno;
    }
    if (fd < 0)
        return kz_fail(err, KZ_E_IO, "file.write", kz_s("file", path), kz_s("why", strerror(why)));
    bool good = write_all(fd, p, n);
    why = errno;
    if (close(fd) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good && rename(temp, path) != 0) {
        good = false;
        why = errno;
    }
    if (good)
        return KZ_OK;
    unlink(temp);
    return kz_fail(err, KZ_E_IO, "file.write", kz_s("file", path), kz_s("why", strerror(why)));
}
