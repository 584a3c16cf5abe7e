#include "kz_test.h"

#include "base/rng.h"
#include "stat/peers.h"

#include <math.h>
#include <stdbool.h>

enum { N = 60, COLUMNS = 3, WANTED = 7 };

/* Points (0,0) (3,4) (1,0) (0,2): from the first 1, 2 and 5 away; 9/25 of the last lie in column 0. */
static void four_areas_can_be_redone_on_paper(void **state)
{
    (void)state;
    const double x[] = { 0, 3, 1, 0 }, y[] = { 0, 4, 0, 2 }, *const z[] = { x, y };
    kz_peer p[3];
    double share[6];
    kz_peers_find(z, 2, 4, 0, 3, p, share);
    assert_true(p[0].area == 2 && p[0].distance == 1 && share[0] == 1 && share[1] == 0);
    assert_true(p[1].area == 3 && p[1].distance == 2 && share[2] == 0 && share[3] == 1);
    assert_true(p[2].area == 1 && p[2].distance == 5 && fabs(share[4] - 0.36) < 1e-15);
}

static void twins_have_no_distance_and_keep_their_order(void **state)
{
    (void)state;
    const double x[] = { 1, 1, 1, 2 }, *const z[] = { x };
    kz_peer p[2];
    double share[2];
    kz_peers_find(z, 1, 4, 1, 2, p, share);
    assert_true(p[0].area == 0 && p[1].area == 2 && p[0].distance == 0 && share[0] == 0);
}

static void nobody_left_out_is_nearer(void **state)
{
    (void)state;
    for (uint64_t t = 0; t < 50; t++) {
        static double column[COLUMNS][N];
        const double *const z[] = { column[0], column[1], column[2] };
        kz_rng rng = kz_rng_stream(8, t);
        for (int c = 0; c < COLUMNS; c++)
            for (int i = 0; i < N; i++)
                column[c][i] = kz_rng_below(&rng, 9);
        for (int area = 0; area < N; area++) {
            kz_peer p[WANTED];
            double share[WANTED * COLUMNS];
            kz_peers_find(z, COLUMNS, N, area, WANTED, p, share);
            for (int i = 0; i < N; i++) {
                double d = hypot(hypot(column[0][area] - column[0][i], column[1][area] - column[1][i]),
                                 column[2][area] - column[2][i]);
                bool in = i == area;
                for (int k = 0; k < WANTED; k++)
                    in |= p[k].area == i;
                assert_true(in || d >= p[WANTED - 1].distance - 1e-12);
            }
            for (int k = 0; k < WANTED; k++) {
                double sum = share[k * COLUMNS] + share[k * COLUMNS + 1] + share[k * COLUMNS + 2];
                assert_true(fabs(sum - (p[k].distance > 0)) < 1e-12);
                assert_true(k == 0 || p[k].distance >= p[k - 1].distance);
            }
        }
    }
}

KZ_TEST_MAIN(KZ_TEST(four_areas_can_be_redone_on_paper), KZ_TEST(twins_have_no_distance_and_keep_their_order),
             KZ_TEST(nobody_left_out_is_nearer))
