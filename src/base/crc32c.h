/*
 * crc32c.h - does a block still have the bytes that were written?
 *
 *     uint32_t sum = kz_crc32c(0, p, n);
 *     sum = kz_crc32c(sum, more, m);          // the same as of both in one piece
 *
 * CRC-32C (Castagnoli), polynomial 0x1EDC6F41 reflected, as in RFC 3720, appendix B.4, where its
 * check values come from: 32 zero bytes give 0x8A9136AA.  Finds damage, not malice.  The
 * instruction of the processor where there is one, else a table.  No state, safe from any thread, O(n).
 */
#ifndef KZ_BASE_CRC32C_H
#define KZ_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t kz_crc32c(uint32_t before, const void *p, size_t n);
/* The same by table alone: to compare. */
uint32_t kz_crc32c_plain(uint32_t before, const void *p, size_t n);

#endif
