/* CRC-32C: the values of RFC 3720, and the processor agrees with the table. */
#include "base/crc32c.h"

#include "base/rng.h"
#include "kz_test.h"

#include <string.h>

static void gives_the_values_of_rfc_3720(void **state)
{
    uint8_t b[32];
    (void)state;
    memset(b, 0, sizeof b);
    assert_int_equal(kz_crc32c(0, b, 32), 0x8A9136AA);
    assert_int_equal(kz_crc32c_plain(0, b, 32), 0x8A9136AA);
    memset(b, 0xFF, sizeof b);
    assert_int_equal(kz_crc32c(0, b, 32), 0x62A8AB43);
    for (int i = 0; i < 32; i++)
        b[i] = (uint8_t)i;
    assert_int_equal(kz_crc32c(0, b, 32), 0x46DD794E);
    assert_int_equal(kz_crc32c(0, "123456789", 9), 0xE3069283);
    assert_int_equal(kz_crc32c(0, b, 0), 0);
}

static void pieces_and_both_ways_agree(void **state)
{
    uint8_t b[300];
    kz_rng r = kz_rng_stream(1, 1);
    (void)state;
    for (int round = 0; round < 500; round++) {
        uint32_t n = kz_rng_below(&r, sizeof b + 1), cut = kz_rng_below(&r, n + 1);
        for (uint32_t i = 0; i < n; i++)
            b[i] = (uint8_t)kz_rng_next(&r);
        uint32_t whole = kz_crc32c_plain(0, b, n);
        assert_int_equal(kz_crc32c(0, b, n), whole);
        assert_int_equal(kz_crc32c(kz_crc32c(0, b, cut), b + cut, n - cut), whole);
    }
}

KZ_TEST_MAIN(KZ_TEST(gives_the_values_of_rfc_3720), KZ_TEST(pieces_and_both_ways_agree))
