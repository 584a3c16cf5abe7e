#include "store/segment_format.h"

#include "base/crc32c.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct kz_segment_state {
    char          *path;
    const uint8_t *map;
    uint64_t       bytes, index_bytes;
    const segment_entry *entries;
    kz_view      **dict;    /* of each column, made when first read */
    bool          *checked; /* the column's rows                    */
};

static kz_status damaged(const char *path, const char *what, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, "segment.damaged", kz_s("file", path), kz_s("what", what));
}

static kz_status damaged_column(const struct kz_segment_state *s, uint32_t column, const char *what, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, "segment.damaged_column", kz_s("file", s->path), kz_n("column", column + 1),
                   kz_s("what", what));
}

/* Do n things of `size` bytes from `at` on lie between `from` and `to`? */
static bool inside(uint64_t at, uint64_t n, uint64_t size, uint64_t from, uint64_t to)
{
    uint64_t bytes;
    return !__builtin_mul_overflow(n, size, &bytes) && at >= from && at <= to && bytes <= to - at;
}

static uint32_t widest(uint32_t type)
{
    return type == KZ_SEG_I64 ? 8 : 4;
}

/* ---- head and schema ----------------------------------------------------------------------- */

static kz_status check_head(struct kz_segment_state *s, const segment_head *h, kz_err *err)
{
    if (memcmp(h->magic, SEGMENT_MAGIC, sizeof h->magic) != 0)
        return kz_fail(err, KZ_E_INPUT, "segment.not_one", kz_s("file", s->path));
    if (h->version != SEGMENT_VERSION)
        return kz_fail(err, KZ_E_INPUT, "segment.version", kz_s("file", s->path), kz_n("version", h->version),
                       kz_n("known", SEGMENT_VERSION));
    if (h->file_bytes != s->bytes)
        return kz_fail(err, KZ_E_INPUT, "segment.cut", kz_s("file", s->path), kz_n("bytes", s->bytes),
                       kz_n("want", h->file_bytes));
    if (h->index_bytes < sizeof *h || h->index_bytes > s->bytes)
        return damaged(s->path, "index_bytes", err);
    segment_head blank = *h;
    blank.crc = 0;
    uint32_t crc = kz_crc32c(0, &blank, sizeof blank);
    if (kz_crc32c(crc, s->map + sizeof *h, h->index_bytes - sizeof *h) != h->crc)
        return damaged(s->path, "index", err);
    if (h->n_rows > KZ_SEGMENT_ROWS || h->n_columns > KZ_SEGMENT_COLUMNS || h->block_rows != KZ_SEGMENT_BLOCK ||
        !inside(sizeof *h, h->n_columns, sizeof(segment_entry), sizeof *h, h->index_bytes))
        return damaged(s->path, "head", err);
    s->index_bytes = h->index_bytes;
    s->entries = (const segment_entry *)(s->map + sizeof *h);
    return KZ_OK;
}

static bool text_is_good(const struct kz_segment_state *s, uint64_t at, uint64_t n)
{
    return n <= KZ_SEGMENT_TEXT && inside(at, n, 1, sizeof(segment_head), s->index_bytes) &&
           kz_utf8_bad((const char *)s->map + at, n) == n;
}

static bool dict_is_good(const struct kz_segment_state *s, const segment_entry *e)
{
    if (e->dict % sizeof(uint64_t) != 0 || e->n_dict > KZ_SEGMENT_DICT ||
        !inside(e->dict, e->n_dict + 1, sizeof(uint64_t), sizeof(segment_head), s->index_bytes))
        return false;
    const uint64_t *at = (const uint64_t *)(s->map + e->dict);
    for (uint64_t i = 0; i < e->n_dict; i++) {
        if (at[i] > at[i + 1] || !text_is_good(s, at[i], at[i + 1] - at[i]))
            return false;
    }
    return true;
}

