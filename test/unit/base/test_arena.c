#include "kz_test.h"

#include "base/arena.h"

#include <string.h>

static void gives_zeroed_and_aligned_memory(void **state)
{
    (void)state;
    kz_arena a;
    kz_arena_init(&a, 1u << 20);
    for (size_t n = 0; n < 300; n++) {
        unsigned char *p = kz_arena_alloc(&a, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xFF, n); /* a later one must not see this */
    }
    kz_arena_done(&a);
}

static void never_gives_more_than_its_cap(void **state)
{
    (void)state;
    kz_arena a;
    kz_arena_init(&a, 100 * 1024);
    size_t got = 0;
    while (kz_arena_alloc(&a, 1000))
        got += 1000;
    assert_in_range(got, 95 * 1024, 100 * 1024);
    assert_null(kz_arena_alloc(&a, 1000));
    assert_null(kz_arena_alloc(&a, SIZE_MAX));
    assert_null(kz_arena_array(&a, SIZE_MAX / 2, 3));
    assert_null(kz_arena_strndup(&a, "x", SIZE_MAX));
    kz_arena_done(&a);
    assert_non_null(kz_arena_alloc(&a, 1000)); /* usable again after it was given back */
    kz_arena_done(&a);
}

static void copies_text(void **state)
{
    (void)state;
    kz_arena a;
    kz_arena_init(&a, 1000);
    char *copy = kz_arena_strdup(&a, "Kalk"), *part = kz_arena_strndup(&a, "Nippes", 3);
    assert_string_equal(copy, "Kalk");
    assert_string_equal(part, "Nip");
    assert_string_equal(kz_arena_strndup(&a, NULL, 0), "");
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(gives_zeroed_and_aligned_memory),
             KZ_TEST(never_gives_more_than_its_cap),
             KZ_TEST(copies_text))
