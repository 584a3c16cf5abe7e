#include "monitor/tally.h"

#include "monitor/counts.h"

static bool is_plain(kz_cell_state s)
{
    return s == KZ_CELL_SHOWN || s == KZ_CELL_ZERO;
}

kz_tally kz_tally_of(int64_t value, kz_cell_state state)
{
    if (value < 0)
        return (kz_tally){ -1, kz_span_up_to(KZ_SPAN_OPEN), is_plain(state) ? KZ_CELL_LATER : state };
    return (kz_tally){ value, kz_span_of(value), is_plain(state) ? value ? KZ_CELL_SHOWN : KZ_CELL_ZERO : state };
}

kz_tally kz_tally_between(kz_span span, kz_cell_state state)
{
    KZ_ASSERT(0 <= span.lo && span.lo <= span.hi);
    return (kz_tally){ -1, span, state };
}

kz_tally kz_tally_add(kz_tally a, kz_tally b)
{
    kz_tally sum = { -1, kz_span_add(a.span, b.span), KZ_N_CELL_STATES };
    if (a.state == KZ_N_CELL_STATES && b.state == KZ_N_CELL_STATES)
        return sum;
    if (a.value >= 0 && b.value >= 0)
        sum.value = a.value + b.value;
    kz_cell_state x = a.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : a.state;
    kz_cell_state y = b.state == KZ_N_CELL_STATES ? KZ_CELL_LATER : b.state;
    sum.state = kz_cell_state_join(x, y);
    if (is_plain(sum.state))
        sum.state = sum.value ? KZ_CELL_SHOWN : KZ_CELL_ZERO;
    return sum;
}
