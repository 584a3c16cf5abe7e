#include "kz_test.h"

#include "sdc/linear.h"

#include <stdlib.h>

static void finds_what_a_single_and_a_chained_difference_give(void **state)
{
    (void)state;
    /* a + b known, b known: both; c + d known: neither. */
    const kz_linear_term t[] = { { 0, 1 }, { 1, 1 }, { 1, 1 }, { 2, 1 }, { 3, 1 } };
    const size_t start[] = { 0, 2, 3, 5 };
    bool d[4];
    assert_int_equal(kz_linear_determined(3, start, t, 4, d, NULL), KZ_OK);
    assert_true(d[0] && d[1]);
    assert_false(d[2] || d[3]);
}

static void sees_through_a_cycle_of_odd_length_only(void **state)
{
    (void)state;
    /* a+b, b+c, c+a determine all three; a+b, b+c, c+d, d+a none. */
    const kz_linear_term odd[] = { { 0, 1 }, { 1, 1 }, { 1, 1 }, { 2, 1 }, { 2, 1 }, { 0, 1 } };
    const kz_linear_term even[] = { { 0, 1 }, { 1, 1 }, { 1, 1 }, { 2, 1 }, { 2, 1 }, { 3, 1 }, { 3, 1 }, { 0, 1 } };
    const size_t start[] = { 0, 2, 4, 6, 8 };
    bool d[4];
    assert_int_equal(kz_linear_determined(3, start, odd, 3, d, NULL), KZ_OK);
    assert_true(d[0] && d[1] && d[2]);
    assert_int_equal(kz_linear_determined(4, start, even, 4, d, NULL), KZ_OK);
    assert_false(d[0] || d[1] || d[2] || d[3]);
}

/* ---- against elimination with fractions ------------------------------------ */

enum { MOST = 10 };

typedef struct fraction {
    __int128 n, d;
} fraction;

static fraction make(__int128 n, __int128 d)
{
    __int128 a = n < 0 ? -n : n, b = d < 0 ? -d : d;
    while (b) {
        __int128 r = a % b;
        a = b;
        b = r;
    }
    if (a == 0)
        a = 1;
    if (d < 0)
        a = -a;
    return (fraction){ n / a, d / a };
}

/* Reduced echelon form; a column is determined when its row has no other entry. */
static void by_fractions(fraction m[MOST][MOST], int rows, int columns, bool determined[MOST])
{
    int rank = 0, pivot[MOST];
    for (int c = 0; c < columns; c++)
        determined[c] = false;
    for (int c = 0; c < columns && rank < rows; c++) {
        int r = rank;
        while (r < rows && m[r][c].n == 0)
            r++;
        if (r == rows)
            continue;
        for (int k = 0; k < columns; k++) {
            fraction t = m[r][k];
            m[r][k] = m[rank][k];
            m[rank][k] = t;
        }
        for (int i = 0; i < rows; i++) {
            if (i == rank || m[i][c].n == 0)
                continue;
            fraction f = make(m[i][c].n * m[rank][c].d, m[i][c].d * m[rank][c].n);
            for (int k = 0; k < columns; k++) {
                fraction x = m[i][k], y = make(f.n * m[rank][k].n, f.d * m[rank][k].d);
                m[i][k] = make(x.n * y.d - y.n * x.d, x.d * y.d);
            }
        }
        pivot[rank++] = c;
    }
    for (int r = 0; r < rank; r++) {
        int others = 0;
        for (int k = 0; k < columns; k++)
            others += k != pivot[r] && m[r][k].n != 0;
        determined[pivot[r]] = others == 0;
    }
}

static unsigned chance(unsigned *seed, unsigned n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % n;
}

static void agrees_with_fractions_on_2000_random_systems(void **state)
{
    (void)state;
    unsigned seed = 7;
    int some = 0;
    for (int round = 0; round < 2000; round++) {
        int rows = 1 + (int)chance(&seed, 8), columns = 2 + (int)chance(&seed, 8);
        fraction m[MOST][MOST];
        kz_linear_term t[MOST * MOST];
        size_t start[MOST + 1] = { 0 }, n = 0;
        bool want[MOST], got[MOST];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int v = (int)chance(&seed, 6);
                v = v == 0 ? 1 : v == 1 ? -1 : 0;
                m[r][c] = (fraction){ v, 1 };
                if (v)
                    t[n++] = (kz_linear_term){ c, v };
            }
            start[r + 1] = n;
        }
        by_fractions(m, rows, columns, want);
        assert_int_equal(kz_linear_determined(rows, start, t, columns, got, NULL), KZ_OK);
        for (int c = 0; c < columns; c++) {
            assert_int_equal(got[c], want[c]);
            some += want[c];
        }
    }
    assert_true(some > 1000); /* the test says something */
}

KZ_TEST_MAIN(KZ_TEST(finds_what_a_single_and_a_chained_difference_give),
             KZ_TEST(sees_through_a_cycle_of_odd_length_only),
             KZ_TEST(agrees_with_fractions_on_2000_random_systems))
