#include "monitor/pool.h"

#include "monitor/counts.h"

static kz_tally sum(const kz_tally t[], int first, int last)
{
    kz_tally all = t[first];
    for (int p = first + 1; p <= last; p++)
        all = kz_tally_add(all, t[p]);
    return all;
}

kz_pooled kz_pool(const kz_tally numerator[], const kz_tally denominator[], int n, int k, int period)
{
    KZ_ASSERT(k >= 1 && k <= KZ_POOL_MOST && period >= 0 && period < n);
    kz_pooled p = { .numerator = kz_tally_of(-1, KZ_N_CELL_STATES), .denominator = kz_tally_of(-1, KZ_N_CELL_STATES),
                    .state = KZ_N_CELL_STATES, .first = period - k + 1 };
    if (p.first < 0)
        return p;
    p.numerator = sum(numerator, p.first, period);
    p.state = p.numerator.state;
    if (!denominator)
        return p;
    p.denominator = sum(denominator, p.first, period);
    if (p.state == KZ_N_CELL_STATES && p.denominator.state == KZ_N_CELL_STATES)
        return p;
    /* A denominator of nobody is a plain 0 and no state of the rate, unless it is all there is. */
    kz_cell_state num = p.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : p.state;
    kz_cell_state den = p.denominator.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : p.denominator.state;
    p.state = kz_cell_state_join(num, den);
    if (p.numerator.value >= 0 && p.denominator.value == 0)
        p.state = KZ_CELL_MEANINGLESS;
    return p;
}
