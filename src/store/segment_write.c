#include "store/segment_format.h"

#include "base/buf.h"
#include "base/crc32c.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define INDEX_MAX ((size_t)4 << 30)

typedef struct writing {
    const kz_segment_plan *plan;
    const char   *path; /* for messages */
    int           fd;
    segment_head  head;
    segment_entry *entries;
    segment_block *blocks; /* [column][block] */
    uint64_t      n_blocks;
    kz_buf        texts;
    void         *values;  /* of one block, as narrow as they will be */
} writing;

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "segment.memory");
}

static kz_status cannot_write(const writing *w, int why, kz_err *err)
{
    return kz_fail(err, KZ_E_IO, "segment.write", kz_s("file", w->path), kz_s("why", strerror(why)));
}

static bool write_at(int fd, const void *p, size_t n, uint64_t at)
{
    for (size_t put = 0; put < n;) {
        ssize_t m = pwrite(fd, (const char *)p + put, n - put, (off_t)(at + put));
        if (m < 0 && errno == EINTR)
            continue;
        if (m <= 0)
            return false;
        put += (size_t)m;
    }
    return true;
}

/* ---- where everything will be -------------------------------------------------------- */

static uint32_t width_of(const kz_segment_column *c)
{
    if (c->type == KZ_SEG_CODE)
        return c->n_dict <= 1 << 8 ? 1 : c->n_dict <= 1 << 16 ? 2 : 4;
    return c->type == KZ_SEG_I64 ? 8 : 4;
}

static kz_status check_text(const writing *w, kz_view v, kz_err *err)
{
    if (v.n > KZ_SEGMENT_TEXT)
        return kz_fail(err, KZ_E_LIMIT, "segment.long_text", kz_s("file", w->path), kz_vw("value", v),
                       kz_n("max", KZ_SEGMENT_TEXT));
    KZ_ASSERT(kz_utf8_bad(v.p, v.n) == v.n); /* readers of tables decode */
    return KZ_OK;
}

static uint64_t rounded(uint64_t n, uint64_t to)
{
    return (n + to - 1) / to * to;
}

/* Positions of texts count from `texts`, and begin where a u64 may. */
static kz_status add_texts(writing *w, uint64_t texts, const kz_segment_column *c, segment_entry *e, kz_err *err)
{
    static const char zeros[8];
    kz_view name = kz_view_of(c->name);
    KZ_TRY(check_text(w, name, err));
    e->name = texts + w->texts.n;
    e->name_bytes = (uint32_t)name.n;
    kz_buf_add(&w->texts, name.p, name.n);
    kz_buf_add(&w->texts, zeros, rounded(w->texts.n, 8) - w->texts.n);
    e->n_dict = c->type == KZ_SEG_CODE ? c->n_dict : 0;
    e->dict = c->type == KZ_SEG_CODE ? texts + w->texts.n : 0;
    if (c->type != KZ_SEG_CODE)
        return KZ_OK;
    uint64_t at = e->dict + ((uint64_t)c->n_dict + 1) * sizeof at;
    for (uint32_t i = 0; i <= c->n_dict; i++) {
        kz_buf_add(&w->texts, &at, sizeof at);
        if (i < c->n_dict) {
            KZ_TRY(check_text(w, c->dict[i], err));
            at += c->dict[i].n;
        }
    }
    for (uint32_t i = 0; i < c->n_dict; i++)
        kz_buf_add(&w->texts, c->dict[i].p, c->dict[i].n);
    kz_buf_add(&w->texts, zeros, rounded(w->texts.n, 8) - w->texts.n);
    return KZ_OK;
}

