/* partition_make.h - a rectangle cut into random quadrilaterals that share their corners, for tests. */
#ifndef KZ_TEST_PARTITION_MAKE_H
#define KZ_TEST_PARTITION_MAKE_H

#include "base/rng.h"
#include "geo/polygon.h"

#include <math.h>

enum { PART_SIDE = 6, PART_N = PART_SIDE * PART_SIDE };

typedef struct partition {
    kz_point corner[PART_SIDE + 1][PART_SIDE + 1];
    kz_point p[PART_N][5];
    kz_ring ring[PART_N];
    kz_outline area[PART_N];
} partition;

/* 600 by 600 around (far, far), turned by `angle`; corners inside are moved by up to 30. */
static inline void partition_make(partition *t, kz_rng *r, double far, double angle)
{
    for (int i = 0; i <= PART_SIDE; i++)
        for (int k = 0; k <= PART_SIDE; k++) {
            bool inner_i = i > 0 && i < PART_SIDE, inner_k = k > 0 && k < PART_SIDE;
            double x = 100 * i + (inner_i ? 60 * kz_rng_unit(r) - 30 : 0);
            double y = 100 * k + (inner_k ? 60 * kz_rng_unit(r) - 30 : 0);
            t->corner[i][k] = (kz_point){ far + x * cos(angle) - y * sin(angle), far + x * sin(angle) + y * cos(angle) };
        }
    for (int i = 0; i < PART_SIDE; i++)
        for (int k = 0; k < PART_SIDE; k++) {
            int at = i * PART_SIDE + k;
            t->p[at][0] = t->p[at][4] = t->corner[i][k];
            t->p[at][1] = t->corner[i + 1][k];
            t->p[at][2] = t->corner[i + 1][k + 1];
            t->p[at][3] = t->corner[i][k + 1];
            t->ring[at] = (kz_ring){ .n = 5, .p = t->p[at] };
            t->area[at] = (kz_outline){ .n = 1, .rings = &t->ring[at] };
        }
}

#endif