static kz_status check_column(const struct kz_segment_state *s, uint32_t c, uint64_t n_rows, kz_err *err)
{
    const segment_entry *e = &s->entries[c];
    bool code = e->type == KZ_SEG_CODE;
    if (e->type < KZ_SEG_CODE || e->type > KZ_SEG_MONTH)
        return damaged_column(s, c, "type", err);
    if (code ? e->width != 1 && e->width != 2 && e->width != 4 : e->width != widest(e->type))
        return damaged_column(s, c, "width", err);
    if (!text_is_good(s, e->name, e->name_bytes))
        return damaged_column(s, c, "name", err);
    if (code ? !dict_is_good(s, e) : e->n_dict != 0)
        return damaged_column(s, c, "dictionary", err);
    if (e->blocks % sizeof(int64_t) != 0 || !inside(e->blocks, segment_n_blocks(n_rows), sizeof(segment_block),
                                                    sizeof(segment_head), s->index_bytes))
        return damaged_column(s, c, "blocks", err);
    if (e->rows % SEGMENT_ALIGN != 0 || !inside(e->rows, n_rows, e->width, s->index_bytes, s->bytes))
        return damaged_column(s, c, "rows", err);
    return KZ_OK;
}

/* ---- open and close --------------------------------------------------------------------------- */

static kz_status map_file(struct kz_segment_state *s, kz_err *err)
{
    struct stat info;
    int fd = open(s->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kz_fail(err, errno == ENOENT ? KZ_E_MISSING : KZ_E_IO, "segment.open", kz_s("file", s->path),
                       kz_s("why", strerror(errno)));
    kz_status st = KZ_OK;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || (uint64_t)info.st_size < sizeof(segment_head)) {
        st = kz_fail(err, KZ_E_INPUT, "segment.not_one", kz_s("file", s->path));
    } else {
        void *p = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED)
            st = kz_fail(err, KZ_E_IO, "segment.open", kz_s("file", s->path), kz_s("why", strerror(errno)));
        else
            s->map = p;
        s->bytes = (uint64_t)info.st_size;
    }
    close(fd);
    return st;
}

static kz_status open_state(struct kz_segment_state *s, kz_segment *seg, kz_err *err)
{
    segment_head head;
    KZ_TRY(map_file(s, err));
    memcpy(&head, s->map, sizeof head);
    KZ_TRY(check_head(s, &head, err));
    for (uint32_t c = 0; c < head.n_columns; c++)
        KZ_TRY(check_column(s, c, head.n_rows, err));
    s->dict = calloc((size_t)head.n_columns + 1, sizeof *s->dict);
    s->checked = calloc((size_t)head.n_columns + 1, sizeof *s->checked);
    if (!s->dict || !s->checked)
        return kz_fail(err, KZ_E_LIMIT, "segment.memory");
    seg->n_rows = head.n_rows;
    seg->n_columns = head.n_columns;
    seg->n_blocks = (uint32_t)segment_n_blocks(head.n_rows);
    seg->import = head.import;
    memcpy(seg->source_hash, head.source_hash, sizeof seg->source_hash);
    return KZ_OK;
}

kz_status kz_segment_open(const char *path, kz_segment *ret, kz_err *err)
{
    kz_segment seg = { .state = calloc(1, sizeof *seg.state) };
    kz_status st = KZ_E_LIMIT;
    if (seg.state)
        seg.state->path = strdup(path);
    if (!seg.state || !seg.state->path)
        st = kz_fail(err, KZ_E_LIMIT, "segment.memory");
    else
        st = open_state(seg.state, &seg, err);
    if (st != KZ_OK) {
        kz_segment_done(&seg);
        return st;
    }
    *ret = seg;
    return KZ_OK;
}

void kz_segment_done(kz_segment *seg)
{
    struct kz_segment_state *s = seg->state;
    if (!s)
        return;
    for (uint32_t c = 0; s->dict && c < seg->n_columns; c++)
        free(s->dict[c]);
    free(s->dict);
    free(s->checked);
    if (s->map)
        munmap((void *)s->map, s->bytes);
    free(s->path);
    free(s);
    *seg = (kz_segment){ 0 };
}

/* ---- columns -------------------------------------------------------------------------------------- */

static const segment_block *blocks_of(const struct kz_segment_state *s, uint32_t column)
{
    return (const segment_block *)(s->map + s->entries[column].blocks);
}

