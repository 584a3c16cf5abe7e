/*
 * Any bytes as a column segment: refused with a reason, or every value can be read.
 *
 * Few inputs get past a checksum by luck, so the checksums of head and index are made right here;
 * the first byte says whether those of the rows are, too.
 */
#include "base/crc32c.h"
#include "store/segment_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void make_rows_right(uint8_t *p, size_t n, const segment_head *h)
{
    uint64_t n_blocks = h->n_rows > KZ_SEGMENT_ROWS ? 0 : segment_n_blocks(h->n_rows);
    for (uint64_t c = 0; c < h->n_columns && sizeof *h + (c + 1) * sizeof(segment_entry) <= h->index_bytes; c++) {
        segment_entry e;
        memcpy(&e, p + sizeof *h + c * sizeof e, sizeof e);
        for (uint64_t b = 0; b < n_blocks && b < 4; b++) {
            segment_block block;
            uint64_t from = b * KZ_SEGMENT_BLOCK, rows = h->n_rows - from, at;
            rows = rows < KZ_SEGMENT_BLOCK ? rows : KZ_SEGMENT_BLOCK;
            uint32_t want = e.type == KZ_SEG_I64 ? 8 : e.type == KZ_SEG_CODE ? e.width & 7 : 4;
            if (e.width != want || !want || (want & (want - 1)) || e.blocks > n || e.rows > n || e.rows % 8)
                break;
            at = e.blocks + b * sizeof block;
            if (at + sizeof block > h->index_bytes || e.rows + (from + rows) * e.width > n)
                break;
            const uint8_t *values = p + e.rows + from * e.width;
            segment_range(values, e.type, e.width, rows, &block.lo, &block.hi);
            block.crc = kz_crc32c(0, values, rows * e.width);
            block.zero = 0;
            memcpy(p + at, &block, sizeof block);
        }
    }
}

static void make_head_right(uint8_t *p, size_t n, bool rows)
{
    segment_head h;
    memcpy(&h, p, sizeof h);
    memcpy(h.magic, SEGMENT_MAGIC, sizeof h.magic);
    h.version = SEGMENT_VERSION;
    h.block_rows = KZ_SEGMENT_BLOCK;
    h.file_bytes = n;
    h.index_bytes = h.index_bytes < sizeof h || h.index_bytes > n ? n : h.index_bytes;
    h.n_columns %= 8;
    if (rows)
        make_rows_right(p, n, &h);
    h.crc = 0;
    uint32_t crc = kz_crc32c(0, &h, sizeof h);
    h.crc = kz_crc32c(crc, p + sizeof h, h.index_bytes - sizeof h);
    memcpy(p, &h, sizeof h);
}

static void use_column(const kz_segment *seg, const kz_segment_view *v)
{
    uint64_t sink = 0;
    for (uint64_t i = 0; i < seg->n_rows; i++) {
        if (v->type != KZ_SEG_CODE) {
            sink += (uint64_t)(v->width == 8 ? ((const int64_t *)v->p)[i] : ((const int32_t *)v->p)[i]);
            continue;
        }
        uint32_t code = v->width == 1   ? ((const uint8_t *)v->p)[i]
                        : v->width == 2 ? ((const uint16_t *)v->p)[i]
                                        : ((const uint32_t *)v->p)[i];
        KZ_ASSERT(code < v->n_dict && code <= v->hi && code >= v->lo);
        sink += v->dict[code].n ? (uint8_t)v->dict[code].p[0] : 0;
    }
    __asm__ volatile("" : : "r"(sink)); /* the values are read */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char path[64];
    kz_auto(kz_segment) seg = { 0 };
    kz_err err = { 0 };
    int fd = memfd_create("segment", MFD_CLOEXEC);
    KZ_ASSERT(fd >= 0);
    uint8_t *copy = malloc(n + 1);
    KZ_ASSERT(copy);
    size_t m = n > 0 ? n - 1 : 0;
    memcpy(copy, data + (n > 0), m);
    if (m >= sizeof(segment_head) && data[0] != 0)
        make_head_right(copy, m, data[0] & 1);
    KZ_ASSERT(write(fd, copy, m) == (ssize_t)m);
    free(copy);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (kz_segment_open(path, &seg, &err) == KZ_OK) {
        for (uint32_t c = 0; c < seg.n_columns; c++) {
            kz_segment_view v;
            if (kz_segment_read(&seg, c, &v, &err) == KZ_OK)
                use_column(&seg, &v);
            else
                KZ_ASSERT(err.id);
        }
    } else {
        KZ_ASSERT(err.id && !seg.state);
    }
    close(fd);
    return 0;
}
