/* segment_format.h - the file of segment.h byte by byte.  For segment_*.c only. */
#ifndef KZ_STORE_SEGMENT_FORMAT_H
#define KZ_STORE_SEGMENT_FORMAT_H

#include "store/segment.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "segments are little-endian and read in place"
#endif

enum { SEGMENT_VERSION = 1, SEGMENT_ALIGN = 64 };
#define SEGMENT_MAGIC "KZSEG\r\n\x1a"

typedef struct segment_head {
    char     magic[8];
    uint32_t version, crc;
    uint64_t file_bytes, n_rows;
    uint32_t n_columns, block_rows;
    int64_t  import;
    uint8_t  source_hash[KZ_SEGMENT_HASH];
    uint64_t index_bytes, zero;
} segment_head;

typedef struct segment_entry {
    uint64_t name;
    uint32_t name_bytes, type, width, zero;
    uint64_t n_dict, dict, rows, blocks, zero2;
} segment_entry;

typedef struct segment_block {
    int64_t  lo, hi;
    uint32_t crc, zero;
} segment_block;

_Static_assert(sizeof(segment_head) == 96, "as segment.h says");
_Static_assert(sizeof(segment_entry) == 64, "as segment.h says");
_Static_assert(sizeof(segment_block) == 24, "as segment.h says");

static inline uint64_t segment_n_blocks(uint64_t n_rows)
{
    return (n_rows + KZ_SEGMENT_BLOCK - 1) / KZ_SEGMENT_BLOCK;
}

/* Smallest and largest of n > 0 values. */
static inline void segment_range(const void *p, uint32_t type, uint32_t width, uint64_t n, int64_t *lo, int64_t *hi)
{
#define RANGE(type_)                                                  \
    do {                                                              \
        const type_ *v = p;                                           \
        type_ least = v[0], most = v[0];                              \
        for (uint64_t i = 1; i < n; i++) {                            \
            least = v[i] < least ? v[i] : least;                      \
            most = v[i] > most ? v[i] : most;                         \
        }                                                             \
        *lo = (int64_t)least;                                         \
        *hi = (int64_t)most;                                          \
    } while (0)
    if (type == KZ_SEG_CODE && width == 1)
        RANGE(uint8_t);
    else if (type == KZ_SEG_CODE && width == 2)
        RANGE(uint16_t);
    else if (type == KZ_SEG_CODE)
        RANGE(uint32_t);
    else if (width == 8)
        RANGE(int64_t);
    else
        RANGE(int32_t);
#undef RANGE
}

#endif