static kz_view name_of(const struct kz_segment_state *s, uint32_t column)
{
    const segment_entry *e = &s->entries[column];
    return kz_view_from((const char *)s->map + e->name, e->name_bytes);
}

/* Every block has the bytes and the range that were written, and no code leaves the dictionary. */
static kz_status check_rows(const kz_segment *seg, uint32_t column, kz_err *err)
{
    const struct kz_segment_state *s = seg->state;
    const segment_entry *e = &s->entries[column];
    const segment_block *blocks = blocks_of(s, column);
    for (uint64_t b = 0; b < seg->n_blocks; b++) {
        uint64_t from = b * KZ_SEGMENT_BLOCK, left = seg->n_rows - from;
        uint64_t n = left < KZ_SEGMENT_BLOCK ? left : KZ_SEGMENT_BLOCK;
        const uint8_t *p = s->map + e->rows + from * e->width;
        int64_t lo = 0, hi = 0;
        bool good = kz_crc32c(0, p, n * e->width) == blocks[b].crc;
        segment_range(p, e->type, e->width, n, &lo, &hi);
        good = good && lo == blocks[b].lo && hi == blocks[b].hi;
        if (!good || (e->type == KZ_SEG_CODE && (uint64_t)hi >= e->n_dict))
            return kz_fail(err, KZ_E_INPUT, "segment.damaged_block", kz_s("file", s->path),
                           kz_vw("column", name_of(s, column)), kz_n("block", b + 1), kz_n("first", from + 1),
                           kz_n("last", from + n));
    }
    return KZ_OK;
}

static kz_status make_dict(struct kz_segment_state *s, uint32_t column, kz_err *err)
{
    const segment_entry *e = &s->entries[column];
    const uint64_t *at = (const uint64_t *)(s->map + e->dict);
    kz_view *dict = malloc(((size_t)e->n_dict + 1) * sizeof *dict);
    if (!dict)
        return kz_fail(err, KZ_E_LIMIT, "segment.memory");
    for (uint64_t i = 0; i < e->n_dict; i++)
        dict[i] = kz_view_from((const char *)s->map + at[i], at[i + 1] - at[i]);
    s->dict[column] = dict;
    return KZ_OK;
}

kz_status kz_segment_read(kz_segment *seg, uint32_t column, kz_segment_view *ret, kz_err *err)
{
    struct kz_segment_state *s = seg->state;
    KZ_ASSERT(column < seg->n_columns);
    const segment_entry *e = &s->entries[column];
    const segment_block *blocks = blocks_of(s, column);
    if (!s->checked[column])
        KZ_TRY(check_rows(seg, column, err));
    s->checked[column] = true;
    if (e->type == KZ_SEG_CODE && !s->dict[column])
        KZ_TRY(make_dict(s, column, err));
    kz_segment_view v = { .name = name_of(s, column), .type = (kz_segment_type)e->type, .width = (int)e->width,
                          .p = s->map + e->rows, .n_dict = (uint32_t)e->n_dict, .dict = s->dict[column], .hi = -1 };
    for (uint32_t b = 0; b < seg->n_blocks; b++) {
        v.lo = b == 0 || blocks[b].lo < v.lo ? blocks[b].lo : v.lo;
        v.hi = b == 0 || blocks[b].hi > v.hi ? blocks[b].hi : v.hi;
    }
    *ret = v;
    return KZ_OK;
}

kz_status kz_segment_find(const kz_segment *seg, const char *name, uint32_t *ret, kz_err *err)
{
    for (uint32_t c = 0; c < seg->n_columns; c++) {
        if (kz_view_is(name_of(seg->state, c), name)) {
            *ret = c;
            return KZ_OK;
        }
    }
    return kz_fail(err, KZ_E_INPUT, "segment.no_column", kz_s("file", seg->state->path), kz_s("column", name));
}

void kz_segment_block(const kz_segment *seg, uint32_t column, uint32_t block, int64_t *lo, int64_t *hi)
{
    KZ_ASSERT(column < seg->n_columns && block < seg->n_blocks);
    *lo = blocks_of(seg->state, column)[block].lo;
    *hi = blocks_of(seg->state, column)[block].hi;
}
