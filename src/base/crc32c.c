#include "base/crc32c.h"

#include <string.h>

/* Four bits at a time: sixteen entries are enough to read, and the fast path needs none. */
static const uint32_t NIBBLE[16] = {
    0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
    0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9, 0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
};

uint32_t kz_crc32c_plain(uint32_t before, const void *p, size_t n)
{
    const uint8_t *at = p;
    uint32_t sum = ~before;
    for (size_t i = 0; i < n; i++) {
        sum ^= at[i];
        sum = sum >> 4 ^ NIBBLE[sum & 15];
        sum = sum >> 4 ^ NIBBLE[sum & 15];
    }
    return ~sum;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t by_processor(uint32_t before, const void *p, size_t n)
{
    const uint8_t *at = p;
    uint64_t sum = ~before;
    for (; n >= 8; n -= 8, at += 8) {
        uint64_t eight;
        memcpy(&eight, at, sizeof eight);
        sum = __builtin_ia32_crc32di(sum, eight);
    }
    for (; n > 0; n--)
        sum = __builtin_ia32_crc32qi((uint32_t)sum, *at++);
    return ~(uint32_t)sum;
}
#endif

uint32_t kz_crc32c(uint32_t before, const void *p, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return by_processor(before, p, n);
#endif
    return kz_crc32c_plain(before, p, n);
}