static kz_status lay_out(writing *w, kz_err *err)
{
    const kz_segment_plan *plan = w->plan;
    if (plan->n_rows > KZ_SEGMENT_ROWS || plan->n_columns > KZ_SEGMENT_COLUMNS)
        return kz_fail(err, KZ_E_LIMIT, "segment.size", kz_s("file", w->path), kz_n("rows", KZ_SEGMENT_ROWS),
                       kz_n("columns", KZ_SEGMENT_COLUMNS));
    w->n_blocks = segment_n_blocks(plan->n_rows);
    w->entries = calloc((size_t)plan->n_columns + 1, sizeof *w->entries);
    w->blocks = calloc(w->n_blocks * plan->n_columns + 1, sizeof *w->blocks);
    w->values = malloc(KZ_SEGMENT_BLOCK * sizeof(int64_t));
    if (!w->entries || !w->blocks || !w->values)
        return no_memory(err);
    uint64_t blocks = sizeof w->head + plan->n_columns * sizeof *w->entries;
    uint64_t texts = blocks + plan->n_columns * w->n_blocks * sizeof *w->blocks;
    for (uint32_t c = 0; c < plan->n_columns; c++) {
        KZ_ASSERT(plan->columns[c].n_dict <= KZ_SEGMENT_DICT);
        KZ_TRY(add_texts(w, texts, &plan->columns[c], &w->entries[c], err));
    }
    if (kz_buf_status(&w->texts) != KZ_OK)
        return no_memory(err);
    uint64_t at = texts + w->texts.n;
    w->head = (segment_head){ .version = SEGMENT_VERSION, .n_rows = plan->n_rows, .n_columns = plan->n_columns,
                              .block_rows = KZ_SEGMENT_BLOCK, .import = plan->import, .index_bytes = at };
    memcpy(w->head.magic, SEGMENT_MAGIC, sizeof w->head.magic);
    memcpy(w->head.source_hash, plan->source_hash, sizeof w->head.source_hash);
    for (uint32_t c = 0; c < plan->n_columns; c++) {
        segment_entry *e = &w->entries[c];
        e->type = plan->columns[c].type;
        e->width = width_of(&plan->columns[c]);
        e->blocks = blocks + c * w->n_blocks * sizeof *w->blocks;
        e->rows = rounded(at, SEGMENT_ALIGN);
        at = e->rows + plan->n_rows * e->width;
    }
    w->head.file_bytes = at;
    return KZ_OK;
}

/* ---- rows, then what describes them ---------------------------------------------------- */

static void narrow(const kz_segment_column *c, uint32_t width, uint64_t from, uint64_t n, void *values)
{
    if (c->type == KZ_SEG_I64) {
        memcpy(values, c->i64 + from, n * sizeof *c->i64);
        return;
    }
    if (c->type != KZ_SEG_CODE) {
        memcpy(values, c->i32 + from, n * sizeof *c->i32);
        return;
    }
    for (uint64_t i = 0; i < n; i++) {
        uint32_t code = c->codes8 ? c->codes8[from + i] : c->codes[from + i];
        KZ_ASSERT(code < c->n_dict);
        if (width == 1)
            ((uint8_t *)values)[i] = (uint8_t)code;
        else if (width == 2)
            ((uint16_t *)values)[i] = (uint16_t)code;
        else
            ((uint32_t *)values)[i] = code;
    }
}

static kz_status write_rows(writing *w, uint32_t column, kz_err *err)
{
    const segment_entry *e = &w->entries[column];
    for (uint64_t b = 0; b < w->n_blocks; b++) {
        uint64_t from = b * KZ_SEGMENT_BLOCK, left = w->plan->n_rows - from;
        uint64_t n = left < KZ_SEGMENT_BLOCK ? left : KZ_SEGMENT_BLOCK;
        segment_block *block = &w->blocks[column * w->n_blocks + b];
        narrow(&w->plan->columns[column], e->width, from, n, w->values);
        segment_range(w->values, e->type, e->width, n, &block->lo, &block->hi);
        block->crc = kz_crc32c(0, w->values, n * e->width);
        if (!write_at(w->fd, w->values, n * e->width, e->rows + from * e->width))
            return cannot_write(w, errno, err);
    }
    return KZ_OK;
}

static kz_status write_index(writing *w, kz_err *err)
{
    size_t entries = w->plan->n_columns * sizeof *w->entries;
    size_t blocks = w->plan->n_columns * w->n_blocks * sizeof *w->blocks;
    uint32_t crc = kz_crc32c(0, &w->head, sizeof w->head);
    crc = kz_crc32c(crc, w->entries, entries);
    crc = kz_crc32c(crc, w->blocks, blocks);
    w->head.crc = kz_crc32c(crc, kz_buf_text(&w->texts), w->texts.n);
    if (!write_at(w->fd, w->entries, entries, sizeof w->head) ||
        !write_at(w->fd, w->blocks, blocks, sizeof w->head + entries) ||
        !write_at(w->fd, kz_buf_text(&w->texts), w->texts.n, sizeof w->head + entries + blocks) ||
        !write_at(w->fd, &w->head, sizeof w->head, 0) || ftruncate(w->fd, (off_t)w->head.file_bytes) != 0 ||
        fsync(w->fd) != 0)
        return cannot_write(w, errno, err);
    return KZ_OK;
}

