#include "kz_test.h"

#include "base/rng.h"
#include "base/sha256.h"

#include <sodium.h>
#include <string.h>

static void hash(const void *p, size_t n, bool plain, char hex[static KZ_SHA256_HEX])
{
    kz_sha256 s;
    if (plain)
        kz_sha256_begin_plain(&s);
    else
        kz_sha256_begin(&s);
    kz_sha256_add(&s, p, n);
    kz_sha256_end(&s, hex);
}

/* FIPS 180-4, examples of NIST. */
static void the_published_examples_hold(void **state)
{
    (void)state;
    static const char TWO[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char hex[KZ_SHA256_HEX];
    for (int plain = 0; plain < 2; plain++) {
        hash("", 0, plain, hex);
        assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        hash("abc", 3, plain, hex);
        assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        hash(TWO, sizeof TWO - 1, plain, hex);
        assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
}

/* Any length, cut anywhere: as libsodium has it. */
static void pieces_give_the_same_as_the_whole(void **state)
{
    (void)state;
    static uint8_t bytes[1000];
    for (uint64_t seed = 0; seed < 500; seed++) {
        kz_rng r = kz_rng_stream(seed, 0);
        size_t n = kz_rng_below(&r, sizeof bytes + 1);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)kz_rng_below(&r, 256);
        char whole[KZ_SHA256_HEX], cut[KZ_SHA256_HEX];
        uint8_t want[crypto_hash_sha256_BYTES];
        kz_sha256 s;
        kz_sha256_begin(&s);
        for (size_t at = 0; at < n;) {
            size_t piece = 1 + kz_rng_below(&r, 150);
            piece = piece < n - at ? piece : n - at;
            kz_sha256_add(&s, bytes + at, piece);
            at += piece;
        }
        kz_sha256_end(&s, cut);
        crypto_hash_sha256(want, bytes, n);
        sodium_bin2hex(whole, sizeof whole, want, sizeof want);
        assert_string_equal(cut, whole);
    }
}

KZ_TEST_MAIN(KZ_TEST(the_published_examples_hold), KZ_TEST(pieces_give_the_same_as_the_whole))
