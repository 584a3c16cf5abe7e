/* Parts of a work: each once, whatever the number of threads. */
#include "base/parallel.h"

#include "kz_test.h"

enum { MOST = KZ_THREADS_MAX };

static int times_done[MOST], seen_n;

static void part(void *ctx, int i, int n)
{
    (void)ctx;
    times_done[i]++;
    if (i == 0)
        seen_n = n;
}

static void every_part_is_done_once(void **state)
{
    static const int ask[] = { -3, 0, 1, 2, 3, 17, MOST, MOST + 1 };
    (void)state;
    for (size_t k = 0; k < sizeof ask / sizeof ask[0]; k++) {
        int want = ask[k] < 1 ? 1 : ask[k] > MOST ? MOST : ask[k];
        for (int i = 0; i < MOST; i++)
            times_done[i] = 0;
        kz_parallel(ask[k], part, NULL);
        assert_int_equal(seen_n, want);
        for (int i = 0; i < MOST; i++)
            assert_int_equal(times_done[i], i < want);
    }
}

static void parts_cover_everything_without_overlap(void **state)
{
    static const uint64_t total[] = { 0, 1, 7, 1000, UINT64_MAX };
    (void)state;
    for (size_t k = 0; k < sizeof total / sizeof total[0]; k++) {
        for (int n = 1; n < 20; n++) {
            assert_int_equal(kz_part_from(total[k], 0, n), 0);
            assert_int_equal(kz_part_from(total[k], n, n), total[k]);
            for (int i = 0; i < n; i++)
                assert_true(kz_part_from(total[k], i, n) <= kz_part_from(total[k], i + 1, n));
        }
    }
    assert_true(kz_processors() >= 1);
}

KZ_TEST_MAIN(KZ_TEST(every_part_is_done_once), KZ_TEST(parts_cover_everything_without_overlap))