static kz_status write_file(int fd, const char *path, const kz_segment_plan *plan, kz_err *err)
{
    writing w = { .plan = plan, .path = path, .fd = fd, .texts = kz_buf_init(INDEX_MAX) };
    kz_status st = lay_out(&w, err);
    for (uint32_t c = 0; c < plan->n_columns && st == KZ_OK; c++)
        st = write_rows(&w, c, err);
    if (st == KZ_OK)
        st = write_index(&w, err);
    kz_buf_done(&w.texts);
    free(w.entries);
    free(w.blocks);
    free(w.values);
    return st;
}

/* ---- a name for it ------------------------------------------------------------------------ */

static kz_status sync_folder(const char *folder, kz_err *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    return good ? KZ_OK : kz_fail(err, KZ_E_IO, "segment.write", kz_s("file", folder), kz_s("why", strerror(why)));
}

/* A whole segment beside the others, under a name nobody looks for. */
static kz_status write_temp(const char *folder, const kz_segment_plan *plan, char temp[static PATH_MAX], kz_err *err)
{
    int fd = -1;
    errno = ENAMETOOLONG;
    if ((size_t)snprintf(temp, PATH_MAX, "%s/.segment.XXXXXX", folder) < PATH_MAX)
        fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return kz_fail(err, KZ_E_IO, "segment.write", kz_s("file", folder), kz_s("why", strerror(errno)));
    kz_status st = write_file(fd, folder, plan, err);
    if (close(fd) != 0 && st == KZ_OK)
        st = kz_fail(err, KZ_E_IO, "segment.write", kz_s("file", folder), kz_s("why", strerror(errno)));
    if (st != KZ_OK)
        unlink(temp);
    return st;
}

kz_status kz_segment_append(const char *folder, const kz_segment_plan *plan, char name[static KZ_SEGMENT_NAME],
                            kz_err *err)
{
    enum { MOST = 99999999 };
    char temp[PATH_MAX], path[PATH_MAX + KZ_SEGMENT_NAME], own[KZ_SEGMENT_NAME];
    kz_status st = KZ_OK;
    KZ_TRY(write_temp(folder, plan, temp, err));
    int number = 1;
    for (; number <= MOST; number++) {
        snprintf(own, sizeof own, "%08d.kzc", number);
        snprintf(path, sizeof path, "%s/%s", folder, own);
        if (link(temp, path) == 0) /* fails where the name is taken, also by somebody just now */
            break;
        if (errno != EEXIST) {
            st = kz_fail(err, KZ_E_IO, "segment.write", kz_s("file", path), kz_s("why", strerror(errno)));
            break;
        }
    }
    unlink(temp);
    if (st == KZ_OK && number > MOST)
        st = kz_fail(err, KZ_E_LIMIT, "segment.folder_full", kz_s("file", folder));
    if (st == KZ_OK)
        st = sync_folder(folder, err);
    if (st == KZ_OK)
        memcpy(name, own, sizeof own);
    return st;
}

kz_status kz_segment_write(const char *path, const kz_segment_plan *plan, kz_err *err)
{
    char temp[PATH_MAX], folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (strlen(path) >= sizeof folder)
        return kz_fail(err, KZ_E_IO, "segment.write", kz_s("file", path), kz_s("why", strerror(ENAMETOOLONG)));
    if (slash && slash > path)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    else
        snprintf(folder, sizeof folder, "%s", slash ? "/" : ".");
    KZ_TRY(write_temp(folder, plan, temp, err));
    if (rename(temp, path) != 0) {
        int why = errno;
        unlink(temp);
        return kz_fail(err, KZ_E_IO, "segment.write", kz_s("file", path), kz_s("why", strerror(why)));
    }
    return sync_folder(folder, err);
}
