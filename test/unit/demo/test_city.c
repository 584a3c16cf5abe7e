#include "kz_test.h"

#include "demo/city.h"

#include <string.h>

static kz_city *plan(uint64_t seed, kz_arena *a)
{
    kz_city *city = NULL;
    kz_arena_init(a, 16u << 20);
    assert_int_equal(kz_city_plan(seed, a, &city, NULL), KZ_OK);
    return city;
}

static int64_t sum(const int64_t *c, int n)
{
    int64_t s = 0;
    for (int i = 0; i < n; i++)
        s += c[i];
    return s;
}

static void has_seven_districts_and_sixty_named_areas_of_some_300000_people(void **state)
{
    (void)state;
    kz_arena a;
    kz_city *city = plan(1, &a);
    bool district[KZ_CITY_N_DISTRICTS] = { false };
    int64_t people = 0;
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        district[city->area[i].district] = true;
        assert_non_null(city->area[i].name);
        people += city->area[i].count[KZ_CITY_N_YEARS - 1][0];
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(city->area[i].name, city->area[j].name);
            assert_string_not_equal(city->area[i].key, city->area[j].key);
        }
    }
    for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++)
        assert_true(district[d]);
    assert_in_range(people, 290000, 320000);
    kz_arena_done(&a);
}

static void every_table_adds_up_to_the_population(void **state)
{
    (void)state;
    kz_arena a;
    kz_city *city = plan(7, &a);
    for (int i = 0; i < KZ_CITY_N_AREAS; i++)
        for (int y = 0; y < KZ_CITY_N_YEARS; y++) {
            const int64_t *c = city->area[i].count[y];
            assert_int_equal(sum(c + 1, 2), c[0]);
            assert_int_equal(sum(c + 3, 13), c[0]);
            assert_int_equal(c[17] + c[20], c[16]);        /* German + foreign = all with migration background */
            assert_int_equal(sum(c + 21, 7), c[20]);       /* regions = foreign */
            assert_true(c[18] + c[19] <= c[17]);
            assert_int_equal(sum(c + 28, 5), c[0]);
            assert_int_equal(sum(c + 33, 2), c[0]);
            assert_int_equal(sum(c + 35, 3), c[0]);
            for (int m = 0; m < KZ_CITY_N_MEASURES; m++)
                assert_true(c[m] >= 0);
        }
    kz_arena_done(&a);
}

/* Every inner border is drawn by two areas, point for point. */
static void neighbours_share_their_border_exactly(void **state)
{
    (void)state;
    kz_arena a;
    kz_city *city = plan(3, &a);
    int shared = 0, outer = 0;
    for (int i = 0; i < KZ_CITY_N_AREAS; i++)
        for (int p = 0; p + 1 < city->area[i].n_ring; p++) {
            kz_city_point from = city->area[i].ring[p], to = city->area[i].ring[p + 1];
            int twins = 0;
            for (int j = 0; j < KZ_CITY_N_AREAS; j++)
                for (int q = 0; j != i && q + 1 < city->area[j].n_ring; q++)
                    twins += memcmp(&city->area[j].ring[q], &to, sizeof to) == 0 &&
                             memcmp(&city->area[j].ring[q + 1], &from, sizeof from) == 0;
            assert_true(twins <= 1);
            shared += twins;
            outer += !twins;
        }
    assert_true(shared > 4 * outer);
    kz_arena_done(&a);
}

static void the_same_seed_gives_the_same_files_and_another_seed_others(void **state)
{
    (void)state;
    kz_buf out[3];
    for (int k = 0; k < 3; k++) {
        kz_arena a;
        kz_city *city = plan(k < 2 ? 5 : 6, &a);
        out[k] = kz_buf_init(8u << 20);
        kz_city_write_outlines(city, KZ_CITY_AREAS, &out[k]);
        kz_city_write_population(city, &out[k]);
        assert_int_equal(kz_buf_status(&out[k]), KZ_OK);
        kz_arena_done(&a);
    }
    assert_int_equal(out[0].n, out[1].n);
    assert_memory_equal(out[0].p, out[1].p, out[0].n);
    assert_true(out[0].n != out[2].n || memcmp(out[0].p, out[2].p, out[0].n) != 0);
    for (int k = 0; k < 3; k++)
        kz_buf_done(&out[k]);
}

KZ_TEST_MAIN(KZ_TEST(has_seven_districts_and_sixty_named_areas_of_some_300000_people),
             KZ_TEST(every_table_adds_up_to_the_population),
             KZ_TEST(neighbours_share_their_border_exactly),
             KZ_TEST(the_same_seed_gives_the_same_files_and_another_seed_others))
