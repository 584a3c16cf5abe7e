/*
 * The container of a spreadsheet.  Stricter than the format: the list at the end and the heads of the
 * entries must say the same, entries do not overlap, nothing stands before or behind.  Sizes are
 * compared with what comes out, never used to ask for memory.
 * Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
 */
#include "io/worker/book.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <zlib.h>

enum { END = 22, HEAD = 30, ITEM = 46, CHUNK = 64 * 1024, HAS_DESCRIPTOR = 8, ENCRYPTED = 1, STORED = 0, DEFLATED = 8 };

static uint32_t u16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const unsigned char *p)
{
    return u16(p) | u16(p + 2) << 16;
}

/* A name that stays inside: no step up, no root, no drive, no control character. */
static bool name_is_safe(const char *name, size_t n)
{
    if (n == 0 || n > 512 || name[0] == '/' || memchr(name, '\\', n) || memchr(name, ':', n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < 0x20)
            return false;
    for (size_t i = 0; i + 1 < n; i++)
        if (name[i] == '.' && name[i + 1] == '.' && (i == 0 || name[i - 1] == '/') &&
            (i + 2 == n || name[i + 2] == '/'))
            return false;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcasecmp(((const zip_entry *)a)->name, ((const zip_entry *)b)->name);
}

static int by_head(const void *a, const void *b)
{
    size_t x = ((const zip_entry *)a)->head, y = ((const zip_entry *)b)->head;
    return x < y ? -1 : x > y;
}

/* The head in front of the bytes of an entry must say what the list says. */
static bool check_head(book *b, zip_entry *e, const unsigned char *item, size_t list)
{
    if (e->head > list || list - e->head < HEAD)
        return book_fail(b, KZ_SHEET_ZIP_MISMATCH, "%s", e->name);
    const unsigned char *h = b->p + e->head;
    size_t name = u16(h + 26), more = u16(h + 28);
    if (u32(h) != 0x04034b50 || name != u16(item + 28) || list - e->head - HEAD < name + more ||
        memcmp(h + HEAD, item + ITEM, name) != 0 || u16(h + 8) != e->method ||
        ((u16(h + 6) ^ u16(item + 8)) & (ENCRYPTED | HAS_DESCRIPTOR)))
        return book_fail(b, KZ_SHEET_ZIP_MISMATCH, "%s", e->name);
    bool later = u16(h + 6) & HAS_DESCRIPTOR;
    uint32_t crc = u32(h + 14), packed = u32(h + 18), size = u32(h + 22);
    /* With a descriptor behind the bytes the head may leave the three open. */
    if ((crc != e->crc && !(later && crc == 0)) || (packed != e->packed && !(later && packed == 0)) ||
        (size != e->size && !(later && size == 0)))
        return book_fail(b, KZ_SHEET_ZIP_MISMATCH, "%s", e->name);
    e->data = e->head + HEAD + name + more;
    if (list - e->data < e->packed || (e->method == STORED && e->packed != e->size))
        return book_fail(b, KZ_SHEET_ZIP_MISMATCH, "%s", e->name);
    return true;
}

static bool read_item(book *b, const unsigned char *item, size_t list, zip_entry *e)
{
    size_t n = u16(item + 28);
    const char *name = (const char *)item + ITEM;
    uint32_t flags = u16(item + 8), mode = u32(item + 38) >> 16;
    if (!name_is_safe(name, n) || S_ISLNK(mode))
        return book_fail(b, KZ_SHEET_ZIP_NAME, "%.*s", (int)strnlen(name, n < 80 ? n : 80), name);
    *e = (zip_entry){ .name = kz_arena_strndup(&b->arena, name, n), .method = (uint16_t)u16(item + 10),
                      .crc = u32(item + 16), .packed = u32(item + 20), .size = u32(item + 24), .head = u32(item + 42) };
    if (!e->name)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", "");
    if (flags & ENCRYPTED)
        return book_fail(b, KZ_SHEET_ENCRYPTED, "%s", e->name);
    if (e->packed == UINT32_MAX || e->size == UINT32_MAX || e->head == UINT32_MAX || u16(item + 34) != 0)
        return book_fail(b, KZ_SHEET_ZIP_PARTS, "%s", e->name);
    if (e->method != STORED && e->method != DEFLATED)
        return book_fail(b, KZ_SHEET_ZIP_METHOD, "%s", e->name);
    return check_head(b, e, item, list);
}

bool zip_open(book *b)
{
    /* The record at the end, with its comment up to the last byte. */
    size_t at = SIZE_MAX;
    for (size_t back = END; back <= b->n && back <= END + 65535; back++)
        if (u32(b->p + b->n - back) == 0x06054b50 && u16(b->p + b->n - back + 20) == back - END) {
            at = b->n - back;
            break;
        }
    if (at == SIZE_MAX)
        return book_fail(b, KZ_SHEET_ZIP_CUT, "%s", "");
    const unsigned char *end = b->p + at;
    uint32_t n = u16(end + 10), size = u32(end + 12), list = u32(end + 16);
    if (n == UINT16_MAX || list == UINT32_MAX || u16(end + 4) != 0 || u16(end + 6) != 0 || u16(end + 8) != n)
        return book_fail(b, KZ_SHEET_ZIP_PARTS, "%s", "");
    if (n > KZ_SHEET_ENTRIES_MAX)
        return book_fail(b, KZ_SHEET_ZIP_ENTRIES, "%u", n);
    if ((uint64_t)list + size != at)
        return book_fail(b, KZ_SHEET_ZIP_CUT, "%s", "");
    b->entries = kz_arena_new(&b->arena, zip_entry, n + 1);
    if (!b->entries)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", "");
    size_t item = list;
    for (uint32_t i = 0; i < n; i++) {
        const unsigned char *p = b->p + item;
        if (at - item < ITEM || u32(p) != 0x02014b50)
            return book_fail(b, KZ_SHEET_ZIP_CUT, "%s", "");
        size_t length = (size_t)ITEM + u16(p + 28) + u16(p + 30) + u16(p + 32);
        if (at - item < length)
            return book_fail(b, KZ_SHEET_ZIP_CUT, "%s", "");
        if (!read_item(b, p, list, &b->entries[i]))
            return false;
        item += length;
    }
    if (item != at)
        return book_fail(b, KZ_SHEET_ZIP_CUT, "%s", "");
    b->n_entries = (int)n;
    qsort(b->entries, n, sizeof *b->entries, by_head);
    for (uint32_t i = 1; i < n; i++)
        if (b->entries[i].head < b->entries[i - 1].data + b->entries[i - 1].packed)
            return book_fail(b, KZ_SHEET_ZIP_OVERLAP, "%s", b->entries[i].name);
    qsort(b->entries, n, sizeof *b->entries, by_name);
    for (uint32_t i = 1; i < n; i++)
        if (by_name(&b->entries[i - 1], &b->entries[i]) == 0)
            return book_fail(b, KZ_SHEET_ZIP_TWICE, "%s", b->entries[i].name);
    return true; /* what is never unpacked (pictures) does not count */
}

const zip_entry *zip_find(const book *b, const char *name)
{
    zip_entry key = { .name = name };
    if (b->n_entries == 0)
        return NULL;
    return bsearch(&key, b->entries, (size_t)b->n_entries, sizeof key, by_name);
}

/* Bytes that came out: count them all, hand them on. */
static bool give(book *b, const char *name, uint64_t *out, const char *p, size_t n,
                 bool (*take)(void *me, const char *p, size_t n), void *me)
{
    *out += n;
    b->unpacked += n;
    if (b->unpacked > KZ_SHEET_UNPACKED_MAX)
        return book_fail(b, KZ_SHEET_LARGE, "%s", name);
    return n == 0 || take(me, p, n);
}

/* Inflate from `in` until its end; false after a failure. */
static bool inflate_all(book *b, const char *name, z_stream *z, uint64_t most, uint32_t *crc, uint64_t *out,
                        bool (*take)(void *me, const char *p, size_t n), void *me)
{
    static char chunk[CHUNK];
    int rc = Z_OK;
    while (rc == Z_OK) {
        z->next_out = (unsigned char *)chunk;
        z->avail_out = CHUNK;
        rc = inflate(z, Z_NO_FLUSH);
        size_t n = CHUNK - z->avail_out;
        if ((rc != Z_OK && rc != Z_STREAM_END) || (rc == Z_OK && n == 0))
            return book_fail(b, KZ_SHEET_ZIP_BROKEN, "%s", name);
        *crc = (uint32_t)crc32(*crc, (unsigned char *)chunk, (unsigned)n);
        if (*out + n > most)
            return book_fail(b, KZ_SHEET_ZIP_MISMATCH, "%s", name);
        if (!give(b, name, out, chunk, n, take, me))
            return false;
    }
    return true;
}

bool zip_unpack(book *b, const zip_entry *e, bool (*take)(void *me, const char *p, size_t n), void *me)
{
    const char *p = (const char *)b->p + e->data;
    uint64_t out = 0;
    uint32_t crc = 0;
    bool good = true;
    if (e->size > KZ_SHEET_UNPACKED_MAX - b->unpacked)
        return book_fail(b, KZ_SHEET_LARGE, "%s", e->name);
    if (e->method == STORED) {
        crc = (uint32_t)crc32(0, (const unsigned char *)p, e->packed);
        for (size_t at = 0; good && at < e->packed; at += CHUNK)
            good = give(b, e->name, &out, p + at, e->packed - at < CHUNK ? e->packed - at : CHUNK, take, me);
    } else {
        z_stream z = { .next_in = (unsigned char *)(uintptr_t)p, .avail_in = e->packed };
        if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
            return book_fail(b, KZ_SHEET_MEMORY, "%s", e->name);
        good = inflate_all(b, e->name, &z, e->size, &crc, &out, take, me);
        if (good && z.avail_in > 0)
            good = book_fail(b, KZ_SHEET_ZIP_MISMATCH, "%s", e->name);
        inflateEnd(&z);
    }
    if (!good)
        return false;
    if (out != e->size)
        return book_fail(b, KZ_SHEET_ZIP_MISMATCH, "%s", e->name);
    return crc == e->crc || book_fail(b, KZ_SHEET_ZIP_BROKEN, "%s", e->name);
}

static bool take_data(void *me, const char *p, size_t n)
{
    return say_data(me, p, n);
}

/* A gzip file, also of several members one behind the other (RFC 1952). */
bool gzip_say(book *b)
{
    z_stream z = { .next_in = (unsigned char *)(uintptr_t)b->p, .avail_in = (unsigned)b->n };
    uint64_t out = 0;
    uint32_t crc = 0;
    bool good = true;
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", "gzip");
    while (good && z.avail_in > 0) {
        good = inflate_all(b, "gzip", &z, UINT64_MAX / 2, &crc, &out, take_data, b);
        if (good && z.avail_in > 0 && inflateReset(&z) != Z_OK)
            good = book_fail(b, KZ_SHEET_ZIP_BROKEN, "%s", "gzip");
    }
    inflateEnd(&z);
    return good;
}
