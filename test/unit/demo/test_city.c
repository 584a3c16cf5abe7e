#include "kz_test.h"

#include "demo/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kz_city *plan(uint64_t seed, kz_arena *a)
{
    kz_city *city = NULL;
    kz_arena_init(a, 16u << 20);
    assert_int_equal(kz_city_plan(seed, KZ_CITY_FULL, a, &city, NULL), KZ_OK);
    return city;
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
        people += (int64_t)city->area[i].people;
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(city->area[i].name, city->area[j].name);
            assert_string_not_equal(city->area[i].key, city->area[j].key);
        }
    }
    for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++)
        assert_true(district[d]);
    assert_in_range(people, 275000, 290000); /* at the end of 2016 */
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
        kz_city_write_addresses(city, &out[k]);
        kz_city_write_kitas(city, &out[k]);
        kz_city_write_schools(city, &out[k]);
        assert_int_equal(kz_buf_status(&out[k]), KZ_OK);
        kz_arena_done(&a);
    }
    assert_int_equal(out[0].n, out[1].n);
    assert_memory_equal(out[0].p, out[1].p, out[0].n);
    assert_true(out[0].n != out[2].n || memcmp(out[0].p, out[2].p, out[0].n) != 0);
    for (int k = 0; k < 3; k++)
        kz_buf_done(&out[k]);
}

static double square(const kz_city_point *p, int n)
{
    double sum = 0;
    for (int k = 0; k + 1 < n; k++)
        sum += (p[k].x - p[0].x) * (p[k + 1].y - p[0].y) - (p[k + 1].x - p[0].x) * (p[k].y - p[0].y);
    return sum / 2;
}

static int edge_in(const kz_city_point *p, int n, kz_city_point from, kz_city_point to)
{
    int found = 0;
    for (int k = 0; k + 1 < n; k++)
        found += memcmp(&p[k], &from, sizeof from) == 0 && memcmp(&p[k + 1], &to, sizeof to) == 0;
    return found;
}

/* The quarters of an area are a tiling: each of their borders is either one of the area or shared by two. */
static void areas_fall_into_240_quarters_without_gap_or_overlap(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        kz_arena a;
        kz_city *city = plan(seed, &a);
        int quarters = 0;
        for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
            const kz_city_area *area = &city->area[i];
            const kz_city_quarter *part = &city->quarter[area->first_quarter];
            double sum = 0;
            int outer = 0;
            assert_int_equal(area->first_quarter, quarters);
            assert_in_range(area->n_quarters, 2, 7);
            quarters += area->n_quarters;
            for (int k = 0; k < area->n_quarters; k++) {
                assert_true(memcmp(part[k].key, area->key, 3) == 0);
                assert_true(part[k].square > 0.3 * square(area->ring, area->n_ring) / area->n_quarters);
                sum += square(part[k].ring, part[k].n_ring);
                for (int p = 0; p + 1 < part[k].n_ring; p++) {
                    kz_city_point from = part[k].ring[p], to = part[k].ring[p + 1];
                    int of_area = edge_in(area->ring, area->n_ring, from, to), twins = 0;
                    for (int j = 0; j < area->n_quarters; j++)
                        twins += j != k && edge_in(part[j].ring, part[j].n_ring, to, from);
                    assert_int_equal(of_area + twins, 1);
                    outer += of_area;
                }
            }
            assert_int_equal(outer, area->n_ring - 1);
            double all = square(area->ring, area->n_ring);
            assert_true(sum > all * (1 - 1e-9) && sum < all * (1 + 1e-9));
        }
        assert_int_equal(quarters, KZ_CITY_N_QUARTERS);
        kz_arena_done(&a);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void every_house_has_an_address_of_its_own(void **state)
{
    (void)state;
    kz_arena a;
    kz_city *city = plan(2, &a);
    assert_in_range(city->n_addresses, 24000, 27000);
    char **text = kz_arena_new(&a, char *, city->n_addresses);
    int crossing = 0, last = 0;
    for (int i = 0; i < city->n_addresses; i++) {
        const kz_city_address *h = &city->address[i];
        char t[160];
        snprintf(t, sizeof t, "%s %d%c %d", city->street[h->street], h->number, h->suffix ? h->suffix : ' ', h->zip);
        text[i] = kz_arena_strdup(&a, t);
        if (i > 0 && h->street == city->address[i - 1].street && h->quarter != city->address[i - 1].quarter &&
            h->street != last) {
            crossing++;
            last = h->street;
        }
    }
    qsort(text, (size_t)city->n_addresses, sizeof *text, by_text);
    for (int i = 1; i < city->n_addresses; i++)
        assert_string_not_equal(text[i - 1], text[i]);
    assert_true(crossing > 50); /* streets do not care for quarters */
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++)
        assert_true(city->quarter[q].n_addresses >= 8);
    for (int i = 0; i < KZ_CITY_N_HOUSES; i++)
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(city->house[i].name, city->house[j].name);
            assert_string_not_equal(city->house[i].key, city->house[j].key);
        }
    kz_arena_done(&a);
}

/* By PROJ 9, EPSG:25832 to EPSG:4326: 460000, 5740000 is 8.419797314085, 51.809412004489. */
static void metres_become_degrees(void **state)
{
    (void)state;
    double lon, lat;
    kz_city_degrees((kz_city_point){ 460000, 5740000 }, &lon, &lat);
    assert_true(lon > 8.4197973 && lon < 8.4197974 && lat > 51.8094119 && lat < 51.8094121);
    kz_city_degrees((kz_city_point){ 469000, 5733000 }, &lon, &lat); /* 8.550963111, 51.747046441 */
    assert_true(lon > 8.5509631 && lon < 8.5509632 && lat > 51.7470464 && lat < 51.7470465);
}

KZ_TEST_MAIN(KZ_TEST(has_seven_districts_and_sixty_named_areas_of_some_300000_people),
             KZ_TEST(neighbours_share_their_border_exactly),
             KZ_TEST(areas_fall_into_240_quarters_without_gap_or_overlap),
             KZ_TEST(every_house_has_an_address_of_its_own), KZ_TEST(metres_become_degrees),
             KZ_TEST(the_same_seed_gives_the_same_files_and_another_seed_others))
