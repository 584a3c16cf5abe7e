/* A buffer, a file, and numbers made into digits without printf. */
#include "demo/quill.h"

#include "base/buf.h"
#include "demo/life.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 1 << 20, ROOM = 4096 }; /* one field at most */

struct kz_quill {
    int fd, failed; /* errno of the first failure */
    bool cp1252, first;
    size_t n;
    char path[PATH_MAX];
    char b[SIZE + ROOM];
};

static kz_status cannot_write(const char *path, int why, kz_err *err)
{
    return kz_fail(err, KZ_E_IO, "demo.write", kz_s("file", path), kz_s("why", strerror(why)));
}

kz_status kz_quill_open(const char *dir, const char *name, kz_quill_kind kind, kz_quill **ret, kz_err *err)
{
    kz_quill *p = malloc(sizeof *p);
    if (!p)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    *p = (kz_quill){ .fd = -1, .cp1252 = kind == KZ_QUILL_CP1252, .first = true };
    int n = snprintf(p->path, sizeof p->path, "%s/%s", dir, name);
    if (n > 0 && (size_t)n < sizeof p->path)
        p->fd = open(p->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    else
        errno = ENAMETOOLONG;
    if (p->fd < 0) {
        kz_status st = cannot_write(p->path, errno, err);
        free(p);
        return st;
    }
    *ret = p;
    return KZ_OK;
}

static void flush(kz_quill *p)
{
    for (size_t at = 0; at < p->n && !p->failed;) {
        ssize_t n = write(p->fd, p->b + at, p->n - at);
        if (n < 0 && errno != EINTR)
            p->failed = errno;
        at += n > 0 ? (size_t)n : 0;
    }
    p->n = 0;
}

kz_status kz_quill_close_take(kz_quill *p, kz_err *err)
{
    flush(p);
    if (close(p->fd) != 0 && !p->failed)
        p->failed = errno;
    kz_status st = p->failed ? cannot_write(p->path, p->failed, err) : KZ_OK;
    free(p);
    return st;
}

static void begin(kz_quill *p)
{
    if (p->n >= SIZE)
        flush(p);
    if (!p->first)
        p->b[p->n++] = ';';
    p->first = false;
}

void kz_quill_fields(kz_quill *p, const char *text, size_t n)
{
    begin(p);
    KZ_ASSERT(n < ROOM - 4);
    if (!p->cp1252) {
        memcpy(p->b + p->n, text, n);
        p->n += n;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80) { /* Latin-1 is all that our lists have */
            KZ_ASSERT((c == 0xC2 || c == 0xC3) && i + 1 < n);
            c = (unsigned char)(((c & 3) << 6) | ((unsigned char)text[++i] & 0x3F));
        }
        p->b[p->n++] = (char)c;
    }
}

void kz_quill_text(kz_quill *p, const char *text)
{
    kz_quill_fields(p, text, strlen(text));
}

void kz_quill_digits(kz_quill *p, uint32_t n, int width)
{
    begin(p);
    for (int i = width - 1; i >= 0; i--, n /= 10)
        p->b[p->n + (size_t)i] = (char)('0' + n % 10);
    p->n += (size_t)width;
}

void kz_quill_int(kz_quill *p, int64_t n)
{
    char digits[24];
    int k = 0;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    begin(p);
    do
        digits[k++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (n < 0)
        p->b[p->n++] = '-';
    while (k > 0)
        p->b[p->n++] = digits[--k];
}

static void two(kz_quill *p, int n)
{
    p->b[p->n++] = (char)('0' + n / 10);
    p->b[p->n++] = (char)('0' + n % 10);
}

void kz_quill_date(kz_quill *p, int32_t day)
{
    int y, m, d;
    kz_civil(day, &y, &m, &d);
    begin(p);
    two(p, d);
    p->b[p->n++] = '.';
    two(p, m);
    p->b[p->n++] = '.';
    two(p, y / 100);
    two(p, y % 100);
}

void kz_quill_month(kz_quill *p, int month)
{
    begin(p);
    if (month == 0)
        return;
    two(p, month % 12 + 1);
    p->b[p->n++] = '.';
    two(p, month / 12 / 100);
    two(p, month / 12 % 100);
}

void kz_quill_real(kz_quill *p, double x, int digits, char point)
{
    kz_auto(kz_buf) b = kz_buf_init(64);
    kz_buf_fixed(&b, x, digits);
    begin(p);
    for (size_t i = 0; i < b.n; i++)
        p->b[p->n++] = b.p[i] == '.' ? point : b.p[i];
}

void kz_quill_empty(kz_quill *p)
{
    begin(p);
}

void kz_quill_line(kz_quill *p)
{
    if (p->cp1252)
        p->b[p->n++] = '\r';
    p->b[p->n++] = '\n';
    p->first = true;
}
